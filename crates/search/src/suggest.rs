//! How may the line that is being typed go on?
//!
//! By words that stand in the index, by the clinic's forms, and by the values of fields. Never by anything with a
//! digit: numbers and dates are typed, not guessed. Each is offered only where it stands, together with all that was
//! typed before, on a page the asker may see; and in the order of what the asker may see of it.

use std::collections::HashMap;

use tantivy::query::{Occur, PhraseQuery, Query as Tantivy, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

use crate::error::SearchError;
use crate::lexicon;
use crate::query::compile::Compiler;
use crate::query::typed::{Begun, Last, Typed};
use crate::question::{Condition, Question, cloned};
use crate::schema::Fields;
use crate::seen::Seen;

/// One way to go on. It names what stands on pages: for the screen of who asked, never for a log.
#[derive(Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The whole line, gone on.
    pub line: String,
    /// What it goes on to: "pneumonia", "heart attack", "type:lab".
    pub text: String,
    /// What it stands for in a clinic, where it is a short form or another word: "myocardial infarction". From the
    /// vocabulary, whatever is in the index.
    pub means: Vec<String>,
}

/// Never shows what stands on pages.
impl std::fmt::Debug for Suggestion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Suggestion(…)")
    }
}

/// A suggestion, and what says how likely it is: pages the asker may see it on, as far as they were counted.
struct Likely {
    suggestion: Suggestion,
    pages: usize,
    /// Pages of the whole index; counts only among what is common.
    everywhere: u64,
}

impl Likely {
    fn commonness(&self) -> (usize, u64) {
        (self.pages, if self.pages < COMMON { 0 } else { self.everywhere })
    }
}

/// Counted no further: what stands on so many pages is common, and which of them is the commonest the index says.
const COMMON: usize = 500;
/// Terms of the dictionary that are looked at.
const MOST_WALKED: usize = 200_000;
/// Words that are tried, commonest first.
const MOST_TRIED: usize = 2_000;
/// Where so many more than asked for are found, no more are tried: the rest is rarer.
const SPARE: usize = 16;
/// A misreading is at most this share of its word as common (one in …).
const RARER: usize = 5;

impl Question<'_> {
    /// The question's query is what stands before the last word.
    pub(crate) fn suggest(&self, typed: &Typed, limit: usize) -> Result<Vec<Suggestion>, SearchError> {
        let Some(last) = typed.last.as_ref().filter(|_| limit > 0) else { return Ok(Vec::new()) };
        let visible = self.visible()?;
        let mut seen = self.seen_before(visible.iter().map(cloned).collect())?;
        let mut likely = match last {
            Last::Value { head, field, begun } => self.values(&mut seen, head, field, begun)?,
            Last::Word { head, begun, forms } => {
                let mut likely = self.forms(&mut seen, forms)?;
                let tried = self.tried(begun)?;
                let words = self.words(&mut seen, head, &tried, limit)?;
                let words = self.without_misread(words, &tried, visible)?;
                let told = |word: &Likely, likely: &[Likely]| {
                    likely.iter().any(|form| {
                        form.suggestion.line.to_lowercase() == word.suggestion.line.to_lowercase()
                    })
                };
                for word in words {
                    if !told(&word, &likely) {
                        likely.push(word);
                    }
                }
                likely
            }
        };
        likely.sort_by(|a, b| {
            b.commonness().cmp(&a.commonness()).then_with(|| a.suggestion.text.cmp(&b.suggestion.text))
        });
        likely.truncate(limit);
        Ok(likely.into_iter().map(|one| one.suggestion).collect())
    }

    /// Pages the asker may see that answer what was typed before.
    fn seen_before(&self, visible: Vec<Condition>) -> Result<Seen<'_>, SearchError> {
        let mut conditions = visible;
        if self.query.is_empty() {
            return Ok(Seen::all(self.searcher, conditions));
        }
        let mut compiler =
            Compiler::new(self.searcher, self.fields, self.patients, self.walked, &self.query.wished);
        for clause in &self.query.all {
            conditions.push(compiler.clause(clause)?);
        }
        if conditions.iter().all(|(occur, _)| *occur == Occur::MustNot) {
            conditions.push((Occur::Must, Box::new(tantivy::query::AllQuery)));
        }
        Seen::only(self.searcher, conditions)
    }

    fn values(
        &self,
        seen: &mut Seen<'_>,
        head: &str,
        field: &str,
        begun: &str,
    ) -> Result<Vec<Likely>, SearchError> {
        let of = field_of(&self.fields, field);
        let mut likely = Vec::new();
        for (value, everywhere) in begun_by(self.searcher, of, begun, |_| true)? {
            let pages = seen.count(term(of, &value), COMMON)?;
            if pages > 0 {
                let value = if value.contains(char::is_whitespace) { format!("\"{value}\"") } else { value };
                let (line, text) = (format!("{head}{value}"), format!("{field}:{value}"));
                likely.push(Likely {
                    suggestion: Suggestion { line, text, means: Vec::new() },
                    pages,
                    everywhere,
                });
            }
        }
        Ok(likely)
    }

    fn forms(&self, seen: &mut Seen<'_>, forms: &[Begun]) -> Result<Vec<Likely>, SearchError> {
        let body = self.fields.body;
        let mut likely = Vec::new();
        for form in forms {
            let query: Box<dyn Tantivy> = match (&form.word, form.parts.as_slice()) {
                (Some(word), _) => term(body, word),
                (None, parts) => {
                    let terms = parts.iter().map(|part| Term::from_field_text(body, part)).collect();
                    Box::new(PhraseQuery::new(terms))
                }
            };
            let pages = seen.count(query, COMMON)?;
            if pages > 0 {
                let suggestion = Suggestion {
                    line: format!("{}{}", form.head, form.written),
                    text: form.written.clone(),
                    means: form.means.clone(),
                };
                let everywhere = match &form.word {
                    Some(word) => self.searcher.doc_freq(&Term::from_field_text(body, word))?,
                    None => 0,
                };
                likely.push(Likely { suggestion, pages, everywhere });
            }
        }
        Ok(likely)
    }

    /// Words of letters that begin so, commonest first.
    fn tried(&self, begun: &str) -> Result<Vec<(String, u64)>, SearchError> {
        let letters = |term: &str| term.chars().all(char::is_alphabetic);
        if !letters(begun) {
            return Ok(Vec::new());
        }
        let mut tried = begun_by(self.searcher, self.fields.body, begun, letters)?;
        tried.retain(|(word, _)| word != begun);
        tried.truncate(MOST_TRIED);
        Ok(tried)
    }

    fn words(
        &self,
        seen: &mut Seen<'_>,
        head: &str,
        tried: &[(String, u64)],
        limit: usize,
    ) -> Result<Vec<Likely>, SearchError> {
        let body = self.fields.body;
        let mut likely: Vec<Likely> = Vec::new();
        for (word, everywhere) in tried {
            if likely.len() == limit + SPARE || seen.patience == 0 {
                break;
            }
            let pages = seen.count(term(body, word), COMMON)?;
            if pages > 0 {
                let line = format!("{head}{word}");
                let suggestion = Suggestion { line, text: word.clone(), means: Vec::new() };
                likely.push(Likely { suggestion, pages, everywhere: *everywhere });
            }
        }
        Ok(likely)
    }

    /// Without what is no word of the lexicon and one letter off another that is much commoner, on pages the asker may
    /// see.
    fn without_misread(
        &self,
        likely: Vec<Likely>,
        others: &[(String, u64)],
        visible: Vec<Condition>,
    ) -> Result<Vec<Likely>, SearchError> {
        let mut seen = Seen::all(self.searcher, visible);
        let mut pages = |word: &str| seen.count(term(self.fields.body, word), COMMON);
        let mut kept = Vec::new();
        for one in likely {
            let word = one.suggestion.text.as_str();
            if lexicon::holds(word) {
                kept.push(one);
                continue;
            }
            let near = others.iter().map(|(other, _)| other).filter(|other| is_misread(word, other));
            let mut misread = false;
            for other in near {
                misread |= pages(word)? * RARER <= pages(other)?;
            }
            if !misread {
                kept.push(one);
            }
        }
        Ok(kept)
    }
}

/// Terms that begin so and the pages they stand on, commonest first.
fn begun_by(
    searcher: &Searcher,
    field: Field,
    begun: &str,
    is_wanted: impl Fn(&str) -> bool,
) -> Result<Vec<(String, u64)>, SearchError> {
    let mut found: HashMap<String, u64> = HashMap::new();
    let mut walked = 0;
    for segment in searcher.segment_readers() {
        let inverted = segment.inverted_index(field)?;
        let mut stream = inverted.terms().range().ge(begun).into_stream()?;
        while walked < MOST_WALKED && stream.advance() {
            let Ok(term) = std::str::from_utf8(stream.key()) else { continue };
            if !term.starts_with(begun) {
                break;
            }
            walked += 1;
            if is_wanted(term) {
                let pages = u64::from(stream.value().doc_freq);
                match found.get_mut(term) {
                    Some(known) => *known += pages,
                    None => drop(found.insert(term.to_owned(), pages)),
                }
            }
        }
    }
    let mut all: Vec<(String, u64)> = found.into_iter().collect();
    all.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Ok(all)
}

/// One letter other, more, less or exchanged, within or at the end; not where the word only goes on, as a plural does.
fn is_misread(word: &str, of: &str) -> bool {
    // A letter is four bytes at most.
    if word.len().abs_diff(of.len()) > 4 {
        return false;
    }
    let (word, of): (Vec<char>, Vec<char>) = (word.chars().collect(), of.chars().collect());
    if word == of || word.starts_with(&of) {
        return false;
    }
    let same = word.iter().zip(&of).take_while(|(a, b)| a == b).count();
    let (word, of) = (&word[same..], &of[same..]);
    let exchanged =
        || matches!((word, of), ([a, b, rest @ ..], [c, d, other @ ..]) if a == d && b == c && rest == other);
    behind(word) == behind(of) || behind(word) == of || word == behind(of) || exchanged()
}

fn behind(letters: &[char]) -> &[char] {
    letters.get(1..).unwrap_or_default()
}

fn field_of(fields: &Fields, name: &str) -> Field {
    match name {
        "type" => fields.kind,
        "station" => fields.station,
        "box" => fields.paper_box,
        "evidence" => fields.evidence,
        "legibility" => fields.legibility,
        _ => fields.state,
    }
}

fn term(field: Field, text: &str) -> Box<dyn Tantivy> {
    Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::Basic))
}
