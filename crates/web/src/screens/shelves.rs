//! Charts in terminal-digit order: the last two digits of a number, then the two before them, as paper stands on shelves.
//!
//! An address names at most four digits of a number, never a whole one.

use archive::OnShelf;
use askama::Template;
use axum::Router;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use axum::routing::get;
use records::rights::Right;
use serde::Deserialize;

use super::chart::address;
use crate::desk::Desk;
use crate::fault::Fault;
use crate::frame::{Frame, html};
use crate::people::Person;

pub(super) fn routes() -> Router<Desk> {
    Router::new().route("/charts", get(shelves))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    /// Digits as they are said on the shelf: "56" or "56-34", last two first.
    digits: String,
    after: usize,
}

#[derive(Template)]
#[template(path = "shelves.html")]
struct Shelves {
    frame: Frame,
    last: Option<String>,
    middle: Option<String>,
    /// Of the last two digits: the pairs before them and how many charts stand there.
    counts: Vec<(String, u64)>,
    charts: Vec<Chart>,
    /// Where the next ones are.
    next: Option<usize>,
    pairs: Vec<String>,
    problem: Option<&'static str>,
}

struct Chart {
    address: String,
    number: String,
    name: String,
    birth_date: Option<String>,
    /// The number of today, where this one was retired.
    now: Option<String>,
}

/// Charts on one screen, and the last that can be reached by turning screens.
const SCREEN: usize = 100;
const LAST: usize = 100_000;

async fn shelves(
    State(desk): State<Desk>,
    person: Person,
    RawQuery(asked): RawQuery,
) -> Result<Response, Fault> {
    desk.work(move |desk| {
        person.must(Right::Charts)?;
        let asked: Asked = asked.and_then(|query| serde_html_form::from_str(&query).ok()).unwrap_or_default();
        let digits = understood(&asked.digits);
        let problem = (digits.is_none() && !asked.digits.trim().is_empty())
            .then_some("Type the last two digits, or the last four as they are said on the shelf: 56-34.");
        let (last, middle) = digits.unwrap_or_default();
        let after = asked.after.min(LAST);
        let mut screen = Shelves {
            frame: Frame::of(desk, &person, "Charts by terminal digits", "/charts"),
            counts: Vec::new(),
            charts: Vec::new(),
            next: None,
            pairs: (0..100).map(|pair| format!("{pair:02}")).collect(),
            problem,
            last,
            middle,
        };
        match (&screen.last, &screen.middle) {
            (Some(last), None) => screen.counts = desk.archive.shelf(last)?,
            (Some(last), Some(middle)) => {
                let mut found = desk.archive.on_shelf(last, middle, after, SCREEN + 1)?;
                screen.next = (found.len() > SCREEN).then_some(after + SCREEN);
                found.truncate(SCREEN);
                person.record_list(desk, "charts", found.len())?;
                screen.charts = found.iter().map(Chart::of).collect();
            }
            _ => {}
        }
        html(&screen)
    })
    .await
}

impl Chart {
    fn of(own: &OnShelf) -> Self {
        let today = own.patient.mrn.as_ref().filter(|mrn| **mrn != own.number);
        Self {
            address: address(own.patient.id),
            number: own.number.value.clone(),
            name: own.patient.name.clone(),
            birth_date: own.patient.birth_date.map(|day| day.to_string()),
            now: today.filter(|_| own.retired || today.is_some()).map(|mrn| mrn.value.clone()),
        }
    }
}

type Digits = (Option<String>, Option<String>);

/// "56" or "56-34": the last two, and the two before them.
fn understood(text: &str) -> Option<Digits> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let other = text.chars().any(|c| !c.is_ascii_digit() && !"- ".contains(c));
    match digits.len() {
        2 if !other => Some((Some(digits), None)),
        4 if !other => Some((Some(digits[..2].into()), Some(digits[2..].into()))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_taken_as_they_are_said_on_the_shelf() {
        let pair = |last: &str, middle: Option<&str>| Some((Some(last.into()), middle.map(str::to_owned)));
        assert_eq!(understood("56"), pair("56", None));
        assert_eq!(understood("56-34"), pair("56", Some("34")));
        assert_eq!(understood(" 5634 "), pair("56", Some("34")));
    }

    #[test]
    fn a_whole_number_is_not_taken_into_an_address() {
        for refused in ["", "5", "563", "56-34-12", "10482713", "ab", "5x6"] {
            assert_eq!(understood(refused), None, "{refused}");
        }
    }
}
