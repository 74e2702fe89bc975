//! Which JPEG and PNG files would take a reader apart, and which pages would keep its engine busy for ever?

use crate::Bomb;
use crate::flate::{crc, packed, zeros};

fn chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let body = [kind.as_slice(), content].concat();
    [&(content.len() as u32).to_be_bytes()[..], &body, &crc(&body).to_be_bytes()].concat()
}

/// A PNG of this size; colour is 0 grey, 2 RGB, 6 RGB with alpha.
fn png((width, height): (u32, u32), bits: u8, colour: u8, interlaced: u8, chunks: &[Vec<u8>]) -> Vec<u8> {
    let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[bits, colour, 0, 0, interlaced]].concat();
    let mut bytes = b"\x89PNG\r\n\x1A\n".to_vec();
    bytes.extend(chunk(b"IHDR", &head));
    bytes.extend(chunks.concat());
    bytes.extend(chunk(b"IEND", &[]));
    bytes
}

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    [&[0xFF, marker][..], &(content.len() as u16 + 2).to_be_bytes(), content].concat()
}

/// A progressive grey JPEG of this size, with its tables and without a scan.
fn jpeg(marker: u8, width: u16, height: u16) -> Vec<u8> {
    let [[h1, h2], [w1, w2]] = [height.to_be_bytes(), width.to_be_bytes()];
    // One code of one bit each: end of block, and the difference zero.
    let table = |class: u8| segment(0xC4, &[&[class, 1][..], &[0; 15], &[0]].concat());
    let mut bytes = vec![0xFF, 0xD8];
    bytes.extend(segment(0xDB, &[&[0][..], &[16; 64]].concat()));
    bytes.extend(segment(marker, &[8, h1, h2, w1, w2, 1, 1, 0x11, 0]));
    bytes.extend([table(0x00), table(0x10)].concat());
    bytes
}

pub(crate) fn jpeg_header(width: u16, height: u16) -> Vec<u8> {
    [jpeg(0xC0, width, height), segment(0xDA, &[1, 1, 0, 0, 63, 0]), vec![0, 0, 0xFF, 0xD9]].concat()
}

/// A picture within the limits that is sent again and again, a scan of nothing each time.
fn scans(times: usize) -> Vec<u8> {
    let mut bytes = jpeg(0xC2, 12_000, 12_000);
    bytes.extend(segment(0xDA, &[1, 1, 0, 0, 0, 0]));
    for _ in 0..times {
        bytes.extend(segment(0xDA, &[1, 1, 0, 1, 63, 0]));
    }
    bytes.extend([0xFF, 0xD9]);
    bytes
}

pub(crate) fn bombs() -> Vec<Bomb> {
    let pixels = |data: Vec<u8>| chunk(b"IDAT", &data);
    let comment = |data: Vec<u8>| chunk(b"zTXt", &[b"Comment\0\0".to_vec(), data].concat());
    let profile = |data: Vec<u8>| chunk(b"iCCP", &[b"p\0\0".to_vec(), data].concat());
    let small = || pixels(packed(&[0; 9 * 8]));
    vec![
        Bomb::new("header.png", png((65_000, 65_000), 8, 6, 0, &[small()])),
        Bomb::new("huge.png", png((14_000, 14_000), 8, 6, 0, &[pixels(zeros(785))])),
        Bomb::new("huge-deep.png", png((14_000, 14_000), 16, 6, 0, &[pixels(zeros(1_569))])),
        Bomb::new("beyond-its-rows.png", png((1_000, 1_000), 8, 0, 0, &[pixels(zeros(4_000))])),
        Bomb::new("interlaced.png", png((14_000, 14_000), 1, 0, 1, &[pixels(zeros(26))])),
        Bomb::new("comment.png", png((8, 8), 8, 0, 0, &[comment(zeros(4_000)), small()])),
        Bomb::new("profile.png", png((8, 8), 8, 0, 0, &[profile(zeros(4_000)), small()])),
        Bomb::new("header.jpg", jpeg_header(65_500, 65_500)),
        Bomb::new("huge.jpg", jpeg_header(14_000, 14_000)),
        Bomb::new("scans.jpg", scans(3_000)),
    ]
}

/// A4 at 300 dpi as an uncompressed TIFF of one bit a pixel.
fn sheet(bit: impl Fn(u32, u32) -> bool) -> Vec<u8> {
    const SIZE: (u32, u32) = (2480, 3508);
    let mut bytes = b"II*\0\x08\0\0\0\x0b\0".to_vec();
    let behind = 8 + 2 + 11 * 12 + 4;
    let mut rows = 300_u32.to_le_bytes().to_vec();
    rows.extend(1_u32.to_le_bytes());
    for y in 0..SIZE.1 {
        for x in (0..SIZE.0).step_by(8) {
            rows.push((0..8).fold(0, |byte, at| byte << 1 | u8::from(bit(x + at, y))));
        }
    }
    let fields = [
        (256_u16, 4_u16, SIZE.0),
        (257, 4, SIZE.1),
        (258, 4, 1),
        (259, 4, 1),
        (262, 4, 0),
        (273, 4, behind + 8),
        (277, 4, 1),
        (278, 4, SIZE.1),
        (279, 4, rows.len() as u32 - 8),
        (282, 5, behind),
        (283, 5, behind),
    ];
    for (tag, kind, value) in fields {
        bytes.extend([tag.to_le_bytes(), kind.to_le_bytes()].concat());
        bytes.extend([1_u32.to_le_bytes(), value.to_le_bytes()].concat());
    }
    bytes.extend([0; 4]);
    bytes.extend(rows);
    bytes
}

/// Pages on which an engine finds letters everywhere.
pub(crate) fn noise() -> Vec<Bomb> {
    const BAYER: [[u32; 4]; 4] = [[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]];
    let random = |x: u32, y: u32| {
        let mut seed = x.wrapping_mul(0x9E37_79B1) ^ y.wrapping_mul(0x85EB_CA77) ^ 0x5EED;
        seed = (seed ^ seed >> 15).wrapping_mul(0x2C1B_3C6D);
        seed = (seed ^ seed >> 12).wrapping_mul(0x297A_2D39);
        seed ^ seed >> 15
    };
    vec![
        Bomb::new("noise.tif", sheet(|x, y| random(x, y) & 1 == 1)),
        Bomb::new("noise-coarse.tif", sheet(|x, y| random(x / 4, y / 4) & 3 == 0)),
        Bomb::new(
            "noise-letters.tif",
            sheet(|x, y| {
                // Strokes the size of letters, in lines.
                y % 50 < 34 && x % 26 < 20 && random(x / 5, y / 5) & 1 == 1
            }),
        ),
        Bomb::new(
            "noise-small-letters.tif",
            sheet(|x, y| y % 30 < 20 && x % 16 < 12 && random(x / 3, y / 3) & 1 == 1),
        ),
        Bomb::new(
            "dither.tif",
            sheet(|x, y| BAYER[y as usize % 4][x as usize % 4] * 240 < (x + y) / 2 % 4000),
        ),
    ]
}
