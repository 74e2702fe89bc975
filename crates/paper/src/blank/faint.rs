//! Is there writing as faint as what shines through from the other side? Darker ink is judged by its form.
//!
//! A pencil's stroke may be no darker than print of the front, but its edges are sharp: paper scatters the light of
//! what lies behind it. Whatever is sharp is writing.

use records::geometry::Rect;

use super::{WRITING, marks::Marks};
use crate::prepare::components::{Component, Components};
use crate::prepare::ink::{Ink, histogram};
use crate::prepare::plane::Plane;

/// Least difference to the paper that is looked at, of 255: below this nobody reads a pencil either.
const LEAST: u8 = 18;
/// And as a multiple of the grain of the paper.
const GRAIN: u8 = 4;
/// Smallest letter of a fine pencil, square inches.
const LEAST_AREA: f32 = 0.0008;
/// Share of its depth by which a stroke's edge falls within two pixels at 200 dots an inch: 0.9 in pencil, at most 0.65
/// where the paper lies between.
const SHARP: f32 = 0.72;

/// Looks at a page whose paper is even.
pub(super) fn has_writing(even: &Plane, dpi: u32) -> bool {
    let small = (dpi > 250).then(|| even.scaled(200.0 / dpi as f32));
    let (even, dpi) = small.as_ref().map_or((even, dpi), |small| (small, 200));
    let (paper, grain) = paper(even);
    let ink = Ink::darker_than(even, paper.saturating_sub(LEAST.max(grain.saturating_mul(GRAIN))));
    let pieces = Components::of(&ink).list;
    // Two specks of dust that touch are as long as a letter, and smaller.
    let least = (LEAST_AREA * (dpi as f32).powi(2)) as u32;
    let large = |piece: &Component| is_large(piece.place, dpi) && piece.area >= least;
    let left = Marks::of(&ink, &pieces, dpi).left();
    left.iter().filter(|piece| large(piece)).any(|piece| is_sharp(even, &ink, piece, paper, dpi))
}

fn is_large(place: Rect, dpi: u32) -> bool {
    place.w.max(place.h) as f32 >= WRITING * dpi as f32
}

/// The paper's brightness and its grain: the median, and how far below it the darkest sixth begins.
fn paper(plane: &Plane) -> (u8, u8) {
    let histogram = histogram(plane);
    let all: u64 = histogram.iter().sum();
    let at = |part: u64| {
        let mut below = 0;
        (0_u8..=255).zip(&histogram).find(|(_, count)| {
            below += **count;
            below * 100 >= all * part
        })
    };
    let value = |part| at(part).map_or(255, |(value, _)| value);
    (value(50), value(50) - value(16))
}

/// Whether a piece has edges that fall off as those of ink on this side do, and is large by itself: the grey around
/// a dark speck makes it seem so.
fn is_sharp(plane: &Plane, ink: &Ink, piece: &Component, paper: u8, dpi: u32) -> bool {
    let place = piece.place;
    let (mut depths, mut falls) = (Vec::new(), Vec::new());
    for y in place.y.max(1)..place.bottom().min(plane.height - 1) {
        let (above, row, below) = (plane.row(y - 1), plane.row(y), plane.row(y + 1));
        for x in place.x.max(1) as usize..place.right().min(plane.width - 1) as usize {
            if ink.at(x as u32, y) {
                depths.push((paper.saturating_sub(row[x]), x as u32, y));
                falls.push(row[x + 1].abs_diff(row[x - 1]).max(below[x].abs_diff(above[x])));
            }
        }
    }
    if depths.is_empty() {
        return false;
    }
    // A tenth from the top: single pixels are grain.
    let at = depths.len() * 9 / 10;
    let (depth, ..) = *depths.select_nth_unstable(at).1;
    let fall = *falls.select_nth_unstable(at).1;
    let core = depths.iter().filter(|(own, ..)| *own >= depth / 2);
    let core = core.map(|&(_, x, y)| Rect { x, y, w: 1, h: 1 }).reduce(Rect::union);
    f32::from(fall) > SHARP * f32::from(depth) && core.is_some_and(|core| is_large(core, dpi))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Paper with a grain, and a stroke so much darker whose edges fall off over so many pixels.
    fn page(darker: u32, soft: u32) -> Plane {
        let mut page = Plane::white(800, 800);
        for (at, pixel) in page.pixels.iter_mut().enumerate() {
            *pixel = 232 + (at * 7919 % 5) as u8;
        }
        for x in 300..380_u32 {
            for y in 390 - soft..=394 + soft {
                let outside = y.abs_diff(392).saturating_sub(2);
                let dark = darker * (soft + 1 - outside) / (soft + 1);
                page.row_mut(y)[x as usize] -= dark as u8;
            }
        }
        page
    }

    #[test]
    fn a_sharp_stroke_is_writing_and_a_soft_one_is_the_other_side() {
        assert!(has_writing(&page(24, 0), 200));
        assert!(has_writing(&page(44, 0), 200));
        assert!(!has_writing(&page(24, 6), 200));
        assert!(!has_writing(&page(0, 0), 200));
    }

    #[test]
    fn the_grey_around_a_speck_does_not_make_it_writing() {
        let mut page = page(0, 0);
        for (y, x) in (0..12_u32).flat_map(|y| (0..12_usize).map(move |x| (y, x))) {
            let dark = (3..9).contains(&y) && (3..9).contains(&x);
            page.row_mut(300 + y)[300 + x] = if dark { 20 } else { 205 };
        }
        assert!(!has_writing(&page, 200));
    }
}
