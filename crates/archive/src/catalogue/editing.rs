//! What may be changed about a filed document, what was it before, and what has nobody typed yet?

use jiff::Timestamp;
use jiff::civil::Date;
use records::document::{KindCode, Label};
use records::identifier::Identifier;
use records::ids::DocumentId;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};

use super::Lane;
use super::acts::record;
use super::audit::AuditEntry;
use super::changes::{Changed, note};
use super::charts::{DocumentRow, document_by_key, document_key, document_runs};
use super::columns::{Day, Json, Millis, now};
use super::patients::survivor;
use super::sheets::identifier_kind;
use crate::error::{ArchiveError, Result};
use crate::open::Archive;

/// What is to be another about a document; what is absent stays as it is. Whose it is never changes here.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    pub kind: Option<KindCode>,
    pub service: Option<(Date, Date)>,
    /// All of its labels from now on.
    pub labels: Option<Vec<Label>>,
    /// A visit or account number of the document's patient; which of them the index says.
    pub encounter: Option<Identifier>,
}

/// What a document was until a clerk changed it.
#[derive(Clone, Debug, Serialize)]
pub struct EditRow {
    pub at: Timestamp,
    pub by: String,
    pub was: Was,
}

/// What can be changed about a document, as it stood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Was {
    pub kind: KindCode,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<(Date, Date)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<Label>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encounter: Option<Identifier>,
    #[serde(default)]
    pub pages: usize,
}

impl Archive {
    /// Changes kind, dates, labels or visit of a filed document, and keeps what it was.
    pub fn edit(&self, id: &DocumentId, edit: &Edit, clerk: &str) -> Result<()> {
        self.0.catalogue.write(Lane::Desk, |tx| {
            let (key, state) = document_key(tx, id)?;
            if state != "filed" {
                return Err(ArchiveError::NotNow { act: "change the document", why: "it is not filed" });
            }
            let encounter = edit.encounter.as_ref().map(|number| visit_of(tx, key, number)).transpose()?;
            let was = Was::now(tx, key)?;
            let (from, to) = edit.service.map_or((None, None), |(from, to)| (Some(Day(from)), Some(Day(to))));
            tx.prepare_cached(
                "UPDATE document SET kind = coalesce(?2, kind), service_from = coalesce(?3, service_from),
                     service_to = coalesce(?4, service_to), labels = coalesce(?5, labels),
                     encounter = coalesce(?6, encounter) WHERE key = ?1",
            )?
            .execute(params![
                key,
                edit.kind.as_ref().map(|kind| &kind.0),
                from,
                to,
                edit.labels.as_ref().map(Json),
                encounter.map(Json)
            ])?;
            if Was::now(tx, key)? == was {
                let why = "it would be as it is";
                return Err(ArchiveError::NotNow { act: "change the document", why });
            }
            keep(tx, key, &was, clerk)?;
            let runs = document_runs(tx, key)?;
            note(tx, Changed::Relabelled, Some(*id), &runs)?;
            let detail = serde_json::json!({ "was": was, "is": Was::now(tx, key)? });
            record(tx, clerk, "edit", &runs, |entry| AuditEntry { document: Some(*id), detail, ..entry })
        })
    }

    /// What a document was before each change, oldest first.
    pub fn edits(&self, id: &DocumentId) -> Result<Vec<EditRow>> {
        self.0.catalogue.read(|c| {
            let mut rows =
                c.prepare_cached("SELECT at, by, was FROM document_edit WHERE document = ?1 ORDER BY key")?;
            let rows = rows.query_map([document_key(c, id)?.0], |row| {
                Ok(EditRow {
                    at: row.get::<_, Millis>(0)?.0,
                    by: row.get(1)?,
                    was: row.get::<_, Json<_>>(2)?.0,
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Filed documents of which nobody has said what they are, the longest waiting first.
    pub fn untyped(&self) -> Result<Vec<DocumentRow>> {
        self.0.catalogue.read(|c| {
            let mut keys = c.prepare_cached(
                "SELECT key FROM document WHERE state = 'filed' AND kind = 'UNSORTED' ORDER BY filed_at, key",
            )?;
            let keys = keys.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()?;
            keys.into_iter().map(|key| document_by_key(c, key)).collect()
        })
    }
}

impl Was {
    fn now(c: &Connection, key: i64) -> Result<Self> {
        let pages = document_runs(c, key)?.iter().map(|run| (run.last - run.first + 1) as usize).sum();
        Ok(c.prepare_cached(
            "SELECT kind, service_from, service_to, labels, encounter FROM document WHERE key = ?1",
        )?
        .query_row([key], |row| {
            Ok(Self {
                kind: KindCode(row.get(0)?),
                service: super::columns::days(row.get(1)?, row.get(2)?),
                labels: row.get::<_, Json<_>>(3)?.0,
                encounter: row.get::<_, Option<Json<_>>>(4)?.map(|own| own.0),
                pages,
            })
        })?)
    }
}

/// Keeps what a document is, before it is changed.
pub(super) fn keep_history(tx: &Connection, key: i64, by: &str) -> Result<()> {
    keep(tx, key, &Was::now(tx, key)?, by)
}

/// What a document was before each change goes on with the one that is written anew in its place.
pub(super) fn carry_history(tx: &Connection, from: i64, to: i64, by: &str) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO document_edit (document, was, by, at)
         SELECT ?2, was, by, at FROM document_edit WHERE document = ?1 ORDER BY key",
    )?
    .execute([from, to])?;
    keep(tx, to, &Was::now(tx, from)?, by)
}

fn keep(tx: &Connection, key: i64, was: &Was, by: &str) -> Result<()> {
    tx.prepare_cached("INSERT INTO document_edit (document, was, by, at) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![key, Json(was), by, Millis(now())])?;
    Ok(())
}

/// The visit as the index has it, whichever kind of number it is. A visit of somebody else, or one nobody knows, is
/// not written on a document.
fn visit_of(c: &Connection, document: i64, number: &Identifier) -> Result<Identifier> {
    let (owner, kind): (i64, String) = c
        .prepare_cached(
            "SELECT patient, kind FROM encounter WHERE value = ?1 AND authority = ?2 ORDER BY kind DESC",
        )?
        .query_row(params![number.value, number.authority.0], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?
        .ok_or(ArchiveError::Unknown { what: "visit or account number" })?;
    let patient: i64 = c
        .prepare_cached("SELECT patient FROM document WHERE key = ?1")?
        .query_row([document], |row| row.get(0))?;
    if survivor(c, owner)? != survivor(c, patient)? {
        return Err(ArchiveError::NotNow { act: "note the visit", why: "it is another patient's visit" });
    }
    Ok(Identifier { kind: identifier_kind(&kind)?, ..number.clone() })
}

/// Writes the visit of a document that was just made.
pub(super) fn note_encounter(tx: &Connection, document: i64, number: Option<&Identifier>) -> Result<()> {
    let Some(number) = number else { return Ok(()) };
    let visit = visit_of(tx, document, number)?;
    tx.prepare_cached("UPDATE document SET encounter = ?2 WHERE key = ?1")?
        .execute(params![document, Json(visit)])?;
    Ok(())
}
