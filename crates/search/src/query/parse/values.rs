//! What do the values of fields mean?

use jiff::civil::Date;
use records::codes::CodePattern;
use records::dates::Calendar;
use records::identifier::canonical;
use records::reading::Legibility;

use super::MOST_WORDS;
use crate::query::{Clause, PatientTerm};
use crate::tokens::{Token, token};

/// `None`: no such field, or the value makes no sense for it.
pub(in crate::query) fn field(name: &str, value: &str, patients: &mut usize, today: Date) -> Option<Clause> {
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
        "acct" | "account" => Clause::Account(account(value)?),
        "type" => Clause::Kind(vec![value.to_lowercase()]),
        "station" => Clause::Station(value.to_lowercase()),
        "batch" => Clause::Batch(value.to_lowercase()),
        "box" => Clause::PaperBox(value.to_lowercase()),
        "evidence" => Clause::Evidence(value.to_lowercase().replace([' ', '-'], "_")),
        "legibility" => Clause::Legibility(Legibility::of_word(&value.to_lowercase())?),
        "state" => Clause::State(match value.to_lowercase().as_str() {
            "held" | "waiting" | "exception" | "worklist" => "held",
            "filed" | "chart" => "filed",
            _ => return None,
        }),
        "from" if value.contains("..") => {
            let (first, last) = days(value, today)?;
            Clause::Service(Some(first), Some(last))
        }
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
        "code" => Clause::Code(CodePattern::parse(value)?),
        _ => return None,
    })
}

fn number(value: &str) -> Option<PatientTerm> {
    account(value).map(PatientTerm::Number)
}

fn account(value: &str) -> Option<String> {
    Some(canonical(value)).filter(|number| number.chars().any(char::is_alphanumeric))
}

/// A day in any usual form.
pub(super) fn day(value: &str, today: Date) -> Option<Date> {
    match value.to_lowercase().as_str() {
        "today" => Some(today),
        "yesterday" => today.yesterday().ok(),
        _ => Some(Calendar::month_first(today).parse(value)?.date),
    }
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

/// First and last day of what was typed: a day, a month, a year, or from one to another (`2019..2021-06`).
fn days(value: &str, today: Date) -> Option<(Date, Date)> {
    if let Some((from, to)) = value.split_once("..") {
        return Some((days(from, today)?.0, days(to, today)?.1));
    }
    if let Some(day) = day(value, today) {
        return Some((day, day));
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
