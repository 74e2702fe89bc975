//! Watch the stations until told to stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::bail;
use clap::Args;
use pipeline::{Line, Stop};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use tracing::{error, info, warn};
use web::Server;

use super::{Outcome, PlaceArguments};
use crate::alarms;
use crate::archive_door::Door;
use crate::health::LineAnswers;
use crate::show;
use crate::upkeep::Upkeep;

#[derive(Args)]
pub(crate) struct RunArguments {
    /// Which parts to run (all of them, for now)
    #[arg(long, value_delimiter = ',', default_value = "intake,read,follow,desk")]
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
    say_only_where_it_fell();
    let door = Arc::new(Door::open(place)?);
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
    let (watching, alive) = (Stop::default(), Arc::new(AtomicBool::new(true)));
    let watchman = {
        let (door, stop) = (door.clone(), watching.clone());
        std::thread::Builder::new().name("alarms".into()).spawn(move || alarms::watch(&door, &stop))?
    };
    let desk = arguments.role.iter().any(|role| role == "desk");
    let server = desk.then(|| serve(&door, &line, &alive)).flatten();
    let mut patients = PatientFolder::of(&door);
    while signals.pending().next().is_none() {
        patients.sweep(&door);
        alive.store(line.is_alive(), Ordering::Relaxed);
        std::thread::sleep(Duration::from_millis(200));
    }
    info!("stopping; a second signal ends at once");
    let second = signals.handle();
    std::thread::spawn(move || {
        if signals.forever().next().is_some() {
            std::process::exit(1);
        }
    });
    watching.set();
    drop(server);
    if line.stop_within(STOP_WITHIN) {
        let _ = watchman.join();
    }
    second.close();
    Ok(Outcome::Done)
}

/// What a panic says may quote a page; a log must not. Where it fell is enough to find it.
fn say_only_where_it_fell() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        error!(place, thread = std::thread::current().name(), "a part of the line fell");
    }));
}

/// A port that another program has costs the desk, never the line.
fn serve(door: &Arc<Door>, line: &Line, alive: &Arc<AtomicBool>) -> Option<Server> {
    let started = desk(door, line, alive).and_then(|parts| Ok(Server::start(parts)?));
    let told = started.and_then(|server| {
        let url = door.config.web.url(server.address());
        info!(%url, "the desk is open");
        if let Some(link) = web::first_link(&door.archive)? {
            // For a terminal only: a log is kept, and whoever has the link becomes the administrator.
            show::line(format!("Nobody has an account yet. Make the first within an hour: {url}{link}"));
        }
        Ok(server)
    });
    told.inspect_err(|error| error!(error = %format!("{error:#}"), "there is no desk; the line runs on")).ok()
}

fn desk(door: &Arc<Door>, line: &Line, alive: &Arc<AtomicBool>) -> anyhow::Result<web::Parts> {
    let answers = LineAnswers {
        door: door.clone(),
        progress: line.progress().clone(),
        sights: line.stations(),
        alive: alive.clone(),
    };
    Ok(web::Parts {
        settings: door.config.web.clone(),
        archive: door.archive.clone(),
        rules: door.config.rules.clone(),
        vocabulary: door.config.vocabulary.clone(),
        codes: door.config.codes.descriptions()?,
        index_folder: door.index_folder(),
        readers: line.readers(),
        sheet_keys: door.sheet_keys()?,
        site: door.config.site.clone(),
        answers: Box::new(answers),
    })
}

/// The system kills us some seconds later; whatever is still at work then loses nothing.
const STOP_WITHIN: Duration = Duration::from_secs(8);

/// The watched `patients/` folder: lists that have stood still are loaded and put aside.
struct PatientFolder {
    sweeper: Option<exchange::folder::Folder>,
}

impl PatientFolder {
    fn of(door: &Door) -> Self {
        Self { sweeper: door.config.patients.folder.clone().map(exchange::folder::Folder::at) }
    }

    fn sweep(&mut self, door: &Door) {
        if let Err(error) = door.archive.finish_imports() {
            warn!(%error, "an import of the patient index was cut short; trying again to finish it");
        }
        let Some(folder) = &mut self.sweeper else { return };
        folder.sweep(&door.archive, door.config.only_authority().as_ref(), door.config.patients.full);
    }
}
