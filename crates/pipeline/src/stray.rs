//! Was anything received that never became part of a job?
//!
//! Between the ledger row of a file and the closing of its job lies a moment. A crash there is finished from the claim
//! when the line starts again; but if the station's folder is lost for good, the claim is gone with it and the file is
//! in the vault only, in no batch, seen by nobody. What has waited a day is made a batch and held: a person sees it.

use std::collections::BTreeMap;
use std::time::Duration;

use archive::{Archive, UnbatchedArrival};
use jiff::{SignedDuration, Timestamp};
use records::batch::{Grouping, NewBatch};
use records::exception::Reason;
use tracing::warn;

use crate::error::LineError;
use crate::settings::Station;
use crate::stop::Stop;

/// A share may be off-line over night; its claims go on when it is back.
const PATIENCE: SignedDuration = SignedDuration::from_hours(24);

/// Looks when the line starts and every hour.
pub(crate) fn watch(archive: &Archive, stations: &[Station], stop: &Stop) {
    const PAUSE: Duration = Duration::from_secs(60 * 60);
    while !stop.is_set() {
        if let Err(fault) = gather(archive, stations, Timestamp::now()) {
            warn!(error = %fault, "what is in no batch could not be looked for; trying later");
        }
        stop.pause(PAUSE);
    }
}

/// Closes what has waited too long, job by job, held as a job with a gap. Answers how many files it was.
fn gather(archive: &Archive, stations: &[Station], now: Timestamp) -> Result<usize, LineError> {
    let mut jobs: BTreeMap<String, Vec<UnbatchedArrival>> = BTreeMap::new();
    for stray in archive.arrivals_unbatched()? {
        if now.duration_since(stray.arrival.at) > PATIENCE {
            let job = stray.job.clone().unwrap_or_else(|| stray.arrival.id.to_string());
            jobs.entry(job).or_default().push(stray);
        }
    }
    let mut files = 0;
    for mut job in jobs.into_values() {
        job.sort_by(|a, b| crate::intake::natural_order(&a.arrival.name, &b.arrival.name));
        files += job.len();
        let name = &job[0].arrival.station;
        let known = stations.iter().find(|station| station.name == *name).cloned();
        let station = known.unwrap_or_else(|| Station::named(name));
        let arrivals = job.iter().map(|stray| stray.arrival.id).collect();
        let closed = archive.close_batch(&NewBatch {
            grouping: if job.len() == 1 { Grouping::File } else { Grouping::Folder },
            ..station.job(arrivals, vec![Reason::PageGap])
        })?;
        warn!(batch = %closed.batch(), files = job.len(), "received long ago and in no batch: held for a person");
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use records::batch::Arrival;

    use super::*;

    fn archive() -> (tempfile::TempDir, Archive) {
        let folder = tempfile::tempdir().unwrap();
        let archive = Archive::open(folder.path(), &archive::Settings::default()).unwrap();
        (folder, archive)
    }

    fn receive(archive: &Archive, name: &str, bytes: &[u8], job: &str) {
        let (digest, size) = archive.vault().put(&mut &bytes[..]).unwrap();
        let id = archive.draw_arrival();
        let at = Timestamp::now();
        let arrival = Arrival { id, station: "gone".into(), name: name.into(), digest, size, at };
        archive.receive_part(&arrival, job).unwrap();
    }

    #[test]
    fn files_whose_folder_was_lost_before_their_job_was_closed_are_held_for_a_person() {
        let (_folder, archive) = archive();
        receive(&archive, "p2.tif", b"two", "job");
        receive(&archive, "p1.tif", b"one", "job");
        let later = Timestamp::now() + SignedDuration::from_hours(25);
        assert_eq!(gather(&archive, &[], later).unwrap(), 2);
        let batch = archive.batch(&archive.lease_next().unwrap().unwrap().batch()).unwrap();
        assert_eq!(batch.held, [Reason::PageGap]);
        let names: Vec<&str> = batch.originals.iter().map(|original| original.name.as_str()).collect();
        assert_eq!(names, ["p1.tif", "p2.tif"]);
        assert_eq!(gather(&archive, &[], later).unwrap(), 0);
    }

    #[test]
    fn what_came_lately_may_still_be_on_its_way() {
        let (_folder, archive) = archive();
        receive(&archive, "p1.tif", b"one", "job");
        assert_eq!(gather(&archive, &[], Timestamp::now() + SignedDuration::from_hours(1)).unwrap(), 0);
    }
}
