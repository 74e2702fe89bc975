//! Is there nothing on the page? A lone word or a doctor's initials are something.
//!
//! A page wrongly called blank is a lost page: whatever is not known to be nothing keeps it.

use records::geometry::Rect;

use self::marks::Marks;
use crate::prepare::background;
use crate::prepare::components::{Component, Components};
use crate::prepare::ink::{FAINTEST, Ink};
use crate::prepare::plane::Plane;

mod faint;
mod marks;
mod shadows;

/// Share of ink from which a page is not blank, whatever the ink is.
const MOST_INK: f32 = 0.0015;
/// Height or width of a piece of ink that may be writing, inches: a digit in the smallest print.
const WRITING: f32 = 0.05;
/// And of one letter among others in small print.
const PRINT: f32 = 0.025;
/// Letters this near each other, inches, are a word.
const NEAR: f32 = 0.3;

/// Whether there is so little ink that it is worth to look whether there is none: cheap, asked of every page.
pub fn may_be_blank(ink: &Ink) -> bool {
    /// Share of each side where shadows of the feeder lie.
    const MARGIN: f32 = 0.06;
    ink.share(MARGIN) < 4.0 * MOST_INK
}

/// Whether a page has nothing that a person wrote or printed. It is looked at as it was scanned: whitening washes
/// faint writing away and breaks shadows into pieces. `bilevel` says that it has only ink and white.
pub fn is_blank(plane: Plane, bilevel: bool, dpi: u32) -> bool {
    let mut page = if bilevel { plane } else { background::evened(&plane) };
    shadows::lift(&mut page, dpi);
    let ink = Ink::darker_than(&page, FAINTEST);
    let mut pieces = Components::of(&ink).list;
    if !bilevel {
        // A grey hair's breadth is no pen's; should it be a pencil's darkest part, the next look finds it.
        pieces.retain(|piece| piece.place.w.min(piece.place.h) > 1);
    }
    has_nothing(&ink, &pieces, dpi) && (bilevel || !faint::has_writing(&without_dark(page), dpi))
}

/// With dark ink and the grey around it painted over: it has been judged. The darkest spots of a faint stroke stay.
fn without_dark(mut page: Plane) -> Plane {
    /// No faint stroke is darker than this; dust is.
    const DARK: u8 = 160;
    /// So far scanning and JPEG smear a speck, pixels.
    const AROUND: u32 = 3;
    let ink = Ink::darker_than(&page, DARK);
    for y in 0..ink.height {
        for (from, to) in ink.runs(y) {
            for near in y.saturating_sub(AROUND)..(y + AROUND + 1).min(page.height) {
                let (left, right) = (from.saturating_sub(AROUND), (to + AROUND).min(page.width));
                page.row_mut(near)[left as usize..right as usize].fill(255);
            }
        }
    }
    page
}

/// Whether no piece of ink may be writing.
fn has_nothing(ink: &Ink, pieces: &[Component], dpi: u32) -> bool {
    let left = Marks::of(ink, pieces, dpi).left();
    let inked: u64 = left.iter().map(|piece| u64::from(piece.area)).sum();
    (inked as f32) < MOST_INK * ink.width as f32 * ink.height as f32
        && !left.iter().any(|piece| may_be_writing(piece, dpi))
        && !has_word(&left, dpi)
}

/// Whether there is no paper to be seen at all: a lamp that failed, an open lid. Nobody can say that it was blank.
pub fn is_dark(plane: &Plane) -> bool {
    /// Mean brightness, 0 to 255; the darkest coloured paper has more.
    const DARK: u64 = 48;
    let sum: u64 = plane.pixels.iter().map(|pixel| u64::from(*pixel)).sum();
    sum < DARK * plane.pixels.len() as u64
}

/// One piece large enough to be writing by itself.
fn may_be_writing(piece: &Component, dpi: u32) -> bool {
    piece.place.w.max(piece.place.h) as f32 >= WRITING * dpi as f32 && piece.area > 8
}

/// Three pieces of letter size close together.
fn has_word(pieces: &[Component], dpi: u32) -> bool {
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

    const EDGE: u32 = 2550;

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
        has_nothing(&ink, &pieces.list, 300)
    }

    #[test]
    fn dust_holes_and_the_feeder_s_shadow_are_nothing() {
        let disc = |x: u32, y: u32, cx: u32, cy: u32| x.abs_diff(cx).pow(2) + y.abs_diff(cy).pow(2) < 38 * 38;
        assert!(blank(|x, y| {
            (x % 500 < 4 && y % 700 < 4) || disc(x, y, 120, 900) || disc(x, y, 120, 2400) || x > 2535
        }));
    }

    #[test]
    fn a_fold_and_a_staple_are_nothing() {
        assert!(blank(|x, y| y.abs_diff(1650 + x / 60) < 3 && x % 400 > 60));
        assert!(blank(|x, y| (90..220).contains(&x) && y.abs_diff(80 + x / 2) < 4));
    }

    #[test]
    fn a_black_frame_around_the_paper_is_nothing_and_a_corner_folded_over() {
        assert!(blank(|x, y| !(40..=EDGE - 30).contains(&x) || !(25..3260).contains(&y) || x + y < 260));
    }

    #[test]
    fn a_page_number_at_the_very_foot_keeps_a_page() {
        assert!(!blank(|x, y| (1270..1280).contains(&x) && (3262..3285).contains(&y)));
    }

    #[test]
    fn writing_that_runs_off_the_paper_keeps_a_page() {
        // Pen strokes that end in the border.
        assert!(!blank(|x, y| x > EDGE - 60
            && (1000..1200).contains(&y)
            && (y % 50).abs_diff((EDGE - x) / 2) < 4));
    }

    #[test]
    fn a_tick_in_a_corner_is_no_staple() {
        assert!(!blank(|x, y| (150..200).contains(&x) && y.abs_diff(50 + x) < 4
            || (200..300).contains(&x) && (y + x).abs_diff(450) < 4));
    }

    #[test]
    fn the_thin_bars_of_a_code_are_no_folds() {
        assert!(!blank(|x, y| (1000..1300).contains(&x) && x % 11 < 3 && (500..800).contains(&y)));
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
