//! The list of what waits: in its order, bundled by cause, with who has what in hand.

use std::collections::{BTreeMap, BTreeSet};

use archive::Bundle;
use askama::Template;
use axum::Json;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use jiff::Timestamp;
use records::exception::Reason;
use records::rights::Right;
use serde_json::{Value, json};

use super::going_on::{Done, view};
use super::holding;
use super::item::done_of;
use super::order::{Entry, Filter, Subject, Urgency, bundled, entries};
use crate::desk::{Desk, today};
use crate::fault::Fault;
use crate::frame::{Frame, html};
use crate::people::Person;
use crate::told;

/// Rows that one screen shows; nobody reads on behind them before some are cleared.
const MOST: usize = 200;

#[derive(Template)]
#[template(path = "worklist/list.html")]
struct List {
    frame: Frame,
    filter: Filter,
    /// For news: what the list was made of.
    mark: String,
    tabs: Tabs,
    groups: Vec<Group>,
    /// In this view, those that are not shown included.
    count: usize,
    first: Option<String>,
    reasons: Vec<Choice>,
    stations: Vec<Choice>,
    done: Option<Done>,
}

/// How many in each part of the worklist.
pub(super) struct Tabs {
    pub(super) here: &'static str,
    pub(super) open: usize,
    pub(super) mine: usize,
    pub(super) waiting: usize,
    pub(super) typing: u64,
}

struct Choice {
    value: String,
    words: String,
    count: usize,
    chosen: bool,
}

/// One thing to do: a row, or what one cause holds up.
struct Group {
    cause: Option<Cause>,
    rows: Vec<Row>,
}

struct Cause {
    count: usize,
    what: String,
    then: &'static str,
    /// Where it is mended, and what that is called.
    link: Option<(String, &'static str)>,
}

struct Row {
    id: String,
    address: String,
    urgency: Option<&'static str>,
    code: &'static str,
    reason: &'static str,
    more: usize,
    place: String,
    station: String,
    waits: String,
    /// Who it may be; for a question, in whose chart it is.
    who: Option<String>,
    doubt: bool,
    follow_up: Option<String>,
    held: Option<String>,
}

pub(super) async fn screen(
    State(desk): State<Desk>,
    person: Person,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    desk.work(move |desk| {
        person.must(Right::Worklist)?;
        let query = query.unwrap_or_default();
        let filter = view(&query);
        let done = done_of(&query).map_or(Ok(None), |id| Done::of(desk, &person, &id))?;
        let mark = mark(desk)?;
        let (mine, others) = (holding::own(desk, &person)?, holding::others(desk, &person)?);
        let all = entries(&desk.archive, &person.viewer(), today())?;
        let tabs = Tabs::of(
            desk,
            &all,
            &mine,
            if filter.mine {
                "mine"
            } else if filter.waiting {
                "waiting"
            } else {
                "open"
            },
        )?;
        let (reasons, stations) = choices(&all, &filter);
        let shown: Vec<Entry> = all.into_iter().filter(|entry| filter.takes(entry, &mine)).collect();
        let count = shown.len();
        let query = filter.query();
        let free = shown.iter().find(|entry| !others.contains_key(&entry.id.to_string()));
        let first = free.map(|entry| address(entry, &query));
        let mut left = MOST;
        let mut groups = Vec::new();
        for entries in bundled(shown) {
            if left == 0 {
                break;
            }
            let cause = (entries.len() > 1).then(|| Cause::of(&entries, &query)).flatten();
            let rows: Vec<Row> =
                entries.iter().take(left).map(|entry| Row::of(entry, &query, &others)).collect();
            left -= rows.len();
            groups.push(Group { cause, rows });
        }
        person.record_list(desk, "worklist", MOST - left)?;
        let frame = Frame::of(desk, &person, "Worklist", "/worklist");
        html(&List { frame, filter, mark, tabs, groups, count, first, reasons, stations, done })
    })
    .await
}

/// Whether anything is new: for pages that look by themselves. Tells nothing of patients.
pub(super) async fn news(State(desk): State<Desk>, person: Person) -> Result<Json<Value>, Fault> {
    desk.work(move |desk| {
        person.must(Right::Worklist)?;
        Ok(Json(json!({ "mark": mark(desk)? })))
    })
    .await
}

pub(super) async fn api(State(desk): State<Desk>, person: Person) -> Result<Json<Value>, Fault> {
    desk.work(move |desk| {
        person.must(Right::Worklist)?;
        let viewer = person.viewer();
        let mut doubts = desk.archive.doubts()?;
        doubts.retain(|row| viewer.may_see(&row.document.labels, Some(row.document.filed_patient)));
        let waiting = desk.archive.worklist()?;
        person.record_list(desk, "worklist", waiting.len() + doubts.len())?;
        Ok(Json(told::worklist(&waiting, &doubts, &desk.archive.rescans_open()?)))
    })
    .await
}

/// Changes whenever something is filed or held, or somebody takes something in hand.
fn mark(desk: &Desk) -> Result<String, Fault> {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut hash = DefaultHasher::new();
    for claim in desk.archive.claims()? {
        (claim.item, claim.by).hash(&mut hash);
    }
    Ok(format!("{}-{:x}", desk.archive.position()?, hash.finish()))
}

impl Tabs {
    pub(super) fn of(
        desk: &Desk,
        all: &[Entry],
        mine: &BTreeSet<String>,
        here: &'static str,
    ) -> Result<Self, Fault> {
        let waiting = all.iter().filter(|entry| entry.urgency == Urgency::Waits).count();
        Ok(Self {
            here,
            open: all.len() - waiting,
            mine: all.iter().filter(|entry| mine.contains(&entry.id.to_string())).count(),
            waiting,
            typing: desk.archive.status()?.untyped,
        })
    }
}

/// What the list can be narrowed to, with how many there are of each.
fn choices(all: &[Entry], filter: &Filter) -> (Vec<Choice>, Vec<Choice>) {
    let (mut reasons, mut stations): (BTreeMap<Reason, usize>, BTreeMap<&str, usize>) = Default::default();
    for entry in all.iter().filter(|entry| (entry.urgency == Urgency::Waits) == filter.waiting) {
        entry.subject.reasons().iter().for_each(|reason| *reasons.entry(*reason).or_default() += 1);
        *stations.entry(entry.subject.station()).or_default() += 1;
    }
    let reasons = reasons.into_iter().map(|(reason, count)| Choice {
        value: reason.code().into(),
        words: first_sentence(reason.words()).into(),
        count,
        chosen: reason.code() == filter.reason,
    });
    let stations = stations.into_iter().map(|(station, count)| Choice {
        value: station.into(),
        words: station.into(),
        count,
        chosen: station == filter.station,
    });
    (reasons.collect(), stations.collect())
}

/// What is the matter, without what to do.
pub(super) fn first_sentence(words: &str) -> &str {
    words.split_once(". ").map_or(words, |(first, _)| first).trim_end_matches('.')
}

impl Cause {
    fn of(entries: &[Entry], query: &str) -> Option<Self> {
        let first = &entries[0];
        let file = first.subject.file();
        let (what, then, link) = match first.subject.bundle()? {
            Bundle::StaleIndex => {
                ("the patient index is out of date".to_owned(), "A new patient list frees them all.", None)
            }
            Bundle::Frozen(number) => (
                format!("the chart {} {} is frozen", number.authority, number.value),
                "Tell the two people in it apart.",
                None,
            ),
            Bundle::Sheet { page, .. } => (
                format!("the control sheet on page {page} of {file} could not be read"),
                "Say once what it is; all behind it are judged again.",
                Some((format!("{}#mend", address(first, query)), "Mend the sheet")),
            ),
            Bundle::Rescan(_) => (
                "two pictures of one page, of which one stays".to_owned(),
                "Compare them and say which.",
                Some((format!("{}#picture", address(first, query)), "Compare")),
            ),
            Bundle::Job(batch) => (
                format!("something is wrong with the job of {file}"),
                "Look at the whole stack.",
                Some((format!("/worklist/batch/{batch}"), "Contact strip")),
            ),
        };
        Some(Self { count: entries.len(), what, then, link })
    }
}

impl Row {
    fn of(entry: &Entry, query: &str, others: &BTreeMap<String, String>) -> Self {
        let subject = &entry.subject;
        let reason = subject.reasons().first();
        let pages = subject.pages();
        let place = match pages.len() {
            0 => subject.file().to_owned(),
            1 => format!("page {} of {}", told::page_ranges(pages), subject.file()),
            _ => format!("pages {} of {}", told::page_ranges(pages), subject.file()),
        };
        let (who, doubt) = match subject {
            Subject::Held(row) => {
                let first = row.candidates.first();
                (first.map(|own| format!("perhaps {}: {}", own.patient.name, own.why)), false)
            }
            Subject::Doubted(row) => (Some(format!("in the chart of {}", row.document.patient.name)), true),
        };
        Self {
            id: entry.id.to_string(),
            address: address(entry, query),
            urgency: entry.urgency.words(),
            code: reason.map_or("", |reason| reason.code()),
            reason: reason.map_or("", |reason| first_sentence(reason.words())),
            more: subject.reasons().len().saturating_sub(1),
            place,
            station: subject.station().to_owned(),
            waits: age(entry.since, Timestamp::now()),
            who,
            doubt,
            follow_up: match subject {
                Subject::Held(row) => row.disposition.as_ref().map(|what| match row.follow_up {
                    Some(day) => format!("{what}, until {day}"),
                    None => what.clone(),
                }),
                Subject::Doubted(row) => row.due.map(|day| format!("due on {day}")),
            },
            held: others.get(&entry.id.to_string()).cloned(),
        }
    }
}

fn address(entry: &Entry, query: &str) -> String {
    if query.is_empty() {
        format!("/worklist/{}", entry.id)
    } else {
        format!("/worklist/{}?{query}", entry.id)
    }
}

/// "3 h", "2 days": how long something has waited.
pub(super) fn age(since: Timestamp, now: Timestamp) -> String {
    let minutes = (now.duration_since(since).as_secs() / 60).max(0);
    match minutes {
        0..60 => format!("{minutes} min"),
        60..2880 => format!("{} h", minutes / 60),
        _ => format!("{} days", minutes / 1440),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_told_in_the_unit_that_tells_most() {
        let now: Timestamp = "2026-03-04T12:00:00Z".parse().unwrap();
        let told = |minutes: i64| age(now - jiff::SignedDuration::from_mins(minutes), now);
        assert_eq!(
            [told(0), told(59), told(60), told(2879), told(2880)],
            ["0 min", "59 min", "1 h", "47 h", "2 days"]
        );
    }

    #[test]
    fn a_reason_in_the_list_says_what_is_the_matter() {
        assert_eq!(
            first_sentence(Reason::NoNumber.words()),
            "Name and birth date fit, but no number was read"
        );
        assert_eq!(
            first_sentence(Reason::PatientFrozen.words()),
            "The chart is frozen until two records are told apart"
        );
    }
}
