//! Is every page accounted for, and is everything still what it was?

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use records::ids::{BatchId, Digest};
use rusqlite::Connection;
use serde::Serialize;

use super::columns::{Millis, now};
use super::readings::spans;
use super::report::PlaceCounts;
use crate::error::{ArchiveError, Result};
use crate::open::Archive;
use crate::pack::PackReader;

/// The catalogue's part of `verify --json`; `index_behind` is added by whoever has the index.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct VerifyReport {
    /// Nothing unaccounted and nothing corrupt.
    pub ok: bool,
    pub batches: u64,
    pub pages: u64,
    pub in_documents: u64,
    pub in_exceptions: u64,
    pub control_sheets: u64,
    pub blank: u64,
    pub superseded: u64,
    pub void: u64,
    pub set_aside: u64,
    pub pending: u64,
    /// Pages without a place, or whose place does not know of them.
    pub unaccounted: u64,
    /// Files received more than a day ago that are in no batch.
    pub unbatched: u64,
    /// Originals and readings that are missing or not what was stored.
    pub corrupt: u64,
    /// Stored objects and packs nothing refers to. No harm, no loss.
    pub orphans: u64,
    /// What was found, batch by batch, without patient data.
    pub problems: Vec<String>,
}

impl Archive {
    /// Proves that every page of every batch is in exactly one place. `full` also hashes every original and every
    /// reading; else their presence and size are checked.
    pub fn verify(&self, full: bool) -> Result<VerifyReport> {
        let mut report = VerifyReport::default();
        let (originals, batches) = self.0.catalogue.read(|c| {
            count_pages(c, &mut report)?;
            check_homes(c, &mut report)?;
            Ok::<_, ArchiveError>((originals(c)?, batches(c)?))
        })?;
        let known: HashSet<Digest> = originals.iter().map(|original| original.digest).collect();
        let bad = each(&originals, |original| self.original_is_whole(original, full))?;
        for original in bad {
            let (digest, batch) = (original.digest, original.batch);
            report.fault(1, format!("batch {batch}: original {digest} is missing or damaged"));
        }
        let bad = each(&batches, |(key, id)| Ok(self.bad_readings(*key, id, full)? == 0))?;
        for (key, id) in bad {
            let count = self.bad_readings(*key, id, full)?;
            report.fault(count, format!("batch {id}: {count} readings are missing or damaged"));
        }
        let arrivals = self.0.catalogue.read(arrival_digests)?;
        let stray = |digest: &Digest| !known.contains(digest) && !arrivals.contains(digest);
        report.orphans = self.vault().objects().filter(stray).count() as u64;
        report.unbatched = self.0.catalogue.read(stray_arrivals)?;
        if report.unbatched > 0 {
            let problem = format!("{} files are in no batch; the running line holds them", report.unbatched);
            report.problems.push(problem);
        }
        report.ok = report.unaccounted + report.corrupt + report.unbatched == 0;
        Ok(report)
    }

    fn original_is_whole(&self, original: &Original, full: bool) -> Result<bool> {
        if full {
            return self.vault().check(&original.digest);
        }
        let path = self.vault().path(&original.digest);
        Ok(std::fs::metadata(path).is_ok_and(|stored| stored.len() == original.size))
    }

    fn bad_readings(&self, key: i64, id: &BatchId, full: bool) -> Result<u64> {
        let spans = self.0.catalogue.read(|c| spans(c, key))?;
        if spans.is_empty() {
            return Ok(0);
        }
        let pack = PackReader::open(&self.pack(id), spans)?;
        Ok(pack.pages().filter(|page| !pack.holds(*page, full)).count() as u64)
    }
}

impl VerifyReport {
    fn fault(&mut self, corrupt: u64, problem: String) {
        self.corrupt += corrupt;
        self.problems.push(problem);
    }
}

/// Every surveyed page has a place, and a filed batch has none that waits.
fn count_pages(c: &Connection, report: &mut VerifyReport) -> Result<()> {
    let counts = PlaceCounts::count(c, "SELECT place, count(*) FROM place WHERE ?1 = 0 GROUP BY place", 0)?;
    report.batches = c.query_row("SELECT count(*) FROM batch", [], |row| row.get::<_, i64>(0))? as u64;
    report.in_documents = counts.in_documents;
    report.in_exceptions = counts.in_exceptions;
    report.control_sheets = counts.control_sheets;
    report.blank = counts.blank;
    report.superseded = counts.superseded;
    report.void = counts.void;
    report.set_aside = counts.set_aside;
    report.pending = counts.pending;
    report.pages = counts.all();
    let mut rows = c.prepare(
        "SELECT b.id, b.state,
             (SELECT coalesce(sum(pages), 0) FROM original WHERE batch = b.key AND first_page IS NOT NULL),
             (SELECT count(*) FROM place JOIN original o ON o.batch = place.batch AND o.ordinal = place.original
              WHERE place.batch = b.key AND o.first_page IS NOT NULL),
             (SELECT count(*) FROM place WHERE batch = b.key AND place = 0),
             (SELECT count(*) FROM original WHERE batch = b.key AND first_page IS NULL),
             (SELECT count(*) FROM place WHERE batch = b.key AND place IN (1, 2) AND offset IS NULL
                AND b.state <> 'failed')
         FROM batch b",
    )?;
    let mut rows = rows.query([])?;
    while let Some(row) = rows.next()? {
        let (id, state) = (BatchId(row.get(0)?), row.get::<_, String>(1)?);
        let number = |column: usize| -> rusqlite::Result<u64> { Ok(row.get::<_, i64>(column)? as u64) };
        let (surveyed, placed, pending) = (number(2)?, number(3)?, number(4)?);
        let (unsurveyed, unread) = (number(5)?, number(6)?);
        // A page that the survey counted and that has no place is a page of the total too.
        report.pages += surveyed.saturating_sub(placed);
        let mut lost = surveyed.abs_diff(placed);
        if state == "filed" {
            lost += pending + unsurveyed;
        }
        if lost > 0 {
            report.unaccounted += lost;
            report.problems.push(format!("batch {id}: {lost} pages are in no place"));
        }
        if unread > 0 {
            report.fault(unread, format!("batch {id}: {unread} pages have no reading"));
        }
    }
    Ok(())
}

/// Every page knows its document or exception, and that knows the page, once.
fn check_homes(c: &Connection, report: &mut VerifyReport) -> Result<()> {
    for (table, own, place, states) in
        [("document", "document", 1, "'filed', 'quarantined'"), ("exception", "exception", 2, "'open'")]
    {
        let listed: i64 = c.query_row(
            &format!(
                "SELECT coalesce(sum(r.last - r.first + 1), 0) FROM {table} h JOIN {table}_run r ON r.{own} = h.key
                 WHERE h.state IN ({states})"
            ),
            [],
            |row| row.get(0),
        )?;
        let agreeing: i64 = c.query_row(
            &format!(
                "SELECT count(*) FROM {table} h JOIN {table}_run r ON r.{own} = h.key
                 JOIN place p ON p.batch = r.batch AND p.page BETWEEN r.first AND r.last
                 WHERE h.state IN ({states}) AND p.place = {place} AND p.home = h.key"
            ),
            [],
            |row| row.get(0),
        )?;
        let placed: i64 =
            c.query_row("SELECT count(*) FROM place WHERE place = ?1", [place], |row| row.get(0))?;
        let astray = listed.abs_diff(agreeing) + placed.abs_diff(agreeing);
        if astray > 0 {
            report.unaccounted += astray;
            report.problems.push(format!("{astray} pages and the {table}s that list them disagree"));
        }
    }
    let lost: i64 = c.query_row(
        "SELECT count(*) FROM place p WHERE p.place = 5 AND NOT EXISTS (
             SELECT 1 FROM rescan r WHERE r.batch = p.batch AND p.page BETWEEN r.old_first AND r.old_last
                 AND r.outcome IN ('home', 'taken'))",
        [],
        |row| row.get(0),
    )?;
    if lost > 0 {
        report.unaccounted += lost.unsigned_abs();
        report.problems.push(format!("{lost} pages are superseded by nothing"));
    }
    Ok(())
}

struct Original {
    digest: Digest,
    size: u64,
    batch: BatchId,
}

/// Every original once, with the first batch it is in.
fn originals(c: &Connection) -> Result<Vec<Original>> {
    let mut rows = c.prepare(
        "SELECT o.digest, o.size, b.id FROM original o JOIN batch b ON b.key = o.batch
         GROUP BY o.digest HAVING o.batch = min(o.batch)",
    )?;
    let rows = rows.query_map([], |row| {
        Ok(Original {
            digest: Digest(row.get(0)?),
            size: row.get::<_, i64>(1)? as u64,
            batch: BatchId(row.get(2)?),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn batches(c: &Connection) -> Result<Vec<(i64, BatchId)>> {
    let mut rows = c.prepare("SELECT key, id FROM batch ORDER BY key")?;
    let rows = rows.query_map([], |row| Ok((row.get(0)?, BatchId(row.get(1)?))))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Files that have been in no batch for longer than any job takes to close.
fn stray_arrivals(c: &Connection) -> Result<u64> {
    let sql = "SELECT count(*) FROM arrival WHERE batch IS NULL AND duplicate_of IS NULL AND at < ?1";
    let before = now() - jiff::SignedDuration::from_hours(26);
    let count: i64 = c.query_row(sql, [Millis(before)], |row| row.get(0))?;
    Ok(count.unsigned_abs())
}

/// Digests of everything that ever came, in a batch or not.
fn arrival_digests(c: &Connection) -> Result<HashSet<Digest>> {
    let mut rows = c.prepare("SELECT DISTINCT digest FROM arrival")?;
    let rows = rows.query_map([], |row| Ok(Digest(row.get(0)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Those of the items that do not hold, found on all cores.
fn each<T: Sync>(items: &[T], holds: impl Fn(&T) -> Result<bool> + Sync) -> Result<Vec<&T>> {
    let next = AtomicUsize::new(0);
    let found: Mutex<Result<Vec<usize>>> = Mutex::new(Ok(Vec::new()));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores.min(items.len()) {
            scope.spawn(|| {
                while let Some((at, item)) = Some(next.fetch_add(1, Ordering::Relaxed))
                    .and_then(|at| items.get(at).map(|item| (at, item)))
                {
                    let held = holds(item);
                    let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
                    match (held, &mut *found) {
                        (Ok(true), _) | (_, Err(_)) => {}
                        (Ok(false), Ok(bad)) => bad.push(at),
                        (Err(error), _) => *found = Err(error),
                    }
                }
            });
        }
    });
    let mut bad = found.into_inner().unwrap_or_else(PoisonError::into_inner)?;
    bad.sort_unstable();
    Ok(bad.into_iter().map(|at| &items[at]).collect())
}
