//! How does the search index keep up with the catalogue?
//!
//! It reads the change log after the position in its own commit payload, so a crash replays exactly what was not
//! committed, and an index is a function of the catalogue.

use std::path::Path;
use std::time::Duration;

use archive::Archive;
use search::{Index, Opened};
use tracing::{info, warn};

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
        let caught_up = catch_up(archive, &mut index);
        progress.set_indexed(index.position());
        match caught_up {
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

/// Brings the index to the head of the change log.
pub fn catch_up(archive: &Archive, index: &mut Index) -> Result<(), LineError> {
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
    }
}

/// Opens the index for writing; one that cannot be followed is built anew beside the old one.
pub fn open_index(archive: &Archive, folder: &Path) -> Result<Index, LineError> {
    match Index::open(folder, archive.epoch())? {
        Opened::Fresh(index) | Opened::AsOf(index) => Ok(index),
        Opened::Rebuild(why) => {
            warn!(%why, "the search index is built anew");
            rebuild_index(archive, folder)
        }
    }
}

/// Builds the index from the catalogue, beside the old one, and swaps. The head is noted first: what changes while
/// pages are walked is followed afterwards.
pub fn rebuild_index(archive: &Archive, folder: &Path) -> Result<Index, LineError> {
    let head = archive.position()?;
    let follower = archive.follower();
    let entries = archive
        .indexed_pages()
        .filter_map(|page| page.and_then(|page| follower.entry(page)).map_err(LineError::from).transpose());
    let mut index = Index::rebuild(folder, archive.epoch(), head, entries)?;
    info!(position = head, "search index built");
    catch_up(archive, &mut index)?;
    Ok(index)
}
