//! Which pages may the asker not see?
//!
//! Few of all, so they are gathered once an answer, a bit a page, from the postings of the labels the asker lacks, of
//! the worklist and of the documents that changed since. Asking of a page then costs nothing, whatever the query, while
//! asking of all others whether they may be seen would walk nearly all of the index.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use records::rights::Scope;
use tantivy::index::{SegmentId, SegmentReader};
use tantivy::query::{ConstScorer, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, Score, Searcher, SeekDangerResult, TERMINATED, TantivyError, Term};

use crate::error::SearchError;
use crate::schema::Fields;

/// As a query: every page that the asker may not see.
#[derive(Clone)]
pub(crate) struct Hidden(Arc<HashMap<SegmentId, Arc<Pages>>>);

/// Pages of a segment, a bit each.
pub(crate) struct Pages(Vec<u64>);

impl Hidden {
    /// `None`: the asker may see everything.
    pub(crate) fn from(
        searcher: &Searcher,
        fields: Fields,
        scope: &Scope,
    ) -> Result<Option<Self>, SearchError> {
        let mut terms = labels_without(searcher, fields, scope)?;
        if !scope.worklist {
            terms.push(Term::from_field_text(fields.state, "held"));
        }
        terms.extend(scope.excluded.iter().map(|id| Term::from_field_text(fields.document, &id.to_string())));
        // Whatever has become of a page that waited: it is found again with the next commit.
        terms.extend(scope.excluded_pages.iter().map(|page| fields.key_term(*page)));
        let mut hidden = HashMap::new();
        for segment in searcher.segment_readers() {
            let mut pages: Option<Pages> = None;
            for term in &terms {
                let inverted = segment.inverted_index(term.field())?;
                let Some(mut found) = inverted.read_postings(term, IndexRecordOption::Basic)? else {
                    continue;
                };
                let pages = pages.get_or_insert_with(|| Pages::none_of(segment.max_doc()));
                while found.doc() != TERMINATED {
                    pages.put(found.doc());
                    found.advance();
                }
            }
            hidden.extend(pages.map(|pages| (segment.segment_id(), Arc::new(pages))));
        }
        Ok((!hidden.is_empty()).then(|| Self(Arc::new(hidden))))
    }

    /// Those of one segment, if there are any.
    pub(crate) fn of(&self, segment: &SegmentReader) -> Option<Arc<Pages>> {
        self.0.get(&segment.segment_id()).cloned()
    }
}

/// All protection labels that any page carries and the asker lacks.
fn labels_without(searcher: &Searcher, fields: Fields, scope: &Scope) -> Result<Vec<Term>, SearchError> {
    let mut lacking = BTreeSet::new();
    for segment in searcher.segment_readers() {
        let inverted = segment.inverted_index(fields.label)?;
        let mut stream = inverted.terms().stream()?;
        while stream.advance() {
            let label = String::from_utf8_lossy(stream.key());
            if !scope.labels.iter().any(|own| own.0 == label) {
                lacking.insert(label.into_owned());
            }
        }
    }
    Ok(lacking.iter().map(|label| Term::from_field_text(fields.label, label)).collect())
}

impl Pages {
    pub(crate) fn none_of(pages: u32) -> Self {
        Self(vec![0; pages as usize / 64 + 1])
    }

    pub(crate) fn put(&mut self, page: DocId) {
        self.0[page as usize / 64] |= 1 << (page % 64);
    }

    pub(crate) fn have(&self, page: DocId) -> bool {
        self.0.get(page as usize / 64).is_some_and(|bits| bits >> (page % 64) & 1 == 1)
    }

    /// The first from this one on.
    pub(crate) fn next(&self, page: DocId) -> DocId {
        let (mut at, mut mask) = (page as usize / 64, !0 << (page % 64));
        while let Some(bits) = self.0.get(at) {
            if bits & mask != 0 {
                return 64 * at as u32 + (bits & mask).trailing_zeros();
            }
            (at, mask) = (at + 1, !0);
        }
        TERMINATED
    }
}

/// Goes through them in their order.
struct Going {
    pages: Arc<Pages>,
    page: DocId,
}

impl DocSet for Going {
    fn advance(&mut self) -> DocId {
        self.seek(self.page.saturating_add(1))
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.page = if target >= TERMINATED { TERMINATED } else { self.pages.next(target) };
        self.page
    }

    fn seek_danger(&mut self, target: DocId) -> SeekDangerResult {
        if self.pages.have(target) {
            self.page = target;
            return SeekDangerResult::Found;
        }
        SeekDangerResult::SeekLowerBound((target + 1).min(TERMINATED))
    }

    fn doc(&self) -> DocId {
        self.page
    }

    fn size_hint(&self) -> u32 {
        self.pages.0.len() as u32
    }
}

impl Query for Hidden {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for Hidden {
    fn scorer(&self, segment: &SegmentReader, _: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(match self.of(segment) {
            Some(pages) => Box::new(ConstScorer::new(Going { page: pages.next(0), pages }, 0.0)),
            None => Box::new(EmptyScorer),
        })
    }

    fn explain(&self, _: &SegmentReader, _: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument("what is hidden is not explained".into()))
    }
}

/// Which pages are hidden is nobody's business.
impl std::fmt::Debug for Hidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hidden(…)")
    }
}
