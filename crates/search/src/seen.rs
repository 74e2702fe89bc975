//! On how many pages that the asker may see does something stand?
//!
//! Whatever is offered is counted by this, so that it tells of nothing else. Counting ends early: whether a word is
//! common needs no number.

use tantivy::query::{BooleanQuery, EnableScoring, Occur, Query as Tantivy};
use tantivy::{DocId, DocSet as _, Searcher, TERMINATED};

use crate::error::SearchError;
use crate::question::Condition;

/// Pages that may be counted, and how much is still looked at.
pub(crate) struct Seen<'a> {
    searcher: &'a Searcher,
    among: Among,
    /// Pages that are still looked at, all questions together.
    pub(crate) patience: usize,
}

enum Among {
    /// Whatever meets these conditions.
    All(Vec<Condition>),
    /// These, by segment, ascending: what took long to find is looked for once.
    These(Vec<Vec<DocId>>),
}

/// No question costs more: some 20 ms.
const PATIENCE: usize = 400_000;

impl<'a> Seen<'a> {
    /// All pages the asker may see.
    pub(crate) const fn all(searcher: &'a Searcher, visible: Vec<Condition>) -> Self {
        Self { searcher, among: Among::All(visible), patience: PATIENCE }
    }

    /// Those that meet the conditions, of which the asker's rights are a part.
    pub(crate) fn only(searcher: &'a Searcher, conditions: Vec<Condition>) -> Result<Self, SearchError> {
        let query = BooleanQuery::new(conditions);
        let weight = query.weight(EnableScoring::disabled_from_searcher(searcher))?;
        let mut these = Vec::new();
        for segment in searcher.segment_readers() {
            let mut pages = Vec::new();
            weight.for_each_no_score(segment, &mut |block| {
                let alive = |page: &DocId| segment.alive_bitset().is_none_or(|alive| alive.is_alive(*page));
                pages.extend(block.iter().copied().filter(alive));
            })?;
            these.push(pages);
        }
        Ok(Self { searcher, among: Among::These(these), patience: PATIENCE })
    }

    /// How many of the pages answer; whoever reads "`most`" knows that there may be more.
    pub(crate) fn count(&mut self, query: Box<dyn Tantivy>, most: usize) -> Result<usize, SearchError> {
        let scoring = EnableScoring::disabled_from_searcher(self.searcher);
        let mut found = 0;
        match &self.among {
            Among::All(visible) => {
                let mut conditions: Vec<Condition> =
                    visible.iter().map(|(occur, condition)| (*occur, condition.box_clone())).collect();
                conditions.push((Occur::Must, query));
                let weight = BooleanQuery::new(conditions).weight(scoring)?;
                for segment in self.searcher.segment_readers() {
                    let mut pages = weight.scorer(segment, 1.0)?;
                    let mut page = pages.doc();
                    while page != TERMINATED && found < most && self.patience > 0 {
                        let alive = segment.alive_bitset().is_none_or(|alive| alive.is_alive(page));
                        found += usize::from(alive);
                        self.patience -= 1;
                        page = pages.advance();
                    }
                }
            }
            Among::These(these) => {
                let weight = query.weight(scoring)?;
                for (segment, these) in self.searcher.segment_readers().iter().zip(these) {
                    let mut pages = weight.scorer(segment, 1.0)?;
                    let mut rest = these.as_slice();
                    while found < most && self.patience > 0 {
                        self.patience -= 1;
                        // Each side leaps to where the other is.
                        let page = pages.doc();
                        rest = &rest[rest.partition_point(|one| *one < page)..];
                        match rest.first() {
                            None => break,
                            Some(one) if *one == page => {
                                found += 1;
                                pages.advance();
                            }
                            Some(one) => {
                                pages.seek(*one);
                            }
                        }
                    }
                }
            }
        }
        Ok(found)
    }
}
