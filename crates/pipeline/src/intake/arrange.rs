//! What lies in a claim: which jobs, in which order, and what is wrong with a job as a whole?

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use records::batch::{Grouping, Upload};
use records::exception::Reason;
use records::ids::ArrivalId;

use super::claim::Claim;
use super::job::{closed, is_index, is_marker, unfinished};
use super::look::{Found, look, look_below, shown};
use super::manifest::{self, Manifest};
use super::names;
use super::settle::{Settling, Stamp};
use super::sidecar::pair;
use crate::error::LineError;
use crate::settings::{Intake, Station};

/// One file of a job, with what the line must know to store it.
pub(crate) struct Piece {
    pub(crate) path: PathBuf,
    pub(crate) name: String,
    pub(crate) arrival: ArrivalId,
    /// As it was when it had settled: what is read must still be that. Absent: as it is when it is opened.
    pub(crate) stamp: Option<Stamp>,
}

/// Files of a job in order, and what is known of the job as a whole.
#[derive(Default)]
pub(crate) struct Bundle {
    pub(crate) pieces: Vec<Piece>,
    pub(crate) held: Vec<Reason>,
    pub(crate) declared_sheets: Option<u32>,
    pub(crate) declared_pages: Option<u32>,
    pub(crate) job_name: Option<String>,
    /// Whose pages they are, says who hands them in.
    pub(crate) upload: Option<Upload>,
    /// Index files, sidecars and whatever else lay in the job's folder: they go to `taken/` too, but are no pages.
    pub(crate) others: Vec<PathBuf>,
}

/// The jobs in a claim that stand still; the others wait there for a later look.
pub(crate) fn ready(
    station: &Station,
    claim: &Claim,
    settling: &mut Settling,
    intake: &Intake,
    now: Instant,
) -> Result<Vec<Bundle>, LineError> {
    let list = |e| LineError::io("list a claim", e);
    match station.group {
        Grouping::File => {
            let seen = look_below(&claim.folder).map_err(list)?;
            Ok(single_files(station, claim, &seen.files, settling, intake, now))
        }
        Grouping::Folder => {
            let seen = look(&claim.folder).map_err(list)?;
            let mut bundles = Vec::new();
            for folder in &seen.folders {
                let inside = look_below(folder).map_err(list)?;
                if closed(folder, &inside, settling, intake, now) {
                    let odd = unfinished(&inside).next().is_some() || !inside.refused.is_empty();
                    let files = pieces(claim, folder, &inside.files, settling);
                    let mut bundle = in_order(station.group, files, Some(shown(folder)), claim.held);
                    if odd {
                        bundle.hold(Reason::PageGap);
                    }
                    bundle.others.extend(inside.ignored);
                    bundle.others.extend(inside.refused.into_iter().map(|(path, _)| path));
                    bundles.push(bundle);
                }
            }
            for file in seen.files.iter().filter(|file| !is_marker(&file.path)) {
                if settling.settled(&file.path, &file.metadata, intake, now) {
                    let alone = pieces(claim, &claim.folder, std::slice::from_ref(file), settling);
                    bundles.push(in_order(station.group, alone, None, claim.held));
                }
            }
            Ok(bundles)
        }
        Grouping::Manifest => {
            gather_named(station, claim).map_err(|e| LineError::io("claim a scan", e))?;
            let seen = look_below(&claim.folder).map_err(list)?;
            let whole =
                seen.files.iter().all(|file| settling.settled(&file.path, &file.metadata, intake, now));
            if !whole || seen.files.is_empty() {
                return Ok(Vec::new());
            }
            let index = seen.files.iter().find(|file| is_index(&file.path)).map(|file| file.name.clone());
            let files = pieces(claim, &claim.folder, &seen.files, settling);
            Ok(vec![in_order(station.group, files, index, claim.held)])
        }
    }
}

fn single_files(
    station: &Station,
    claim: &Claim,
    files: &[Found],
    settling: &mut Settling,
    intake: &Intake,
    now: Instant,
) -> Vec<Bundle> {
    let paired = pair(files, station.sidecar);
    // A sidecar that came without its scan is shown to a person as it is.
    let lone = paired.lone.into_iter().map(|sidecar| (sidecar, None));
    let mut bundles = Vec::new();
    for (scan, sidecar) in paired.scans.into_iter().chain(lone) {
        let mut whole = settling.settled(&scan.path, &scan.metadata, intake, now);
        if let Some(own) = sidecar {
            whole &= settling.still_for(&own.path, &own.metadata, now) >= intake.settle();
        }
        if whole {
            let mut files = pieces(claim, &claim.folder, std::slice::from_ref(scan), settling);
            files.iter_mut().for_each(|piece| piece.name = scan.name.clone());
            bundles.push(with_sidecar(station, files, sidecar, claim.held));
        }
    }
    bundles
}

/// A scan and what its sidecar declares of it.
pub(crate) fn with_sidecar(
    station: &Station,
    pieces: Vec<Piece>,
    sidecar: Option<&Found>,
    held: Option<Reason>,
) -> Bundle {
    let mut bundle = Bundle { pieces, held: held.into_iter().collect(), ..Bundle::default() };
    match sidecar.map(|own| manifest::read_sidecar(&own.path)) {
        Some(Ok(declared)) => {
            bundle.declared_sheets = declared.declared_sheets;
            bundle.declared_pages = declared.declared_pages;
            if declared.files.iter().any(|name| bundle.pieces.iter().all(|piece| piece.name != *name)) {
                bundle.hold(Reason::PageGap); // it speaks of another file
            }
        }
        Some(Err(_)) => bundle.hold(Reason::PageGap),
        None if station.sidecar.ending().is_some() => bundle.hold(Reason::PageGap),
        None => {}
    }
    bundle.others.extend(sidecar.map(|own| own.path.clone()));
    bundle
}

/// Names are relative to the job's folder; a file below it keeps the way to it.
fn pieces(claim: &Claim, folder: &Path, files: &[Found], settling: &Settling) -> Vec<Piece> {
    let piece = |file: &Found| {
        let stamp = settling.stamp(&file.path);
        Piece {
            path: file.path.clone(),
            name: file.path.strip_prefix(folder).unwrap_or(&file.path).to_string_lossy().into_owned(),
            arrival: claim.arrival(&file.path, stamp),
            stamp,
        }
    };
    files.iter().map(piece).collect()
}

/// An index file was claimed, and the crash came before the files it names: they are claimed now.
fn gather_named(station: &Station, claim: &Claim) -> std::io::Result<()> {
    let seen = look(&claim.folder)?;
    let Some(index) = seen.files.iter().find(|file| is_index(&file.path)) else { return Ok(()) };
    let Ok(Manifest { files, .. }) = manifest::read_file(&index.path) else { return Ok(()) };
    for name in files.iter().filter(|_| claim.held.is_none()) {
        let (from, to) = (station.folder.join(name), claim.folder.join(name));
        if from.symlink_metadata().is_ok_and(|m| m.is_file()) && !to.exists() {
            std::fs::rename(from, to)?;
        }
    }
    Ok(())
}

/// The order of a job's files: its index file's, else by name with digit runs as numbers.
pub(crate) fn in_order(
    grouping: Grouping,
    files: Vec<Piece>,
    job_name: Option<String>,
    held: Option<Reason>,
) -> Bundle {
    let mut job = Bundle { held: held.into_iter().collect(), job_name, ..Bundle::default() };
    if grouping == Grouping::File {
        job.pieces = files;
        return job;
    }
    let (others, pieces): (Vec<Piece>, Vec<Piece>) =
        files.into_iter().partition(|piece| is_index(&piece.path) || is_marker(&piece.path));
    job.pieces = pieces;
    let index = others.iter().position(|piece| is_index(&piece.path));
    let gap = match index.map(|at| manifest::read_file(&others[at].path)) {
        Some(Ok(manifest)) => {
            let places: HashMap<&str, usize> =
                (0..).zip(&manifest.files).map(|(at, name)| (name.as_str(), at)).collect();
            let place = |piece: &Piece| places.get(piece.name.as_str()).copied();
            let complete =
                job.pieces.len() == manifest.files.len() && job.pieces.iter().all(|p| place(p).is_some());
            job.pieces.sort_by_key(|piece| place(piece).unwrap_or(usize::MAX));
            job.declared_sheets = manifest.declared_sheets;
            job.declared_pages = manifest.declared_pages;
            !complete
        }
        Some(Err(_)) => true,
        // Nobody said how the folders in a job's folder follow each other.
        None if job.pieces.iter().any(|piece| piece.name.contains('/')) => true,
        None => names::numbering_has_gap(&job.pieces.iter().map(|p| p.name.clone()).collect::<Vec<_>>()),
    };
    if gap {
        job.hold(Reason::PageGap);
    }
    // An index file none of whose scans came is what a person gets to see of the job.
    let (alone, others): (Vec<Piece>, Vec<Piece>) =
        others.into_iter().partition(|piece| job.pieces.is_empty() && is_index(&piece.path));
    job.pieces.extend(alone);
    job.others.extend(others.into_iter().map(|piece| piece.path));
    job
}

impl Bundle {
    pub(crate) fn hold(&mut self, reason: Reason) {
        if !self.held.contains(&reason) {
            self.held.push(reason);
        }
    }
}
