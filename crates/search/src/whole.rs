//! How are all conditions of a query put to the index together?
//!
//! The library leaves out what cannot be among the first only where nothing but terms is asked for. So what the asker
//! may not see is no condition here: each page that comes up is looked up among the hidden ones. And whatever is asked,
//! the walk ends when patience does.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tantivy::index::SegmentReader;
use tantivy::query::{
    BooleanQuery, EnableScoring, Exclude, Explanation, Occur, Query, QueryClone as _, Scorer, TermQuery,
    Weight,
};
use tantivy::{COLLECT_BLOCK_BUFFER_LEN, DocId, DocSet as _, Score, TERMINATED};

use crate::best_of::BestOf;
use crate::hidden::{Hidden, Pages};
use crate::patience::{Clock, Patience};
use crate::question::Condition;

/// What must hold of a page, and which pages are not there.
#[derive(Debug)]
pub(crate) struct Whole {
    asked: Box<dyn Query>,
    hidden: Option<Hidden>,
    patience: Patience,
}

impl Whole {
    pub(crate) fn new(mut conditions: Vec<Condition>, hidden: Option<Hidden>, patience: Patience) -> Self {
        let asked = match conditions.as_slice() {
            [(Occur::Must, _)] => conditions.remove(0).1,
            _ => Box::new(BooleanQuery::new(conditions)),
        };
        Self { asked, hidden, patience }
    }
}

impl Clone for Whole {
    fn clone(&self) -> Self {
        Self { asked: self.asked.box_clone(), hidden: self.hidden.clone(), patience: self.patience.clone() }
    }
}

impl Query for Whole {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(Weighed {
            asked: self.asked.weight(scoring)?,
            leaps: self.asked.is::<BestOf>() || self.asked.is::<TermQuery>(),
            hidden: self.hidden.clone(),
            clock: Mutex::new(self.patience.clock()),
        }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a tantivy::Term, bool)) {
        self.asked.query_terms(visitor);
    }
}

struct Weighed {
    asked: Box<dyn Weight>,
    /// It leaves out what cannot be among the first.
    leaps: bool,
    hidden: Option<Hidden>,
    /// One for all segments.
    clock: Mutex<Clock>,
}

impl Weighed {
    fn clock(&self) -> MutexGuard<'_, Clock> {
        self.clock.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Pages as they come, in blocks, until there is no patience left.
    fn blocks(&self, segment: &SegmentReader, mut callback: impl FnMut(&[DocId])) -> tantivy::Result<()> {
        let (hidden, mut clock) = (self.hidden(segment), self.clock());
        let mut pages = self.asked.scorer(segment, 1.0)?;
        let (mut block, mut shown) =
            ([0; COLLECT_BLOCK_BUFFER_LEN], Vec::with_capacity(COLLECT_BLOCK_BUFFER_LEN));
        loop {
            let found = pages.fill_buffer(&mut block);
            match &hidden {
                None => callback(&block[..found]),
                Some(hidden) => {
                    shown.clear();
                    shown.extend(block[..found].iter().filter(|page| !hidden.have(**page)));
                    callback(&shown);
                }
            }
            if found < block.len() || clock.is_over() {
                return Ok(());
            }
        }
    }

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
        let (alive, mut count) = (segment.alive_bitset(), 0);
        self.blocks(segment, |pages| {
            count += match alive {
                None => pages.len(),
                Some(alive) => pages.iter().filter(|page| alive.is_alive(**page)).count(),
            } as u32;
        })?;
        Ok(count)
    }

    fn for_each_no_score(
        &self,
        segment: &SegmentReader,
        callback: &mut dyn FnMut(&[DocId]),
    ) -> tantivy::Result<()> {
        self.blocks(segment, callback)
    }

    fn for_each_pruning(
        &self,
        mut threshold: Score,
        segment: &SegmentReader,
        callback: &mut dyn FnMut(DocId, Score) -> Score,
    ) -> tantivy::Result<()> {
        let hidden = self.hidden(segment);
        let is_hidden = |page: DocId| hidden.as_ref().is_some_and(|hidden| hidden.have(page));
        if self.leaps {
            return self.asked.for_each_pruning(threshold, segment, &mut |page, score| {
                if !is_hidden(page) {
                    threshold = callback(page, score);
                }
                threshold
            });
        }
        let mut clock = self.clock();
        let mut pages = self.asked.scorer(segment, 1.0)?;
        let mut page = pages.doc();
        while page != TERMINATED && !clock.is_over() {
            if !is_hidden(page) {
                let score = pages.score();
                if score > threshold {
                    threshold = callback(page, score);
                }
            }
            page = pages.advance();
        }
        Ok(())
    }
}
