//! What may a person do about what is held or filed?
//!
//! Each act is one transaction: the record, its audit entry and its row in the change log, or nothing.

use records::document::NewException;
use records::ids::{DocumentId, ExceptionId, PageNumber};
use rusqlite::{Connection, params};

use super::Lane;
use super::audit::{Action, AuditEntry, append};
use super::changes::{Changed, note};
use super::charts::{document_key, document_runs};
use super::columns::{DOCUMENT, EXCEPTION, Millis, Run, SET_ASIDE, VOID, now, pages_of};
use super::doubts::resolve_doubts;
use super::entering::{First, act_issue, insert_exception};
use super::shadow;
use super::worklist::{exception_runs, exceptions, open_exception};
use crate::error::{ArchiveError, Result};
use crate::open::Archive;

/// What is withdrawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Document(DocumentId),
    Exception(ExceptionId),
}

/// Dispositions of a person that put pages in no chart (`domain.md` 2.12).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetAside {
    /// Not ours: a privacy incident.
    Misdirected,
    /// Advert, invoice.
    NotARecord,
    /// For another department.
    Route(String),
    /// A list of many patients.
    LogStore,
    /// Stays on the worklist until the person is registered.
    AwaitRegistration,
    /// Stays on the worklist, with a note.
    Waiting,
}

impl SetAside {
    /// As reports count it: `misdirected`, `route:DEPT`.
    pub fn code(&self) -> String {
        match self {
            Self::Misdirected => "misdirected".into(),
            Self::NotARecord => "not-a-record".into(),
            Self::Route(department) => format!("route:{department}"),
            Self::LogStore => "log-store".into(),
            Self::AwaitRegistration => "await-registration".into(),
            Self::Waiting => "waiting".into(),
        }
    }

    /// Whether the pages leave the worklist.
    const fn is_final(&self) -> bool {
        !matches!(self, Self::AwaitRegistration | Self::Waiting)
    }
}

impl std::str::FromStr for SetAside {
    type Err = String;

    fn from_str(code: &str) -> Result<Self, String> {
        Ok(match code {
            "misdirected" => Self::Misdirected,
            "not-a-record" => Self::NotARecord,
            "log-store" => Self::LogStore,
            "await-registration" => Self::AwaitRegistration,
            "waiting" => Self::Waiting,
            other => match other.strip_prefix("route:").filter(|department| !department.is_empty()) {
                Some(department) => Self::Route(department.to_owned()),
                None => {
                    return Err(
                        "use misdirected, not-a-record, route:DEPARTMENT, log-store, await-registration \
                                    or waiting"
                            .to_owned(),
                    );
                }
            },
        })
    }
}

impl Archive {
    /// Takes an exception apart before each of the given pages (of its first page's batch).
    pub fn split(&self, id: &ExceptionId, before: &[PageNumber], clerk: &str) -> Result<Vec<ExceptionId>> {
        self.0.catalogue.write(Lane::Desk, |tx| {
            let key = open_exception(tx, id)?;
            let held = exceptions(tx, "x.key = ?1", key)?.remove(0);
            let all = exception_runs(tx, key)?;
            let parts = parts(&all, before);
            if parts.len() < 2 {
                return Err(ArchiveError::NotNow {
                    act: "split the exception",
                    why: "none of these pages begins a part",
                });
            }
            resolve(tx, key, "resolved", None, "split", clerk)?;
            let mut made = Vec::new();
            for part in &parts {
                let first = First::of_runs(tx, part)?;
                let issue = act_issue(tx, first, self.epoch())?;
                let exception = NewException {
                    id: *id,
                    pages: Vec::new(),
                    reasons: held.reasons.clone(),
                    candidates: Vec::new(),
                    evidence: held.evidence.clone(),
                    detail: held.detail.clone(),
                    kind: held.kind.clone(),
                    service: held.service,
                    proposed: None,
                };
                let (home, new) = insert_exception(tx, first, issue, &exception, part, "open")?;
                tx.execute(
                    "UPDATE exception SET was_contrary = ?2 WHERE key = ?1",
                    params![home, held.was_contrary],
                )?;
                shadow::inherit(tx, key, home)?;
                move_pages(tx, part, (EXCEPTION, key), (EXCEPTION, Some(home)))?;
                made.push(new);
            }
            note(tx, Changed::Held, None, &all)?;
            let detail = serde_json::json!({ "exception": id, "parts": made });
            record(tx, clerk, "split", &all, |entry| AuditEntry { detail, ..entry })?;
            Ok(made)
        })
    }

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

    /// Sets an exception aside, or notes that it waits and stays.
    pub fn dispose(&self, id: &ExceptionId, as_what: &SetAside, clerk: &str, note_: &str) -> Result<()> {
        self.0.catalogue.write(Lane::Desk, |tx| {
            let key = open_exception(tx, id)?;
            let runs = exception_runs(tx, key)?;
            let said = if note_.is_empty() { as_what.code() } else { format!("{}: {note_}", as_what.code()) };
            if as_what.is_final() {
                resolve(tx, key, "set_aside", None, &said, clerk)?;
                shadow::in_no_chart(tx, key, clerk)?;
                move_pages(tx, &runs, (EXCEPTION, key), (SET_ASIDE, Some(key)))?;
                note(tx, Changed::Held, None, &runs)?;
            } else {
                resolve(tx, key, "open", None, &said, clerk)?;
            }
            let detail = serde_json::json!({ "exception": id, "as": as_what.code(), "note": note_ });
            record(tx, clerk, "dispose", &runs, |entry| AuditEntry { detail, ..entry })
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

/// The runs, cut before each of the pages (of the first run's batch).
fn parts(all: &[Run], before: &[PageNumber]) -> Vec<Vec<Run>> {
    let batch = all.first().map(|run| run.batch);
    let mut parts: Vec<Vec<Run>> = Vec::new();
    for run in all {
        for page in run.first..=run.last {
            let cut = Some(run.batch) == batch && before.contains(&PageNumber(page));
            if cut || parts.is_empty() {
                parts.push(Vec::new());
            }
            let part = parts.last_mut().expect("one was just begun");
            match part.last_mut() {
                Some(last) if last.batch == run.batch && last.last + 1 == page => last.last = page,
                _ => part.push(Run { batch: run.batch, first: page, last: page }),
            }
        }
    }
    parts
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
