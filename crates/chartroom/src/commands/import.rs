//! Take these files now, and come back when they are filed or on the worklist, and searchable.

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::bail;
use archive::{BatchReport, BatchState};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use jiff::civil::Date;
use pipeline::Line;
use pipeline::intake::{Received, free_mb, scans_below, take_in};
use pipeline::settings::Station;
use records::batch::{Grouping, Upload};
use records::exception::Reason;
use records::ids::BatchId;
use records::station::SeparationMode;
use serde::Serialize;
use web::acts::Chosen;

use super::{Outcome, PlaceArguments, rescan};
use crate::archive_door::{Door, at_the_prompt, clerk};
use crate::show;

#[derive(Args)]
pub(crate) struct ImportArguments {
    /// Files or folders; they stay where they are
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Take them in as if this station had scanned them
    #[arg(long, value_name = "NAME")]
    station: Option<String>,
    /// The file is this patient's: the number, typed from the paper
    #[arg(long, value_name = "NUMBER", requires = "birth_date")]
    mrn: Option<String>,
    /// Who assigned the number
    #[arg(long, requires = "mrn")]
    authority: Option<String>,
    /// The birth date, typed from the paper (1962-03-15)
    #[arg(long, value_name = "DATE", requires = "mrn")]
    birth_date: Option<Date>,
    /// Who says so
    #[arg(long = "as", value_name = "CLERK", requires = "mrn")]
    clerk: Option<String>,
    /// Print one JSON value
    #[arg(long)]
    json: bool,
}

/// What an import came to. Names are a promise to scripts.
#[derive(Debug, Default, Serialize)]
struct Summary {
    files: u64,
    batches: u64,
    pages: u64,
    documents_filed: u64,
    exceptions: u64,
    control_sheets: u64,
    blank_pages: u64,
    duplicates: u64,
    failed: u64,
    /// Sheets that took the place of their old selves; told where there are any.
    #[serde(skip_serializing_if = "is_none")]
    rescans: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
const fn is_none(count: &u64) -> bool {
    *count == 0
}

pub(crate) fn run(place: &PlaceArguments, arguments: &ImportArguments) -> anyhow::Result<Outcome> {
    let door = Door::open(place)?;
    let mut station = station(&door, arguments.station.as_deref())?;
    let upload = upload(&door, arguments)?;
    if upload.is_some() {
        // What is declared is the whole file, to its end.
        (station.separation, station.group) = (SeparationMode::File, Grouping::File);
    }
    let jobs = jobs(&station, &arguments.paths)?;
    if upload.is_some() && jobs.len() != 1 {
        bail!("--mrn says whose pages one file are; give one file");
    }
    let (free, least) = (free_mb(door.archive.dir()), door.config.intake.low_water_mb);
    if let Some(free) = free.filter(|free| *free < least) {
        bail!(
            "only {free} MB free under the data directory, and [intake] low_water_mb is {least}; free some space \
             and import again; nothing was taken"
        );
    }
    let line = door.become_line(Vec::new())?;
    let mut summary =
        Summary { files: jobs.iter().map(Vec::len).sum::<usize>() as u64, ..Summary::default() };
    let mut batches: Vec<BatchId> = Vec::new();
    for job in &jobs {
        match take_in(&door.archive, &station, job, upload.as_ref())? {
            Received::Batch(batch) => batches.push(batch),
            Received::Duplicate(batch) if batches.contains(&batch) => summary.duplicates += job.len() as u64,
            // Came before; if an earlier run was killed over it, it is seen through now.
            Received::Duplicate(batch) => match door.archive.batch(&batch)?.state {
                BatchState::Filed | BatchState::Failed => summary.duplicates += job.len() as u64,
                BatchState::Waiting | BatchState::Reading => batches.push(batch),
            },
            Received::Nothing => {}
        }
    }
    see_through(&door, &batches, line)?;
    for batch in &batches {
        summary.add(&door.archive.batch_report(batch)?);
        summary.rescans += rescan::home_from(&door, batch)?;
    }
    if upload.is_some() && summary.duplicates > 0 {
        show::note("These pages came before: what was said now about whose they are was not used.");
    }
    if arguments.json {
        show::json(&summary)?;
    } else {
        summary.describe();
    }
    let unused = upload.is_some() && summary.duplicates > 0;
    Ok(Outcome::good_if(summary.failed == 0 && !unused))
}

/// Whose pages the file is said to be (`domain.md` 2.14, D-2).
fn upload(door: &Door, arguments: &ImportArguments) -> anyhow::Result<Option<Upload>> {
    let (Some(mrn), Some(born)) = (&arguments.mrn, arguments.birth_date) else { return Ok(None) };
    let typed =
        Chosen::born(door.house(), mrn, arguments.authority.as_deref(), born).map_err(at_the_prompt)?;
    let Some(Chosen { number, .. }) = typed else {
        bail!(
            "what was typed does not agree with the patient index; look at the paper again: the number or the birth \
             date is another patient's; nothing was taken"
        );
    };
    Ok(Some(Upload { number, by: clerk(arguments.clerk.as_deref()), at: Timestamp::now() }))
}

fn station(door: &Door, named: Option<&str>) -> anyhow::Result<Station> {
    let Some(name) = named else { return Ok(Station::named("import")) };
    match door.config.stations.iter().find(|station| station.name == name) {
        Some(station) => Ok(station.clone()),
        None => bail!("there is no station {name:?} in the configuration; leave --station out or add it"),
    }
}

/// What belongs together by the station's grouping: each file, or each folder.
fn jobs(station: &Station, paths: &[PathBuf]) -> anyhow::Result<Vec<Vec<PathBuf>>> {
    let mut jobs = Vec::new();
    for path in paths {
        if path.is_dir() {
            let scans = scans_below(path)?;
            match station.group {
                Grouping::File => jobs.extend(scans.into_iter().map(|scan| vec![scan])),
                Grouping::Folder | Grouping::Manifest if scans.is_empty() => {}
                Grouping::Folder | Grouping::Manifest => jobs.push(scans),
            }
        } else if path.is_file() {
            jobs.push(vec![path.clone()]);
        } else {
            bail!("{} is neither a file nor a folder; nothing was taken", path.display());
        }
    }
    Ok(jobs)
}

/// Waits until these batches have left the line and everything is searchable. Without a line of our own (and none
/// alive elsewhere) one is started for it. `false`: one of them was given up.
pub(super) fn see_through(door: &Door, batches: &[BatchId], line: Option<Line>) -> anyhow::Result<bool> {
    let mut line = match line {
        Some(line) => Some(line),
        None => door.become_line(Vec::new())?,
    };
    let bar = progress_bar();
    let mut open: Vec<BatchId> = batches.to_vec();
    let (mut finished_pages, mut all_good) = (0, true);
    while !open.is_empty() {
        let asked = Instant::now();
        let mut waiting_pages = 0;
        let mut still = Vec::new();
        for id in open {
            let batch = door.archive.batch(&id)?;
            let pages = u64::from(batch.pages());
            match batch.state {
                BatchState::Filed => finished_pages += pages,
                BatchState::Failed => (finished_pages, all_good) = (finished_pages + pages, false),
                BatchState::Waiting | BatchState::Reading => {
                    waiting_pages += pages;
                    still.push(id);
                }
            }
        }
        open = still;
        let read = line.as_ref().map_or(finished_pages, |line| line.progress().pages());
        bar.set_length(finished_pages + waiting_pages);
        bar.set_position(read.min(finished_pages + waiting_pages));
        bar.set_message(show::count(open.len() as u64, "batch to go", "batches to go"));
        if !open.is_empty() {
            // Asking about many batches must not keep the line from them.
            std::thread::sleep(
                (asked.elapsed() * 4).clamp(Duration::from_millis(100), Duration::from_secs(5)),
            );
        }
    }
    bar.finish_and_clear();
    match &mut line {
        Some(line) => {
            super::index::wait_for_line(door, line)?;
            line.stop();
        }
        None => super::wait_for_index(door)?,
    }
    Ok(all_good)
}

/// Pages done, pages a second, time left; on a terminal only.
fn progress_bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(0);
    let form = "{bar:24} {pos}/{len} pages  {per_sec}  {eta} left  {msg}";
    if let Ok(style) = ProgressStyle::with_template(form) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(250));
    bar
}

impl Summary {
    fn add(&mut self, report: &BatchReport) {
        self.batches += 1;
        self.pages += u64::from(report.batch.pages());
        self.documents_filed += report.documents.len() as u64;
        self.exceptions += report.exceptions.len() as u64;
        self.control_sheets += report.control_sheets.len() as u64;
        self.blank_pages += report.blanks.len() as u64;
        self.failed += failed_files(report);
    }

    fn describe(&self) {
        show::line(format!(
            "{} with {}",
            show::count(self.files, "file", "files"),
            show::count(self.pages, "page", "pages")
        ));
        for (number, what) in [
            (self.documents_filed, "filed in charts"),
            (self.rescans, "scanned again, in their old places"),
            (self.exceptions, "waiting for a person: `chartroom worklist`"),
            (self.control_sheets, "control sheets"),
            (self.blank_pages, "blank pages"),
            (self.duplicates, "came before and were not read again"),
            (self.failed, "files could not be read; the originals are kept"),
        ] {
            if number > 0 {
                show::line(format!("  {number:>6}  {what}"));
            }
        }
    }
}

/// Originals of the batch that could not be read, or not to their end.
fn failed_files(report: &BatchReport) -> u64 {
    let broken =
        report.batch.originals.iter().filter(|o| o.fault.is_some() || o.damage.is_some()).count() as u64;
    let broken_page = report.exceptions.iter().any(|exception| {
        exception.reasons.iter().any(|reason| matches!(reason, Reason::PageUnreadable | Reason::TooLarge))
    });
    let given_up = report.batch.state == BatchState::Failed;
    broken.max(u64::from(broken_page || given_up))
}
