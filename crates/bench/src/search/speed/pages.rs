//! What stands on the nth page, and where is it filed?
//!
//! A function of the seed and the number: no text is kept anywhere, and whoever needs a page makes it again.

use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use records::document::{KindCode, Label};
use records::entry::{Home, PageEntry};
use records::geometry::{Rect, Turn};
use records::ids::{BatchId, DocumentId, ExceptionId, PageNumber, PageRef};
use records::patient::PatientId;
use records::reading::{PageReading, Quality, ReaderVersion, TextSource, Word};

use super::words::{Words, misread};
use crate::dice::Dice;

const PATIENTS: usize = 20_000;
const KINDS: usize = 30;
const STATIONS: usize = 12;
const PAGES_IN_BATCH: u64 = 200;
const PAGES_IN_DOCUMENT: u64 = 4;
/// Labels, and how many documents in a thousand carry each.
const LABELS: [(&str, usize); 3] = [("psych", 20), ("part2", 10), ("hiv", 5)];

pub(super) struct Pages {
    pub(super) words: Words,
    seed: u64,
}

/// What a page is filed under, for engines that keep it in columns of their own.
pub(super) struct Filed {
    pub(super) patient: usize,
    pub(super) kind: String,
    pub(super) station: String,
    pub(super) service: (Date, Date),
    pub(super) received: Date,
    pub(super) label: Option<&'static str>,
    pub(super) held: bool,
}

impl Pages {
    pub(super) fn new(seed: u64) -> Self {
        Self { words: Words::new(), seed }
    }

    pub(super) fn entry(&self, nth: u64) -> PageEntry {
        let filed = self.filed(nth);
        let home = if filed.held {
            Home::Exception { id: ExceptionId(name(b'x', nth / PAGES_IN_DOCUMENT)) }
        } else {
            Home::Document {
                id: DocumentId(name(b'd', nth / PAGES_IN_DOCUMENT)),
                page_in_document: (nth % PAGES_IN_DOCUMENT) as u32 + 1,
                pages_in_document: PAGES_IN_DOCUMENT as u32,
                patient: patient(filed.patient),
                number: number(filed.patient),
                accounts: Vec::new(),
                kind: KindCode(filed.kind),
                service: Some(filed.service),
            }
        };
        PageEntry {
            page: PageRef {
                batch: BatchId(name(b'b', nth / PAGES_IN_BATCH)),
                page: PageNumber((nth % PAGES_IN_BATCH) as u32 + 1),
            },
            home,
            station: filed.station,
            received: filed.received,
            labels: filed.label.into_iter().map(|label| Label(label.into())).collect(),
            paper_box: None,
            codes: Vec::new(),
            evidence: Vec::new(),
            reading: self.reading(nth),
        }
    }

    /// Which page that is.
    pub(super) fn number_of(page: PageRef) -> u64 {
        let [.., a, b, c, d, e, f, g, h] = page.batch.0;
        u64::from_be_bytes([a, b, c, d, e, f, g, h]) * PAGES_IN_BATCH + u64::from(page.page.0) - 1
    }

    pub(super) fn filed(&self, nth: u64) -> Filed {
        let document = nth / PAGES_IN_DOCUMENT;
        let mut dice = self.dice(b'd', document);
        let begins = days_after(date(2000, 1, 1), dice.below(9_300));
        let stay = if dice.per_mille(200) { dice.below(14) } else { 0 };
        let mut label = None;
        let thrown = dice.below(1000);
        let mut below = 0;
        for (name, often) in LABELS {
            label = label.or((thrown >= below && thrown < below + often).then_some(name));
            below += often;
        }
        Filed {
            patient: dice.below(PATIENTS),
            kind: format!("KIND-{:02}", dice.below(KINDS)),
            station: format!("station-{:02}", dice.below(STATIONS)),
            service: (begins, days_after(begins, stay)),
            received: days_after(date(2025, 1, 1), (nth / PAGES_IN_BATCH % 400) as usize),
            label,
            held: dice.per_mille(10),
        }
    }

    /// Words, numbers and dates in lines, some misread; every word has its box.
    pub(super) fn reading(&self, nth: u64) -> PageReading {
        let mut dice = self.dice(b'p', nth);
        let count = 90 + dice.below(281);
        let mut words = Vec::with_capacity(count);
        let (mut x, mut line) = (150, 0);
        for _ in 0..count {
            let (text, alternative) = self.word(&mut dice);
            let w = 22 * text.len() as u32;
            if x + w > 2400 {
                (x, line) = (150, line + 1);
            }
            let mut word = Word::new(text, Rect { x, y: 150 + 50 * line, w, h: 38 }, 93.0, line);
            word.alternatives.extend(alternative);
            words.push(word);
            x += w + 22;
        }
        PageReading {
            width: 2550,
            height: 3300,
            dpi: [300, 300],
            native_dpi: None,
            turn: Turn::None,
            skew: 0.0,
            blank: false,
            confidence: 93.0,
            words,
            barcodes: Vec::new(),
            unread_symbols: Vec::new(),
            poor_areas: Vec::new(),
            header_lines: Vec::new(),
            footer_lines: Vec::new(),
            quality: Quality::default(),
            source: TextSource::Ocr,
            reader: ReaderVersion(String::new()),
            error: None,
        }
    }

    /// What was read, and what else the engine took it for.
    fn word(&self, dice: &mut Dice) -> (String, Option<String>) {
        match dice.below(1000) {
            0..20 => (format!("{}", dice.below(1000)), None),
            20..30 => {
                let (month, day) = (1 + dice.below(12), 1 + dice.below(28));
                (format!("{month:02}/{day:02}/{}", 2000 + dice.below(26)), None)
            }
            thrown => {
                let word = self.words.at(self.words.draw(dice));
                match thrown {
                    // Of what is misread, the engine was in doubt about two in five.
                    30..40 => (misread(word, dice), Some(word.to_owned())),
                    40..55 => (misread(word, dice), None),
                    _ => (word.to_owned(), None),
                }
            }
        }
    }

    fn dice(&self, what: u8, nth: u64) -> Dice {
        let mut dice = Dice::new(self.seed ^ u64::from(what) << 56 ^ nth);
        dice.split()
    }
}

pub(super) fn patient(nth: usize) -> PatientId {
    PatientId(uuid::Uuid::from_bytes(name(b'q', nth as u64)))
}

/// A record number, canonical.
pub(super) fn number(nth: usize) -> String {
    format!("{:08}", 10_000_000 + nth * 37)
}

/// Sixteen bytes that look like any other id, and end with the number they were made of.
fn name(what: u8, nth: u64) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&Dice::new(u64::from(what) << 56 ^ nth).next().to_be_bytes());
    bytes[8..].copy_from_slice(&nth.to_be_bytes());
    bytes
}

fn days_after(first: Date, days: usize) -> Date {
    first.saturating_add((days as i64).days())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn pages_are_of_many_days() {
        let pages = Pages::new(7);
        let filed: Vec<Filed> = (0..4_000).map(|nth| pages.filed(nth)).collect();
        let days: BTreeSet<Date> = filed.iter().map(|filed| filed.service.0).collect();
        let received: BTreeSet<Date> = filed.iter().map(|filed| filed.received).collect();
        assert!(days.len() > 800 && received.len() == 20, "{} and {}", days.len(), received.len());
    }
}
