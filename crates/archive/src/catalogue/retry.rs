//! How does a batch come back on the line after its cause is mended?

use records::ids::BatchId;
use rusqlite::{Connection, params};

use super::Lane;
use super::audit::{Action, AuditEntry, append};
use super::changes::{Changed, note};
use super::columns::{EXCEPTION, Millis, PENDING, Run, batch_key, now};
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
                "failed" | "waiting" => {}
                "filed" => take_back(tx, key, clerk)?,
                _ => return Err(ArchiveError::NotNow { act: "retry the batch", why: "it is being worked on" }),
            }
            tx.execute(
                "UPDATE batch SET state = 'waiting', retry_at = NULL, attempts = 0, filed_at = NULL WHERE key = ?1",
                [key],
            )?;
            let detail = serde_json::json!({ "batch": batch, "was": state });
            append(tx, &AuditEntry { detail, ..AuditEntry::new(clerk, Action::Execute, "retry") })?;
            Ok(())
        })
    }
}

/// Undoes a filing that only made exceptions.
fn take_back(tx: &Connection, key: i64, clerk: &str) -> Result<()> {
    let any = |sql: &str| -> Result<bool> { Ok(tx.prepare_cached(sql)?.exists([key])?) };
    if any("SELECT 1 FROM document WHERE batch = ?1 AND state <> 'staged'")?
        || any("SELECT 1 FROM exception WHERE batch = ?1 AND state IN ('resolved', 'set_aside')")?
    {
        let why = "documents of it are filed or exceptions resolved: those change only one by one";
        return Err(ArchiveError::NotNow { act: "retry the batch", why });
    }
    tx.execute(
        "UPDATE exception SET state = 'void', resolution = 'retried', resolved_by = ?2, resolved_at = ?3
         WHERE batch = ?1 AND state = 'open'",
        params![key, clerk, Millis(now())],
    )?;
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
