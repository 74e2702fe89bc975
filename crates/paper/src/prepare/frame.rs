//! What is the upright frame? The page with square pixels, turned by quarter turns, neither straightened nor
//! cropped: every place in a reading is a place in it.

use records::geometry::{Rect, Turn};

/// Where a place of a page of this size lies once the page is turned clockwise.
pub fn turned_place(place: Rect, (width, height): (u32, u32), turn: Turn) -> Rect {
    let Rect { x, y, w, h } = place;
    let (from_right, from_bottom) =
        (width.saturating_sub(place.right()), height.saturating_sub(place.bottom()));
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

/// One byte a pixel; in tiles, so that both pictures stay in the cache.
pub(crate) fn turned_bytes(pixels: &[u8], width: u32, height: u32, turn: Turn) -> Vec<u8> {
    const TILE: usize = 64;
    let (width, height) = (width as usize, height as usize);
    let stride = if turn.swaps() { height } else { width };
    let mut turned = vec![0; width * height];
    for (top, left) in (0..height).step_by(TILE).flat_map(|y| (0..width).step_by(TILE).map(move |x| (y, x))) {
        for y in top..(top + TILE).min(height) {
            for x in left..(left + TILE).min(width) {
                let (to_x, to_y) = to(x, y, width, height, turn);
                turned[to_y * stride + to_x] = pixels[y * width + x];
            }
        }
    }
    turned
}

#[cfg(test)]
mod tests {
    use super::*;

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
