//! Which patient lists were dropped into the watched folder, and have they been loaded?
//!
//! A list that has stood still is loaded and moved to `loaded/`; one that has a fault is not taken at all and moved
//! to `refused/`, with all its faults beside it. Nothing is deleted, nothing overwritten.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use archive::{Archive, PatientImport};
use jiff::Timestamp;
use records::identifier::AuthorityId;
use tracing::{info, warn};

use crate::patients::{self, Reading};

/// A list must stand still this long.
const STILL: Duration = Duration::from_secs(2);
const BETWEEN_SWEEPS: Duration = Duration::from_secs(1);

/// The folder, and what the sweeps have seen in it.
pub struct Folder {
    path: PathBuf,
    seen: HashMap<PathBuf, (u64, Option<SystemTime>, Instant)>,
    swept: Option<Instant>,
}

impl Folder {
    pub fn at(path: PathBuf) -> Self {
        Self { path, seen: HashMap::new(), swept: None }
    }

    /// Loads what has settled, oldest name first. Cheap to call often.
    pub fn sweep(&mut self, archive: &Archive, authority: Option<&AuthorityId>, full: bool) {
        let now = Instant::now();
        if self.swept.is_some_and(|last| now.duration_since(last) < BETWEEN_SWEEPS) {
            return;
        }
        self.swept = Some(now);
        for list in self.settled(now) {
            let moved = match load(archive, &list, authority, full) {
                Ok(()) => put_aside(&self.path.join("loaded"), &list, None),
                Err(Trouble::List(why)) => {
                    let faults = why.lines().count();
                    warn!(
                        faults,
                        first = why.lines().next(),
                        "a patient list was refused; why lies beside it"
                    );
                    put_aside(&self.path.join("refused"), &list, Some(&why))
                }
                Err(Trouble::Passing(why)) => {
                    warn!(error = %why, "a patient list waits for another try");
                    Ok(())
                }
            };
            if let Err(error) = moved {
                warn!(%error, "a patient list cannot be moved out of its folder; check its permissions");
            }
        }
    }

    fn settled(&mut self, now: Instant) -> Vec<PathBuf> {
        let Ok(entries) = std::fs::read_dir(&self.path) else { return Vec::new() };
        let mut settled = Vec::new();
        for entry in entries.flatten() {
            let path = entry.path();
            let Ok(metadata) = entry.metadata() else { continue };
            let is_list = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("csv"));
            if !metadata.is_file() || !is_list {
                continue;
            }
            let stamp = (metadata.len(), metadata.modified().ok());
            let (size, modified, since) = *self.seen.entry(path.clone()).or_insert((stamp.0, stamp.1, now));
            if (size, modified) != stamp {
                self.seen.insert(path, (stamp.0, stamp.1, now));
            } else if now.duration_since(since) >= STILL {
                settled.push(path);
            }
        }
        settled.sort();
        self.seen.retain(|path, _| path.exists());
        settled
    }
}

enum Trouble {
    /// The list itself: it will not get better.
    List(String),
    Passing(String),
}

fn load(archive: &Archive, list: &Path, authority: Option<&AuthorityId>, full: bool) -> Result<(), Trouble> {
    let passing = |error: &dyn std::fmt::Display| Trouble::Passing(error.to_string());
    let bytes = std::fs::read(list).map_err(|error| passing(&error))?;
    let today = jiff::tz::TimeZone::UTC.to_datetime(Timestamp::now()).date();
    let reading = Reading { authority: authority.cloned(), dates: None, today };
    let read = patients::read(&bytes, &reading).map_err(|error| Trouble::List(error.to_string()))?;
    let import = PatientImport {
        source: "csv".into(),
        full,
        rows: read.rows,
        // Rows that can be read may be faulty together: told with the others, and nothing is taken.
        dry_run: !read.faults.is_empty(),
        despite_losses: false,
        skip_faulty: false,
        left_out: 0,
        by: "line".into(),
    };
    let report = archive.import_patients(&import).map_err(|error| passing(&error))?;
    if report.aborted || import.dry_run {
        let rows = report.refused.iter().filter(|row| row.why.is_fault());
        let mut why: Vec<String> = read.faults.iter().map(ToString::to_string).collect();
        why.extend(rows.map(|row| format!("line {}: {}", row.line, row.why)));
        if why.is_empty() {
            why.push(
                "more than 2 % have vanished or changed their birth date; check the file and import it by hand"
                    .into(),
            );
        }
        return Err(Trouble::List(why.join("\n")));
    }
    info!(added = report.added, changed = report.changed, merged = report.merged, "patient list loaded");
    for row in &report.refused {
        warn!(line = row.line, why = %row.why, "a row of the patient list was not taken");
    }
    Ok(())
}

/// Moves a list away under a name nothing else has.
fn put_aside(folder: &Path, list: &Path, why: Option<&str>) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let at = Timestamp::now().strftime("%Y%m%dT%H%M%S%.3f").to_string();
    let name = list.file_name().unwrap_or_default().to_string_lossy();
    let to = folder.join(format!("{at}-{name}"));
    std::fs::rename(list, &to)?;
    if let Some(why) = why {
        std::fs::write(to.with_extension("why.txt"), format!("{why}\n"))?;
    }
    Ok(())
}
