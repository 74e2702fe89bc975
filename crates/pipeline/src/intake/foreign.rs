//! Whose are the claims in a station folder, and does their owner still live?
//!
//! Every living line holds a lock on `<station>/.chartroom/<archive>/lock` wherever it has claims. What lies in the
//! claims of an archive whose lock is free belongs to nobody who could receive it: `chartroom run --adopt` does.

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::{FlockOperation, flock};

use super::claim::{home, left_behind, sync};
use super::names;
use crate::error::LineError;
use crate::settings::Station;

/// Our lock on our own claims in one station folder.
pub(crate) struct Held {
    lock: File,
    path: PathBuf,
}

impl Held {
    /// `None`: somebody else has it.
    pub(crate) fn on(home: &Path) -> std::io::Result<Option<Self>> {
        let path = home.join("lock");
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(&path)?;
        match flock(&lock, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Some(Self { lock, path })),
            Err(rustix::io::Errno::WOULDBLOCK) => Ok(None),
            Err(errno) => Err(errno.into()),
        }
    }

    /// Whether the locked file is still the one others would look at: the folder may have gone and come back.
    pub(crate) fn holds(&self) -> bool {
        let same = |a: &fs::Metadata, b: &fs::Metadata| (a.dev(), a.ino()) == (b.dev(), b.ino());
        let now = fs::metadata(&self.path).and_then(|there| Ok((there, self.lock.metadata()?)));
        now.is_ok_and(|(there, ours)| same(&there, &ours))
    }
}

/// Archives whose claims have lain there for so long and whose line does not run.
pub(crate) fn abandoned(station_folder: &Path, own: &str, after: Duration) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(station_folder.join(names::CLAIMS)).into_iter().flatten().flatten() {
        let archive = entry.file_name().to_string_lossy().into_owned();
        let old = |folder: &Path| {
            let modified = fs::metadata(folder).and_then(|m| m.modified());
            modified.is_ok_and(|at| at.elapsed().is_ok_and(|age| age >= after))
        };
        let claims = left_behind(&entry.path()).unwrap_or_default();
        if archive != own && claims.iter().any(|claim| old(&claim.folder)) && is_free(&entry.path()) {
            found.push(archive);
        }
    }
    found.sort();
    found
}

/// A lock that is not there is nobody's.
fn is_free(home: &Path) -> bool {
    match File::open(home.join("lock")) {
        Ok(lock) => flock(&lock, FlockOperation::NonBlockingLockShared).is_ok(),
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    }
}

/// Makes the claims of another archive ours, in every station; answers how many there were.
///
/// # Errors
/// `Foreign` where that archive's line still runs: nothing is touched then.
pub fn adopt(stations: &[Station], own: &str, other: &str) -> Result<usize, LineError> {
    if other.is_empty() || other == own || other.contains('/') || other.starts_with('.') {
        return Err(LineError::Foreign(
            "this is not the name of another archive; `chartroom status` shows names",
        ));
    }
    let there: Vec<PathBuf> =
        stations.iter().map(|s| home(&s.folder, other)).filter(|home| home.is_dir()).collect();
    let mut locks = Vec::new();
    for theirs in &there {
        match Held::on(theirs).map_err(|e| LineError::io("lock the claims", e))? {
            Some(lock) => locks.push(lock),
            None => return Err(LineError::Foreign("the other Chartroom still runs; stop it first")),
        }
    }
    let mut adopted = 0;
    for theirs in &there {
        let ours = theirs.with_file_name(own);
        fs::create_dir_all(&ours).map_err(|e| LineError::io("make a folder for claims", e))?;
        for claim in left_behind(theirs).map_err(|e| LineError::io("list claims", e))? {
            let name = claim.folder.file_name().unwrap_or_default();
            fs::rename(&claim.folder, ours.join(name)).map_err(|e| LineError::io("adopt a claim", e))?;
            adopted += 1;
        }
        sync(&ours).and_then(|()| sync(theirs)).map_err(|e| LineError::io("sync claims", e))?;
    }
    Ok(adopted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn station_with_claim() -> (tempfile::TempDir, Station) {
        let folder = tempfile::tempdir().unwrap();
        let station = Station { folder: folder.path().to_owned(), ..Station::named("er") };
        fs::create_dir_all(home(folder.path(), "dead").join("n1")).unwrap();
        fs::write(home(folder.path(), "dead").join("n1/scan.tif"), "x").unwrap();
        (folder, station)
    }

    #[test]
    fn claims_of_a_living_line_are_neither_reported_nor_adopted() {
        let (folder, station) = station_with_claim();
        let theirs = home(folder.path(), "dead");
        let lock = Held::on(&theirs).unwrap().unwrap();
        assert!(lock.holds());
        assert!(abandoned(folder.path(), "ours", Duration::ZERO).is_empty());
        assert!(adopt(std::slice::from_ref(&station), "ours", "dead").is_err());
        drop(lock);
        assert_eq!(abandoned(folder.path(), "ours", Duration::ZERO), ["dead"]);
        assert!(abandoned(folder.path(), "ours", Duration::from_secs(60)).is_empty(), "it may come back");
        assert!(abandoned(folder.path(), "dead", Duration::ZERO).is_empty(), "one's own are no alarm");
        assert_eq!(adopt(&[station], "ours", "dead").unwrap(), 1);
        assert!(home(folder.path(), "ours").join("n1/scan.tif").exists());
    }

    #[test]
    fn a_name_that_leads_elsewhere_adopts_nothing() {
        let (_folder, station) = station_with_claim();
        for name in ["", "..", "../x", "ours", ".hidden"] {
            assert!(adopt(std::slice::from_ref(&station), "ours", name).is_err(), "{name}");
        }
    }
}
