//! How does a file become ours alone, in one step that survives a crash?
//!
//! By rename into a fresh private folder, the name kept: `<station>/.chartroom/<archive>/<nonce>/<name>`. From
//! here no scanner can replace it and no second Chartroom can take it. What the claim cannot show by itself
//! (that the job is held) stands in the folder's name. A scanner that still has the file open can go on writing to
//! it; so what changed between the last look and the claim waits there until it stands still.

use std::fs;
use std::path::{Path, PathBuf};

use records::exception::Reason;
use records::ids::{ArrivalId, Digest};

use super::job::Job;
use super::names;
use super::settle::{Settling, Stamp};

/// Files that are ours, on disk: of a `file` station as many jobs as there are files, else one job.
#[derive(Debug)]
pub(crate) struct Claim {
    pub(crate) folder: PathBuf,
    pub(crate) held: Option<Reason>,
}

/// The claims of one archive (named by its epoch) in one station folder: its next line finds them again, and
/// another Chartroom on the same folder never mistakes them for its own.
pub(crate) fn home(station_folder: &Path, archive: &str) -> PathBuf {
    station_folder.join(names::CLAIMS).join(archive)
}

/// Takes a job. A file that vanished meanwhile is no longer part of it.
pub(crate) fn claim(
    home: &Path,
    nonce: &str,
    job: &Job,
    settling: &mut Settling,
) -> std::io::Result<Option<Claim>> {
    let name = match job.held {
        Some(reason) => format!("{nonce}.{}", reason.code()),
        None => nonce.to_owned(),
    };
    let folder = home.join(name);
    make(home)?;
    fs::create_dir(&folder)?;
    let mut taken = false;
    for path in &job.paths {
        let Some(name) = path.file_name() else { continue };
        let to = folder.join(name);
        match fs::rename(path, &to) {
            Ok(()) => {
                taken = true;
                settling.moved(path, &to);
            }
            // Another Chartroom was faster with the index file: the whole job is theirs.
            Err(error) if gone(&error) && job.whole && !taken => break,
            Err(error) if gone(&error) => {}
            Err(error) => {
                let _ = fs::remove_dir(&folder); // only if nothing was taken: an empty folder
                return Err(error);
            }
        }
    }
    if !taken {
        fs::remove_dir(&folder)?;
        return Ok(None);
    }
    for marker in &job.markers {
        if let Some(name) = marker.file_name() {
            let _ = fs::rename(marker, folder.join(name));
        }
    }
    sync(&folder)?;
    sync(home)?;
    tracing::trace!(target: "fault_point", "claimed");
    Ok(Some(Claim { folder, held: job.held }))
}

fn gone(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::NotFound
}

/// Never makes the station's own folder: where that is missing, its share is off-line.
fn make(home: &Path) -> std::io::Result<()> {
    for folder in home.parent().into_iter().chain([home]) {
        match fs::create_dir(folder) {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Claims of ours that are not yet received, oldest first.
pub(crate) fn left_behind(home: &Path) -> std::io::Result<Vec<Claim>> {
    let entries = match fs::read_dir(home) {
        Ok(entries) => entries,
        Err(error) if gone(&error) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut claims = Vec::new();
    for entry in entries {
        let folder = entry?.path();
        let Ok(metadata) = fs::metadata(&folder) else { continue };
        if metadata.is_dir() {
            let held = folder.extension().and_then(|code| code.to_str()).and_then(|code| code.parse().ok());
            claims.push((metadata.modified().ok(), Claim { folder, held }));
        }
    }
    claims.sort_by_key(|(modified, _)| *modified);
    Ok(claims.into_iter().map(|(_, claim)| claim).collect())
}

/// Claims in a station folder, whoever's they are.
pub(crate) fn count(station_folder: &Path) -> usize {
    let inside = |folder: PathBuf| {
        fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()).filter(|path| path.is_dir())
    };
    inside(station_folder.join(names::CLAIMS)).map(|archive| inside(archive).count()).sum()
}

impl Claim {
    /// The arrival's id of a file in this claim: the same however often the claim is looked at again, another if
    /// somebody has written to the file since.
    pub(crate) fn arrival(&self, file: &Path, stamp: Option<Stamp>) -> ArrivalId {
        let nonce = self.folder.file_stem().unwrap_or_default().as_encoded_bytes();
        let inside = file.strip_prefix(&self.folder).unwrap_or(file).as_os_str().as_encoded_bytes();
        let version = stamp.map(|s| format!("{} {:?}", s.size, s.modified)).unwrap_or_default();
        let full = Digest::of(&[nonce, &[0], inside, &[0], version.as_bytes()].concat()).0;
        ArrivalId(full[..16].try_into().expect("a digest has 32 bytes"))
    }
}

/// A rename is on disk only when its folder is.
pub(crate) fn sync(folder: &Path) -> std::io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(path: PathBuf, held: Option<Reason>) -> Job {
        Job { held, ..Job::of(path) }
    }

    #[test]
    fn a_claim_is_found_again_with_its_name_and_its_doubt() {
        let station = tempfile::tempdir().unwrap();
        let scan = station.path().join("scan 1.tif");
        fs::write(&scan, "x").unwrap();
        let home = home(station.path(), "here");
        let job = job(scan.clone(), Some(Reason::LateFile));
        let made = claim(&home, "n1", &job, &mut Settling::default()).unwrap().unwrap();
        assert!(!scan.exists());
        let found = left_behind(&home).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].held, Some(Reason::LateFile));
        let file = found[0].folder.join("scan 1.tif");
        assert!(file.exists());
        assert_eq!(found[0].arrival(&file, None), made.arrival(&file, None));
        let stamp = Stamp::of(&file.metadata().unwrap());
        assert_ne!(found[0].arrival(&file, None), made.arrival(&file, Some(stamp)));
    }

    #[test]
    fn what_vanished_is_not_claimed() {
        let station = tempfile::tempdir().unwrap();
        let home = home(station.path(), "here");
        let gone = job(station.path().join("gone.tif"), None);
        assert!(claim(&home, "n1", &gone, &mut Settling::default()).unwrap().is_none());
        assert!(left_behind(&home).unwrap().is_empty());
    }

    #[test]
    fn whose_index_file_another_took_leaves_the_scans_it_names_alone() {
        let station = tempfile::tempdir().unwrap();
        let scan = station.path().join("a.tif");
        fs::write(&scan, "x").unwrap();
        let paths = vec![station.path().join("taken by another.csv"), scan.clone()];
        let job = Job { paths, whole: true, ..Job::of(scan.clone()) };
        assert!(
            claim(&home(station.path(), "here"), "n1", &job, &mut Settling::default()).unwrap().is_none()
        );
        assert!(scan.exists());
    }

    #[test]
    fn a_folder_that_is_gone_is_not_made_again() {
        let station = tempfile::tempdir().unwrap();
        let share = station.path().join("share");
        let gone = job(share.join("a.tif"), None);
        assert!(claim(&home(&share, "here"), "n1", &gone, &mut Settling::default()).is_err());
        assert!(!share.exists());
    }
}
