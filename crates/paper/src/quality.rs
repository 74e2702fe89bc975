//! How good is a page's picture, and what is wrong with it? Said to the clerk, and a reason to trust less.

use records::geometry::Rect;
use records::outline::is_stamped_on_the_way;
use records::reading::{Measures, Quality, QualityFlag, Word};

use crate::prepare::ink::Ink;
use crate::prepare::plane::Plane;
use crate::prepare::resolution::Resolution;
use crate::prepare::sheet::Sheet;

/// Difference of paper and ink, of 255, below which print is faint.
const FAINT: u8 = 70;
/// Small letters below this, pixels, are read badly.
const SMALL: u32 = 9;
/// Resolution below which print of usual size is too small.
const COARSE: u32 = 150;
/// Share of the letters' ink without a word from which a clerk is told.
const UNREAD: f32 = 0.15;
/// And at least so many letters.
const UNREAD_LETTERS: usize = 20;
/// Words this near the border, inches (1 mm), go on beyond it.
const BORDER: f32 = 1.0 / 25.4;
/// Degrees from which paper was fed in askew.
const ASKEW: f32 = 15.0;

/// What is known of a page once it has been read.
pub struct Seen<'a> {
    pub sheet: &'a Sheet,
    pub resolution: Resolution,
    /// Pixels of the frame in one of the sheet.
    pub shrink: f32,
    pub damaged: bool,
    pub blank: bool,
    /// Degrees by which lines fall to the right.
    pub skew: f32,
    /// In pixels of the sheet.
    pub words: &'a [Word],
    /// Letters that no word covers, and their share of all.
    pub open: usize,
    pub open_share: f32,
}

/// The measures of a page, and its flags; of a blank page only whether its data were damaged.
pub fn of(seen: &Seen<'_>) -> Quality {
    use QualityFlag::{
        Blurred, CutOff, Damaged, DropoutLine, Fax, LowContrast, LowResolution, Noisy, Skewed, UnreadInk,
    };
    let sheet = seen.sheet;
    let small = sheet.x_height.is_some_and(|x_height| x_height < SMALL) || seen.resolution.dpi < COARSE;
    let sharpness = sharpness(&sheet.plane, &sheet.ink);
    let flags = [
        (LowContrast, sheet.contrast < FAINT && !seen.words.is_empty()),
        (LowResolution, small),
        (Blurred, is_blurred(sharpness, sheet)),
        (CutOff, is_cut_off(seen.words, sheet.size(), seen.resolution.dpi as f32 / seen.shrink * BORDER)),
        (DropoutLine, sheet.dropout.is_some()),
        (Damaged, seen.damaged),
        (Fax, seen.resolution.fax),
        (Noisy, sheet.noisy),
        (UnreadInk, seen.open_share > UNREAD && seen.open >= UNREAD_LETTERS),
        (Skewed, seen.skew.abs() > ASKEW),
    ];
    let told = |flag: QualityFlag| !seen.blank || flag == Damaged;
    Quality {
        flags: flags
            .into_iter()
            .filter(|(flag, holds)| *holds && told(*flag))
            .map(|(flag, _)| flag)
            .collect(),
        measures: Some(Measures {
            contrast: sheet.contrast.into(),
            sharpness,
            ink: sheet.ink.share(0.0),
            x_height: sheet.x_height.map_or(0.0, |x_height| x_height as f32 * seen.shrink),
            dropout: sheet.dropout.map(|x| (x as f32 * seen.shrink) as u32),
        }),
    }
}

/// Edges of print that take up more than this share of a small letter are not focused.
const WIDE_EDGE: f32 = 0.4;

fn is_blurred(sharpness: f32, sheet: &Sheet) -> bool {
    sheet.x_height.is_some_and(|x_height| sharpness > 0.0 && 1.0 / sharpness > WIDE_EDGE * x_height as f32)
}

/// Steepness of the edges of print, 0 to 1: the share of the way from paper to ink that the steepest step goes, in the
/// median of the edges that lie on every eighth row. 0 without edges.
fn sharpness(plane: &Plane, ink: &Ink) -> f32 {
    /// Pixels on either side that belong to an edge.
    const REACH: usize = 6;
    const EVERY: usize = 8;
    let mut steps: Vec<f32> = Vec::new();
    for y in (0..plane.height).step_by(EVERY) {
        let row = plane.row(y);
        for (from, _) in ink.runs(y) {
            let at = from as usize;
            let edge = &row[at.saturating_sub(REACH)..(at + REACH).min(row.len())];
            let (least, most) = (edge.iter().min(), edge.iter().max());
            let height = most.zip(least).map_or(0, |(most, least)| most - least);
            // What hardly differs is no edge of print but the grain of a shade.
            if height >= 40 {
                let steepest = edge.windows(2).map(|two| two[0].saturating_sub(two[1])).max().unwrap_or(0);
                steps.push(f32::from(steepest) / f32::from(height));
            }
        }
    }
    let middle = steps.len() / 2;
    if steps.is_empty() { 0.0 } else { *steps.select_nth_unstable_by(middle, f32::total_cmp).1 }
}

/// Two words or more at the same border, nearer than `border` pixels. What a fax machine prints there is whole.
fn is_cut_off(words: &[Word], (width, height): (u32, u32), border: f32) -> bool {
    let border = border as u32;
    let sure: Vec<Rect> = words
        .chunk_by(|a, b| a.line == b.line)
        .filter(|line| {
            !is_stamped_on_the_way(&line.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" "))
        })
        .flatten()
        .filter(|word| word.confidence >= 60.0)
        .map(|word| word.place)
        .collect();
    let at = |touches: &dyn Fn(&Rect) -> bool| sure.iter().filter(|place| touches(place)).count() >= 2;
    at(&|place| place.x <= border)
        || at(&|place| place.y <= border)
        || at(&|place| place.right() + border >= width)
        || at(&|place| place.bottom() + border >= height)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bars of ink, 6 wide, on white, with edges `soft` pixels long.
    fn bars(soft: u32) -> Plane {
        let mut page = Plane::white(600, 400);
        for y in 20..380 {
            for (x, pixel) in page.row_mut(y).iter_mut().enumerate().filter(|(x, _)| (50..550).contains(x)) {
                let (at, far) = (x as u32 % 50, 25_u32);
                let from_bar = at.abs_diff(far).saturating_sub(3);
                *pixel = (255 * from_bar.min(soft) / soft.max(1)).min(255) as u8;
                if soft == 0 {
                    *pixel = if from_bar == 0 { 0 } else { 255 };
                }
            }
        }
        page
    }

    #[test]
    fn sharpness_falls_as_edges_widen() {
        let of = |soft| {
            let page = bars(soft);
            sharpness(&page, &Ink::of(&page))
        };
        assert!((of(0) - 1.0).abs() < 1e-6);
        assert!(of(2) > 0.4 && of(5) < 0.25, "{} {}", of(2), of(5));
        assert_eq!(sharpness(&Plane::white(100, 100), &Ink::of(&Plane::white(100, 100))), 0.0);
    }

    fn words(places: &[(u32, u32, &str)]) -> Vec<Word> {
        let word = |(nth, (x, y, text)): (u32, &(u32, u32, &str))| {
            Word::new(*text, Rect { x: *x, y: *y, w: 80, h: 30 }, 95.0, nth)
        };
        (0..).zip(places).map(word).collect()
    }

    #[test]
    fn text_within_a_millimetre_of_the_border_goes_on_beyond_it() {
        let page = (2550, 3300);
        assert!(is_cut_off(&words(&[(8, 400, "mitted"), (11, 500, "charged")]), page, 11.8));
        assert!(!is_cut_off(&words(&[(8, 400, "mitted"), (40, 500, "discharged")]), page, 11.8));
        assert!(is_cut_off(&words(&[(2465, 400, "adm"), (2462, 500, "disch")]), page, 11.8));
    }

    #[test]
    fn the_banner_of_a_fax_at_the_very_top_is_whole() {
        let mut banner = words(&[(100, 5, "10:14"), (300, 5, "AM"), (500, 5, "FROM:")]);
        banner.iter_mut().for_each(|word| word.line = 0);
        assert!(!is_cut_off(&banner, (1728, 2200), 8.0));
    }
}
