//! How may what was typed go on?

use search::{Suggestion, Typed};
use serde_json::{Value, json};

use super::{Outcome, SearchArguments, or_nothing, resolve, today};
use crate::archive_door::{Door, viewer};
use crate::show;

pub(super) fn run(door: &Door, arguments: &SearchArguments) -> anyhow::Result<Outcome> {
    let line = arguments.query.join(" ");
    let typed = Typed::parse(&line, today(), &door.config.vocabulary);
    let viewer = viewer();
    let asked = super::super::index::ask_index(door, |reader| {
        let patients = resolve(door, typed.patient_terms(), arguments.authority.as_deref())?;
        let scope = door.archive.scope(&viewer, reader.position())?;
        Ok(reader.suggest(&typed, &patients, &scope, arguments.limit))
    })?;
    let suggestions = or_nothing(asked)?;
    door.archive.record_search(&viewer, &line, suggestions.len() as u64)?;
    if arguments.json {
        let suggestions: Vec<Value> = suggestions.iter().map(in_json).collect();
        show::json(&json!({ "suggestions": suggestions }))?;
        return Ok(Outcome::Done);
    }
    for Suggestion { line, means, .. } in &suggestions {
        show::line(if means.is_empty() { line.clone() } else { format!("{line} – {}", means.join(", ")) });
    }
    Ok(Outcome::Done)
}

fn in_json(suggestion: &Suggestion) -> Value {
    json!({ "line": suggestion.line, "text": suggestion.text, "means": suggestion.means })
}
