//! When may a file in `taken/` go?
//!
//! Once a verified backup newer than its receipt holds it, its days are over, and it still is what was received. If
//! it is something else by now, that is a new arrival: received, held, and kept.

use std::fs;
use std::path::Path;

use archive::{Archive, Closed, Kept};
use jiff::Timestamp;
use records::batch::{Arrival, Grouping, NewBatch, Receipt};
use records::exception::Reason;
use records::ids::{ArrivalId, Digest};
use tracing::{info, warn};

use crate::error::LineError;
use crate::settings::Station;

/// What a purge came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purged {
    pub removed: u64,
    /// Files that had changed since they were received: new arrivals, held.
    pub changed: u64,
    /// Files that could not be looked at or removed; they are tried again.
    pub faults: u64,
}

/// Removes what may go, from all stations that are configured. `keep_days` = 0: nothing ever.
pub fn purge_taken(archive: &Archive, stations: &[Station], keep_days: u32) -> Result<Purged, LineError> {
    let mut purged = Purged::default();
    let mut last: Option<Kept> = None;
    loop {
        let kept = archive.purgeable(keep_days, last.as_ref())?;
        let Some(end) = kept.last().cloned() else { break };
        for file in kept {
            let Some(station) = stations.iter().find(|station| station.name == file.station) else {
                continue;
            };
            match one(archive, station, &file) {
                Ok(true) => purged.removed += 1,
                Ok(false) => purged.changed += 1,
                Err(fault) => {
                    warn!(arrival = %file.arrival, error = %fault, "a kept file cannot be purged; trying again");
                    purged.faults += 1;
                }
            }
        }
        last = Some(end);
    }
    if purged.removed + purged.changed > 0 {
        info!(removed = purged.removed, changed = purged.changed, "taken/ purged behind the verified backup");
    }
    Ok(purged)
}

/// `true`: it is gone. `false`: it was something else, and is received as that.
fn one(archive: &Archive, station: &Station, kept: &Kept) -> Result<bool, LineError> {
    let mut file = match fs::File::open(&kept.path) {
        Ok(file) => file,
        // Only where its station is there: a share that is off-line has lost nothing.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && station.folder.is_dir() => {
            archive.purged(kept.arrival)?;
            return Ok(true);
        }
        Err(error) => return Err(LineError::io("open a kept file", error)),
    };
    // Putting it again hashes both the file and what is stored, and mends that if it has rotted.
    let (digest, size) = archive.vault().put(&mut file)?;
    if digest != kept.digest {
        changed(archive, station, kept, digest, size)?;
        return Ok(false);
    }
    fs::remove_file(&kept.path).map_err(|e| LineError::io("remove a kept file", e))?;
    tracing::trace!(target: "fault_point", "backup kept file removed");
    archive.purged(kept.arrival)?;
    for folder in kept.path.ancestors().skip(1).take(2) {
        let _ = fs::remove_dir(folder); // its arrival's and its day's, where they are empty
    }
    Ok(true)
}

/// Somebody has written to it since: another arrival, under an id of its own that is the same in every try.
fn changed(
    archive: &Archive,
    station: &Station,
    kept: &Kept,
    digest: Digest,
    size: u64,
) -> Result<(), LineError> {
    let id = Digest::of(&[kept.arrival.0.as_slice(), &digest.0].concat()).0;
    let arrival = Arrival {
        id: ArrivalId(id[..16].try_into().expect("a digest has 32 bytes")),
        station: station.name.clone(),
        name: kept.path.file_name().unwrap_or(Path::new("").as_os_str()).to_string_lossy().into_owned(),
        digest,
        size,
        at: Timestamp::now(),
    };
    let receipt = archive.receive(&arrival)?;
    archive.taken(arrival.id, &kept.path)?;
    if !matches!(receipt, Receipt::Duplicate(_)) {
        let alone =
            NewBatch { grouping: Grouping::File, ..station.job(vec![arrival.id], vec![Reason::LateFile]) };
        let closed = archive.close_batch(&alone)?;
        if let Closed::New(batch) = closed {
            warn!(%batch, "a file in taken/ has changed since it was received; it is held as a new one");
        }
    }
    archive.purged(kept.arrival)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use archive::{BackupPlan, Settings};
    use jiff::ToSpan as _;

    use super::*;

    /// A file that was received 40 days ago and lies in `taken/`.
    fn kept(home: &Path, name: &str) -> (Archive, Station, std::path::PathBuf) {
        let archive = Archive::open(&home.join("data"), &Settings::default()).unwrap();
        let station = Station { folder: home.join("in"), ..Station::named("er") };
        let path = station.folder.join("taken/day/arrival").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "a scan").unwrap();
        let (digest, size) = archive.vault().put(&mut &b"a scan"[..]).unwrap();
        let (id, at) = (archive.draw_arrival(), Timestamp::now() - (40 * 24).hours());
        let arrival = Arrival { id, station: "er".into(), name: name.into(), digest, size, at };
        archive.receive(&arrival).unwrap();
        archive.taken(id, &path).unwrap();
        archive.close_batch(&station.job(vec![id], Vec::new())).unwrap();
        (archive, station, path)
    }

    fn back_up(archive: &Archive, home: &Path) {
        let plan = BackupPlan {
            to: home.join("backup"),
            files: Vec::new(),
            home: Default::default(),
            full: false,
            by: "test".into(),
        };
        assert!(archive.back_up(&plan).unwrap().manifest.verified);
    }

    #[test]
    fn nothing_goes_before_a_verified_backup_and_its_days_are_over() {
        let home = tempfile::tempdir().unwrap();
        let (archive, station, path) = kept(home.path(), "a.tif");
        let stations = [station];
        assert_eq!(purge_taken(&archive, &stations, 30).unwrap(), Purged::default(), "no backup");
        back_up(&archive, home.path());
        assert_eq!(purge_taken(&archive, &stations, 0).unwrap(), Purged::default(), "kept for ever");
        assert_eq!(purge_taken(&archive, &stations, 90).unwrap(), Purged::default(), "too young");
        assert!(path.exists());
        assert_eq!(purge_taken(&archive, &stations, 30).unwrap().removed, 1);
        assert!(!path.exists() && stations[0].folder.is_dir());
        assert_eq!(purge_taken(&archive, &stations, 30).unwrap(), Purged::default(), "once");
    }

    #[test]
    fn a_backup_that_is_not_verified_frees_nothing() {
        let home = tempfile::tempdir().unwrap();
        let (archive, station, path) = kept(home.path(), "a.tif");
        fs::remove_file(archive.vault().path(&Digest::of(b"a scan"))).unwrap();
        let plan = BackupPlan {
            to: home.path().join("backup"),
            files: Vec::new(),
            home: Default::default(),
            full: false,
            by: "test".into(),
        };
        assert!(!archive.back_up(&plan).unwrap().manifest.verified);
        assert_eq!(purge_taken(&archive, &[station], 30).unwrap(), Purged::default());
        assert!(path.exists());
    }

    #[test]
    fn a_file_that_has_changed_is_a_new_arrival_and_stays() {
        let home = tempfile::tempdir().unwrap();
        let (archive, station, path) = kept(home.path(), "a.tif");
        back_up(&archive, home.path());
        fs::write(&path, "another scan").unwrap();
        let stations = [station];
        assert_eq!(purge_taken(&archive, &stations, 30).unwrap().changed, 1);
        assert!(path.exists());
        let held = archive.batch(&records::ids::BatchId::of(&[Digest::of(b"another scan")], 0)).unwrap().held;
        assert_eq!(held, [Reason::LateFile]);
        assert_eq!(purge_taken(&archive, &stations, 30).unwrap(), Purged::default());
    }
}
