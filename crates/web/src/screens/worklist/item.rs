//! One item: the page beside what was read and what the index says, and what can be done about it.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use jiff::Timestamp;
use records::ids::PageRef;
use records::rights::Right;

use super::ItemId;
use super::about::About;
use super::fields::{self, Compared, Field, Shown};
use super::going_on::{Done, Round, view};
use super::holding;
use super::list::age;
use crate::acts::House;
use crate::desk::{Desk, today};
use crate::fault::Fault;
use crate::frame::{Frame, html};
use crate::people::Person;

#[derive(Template)]
#[template(path = "worklist/item.html")]
struct Screen {
    frame: Frame,
    item: Item,
    /// "3 of 41"; absent: not of this view.
    position: Option<(usize, usize)>,
    next: String,
    previous: String,
    back: String,
    done: Option<Done>,
}

/// What the contact strip shows of an item: the forms alone.
#[derive(Template)]
#[template(path = "worklist/form.html")]
struct FormPart {
    item: Item,
}

/// An item with what its forms need.
pub(super) struct Item {
    pub(super) id: ItemId,
    /// Which view it was opened from.
    pub(super) from: String,
    /// Who has it in hand, if not the asker.
    pub(super) held: Option<String>,
    /// What became of it meanwhile.
    pub(super) closed: Option<String>,
    /// In whose chart it is: of questions and of what is typed.
    pub(super) chart: Option<Chart>,
    pub(super) reasons: Vec<Why>,
    pub(super) detail: Option<String>,
    pub(super) note: Option<String>,
    pub(super) place: String,
    pub(super) station: String,
    pub(super) waits: String,
    pub(super) batch: String,
    pub(super) pages: Vec<PageShown>,
    pub(super) seq: u64,
    pub(super) fields: Vec<Field>,
    pub(super) candidates: Vec<Candidate>,
    pub(super) compared_with: Option<String>,
    pub(super) kind: String,
    pub(super) kind_name: String,
    pub(super) kinds: Vec<(String, String)>,
    pub(super) date: String,
    pub(super) labels: Vec<String>,
    /// More than one: it must be said whose number it is.
    pub(super) authorities: Vec<String>,
    /// It waits behind a control sheet: page of the sheet, and how many wait for it.
    pub(super) sheet: Option<u32>,
    /// Two pictures of one page wait for a person.
    pub(super) rescan: bool,
}

pub(super) struct Chart {
    pub(super) document: String,
    pub(super) name: String,
    pub(super) number: String,
    pub(super) birth_date: String,
}

pub(super) struct Why {
    pub(super) code: &'static str,
    pub(super) words: &'static str,
}

/// A page of the item: its place in it, and its number in its batch.
pub(super) struct PageShown {
    pub(super) at: usize,
    pub(super) number: u32,
    pub(super) batch: String,
    /// Of what is only looked at beside its pages.
    pub(super) what: Option<&'static str>,
}

/// Somebody it may be: by name only.
pub(super) struct Candidate {
    pub(super) name: String,
    pub(super) why: String,
}

impl Item {
    pub(super) fn is_held(&self) -> bool {
        matches!(self.id, ItemId::Exception(_))
    }

    pub(super) fn is_doubt(&self) -> bool {
        matches!(self.id, ItemId::Doubt(_))
    }

    /// Whether the asker may decide about it.
    pub(super) fn is_open(&self) -> bool {
        self.held.is_none() && self.closed.is_none()
    }

    /// How many pages are its own.
    pub(super) fn count(&self) -> usize {
        self.pages.iter().filter(|page| page.what.is_none()).count()
    }
}

pub(super) async fn screen(
    State(desk): State<Desk>,
    person: Person,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    let id: ItemId = id.parse()?;
    desk.work(move |desk| {
        person.must(Right::Worklist)?;
        let query = query.unwrap_or_default();
        let filter = view(&query);
        let done = done_of(&query);
        let item = item(desk, &person, id, filter.query())?;
        let round = Round::of(desk, &person, filter)?;
        let next = round.after(id);
        if item.closed.is_some() && done.is_some() {
            // Somebody else was first: on to the next.
            return Ok(Redirect::to(&round.address(next, done.as_deref().and_then(|id| id.parse().ok())))
                .into_response());
        }
        let done = done.map_or(Ok(None), |id| Done::of(desk, &person, &id))?;
        html(&Screen {
            frame: Frame::of(desk, &person, "Worklist", "/worklist"),
            position: round.position(id),
            next: round.address(next, None),
            previous: round.address(round.before(id), None),
            back: round.address(None, None),
            done,
            item,
        })
    })
    .await
}

pub(super) async fn form(
    State(desk): State<Desk>,
    person: Person,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    let id: ItemId = id.parse()?;
    desk.work(move |desk| {
        person.must(Right::Worklist)?;
        let filter = view(&query.unwrap_or_default());
        html(&FormPart { item: item(desk, &person, id, filter.query())? })
    })
    .await
}

/// The item that was decided before this one.
pub(super) fn done_of(query: &str) -> Option<String> {
    #[derive(Default, serde::Deserialize)]
    #[serde(default)]
    struct Told {
        done: String,
    }
    let told: Told = serde_html_form::from_str(query).unwrap_or_default();
    Some(told.done).filter(|done| !done.is_empty())
}

/// Takes it in hand, puts the look at its pages on record, and gathers what is shown.
fn item(desk: &Desk, person: &Person, id: ItemId, from: String) -> Result<Item, Fault> {
    let about = About::of(desk, person, id)?;
    let held =
        if about.closed.is_none() { holding::take(desk, person, &id.to_string())?.err() } else { None };
    let beside = about.beside.iter().map(|(page, _)| *page);
    let looked_at: Vec<PageRef> = about.pages.iter().copied().chain(beside).collect();
    let seq = if looked_at.is_empty() { 0 } else { person.look(desk, &looked_at, "worklist")?.seq };
    let house = House { archive: &desk.archive, rules: &desk.rules };
    let whose = about.whose(desk)?;
    let visits = match &whose {
        Some((person, _)) => desk.archive.visits(person.id)?,
        None => Vec::new(),
    };
    let compared = whose.as_ref().map(|(person, shown)| Compared { person, visits: &visits, shown: *shown });
    let mut shown = fields::identity(&about.evidence, compared.as_ref(), &desk.rules, today());
    shown.push(fields::service(about.service, compared.as_ref()));
    let kind_name = desk.rules.kinds.get(&about.kind).map_or_else(String::new, |kind| kind.name.clone());
    let kinds = desk.rules.kinds.iter().map(|kind| (kind.code.0.clone(), kind.name.clone()));
    let date = about.service.map_or_else(String::new, |(first, last)| {
        if first == last { first.to_string() } else { format!("{first}/{last}") }
    });
    Ok(Item {
        id,
        from,
        held,
        closed: about.closed,
        chart: about.chart,
        reasons: about.reasons.iter().map(|own| Why { code: own.code(), words: own.words() }).collect(),
        detail: about.detail,
        note: about.note,
        place: about.place,
        station: about.station,
        waits: age(about.since, Timestamp::now()),
        batch: about.batch,
        pages: pages_of(&about.pages, &about.beside),
        seq,
        fields: shown,
        compared_with: whose.and_then(|(person, shown)| {
            (shown == Shown::NameOnly).then(|| person.name().map(records::name::PersonName::filed)).flatten()
        }),
        candidates: about.candidates,
        kind: about.kind.0,
        kind_name,
        kinds: kinds.collect(),
        date,
        labels: about.labels,
        authorities: house.authorities()?.into_iter().map(|own| own.0).collect(),
        sheet: about.sheet,
        rescan: about.rescan.is_some(),
    })
}

fn pages_of(pages: &[PageRef], beside: &[(PageRef, &'static str)]) -> Vec<PageShown> {
    let shown = |at: usize, page: &PageRef, what| PageShown {
        at,
        number: page.page.0,
        batch: page.batch.to_string(),
        what,
    };
    let own = (1..).zip(pages).map(|(at, page)| shown(at, page, None));
    own.chain(beside.iter().map(|(page, what)| shown(0, page, Some(*what)))).collect()
}
