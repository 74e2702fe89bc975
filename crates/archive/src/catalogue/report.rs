//! How does it stand?

use std::collections::BTreeMap;

use jiff::Timestamp;
use records::ids::{BatchId, PageNumber};
use rusqlite::Connection;
use serde::Serialize;

use super::backups::last_verified;
use super::charts::{DocumentFilter, DocumentRow, documents};
use super::columns::{BLANK, CONTROL_SHEET, Millis, SUPERSEDED, batch_key, now};
use super::disposing::dispositions;
use super::line::{BatchRow, batch_row};
use super::retry::{Retrying, retrying};
use super::sources::patient_contact;
use super::worklist::{ExceptionRow, exceptions};
use crate::error::Result;
use crate::open::Archive;

/// Where the pages are: together they are all pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PlaceCounts {
    pub pending: u64,
    pub in_documents: u64,
    pub in_exceptions: u64,
    pub control_sheets: u64,
    pub blank: u64,
    pub superseded: u64,
    pub void: u64,
    pub set_aside: u64,
}

/// Everything about one batch.
#[derive(Clone, Debug)]
pub struct BatchReport {
    pub batch: BatchRow,
    pub places: PlaceCounts,
    /// Pages whose reading is safe on disk.
    pub read: u64,
    /// Also withdrawn ones.
    pub documents: Vec<DocumentRow>,
    /// Also resolved ones.
    pub exceptions: Vec<ExceptionRow>,
    pub control_sheets: Vec<PageNumber>,
    pub blanks: Vec<PageNumber>,
    /// Pages in whose place another picture of them is.
    pub superseded: Vec<PageNumber>,
    /// Arrivals that brought the same bytes again.
    pub duplicates: u64,
}

/// What a person wants to know first. Serialises as the catalogue's part of `status --json`.
#[derive(Clone, Debug, Serialize)]
pub struct Status {
    /// Batches not yet filed.
    pub waiting: u64,
    pub oldest_waiting_s: Option<u64>,
    pub stations: Vec<StationStatus>,
    /// Open exceptions and doubts.
    pub worklist: u64,
    /// Those of them that are about something filed.
    pub doubts: u64,
    /// Filed documents of which nobody has said what they are, and how long the first has waited.
    pub untyped: u64,
    pub oldest_untyped_s: Option<u64>,
    /// What persons said pages are instead of a chart's, and how often: `misdirected`, `route:BILLING`.
    pub dispositions: BTreeMap<String, u64>,
    pub alarms: Vec<String>,
    /// Batches given up.
    pub failed: u64,
    /// Batches that met a fault three times or more and are tried again by themselves.
    pub failing: u64,
    /// Batches that met a passing fault and are tried again by themselves; the next twenty.
    pub retrying: Vec<Retrying>,
    pub batches: u64,
    pub patients_last_contact: Option<Timestamp>,
    pub first_batch: Option<Timestamp>,
    /// When the last backup was begun all of which has been hashed again.
    pub last_verified_backup: Option<Timestamp>,
    /// Originals found damaged.
    pub damaged: u64,
    /// Per cent of the line's dispositions that were held for a person: of [`Status::HELD_OVER`] of them, and of as
    /// many after those, the last. Absent until there have been enough.
    pub held_share: Option<(u64, u64)>,
}

impl Status {
    /// Dispositions (documents and exceptions of the line) over which the held ones are counted.
    pub const HELD_OVER: u64 = 200;
}

#[derive(Clone, Debug, Serialize)]
pub struct StationStatus {
    pub name: String,
    /// When its last file came.
    pub last_file: Option<Timestamp>,
    /// Its batches that are not yet filed.
    pub backlog: u64,
}

impl PlaceCounts {
    pub const fn all(&self) -> u64 {
        self.pending
            + self.in_documents
            + self.in_exceptions
            + self.control_sheets
            + self.blank
            + self.superseded
            + self.void
            + self.set_aside
    }

    /// From rows of place and count.
    pub(super) fn count(c: &Connection, sql: &str, key: i64) -> Result<Self> {
        let mut counts = Self::default();
        let mut rows = c.prepare_cached(sql)?;
        let rows = rows.query_map([key], |row| Ok((row.get(0)?, row.get::<_, i64>(1)? as u64)))?;
        for row in rows {
            let (place, count): (i64, u64) = row?;
            *[
                &mut counts.pending,
                &mut counts.in_documents,
                &mut counts.in_exceptions,
                &mut counts.control_sheets,
                &mut counts.blank,
                &mut counts.superseded,
                &mut counts.void,
                &mut counts.set_aside,
            ][place as usize & 7] += count;
        }
        Ok(counts)
    }
}

impl Archive {
    /// Everything about one batch.
    pub fn batch_report(&self, id: &BatchId) -> Result<BatchReport> {
        self.0.catalogue.read(|c| {
            let key = batch_key(c, id)?;
            let count = |sql: &str| -> Result<u64> {
                Ok(c.prepare_cached(sql)?.query_row([key], |row| row.get::<_, i64>(0))? as u64)
            };
            let pages = |place: i64| -> Result<Vec<PageNumber>> {
                let mut rows =
                    c.prepare_cached("SELECT page FROM place WHERE batch = ?1 AND place = ?2 ORDER BY page")?;
                let rows = rows.query_map([key, place], |row| Ok(PageNumber(row.get(0)?)))?;
                Ok(rows.collect::<rusqlite::Result<_>>()?)
            };
            let by_place = "SELECT place, count(*) FROM place WHERE batch = ?1 GROUP BY place";
            let of_batch = "x.batch = ?1 AND x.state <> 'staged' ORDER BY x.first_page, x.issue";
            Ok(BatchReport {
                batch: batch_row(c, id)?,
                places: PlaceCounts::count(c, by_place, key)?,
                read: count("SELECT count(offset) FROM place WHERE batch = ?1")?,
                documents: documents(
                    c,
                    &DocumentFilter { batch: Some(*id), withdrawn: true, ..DocumentFilter::default() },
                )?,
                exceptions: exceptions(c, of_batch, key)?,
                control_sheets: pages(CONTROL_SHEET)?,
                blanks: pages(BLANK)?,
                superseded: pages(SUPERSEDED)?,
                duplicates: count("SELECT count(*) FROM arrival WHERE duplicate_of = ?1")?,
            })
        })
    }

    /// Bytes of all originals together.
    pub fn original_bytes(&self) -> Result<u64> {
        self.0.catalogue.read(|c| {
            let sum: i64 =
                c.query_row("SELECT coalesce(sum(size), 0) FROM original", [], |row| row.get(0))?;
            Ok(sum.unsigned_abs())
        })
    }

    /// How it stands now.
    pub fn status(&self) -> Result<Status> {
        self.0.catalogue.read(|c| {
            let count = |sql: &str| -> Result<u64> {
                Ok(c.prepare_cached(sql)?.query_row([], |row| row.get::<_, i64>(0))? as u64)
            };
            let time = |sql: &str| -> Result<Option<Timestamp>> {
                let at: Option<Millis> = c.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
                Ok(at.map(|at| at.0))
            };
            let oldest = time("SELECT min(created) FROM batch WHERE state IN ('waiting', 'reading')")?;
            let age = |at: Timestamp| u64::try_from(now().duration_since(at).as_secs()).unwrap_or(0);
            // Given up, and nobody has decided about its pages yet. (Before there was an exception for it: no row.)
            let failed = count(
                "SELECT count(*) FROM batch b WHERE state = 'failed'
                 AND (EXISTS (SELECT 1 FROM exception WHERE batch = b.key AND state = 'open')
                      OR NOT EXISTS (SELECT 1 FROM exception WHERE batch = b.key))",
            )?;
            let doubts = count("SELECT count(*) FROM doubt WHERE state = 'open'")?;
            Ok(Status {
                waiting: count("SELECT count(*) FROM batch WHERE state IN ('waiting', 'reading')")?,
                oldest_waiting_s: oldest.map(age),
                stations: stations(c)?,
                worklist: count("SELECT count(*) FROM exception WHERE state = 'open'")? + doubts,
                doubts,
                untyped: count(&format!("SELECT count(*) {UNTYPED}"))?,
                oldest_untyped_s: time(&format!("SELECT min(filed_at) {UNTYPED}"))?.map(age),
                dispositions: dispositions(c)?,
                alarms: alarms(count("SELECT count(*) FROM patient WHERE flags & 8")?),
                failed,
                failing: count(
                    "SELECT count(*) FROM batch WHERE state IN ('waiting', 'reading') AND attempts >= 3",
                )?,
                retrying: retrying(c, 20)?,
                batches: count("SELECT count(*) FROM batch")?,
                patients_last_contact: patient_contact(c, &self.0.settings.sources)?,
                first_batch: time("SELECT min(created) FROM batch")?,
                last_verified_backup: last_verified(c)?,
                damaged: count("SELECT count(*) FROM object_check WHERE NOT whole")?,
                held_share: held_share(c)?,
            })
        })
    }
}

const UNTYPED: &str = "FROM document WHERE state = 'filed' AND kind = 'UNSORTED'";

fn stations(c: &Connection) -> Result<Vec<StationStatus>> {
    let mut rows = c.prepare_cached(
        "SELECT s.name, s.last_file, count(b.key) FROM station s
         LEFT JOIN batch b ON b.station = s.name AND b.state IN ('waiting', 'reading')
         GROUP BY s.name ORDER BY s.name",
    )?;
    let rows = rows.query_map([], |row| {
        Ok(StationStatus {
            name: row.get(0)?,
            last_file: row.get::<_, Option<Millis>>(1)?.map(|at| at.0),
            backlog: row.get::<_, i64>(2)? as u64,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// See [`Status::held_share`]. Rows are in the order of time, so only the last ones are touched.
fn held_share(c: &Connection) -> Result<Option<(u64, u64)>> {
    let over = Status::HELD_OVER as i64;
    let share = |skip: i64| -> Result<(i64, i64)> {
        let mut asked = c.prepare_cached(
            "SELECT count(*), coalesce(sum(held), 0) FROM (
                 SELECT held FROM (
                     SELECT * FROM (SELECT 0 AS held, filed_at AS at, key FROM document
                                    WHERE issue = 0 AND state <> 'staged' ORDER BY key DESC LIMIT ?1 + ?2)
                     UNION ALL
                     SELECT * FROM (SELECT 1, created, key FROM exception
                                    WHERE issue = 0 AND state <> 'staged' ORDER BY key DESC LIMIT ?1 + ?2))
                 ORDER BY at DESC, held, key DESC LIMIT ?1 OFFSET ?2)",
        )?;
        Ok(asked.query_row([over, skip], |row| Ok((row.get(0)?, row.get(1)?)))?)
    };
    let ((last, held), (before, held_before)) = (share(0)?, share(over)?);
    let per_cent = |held: i64| (held * 100 / over).unsigned_abs();
    Ok((last == over && before == over).then(|| (per_cent(held_before), per_cent(held))))
}

fn alarms(frozen: u64) -> Vec<String> {
    let mut alarms = Vec::new();
    if frozen > 0 {
        alarms.push(format!("{frozen} charts are frozen: one record seems to hold two people"));
    }
    alarms
}
