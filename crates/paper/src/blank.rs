//! Is there nothing on the page? A lone word or a doctor's initials are something.

use records::geometry::Rect;

use crate::prepare::components::Component;
use crate::prepare::ink::Ink;
use crate::prepare::plane::Plane;

/// Share of each side that is margin: shadows of the feeder live there, writing hardly ever.
const MARGIN: f32 = 0.03;
/// Share of ink inside the margins from which a page is not blank, whatever the ink is.
const MOST_INK: f32 = 0.0015;
/// Height or width of a piece of ink that may be writing, inches: a digit of small handwriting.
const WRITING: f32 = 0.06;
/// And of one letter among others in small print.
const PRINT: f32 = 0.025;
/// Letters this near each other, inches, are a word.
const NEAR: f32 = 0.3;

/// Whether a page without barcodes has nothing that a person wrote or printed. `pieces` are without noise.
pub fn is_blank(ink: &Ink, pieces: &[Component], dpi: u32) -> bool {
    let page = Rect { x: 0, y: 0, w: ink.width, h: ink.height };
    let inside: Vec<&Component> = pieces.iter().filter(|piece| is_inside(piece.place, page)).collect();
    ink.share(MARGIN) < MOST_INK
        && !inside.iter().any(|piece| is_writing(piece, page, dpi))
        && !has_word(&inside, dpi)
}

/// Whether there is no paper to be seen at all: a lamp that failed, an open lid. Nobody can say that it was blank.
pub fn is_dark(plane: &Plane) -> bool {
    /// Mean brightness, 0 to 255; the darkest coloured paper has more.
    const DARK: u64 = 48;
    let sum: u64 = plane.pixels.iter().map(|pixel| u64::from(*pixel)).sum();
    sum < DARK * plane.pixels.len() as u64
}

fn is_inside(place: Rect, page: Rect) -> bool {
    let (across, down) = ((page.w as f32 * MARGIN) as u32, (page.h as f32 * MARGIN) as u32);
    let (x, y) = place.centre();
    (across..page.w - across).contains(&x) && (down..page.h - down).contains(&y)
}

/// One piece large enough to be writing by itself, and neither a punched hole nor a fold.
fn is_writing(piece: &Component, page: Rect, dpi: u32) -> bool {
    let inches = |pixels: u32| pixels as f32 / dpi as f32;
    let (w, h) = (inches(piece.place.w), inches(piece.place.h));
    w.max(h) >= WRITING && piece.area > 12 && !is_hole(piece, page, dpi) && !is_fold(piece)
}

/// A filled disc near an edge.
fn is_hole(piece: &Component, page: Rect, dpi: u32) -> bool {
    let inches = |pixels: u32| pixels as f32 / dpi as f32;
    let (w, h) = (inches(piece.place.w), inches(piece.place.h));
    let (x, y) = piece.place.centre();
    let edge = inches(x.min(y).min(page.w.saturating_sub(x)).min(page.h.saturating_sub(y)));
    w.max(h) < 1.25 * w.min(h)
        && (0.15..0.4).contains(&w)
        && (0.7..0.88).contains(&piece.fill())
        && edge < 0.8
}

/// A line across most of the page, as thin as a crease.
fn is_fold(piece: &Component) -> bool {
    let (long, short) = (piece.place.w.max(piece.place.h), piece.place.w.min(piece.place.h).max(1));
    long > 60 * short
}

/// Three pieces of letter size close together.
fn has_word(pieces: &[&Component], dpi: u32) -> bool {
    let least = (PRINT * dpi as f32) as u32;
    let letters: Vec<Rect> =
        pieces.iter().map(|piece| piece.place).filter(|place| place.h >= least).collect();
    let near = (NEAR * dpi as f32) as u32;
    let close = |a: &Rect, b: &Rect| {
        let (a, b) = (a.centre(), b.centre());
        a.0.abs_diff(b.0) <= near && a.1.abs_diff(b.1) <= near
    };
    letters.iter().any(|letter| letters.iter().filter(|other| close(letter, other)).count() >= 3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prepare::components::Components;

    fn page_with(draw: impl Fn(u32, u32) -> bool) -> (Ink, Components) {
        let mut page = Plane::white(2550, 3300);
        for y in 0..3300 {
            for (x, p) in page.row_mut(y).iter_mut().enumerate() {
                *p = if draw(x as u32, y) { 0 } else { 255 };
            }
        }
        let ink = Ink::of(&page);
        let pieces = Components::of(&ink);
        (ink, pieces)
    }

    fn blank(draw: impl Fn(u32, u32) -> bool) -> bool {
        let (ink, pieces) = page_with(draw);
        is_blank(&ink, &pieces.list, 300)
    }

    #[test]
    fn dust_holes_and_the_feeder_s_shadow_are_nothing() {
        let disc = |x: u32, y: u32, cx: u32, cy: u32| x.abs_diff(cx).pow(2) + y.abs_diff(cy).pow(2) < 38 * 38;
        assert!(blank(|x, y| {
            (x % 500 < 4 && y % 700 < 4) || disc(x, y, 120, 900) || disc(x, y, 120, 2400) || x > 2535
        }));
    }

    #[test]
    fn a_page_without_light_is_no_blank_sheet() {
        let mut page = Plane::white(100, 100);
        assert!(!is_dark(&page));
        page.pixels.fill(90); // dark blue paper
        assert!(!is_dark(&page));
        page.pixels.fill(10);
        assert!(is_dark(&page));
    }

    #[test]
    fn initials_keep_a_page() {
        // Two pen strokes of a fifth of an inch.
        assert!(!blank(|x, y| (1200..1260).contains(&x) && y.abs_diff(1500 + (x - 1200)) < 3));
    }

    #[test]
    fn one_small_printed_word_keeps_a_page() {
        assert!(!blank(|x, y| (900..1020).contains(&x) && x % 14 < 3 && (2000..2014).contains(&y)));
    }
}
