//! Who has seen this document?

use archive::{Action, AuditEntry, AuditRow, DocumentRow};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use records::rights::Right;

use super::shown::{may_see, parsed};
use crate::desk::Desk;
use crate::fault::Fault;
use crate::frame::html;
use crate::people::Person;

/// A look at its pages, or an attempt.
pub(super) struct Look {
    pub(super) at: String,
    pub(super) who: String,
    /// "page-turn", with what was seen.
    pub(super) why: String,
    pub(super) pages: usize,
    pub(super) refused: bool,
}

#[derive(Template)]
#[template(path = "viewer_seen.html")]
struct Seen {
    looks: Vec<Look>,
}

pub(super) async fn seen(
    State(desk): State<Desk>,
    person: Person,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    desk.work(move |desk| {
        let document = desk.archive.document(&parsed(&id)?)?.ok_or(Fault::NotThere)?;
        if !may_ask(&person) || !may_see(&person, &document) {
            return Err(Fault::NotThere);
        }
        html(&Seen { looks: looks(desk, &person, &document)? })
    })
    .await
}

/// Who corrects what is filed, and who watches who looks.
pub(super) fn may_ask(person: &Person) -> bool {
    person.may(Right::Correct) || person.may(Right::Audit)
}

/// Looks since it was filed, latest first; that they were asked for is on record when this returns.
pub(super) fn looks(desk: &Desk, person: &Person, document: &DocumentRow) -> Result<Vec<Look>, Fault> {
    let rows = crate::whole::looks(&desk.archive, document)?;
    desk.archive.record(&AuditEntry {
        document: Some(document.id),
        patient: Some(document.patient.id),
        detail: serde_json::json!({ "rows": rows.len() }),
        ..AuditEntry::new(&person.actor(), Action::Read, "who-saw")
    })?;
    Ok(rows.iter().rev().map(|row| Look::of(row, document)).collect())
}

impl Look {
    fn of(row: &AuditRow, document: &DocumentRow) -> Self {
        Self {
            at: row.at.strftime("%Y-%m-%d %H:%M:%S").to_string(),
            who: row.entry.actor.clone(),
            why: row.entry.purpose.clone().unwrap_or_else(|| row.entry.what.clone()),
            pages: row.entry.pages.iter().filter(|page| document.pages.contains(page)).count(),
            refused: row.entry.refused,
        }
    }
}
