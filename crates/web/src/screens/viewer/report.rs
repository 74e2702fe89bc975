//! What may somebody do from a page: report it, print it, say that they turned through it.

use std::collections::BTreeSet;

use archive::{Action, AuditEntry};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use records::document::DocumentState;
use records::rights::Right;
use serde::{Deserialize, Serialize};

use super::shown::{Shown, What, may_see, parsed};
use crate::desk::Desk;
use crate::fault::Fault;
use crate::people::Person;
use crate::people::act::Act;

/// Whether what is open may still be shown. Screens ask on their own: what is hidden vanishes from all of them.
pub(super) async fn still(
    State(desk): State<Desk>,
    person: Person,
    Path(id): Path<String>,
) -> Result<StatusCode, Fault> {
    desk.work(move |desk| {
        let shown = Shown::find(desk, &person, &id)?;
        match &shown.what {
            What::Document(document) if !may_see(&person, document) => Err(Fault::NotThere),
            What::Document(document) if document.state != DocumentState::Filed => Ok(StatusCode::ACCEPTED),
            _ => Ok(StatusCode::NO_CONTENT),
        }
    })
    .await
}

#[derive(Deserialize)]
pub(super) struct Report {
    reason: String,
}

#[derive(Serialize)]
pub(super) struct Reported {
    said: &'static str,
    /// Where the person may go on with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<String>,
}

/// Longest reason that is kept.
const LONGEST: usize = 500;

/// Hides the document from everybody, at once.
pub(super) async fn wrong_chart(
    State(desk): State<Desk>,
    Path(id): Path<String>,
    Act { person, form }: Act<Report>,
) -> Result<Json<Reported>, Fault> {
    desk.work(move |desk| {
        person.must(Right::Charts)?;
        let document = desk.archive.document(&parsed(&id)?)?.ok_or(Fault::NotThere)?;
        if !may_see(&person, &document) {
            return Err(Fault::NotThere);
        }
        let reason: String = form.reason.trim().chars().take(LONGEST).collect();
        if reason.is_empty() {
            return Err(Fault::refused("Say in a few words why it is in the wrong chart."));
        }
        desk.archive.quarantine(&document.id, &person.actor(), &reason)?;
        Ok(Json(Reported {
            said: "The document is out of the chart, for everybody. It waits on the worklist, where another person \
                   finds the right chart for it; who has seen it is on record.",
            item: person.may(Right::Worklist).then(|| format!("/page/{}/1", document.id)),
        }))
    })
    .await
}

#[derive(Deserialize)]
pub(super) struct Turned {
    /// "n:sight" of pages that stood on the screen, separated by spaces.
    pages: String,
}

/// Puts on record which pages really stood on the screen in a quick turn: what was fetched ahead is on record as
/// looked at, too.
pub(super) async fn turned(
    State(desk): State<Desk>,
    Path(id): Path<String>,
    Act { person, form }: Act<Turned>,
) -> Result<StatusCode, Fault> {
    desk.work(move |desk| {
        let shown = Shown::find(desk, &person, &id)?;
        let mut pages = BTreeSet::new();
        for pair in form.pages.split_whitespace() {
            let (n, sight) = pair.split_once(':').ok_or(Fault::NotThere)?;
            let page = shown.page(parsed(n)?)?;
            if !person.sight(desk, parsed(sight)?)?.covers(page) {
                return Err(Fault::NotThere);
            }
            pages.insert(page);
        }
        let document = shown.document();
        desk.archive.record(&AuditEntry {
            purpose: Some("page-turn".into()),
            patient: document.map(|document| document.patient.id),
            document: document.map(|document| document.id),
            pages: pages.into_iter().collect(),
            labels: document.map(|document| document.labels.clone()).unwrap_or_default(),
            ..AuditEntry::new(&person.actor(), Action::Read, "turned")
        })?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

#[derive(Deserialize)]
pub(super) struct Print {
    n: String,
    sight: String,
}

#[derive(Serialize)]
pub(super) struct Footer {
    /// Who printed what and when: it stands at the foot of the paper.
    text: String,
}

/// A page leaves the house on paper: on record before the browser prints it.
pub(super) async fn print(
    State(desk): State<Desk>,
    Path(id): Path<String>,
    Act { person, form }: Act<Print>,
) -> Result<Json<Footer>, Fault> {
    desk.work(move |desk| {
        person.must(Right::Export)?;
        let shown = Shown::find(desk, &person, &id)?;
        let n: u32 = parsed(&form.n)?;
        let page = shown.page(n)?;
        if !person.sight(desk, parsed(&form.sight)?)?.covers(page) {
            return Err(Fault::NotThere);
        }
        let document = shown.document();
        if document.is_some_and(|document| document.state != DocumentState::Filed) {
            return Err(Fault::refused("What is in no chart is not printed."));
        }
        desk.archive.record(&AuditEntry {
            purpose: Some("print".into()),
            patient: document.map(|document| document.patient.id),
            document: document.map(|document| document.id),
            pages: vec![page],
            labels: document.map(|document| document.labels.clone()).unwrap_or_default(),
            ..AuditEntry::new(&person.actor(), Action::Read, "print")
        })?;
        let now = jiff::tz::TimeZone::system().to_datetime(jiff::Timestamp::now()).strftime("%Y-%m-%d %H:%M");
        let text = format!(
            "{} \u{b7} {} \u{b7} page {n} of {} \u{b7} printed by {} on {now}",
            desk.site,
            shown.id,
            shown.pages.len(),
            person.account.display
        );
        Ok(Json(Footer { text }))
    })
    .await
}
