//! Who did or saw what, and has nobody changed the record since?

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use jiff::Timestamp;
use records::document::Label;
use records::ids::{DocumentId, PageRef};
use records::patient::PatientId;
use records::rights::Viewer;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::columns::{now, read_runs, runs_of};
use super::patients::{members, patient_key, survivor};
use super::{Catalogue, Lane};
use crate::error::{ArchiveError, Result};
use crate::open::Archive;

/// Create, read, update, delete, execute (`domain.md` 4.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    #[serde(rename = "C")]
    Create,
    #[serde(rename = "R")]
    Read,
    #[serde(rename = "U")]
    Update,
    #[serde(rename = "D")]
    Delete,
    #[serde(rename = "E")]
    Execute,
}

/// What is to be recorded. The time is taken when it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// `clerk:lopez`, `os:root`, `line`.
    pub actor: String,
    pub action: Action,
    /// What was done: `search`, `view`, `assign`, `void`, `patients-import` …
    pub what: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient: Option<PatientId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<DocumentId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<PageRef>,
    /// Protection labels of what was looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<Label>,
    /// Query, counts, before and after, reason. May hold patient data: the audit is one of the places that may.
    #[serde(default, skip_serializing_if = "serde_json::Value::is_null")]
    pub detail: serde_json::Value,
    /// Refused for want of a right.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub refused: bool,
}

/// One entry as it stands in the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditRow {
    pub seq: u64,
    pub at: Timestamp,
    #[serde(flatten)]
    pub entry: AuditEntry,
}

/// Whether the chain holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditReport {
    pub entries: u64,
    /// The first entry that is not what was written, does not follow from the one before, or is not what an anchor says
    /// it was; behind the last one, where an anchor knows of more.
    pub broken_at: Option<u64>,
    /// The last entry that holds.
    pub head: Anchor,
}

/// An entry and its hash. A chain cannot show by itself that its end was cut off: an anchor that is kept elsewhere can.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    pub seq: u64,
    /// SHA-256, hex.
    pub hash: String,
}

impl std::fmt::Display for Anchor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.seq, self.hash)
    }
}

impl std::str::FromStr for Anchor {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = "an anchor is a number, a colon and 64 hex digits, as `chartroom audit verify` prints it";
        let (seq, hash) = text.trim().split_once(':').ok_or(wrong)?;
        let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        let seq = seq.parse().map_err(|_| wrong)?;
        if is_hash { Ok(Self { seq, hash: hash.to_lowercase() }) } else { Err(wrong) }
    }
}

/// Which entries? All that are set must hold.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// Exactly: `clerk:lopez`.
    pub actor: Option<String>,
    /// Any identity of the person: merges are resolved.
    pub patient: Option<PatientId>,
    /// Older than this entry.
    pub before: Option<u64>,
    pub limit: usize,
}

impl AuditEntry {
    /// An entry about nothing in particular yet.
    pub fn new(actor: &str, action: Action, what: &str) -> Self {
        Self {
            actor: actor.to_owned(),
            action,
            what: what.to_owned(),
            purpose: None,
            patient: None,
            document: None,
            pages: Vec::new(),
            labels: Vec::new(),
            detail: serde_json::Value::Null,
            refused: false,
        }
    }
}

impl Archive {
    /// Writes an entry; it is durable when this returns its sequence number. Entries that wait at the same time
    /// share one commit.
    pub fn record(&self, entry: &AuditEntry) -> Result<u64> {
        self.0.catalogue.record(entry)
    }

    /// Records a search (its text is patient data, and belongs in the audit).
    pub fn record_search(&self, viewer: &Viewer, query: &str, hits: u64) -> Result<u64> {
        let detail = serde_json::json!({ "query": query, "hits": hits });
        self.record(&AuditEntry { detail, ..AuditEntry::new(&viewer.name, Action::Execute, "search") })
    }

    /// Everyone who looked at pages of this document, or tried to, oldest first.
    pub fn who_saw(&self, document: &DocumentId) -> Result<Vec<AuditRow>> {
        self.0.catalogue.read(|c| {
            let key = c
                .query_row(
                    "SELECT key FROM document WHERE id = ?1 AND state <> 'staged'",
                    [document.0],
                    |r| r.get(0),
                )
                .optional()?
                .ok_or(ArchiveError::Unknown { what: "document" })?;
            let mut seen = BTreeSet::new();
            let mut find =
                c.prepare("SELECT seq FROM audit_run WHERE batch = ?1 AND first <= ?3 AND last >= ?2")?;
            let pages = "SELECT batch, first, last FROM document_run WHERE document = ?1 ORDER BY ordinal";
            for run in read_runs(c, pages, key)? {
                for seq in
                    find.query_map(params![run.batch, run.first, run.last], |row| row.get::<_, i64>(0))?
                {
                    seen.insert(seq?);
                }
            }
            seen.into_iter().map(|seq| row(c, seq)).collect()
        })
    }

    /// Entries after a sequence number, oldest first.
    pub fn audit(&self, after: u64, limit: usize) -> Result<Vec<AuditRow>> {
        self.0.catalogue.read(|c| {
            let mut rows = c.prepare("SELECT event FROM audit WHERE seq > ?1 ORDER BY seq LIMIT ?2")?;
            let rows = rows.query_map(params![after as i64, limit as i64], |row| row.get::<_, String>(0))?;
            rows.map(|event| read_event(&event?)).collect()
        })
    }

    /// Entries of a filter, newest first.
    pub fn audit_of(&self, filter: &AuditFilter) -> Result<Vec<AuditRow>> {
        let before = filter.before.map_or(i64::MAX, |seq| seq as i64);
        let limit = filter.limit as i64;
        self.0.catalogue.read(|c| {
            let mut seqs: Vec<i64> = match (&filter.patient, &filter.actor) {
                (Some(patient), actor) => {
                    let mut seqs = BTreeSet::new();
                    let mut find = c.prepare_cached(
                        "SELECT p.seq FROM audit_patient p WHERE p.patient = ?1 AND p.seq < ?2
                             AND (?3 IS NULL OR EXISTS
                                 (SELECT 1 FROM audit_actor a WHERE a.actor = ?3 AND a.seq = p.seq))
                         ORDER BY p.seq DESC LIMIT ?4",
                    )?;
                    for key in members(c, survivor(c, patient_key(c, *patient)?)?)? {
                        let id: [u8; 16] =
                            c.query_row("SELECT id FROM patient WHERE key = ?1", [key], |row| row.get(0))?;
                        let found = find.query_map(params![id, before, actor, limit], |row| row.get(0))?;
                        seqs.extend(found.collect::<rusqlite::Result<Vec<i64>>>()?);
                    }
                    seqs.into_iter().rev().collect()
                }
                (None, Some(actor)) => c
                    .prepare_cached(
                        "SELECT seq FROM audit_actor WHERE actor = ?1 AND seq < ?2 ORDER BY seq DESC LIMIT ?3",
                    )?
                    .query_map(params![actor, before, limit], |row| row.get(0))?
                    .collect::<rusqlite::Result<_>>()?,
                (None, None) => c
                    .prepare_cached("SELECT seq FROM audit WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2")?
                    .query_map(params![before, limit], |row| row.get(0))?
                    .collect::<rusqlite::Result<_>>()?,
            };
            seqs.truncate(filter.limit);
            seqs.into_iter().map(|seq| row(c, seq)).collect()
        })
    }

    /// The last entry: kept elsewhere, it shows a cut-off tail.
    pub fn audit_head(&self) -> Result<Anchor> {
        self.0.catalogue.read(last_entry)
    }

    /// Walks the whole chain, and holds it against what was kept elsewhere.
    pub fn audit_verify(&self, anchors: &[Anchor]) -> Result<AuditReport> {
        self.0.catalogue.read(|c| {
            let (mut before, mut entries) = ([0; 32], 0);
            let broken = |at: i64, entries: i64, before| AuditReport {
                entries: entries as u64,
                broken_at: Some(at as u64),
                head: anchor((entries, before)),
            };
            let mut rows = c.prepare("SELECT seq, hash, event FROM audit ORDER BY seq")?;
            let mut rows = rows.query([])?;
            while let Some(row) = rows.next()? {
                let (seq, hash, event): (i64, [u8; 32], String) = (row.get(0)?, row.get(1)?, row.get(2)?);
                let written = read_event(&event).is_ok_and(|event| event.seq == seq as u64);
                let link = anchor((seq, hash));
                let as_kept = anchors.iter().all(|kept| kept.seq != link.seq || *kept == link);
                if seq != entries + 1 || hash != chained(&before, &event) || !written || !as_kept {
                    return Ok(broken(seq, entries, before));
                }
                (before, entries) = (hash, seq);
            }
            if anchors.iter().any(|kept| kept.seq > entries as u64) {
                return Ok(broken(entries + 1, entries, before));
            }
            Ok(AuditReport { entries: entries as u64, broken_at: None, head: anchor((entries, before)) })
        })
    }
}

pub(super) fn last_entry(c: &Connection) -> Result<Anchor> {
    Ok(anchor(head(c)?))
}

fn anchor((seq, hash): (i64, [u8; 32])) -> Anchor {
    Anchor { seq: seq as u64, hash: records::ids::Digest(hash).to_string() }
}

/// Entries that wait for the next commit, and who of those that wait writes it.
#[derive(Default)]
pub(super) struct Queue {
    waiting: Mutex<Vec<Arc<Ticket>>>,
    leading: Mutex<()>,
}

struct Ticket {
    entry: AuditEntry,
    /// Set once it is durable.
    seq: OnceLock<u64>,
}

impl Catalogue {
    fn record(&self, entry: &AuditEntry) -> Result<u64> {
        let ours = Arc::new(Ticket { entry: entry.clone(), seq: OnceLock::new() });
        self.audit_queue.waiting().push(Arc::clone(&ours));
        let _leading = self.audit_queue.leading.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(seq) = ours.seq.get() {
            return Ok(*seq); // whoever led before us wrote it along
        }
        let all = self.audit_queue.waiting().clone();
        // An entry that cannot be written must not keep the others from being written.
        let written = self.write_entries(&all).or_else(|_| self.write_entries(std::slice::from_ref(&ours)));
        self.audit_queue.waiting().retain(|one| one.seq.get().is_none() && !Arc::ptr_eq(one, &ours));
        written?;
        Ok(*ours.seq.get().expect("all that were asked for are written"))
    }

    /// One commit for all of them.
    fn write_entries(&self, tickets: &[Arc<Ticket>]) -> Result<()> {
        let written: Vec<u64> = self.write(Lane::Desk, |tx| {
            tickets.iter().map(|one| append(tx, &one.entry)).collect::<Result<_>>()
        })?;
        for (ticket, seq) in tickets.iter().zip(written) {
            ticket.seq.set(seq).expect("an entry is written once");
        }
        Ok(())
    }
}

impl Queue {
    fn waiting(&self) -> MutexGuard<'_, Vec<Arc<Ticket>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Serialize, Deserialize)]
struct Event {
    seq: u64,
    /// UTC, milliseconds since 1970.
    at: i64,
    entry: AuditEntry,
}

/// Adds an entry to the chain, inside the transaction of what it is about.
pub(super) fn append(tx: &Connection, entry: &AuditEntry) -> Result<u64> {
    let (last, before) = head(tx)?;
    let seq = last + 1;
    let event = Event { seq: seq as u64, at: now().as_millisecond(), entry: entry.clone() };
    let event = serde_json::to_string(&event).map_err(|_| ArchiveError::damaged("an audit entry"))?;
    tx.prepare_cached("INSERT INTO audit (seq, hash, event) VALUES (?1, ?2, ?3)")?.execute(params![
        seq,
        chained(&before, &event),
        event
    ])?;
    tx.prepare_cached("INSERT INTO audit_actor (actor, seq) VALUES (?1, ?2)")?
        .execute(params![entry.actor, seq])?;
    if let Some(patient) = entry.patient {
        tx.prepare_cached("INSERT INTO audit_patient (patient, seq) VALUES (?1, ?2)")?
            .execute(params![patient.0.as_bytes(), seq])?;
    }
    let mut put = tx.prepare_cached(
        "INSERT OR IGNORE INTO audit_run (batch, first, last, seq) VALUES (?1, ?2, ?3, ?4)",
    )?;
    for run in runs_of(tx, &entry.pages)? {
        put.execute(params![run.batch, run.first, run.last, seq])?;
    }
    Ok(seq as u64)
}

fn head(c: &Connection) -> Result<(i64, [u8; 32])> {
    let head = c
        .prepare_cached("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(head.unwrap_or((0, [0; 32])))
}

fn chained(before: &[u8; 32], event: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(before);
    hash.update(event.as_bytes());
    hash.finalize().into()
}

fn row(c: &Connection, seq: i64) -> Result<AuditRow> {
    let event: String =
        c.prepare_cached("SELECT event FROM audit WHERE seq = ?1")?.query_row([seq], |row| row.get(0))?;
    read_event(&event)
}

fn read_event(text: &str) -> Result<AuditRow> {
    let damaged = || ArchiveError::damaged("an audit entry; run `chartroom audit verify`");
    let event: Event = serde_json::from_str(text).map_err(|_| damaged())?;
    let at = Timestamp::from_millisecond(event.at).map_err(|_| damaged())?;
    Ok(AuditRow { seq: event.seq, at, entry: event.entry })
}
