//! Copy everything to another place while the line runs, and check the copy.

use std::path::{Path, PathBuf};
use std::time::Instant;

use archive::{BackupPlan, BackupReport};
use clap::Args;
use serde_json::json;

use super::{Outcome, PlaceArguments};
use crate::archive_door::{Door, clerk};
use crate::show;

#[derive(Args)]
pub(crate) struct BackupArguments {
    /// Where to; what is there already is not copied again
    #[arg(value_name = "DIR")]
    to: PathBuf,
    /// Hash everything in the backup again, not only what is new and a part of the rest
    #[arg(long)]
    full: bool,
    /// Print one JSON value
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(place: &PlaceArguments, arguments: &BackupArguments) -> anyhow::Result<Outcome> {
    let door = Door::open(place)?;
    let began = Instant::now();
    let report = door.archive.back_up(&BackupPlan {
        to: std::path::absolute(&arguments.to)?,
        files: door.config.files.clone(),
        home: door.config.home.clone(),
        full: arguments.full,
        by: clerk(None),
    })?;
    let seconds = began.elapsed().as_secs_f64();
    let warnings = same_disk(&door, &arguments.to);
    if arguments.json {
        let mut value = serde_json::to_value(&report)?;
        value["ok"] = json!(report.manifest.verified);
        value["seconds"] = json!(seconds);
        value["warnings"] = json!(warnings);
        show::json(&value)?;
    } else {
        describe(&report, seconds, &warnings);
    }
    Ok(Outcome::good_if(report.manifest.verified))
}

fn describe(report: &BackupReport, seconds: f64, warnings: &[String]) {
    let manifest = &report.manifest;
    show::line(format!(
        "{} in {}: {} copied ({:.1} MB), {} hashed where they lie, {seconds:.1} s",
        show::count(manifest.pages, "page", "pages"),
        show::count(manifest.originals, "original", "originals"),
        report.copied,
        report.copied_bytes as f64 / 1e6,
        report.hashed,
    ));
    for text in report.problems.iter().chain(warnings) {
        for line in show::wrapped(&format!("! {text}"), 78) {
            show::line(line);
        }
    }
    show::line(match manifest.verified {
        true => "Verified. It holds everything received before it began.",
        false => "NOT verified. What is listed above is not whole; the rest is there.",
    });
}

/// What one failing disk would take together with the backup.
pub(super) fn same_disk(door: &Door, backup: &Path) -> Vec<String> {
    let mut beside = Vec::new();
    if shares_device(backup, door.archive.dir()) {
        beside.push("the data directory".to_owned());
    }
    let stations = door.config.stations.iter().filter(|station| shares_device(backup, &station.folder));
    beside.extend(stations.map(|station| format!("station {:?}", station.name)));
    if beside.is_empty() {
        return Vec::new();
    }
    vec![format!("the backup is on one disk with {}; keep it on another", beside.join(", "))]
}

/// Whether both are there and on the same device.
pub(super) fn shares_device(a: &Path, b: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let device = |path: &Path| std::fs::metadata(path).map(|about| about.dev()).ok();
    device(a).is_some_and(|own| device(b) == Some(own))
}
