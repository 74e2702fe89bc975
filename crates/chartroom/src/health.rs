//! What do supervisors and Prometheus see of a running line? Counts, ages and station names; no patient data.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use pipeline::Progress;
use pipeline::intake::{Board, Watched};
use web::{Answers, Health};

use crate::archive_door::Door;
use crate::standing::Standing;

/// Answers for the line of this process.
pub(crate) struct LineAnswers {
    pub(crate) door: Arc<Door>,
    pub(crate) progress: Progress,
    pub(crate) sights: Board,
    /// Whether every part of the line is at work.
    pub(crate) alive: Arc<AtomicBool>,
}

impl Answers for LineAnswers {
    fn health(&self) -> Health {
        /// Changes of the catalogue that the index may be behind while a burst is filed.
        const BEHIND: u64 = 20_000;
        let mut reasons = Vec::new();
        if !self.alive.load(Ordering::Relaxed) {
            reasons.push("a part of the line has ended; restart it".into());
        }
        if self.progress.index_damaged() {
            reasons.push("the search index is being built anew".into());
        }
        match self.door.archive.position() {
            Ok(head) if head.saturating_sub(self.progress.indexed()) > BEHIND => {
                reasons.push("the search index is far behind".into());
            }
            Ok(_) => {}
            Err(error) => reasons.push(format!("the catalogue does not answer: {error}")),
        }
        Health::of(reasons)
    }

    fn metrics(&self) -> String {
        let mut text = Metrics::default();
        text.one("chartroom_up", "gauge", "Whether every part of the line is at work", {
            u64::from(self.alive.load(Ordering::Relaxed))
        });
        text.one("chartroom_pages_read_total", "counter", "Pages read since the line started", {
            self.progress.pages()
        });
        match Standing::now(&self.door) {
            Ok(standing) => text.standing(&standing, Timestamp::now()),
            Err(_) => text.one("chartroom_catalogue_up", "gauge", "Whether the catalogue answers", 0),
        }
        text.many("chartroom_station_events", "1: the station is watched by events, 0: polled only");
        for sight in self.sights.read() {
            text.labelled(
                "chartroom_station_events",
                "station",
                &sight.name,
                (sight.watched == Watched::Events).into(),
            );
        }
        text.many("chartroom_station_failures", "Sweeps of a station that failed, one after another");
        for sight in self.sights.read() {
            text.labelled("chartroom_station_failures", "station", &sight.name, sight.failures.into());
        }
        text.0
    }
}

/// Prometheus's text format, as it grows.
#[derive(Default)]
struct Metrics(String);

impl Metrics {
    fn standing(&mut self, standing: &Standing, now: Timestamp) {
        let status = &standing.status;
        self.one("chartroom_catalogue_up", "gauge", "Whether the catalogue answers", 1);
        for (name, what, value) in [
            ("chartroom_batches", "Batches ever received", Some(status.batches)),
            ("chartroom_batches_waiting", "Batches not yet filed", Some(status.waiting)),
            ("chartroom_oldest_waiting_seconds", "Age of the oldest of them", status.oldest_waiting_s),
            ("chartroom_worklist", "Exceptions and doubts that wait for a person", Some(status.worklist)),
            ("chartroom_batches_failed", "Batches given up", Some(status.failed)),
            (
                "chartroom_batches_failing",
                "Batches that keep failing and are tried again",
                Some(status.failing),
            ),
            ("chartroom_originals_damaged", "Originals found damaged", Some(status.damaged)),
            (
                "chartroom_index_behind",
                "Changes the search index has not followed",
                Some(standing.index_behind),
            ),
            ("chartroom_free_bytes", "Space under the data directory", standing.free_mb.map(|mb| mb << 20)),
            ("chartroom_backup_age_seconds", "Age of the last verified backup", {
                status.last_verified_backup.map(|at| age(at, now))
            }),
        ] {
            if let Some(value) = value {
                self.one(name, "gauge", what, value);
            }
        }
        self.many("chartroom_station_backlog", "Jobs in a station's folder and on the line");
        for (station, seen) in &standing.stations {
            let row = status.stations.iter().find(|row| row.name == station.name);
            let backlog = row.map_or(0, |row| row.backlog) + seen.waiting as u64;
            self.labelled("chartroom_station_backlog", "station", &station.name, backlog);
        }
        self.many("chartroom_station_last_file_age_seconds", "Since a station's last file came");
        for row in &status.stations {
            if let Some(last) = row.last_file {
                let name = "chartroom_station_last_file_age_seconds";
                self.labelled(name, "station", &row.name, age(last, now));
            }
        }
        self.many("chartroom_alarms", "Alarms that last, by kind");
        let mut kinds: Vec<&str> = standing.alarms.iter().map(|alarm| alarm.kind).collect();
        kinds.sort_unstable();
        for same in kinds.chunk_by(|a, b| a == b) {
            self.labelled("chartroom_alarms", "kind", same[0], same.len() as u64);
        }
    }

    fn one(&mut self, name: &str, kind: &str, what: &str, value: u64) {
        let _ = writeln!(self.0, "# HELP {name} {what}\n# TYPE {name} {kind}\n{name} {value}");
    }

    fn many(&mut self, name: &str, what: &str) {
        let _ = writeln!(self.0, "# HELP {name} {what}\n# TYPE {name} gauge");
    }

    fn labelled(&mut self, name: &str, label: &str, of: &str, value: u64) {
        let of = of.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        let _ = writeln!(self.0, "{name}{{{label}=\"{of}\"}} {value}");
    }
}

fn age(at: Timestamp, now: Timestamp) -> u64 {
    u64::try_from(now.duration_since(at).as_secs()).unwrap_or(0)
}
