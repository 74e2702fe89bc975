//! Which pieces of a page's text may be codes?

use std::borrow::Cow;
use std::ops::Range;

use crate::reading::{PageReading, Word};

/// A stretch of text without spaces, and the words it stands in.
pub(super) struct Piece<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) words: Range<usize>,
}

/// Longest code with its marks, in bytes; what is longer is none.
const LONGEST: usize = 14;
/// Longest word that is looked at: a line of dirt is no list of codes.
const LONGEST_WORD: usize = 120;

/// Pieces with a digit, in reading order. What is not legible has none.
pub(super) fn pieces(reading: &PageReading) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    for (at, word) in reading.words.iter().enumerate().filter(|(_, word)| may_hold_one(word)) {
        if let Some(text) = torn_at_its_point(&reading.words, at) {
            found.push(Piece { text: text.into(), words: at..at + 2 });
            continue;
        }
        for part in word.text.split(is_between) {
            let part = trimmed(part);
            let inside = if has_comma_for_point(part) { vec![part] } else { part.split(',').collect() };
            for text in inside.into_iter().map(trimmed).filter(|text| may_be_one(text)) {
                found.push(Piece { text: text.into(), words: at..at + 1 });
            }
        }
    }
    found
}

fn may_hold_one(word: &Word) -> bool {
    word.legible && word.text.len() <= LONGEST_WORD && has_digit(&word.text)
}

pub(super) fn may_be_one(text: &str) -> bool {
    (3..=LONGEST).contains(&text.len()) && text.is_ascii() && has_digit(text)
}

fn has_digit(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_digit())
}

fn is_between(c: char) -> bool {
    !(c.is_ascii_alphanumeric() || matches!(c, '.' | ',' | '-'))
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| !c.is_ascii_alphanumeric())
}

/// "E11,9": where a code has its point. A list ("I10,E11") has a letter behind its comma.
fn has_comma_for_point(text: &str) -> bool {
    let mut commas = text.match_indices(',');
    matches!((commas.next(), commas.next()), (Some((3, _)), None))
        && text.as_bytes().get(4).is_some_and(u8::is_ascii_digit)
}

/// "E11 .9" is one code.
fn torn_at_its_point(words: &[Word], at: usize) -> Option<String> {
    let (first, second) = (&words[at], words.get(at + 1)?);
    let rest = second.text.strip_prefix('.').filter(|_| second.legible && second.line == first.line)?;
    let rest = trimmed(rest);
    let head = first.text.trim_start_matches(is_between);
    let fits = head.len() == 3 && (1..=4).contains(&rest.len());
    let text = format!("{head}.{rest}");
    (fits && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.')).then_some(text)
}
