//! How is typed text taken apart?
//!
//! ```text
//! words            all of them           mrn: patient: dob:      whose chart
//! "two words"      side by side          from: to: received:     a day, a month (2019-06) or a year
//! -word, NOT word  not on the page       type: station: batch: state: page:
//! a OR b           one of them           means:              every meaning of a short form
//! ```
//! Nothing is refused. A field that does not know its value becomes words; an open quote ends with the text.

use jiff::civil::Date;
use records::dates::Calendar;
use records::identifier::canonical;

use super::{Clause, PatientTerm, Query};
use crate::tokens::{Token, token};

/// More conditions than this are left out: a pasted page is no query, and must not stall the desk.
const MOST_PIECES: usize = 64;
/// Words looked at in one quoted piece.
const MOST_WORDS: usize = 32;

const FIELDS: [&str; 13] = [
    "mrn", "patient", "name", "dob", "type", "station", "batch", "state", "from", "to", "received", "page",
    "means",
];

/// What stands between spaces, with its field and its quotes taken off.
struct Piece {
    field: Option<String>,
    text: String,
    quoted: bool,
    not: bool,
}

pub(super) fn query(text: &str, today: Date) -> Query {
    let (pieces, cut) = pieces(text);
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
    Query { all, cut }
}

impl Piece {
    fn is_bare(&self) -> bool {
        !self.quoted && !self.not && self.field.is_none()
    }
}

/// The pieces, and whether there were more.
fn pieces(text: &str) -> (Vec<Piece>, bool) {
    let text: String = text
        .chars()
        .map(|c| match c {
            '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{ab}' | '\u{bb}' => '"',
            c if c.is_control() => ' ',
            c => c,
        })
        .collect();
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
        let (mut value, quoted, mut after) = value_at(rest);
        // patient:doe, jane
        if matches!(field.as_deref(), Some("patient" | "name")) && !quoted && value.ends_with(',') {
            let given = after.trim_start();
            let end = given.find(char::is_whitespace).unwrap_or(given.len());
            value.push_str(&given[..end]);
            after = &given[end..];
        }
        pieces.push(Piece { field, text: value, quoted, not: negated.is_some() });
        rest = after.trim_start();
    }
    (pieces, false)
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
        None => words(&piece.text, piece.quoted),
    }
}

/// `None`: no such field, or the value makes no sense for it.
pub(super) fn field(name: &str, value: &str, patients: &mut usize, today: Date) -> Option<Clause> {
    let value = value.trim();
    if value.is_empty() {
        return None;
    }
    let mut patient = |term: PatientTerm| {
        *patients += 1;
        Clause::Patient(*patients - 1, term)
    };
    Some(match name {
        "mrn" => patient(number(value)?),
        "patient" | "name" if value.chars().any(|c| c.is_ascii_digit()) => patient(number(value)?),
        "patient" | "name" => patient(person(value)?),
        "dob" => patient(PatientTerm::BirthDate(Calendar::month_first(today).birth(value)?.date)),
        "type" => Clause::Kind(value.to_lowercase()),
        "station" => Clause::Station(value.to_lowercase()),
        "batch" => Clause::Batch(value.to_lowercase()),
        "state" => Clause::State(match value.to_lowercase().as_str() {
            "held" | "waiting" | "exception" | "worklist" => "held",
            "filed" | "chart" => "filed",
            _ => return None,
        }),
        "from" => Clause::Service(Some(days(value, today)?.0), None),
        "to" => Clause::Service(None, Some(days(value, today)?.1)),
        "received" => {
            let (first, last) = days(value, today)?;
            Clause::Received(first, last)
        }
        "means" => {
            let words: Vec<Token> = value.split_whitespace().filter_map(token).take(MOST_WORDS).collect();
            (!words.is_empty()).then_some(Clause::Means(words))?
        }
        "page" => Clause::PageInDocument(value.parse().ok()?),
        _ => return None,
    })
}

fn number(value: &str) -> Option<PatientTerm> {
    let number = canonical(value);
    number.chars().any(char::is_alphanumeric).then_some(PatientTerm::Number(number))
}

/// "doe, jane" or "jane doe" or "doe".
fn person(value: &str) -> Option<PatientTerm> {
    let words = |text: &str| text.split_whitespace().map(ToOwned::to_owned).collect::<Vec<String>>();
    let (family, given) = match value.split_once(',') {
        Some((family, given)) => (words(family).join(" "), words(given).into_iter().next()),
        None => {
            let mut all = words(value);
            let family = all.pop().unwrap_or_default();
            (family, all.into_iter().next())
        }
    };
    family.chars().any(char::is_alphabetic).then_some(PatientTerm::Name { family, given })
}

/// First and last day of what was typed: a day, a month or a year.
fn days(value: &str, today: Date) -> Option<(Date, Date)> {
    if let Some(read) = Calendar::month_first(today).parse(value) {
        return Some((read.date, read.date));
    }
    let year = |text: &str| text.parse::<i16>().ok().filter(|year| (1850..=2150).contains(year));
    if let Some(year) = year(value) {
        let first = Date::new(year, 1, 1).ok()?;
        return Some((first, first.last_of_year()));
    }
    let (a, b) = value.split_once(['-', '/', '.'])?;
    let (year, month) = match (year(a), year(b)) {
        (Some(year), None) => (year, b),
        (None, Some(year)) => (year, a),
        _ => return None,
    };
    let first = Date::new(year, month.parse().ok()?, 1).ok()?;
    Some((first, first.last_of_month()))
}

/// Words of a piece: a phrase where they were quoted or belong together.
fn words(text: &str, together: bool) -> Option<Clause> {
    let mut tokens: Vec<Token> = text.split_whitespace().filter_map(token).take(MOST_WORDS).collect();
    if tokens.len() == 1 {
        let only = tokens.remove(0);
        // In quotes a word stands for itself: no misreadings of it.
        return Some(if together { Clause::Phrase(only.parts) } else { Clause::Word(only) });
    }
    let parts: Vec<String> = tokens.into_iter().flat_map(|token| token.parts).collect();
    (!parts.is_empty()).then_some(Clause::Phrase(parts))
}

#[cfg(test)]
mod tests;
