//! Where are the readings of a batch, and which of its pages are read?

use std::collections::BTreeMap;

use records::ids::{BatchId, ExceptionId, PageNumber};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::Lane;
use super::columns::batch_key;
use super::line::{Lease, holds_lease};
use crate::error::{ArchiveError, Result};
use crate::instance::LineLock;
use crate::open::Archive;
use crate::pack::{PackReader, PackWriter, ReadPage, Span, pack_path};

/// Pages reported in one transaction.
const PIECE: usize = 2_000;

impl Archive {
    /// The batch's reading pack, for appending. What a dead worker had read and not yet reported is taken over.
    pub fn pack_writer(&self, lease: &Lease) -> Result<PackWriter> {
        let path = self.pack(&lease.batch);
        let stored = std::fs::metadata(&path).map_or(0, |pack| pack.len());
        let (reported, spans) = self.0.catalogue.write(Lane::Line, |tx| {
            holds_lease(tx, lease)?;
            // A pack that is shorter than what is known of it (a restore without it): those pages are read again.
            tx.prepare_cached("UPDATE place SET offset = NULL WHERE batch = ?1 AND offset + length > ?2")?
                .execute(params![lease.key, stored as i64])?;
            let spans = spans(tx, lease.key)?;
            let last = spans.values().map(|span| span.offset + span.length).max().unwrap_or(0);
            let reported: i64 = tx
                .prepare_cached(
                    "UPDATE batch SET pack_end = iif(pack_end > ?2, ?3, pack_end) WHERE key = ?1
                     RETURNING pack_end",
                )?
                .query_row(params![lease.key, stored as i64, last as i64], |row| row.get(0))?;
            Ok::<_, ArchiveError>((reported as u64, spans))
        })?;
        let (pack, found) = PackWriter::open(&path, reported, spans.into_keys().collect())?;
        self.pages_read(lease, &found)?;
        Ok(pack)
    }

    /// Reports pages whose readings are safe on disk (from [`PackWriter::sync`]).
    pub fn pages_read(&self, lease: &Lease, pages: &[ReadPage]) -> Result<()> {
        for piece in pages.chunks(PIECE) {
            self.0.catalogue.write(Lane::Line, |tx| {
                holds_lease(tx, lease)?;
                report(tx, lease.key, piece)
            })?;
        }
        Ok(())
    }

    /// The readings of the leased batch.
    pub fn readings(&self, lease: &Lease) -> Result<PackReader> {
        self.readings_of(&lease.batch, lease.key)
    }

    /// The readings of the batch an exception is in, for judging again.
    pub fn readings_to_judge(&self, _line: &LineLock, exception: &ExceptionId) -> Result<PackReader> {
        let (id, key) = self.0.catalogue.read(|c| {
            c.prepare_cached(
                "SELECT b.id, b.key FROM exception x JOIN batch b ON b.key = x.batch
                 WHERE x.id = ?1 AND x.state <> 'staged'",
            )?
            .query_row([exception.0], |row| Ok((BatchId(row.get(0)?), row.get(1)?)))
            .optional()?
            .ok_or(ArchiveError::Unknown { what: "exception" })
        })?;
        self.readings_of(&id, key)
    }

    /// The readings of a filed batch, to hold them against pages that look the same.
    pub fn readings_to_compare(&self, _line: &LineLock, batch: &BatchId) -> Result<PackReader> {
        let key = self.0.catalogue.read(|c| batch_key(c, batch))?;
        self.readings_of(batch, key)
    }

    pub(super) fn readings_of(&self, batch: &BatchId, key: i64) -> Result<PackReader> {
        PackReader::open(&self.pack(batch), self.0.catalogue.read(|c| spans(c, key))?)
    }

    pub(crate) fn pack(&self, batch: &BatchId) -> std::path::PathBuf {
        pack_path(&self.0.dir.join("packs"), batch)
    }
}

/// Where the readings of a batch lie in its pack.
pub(super) fn spans(c: &Connection, batch: i64) -> Result<BTreeMap<PageNumber, Span>> {
    let mut rows =
        c.prepare_cached("SELECT page, offset, length FROM place WHERE batch = ?1 AND offset IS NOT NULL")?;
    let rows = rows.query_map([batch], |row| {
        let span = Span { offset: row.get::<_, i64>(1)? as u64, length: row.get::<_, i64>(2)? as u64 };
        Ok((PageNumber(row.get(0)?), span))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn report(tx: &Connection, batch: i64, pages: &[ReadPage]) -> Result<()> {
    let mut put = tx.prepare_cached(
        "UPDATE place SET offset = ?3, length = ?4, reader = ?5, blank = ?6, readable = ?7, words = ?8,
             confidence = ?9 WHERE batch = ?1 AND page = ?2",
    )?;
    for page in pages {
        let known = put.execute(params![
            batch,
            page.page.0,
            page.offset as i64,
            page.length as i64,
            reader_key(tx, &page.reader.0)?,
            page.blank,
            page.readable,
            page.words,
            f64::from(page.confidence)
        ])?;
        if known == 0 {
            return Err(ArchiveError::Unknown { what: "page of the batch" });
        }
    }
    let end = pages.iter().map(|page| page.offset + page.length).max().unwrap_or(0);
    tx.prepare_cached("UPDATE batch SET pack_end = max(pack_end, ?2) WHERE key = ?1")?
        .execute(params![batch, end as i64])?;
    Ok(())
}

/// Reader versions are few and long: pages carry a number for them.
fn reader_key(tx: &Connection, version: &str) -> Result<i64> {
    let known = tx
        .prepare_cached("SELECT key FROM reader WHERE version = ?1")?
        .query_row([version], |row| row.get(0))
        .optional()?;
    if let Some(key) = known {
        return Ok(key);
    }
    tx.prepare_cached("INSERT INTO reader (version) VALUES (?1)")?.execute([version])?;
    Ok(tx.last_insert_rowid())
}
