//! What came, was it here before, and in which jobs?

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};

use records::batch::{Arrival, NewBatch, Priority, Receipt};
use records::ids::{ArrivalId, BatchId, Digest};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::Lane;
use super::columns::{BLANK, CONTROL_SHEET, Json, Millis, SUPERSEDED, VOID, now};
use super::uploads;
use crate::error::{ArchiveError, Result};
use crate::open::Archive;

/// What became of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    New(BatchId),
    /// These very arrivals were closed before (a crash came between).
    Resumed(BatchId),
    /// The same originals in the same order came before, in other arrivals: those are in the ledger, nothing is
    /// read again.
    Duplicate(BatchId),
}

impl Closed {
    pub const fn batch(self) -> BatchId {
        match self {
            Self::New(batch) | Self::Resumed(batch) | Self::Duplicate(batch) => batch,
        }
    }
}

/// An arrival that is in no batch yet and is no duplicate.
#[derive(Clone, Debug)]
pub struct UnbatchedArrival {
    pub arrival: Arrival,
    /// The job it is part of, as given to [`Archive::receive_part`].
    pub job: Option<String>,
    /// Where its file was moved.
    pub taken: Option<PathBuf>,
}

/// A file as a folder that cannot be written shows it: what was taken once is known by this.
#[derive(Clone, PartialEq, Eq)]
pub struct FileStamp {
    pub station: String,
    /// Relative to the station's folder.
    pub path: OsString,
    pub dev: u64,
    pub ino: u64,
    /// Bytes.
    pub size: u64,
    /// Nanoseconds since 1970.
    pub mtime_ns: i64,
}

/// Never shows the file's name.
impl std::fmt::Debug for FileStamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FileStamp({}, {} bytes)", self.station, self.size)
    }
}

impl Archive {
    /// A fresh id for a file that has come.
    pub fn draw_arrival(&self) -> ArrivalId {
        ArrivalId(*uuid::Uuid::new_v4().as_bytes())
    }

    /// Enters a file that is a job of its own into the ledger, once its bytes are in the vault. The same bytes
    /// are a duplicate unless every batch they are in is void, failed or quarantined.
    pub fn receive(&self, arrival: &Arrival) -> Result<Receipt> {
        self.0.catalogue.write(Lane::Line, |tx| receive(tx, arrival))
    }

    /// Enters one file of a job of several: never a duplicate by itself (two blank pages of a job may be the same
    /// bytes); whether the whole job came before is seen when it is closed.
    pub fn receive_part(&self, arrival: &Arrival, job: &str) -> Result<Receipt> {
        self.0.catalogue.write(Lane::Line, |tx| receive_part(tx, arrival, job))
    }

    /// Remembers where an arrival's file was moved.
    pub fn taken(&self, arrival: ArrivalId, path: &Path) -> Result<()> {
        self.0.catalogue.write(Lane::Line, |tx| note_taken(tx, arrival, path))
    }

    /// Whether the ledger is through with an arrival: it is in a batch, or is known as a duplicate of one.
    pub fn arrival_settled(&self, arrival: ArrivalId) -> Result<bool> {
        self.0.catalogue.read(|c| {
            let sql =
                "SELECT 1 FROM arrival WHERE id = ?1 AND (batch IS NOT NULL OR duplicate_of IS NOT NULL)";
            Ok(c.prepare_cached(sql)?.exists([arrival.0])?)
        })
    }

    /// Arrivals in no batch yet, oldest first: what a restart has to go on with.
    pub fn arrivals_unbatched(&self) -> Result<Vec<UnbatchedArrival>> {
        self.0.catalogue.read(|c| {
            let mut rows = c.prepare(
                "SELECT id, station, name, digest, size, at, job, taken FROM arrival
                 WHERE batch IS NULL AND duplicate_of IS NULL ORDER BY at, key",
            )?;
            let rows = rows.query_map([], |row| {
                let taken: Option<Vec<u8>> = row.get(7)?;
                Ok(UnbatchedArrival {
                    arrival: arrival(row)?,
                    job: row.get(6)?,
                    taken: taken.map(|path| PathBuf::from(OsString::from_vec(path))),
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Closes a job: from here its originals and their order never change. Idempotent for the same arrivals.
    ///
    /// # Errors
    /// `NotNow` where some of the arrivals are in another batch already, or none were given.
    pub fn close_batch(&self, batch: &NewBatch) -> Result<Closed> {
        self.0.catalogue.write(Lane::Line, |tx| close(tx, batch))
    }

    /// Whether this very file was taken before.
    pub fn file_known(&self, stamp: &FileStamp) -> Result<bool> {
        self.0.catalogue.read(|c| {
            Ok(c.prepare_cached(
                "SELECT 1 FROM file_seen WHERE station = ?1 AND path = ?2 AND dev = ?3 AND ino = ?4 AND size = ?5
                     AND mtime_ns = ?6",
            )?
            .exists(params![
                stamp.station,
                stamp.path.as_bytes(),
                stamp.dev as i64,
                stamp.ino as i64,
                stamp.size as i64,
                stamp.mtime_ns
            ])?)
        })
    }

    /// Remembers that this file was taken as that arrival.
    pub fn remember_file(&self, arrival: ArrivalId, stamp: &FileStamp) -> Result<()> {
        self.0.catalogue.write(Lane::Line, |tx| {
            tx.prepare_cached(
                "INSERT OR REPLACE INTO file_seen (station, path, dev, ino, size, mtime_ns, arrival)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                stamp.station,
                stamp.path.as_bytes(),
                stamp.dev as i64,
                stamp.ino as i64,
                stamp.size as i64,
                stamp.mtime_ns,
                arrival.0
            ])?;
            Ok(())
        })
    }
}

pub(super) fn receive(tx: &Connection, arrival: &Arrival) -> Result<Receipt> {
    if let Some(receipt) = received_before(tx, arrival.id)? {
        return Ok(receipt);
    }
    let mut batches = tx.prepare_cached(
        "SELECT DISTINCT b.key, b.id FROM original o JOIN batch b ON b.key = o.batch
         WHERE o.digest = ?1 ORDER BY b.key DESC",
    )?;
    let batches = batches
        .query_map([arrival.digest.0], |row| Ok((row.get(0)?, BatchId(row.get(1)?))))?
        .collect::<rusqlite::Result<Vec<(i64, BatchId)>>>()?;
    for (key, id) in batches {
        if lives(tx, key)? {
            enter(tx, arrival, None, Some(key))?;
            return Ok(Receipt::Duplicate(id));
        }
    }
    enter(tx, arrival, None, None)?;
    Ok(Receipt::New)
}

pub(super) fn receive_part(tx: &Connection, arrival: &Arrival, job: &str) -> Result<Receipt> {
    if let Some(receipt) = received_before(tx, arrival.id)? {
        return Ok(receipt);
    }
    enter(tx, arrival, Some(job), None)?;
    Ok(Receipt::New)
}

pub(super) fn close(tx: &Connection, batch: &NewBatch) -> Result<Closed> {
    let arrivals = batch.arrivals.iter().map(|id| received(tx, *id)).collect::<Result<Vec<_>>>()?;
    if arrivals.is_empty() {
        return Err(ArchiveError::NotNow { act: "close a job", why: "it has no files" });
    }
    let digests: Vec<Digest> = arrivals.iter().map(|a| a.arrival.digest).collect();
    if arrivals.iter().any(|a| a.batch.is_some()) {
        return closed_before(tx, &arrivals);
    }
    let content = BatchId::of(&digests, 0);
    if let Some((key, id)) = same_job(tx, &content, batch)? {
        let mut mark = tx.prepare_cached("UPDATE arrival SET duplicate_of = ?2 WHERE key = ?1")?;
        arrivals.iter().try_for_each(|a| mark.execute(params![a.key, key]).map(drop))?;
        return Ok(Closed::Duplicate(id));
    }
    let occurrence: u32 = tx
        .prepare_cached("SELECT count(*) FROM batch WHERE content = ?1")?
        .query_row([content.0], |row| row.get(0))?;
    let id = BatchId::of(&digests, occurrence);
    tx.prepare_cached(
        "INSERT INTO batch (id, content, occurrence, station, profile, priority, grouping, held,
             declared_sheets, declared_pages, job_name, created, state)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 'waiting')",
    )?
    .execute(params![
        id.0,
        content.0,
        occurrence,
        batch.station,
        Json(&batch.profile),
        priority_rank(batch.priority),
        Json(&batch.grouping),
        Json(&batch.held),
        batch.declared_sheets,
        batch.declared_pages,
        batch.job_name,
        Millis(now())
    ])?;
    let key = tx.last_insert_rowid();
    own(tx, key, &arrivals)?;
    uploads::keep(tx, key, id, batch.upload.as_ref())?;
    Ok(Closed::New(id))
}

pub(super) fn note_taken(tx: &Connection, arrival: ArrivalId, path: &Path) -> Result<()> {
    let changed = tx
        .prepare_cached("UPDATE arrival SET taken = ?2 WHERE id = ?1")?
        .execute(params![arrival.0, path.as_os_str().as_bytes()])?;
    if changed == 0 { Err(ArchiveError::Unknown { what: "arrival" }) } else { Ok(()) }
}

/// What this very arrival was answered before.
fn received_before(tx: &Connection, id: ArrivalId) -> Result<Option<Receipt>> {
    let known = tx
        .prepare_cached(
            "SELECT b.id FROM arrival a LEFT JOIN batch b ON b.key = a.duplicate_of WHERE a.id = ?1",
        )?
        .query_row([id.0], |row| row.get::<_, Option<[u8; 16]>>(0))
        .optional()?;
    Ok(known.map(|duplicate_of| match duplicate_of {
        Some(batch) => Receipt::Duplicate(BatchId(batch)),
        None => Receipt::Resumed,
    }))
}

/// Whether what came in the batch still counts, so that the same bytes need not be read again: not if it failed,
/// if anything of it is in quarantine, or if all that was in it is void.
fn lives(c: &Connection, key: i64) -> Result<bool> {
    let state: String =
        c.prepare_cached("SELECT state FROM batch WHERE key = ?1")?.query_row([key], |row| row.get(0))?;
    let yes = |sql: &str| -> Result<bool> { Ok(c.prepare_cached(sql)?.exists([key])?) };
    if state == "failed" || yes("SELECT 1 FROM document WHERE batch = ?1 AND state = 'quarantined'")? {
        return Ok(false);
    }
    if state != "filed" {
        return Ok(true);
    }
    let pages = |condition: &str| format!("SELECT 1 FROM place WHERE batch = ?1 AND {condition}");
    let void = yes(&pages(&format!("place = {VOID}")))?
        || yes("SELECT 1 FROM exception WHERE batch = ?1 AND state = 'void'")?;
    let counts = yes(&pages(&format!("place NOT IN ({CONTROL_SHEET}, {BLANK}, {SUPERSEDED}, {VOID})")))?
        || yes("SELECT 1 FROM exception WHERE batch = ?1 AND state IN ('open', 'set_aside')")?;
    Ok(counts || !void)
}

fn enter(tx: &Connection, arrival: &Arrival, job: Option<&str>, duplicate_of: Option<i64>) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO arrival (id, station, name, digest, size, at, job, duplicate_of)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        arrival.id.0,
        arrival.station,
        arrival.name,
        arrival.digest.0,
        arrival.size as i64,
        Millis(arrival.at),
        job,
        duplicate_of
    ])?;
    tx.prepare_cached(
        "INSERT INTO station (name, last_file) VALUES (?1, ?2)
         ON CONFLICT (name) DO UPDATE SET last_file = max(last_file, excluded.last_file)",
    )?
    .execute(params![arrival.station, Millis(arrival.at)])?;
    Ok(())
}

/// Columns id, station, name, digest, size, at.
fn arrival(row: &Row<'_>) -> rusqlite::Result<Arrival> {
    Ok(Arrival {
        id: ArrivalId(row.get(0)?),
        station: row.get(1)?,
        name: row.get(2)?,
        digest: Digest(row.get(3)?),
        size: row.get::<_, i64>(4)? as u64,
        at: row.get::<_, Millis>(5)?.0,
    })
}

/// An arrival as the ledger has it.
struct Received {
    key: i64,
    arrival: Arrival,
    batch: Option<i64>,
}

fn received(tx: &Connection, id: ArrivalId) -> Result<Received> {
    tx.prepare_cached("SELECT id, station, name, digest, size, at, key, batch FROM arrival WHERE id = ?1")?
        .query_row([id.0], |row| {
            Ok(Received { key: row.get(6)?, arrival: arrival(row)?, batch: row.get(7)? })
        })
        .optional()?
        .ok_or(ArchiveError::Unknown { what: "arrival" })
}

/// The batch that was made of exactly these arrivals in this order.
fn closed_before(tx: &Connection, arrivals: &[Received]) -> Result<Closed> {
    let taken = ArchiveError::NotNow { act: "close a job", why: "some of its files are in another batch" };
    let Some(key) = arrivals[0].batch else { return Err(taken) };
    let mut members = tx.prepare_cached("SELECT arrival FROM original WHERE batch = ?1 ORDER BY ordinal")?;
    let members = members.query_map([key], |row| row.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()?;
    if members.iter().ne(arrivals.iter().map(|a| &a.key)) {
        return Err(taken);
    }
    let id = tx.query_row("SELECT id FROM batch WHERE key = ?1", [key], |row| row.get(0))?;
    Ok(Closed::Resumed(BatchId(id)))
}

/// A batch of the same originals in the same order that still counts, unless something else was declared for it.
fn same_job(tx: &Connection, content: &BatchId, now: &NewBatch) -> Result<Option<(i64, BatchId)>> {
    let mut batches = tx.prepare_cached(
        "SELECT key, id, declared_sheets, declared_pages FROM batch WHERE content = ?1
         ORDER BY occurrence DESC",
    )?;
    let batches = batches
        .query_map([content.0], |row| Ok((row.get(0)?, BatchId(row.get(1)?), row.get(2)?, row.get(3)?)))?
        .collect::<rusqlite::Result<Vec<(i64, BatchId, Option<u32>, Option<u32>)>>>()?;
    let same = |declared: Option<u32>, then: Option<u32>| declared.is_none() || declared == then;
    for (key, id, sheets, pages) in batches {
        if same(now.declared_sheets, sheets) && same(now.declared_pages, pages) && lives(tx, key)? {
            return Ok(Some((key, id)));
        }
    }
    Ok(None)
}

/// Makes the arrivals the originals of a batch, in order.
fn own(tx: &Connection, batch: i64, arrivals: &[Received]) -> Result<()> {
    let mut original = tx.prepare_cached(
        "INSERT INTO original (batch, ordinal, arrival, digest, size, name, received)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    let mut owned = tx.prepare_cached("UPDATE arrival SET batch = ?2, duplicate_of = NULL WHERE key = ?1")?;
    for (ordinal, received) in arrivals.iter().enumerate() {
        let arrival = &received.arrival;
        original.execute(params![
            batch,
            ordinal as i64,
            received.key,
            arrival.digest.0,
            arrival.size as i64,
            arrival.name,
            Millis(arrival.at)
        ])?;
        owned.execute(params![received.key, batch])?;
    }
    Ok(())
}

/// Priorities as they sort.
pub(super) const fn priority_rank(priority: Priority) -> i64 {
    match priority {
        Priority::Normal => 0,
        Priority::Stat => 1,
    }
}
