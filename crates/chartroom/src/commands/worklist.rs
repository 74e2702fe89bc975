//! What waits for a person, and why?

use archive::{DoubtRow, ExceptionRow};
use clap::Args;
use records::exception::Reason;
use records::ids::PageRef;
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
    let (waiting, doubts) = (door.archive.worklist()?, door.archive.doubts()?);
    super::record_look(&door, &viewer(), "worklist", waiting.len() + doubts.len())?;
    if arguments.json {
        let exceptions: Vec<Value> =
            waiting.iter().map(in_json).chain(doubts.iter().map(doubt_in_json)).collect();
        show::json(&json!({ "exceptions": exceptions }))?;
    } else if waiting.is_empty() && doubts.is_empty() {
        show::line("Nothing waits for a person.");
    } else {
        waiting.iter().for_each(describe);
        doubts.iter().for_each(describe_doubt);
        if !waiting.is_empty() {
            show::line(format!("{}.", show::count(waiting.len() as u64, "exception", "exceptions")));
            show::line("Look at one with `chartroom show ID`, then `chartroom assign ID --mrn MRN`.");
        }
        if !doubts.is_empty() {
            show::line(format!(
                "{} about what is filed.",
                show::count(doubts.len() as u64, "doubt", "doubts")
            ));
            show::line(
                "`chartroom dismiss ID` if the chart is right, `chartroom quarantine DOCUMENT` if not.",
            );
        }
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
        "document": null,
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

/// As an exception, about a document that stays where it is.
pub(super) fn doubt_in_json(doubt: &DoubtRow) -> Value {
    let document = &doubt.document;
    json!({
        "id": doubt.id,
        "document": document.id,
        "batch": document.batch,
        "station": document.station,
        "file": document.file,
        "pages": super::page_numbers(&document.pages),
        "reasons": doubt.reasons,
        "words": doubt.reasons.first().map(|reason| reason.words()),
        "detail": null,
        "type": document.kind,
        "patient": super::patients::summary_in_json(&document.patient),
        "raised_by": doubt.raised_by,
        "due": doubt.due,
        "candidates": [],
    })
}

/// A few lines a clerk can read at a glance.
pub(super) fn describe(exception: &ExceptionRow) {
    show::line(exception.id.to_string());
    describe_place(&exception.file, &exception.pages);
    describe_reasons(&exception.reasons);
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

pub(super) fn describe_doubt(doubt: &DoubtRow) {
    let document = &doubt.document;
    show::line(format!("{} about {}", doubt.id, document.id));
    describe_place(&document.file, &document.pages);
    let number = document.patient.mrn.as_ref().map_or("", |mrn| mrn.value.as_str());
    show::line(format!("  filed in the chart of {} {number}", document.patient.name));
    describe_reasons(&doubt.reasons);
    if let Some(due) = doubt.due {
        show::line(format!("  due on {due}"));
    }
    show::line("");
}

fn describe_place(file: &str, pages: &[PageRef]) {
    let pages =
        if pages.is_empty() { String::new() } else { format!(", page {}", super::page_ranges(pages)) };
    show::line(format!("  {file}{pages}"));
}

fn describe_reasons(reasons: &[Reason]) {
    for reason in reasons {
        for line in show::wrapped(&format!("{}  {}", reason.code(), reason.words()), 76) {
            show::line(format!("  {line}"));
        }
    }
}
