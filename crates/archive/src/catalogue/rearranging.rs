//! How do pages that were separated and judged anew come into their new places, all at once or not at all?

use records::document::{Disposition, IndexVersion};
use records::ids::{DocumentId, ExceptionId, PageNumber};
use rusqlite::{Connection, params};

use super::Lane;
use super::acts::{record, resolve};
use super::audit::AuditEntry;
use super::changes::{Changed, note};
use super::columns::{BLANK, CONTROL_SHEET, DOCUMENT, EXCEPTION, PENDING, Run, batch_key, runs};
use super::entering::{First, insert_document, insert_exception, line_issue};
use super::filing::{put, same_version};
use super::mending::{Mending, Outcome, conclude};
use super::worklist::{exception_runs, exceptions, open_exception};
use crate::error::{ArchiveError, FileError, Result};
use crate::open::Archive;

/// What becomes of pages of one batch that are separated anew.
#[derive(Clone, Debug)]
pub struct Rearranged {
    /// Open exceptions of the line that are no more.
    pub exceptions: Vec<ExceptionId>,
    /// Control sheets that are lifted with them, and put down again or not.
    pub sheets: Vec<PageNumber>,
    pub dispositions: Vec<Disposition>,
    pub control_sheets: Vec<PageNumber>,
    pub blanks: Vec<PageNumber>,
    pub version: IndexVersion,
}

impl Archive {
    /// Puts pages that were separated and judged anew in their new places. Every page of the exceptions, and every
    /// sheet, must be named exactly once. `Err(Moved)`: judge again.
    pub fn rearrange(&self, mending: &Mending, anew: &Rearranged, outcome: Outcome) -> Result<(), FileError> {
        self.0.catalogue.write(Lane::Line, |tx| {
            same_version(tx, anew.version)?;
            let batch = batch_key(tx, &mending.batch)?;
            let mut taken = 0;
            for run in runs(batch, &anew.sheets) {
                taken += lift(tx, run, CONTROL_SHEET)?;
            }
            for id in &anew.exceptions {
                let key = open_exception(tx, id)?;
                let of_a_person = exceptions(tx, "x.key = ?1", key)?.remove(0).made_by.is_some();
                if of_a_person {
                    let why = "a person has divided it meanwhile";
                    return Err(ArchiveError::NotNow { act: "judge the pages anew", why }.into());
                }
                for run in exception_runs(tx, key)? {
                    taken += lift(tx, run, EXCEPTION)?;
                }
                resolve(tx, key, "resolved", None, "judged again behind a mended sheet", "line")?;
            }
            let mut placed = 0;
            let mut made = Vec::new();
            for disposition in &anew.dispositions {
                placed += self.put_down(tx, batch, disposition, &mut made)?;
            }
            for (pages, place) in [(&anew.control_sheets, CONTROL_SHEET), (&anew.blanks, BLANK)] {
                for run in runs(batch, pages) {
                    placed += put(tx, run, place, None)?;
                }
            }
            if placed != taken {
                let missing = taken.saturating_sub(placed);
                return Err(FileError::Incomplete {
                    missing,
                    twice: 0,
                    foreign: placed.saturating_sub(taken),
                });
            }
            conclude(tx, batch, mending.page, outcome)?;
            let detail = serde_json::json!({
                "page": mending.page, "exceptions": anew.exceptions, "documents": made,
                "held": anew.dispositions.len() - made.len(), "index_version": anew.version,
            });
            let sheet = [Run { batch, first: mending.page.0, last: mending.page.0 }];
            record(tx, "line", "judged-again", &sheet, |entry| AuditEntry { detail, ..entry })?;
            Ok(())
        })
    }

    /// Writes a document or exception of pages that were lifted; answers how many pages it has.
    fn put_down(
        &self,
        tx: &Connection,
        batch: i64,
        disposition: &Disposition,
        made: &mut Vec<DocumentId>,
    ) -> Result<usize, FileError> {
        let pages = match disposition {
            Disposition::File(document) => runs(batch, &document.pages),
            Disposition::Hold(exception) => runs(batch, &exception.pages),
        };
        let first = First::of_runs(tx, &pages)?;
        let (place, home, change) = match disposition {
            Disposition::File(document) => {
                let issue = line_issue(tx, "document", first, self.epoch())?;
                let (home, id) = insert_document(tx, first, issue, document, &pages, "line", "filed")?;
                made.push(id);
                (DOCUMENT, home, (Changed::Assigned, Some(id)))
            }
            Disposition::Hold(exception) => {
                let issue = line_issue(tx, "exception", first, self.epoch())?;
                let (home, _) = insert_exception(tx, first, issue, exception, &pages, "open")?;
                (EXCEPTION, home, (Changed::Held, None))
            }
        };
        let mut placed = 0;
        for run in &pages {
            placed += put(tx, *run, place, Some(home))?;
        }
        note(tx, change.0, change.1, &pages)?;
        Ok(placed)
    }
}

/// Pages are nowhere until they are put down again in the same transaction.
fn lift(tx: &Connection, run: Run, from: i64) -> Result<usize> {
    Ok(tx
        .prepare_cached(&format!(
            "UPDATE place SET place = {PENDING}, home = NULL
             WHERE batch = ?1 AND page BETWEEN ?2 AND ?3 AND place = ?4"
        ))?
        .execute(params![run.batch, run.first, run.last, from])?)
}
