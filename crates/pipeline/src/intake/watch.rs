//! How does the line learn early that something came? Events are hints only: they say "look", never more.

use std::path::PathBuf;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, bounded};
use notify::{RecursiveMode, Watcher as _};
use tracing::warn;

use crate::settings::{Station, Watch};

/// Wakes the intake before its next sweep. Everything works without it, only later.
pub(crate) struct Hints {
    /// Holds one hint at most: "look" said twice is still "look".
    bell: Receiver<()>,
    _watcher: Option<notify::RecommendedWatcher>,
}

impl Hints {
    /// Watches the folders of all stations that want events. A folder that cannot be watched is swept only.
    pub(crate) fn over(stations: &[Station]) -> Self {
        let (ring, bell) = bounded(1);
        // The handler must return at once: while it works, the system's queue overflows.
        let watcher = notify::recommended_watcher(move |_: notify::Result<notify::Event>| {
            let _ = ring.try_send(());
        });
        let mut watcher = match watcher {
            Ok(watcher) => watcher,
            Err(error) => {
                warn!(%error, "no file events; sweeping only");
                return Self { bell, _watcher: None };
            }
        };
        for station in stations.iter().filter(|station| station.watch != Watch::Poll) {
            let folder: &PathBuf = &station.folder;
            if watcher.watch(folder, RecursiveMode::Recursive).is_err() {
                warn!(station = %station.name, "the folder gives no file events; sweeping only");
            }
        }
        Self { bell, _watcher: Some(watcher) }
    }

    /// Waits for a hint, at most `longest`.
    pub(crate) fn wait(&self, longest: Duration) {
        if let Err(RecvTimeoutError::Disconnected) = self.bell.recv_timeout(longest) {
            std::thread::sleep(longest);
        }
    }
}
