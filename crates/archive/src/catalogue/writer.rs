//! Who may write next?
//!
//! SQLite has one writer. Within this process the writing connection is handed from caller to caller, those at a
//! desk before the line; between processes `BEGIN IMMEDIATE` waits its turn. Checkpoints have their own thread, so
//! that no act pays for one.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use tracing::{debug, warn};

use crate::error::{ArchiveError, Result};

/// Whose turn comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    /// Somebody waits at a screen.
    Desk,
    Line,
}

pub(super) struct Writer {
    turn: Mutex<Turn>,
    free: Condvar,
    /// Longest transaction so far, microseconds.
    longest: AtomicU64,
}

struct Turn {
    /// Absent while somebody writes.
    connection: Option<Connection>,
    desk_waits: usize,
}

/// No transaction may take longer; one that does is a bug, seen in the log.
const LONG: Duration = Duration::from_millis(50);

impl Writer {
    pub(super) fn new(connection: Connection) -> Self {
        Self {
            turn: Mutex::new(Turn { connection: Some(connection), desk_waits: 0 }),
            free: Condvar::new(),
            longest: AtomicU64::new(0),
        }
    }

    /// Runs one transaction: committed if `act` succeeds, else without any trace. Answers also how long the
    /// catalogue's write lock was held.
    pub(super) fn write<T, E>(
        &self,
        lane: Lane,
        act: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<(T, Duration), E>
    where
        E: From<ArchiveError>,
    {
        let mut held = self.take(lane);
        let connection = held.connection.as_mut().expect("held until dropped");
        if !connection.is_autocommit() {
            // The last one could not even be undone (a full disk): it must not be taken for ours.
            connection.execute_batch("ROLLBACK").map_err(ArchiveError::from)?;
        }
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(ArchiveError::from)?;
        let begun = Instant::now();
        let done = act(&transaction)?;
        transaction.commit().map_err(ArchiveError::from)?;
        let took = begun.elapsed();
        self.longest.fetch_max(took.as_micros() as u64, Ordering::Relaxed);
        if took > LONG {
            warn!(ms = took.as_millis() as u64, ?lane, "long transaction");
        } else {
            debug!(us = took.as_micros() as u64, ?lane, "transaction");
        }
        Ok((done, took))
    }

    pub(super) fn longest(&self) -> Duration {
        Duration::from_micros(self.longest.load(Ordering::Relaxed))
    }

    fn take(&self, lane: Lane) -> Held<'_> {
        let mut turn = self.lock();
        if lane == Lane::Desk {
            turn.desk_waits += 1;
        }
        loop {
            if (lane == Lane::Desk || turn.desk_waits == 0)
                && let Some(connection) = turn.connection.take()
            {
                if lane == Lane::Desk {
                    turn.desk_waits -= 1;
                }
                return Held { writer: self, connection: Some(connection) };
            }
            turn = self.free.wait(turn).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Turn> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The writing connection, given back when dropped, also by a panic.
struct Held<'w> {
    writer: &'w Writer,
    connection: Option<Connection>,
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.writer.lock().connection = self.connection.take();
        self.writer.free.notify_all();
    }
}

/// Moves the write-ahead log into the database, from its own thread.
pub(super) struct Checkpointer {
    stop: Arc<(Mutex<bool>, Condvar)>,
    thread: Option<JoinHandle<()>>,
}

/// Bytes of log worth a checkpoint.
const LOG_WORTH: u64 = 4 << 20;

impl Checkpointer {
    pub(super) fn start(database: &Path, connection: Connection) -> Result<Self> {
        let mut log = database.as_os_str().to_owned();
        log.push("-wal");
        let log = PathBuf::from(log);
        let stop = Arc::new((Mutex::new(false), Condvar::new()));
        let theirs = Arc::clone(&stop);
        let thread = std::thread::Builder::new()
            .name("checkpoints".into())
            .spawn(move || checkpoints(&connection, &log, &theirs))
            .map_err(ArchiveError::io("start a thread"))?;
        Ok(Self { stop, thread: Some(thread) })
    }
}

fn checkpoints(connection: &Connection, log: &Path, stop: &(Mutex<bool>, Condvar)) {
    let mut stopped = stop.0.lock().unwrap_or_else(PoisonError::into_inner);
    while !*stopped {
        let (now, _) =
            stop.1.wait_timeout(stopped, Duration::from_millis(500)).unwrap_or_else(PoisonError::into_inner);
        stopped = now;
        if !*stopped && std::fs::metadata(log).is_ok_and(|log| log.len() > LOG_WORTH) {
            // Busy is no fault: readers of old pages; the next round gets further.
            let _ = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
        }
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        *self.stop.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.stop.1.notify_all();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
