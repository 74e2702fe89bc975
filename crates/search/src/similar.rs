//! Which pages are most like this one?
//!
//! By the words that say most about it: often on this page, on few others. Neither numbers nor the names of the patient
//! are among them: what is asked for is more of the same matter, not more of the same chart. Copies of the page are
//! like it, too, and are told apart by [`crate::IndexReader::copies`].

use std::collections::{BTreeMap, BTreeSet};

use records::ids::PageRef;
use records::reading::PageReading;
use tantivy::Term;
use tantivy::collector::TopDocs;
use tantivy::query::{AllQuery, BooleanQuery, Occur, Query as Tantivy, TermQuery};
use tantivy::schema::IndexRecordOption;

use crate::answer::Hit;
use crate::error::SearchError;
use crate::query::compile::filter;
use crate::question::{Condition, Question, cloned, say_places_only};
use crate::seen::Seen;
use crate::tokens::token;

/// The page that others are to be like.
#[derive(Clone, Copy)]
pub struct Model<'a> {
    pub page: PageRef,
    /// What was read on it: whoever asks has been let see it.
    pub reading: &'a PageReading,
    /// Words that say whose it is, in any form: they count for nothing.
    pub names: &'a [String],
}

/// Words that are looked for.
const MOST: usize = 24;
/// Of these a page like it has at least one of so many.
const SHARED: usize = 3;
/// Shorter words say little.
const SHORTEST: usize = 4;
/// Different words of a page that are weighed.
const MOST_WEIGHED: usize = 400;
/// Counted no further: so many pages have it that it says little.
const COMMON: usize = 2_000;
/// Pages are counted no further: of so many, those that the asker may not see make no difference.
const MANY: usize = 100_000;

impl Question<'_> {
    /// Best first; of equals the first in the order of batch and page.
    pub(crate) fn similar(&self, model: Model<'_>, limit: usize) -> Result<Vec<Hit>, SearchError> {
        let mut conditions = self.visible()?;
        let all_are_visible = conditions.is_empty();
        let words = self.telling_words(model, conditions.iter().map(cloned).collect())?;
        if words.is_empty() || limit == 0 {
            return Ok(Vec::new());
        }
        let least = words.len().div_ceil(SHARED);
        let any = words.into_iter().map(|word| -> (Occur, Box<dyn Tantivy>) {
            let term = Term::from_field_text(self.fields.body, &word);
            (Occur::Should, Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)))
        });
        conditions
            .push((Occur::Must, Box::new(BooleanQuery::with_minimum_required_clauses(any.collect(), least))));
        let itself = TermQuery::new(self.fields.key_term(model.page), IndexRecordOption::Basic);
        conditions.push((Occur::MustNot, filter(Box::new(itself))));
        let mut hits = self.best_hits(&BooleanQuery::new(conditions), TopDocs::with_limit(limit))?;
        if !all_are_visible {
            say_places_only(hits.iter_mut(), 0);
        }
        Ok(hits)
    }

    /// The words that say most, by how often they stand here and on how few of the pages the asker may see.
    fn telling_words(&self, model: Model<'_>, visible: Vec<Condition>) -> Result<Vec<String>, SearchError> {
        let wholes = |text: &str| {
            text.split_whitespace().filter_map(token).map(|token| token.whole).collect::<Vec<_>>()
        };
        let names: BTreeSet<String> = model.names.iter().flat_map(|name| wholes(name)).collect();
        let mut often: BTreeMap<String, u32> = BTreeMap::new();
        for word in model.reading.words.iter().filter(|word| word.legible) {
            let wanted = |word: &String| {
                word.chars().count() >= SHORTEST
                    && word.chars().all(char::is_alphabetic)
                    && !names.contains(word)
            };
            for word in wholes(&word.text).into_iter().filter(wanted) {
                *often.entry(word).or_default() += 1;
            }
        }
        let mut seen = Seen::all(self.searcher, visible);
        seen.patience = MANY + MOST_WEIGHED * COMMON;
        let all = match seen.count(Box::new(AllQuery), MANY)? {
            MANY => self.searcher.num_docs() as f32,
            pages => pages as f32,
        };
        let mut weighed = Vec::new();
        for (word, here) in often.into_iter().take(MOST_WEIGHED) {
            let term = Term::from_field_text(self.fields.body, &word);
            let query = TermQuery::new(term.clone(), IndexRecordOption::Basic);
            let pages = match seen.count(Box::new(query), COMMON)? {
                COMMON => self.searcher.doc_freq(&term)? as f32,
                pages => pages as f32,
            };
            // On this page alone: a name, or a word nobody else reads like that.
            if pages > 1.0 {
                let weight = (1.0 + here as f32).ln() * ((1.0 + all) / (1.0 + pages)).ln();
                weighed.push((weight, word));
            }
        }
        weighed.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        weighed.truncate(MOST);
        Ok(weighed.into_iter().filter(|(weight, _)| *weight > 0.0).map(|(_, word)| word).collect())
    }
}
