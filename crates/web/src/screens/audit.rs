//! The audit: who looked at what, by person, by patient, by document.

use std::collections::HashMap;

use archive::{Action, AuditEntry, AuditFilter, AuditRow};
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use records::ids::DocumentId;
use records::patient::PatientId;
use records::rights::Right;
use serde::Deserialize;

use crate::desk::Desk;
use crate::fault::Fault;
use crate::frame::{Frame, html};
use crate::people::Person;
use crate::people::act::Act;

pub(super) fn routes() -> Router<Desk> {
    Router::new().route("/audit", get(start).post(asked)).route("/audit/{document}", get(who_saw))
}

/// Entries of one screen.
const SCREEN: usize = 100;

#[derive(Template)]
#[template(path = "audit.html")]
struct Audit {
    frame: Frame,
    asked: Asked,
    /// "who has seen this document", where that was asked.
    document: Option<DocumentId>,
    lines: Vec<Line>,
    /// There are older ones, before this.
    older: Option<u64>,
    problem: Option<String>,
}

/// An entry in words.
struct Line {
    seq: u64,
    at: String,
    who: String,
    what: String,
    patient: Option<String>,
    document: Option<DocumentId>,
    pages: usize,
    refused: bool,
}

#[derive(Default, Deserialize)]
struct Asked {
    /// Name of an account, or as it is recorded (`line`, `os:root`).
    #[serde(default)]
    by: String,
    /// A record number.
    #[serde(default)]
    mrn: String,
    #[serde(default)]
    before: String,
}

async fn start(State(desk): State<Desk>, person: Person) -> Result<Response, Fault> {
    desk.work(move |desk| answered(desk, &person, Asked::default())).await
}

/// Posted: a number in an address would be a patient's in every log on the way.
async fn asked(State(desk): State<Desk>, Act { person, form }: Act<Asked>) -> Result<Response, Fault> {
    desk.work(move |desk| answered(desk, &person, form)).await
}

fn answered(desk: &Desk, person: &Person, asked: Asked) -> Result<Response, Fault> {
    person.must(Right::Audit)?;
    let typed = asked.mrn.trim();
    let mut problem = None;
    let patient = if typed.is_empty() { None } else { patient(desk, typed)? };
    if !typed.is_empty() && patient.is_none() {
        problem = Some("Nobody in the patient index has this number.".to_owned());
    }
    let filter =
        AuditFilter { actor: actor(&asked.by), patient, before: asked.before.parse().ok(), limit: SCREEN };
    let rows = if problem.is_some() { Vec::new() } else { desk.archive.audit_of(&filter)? };
    // Who reads the audit stands in it.
    let detail = serde_json::json!({ "by": filter.actor, "rows": rows.len() });
    desk.archive.record(&AuditEntry {
        patient,
        detail,
        ..AuditEntry::new(&person.actor(), Action::Read, "audit")
    })?;
    let older = (rows.len() == SCREEN).then(|| rows.last().map(|row| row.seq)).flatten();
    let lines = lines(desk, rows)?;
    html(&Audit {
        frame: Frame::of(desk, person, "Audit", "/audit"),
        asked,
        document: None,
        lines,
        older,
        problem,
    })
}

async fn who_saw(
    State(desk): State<Desk>,
    person: Person,
    Path(document): Path<String>,
) -> Result<Response, Fault> {
    desk.work(move |desk| {
        person.must(Right::Audit)?;
        let id: DocumentId = document.parse().map_err(|_| Fault::NotThere)?;
        let mut rows = desk.archive.who_saw(&id)?;
        rows.reverse();
        person.record_list(desk, "who-saw", rows.len())?;
        let frame = Frame::of(desk, &person, "Audit", "/audit");
        let lines = lines(desk, rows)?;
        html(&Audit { frame, asked: Asked::default(), document: Some(id), lines, older: None, problem: None })
    })
    .await
}

/// As it is recorded: a bare name is an account's.
fn actor(typed: &str) -> Option<String> {
    let typed = typed.trim().to_lowercase();
    let bare = !typed.contains(':') && typed != "line" && typed != "setup" && typed != "unknown";
    (!typed.is_empty()).then(|| if bare { format!("clerk:{typed}") } else { typed })
}

fn patient(desk: &Desk, mrn: &str) -> Result<Option<PatientId>, Fault> {
    let authorities = desk.rules.authority_ids();
    let authorities = if authorities.is_empty() { desk.archive.authorities()? } else { authorities };
    for authority in authorities {
        let (value, _) = desk.rules.number(mrn, Some(&authority));
        let number = records::identifier::Identifier::mrn(&authority, &value);
        if let Some(patient) = desk.archive.patient_by_number(&number)? {
            return Ok(Some(patient.id));
        }
    }
    Ok(None)
}

fn lines(desk: &Desk, rows: Vec<AuditRow>) -> Result<Vec<Line>, Fault> {
    let mut names: HashMap<PatientId, String> = HashMap::new();
    let mut lines = Vec::new();
    for row in rows {
        let AuditRow { seq, at, entry } = row;
        if let Some(id) = entry.patient
            && !names.contains_key(&id)
        {
            names.insert(id, name(desk, id)?);
        }
        lines.push(Line {
            seq,
            at: at.strftime("%Y-%m-%d %H:%M:%S").to_string(),
            patient: entry.patient.and_then(|id| names.get(&id).cloned()),
            document: entry.document,
            pages: entry.pages.len(),
            refused: entry.refused,
            what: words(&entry),
            who: entry.actor,
        });
    }
    Ok(lines)
}

fn name(desk: &Desk, id: PatientId) -> Result<String, Fault> {
    let patient = desk.archive.patient(id)?;
    let named = patient.as_ref().and_then(|own| own.name()).map(|name| name.filed()).unwrap_or_default();
    let mrn = patient.as_ref().and_then(|own| own.mrn(None)).map(|mrn| mrn.value.clone()).unwrap_or_default();
    Ok(format!("{named} {mrn}").trim().to_owned())
}

/// What was done, and why or what was asked where the entry says so.
fn words(entry: &AuditEntry) -> String {
    let said = |key: &str| entry.detail[key].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let more = said("query").map(|query| format!("\u{201c}{query}\u{201d}"));
    let more = more.or_else(|| entry.purpose.clone()).or_else(|| said("reason")).or_else(|| said("account"));
    match more {
        Some(more) if more != entry.what => format!("{}: {more}", entry.what),
        _ => entry.what.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_name_is_an_account_s() {
        assert_eq!(actor(" Lopez ").as_deref(), Some("clerk:lopez"));
        assert_eq!(actor("os:root").as_deref(), Some("os:root"));
        assert_eq!(actor("line").as_deref(), Some("line"));
        assert_eq!(actor("  "), None);
    }

    #[test]
    fn an_entry_says_what_was_asked_or_why() {
        let entry = AuditEntry::new("clerk:lopez", Action::Execute, "search");
        let asked = AuditEntry { detail: serde_json::json!({ "query": "doe metformin" }), ..entry.clone() };
        assert_eq!(words(&asked), "search: \u{201c}doe metformin\u{201d}");
        assert_eq!(
            words(&AuditEntry { purpose: Some("page-turn".into()), ..entry.clone() }),
            "search: page-turn"
        );
        assert_eq!(words(&entry), "search");
    }
}
