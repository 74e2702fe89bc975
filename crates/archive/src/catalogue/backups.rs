//! Which backups were begun, which are verified, and what is damaged meanwhile?

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use records::ids::{BatchId, Digest};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::Lane;
use super::audit::{Action, AuditEntry, append};
use super::columns::{Millis, now};
use crate::error::{ArchiveError, Result};
use crate::open::Archive;

/// A backup on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupRow {
    pub(crate) id: [u8; 16],
    pub destination: PathBuf,
    /// It holds what was received before.
    pub begun: Timestamp,
    /// When all of it had been found to be what it should be, where it lies.
    pub verified: Option<Timestamp>,
}

/// An original that is not what was stored, and one of the batches it hits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damage {
    pub digest: Digest,
    pub batch: BatchId,
    /// When it was found.
    pub found: Timestamp,
}

impl Archive {
    /// The newest verified backup holds everything received before this moment. `None`: there is none.
    pub fn last_verified_backup(&self) -> Result<Option<Timestamp>> {
        self.0.catalogue.read(last_verified)
    }

    /// The backup begun last, however it ended.
    pub fn last_backup(&self) -> Result<Option<BackupRow>> {
        self.0.catalogue.read(|c| {
            Ok(c.prepare_cached(
                "SELECT id, destination, begun, verified FROM backup ORDER BY begun DESC, key DESC LIMIT 1",
            )?
            .query_row([], |row| {
                Ok(BackupRow {
                    id: row.get(0)?,
                    destination: PathBuf::from(row.get::<_, String>(1)?),
                    begun: row.get::<_, Millis>(2)?.0,
                    verified: row.get::<_, Option<Millis>>(3)?.map(|at| at.0),
                })
            })
            .optional()?)
        })
    }

    /// Originals that were found damaged and are not mended, batch by batch.
    pub fn damage(&self) -> Result<Vec<Damage>> {
        self.0.catalogue.read(|c| {
            let mut rows = c.prepare_cached(
                "SELECT DISTINCT k.digest, b.id, k.at, b.key FROM object_check k
                 JOIN original o ON o.digest = k.digest JOIN batch b ON b.key = o.batch
                 WHERE NOT k.whole ORDER BY b.key, k.digest",
            )?;
            let rows = rows.query_map([], |row| {
                Ok(Damage {
                    digest: Digest(row.get(0)?),
                    batch: BatchId(row.get(1)?),
                    found: row.get::<_, Millis>(2)?.0,
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Writes down that a backup begins: before anything of it is copied.
    pub(crate) fn begin_backup(&self, destination: &Path, by: &str) -> Result<BackupRow> {
        let row = BackupRow {
            id: *uuid::Uuid::new_v4().as_bytes(),
            destination: destination.to_owned(),
            begun: now(),
            verified: None,
        };
        self.0.catalogue.write(Lane::Line, |tx| {
            tx.execute(
                "INSERT INTO backup (id, destination, begun) VALUES (?1, ?2, ?3)",
                params![row.id, row.destination.to_string_lossy(), Millis(row.begun)],
            )?;
            let detail = serde_json::json!({ "destination": row.destination.to_string_lossy() });
            append(tx, &AuditEntry { detail, ..AuditEntry::new(by, Action::Execute, "backup") })?;
            Ok::<_, ArchiveError>(())
        })?;
        Ok(row)
    }

    /// Everything of this backup was hashed again where it lies now.
    pub(crate) fn backup_verified(&self, backup: &BackupRow) -> Result<()> {
        self.0.catalogue.write(Lane::Line, |tx| {
            tx.execute("UPDATE backup SET verified = ?2 WHERE id = ?1", params![backup.id, Millis(now())])?;
            Ok(())
        })
    }

    /// Writes down that an original was hashed, and what came out.
    pub(crate) fn checked(&self, digest: &Digest, whole: bool) -> Result<()> {
        self.0.catalogue.write(Lane::Line, |tx| {
            tx.prepare_cached("INSERT OR REPLACE INTO object_check (digest, at, whole) VALUES (?1, ?2, ?3)")?
                .execute(params![digest.0, Millis(now()), whole])?;
            Ok(())
        })
    }

    /// Writes down that an original came back from a backup.
    pub(crate) fn mended(&self, digest: &Digest, from: &Path, by: &str) -> Result<()> {
        self.0.catalogue.write(Lane::Desk, |tx| {
            tx.prepare_cached("INSERT OR REPLACE INTO object_check (digest, at, whole) VALUES (?1, ?2, 1)")?
                .execute(params![digest.0, Millis(now())])?;
            let detail = serde_json::json!({ "original": digest, "from": from.to_string_lossy() });
            append(tx, &AuditEntry { detail, ..AuditEntry::new(by, Action::Update, "mend-original") })?;
            Ok(())
        })
    }

    /// Whether anything with this content ever came.
    pub(crate) fn knows_original(&self, digest: &Digest) -> Result<bool> {
        self.0.catalogue.read(|c| {
            let known =
                "SELECT 1 FROM original WHERE digest = ?1 UNION ALL SELECT 1 FROM arrival WHERE digest = ?1";
            Ok(c.prepare_cached(known)?.exists([digest.0])?)
        })
    }
}

/// When the last backup that was verified had begun.
pub(super) fn last_verified(c: &Connection) -> Result<Option<Timestamp>> {
    let begun: Option<Millis> = c
        .prepare_cached("SELECT max(begun) FROM backup WHERE verified IS NOT NULL")?
        .query_row([], |row| row.get(0))?;
    Ok(begun.map(|begun| begun.0))
}
