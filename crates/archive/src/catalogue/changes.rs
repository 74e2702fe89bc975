//! What has changed for those who keep themselves up to date?

use records::ids::{BatchId, DocumentId, PageNumber, PageRef};
use rusqlite::{Connection, params};

use super::columns::{Millis, Run, batch_key, now, pages_of};
use super::entry::Follower;
use crate::error::{ArchiveError, Result};
use crate::open::Archive;

/// One row of the change log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub position: u64,
    pub what: Changed,
    /// The document it is about; absent for what happens on the worklist.
    pub document: Option<DocumentId>,
    /// Pages whose entry in the index may be another now.
    pub pages: Vec<PageRef>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// A batch was filed: documents and exceptions.
    Filed,
    /// Exceptions changed: split, disposed of, voided.
    Held,
    /// An exception became a document.
    Assigned,
    Voided,
    Quarantined,
    /// Filed again elsewhere; the document named is the one that is no more.
    Moved,
    Relabelled,
}

impl Changed {
    const ALL: [(Self, &'static str); 7] = [
        (Self::Filed, "filed"),
        (Self::Held, "held"),
        (Self::Assigned, "assigned"),
        (Self::Voided, "voided"),
        (Self::Quarantined, "quarantined"),
        (Self::Moved, "moved"),
        (Self::Relabelled, "relabelled"),
    ];

    fn code(self) -> &'static str {
        Self::ALL.iter().find(|(what, _)| *what == self).expect("all are listed").1
    }

    fn of(code: &str) -> Result<Self> {
        let found = Self::ALL.iter().find(|(_, known)| *known == code);
        Ok(found.ok_or_else(|| ArchiveError::damaged("the change log"))?.0)
    }
}

impl Archive {
    /// The door for whoever keeps an index of all pages.
    pub fn follower(&self) -> Follower {
        Follower::of(self.clone())
    }

    /// The head of the change log; 0 while nothing has happened.
    pub fn position(&self) -> Result<u64> {
        self.0.catalogue.read(head)
    }

    /// Changes after a position, oldest first: as many as have at most `limit` pages together, at least one.
    pub fn changes(&self, after: u64, limit: usize) -> Result<Vec<Change>> {
        self.0.catalogue.read(|c| {
            let mut rows = c.prepare_cached(
                "SELECT position, what, document, batch, first, last FROM change
                 WHERE position > ?1 ORDER BY position",
            )?;
            let mut rows = rows.query([after as i64])?;
            let (mut changes, mut pages) = (Vec::new(), 0);
            while let Some(row) = rows.next()? {
                let run = Run { batch: row.get(3)?, first: row.get(4)?, last: row.get(5)? };
                let change = Change {
                    position: row.get::<_, i64>(0)? as u64,
                    what: Changed::of(&row.get::<_, String>(1)?)?,
                    document: row.get::<_, Option<[u8; 16]>>(2)?.map(DocumentId),
                    pages: pages_of(c, &[run])?,
                };
                pages += change.pages.len();
                if pages > limit && !changes.is_empty() {
                    break;
                }
                changes.push(change);
            }
            Ok(changes)
        })
    }

    /// Pages that should be in the index, in a stable order, after the given one; fewer than `limit` at the end.
    pub fn walk_pages(&self, after: Option<PageRef>, limit: usize) -> Result<Vec<PageRef>> {
        self.0.catalogue.read(|c| {
            let (batch, page) = match after {
                Some(after) => (batch_key(c, &after.batch)?, after.page.0),
                None => (0, 0),
            };
            let mut rows = c.prepare_cached(&format!(
                "SELECT b.id, p.page {INDEXED} AND (p.batch, p.page) > (?1, ?2)
                 ORDER BY p.batch, p.page LIMIT ?3"
            ))?;
            let rows = rows.query_map(params![batch, page, limit as i64], |row| {
                Ok(PageRef { batch: BatchId(row.get(0)?), page: PageNumber(row.get(1)?) })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// All pages that should be in the index, read in short steps.
    pub fn indexed_pages(&self) -> IndexedPages {
        IndexedPages { archive: self.clone(), ready: Vec::new().into_iter(), after: None, over: false }
    }

    /// How many pages should be in the index.
    pub fn indexed_count(&self) -> Result<u64> {
        self.0.catalogue.read(|c| {
            let count: i64 = c.query_row(&format!("SELECT count(*) {INDEXED}"), [], |row| row.get(0))?;
            Ok(count as u64)
        })
    }
}

/// Pages with a reading, in a filed document or an open exception.
pub(super) const INDEXED: &str = "FROM place p JOIN batch b ON b.key = p.batch
    LEFT JOIN document d ON p.place = 1 AND d.key = p.home
    WHERE p.offset IS NOT NULL AND (p.place = 2 OR d.state = 'filed')";

/// See [`Archive::indexed_pages`].
pub struct IndexedPages {
    archive: Archive,
    ready: std::vec::IntoIter<PageRef>,
    after: Option<PageRef>,
    over: bool,
}

impl Iterator for IndexedPages {
    type Item = Result<PageRef>;

    fn next(&mut self) -> Option<Self::Item> {
        const STEP: usize = 5_000;
        if self.ready.len() == 0 && !self.over {
            match self.archive.walk_pages(self.after, STEP) {
                Ok(pages) => {
                    self.over = pages.len() < STEP;
                    self.after = pages.last().copied();
                    self.ready = pages.into_iter();
                }
                Err(error) => {
                    self.over = true;
                    return Some(Err(error));
                }
            }
        }
        self.ready.next().map(Ok)
    }
}

/// The last position of the change log; 0 while nothing has happened.
pub(super) fn head(c: &Connection) -> Result<u64> {
    let head: Option<i64> =
        c.prepare_cached("SELECT max(position) FROM change")?.query_row([], |row| row.get(0))?;
    Ok(head.unwrap_or(0) as u64)
}

/// Notes a change, inside the transaction that makes it: one row a run of pages.
pub(super) fn note(tx: &Connection, what: Changed, document: Option<DocumentId>, runs: &[Run]) -> Result<()> {
    let mut put = tx.prepare_cached(
        "INSERT INTO change (what, document, batch, first, last, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for run in runs {
        let document = document.map(|id| id.0);
        put.execute(params![what.code(), document, run.batch, run.first, run.last, Millis(now())])?;
    }
    Ok(())
}

/// Documents that are not what an index at that position shows.
pub(super) fn excluded(c: &Connection, position: u64) -> Result<std::collections::BTreeSet<DocumentId>> {
    let mut rows = c.prepare_cached(
        "SELECT DISTINCT document FROM change WHERE position > ?1 AND document IS NOT NULL
             AND what IN ('voided', 'quarantined', 'moved', 'relabelled')",
    )?;
    let rows = rows.query_map([position as i64], |row| Ok(DocumentId(row.get(0)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Pages that are not what an index at that position shows of the worklist.
pub(super) fn excluded_pages(c: &Connection, position: u64) -> Result<std::collections::BTreeSet<PageRef>> {
    let mut rows = c.prepare_cached(
        "SELECT DISTINCT batch, first, last FROM change WHERE position > ?1
             AND (what IN ('held', 'assigned') OR (what = 'voided' AND document IS NULL))",
    )?;
    let rows = rows.query_map([position as i64], |row| {
        Ok(Run { batch: row.get(0)?, first: row.get(1)?, last: row.get(2)? })
    })?;
    let runs: Vec<Run> = rows.collect::<rusqlite::Result<_>>()?;
    Ok(pages_of(c, &runs)?.into_iter().collect())
}
