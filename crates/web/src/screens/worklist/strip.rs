//! The contact strip: a whole stack as small pictures with who is named on each, to be cut, joined and filed.
//!
//! Sheets come in groups, so that a stack of four hundred is usable at once: each group's look is put on record when it
//! is shown.

use std::collections::BTreeMap;

use archive::{BatchReport, ExceptionState};
use askama::Template;
use axum::extract::{Path, Query, RawQuery, State};
use axum::response::Response;
use records::document::DocumentState;
use records::ids::{BatchId, PageNumber, PageRef};
use records::rights::Right;
use records::separation::Draft;
use records::sighting::{Seen, Stands, sightings};
use serde::Deserialize;

use super::going_on::Done;
use super::holding::others;
use super::item::done_of;
use super::list::first_sentence;
use crate::desk::{Desk, today};
use crate::fault::Fault;
use crate::frame::{Frame, html};
use crate::people::Person;

/// Sheets of one group.
const GROUP: u32 = 40;

#[derive(Template)]
#[template(path = "worklist/strip.html")]
struct Strip {
    frame: Frame,
    batch: String,
    station: String,
    pages: u32,
    held: usize,
    groups: Vec<u32>,
    done: Option<Done>,
}

pub(super) async fn screen(
    State(desk): State<Desk>,
    person: Person,
    Path(batch): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    let batch: BatchId = batch.parse().map_err(|_| Fault::NotThere)?;
    desk.work(move |desk| {
        person.must(Right::Worklist)?;
        let report = desk.archive.batch_report(&batch)?;
        let pages = report.batch.pages();
        let done = done_of(&query.unwrap_or_default()).map_or(Ok(None), |id| Done::of(desk, &person, &id))?;
        let held = report.exceptions.iter().filter(|row| row.state == ExceptionState::Open);
        html(&Strip {
            frame: Frame::of(desk, &person, "Contact strip", "/worklist"),
            batch: batch.to_string(),
            held: held.count(),
            station: report.batch.station,
            pages,
            groups: (1..=pages).step_by(GROUP as usize).collect(),
            done,
        })
    })
    .await
}

#[derive(Deserialize)]
pub(super) struct Group {
    from: u32,
}

#[derive(Template)]
#[template(path = "worklist/sheets.html")]
struct Sheets {
    batch: String,
    seq: u64,
    sheets: Vec<Sheet>,
}

struct Sheet {
    page: u32,
    /// Where it is, in words.
    place: String,
    /// Of what waits: its id; the sheets of one item stand together.
    item: Option<String>,
    /// It begins what it is part of.
    begins: bool,
    named: Vec<String>,
    held: Option<String>,
    kind: &'static str,
    seen: bool,
}

pub(super) async fn sheets(
    State(desk): State<Desk>,
    person: Person,
    Path(batch): Path<String>,
    Query(group): Query<Group>,
) -> Result<Response, Fault> {
    let batch: BatchId = batch.parse().map_err(|_| Fault::NotThere)?;
    desk.work(move |desk| {
        person.must(Right::Worklist)?;
        let report = desk.archive.batch_report(&batch)?;
        let last = (group.from.saturating_add(GROUP - 1)).min(report.batch.pages());
        let homes = homes(&report, &person);
        let held = others(desk, &person)?;
        let numbers: Vec<u32> = (group.from.max(1)..=last).collect();
        let may_see = |page: &&u32| homes.get(page).is_none_or(|home| home.seen);
        let pages: Vec<PageRef> =
            numbers.iter().filter(may_see).map(|page| PageRef { batch, page: PageNumber(*page) }).collect();
        let looked = person.look(desk, &pages, "contact strip")?;
        let mut sheets = Vec::new();
        for page in numbers {
            let own = PageRef { batch, page: PageNumber(page) };
            let home = homes.get(&page).cloned().unwrap_or_else(|| Home::nowhere(desk, own));
            let named = if home.seen { named_on(desk, &looked.sight, own)? } else { Vec::new() };
            let before = page.checked_sub(1).and_then(|page| homes.get(&page));
            sheets.push(Sheet {
                page,
                begins: before.is_none_or(|before| before.key != home.key),
                held: home.item.as_ref().and_then(|item| held.get(item).cloned()),
                place: if before.is_some_and(|before| before.key == home.key) && home.item.is_some() {
                    "with the sheet before".into()
                } else {
                    home.words
                },
                item: home.item,
                named,
                kind: home.kind,
                seen: home.seen,
            });
        }
        html(&Sheets { batch: batch.to_string(), seq: looked.seq, sheets })
    })
    .await
}

/// Where a sheet is.
#[derive(Clone)]
struct Home {
    /// Equal for the sheets of one thing.
    key: String,
    words: String,
    item: Option<String>,
    kind: &'static str,
    /// Its labels let the asker see it.
    seen: bool,
}

impl Home {
    fn new(key: String, words: String, kind: &'static str) -> Self {
        Self { key, words, item: None, kind, seen: true }
    }

    /// In no chart and not on the worklist.
    fn nowhere(desk: &Desk, page: PageRef) -> Self {
        use records::document::Place;
        let words = match desk.archive.place(page) {
            Ok(Some(Place::Void)) => "withdrawn",
            Ok(Some(Place::SetAside)) => "set aside",
            Ok(Some(Place::Superseded)) => "scanned again",
            Ok(Some(Place::ControlSheet)) => "control sheet",
            Ok(Some(Place::Blank)) => "blank",
            _ => "not read yet",
        };
        Self::new(words.into(), words.into(), "none")
    }
}

fn homes(report: &BatchReport, person: &Person) -> BTreeMap<u32, Home> {
    let batch = report.batch.id;
    let mut homes = BTreeMap::new();
    let viewer = person.viewer();
    let of_batch = |pages: &[PageRef]| -> Vec<u32> {
        pages.iter().filter(|page| page.batch == batch).map(|page| page.page.0).collect()
    };
    for document in report.documents.iter().filter(|row| row.state == DocumentState::Filed) {
        let seen = viewer.may_see(&document.labels, Some(document.filed_patient));
        let words =
            if seen { format!("filed: {}", document.patient.name) } else { "filed, restricted".into() };
        let home = Home { seen, ..Home::new(document.id.to_string(), words, "filed") };
        of_batch(&document.pages).into_iter().for_each(|page| drop(homes.insert(page, home.clone())));
    }
    for held in report.exceptions.iter().filter(|row| row.state == ExceptionState::Open) {
        let reason = held.reasons.first().map_or("", |reason| first_sentence(reason.words()));
        let id = held.id.to_string();
        let home = Home { item: Some(id.clone()), ..Home::new(id, format!("waits: {reason}"), "held") };
        of_batch(&held.pages).into_iter().for_each(|page| drop(homes.insert(page, home.clone())));
    }
    for (pages, words) in [
        (&report.control_sheets, "control sheet"),
        (&report.blanks, "blank"),
        (&report.superseded, "scanned again"),
    ] {
        for page in pages {
            homes.insert(page.0, Home::new(format!("{words} {page}"), words.into(), "none"));
        }
    }
    homes
}

/// Who is named on a page, as the rules read it, each once.
fn named_on(desk: &Desk, sight: &archive::Sight, page: PageRef) -> Result<Vec<String>, Fault> {
    let Some(reading) = desk.archive.reading(sight, page)? else { return Ok(Vec::new()) };
    let draft = Draft { pages: vec![page.page], declaration: None, held: Vec::new(), bound: Vec::new() };
    let seen = sightings(&draft, &[(page.page, reading)], &desk.rules, today());
    let mut named: Vec<(u8, String)> = Vec::new();
    for sighting in seen.iter().filter(|own| own.stands != Stands::Body && own.stands != Stands::Outside) {
        let told = match &sighting.what {
            Seen::Name(_) => (0, sighting.text.clone()),
            Seen::Number { .. } => (1, sighting.text.clone()),
            Seen::BirthDate(_) => (2, format!("born {}", sighting.text)),
            Seen::Unread => (3, "a field that could not be read".into()),
            _ => continue,
        };
        if !sighting.text.is_empty() && !named.contains(&told) {
            named.push(told);
        }
    }
    named.sort_by_key(|(rank, _)| *rank);
    Ok(named.into_iter().map(|(_, told)| told).collect())
}
