//! What is in question about something filed?
//!
//! A doubt moves no page: the document stays in its chart until a person has looked and dismisses the doubt, or
//! withdraws the document.

use jiff::Timestamp;
use jiff::civil::Date;
use records::evidence::Evidence;
use records::exception::Reason;
use records::ids::{DocumentId, DoubtId, Epoch};
use rusqlite::{Connection, Row, params};

use super::Lane;
use super::acts::record;
use super::audit::AuditEntry;
use super::changes::{Changed, note};
use super::charts::{DocumentRow, document_by_key, document_key, document_runs};
use super::columns::{Day, Json, Millis, now};
use crate::error::{ArchiveError, Result};
use crate::open::Archive;

/// A doubt as it stands.
#[derive(Clone, Debug)]
pub struct DoubtRow {
    pub id: DoubtId,
    pub document: DocumentRow,
    pub reasons: Vec<Reason>,
    /// What raised it. The document's own evidence is the document's.
    pub evidence: Vec<Evidence>,
    /// The day on which it is to be looked at; absent: now.
    pub due: Option<Date>,
    pub state: DoubtState,
    /// `sweep`, `line`, or the clerk.
    pub raised_by: String,
    pub created: Timestamp,
    pub resolution: Option<String>,
    pub resolved_by: Option<String>,
    pub resolved_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DoubtState {
    Open,
    /// A person looked: the document is right.
    Dismissed,
    /// The document was withdrawn or filed again.
    Resolved,
}

impl Archive {
    /// Puts a filed document on the worklist without touching it. `false`: nothing new, for all of it is in
    /// question already or was dismissed before, or the document is no longer in a chart.
    pub fn doubt(
        &self,
        id: &DocumentId,
        reasons: &[Reason],
        evidence: &[Evidence],
        by: &str,
    ) -> Result<bool> {
        self.0.catalogue.write(Lane::Line, |tx| {
            let (key, state) = document_key(tx, id)?;
            if state != "filed" || is_known(tx, key, reasons, evidence)? {
                return Ok(false);
            }
            raise(tx, self.epoch(), (key, *id), &Doubt { reasons, evidence, due: None, by })?;
            Ok(true)
        })
    }

    /// A person has looked, and the document is right. The same doubt is not raised again.
    pub fn dismiss_doubt(&self, id: &DoubtId, clerk: &str, why: &str) -> Result<()> {
        self.0.catalogue.write(Lane::Desk, |tx| {
            let row = rows(tx, "q.id = ?1", &id.0)?.pop().ok_or(ArchiveError::Unknown { what: "doubt" })?;
            if row.state != DoubtState::Open {
                let why = "somebody has decided about it already";
                return Err(ArchiveError::NotNow { act: "dismiss the doubt", why });
            }
            let (key, _) = document_key(tx, &row.document.id)?;
            close(tx, "id = ?1", &id.0, ("dismissed", why, clerk))?;
            let runs = document_runs(tx, key)?;
            note(tx, Changed::Held, None, &runs)?;
            let detail = serde_json::json!({ "doubt": id, "reasons": row.reasons, "why": why });
            record(tx, clerk, "dismiss", &runs, |entry| AuditEntry {
                document: Some(row.document.id),
                detail,
                ..entry
            })
        })
    }

    /// Everything in question, oldest first.
    pub fn doubts(&self) -> Result<Vec<DoubtRow>> {
        self.0.catalogue.read(|c| rows(c, "q.state = 'open' AND ?1", &true))
    }

    /// One doubt, whatever its state; `None`: no such id.
    pub fn find_doubt(&self, id: &DoubtId) -> Result<Option<DoubtRow>> {
        self.0.catalogue.read(|c| Ok(rows(c, "q.id = ?1", &id.0)?.pop()))
    }

    /// Doubts about one document, also those that were decided, oldest first.
    pub fn doubts_about(&self, document: &DocumentId) -> Result<Vec<DoubtRow>> {
        self.0.catalogue.read(|c| rows(c, "q.document = ?1", &document_key(c, document)?.0))
    }
}

/// A doubt about to be raised.
pub(super) struct Doubt<'a> {
    pub(super) reasons: &'a [Reason],
    pub(super) evidence: &'a [Evidence],
    pub(super) due: Option<Date>,
    pub(super) by: &'a str,
}

/// Raises a doubt inside the transaction of what it comes from.
pub(super) fn raise(
    tx: &Connection,
    epoch: Epoch,
    (key, document): (i64, DocumentId),
    doubt: &Doubt<'_>,
) -> Result<DoubtId> {
    if doubt.reasons.is_empty() {
        return Err(ArchiveError::NotNow { act: "question a document", why: "no reason is given" });
    }
    let earlier = tx
        .prepare_cached("SELECT count(*) FROM doubt WHERE document = ?1")?
        .query_row([key], |row| row.get(0))?;
    let id = DoubtId::of(document, earlier, epoch);
    tx.prepare_cached(
        "INSERT INTO doubt (id, document, reasons, evidence, due, state, raised_by, created)
         VALUES (?1, ?2, ?3, ?4, ?5, 'open', ?6, ?7)",
    )?
    .execute(params![
        id.0,
        key,
        Json(doubt.reasons),
        Json(doubt.evidence),
        doubt.due.map(Day),
        doubt.by,
        Millis(now())
    ])?;
    let runs = document_runs(tx, key)?;
    note(tx, Changed::Held, None, &runs)?;
    let detail = serde_json::json!({ "doubt": id, "reasons": doubt.reasons, "due": doubt.due });
    record(tx, doubt.by, "doubt", &runs, |entry| AuditEntry { document: Some(document), detail, ..entry })?;
    Ok(id)
}

/// What was in question about a document is answered: it is in this chart no more.
pub(super) fn resolve_doubts(tx: &Connection, document: i64, how: &str, by: &str) -> Result<()> {
    close(tx, "document = ?1 AND state = 'open'", &document, ("resolved", how, by))
}

/// A doubt is answered by what happened to its document, inside the transaction of that.
pub(super) fn answer(tx: &Connection, doubt: i64, how: &str, by: &str) -> Result<()> {
    close(tx, "key = ?1 AND state = 'open'", &doubt, ("resolved", how, by))
}

/// Whatever else was ever asked about a document that is written anew is about the new one; that something was to be
/// scanned again stays with the rescan.
pub(super) fn carry_doubts(tx: &Connection, from: i64, to: i64) -> Result<()> {
    tx.prepare_cached(
        "UPDATE doubt SET document = ?2 WHERE document = ?1
             AND key NOT IN (SELECT doubt FROM rescan WHERE document = ?1 AND doubt IS NOT NULL)",
    )?
    .execute([from, to])?;
    Ok(())
}

fn close(
    tx: &Connection,
    which: &str,
    key: &dyn rusqlite::ToSql,
    (state, resolution, by): (&str, &str, &str),
) -> Result<()> {
    tx.prepare_cached(&format!(
        "UPDATE doubt SET state = ?2, resolution = ?3, resolved_by = ?4, resolved_at = ?5 WHERE {which}"
    ))?
    .execute(params![key, state, resolution, by, Millis(now())])?;
    Ok(())
}

/// Whether one doubt, open or dismissed, says all of this already.
pub(super) fn is_known(
    c: &Connection,
    document: i64,
    reasons: &[Reason],
    evidence: &[Evidence],
) -> Result<bool> {
    let mut earlier =
        c.prepare_cached("SELECT reasons, evidence FROM doubt WHERE document = ?1 AND state <> 'resolved'")?;
    let mut earlier = earlier.query([document])?;
    while let Some(row) = earlier.next()? {
        let told: Vec<Reason> = row.get::<_, Json<_>>(0)?.0;
        let seen: Vec<Evidence> = row.get::<_, Json<_>>(1)?.0;
        let is_seen = |new: &Evidence| seen.iter().any(|old| old.is_same_reading(new));
        if reasons.iter().all(|reason| told.contains(reason)) && evidence.iter().all(is_seen) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Doubts of a condition in which `?1` may stand for a value.
fn rows(c: &Connection, condition: &str, value: &dyn rusqlite::ToSql) -> Result<Vec<DoubtRow>> {
    let mut found = c.prepare_cached(&format!(
        "SELECT q.id, q.document, q.reasons, q.evidence, q.due, q.state, q.raised_by, q.created, q.resolution,
             q.resolved_by, q.resolved_at FROM doubt q WHERE {condition} ORDER BY q.created, q.key"
    ))?;
    let mut found = found.query([value])?;
    let mut doubts = Vec::new();
    while let Some(row) = found.next()? {
        doubts.push(row_of(c, row)?);
    }
    Ok(doubts)
}

fn row_of(c: &Connection, row: &Row<'_>) -> Result<DoubtRow> {
    Ok(DoubtRow {
        id: DoubtId(row.get(0)?),
        document: document_by_key(c, row.get(1)?)?,
        reasons: row.get::<_, Json<_>>(2)?.0,
        evidence: row.get::<_, Json<_>>(3)?.0,
        due: row.get::<_, Option<Day>>(4)?.map(|day| day.0),
        state: match row.get::<_, String>(5)?.as_str() {
            "open" => DoubtState::Open,
            "dismissed" => DoubtState::Dismissed,
            _ => DoubtState::Resolved,
        },
        raised_by: row.get(6)?,
        created: row.get::<_, Millis>(7)?.0,
        resolution: row.get(8)?,
        resolved_by: row.get(9)?,
        resolved_at: row.get::<_, Option<Millis>>(10)?.map(|at| at.0),
    })
}
