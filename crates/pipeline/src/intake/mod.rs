//! What did the stations drop, and is it ours yet?
//!
//! One thread sweeps all station folders: finish own claims, look, claim what has settled, receive it. A hint
//! from the system only makes the next sweep come sooner.

mod claim;
mod job;
mod look;
mod manifest;
mod names;
mod receive;
mod settle;
mod watch;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use archive::Archive;
use tracing::{error, warn};

pub(crate) use names::natural_order;
pub use receive::{Received, take_in};

use crate::error::LineError;
use crate::settings::{Intake as Settings, Station};
use crate::stop::Stop;
use settle::Settling;
use watch::Hints;

/// What `status` tells of a station folder.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Files and folders that are there and not yet taken.
    pub waiting: usize,
    pub ignored: Vec<String>,
    /// Names that cannot be taken, and why.
    pub refused: Vec<(String, &'static str)>,
    /// The folder cannot be read: what the system says.
    pub fault: Option<String>,
}

/// Looks at a station folder without touching it: what a `status` beside a living line can say.
pub fn glance(station: &Station) -> Seen {
    match look::look(&station.folder) {
        Ok(look) => Seen {
            // What is claimed is on its way, and still not received.
            waiting: look.files.len() + look.folders.len() + claim::count(&station.folder),
            ignored: look.ignored,
            refused: look.refused,
            fault: None,
        },
        Err(error) => Seen { fault: Some(error.to_string()), ..Seen::default() },
    }
}

/// Every file below a folder that is no junk, in natural order: what `import` of a folder takes.
pub fn scans_below(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let seen = look::look(folder)?;
    let mut found: Vec<PathBuf> = seen.files.into_iter().map(|file| file.path).collect();
    for inner in seen.folders {
        found.extend(scans_below(&inner)?);
    }
    Ok(found)
}

/// The intake of all stations, run by one thread.
pub(crate) struct Intake {
    archive: Archive,
    settings: Settings,
    stations: Vec<(Station, Settling)>,
    hints: Hints,
    /// Stations whose folder could not be read at the last sweep: said once, not at every sweep.
    off_line: BTreeMap<String, String>,
}

impl Intake {
    pub(crate) fn over(archive: Archive, stations: Vec<Station>, settings: Settings) -> Self {
        let hints = Hints::over(&stations);
        let stations = stations.into_iter().map(|station| (station, Settling::default())).collect();
        Self { archive, settings, stations, hints, off_line: BTreeMap::new() }
    }

    /// Sweeps until told to stop.
    pub(crate) fn run(mut self, stop: &Stop) {
        while !stop.is_set() {
            self.sweep(Instant::now());
            // Between hints wake up often enough that files settle soon after they stand still.
            let waiting = self.stations.iter().any(|(_, settling)| settling.waiting() > 0);
            let pause = if waiting { self.settings.settle() / 2 } else { self.settings.sweep() };
            self.hints.wait(pause.clamp(Duration::from_millis(100), Duration::from_secs(30)));
        }
    }

    /// One look at every station. A station that fails does not stop the others.
    pub(crate) fn sweep(&mut self, now: Instant) {
        for (station, settling) in &mut self.stations {
            match sweep_station(&self.archive, station, settling, &self.settings, now) {
                Ok(()) => {
                    if self.off_line.remove(&station.name).is_some() {
                        warn!(station = %station.name, "the folder is back");
                    }
                }
                Err(fault) => {
                    let words = fault.to_string();
                    if self.off_line.insert(station.name.clone(), words.clone()).as_ref() != Some(&words) {
                        error!(station = %station.name, error = %words, "cannot take from the station");
                    }
                }
            }
        }
    }
}

/// One sweep of a station. What fails is tried again with the next sweep and keeps nothing else waiting; the first
/// fault is told.
fn sweep_station(
    archive: &Archive,
    station: &Station,
    settling: &mut Settling,
    settings: &Settings,
    now: Instant,
) -> Result<(), LineError> {
    let mut swept = Ok(());
    let home = claim::home(&station.folder, &archive.epoch().to_string());
    for claim in claim::left_behind(&home).map_err(|e| LineError::io("list claims", e))? {
        swept = swept.and(receive::receive(archive, station, &claim).map(drop));
    }
    let seen = look::look(&station.folder).map_err(|e| LineError::io("list the station folder", e))?;
    let jobs = job::complete(station, &seen, settling, settings, now)
        .map_err(|e| LineError::io("list a job folder", e))?;
    for job in jobs {
        let nonce = archive.draw_arrival().to_string();
        if let Some(claim) =
            claim::claim(&home, &nonce, &job).map_err(|e| LineError::io("claim a scan", e))?
        {
            swept = swept.and(receive::receive(archive, station, &claim).map(drop));
        }
    }
    settling.keep(Path::exists);
    swept
}
