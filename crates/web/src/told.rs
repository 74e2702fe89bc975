//! How do scripts see what is filed and what waits? The same JSON at the prompt and over HTTP.

use archive::{DocumentRow, DoubtRow, ExceptionRow, PatientSummary};
use records::ids::PageRef;
use serde_json::{Value, json};

/// As `interface.md` promises it, and evidence never.
pub fn document(document: &DocumentRow) -> Value {
    json!({
        "document": document.id,
        "batch": document.batch,
        "station": document.station,
        "file": document.file,
        "pages": page_numbers(&document.pages),
        "patient": patient(&document.patient),
        "type": document.kind,
        "date": document.service.map(|(first, _)| first),
        "state": document.state,
        "labels": document.labels,
    })
}

/// A document in the typing queue: since when it waits.
pub fn untyped(row: &DocumentRow) -> Value {
    let mut value = document(row);
    value["filed_at"] = json!(row.filed_at);
    value
}

pub fn exception(exception: &ExceptionRow) -> Value {
    let candidates: Vec<Value> = exception
        .candidates
        .iter()
        .map(|candidate| {
            let mut value = patient(&candidate.patient);
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
        "pages": page_numbers(&exception.pages),
        "reasons": exception.reasons,
        "words": exception.reasons.first().map(|reason| reason.words()),
        "detail": exception.detail,
        "type": exception.kind,
        "bundle": exception.bundle.as_ref().map(ToString::to_string),
        "disposition": exception.disposition,
        "follow_up": exception.follow_up,
        "candidates": candidates,
    })
}

/// As an exception, about a document that stays where it is.
pub fn doubt(doubt: &DoubtRow) -> Value {
    let document = &doubt.document;
    json!({
        "id": doubt.id,
        "document": document.id,
        "batch": document.batch,
        "station": document.station,
        "file": document.file,
        "pages": page_numbers(&document.pages),
        "reasons": doubt.reasons,
        "words": doubt.reasons.first().map(|reason| reason.words()),
        "detail": null,
        "type": document.kind,
        "patient": patient(&document.patient),
        "raised_by": doubt.raised_by,
        "bundle": null,
        "follow_up": doubt.due,
        "candidates": [],
    })
}

/// Everything that waits for a person, and every question about what is filed.
pub fn worklist(waiting: &[ExceptionRow], doubts: &[DoubtRow]) -> Value {
    let exceptions: Vec<Value> = waiting.iter().map(exception).chain(doubts.iter().map(doubt)).collect();
    json!({ "exceptions": exceptions })
}

/// The typing queue.
pub fn typing_queue(documents: &[DocumentRow]) -> Value {
    json!({ "documents": documents.iter().map(untyped).collect::<Vec<_>>() })
}

pub fn patient(patient: &PatientSummary) -> Value {
    json!({
        "mrn": patient.mrn.as_ref().map(|mrn| &mrn.value),
        "authority": patient.mrn.as_ref().map(|mrn| &mrn.authority),
        "name": patient.name,
        "birth_date": patient.birth_date,
    })
}

/// Pages as their batches number them.
pub fn page_numbers(pages: &[PageRef]) -> Vec<u32> {
    pages.iter().map(|page| page.page.0).collect()
}

/// "2-4, 7".
pub fn page_ranges(pages: &[PageRef]) -> String {
    let numbers = page_numbers(pages);
    let runs = numbers.chunk_by(|a, b| *b == a + 1).map(|run| match run {
        [one] => one.to_string(),
        [first, .., last] => format!("{first}-{last}"),
        [] => String::new(),
    });
    runs.collect::<Vec<_>>().join(", ")
}
