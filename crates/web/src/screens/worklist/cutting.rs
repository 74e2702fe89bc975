//! Sheets of a stack: cut, joined, and taken as one to be filed.

use archive::{ExceptionRow, ExceptionState};
use axum::Json;
use axum::extract::{Path, State};
use records::ids::{BatchId, ExceptionId, PageNumber};
use records::rights::Right;
use serde::Deserialize;
use serde_json::{Value, json};

use super::holding::must_be_free;
use crate::desk::Desk;
use crate::fault::Fault;
use crate::people::act::Act;

#[derive(Deserialize)]
pub(super) struct At {
    page: u32,
}

/// Cuts before a sheet.
pub(super) async fn cut(
    State(desk): State<Desk>,
    Path(batch): Path<String>,
    Act { person, form }: Act<At>,
) -> Result<Json<Value>, Fault> {
    let batch: BatchId = batch.parse().map_err(|_| Fault::NotThere)?;
    desk.work(move |desk| {
        person.must(Right::Worklist)?;
        let stack = Stack::of(desk, batch)?;
        let held = stack.at(form.page)?;
        if stack.sheets(held).next() == Some(form.page) {
            return Err(Fault::refused(format!("It is cut before sheet {} already.", form.page)));
        }
        must_be_free(desk, &person, &[held.id.to_string()])?;
        desk.archive.split(&held.id, &[PageNumber(form.page)], &person.actor())?;
        Ok(Json(json!({ "said": format!("Cut before sheet {}.", form.page) })))
    })
    .await
}

/// Joins what a sheet is in with what waits before it.
pub(super) async fn join(
    State(desk): State<Desk>,
    Path(batch): Path<String>,
    Act { person, form }: Act<At>,
) -> Result<Json<Value>, Fault> {
    let batch: BatchId = batch.parse().map_err(|_| Fault::NotThere)?;
    desk.work(move |desk| {
        person.must(Right::Worklist)?;
        let stack = Stack::of(desk, batch)?;
        let held = stack.at(form.page)?;
        let before =
            stack.before(held).ok_or_else(|| Fault::refused("Nothing that waits comes before it."))?;
        must_be_free(desk, &person, &[held.id.to_string(), before.to_string()])?;
        desk.archive.join(&[before, held.id], &person.actor())?;
        Ok(Json(json!({ "said": "Joined with what was before it." })))
    })
    .await
}

#[derive(Deserialize)]
pub(super) struct Range {
    first: u32,
    last: u32,
}

/// Makes one item of a range of sheets, cut and joined as needed; answers its id.
pub(super) async fn take(
    State(desk): State<Desk>,
    Path(batch): Path<String>,
    Act { person, form }: Act<Range>,
) -> Result<Json<Value>, Fault> {
    let batch: BatchId = batch.parse().map_err(|_| Fault::NotThere)?;
    desk.work(move |desk| {
        person.must(Right::Worklist)?;
        let clerk = person.actor();
        let stack = Stack::of(desk, batch)?;
        let parts = stack.within(form.first, form.last)?;
        let names: Vec<String> = parts.iter().map(|row| row.id.to_string()).collect();
        must_be_free(desk, &person, &names)?;
        let mut whole: Vec<ExceptionId> = Vec::new();
        for row in parts {
            let cuts: Vec<PageNumber> = stack.cuts(row, form.first, form.last);
            if cuts.is_empty() {
                whole.push(row.id);
                continue;
            }
            for part in desk.archive.split(&row.id, &cuts, &clerk)? {
                let made = desk.archive.exception(&part)?.ok_or(Fault::NotThere)?;
                let first = made.pages.first().map_or(0, |page| page.page.0);
                if (form.first..=form.last).contains(&first) {
                    whole.push(part);
                }
            }
        }
        let id = match whole.as_slice() {
            [] => return Err(Fault::refused("None of these sheets waits for a person.")),
            [only] => *only,
            several => desk.archive.join(several, &clerk)?,
        };
        Ok(Json(json!({ "item": id })))
    })
    .await
}

/// What waits of a stack.
struct Stack {
    batch: BatchId,
    open: Vec<ExceptionRow>,
}

impl Stack {
    fn of(desk: &Desk, batch: BatchId) -> Result<Self, Fault> {
        let mut open = desk.archive.batch_report(&batch)?.exceptions;
        open.retain(|row| row.state == ExceptionState::Open && !row.pages.is_empty());
        Ok(Self { batch, open })
    }

    fn sheets<'r>(&self, row: &'r ExceptionRow) -> impl Iterator<Item = u32> + use<'r> {
        let batch = self.batch;
        row.pages.iter().filter(move |page| page.batch == batch).map(|page| page.page.0)
    }

    /// What a sheet waits in.
    fn at(&self, page: u32) -> Result<&ExceptionRow, Fault> {
        let found = self.open.iter().find(|row| self.sheets(row).any(|own| own == page));
        found.ok_or_else(|| Fault::refused("This sheet does not wait for a person."))
    }

    /// What waits right before it.
    fn before(&self, held: &ExceptionRow) -> Option<ExceptionId> {
        let first = self.sheets(held).min()?;
        let earlier = self.open.iter().filter(|row| row.id != held.id);
        let last = |row: &&ExceptionRow| self.sheets(row).max();
        earlier.filter(|row| last(row).is_some_and(|last| last < first)).max_by_key(last).map(|row| row.id)
    }

    /// Everything that waits in a range, in its order; it must be all of one kind of place: what is filed is refused.
    fn within(&self, first: u32, last: u32) -> Result<Vec<&ExceptionRow>, Fault> {
        let mut parts: Vec<&ExceptionRow> = Vec::new();
        for row in &self.open {
            if self.sheets(row).any(|page| (first..=last).contains(&page)) {
                parts.push(row);
            }
        }
        parts.sort_by_key(|row| self.sheets(row).min());
        if parts.is_empty() {
            Err(Fault::refused("None of these sheets waits for a person."))
        } else {
            Ok(parts)
        }
    }

    /// Where a part must be cut so that what is in the range is alone.
    fn cuts(&self, row: &ExceptionRow, first: u32, last: u32) -> Vec<PageNumber> {
        let pages: Vec<u32> = self.sheets(row).collect();
        let inside = |page: u32| (first..=last).contains(&page);
        let border = |pair: &[u32]| (inside(pair[0]) != inside(pair[1])).then_some(PageNumber(pair[1]));
        pages.windows(2).filter_map(border).collect()
    }
}
