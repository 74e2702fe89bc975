//! What comes after a decision? The next item, at once; and for some minutes the way back.

use archive::{ExceptionRow, ExceptionState, UNDO_LASTS};
use axum::Json;
use jiff::Timestamp;
use records::rights::Right;
use serde_json::{Value, json};

use super::ItemId;
use super::holding;
use super::order::{Filter, bundled, entries};
use crate::desk::{Desk, today};
use crate::fault::Fault;
use crate::people::Person;

/// Where a script goes after its act.
pub(super) fn to(address: &str) -> Json<Value> {
    Json(json!({ "to": address }))
}

/// The view of the worklist that a form was opened from.
pub(super) fn view(from: &str) -> Filter {
    serde_html_form::from_str(from).unwrap_or_default()
}

/// The items of a view, one after the other.
pub(super) struct Round {
    filter: Filter,
    ids: Vec<ItemId>,
    held_by_others: std::collections::BTreeMap<String, String>,
}

impl Round {
    pub(super) fn of(desk: &Desk, person: &Person, filter: Filter) -> Result<Self, Fault> {
        let mine = holding::own(desk, person)?;
        let all = entries(&desk.archive, &person.viewer(), today())?;
        let shown = all.into_iter().filter(|entry| filter.takes(entry, &mine)).collect();
        let ids = bundled(shown).into_iter().flatten().map(|entry| entry.id).collect();
        Ok(Self { filter, ids, held_by_others: holding::others(desk, person)? })
    }

    /// "3 of 41".
    pub(super) fn position(&self, id: ItemId) -> Option<(usize, usize)> {
        Some((self.ids.iter().position(|own| *own == id)? + 1, self.ids.len()))
    }

    /// The next that nobody else has in hand; behind the last comes the first.
    pub(super) fn after(&self, id: ItemId) -> Option<ItemId> {
        let at = self.ids.iter().position(|own| *own == id).map_or(0, |at| at + 1);
        let mut round = self.ids[at..].iter().chain(&self.ids[..at]);
        round.find(|own| **own != id && self.is_free(**own)).copied()
    }

    pub(super) fn before(&self, id: ItemId) -> Option<ItemId> {
        let at = self.ids.iter().position(|own| *own == id)?;
        let mut round = self.ids[..at].iter().rev().chain(self.ids[at..].iter().rev());
        round.find(|own| **own != id && self.is_free(**own)).copied()
    }

    fn is_free(&self, id: ItemId) -> bool {
        !self.held_by_others.contains_key(&id.to_string())
    }

    /// Address of an item (or of the list, where there is none) in this view.
    pub(super) fn address(&self, id: Option<ItemId>, done: Option<ItemId>) -> String {
        let mut query = self.filter.query();
        if let Some(done) = done {
            query = if query.is_empty() { format!("done={done}") } else { format!("{query}&done={done}") };
        }
        let path = match id {
            _ if !self.filter.batch.is_empty() => format!("/worklist/batch/{}", self.filter.batch),
            Some(id) => format!("/worklist/{id}"),
            None => "/worklist".into(),
        };
        if query.is_empty() { path } else { format!("{path}?{query}") }
    }
}

/// One decision about an item in hand: does it, lets the item go, and says where to go on. `act` answers what may be
/// taken back.
pub(super) fn decide(
    desk: &Desk,
    person: &Person,
    id: ItemId,
    from: &str,
    act: impl FnOnce() -> Result<(), Fault>,
) -> Result<Json<Value>, Fault> {
    holding::must_hold(desk, person, &id.to_string())?;
    let round = Round::of(desk, person, view(from))?;
    let next = round.after(id);
    act()?;
    desk.archive.let_go(&id.to_string(), &person.actor())?;
    Ok(to(&round.address(next, Some(id))))
}

/// What was decided last, told above the next item.
pub(super) struct Done {
    pub(super) id: String,
    pub(super) words: String,
    pub(super) undo: bool,
}

impl Done {
    /// `None`: it is not, or no longer, decided by this person.
    pub(super) fn of(desk: &Desk, person: &Person, id: &str) -> Result<Option<Self>, Fault> {
        person.must(Right::Worklist)?;
        let Ok(item) = id.parse::<ItemId>() else { return Ok(None) };
        let words = match item {
            ItemId::Exception(own) => {
                let Some(row) = desk.archive.exception(&own)? else { return Ok(None) };
                if row.state == ExceptionState::Open && row.resolved_by.is_none() {
                    return Ok(None);
                }
                if row.resolved_by.as_deref() != Some(person.actor().as_str()) {
                    return Ok(None);
                }
                let undo = may_undo(&row);
                return Ok(Some(Self { id: id.into(), words: became(desk, &row)?, undo }));
            }
            ItemId::Doubt(_) => "Decided; it is on record.".to_owned(),
            ItemId::Document(_) => "Its kind is noted; what it was is kept.".to_owned(),
        };
        Ok(Some(Self { id: id.into(), words, undo: false }))
    }
}

fn may_undo(row: &ExceptionRow) -> bool {
    let soon = row.resolved_at.is_some_and(|at| at + UNDO_LASTS > Timestamp::now());
    let simple = match row.state {
        ExceptionState::Void | ExceptionState::SetAside => true,
        ExceptionState::Resolved => row.resolution.as_deref() == Some("assigned"),
        ExceptionState::Open => false,
    };
    soon && simple
}

fn became(desk: &Desk, row: &ExceptionRow) -> Result<String, Fault> {
    Ok(match row.state {
        ExceptionState::Void => "Withdrawn: in no chart.".into(),
        ExceptionState::SetAside => "Set aside: in no chart.".into(),
        ExceptionState::Open => match row.follow_up {
            Some(day) => format!("It waits until {day}."),
            None => "It waits, with your note.".into(),
        },
        ExceptionState::Resolved => {
            match row.document.map(|id| desk.archive.document(&id)).transpose()?.flatten() {
                Some(document) => format!("Filed in the chart of {}.", document.patient.name),
                None => "Arranged.".into(),
            }
        }
    })
}
