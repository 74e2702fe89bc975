//! Which dark strips along the borders are shadows of the feeder?
//!
//! They are lifted from the picture before pieces are looked for: a fold that runs into one would be one piece with it.

use crate::prepare::ink::FAINTEST;
use crate::prepare::plane::Plane;

/// Deepest strip, inches.
const DEEPEST: f32 = 0.8;
/// A strip is at least so long, inches; writing that runs off the paper is not.
const LONG: f32 = 1.0;

/// Paints the strips white.
pub(super) fn lift(page: &mut Plane, dpi: u32) {
    let (deepest, long) = ((DEEPEST * dpi as f32) as u32, (LONG * dpi as f32) as usize);
    for side in 0..4 {
        let along = if side < 2 { page.height } else { page.width };
        let depths: Vec<u32> = (0..along).map(|at| depth(page, side, at, deepest)).collect();
        let mut at = 0;
        for strip in depths.chunk_by(|a, b| (*a > 0) == (*b > 0)) {
            if strip.len() >= long {
                for (at, &deep) in (at..).zip(strip) {
                    (0..deep).for_each(|into| *pixel(page, side, at, into) = 255);
                }
            }
            at += strip.len() as u32;
        }
    }
}

/// How far dark pixels reach in from the border; 0 where they reach further than a shadow does.
fn depth(page: &mut Plane, side: u8, at: u32, deepest: u32) -> u32 {
    let across = if side < 2 { page.width } else { page.height };
    let deep = (0..across.min(deepest + 1))
        .take_while(|&into| *pixel(page, side, at, into) < FAINTEST)
        .count() as u32;
    if deep > deepest { 0 } else { deep }
}

/// The pixel so far along a side (left, right, top, bottom) and so far in.
fn pixel(page: &mut Plane, side: u8, at: u32, into: u32) -> &mut u8 {
    let (x, y) = match side {
        0 => (into, at),
        1 => (page.width - 1 - into, at),
        2 => (at, into),
        _ => (at, page.height - 1 - into),
    };
    &mut page.row_mut(y)[x as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strip_is_lifted_and_a_fold_that_runs_into_it_and_a_word_at_the_edge_stay() {
        let mut page = Plane::white(1000, 1400);
        (0..1400).for_each(|y| page.row_mut(y)[..40].fill(30));
        page.row_mut(700).fill(60);
        (300..330).for_each(|y| page.row_mut(y)[960..].fill(0));
        lift(&mut page, 200);
        let at = |x: usize, y: u32| page.row(y)[x];
        assert_eq!((at(5, 200), at(39, 1300)), (255, 255));
        assert_eq!((at(500, 700), at(990, 310)), (60, 0));
    }
}
