//! Who is in the patient index?

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use archive::{PatientImport, PatientReport, PatientSummary};
use clap::{Args, Subcommand};
use records::identifier::AuthorityId;
use records::patient::{IdentifierStatus, Patient};
use serde_json::{Value, json};

use super::{Outcome, PlaceArguments};
use crate::archive_door::{Door, clerk, viewer};
use crate::show;

#[derive(Subcommand)]
pub(crate) enum PatientsCommand {
    /// Load or update the patient index from a CSV file
    Import(ImportArguments),
    /// One patient, with all numbers and names
    Show(ShowArguments),
}

#[derive(Args)]
pub(crate) struct ImportArguments {
    /// The list; its first line names the columns
    file: PathBuf,
    /// Say what would change, change nothing
    #[arg(long)]
    dry_run: bool,
    /// The file holds everybody: who is missing in it has vanished
    #[arg(long)]
    full: bool,
    /// Import although unusually many have vanished or changed birth date
    #[arg(long)]
    despite_losses: bool,
    /// Who assigned the numbers, where the list does not say
    #[arg(long)]
    authority: Option<String>,
    /// Print one JSON value
    #[arg(long)]
    json: bool,
}

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

pub(crate) fn run(place: &PlaceArguments, command: &PatientsCommand) -> anyhow::Result<Outcome> {
    let door = Door::open(place)?;
    match command {
        PatientsCommand::Import(own) => import(&door, own),
        PatientsCommand::Show(own) => show_one(&door, own),
    }
}

fn import(door: &Door, arguments: &ImportArguments) -> anyhow::Result<Outcome> {
    let named = arguments.authority.clone().map(AuthorityId);
    let authority = named.or_else(|| door.config.only_authority());
    let report = load(door, &arguments.file, authority.as_ref(), |import| PatientImport {
        full: arguments.full,
        dry_run: arguments.dry_run,
        despite_losses: arguments.despite_losses,
        ..import
    })?;
    if arguments.json {
        show::json(&in_json(&report))?;
    } else {
        describe(&report, arguments.dry_run);
    }
    Ok(Outcome::good_if(report.refused.is_empty() && !report.aborted))
}

/// Reads a list and hands it to the archive.
pub(crate) fn load(
    door: &Door,
    file: &Path,
    authority: Option<&AuthorityId>,
    as_asked: impl FnOnce(PatientImport) -> PatientImport,
) -> anyhow::Result<PatientReport> {
    let bytes =
        std::fs::read(file).with_context(|| format!("cannot read the patient list {}", file.display()))?;
    let rows = exchange::patients::read(&bytes, authority)?;
    let import = PatientImport {
        source: "csv".into(),
        full: false,
        rows,
        dry_run: false,
        despite_losses: false,
        by: clerk(None),
    };
    Ok(door.archive.import_patients(&as_asked(import))?)
}

fn in_json(report: &PatientReport) -> Value {
    let refused: Vec<Value> =
        report.refused.iter().map(|row| json!({ "line": row.line, "why": row.why.to_string() })).collect();
    json!({
        "added": report.added,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "merged": report.merged,
        "vanished": report.vanished,
        "birth_dates_changed": report.birth_dates_changed,
        "frozen": report.overlays.len(),
        "refused": refused,
        "aborted": report.aborted,
    })
}

fn describe(report: &PatientReport, dry_run: bool) {
    let would = if dry_run { " (nothing written: dry run)" } else { "" };
    show::line(format!(
        "{} added, {} changed, {} unchanged, {} merged{would}",
        report.added, report.changed, report.unchanged, report.merged
    ));
    if report.vanished > 0 {
        show::line(format!("{} are no longer in the list; they stay in the index.", report.vanished));
    }
    for overlay in &report.overlays {
        show::line(format!(
            "line {}: name and birth date changed at once. The chart is frozen until somebody has looked.",
            overlay.line
        ));
    }
    for row in &report.refused {
        show::line(format!("line {}: not taken: {}", row.line, row.why));
    }
    if report.aborted {
        show::line(
            "NOT imported: more than 2 % have vanished or changed their birth date. Check the file; \
             if it is right, import it with --despite-losses.",
        );
    }
}

fn show_one(door: &Door, arguments: &ShowArguments) -> anyhow::Result<Outcome> {
    let patient = find(door, &arguments.mrn, arguments.authority.as_deref())?;
    super::record_look(door, &viewer(), "patient", 1)?;
    if arguments.json {
        show::json(&patient)?;
        return Ok(Outcome::Done);
    }
    for (at, name) in patient.names.iter().enumerate() {
        show::line(if at == 0 { name.filed() } else { format!("  earlier: {}", name.filed()) });
    }
    if let Some(born) = patient.birth_date {
        show::line(format!("  born {born}"));
    }
    for own in &patient.identifiers {
        let state = match own.status {
            IdentifierStatus::Active => "active",
            IdentifierStatus::Retired => "retired",
        };
        show::line(format!("  {} {} ({state})", own.identifier.authority, own.identifier.value));
    }
    Ok(Outcome::Done)
}

/// The patient a person named, or a message that says what to do.
pub(crate) fn find(door: &Door, mrn: &str, authority: Option<&str>) -> anyhow::Result<Patient> {
    let number = door.number(mrn, authority)?;
    match door.archive.patient_by_number(&number)? {
        Some(patient) => Ok(patient),
        None => bail!(
            "this number is not in the patient index of {}; check it, or import the patient first",
            number.authority
        ),
    }
}

pub(crate) fn summary_in_json(patient: &PatientSummary) -> Value {
    json!({
        "mrn": patient.mrn.as_ref().map(|mrn| &mrn.value),
        "authority": patient.mrn.as_ref().map(|mrn| &mrn.authority),
        "name": patient.name,
        "birth_date": patient.birth_date,
    })
}
