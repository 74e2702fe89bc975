//! How does a document or an exception become rows, and under which id?
//!
//! The line's own ids are the same in every run. Where one was used up by an earlier act, the next issue's id is
//! taken: an id never means other pages or another patient again.

use records::document::{NewDocument, NewException};
use records::exception::Reason;
use records::ids::{BatchId, DocumentId, Epoch, ExceptionId, Issue, PageNumber};
use rusqlite::{Connection, params};

use super::columns::{Day, Json, Millis, Run, now, runs};
use super::line::Lease;
use super::patients::{filed_identity, patient_key};
use super::shadow;
use crate::error::{ArchiveError, Result};

/// A staged document of the line. Pages are the lease's batch's.
pub(super) fn enter_document(
    tx: &Connection,
    epoch: Epoch,
    lease: &Lease,
    document: &NewDocument,
) -> Result<DocumentId> {
    let runs = runs(lease.key, &document.pages);
    let first = First::of(lease.batch, lease.key, &runs)?;
    let issue = line_issue(tx, "document", first, epoch)?;
    Ok(insert_document(tx, first, issue, document, &runs, "line", "staged")?.1)
}

/// A staged exception of the line.
pub(super) fn enter_exception(
    tx: &Connection,
    epoch: Epoch,
    lease: &Lease,
    exception: &NewException,
) -> Result<ExceptionId> {
    let runs = runs(lease.key, &exception.pages);
    let first = First::of(lease.batch, lease.key, &runs).unwrap_or(First {
        batch: lease.batch,
        key: lease.key,
        page: PageNumber(0),
    });
    let issue = line_issue(tx, "exception", first, epoch)?;
    Ok(insert_exception(tx, first, issue, exception, &runs, "staged")?.1)
}

/// The page an id is made of.
#[derive(Clone, Copy)]
pub(super) struct First {
    pub(super) batch: BatchId,
    pub(super) key: i64,
    pub(super) page: PageNumber,
}

impl First {
    fn of(batch: BatchId, key: i64, runs: &[Run]) -> Result<Self> {
        let run =
            runs.first().ok_or(ArchiveError::NotNow { act: "file a document", why: "it has no pages" })?;
        Ok(Self { batch, key, page: PageNumber(run.first) })
    }

    /// Of pages from any batch.
    pub(super) fn of_runs(tx: &Connection, runs: &[Run]) -> Result<Self> {
        let key = runs.first().map_or(0, |run| run.batch);
        let id = tx
            .prepare_cached("SELECT id FROM batch WHERE key = ?1")?
            .query_row([key], |row| row.get(0))
            .map_err(|_| ArchiveError::NotNow { act: "file a document", why: "it has no pages" })?;
        Self::of(BatchId(id), key, runs)
    }
}

/// Issue 0, unless a document (or exception) of it was ever written.
pub(super) fn line_issue(tx: &Connection, table: &str, first: First, epoch: Epoch) -> Result<Issue> {
    let used = tx
        .prepare_cached(&format!("SELECT 1 FROM {table} WHERE batch = ?1 AND first_page = ?2"))?
        .exists([first.key, first.page.0.into()])?;
    if used { act_issue(tx, first, epoch) } else { Ok(Issue::Line) }
}

/// The next issue of a named act.
pub(super) fn act_issue(tx: &Connection, first: First, epoch: Epoch) -> Result<Issue> {
    let highest = |table: &str| -> Result<u32> {
        Ok(tx
            .prepare_cached(&format!(
                "SELECT coalesce(max(issue), 0) FROM {table} WHERE batch = ?1 AND first_page = ?2"
            ))?
            .query_row([first.key, first.page.0.into()], |row| row.get(0))?)
    };
    Ok(Issue::Act(highest("document")?.max(highest("exception")?) + 1, epoch))
}

const fn number(issue: Issue) -> u32 {
    match issue {
        Issue::Line => 0,
        Issue::Act(number, _) => number,
    }
}

/// Writes a document's rows; answers its row and id. The id is made here, whatever `document.id` says.
pub(super) fn insert_document(
    tx: &Connection,
    first: First,
    issue: Issue,
    document: &NewDocument,
    runs: &[Run],
    by: &str,
    state: &str,
) -> Result<(i64, DocumentId)> {
    let id = DocumentId::of(first.batch, first.page, issue);
    tx.prepare_cached(
        "INSERT INTO document (id, batch, first_page, issue, patient, authority, number, number_kind, kind,
             service_from, service_to, labels, state, filed_by, filed_at, ground)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
    )?
    .execute(params![
        id.0,
        first.key,
        first.page.0,
        number(issue),
        filed_identity(tx, patient_key(tx, document.patient)?, &document.filed_under)?,
        document.filed_under.authority.0,
        document.filed_under.value,
        document.filed_under.kind.code(),
        document.kind.0,
        document.service.map(|(from, _)| Day(from)),
        document.service.map(|(_, to)| Day(to)),
        Json(&document.labels),
        state,
        by,
        Millis(now()),
        Json(document.ground)
    ])?;
    let key = tx.last_insert_rowid();
    insert_runs(tx, "document", key, runs)?;
    tx.prepare_cached("INSERT INTO document_evidence (document, evidence) VALUES (?1, ?2)")?
        .execute(params![key, Json(&document.evidence)])?;
    Ok((key, id))
}

/// Writes an exception's rows; answers its row and id. The id is made here, whatever `exception.id` says.
pub(super) fn insert_exception(
    tx: &Connection,
    first: First,
    issue: Issue,
    exception: &NewException,
    runs: &[Run],
    state: &str,
) -> Result<(i64, ExceptionId)> {
    if exception.reasons.is_empty() {
        return Err(ArchiveError::NotNow { act: "hold a draft", why: "no reason is given" });
    }
    let id = ExceptionId::of(first.batch, first.page, issue);
    tx.prepare_cached(
        "INSERT INTO exception (id, batch, first_page, issue, reasons, was_contrary, kind, service_from,
             service_to, state, created, labels)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?
    .execute(params![
        id.0,
        first.key,
        first.page.0,
        number(issue),
        Json(&exception.reasons),
        contrary(&exception.reasons),
        exception.kind.0,
        exception.service.map(|(from, _)| Day(from)),
        exception.service.map(|(_, to)| Day(to)),
        state,
        Millis(now()),
        Json(&exception.labels)
    ])?;
    let key = tx.last_insert_rowid();
    insert_runs(tx, "exception", key, runs)?;
    tx.prepare_cached(
        "INSERT INTO exception_detail (exception, candidates, evidence, detail) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![key, Json(&exception.candidates), Json(&exception.evidence), exception.detail])?;
    if exception.proposed.is_some() {
        shadow::propose(tx, key, exception.proposed)?;
    }
    Ok((key, id))
}

pub(super) fn contrary(reasons: &[Reason]) -> bool {
    reasons.iter().any(|reason| reason.is_contrary())
}

fn insert_runs(tx: &Connection, owner: &str, key: i64, runs: &[Run]) -> Result<()> {
    let mut put = tx.prepare_cached(&format!(
        "INSERT INTO {owner}_run ({owner}, ordinal, batch, first, last) VALUES (?1, ?2, ?3, ?4, ?5)"
    ))?;
    for (ordinal, run) in runs.iter().enumerate() {
        put.execute(params![key, ordinal as i64, run.batch, run.first, run.last])?;
    }
    Ok(())
}
