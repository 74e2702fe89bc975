//! How does a batch come back on the line after its cause is mended?

use jiff::Timestamp;
use records::document::{KindCode, NewException};
use records::exception::Reason;
use records::ids::{BatchId, Epoch, ExceptionId, PageNumber};
use records::reading::Fault;
use records::station::Profile;
use rusqlite::{Connection, params};
use serde::Serialize;

use super::Lane;
use super::audit::{Action, AuditEntry, append};
use super::changes::{Changed, note};
use super::columns::{EXCEPTION, Json, Millis, PENDING, Run, batch_key, now, runs};
use super::entering::{First, insert_exception, line_issue};
use super::line::Lease;
use super::rescans::{await_again, came_home_from};
use crate::error::{ArchiveError, Result};
use crate::open::Archive;

impl Archive {
    /// Puts a failed batch back on the line; or a filed one of which nothing is in a chart and nothing was resolved,
    /// to be surveyed, read where it could not be read, and judged anew.
    pub fn retry(&self, batch: &BatchId, clerk: &str) -> Result<()> {
        self.0.catalogue.write(Lane::Desk, |tx| {
            let key = batch_key(tx, batch)?;
            let state: String =
                tx.query_row("SELECT state FROM batch WHERE key = ?1", [key], |row| row.get(0))?;
            match state.as_str() {
                "waiting" => {}
                "filed" | "failed" => take_back(tx, key, clerk)?,
                _ => return Err(ArchiveError::NotNow { act: "retry the batch", why: "it is being worked on" }),
            }
            tx.execute(
                "UPDATE batch SET state = 'waiting', retry_at = NULL, attempts = 0, fault = NULL, filed_at = NULL
                 WHERE key = ?1",
                [key],
            )?;
            let detail = serde_json::json!({ "batch": batch, "was": state });
            append(tx, &AuditEntry { detail, ..AuditEntry::new(clerk, Action::Execute, "retry") })?;
            Ok(())
        })
    }
}

/// A batch that is tried again by itself.
#[derive(Clone, Debug, Serialize)]
pub struct Retrying {
    pub batch: BatchId,
    /// Attempts that ended in a fault.
    pub attempts: u32,
    pub next_try: Option<Timestamp>,
    /// What the last one ended in.
    pub reason: String,
}

/// Batches that have met a passing fault, those that are tried next first; at most `limit`.
pub(super) fn retrying(c: &Connection, limit: u32) -> Result<Vec<Retrying>> {
    let mut rows = c.prepare_cached(
        "SELECT id, attempts, retry_at, fault FROM batch
         WHERE state IN ('waiting', 'reading') AND attempts > 0 ORDER BY retry_at, key LIMIT ?1",
    )?;
    let rows = rows.query_map([limit], |row| {
        let fault: Option<Json<Fault>> = row.get(3)?;
        Ok(Retrying {
            batch: BatchId(row.get(0)?),
            attempts: row.get(1)?,
            next_try: row.get::<_, Option<Millis>>(2)?.map(|at| at.0),
            reason: fault.map_or_else(String::new, |fault| fault.0.detail),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Puts every page of a batch that has no place yet on the worklist, in one exception under the number 0: the ids of
/// what the batch becomes when it is retried are those it would have had.
pub(super) fn hold_all(tx: &Connection, epoch: Epoch, lease: &Lease, fault: &Fault) -> Result<()> {
    let pages = tx
        .prepare_cached(&format!(
            "SELECT page FROM place WHERE batch = ?1 AND place = {PENDING} ORDER BY page"
        ))?
        .query_map([lease.key], |row| Ok(PageNumber(row.get(0)?)))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let runs = runs(lease.key, &pages);
    let first = First { batch: lease.batch, key: lease.key, page: PageNumber(0) };
    let issue = line_issue(tx, "exception", first, epoch)?;
    let profile: Json<Profile> = tx
        .prepare_cached("SELECT profile FROM batch WHERE key = ?1")?
        .query_row([lease.key], |row| row.get(0))?;
    let exception = NewException {
        id: ExceptionId::of(lease.batch, first.page, issue),
        pages,
        reasons: vec![Reason::LineFault],
        candidates: Vec::new(),
        evidence: Vec::new(),
        detail: Some(fault.detail.clone()),
        kind: KindCode::unsorted(),
        service: None,
        proposed: None,
        labels: profile.0.labels,
    };
    let (home, _) = insert_exception(tx, first, issue, &exception, &runs, "open")?;
    for run in &runs {
        tx.prepare_cached(&format!(
            "UPDATE place SET place = {EXCEPTION}, home = ?4
             WHERE batch = ?1 AND page BETWEEN ?2 AND ?3 AND place = {PENDING}"
        ))?
        .execute(params![run.batch, run.first, run.last, home])?;
    }
    note(tx, Changed::Held, None, &runs)
}

/// Undoes a filing that only made exceptions.
fn take_back(tx: &Connection, key: i64, clerk: &str) -> Result<()> {
    let any = |sql: &str| -> Result<bool> { Ok(tx.prepare_cached(sql)?.exists([key])?) };
    if any("SELECT 1 FROM document WHERE batch = ?1 AND state <> 'staged'")?
        || any("SELECT 1 FROM exception WHERE batch = ?1 AND state IN ('resolved', 'set_aside')")?
        || came_home_from(tx, key)?
    {
        let why = "documents of it are filed or exceptions resolved: those change only one by one";
        return Err(ArchiveError::NotNow { act: "retry the batch", why });
    }
    tx.execute(
        "UPDATE exception SET state = 'void', resolution = 'retried', resolved_by = ?2, resolved_at = ?3
         WHERE batch = ?1 AND state = 'open'",
        params![key, clerk, Millis(now())],
    )?;
    await_again(tx, key)?;
    // Control sheets come back with their serials, or the batch would meet its own.
    tx.execute("DELETE FROM sheet_appearance WHERE batch = ?1", [key])?;
    tx.execute(
        &format!("UPDATE place SET place = {PENDING}, home = NULL WHERE batch = ?1 AND place IN ({EXCEPTION}, 3, 4)"),
        [key],
    )?;
    // What could not be read is read again.
    tx.execute("UPDATE place SET offset = NULL WHERE batch = ?1 AND NOT readable", [key])?;
    let pages: u32 = tx.query_row("SELECT count(*) FROM place WHERE batch = ?1", [key], |row| row.get(0))?;
    if pages > 0 {
        note(tx, Changed::Held, None, &[Run { batch: key, first: 1, last: pages }])?;
    }
    survey_again(tx, key)
}

/// Originals that gave no pages are surveyed again, and whatever is numbered behind the first of them anew.
fn survey_again(tx: &Connection, key: i64) -> Result<()> {
    let first: Option<i64> = tx.query_row(
        "SELECT min(ordinal) FROM original WHERE batch = ?1 AND fault IS NOT NULL",
        [key],
        |row| row.get(0),
    )?;
    let Some(first) = first else { return Ok(()) };
    // A page keeps its number for ever: only a batch whose later originals have no pages can grow.
    let numbered =
        tx.prepare_cached("SELECT 1 FROM place WHERE batch = ?1 AND original > ?2")?.exists([key, first])?;
    if numbered {
        return Ok(());
    }
    tx.execute(
        "UPDATE original SET pages = NULL, first_page = NULL, fault = NULL, format = NULL, damage = NULL
         WHERE batch = ?1 AND ordinal >= ?2 AND fault IS NOT NULL",
        [key, first],
    )?;
    tx.execute("UPDATE original SET first_page = NULL WHERE batch = ?1 AND ordinal >= ?2", [key, first])?;
    Ok(())
}
