//! What is done beside the line, slowly, for as long as it runs?
//!
//! After a restore the stations are swept until all of them have been reached; originals are hashed again in turn;
//! files in `taken/` go once a verified backup holds them.

use std::time::{Duration, Instant};

use archive::{Archive, Scrubber};
use pipeline::Stop;
use pipeline::intake::{purge_taken, sweep_restored};
use pipeline::settings::Station;
use tracing::warn;

use crate::archive_door::Door;
use crate::config::Backup;

/// A thread of its own. Dropping it tells it to end and does not wait: it may be hashing a large original, and loses
/// nothing if the process ends first.
pub(crate) struct Upkeep {
    stop: Stop,
}

const BETWEEN_SWEEPS: Duration = Duration::from_secs(30);
const BETWEEN_PURGES: Duration = Duration::from_secs(60 * 60);

impl Upkeep {
    pub(crate) fn start(door: &Door, stations: Vec<Station>) -> Self {
        let stop = Stop::default();
        let (archive, settings, told) = (door.archive.clone(), door.config.backup, stop.clone());
        let body = move || keep_up(&archive, &stations, settings, &told);
        let thread = std::thread::Builder::new().name("upkeep".into()).spawn(body);
        if let Err(error) = &thread {
            warn!(%error, "nothing is hashed again and nothing purged: the system gives no thread");
        }
        Self { stop }
    }
}

impl Drop for Upkeep {
    fn drop(&mut self) {
        self.stop.set();
    }
}

fn keep_up(archive: &Archive, stations: &[Station], settings: Backup, stop: &Stop) {
    let scrubber = Scrubber::over(archive.clone(), settings.rehash_days);
    let (mut next_sweep, mut next_purge) = (Instant::now(), Instant::now());
    while !stop.is_set() {
        if Instant::now() >= next_sweep {
            if let Err(fault) = sweep_restored(archive, stations) {
                warn!(error = %fault, "the stations cannot be swept after the restore; trying again");
            }
            next_sweep = Instant::now() + BETWEEN_SWEEPS;
        }
        if Instant::now() >= next_purge {
            if let Err(fault) = purge_taken(archive, stations, settings.keep_taken_days) {
                warn!(error = %fault, "taken/ cannot be purged; trying again");
            }
            next_purge = Instant::now() + BETWEEN_PURGES;
        }
        stop.pause(hash_one(&scrubber));
    }
}

/// Hashes one original and answers how long to let the disk be: nine times as long as that took.
fn hash_one(scrubber: &Scrubber) -> Duration {
    const NOTHING_TO_DO: Duration = Duration::from_secs(20);
    let began = Instant::now();
    match scrubber.step() {
        Ok(Some(_)) => (began.elapsed() * 9).clamp(Duration::from_millis(20), NOTHING_TO_DO),
        Ok(None) => NOTHING_TO_DO,
        Err(fault) => {
            warn!(error = %fault, "an original cannot be hashed again; trying later");
            NOTHING_TO_DO
        }
    }
}
