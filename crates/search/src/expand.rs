//! Which words may the machine have misread for this one?
//!
//! The Levenshtein automaton of the word walks the term dictionary. What is close *and much rarer* than the word
//! itself is taken for a misreading of it: a real neighbour (ileum, ilium) is about as common as the word, a
//! misreading is not. This stands in for a lexicon, which we ship none of: it costs nothing and knows the site's own
//! drug names, but a rare real neighbour of a common word passes. So what was searched for as well is always shown,
//! and ranks below. Never for anything with a digit: doses, numbers and dates are exact.

use std::collections::BTreeMap;

use tantivy::query::FuzzyTermQuery;
use tantivy::schema::Field;
use tantivy::{Searcher, Term};

use crate::error::SearchError;
use crate::placed::alternative;

/// At most so many misreadings of a word.
const MOST: usize = 20;
/// A misreading is at most this share of the word as common (one in …).
const RARER: u64 = 5;
/// What stands on so few pages may be a misreading of any word, however rare.
const ALWAYS_RARE: u64 = 2;
/// With fewer pages than this at distance 1, long words are looked for at distance 2.
const FEW: u64 = 3;
/// Weight of a word the engine was in doubt about.
const DOUBTED: f32 = 0.4;
/// Weight beside the word itself, by distance.
const WEIGHTS: [f32; 3] = [1.0, 0.5, 0.25];

/// A form in which a word may stand on a page.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Spelling {
    pub(crate) term: String,
    /// 1 for the word itself, less for what may be a misreading of it.
    pub(crate) weight: f32,
    /// Pages it stands on.
    pub(crate) pages: u64,
}

/// The word itself, then what may be misreadings of it that stand in the index: nearest first, then commonest.
pub(crate) fn spellings(searcher: &Searcher, body: Field, word: &str) -> Result<Vec<Spelling>, SearchError> {
    let own = exact(searcher, body, word)?;
    let doubted = doubted(searcher, body, word)?;
    let letters = word.chars().count();
    if letters < 4 || !word.chars().all(char::is_alphabetic) {
        return Ok([own].into_iter().chain(doubted).collect());
    }
    let common = (own.pages / RARER).max(ALWAYS_RARE);
    let mut near = neighbours(searcher, body, word, 1)?;
    near.retain(|_, pages| *pages <= common);
    let reached = own.pages + near.values().sum::<u64>();
    let mut all = ranked(near, 1);
    if letters >= 7 && reached < FEW {
        let mut far = neighbours(searcher, body, word, 2)?;
        far.retain(|term, pages| *pages <= common && all.iter().all(|known| known.term != *term));
        all.extend(ranked(far, 2));
    }
    all.truncate(MOST);
    Ok([own].into_iter().chain(doubted).chain(all).collect())
}

/// Words that the engine, in doubt, also took for this one: never guessed at, and never told as what stands there.
fn doubted(searcher: &Searcher, body: Field, word: &str) -> Result<Option<Spelling>, SearchError> {
    let found = exact(searcher, body, &alternative(word))?;
    Ok((found.pages > 0).then_some(Spelling { weight: DOUBTED, ..found }))
}

/// A word that is not to be guessed at.
pub(crate) fn exact(searcher: &Searcher, body: Field, word: &str) -> Result<Spelling, SearchError> {
    let pages = searcher.doc_freq(&Term::from_field_text(body, word))?;
    Ok(Spelling { term: word.to_owned(), weight: WEIGHTS[0], pages })
}

fn ranked(found: BTreeMap<String, u64>, distance: usize) -> Vec<Spelling> {
    let mut all: Vec<Spelling> =
        found.into_iter().map(|(term, pages)| Spelling { term, weight: WEIGHTS[distance], pages }).collect();
    all.sort_by(|a, b| b.pages.cmp(&a.pages).then_with(|| a.term.cmp(&b.term)));
    all
}

/// Terms of letters only within a distance, with the pages they stand on; without the word itself.
fn neighbours(
    searcher: &Searcher,
    body: Field,
    word: &str,
    distance: u8,
) -> Result<BTreeMap<String, u64>, SearchError> {
    let automaton = FuzzyTermQuery::new(Term::from_field_text(body, word), distance, true).automaton()?;
    let mut found: BTreeMap<String, u64> = BTreeMap::new();
    for segment in searcher.segment_readers() {
        let inverted = segment.inverted_index(body)?;
        let mut stream = inverted.terms().search(&automaton).into_stream()?;
        while stream.advance() {
            let Ok(term) = std::str::from_utf8(stream.key()) else { continue };
            if term != word && term.chars().all(char::is_alphabetic) {
                *found.entry(term.to_owned()).or_default() += u64::from(stream.value().doc_freq);
            }
        }
    }
    Ok(found)
}
