//! Which TIFF files would take a reader apart?

use crate::Bomb;
use crate::flate::zeros;

/// Bytes of one directory with these fields (LONG) at a place, and where the next one is.
fn directory(fields: &[(u16, u32)], next: u32) -> Vec<u8> {
    let mut raw = (fields.len() as u16).to_le_bytes().to_vec();
    for (tag, value) in fields {
        raw.extend([tag.to_le_bytes(), 4_u16.to_le_bytes()].concat());
        raw.extend([1_u32.to_le_bytes(), value.to_le_bytes()].concat());
    }
    raw.extend(next.to_le_bytes());
    raw
}

/// A file of one directory and, behind it, these bytes; `fields` is told where they are.
fn file(fields: impl Fn(u32) -> Vec<(u16, u32)>, data: &[u8]) -> Vec<u8> {
    let behind = 8 + directory(&fields(0), 0).len() as u32;
    [b"II*\0\x08\0\0\0".to_vec(), directory(&fields(behind), 0), data.to_vec()].concat()
}

/// One page in one strip.
fn page(width: u32, height: u32, bits: u32, compression: u32, at: u32, length: u32) -> Vec<(u16, u32)> {
    let photometric = if bits == 1 { 0 } else { 1 };
    vec![
        (256, width),
        (257, height),
        (258, bits),
        (259, compression),
        (262, photometric),
        (273, at),
        (277, 1),
        (278, height),
        (279, length),
    ]
}

fn with(mut fields: Vec<(u16, u32)>, tag: u16, value: u32) -> Vec<(u16, u32)> {
    fields.retain(|field| field.0 != tag);
    fields.push((tag, value));
    fields.sort_unstable();
    fields
}

/// A field of many LONG values lies elsewhere, so the count is patched in by hand.
fn listed(mut bytes: Vec<u8>, tag: u16, count: u32) -> Vec<u8> {
    let at = bytes.windows(4).position(|four| four == [tag.to_le_bytes(), 4_u16.to_le_bytes()].concat());
    bytes[at.unwrap() + 4..][..4].copy_from_slice(&count.to_le_bytes());
    bytes
}

/// 14,000 × 14,000 pixels of colour in strips of one row that are all the same 42,000 bytes.
fn overlapping() -> Vec<u8> {
    const SIDE: u32 = 14_000;
    let row = vec![0x5A; 3 * SIDE as usize];
    let lists = |behind: u32| {
        let mut fields = page(SIDE, SIDE, 8, 1, behind + 42_000, 0);
        fields = with(with(with(fields, 262, 2), 277, 3), 278, 1);
        with(fields, 279, behind + 42_000 + 4 * SIDE)
    };
    let behind = 8 + directory(&lists(0), 0).len() as u32;
    let places = behind.to_le_bytes().repeat(SIDE as usize);
    let sizes = (3 * SIDE).to_le_bytes().repeat(SIDE as usize);
    let bytes = file(lists, &[row, places, sizes].concat());
    listed(listed(bytes, 273, SIDE), 279, SIDE)
}

/// So many pages of 8 × 8 pixels that share their one strip.
pub(crate) fn many_pages(count: u32) -> Vec<u8> {
    let length = directory(&page(8, 8, 1, 1, 0, 0), 0).len() as u32;
    let mut bytes = b"II*\0\x10\0\0\0\x18\x18\x18\xFF\xFF\x18\x18\x18".to_vec();
    for at in 1..=count {
        let next = if at == count { 0 } else { 16 + at * length };
        bytes.extend(directory(&page(8, 8, 1, 1, 8, 8), next));
    }
    bytes
}

/// A JPEG frame and scan of a picture much larger than the page that holds it.
fn jpeg_inside() -> Vec<u8> {
    let data = crate::pictures::jpeg_header(65_500, 65_500);
    file(|at| page(100, 100, 8, 7, at, data.len() as u32), &data)
}

pub(crate) fn bombs() -> Vec<Bomb> {
    let huge = |compression: u32, data: &[u8]| {
        file(|at| page(29_000, 6_800, 1, compression, at, data.len() as u32), data)
    };
    let circle = {
        let length = directory(&page(8, 8, 1, 1, 0, 0), 0).len() as u32;
        let mut bytes = b"II*\0\x10\0\0\0\x18\x18\x18\xFF\xFF\x18\x18\x18".to_vec();
        bytes.extend(directory(&page(8, 8, 1, 1, 8, 8), 16 + length));
        bytes.extend(directory(&page(8, 8, 1, 1, 8, 8), 16));
        bytes
    };
    let itself = [b"II*\0\x08\0\0\0".to_vec(), directory(&page(8, 8, 1, 1, 0, 8), 8)].concat();
    let tiled = |width: u32, height: u32| {
        let fields = |at| {
            let fields = with(with(page(100, 100, 8, 1, at, 100), 322, width), 323, height);
            let moved = fields.into_iter().filter(|f| !matches!(f.0, 273 | 278 | 279)).collect();
            with(with(moved, 324, at), 325, 100)
        };
        file(fields, &[0; 100])
    };
    let big = [b"II+\0\x08\0\0\0".to_vec(), u64::MAX.wrapping_sub(7).to_le_bytes().to_vec(), vec![0xFF; 64]]
        .concat();
    let outside = |at: u32, length: u32| file(|_| page(1700, 2200, 8, 1, at, length), &[0; 64]);
    vec![
        Bomb::new("header.tif", file(|at| page(65_000, 65_000, 8, 1, at, 8), &[0; 8])),
        Bomb::new("huge-fax.tif", huge(4, &[0xFF; 900])),
        Bomb::new("huge-flate.tif", {
            let data = zeros(200);
            file(|at| page(14_000, 14_000, 8, 8, at, data.len() as u32), &data)
        }),
        Bomb::new("flate-beyond-its-strip.tif", {
            let data = zeros(4_000);
            file(|at| page(1_000, 1_000, 8, 8, at, data.len() as u32), &data)
        }),
        Bomb::new("overlapping-strips.tif", overlapping()),
        Bomb::new("circle.tif", circle),
        Bomb::new("in-itself.tif", itself),
        Bomb::new("outside.tif", outside(4_000_000_000, 3_740_000)),
        Bomb::new("length-without-end.tif", outside(8, u32::MAX)),
        Bomb::new("strips-four-billion.tif", listed(listed(outside(8, 64), 273, u32::MAX), 279, u32::MAX)),
        Bomb::new("samples.tif", file(|at| with(page(1700, 100, 8, 1, at, 64), 277, 65_535), &[0; 64])),
        Bomb::new("bits.tif", file(|at| page(1700, 2200, 60_000, 1, at, 64), &[0; 64])),
        Bomb::new("rows-none.tif", file(|at| with(page(1700, 2200, 1, 4, at, 64), 278, 0), &[0; 64])),
        Bomb::new("tiles-none.tif", tiled(0, 0)),
        Bomb::new("tiles-huge.tif", tiled(4_294_967_280, 4_294_967_280)),
        Bomb::new("big-places.tif", big),
        Bomb::new("jpeg-inside.tif", jpeg_inside()),
    ]
}
