//! Which words may the machine have misread for this one?
//!
//! The term dictionary is walked for what is close to the word (`walked`). What is close and is itself a word is another word
//! (ileum, ilium); what is close and none can only be a misreading. Words are those of the lexicon, and those of the
//! house: what stands on many pages, and not much more rarely than the word itself, is one (a drug's name of last year).
//! What was searched for as well is always shown, and ranks below. Doses, numbers and dates are exact.

use std::collections::BTreeMap;

use tantivy::schema::Field;
use tantivy::{Searcher, Term};

use crate::error::SearchError;
use crate::lexicon;
use crate::placed::alternative;
use crate::query::compile::Reach;
use crate::walked::Walked;

/// At most so many misreadings of a word.
const MOST: usize = 20;
/// What stands on fewer pages is no word of the house, ...
const OF_THE_HOUSE: u64 = 20;
/// ... nor what is so much rarer than the word itself (one in …).
const RARER: u64 = 5;
/// Words of so many letters may have two of them misread.
const LONG: usize = 7;
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

/// Whether there is more to look for than what differs in one letter.
pub(crate) fn may_be_far(word: &str) -> bool {
    word.chars().count() >= LONG && word.chars().all(char::is_alphabetic)
}

/// The word itself, then what may be misreadings of it that stand in the index: nearest first, then commonest.
pub(crate) fn spellings(
    searcher: &Searcher,
    body: Field,
    word: &str,
    reach: Reach,
    walked: &Walked,
) -> Result<Vec<Spelling>, SearchError> {
    let own = exact(searcher, body, word)?;
    let doubted = doubted(searcher, body, word)?;
    if let Some(alike) = alike(word).filter(|alike| !lexicon::holds(alike)) {
        let found = exact(searcher, body, &alike)?;
        let alike = (found.pages > 0).then_some(Spelling { weight: WEIGHTS[1], ..found });
        return Ok([own].into_iter().chain(doubted).chain(alike).collect());
    }
    if word.chars().count() < 4 || !word.chars().all(char::is_alphabetic) {
        return Ok([own].into_iter().chain(doubted).collect());
    }
    let common = (own.pages / RARER).max(OF_THE_HOUSE);
    let is_misread = |term: &str, pages: u64| pages < common && !lexicon::holds(term);
    let mut near = walked.near(searcher, body, word, 1)?;
    near.retain(|term, pages| is_misread(term, *pages));
    let mut all = ranked(near, 1);
    if reach == Reach::Far && may_be_far(word) {
        let mut far = walked.near(searcher, body, word, 2)?;
        far.retain(|term, pages| is_misread(term, *pages) && all.iter().all(|known| known.term != *term));
        all.extend(ranked(far, 2));
    }
    all.truncate(MOST);
    Ok([own].into_iter().chain(doubted).chain(all).collect())
}

/// "a1c" as "alc": what a word with digits in it becomes where they are taken for the letters that look like them. That
/// is no other number, as one digit for another would be. Numbers themselves have no such form.
fn alike(word: &str) -> Option<String> {
    let letter = |c: char| match c {
        '0' => 'o',
        '1' => 'l',
        '5' => 's',
        '8' => 'b',
        other => other,
    };
    let named = word.starts_with(char::is_alphabetic) && word.chars().all(char::is_alphanumeric);
    Some(word.chars().map(letter).collect::<String>()).filter(|alike| named && alike != word)
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
