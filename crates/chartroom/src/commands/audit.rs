//! Who looked at what, and has nobody changed the record of it since?

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use archive::{Anchor, AuditFilter, AuditRow, Manifest};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{Outcome, PlaceArguments};
use crate::archive_door::{Door, viewer};
use crate::show;

#[derive(Subcommand)]
pub(crate) enum AuditCommand {
    /// Walk the whole chain; names the first broken link
    Verify(VerifyArguments),
    /// Entries by who did it and whom it was about, newest first
    List(ListArguments),
}

#[derive(Args)]
pub(crate) struct VerifyArguments {
    /// What was kept elsewhere ("SEQ:HASH", as the log and this command say it); more than once. Without one nobody sees
    /// that the end was cut off
    #[arg(long = "anchor", value_name = "SEQ:HASH")]
    anchors: Vec<Anchor>,
    /// A backup: it says how far the audit was when it was made; more than once
    #[arg(long = "backup", value_name = "DIR")]
    backups: Vec<PathBuf>,
    /// Print one JSON value
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub(crate) struct ListArguments {
    /// Only what this person did: clerk:lopez, os:root, line
    #[arg(long, value_name = "WHO")]
    by: Option<String>,
    /// Only what was about this patient
    #[arg(long, value_name = "MRN")]
    patient: Option<String>,
    /// Who assigned the number
    #[arg(long)]
    authority: Option<String>,
    /// Older than this entry
    #[arg(long, value_name = "SEQ")]
    before: Option<u64>,
    /// At most so many
    #[arg(long, default_value_t = 50)]
    limit: usize,
    /// Print one JSON value
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(place: &PlaceArguments, command: &AuditCommand) -> anyhow::Result<Outcome> {
    let door = Door::open(place)?;
    match command {
        AuditCommand::Verify(arguments) => verify(&door, arguments),
        AuditCommand::List(arguments) => list(&door, arguments),
    }
}

fn verify(door: &Door, arguments: &VerifyArguments) -> anyhow::Result<Outcome> {
    let mut anchors = arguments.anchors.clone();
    for backup in &arguments.backups {
        anchors.extend(anchor_of(backup)?);
    }
    let report = door.archive.audit_verify(&anchors)?;
    if arguments.json {
        let mut value = serde_json::to_value(&report)?;
        value["ok"] = json!(report.broken_at.is_none());
        value["anchors"] = json!(anchors.len());
        show::json(&value)?;
    } else {
        show::line(match report.broken_at {
            None => format!("The chain holds: {} entries.", report.entries),
            Some(at) => format!(
                "BROKEN at entry {at}: it is not what was written. The {} before it hold. Keep this catalogue as it is, \
                 and compare it with a backup.",
                report.entries
            ),
        });
        if anchors.is_empty() {
            show::line(
                "Whether its end was cut off, only an anchor that was kept elsewhere shows. Keep this one:",
            );
        }
        show::line(format!("  {}", report.head));
    }
    Ok(Outcome::good_if(report.broken_at.is_none()))
}

fn anchor_of(backup: &Path) -> anyhow::Result<Option<Anchor>> {
    let path = backup.join("backup.json");
    let text = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let manifest: Manifest =
        serde_json::from_slice(&text).with_context(|| format!("{} is no backup's", path.display()))?;
    Ok(manifest.audit)
}

fn list(door: &Door, arguments: &ListArguments) -> anyhow::Result<Outcome> {
    let authority = arguments.authority.as_deref();
    let patient = arguments.patient.as_ref();
    let patient = patient.map(|mrn| super::patients::find(door, mrn, authority)).transpose()?;
    let filter = AuditFilter {
        actor: arguments.by.clone(),
        patient: patient.map(|patient| patient.id),
        before: arguments.before,
        limit: arguments.limit,
    };
    let rows = door.archive.audit_of(&filter)?;
    super::record_look(door, &viewer(), "audit", rows.len())?;
    if arguments.json {
        let entries: Vec<Value> = rows.iter().map(serde_json::to_value).collect::<Result<_, _>>()?;
        show::json(&json!({ "entries": entries }))?;
    } else if rows.is_empty() {
        show::line("Nothing is on record.");
    } else {
        let rows: Vec<Vec<String>> = rows.iter().map(row).collect();
        show::table(&["entry", "when (UTC)", "who", "what"], &rows);
    }
    Ok(Outcome::Done)
}

fn row(row: &AuditRow) -> Vec<String> {
    let entry = &row.entry;
    let mut what = entry.what.clone();
    if let Some(purpose) = &entry.purpose {
        what.push_str(&format!(" for {purpose}"));
    }
    if let Some(document) = &entry.document {
        what.push_str(&format!(", {document}"));
    }
    if entry.pages.len() > 1 {
        what.push_str(&format!(", {} pages", entry.pages.len()));
    }
    if entry.refused {
        what.push_str(" (refused)");
    }
    vec![row.seq.to_string(), row.at.strftime("%Y-%m-%d %H:%M:%S").to_string(), entry.actor.clone(), what]
}
