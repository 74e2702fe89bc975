//! Which pages have most of what was asked, where few have all of it?
//!
//! A word may be lost on a bad copy, or remembered wrongly. So beside too few full answers stand pages on which one of
//! the conditions does not hold, told apart from them and with what is not there. Only what was typed as text may be
//! missing; fields, rights and what must not be there hold as ever, and a phrase is there or not.

use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, EnableScoring, Occur, Query as Tantivy, QueryClone as _};
use tantivy::{DocAddress, DocSet as _, TERMINATED};

use crate::answer::{Hit, Near};
use crate::error::SearchError;
use crate::query::Clause;
use crate::question::{Condition, Question};

/// So many full answers are enough.
pub(crate) const ENOUGH: usize = 10;
/// What stands on more pages tells nothing by itself, and takes long to look through.
const TELLS_NOTHING: u64 = 100_000;

/// With more conditions than this nothing is left out: a pasted page is no query.
const MOST_SAID: usize = 8;

/// What was typed as text, and how it is searched for.
pub(crate) struct Said<'a> {
    pub(crate) clause: &'a Clause,
    pub(crate) query: Box<dyn Tantivy>,
}

impl Question<'_> {
    /// At most so many pages, best first: all of `others` holds, and of what was said all but one. What is in `full`
    /// has all of it.
    pub(crate) fn nearly(
        &self,
        said: &[Said<'_>],
        others: Vec<Condition>,
        full: &[Hit],
        most: usize,
    ) -> Result<Vec<Near>, SearchError> {
        if most == 0 || said.len() > MOST_SAID {
            return Ok(Vec::new());
        }
        let ways = self.all_but_one(said)?;
        if ways.is_empty() {
            return Ok(Vec::new());
        }
        let mut conditions = others;
        conditions.push((Occur::Must, Box::new(BooleanQuery::new(ways))));
        let found = self.best(&BooleanQuery::new(conditions), TopDocs::with_limit(most + full.len()))?;
        let mut near = Vec::new();
        for (score, address) in found {
            let hit = self.hit(score, address)?;
            if full.iter().all(|known| known.page != hit.page) {
                near.push(Near { without: self.missing(said, address)?, hit });
            }
        }
        near.truncate(most);
        Ok(near)
    }

    /// Everything without the first, without the second, ...: where the rest still tells something.
    fn all_but_one(&self, said: &[Said<'_>]) -> Result<Vec<Condition>, SearchError> {
        let spread: Vec<u64> = said.iter().map(|said| self.spread(&*said.query)).collect::<Result<_, _>>()?;
        let mut ways: Vec<Condition> = Vec::new();
        for left_out in 0..said.len() {
            let kept = || (0..said.len()).filter(|at| *at != left_out);
            if kept().map(|at| spread[at]).min().is_some_and(|rarest| (1..=TELLS_NOTHING).contains(&rarest)) {
                let rest = kept().map(|at| (Occur::Must, said[at].query.box_clone()));
                ways.push((Occur::Should, Box::new(BooleanQuery::new(rest.collect()))));
            }
        }
        Ok(ways)
    }

    /// Pages on which any of its terms stands: at least so many as it is found on.
    fn spread(&self, query: &dyn Tantivy) -> Result<u64, SearchError> {
        let mut terms = Vec::new();
        query.query_terms(&mut |term, _| terms.push(term.clone()));
        let pages = terms.iter().map(|term| self.searcher.doc_freq(term));
        pages.sum::<Result<u64, _>>().map_err(Into::into)
    }

    /// In the clerk's words, what of it is not on this page.
    fn missing(&self, said: &[Said<'_>], page: DocAddress) -> Result<Vec<String>, SearchError> {
        let mut missing = Vec::new();
        let segment = self.searcher.segment_reader(page.segment_ord);
        for said in said {
            let weight = said.query.weight(EnableScoring::disabled_from_searcher(self.searcher))?;
            let mut pages = weight.scorer(segment, 1.0)?;
            while pages.doc() < page.doc_id && pages.doc() != TERMINATED {
                pages.seek(page.doc_id);
            }
            if pages.doc() != page.doc_id {
                missing.push(said.clause.typed());
            }
        }
        Ok(missing)
    }
}
