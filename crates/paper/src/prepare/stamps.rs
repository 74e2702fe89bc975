//! What did colour cover? Of the three colours of a stamp or a marker pen one is nearly as bright as paper, and black
//! print under it is dark in all three.

use super::background;
use super::components::{Component, Components};
use super::ink::Ink;
use super::plane::Plane;
use super::text_size::text_like;
use crate::raster::{Pixels, Raster};

/// Brightest and darkest colour of a pixel differ by this much, of 255, in ink that is coloured. Grey scans and the
/// fringes of letters differ by less.
const COLOURED: u8 = 64;
/// More of the page than this is not stamped over: it is coloured paper, or a photograph.
const MOST: f32 = 0.25;
/// Looked at first: every so many pixels, along and down.
const STEP: usize = 4;
/// What lies under coloured ink that crosses black letters: bright as paper or dark as print there, and 0, which is
/// nothing, all over the rest of the page. `None` where no letter is crossed.
///
/// Coloured ink that crosses none, a stamp on the margin or an entry in blue, is left out: it may be all there is to
/// read. `by` and `x_height` are those of the sheet.
pub fn under(raster: &Raster, by: f32, x_height: u32) -> Option<Plane> {
    let Pixels::Rgb(pixels) = &raster.pixels else { return None };
    if !may_be_stamped(pixels, raster.width as usize) {
        return None;
    }
    let spread = |p: &[u8]| 255 - (p[0].max(p[1]).max(p[2]) - p[0].min(p[1]).min(p[2]));
    let coloured = Ink::darker_than(&Plane::of_colours(raster, by, spread), 255 - COLOURED);
    let brightest = Plane::of_colours(raster, by, |p| p[0].max(p[1]).max(p[2]));
    let brightest = background::whitened(&brightest).unwrap_or(brightest);
    let pieces = Components::of(&coloured);
    let crossings = pieces.touched(&letters(&brightest));
    // Larger than a letter, and ending at letters along the height of one.
    let covers =
        |(piece, &crossings): (&Component, &u32)| piece.area >= x_height * x_height && crossings >= x_height;
    let covers: Vec<bool> = pieces.list.iter().zip(&crossings).map(covers).collect();
    if !covers.contains(&true) {
        return None;
    }
    let mut under = Plane { pixels: vec![0; brightest.pixels.len()], ..brightest };
    pieces.paint(&mut under, &coloured, &covers, 255);
    under.pixels.iter_mut().zip(&brightest.pixels).for_each(|(p, &bright)| *p = (*p).min(bright));
    Some(under)
}

/// The ink of what could be letters: an entry that crosses a rule of its form covers nothing.
fn letters(plane: &Plane) -> Ink {
    let print = Ink::of(plane);
    let pieces = Components::of(&print);
    let letters: Vec<bool> = pieces.list.iter().map(text_like).collect();
    let mut drawn = Plane::white(plane.width, plane.height);
    pieces.paint(&mut drawn, &print, &letters, 0);
    Ink::of(&drawn)
}

/// Whether there is colour, and not everywhere.
fn may_be_stamped(pixels: &[u8], width: usize) -> bool {
    let rows = pixels.chunks_exact(3 * width).step_by(STEP);
    let is_coloured = |p: &&[u8]| p[0].max(p[1]).max(p[2]) - p[0].min(p[1]).min(p[2]) >= COLOURED;
    let (all, coloured) = rows.fold((0, 0), |(all, coloured), row| {
        let sampled = row.chunks_exact(3).step_by(STEP);
        (all + sampled.len(), coloured + sampled.filter(is_coloured).count())
    });
    coloured > 0 && (coloured as f32) < MOST * all as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    const RED: [u8; 3] = [210, 30, 40];

    /// Rows of L in the upper half of a white page, and a red bar with this top row.
    fn stamped(top: usize) -> Raster {
        let mut pixels = vec![250; 400 * 400 * 3];
        for (at, p) in pixels.chunks_exact_mut(3).enumerate() {
            let (x, y) = (at % 400 % 20, at / 400 % 40);
            let stroke = at / 400 < 200 && (y < 30 && x < 5 || (25..30).contains(&y) && x < 12);
            let stamp = (top..top + 40).contains(&(at / 400)) && (50..350).contains(&(at % 400));
            match (stroke, stamp) {
                (true, _) => p.copy_from_slice(&[20, 10, 10]),
                (false, true) => p.copy_from_slice(&RED),
                (false, false) => {}
            }
        }
        Raster { width: 400, height: 400, pixels: Pixels::Rgb(pixels), dpi: None }
    }

    #[test]
    fn print_under_a_stamp_stands_on_paper() {
        let under = under(&stamped(100), 1.0, 20).expect("a stamp over print");
        let row = under.row(130);
        assert!((60..340).all(|x| if x % 20 < 5 { row[x] < 60 } else { row[x] > 200 }), "{row:?}");
        assert!(under.row(50).iter().chain(under.row(300)).all(|&p| p == 0), "nothing is said of the rest");
    }

    #[test]
    fn a_stamp_beside_print_is_left_to_be_read() {
        assert_eq!(under(&stamped(300), 1.0, 20), None);
    }

    #[test]
    fn an_entry_across_a_rule_is_left_to_be_read() {
        let mut page = stamped(300);
        let Pixels::Rgb(pixels) = &mut page.pixels else { unreachable!() };
        pixels[320 * 400 * 3..324 * 400 * 3].fill(10);
        assert_eq!(under(&page, 1.0, 20), None);
    }

    #[test]
    fn coloured_paper_is_no_stamp() {
        let mut page = stamped(100);
        let Pixels::Rgb(pixels) = &mut page.pixels else { unreachable!() };
        pixels.chunks_exact_mut(3).for_each(|p| p[2] = p[2].saturating_sub(120));
        assert_eq!(under(&page, 1.0, 20), None);
    }
}
