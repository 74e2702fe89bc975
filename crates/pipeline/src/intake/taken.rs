//! Where do files go that are in the vault and in the ledger?
//!
//! To `taken/<date>/<arrival>/<name>`, where nothing is ever overwritten: the folder is the arrival's own. A scanner
//! that kept the file open may still write to it there: for a while it is looked at, and one that has changed comes
//! back as a claim of its own.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use archive::Archive;
use jiff::Timestamp;
use records::exception::Reason;
use records::ids::ArrivalId;
use tracing::warn;

use super::arrange::Bundle;
use super::claim::{self, Claim, sync};
use super::job::{Job, is_marker};
use super::names;
use super::settle::{Settling, Stamp};
use crate::error::LineError;
use crate::settings::Station;

/// A file that was moved.
pub(crate) struct Moved {
    pub(crate) from: PathBuf,
    to: PathBuf,
    arrival: ArrivalId,
    stamp: Option<Stamp>,
    at: Instant,
}

/// Moves the files of jobs that are through, and notes where they are.
pub(crate) fn move_on(
    archive: &Archive,
    station: &Station,
    claim: &Claim,
    jobs: &[Bundle],
) -> Result<Vec<Moved>, LineError> {
    if jobs.is_empty() {
        return Ok(Vec::new());
    }
    let today = jiff::tz::TimeZone::UTC.to_datetime(Timestamp::now()).date().to_string();
    let day = station.folder.join(names::TAKEN).join(today);
    let mut moved = Vec::new();
    for piece in jobs.iter().flat_map(|job| &job.pieces) {
        let to = move_to(&day.join(piece.arrival.to_string()), &piece.path)?;
        moved.push(Moved {
            from: piece.path.clone(),
            to,
            arrival: piece.arrival,
            stamp: piece.stamp,
            at: Instant::now(),
        });
    }
    for other in jobs.iter().flat_map(|job| &job.others).filter(|other| !is_marker(other)) {
        move_to(&day.join(claim.arrival(other, None).to_string()), other)?;
    }
    // A move leaves one folder and enters another in one step of the file system, so both are on disk once the one
    // it left is. Until then the file is still in the claim, and only moves again.
    let left = moved.iter().filter_map(|file| file.from.parent());
    for folder in left.chain([day.as_path()]).collect::<BTreeSet<&Path>>() {
        sync(folder).map_err(|e| LineError::io("sync taken/", e))?;
    }
    tracing::trace!(target: "fault_point", "moved to taken");
    let places: Vec<_> = moved.iter().map(|file| (file.arrival, file.to.clone())).collect();
    archive.taken_many(&places)?;
    tracing::trace!(target: "fault_point", "taken noted");
    Ok(moved)
}

fn move_to(folder: &Path, from: &Path) -> Result<PathBuf, LineError> {
    let to = folder.join(from.file_name().expect("a file of a claim has a name"));
    fs::create_dir_all(folder).map_err(|e| LineError::io("make a folder under taken/", e))?;
    match fs::rename(from, &to) {
        Ok(()) => {}
        Err(_) if to.exists() && !from.exists() => {} // moved before a crash
        Err(error) => return Err(LineError::io("move a scan to taken/", error)),
    }
    Ok(to)
}

/// Removes a claim that is empty but for markers. Whatever else is still in it stays, and is seen by the next sweep.
pub(crate) fn clear(folder: &Path) {
    tracing::trace!(target: "fault_point", "before claim cleared");
    let entries: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()).collect();
    let (folders, files): (Vec<_>, Vec<_>) =
        entries.into_iter().partition(|path| path.is_dir() && !path.is_symlink());
    folders.iter().for_each(|inner| remove_empty(inner));
    if files.iter().all(|file| is_marker(file)) && folders.iter().all(|inner| !inner.exists()) {
        files.iter().for_each(|marker| drop(fs::remove_file(marker)));
    }
    let _ = fs::remove_dir(folder); // refused unless it is empty
}

fn remove_empty(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            remove_empty(&entry.path());
        }
    }
    let _ = fs::remove_dir(folder);
}

/// Files moved lately.
#[derive(Default)]
pub(crate) struct Aftercare {
    files: Vec<Moved>,
}

impl Aftercare {
    pub(crate) fn add(&mut self, moved: Vec<Moved>) {
        self.files.extend(moved);
    }

    /// A file that somebody has written to since becomes a claim again, held: its beginning is on the line already.
    pub(crate) fn look(
        &mut self,
        archive: &Archive,
        home: &Path,
        settling: &mut Settling,
        now: Instant,
    ) -> Result<(), LineError> {
        const LONG: Duration = Duration::from_secs(60);
        let files = std::mem::take(&mut self.files);
        for file in files.into_iter().filter(|file| now.saturating_duration_since(file.at) < LONG) {
            let Ok(metadata) = fs::symlink_metadata(&file.to) else { continue };
            if file.stamp.is_none_or(|stamp| stamp == Stamp::of(&metadata)) {
                self.files.push(file);
                continue;
            }
            warn!(arrival = %file.arrival, "somebody still writes to a file that was taken; its rest comes again");
            let job = Job { held: Some(Reason::LateFile), ..Job::of(file.to.clone()) };
            claim::claim(home, &archive.draw_arrival().to_string(), &job, settling)
                .map_err(|e| LineError::io("claim a scan again", e))?;
            archive.taken_back(file.arrival)?;
        }
        Ok(())
    }
}
