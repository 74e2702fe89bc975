//! Which words may the machine have misread for this one?
//!
//! The Levenshtein automaton of the word walks the term dictionary. What is close *and much rarer* than the word itself
//! is taken for a misreading of it: a real neighbour (ileum, ilium) is about as common as the word, a misreading is
//! not. Never for anything with a digit: doses, numbers and dates are exact.

use std::collections::BTreeMap;

use tantivy::query::FuzzyTermQuery;
use tantivy::schema::Field;
use tantivy::{Searcher, Term};

/// At most so many variants of a word.
const MOST: usize = 20;
/// A variant is at most this share of the word as common (one in …).
const RARER: u64 = 5;

/// Misreadings of `word` that stand in the index, most common first.
pub(crate) fn misreadings(searcher: &Searcher, body: Field, word: &str) -> Vec<String> {
    let letters = word.chars().count();
    if letters < 4 || word.chars().any(|c| !c.is_alphabetic()) {
        return Vec::new();
    }
    let own = count(searcher, body, word);
    let distance = if own == 0 && letters >= 7 { 2 } else { 1 };
    let mut found: BTreeMap<String, u64> = BTreeMap::new();
    let fuzzy = FuzzyTermQuery::new(Term::from_field_text(body, word), distance, true);
    let Ok(automaton) = fuzzy.automaton() else { return Vec::new() };
    for segment in searcher.segment_readers() {
        let Ok(inverted) = segment.inverted_index(body) else { continue };
        let Ok(mut stream) = inverted.terms().search(&automaton).into_stream() else { continue };
        while stream.advance() {
            let Ok(term) = std::str::from_utf8(stream.key()) else { continue };
            if term != word && term.chars().all(char::is_alphabetic) {
                *found.entry(term.to_owned()).or_default() += u64::from(stream.value().doc_freq);
            }
        }
    }
    found.retain(|_, often| *often * RARER <= own.max(RARER * 2));
    let mut variants: Vec<(String, u64)> = found.into_iter().collect();
    variants.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    variants.truncate(MOST);
    variants.into_iter().map(|(term, _)| term).collect()
}

fn count(searcher: &Searcher, body: Field, word: &str) -> u64 {
    searcher.doc_freq(&Term::from_field_text(body, word)).unwrap_or(0)
}
