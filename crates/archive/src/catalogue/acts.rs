//! What may a person do about what is held or filed?
//!
//! Each act is one transaction: the record, its audit entry and its row in the change log, or nothing.

use records::ids::{DocumentId, ExceptionId};
use rusqlite::{Connection, params};

use super::Lane;
use super::audit::{Action, AuditEntry, append};
use super::changes::{Changed, note};
use super::charts::{document_key, document_runs};
use super::columns::{DOCUMENT, EXCEPTION, Millis, Run, VOID, now, pages_of};
use super::doubts::resolve_doubts;
use super::shadow;
use super::worklist::{exception_runs, open_exception};
use crate::error::{ArchiveError, Result};
use crate::open::Archive;

/// What is withdrawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Document(DocumentId),
    Exception(ExceptionId),
}

impl Archive {
    /// Withdraws a document or an exception: its pages stay, in no chart.
    pub fn void(&self, target: Target, clerk: &str, reason: &str) -> Result<()> {
        self.0.catalogue.write(Lane::Desk, |tx| {
            let (runs, document, detail) = match target {
                Target::Document(id) => {
                    let (key, state) = document_key(tx, &id)?;
                    if state == "void" {
                        return Err(ArchiveError::NotNow { act: "void the document", why: "it is void" });
                    }
                    let runs = document_runs(tx, key)?;
                    withdraw(tx, key, "void", clerk, reason)?;
                    move_pages(tx, &runs, (DOCUMENT, key), (VOID, None))?;
                    (runs, Some(id), serde_json::json!({ "reason": reason }))
                }
                Target::Exception(id) => {
                    let key = open_exception(tx, &id)?;
                    let runs = exception_runs(tx, key)?;
                    resolve(tx, key, "void", None, reason, clerk)?;
                    move_pages(tx, &runs, (EXCEPTION, key), (VOID, None))?;
                    (runs, None, serde_json::json!({ "reason": reason, "exception": id }))
                }
            };
            note(tx, Changed::Voided, document, &runs)?;
            record(tx, clerk, "void", &runs, |entry| AuditEntry { document, detail, ..entry })
        })
    }

    /// Hides a document at once: it may be in the wrong chart.
    pub fn quarantine(&self, id: &DocumentId, clerk: &str, reason: &str) -> Result<()> {
        self.0.catalogue.write(Lane::Desk, |tx| {
            let (key, state) = document_key(tx, id)?;
            if state != "filed" {
                return Err(ArchiveError::NotNow { act: "quarantine the document", why: "it is not filed" });
            }
            withdraw(tx, key, "quarantined", clerk, reason)?;
            shadow::wrong_chart(tx, key, None, clerk)?;
            let runs = document_runs(tx, key)?;
            note(tx, Changed::Quarantined, Some(*id), &runs)?;
            let detail = serde_json::json!({ "reason": reason });
            record(tx, clerk, "quarantine", &runs, |entry| AuditEntry {
                document: Some(*id),
                detail,
                ..entry
            })
        })
    }
}

pub(super) fn resolve(
    tx: &Connection,
    key: i64,
    state: &str,
    document: Option<DocumentId>,
    resolution: &str,
    by: &str,
) -> Result<()> {
    tx.prepare_cached(
        "UPDATE exception SET state = ?2, document = ?3, resolution = ?4, resolved_by = ?5, resolved_at = ?6
         WHERE key = ?1",
    )?
    .execute(params![key, state, document.map(|id| id.0), resolution, by, Millis(now())])?;
    Ok(())
}

/// Takes a document out of its chart; what was in question about it is answered with that.
pub(super) fn withdraw(tx: &Connection, key: i64, state: &str, by: &str, why: &str) -> Result<()> {
    tx.prepare_cached(
        "UPDATE document SET state = ?2, withdrawn_by = ?3, withdrawn_at = ?4, withdrawn_why = ?5 WHERE key = ?1",
    )?
    .execute(params![key, state, by, Millis(now()), why])?;
    resolve_doubts(tx, key, state, by)
}

/// Moves pages from one place to another; every one of them must be where it is thought to be.
pub(super) fn move_pages(
    tx: &Connection,
    runs: &[Run],
    from: (i64, i64),
    to: (i64, Option<i64>),
) -> Result<()> {
    let mut put = tx.prepare_cached(
        "UPDATE place SET place = ?6, home = ?7
         WHERE batch = ?1 AND page BETWEEN ?2 AND ?3 AND place = ?4 AND home = ?5",
    )?;
    for run in runs {
        let moved = put.execute(params![run.batch, run.first, run.last, from.0, from.1, to.0, to.1])?;
        if moved != (run.last - run.first + 1) as usize {
            return Err(ArchiveError::damaged("pages that are not where their document is"));
        }
    }
    Ok(())
}

pub(super) fn record(
    tx: &Connection,
    clerk: &str,
    what: &str,
    runs: &[Run],
    tell: impl FnOnce(AuditEntry) -> AuditEntry,
) -> Result<()> {
    let entry = AuditEntry { pages: pages_of(tx, runs)?, ..AuditEntry::new(clerk, Action::Update, what) };
    append(tx, &tell(entry))?;
    Ok(())
}
