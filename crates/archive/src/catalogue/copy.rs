//! What does a copy of the catalogue name, that must lie beside it in a backup?

use std::collections::HashMap;
use std::path::Path;

use records::ids::{BatchId, Digest, Epoch};
use rusqlite::{Connection, OpenFlags};

use super::audit::{Anchor, last_entry};
use super::readings::spans;
use crate::error::{ArchiveError, Result};
use crate::pack::PackReader;

/// A catalogue that nobody writes, opened where it lies.
pub(crate) struct CatalogueCopy(Connection);

/// An original and what it is part of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NamedOriginal {
    pub(crate) digest: Digest,
    /// Bytes.
    pub(crate) size: u64,
    /// The first batch it is in; none yet where its job is not closed.
    pub(crate) batch: Option<BatchId>,
}

/// A reading pack and how much of it the copy knows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NamedPack {
    key: i64,
    pub(crate) batch: BatchId,
    /// Bytes from its beginning.
    pub(crate) end: u64,
}

/// What a copy says of itself.
#[derive(Clone, Debug)]
pub(crate) struct CopyFacts {
    pub(crate) epoch: Epoch,
    pub(crate) schema: i64,
    pub(crate) position: u64,
    pub(crate) batches: u64,
    pub(crate) pages: u64,
    pub(crate) audit: Anchor,
}

impl CatalogueCopy {
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Ok(Self(Connection::open_with_flags(path, flags)?))
    }

    /// Whether the database holds together.
    pub(crate) fn is_sound(&self) -> bool {
        let said = self.0.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
        said.is_ok_and(|said| said == "ok")
    }

    pub(crate) fn facts(&self) -> Result<CopyFacts> {
        let number = |sql: &str| -> Result<u64> {
            Ok(self.0.query_row(sql, [], |row| row.get::<_, i64>(0))?.unsigned_abs())
        };
        Ok(CopyFacts {
            epoch: Epoch(self.0.query_row("SELECT value FROM meta WHERE name = 'epoch'", [], |r| r.get(0))?),
            schema: self.0.query_row("PRAGMA user_version", [], |row| row.get(0))?,
            position: number("SELECT coalesce(max(position), 0) FROM change")?,
            batches: number("SELECT count(*) FROM batch")?,
            pages: number("SELECT count(*) FROM place")?,
            audit: last_entry(&self.0)?,
        })
    }

    /// Everything that ever came, each once.
    pub(crate) fn originals(&self) -> Result<Vec<NamedOriginal>> {
        let mut rows = self.0.prepare(
            "SELECT a.digest, max(a.size), b.id, min(a.key) FROM arrival a
             LEFT JOIN batch b ON b.key = coalesce(a.batch, a.duplicate_of) GROUP BY a.digest",
        )?;
        let rows = rows.query_map([], |row| {
            Ok(NamedOriginal {
                digest: Digest(row.get(0)?),
                size: row.get::<_, i64>(1)? as u64,
                batch: row.get::<_, Option<_>>(2)?.map(BatchId),
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Packs with at least one reading.
    pub(crate) fn packs(&self) -> Result<Vec<NamedPack>> {
        let mut ends: HashMap<i64, i64> = HashMap::new();
        let mut rows = self.0.prepare(
            "SELECT batch, max(offset + length) FROM place WHERE offset IS NOT NULL GROUP BY batch",
        )?;
        for row in rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))? {
            let (batch, end) = row?;
            ends.insert(batch, end);
        }
        let mut packs = Vec::new();
        let mut rows = self.0.prepare("SELECT key, id, pack_end FROM batch ORDER BY key")?;
        for row in rows.query_map([], |row| Ok((row.get(0)?, BatchId(row.get(1)?), row.get(2)?)))? {
            let (key, batch, reported): (i64, BatchId, i64) = row?;
            if let Some(end) = ends.get(&key) {
                packs.push(NamedPack { key, batch, end: reported.max(*end).unsigned_abs() });
            }
        }
        Ok(packs)
    }

    /// How many of the readings that the copy knows are not in the pack at that path as they were written.
    pub(crate) fn bad_readings(&self, pack: &NamedPack, at: &Path) -> Result<u64> {
        let reader = PackReader::open(at, spans(&self.0, pack.key)?)?;
        Ok(reader.pages().filter(|page| !reader.holds(*page, true)).count() as u64)
    }
}

impl super::Catalogue {
    /// A consistent copy of the whole catalogue as of one moment, while others write. It is not yet on disk.
    pub(crate) fn copy_into(&self, path: &Path) -> Result<()> {
        let connection = super::connect(&self.path, self.patience)?;
        let name = path.to_str().ok_or(ArchiveError::BadBackup { why: "its path is not valid UTF-8" })?;
        connection.execute("VACUUM INTO ?1", [name])?;
        Ok(())
    }
}
