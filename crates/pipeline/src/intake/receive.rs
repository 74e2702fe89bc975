//! How does a claimed job become ledger rows, stored bytes and a batch?
//!
//! In this order, each step repeatable: vault (on disk), ledger row, batch, and only then the move to
//! `taken/<date>/<arrival>/<name>`. A crash between any two is finished by the next sweep. Jobs of one file go these
//! steps together, so that under load the disk is waited for once a group and not once a file.

use std::fs::File;
use std::path::PathBuf;
use std::time::Instant;

use archive::{Archive, Closed, Staged};
use jiff::Timestamp;
use records::batch::{Arrival, Grouping, NewBatch, Upload};
use records::exception::Reason;
use records::ids::BatchId;
use tracing::info;

use super::arrange::{Bundle, Piece, in_order, ready};
use super::claim::Claim;
use super::job::AT_ONCE;
use super::settle::{Settling, Stamp};
use super::taken::{self, Moved};
use crate::error::LineError;
use crate::settings::{Intake, Station};

/// What a job turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Received {
    Batch(BatchId),
    /// Every byte of it came before, in this batch.
    Duplicate(BatchId),
    /// Nothing in it was a scan.
    Nothing,
}

/// Takes what stands still in a claim to its end; answers which files were moved where, and the first fault: what
/// fails keeps nothing else waiting.
pub(crate) fn receive(
    archive: &Archive,
    station: &Station,
    claim: &Claim,
    settling: &mut Settling,
    intake: &Intake,
    now: Instant,
) -> (Vec<Moved>, Result<(), LineError>) {
    let (mut moved, mut all) = (Vec::new(), Ok(()));
    let bundles = ready(station, claim, settling, intake, now).unwrap_or_else(|fault| {
        all = Err(fault);
        Vec::new()
    });
    for group in groups(bundles) {
        let (stored, kept) = store(archive, station, intake, group);
        match taken::move_on(archive, station, claim, &stored) {
            Ok(files) => moved.extend(files),
            Err(fault) => all = all.and(Err(fault)),
        }
        all = all.and(kept);
    }
    moved.iter().for_each(|file| settling.forget(&file.from));
    taken::clear(&claim.folder);
    (moved, all)
}

/// Takes files that stay where they are (`chartroom import`). One job; `upload`: whose pages somebody says they are.
pub fn take_in(
    archive: &Archive,
    station: &Station,
    files: &[PathBuf],
    upload: Option<&Upload>,
) -> Result<Received, LineError> {
    let pieces = files.iter().map(|path| Piece {
        path: path.clone(),
        name: super::look::shown(path),
        arrival: archive.draw_arrival(),
        stamp: None,
    });
    let mut job = in_order(station.group, pieces.collect(), None, None);
    job.upload = upload.cloned();
    if job.pieces.is_empty() {
        return Ok(Received::Nothing);
    }
    let closed = match station.group {
        Grouping::File => several_jobs(archive, station, vec![job])
            .and_then(|(jobs, kept)| kept.map(|()| jobs))?
            .into_iter()
            .next()
            .map(|(_, closed)| closed),
        Grouping::Folder | Grouping::Manifest => {
            one_job(archive, station, &Intake::default(), job)?.and_then(|(_, c)| c)
        }
    };
    match closed {
        Some(Closed::New(batch) | Closed::Resumed(batch)) => Ok(Received::Batch(batch)),
        Some(Closed::Duplicate(batch)) => Ok(Received::Duplicate(batch)),
        None => Err(LineError::Unsettled),
    }
}

/// Vault, ledger, batch. Answers the jobs that are through, and the first fault of the others; a file that has changed
/// since it settled keeps its job waiting.
pub(crate) fn store(
    archive: &Archive,
    station: &Station,
    intake: &Intake,
    group: Vec<Bundle>,
) -> (Vec<Bundle>, Result<(), LineError>) {
    if station.group == Grouping::File {
        return match several_jobs(archive, station, group) {
            Ok((jobs, kept)) => (jobs.into_iter().map(|(bundle, _)| bundle).collect(), kept),
            Err(fault) => (Vec::new(), Err(fault)),
        };
    }
    let (mut through, mut all) = (Vec::new(), Ok(()));
    for job in group {
        match one_job(archive, station, intake, job) {
            Ok(job) => through.extend(job.map(|(bundle, _)| bundle)),
            Err(fault) => all = all.and(Err(fault)),
        }
    }
    (through, all)
}

/// As many jobs as are safe and worth to go together: bounded in files and in bytes.
fn groups(bundles: Vec<Bundle>) -> Vec<Vec<Bundle>> {
    const BYTES: u64 = 256 << 20;
    let (mut groups, mut bytes): (Vec<Vec<Bundle>>, u64) = (Vec::new(), 0);
    for bundle in bundles {
        let size: u64 = bundle.pieces.iter().filter_map(|piece| piece.stamp).map(|stamp| stamp.size).sum();
        match groups.last_mut() {
            Some(group) if group.len() < AT_ONCE && bytes + size <= BYTES => {
                group.push(bundle);
                bytes += size;
            }
            _ => {
                groups.push(vec![bundle]);
                bytes = size;
            }
        }
    }
    groups
}

/// Jobs with what became of them, and the first fault of those that could not be read.
type Through = (Vec<(Bundle, Closed)>, Result<(), LineError>);

/// Jobs of one file each.
fn several_jobs(archive: &Archive, station: &Station, bundles: Vec<Bundle>) -> Result<Through, LineError> {
    let (mut staged, mut jobs, mut through, mut all) = (Vec::new(), Vec::new(), Vec::new(), Ok(()));
    for bundle in bundles {
        let Some(piece) = bundle.pieces.first() else { continue };
        let (copy, arrival) = match stage(archive, station, piece) {
            Ok(Some(staged)) => staged,
            Ok(None) => continue,
            Err(fault) => {
                all = all.and(Err(fault));
                continue;
            }
        };
        staged.push(copy);
        jobs.push((arrival, new_batch(station, &bundle)));
        through.push(bundle);
    }
    archive.vault().keep(staged)?;
    tracing::trace!(target: "fault_point", "in vault");
    let closed = archive.receive_many(&jobs)?;
    tracing::trace!(target: "fault_point", "batch closed");
    closed.iter().for_each(|closed| told(*closed, 1));
    Ok((through.into_iter().zip(closed).collect(), all))
}

/// A job of several files. `None`: one of them has changed, all wait. Files whose job was closed before a crash, which
/// came before all of them were moved, only move on.
fn one_job(
    archive: &Archive,
    station: &Station,
    intake: &Intake,
    mut bundle: Bundle,
) -> Result<Option<(Bundle, Option<Closed>)>, LineError> {
    let mut settled = Vec::new();
    for piece in std::mem::take(&mut bundle.pieces) {
        let through = archive.arrival_settled(piece.arrival)?;
        if through { &mut settled } else { &mut bundle.pieces }.push(piece);
    }
    let Some(first) = bundle.pieces.first().map(|piece| piece.arrival.to_string()) else {
        bundle.pieces = settled;
        return Ok(Some((bundle, None)));
    };
    // What lies beside files of a closed job came after it, and so did what comes under its name soon after.
    let since = Timestamp::now().checked_sub(intake.late()).unwrap_or(Timestamp::MIN);
    let named = bundle.job_name.clone().filter(|_| !intake.late().is_zero());
    let again = named.map_or(Ok(false), |name| archive.job_closed_since(&station.name, &name, since))?;
    if again || !settled.is_empty() {
        bundle.hold(Reason::LateFile);
    }
    for pieces in bundle.pieces.chunks(AT_ONCE) {
        let (mut staged, mut arrivals) = (Vec::new(), Vec::new());
        for piece in pieces {
            let Some((copy, arrival)) = stage(archive, station, piece)? else { return Ok(None) };
            staged.push(copy);
            arrivals.push(arrival);
        }
        archive.vault().keep(staged)?;
        tracing::trace!(target: "fault_point", "in vault");
        archive.receive_parts(&arrivals, &first)?;
        tracing::trace!(target: "fault_point", "received");
    }
    let closed = archive.close_batch(&new_batch(station, &bundle))?;
    tracing::trace!(target: "fault_point", "batch closed");
    told(closed, bundle.pieces.len());
    bundle.pieces.extend(settled);
    Ok(Some((bundle, Some(closed))))
}

fn told(closed: Closed, originals: usize) {
    match closed {
        Closed::Duplicate(batch) => info!(%batch, originals, "came before"),
        Closed::New(batch) | Closed::Resumed(batch) => info!(%batch, originals, "batch received"),
    }
}

/// Copies a file into the vault. `None`: it is no longer, or not for us, or it is not what it was when it had
/// settled, before or after it was read.
fn stage(
    archive: &Archive,
    station: &Station,
    piece: &Piece,
) -> Result<Option<(Staged, Arrival)>, LineError> {
    let mut file = match File::open(&piece.path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && piece.stamp.is_some() => {
            return Ok(None);
        }
        Err(error) => return Err(LineError::io("open a scan", error)),
    };
    let stamp = |metadata: std::io::Result<std::fs::Metadata>| {
        metadata.map(|m| Stamp::of(&m)).map_err(|e| LineError::io("look at a scan", e))
    };
    let expected = match piece.stamp {
        Some(settled) => settled,
        None => stamp(file.metadata())?,
    };
    if stamp(file.metadata())? != expected {
        return Ok(None);
    }
    let staged = archive.vault().stage(&mut file)?;
    if stamp(file.metadata())? != expected || staged.size() != expected.size {
        return Ok(None);
    }
    let arrival = Arrival {
        id: piece.arrival,
        station: station.name.clone(),
        name: piece.name.clone(),
        digest: staged.digest(),
        size: staged.size(),
        at: Timestamp::now(),
    };
    Ok(Some((staged, arrival)))
}

fn new_batch(station: &Station, job: &Bundle) -> NewBatch {
    let arrivals = job.pieces.iter().map(|piece| piece.arrival).collect();
    NewBatch {
        declared_sheets: job.declared_sheets,
        declared_pages: job.declared_pages,
        job_name: job.job_name.clone(),
        upload: job.upload.clone(),
        ..station.job(arrivals, job.held.clone())
    }
}
