//! Which state of the search index is the newest, without opening it for every question?

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use search::{IndexReader, SearchError};

/// A reader that is kept: it remembers what it worked out for words.
#[derive(Default)]
pub(crate) struct NewestIndex(Mutex<Option<(Stamp, Arc<IndexReader>)>>);

/// What changes with every commit, and with every swap of the index.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Stamp {
    folder: u64,
    commit: (u64, i64, i64),
}

impl Stamp {
    /// Tantivy writes its list of segments anew, and renames it, at every commit.
    fn of(index: &Path) -> io::Result<Self> {
        let commit = fs::metadata(index.join("meta.json"))?;
        Ok(Self {
            folder: fs::metadata(index)?.ino(),
            commit: (commit.ino(), commit.mtime(), commit.mtime_nsec()),
        })
    }
}

impl NewestIndex {
    pub(crate) fn newest(&self, folder: &Path) -> Result<Arc<IndexReader>, SearchError> {
        // Before it is read: what is committed meanwhile is seen the next time.
        let Ok(stamp) = Stamp::of(folder) else { return self.anew(folder) };
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((seen, reader)) = kept.as_mut() {
            if *seen == stamp {
                return Ok(Arc::clone(reader));
            }
            if seen.folder == stamp.folder && reader.reload().is_ok() {
                *seen = stamp;
                return Ok(Arc::clone(reader));
            }
        }
        let reader = Arc::new(IndexReader::open(folder)?);
        *kept = Some((stamp, Arc::clone(&reader)));
        Ok(reader)
    }

    /// Whatever was kept is not trusted.
    pub(crate) fn anew(&self, folder: &Path) -> Result<Arc<IndexReader>, SearchError> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
        Ok(Arc::new(IndexReader::open(folder)?))
    }
}
