//! Which terms of the dictionary are close to a word?
//!
//! The word's Levenshtein automaton walks the dictionary of each segment, a millisecond or ten a word. Segments never
//! change, so what a walk has found holds as long as its segment is there: who narrows a query, or asks once more with
//! two letters forgiven, does not pay for its words again.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::index::{SegmentId, SegmentReader};
use tantivy::query::{DfaWrapper, FuzzyTermQuery};
use tantivy::schema::Field;
use tantivy::{Searcher, Term};

use crate::error::SearchError;

/// Terms of a segment, and the pages they stand on.
type Near = Arc<[(String, u64)]>;

/// What the last walks have found.
#[derive(Default)]
pub(crate) struct Walked(Mutex<HashMap<(SegmentId, u8, String), Near>>);

/// So many walks are remembered; then all are forgotten.
const REMEMBERED: usize = 4_096;

impl Walked {
    /// Terms of letters only within a distance, with the pages they stand on; without the word itself.
    pub(crate) fn near(
        &self,
        searcher: &Searcher,
        body: Field,
        word: &str,
        distance: u8,
    ) -> Result<BTreeMap<String, u64>, SearchError> {
        let query = FuzzyTermQuery::new(Term::from_field_text(body, word), distance, true);
        // Made once for all segments, and not at all where every one is known.
        let mut automaton = None;
        let mut found: BTreeMap<String, u64> = BTreeMap::new();
        for segment in searcher.segment_readers() {
            let key = (segment.segment_id(), distance, word.to_owned());
            let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
            let near = match known {
                Some(near) => near,
                None => {
                    let automaton = match &mut automaton {
                        Some(made) => made,
                        none => none.insert(query.automaton()?),
                    };
                    let near: Near = walk(segment, body, word, distance, automaton)?.into();
                    let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
                    if all.len() >= REMEMBERED {
                        all.clear();
                    }
                    all.insert(key, Arc::clone(&near));
                    near
                }
            };
            for (term, pages) in near.iter() {
                *found.entry(term.clone()).or_default() += pages;
            }
        }
        Ok(found)
    }
}

/// Of two letters the first is no misread one: the walk is ten times shorter.
fn walk(
    segment: &SegmentReader,
    body: Field,
    word: &str,
    distance: u8,
    automaton: &DfaWrapper,
) -> Result<Vec<(String, u64)>, SearchError> {
    let inverted = segment.inverted_index(body)?;
    let mut walk = inverted.terms().search(automaton);
    if distance > 1 {
        let first: String = word.chars().take(1).collect();
        walk = walk.ge(&first).lt(format!("{first}\u{10ffff}"));
    }
    let (mut stream, mut near) = (walk.into_stream()?, Vec::new());
    while stream.advance() {
        let Ok(term) = std::str::from_utf8(stream.key()) else { continue };
        if term != word && term.chars().all(char::is_alphabetic) {
            near.push((term.to_owned(), u64::from(stream.value().doc_freq)));
        }
    }
    Ok(near)
}

/// Holds words of pages.
impl std::fmt::Debug for Walked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Walked(…)")
    }
}
