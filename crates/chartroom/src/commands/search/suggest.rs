//! How may what was typed go on?

use search::{Suggestion, Typed};
use web::asking;

use super::{Outcome, SearchArguments, asked, asker, today};
use crate::archive_door::{Door, viewer};
use crate::show;

pub(super) fn run(door: &Door, arguments: &SearchArguments) -> anyhow::Result<Outcome> {
    let line = arguments.query.join(" ");
    let typed = Typed::parse(&line, today(), &door.config.vocabulary);
    let viewer = viewer();
    let asker = asker(door, &viewer, typed.patient_terms(), arguments.authority.as_deref())?;
    let suggestions = asked(door, |reader| asker.suggest(reader, &typed, arguments.limit))?;
    door.archive.record_search(&viewer, &line, suggestions.len() as u64)?;
    if arguments.json {
        show::json(&asking::suggestions_in_json(&suggestions))?;
        return Ok(Outcome::Done);
    }
    for Suggestion { line, means, .. } in &suggestions {
        show::line(if means.is_empty() { line.clone() } else { format!("{line} – {}", means.join(", ")) });
    }
    Ok(Outcome::Done)
}
