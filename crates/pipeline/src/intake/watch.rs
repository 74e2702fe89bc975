//! How does the line learn early that something came? Events are hints only: they say "look", never more.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use crossbeam_channel::{Receiver, RecvTimeoutError, bounded};
use notify::event::{AccessKind, AccessMode, ModifyKind, RenameMode};
use notify::{EventKind, RecursiveMode, Watcher as _};

use super::sight::Watched;
use crate::settings::{Station, Watch};

/// Wakes the intake before its next sweep. Everything works without it, only later.
pub(crate) struct Hints {
    /// Holds one hint at most: "look" said twice is still "look".
    bell: Receiver<()>,
    watcher: Result<notify::RecommendedWatcher, String>,
    /// Counts what may have cost us a watch: a folder removed or moved, a queue that overflowed.
    upset: Arc<AtomicU64>,
}

/// One station's watch.
#[derive(Default)]
pub(crate) struct Post {
    on: Option<Identity>,
    upset: u64,
    refused: Option<(String, Instant)>,
}

/// A folder, told apart from another that came in its place (the number alone is soon used again).
type Identity = (u64, u64, Option<SystemTime>);

impl Hints {
    pub(crate) fn new() -> Self {
        let (ring, bell) = bounded(1);
        let upset = Arc::new(AtomicU64::new(0));
        let told = upset.clone();
        // The handler must return at once: while it works, the system's queue overflows.
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            let hint = hint(&event);
            if hint == Hint::LookAtFolders {
                told.fetch_add(1, Ordering::Relaxed);
            }
            if hint != Hint::Nothing {
                let _ = ring.try_send(());
            }
        });
        Self { bell, watcher: watcher.map_err(|error| reason(&error)), upset }
    }

    /// Sees to it that the station is watched as well as can be; answers how, and why no better.
    pub(crate) fn tend(
        &mut self,
        station: &Station,
        post: &mut Post,
        now: Instant,
    ) -> (Watched, Option<String>) {
        const TRY_AGAIN: Duration = Duration::from_secs(60);
        let poll = |why: &str| (Watched::Poll, Some(why.to_owned()));
        if station.watch == Watch::Poll {
            return poll("the configuration says so");
        }
        if station.watch == Watch::Auto && sends_no_events(&station.folder) {
            return poll("its file system sends no events of what others write");
        }
        let watcher = match &mut self.watcher {
            Ok(watcher) => watcher,
            Err(why) => return poll(why),
        };
        let upset = self.upset.load(Ordering::Relaxed);
        let there = identity(&station.folder);
        if post.on.is_some() && (post.on != there || post.upset != upset) {
            let _ = watcher.unwatch(&station.folder);
            post.on = None;
        }
        post.upset = upset;
        let Some(there) = there else { return poll("the folder is not there") };
        if post.on.is_some() {
            return (Watched::Events, None);
        }
        if let Some((why, at)) = &post.refused
            && now.saturating_duration_since(*at) < TRY_AGAIN
        {
            return poll(why);
        }
        // Not what is below: `taken/` alone would use up what watches the system has. The sweep finds it.
        match watcher.watch(&station.folder, RecursiveMode::NonRecursive) {
            Ok(()) => {
                *post = Post { on: Some(there), upset, refused: None };
                (Watched::Events, None)
            }
            Err(error) => {
                let why = reason(&error);
                post.refused = Some((why.clone(), now));
                (Watched::Poll, Some(why))
            }
        }
    }

    /// Waits for a hint, at most `longest`. A burst rings once.
    pub(crate) fn wait(&self, longest: Duration) {
        const BURST: Duration = Duration::from_millis(50);
        match self.bell.recv_timeout(longest) {
            Ok(()) => std::thread::sleep(BURST),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => std::thread::sleep(longest),
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Hint {
    Nothing,
    Look,
    LookAtFolders,
}

/// What we do ourselves (open, read, move away) is no news.
fn hint(event: &notify::Result<notify::Event>) -> Hint {
    let Ok(event) = event else { return Hint::LookAtFolders };
    if event.need_rescan() {
        return Hint::LookAtFolders;
    }
    match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) | EventKind::Create(_) => Hint::Look,
        EventKind::Access(_) | EventKind::Modify(ModifyKind::Metadata(_)) => Hint::Nothing,
        EventKind::Modify(ModifyKind::Name(RenameMode::From)) | EventKind::Remove(_) => {
            // Of the watched folder itself, or of one in it; a file that leaves has an ending or is no longer there.
            if event.paths.iter().any(|path| path.extension().is_none()) {
                Hint::LookAtFolders
            } else {
                Hint::Nothing
            }
        }
        _ => Hint::Look,
    }
}

/// In words, with what to do.
fn reason(error: &notify::Error) -> String {
    match &error.kind {
        notify::ErrorKind::MaxFilesWatch => "the system's limit of watches is reached; raise \
             fs.inotify.max_user_watches"
            .into(),
        notify::ErrorKind::Io(io) if io.raw_os_error() == Some(24) => {
            "the system's limit of watchers is reached; \
             raise fs.inotify.max_user_instances"
                .into()
        }
        notify::ErrorKind::Io(io) => format!("the system gives no events: {}", io.kind()),
        _ => "the system gives no events".into(),
    }
}

fn identity(folder: &Path) -> Option<Identity> {
    let metadata = std::fs::metadata(folder).ok()?;
    Some((metadata.dev(), metadata.ino(), metadata.created().ok()))
}

/// Network and user-space file systems tell only of what this machine writes itself.
fn sends_no_events(folder: &PathBuf) -> bool {
    const SILENT: [u32; 9] = [
        0x6969,      // NFS
        0x517B,      // SMB 1
        0xFF53_4D42, // CIFS
        0xFE53_4D42, // SMB 2 and 3
        0x6573_5546, // FUSE
        0x0102_1997, // 9p
        0x7461_636F, // OCFS2
        0x0BD0_0BD0, // Lustre
        0x00C3_6400, // Ceph
    ];
    rustix::fs::statfs(folder).is_ok_and(|system| SILENT.contains(&(system.f_type as u32)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tended(hints: &mut Hints, station: &Station, post: &mut Post) -> Watched {
        hints.tend(station, post, Instant::now()).0
    }

    #[test]
    fn a_folder_that_goes_and_comes_back_is_watched_again() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("in");
        std::fs::create_dir(&folder).unwrap();
        let station = Station { folder: folder.clone(), ..Station::named("er") };
        let (mut hints, mut post) = (Hints::new(), Post::default());
        assert_eq!(tended(&mut hints, &station, &mut post), Watched::Events);
        std::fs::remove_dir(&folder).unwrap();
        assert_eq!(tended(&mut hints, &station, &mut post), Watched::Poll);
        std::fs::create_dir(&folder).unwrap();
        assert_eq!(tended(&mut hints, &station, &mut post), Watched::Events);
        hints.wait(Duration::from_millis(300)); // what is told of the folder that went
        std::fs::write(folder.join("scan.tif"), "x").unwrap();
        let asked = Instant::now();
        hints.wait(Duration::from_secs(5));
        assert!(asked.elapsed() < Duration::from_secs(4), "the new folder gives hints");
    }

    #[test]
    fn a_limit_that_is_reached_is_told_with_what_to_do() {
        let told = reason(&notify::Error::new(notify::ErrorKind::MaxFilesWatch));
        assert!(told.contains("raise fs.inotify.max_user_watches"), "{told}");
    }

    #[test]
    fn lost_events_are_a_hint_to_look_everywhere_and_our_own_reading_is_none() {
        let lost = notify::Event::new(EventKind::Other).set_flag(notify::event::Flag::Rescan);
        assert_eq!(hint(&Ok(lost)), Hint::LookAtFolders);
        let read = notify::Event::new(EventKind::Access(AccessKind::Open(AccessMode::Any)));
        assert_eq!(hint(&Ok(read)), Hint::Nothing);
    }
}
