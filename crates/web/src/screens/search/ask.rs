//! A search of the desk: put to the index, on record, its pages redeemed.

use archive::{Action, AuditEntry};
use records::ids::PageRef;
use records::patient::PatientId;
use search::{Query, Screen};
use serde_json::json;

use crate::asking::wanted::Search;
use crate::asking::{Answered, Found, found, shown};
use crate::desk::{Desk, today};
use crate::fault::Fault;
use crate::people::Person;

/// An answer that is on record, with what may be shown of its pages.
pub(super) struct Told {
    pub(super) query: Query,
    pub(super) answered: Answered,
    /// Its hits, then what has most of it.
    pub(super) found: Vec<Found>,
    /// What pictures of its pages are asked for by; absent where there are none.
    pub(super) seq: Option<u64>,
    /// Position of the change log that it is as of.
    pub(super) position: u64,
}

pub(super) fn ask(desk: &Desk, person: &Person, search: &Search, screen: Screen) -> Result<Told, Fault> {
    put(desk, person, search, &question(desk, person, search)?, screen)
}

/// The question, with all that the house knows.
pub(in crate::screens) fn question(desk: &Desk, person: &Person, search: &Search) -> Result<Query, Fault> {
    let viewer = person.viewer();
    let query = desk.asker(&viewer)?.understood(search.query(today()), Some(&desk.codes));
    Ok(query.wishing(search.wished()))
}

/// `search`: as it stands in the audit.
pub(super) fn put(
    desk: &Desk,
    person: &Person,
    search: &Search,
    query: &Query,
    screen: Screen,
) -> Result<Told, Fault> {
    let viewer = person.viewer();
    let asker = desk.asker(&viewer)?;
    let mut last_try = false;
    loop {
        let (position, answered) =
            desk.ask(|reader| Ok((reader.position(), asker.answer(reader, query, screen)?)))?;
        record(desk, person, search, &answered)?;
        match redeem(desk, person, &answered) {
            // What was found has been withdrawn in this very moment: the next answer is without it.
            Err(Fault::NotThere) if !last_try => last_try = true,
            Err(fault) => return Err(fault),
            Ok((seq, found)) => {
                return Ok(Told { query: query.clone(), answered, found, seq, position });
            }
        }
    }
}

/// The search, and whom its answer names beside the pages themselves.
fn record(desk: &Desk, person: &Person, search: &Search, answered: &Answered) -> Result<(), Fault> {
    let named: Vec<PatientId> = answered.people.iter().map(|one| one.patient.id).collect();
    let mut detail = json!({ "query": search.text, "hits": answered.answer.total });
    if !search.narrowed.is_empty() {
        detail["narrowed"] = json!(search.narrowed);
    }
    if !named.is_empty() {
        detail["named"] = json!(named);
    }
    desk.archive
        .record(&AuditEntry { detail, ..AuditEntry::new(&person.actor(), Action::Execute, "search") })?;
    Ok(())
}

fn redeem(desk: &Desk, person: &Person, answered: &Answered) -> Result<(Option<u64>, Vec<Found>), Fault> {
    let pages: Vec<PageRef> = shown(&answered.answer).map(|hit| hit.page).collect();
    if pages.is_empty() {
        return Ok((None, Vec::new()));
    }
    let looked = person.look(desk, &pages, "search")?;
    Ok((Some(looked.seq), found(&desk.archive, &looked.sight, answered)?))
}
