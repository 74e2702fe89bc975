//! Pages to search for, made up line by line.

use std::collections::BTreeSet;
use std::path::PathBuf;

use jiff::civil::{Date, date};
use records::document::{KindCode, Label};
use records::entry::{Home, PageEntry};
use records::geometry::{Rect, Turn};
use records::ids::{BatchId, DocumentId, Epoch, ExceptionId, PageNumber, PageRef};
use records::patient::PatientId;
use records::reading::{PageReading, Quality, ReaderVersion, TextSource, Word};
use records::rights::Scope;

use crate::{Answer, Facets, Index, IndexReader, Meaning, Opened, Order, Query, Resolved, Screen, highlight};

mod codes;
mod dividing;
mod faulty;
mod finding;
mod first;
mod highlighting;
mod hostile;
mod keeping;
mod likeness;
mod meanings;
mod nearly;
mod rights;
mod suggesting;
mod wishing;

const TODAY: Date = date(2026, 3, 1);
/// A word over which the writer falls, in these tests only.
pub(crate) const FELLING: &str = "fellsthewriter";
const EPOCH: Epoch = Epoch([1; 16]);

/// An index in a folder of its own, taken away at the end.
struct Shelf {
    folder: tempfile::TempDir,
    index: Option<Index>,
}

impl Shelf {
    fn of(entries: &[PageEntry]) -> Self {
        let mut shelf = Self { folder: tempfile::tempdir().unwrap(), index: None };
        let mut index = fresh(Index::open(&shelf.place(), EPOCH).unwrap());
        entries.iter().for_each(|entry| index.upsert(entry).unwrap());
        index.commit(entries.len() as u64).unwrap();
        shelf.index = Some(index);
        shelf
    }

    fn place(&self) -> PathBuf {
        self.folder.path().join("index")
    }

    fn index(&mut self) -> &mut Index {
        self.index.as_mut().unwrap()
    }

    /// As after a kill: nothing is committed any more.
    fn close(&mut self) {
        self.index = None;
    }

    fn ask(&self, query: &str) -> Answer {
        self.ask_within(query, &everything())
    }

    fn ask_within(&self, query: &str, scope: &Scope) -> Answer {
        ask(self.index.as_ref().unwrap().reader(), query, scope)
    }

    /// Numbers of the pages found, best first.
    fn found(&self, query: &str) -> Vec<u32> {
        numbers(&self.ask(query))
    }
}

fn ask(reader: &IndexReader, query: &str, scope: &Scope) -> Answer {
    reader.search(&Query::parse(query, TODAY), &Resolved::default(), scope, Screen::of(100)).unwrap()
}

fn numbers(answer: &Answer) -> Vec<u32> {
    assert_eq!(answer.total, answer.hits.len(), "nothing is counted that is not shown");
    answer.hits.iter().map(|hit| hit.page.page.0).collect()
}

fn fresh(opened: Opened) -> Index {
    match opened {
        Opened::Fresh(index) => index,
        other => panic!("{other:?}"),
    }
}

fn as_of(opened: Opened) -> Index {
    match opened {
        Opened::AsOf(index) => index,
        other => panic!("{other:?}"),
    }
}

fn everything() -> Scope {
    Scope {
        labels: BTreeSet::new(),
        worklist: true,
        excluded: BTreeSet::new(),
        excluded_pages: BTreeSet::new(),
    }
}

fn page(number: u32) -> PageRef {
    PageRef { batch: BatchId([9; 16]), page: PageNumber(number) }
}

fn document(number: u8) -> DocumentId {
    DocumentId([number; 16])
}

fn patient(number: u128) -> PatientId {
    PatientId(uuid_of(number))
}

fn uuid_of(number: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(number)
}

/// Lines of text, each word 10 pixels a letter.
pub(crate) fn reading(text: &str) -> PageReading {
    let mut words = Vec::new();
    for (line, row) in text.lines().enumerate() {
        let mut x = 0;
        for word in row.split_whitespace() {
            let w = 10 * word.chars().count() as u32;
            let place = Rect { x, y: 40 * line as u32, w, h: 30 };
            words.push(Word::new(word, place, 93.0, line as u32));
            x += w + 10;
        }
    }
    PageReading {
        width: 2550,
        height: 3300,
        dpi: [300, 300],
        native_dpi: None,
        turn: Turn::None,
        skew: 0.0,
        blank: words.is_empty(),
        confidence: 93.0,
        words,
        barcodes: Vec::new(),
        unread_symbols: Vec::new(),
        poor_areas: Vec::new(),
        header_lines: Vec::new(),
        footer_lines: Vec::new(),
        quality: Quality::default(),
        source: TextSource::Ocr,
        reader: ReaderVersion("made-up".into()),
        error: None,
    }
}

/// A filed page; the number is also its patient's.
fn filed(number: u32, text: &str) -> PageEntry {
    PageEntry {
        page: page(number),
        home: Home::Document {
            id: document(number as u8),
            page_in_document: 1,
            pages_in_document: 1,
            patient: patient(u128::from(number)),
            number: format!("00{number:04}"),
            accounts: vec![format!("A{number:05}")],
            kind: KindCode("LAB".into()),
            service: Some((date(2019, 4, 2), date(2019, 4, 2))),
        },
        station: "ER-Front".into(),
        received: date(2026, 2, (number % 28) as i8 + 1),
        labels: Vec::new(),
        paper_box: Some("ER2019.12".into()),
        evidence: vec!["barcode".into(), "declared".into()],
        codes: Vec::new(),
        reading: reading(text),
    }
}

fn held(number: u32, text: &str) -> PageEntry {
    let home = Home::Exception { id: ExceptionId([number as u8; 16]) };
    PageEntry { home, ..filed(number, text) }
}

fn labelled(number: u32, label: &str, text: &str) -> PageEntry {
    PageEntry { labels: vec![Label(label.into())], ..filed(number, text) }
}
