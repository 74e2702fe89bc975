//! What must separation know about a page? Outlines only, so that a batch of 5,000 pages fits in memory.

use std::fmt;

use jiff::civil::Date;

use crate::ids::PageNumber;
use crate::reading::{PageReading, QualityFlag, Symbology};
use crate::rules::Rules;
use crate::sheet::{SheetKey, SheetPayload};

mod identity;
mod line;
mod look;
mod numbering;

use line::Line;
pub use line::is_stamped_on_the_way;

/// What separation knows about one page.
#[derive(Clone, PartialEq)]
pub struct PageOutline {
    pub page: PageNumber,
    /// Which original of the batch the page is from, from 0.
    pub original: u32,
    pub blank: bool,
    /// Whether the page could be read at all.
    pub readable: bool,
    /// What one of our sheets said on this page.
    pub sheet: Option<SheetSeen>,
    /// A patch code: one of `1 2 3 4 6 T`, as it stands in the upright frame; `2` (a plain separator) where it
    /// cannot be told which way is up.
    pub patch: Option<char>,
    /// How many words were read: a patch code on a page full of text is no patch sheet.
    pub words: u32,
    /// `page x of y` printed by the form itself.
    pub page_of: Option<(u32, u32)>,
    /// The first lines of large or top text, normalised: tells a first page from a following one.
    pub title: String,
    /// A code of the form catalogue, from a barcode.
    pub form: Option<String>,
    /// Whether a label, barcode number or labelled field names a patient here (not who).
    pub names_patient: bool,
    /// Number and birth date or name as keys, for the proposal of a split by identity; compared, never shown.
    pub identity_key: Option<String>,
}

/// Shows neither titles nor keys: `Debug` ends up in logs.
impl fmt::Debug for PageOutline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageOutline")
            .field("page", &self.page.0)
            .field("original", &self.original)
            .field("blank", &self.blank)
            .field("readable", &self.readable)
            .field("sheet", &self.sheet.as_ref().map(SheetSeen::word))
            .field("patch", &self.patch)
            .field("page_of", &self.page_of)
            .field("names_patient", &self.names_patient)
            .finish_non_exhaustive()
    }
}

/// A page that is, or looks like, a sheet of ours.
#[derive(Clone, Debug, PartialEq)]
pub enum SheetSeen {
    /// Decoded, and the signature holds.
    Ours(Box<SheetPayload>),
    /// Has the look of a sheet of ours but gives no payload.
    Unreadable,
    /// A payload whose signature does not hold, or of a key we do not have.
    Foreign,
}

impl SheetSeen {
    const fn word(&self) -> &'static str {
        match self {
            Self::Ours(_) => "ours",
            Self::Unreadable => "unreadable",
            Self::Foreign => "foreign",
        }
    }
}

/// The outline of page `page`, which stands in original `original` (from 0) of its batch.
///
/// `rules` say what the site's barcodes and numbers look like, `today` which dates can have been.
pub fn outline(
    page: PageNumber,
    original: u32,
    reading: &PageReading,
    keys: &[SheetKey],
    rules: &Rules,
    today: Date,
) -> PageOutline {
    let lines = line::lines(reading);
    let body: Vec<&Line> = lines.iter().filter(|line| !line.is_banner()).collect();
    let words = reading.words.iter().filter(|word| word.on_picture).count();
    let named = identity::Named::on(page, reading, rules, today);
    PageOutline {
        page,
        original,
        // White where the file's data were damaged may be what was lost.
        blank: reading.blank && !reading.quality.flags.contains(&QualityFlag::Damaged),
        readable: reading.error.is_none(),
        sheet: look::sheet(reading, &lines, keys),
        patch: patch(reading),
        words: u32::try_from(words).unwrap_or(u32::MAX),
        page_of: numbering::page_of(&body),
        title: title(&body),
        form: reading.barcodes.iter().find_map(|code| rules.form(&code.text, code.symbology)).map(Into::into),
        names_patient: named.at_all,
        identity_key: named.key,
    }
}

/// Upside down, a 3 reads as T and a 1 as 6. A page without text may stand on its head: plain separator.
fn patch(reading: &PageReading) -> Option<char> {
    /// Words that a printed sheet needs for its direction to be known.
    const ENOUGH: usize = 3;
    let mut seen: Vec<char> = reading
        .barcodes
        .iter()
        .filter(|code| code.symbology == Symbology::Patch)
        .filter_map(|code| code.text.trim().chars().next())
        .filter(|c| "12346T".contains(*c))
        .collect();
    seen.dedup();
    match seen.as_slice() {
        [] => None,
        [one @ ('2' | '4')] => Some(*one),
        [one] if reading.words.len() >= ENOUGH => Some(*one),
        _ => Some('2'),
    }
}

/// Letters of the first lines, without what changes from page to page or names a person.
fn title(lines: &[&Line]) -> String {
    /// Share of the page's height that counts as its top.
    const TOP: f32 = 0.12;
    /// Large text still counts down to here.
    const LARGE_TOP: f32 = 0.30;
    const MOST_WORDS: usize = 8;
    let mut heights: Vec<u32> = lines.iter().map(|line| line.letter_height).collect();
    heights.sort_unstable();
    let usual = heights.get(heights.len() / 2).copied().unwrap_or(0);
    let words = lines
        .iter()
        .filter(|line| line.top < TOP || (line.top < LARGE_TOP && line.letter_height * 10 > usual * 14))
        .filter(|line| !identity::has_field(&line.text) && !numbering::is_numbering(&line.text))
        .flat_map(|line| line.text.split(|c: char| !c.is_alphabetic()))
        .filter(|word| word.chars().count() >= 3)
        .map(str::to_uppercase);
    words.take(MOST_WORDS).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
