//! What does the engine see on a sheet the right way up?

use records::geometry::Rect;
use records::reading::{PoorArea, Word};

use super::Reader;
use crate::barcode::Symbols;
use crate::ocr::coverage::{Coverage, mean_confidence};
use crate::ocr::engine::Layout;
use crate::ocr::{boxes, order, poor, rows, second, twice};
use crate::prepare::deskew::{self, Lean};
use crate::prepare::orientation;
use crate::prepare::sheet::Sheet;
use crate::prepare::skew;
use crate::upright;

/// Share of the letters without a word from which the whole page is read again in another way.
const MUCH_OPEN: f32 = 0.15;
/// From here on the engine is sure of a word.
const SURE: f32 = 70.0;
/// And so many words the engine must be sure of: in a photograph it is of none, whatever the way.
const SOME_WORDS: usize = 12;
/// A page that reads worse than this, or leaves this much open, may be the wrong way up.
const BAD: f32 = 60.0;
const BAD_OPEN: f32 = 0.4;

/// Words of a sheet that has been read, in pixels of the sheet.
pub(super) struct Look {
    pub(super) words: Vec<Word>,
    pub(super) poor: Vec<PoorArea>,
    /// Degrees by which lines fall to the right.
    pub(super) skew: f32,
    pub(super) coverage: Coverage,
}

impl Reader {
    /// All that is read on a sheet the right way up.
    pub(super) fn look(&mut self, sheet: &Sheet, symbols: &Symbols) -> Look {
        if sheet.letters().len() < 2 {
            return Look::nothing();
        }
        let measured = skew::estimate(&sheet.letters(), sheet.letter_height());
        let leans = measured.abs() >= deskew::LEAST;
        let straight = leans.then(|| sheet.straightened(measured));
        let straight = straight.as_ref().unwrap_or(sheet);
        let boxes = boxes::find(&straight.ink, &straight.pieces, straight.letter_height());
        let unboxed = (!boxes.is_empty()).then(|| straight.without(&boxes));
        let straight = unboxed.as_ref().unwrap_or(straight);
        let (width, height) = sheet.size();
        let lean = Lean { degrees: if leans { measured } else { 0.0 }, width, height };
        let letters: Vec<Rect> = straight
            .letters()
            .into_iter()
            .filter(|&letter| {
                let middle = lean.place(letter).centre();
                !symbols.hold(middle) && !symbols.may_hold(middle)
            })
            .collect();

        let clearest = straight.clearest();
        self.engine.show(clearest.as_ref().unwrap_or(&straight.plane), straight.dpi_to_tell());
        if straight.has_bands() {
            self.engine.expect_white_print();
        }
        let mut words = self.engine.read(Layout::Page);
        let mut coverage = Coverage::of(&letters, &words);
        if coverage.open_share > MUCH_OPEN && coverage.open.len() >= 30 && sure_words(&words) >= SOME_WORDS {
            let again = self.engine.read(Layout::Block);
            let covered = Coverage::of(&letters, &again);
            if covered.open_share < coverage.open_share * 0.7 {
                (words, coverage) = (again, covered);
            }
        }
        if !coverage.open.is_empty() {
            if straight.under.is_some() {
                // What a stamp or a pen says is read now, where it says anything.
                self.engine.show(&straight.plane, straight.dpi_to_tell());
            }
            second::look(
                &mut self.engine,
                &coverage.open,
                straight.letter_height(),
                (width, height),
                &mut words,
            );
            coverage = Coverage::of(&letters, &words);
        }
        twice::merge(&mut words);
        let walls = order::walls(&straight.pieces, height, straight.letter_height());
        order::repair(&mut words, &walls, straight.letter_height());
        let mut poor = poor::mark(&mut words, &straight.pieces, straight.letter_height());
        poor.iter_mut().for_each(|area| area.place = lean.place(area.place));
        poor.retain(|area| !symbols.hold(area.place.centre()) && !symbols.may_hold(area.place.centre()));
        // Between words the engine sometimes sees a dash that is none.
        words.retain(|word| straight.holds_ink(word.place));
        rows::join(&mut words, straight.letter_height());
        words.iter_mut().for_each(|word| word.place = lean.place(word.place));
        words.retain(|word| {
            let middle = word.place.centre();
            !symbols.hold(middle) && (word.confidence >= SURE || !symbols.may_hold(middle))
        });
        Look { words, poor, skew: measured, coverage }
    }
}

impl Look {
    pub(super) const fn nothing() -> Self {
        Self {
            words: Vec::new(),
            poor: Vec::new(),
            skew: 0.0,
            coverage: Coverage { open: Vec::new(), open_share: 0.0 },
        }
    }

    pub(super) fn reads_well(&self, sheet: &Sheet) -> bool {
        let nothing_to_turn = sheet.letters().len() < upright::LETTERS_TO_TURN || !is_lined(sheet);
        nothing_to_turn || (mean_confidence(&self.words) >= BAD && self.coverage.open_share < BAD_OPEN)
    }
}

fn sure_words(words: &[Word]) -> usize {
    words.iter().filter(|word| word.confidence >= SURE && word.text.chars().count() >= 2).count()
}

/// Whether what could be letters stands in lines.
fn is_lined(sheet: &Sheet) -> bool {
    orientation::guess(&sheet.letters(), sheet.letter_height()).lined
}
