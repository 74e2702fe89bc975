//! What does the archive know? One file a topic, each an `impl Archive`; rows only, never words.

pub(crate) mod accounts;
pub(crate) mod acts;
pub(crate) mod arranging;
pub(crate) mod assigning;
pub(crate) mod audit;
pub(crate) mod backups;
pub(crate) mod beside;
pub(crate) mod browsing;
mod bundles;
pub(crate) mod changes;
pub(crate) mod charts;
pub(crate) mod claims;
pub(crate) mod columns;
pub(crate) mod copy;
pub(crate) mod disposing;
pub(crate) mod doubts;
pub(crate) mod editing;
pub(crate) mod emergency;
pub(crate) mod encounters;
mod entering;
pub(crate) mod entry;
pub(crate) mod filing;
pub(crate) mod hand;
pub(crate) mod history;
pub(crate) mod homecoming;
pub(crate) mod identity;
pub(crate) mod import;
pub(crate) mod import_report;
mod index_wanted;
pub(crate) mod intake;
pub(crate) mod kept;
pub(crate) mod known;
pub(crate) mod ledger;
pub(crate) mod line;
pub(crate) mod matters;
pub(crate) mod mending;
pub(crate) mod merging;
pub(crate) mod neighbours;
pub(crate) mod objecting;
pub(crate) mod patients;
pub(crate) mod prints;
pub(crate) mod readings;
pub(crate) mod rearranging;
mod receiving;
pub(crate) mod report;
pub(crate) mod rescans;
pub(crate) mod restored;
pub(crate) mod retry;
mod reused;
pub(crate) mod rights;
pub(crate) mod saved;
pub(crate) mod schema;
pub(crate) mod shadow;
pub(crate) mod sheets;
pub(crate) mod sources;
mod splitting;
mod staging;
mod survey;
pub(crate) mod sweeping;
pub(crate) mod undoing;
mod unmerged;
pub(crate) mod uploads;
pub(crate) mod urgency;
pub(crate) mod verify;
pub(crate) mod worklist;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use records::ids::Epoch;
use rusqlite::{Connection, Transaction};

use crate::error::{ArchiveError, Result};
use crate::instance::wait_lock;
pub(crate) use writer::Lane;
use writer::{Checkpointer, Writer};

/// The database: one writing connection, readers as many as are asked for.
pub(crate) struct Catalogue {
    path: PathBuf,
    patience: Duration,
    // Before the writer, so that the log is moved by the last connection that closes.
    _checkpointer: Checkpointer,
    writer: Writer,
    readers: Mutex<Vec<Connection>>,
    audit_queue: audit::Queue,
}

/// Readers kept open between questions.
const IDLE_READERS: usize = 8;

impl Catalogue {
    pub(crate) fn open(path: &Path, patience: Duration) -> Result<Self> {
        // Turning to the write-ahead log and migrating want the database for themselves.
        let _opening = wait_lock(&path.with_extension("lock"))?;
        let mut connection = connect(path, patience)?;
        connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
        schema::migrate(&mut connection)?;
        Ok(Self {
            path: path.to_owned(),
            patience,
            _checkpointer: Checkpointer::start(path, connect(path, patience)?)?,
            writer: Writer::new(connection),
            readers: Mutex::default(),
            audit_queue: audit::Queue::default(),
        })
    }

    pub(crate) fn epoch(&self) -> Result<Epoch> {
        self.read(|c| {
            Ok(Epoch(c.query_row("SELECT value FROM meta WHERE name = 'epoch'", [], |r| r.get(0))?))
        })
    }

    /// Asks, as of one moment.
    pub(crate) fn read<T, E: From<ArchiveError>>(
        &self,
        ask: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut connection = match idle {
            Some(connection) => connection,
            None => reader(&self.path, self.patience)?,
        };
        let moment = connection.transaction().map_err(ArchiveError::from)?;
        let answer = ask(&moment);
        drop(moment);
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < IDLE_READERS {
            readers.push(connection);
        }
        answer
    }

    /// Writes in one transaction, or leaves no trace.
    pub(crate) fn write<T, E: From<ArchiveError>>(
        &self,
        lane: Lane,
        act: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.write_timed(lane, act).map(|(done, _)| done)
    }

    /// As [`Catalogue::write`]; answers also how long the write lock was held.
    pub(crate) fn write_timed<T, E: From<ArchiveError>>(
        &self,
        lane: Lane,
        act: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<(T, Duration), E> {
        self.writer.write(lane, act)
    }

    pub(crate) fn longest_lock(&self) -> Duration {
        self.writer.longest()
    }
}

fn connect(path: &Path, patience: Duration) -> Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(patience)?;
    connection.set_prepared_statement_cache_capacity(256);
    connection.execute_batch(
        "PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA cache_size = -65536;
         PRAGMA wal_autocheckpoint = 32768;
         PRAGMA journal_size_limit = 67108864;",
    )?;
    Ok(connection)
}

fn reader(path: &Path, patience: Duration) -> Result<Connection> {
    let connection = connect(path, patience)?;
    connection.execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -16384;")?;
    Ok(connection)
}
