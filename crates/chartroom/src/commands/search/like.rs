//! Which pages are like this one?

use search::{Answer, Model};
use serde_json::{Value, json};

use super::found::{Found, charted, describe, redeem};
use super::{Outcome, SearchArguments, or_nothing};
use crate::archive_door::{Door, viewer};
use crate::show;

pub(super) fn run(door: &Door, arguments: &SearchArguments, id: &str) -> anyhow::Result<Outcome> {
    let page = super::super::show::page_named(door, id, arguments.page)?;
    let viewer = viewer();
    let sight = door.archive.viewer_sight(&viewer, &[page], "search")?;
    let reading = door.archive.reading(&sight, page)?;
    let names = names(door, id)?;
    let asked = super::super::index::ask_index(door, |reader| {
        let scope = door.archive.scope(&viewer, reader.position())?;
        let found = match &reading {
            Some(reading) => reader.similar(Model { page, reading, names: &names }, &scope, arguments.limit),
            None => Ok(Vec::new()),
        };
        let hits = match found {
            Ok(hits) => hits,
            Err(fault) => return Ok(Err(fault)),
        };
        let copies = reader.copies(&charted(door, hits.iter())?, &scope);
        Ok(copies.map(|copies| (hits, copies)))
    })?;
    let (hits, copies) = or_nothing(asked)?;
    let asked = format!("like page {} of {id}", arguments.page);
    door.archive.record_search(&viewer, &asked, hits.len() as u64)?;
    let mut answer = Answer::default();
    (answer.total, answer.hits) = (hits.len(), hits);
    let found = redeem(door, &viewer, &answer, copies)?;
    if arguments.json {
        let hits: Vec<Value> = found.iter().map(Found::in_json).collect();
        show::json(&json!({ "hits": hits }))?;
        return Ok(Outcome::Done);
    }
    describe(door, &found, 0..found.len(), 0)?;
    show::line(match found.len() {
        0 => "No page is like it.".into(),
        pages => format!("{}.", show::count(pages as u64, "page", "pages")),
    });
    Ok(Outcome::Done)
}

/// The words that say whose chart a document is in.
fn names(door: &Door, id: &str) -> anyhow::Result<Vec<String>> {
    let document = id.parse().ok().map(|id| door.archive.document(&id)).transpose()?.flatten();
    Ok(document.map(|document| document.patient.name).into_iter().collect())
}
