//! Is there writing as faint as what shines through from the other side?
//!
//! A pencil's stroke may be no darker than print of the front, but its edges are sharp: paper scatters the light of
//! what lies behind it. Whatever is sharp is writing.

use super::{WRITING, marks::Marks};
use crate::prepare::background;
use crate::prepare::components::{Component, Components};
use crate::prepare::ink::{Ink, histogram};
use crate::prepare::plane::Plane;

/// Least difference to the paper that is looked at, of 255.
const LEAST: u8 = 13;
/// And as a multiple of the grain of the paper.
const GRAIN: u8 = 4;
/// Share of its depth by which a stroke's edge falls within two pixels at 200 dots an inch: 0.9 in pencil, at most 0.55
/// where the paper lies between.
const SHARP: f32 = 0.62;

/// Looks at the page as it was scanned: whitening may wash faint writing away.
pub fn has_writing(plane: &Plane, dpi: u32) -> bool {
    let even = background::evened(plane);
    let even = if dpi > 250 { even.scaled(200.0 / dpi as f32) } else { even };
    let dpi = dpi.min(if dpi > 250 { 200 } else { dpi });
    let (paper, grain) = paper(&even);
    let ink = Ink::darker_than(&even, paper.saturating_sub(LEAST.max(grain.saturating_mul(GRAIN))));
    let pieces = Components::of(&ink).list;
    let large = |piece: &Component| {
        piece.place.w.max(piece.place.h) as f32 >= WRITING * dpi as f32 && piece.area > 12
    };
    Marks::of(&ink, &pieces, dpi)
        .left()
        .iter()
        .filter(|piece| large(piece))
        .any(|piece| is_sharp(&even, &ink, piece, paper))
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

/// Whether the edges of a piece fall off as those of ink on this side do.
fn is_sharp(plane: &Plane, ink: &Ink, piece: &Component, paper: u8) -> bool {
    let place = piece.place;
    let (mut depths, mut falls) = (Vec::new(), Vec::new());
    for y in place.y.max(1)..place.bottom().min(plane.height - 1) {
        let (above, row, below) = (plane.row(y - 1), plane.row(y), plane.row(y + 1));
        for x in place.x.max(1) as usize..place.right().min(plane.width - 1) as usize {
            if !ink.at(x as u32, y) {
                continue;
            }
            depths.push(paper.saturating_sub(row[x]));
            falls.push(row[x + 1].abs_diff(row[x - 1]).max(below[x].abs_diff(above[x])));
        }
    }
    // A tenth from the top: single pixels are grain.
    let high = |values: &mut Vec<u8>| {
        let at = values.len() * 9 / 10;
        if values.is_empty() { 0.0 } else { f32::from(*values.select_nth_unstable(at).1) }
    };
    let (depth, fall) = (high(&mut depths), high(&mut falls));
    fall > SHARP * depth
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
        assert!(has_writing(&page(60, 0), 200));
        assert!(!has_writing(&page(24, 6), 200));
        assert!(!has_writing(&page(0, 0), 200));
    }

    #[test]
    fn a_shadow_beside_faint_writing_does_not_hide_it() {
        let mut page = page(30, 0);
        (0..800).for_each(|y| page.row_mut(y)[780..].fill(5));
        assert!(has_writing(&page, 200));
    }
}
