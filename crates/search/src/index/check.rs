//! Are the files of the index still what was written?

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};

use crate::error::SearchError;

use super::{IndexReader, folder};

/// Remembers how the files looked. Once written they never change: one that is gone or looks different is hashed
/// against the sum in its footer, as is one not seen before.
#[derive(Default)]
pub struct Checkup {
    /// By name: inode, bytes, modified (ns).
    seen: BTreeMap<PathBuf, (u64, u64, i64)>,
}

impl Checkup {
    /// Looks at every file of the last commit; ends early when `stopped`.
    ///
    /// # Errors
    /// [`SearchError::Damaged`] names the file; `Missing`: nothing has been written yet.
    pub fn look(&mut self, folder: &Path, stopped: &dyn Fn() -> bool) -> Result<(), SearchError> {
        if folder::is_vacant(folder)? {
            return Err(SearchError::Missing);
        }
        // Opened anew: an index opened before goes on with files that are gone.
        let index = folder::open(folder)?;
        let named = index.load_metas()?.list_segment_files();
        opens(&index, folder, &named)?;
        let there: BTreeSet<PathBuf> = named.into_iter().filter(|name| folder.join(name).is_file()).collect();
        let lost: Vec<PathBuf> = self.seen.keys().filter(|name| !there.contains(*name)).cloned().collect();
        for name in &there {
            if stopped() {
                return Ok(());
            }
            let about = fs::metadata(folder.join(name))?;
            let stamp = (about.ino(), about.len(), about.mtime() * 1_000_000_000 + about.mtime_nsec());
            if self.seen.get(name) != Some(&stamp) {
                whole(&index, folder, name)?;
                self.seen.insert(name.clone(), stamp);
            }
        }
        self.missed(folder, &lost)
    }

    /// A file that went because its segment was merged into another is no loss.
    fn missed(&mut self, folder: &Path, lost: &[PathBuf]) -> Result<(), SearchError> {
        let named = folder::open(folder)?.load_metas()?.list_segment_files();
        for name in lost {
            if named.contains(name) {
                return Err(SearchError::Damaged(format!("{} is missing", name.display())));
            }
            self.seen.remove(name);
        }
        Ok(())
    }
}

/// All that a search needs is there. What was merged into another segment meanwhile is looked at the next time.
fn opens(index: &tantivy::Index, folder: &Path, named: &HashSet<PathBuf>) -> Result<(), SearchError> {
    match unpanicked(|| IndexReader::over(index.clone())).flatten() {
        Err(fault) if folder::open(folder)?.load_metas()?.list_segment_files() == *named => Err(fault),
        _ => Ok(()),
    }
}

/// One file against the sum in its footer.
fn whole(index: &tantivy::Index, folder: &Path, name: &Path) -> Result<(), SearchError> {
    let damaged = |why: &str| SearchError::Damaged(format!("{} {why}", name.display()));
    // Read before it is mapped: a bad sector is an error here, and the end of the process there.
    match File::open(folder.join(name)).and_then(|mut file| io::copy(&mut file, &mut io::sink())) {
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()), // merged away meanwhile
        Err(error) => return Err(damaged(&format!("cannot be read ({error})"))),
    }
    match unpanicked(|| index.directory().validate_checksum(name)) {
        Ok(Ok(true)) => Ok(()),
        Ok(Ok(false)) => Err(damaged("is not what was written")),
        Ok(Err(_)) if !folder.join(name).exists() => Ok(()),
        Ok(Err(error)) => Err(damaged(&format!("cannot be read ({error})"))),
        Err(panicked) => Err(panicked),
    }
}

/// The library trusts its files: what it meets in damaged ones may end in a panic.
pub(super) fn unpanicked<T>(act: impl FnOnce() -> T) -> Result<T, SearchError> {
    std::panic::catch_unwind(AssertUnwindSafe(act))
        .map_err(|_| SearchError::Damaged("reading it ended in a panic".into()))
}
