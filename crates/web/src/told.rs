//! How do scripts see what is filed and what waits? The same JSON at the prompt and over HTTP.

use archive::{DocumentRow, DoubtRow, ExceptionRow, PatientSummary, RescanItem, RescanRow};
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

/// Everything that waits for a person, and every question about what is filed, with what is to be scanned again of it.
pub fn worklist(waiting: &[ExceptionRow], doubts: &[DoubtRow], open: &[RescanRow]) -> Value {
    let with_rescans = |mut value: Value, pages: &[PageRef]| {
        value["rescans"] = open_rescans(open, &value, pages);
        value
    };
    let held = waiting.iter().map(|held| with_rescans(exception(held), &held.pages));
    let doubted = doubts.iter().map(|own| with_rescans(doubt(own), &own.document.pages));
    json!({ "exceptions": held.chain(doubted).collect::<Vec<_>>() })
}

/// What a rescan is for.
pub fn rescan_item(row: &RescanRow) -> Value {
    match row.item {
        RescanItem::Exception(id) => json!({ "exception": id }),
        RescanItem::Document { document, doubt } => json!({ "document": document, "doubt": doubt }),
    }
}

/// A rescan, seen from something that has these pages.
fn rescan(row: &RescanRow, pages: &[PageRef]) -> Value {
    let number = |page: &PageRef| pages.iter().position(|own| own == page).map(|at| at + 1);
    json!({
        "slip": row.slip.serial,
        "state": row.state.code(),
        "item": rescan_item(row),
        "page": number(&row.page),
        "asked_for": row.page,
        "asked_by": row.asked_by,
        "asked_at": row.asked_at,
        "superseded": row.old,
        "came": row.came,
        "came_pages": row.came.iter().map(number).collect::<Vec<_>>(),
        "settled_by": row.settled_by,
        "settled_at": row.settled_at,
    })
}

/// Rescans, seen from something that has these pages.
pub fn rescans(rows: &[RescanRow], pages: &[PageRef]) -> Value {
    rows.iter().map(|row| rescan(row, pages)).collect()
}

/// Those that one row of the worklist waits for, or that came as it.
fn open_rescans(rows: &[RescanRow], item: &Value, pages: &[PageRef]) -> Value {
    let is_item = |row: &&RescanRow| match row.item {
        RescanItem::Exception(id) => item["id"] == json!(id),
        RescanItem::Document { doubt, .. } => item["id"] == json!(doubt),
    };
    let is_of = |row: &&RescanRow| is_item(row) || (item["document"].is_null() && pages == row.came);
    rows.iter().filter(is_of).map(|row| rescan(row, pages)).collect()
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
