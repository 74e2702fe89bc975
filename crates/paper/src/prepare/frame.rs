//! What is the upright frame? The page with square pixels, turned by quarter turns, neither straightened nor
//! cropped: every place in a reading is a place in it.

use records::geometry::{Rect, Turn};

use crate::raster::{Pixels, Raster};

/// A page with square pixels: the coarser side is stretched to the finer one's resolution. Pages whose sides
/// differ by less than a hundredth are square; nonsense (more than eight to one) is left as it is.
pub fn squared(page: Raster) -> Raster {
    let Some([x, y]) = page.dpi.filter(|dpi| dpi.iter().all(|d| d.is_finite() && *d >= 1.0)) else { return page };
    let (by_x, by_y) = ((y / x).max(1.0), (x / y).max(1.0));
    if !(1.01..=8.0).contains(&by_x.max(by_y)) {
        return page;
    }
    let stretched = |size: u32, by: f32| (size as f32 * by).round() as u32;
    let (width, height) = (stretched(page.width, by_x), stretched(page.height, by_y));
    let source = |to: u32, new: u32, old: u32| (u64::from(to) * u64::from(old) / u64::from(new)) as usize;
    let columns: Vec<usize> = (0..width).map(|x| source(x, width, page.width)).collect();
    let rows: Vec<usize> = (0..height).map(|y| source(y, height, page.height)).collect();
    let old_width = page.width as usize;
    let pixels = match &page.pixels {
        Pixels::Grey(old) => Pixels::Grey(picked::<1>(old, old_width, &columns, &rows)),
        Pixels::Rgb(old) => Pixels::Rgb(picked::<3>(old, old_width, &columns, &rows)),
        Pixels::Ink(old) => Pixels::Ink(picked_bits(old, old_width, &columns, &rows)),
    };
    Raster { width, height, pixels, dpi: Some([x.max(y); 2]) }
}

fn picked<const N: usize>(pixels: &[u8], width: usize, columns: &[usize], rows: &[usize]) -> Vec<u8> {
    let mut new = Vec::with_capacity(columns.len() * rows.len() * N);
    for &y in rows {
        let row = &pixels[y * width * N..][..width * N];
        columns.iter().for_each(|&x| new.extend_from_slice(&row[x * N..][..N]));
    }
    new
}

fn picked_bits(bits: &[u8], width: usize, columns: &[usize], rows: &[usize]) -> Vec<u8> {
    let (stride, new_stride) = (width.div_ceil(8), columns.len().div_ceil(8));
    let mut new = vec![0; new_stride * rows.len()];
    for (to, &y) in new.chunks_exact_mut(new_stride.max(1)).zip(rows) {
        let row = &bits[y * stride..][..stride];
        if columns.len() == width {
            to.copy_from_slice(row);
            continue;
        }
        for (x, _) in columns.iter().enumerate().filter(|&(_, &from)| row[from / 8] & (0x80 >> (from % 8)) != 0) {
            to[x / 8] |= 0x80 >> (x % 8);
        }
    }
    new
}

/// A page turned clockwise. Its resolution turns with it.
pub fn turned(page: Raster, turn: Turn) -> Raster {
    if turn == Turn::None {
        return page;
    }
    let Raster { width, height, pixels, dpi } = page;
    let pixels = match pixels {
        Pixels::Grey(pixels) => Pixels::Grey(turned_bytes::<1>(&pixels, width, height, turn)),
        Pixels::Rgb(pixels) => Pixels::Rgb(turned_bytes::<3>(&pixels, width, height, turn)),
        Pixels::Ink(bits) => Pixels::Ink(turned_bits(&bits, width, height, turn)),
    };
    let (width, height) = if turn.swaps() { (height, width) } else { (width, height) };
    let dpi = dpi.map(|[x, y]| if turn.swaps() { [y, x] } else { [x, y] });
    Raster { width, height, pixels, dpi }
}

/// Where a place of a page of this size lies once the page is turned clockwise.
pub fn turned_place(place: Rect, (width, height): (u32, u32), turn: Turn) -> Rect {
    let Rect { x, y, w, h } = place;
    let (from_right, from_bottom) = (width.saturating_sub(place.right()), height.saturating_sub(place.bottom()));
    match turn {
        Turn::None => place,
        Turn::Right => Rect { x: from_bottom, y: x, w: h, h: w },
        Turn::Half => Rect { x: from_right, y: from_bottom, w, h },
        Turn::Left => Rect { x: y, y: from_right, w: h, h: w },
    }
}

/// Pixel of the turned page from which pixel (x, y) of the page comes, as (x, y) of a page this large.
const fn to(x: usize, y: usize, width: usize, height: usize, turn: Turn) -> (usize, usize) {
    match turn {
        Turn::None => (x, y),
        Turn::Right => (height - 1 - y, x),
        Turn::Half => (width - 1 - x, height - 1 - y),
        Turn::Left => (y, width - 1 - x),
    }
}

/// `N` bytes a pixel; in tiles, so that both pictures stay in the cache.
pub(crate) fn turned_bytes<const N: usize>(pixels: &[u8], width: u32, height: u32, turn: Turn) -> Vec<u8> {
    const TILE: usize = 64;
    let (width, height) = (width as usize, height as usize);
    let stride = if turn.swaps() { height } else { width };
    let mut turned = vec![0; width * height * N];
    for (top, left) in (0..height).step_by(TILE).flat_map(|y| (0..width).step_by(TILE).map(move |x| (y, x))) {
        for y in top..(top + TILE).min(height) {
            for x in left..(left + TILE).min(width) {
                let (to_x, to_y) = to(x, y, width, height, turn);
                let (from, to) = ((y * width + x) * N, (to_y * stride + to_x) * N);
                turned[to..to + N].copy_from_slice(&pixels[from..from + N]);
            }
        }
    }
    turned
}

/// One bit a pixel. Only ink is moved: most of a page is paper.
fn turned_bits(bits: &[u8], width: u32, height: u32, turn: Turn) -> Vec<u8> {
    let (width, height) = (width as usize, height as usize);
    let (new_width, new_height) = if turn.swaps() { (height, width) } else { (width, height) };
    let (stride, new_stride) = (width.div_ceil(8), new_width.div_ceil(8));
    let mut turned = vec![0; new_stride * new_height];
    for (y, row) in bits.chunks_exact(stride.max(1)).enumerate().take(height) {
        for (at, &byte) in row.iter().enumerate().filter(|&(_, &byte)| byte != 0) {
            for x in (at * 8..(at * 8 + 8).min(width)).filter(|x| byte & (0x80 >> (x % 8)) != 0) {
                let (to_x, to_y) = to(x, y, width, height, turn);
                turned[to_y * new_stride + to_x / 8] |= 0x80 >> (to_x % 8);
            }
        }
    }
    turned
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(pixels: Pixels) -> Raster {
        Raster { width: 3, height: 2, pixels, dpi: Some([200.0, 100.0]) }
    }

    #[test]
    fn ink_grey_and_colour_turn_alike() {
        let grey = page(Pixels::Grey(vec![0, 255, 255, 255, 255, 0]));
        let ink = page(Pixels::Ink(vec![0b1000_0000, 0b0010_0000]));
        let right = turned(grey, Turn::Right);
        assert_eq!((right.width, right.height, right.dpi), (2, 3, Some([100.0, 200.0])));
        assert_eq!(right.pixels, Pixels::Grey(vec![255, 0, 255, 255, 0, 255]));
        assert_eq!(turned(ink.clone(), Turn::Right).pixels, Pixels::Ink(vec![0b0100_0000, 0, 0b1000_0000]));
        assert_eq!(turned(turned(ink.clone(), Turn::Right), Turn::Left), ink);
        let colour = page(Pixels::Rgb((0..18).collect()));
        assert_eq!(turned(turned(colour.clone(), Turn::Half), Turn::Half), colour);
    }

    #[test]
    fn a_fax_page_gets_square_pixels_at_its_finer_resolution() {
        let fax = page(Pixels::Ink(vec![0b1010_0000, 0b0100_0000]));
        let square = squared(fax);
        assert_eq!((square.width, square.height, square.dpi), (3, 4, Some([200.0, 200.0])));
        assert_eq!(square.pixels, Pixels::Ink(vec![0b1010_0000, 0b1010_0000, 0b0100_0000, 0b0100_0000]));
        let grey = Raster { dpi: Some([100.0, 200.0]), ..page(Pixels::Grey(vec![1, 2, 3, 4, 5, 6])) };
        assert_eq!(squared(grey).pixels, Pixels::Grey(vec![1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]));
    }

    #[test]
    fn a_place_turns_with_its_pixels() {
        let size = (30, 20);
        let place = Rect { x: 2, y: 3, w: 10, h: 4 };
        assert_eq!(turned_place(place, size, Turn::Right), Rect { x: 13, y: 2, w: 4, h: 10 });
        assert_eq!(turned_place(place, size, Turn::Half), Rect { x: 18, y: 13, w: 10, h: 4 });
        let back = turned_place(turned_place(place, size, Turn::Left), (20, 30), Turn::Right);
        assert_eq!(back, place);
    }
}
