//! The pages of an item: taken apart, joined, put in order, marked as no record.

use std::collections::BTreeSet;

use archive::NoRecord;
use axum::Json;
use axum::extract::{Path, State};
use records::ids::{ExceptionId, PageNumber, PageRef};
use serde::Deserialize;
use serde_json::Value;

use super::ItemId;
use super::going_on::{Round, to, view};
use super::holding::{must_be_free, must_hold};
use crate::desk::Desk;
use crate::fault::Fault;
use crate::people::Person;
use crate::people::act::Act;

/// Places of pages in the item, from 1.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Places {
    /// "3", "3, 5"; of an order: all of them.
    pages: String,
    /// What a page is: `blank`, `control-sheet`.
    what: String,
    from: String,
}

impl Places {
    fn of(&self, pages: &[PageRef]) -> Result<Vec<PageRef>, Fault> {
        let wrong =
            || Fault::refused(format!("Name pages by their places in the item, 1 to {}.", pages.len()));
        let named = self.pages.split([',', ' ']).filter(|text| !text.is_empty());
        let places = named.map(|text| text.parse::<usize>().ok()).collect::<Option<Vec<usize>>>();
        let places = places.filter(|places| !places.is_empty()).ok_or_else(wrong)?;
        places.iter().map(|at| pages.get(at.wrapping_sub(1)).copied().ok_or_else(wrong)).collect()
    }
}

pub(super) async fn split(
    State(desk): State<Desk>,
    Path(id): Path<String>,
    Act { person, form }: Act<Places>,
) -> Result<Json<Value>, Fault> {
    change(desk, person, id, form, |desk, id, pages, form, clerk| {
        let before = form.of(pages)?;
        if before.iter().any(|page| page.batch != pages[0].batch) {
            return Err(Fault::refused("Only pages of the first stack can be split off here."));
        }
        let before: Vec<PageNumber> = before.into_iter().map(|page| page.page).collect();
        Ok(desk.archive.split(&id, &before, clerk)?.first().copied())
    })
    .await
}

/// With what comes next in the same stack.
pub(super) async fn join(
    State(desk): State<Desk>,
    Path(id): Path<String>,
    Act { person, form }: Act<Places>,
) -> Result<Json<Value>, Fault> {
    let asker = person.clone();
    change(desk, person, id, form, move |desk, id, pages, _, clerk| {
        let next = next_of_stack(desk, id, pages)?
            .ok_or_else(|| Fault::refused("Nothing that waits comes behind it in this stack."))?;
        must_be_free(desk, &asker, &[next.to_string()])?;
        Ok(Some(desk.archive.join(&[id, next], clerk)?))
    })
    .await
}

fn next_of_stack(desk: &Desk, id: ExceptionId, pages: &[PageRef]) -> Result<Option<ExceptionId>, Fault> {
    let Some(last) = pages.last() else { return Ok(None) };
    let report = desk.archive.batch_report(&last.batch)?;
    let open =
        report.exceptions.iter().filter(|row| row.state == archive::ExceptionState::Open && row.id != id);
    let first = |row: &&archive::ExceptionRow| {
        row.pages.iter().find(|page| page.batch == last.batch).map(|page| page.page)
    };
    Ok(open.filter(|row| first(row) > Some(last.page)).min_by_key(first).map(|row| row.id))
}

pub(super) async fn order(
    State(desk): State<Desk>,
    Path(id): Path<String>,
    Act { person, form }: Act<Places>,
) -> Result<Json<Value>, Fault> {
    change(desk, person, id, form, |desk, id, pages, form, clerk| {
        let order = form.of(pages)?;
        let named: BTreeSet<&PageRef> = order.iter().collect();
        if named.len() != pages.len() || order.len() != pages.len() {
            return Err(Fault::refused("Name every page once, in the order they belong."));
        }
        Ok(Some(desk.archive.reorder(&id, &order, clerk)?))
    })
    .await
}

/// A page that is blank, or a sheet of ours.
pub(super) async fn no_record(
    State(desk): State<Desk>,
    Path(id): Path<String>,
    Act { person, form }: Act<Places>,
) -> Result<Json<Value>, Fault> {
    change(desk, person, id, form, |desk, id, pages, form, clerk| {
        let what = match form.what.as_str() {
            "blank" => NoRecord::Blank,
            "control-sheet" => NoRecord::ControlSheet,
            _ => return Err(Fault::refused("Say what the page is.")),
        };
        let mut left = Some(id);
        // From the last: what is before a control sheet keeps its pages.
        for page in form.of(pages)?.iter().rev() {
            let held = desk.archive.exception(&left.unwrap_or(id))?.ok_or(Fault::NotThere)?;
            left = desk.archive.no_record(&held.id, *page, what, clerk)?.first().copied();
        }
        Ok(left)
    })
    .await
}

/// Changes an item in hand and opens what it became; where nothing is left, the next.
async fn change(
    desk: Desk,
    person: Person,
    id: String,
    form: Places,
    act: impl FnOnce(&Desk, ExceptionId, &[PageRef], &Places, &str) -> Result<Option<ExceptionId>, Fault>
    + Send
    + 'static,
) -> Result<Json<Value>, Fault> {
    let id: ItemId = id.parse()?;
    desk.work(move |desk| {
        must_hold(desk, &person, &id.to_string())?;
        let exception = id.exception()?;
        let held = desk.archive.exception(&exception)?.ok_or(Fault::NotThere)?;
        let round = Round::of(desk, &person, view(&form.from))?;
        let became = act(desk, exception, &held.pages, &form, &person.actor())?;
        desk.archive.let_go(&id.to_string(), &person.actor())?;
        let opened = became.map(ItemId::Exception).or_else(|| round.after(id));
        Ok(to(&round.address(opened, None)))
    })
    .await
}
