//! When has a dropped file stopped changing?
//!
//! Size and time must stand still, and the format's own end mark must be there (`end_mark`).

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::end_mark::has_end_mark;
use crate::settings::Intake;

/// What the sweeps have seen of files that are not yet taken.
#[derive(Default)]
pub(crate) struct Settling {
    seen: BTreeMap<PathBuf, Observed>,
}

#[derive(Clone, Copy)]
struct Observed {
    stamp: Stamp,
    /// When this stamp was first seen, by our own clock: the file's may be wrong or turned back.
    since: Instant,
}

/// A file as it was: any difference means somebody is still writing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Stamp {
    pub(crate) device: u64,
    pub(crate) inode: u64,
    pub(crate) size: u64,
    /// Seconds and nanoseconds since 1970, as the file says.
    pub(crate) modified: (i64, i64),
}

impl Stamp {
    pub(crate) fn of(metadata: &Metadata) -> Self {
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            size: metadata.size(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
        }
    }
}

impl Settling {
    /// How long the file has stood still, counting this look.
    pub(crate) fn still_for(&mut self, path: &Path, metadata: &Metadata, now: Instant) -> Duration {
        let stamp = Stamp::of(metadata);
        let observed = self.seen.entry(path.to_path_buf()).or_insert_with(|| Observed { stamp, since: now });
        if observed.stamp != stamp {
            *observed = Observed { stamp, since: now };
        }
        now.duration_since(observed.since)
    }

    /// Whether a file may be taken now.
    pub(crate) fn settled(
        &mut self,
        path: &Path,
        metadata: &Metadata,
        intake: &Intake,
        now: Instant,
    ) -> bool {
        let still = self.still_for(path, metadata, now);
        still >= intake.incomplete_after()
            || still >= intake.settle() && (marked_done(path) || has_end_mark(path).unwrap_or(false))
    }

    /// A file or folder has another place now; it stands still since when it stood still before.
    pub(crate) fn moved(&mut self, from: &Path, to: &Path) {
        let below = self.seen.range(from.to_path_buf()..).take_while(|(path, _)| path.starts_with(from));
        let below: Vec<(PathBuf, Observed)> = below.map(|(path, seen)| (path.clone(), *seen)).collect();
        for (path, observed) in below {
            self.seen.remove(&path);
            let inside = path.strip_prefix(from).unwrap_or(Path::new(""));
            let place = if inside.as_os_str().is_empty() { to.to_path_buf() } else { to.join(inside) };
            self.seen.insert(place, observed);
        }
    }

    /// The file as it was when it was last looked at.
    pub(crate) fn stamp(&self, path: &Path) -> Option<Stamp> {
        self.seen.get(path).map(|observed| observed.stamp)
    }

    pub(crate) fn forget(&mut self, path: &Path) {
        self.seen.remove(path);
    }

    /// Forgets everything that is no longer there.
    pub(crate) fn keep(&mut self, present: impl Fn(&Path) -> bool) {
        self.seen.retain(|path, _| present(path));
    }

    pub(crate) fn waiting(&self) -> usize {
        self.seen.len()
    }
}

/// `scan.pdf.done` beside `scan.pdf` says that the scanner is finished with it.
pub(crate) fn done_marker(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".done");
    PathBuf::from(name)
}

fn marked_done(path: &Path) -> bool {
    done_marker(path).exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(bytes: &[u8]) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        file
    }

    #[test]
    fn a_file_that_still_grows_is_not_settled() {
        let growing = file(b"%PDF-1.7\n%%EOF\n");
        let intake = Intake::default();
        let mut settling = Settling::default();
        let start = Instant::now();
        let look = |settling: &mut Settling, after: u64| {
            let metadata = growing.path().metadata().unwrap();
            settling.settled(growing.path(), &metadata, &intake, start + Duration::from_secs(after))
        };
        assert!(!look(&mut settling, 0));
        std::fs::write(growing.path(), b"%PDF-1.7 longer now\n%%EOF\n").unwrap();
        assert!(!look(&mut settling, 3), "it changed since the last look");
        assert!(!look(&mut settling, 4));
        assert!(look(&mut settling, 5));
    }

    #[test]
    fn a_file_that_never_ends_is_taken_in_the_end() {
        let half = file(b"%PDF-1.7 cut");
        let mut settling = Settling::default();
        let start = Instant::now();
        let metadata = half.path().metadata().unwrap();
        assert!(!settling.settled(half.path(), &metadata, &Intake::default(), start));
        let later = start + Duration::from_secs(601);
        assert!(settling.settled(half.path(), &metadata, &Intake::default(), later));
    }
}
