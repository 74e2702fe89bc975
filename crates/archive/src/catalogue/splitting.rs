//! How does a person take apart what is held, or put together what belongs together?

use std::collections::BTreeSet;

use records::document::{KindCode, Label, NewException};
use records::evidence::{Evidence, EvidenceKind};
use records::exception::{Candidate, Reason};
use records::geometry::Rect;
use records::ids::{DocumentId, ExceptionId, PageNumber};
use records::reading::ReaderVersion;
use rusqlite::{Connection, params};

use super::Lane;
use super::acts::{move_pages, record, resolve};
use super::audit::AuditEntry;
use super::changes::{Changed, note};
use super::charts::{document_key, document_runs};
use super::columns::{DOCUMENT, EXCEPTION, Json, Run, pages_of};
use super::editing::keep_history;
use super::entering::{First, act_issue, insert_exception};
use super::shadow;
use super::worklist::{ExceptionRow, exception_runs, exceptions, open_exception};
use crate::error::{ArchiveError, Result};
use crate::open::Archive;

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
                    labels: held.labels.clone(),
                };
                let (home, new) = insert_exception(tx, first, issue, &exception, part, "open")?;
                made_by(tx, home, held.was_contrary, clerk)?;
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

    /// Makes one exception of several, in the order given, from any batches. It waits for whatever each of them
    /// waited for.
    pub fn join(&self, ids: &[ExceptionId], clerk: &str) -> Result<ExceptionId> {
        self.0.catalogue.write(Lane::Desk, |tx| {
            let parts = ids.iter().map(|id| Part::of(tx, id)).collect::<Result<Vec<_>>>()?;
            let twice = ids.iter().enumerate().any(|(at, id)| ids[..at].contains(id));
            if parts.len() < 2 || twice {
                let why = "it takes two exceptions or more, each once";
                return Err(ArchiveError::NotNow { act: "join exceptions", why });
            }
            let runs: Vec<Run> = parts.iter().flat_map(|part| part.runs.iter().copied()).collect();
            let first = First::of_runs(tx, &runs)?;
            let issue = act_issue(tx, first, self.epoch())?;
            let joined = joined(&parts, first);
            let (home, new) = insert_exception(tx, first, issue, &joined, &runs, "open")?;
            made_by(tx, home, parts.iter().any(|part| part.held.was_contrary), clerk)?;
            for part in &parts {
                resolve(tx, part.key, "resolved", None, "joined", clerk)?;
                move_pages(tx, &part.runs, (EXCEPTION, part.key), (EXCEPTION, Some(home)))?;
            }
            note(tx, Changed::Held, None, &runs)?;
            let detail = serde_json::json!({ "exceptions": ids, "joined": new });
            record(tx, clerk, "join", &runs, |entry| AuditEntry { detail, ..entry })?;
            Ok(new)
        })
    }

    /// Adds the pages of an exception to the end of a filed document: a page that came late. `despite`: why they
    /// belong there although they name somebody else.
    pub fn append(
        &self,
        document: &DocumentId,
        exception: &ExceptionId,
        clerk: &str,
        despite: Option<&str>,
    ) -> Result<()> {
        self.insert(document, exception, None, clerk, despite)
    }

    /// As [`Archive::append`], before a page of the document, counted from 1.
    pub fn insert(
        &self,
        document: &DocumentId,
        exception: &ExceptionId,
        before: Option<u32>,
        clerk: &str,
        despite: Option<&str>,
    ) -> Result<()> {
        self.0.catalogue.write(Lane::Desk, |tx| {
            let (home, state) = document_key(tx, document)?;
            if state != "filed" {
                let why = "it is not filed";
                return Err(ArchiveError::NotNow { act: "add pages to the document", why });
            }
            let late = Part::of(tx, exception)?;
            let were = document_runs(tx, home)?;
            let all = inserted(&were, &late.runs, before).ok_or(ArchiveError::NotNow {
                act: "add pages to the document",
                why: "it has no page of that number",
            })?;
            keep_history(tx, home, clerk)?;
            put_runs(tx, home, &all)?;
            move_pages(tx, &late.runs, (EXCEPTION, late.key), (DOCUMENT, Some(home)))?;
            resolve(tx, late.key, "resolved", Some(*document), "joined to the document", clerk)?;
            add_evidence(tx, home, &clerks(tx, home, &late.runs, clerk)?)?;
            add_labels(tx, home, &late.held.labels)?;
            tx.prepare_cached("UPDATE document SET swept_at = NULL, swept_version = NULL WHERE key = ?1")?
                .execute([home])?;
            // Also the pages that were there: each of them shows how many there are.
            note(tx, Changed::Assigned, Some(*document), &all)?;
            let detail = serde_json::json!({
                "exception": exception, "reasons": late.held.reasons, "before": before, "despite": despite,
            });
            record(tx, clerk, "append", &all, |entry| AuditEntry {
                document: Some(*document),
                detail,
                ..entry
            })
        })
    }
}

/// An open exception with its pages.
struct Part {
    key: i64,
    held: ExceptionRow,
    runs: Vec<Run>,
}

impl Part {
    fn of(tx: &Connection, id: &ExceptionId) -> Result<Self> {
        let key = open_exception(tx, id)?;
        let runs = exception_runs(tx, key)?;
        if runs.is_empty() {
            let why = "one of them has no pages: its file could not be read";
            return Err(ArchiveError::NotNow { act: "join exceptions", why });
        }
        Ok(Self { key, held: exceptions(tx, "x.key = ?1", key)?.remove(0), runs })
    }
}

/// What several exceptions are as one. Evidence names pages of the batch only, so that of other batches stays with
/// the exceptions it was.
fn joined(parts: &[Part], first: First) -> NewException {
    let mut reasons: Vec<Reason> = Vec::new();
    let mut candidates: Vec<Candidate> = Vec::new();
    for held in parts.iter().map(|part| &part.held) {
        for reason in &held.reasons {
            if !reasons.contains(reason) {
                reasons.push(*reason);
            }
        }
        for row in &held.candidates {
            if candidates.iter().all(|other| other.patient != row.patient.id) {
                candidates.push(Candidate { patient: row.patient.id, why: row.why.clone() });
            }
        }
    }
    let same_batch = parts.iter().filter(|part| part.held.batch == first.batch);
    let typed = parts.iter().find(|part| part.held.kind != KindCode::unsorted());
    NewException {
        id: parts[0].held.id,
        pages: Vec::new(),
        reasons,
        candidates,
        evidence: same_batch.flat_map(|part| part.held.evidence.iter().cloned()).collect(),
        detail: parts.iter().find_map(|part| part.held.detail.clone()),
        kind: typed.map_or_else(KindCode::unsorted, |part| part.held.kind.clone()),
        service: parts.iter().find_map(|part| part.held.service),
        proposed: None,
        labels: union(parts.iter().flat_map(|part| &part.held.labels)),
    }
}

/// Marks an exception as made by a person; once contrary, always so.
fn made_by(tx: &Connection, key: i64, was_contrary: bool, clerk: &str) -> Result<()> {
    tx.prepare_cached(
        "UPDATE exception SET was_contrary = max(was_contrary, ?2), made_by = ?3 WHERE key = ?1",
    )?
    .execute(params![key, was_contrary, clerk])?;
    Ok(())
}

/// The pages with others before the one of that number, or behind the last; `None`: there is none of that number.
fn inserted(were: &[Run], late: &[Run], before: Option<u32>) -> Option<Vec<Run>> {
    let Some(before) = before else { return Some([were, late].concat()) };
    let mut left = before.checked_sub(1)?;
    for (at, run) in were.iter().enumerate() {
        let length = run.last - run.first + 1;
        if left < length {
            let (head, tail) = (
                Run { last: (run.first + left).saturating_sub(1), ..*run },
                Run { first: run.first + left, ..*run },
            );
            let head = if left == 0 { &[][..] } else { &[head][..] };
            return Some([&were[..at], head, late, &[tail], &were[at + 1..]].concat());
        }
        left -= length;
    }
    None
}

fn put_runs(tx: &Connection, document: i64, runs: &[Run]) -> Result<()> {
    tx.prepare_cached("DELETE FROM document_run WHERE document = ?1")?.execute([document])?;
    let mut put = tx.prepare_cached(
        "INSERT INTO document_run (document, ordinal, batch, first, last) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for (ordinal, run) in (0_i64..).zip(runs) {
        put.execute(params![document, ordinal, run.batch, run.first, run.last])?;
    }
    Ok(())
}

fn add_evidence(tx: &Connection, document: i64, more: &Evidence) -> Result<()> {
    let mut evidence: Vec<Evidence> = tx
        .prepare_cached("SELECT evidence FROM document_evidence WHERE document = ?1")?
        .query_row([document], |row| Ok(row.get::<_, Json<_>>(0)?.0))?;
    evidence.push(more.clone());
    tx.prepare_cached("UPDATE document_evidence SET evidence = ?2 WHERE document = ?1")?
        .execute(params![document, Json(&evidence)])?;
    Ok(())
}

fn add_labels(tx: &Connection, document: i64, more: &[Label]) -> Result<()> {
    let own: Vec<Label> = tx
        .prepare_cached("SELECT labels FROM document WHERE key = ?1")?
        .query_row([document], |row| Ok(row.get::<_, Json<_>>(0)?.0))?;
    tx.prepare_cached("UPDATE document SET labels = ?2 WHERE key = ?1")?
        .execute(params![document, Json(union(own.iter().chain(more)))])?;
    Ok(())
}

/// Each once.
pub(super) fn union<'a>(labels: impl Iterator<Item = &'a Label>) -> Vec<Label> {
    labels.collect::<BTreeSet<_>>().into_iter().cloned().collect()
}

fn clerks(tx: &Connection, document: i64, runs: &[Run], clerk: &str) -> Result<Evidence> {
    let own: i64 = tx
        .prepare_cached("SELECT batch FROM document WHERE key = ?1")?
        .query_row([document], |row| row.get(0))?;
    let elsewhere = runs.first().filter(|run| run.batch != own);
    let batch = elsewhere.map(|run| pages_of(tx, &[*run])).transpose()?;
    Ok(Evidence {
        kind: EvidenceKind::Clerk,
        page: PageNumber(runs.first().map_or(0, |run| run.first)),
        batch: batch.and_then(|pages| Some(pages.first()?.batch)),
        text: clerk.to_owned(),
        place: Rect::default(),
        authority: None,
        reader: ReaderVersion("clerk".into()),
        contrary: false,
    })
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
