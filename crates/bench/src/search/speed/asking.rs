//! How long does our index take to answer?

use std::time::Instant;

use jiff::civil::{Date, date};
use records::entry::PageEntry;
use search::{Answer, IndexReader, Query, Resolved, Vocabulary, highlight};

use super::ours::scope;
use super::pages::Pages;
use super::queries::{Asked, Kind};

const TODAY: Date = date(2026, 3, 1);

pub(super) struct Desk<'a> {
    pub(super) reader: &'a IndexReader,
    pub(super) pages: &'a Pages,
    pub(super) vocabulary: Vocabulary,
}

impl Desk<'_> {
    /// Milliseconds of each query, from its text to what is shown.
    pub(super) fn times(&self, kind: Kind, asked: &[Asked]) -> anyhow::Result<Vec<f64>> {
        asked.iter().map(|asked| self.time(kind, asked)).collect()
    }

    fn time(&self, kind: Kind, asked: &Asked) -> anyhow::Result<f64> {
        let began = Instant::now();
        let answer = self.ask(kind, asked)?;
        if kind == Kind::Snippets {
            for hit in &answer.hits {
                let PageEntry { reading, .. } = self.pages.entry(Pages::number_of(hit.page));
                let shown = highlight(&answer, &reading);
                anyhow::ensure!(!shown.boxes.is_empty(), "a hit on which nothing is marked");
            }
        }
        Ok(began.elapsed().as_secs_f64() * 1e3)
    }

    fn ask(&self, kind: Kind, asked: &Asked) -> anyhow::Result<Answer> {
        let query = Query::parse(&asked.text, TODAY).speaking(&self.vocabulary);
        let patients = Resolved(asked.patient.iter().map(|(id, _)| vec![*id]).collect());
        Ok(self.reader.search(&query, &patients, &scope(), kind.screen())?)
    }

    /// Milliseconds of whatever was typed, facets and all.
    pub(super) fn patience(&self, text: &str) -> anyhow::Result<f64> {
        let began = Instant::now();
        let query = Query::parse(text, TODAY).speaking(&self.vocabulary);
        let patients = Resolved(vec![Vec::new(); query.patient_terms().len()]);
        self.reader.search(&query, &patients, &scope(), Kind::Facets.screen())?;
        Ok(began.elapsed().as_secs_f64() * 1e3)
    }
}
