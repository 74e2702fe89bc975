//! How is the best of several ways to say the same found without weighing every page?
//!
//! Whatever is among the best of all is among the best of the way that it owes its score to. So each way is asked for
//! its own best, where blocks of pages that cannot be among them are left out; the common way is the word itself, and
//! the others are rare.

use tantivy::index::SegmentReader;
use tantivy::query::{
    DisjunctionMaxQuery, EnableScoring, Explanation, Query, QueryClone as _, Scorer, Weight,
};
use tantivy::{DocId, Score};

/// The highest score of several queries; the collector must take the higher of two scores of a page
/// ([`crate::fit::ByFit`] does).
#[derive(Debug)]
pub(crate) struct BestOf(Vec<Box<dyn Query>>);

impl BestOf {
    pub(crate) const fn new(ways: Vec<Box<dyn Query>>) -> Self {
        Self(ways)
    }

    fn ways(&self) -> Vec<Box<dyn Query>> {
        self.0.iter().map(|way| way.box_clone()).collect()
    }
}

impl Clone for BestOf {
    fn clone(&self) -> Self {
        Self(self.ways())
    }
}

impl Query for BestOf {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let together = DisjunctionMaxQuery::new(self.ways()).weight(scoring)?;
        if !scoring.is_scoring_enabled() {
            return Ok(together);
        }
        let ways = self.0.iter().map(|way| way.weight(scoring)).collect::<tantivy::Result<_>>()?;
        Ok(Box::new(Weighed { together, ways }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a tantivy::Term, bool)) {
        self.0.iter().for_each(|way| way.query_terms(visitor));
    }
}

struct Weighed {
    together: Box<dyn Weight>,
    ways: Vec<Box<dyn Weight>>,
}

impl Weight for Weighed {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        self.together.scorer(segment, boost)
    }

    fn explain(&self, segment: &SegmentReader, page: DocId) -> tantivy::Result<Explanation> {
        self.together.explain(segment, page)
    }

    fn for_each_no_score(
        &self,
        segment: &SegmentReader,
        callback: &mut dyn FnMut(&[DocId]),
    ) -> tantivy::Result<()> {
        self.together.for_each_no_score(segment, callback)
    }

    fn for_each_pruning(
        &self,
        mut threshold: Score,
        segment: &SegmentReader,
        callback: &mut dyn FnMut(DocId, Score) -> Score,
    ) -> tantivy::Result<()> {
        for way in &self.ways {
            way.for_each_pruning(threshold, segment, &mut |page, score| {
                threshold = callback(page, score);
                threshold
            })?;
        }
        Ok(())
    }
}
