//! How does a person put the pages of what is held in order, and say which of them are no record?

use records::document::NewException;
use records::exception::Candidate;
use records::ids::{ExceptionId, PageNumber, PageRef};
use rusqlite::{Connection, params};

use super::Lane;
use super::acts::{record, resolve};
use super::audit::AuditEntry;
use super::changes::{Changed, note};
use super::columns::{BLANK, CONTROL_SHEET, EXCEPTION, Run, batch_key, runs_of};
use super::entering::{First, act_issue, insert_exception};
use super::shadow;
use super::worklist::{ExceptionRow, exception_runs, exceptions, open_exception};
use crate::error::{ArchiveError, Result};
use crate::open::Archive;

/// What a page is that is in no chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoRecord {
    Blank,
    /// A sheet of ours: what is before it and behind it are two things.
    ControlSheet,
}

impl NoRecord {
    const fn code(self) -> &'static str {
        match self {
            Self::Blank => "blank",
            Self::ControlSheet => "control-sheet",
        }
    }

    const fn place(self) -> i64 {
        match self {
            Self::Blank => BLANK,
            Self::ControlSheet => CONTROL_SHEET,
        }
    }
}

impl Archive {
    /// The same pages in another order.
    pub fn reorder(&self, id: &ExceptionId, order: &[PageRef], clerk: &str) -> Result<ExceptionId> {
        self.0.catalogue.write(Lane::Desk, |tx| {
            let whole = Whole::of(tx, id)?;
            let sorted = |pages: &[PageRef]| {
                let mut pages = pages.to_vec();
                pages.sort_unstable();
                pages
            };
            if sorted(order) != sorted(&whole.held.pages) {
                let why = "these are not its pages, each once";
                return Err(ArchiveError::NotNow { act: "put the pages in order", why });
            }
            if order == whole.held.pages {
                return Ok(*id);
            }
            let made = whole.becomes(tx, self, &runs_of(tx, order)?, clerk)?;
            whole.ends(
                tx,
                "put in order",
                clerk,
                serde_json::json!({ "exception": id, "became": [made] }),
            )?;
            Ok(made)
        })
    }

    /// A page of an exception that is no record leaves it for no chart. Answers what is left of the exception.
    pub fn no_record(
        &self,
        id: &ExceptionId,
        page: PageRef,
        what: NoRecord,
        clerk: &str,
    ) -> Result<Vec<ExceptionId>> {
        self.0.catalogue.write(Lane::Desk, |tx| {
            let whole = Whole::of(tx, id)?;
            let Some(at) = whole.held.pages.iter().position(|own| *own == page) else {
                let why = "it is no page of this exception";
                return Err(ArchiveError::NotNow { act: "take the page out", why });
            };
            let (before, behind) = (&whole.held.pages[..at], &whole.held.pages[at + 1..]);
            let left: Vec<Vec<PageRef>> = match what {
                NoRecord::Blank => vec![[before, behind].concat()],
                NoRecord::ControlSheet => vec![before.to_vec(), behind.to_vec()],
            };
            let mut made = Vec::new();
            for part in left.iter().filter(|part| !part.is_empty()) {
                made.push(whole.becomes(tx, self, &runs_of(tx, part)?, clerk)?);
            }
            tx.prepare_cached(
                "UPDATE place SET place = ?3, home = NULL WHERE batch = ?1 AND page = ?2 AND place = ?4",
            )?
            .execute(params![
                batch_key(tx, &page.batch)?,
                page.page.0,
                what.place(),
                EXCEPTION
            ])?;
            let detail = serde_json::json!({
                "exception": id, "page": page.page, "as": what.code(), "became": made,
            });
            whole.ends(tx, what.code(), clerk, detail)?;
            Ok(made)
        })
    }
}

/// An open exception that is about to become others.
struct Whole {
    key: i64,
    held: ExceptionRow,
    runs: Vec<Run>,
}

impl Whole {
    fn of(tx: &Connection, id: &ExceptionId) -> Result<Self> {
        let key = open_exception(tx, id)?;
        Ok(Self { key, held: exceptions(tx, "x.key = ?1", key)?.remove(0), runs: exception_runs(tx, key)? })
    }

    /// Some of its pages as an exception of their own, that waits for the same.
    fn becomes(&self, tx: &Connection, archive: &Archive, runs: &[Run], clerk: &str) -> Result<ExceptionId> {
        let held = &self.held;
        let first = First::of_runs(tx, runs)?;
        let issue = act_issue(tx, first, archive.epoch())?;
        let candidates = held.candidates.iter();
        let exception = NewException {
            id: held.id,
            pages: Vec::<PageNumber>::new(),
            reasons: held.reasons.clone(),
            candidates: candidates
                .map(|row| Candidate { patient: row.patient.id, why: row.why.clone() })
                .collect(),
            evidence: held.evidence.clone(),
            detail: held.detail.clone(),
            kind: held.kind.clone(),
            service: held.service,
            proposed: None,
            labels: held.labels.clone(),
        };
        let (home, made) = insert_exception(tx, first, issue, &exception, runs, "open")?;
        tx.prepare_cached(
            "UPDATE exception SET was_contrary = max(was_contrary, ?2), made_by = ?3, disposition = ?4,
                 follow_up = ?5 WHERE key = ?1",
        )?
        .execute(params![
            home,
            held.was_contrary,
            clerk,
            held.disposition,
            held.follow_up.map(super::columns::Day)
        ])?;
        shadow::inherit(tx, self.key, home)?;
        super::acts::move_pages(tx, runs, (EXCEPTION, self.key), (EXCEPTION, Some(home)))?;
        Ok(made)
    }

    fn ends(&self, tx: &Connection, how: &str, clerk: &str, detail: serde_json::Value) -> Result<()> {
        resolve(tx, self.key, "resolved", None, how, clerk)?;
        note(tx, Changed::Held, None, &self.runs)?;
        record(tx, clerk, "arrange", &self.runs, |entry| AuditEntry { detail, ..entry })
    }
}
