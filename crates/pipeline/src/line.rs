//! Who does what, side by side? One intake thread, some batch workers, one follower, one that judges again.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use archive::{Archive, Lease, LineLock};
use jiff::{Timestamp, ToSpan as _};
use readers::Readers;
use records::reading::{Fault, FaultCode};
use search::Index;
use tracing::{error, warn};

use crate::decide::Site;
use crate::error::LineError;
use crate::intake::{Board, Intake, StationSight};
use crate::process::{Processed, process};
use crate::settings::{Intake as IntakeSettings, Station};
use crate::stop::Stop;
use crate::{again, follow, stray};

/// What a line is made of.
pub struct Parts {
    pub archive: Archive,
    /// The right to be the line; held as long as it runs.
    pub lock: LineLock,
    pub readers: Readers,
    pub site: Site,
    /// Its only writer is this line.
    pub index: Index,
    /// Stations to watch; none for a single import.
    pub stations: Vec<Station>,
    pub intake: IntakeSettings,
}

/// What the workers share.
pub(crate) struct Tools {
    pub(crate) archive: Archive,
    pub(crate) readers: Readers,
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
}

/// A running line. Dropping it stops it in good order.
pub struct Line {
    stop: Stop,
    progress: Progress,
    board: Board,
    threads: Vec<JoinHandle<()>>,
}

impl Line {
    /// Starts everything. Work left by an earlier run goes on at once.
    pub fn start(parts: Parts) -> Self {
        let Parts { archive, lock, readers, site, index, stations, intake } = parts;
        let stop = Stop::default();
        let progress = Progress::default();
        progress.set_indexed(index.position());
        let tools =
            Arc::new(Tools { archive: archive.clone(), readers, site, progress: progress.clone(), lock });
        let board = Board::default();
        let mut threads = Vec::new();
        // More batches than readers: while one is judged, another's pages are read.
        for at in 0..tools.readers.jobs() + 2 {
            let (tools, stop) = (tools.clone(), stop.clone());
            threads.push(spawn(&format!("batch-{at}"), move || work(&tools, &stop)));
        }
        let (follower, shared, told) = (archive.clone(), progress.clone(), stop.clone());
        threads.push(spawn("follow", move || follow::follow(&follower, index, &shared, &told)));
        let (judging, told) = (tools.clone(), stop.clone());
        threads.push(spawn("judge-again", move || again::judge_again(&judging, &told)));
        let (strays, known, told) = (archive.clone(), stations.clone(), stop.clone());
        threads.push(spawn("strays", move || stray::watch(&strays, &known, &told)));
        if !stations.is_empty() {
            let intake = Intake::over(archive, stations, intake, board.clone(), stop.clone());
            threads.push(spawn("intake", move || intake.run()));
        }
        Self { stop, progress, board, threads }
    }

    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    /// How every station stands since its last sweep.
    pub fn stations(&self) -> Vec<StationSight> {
        self.board.read()
    }

    /// Tells everything to end; what is under way is kept and goes on at the next start.
    pub fn stop(&mut self) {
        self.stop.set();
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                error!("a thread of the line ended in a panic");
            }
        }
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

/// Takes batch after batch.
fn work(tools: &Tools, stop: &Stop) {
    while !stop.is_set() {
        match tools.archive.lease_next() {
            Ok(Some(lease)) => one(tools, lease, stop),
            Ok(None) => std::thread::sleep(Duration::from_millis(200)),
            Err(fault) => {
                warn!(error = %fault, "cannot take the next batch");
                std::thread::sleep(Duration::from_secs(2));
            }
        }
    }
}

/// One batch, whatever happens in it.
fn one(tools: &Tools, lease: Lease, stop: &Stop) {
    let batch = lease.batch();
    let result = catch_unwind(AssertUnwindSafe(|| process(tools, &lease, stop)));
    let ended = match result {
        Ok(Ok(Processed::Filed)) => return,
        Ok(Ok(Processed::Stopped)) => tools.archive.release(lease),
        Ok(Err(fault)) if fault.retryable() => {
            warn!(%batch, error = %fault, "batch waits for another try");
            let attempts = tools.archive.batch(&batch).map_or(0, |row| row.attempts);
            let delay = 2_i64.saturating_pow(attempts.min(9)).min(600);
            tools.archive.fail(lease, &given_up(&fault), Some(Timestamp::now() + delay.seconds()))
        }
        Ok(Err(fault)) => {
            error!(%batch, error = %fault, "batch given up until a person retries it");
            tools.archive.fail(lease, &given_up(&fault), None)
        }
        Err(_) => {
            error!(%batch, "a bug stopped this batch; it waits for `chartroom retry`");
            let fault = Fault::new(FaultCode::PageUnreadable, "the program failed on this job");
            tools.archive.fail(lease, &fault, None)
        }
    };
    if let Err(fault) = ended {
        warn!(%batch, error = %fault, "the lease could not be given back");
    }
}

fn given_up(fault: &LineError) -> Fault {
    Fault::new(FaultCode::PageUnreadable, fault.to_string())
}
