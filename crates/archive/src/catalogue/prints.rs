//! Which filed pages look like this one?
//!
//! Every page that names somebody leaves two keyed hashes ([`records::rescan`]); equal ones are a question, not an
//! answer: the readings decide.

use jiff::Timestamp;
use records::document::Copies;
use records::ids::{BatchId, PageNumber, PageRef};
use records::patient::PatientId;
use records::rescan::PagePrint;
use rusqlite::{Connection, params};

use super::Lane;
use super::changes::head;
use super::columns::{DOCUMENT, Millis, meta};
use super::patients::{patient_id, survivor};
use crate::error::{ArchiveError, FileError, Result};
use crate::open::Archive;

/// A page in a chart that may be the same as another.
#[derive(Clone, Debug)]
pub struct FiledPage {
    pub page: PageRef,
    /// Whose chart it is in now.
    pub patient: PatientId,
    pub station: String,
    /// When its batch came.
    pub scanned: Timestamp,
}

impl Archive {
    /// The secret that page prints are made with. Made once; a backup keeps it.
    pub fn print_key(&self) -> Result<[u8; 16]> {
        let known = self.0.catalogue.read(|c| meta(c, "print_key"))?;
        known.map_or_else(
            || {
                self.0.catalogue.write(Lane::Line, |tx| {
                    tx.execute(
                        "INSERT OR IGNORE INTO meta (name, value) VALUES ('print_key', ?1)",
                        [uuid::Uuid::new_v4().as_bytes()],
                    )?;
                    meta(tx, "print_key")?.ok_or(ArchiveError::damaged("the key of page prints"))
                })
            },
            Ok,
        )
    }

    /// Pages in charts, of other batches, that have a print of this one: the latest, and enough of them.
    pub fn filed_alike(&self, print: &PagePrint, batch: &BatchId) -> Result<Vec<FiledPage>> {
        self.0.catalogue.read(|c| filed_alike(c, print, batch))
    }
}

fn filed_alike(c: &Connection, print: &PagePrint, batch: &BatchId) -> Result<Vec<FiledPage>> {
    /// A form that a patient has had a hundred times is compared with its last ones.
    const LATEST: i64 = 16;
    let mut rows = c.prepare_cached(&format!(
        "SELECT DISTINCT b.id, q.page, d.patient, b.station, b.created FROM page_print q
         JOIN batch b ON b.key = q.batch JOIN place p ON p.batch = q.batch AND p.page = q.page
         JOIN document d ON d.key = p.home
         WHERE q.hash IN (?1, ?2) AND b.id <> ?3 AND p.place = {DOCUMENT} AND d.state = 'filed'
         ORDER BY q.batch DESC, q.page LIMIT {LATEST}"
    ))?;
    let rows = rows.query_map(params![print.hashes[0], print.hashes[1], batch.0], |row| {
        let page = PageRef { batch: BatchId(row.get(0)?), page: PageNumber(row.get(1)?) };
        Ok((page, row.get::<_, i64>(2)?, row.get::<_, String>(3)?, row.get::<_, Millis>(4)?.0))
    })?;
    let mut found = Vec::new();
    for row in rows {
        let (page, patient, station, scanned) = row?;
        let patient = patient_id(c, survivor(c, patient)?)?;
        found.push(FiledPage { page, patient, station, scanned });
    }
    Ok(found)
}

/// Keeps the prints of a batch's pages.
pub(super) fn keep(tx: &Connection, batch: i64, prints: &[PagePrint]) -> Result<()> {
    let mut put =
        tx.prepare_cached("INSERT OR IGNORE INTO page_print (hash, batch, page) VALUES (?1, ?2, ?3)")?;
    for print in prints {
        for hash in print.hashes {
            put.execute(params![hash, batch, print.page.0])?;
        }
    }
    Ok(())
}

/// Nothing may have come into a chart since the verdict that looks like a page about to be filed: the same sheets go
/// through two scanners, and two workers, at once.
pub(super) fn same_copies(
    c: &Connection,
    batch: &BatchId,
    copies: &Copies,
    filed: impl Fn(PageNumber) -> bool,
) -> Result<(), FileError> {
    if head(c)? == copies.position {
        return Ok(());
    }
    for print in copies.prints.iter().filter(|print| filed(print.page)) {
        if filed_alike(c, print, batch)?.iter().any(|found| !copies.known.contains(&found.page)) {
            return Err(FileError::Moved);
        }
    }
    Ok(())
}
