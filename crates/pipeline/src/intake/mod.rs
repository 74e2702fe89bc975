//! What did the stations drop, and is it ours yet?
//!
//! One thread sweeps all station folders: finish own claims, look, claim what has settled, receive it. A hint
//! from the system only makes the next sweep come sooner.

mod arrange;
mod claim;
mod end_mark;
mod foreign;
mod in_place;
mod job;
mod kept;
mod look;
pub(crate) mod manifest;
mod names;
mod post;
mod receive;
mod restored;
mod room;
mod settle;
mod sidecar;
mod sight;
mod taken;
mod watch;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use archive::Archive;
use records::batch::Grouping;

pub use foreign::adopt;
pub use kept::{Purged, purge_taken};
pub(crate) use names::natural_order;
pub use receive::{Received, take_in};
pub use restored::{Swept, sweep_restored};
pub use room::free_mb;
pub use sight::{Board, StationSight, Watched};

use crate::settings::{Intake as Settings, Station};
use crate::stop::Stop;
use post::Post;
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
    let look = match station.group {
        Grouping::Folder => look::look_at_station(&station.folder),
        Grouping::File | Grouping::Manifest => look::look_below_station(&station.folder),
    };
    let named =
        |path: &Path| path.strip_prefix(&station.folder).unwrap_or(path).to_string_lossy().into_owned();
    match look {
        Ok(look) => Seen {
            // What is claimed is on its way, and still not received.
            waiting: look.files.iter().filter(|file| !job::is_marker(&file.path)).count()
                + look.folders.len()
                + claim::count(&station.folder),
            ignored: look.ignored.iter().map(|path| named(path)).collect(),
            refused: look.refused.iter().map(|(path, why)| (named(path), *why)).collect(),
            fault: None,
        },
        Err(error) => Seen { fault: Some(error.to_string()), ..Seen::default() },
    }
}

/// Other archives whose claims in this station nobody receives: an alarm, and what `run --adopt` takes over.
pub fn abandoned_claims(station: &Station, archive: &Archive, settings: &Settings) -> Vec<String> {
    foreign::abandoned(&station.folder, &archive.epoch().to_string(), settings.adopt_after())
}

/// Every file below a folder that is no junk, in natural order: what `import` of a folder takes.
pub fn scans_below(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let seen = look::look_for_import(folder)?;
    Ok(seen.files.into_iter().map(|file| file.path).collect())
}

/// The intake of all stations, run by one thread.
pub(crate) struct Intake {
    archive: Archive,
    settings: Settings,
    posts: Vec<Post>,
    hints: Hints,
    low_water: room::LowWater,
    board: Board,
    stop: Stop,
}

impl Intake {
    pub(crate) fn over(
        archive: Archive,
        stations: Vec<Station>,
        settings: Settings,
        board: Board,
        stop: Stop,
    ) -> Self {
        let posts = stations.into_iter().map(Post::at).collect();
        let low_water = room::LowWater::at(settings.low_water_mb);
        Self { archive, settings, posts, hints: Hints::new(), low_water, board, stop }
    }

    /// Sweeps until told to stop.
    pub(crate) fn run(mut self) {
        while !self.stop.is_set() {
            self.sweep(Instant::now());
            // Between hints wake up often enough that files settle soon after they stand still.
            let waiting = self.posts.iter().any(Post::waits);
            let pause = if waiting { self.settings.settle() / 2 } else { self.settings.sweep() };
            self.hints.wait(pause.clamp(Duration::from_millis(100), Duration::from_secs(30)));
        }
    }

    /// One look at every station. A station that fails does not stop the others.
    pub(crate) fn sweep(&mut self, now: Instant) {
        if self.low_water.is_reached(self.archive.dir()) {
            return;
        }
        for post in &mut self.posts {
            (post.sight.watched, post.sight.why) = self.hints.tend(&post.station, &mut post.watch, now);
            post.sweep(&self.archive, &self.settings, now, &self.stop);
        }
        self.board.show(self.posts.iter().map(|post| post.sight.clone()).collect());
    }
}
