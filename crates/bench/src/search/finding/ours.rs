//! What does Chartroom answer, asked as its command asks?

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};
use jiff::civil::{Date, date};
use records::document::KindCode;
use records::entry::{Home, PageEntry};
use records::ids::{BatchId, DocumentId, Epoch, PageNumber, PageRef};
use records::patient::PatientId;
use records::reading::PageReading;
use records::rights::Scope;
use search::{Index, Opened, Query, Resolved, Screen, Vocabulary};

use super::engines::LOOKED_AT;
use super::questions::Question;

const TODAY: Date = date(2026, 3, 1);

pub(super) fn answers(
    folder: &Path,
    pages: &[PageReading],
    questions: &[Question],
) -> anyhow::Result<Vec<Vec<usize>>> {
    let _ = fs::remove_dir_all(folder);
    let Opened::Fresh(mut index) = Index::open(folder, Epoch([1; 16]))? else {
        bail!("an index where none was");
    };
    for (at, reading) in (0..).zip(pages) {
        index.upsert(&entry(at, reading))?;
    }
    index.commit(1)?;
    let vocabulary = Vocabulary::default();
    let everything = Scope {
        labels: BTreeSet::new(),
        worklist: true,
        excluded: BTreeSet::new(),
        excluded_pages: BTreeSet::new(),
    };
    let mut answers = Vec::new();
    for question in questions {
        let query = Query::parse(&question.text, TODAY).speaking(&vocabulary);
        let answer =
            index.reader().search(&query, &Resolved::default(), &everything, Screen::of(LOOKED_AT))?;
        // As they stand on the screen: what has all of it, then what has most of it.
        let pages = answer.hits.iter().chain(answer.nearly.iter().map(|near| &near.hit));
        answers.push(pages.map(|hit| hit.page.page.0 as usize).collect());
    }
    drop(index);
    fs::remove_dir_all(folder).context("the index cannot be taken away")?;
    Ok(answers)
}

fn entry(at: u32, reading: &PageReading) -> PageEntry {
    PageEntry {
        page: PageRef { batch: BatchId([7; 16]), page: PageNumber(at) },
        home: Home::Document {
            id: DocumentId([1; 16]),
            page_in_document: at + 1,
            pages_in_document: 1,
            patient: PatientId(uuid::Uuid::from_u128(1)),
            number: "00000001".into(),
            kind: KindCode("PROG".into()),
            service: None,
            accounts: Vec::new(),
        },
        station: "bench".into(),
        received: TODAY,
        labels: Vec::new(),
        paper_box: None,
        evidence: Vec::new(),
        codes: Vec::new(),
        reading: reading.clone(),
    }
}
