//! What is in a list of patients or visits, and shall the index have it?
//!
//! A list is taken wholly or not at all. One with a faulty row is not taken, and all its faults are told at once;
//! a named person may decide to take the good rows.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use archive::{EncounterImport, News, PatientImport, PatientReport, What};
use clap::{Args, ValueEnum};
use exchange::patients::{Fault, Reading};
use exchange::{encounters, patients};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use records::dates;
use records::identifier::AuthorityId;
use serde_json::{Value, json};

use crate::archive_door::{Door, clerk};
use crate::commands::Outcome;
use crate::show;

#[derive(Args)]
pub(crate) struct ImportArguments {
    /// The list; its first line names the columns
    file: PathBuf,
    /// The list is of visits and accounts: authority, number, kind, mrn, from, to
    #[arg(long, conflicts_with_all = ["full", "despite_losses"])]
    encounters: bool,
    /// Say what would change, row by row, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// The file holds everybody: who is missing in it has vanished
    #[arg(long)]
    full: bool,
    /// Import although unusually many have vanished or changed birth date
    #[arg(long)]
    despite_losses: bool,
    /// Import the good rows although others are faulty; needs --as
    #[arg(long, requires = "clerk")]
    skip_faulty: bool,
    /// Who assigned the numbers, where the list does not say
    #[arg(long)]
    authority: Option<String>,
    /// How dates like 3/4/1962 are written, where the list does not tell by itself
    #[arg(long, value_name = "ORDER")]
    dates: Option<DateOrder>,
    /// Which list this is, where there are several: each is stale by itself
    #[arg(long, default_value = "csv", value_name = "NAME")]
    source: String,
    /// Who decides
    #[arg(long = "as", value_name = "CLERK")]
    clerk: Option<String>,
    /// Print one JSON value
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum DateOrder {
    /// Month first
    Mdy,
    /// Day first
    Dmy,
}

/// What came of a list, the rows that could not be read included.
struct Taken {
    report: PatientReport,
    faults: Vec<Fault>,
    notes: Vec<&'static str>,
}

pub(super) fn run(door: &Door, arguments: &ImportArguments) -> anyhow::Result<Outcome> {
    if arguments.source == "manual" {
        bail!("\"manual\" is what is entered by hand; give the list another name with --source");
    }
    let bytes = std::fs::read(&arguments.file)
        .with_context(|| format!("cannot read the patient list {}", arguments.file.display()))?;
    let reading = Reading {
        authority: arguments.authority.clone().map(AuthorityId).or_else(|| door.config.only_authority()),
        dates: arguments.dates.map(|order| match order {
            DateOrder::Mdy => dates::DateOrder::Mdy,
            DateOrder::Dmy => dates::DateOrder::Dmy,
        }),
        today: TimeZone::UTC.to_datetime(Timestamp::now()).date(),
    };
    let taken = match arguments.encounters {
        true => take_visits(door, arguments, &bytes, &reading)?,
        false => take_people(door, arguments, &bytes, &reading)?,
    };
    let whole = taken.faults.is_empty() && !taken.report.is_faulty();
    let imported = !taken.report.aborted && (whole || arguments.skip_faulty);
    if arguments.json {
        show::json(&taken.in_json(imported))?;
    } else {
        taken.describe(arguments, whole, imported);
    }
    let merges_refused = taken.report.refused.iter().any(|row| !row.why.is_fault());
    Ok(Outcome::good_if(imported && !merges_refused))
}

fn take_people(
    door: &Door,
    arguments: &ImportArguments,
    bytes: &[u8],
    reading: &Reading,
) -> anyhow::Result<Taken> {
    let list = patients::read(bytes, reading)?;
    let import = PatientImport {
        source: arguments.source.clone(),
        full: arguments.full,
        rows: list.rows,
        // What else is wrong is told together with what could not be read.
        dry_run: arguments.dry_run || (!list.faults.is_empty() && !arguments.skip_faulty),
        despite_losses: arguments.despite_losses,
        skip_faulty: arguments.skip_faulty,
        left_out: list.faults.len() as u64,
        by: clerk(arguments.clerk.as_deref()),
    };
    let report = door.archive.import_patients(&import)?;
    Ok(Taken { report, faults: list.faults, notes: list.notes })
}

fn take_visits(
    door: &Door,
    arguments: &ImportArguments,
    bytes: &[u8],
    reading: &Reading,
) -> anyhow::Result<Taken> {
    let list = encounters::read(bytes, reading)?;
    let import = EncounterImport {
        source: arguments.source.clone(),
        rows: list.rows,
        dry_run: arguments.dry_run || (!list.faults.is_empty() && !arguments.skip_faulty),
        skip_faulty: arguments.skip_faulty,
        left_out: list.faults.len() as u64,
        by: clerk(arguments.clerk.as_deref()),
    };
    let report = door.archive.import_encounters(&import)?;
    Ok(Taken { report, faults: list.faults, notes: list.notes })
}

impl Taken {
    fn in_json(&self, imported: bool) -> Value {
        let report = &self.report;
        let refused: Vec<Value> = report
            .refused
            .iter()
            .map(|row| json!({ "line": row.line, "why": row.why.to_string() }))
            .collect();
        let fault = |fault: &Fault| json!({ "line": fault.line, "column": fault.column, "why": fault.why.to_string() });
        json!({
            "added": report.added,
            "changed": report.changed,
            "unchanged": report.unchanged,
            "merged": report.merged,
            "vanished": report.vanished,
            "birth_dates_changed": report.birth_dates_changed,
            "frozen": report.overlays.len(),
            "refused": refused,
            "faults": self.faults.iter().map(fault).collect::<Vec<_>>(),
            "rows": report.news.iter().map(news_in_json).collect::<Vec<_>>(),
            "notes": self.notes,
            "aborted": !imported,
        })
    }

    fn describe(&self, arguments: &ImportArguments, whole: bool, imported: bool) {
        let report = &self.report;
        for note in &self.notes {
            show::line(format!("Note: {note}."));
        }
        for fault in &self.faults {
            show::line(fault.to_string());
        }
        for row in &report.refused {
            show::line(format!("line {}: not taken: {}", row.line, row.why));
        }
        for news in report.news.iter().take(SHOWN) {
            show::line(one_line(news));
        }
        if report.news.len() > SHOWN {
            show::line(format!("… and {} more; --json names all", report.news.len() - SHOWN));
        }
        let would = if arguments.dry_run { " (nothing written: dry run)" } else { "" };
        if imported || arguments.dry_run {
            show::line(format!(
                "{} added, {} changed, {} unchanged, {} merged{would}",
                report.added, report.changed, report.unchanged, report.merged
            ));
        }
        if report.vanished > 0 {
            show::line(format!(
                "{} are no longer in the list; they stay in the index, see `patients review`.",
                report.vanished
            ));
        }
        for overlay in &report.overlays {
            show::line(format!(
                "line {}: name or birth date became another person's. The chart is frozen; see `patients review`.",
                overlay.line
            ));
        }
        if report.aborted && !report.is_faulty() {
            show::line(
                "NOT imported: more than 2 % have vanished or changed their birth date. Check the file; \
                 if it is right, import it with --despite-losses.",
            );
        } else if !whole && !imported {
            show::line(
                "NOT imported: nothing of the list was taken. Correct these rows; or take the others with \
                 --skip-faulty --as NAME.",
            );
        }
    }
}

/// Rows that a dry run shows to a person.
const SHOWN: usize = 50;

const fn word(what: &What) -> &'static str {
    match what {
        What::Added => "added",
        What::Changed(_) => "changed",
        What::Merged => "merged",
        What::Vanished => "vanished",
    }
}

fn one_line(news: &News) -> String {
    let place = news.line.map(|line| format!("line {line}: ")).unwrap_or_default();
    let fields = match &news.what {
        What::Changed(fields) => {
            let names: Vec<String> = fields
                .iter()
                .filter_map(|field| Some(serde_json::to_value(field).ok()?.as_str()?.to_owned()))
                .collect();
            format!(": {}", names.join(", "))
        }
        _ => String::new(),
    };
    format!("{place}{} {}{fields}", news.number.value, word(&news.what))
}

fn news_in_json(news: &News) -> Value {
    let fields = match &news.what {
        What::Changed(fields) => fields.as_slice(),
        _ => &[],
    };
    json!({
        "line": news.line,
        "mrn": news.number.value,
        "authority": news.number.authority,
        "what": word(&news.what),
        "fields": fields,
    })
}
