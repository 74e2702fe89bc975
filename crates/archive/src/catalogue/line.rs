//! Which batch is next, who has it, and how far is it read?

use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use records::batch::{Grouping, Priority, Upload};
use records::exception::Reason;
use records::ids::{BatchId, Digest, PageNumber};
use records::reading::{Fault, Format, Survey};
use records::station::Profile;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::Lane;
use super::columns::{Json, Millis, now, raise_meta};
use super::intake::priority_rank;
use super::retry::hold_all;
use super::uploads;
use crate::error::{ArchiveError, Result};
use crate::open::Archive;

/// A worker's right to a batch. Ends with [`Archive::file`], [`Archive::release`], [`Archive::fail`], when it is
/// dropped, or when its process dies.
pub struct Lease {
    pub(crate) archive: Archive,
    pub(crate) batch: BatchId,
    /// Row of the batch.
    pub(crate) key: i64,
    /// Fencing token: larger with every lease ever given.
    pub(crate) token: i64,
    pub(crate) ended: AtomicBool,
}

impl Lease {
    pub fn batch(&self) -> BatchId {
        self.batch
    }
}

/// A lease that nobody ended (a panic, an early return) is given back. A dead process frees its leases by its lock.
impl Drop for Lease {
    fn drop(&mut self) {
        if !self.ended.load(Ordering::Relaxed) {
            self.archive.end_lease(self, |archive| archive.give_back(self)).ok();
        }
    }
}

impl std::fmt::Debug for Lease {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Lease({}, {})", self.batch, self.token)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchState {
    /// Closed, and nobody works on it.
    Waiting,
    /// Leased: surveyed, read, judged.
    Reading,
    /// Every page has its place.
    Filed,
    /// Given up until a person retries it.
    Failed,
}

/// A batch and its originals.
#[derive(Clone, Debug)]
pub struct BatchRow {
    pub id: BatchId,
    pub station: String,
    pub profile: Profile,
    pub priority: Priority,
    pub grouping: Grouping,
    pub held: Vec<Reason>,
    pub declared_sheets: Option<u32>,
    /// Images that an index file declared.
    pub declared_pages: Option<u32>,
    /// Whose pages they are, said who handed them in.
    pub upload: Option<Upload>,
    pub occurrence: u32,
    pub created: Timestamp,
    pub state: BatchState,
    /// Attempts that ended in a passing fault.
    pub attempts: u32,
    pub retry_at: Option<Timestamp>,
    pub fault: Option<Fault>,
    /// In order.
    pub originals: Vec<OriginalRow>,
}

impl BatchRow {
    /// Pages of all originals surveyed so far.
    pub fn pages(&self) -> u32 {
        self.originals.iter().filter_map(|original| original.pages).sum()
    }
}

/// One original of a batch.
#[derive(Clone)]
pub struct OriginalRow {
    pub digest: Digest,
    /// Bytes.
    pub size: u64,
    /// The station's file name: patient data.
    pub name: String,
    pub received: Timestamp,
    /// Absent until surveyed; 0 if it cannot be read at all (`fault`).
    pub pages: Option<u32>,
    /// Number of its first page in the batch; absent until it and all before it are surveyed.
    pub first_page: Option<PageNumber>,
    pub format: Option<Format>,
    pub fault: Option<Fault>,
    /// It can be read but is not whole.
    pub damage: Option<Fault>,
}

/// Never shows the file's name.
impl std::fmt::Debug for OriginalRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "OriginalRow({}, {:?} pages)", self.digest, self.pages)
    }
}

impl Archive {
    /// The next batch that wants work: priority first, then age. `None`: nothing to do now.
    pub fn lease_next(&self) -> Result<Option<Lease>> {
        self.lease_next_from(Priority::Normal)
    }

    /// As [`Self::lease_next`], but nothing of a lower priority.
    pub fn lease_next_from(&self, least: Priority) -> Result<Option<Lease>> {
        // Looking costs no write lock; most looks find nothing.
        if !self.0.catalogue.read(|c| Ok::<_, ArchiveError>(self.next_free(c, least)?.is_some()))? {
            return Ok(None);
        }
        self.0.catalogue.write(Lane::Line, |tx| {
            let Some((key, batch)) = self.next_free(tx, least)? else { return Ok(None) };
            let token = raise_meta(tx, "lease_token")?;
            tx.prepare_cached(
                "UPDATE batch SET state = 'reading', lease_owner = ?2, lease_token = ?3 WHERE key = ?1",
            )?
            .execute(params![key, self.0.instance.id.0, token])?;
            Ok(Some(Lease { archive: self.clone(), batch, key, token, ended: AtomicBool::new(false) }))
        })
    }

    fn next_free(&self, c: &Connection, least: Priority) -> Result<Option<(i64, BatchId)>> {
        let mut open = c.prepare_cached(
            "SELECT key, id, lease_owner, lease_token FROM batch
             WHERE state IN ('waiting', 'reading') AND (retry_at IS NULL OR retry_at <= ?1)
               AND priority >= ?2
             ORDER BY priority DESC, created, key",
        )?;
        let mut rows = open.query(params![Millis(now()), priority_rank(least)])?;
        let ended = self.0.ended_leases.lock().unwrap_or_else(PoisonError::into_inner).clone();
        // Owners are few: each is asked for its life once.
        let mut living: Vec<String> = Vec::new();
        while let Some(row) = rows.next()? {
            let owner: Option<String> = row.get(2)?;
            match owner {
                Some(owner) if owner == self.0.instance.id.0 && ended.contains(&row.get(3)?) => {
                    return Ok(Some((row.get(0)?, BatchId(row.get(1)?))));
                }
                Some(owner) if living.contains(&owner) => {}
                Some(owner) if self.0.instance.lives(&owner) => living.push(owner),
                _ => return Ok(Some((row.get(0)?, BatchId(row.get(1)?)))),
            }
        }
        Ok(None)
    }

    /// Gives a batch back undone.
    pub fn release(&self, lease: Lease) -> Result<()> {
        self.end_lease(&lease, |archive| archive.give_back(&lease))
    }

    /// Ends a lease by a write. Where that fails (a full disk), it has ended all the same: no other of this process
    /// goes on with it, and without a note here the batch would wait for this process's death.
    fn end_lease(&self, lease: &Lease, write: impl FnOnce(&Self) -> Result<()>) -> Result<()> {
        lease.ended.store(true, Ordering::Relaxed);
        let written = write(self);
        if written.is_err() {
            self.0.ended_leases.lock().unwrap_or_else(PoisonError::into_inner).insert(lease.token);
        }
        written
    }

    fn give_back(&self, lease: &Lease) -> Result<()> {
        self.0.catalogue.write(Lane::Line, |tx| {
            tx.prepare_cached(
                "UPDATE batch SET state = 'waiting', lease_owner = NULL, lease_token = NULL
                 WHERE key = ?1 AND lease_token = ?2",
            )?
            .execute([lease.key, lease.token])?;
            Ok(())
        })
    }

    /// Gives a batch back after a fault that passes: to be tried again from `retry_at` on.
    pub fn fail(&self, lease: Lease, fault: &Fault, retry_at: Timestamp) -> Result<()> {
        self.end_lease(&lease, |archive| {
            archive.0.catalogue.write(Lane::Line, |tx| {
                holds_lease(tx, &lease)?;
                tx.prepare_cached(
                    "UPDATE batch SET state = 'waiting', fault = ?2, retry_at = ?3, attempts = attempts + 1,
                         lease_owner = NULL, lease_token = NULL WHERE key = ?1",
                )?
                .execute(params![lease.key, Json(fault), Millis(retry_at)])?;
                Ok(())
            })
        })
    }

    /// Gives a batch up after a fault that lasts: its pages wait on the worklist until a person retries it.
    pub fn give_up(&self, lease: Lease, fault: &Fault) -> Result<()> {
        self.end_lease(&lease, |archive| {
            archive.0.catalogue.write(Lane::Line, |tx| {
                holds_lease(tx, &lease)?;
                hold_all(tx, archive.epoch(), &lease, fault)?;
                tx.prepare_cached(
                    "UPDATE batch SET state = 'failed', fault = ?2, retry_at = NULL, attempts = attempts + 1,
                         lease_owner = NULL, lease_token = NULL WHERE key = ?1",
                )?
                .execute(params![lease.key, Json(fault)])?;
                Ok(())
            })
        })
    }

    /// A batch and its originals.
    pub fn batch(&self, id: &BatchId) -> Result<BatchRow> {
        self.0.catalogue.read(|c| batch_row(c, id))
    }

    /// What an original (from 0) turned out to hold. The first survey counts: a batch never changes.
    pub fn surveyed(&self, lease: &Lease, original: u32, survey: &Result<Survey, Fault>) -> Result<()> {
        self.0.catalogue.write(Lane::Line, |tx| {
            holds_lease(tx, lease)?;
            let (pages, format, fault, damage) = match survey {
                Ok(survey) => {
                    (survey.pages, Some(Json(survey.format)), None, survey.damage.as_ref().map(Json))
                }
                Err(fault) => (0, None, Some(Json(fault)), None),
            };
            tx.prepare_cached(
                "UPDATE original SET pages = ?3, format = ?4, fault = ?5, damage = ?6
                 WHERE batch = ?1 AND ordinal = ?2 AND pages IS NULL",
            )?
            .execute(params![lease.key, original, pages, format, fault, damage])?;
            Ok(())
        })
    }

    /// Gives every page its number and its place, of all originals that are surveyed as all before them are. In
    /// pieces; a later call goes on where a crash ended one.
    pub fn number_pages(&self, lease: &Lease) -> Result<()> {
        loop {
            let piece = self.0.catalogue.read(|c| next_unnumbered(c, lease.key))?;
            if piece.is_empty() {
                return Ok(());
            }
            self.0.catalogue.write(Lane::Line, |tx| {
                holds_lease(tx, lease)?;
                piece.iter().try_for_each(|original| number(tx, lease.key, original))
            })?;
            tracing::trace!(target: "fault_point", "pages numbered");
        }
    }
}

/// Pages that get their place in one transaction: 2 ms.
const PIECE: u32 = 2_000;

/// An original that is surveyed and not yet numbered, as far as one piece goes.
struct Unnumbered {
    ordinal: u32,
    /// The number its first page gets.
    first: u32,
    /// Its pages that have a place already.
    from: u32,
    /// How many have one after this piece.
    upto: u32,
    pages: u32,
}

/// The next piece of work: originals in order, up to the first that is not surveyed.
fn next_unnumbered(c: &Connection, batch: i64) -> Result<Vec<Unnumbered>> {
    let mut originals = c.prepare_cached(
        "SELECT ordinal, pages, first_page FROM original WHERE batch = ?1 ORDER BY ordinal",
    )?;
    let mut originals = originals.query([batch])?;
    let (mut first, mut left, mut piece) = (1, PIECE, Vec::new());
    while let (true, Some(row)) = (left > 0, originals.next()?) {
        let Some(pages) = row.get::<_, Option<u32>>(1)? else { break };
        if row.get::<_, Option<u32>>(2)?.is_none() {
            let ordinal = row.get(0)?;
            let from: u32 = c
                .prepare_cached("SELECT count(*) FROM place WHERE batch = ?1 AND page >= ?2")?
                .query_row(params![batch, first], |row| row.get(0))?;
            let upto = pages.min(from + left);
            // An original without pages is work, too.
            left = left.saturating_sub((upto - from).max(1));
            piece.push(Unnumbered { ordinal, first, from, upto, pages });
        }
        first += pages;
    }
    Ok(piece)
}

fn number(tx: &Connection, batch: i64, original: &Unnumbered) -> Result<()> {
    let mut place = tx.prepare_cached("INSERT INTO place (batch, page, original) VALUES (?1, ?2, ?3)")?;
    for page in original.from..original.upto {
        place.execute(params![batch, original.first + page, original.ordinal])?;
    }
    if original.upto == original.pages {
        tx.prepare_cached("UPDATE original SET first_page = ?3 WHERE batch = ?1 AND ordinal = ?2")?
            .execute(params![batch, original.ordinal, original.first])?;
    }
    Ok(())
}

/// Refuses whoever has lost the batch.
pub(super) fn holds_lease(tx: &Connection, lease: &Lease) -> Result<()> {
    let holds = tx
        .prepare_cached("SELECT 1 FROM batch WHERE key = ?1 AND lease_token = ?2 AND state = 'reading'")?
        .exists([lease.key, lease.token])?;
    if holds { Ok(()) } else { Err(ArchiveError::LeaseLost { batch: lease.batch }) }
}

pub(super) fn batch_row(c: &Connection, id: &BatchId) -> Result<BatchRow> {
    let (key, mut batch) = c
        .prepare_cached(
            "SELECT key, station, profile, priority, grouping, held, declared_sheets, occurrence, created, state,
                 attempts, retry_at, fault, declared_pages FROM batch WHERE id = ?1",
        )?
        .query_row([id.0], |row| {
            Ok((
                row.get::<_, i64>(0)?,
                BatchRow {
                    id: *id,
                    station: row.get(1)?,
                    profile: row.get::<_, Json<_>>(2)?.0,
                    priority: if row.get::<_, i64>(3)? > 0 { Priority::Stat } else { Priority::Normal },
                    grouping: row.get::<_, Json<_>>(4)?.0,
                    held: row.get::<_, Json<_>>(5)?.0,
                    declared_sheets: row.get(6)?,
                    occurrence: row.get(7)?,
                    created: row.get::<_, Millis>(8)?.0,
                    state: match row.get::<_, String>(9)?.as_str() {
                        "waiting" => BatchState::Waiting,
                        "reading" => BatchState::Reading,
                        "failed" => BatchState::Failed,
                        _ => BatchState::Filed,
                    },
                    attempts: row.get(10)?,
                    retry_at: row.get::<_, Option<Millis>>(11)?.map(|at| at.0),
                    fault: row.get::<_, Option<Json<_>>>(12)?.map(|fault| fault.0),
                    declared_pages: row.get(13)?,
                    upload: None,
                    originals: Vec::new(),
                },
            ))
        })
        .optional()?
        .ok_or(ArchiveError::Unknown { what: "batch" })?;
    let mut originals = c.prepare_cached(
        "SELECT digest, size, name, received, pages, first_page, format, fault, damage FROM original
         WHERE batch = ?1 ORDER BY ordinal",
    )?;
    batch.upload = uploads::of(c, key)?;
    batch.originals = originals.query_map([key], original_row)?.collect::<rusqlite::Result<_>>()?;
    Ok(batch)
}

fn original_row(row: &Row<'_>) -> rusqlite::Result<OriginalRow> {
    Ok(OriginalRow {
        digest: Digest(row.get(0)?),
        size: row.get::<_, i64>(1)? as u64,
        name: row.get(2)?,
        received: row.get::<_, Millis>(3)?.0,
        pages: row.get(4)?,
        first_page: row.get::<_, Option<u32>>(5)?.map(PageNumber),
        format: row.get::<_, Option<Json<_>>>(6)?.map(|format| format.0),
        fault: row.get::<_, Option<Json<_>>>(7)?.map(|fault| fault.0),
        damage: row.get::<_, Option<Json<_>>>(8)?.map(|damage| damage.0),
    })
}
