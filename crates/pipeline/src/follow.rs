//! How does the search index keep up with the catalogue?
//!
//! It reads the change log after the position in its own commit payload, so a crash replays exactly what was not
//! committed, and an index is a function of the catalogue. One that is damaged, also while the line runs, is built
//! anew beside the old one, which answers until then. One that somebody asks for is built beside the old one while that
//! is followed: nothing filed meanwhile is late.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use archive::{Archive, ArchiveError, Follower};
use records::codes::{CodeTables, mentions};
use records::entry::PageEntry;
use records::ids::PageRef;
use search::{Beside, Index, Opened, SearchError, Source, Unfit};
use tracing::{error, info, warn};

use crate::error::LineError;
use crate::line::Progress;
use crate::stop::Stop;

/// Pages between two commits at most; a commit costs some 15 fsyncs.
const BATCH: usize = 500;
/// A page is searchable this long after it is filed, and a little.
const PAUSE: Duration = Duration::from_millis(300);
/// A disk that is full now may have room a little later.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// What is left to follow when told to stop may take this long.
const LAST_ROUND: Duration = Duration::from_secs(5);

/// Follows until told to stop, and then once more, briefly.
pub(crate) fn follow(
    archive: &Archive,
    codes: &Arc<CodeTables>,
    folder: &Path,
    progress: &Progress,
    stop: &Stop,
) {
    let mut following =
        Following { archive, codes, folder: folder.to_owned(), progress, stop, index: None, successor: None };
    let mut pause = PAUSE;
    while !stop.is_set() {
        match following.round(&|| stop.is_set()) {
            Ok(()) | Err(LineError::Stopped) => pause = PAUSE,
            Err(fault) => {
                warn!(error = %fault, "the index cannot follow; trying again");
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        }
        stop.pause(pause);
    }
    // It sees that it is to stop; what it has built is begun anew by the next line.
    drop(following.successor.take().map(|successor| successor.building.join()));
    let began = Instant::now();
    match following.last_round(&|| began.elapsed() > LAST_ROUND) {
        Ok(()) => {}
        Err(fault) => info!(reason = %fault, "the index is behind; the next start follows on"),
    }
}

struct Following<'a> {
    archive: &'a Archive,
    codes: &'a Arc<CodeTables>,
    folder: PathBuf,
    progress: &'a Progress,
    stop: &'a Stop,
    /// Absent before it was opened, and after it was found damaged.
    index: Option<Index>,
    /// Under way because somebody asked for it.
    successor: Option<Successor>,
}

/// A new index that is built while the old one is followed.
struct Successor {
    request: u64,
    building: JoinHandle<Result<Beside, LineError>>,
}

impl Following<'_> {
    /// Opens or mends the index if need be, and brings it to the head of the change log.
    fn round(&mut self, stopped: &dyn Fn() -> bool) -> Result<(), LineError> {
        if self.progress.index_damaged() {
            self.index = None; // its writer's lock is the rebuild's now
            if self.successor.is_none() {
                self.index = Some(self.built_anew(stopped)?);
            }
        }
        self.succeed()?;
        if self.index.is_none() && self.successor.is_some() {
            return Ok(()); // whose turn it is next
        }
        if self.index.is_none() {
            self.index = Some(match Index::open(&self.folder, source(self.archive, self.codes))? {
                Opened::Fresh(index) | Opened::AsOf(index) => index,
                Opened::Rebuild(why) => {
                    warn!(%why, "the search index is built anew");
                    self.progress.set_index_damaged(true);
                    self.built_anew(stopped)?
                }
            });
        }
        let Some(index) = &mut self.index else { return Ok(()) };
        let caught_up = catch_up_unless(self.archive, self.codes, index, stopped);
        self.progress.set_indexed(index.position());
        if let Err(LineError::Search(fault)) = &caught_up
            && fault.needs_rebuild()
        {
            self.progress.set_index_damaged(true);
        }
        caught_up
    }

    /// Has a new index built when somebody asked for one, and puts it in the place of the old one when it is done.
    fn succeed(&mut self) -> Result<(), LineError> {
        if let Some(Successor { request, building }) =
            self.successor.take_if(|own| own.building.is_finished())
        {
            match building.join() {
                Ok(Ok(beside)) => {
                    self.index = None; // its writer's lock
                    self.index = Some(beside.take_place()?);
                    self.progress.set_index_damaged(false);
                    self.archive.index_is_built(request)?;
                }
                Ok(Err(LineError::Stopped)) => {}
                Ok(Err(fault)) => return Err(fault),
                Err(_) => error!("building the index anew ended in a panic; it is tried again"),
            }
        }
        if self.successor.is_none()
            && let Some(request) = self.archive.index_asked_for()?
        {
            let (archive, codes) = (self.archive.clone(), Arc::clone(self.codes));
            let (folder, stop) = (self.folder.clone(), self.stop.clone());
            let building = thread::Builder::new()
                .name("rebuild".into())
                .spawn(move || build_beside(&archive, &codes, &folder, &|| stop.is_set()))
                .map_err(SearchError::from)?;
            self.successor = Some(Successor { request, building });
        }
        Ok(())
    }

    fn built_anew(&self, stopped: &dyn Fn() -> bool) -> Result<Index, LineError> {
        let index = rebuild_unless(self.archive, self.codes, &self.folder, stopped)?;
        self.progress.set_index_damaged(false);
        Ok(index)
    }

    /// What can be followed without building anything.
    fn last_round(&mut self, stopped: &dyn Fn() -> bool) -> Result<(), LineError> {
        let Some(index) = &mut self.index else { return Ok(()) };
        let caught_up = catch_up_unless(self.archive, self.codes, index, stopped);
        self.progress.set_indexed(index.position());
        caught_up
    }
}

/// Brings the index to the head of the change log.
pub fn catch_up(archive: &Archive, codes: &CodeTables, index: &mut Index) -> Result<(), LineError> {
    catch_up_unless(archive, codes, index, &|| false)
}

fn catch_up_unless(
    archive: &Archive,
    codes: &CodeTables,
    index: &mut Index,
    stopped: &dyn Fn() -> bool,
) -> Result<(), LineError> {
    let mut fell_at = None;
    loop {
        match follow_on(archive, codes, index, stopped) {
            // Its writer fell over a page. The same pages again, and it finds which one, and goes on without it.
            Err(LineError::Search(_))
                if index.seeks_faulty_page()
                    && fell_at.replace(index.position()) != Some(index.position()) => {}
            other => return other,
        }
    }
}

fn follow_on(
    archive: &Archive,
    codes: &CodeTables,
    index: &mut Index,
    stopped: &dyn Fn() -> bool,
) -> Result<(), LineError> {
    let follower = archive.follower();
    loop {
        let from = index.position();
        let changes = archive.changes(from, BATCH)?;
        let Some(head) = changes.last().map(|change| change.position) else { return Ok(()) };
        for (nth, page) in changes.iter().flat_map(|change| &change.pages).enumerate() {
            if stopped() {
                return Err(LineError::Stopped);
            }
            if nth > 0 && nth % BATCH == 0 {
                // A batch of thousands of pages is found bit by bit; a crash begins it again.
                index.commit(from)?;
            }
            match entry(&follower, codes, *page)? {
                Some(entry) => index.upsert(&entry)?,
                None => index.remove(*page)?,
            }
        }
        index.commit(head)?;
    }
}

/// What the index is made from.
fn source(archive: &Archive, codes: &CodeTables) -> Source {
    Source { epoch: archive.epoch(), codes: codes.fingerprint() }
}

/// A page as it is to be found. A damaged reading costs its page, not the index: `verify` shows it.
fn entry(follower: &Follower, codes: &CodeTables, page: PageRef) -> Result<Option<PageEntry>, LineError> {
    match follower.entry(page) {
        Err(fault @ ArchiveError::Damaged { .. }) => {
            error!(batch = %page.batch, page = page.page.0, error = %fault, "a page cannot be found for now");
            Ok(None)
        }
        entry => Ok(entry?.map(|mut entry| {
            entry.codes = mentions(&entry.reading, entry.service(), codes);
            entry
        })),
    }
}

/// Opens the index for writing; one that cannot be followed is built anew beside the old one. `None`: it was made by
/// other tables of codes, and is left to the line: a command that was given no configuration must not throw it away.
pub fn open_index(archive: &Archive, codes: &CodeTables, folder: &Path) -> Result<Option<Index>, LineError> {
    match Index::open(folder, source(archive, codes))? {
        Opened::Fresh(index) | Opened::AsOf(index) => Ok(Some(index)),
        Opened::Rebuild(Unfit::OtherCodes) => Ok(None),
        Opened::Rebuild(why) => {
            warn!(%why, "the search index is built anew");
            rebuild_index(archive, codes, folder).map(Some)
        }
    }
}

/// Builds the index from the catalogue, beside the old one, and swaps. The head is noted first: what changes while
/// pages are walked is followed afterwards.
pub fn rebuild_index(archive: &Archive, codes: &CodeTables, folder: &Path) -> Result<Index, LineError> {
    let asked = archive.index_asked_for()?;
    let mut index = rebuild_unless(archive, codes, folder, &|| false)?;
    catch_up(archive, codes, &mut index)?;
    asked.map_or(Ok(()), |request| archive.index_is_built(request))?;
    Ok(index)
}

fn rebuild_unless(
    archive: &Archive,
    codes: &CodeTables,
    folder: &Path,
    stopped: &dyn Fn() -> bool,
) -> Result<Index, LineError> {
    let head = archive.position()?;
    let index = Index::rebuild(folder, source(archive, codes), head, || entries(archive, codes, stopped))?;
    info!(position = head, "search index built");
    Ok(index)
}

fn build_beside(
    archive: &Archive,
    codes: &CodeTables,
    folder: &Path,
    stopped: &dyn Fn() -> bool,
) -> Result<Beside, LineError> {
    let head = archive.position()?;
    let beside =
        Index::build_beside(folder, source(archive, codes), head, || entries(archive, codes, stopped))?;
    info!(position = head, "search index built beside the old one");
    Ok(beside)
}

/// Every page as it is to be found.
fn entries<'a>(
    archive: &'a Archive,
    codes: &'a CodeTables,
    stopped: &'a dyn Fn() -> bool,
) -> impl Iterator<Item = Result<PageEntry, LineError>> + 'a {
    let follower = archive.follower();
    archive.indexed_pages().filter_map(move |page| {
        if stopped() {
            return Some(Err(LineError::Stopped));
        }
        page.map_err(LineError::from).and_then(|page| entry(&follower, codes, page)).transpose()
    })
}
