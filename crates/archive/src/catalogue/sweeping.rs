//! Which filed documents have not been looked through for other people since the patient index last changed?

use records::document::IndexVersion;
use records::ids::{BatchId, DocumentId};
use rusqlite::params;

use super::Lane;
use super::audit::{Action, AuditEntry};
use super::charts::{DocumentRow, document_by_key};
use super::columns::{Millis, batch_key, meta_number, now};
use crate::error::Result;
use crate::open::Archive;
use crate::pack::PackReader;

/// Documents to be looked through, and the patient index they are to be held against.
#[derive(Clone, Debug)]
pub struct Unswept {
    /// Never looked through, then the longest ago.
    pub documents: Vec<DocumentRow>,
    pub version: IndexVersion,
}

/// What rules look through pages with. Not for people: it gives the words of every page.
#[derive(Clone)]
pub struct Examiner {
    archive: Archive,
}

impl Examiner {
    /// Readings of a batch, whatever became of its pages.
    pub fn readings(&self, batch: &BatchId) -> Result<PackReader> {
        let key = self.archive.0.catalogue.read(|c| batch_key(c, batch))?;
        self.archive.readings_of(batch, key)
    }
}

impl Archive {
    /// The door for rules that hold what is filed, or is about to be, against a person.
    pub fn examiner(&self) -> Examiner {
        Examiner { archive: self.clone() }
    }

    /// At most so many filed documents that were not looked through with the present patient index.
    pub fn unswept(&self, limit: usize) -> Result<Unswept> {
        self.0.catalogue.read(|c| {
            let version = meta_number(c, "index_version")?;
            let mut keys = c.prepare_cached(
                "SELECT key, swept_version FROM document WHERE state = 'filed' ORDER BY swept_at, key LIMIT ?1",
            )?;
            let keys = keys
                .query_map([limit as i64], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<rusqlite::Result<Vec<(i64, Option<i64>)>>>()?;
            // The order of time is that of versions: behind the first that is up to date all are.
            let due = keys.into_iter().take_while(|(_, swept)| *swept != Some(version));
            Ok(Unswept {
                documents: due.map(|(key, _)| document_by_key(c, key)).collect::<Result<_>>()?,
                version: IndexVersion(version as u64),
            })
        })
    }

    /// A sweep is on record as a whole; each doubt it raised is besides.
    pub fn record_sweep(&self, documents: u64, doubts: u64) -> Result<()> {
        let detail = serde_json::json!({ "documents": documents, "doubts": doubts });
        self.record(&AuditEntry { detail, ..AuditEntry::new("sweep", Action::Execute, "sweep") })?;
        Ok(())
    }

    /// These were looked through with that version of the patient index.
    pub fn swept(&self, documents: &[DocumentId], version: IndexVersion) -> Result<()> {
        self.0.catalogue.write(Lane::Line, |tx| {
            let at = Millis(now());
            let mut put = tx.prepare_cached(
                "UPDATE document SET swept_at = ?2, swept_version = ?3 WHERE id = ?1 AND state = 'filed'",
            )?;
            for id in documents {
                put.execute(params![id.0, at, version.0 as i64])?;
            }
            Ok(())
        })
    }
}
