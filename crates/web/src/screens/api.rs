//! What do programs get of documents and charts? The JSON of `chartroom show` and `chartroom documents`.

use archive::{Action, AuditEntry};
use axum::extract::{Path, State};
use axum::routing::get;
use axum::{Json, Router};
use records::document::DocumentState;
use serde_json::Value;

use super::chart::look;
use super::viewer::{may_see, parsed};
use crate::desk::Desk;
use crate::fault::Fault;
use crate::people::Person;
use crate::whole;

pub(super) fn routes() -> Router<Desk> {
    Router::new().route("/api/v1/documents/{id}", get(document)).route("/api/v1/charts/{patient}", get(chart))
}

/// A document whole: its evidence holds what stands on its pages, so this is a look at them.
async fn document(
    State(desk): State<Desk>,
    person: Person,
    Path(id): Path<String>,
) -> Result<Json<Value>, Fault> {
    desk.work(move |desk| {
        let document = desk.archive.document(&parsed(&id)?)?.ok_or(Fault::NotThere)?;
        let allowed = may_see(&person, &document);
        desk.archive.record(&AuditEntry {
            patient: Some(document.patient.id),
            document: Some(document.id),
            pages: document.pages.clone(),
            labels: document.labels.clone(),
            refused: !allowed,
            ..AuditEntry::new(&person.actor(), Action::Read, "show")
        })?;
        if !allowed {
            return Err(Fault::NotThere);
        }
        Ok(Json(whole::document(&desk.archive, &document)?))
    })
    .await
}

/// What is filed in a chart.
async fn chart(
    State(desk): State<Desk>,
    person: Person,
    Path(id): Path<String>,
) -> Result<Json<Value>, Fault> {
    desk.work(move |desk| {
        let (_, mut documents) = look(desk, &person, &id, "documents")?;
        documents.retain(|document| document.state == DocumentState::Filed);
        Ok(Json(whole::documents(&documents)))
    })
    .await
}
