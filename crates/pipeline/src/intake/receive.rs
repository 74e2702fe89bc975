//! How does a claimed job become ledger rows, stored bytes and a batch?
//!
//! In this order, each step repeatable: vault (on disk), ledger row, batch, and only then the move to
//! `taken/<date>/<arrival>/<name>`. A crash between any two is finished by the next sweep.

use std::fs;
use std::path::{Path, PathBuf};

use archive::{Archive, Closed};
use jiff::Timestamp;
use records::batch::{Arrival, Grouping, NewBatch, Receipt};
use records::exception::Reason;
use records::ids::{ArrivalId, BatchId};
use tracing::info;

use super::claim::{Claim, sync};
use super::job::{is_index, is_marker};
use super::look::look;
use super::{manifest, names};
use crate::error::LineError;
use crate::settings::Station;

/// What a job turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Received {
    Batch(BatchId),
    /// Every byte of it came before, in this batch.
    Duplicate(BatchId),
    /// Nothing in it was a scan.
    Nothing,
}

/// One file of a job, with what the line must know to store it.
struct Piece {
    path: PathBuf,
    name: String,
    arrival: ArrivalId,
}

/// Files of a job in order, and what is wrong with the job as a whole.
struct Pieces {
    pieces: Vec<Piece>,
    held: Vec<Reason>,
    declared_sheets: Option<u32>,
    /// Index files and markers: they go to `taken/` too, but are no pages.
    others: Vec<PathBuf>,
}

/// Takes a claim to its end.
pub(crate) fn receive(archive: &Archive, station: &Station, claim: &Claim) -> Result<Received, LineError> {
    let mut files = pieces_of(claim)?;
    let settled = take_settled(archive, &mut files)?;
    // What lies beside files of a closed job came after it.
    let held = claim.held.or((!settled.is_empty()).then_some(Reason::LateFile));
    let mut pieces = arranged(station.group, files, held);
    let received = store(archive, station, &pieces)?;
    pieces.pieces.extend(settled);
    let today = jiff::tz::TimeZone::UTC.to_datetime(Timestamp::now()).date().to_string();
    let taken = station.folder.join(names::TAKEN).join(today);
    for piece in &pieces.pieces {
        let to = move_to(&taken.join(piece.arrival.to_string()), &piece.path)?;
        tracing::trace!(target: "fault_point", "moved to taken");
        archive.taken(piece.arrival, &to)?;
        tracing::trace!(target: "fault_point", "taken noted");
    }
    for other in &pieces.others {
        move_to(&taken.join(claim.arrival(other).to_string()), other)?;
    }
    tracing::trace!(target: "fault_point", "before claim cleared");
    clear(&claim.folder)?;
    Ok(received)
}

/// Files whose job was closed before a crash, which came before all of them were moved: they only move on.
fn take_settled(archive: &Archive, files: &mut Vec<Piece>) -> Result<Vec<Piece>, LineError> {
    let mut settled = Vec::new();
    for file in std::mem::take(files) {
        let through = archive.arrival_settled(file.arrival)?;
        if through { &mut settled } else { &mut *files }.push(file);
    }
    Ok(settled)
}

/// Takes files that stay where they are (`chartroom import`). One job.
pub fn take_in(archive: &Archive, station: &Station, files: &[PathBuf]) -> Result<Received, LineError> {
    let pieces = files.iter().map(|path| Piece {
        path: path.clone(),
        name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        arrival: archive.draw_arrival(),
    });
    store(archive, station, &arranged(station.group, pieces.collect(), None))
}

/// Vault, ledger, batch.
fn store(archive: &Archive, station: &Station, job: &Pieces) -> Result<Received, LineError> {
    let Some(first) = job.pieces.first() else { return Ok(Received::Nothing) };
    for piece in &job.pieces {
        let mut file = fs::File::open(&piece.path).map_err(|e| LineError::io("open a scan", e))?;
        let (digest, size) = archive.vault().put(&mut file)?;
        tracing::trace!(target: "fault_point", "in vault");
        let arrival = Arrival {
            id: piece.arrival,
            station: station.name.clone(),
            name: piece.name.clone(),
            digest,
            size,
            at: Timestamp::now(),
        };
        if station.group == Grouping::File {
            if let Receipt::Duplicate(batch) = archive.receive(&arrival)? {
                info!(arrival = %arrival.id, %batch, "came before");
                return Ok(Received::Duplicate(batch));
            }
        } else {
            archive.receive_part(&arrival, &first.arrival.to_string())?;
        }
        tracing::trace!(target: "fault_point", "received");
    }
    let closed = archive.close_batch(&NewBatch {
        station: station.name.clone(),
        profile: station.profile(),
        priority: station.priority,
        grouping: station.group,
        arrivals: job.pieces.iter().map(|piece| piece.arrival).collect(),
        held: job.held.clone(),
        declared_sheets: job.declared_sheets,
    })?;
    tracing::trace!(target: "fault_point", "batch closed");
    info!(batch = %closed.batch(), originals = job.pieces.len(), "batch received");
    Ok(match closed {
        Closed::New(batch) | Closed::Resumed(batch) => Received::Batch(batch),
        Closed::Duplicate(batch) => Received::Duplicate(batch),
    })
}

/// The files of a claim: what lies in it, or in the job folder in it.
fn pieces_of(claim: &Claim) -> Result<Vec<Piece>, LineError> {
    let mut seen = look(&claim.folder).map_err(|e| LineError::io("list a claim", e))?;
    for folder in std::mem::take(&mut seen.folders) {
        seen.files.extend(look(&folder).map_err(|e| LineError::io("list a claimed job", e))?.files);
    }
    let piece = |file: super::look::Found| Piece {
        arrival: claim.arrival(&file.path),
        path: file.path,
        name: file.name,
    };
    Ok(seen.files.into_iter().map(piece).collect())
}

/// The order of a job's files: its index file's, else by name with digit runs as numbers.
fn arranged(grouping: Grouping, files: Vec<Piece>, held: Option<Reason>) -> Pieces {
    let mut job =
        Pieces { pieces: files, held: held.into_iter().collect(), declared_sheets: None, others: Vec::new() };
    if grouping == Grouping::File {
        return job;
    }
    let (pieces, others) = job.pieces.into_iter().partition(|p| !is_index(&p.path) && !is_marker(&p.path));
    job.pieces = pieces;
    job.others = others.into_iter().map(|piece| piece.path).collect();
    let index = job.others.iter().find(|path| is_index(path));
    let gap = match index.map(|path| fs::read(path).map(|bytes| manifest::read(&bytes))) {
        Some(Ok(Ok(manifest))) => {
            let place = |piece: &Piece| manifest.files.iter().position(|name| *name == piece.name);
            let complete =
                job.pieces.len() == manifest.files.len() && job.pieces.iter().all(|p| place(p).is_some());
            job.pieces.sort_by_key(|piece| place(piece).unwrap_or(usize::MAX));
            job.declared_sheets = manifest.declared_sheets;
            !complete
        }
        Some(_) => true,
        None => names::numbering_has_gap(&names_of(&job.pieces)),
    };
    if gap && !job.held.contains(&Reason::PageGap) {
        job.held.push(Reason::PageGap);
    }
    job
}

fn names_of(pieces: &[Piece]) -> Vec<String> {
    pieces.iter().map(|piece| piece.name.clone()).collect()
}

/// Nothing in `taken/` is ever overwritten: the folder is this arrival's own.
fn move_to(folder: &Path, from: &Path) -> Result<PathBuf, LineError> {
    let to = folder.join(from.file_name().expect("a file of a claim has a name"));
    fs::create_dir_all(folder).map_err(|e| LineError::io("make a folder under taken/", e))?;
    match fs::rename(from, &to) {
        Ok(()) => {}
        Err(_) if to.exists() && !from.exists() => {} // moved before a crash
        Err(error) => return Err(LineError::io("move a scan to taken/", error)),
    }
    sync(folder).map_err(|e| LineError::io("sync taken/", e))?;
    Ok(to)
}

/// Removes what is left of a claim: empty folders and what was ignored inside a job stay with it.
fn clear(folder: &Path) -> Result<(), LineError> {
    let list = |folder: &Path| look(folder).map_err(|e| LineError::io("list a claim", e));
    for inner in list(folder)?.folders {
        let rest = list(&inner)?;
        if rest.files.is_empty() && rest.folders.is_empty() {
            fs::remove_dir_all(&inner).map_err(|e| LineError::io("clear a claim", e))?;
        }
    }
    let rest = list(folder)?;
    if rest.files.is_empty() && rest.folders.is_empty() {
        fs::remove_dir_all(folder).map_err(|e| LineError::io("clear a claim", e))?;
    }
    Ok(())
}
