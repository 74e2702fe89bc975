//! How does the search index keep up with the catalogue?
//!
//! It reads the change log after the position in its own commit payload, so a crash replays exactly what was not
//! committed, and an index is a function of the catalogue.

use std::time::Duration;

use archive::Archive;
use search::Index;
use tracing::warn;

use crate::error::LineError;
use crate::line::Progress;
use crate::stop::Stop;

/// Pages between two commits at most; a commit costs some 15 fsyncs.
const BATCH: usize = 500;
/// A page is searchable this long after it is filed, and a little.
const PAUSE: Duration = Duration::from_millis(300);

/// Follows until told to stop, and then once more to the end.
pub(crate) fn follow(archive: &Archive, mut index: Index, progress: &Progress, stop: &Stop) {
    let mut pause = PAUSE;
    loop {
        let last = stop.is_set();
        match catch_up(archive, &mut index, progress) {
            Ok(()) => pause = PAUSE,
            Err(fault) => {
                warn!(error = %fault, "the index cannot follow; trying again");
                pause = (pause * 2).min(Duration::from_secs(30));
            }
        }
        if last {
            return;
        }
        std::thread::sleep(pause);
    }
}

fn catch_up(archive: &Archive, index: &mut Index, progress: &Progress) -> Result<(), LineError> {
    let follower = archive.follower();
    loop {
        let changes = archive.changes(index.position(), BATCH)?;
        let Some(head) = changes.last().map(|change| change.position) else { return Ok(()) };
        for page in changes.iter().flat_map(|change| &change.pages) {
            match follower.entry(*page)? {
                Some(entry) => index.upsert(&entry)?,
                None => index.remove(*page)?,
            }
        }
        index.commit(head)?;
        progress.set_indexed(head);
    }
}
