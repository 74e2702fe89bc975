//! How does a file become ours alone, in one step that survives a crash?
//!
//! By rename into a fresh private folder, the name kept: `<station>/.chartroom/<archive>/<nonce>/<name>`. From
//! here no scanner can replace it and no second Chartroom can take it. What the claim cannot show by itself
//! (that the job is held) stands in the folder's name.

use std::fs;
use std::path::{Path, PathBuf};

use records::exception::Reason;
use records::ids::{ArrivalId, Digest};

use super::job::Job;
use super::names;

/// A job that is ours, on disk.
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
pub(crate) fn claim(home: &Path, nonce: &str, job: &Job) -> std::io::Result<Option<Claim>> {
    let name = match job.held {
        Some(reason) => format!("{nonce}.{}", reason.code()),
        None => nonce.to_owned(),
    };
    let folder = home.join(name);
    fs::create_dir_all(&folder)?;
    let mut taken = false;
    for path in &job.paths {
        let Some(name) = path.file_name() else { continue };
        match fs::rename(path, folder.join(name)) {
            Ok(()) => taken = true,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
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
    sync(&folder)?;
    tracing::trace!(target: "fault_point", "claimed");
    for marker in &job.markers {
        let _ = fs::remove_file(marker);
    }
    Ok(Some(Claim { folder, held: job.held }))
}

/// Claims left by an earlier run of ours, oldest first.
pub(crate) fn left_behind(home: &Path) -> std::io::Result<Vec<Claim>> {
    let entries = match fs::read_dir(home) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut claims = Vec::new();
    for entry in entries {
        let folder = entry?.path();
        let held = folder.extension().and_then(|code| code.to_str()).and_then(|code| code.parse().ok());
        claims.push((fs::metadata(&folder).and_then(|m| m.modified()).ok(), Claim { folder, held }));
    }
    claims.sort_by_key(|(modified, _)| *modified);
    Ok(claims.into_iter().map(|(_, claim)| claim).collect())
}

/// Claims in a station folder, whoever's they are.
pub(crate) fn count(station_folder: &Path) -> usize {
    let inside = |folder: PathBuf| fs::read_dir(folder).into_iter().flatten().flatten();
    inside(station_folder.join(names::CLAIMS)).map(|archive| inside(archive.path()).count()).sum()
}

impl Claim {
    /// The arrival's id of a file in this claim: the same however often the claim is looked at again.
    pub(crate) fn arrival(&self, file: &Path) -> ArrivalId {
        let nonce = self.folder.file_stem().unwrap_or_default().as_encoded_bytes();
        let inside = file.strip_prefix(&self.folder).unwrap_or(file).as_os_str().as_encoded_bytes();
        let full = Digest::of(&[nonce, &[0], inside].concat()).0;
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
        Job { paths: vec![path], markers: Vec::new(), held }
    }

    #[test]
    fn a_claim_is_found_again_with_its_name_and_its_doubt() {
        let station = tempfile::tempdir().unwrap();
        let scan = station.path().join("scan 1.tif");
        fs::write(&scan, "x").unwrap();
        let home = home(station.path(), "here");
        let made = claim(&home, "n1", &job(scan.clone(), Some(Reason::LateFile))).unwrap().unwrap();
        assert!(!scan.exists());
        let found = left_behind(&home).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].held, Some(Reason::LateFile));
        let file = found[0].folder.join("scan 1.tif");
        assert!(file.exists());
        assert_eq!(found[0].arrival(&file), made.arrival(&file));
    }

    #[test]
    fn what_vanished_is_not_claimed() {
        let station = tempfile::tempdir().unwrap();
        let home = home(station.path(), "here");
        assert!(claim(&home, "n1", &job(station.path().join("gone.tif"), None)).unwrap().is_none());
        assert!(left_behind(&home).unwrap().is_empty());
    }
}
