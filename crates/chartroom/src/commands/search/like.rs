//! Which pages are like this one?

use search::Model;
use web::asking::{self, Answered};

use super::found::{describe, redeem};
use super::{Outcome, SearchArguments, asked, asker};
use crate::archive_door::{Door, viewer};
use crate::show;

pub(super) fn run(door: &Door, arguments: &SearchArguments, id: &str) -> anyhow::Result<Outcome> {
    let page = super::super::show::page_named(door, id, arguments.page)?;
    let viewer = viewer();
    let sight = door.archive.viewer_sight(&viewer, &[page], "search")?;
    let reading = door.archive.reading(&sight, page)?;
    let names = names(door, id)?;
    let asker = asker(door, &viewer, Vec::new(), None)?;
    let answered = asked(door, |reader| match &reading {
        Some(reading) => asker.like(reader, Model { page, reading, names: &names }, arguments.limit),
        None => Ok(Answered::default()),
    })?;
    let said = format!("like page {} of {id}", arguments.page);
    door.archive.record_search(&viewer, &said, answered.answer.total as u64)?;
    let found = redeem(door, &viewer, &answered)?;
    if arguments.json {
        show::json(&asking::like_in_json(&found))?;
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
