//! Of which page does this one look like a copy?
//!
//! A sheet that was scanned again, or came by fax as well. Only pages of one chart are called copies of each other, or
//! pages on the worklist that name the same person in numbers and dates; both may be right, and nothing is hidden.

use records::ids::PageRef;
use records::patient::PatientId;
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, ConstScoreQuery, Occur, Query as Tantivy, TermQuery};
use tantivy::schema::{IndexRecordOption, Value as _};
use tantivy::{DocAddress, TantivyDocument, Term};

use crate::answer::Hit;
use crate::error::SearchError;
use crate::query::compile::{filter, one_of};
use crate::question::{Condition, Question, cloned};
use crate::schema::SERVICE_FROM;
use crate::sketch::{Person, Sketch};

/// A page and the chart it is in.
#[derive(Clone, Debug)]
pub struct Charted {
    pub page: PageRef,
    /// Everybody whose chart that is: all identities, as filed. Nobody: it waits on the worklist.
    pub chart: Vec<PatientId>,
}

/// Pages that are compared with one: those that have most in common with it.
const MOST: usize = 32;

impl Question<'_> {
    /// Of each page, in the order of batch and page.
    pub(crate) fn copies(&self, pages: &[Charted]) -> Result<Vec<Vec<Hit>>, SearchError> {
        let visible = self.visible()?;
        pages.iter().map(|page| self.copies_of(page, &visible)).collect()
    }

    fn copies_of(&self, of: &Charted, visible: &[Condition]) -> Result<Vec<Hit>, SearchError> {
        let key = TermQuery::new(self.fields.key_term(of.page), IndexRecordOption::Basic);
        let Some(own) = self.nearest(Box::new(key.clone()), 1, visible)?.into_iter().next() else {
            return Ok(Vec::new());
        };
        let Some(sketch) = self.sketch(own)? else { return Ok(Vec::new()) };
        let band = |band| -> (Occur, Box<dyn Tantivy>) {
            let term = Term::from_field_u64(self.fields.alike, band);
            (
                Occur::Should,
                Box::new(ConstScoreQuery::new(Box::new(TermQuery::new(term, IndexRecordOption::Basic)), 1.0)),
            )
        };
        let (person, chart): (Person, Box<dyn Tantivy>) = if of.chart.is_empty() {
            let held = Term::from_field_text(self.fields.state, "held");
            (Person::Unknown, Box::new(TermQuery::new(held, IndexRecordOption::Basic)))
        } else {
            let everybody =
                of.chart.iter().map(|id| Term::from_field_text(self.fields.patient, &id.0.to_string()));
            (Person::Known, one_of(everybody))
        };
        let alike = BooleanQuery::new(vec![
            (Occur::Must, Box::new(BooleanQuery::new(sketch.bands().into_iter().map(band).collect()))),
            (Occur::Must, filter(chart)),
            (Occur::MustNot, Box::new(key)),
        ]);
        let day = self.service(own)?;
        let mut copies = Vec::new();
        for page in self.nearest(Box::new(alike), MOST, visible)? {
            let other_day = self.service(page)?;
            let same_day = day.is_none() || other_day.is_none() || day == other_day;
            if same_day && self.sketch(page)?.is_some_and(|other| sketch.is_like(&other, person)) {
                copies.push(self.hit(0.0, page)?);
            }
        }
        copies.sort_by_key(|copy| copy.page);
        Ok(copies)
    }

    /// The pages the asker may see that answer best.
    fn nearest(
        &self,
        query: Box<dyn Tantivy>,
        most: usize,
        visible: &[Condition],
    ) -> Result<Vec<DocAddress>, SearchError> {
        let mut conditions: Vec<Condition> = visible.iter().map(cloned).collect();
        conditions.push((Occur::Must, query));
        let found = self
            .searcher
            .search(&BooleanQuery::new(conditions), &TopDocs::with_limit(most).order_by_score())?;
        Ok(found.into_iter().map(|(_, page)| page).collect())
    }

    fn sketch(&self, page: DocAddress) -> Result<Option<Sketch>, SearchError> {
        let stored: TantivyDocument = self.searcher.doc(page)?;
        let kept = stored.get_first(self.fields.sketch);
        Ok(kept.and_then(|value| value.as_bytes()).and_then(Sketch::from_bytes))
    }

    /// Day the service began, in days since 1970-01-01.
    fn service(&self, page: DocAddress) -> Result<Option<i64>, SearchError> {
        let segment = self.searcher.segment_reader(page.segment_ord);
        Ok(segment.fast_fields().i64(SERVICE_FROM)?.first(page.doc_id))
    }
}
