//! Breaking the glass: a patient's restricted documents for one person, for an hour, with a reason; and the privacy
//! officer's queue of who did.
//!
//! It is offered on every chart alike, and its page says nothing of whether there is anything restricted: who has not
//! broken the glass must not learn that.

use archive::Emergency;
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use records::rights::Right;
use serde::Deserialize;

use super::chart::address;
use super::viewer::patient_named;
use crate::desk::Desk;
use crate::fault::Fault;
use crate::frame::{Frame, html};
use crate::people::Person;
use crate::people::act::{Act, Button};

pub(super) fn routes() -> Router<Desk> {
    Router::new()
        .route("/chart/{patient}/emergency", get(form).post(begin))
        .route("/chart/{patient}/emergency/end", post(end))
        .route("/emergencies", get(queue))
        .route("/emergencies/{key}", post(judge))
}

/// Why somebody may have to: code and words.
const CODES: &[(&str, &str)] = &[
    ("treatment", "Treatment that cannot wait"),
    ("danger", "Danger to the patient or to others"),
    ("public-health", "A duty to report"),
    ("downtime", "The usual way of asking is down"),
];

#[derive(Template)]
#[template(path = "emergency.html")]
struct EmergencyPage {
    frame: Frame,
    address: String,
    codes: &'static [(&'static str, &'static str)],
    open: bool,
    problem: Option<String>,
}

fn page(desk: &Desk, person: &Person, patient: &str, problem: Option<String>) -> Result<Response, Fault> {
    person.must(Right::Charts)?;
    let patient = desk.archive.patient(patient_named(patient)?)?.ok_or(Fault::NotThere)?;
    html(&EmergencyPage {
        frame: Frame::of(desk, person, "Emergency access", ""),
        address: address(patient.id),
        codes: CODES,
        open: person.emergency.contains(&patient.id),
        problem,
    })
}

async fn form(
    State(desk): State<Desk>,
    person: Person,
    Path(patient): Path<String>,
) -> Result<Response, Fault> {
    desk.work(move |desk| page(desk, &person, &patient, None)).await
}

#[derive(Deserialize)]
struct Reason {
    code: String,
    reason: String,
}

async fn begin(
    State(desk): State<Desk>,
    Path(patient): Path<String>,
    Act { person, form }: Act<Reason>,
) -> Result<Response, Fault> {
    desk.work(move |desk| {
        person.must(Right::Charts)?;
        let found = desk.archive.patient(patient_named(&patient)?)?.ok_or(Fault::NotThere)?;
        if CODES.iter().all(|(code, _)| *code != form.code) {
            return page(desk, &person, &patient, Some("Choose why.".into()));
        }
        match desk.archive.break_glass(&person.account.name, found.id, &form.code, &form.reason) {
            Err(archive::ArchiveError::NotNow { .. }) => {
                let problem = "Say in some words why you must; the privacy officer reads it.";
                page(desk, &person, &patient, Some(problem.into()))
            }
            other => {
                other?;
                Ok(Redirect::to(&address(found.id)).into_response())
            }
        }
    })
    .await
}

async fn end(
    State(desk): State<Desk>,
    Path(patient): Path<String>,
    Act { person, form: Button {} }: Act<Button>,
) -> Result<Response, Fault> {
    desk.work(move |desk| {
        let found = desk.archive.patient(patient_named(&patient)?)?.ok_or(Fault::NotThere)?;
        desk.archive.mend_glass(&person.account.name, found.id)?;
        Ok(Redirect::to(&address(found.id)).into_response())
    })
    .await
}

#[derive(Template)]
#[template(path = "emergencies.html")]
struct Queue {
    frame: Frame,
    emergencies: Vec<Emergency>,
}

impl Queue {
    fn words(code: &str) -> &str {
        CODES.iter().find(|(known, _)| *known == code).map_or(code, |(_, words)| words)
    }
}

async fn queue(State(desk): State<Desk>, person: Person) -> Result<Response, Fault> {
    desk.work(move |desk| {
        person.must(Right::Audit)?;
        let emergencies = desk.archive.emergencies()?;
        person.record_list(desk, "emergencies", emergencies.len())?;
        html(&Queue { frame: Frame::of(desk, &person, "Emergency access", "/emergencies"), emergencies })
    })
    .await
}

#[derive(Deserialize)]
struct Judgement {
    judgement: String,
}

async fn judge(
    State(desk): State<Desk>,
    Path(key): Path<i64>,
    Act { person, form }: Act<Judgement>,
) -> Result<Response, Fault> {
    desk.work(move |desk| {
        person.must(Right::Audit)?;
        let judgement = form.judgement.trim();
        if judgement.is_empty() {
            return Err(Fault::refused("Say how you judge it."));
        }
        desk.archive.judge_emergency(key, judgement, &person.actor())?;
        Ok(Redirect::to("/emergencies").into_response())
    })
    .await
}
