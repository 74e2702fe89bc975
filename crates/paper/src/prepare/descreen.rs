//! Where is grey printed as a screen of dots? There the dots are blurred to grey, or text on them is lost.

use super::ink::Ink;
use super::plane::Plane;
use super::smooth::blurred;
use super::squares::{SIDE, Squares};

/// Changes between ink and paper a pixel, along and down, from which a square is screened.
const BUSY: f32 = 0.21;
/// Fewer squares than this are chance.
const FEW: usize = 40;
/// A blur of 1.2 pixels, in 1/256: dots become grey, and letters of 12 pixels stay open.
const DOT: [u16; 7] = [4, 21, 60, 86, 60, 21, 4];

/// Blurs a page that has screened parts, and says whether it had. All of it: who makes dots of grey makes dots of the
/// grey edges of letters, too.
pub fn blur_screens(plane: &mut Plane, ink: &Ink) -> bool {
    let screened = screened(ink).count() >= FEW;
    if screened {
        *plane = blurred(plane, DOT);
    }
    screened
}

/// Squares with many changes both ways, where they fill areas. Those of small print are as busy, but never three lines
/// of squares on end: there is paper between its lines.
fn screened(ink: &Ink) -> Squares {
    let needed = (BUSY * (SIDE * SIDE) as f32) as u32;
    let is_busy = |column: u32, row: u32| {
        let byte = |y: u32| (ink.row(y)[column as usize / 8] >> (column % 8 * 8)) as u8;
        let (mut along, mut down) = (0, 0);
        let top = row * SIDE;
        for y in top..top + SIDE {
            let here = byte(y);
            along += ((here ^ (here >> 1)) & 0x7F).count_ones();
            down += if y + 1 < top + SIDE { (here ^ byte(y + 1)).count_ones() } else { 0 };
        }
        along >= needed && down >= needed
    };
    Squares::of((ink.width, ink.height), is_busy).solid(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkerboard_becomes_grey_and_a_letter_beside_it_stays() {
        let mut page = Plane::white(400, 400);
        for y in 0..200_u32 {
            for x in 0..200_u32 {
                if (x + y) % 2 == 0 {
                    page.row_mut(y)[x as usize] = 0;
                }
            }
        }
        (300..330).for_each(|y| page.row_mut(y)[300..306].fill(0));
        let ink = Ink::of(&page);
        assert!(blur_screens(&mut page, &ink));
        assert!((100..150).contains(&page.row(96)[96]), "{}", page.row(96)[96]);
        assert!(page.row(310)[302] < 20, "{}", page.row(310)[302]);
    }

    #[test]
    fn small_print_is_no_screen() {
        let mut page = Plane::white(400, 400);
        // Strokes of two pixels, as far apart: as busy as a screen, but for the paper between lines.
        for (y, x) in (0..400).filter(|y| y % 20 < 10).flat_map(|y| (0..400).map(move |x| (y, x))) {
            if x % 4 < 2 && y % 5 > 0 || y % 5 == 2 {
                page.row_mut(y)[x as usize] = 0;
            }
        }
        let before = page.clone();
        let ink = Ink::of(&page);
        assert!(!blur_screens(&mut page, &ink));
        assert_eq!(page, before);
    }
}
