//! The chart of one patient: what is filed, when it is of, what no search finds, what may be theirs and waits.

mod filed;
mod person;
mod timeline;

use archive::{Action, AuditEntry, DocumentFilter, DocumentRow, PaperBox};
use askama::Template;
use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use records::document::DocumentState;
use records::patient::{Patient, PatientId};
use records::rights::Right;
use serde::Deserialize;

use self::filed::{Filed, Order, Section, hard_to_read, sections};
use self::person::{Facts, Hold, facts, holds};
use self::timeline::Timeline;
use super::viewer::{may_see, patient_named};
use crate::asking::wanted::{Narrowing, Search};
use crate::desk::Desk;
use crate::fault::Fault;
use crate::frame::{Frame, html};
use crate::people::Person;
use crate::people::act::Act;

pub(super) fn routes() -> Router<Desk> {
    Router::new().route("/chart/{patient}", get(chart)).route("/chart/{patient}/find", post(find))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    /// `type` or `date`.
    by: String,
}

#[derive(Template)]
#[template(path = "chart.html")]
struct ChartPage {
    frame: Frame,
    address: String,
    facts: Facts,
    by_date: bool,
    sections: Vec<Section>,
    documents: usize,
    pages: usize,
    timeline: Option<Timeline>,
    /// Pages that no search finds by their words.
    unsearchable: Vec<Unsearchable>,
    /// The index is being built: which pages they are is not known.
    index_waits: bool,
    boxes: Vec<PaperBox>,
    holds: Vec<Hold>,
    hidden: Vec<Filed>,
    works: bool,
}

/// Pages of a document with little or no readable text.
struct Unsearchable {
    document: Filed,
    /// Their numbers in the document, from 1.
    pages: Vec<usize>,
}

/// The chart of a person, by any of their identities; the look at it is on record when this returns.
pub(super) fn look(
    desk: &Desk,
    person: &Person,
    id: &str,
    what: &str,
) -> Result<(Patient, Vec<DocumentRow>), Fault> {
    person.must(Right::Charts)?;
    let patient = desk.archive.patient(patient_named(id)?)?.ok_or(Fault::NotThere)?;
    let all = DocumentFilter {
        patient: Some(patient.id),
        withdrawn: person.may(Right::Worklist),
        ..DocumentFilter::default()
    };
    let mut documents = desk.archive.documents(&all)?;
    documents.retain(|document| may_see(person, document) && document.state != DocumentState::Void);
    desk.archive.record(&AuditEntry {
        patient: Some(patient.id),
        detail: serde_json::json!({ "documents": documents.len() }),
        ..AuditEntry::new(&person.actor(), Action::Read, what)
    })?;
    Ok((patient, documents))
}

async fn chart(
    State(desk): State<Desk>,
    person: Person,
    Path(id): Path<String>,
    RawQuery(asked): RawQuery,
) -> Result<Response, Fault> {
    desk.work(move |desk| {
        let asked: Asked = asked.and_then(|query| serde_html_form::from_str(&query).ok()).unwrap_or_default();
        let (patient, documents) = look(desk, &person, &id, "chart")?;
        if patient.id != patient_named(&id)? {
            return Ok(Redirect::to(&address(patient.id)).into_response());
        }
        let (documents, hidden): (Vec<_>, Vec<_>) =
            documents.into_iter().partition(|document| document.state == DocumentState::Filed);
        let hard = hard_to_read(desk, &person, &patient)?;
        let filed: Vec<Filed> =
            documents.iter().map(|document| Filed::of(desk, document, hard.as_ref())).collect();
        let unsearchable = filed.iter().filter(|document| !document.hard.is_empty());
        let unsearchable = unsearchable
            .map(|document| Unsearchable { document: document.clone(), pages: document.hard.clone() })
            .collect();
        let pages: Vec<_> = documents.iter().flat_map(|document| document.pages.iter().copied()).collect();
        let order = order(desk, &person, &asked.by);
        let works = person.may(Right::Worklist);
        html(&ChartPage {
            frame: Frame::of(desk, &person, "Chart", ""),
            address: address(patient.id),
            facts: facts(desk, &patient)?,
            by_date: order == Order::Date,
            documents: filed.len(),
            pages: pages.len(),
            timeline: Timeline::of(&documents),
            unsearchable,
            index_waits: hard.is_none(),
            boxes: desk.archive.paper_boxes(&pages)?,
            holds: if works { holds(desk, &person, patient.id)? } else { Vec::new() },
            hidden: hidden.iter().map(|document| Filed::of(desk, document, None)).collect(),
            works,
            sections: sections(filed, order, &desk.settings.chart_order),
        })
    })
    .await
}

#[derive(Deserialize)]
struct Line {
    q: String,
}

/// To the answer of a search in this chart alone; it is told and on record there.
async fn find(
    State(desk): State<Desk>,
    Path(id): Path<String>,
    Act { person, form }: Act<Line>,
) -> Result<Response, Fault> {
    person.must(Right::Charts)?;
    let search = Search { narrowed: vec![Narrowing::Patient(patient_named(&id)?)], ..Search::of(&form.q) };
    let name = desk.sessions.keep_search(&person.account.name, search);
    Ok(Redirect::to(&format!("/search/{name}")).into_response())
}

/// As it is asked for, else as this person last had it.
fn order(desk: &Desk, person: &Person, by: &str) -> Order {
    let name = &person.account.name;
    if matches!(by, "type" | "date") {
        desk.sessions.keep_chart_order(name, by == "date");
    }
    if desk.sessions.charts_by_date(name) { Order::Date } else { Order::Type }
}

/// Where the chart of a person is.
pub(crate) fn address(patient: PatientId) -> String {
    format!("/chart/{}", patient.0)
}
