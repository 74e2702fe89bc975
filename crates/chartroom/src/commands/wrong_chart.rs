//! What when a document is in the wrong chart? (`domain.md` 2.13)

use anyhow::Context as _;
use archive::{AuditRow, SecondPerson};
use clap::Args;
use jiff::{Timestamp, ToSpan as _};
use records::ids::DocumentId;
use serde_json::{Value, json};

use super::assign::ToArguments;
use super::{Outcome, PlaceArguments};
use crate::archive_door::{Door, clerk, viewer};
use crate::show;

#[derive(Args)]
pub(crate) struct QuarantineArguments {
    /// The document
    document: String,
    /// What is wrong; kept for ever
    #[arg(long, value_name = "WHY", default_value = "wrong chart")]
    reason: String,
    /// Who reports it
    #[arg(long = "as", value_name = "CLERK")]
    clerk: Option<String>,
    /// Print one JSON value
    #[arg(long)]
    json: bool,
}

/// Hides it at once, then says who saw it and what else to look at.
pub(crate) fn quarantine(place: &PlaceArguments, arguments: &QuarantineArguments) -> anyhow::Result<Outcome> {
    let door = Door::open(place)?;
    let id: DocumentId = arguments.document.parse()?;
    door.archive.quarantine(&id, &clerk(arguments.clerk.as_deref()), &arguments.reason)?;
    super::wait_for_index(&door)?;
    let (seen, neighbours) = (looks(&door, &id)?, door.archive.came_beside(&id)?);
    super::record_look(&door, &viewer(), "who-saw", seen.len())?;
    if arguments.json {
        let neighbours: Vec<Value> = neighbours
            .iter()
            .map(|near| {
                json!({
                    "document": near.document.id,
                    "why": near.why,
                    "file": near.document.file,
                    "pages": web::told::page_numbers(&near.document.pages),
                    "patient": web::told::patient(&near.document.patient),
                })
            })
            .collect();
        let seen: Vec<Value> = seen.iter().map(web::whole::look).collect();
        show::json(&json!({ "document": id, "seen": seen, "neighbours": neighbours }))?;
        return Ok(Outcome::Done);
    }
    show::line(format!("{id} is hidden. Another person files it again: `chartroom refile {id}`."));
    describe_looks(&seen);
    if neighbours.is_empty() {
        show::line("Nothing else came beside it.");
        return Ok(Outcome::Done);
    }
    show::line("Look at what came beside it, too:");
    let rows: Vec<Vec<String>> = neighbours
        .iter()
        .map(|near| {
            let patient = &near.document.patient.name;
            vec![near.document.id.to_string(), format!("{}: {patient}", near.why)]
        })
        .collect();
    show::table(&["document", "why"], &rows);
    Ok(Outcome::Done)
}

#[derive(Args)]
pub(crate) struct RefileArguments {
    /// The document, as it was quarantined
    document: String,
    #[command(flatten)]
    to: ToArguments,
}

pub(crate) fn refile(place: &PlaceArguments, arguments: &RefileArguments) -> anyhow::Result<Outcome> {
    let door = Door::open(place)?;
    let id: DocumentId = arguments.document.parse()?;
    let old = door.archive.document(&id)?.context("there is no such document")?;
    let (assignment, name) = arguments.to.assignment(&door, &old.pages, &old.kind, &old.labels)?;
    let second = if door.config.rules.identity.second_person {
        SecondPerson::Required
    } else {
        let today = jiff::tz::TimeZone::system().to_datetime(Timestamp::now()).date();
        SecondPerson::LookAgainOn(today.saturating_add(1.day()))
    };
    let document = door.archive.refile(&id, &assignment, second)?;
    arguments.to.tell(&door, document, &name)
}

#[derive(Args)]
pub(crate) struct WhoSawArguments {
    /// The document
    document: String,
    /// Print one JSON value
    #[arg(long)]
    json: bool,
}

pub(crate) fn who_saw(place: &PlaceArguments, arguments: &WhoSawArguments) -> anyhow::Result<Outcome> {
    let door = Door::open(place)?;
    let id: DocumentId = arguments.document.parse()?;
    let seen = looks(&door, &id)?;
    super::record_look(&door, &viewer(), "who-saw", seen.len())?;
    if arguments.json {
        let seen: Vec<Value> = seen.iter().map(web::whole::look).collect();
        show::json(&json!({ "document": id, "seen": seen }))?;
    } else {
        describe_looks(&seen);
    }
    Ok(Outcome::Done)
}

/// Looks at its pages since it was filed, not what was done with them.
fn looks(door: &Door, id: &DocumentId) -> anyhow::Result<Vec<AuditRow>> {
    let document = door.archive.document(id)?.context("there is no such document")?;
    Ok(web::whole::looks(&door.archive, &document)?)
}

fn describe_looks(seen: &[AuditRow]) {
    if seen.is_empty() {
        show::line("Nobody has looked at it since it was filed.");
        return;
    }
    show::line("Since it was filed it was seen by:");
    let rows: Vec<Vec<String>> = seen
        .iter()
        .map(|row| {
            let why = row.entry.purpose.as_deref().unwrap_or(&row.entry.what);
            let refused = if row.entry.refused { " (refused)" } else { "" };
            vec![
                row.at.strftime("%Y-%m-%d %H:%M").to_string(),
                row.entry.actor.clone(),
                format!("{why}{refused}"),
            ]
        })
        .collect();
    show::table(&["when (UTC)", "who", "what"], &rows);
}
