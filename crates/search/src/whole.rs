//! How are all conditions of a query put to the index together?
//!
//! The library leaves out what cannot be among the first only where nothing but terms is asked for. So what the asker
//! may not see is no condition here: each page that comes up is looked up among the hidden ones.

use std::sync::Arc;

use tantivy::DocId;
use tantivy::Score;
use tantivy::index::SegmentReader;
use tantivy::query::{
    BooleanQuery, EnableScoring, Exclude, Explanation, Occur, Query, QueryClone as _, Scorer, Weight,
};

use crate::answer::Condition;
use crate::hidden::{Hidden, Pages};

/// What must hold of a page, and which pages are not there.
#[derive(Debug)]
pub(crate) struct Whole {
    asked: Box<dyn Query>,
    hidden: Option<Hidden>,
}

impl Whole {
    pub(crate) fn new(mut conditions: Vec<Condition>, hidden: Option<Hidden>) -> Self {
        let asked = match conditions.as_slice() {
            [(Occur::Must, _)] => conditions.remove(0).1,
            _ => Box::new(BooleanQuery::new(conditions)),
        };
        Self { asked, hidden }
    }
}

impl Clone for Whole {
    fn clone(&self) -> Self {
        Self { asked: self.asked.box_clone(), hidden: self.hidden.clone() }
    }
}

impl Query for Whole {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(Weighed { asked: self.asked.weight(scoring)?, hidden: self.hidden.clone() }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a tantivy::Term, bool)) {
        self.asked.query_terms(visitor);
    }
}

struct Weighed {
    asked: Box<dyn Weight>,
    hidden: Option<Hidden>,
}

impl Weighed {
    fn hidden(&self, segment: &SegmentReader) -> Option<Arc<Pages>> {
        self.hidden.as_ref().and_then(|hidden| hidden.of(segment))
    }
}

impl Weight for Weighed {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let asked = self.asked.scorer(segment, boost)?;
        Ok(match &self.hidden {
            Some(hidden) if hidden.of(segment).is_some() => {
                Box::new(Exclude::new(asked, hidden.scorer(segment, 1.0)?))
            }
            _ => asked,
        })
    }

    fn explain(&self, segment: &SegmentReader, page: DocId) -> tantivy::Result<Explanation> {
        self.asked.explain(segment, page)
    }

    fn count(&self, segment: &SegmentReader) -> tantivy::Result<u32> {
        let (hidden, alive) = (self.hidden(segment), segment.alive_bitset());
        if hidden.is_none() {
            return self.asked.count(segment);
        }
        let mut count = 0;
        let shown = |page: &&DocId| {
            alive.is_none_or(|alive| alive.is_alive(**page))
                && !hidden.as_ref().is_some_and(|hidden| hidden.have(**page))
        };
        self.asked
            .for_each_no_score(segment, &mut |pages| count += pages.iter().filter(shown).count() as u32)?;
        Ok(count)
    }

    fn for_each_no_score(
        &self,
        segment: &SegmentReader,
        callback: &mut dyn FnMut(&[DocId]),
    ) -> tantivy::Result<()> {
        let Some(hidden) = self.hidden(segment) else {
            return self.asked.for_each_no_score(segment, callback);
        };
        let mut shown = Vec::new();
        self.asked.for_each_no_score(segment, &mut |pages| {
            shown.clear();
            shown.extend(pages.iter().filter(|page| !hidden.have(**page)));
            callback(&shown);
        })
    }

    fn for_each_pruning(
        &self,
        threshold: Score,
        segment: &SegmentReader,
        callback: &mut dyn FnMut(DocId, Score) -> Score,
    ) -> tantivy::Result<()> {
        let Some(hidden) = self.hidden(segment) else {
            return self.asked.for_each_pruning(threshold, segment, callback);
        };
        let mut threshold = threshold;
        self.asked.for_each_pruning(threshold, segment, &mut |page, score| {
            if !hidden.have(page) {
                threshold = callback(page, score);
            }
            threshold
        })
    }
}
