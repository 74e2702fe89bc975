//! Is the search index still what was written?
//!
//! Files of the index never change once they are written, so a file that is gone or looks different is damage. Looking
//! costs nothing; new files, and every file once a day, are hashed.

use std::path::Path;
use std::time::{Duration, Instant};

use search::Checkup;
use tracing::{debug, warn};

use crate::line::Progress;
use crate::stop::Stop;

/// Between two looks.
const PAUSE: Duration = Duration::from_secs(3);
/// Every file is hashed this often: disks rot slowly, and the index can be had again.
const ALL: Duration = Duration::from_secs(24 * 60 * 60);

/// Looks until told to stop. What is found is the follower's to mend.
pub(crate) fn check(folder: &Path, progress: &Progress, stop: &Stop) {
    let (mut checkup, mut began) = (Checkup::default(), Instant::now());
    while !stop.is_set() {
        if began.elapsed() > ALL {
            (checkup, began) = (Checkup::default(), Instant::now());
        }
        if !progress.index_damaged() {
            match checkup.look(folder, &|| stop.is_set()) {
                Ok(()) => {}
                // Nothing was written yet.
                Err(search::SearchError::Missing) => {}
                Err(fault) if fault.needs_rebuild() => {
                    warn!(error = %fault, "the search index is damaged; it is built anew");
                    progress.set_index_damaged(true);
                }
                Err(fault) => debug!(error = %fault, "the search index cannot be looked at"),
            }
        }
        stop.pause(PAUSE);
    }
}
