//! What is wrong with a page's picture? Said to the clerk, and a reason to trust less.

use records::geometry::Rect;
use records::reading::{Quality, QualityFlag, Word};

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
/// Words this near the border, pixels, go on beyond it.
const BORDER: u32 = 3;

/// What is known of a page once it has been read.
pub struct Seen<'a> {
    pub sheet: &'a Sheet,
    pub resolution: Resolution,
    pub damaged: bool,
    /// In pixels of the sheet.
    pub words: &'a [Word],
    /// Letters that no word covers, and their share of all.
    pub open: usize,
    pub open_share: f32,
}

/// The flags of a page that is not blank.
pub fn of(seen: &Seen<'_>) -> Quality {
    use QualityFlag::{CutOff, Damaged, DropoutLine, Fax, LowContrast, LowResolution, Noisy, UnreadInk};
    let small = seen.sheet.x_height.is_some_and(|x_height| x_height < SMALL) || seen.resolution.dpi < COARSE;
    let flags = [
        (LowContrast, seen.sheet.contrast < FAINT && !seen.words.is_empty()),
        (LowResolution, small),
        (CutOff, is_cut_off(seen.words, seen.sheet.size())),
        (DropoutLine, has_dropout_line(seen.sheet)),
        (Damaged, seen.damaged),
        (Fax, seen.resolution.fax),
        (Noisy, seen.sheet.noisy),
        (UnreadInk, seen.open_share > UNREAD && seen.open >= UNREAD_LETTERS),
    ];
    Quality {
        flags: flags.into_iter().filter_map(|(flag, holds)| holds.then_some(flag)).collect(),
        measures: None,
    }
}

/// Two words or more at the same border.
fn is_cut_off(words: &[Word], (width, height): (u32, u32)) -> bool {
    let sure: Vec<Rect> =
        words.iter().filter(|word| word.confidence >= 60.0).map(|word| word.place).collect();
    let at = |border: fn(&Rect, u32, u32) -> bool| {
        sure.iter().filter(|place| border(place, width, height)).count() >= 2
    };
    at(|place, _, _| place.x <= BORDER)
        || at(|place, _, _| place.y <= BORDER)
        || at(|place, width, _| place.right() + BORDER >= width)
        || at(|place, _, height| place.bottom() + BORDER >= height)
}

/// A thin line from the very top to the very bottom: dirt on the scanner's glass.
fn has_dropout_line(sheet: &Sheet) -> bool {
    let (_, height) = sheet.size();
    let thin = (sheet.letter_height() / 2).max(4);
    sheet.pieces.iter().any(|piece| piece.place.h + 4 >= height && piece.place.w <= thin)
}
