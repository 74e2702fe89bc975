//! What waits for a person, and why?

use archive::ExceptionRow;
use clap::Args;
use serde_json::{Value, json};

use super::{Outcome, PlaceArguments};
use crate::archive_door::{Door, viewer};
use crate::show;

#[derive(Args)]
pub(crate) struct WorklistArguments {
    /// Print one JSON value
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(place: &PlaceArguments, arguments: &WorklistArguments) -> anyhow::Result<Outcome> {
    let door = Door::open(place)?;
    let waiting = door.archive.worklist()?;
    super::record_look(&door, &viewer(), "worklist", waiting.len())?;
    if arguments.json {
        let exceptions: Vec<Value> = waiting.iter().map(in_json).collect();
        show::json(&json!({ "exceptions": exceptions }))?;
    } else if waiting.is_empty() {
        show::line("Nothing waits for a person.");
    } else {
        for exception in &waiting {
            describe(exception);
        }
        show::line(format!("{}.", show::count(waiting.len() as u64, "exception", "exceptions")));
        show::line("Look at one with `chartroom show ID`, then `chartroom assign ID --mrn MRN`.");
    }
    Ok(Outcome::Done)
}

pub(super) fn in_json(exception: &ExceptionRow) -> Value {
    let candidates: Vec<Value> = exception
        .candidates
        .iter()
        .map(|candidate| {
            let mut value = super::patients::summary_in_json(&candidate.patient);
            value["why"] = json!(candidate.why);
            value
        })
        .collect();
    json!({
        "id": exception.id,
        "batch": exception.batch,
        "station": exception.station,
        "file": exception.file,
        "pages": super::page_numbers(&exception.pages),
        "reasons": exception.reasons,
        "words": exception.reasons.first().map(|reason| reason.words()),
        "detail": exception.detail,
        "type": exception.kind,
        "candidates": candidates,
    })
}

/// A few lines a clerk can read at a glance.
pub(super) fn describe(exception: &ExceptionRow) {
    let pages = if exception.pages.is_empty() {
        String::new()
    } else {
        format!(", page {}", super::page_ranges(&exception.pages))
    };
    show::line(exception.id.to_string());
    show::line(format!("  {}{pages}", exception.file));
    for reason in &exception.reasons {
        for line in show::wrapped(&format!("{}  {}", reason.code(), reason.words()), 76) {
            show::line(format!("  {line}"));
        }
    }
    let mut more: Vec<String> = exception.detail.iter().map(|detail| format!("({detail})")).collect();
    for candidate in exception.candidates.iter().take(3) {
        let number = candidate.patient.mrn.as_ref().map_or("", |mrn| mrn.value.as_str());
        more.push(format!("perhaps {} {number}: {}", candidate.patient.name, candidate.why));
    }
    for line in more.iter().flat_map(|text| show::wrapped(text, 76)) {
        show::line(format!("  {line}"));
    }
    show::line("");
}
