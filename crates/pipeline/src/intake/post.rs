//! What happens at one sweep of one station? The order of the steps is here and nowhere else.

use std::time::{Duration, Instant};

use archive::Archive;
use jiff::Timestamp;
use records::batch::Grouping;
use tracing::{error, warn};

use super::foreign::{self, Held};
use super::in_place::{self, Known};
use super::look::{look_at_station, look_below_station};
use super::settle::Settling;
use super::sight::StationSight;
use super::taken::Aftercare;
use super::{claim, job, receive, watch};
use crate::error::LineError;
use crate::settings::{Intake as Settings, Station};
use crate::stop::Stop;

/// A station, and what the sweeps know of it.
pub(crate) struct Post {
    pub(crate) station: Station,
    pub(crate) watch: watch::Post,
    pub(crate) sight: StationSight,
    settling: Settling,
    lock: Option<Held>,
    aftercare: Aftercare,
    known: Known,
    /// Not before this after a fault.
    again: Option<Instant>,
}

impl Post {
    pub(crate) fn at(station: Station) -> Self {
        Self {
            sight: StationSight { name: station.name.clone(), ..StationSight::default() },
            station,
            watch: watch::Post::default(),
            settling: Settling::default(),
            lock: None,
            aftercare: Aftercare::default(),
            known: Known::default(),
            again: None,
        }
    }

    /// Whether something waits, so that the next look should come soon.
    pub(crate) fn waits(&self) -> bool {
        self.sight.waiting > 0 || self.again.is_some()
    }

    /// One look. A fault is told once, and tried again after a delay that grows to half a minute.
    pub(crate) fn sweep(&mut self, archive: &Archive, settings: &Settings, now: Instant, stop: &Stop) {
        if self.again.is_some_and(|at| now < at) {
            return;
        }
        match self.take(archive, settings, now, stop) {
            Ok(()) => {
                if self.sight.fault.take().is_some() {
                    warn!(station = %self.station.name, "files are taken again");
                }
                (self.again, self.sight.retry_at, self.sight.failures) = (None, None, 0);
            }
            Err(fault) => {
                let words = fault.to_string();
                if self.sight.fault.as_ref() != Some(&words) {
                    error!(station = %self.station.name, error = %words, "cannot take from the station");
                }
                let delay =
                    settings.sweep().min(Duration::from_secs(1)) * 2_u32.pow(self.sight.failures.min(10));
                let delay = delay.min(Duration::from_secs(30));
                self.again = Some(now + delay);
                self.sight.retry_at = Timestamp::now().checked_add(delay).ok();
                self.sight.failures += 1;
                self.sight.fault = Some(words);
            }
        }
    }

    /// Finishes own claims, looks, claims what has settled, receives it. What fails keeps nothing else waiting; the
    /// first fault is told.
    fn take(
        &mut self,
        archive: &Archive,
        settings: &Settings,
        now: Instant,
        stop: &Stop,
    ) -> Result<(), LineError> {
        let own = archive.epoch().to_string();
        let home = claim::home(&self.station.folder, &own);
        self.sight.abandoned = foreign::abandoned(&self.station.folder, &own, settings.adopt_after());
        self.hold(&home)?;
        let mut swept = self.aftercare.look(archive, &home, &mut self.settling, now);
        for claim in claim::left_behind(&home).map_err(|e| LineError::io("list claims", e))? {
            if stop.is_set() {
                return swept;
            }
            swept = swept.and(self.receive(archive, settings, &claim, now));
        }
        let seen = match self.station.group {
            Grouping::Folder => look_at_station(&self.station.folder),
            Grouping::File | Grouping::Manifest => look_below_station(&self.station.folder),
        };
        let seen = seen.map_err(|e| LineError::io("list the station folder", e))?;
        self.sight.refused = seen.refused.len();
        let jobs = job::complete(&self.station, &seen, &mut self.settling, settings, now)
            .map_err(|e| LineError::io("list a job folder", e))?;
        for job in jobs {
            if stop.is_set() {
                return swept;
            }
            let nonce = archive.draw_arrival().to_string();
            match claim::claim(&home, &nonce, &job, &mut self.settling) {
                Ok(Some(claim)) => swept = swept.and(self.receive(archive, settings, &claim, now)),
                Ok(None) => {}
                Err(error) if in_place::read_only(&error) => {
                    let taken = in_place::take(archive, &self.station, settings, &job, &mut self.known);
                    swept = swept.and(taken);
                }
                Err(error) => swept = swept.and(Err(LineError::io("claim a scan", error))),
            }
        }
        let there = |path: &std::path::Path| path.symlink_metadata().is_ok();
        self.settling.keep(there);
        self.known.keep(there);
        self.sight.waiting = self.settling.waiting().saturating_sub(self.known.count());
        swept.and(self.hold(&home))
    }

    fn receive(
        &mut self,
        archive: &Archive,
        settings: &Settings,
        claim: &claim::Claim,
        now: Instant,
    ) -> Result<(), LineError> {
        let (moved, all) = receive::receive(archive, &self.station, claim, &mut self.settling, settings, now);
        if !moved.is_empty() {
            self.sight.failures = 0; // the station works, whatever is wrong with one of its files
        }
        self.aftercare.add(moved);
        all
    }

    /// The lock on our claims, as soon as there is a place for them. A file system without locks is no reason not to
    /// take scans.
    fn hold(&mut self, home: &std::path::Path) -> Result<(), LineError> {
        if !home.is_dir() || self.lock.as_ref().is_some_and(Held::holds) {
            return Ok(());
        }
        match Held::on(home) {
            Ok(Some(lock)) => self.lock = Some(lock),
            Ok(None) => {
                return Err(LineError::Foreign("somebody else is adopting our claims; wait for them"));
            }
            Err(error) if in_place::read_only(&error) => {}
            Err(error) => warn!(station = %self.station.name, %error, "its claims cannot be locked"),
        }
        Ok(())
    }
}
