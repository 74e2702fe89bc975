//! What do the stations still hold that a restored catalogue lacks?
//!
//! Claims of the catalogue's former lives, and files in `taken/`. They are received again under the ids they had, so
//! that sweeping twice does nothing more; and always held (`RESTORED`), for a person may have corrected since how
//! they were filed.
//!
//! Files of one job lie in `taken/` side by side in folders of their own. What an index file names, and was moved
//! within a minute before it, is one job again. Of a station whose jobs are folders, files that were moved within two
//! seconds of each other are one job as long as their names go on in order: a job is moved in the order of its
//! names, so a name that goes back begins the next. Everything else is a job by itself.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use archive::{Archive, Closed};
use jiff::Timestamp;
use records::batch::{Arrival, Grouping, Receipt};
use records::exception::Reason;
use records::ids::ArrivalId;
use tracing::{info, warn};

use super::claim::{home, left_behind, sync};
use super::foreign::Held;
use super::job::{is_index, is_marker};
use super::look::look;
use super::receive::Received;
use super::{manifest, names};
use crate::error::LineError;
use crate::settings::Station;

/// What a sweep of all stations after a restore came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Jobs received again, and held.
    pub received: u64,
    /// Jobs the catalogue knows already.
    pub duplicates: u64,
    /// Jobs and folders that could not be taken; the sweep stays due.
    pub faults: u64,
}

/// Sweeps all stations, if a restore has left it to be done. `None`: nothing was to be done.
pub fn sweep_restored(archive: &Archive, stations: &[Station]) -> Result<Option<Swept>, LineError> {
    let Some(after) = archive.after_restore()?.filter(|after| after.sweep_due) else { return Ok(None) };
    let mut swept = Swept::default();
    for station in stations {
        for former in &after.former {
            let adopted = adopt_held(station, &former.to_string(), &archive.epoch().to_string());
            swept.received += swept.or_count(adopted).unwrap_or(0);
        }
        let Some(jobs) = swept.or_count(missing_jobs(archive, station)) else { continue };
        for job in jobs {
            let received = take_again(archive, station, &job);
            swept.add(received);
            tracing::trace!(target: "fault_point", "restored job received");
        }
    }
    if swept.faults == 0 {
        archive.stations_swept(swept.received, swept.duplicates)?;
        info!(received = swept.received, duplicates = swept.duplicates, "stations swept after the restore");
    }
    Ok(Some(swept))
}

impl Swept {
    fn add(&mut self, received: Result<Received, LineError>) {
        match self.or_count(received) {
            Some(Received::Batch(_)) => self.received += 1,
            Some(Received::Duplicate(_)) => self.duplicates += 1,
            Some(Received::Nothing) | None => {}
        }
    }

    fn or_count<T>(&mut self, result: Result<T, LineError>) -> Option<T> {
        result
            .inspect_err(|fault| {
                warn!(error = %fault, "a station cannot be swept after the restore; trying again");
                self.faults += 1;
            })
            .ok()
    }
}

/// Makes the claims of a former life ours, to be received by the next sweep of their station and held.
fn adopt_held(station: &Station, former: &str, own: &str) -> Result<u64, LineError> {
    let (theirs, ours) = (home(&station.folder, former), home(&station.folder, own));
    if !theirs.is_dir() {
        return Ok(0);
    }
    let Some(_lock) = Held::on(&theirs).map_err(|e| LineError::io("lock the claims", e))? else {
        return Err(LineError::Foreign("the archive this is a copy of still runs; stop it first"));
    };
    fs::create_dir_all(&ours).map_err(|e| LineError::io("make a folder for claims", e))?;
    let mut adopted = 0;
    for claim in left_behind(&theirs).map_err(|e| LineError::io("list claims", e))? {
        // What is held already stays held for that; the name carries it.
        let name = match claim.held {
            Some(_) => claim.folder.clone(),
            None => claim.folder.with_extension(Reason::Restored.code()),
        };
        let to = ours.join(name.file_name().unwrap_or_default());
        fs::rename(&claim.folder, to).map_err(|e| LineError::io("adopt a claim", e))?;
        adopted += 1;
    }
    sync(&ours).and_then(|()| sync(&theirs)).map_err(|e| LineError::io("sync claims", e))?;
    Ok(adopted)
}

/// A file in `taken/`.
#[derive(Clone)]
struct Taken {
    path: PathBuf,
    name: String,
    arrival: ArrivalId,
    /// When it was moved there.
    moved: SystemTime,
}

/// Jobs in `taken/` that the ledger does not know to their end.
fn missing_jobs(archive: &Archive, station: &Station) -> Result<Vec<Vec<Taken>>, LineError> {
    let mut jobs = Vec::new();
    for files in taken_by_day(&station.folder).map_err(|e| LineError::io("list taken/", e))?.into_values() {
        let mut missing = Vec::new();
        let mut indexes = Vec::new();
        for file in files {
            if station.group != Grouping::File && is_index(&file.path) {
                indexes.push(file);
            } else if (station.group == Grouping::File || !is_marker(&file.path))
                && !archive.arrival_settled(file.arrival)?
            {
                missing.push(file);
            }
        }
        jobs.extend(grouped(station.group, missing, &indexes));
    }
    Ok(jobs)
}

/// `taken/<date>/<arrival>/<name>`, day by day, in the order in which they were moved. What is named otherwise was
/// not put there by us.
fn taken_by_day(station_folder: &Path) -> std::io::Result<BTreeMap<PathBuf, Vec<Taken>>> {
    let taken = station_folder.join(names::TAKEN);
    let mut days = BTreeMap::new();
    if !taken.exists() {
        return Ok(days);
    }
    for day in look(&taken)?.folders {
        let mut files = Vec::new();
        for folder in look(&day)?.folders {
            let Some(arrival) = folder.file_name().and_then(|name| name.to_str()?.parse().ok()) else {
                continue;
            };
            let moved = fs::metadata(&folder)?.modified()?;
            files.extend(look(&folder)?.files.into_iter().map(|f| Taken {
                path: f.path,
                name: f.name,
                arrival,
                moved,
            }));
        }
        files.sort_by(|a, b| a.moved.cmp(&b.moved).then_with(|| names::natural_order(&a.name, &b.name)));
        days.insert(day, files);
    }
    Ok(days)
}

/// Files of a day as the jobs they came in; see this module.
fn grouped(grouping: Grouping, mut missing: Vec<Taken>, indexes: &[Taken]) -> Vec<Vec<Taken>> {
    const BEFORE_ITS_INDEX: Duration = Duration::from_secs(60);
    const SIDE_BY_SIDE: Duration = Duration::from_secs(2);
    let mut jobs: Vec<Vec<Taken>> = Vec::new();
    for index in indexes {
        let named = manifest::read_file(&index.path).map(|manifest| manifest.files).unwrap_or_default();
        let place = |file: &Taken| named.iter().position(|name| *name == file.name);
        let near = |file: &Taken| within(file.moved, index.moved, BEFORE_ITS_INDEX);
        let (mut job, rest): (Vec<_>, _) =
            missing.into_iter().partition(|file| place(file).is_some() && near(file));
        missing = rest;
        job.sort_by_key(|file| place(file));
        if !job.is_empty() {
            jobs.push(job);
        }
    }
    let goes_on = |last: &Taken, next: &Taken| {
        grouping == Grouping::Folder
            && within(last.moved, next.moved, SIDE_BY_SIDE)
            && names::natural_order(&last.name, &next.name).is_lt()
    };
    jobs.extend(missing.chunk_by(goes_on).map(<[Taken]>::to_vec));
    jobs
}

fn within(earlier: SystemTime, later: SystemTime, span: Duration) -> bool {
    later.duration_since(earlier).is_ok_and(|apart| apart <= span)
}

/// Receives a job from where it is kept; it stays there.
fn take_again(archive: &Archive, station: &Station, job: &[Taken]) -> Result<Received, LineError> {
    let whole = job.first().map(|first| first.arrival.to_string()).unwrap_or_default();
    let alone = station.group == Grouping::File;
    for file in job {
        let mut bytes = fs::File::open(&file.path).map_err(|e| LineError::io("open a file in taken/", e))?;
        let (digest, size) = archive.vault().put(&mut bytes)?;
        let arrival = Arrival {
            id: file.arrival,
            station: station.name.clone(),
            name: file.name.clone(),
            digest,
            size,
            at: Timestamp::now(),
        };
        let receipt = if alone { archive.receive(&arrival) } else { archive.receive_part(&arrival, &whole) }?;
        archive.taken(file.arrival, &file.path)?;
        if let Receipt::Duplicate(batch) = receipt {
            return Ok(Received::Duplicate(batch));
        }
    }
    let arrivals = job.iter().map(|file| file.arrival).collect();
    let closed = archive.close_batch(&station.job(arrivals, vec![Reason::Restored]))?;
    Ok(match closed {
        Closed::New(batch) | Closed::Resumed(batch) => Received::Batch(batch),
        Closed::Duplicate(batch) => Received::Duplicate(batch),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Moved so many milliseconds after the first.
    fn taken(name: &str, after: u64) -> Taken {
        let moved = SystemTime::UNIX_EPOCH + Duration::from_millis(1_000_000 + after);
        Taken { path: name.into(), name: name.into(), arrival: ArrivalId([0; 16]), moved }
    }

    fn names_of(jobs: &[Vec<Taken>]) -> Vec<Vec<&str>> {
        jobs.iter().map(|job| job.iter().map(|file| file.name.as_str()).collect()).collect()
    }

    #[test]
    fn a_name_that_goes_back_and_a_pause_begin_the_next_job() {
        let files =
            || vec![taken("p1", 0), taken("p2", 10), taken("p10", 20), taken("p1", 30), taken("p2", 9_000)];
        let jobs = grouped(Grouping::Folder, files(), &[]);
        assert_eq!(names_of(&jobs), [vec!["p1", "p2", "p10"], vec!["p1"], vec!["p2"]]);
        assert_eq!(grouped(Grouping::File, files(), &[]).len(), 5);
        assert_eq!(grouped(Grouping::Manifest, files(), &[]).len(), 5);
    }

    #[test]
    fn an_index_file_gathers_what_it_names_in_its_order() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("job.csv");
        fs::write(&path, "file\nb\na\n").unwrap();
        let index = Taken { path, ..taken("job.csv", 50) };
        let jobs = grouped(Grouping::Manifest, vec![taken("a", 0), taken("b", 10), taken("c", 20)], &[index]);
        assert_eq!(names_of(&jobs), [vec!["b", "a"], vec!["c"]]);
    }
}
