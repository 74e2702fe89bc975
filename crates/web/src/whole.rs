//! What is all that is known of one thing, as scripts see it? What lists tell of it is [`crate::told`]'s.

use archive::{Action, Archive, ArchiveError, AuditRow, DocumentRow, DoubtRow, ExceptionRow};
use records::evidence::EvidenceKind;
use records::ids::PageRef;
use serde_json::{Value, json};

use crate::told;

/// A document with its evidence, its history, what is in question about it and what is scanned again of it.
pub fn document(archive: &Archive, document: &DocumentRow) -> Result<Value, ArchiveError> {
    let mut value = told::document(document);
    value["filed_under"] = json!(document.filed_under.value);
    value["page_batches"] = document.pages.iter().map(|page| json!(page.batch)).collect();
    value["filed_by"] = json!(document.filed_by);
    value["filed_at"] = json!(document.filed_at);
    value["received"] = json!(document.received);
    value["ground"] = json!(document.ground);
    value["encounter"] = json!(document.encounter.as_ref().map(|number| &number.value));
    value["withdrawn_by"] = json!(document.withdrawn_by);
    value["withdrawn_because"] = json!(document.withdrawn_because);
    value["evidence"] = json!(document.evidence);
    value["history"] = json!(archive.edits(&document.id)?);
    value["doubts"] = archive.doubts_about(&document.id)?.iter().map(doubt_alone).collect();
    value["rescans"] = rescans(archive, &document.pages)?;
    Ok(value)
}

pub fn exception(archive: &Archive, exception: &ExceptionRow) -> Result<Value, ArchiveError> {
    let mut value = told::exception(exception);
    value["evidence"] = json!(exception.evidence);
    value["document"] = json!(exception.document);
    value["resolution"] = json!(exception.resolution);
    value["resolved_by"] = json!(exception.resolved_by);
    value["rescans"] = rescans(archive, &exception.pages)?;
    Ok(value)
}

pub fn doubt(archive: &Archive, doubt: &DoubtRow) -> Result<Value, ArchiveError> {
    let mut value = doubt_alone(doubt);
    value["rescans"] = rescans(archive, &doubt.document.pages)?;
    Ok(value)
}

fn doubt_alone(doubt: &DoubtRow) -> Value {
    let mut value = told::doubt(doubt);
    value["evidence"] = json!(doubt.evidence);
    value["resolution"] = json!(doubt.resolution);
    value["resolved_by"] = json!(doubt.resolved_by);
    value
}

fn rescans(archive: &Archive, pages: &[PageRef]) -> Result<Value, ArchiveError> {
    Ok(told::rescans(&archive.rescans_about(pages)?, pages))
}

/// What is filed, each as a list tells it.
pub fn documents(documents: &[DocumentRow]) -> Value {
    json!({ "documents": documents.iter().map(told::document).collect::<Vec<Value>>() })
}

/// Looks at a document's pages since it was filed, not what was done with them; oldest first.
pub fn looks(archive: &Archive, document: &DocumentRow) -> Result<Vec<AuditRow>, ArchiveError> {
    let mut seen = archive.who_saw(&document.id)?;
    seen.retain(|row| row.at >= document.filed_at && row.entry.action == Action::Read);
    Ok(seen)
}

pub fn look(row: &AuditRow) -> Value {
    json!({
        "entry": row.seq,
        "at": row.at,
        "who": row.entry.actor,
        "what": row.entry.what,
        "purpose": row.entry.purpose,
        "pages": row.entry.pages.iter().map(|page| page.page).collect::<Vec<_>>(),
        "refused": row.entry.refused,
    })
}

/// What a piece of evidence is, as people say it.
pub const fn evidence_words(kind: EvidenceKind) -> &'static str {
    match kind {
        EvidenceKind::Barcode => "number in a barcode",
        EvidenceKind::Number => "number in print",
        EvidenceKind::Name => "name",
        EvidenceKind::BirthDate => "birth date",
        EvidenceKind::Sex => "sex",
        EvidenceKind::Declared => "cover sheet",
        EvidenceKind::Clerk => "a clerk's decision",
    }
}
