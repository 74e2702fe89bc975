//! Who does what, side by side? One intake thread, some batch workers, one follower, one that judges again.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use archive::{Archive, Lease, LineLock};
use jiff::Timestamp;
use readers::Readers;
use records::batch::Priority;
use records::codes::CodeTables;
use records::reading::{Fault, FaultCode};
use tracing::{error, warn};

use crate::decide::Site;
use crate::error::LineError;
use crate::intake::{Board, Intake};
use crate::process::{Processed, process};
use crate::settings::{Intake as IntakeSettings, Station};
use crate::stop::Stop;
use crate::{again, follow, index_check, stray};

/// Urgent batches for which there is always room.
const URGENT: usize = 2;

/// What a line is made of.
pub struct Parts {
    pub archive: Archive,
    /// The right to be the line; held as long as it runs.
    pub lock: LineLock,
    pub readers: Arc<Readers>,
    pub site: Site,
    /// Where the search index is, or is to be; its only writer is this line.
    pub index_folder: PathBuf,
    /// By which codes are recognised on pages.
    pub codes: Arc<CodeTables>,
    /// Stations to watch; none for a single import.
    pub stations: Vec<Station>,
    pub intake: IntakeSettings,
}

/// What the workers share.
pub(crate) struct Tools {
    pub(crate) archive: Archive,
    pub(crate) readers: Arc<Readers>,
    pub(crate) site: Site,
    pub(crate) progress: Progress,
    pub(crate) lock: LineLock,
}

/// How far it has come, for a progress bar.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    pages: Arc<AtomicU64>,
    /// Position of the change log up to which every page is searchable.
    indexed: Arc<AtomicU64>,
    /// The search index cannot be followed and is not yet built anew.
    index_damaged: Arc<AtomicBool>,
}

impl Progress {
    pub(crate) fn page_read(&self) {
        self.pages.fetch_add(1, Ordering::Relaxed);
    }

    /// Pages read since the line started.
    pub fn pages(&self) -> u64 {
        self.pages.load(Ordering::Relaxed)
    }

    pub(crate) fn set_indexed(&self, position: u64) {
        self.indexed.store(position, Ordering::Release);
    }

    /// Everything up to this position of the change log can be found.
    pub fn indexed(&self) -> u64 {
        self.indexed.load(Ordering::Acquire)
    }

    pub(crate) fn set_index_damaged(&self, damaged: bool) {
        self.index_damaged.store(damaged, Ordering::Release);
    }

    /// The search index is damaged and being built anew; the old one answers as far as it can.
    pub fn index_damaged(&self) -> bool {
        self.index_damaged.load(Ordering::Acquire)
    }
}

/// A running line. Dropping it stops it in good order.
pub struct Line {
    stop: Stop,
    readers: Arc<Readers>,
    progress: Progress,
    board: Board,
    threads: Vec<JoinHandle<()>>,
}

impl Line {
    /// Starts everything. Work left by an earlier run goes on at once.
    pub fn start(parts: Parts) -> Self {
        let Parts { archive, lock, readers, site, index_folder, codes, stations, intake } = parts;
        let stop = Stop::default();
        let progress = Progress::default();
        let tools =
            Arc::new(Tools { archive: archive.clone(), readers, site, progress: progress.clone(), lock });
        let board = Board::default();
        let mut threads = Vec::new();
        // Twice as many batches as readers, and more: while one is received or judged, another's pages lie ready.
        let usual = (0..tools.readers.jobs() * 2 + 2).map(|_| Priority::Normal);
        // And room kept for what is urgent: large batches may hold all the rest for hours.
        let urgent = [Priority::Stat; URGENT];
        for (at, least) in usual.chain(urgent).enumerate() {
            let (tools, stop) = (tools.clone(), stop.clone());
            threads.push(spawn(&format!("batch-{at}"), move || work(&tools, &stop, least)));
        }
        let (follower, folder) = (archive.clone(), index_folder.clone());
        let (shared, told) = (progress.clone(), stop.clone());
        threads.push(spawn("follow", move || follow::follow(&follower, &codes, &folder, &shared, &told)));
        let (shared, told) = (progress.clone(), stop.clone());
        threads.push(spawn("index-check", move || index_check::check(&index_folder, &shared, &told)));
        let (judging, told) = (tools.clone(), stop.clone());
        threads.push(spawn("judge-again", move || again::judge_again(&judging, &told)));
        let (strays, known, told) = (archive.clone(), stations.clone(), stop.clone());
        threads.push(spawn("strays", move || stray::watch(&strays, &known, &told)));
        if !stations.is_empty() {
            let intake = Intake::over(archive, stations, intake, board.clone(), stop.clone());
            threads.push(spawn("intake", move || intake.run()));
        }
        Self { stop, readers: Arc::clone(&tools.readers), progress, board, threads }
    }

    /// Its reader processes, for whoever else needs a picture.
    pub fn readers(&self) -> Arc<Readers> {
        Arc::clone(&self.readers)
    }

    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Where to read how every station stands since its last sweep.
    pub fn stations(&self) -> Board {
        self.board.clone()
    }

    /// Whether every part of it is still at work.
    pub fn is_alive(&self) -> bool {
        !self.threads.is_empty() && self.threads.iter().all(|thread| !thread.is_finished())
    }

    /// Tells everything to end; what is under way is kept and goes on at the next start.
    pub fn stop(&mut self) {
        self.stop.set();
        for thread in self.threads.drain(..) {
            join(thread);
        }
    }

    /// As [`Line::stop`], but waits so long at most. `false`: something is still at work. It may be left to its end
    /// by the process's own: a crash at any moment loses nothing, and leases end with their process.
    pub fn stop_within(&mut self, patience: Duration) -> bool {
        self.stop.set();
        let until = Instant::now() + patience;
        while self.threads.iter().any(|thread| !thread.is_finished()) && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(20));
        }
        let (ended, busy): (Vec<_>, Vec<_>) = self.threads.drain(..).partition(|thread| thread.is_finished());
        for thread in ended {
            join(thread);
        }
        for thread in &busy {
            warn!(thread = thread.thread().name(), "still at work; it goes on at the next start");
        }
        busy.is_empty()
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.stop();
    }
}

fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> JoinHandle<()> {
    std::thread::Builder::new().name(name.into()).spawn(body).expect("the system gives us a thread")
}

fn join(thread: JoinHandle<()>) {
    if thread.join().is_err() {
        error!("a thread of the line ended in a panic");
    }
}

/// Takes batch after batch of at least this priority.
fn work(tools: &Tools, stop: &Stop, least: Priority) {
    const PAUSE: Duration = Duration::from_secs(1);
    let mut pause = PAUSE;
    while !stop.is_set() {
        match tools.archive.lease_next_from(least) {
            Ok(Some(lease)) => match one(tools, lease, stop) {
                Ok(()) => pause = PAUSE,
                // Not even that it failed could be written (a full disk): no batch is tried in a hurry.
                Err(fault) => {
                    warn!(error = %fault, "the archive takes nothing just now; waiting");
                    stop.pause(pause);
                    pause = (pause * 2).min(Duration::from_secs(10));
                }
            },
            Ok(None) => stop.pause(Duration::from_millis(200)),
            Err(fault) => {
                warn!(error = %fault, "cannot take the next batch; trying again");
                stop.pause(Duration::from_secs(2));
            }
        }
    }
}

/// One batch, whatever happens in it.
///
/// # Errors
/// Its end could not be written. The batch is free again all the same.
fn one(tools: &Tools, lease: Lease, stop: &Stop) -> archive::Result<()> {
    let batch = lease.batch();
    let fault = match catch_unwind(AssertUnwindSafe(|| process(tools, &lease, stop))) {
        Ok(Ok(Processed::Filed)) => return Ok(()),
        Ok(Ok(Processed::Stopped) | Err(LineError::Stopped)) => return tools.archive.release(lease),
        Ok(Err(fault)) => fault,
        Err(_) => {
            error!(%batch, "a bug stopped this batch; it is on the worklist until `chartroom retry`");
            return tools.archive.give_up(lease, &given_up("the program failed on this job"));
        }
    };
    let attempts = tools.archive.batch(&batch).map_or(1, |row| row.attempts + 1);
    match fault.try_again_in(attempts) {
        Some(delay) => {
            warn!(%batch, attempts, error = %fault, "batch waits for another try");
            tools.archive.fail(lease, &given_up(fault), Timestamp::now() + delay)
        }
        None => {
            error!(%batch, attempts, error = %fault, "batch given up; it is on the worklist until `chartroom retry`");
            tools.archive.give_up(lease, &given_up(fault))
        }
    }
}

fn given_up(why: impl ToString) -> Fault {
    Fault::new(FaultCode::PageUnreadable, why.to_string())
}
