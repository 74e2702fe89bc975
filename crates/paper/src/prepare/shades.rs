//! Where does print stand on grey? Rows of tables and heads of forms are tinted, and an engine that parts ink from
//! paper by one threshold takes the tint for ink.

use super::plane::Plane;
use super::squares::{SIDE, Squares};

/// A tint leaves no pixel of its squares brighter than this; paper does.
const PAPER: u8 = 242;
/// And is nowhere darker than this: below is ink, or a band with white print.
const INK: u8 = 140;
/// Fewer squares than this are blots.
const FEW: usize = 40;
/// Half the width of the widest stroke that is told from a tint, pixels: bold letters of 14 points at 300 dpi.
const REACH: u32 = 7;

/// Makes tinted parts of a page white, without touching what is printed on them or around them; says whether there
/// were any. The paper must be white already.
pub fn lift(plane: &mut Plane) -> bool {
    if flat(plane).count() < FEW {
        return false;
    }
    // The border of a tint runs through squares that are partly paper. What reaches the edge of the picture lies
    // beyond the paper: a desk, the bed of a scanner.
    let near = covered(plane).grown(2).shrunk(1).off_edge();
    if near.count() < FEW {
        return false;
    }
    let (first, last) =
        near.all().fold((u32::MAX, 0), |(first, last), (_, row)| (first.min(row), last.max(row)));
    let top = (first * SIDE).saturating_sub(2 * REACH);
    let behind = without_strokes(plane, top, (last * SIDE + SIDE + 2 * REACH).min(plane.height));
    for (column, row) in near.all() {
        for y in row * SIDE..(row + 1) * SIDE {
            let across = (column * SIDE) as usize..((column + 1) * SIDE) as usize;
            let behind = &behind.row(y - top)[across.clone()];
            for (p, &tint) in plane.row_mut(y)[across].iter_mut().zip(behind) {
                if tint >= INK {
                    *p = (u32::from(*p) * 255 / u32::from(tint)).min(255) as u8;
                }
            }
        }
    }
    true
}

/// Squares of nothing but tint, where they fill more than strokes of letters do. Soft print leaves no paper between
/// letters either, but is nowhere flat.
fn flat(plane: &Plane) -> Squares {
    let is_flat = |column: u32, row: u32| {
        let (darkest, brightest) = extremes(plane, column, row);
        (INK..PAPER).contains(&brightest) && u32::from(darkest) * 4 >= u32::from(brightest) * 3
    };
    Squares::of((plane.width, plane.height), is_flat).solid(1).off_edge()
}

/// Squares without paper, by tint or ink, where they are wider than strokes of letters both ways.
fn covered(plane: &Plane) -> Squares {
    let is_covered = |column: u32, row: u32| extremes(plane, column, row).1 < PAPER;
    Squares::of((plane.width, plane.height), is_covered).solid(1)
}

/// The darkest and the brightest pixel of a square.
fn extremes(plane: &Plane, column: u32, row: u32) -> (u8, u8) {
    let (left, top) = (column * SIDE, row * SIDE);
    let rows = (top..top + SIDE).map(|y| &plane.row(y)[left as usize..(left + SIDE) as usize]);
    rows.flatten().fold((255, 0), |(darkest, brightest), &p| (p.min(darkest), p.max(brightest)))
}

/// What lies behind the strokes between two rows: every dark thing narrower than twice the reach is filled from its
/// sides (a morphological closing).
fn without_strokes(plane: &Plane, top: u32, bottom: u32) -> Plane {
    let rows = plane.pixels[top as usize * plane.width as usize..][..((bottom - top) * plane.width) as usize]
        .to_vec();
    let part = Plane { width: plane.width, height: bottom - top, pixels: rows };
    over_squares(&over_squares(&part, u8::max), u8::min)
}

/// Every pixel becomes the brightest (or darkest) of the square around it.
fn over_squares(plane: &Plane, pick: impl Fn(u8, u8) -> u8 + Copy) -> Plane {
    /// Each looks twice as far as those before together; the last only as far as the square reaches.
    const STEPS: [usize; 4] = [1, 2, 4, 2 * REACH as usize - 7];
    const ENDS: usize = REACH as usize;
    let (width, height) = (plane.width as usize, plane.height as usize);
    let mut picked = Vec::with_capacity((height + 2 * ENDS) * width);
    let (mut line, mut next) = (vec![0; width + 2 * ENDS], vec![0; width + 2 * ENDS]);
    for y in 0..height + 2 * ENDS {
        let row = plane.row(y.saturating_sub(ENDS).min(height - 1) as u32);
        line[..ENDS].fill(row[0]);
        line[ENDS..][..width].copy_from_slice(row);
        line[ENDS + width..].fill(row[width - 1]);
        for step in STEPS {
            for (to, (&a, &b)) in next.iter_mut().zip(line.iter().zip(&line[step..])) {
                *to = pick(a, b);
            }
            std::mem::swap(&mut line, &mut next);
        }
        picked.extend_from_slice(&line[..width]);
    }
    for step in STEPS {
        for y in 0..height + 2 * ENDS - step {
            let (above, below) = picked.split_at_mut((y + step) * width);
            for (a, &b) in above[y * width..][..width].iter_mut().zip(&below[..width]) {
                *a = pick(*a, b);
            }
        }
    }
    picked.truncate(width * height);
    Plane { pixels: picked, ..*plane }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Letters of 20 pixels on paper, on rows of a table with this tint, and a black band.
    fn table(tint: u8) -> Plane {
        let mut page = Plane::white(640, 640);
        for y in 0..640_u32 {
            let tinted = y / 40 % 2 == 1 && y < 500;
            for (x, p) in page.row_mut(y).iter_mut().enumerate() {
                let stroke = y % 40 >= 10 && y % 40 < 30 && x % 12 < 4 && x < 400;
                *p = match (stroke, tinted && (100..600).contains(&x), (520..560).contains(&y)) {
                    (true, _, false) => tint / 8,
                    (false, true, _) => tint,
                    (_, _, true) => 30,
                    _ => 255,
                };
            }
        }
        page
    }

    #[test]
    fn tinted_rows_become_white_and_their_letters_stay_dark() {
        let before = table(200);
        let mut page = before.clone();
        assert!(lift(&mut page));
        assert!(page.row(45).iter().all(|&p| p > 250), "{:?}", &page.row(45)[95..120]);
        assert!(page.row(60)[..400].iter().step_by(12).all(|&p| p < 40));
        assert!(page.row(60).iter().skip(6).step_by(12).all(|&p| p > 250));
        assert_eq!(page.row(20), before.row(20), "what stands on paper stays");
        assert_eq!(page.row(540), before.row(540), "a black band is print");
    }

    #[test]
    fn a_page_without_tints_is_left_alone() {
        let before = table(255);
        let mut page = before.clone();
        assert!(!lift(&mut page));
        assert_eq!(page, before);
    }

    #[test]
    fn the_desk_around_a_photographed_page_is_left_alone() {
        let mut page = Plane { width: 640, height: 640, pixels: vec![150; 640 * 640] };
        (100..600).for_each(|y| page.row_mut(y)[80..560].fill(255));
        let before = page.clone();
        assert!(!lift(&mut page));
        assert_eq!(page, before);
    }
}
