//! How does everything decided about a batch become so, at once or not at all?
//!
//! What is bulky (documents, exceptions, evidence) is laid ready as `staged` rows that nothing sees; the switch is
//! one short transaction that compares, turns them over, gives every page its place and ends the lease. A small
//! filing does both in one. Staged rows of a filing that never switched are swept by the next one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;
use std::time::Duration;

use records::document::{Disposition, Filing, IndexVersion, Rescanned};
use records::ids::{DocumentId, Epoch, ExceptionId, PageNumber};
use records::judge::SheetAppearance;
use rusqlite::{Connection, params};

use super::Lane;
use super::audit::{Action, AuditEntry, append};
use super::changes::{Changed, note};
use super::columns::{
    BLANK, CONTROL_SHEET, DOCUMENT, EXCEPTION, Millis, PENDING, Run, meta_number, now, runs,
};
use super::entering::{enter_document, enter_exception};
use super::homecoming::settle;
use super::line::{Lease, holds_lease};
use super::prints::{self, same_copies};
use super::reused::doubt_the_first;
use super::shadow;
use super::sheets::{appear, appearances};
use crate::error::{ArchiveError, FileError};
use crate::open::Archive;

/// What was written. Ids are those of the filing, unless an earlier act has used one up (a batch put back on the
/// line): then the next issue's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filed {
    pub documents: Vec<DocumentId>,
    pub exceptions: Vec<ExceptionId>,
    /// The longest time the catalogue's write lock was held for it.
    pub longest_lock: Duration,
}

/// Dispositions laid ready in one transaction.
const PIECE: usize = 200;

impl Archive {
    /// Files a whole batch and ends its lease: documents, exceptions, places, serials, audit, change log and the
    /// batch's state.
    ///
    /// `seen` are the earlier appearances of its control sheets that the verdicts knew
    /// ([`records::judge::Known::appearances`]); another one by now refuses, as another version of the patient
    /// index does: `Err(Moved)`, judge again. Every page of the batch must be named exactly once.
    pub fn file(&self, lease: &Lease, filing: &Filing, seen: &[SheetAppearance]) -> Result<Filed, FileError> {
        let catalogue = &self.0.catalogue;
        catalogue.read(|c| {
            holds_lease(c, lease).map_err(lost)?;
            same_version(c, filing.version)?;
            complete(c, lease, filing)
        })?;
        let mut filed = Filed::default();
        if filing.dispositions.len() <= PIECE {
            let ((), took) = catalogue.write_timed(Lane::Line, |tx| {
                holds_lease(tx, lease).map_err(lost)?;
                while sweep_staged(tx, lease.key)? {}
                self.stage(tx, lease, &filing.dispositions, &mut filed)?;
                prints::keep(tx, lease.key, &filing.copies.prints)?;
                switch(tx, self.epoch(), lease, filing, seen, &mut filed)
            })?;
            filed.longest_lock = took;
        } else {
            while catalogue.write::<_, FileError>(Lane::Line, |tx| {
                holds_lease(tx, lease).map_err(lost)?;
                sweep_staged(tx, lease.key)
            })? {}
            // Prints of a filing that does not happen name pages that are in no chart: they find nothing.
            for piece in filing.copies.prints.chunks(PIECE * 10) {
                catalogue.write::<_, FileError>(Lane::Line, |tx| {
                    holds_lease(tx, lease).map_err(lost)?;
                    Ok(prints::keep(tx, lease.key, piece)?)
                })?;
            }
            for piece in filing.dispositions.chunks(PIECE) {
                let ((), took) = catalogue.write_timed(Lane::Line, |tx| {
                    holds_lease(tx, lease).map_err(lost)?;
                    self.stage(tx, lease, piece, &mut filed)
                })?;
                tracing::trace!(target: "fault_point", "filing staged");
                filed.longest_lock = filed.longest_lock.max(took);
            }
            let ((), took) = catalogue
                .write_timed(Lane::Line, |tx| switch(tx, self.epoch(), lease, filing, seen, &mut filed))?;
            filed.longest_lock = filed.longest_lock.max(took);
        }
        lease.ended.store(true, Ordering::Relaxed);
        Ok(filed)
    }

    fn stage(
        &self,
        tx: &Connection,
        lease: &Lease,
        piece: &[Disposition],
        filed: &mut Filed,
    ) -> Result<(), FileError> {
        for disposition in piece {
            match disposition {
                Disposition::File(document) => {
                    filed.documents.push(enter_document(tx, self.epoch(), lease, document)?);
                }
                Disposition::Hold(exception) => {
                    filed.exceptions.push(enter_exception(tx, self.epoch(), lease, exception)?);
                }
            }
        }
        Ok(())
    }
}

fn lost(error: ArchiveError) -> FileError {
    match error {
        ArchiveError::LeaseLost { .. } => FileError::LeaseLost,
        other => other.into(),
    }
}

/// The patient index must be the one the verdict saw.
pub(super) fn same_version(c: &Connection, version: IndexVersion) -> Result<(), FileError> {
    let now = meta_number(c, "index_version")?;
    if now as u64 == version.0 { Ok(()) } else { Err(FileError::Moved) }
}

/// Every page of the batch is named exactly once.
fn complete(c: &Connection, lease: &Lease, filing: &Filing) -> Result<(), FileError> {
    let (originals, known): (i64, Option<u32>) = c
        .prepare_cached("SELECT count(*) - count(first_page), sum(pages) FROM original WHERE batch = ?1")?
        .query_row([lease.key], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if originals > 0 {
        let why = "an original has not been surveyed";
        return Err(ArchiveError::NotNow { act: "file the batch", why }.into());
    }
    if filing.batch != lease.batch {
        return Err(ArchiveError::NotNow { act: "file the batch", why: "the lease is for another" }.into());
    }
    let pages = known.unwrap_or(0);
    let mut named: BTreeMap<PageNumber, usize> = BTreeMap::new();
    let in_drafts = filing.dispositions.iter().flat_map(|disposition| match disposition {
        Disposition::File(document) => &document.pages,
        Disposition::Hold(exception) => &exception.pages,
    });
    let sheets = filing.control_sheets.iter().map(|(page, _)| page);
    let home = filing.rescanned.iter().flat_map(Rescanned::placed);
    for page in in_drafts.chain(sheets).chain(&filing.blanks).chain(home) {
        *named.entry(*page).or_default() += 1;
    }
    let foreign = named.keys().filter(|page| page.0 == 0 || page.0 > pages).count();
    let twice = named.values().filter(|&&times| times > 1).count();
    let missing = pages as usize - (named.len() - foreign);
    if missing + twice + foreign > 0 {
        return Err(FileError::Incomplete { missing, twice, foreign });
    }
    Ok(())
}

/// Removes some of what an interrupted filing laid ready; answers whether there was any.
fn sweep_staged(tx: &Connection, batch: i64) -> Result<bool, FileError> {
    let mut swept = 0;
    for (table, own) in [("document", "document"), ("exception", "exception")] {
        let some = format!("SELECT key FROM {table} WHERE batch = ?1 AND state = 'staged' LIMIT {PIECE}");
        let keys = tx
            .prepare_cached(&some)?
            .query_map([batch], |row| row.get(0))?
            .collect::<rusqlite::Result<Vec<i64>>>()?;
        let detail = if table == "document" { "document_evidence" } else { "exception_detail" };
        for key in &keys {
            tx.prepare_cached(&format!("DELETE FROM {table}_run WHERE {own} = ?1"))?.execute([key])?;
            tx.prepare_cached(&format!("DELETE FROM {detail} WHERE {own} = ?1"))?.execute([key])?;
            if table == "exception" {
                shadow::propose(tx, *key, None)?;
            }
            tx.prepare_cached(&format!("DELETE FROM {table} WHERE key = ?1"))?.execute([key])?;
        }
        swept += keys.len();
    }
    Ok(swept > 0)
}

/// The moment: compares, then everything staged is so.
fn switch(
    tx: &Connection,
    epoch: Epoch,
    lease: &Lease,
    filing: &Filing,
    seen: &[SheetAppearance],
    filed: &mut Filed,
) -> Result<(), FileError> {
    holds_lease(tx, lease).map_err(lost)?;
    same_version(tx, filing.version)?;
    same_appearances(tx, lease, filing, seen)?;
    let dispositions = filing.dispositions.iter().flat_map(filed_pages);
    let in_charts: BTreeSet<PageNumber> =
        dispositions.chain(filing.rescanned.iter().flat_map(Rescanned::placed)).copied().collect();
    same_copies(tx, &lease.batch, &filing.copies, |page| in_charts.contains(&page))?;
    let at = Millis(now());
    let mut placed = 0;
    for (table, own, place, state) in
        [("document", "document", DOCUMENT, "filed"), ("exception", "exception", EXCEPTION, "open")]
    {
        let mut staged = tx.prepare_cached(&format!(
            "SELECT s.key, r.first, r.last FROM {table} s JOIN {table}_run r ON r.{own} = s.key
             WHERE s.batch = ?1 AND s.state = 'staged' ORDER BY r.first"
        ))?;
        let staged = staged
            .query_map([lease.key], |row| {
                Ok((row.get(0)?, Run { batch: lease.key, first: row.get(1)?, last: row.get(2)? }))
            })?
            .collect::<rusqlite::Result<Vec<(i64, Run)>>>()?;
        for (home, run) in staged {
            placed += put(tx, run, place, Some(home))?;
        }
        tx.prepare_cached(&format!(
            "UPDATE {table} SET state = '{state}' WHERE batch = ?1 AND state = 'staged'"
        ))?
        .execute([lease.key])?;
    }
    for (page, serial) in &filing.control_sheets {
        placed += put(tx, Run { batch: lease.key, first: page.0, last: page.0 }, CONTROL_SHEET, None)?;
        if let Some(serial) = serial {
            appear(tx, serial, lease.key, *page, at.0)?;
        }
    }
    for (page, serial) in &filing.held_sheets {
        appear(tx, serial, lease.key, *page, at.0)?;
    }
    let mut boxed =
        tx.prepare_cached("INSERT OR REPLACE INTO paper_box (batch, first, box) VALUES (?1, ?2, ?3)")?;
    for (page, paper_box) in &filing.boxes {
        boxed.execute(params![lease.key, page.0, paper_box])?;
    }
    for serial in &filing.reused {
        doubt_the_first(tx, epoch, serial, lease.key)?;
    }
    for run in runs(lease.key, &filing.blanks) {
        placed += put(tx, run, BLANK, None)?;
    }
    for again in &filing.rescanned {
        let settled = settle(tx, epoch, lease.key, again)?;
        placed += settled.placed;
        filed.documents.extend(settled.document);
        filed.exceptions.extend(settled.exception);
    }
    let mut all =
        tx.prepare_cached("SELECT count(*), count(*) FILTER (WHERE place = 0) FROM place WHERE batch = ?1")?;
    let (pages, pending): (u32, u32) = all.query_row([lease.key], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if pending > 0 || placed != pages as usize {
        let foreign = placed.abs_diff(pages as usize);
        return Err(FileError::Incomplete { missing: pending as usize, twice: 0, foreign });
    }
    if pages > 0 {
        let whole = Run { batch: lease.key, first: 1, last: pages };
        note(tx, Changed::Filed, None, &[whole])?;
    }
    let documents = filing.dispositions.iter().filter(|d| matches!(d, Disposition::File(_))).count();
    let detail = serde_json::json!({
        "batch": lease.batch, "pages": pages, "documents": documents,
        "exceptions": filing.dispositions.len() - documents, "index_version": filing.version,
        "rescans": filing.rescanned.len(),
    });
    append(tx, &AuditEntry { detail, ..AuditEntry::new("line", Action::Create, "file") })?;
    tx.prepare_cached(
        "UPDATE batch SET state = 'filed', filed_at = ?2, fault = NULL, retry_at = NULL, lease_owner = NULL,
             lease_token = NULL WHERE key = ?1",
    )?
    .execute(params![lease.key, at])?;
    Ok(())
}

/// Pages that what would have been filed (on trial: is proposed) stands on.
fn filed_pages(disposition: &Disposition) -> &[PageNumber] {
    match disposition {
        Disposition::File(document) => &document.pages,
        Disposition::Hold(exception) if exception.proposed.is_some() => &exception.pages,
        Disposition::Hold(_) => &[],
    }
}

/// Serials must have appeared elsewhere exactly where the verdicts knew.
fn same_appearances(
    tx: &Connection,
    lease: &Lease,
    filing: &Filing,
    seen: &[SheetAppearance],
) -> Result<(), FileError> {
    let apart = filing.control_sheets.iter().filter_map(|(_, serial)| serial.as_ref());
    for serial in apart.chain(filing.held_sheets.iter().map(|(_, serial)| serial)) {
        for found in appearances(tx, serial)? {
            let known = |s: &SheetAppearance| {
                s.serial == found.serial && s.batch == found.batch && s.page == found.page
            };
            if found.batch != lease.batch && !seen.iter().any(known) {
                return Err(FileError::Moved);
            }
        }
    }
    Ok(())
}

/// Gives pending pages their place; answers how many.
pub(super) fn put(tx: &Connection, run: Run, place: i64, home: Option<i64>) -> Result<usize, FileError> {
    Ok(tx
        .prepare_cached(&format!(
            "UPDATE place SET place = ?4, home = ?5
             WHERE batch = ?1 AND page BETWEEN ?2 AND ?3 AND place = {PENDING}"
        ))?
        .execute(params![run.batch, run.first, run.last, place, home])?)
}
