//! How is typed text taken apart?
//!
//! ```text
//! words            all of them           mrn: patient: dob: acct:   whose chart, which visit
//! "two words"      side by side          from: to: received:        a day, a month (2019-06), a year, 2019..2021
//! -word, NOT word  not on the page       type: station: batch: box: state: page: evidence: legibility:
//! a OR b           one of them           means:                     every meaning of a short form
//! doe, jane        her chart, or the two words       code:E11*           a code, or all that begin like it
//! ```
//! Nothing is refused. A field that does not know its value becomes words; an open quote ends with the text.

use jiff::civil::Date;
use records::codes::CodePattern;

use super::{Clause, Query};
use crate::tokens::{Token, spoken_date, token};

mod values;
pub(super) use values::field;

/// More conditions than this are left out: a pasted page is no query, and must not stall the desk.
const MOST_PIECES: usize = 64;
/// Words looked at in one quoted piece.
const MOST_WORDS: usize = 32;

const FIELDS: [&str; 19] = [
    "mrn",
    "patient",
    "name",
    "dob",
    "acct",
    "account",
    "type",
    "station",
    "batch",
    "box",
    "state",
    "evidence",
    "legibility",
    "from",
    "to",
    "received",
    "page",
    "means",
    "code",
];

/// Fields whose value may be a date in several words.
const DATES: [&str; 4] = ["dob", "from", "to", "received"];

/// What stands between spaces, with its field and its quotes taken off.
struct Piece {
    field: Option<String>,
    text: String,
    quoted: bool,
    not: bool,
    /// Where its value begins, in the plain text.
    at: usize,
}

pub(super) fn query(text: &str, today: Date) -> Query {
    let (pieces, cut) = pieces(&plain(text), today);
    Query { all: clauses(pieces, today), cut, ..Query::default() }
}

/// What is still being typed at the end of a line.
pub(super) struct Unfinished {
    /// The line up to it, its field with it.
    pub(super) head: String,
    pub(super) field: Option<String>,
    pub(super) begun: String,
    /// What stands before it and must hold as well.
    pub(super) before: Query,
}

/// `None`: the line ends with a space, within quotes, or with more than is understood.
pub(super) fn unfinished(text: &str, today: Date) -> Option<Unfinished> {
    let text = plain(text);
    let (mut pieces, cut) = pieces(&text, today);
    let last = pieces.pop()?;
    let ends_here = text.len() == last.at + last.text.len();
    if cut || last.quoted || !ends_here {
        return None;
    }
    let other_side = pieces.last().is_some_and(|piece| piece.is_bare() && piece.text == "OR");
    let mut before = Query { all: clauses(pieces, today), cut, ..Query::default() };
    if other_side {
        before.all.pop();
    }
    let head = text[..last.at].to_owned();
    Some(Unfinished { head, field: last.field, begun: last.text, before })
}

fn clauses(pieces: Vec<Piece>, today: Date) -> Vec<Clause> {
    let (mut all, mut patients): (Vec<Clause>, usize) = (Vec::new(), 0);
    let (mut or, mut not) = (false, false);
    for piece in pieces {
        match piece.text.as_str() {
            "OR" if piece.is_bare() => {
                or = !all.is_empty();
                continue;
            }
            "NOT" if piece.is_bare() => {
                not = true;
                continue;
            }
            "AND" if piece.is_bare() => continue,
            _ => {}
        }
        let Some(mut clause) = clause(&piece, &mut patients, today) else { continue };
        if piece.not || not {
            clause = Clause::Not(Box::new(clause));
        }
        match all.pop_if(|_| or) {
            Some(Clause::Any(mut sides)) => {
                sides.push(clause);
                all.push(Clause::Any(sides));
            }
            Some(first) => all.push(Clause::Any(vec![first, clause])),
            None => all.push(clause),
        }
        (or, not) = (false, false);
    }
    all
}

impl Piece {
    fn is_bare(&self) -> bool {
        !self.quoted && !self.not && self.field.is_none()
    }
}

/// Every quote is a quote, and no character controls anything.
fn plain(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{ab}' | '\u{bb}' => '"',
            c if c.is_control() => ' ',
            c => c,
        })
        .collect()
}

/// The pieces of plain text, and whether there were more.
fn pieces(text: &str, today: Date) -> (Vec<Piece>, bool) {
    let mut pieces = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        if pieces.len() == MOST_PIECES {
            return (pieces, true);
        }
        let negated = rest
            .strip_prefix('-')
            .filter(|after| !after.is_empty() && !after.starts_with(char::is_whitespace));
        rest = negated.unwrap_or(rest);
        let field = field_at(rest);
        if let Some(name) = &field {
            // "mrn: 123456" is meant as it is typed.
            rest = rest[name.len() + 1..].trim_start();
        }
        let at = text.len() - rest.len();
        let negated = negated.is_some();
        let (value, quoted, after) =
            match several_words(field.as_deref(), rest, pieces.is_empty() && !negated, today) {
                Some(end) => (rest[..end].to_owned(), false, &rest[end..]),
                None => value_at(rest),
            };
        pieces.push(Piece { field, text: value, quoted, not: negated, at });
        rest = after.trim_start();
    }
    (pieces, false)
}

/// Where a value ends that has several words though nobody quoted it: a date with its month, a name with its comma
/// (without a field only where the query begins with it: elsewhere it is a list).
fn several_words(field: Option<&str>, text: &str, begins: bool, today: Date) -> Option<usize> {
    if text.starts_with('"') {
        return None;
    }
    let mut ends = Vec::new();
    for word in text.split_whitespace().take(3) {
        ends.push(word.as_ptr() as usize - text.as_ptr() as usize + word.len());
    }
    let is_date = |end: &usize| match field {
        None => spoken_date(&text[..*end].split_whitespace().collect::<Vec<_>>()).is_some(),
        Some(field) => DATES.contains(&field) && values::day(&text[..*end], today).is_some(),
    };
    if let Some(end) = ends.iter().skip(1).rev().copied().find(is_date) {
        return Some(end);
    }
    let end = ends.get(1).copied()?;
    match field {
        Some("patient" | "name") => text[..ends[0]].ends_with(',').then_some(end),
        None => (begins && is_last_name_first(&text[..end])).then_some(end),
        _ => None,
    }
}

/// "doe, jane", and no list of three.
fn is_last_name_first(text: &str) -> bool {
    let name = |part: &str| {
        part.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '\u{2019}' | '.'))
            && part.chars().any(char::is_alphabetic)
    };
    let operator = text.split_whitespace().any(|word| matches!(word, "OR" | "AND" | "NOT"));
    !operator && text.split_once(", ").is_some_and(|(family, given)| name(family) && name(given.trim()))
}

/// A field's name, where one stands here.
fn field_at(text: &str) -> Option<String> {
    let (name, _) = text.split_once(':')?;
    FIELDS.iter().find(|field| field.eq_ignore_ascii_case(name)).map(ToString::to_string)
}

/// A value, whether it was quoted, and what follows it.
fn value_at(text: &str) -> (String, bool, &str) {
    if let Some(inside) = text.strip_prefix('"') {
        let (value, after) = inside.split_once('"').unwrap_or((inside, ""));
        return (value.to_owned(), true, after);
    }
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    (text[..end].to_owned(), false, &text[end..])
}

fn clause(piece: &Piece, patients: &mut usize, today: Date) -> Option<Clause> {
    match piece.field.as_deref() {
        Some(name) => field(name, &piece.text, patients, today).or_else(|| words(&piece.text, true)),
        None if !piece.quoted && piece.text.contains(char::is_whitespace) => {
            date_in_words(&piece.text).or_else(|| chart_or_words(&piece.text, patients, today))
        }
        None if !piece.quoted && piece.text.ends_with('*') => words_or_codes(&piece.text),
        None => words(&piece.text, piece.quoted),
    }
}

/// "March 15, 1962": the date, however it is written.
fn date_in_words(text: &str) -> Option<Clause> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let date = spoken_date(&words)?;
    let parts = words.into_iter().filter_map(token).flat_map(|token| token.parts().to_vec()).collect();
    Some(Clause::Word(Token::new(date.clone(), parts, Some(date))))
}

/// "doe, jane": everything in her chart, and whatever else says both.
fn chart_or_words(text: &str, patients: &mut usize, today: Date) -> Option<Clause> {
    let both = text.split_whitespace().filter_map(token).map(Clause::Word).collect();
    Some(Clause::Any(vec![field("patient", text, patients, today)?, Clause::All(both)]))
}

/// "E11*": the word, or all codes that begin like this.
fn words_or_codes(text: &str) -> Option<Clause> {
    let word = words(text, false)?;
    let codes = CodePattern::in_text(text).map(Clause::Code);
    Some(match codes {
        Some(codes) => Clause::Any(vec![word, codes]),
        None => word,
    })
}

/// Words of a piece: a phrase where they were quoted or belong together.
fn words(text: &str, together: bool) -> Option<Clause> {
    let mut tokens: Vec<Token> = text.split_whitespace().filter_map(token).take(MOST_WORDS).collect();
    if tokens.len() == 1 {
        let only = tokens.remove(0);
        // In quotes a word stands for itself: no misreadings of it.
        return Some(if together { Clause::Phrase(only.parts().to_vec()) } else { Clause::Word(only) });
    }
    let parts: Vec<String> = tokens.iter().flat_map(|token| token.parts().to_vec()).collect();
    (!parts.is_empty()).then_some(Clause::Phrase(parts))
}

#[cfg(test)]
mod tests;
