//! Is every sheet accounted for, from what was declared to what can be found?
//!
//! The page ledger of a batch: declared → received → counted → read → in its place. Whether it is searchable only the
//! index knows. A ledger that does not add up is a gap, and a gap is an alarm.

use records::ids::BatchId;
use rusqlite::{Connection, params};
use serde::Serialize;

use super::columns::{Millis, now};
use super::report::PlaceCounts;
use crate::error::Result;
use crate::open::Archive;

/// One batch's ledger. Pages are images; sheets are paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ledger {
    pub batch: BatchId,
    pub station: String,
    /// `waiting`, `reading`, `filed` or `failed`.
    pub state: String,
    /// What a sidecar, index file or operator declared.
    pub declared_sheets: Option<u32>,
    pub declared_pages: Option<u32>,
    pub originals: u32,
    /// Originals whose pages have been counted.
    pub counted: u32,
    /// Pages counted in them.
    pub pages: u64,
    /// Pages whose reading is safe on disk.
    pub read: u64,
    #[serde(flatten)]
    pub places: PlaceCounts,
}

impl Ledger {
    /// Pages that should be somewhere and are not, or the other way round. A batch on its way may still wait for its
    /// places, a filed one may not.
    pub fn gap(&self) -> u64 {
        match self.state.as_str() {
            "filed" => {
                self.pages.abs_diff(self.places.all())
                    + self.places.pending
                    + u64::from(self.originals - self.counted)
            }
            _ => self.places.all().saturating_sub(self.pages),
        }
    }
}

/// Batches looked at for gaps by [`Archive::ledger_gaps`], which is asked every few seconds.
const RECENT: i64 = 200;

impl Archive {
    /// The ledger of one batch.
    pub fn ledger(&self, batch: &BatchId) -> Result<Ledger> {
        self.0.catalogue.read(|c| {
            let key = super::columns::batch_key(c, batch)?;
            one(c, key)
        })
    }

    /// Ledgers of the batches that are on the line or given up, oldest first, at most so many.
    pub fn open_ledgers(&self, most: usize) -> Result<Vec<Ledger>> {
        let sql = "SELECT key FROM batch WHERE state <> 'filed' ORDER BY created, key LIMIT ?1";
        self.0.catalogue.read(|c| several(c, sql, most as i64))
    }

    /// Ledgers that do not add up, among the open batches and those filed last; `verify` looks at all.
    pub fn ledger_gaps(&self) -> Result<Vec<Ledger>> {
        self.0.catalogue.read(|c| {
            let mut ledgers = several(c, "SELECT key FROM batch WHERE state <> 'filed' LIMIT ?1", RECENT)?;
            ledgers.extend(several(
                c,
                "SELECT key FROM batch WHERE state = 'filed' ORDER BY key DESC LIMIT ?1",
                RECENT,
            )?);
            ledgers.retain(|ledger| ledger.gap() > 0);
            Ok(ledgers)
        })
    }

    /// Batches filed longer ago than this and not followed by an index that has come to `position`: pages that nobody
    /// can find although they are filed.
    pub fn filed_but_not_findable(&self, position: u64, after_s: i64) -> Result<u64> {
        self.0.catalogue.read(|c| {
            let before = now() - jiff::SignedDuration::from_secs(after_s);
            let sql = "SELECT count(DISTINCT batch) FROM change WHERE position > ?1 AND at < ?2";
            let count: i64 = c
                .prepare_cached(sql)?
                .query_row(params![position as i64, Millis(before)], |row| row.get(0))?;
            Ok(count.unsigned_abs())
        })
    }
}

fn several(c: &Connection, keys: &str, most: i64) -> Result<Vec<Ledger>> {
    let mut rows = c.prepare_cached(keys)?;
    let keys = rows.query_map([most], |row| row.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()?;
    keys.into_iter().map(|key| one(c, key)).collect()
}

fn one(c: &Connection, key: i64) -> Result<Ledger> {
    let places = "SELECT place, count(*) FROM place WHERE batch = ?1 GROUP BY place";
    let places = PlaceCounts::count(c, places, key)?;
    let mut ledger = c.prepare_cached(
        "SELECT b.id, b.station, b.state, b.declared_sheets, b.declared_pages, count(o.ordinal), count(o.pages),
             coalesce(sum(o.pages), 0), (SELECT count(offset) FROM place WHERE batch = b.key)
         FROM batch b LEFT JOIN original o ON o.batch = b.key WHERE b.key = ?1 GROUP BY b.key",
    )?;
    Ok(ledger.query_row([key], |row| {
        Ok(Ledger {
            batch: BatchId(row.get(0)?),
            station: row.get(1)?,
            state: row.get(2)?,
            declared_sheets: row.get(3)?,
            declared_pages: row.get(4)?,
            originals: row.get(5)?,
            counted: row.get(6)?,
            pages: row.get::<_, i64>(7)?.unsigned_abs(),
            read: row.get::<_, i64>(8)?.unsigned_abs(),
            places,
        })
    })?)
}
