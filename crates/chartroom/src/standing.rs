//! How does it stand, and what must somebody be told? The one place where alarms are made: `status`, the metrics, the
//! health page and the alarm command all say the same. No text here carries patient data, and a station's file name
//! counts as that.

use archive::Status;
use jiff::{SignedDuration, Timestamp};
use pipeline::intake::{Seen, abandoned_claims, free_mb, glance};
use pipeline::settings::Station;
use serde::Serialize;

use crate::archive_door::Door;
use crate::commands::{left_out, named};

/// Everything worth knowing at one moment.
pub(crate) struct Standing {
    pub(crate) status: Status,
    /// What lies in each configured station's folder.
    pub(crate) stations: Vec<(Station, Seen)>,
    pub(crate) index_behind: u64,
    /// Under the data directory; absent where it cannot be told.
    pub(crate) free_mb: Option<u64>,
    pub(crate) alarms: Vec<Alarm>,
}

/// Something somebody must see to. Kind and subject say which it is; the text may change while it lasts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Alarm {
    pub(crate) kind: &'static str,
    /// The station's name, where it is about one.
    pub(crate) station: Option<String>,
    pub(crate) text: String,
}

impl Standing {
    pub(crate) fn now(door: &Door) -> anyhow::Result<Self> {
        // The folders first: what leaves them meanwhile is seen on the line, and never nowhere.
        let stations = door.config.stations.iter().map(|s| (s.clone(), glance(s))).collect();
        let status = door.archive.status()?;
        let indexed = crate::commands::index_position(door);
        let index_behind = door.archive.position()?.saturating_sub(indexed);
        let free_mb = free_mb(door.archive.dir());
        let mut standing = Self { status, stations, index_behind, free_mb, alarms: Vec::new() };
        standing.alarms = standing.judged(door, Timestamp::now());
        standing.alarms.extend(gaps(door, indexed)?);
        standing.alarms.extend(after_restore(door)?);
        standing.alarms.extend(abandoned(door));
        Ok(standing)
    }

    fn judged(&self, door: &Door, now: Timestamp) -> Vec<Alarm> {
        let mut alarms: Vec<Alarm> =
            self.status.alarms.iter().map(|text| alarm("archive", text.clone())).collect();
        alarms.extend(self.work());
        alarms.extend(self.space(door.config.intake.low_water_mb));
        alarms.extend(self.backup(door.config.alarms.backup_hours, now));
        alarms.extend(self.patients(door.config.rules.identity.stale_after_hours, now));
        for (station, seen) in &self.stations {
            alarms.extend(self.station(station, seen, now));
        }
        alarms
    }

    fn work(&self) -> Vec<Alarm> {
        let (failed, trying) = (self.status.failed, self.status.failing);
        let mut alarms = Vec::new();
        if failed > 0 {
            let text = format!(
                "{failed} batches failed; the worklist says why, mend the cause, then `chartroom retry`"
            );
            alarms.push(alarm("failed", text));
        }
        if trying > 0 {
            let text = format!("{trying} batches have failed three times or more and are tried again");
            alarms.push(alarm("retrying", text));
        }
        if self.status.damaged > 0 {
            let text = format!(
                "{} originals are damaged; `chartroom verify` names their batches, mend them from a backup",
                self.status.damaged
            );
            alarms.push(alarm("damage", text));
        }
        if let Some((before, last)) = self.status.held_share
            && rising(before, last)
        {
            let text = format!(
                "of the last {} documents {last}% were held for a person, of those before {before}%; see what \
                 has changed at the stations or in the patient index",
                Status::HELD_OVER
            );
            alarms.push(alarm("held", text));
        }
        alarms
    }

    fn space(&self, mark: u64) -> Option<Alarm> {
        let free = self.free_mb?;
        let text = match free {
            free if free < mark => format!(
                "only {free} MB free under the data directory: no station is swept until there is more, scans \
                 wait in their folders; free some space"
            ),
            free if free < mark + mark.div_ceil(4) => {
                format!("only {free} MB free under the data directory; below {mark} no station is swept")
            }
            _ => return None,
        };
        Some(alarm("space", text))
    }

    /// Never backed up counts from the first batch.
    fn backup(&self, hours: u32, now: Timestamp) -> Option<Alarm> {
        let (last, what) = match self.status.last_verified_backup {
            Some(at) => (at, "the last verified backup is"),
            None => (self.status.first_batch?, "there is no verified backup, and the first batch is"),
        };
        let age = older_than(last, hours, now)?;
        Some(alarm("backup", format!("{what} {age} hours old; make one with `chartroom backup DIR`")))
    }

    fn patients(&self, hours: u32, now: Timestamp) -> Option<Alarm> {
        let age = older_than(self.status.patients_last_contact?, hours, now)?;
        let text =
            format!("the patient index is {age} hours old; nothing is filed by it until a new one comes");
        Some(alarm("patients", text))
    }

    fn station(&self, station: &Station, seen: &Seen, now: Timestamp) -> Vec<Alarm> {
        let name = &station.name;
        let mut alarms = Vec::new();
        if let Some(fault) = &seen.fault {
            alarms.push(alarm("folder", format!("station {name}: its folder cannot be read: {fault}")));
        }
        if let Some((_, why)) = seen.refused.first() {
            let count = seen.refused.len();
            alarms.push(alarm("refused", format!("station {name}: {count} names cannot be taken: {why}")));
        }
        let known = self.status.stations.iter().find(|row| row.name == *name);
        if let Some(last) = known.and_then(|row| row.last_file)
            && let Some(age) = older_than(last, station.silent_hours, now)
        {
            let text = format!("station {name}: nothing has come for {age} hours; see to the scanner");
            alarms.push(alarm("silent", text));
        }
        for alarm in &mut alarms {
            alarm.station = Some(name.clone());
        }
        alarms
    }
}

/// Batches whose page ledger does not add up, and what was filed and cannot be found.
fn gaps(door: &Door, indexed: u64) -> anyhow::Result<Vec<Alarm>> {
    /// Seconds a filed page may wait for the index: a rebuild, a burst.
    const FINDABLE_AFTER: i64 = 10 * 60;
    let mut alarms: Vec<Alarm> = door
        .archive
        .ledger_gaps()?
        .iter()
        .map(|ledger| {
            let text = format!(
                "batch {}: {} pages are unaccounted for; stop scanning, run `chartroom verify`",
                ledger.batch,
                ledger.gap()
            );
            alarm("gap", text)
        })
        .collect();
    let late = door.archive.filed_but_not_findable(indexed, FINDABLE_AFTER)?;
    if late > 0 {
        let text = format!(
            "{late} batches were filed more than ten minutes ago and cannot be found by search; is the line \
             running?"
        );
        alarms.push(alarm("unsearchable", text));
    }
    let left_out = left_out(door);
    if !left_out.is_empty() {
        let text = format!(
            "{} pages are left out of search because the index cannot take them: {}; whoever looks after the \
             program must know",
            left_out.len(),
            named(&left_out)
        );
        alarms.push(alarm("left-out", text));
    }
    Ok(alarms)
}

fn after_restore(door: &Door) -> anyhow::Result<Option<Alarm>> {
    let shadow = door.archive.after_restore()?.filter(|after| after.shadow);
    Ok(shadow.map(|after| {
        let text = format!(
            "restored from a backup of {}: nothing files itself until a supervisor has looked and runs \
             `chartroom restore --end-shadow --as NAME`",
            after.lost_from.strftime("%Y-%m-%d %H:%M")
        );
        alarm("restored", text)
    }))
}

/// Claims that no living Chartroom will ever receive.
fn abandoned(door: &Door) -> Vec<Alarm> {
    let mut alarms = Vec::new();
    for station in &door.config.stations {
        for epoch in abandoned_claims(station, &door.archive, &door.config.intake) {
            let name = &station.name;
            let text = format!(
                "station {name}: files claimed by another archive wait for nobody; take them over with \
                 `chartroom run --adopt {epoch}`"
            );
            alarms.push(Alarm { station: Some(name.clone()), ..alarm("abandoned", text) });
        }
    }
    alarms
}

fn alarm(kind: &'static str, text: String) -> Alarm {
    Alarm { kind, station: None, text }
}

/// The age in whole hours, if it is more than so many; 0 hours: never too old.
fn older_than(at: Timestamp, hours: u32, now: Timestamp) -> Option<i64> {
    let age = now.duration_since(at);
    (hours > 0 && age > SignedDuration::from_hours(hours.into())).then(|| age.as_hours())
}

/// A rise worth a look: by twenty points and by half.
fn rising(before: u64, last: u64) -> bool {
    last >= before + 20 && last * 2 >= before * 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rise_is_by_twenty_points_and_by_half() {
        assert!(rising(10, 30) && rising(0, 20));
        assert!(!rising(100, 100) && !rising(10, 29) && !rising(60, 85));
    }

    #[test]
    fn no_hours_are_never_too_many() {
        let (then, now) = (Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH + SignedDuration::from_hours(25));
        assert_eq!((older_than(then, 24, now), older_than(then, 25, now)), (Some(25), None));
        assert_eq!(older_than(then, 0, now), None);
    }
}
