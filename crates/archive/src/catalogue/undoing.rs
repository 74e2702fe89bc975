//! What can a clerk take back of what they have just decided?
//!
//! The last decision about an item, by the same person, within minutes: it was a slip of the hand. The item waits
//! again as it did before; what was filed by it is void, and all of it stays on record. Whoever corrects a filing later,
//! or another's, quarantines it and files it again (`domain.md` 2.13).

use jiff::{SignedDuration, Timestamp};
use records::ids::{DocumentId, ExceptionId};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::Lane;
use super::acts::{move_pages, record, withdraw};
use super::audit::AuditEntry;
use super::changes::{Changed, note};
use super::charts::{document_key, document_runs};
use super::columns::{DOCUMENT, EXCEPTION, Millis, Run, SET_ASIDE, VOID, now};
use super::shadow;
use super::worklist::exception_runs;
use crate::error::{ArchiveError, Result};
use crate::open::Archive;

/// A decision can be taken back for this long.
pub const UNDO_LASTS: SignedDuration = SignedDuration::from_mins(10);

impl Archive {
    /// Takes back a clerk's own last decision about an exception (filed, withdrawn, set aside): it waits again.
    ///
    /// # Errors
    /// `NotNow` where it waits anyway, was decided by somebody else or too long ago, was taken apart or joined, or
    /// where something has happened to the document since.
    pub fn take_back(&self, id: &ExceptionId, clerk: &str) -> Result<()> {
        self.0.catalogue.write(Lane::Desk, |tx| {
            let decided = Decided::of(tx, id)?;
            decided.must_be_own(clerk)?;
            let key = decided.key;
            let runs = exception_runs(tx, key)?;
            let document = match decided.state.as_str() {
                "void" => {
                    back_from_nowhere(tx, &runs, key)?;
                    None
                }
                "set_aside" => {
                    move_pages(tx, &runs, (SET_ASIDE, key), (EXCEPTION, Some(key)))?;
                    None
                }
                _ => Some(unfile(tx, &decided, &runs, clerk)?),
            };
            tx.prepare_cached(
                "UPDATE exception SET state = 'open', document = NULL, resolution = NULL, resolved_by = NULL,
                     resolved_at = NULL,
                     disposition = CASE WHEN state = 'set_aside' THEN NULL ELSE disposition END
                 WHERE key = ?1",
            )?
            .execute([key])?;
            if document.is_some() {
                note(tx, Changed::Moved, document, &runs)?;
            }
            note(tx, Changed::Held, None, &runs)?;
            let detail = serde_json::json!({ "exception": id, "was": decided.resolution });
            record(tx, clerk, "undo", &runs, |entry| AuditEntry { document, detail, ..entry })
        })
    }
}

/// What became of an exception, through whom, when.
struct Decided {
    key: i64,
    state: String,
    document: Option<DocumentId>,
    resolution: Option<String>,
    by: Option<String>,
    at: Option<Timestamp>,
}

impl Decided {
    fn of(c: &Connection, id: &ExceptionId) -> Result<Self> {
        c.prepare_cached(
            "SELECT key, state, document, resolution, resolved_by, resolved_at FROM exception
             WHERE id = ?1 AND state <> 'staged'",
        )?
        .query_row([id.0], |row| {
            Ok(Self {
                key: row.get(0)?,
                state: row.get(1)?,
                document: row.get::<_, Option<[u8; 16]>>(2)?.map(DocumentId),
                resolution: row.get(3)?,
                by: row.get(4)?,
                at: row.get::<_, Option<Millis>>(5)?.map(|at| at.0),
            })
        })
        .optional()?
        .ok_or(ArchiveError::Unknown { what: "exception" })
    }

    fn must_be_own(&self, clerk: &str) -> Result<()> {
        let refused = |why| Err(ArchiveError::NotNow { act: ACT, why });
        if self.state == "open" {
            return refused("it waits already");
        }
        if self.by.as_deref() != Some(clerk) {
            return refused("somebody else decided about it");
        }
        if self.at.is_none_or(|at| at + UNDO_LASTS < now()) {
            return refused("it was decided too long ago; withdraw or quarantine what is wrong");
        }
        if self.state == "resolved" && self.resolution.as_deref() != Some("assigned") {
            return refused("it was taken apart or joined; join or split its parts");
        }
        Ok(())
    }
}

const ACT: &str = "undo it";

/// The document of an assignment becomes void, its pages go back.
fn unfile(tx: &Connection, decided: &Decided, runs: &[Run], clerk: &str) -> Result<DocumentId> {
    let id = decided.document.ok_or_else(|| ArchiveError::damaged("an exception that became no document"))?;
    let (document, state) = document_key(tx, &id)?;
    if state != "filed" || document_runs(tx, document)? != runs {
        let why = "something has happened to the document since; withdraw or quarantine it";
        return Err(ArchiveError::NotNow { act: ACT, why });
    }
    shadow::taken_back(tx, decided.key, document)?;
    withdraw(tx, document, "void", clerk, "undone")?;
    move_pages(tx, runs, (DOCUMENT, document), (EXCEPTION, Some(decided.key)))?;
    Ok(id)
}

/// Pages of a withdrawn exception are nobody's.
fn back_from_nowhere(tx: &Connection, runs: &[Run], key: i64) -> Result<()> {
    let mut put = tx.prepare_cached(
        "UPDATE place SET place = ?4, home = ?5
         WHERE batch = ?1 AND page BETWEEN ?2 AND ?3 AND place = ?6 AND home IS NULL",
    )?;
    for run in runs {
        let moved = put.execute(params![run.batch, run.first, run.last, EXCEPTION, key, VOID])?;
        if moved != (run.last - run.first + 1) as usize {
            return Err(ArchiveError::damaged("withdrawn pages that are elsewhere"));
        }
    }
    Ok(())
}
