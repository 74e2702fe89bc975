//! Where is grey printed as a screen of dots? There the dots are blurred to grey, or text on them is lost.

use super::ink::Ink;
use super::plane::Plane;

/// Side of the squares that are judged, pixels.
const CELL: u32 = 8;
/// Changes between ink and paper a pixel, along and down, from which a square is screened.
const BUSY: f32 = 0.21;
/// Fewer squares than this are chance.
const FEW: usize = 40;
/// Weights of a blur of 1.6 pixels, in 1/256.
const BLUR: [u32; 9] = [3, 11, 30, 53, 62, 53, 30, 11, 3];

/// Blurs the screened parts of a page, if it has any, and says whether it had.
///
/// Left alone with letters of 7 to 11 pixels: they change as often as a screen does.
pub fn blur_screens(plane: &mut Plane, ink: &Ink, x_height: Option<u32>) -> bool {
    if x_height.is_some_and(|x_height| (7..12).contains(&x_height)) {
        return false;
    }
    let screened = screened_cells(ink);
    if screened.iter().filter(|&&yes| yes).count() < FEW {
        return false;
    }
    let columns = (plane.width / CELL) as usize;
    let before = plane.clone();
    for (at, _) in screened.iter().enumerate().filter(|&(_, &yes)| yes) {
        blur_cell(&before, plane, (at % columns) as u32 * CELL, (at / columns) as u32 * CELL);
    }
    true
}

/// Squares with many changes both ways, of which a neighbour has them too.
fn screened_cells(ink: &Ink) -> Vec<bool> {
    let (columns, rows) = ((ink.width / CELL) as usize, (ink.height / CELL) as usize);
    let needed = (BUSY * (CELL * CELL) as f32) as u32;
    let mut busy = vec![false; columns * rows];
    for row in 0..rows {
        for column in 0..columns {
            let byte = |y: u32| (ink.row(y)[column / 8] >> (column % 8 * 8)) as u8;
            let (mut along, mut down) = (0, 0);
            let top = row as u32 * CELL;
            for y in top..top + CELL {
                let here = byte(y);
                along += ((here ^ (here >> 1)) & 0x7F).count_ones();
                down += if y + 1 < top + CELL { (here ^ byte(y + 1)).count_ones() } else { 0 };
            }
            busy[row * columns + column] = along >= needed && down >= needed;
        }
    }
    let beside = |at: usize| {
        let (row, column) = (at / columns, at % columns);
        (column > 0 && busy[at - 1])
            || (column + 1 < columns && busy[at + 1])
            || (row > 0 && busy[at - columns])
            || (row + 1 < rows && busy[at + columns])
    };
    (0..busy.len()).map(|at| busy[at] && beside(at)).collect()
}

fn blur_cell(from: &Plane, to: &mut Plane, left: u32, top: u32) {
    const REACH: u32 = BLUR.len() as u32 / 2;
    let clamped = |at: u32, size: u32| at.saturating_sub(REACH).min(size - 1) as usize;
    let rows: Vec<[u32; CELL as usize]> = (top..top + CELL + 2 * REACH)
        .map(|y| {
            let row = from.row(clamped(y, from.height) as u32);
            std::array::from_fn(|x| {
                let weighted = |(i, weight): (u32, &u32)| {
                    weight * u32::from(row[clamped(left + x as u32 + i, from.width)])
                };
                (0..).zip(&BLUR).map(weighted).sum::<u32>() / 256
            })
        })
        .collect();
    for y in 0..CELL {
        for x in 0..CELL as usize {
            let sum: u32 = BLUR.iter().zip(&rows[y as usize..]).map(|(weight, row)| weight * row[x]).sum();
            to.row_mut(top + y)[left as usize + x] = (sum / 256) as u8;
        }
    }
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
        assert!(blur_screens(&mut page, &ink, Some(20)));
        assert!((100..150).contains(&page.row(96)[96]), "{}", page.row(96)[96]);
        assert_eq!(page.row(310)[302], 0);
    }
}
