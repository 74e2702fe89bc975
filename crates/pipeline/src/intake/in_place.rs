//! How is a scan taken from a folder that nobody may write to?
//!
//! It cannot be claimed, so it stays, and the catalogue remembers what it looked like. A file that looks otherwise is
//! a new arrival. Only one Chartroom may watch such a folder.

use std::collections::HashMap;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use archive::{Archive, FileStamp};
use records::batch::Grouping;
use records::exception::Reason;
use records::ids::{ArrivalId, Digest};

use super::arrange::{Bundle, Piece, in_order, with_sidecar};
use super::job::{Job, is_index, is_marker};
use super::look::{Found, look_below, shown};
use super::receive::store;
use super::settle::Stamp;
use super::sidecar::pair;
use crate::error::LineError;
use crate::settings::{Intake, Station};

/// Files that were taken and are still there, as this line has seen them.
#[derive(Default)]
pub(crate) struct Known(HashMap<PathBuf, Stamp>);

impl Known {
    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn keep(&mut self, present: impl Fn(&Path) -> bool) {
        self.0.retain(|path, _| present(path));
    }
}

/// Whether the answer means that the folder cannot be written.
pub(crate) fn read_only(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::ReadOnlyFilesystem | std::io::ErrorKind::PermissionDenied)
}

/// Takes what is new of a job that stays where it is.
pub(crate) fn take(
    archive: &Archive,
    station: &Station,
    intake: &Intake,
    job: &Job,
    known: &mut Known,
) -> Result<(), LineError> {
    let mut files = Vec::new();
    for path in &job.paths {
        let Ok(metadata) = path.symlink_metadata() else { continue };
        if metadata.is_dir() {
            files.extend(look_below(path).map_err(|e| LineError::io("list a job folder", e))?.files);
        } else {
            files.push(Found { path: path.clone(), name: shown(path), metadata });
        }
    }
    let all = files.len();
    let mut fresh = Vec::new();
    for file in files {
        let stamp = Stamp::of(&file.metadata);
        if known.0.get(&file.path) == Some(&stamp) {
            continue;
        }
        if archive.file_known(&file_stamp(station, &file.path, stamp))? {
            known.0.insert(file.path, stamp);
        } else {
            fresh.push(file);
        }
    }
    if fresh.is_empty() {
        return Ok(());
    }
    let late = station.group != Grouping::File && fresh.len() < all;
    let held = job.held.or(late.then_some(Reason::LateFile));
    let (stored, kept) = store(archive, station, intake, bundles(station, job, &fresh, held));
    for bundle in &stored {
        for piece in &bundle.pieces {
            if let Some(stamp) = piece.stamp {
                archive.remember_file(piece.arrival, &file_stamp(station, &piece.path, stamp))?;
                known.0.insert(piece.path.clone(), stamp);
            }
        }
        let beside = fresh.iter().filter(|file| bundle.others.contains(&file.path));
        for file in beside {
            let (stamp, arrival) = (Stamp::of(&file.metadata), bundle.pieces[0].arrival);
            archive.remember_file(arrival, &file_stamp(station, &file.path, stamp))?;
            known.0.insert(file.path.clone(), stamp);
        }
    }
    kept
}

fn bundles(station: &Station, job: &Job, fresh: &[Found], held: Option<Reason>) -> Vec<Bundle> {
    let piece = |file: &Found| {
        let stamp = Stamp::of(&file.metadata);
        let arrival = arrival(station, &file.path, stamp);
        let folder = job.paths.iter().find(|path| file.path != **path && file.path.starts_with(path));
        let inside = folder.and_then(|folder| file.path.strip_prefix(folder).ok());
        let name = inside.map_or(file.name.clone(), |path| path.to_string_lossy().into_owned());
        Piece { path: file.path.clone(), name, arrival, stamp: Some(stamp) }
    };
    match station.group {
        Grouping::File => {
            let paired = pair(fresh, station.sidecar);
            let lone = paired.lone.into_iter().map(|own| (own, None));
            let all = paired.scans.into_iter().chain(lone);
            all.map(|(scan, own)| with_sidecar(station, vec![piece(scan)], own, held)).collect()
        }
        Grouping::Folder | Grouping::Manifest => {
            let files = fresh.iter().filter(|file| !is_marker(&file.path)).map(piece).collect();
            let named = job.paths.iter().find(|path| path.is_dir() || is_index(path)).map(|path| shown(path));
            vec![in_order(station.group, files, named, held)]
        }
    }
}

/// The same after a crash between the ledger and the memory of it.
fn arrival(station: &Station, path: &Path, stamp: Stamp) -> ArrivalId {
    let version = format!("{}\0{stamp:?}\0", station.name);
    let full = Digest::of(&[version.as_bytes(), path.as_os_str().as_bytes()].concat()).0;
    ArrivalId(full[..16].try_into().expect("a digest has 32 bytes"))
}

fn file_stamp(station: &Station, path: &Path, stamp: Stamp) -> FileStamp {
    FileStamp {
        station: station.name.clone(),
        path: path.strip_prefix(&station.folder).unwrap_or(path).as_os_str().to_owned(),
        dev: stamp.device,
        ino: stamp.inode,
        size: stamp.size,
        mtime_ns: stamp.modified.0.saturating_mul(1_000_000_000).saturating_add(stamp.modified.1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_cannot_be_claimed_is_taken_once_and_again_only_when_it_changes() {
        let (folder, home) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let archive = Archive::open(home.path(), &archive::Settings::default()).unwrap();
        let station = Station { folder: folder.path().to_owned(), ..Station::named("share") };
        let scan = folder.path().join("scan.txt");
        std::fs::write(&scan, "one").unwrap();
        let look = |known: &mut Known| {
            take(&archive, &station, &Intake::default(), &Job::of(scan.clone()), known).unwrap();
            archive.status().unwrap().batches
        };
        let mut known = Known::default();
        assert_eq!((look(&mut known), look(&mut known)), (1, 1));
        assert_eq!(look(&mut Known::default()), 1, "also by the next line");
        std::fs::write(&scan, "another").unwrap();
        assert_eq!(look(&mut known), 2);
        assert!(scan.exists());
    }
}
