//! What does the index know of one patient, and since when?

use clap::Args;
use records::identifier::Identifier;
use records::patient::IdentifierStatus;
use serde_json::{Value, json};

use crate::archive_door::{Door, viewer};
use crate::commands::{Outcome, record_look};
use crate::show;

#[derive(Args)]
pub(crate) struct ShowArguments {
    mrn: String,
    /// Who assigned the number
    #[arg(long)]
    authority: Option<String>,
    /// Print one JSON value
    #[arg(long)]
    json: bool,
}

pub(super) fn run(door: &Door, arguments: &ShowArguments) -> anyhow::Result<Outcome> {
    let patient = super::find(door, &arguments.mrn, arguments.authority.as_deref())?;
    record_look(door, &viewer(), "patient", 1)?;
    let (history, seen) = (door.archive.patient_history(patient.id)?, door.archive.numbers_seen(patient.id)?);
    if arguments.json {
        let mut value = serde_json::to_value(&patient)?;
        if let Value::Object(fields) = &mut value {
            fields.insert("history".into(), json!(history));
            fields.insert("seen".into(), json!(seen));
        }
        show::json(&value)?;
        return Ok(Outcome::Done);
    }
    for (at, name) in patient.names.iter().enumerate() {
        show::line(if at == 0 { name.filed() } else { format!("  earlier: {}", name.filed()) });
    }
    if let Some(born) = patient.birth_date {
        show::line(format!("  born {born}"));
    }
    for day in &patient.earlier_birth_dates {
        show::line(format!("  earlier: born {day}"));
    }
    if let Some(died) = patient.died {
        show::line(format!("  died {died}"));
    }
    for own in &patient.identifiers {
        let state = match own.status {
            IdentifierStatus::Active => "active",
            IdentifierStatus::Retired => "retired",
        };
        let Identifier { authority, value, .. } = &own.identifier;
        show::line(format!("  {authority} {value} ({state})"));
        let of = seen.iter().find(|seen| seen.number == own.identifier);
        if let Some((first, last, source)) =
            of.and_then(|seen| Some((seen.first?, seen.last?, seen.source.as_ref()?)))
        {
            let day = |at: jiff::Timestamp| at.strftime("%Y-%m-%d").to_string();
            show::line(format!("    from {source}, first {}, last {}", day(first), day(last)));
        }
    }
    for change in &history {
        let at = change.at.strftime("%Y-%m-%d %H:%M");
        show::line(format!("  {at} {} by {} ({})", change.what, change.by, change.source));
    }
    Ok(Outcome::Done)
}
