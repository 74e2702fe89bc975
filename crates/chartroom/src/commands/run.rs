//! Watch the stations until told to stop.

use std::time::Duration;

use anyhow::bail;
use clap::Args;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use tracing::{info, warn};

use super::{Outcome, PlaceArguments};
use crate::archive_door::Door;
use crate::upkeep::Upkeep;

#[derive(Args)]
pub(crate) struct RunArguments {
    /// Which parts to run (all of them, for now)
    #[arg(long, value_delimiter = ',', default_value = "intake,read,follow")]
    role: Vec<String>,
    /// First take over the claims of another archive that no longer runs (`chartroom status` names it)
    #[arg(long, value_name = "EPOCH")]
    adopt: Option<String>,
}

pub(crate) fn run(place: &PlaceArguments, arguments: &RunArguments) -> anyhow::Result<Outcome> {
    for role in &arguments.role {
        if !["intake", "read", "follow", "desk"].contains(&role.as_str()) {
            bail!("there is no role {role:?}; choose from intake, read, follow, desk");
        }
    }
    let door = Door::open(place)?;
    let intake = arguments.role.iter().any(|role| role == "intake");
    let stations = if intake { door.config.stations.clone() } else { Vec::new() };
    for station in &stations {
        std::fs::create_dir_all(&station.folder).map_err(|error| {
            anyhow::anyhow!("station {:?}: its folder cannot be made: {error}", station.name)
        })?;
    }
    if stations.is_empty() {
        warn!("no station is configured; add [[station]] blocks to watch folders");
    }
    if let Some(other) = &arguments.adopt {
        let claims = pipeline::intake::adopt(&stations, &door.archive.epoch().to_string(), other)?;
        if claims == 0 {
            bail!(
                "there are no claims of {other:?} in any station; `chartroom status` names those there are"
            );
        }
        info!(claims, "adopted; they are received like our own");
    }
    // Signals are ours before anything starts, so that none is lost.
    let mut signals = Signals::new([SIGTERM, SIGINT])?;
    let Some(mut line) = door.become_line(stations.clone())? else {
        bail!("another Chartroom runs on this archive; stop it first, or use another --data directory");
    };
    info!(stations = door.config.stations.len(), "running; Ctrl-C stops in good order");
    let _upkeep = Upkeep::start(&door, stations);
    let mut patients = PatientFolder::of(&door);
    while signals.pending().next().is_none() {
        patients.sweep(&door);
        std::thread::sleep(Duration::from_millis(200));
    }
    info!("stopping");
    line.stop();
    Ok(Outcome::Done)
}

/// The watched `patients/` folder: lists that have stood still are loaded and put aside.
struct PatientFolder {
    sweeper: Option<exchange::folder::Folder>,
}

impl PatientFolder {
    fn of(door: &Door) -> Self {
        Self { sweeper: door.config.patients.folder.clone().map(exchange::folder::Folder::at) }
    }

    fn sweep(&mut self, door: &Door) {
        let Some(folder) = &mut self.sweeper else { return };
        folder.sweep(&door.archive, door.config.only_authority().as_ref(), door.config.patients.full);
    }
}
