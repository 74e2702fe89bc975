//! What is done beside the line, slowly, for as long as it runs?
//!
//! After a restore the stations are swept until all of them have been reached; originals are hashed again in turn;
//! files in `taken/` go once a verified backup holds them; every night what is filed is looked through for other
//! patients.

use std::time::{Duration, Instant};

use archive::{Archive, Scrubber};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use pipeline::intake::{purge_taken, sweep_restored};
use pipeline::settings::Station;
use pipeline::{Stop, sweep};
use records::rules::Rules;
use tracing::{info, warn};

use crate::archive_door::Door;
use crate::config::Backup;

/// A thread of its own. Dropping it tells it to end and does not wait: it may be hashing a large original, and loses
/// nothing if the process ends first.
pub(crate) struct Upkeep {
    stop: Stop,
}

const BETWEEN_SWEEPS: Duration = Duration::from_secs(30);
/// Between two anchors of the audit in the log.
const BETWEEN_ANCHORS: Duration = Duration::from_secs(60 * 60);
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
        let (archive, rules, told) = (door.archive.clone(), door.config.rules.clone(), stop.clone());
        let body = move || sweep_nightly(&archive, &rules, &told);
        let thread = std::thread::Builder::new().name("sweep".into()).spawn(body);
        if let Err(error) = &thread {
            warn!(%error, "what is filed is not looked through at night: the system gives no thread");
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
    let mut next_anchor = Instant::now();
    while !stop.is_set() {
        if Instant::now() >= next_anchor {
            match archive.audit_head() {
                // Where logs are kept elsewhere, it shows there that the audit's end was cut off.
                Ok(anchor) => info!(%anchor, "the audit so far"),
                Err(fault) => warn!(error = %fault, "the audit's head cannot be read"),
            }
            next_anchor = Instant::now() + BETWEEN_ANCHORS;
        }
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

/// Once a day from the hour that the site says, for as long as it says.
fn sweep_nightly(archive: &Archive, rules: &Rules, stop: &Stop) {
    const BETWEEN_LOOKS: Duration = Duration::from_secs(60);
    let limit = Duration::from_secs(60 * u64::from(rules.identity.sweep_minutes));
    let mut last_night = None;
    while !stop.is_set() && !limit.is_zero() {
        let now = TimeZone::system().to_datetime(Timestamp::now());
        if is_time(now, rules.identity.sweep_hour, last_night) {
            let began = Instant::now();
            match sweep(archive, rules, || !stop.is_set() && began.elapsed() < limit) {
                Ok(swept) => {
                    last_night = Some(now.date());
                    info!(
                        documents = swept.documents,
                        doubts = swept.doubts,
                        "what is filed was looked through"
                    );
                }
                Err(fault) => warn!(error = %fault, "what is filed cannot be looked through; trying again"),
            }
        }
        stop.pause(BETWEEN_LOOKS);
    }
}

/// Within the hour, and not done on this day yet.
fn is_time(now: DateTime, hour: u8, last_night: Option<Date>) -> bool {
    u8::try_from(now.hour()) == Ok(hour) && last_night != Some(now.date())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filed_is_looked_through_once_a_night() {
        let at = |hour: i8| jiff::civil::date(2026, 11, 27).at(hour, 20, 0, 0);
        let today = at(2).date();
        assert!(is_time(at(2), 2, None));
        assert!(is_time(at(2), 2, Some(today.yesterday().unwrap())));
        assert!(!is_time(at(2), 2, Some(today)), "once a night");
        assert!(!is_time(at(3), 2, None) && !is_time(at(1), 2, None));
    }
}
