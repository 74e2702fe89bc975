//! What has a person to look at in the patient index? (`domain.md` 2.9)

use jiff::Timestamp;
use records::ids::DocumentId;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::Serialize;

use super::Lane;
use super::audit::{Action, AuditEntry, append};
use super::charts::PatientSummary;
use super::columns::{Millis, now};
use super::history::Origin;
use super::patients::{members, own_summary, patient_id, survivor};
use crate::error::{ArchiveError, Result};
use crate::open::Archive;

/// Something about the index that a person must see.
#[derive(Clone, Debug)]
pub struct Matter {
    /// What people name it by: never given twice.
    pub number: u64,
    pub kind: MatterKind,
    pub patient: PatientSummary,
    /// The other side of a merge.
    pub other: Option<PatientSummary>,
    /// Code of a refusal.
    pub why: Option<String>,
    pub source: String,
    pub since: Timestamp,
    pub opened: Timestamp,
    /// Filed to the person since: to be looked through where two people may be one record.
    pub documents: Vec<DocumentId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MatterKind {
    /// Two people in one record, it seems: nothing is filed there by itself.
    Frozen,
    /// A merge that was not made.
    MergeRefused,
    /// Two charts became one: look whether they are one person's.
    Merged,
    /// A number the full list no longer has. It stays.
    Vanished,
}

impl MatterKind {
    const ALL: [Self; 4] = [Self::Frozen, Self::MergeRefused, Self::Merged, Self::Vanished];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Frozen => "frozen",
            Self::MergeRefused => "merge_refused",
            Self::Merged => "merged",
            Self::Vanished => "vanished",
        }
    }

    fn of(code: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|kind| kind.code() == code);
        found.ok_or_else(|| ArchiveError::damaged("a matter of the patient index"))
    }
}

impl Archive {
    /// What waits for a person, oldest first.
    pub fn matters(&self) -> Result<Vec<Matter>> {
        self.0.catalogue.read(|c| {
            let mut rows = c.prepare(&format!("{SELECT} WHERE settled_at IS NULL ORDER BY number"))?;
            let bare = rows.query_map([], Bare::of)?.collect::<rusqlite::Result<Vec<_>>>()?;
            bare.into_iter().map(|bare| bare.whole(c)).collect()
        })
    }

    /// A person has looked. A frozen chart is thawed instead: that settles it.
    pub fn settle(&self, number: u64, clerk: &str, note: &str) -> Result<()> {
        self.0.catalogue.write(Lane::Desk, |tx| {
            let found = tx
                .query_row(&format!("{SELECT} WHERE number = ?1"), [number as i64], Bare::of)
                .optional()?
                .ok_or(ArchiveError::Unknown { what: "matter" })?;
            let act = "settle the matter";
            if found.settled {
                return Err(ArchiveError::NotNow { act, why: "it is settled" });
            }
            if MatterKind::of(&found.kind)? == MatterKind::Frozen {
                let why = "the chart is frozen; tell the people apart and thaw it, that settles the matter";
                return Err(ArchiveError::NotNow { act, why });
            }
            settle_row(tx, number as i64, clerk, note)?;
            let detail = serde_json::json!({ "matter": number, "kind": found.kind, "note": note });
            let entry = AuditEntry::new(clerk, Action::Update, "settle");
            append(tx, &AuditEntry { patient: Some(patient_id(tx, found.patient)?), detail, ..entry })?;
            Ok(())
        })
    }
}

const SELECT: &str = "SELECT number, kind, patient, other, why, source, since, opened, settled_at IS NOT NULL FROM patient_matter";

struct Bare {
    number: i64,
    kind: String,
    patient: i64,
    other: Option<i64>,
    why: Option<String>,
    source: String,
    since: Timestamp,
    opened: Timestamp,
    settled: bool,
}

impl Bare {
    fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            number: row.get(0)?,
            kind: row.get(1)?,
            patient: row.get(2)?,
            other: row.get(3)?,
            why: row.get(4)?,
            source: row.get(5)?,
            since: row.get::<_, Millis>(6)?.0,
            opened: row.get::<_, Millis>(7)?.0,
            settled: row.get(8)?,
        })
    }

    fn whole(self, c: &Connection) -> Result<Matter> {
        let kind = MatterKind::of(&self.kind)?;
        let documents = match kind {
            MatterKind::Frozen | MatterKind::Merged => filed_since(c, self.patient, self.since)?,
            MatterKind::MergeRefused | MatterKind::Vanished => Vec::new(),
        };
        Ok(Matter {
            number: self.number.unsigned_abs(),
            kind,
            patient: own_summary(c, self.patient)?,
            other: self.other.map(|other| own_summary(c, other)).transpose()?,
            why: self.why,
            source: self.source,
            since: self.since,
            opened: self.opened,
            documents,
        })
    }
}

/// Documents filed to a person since, oldest first.
fn filed_since(c: &Connection, patient: i64, since: Timestamp) -> Result<Vec<DocumentId>> {
    let mut found = Vec::new();
    for key in members(c, survivor(c, patient)?)? {
        let mut rows = c.prepare_cached(
            "SELECT filed_at, id FROM document WHERE patient = ?1 AND state = 'filed' AND filed_at >= ?2",
        )?;
        let rows = rows.query_map(params![key, Millis(since)], |row| {
            Ok((row.get::<_, i64>(0)?, DocumentId(row.get(1)?)))
        })?;
        found.extend(rows.collect::<rusqlite::Result<Vec<_>>>()?);
    }
    found.sort_unstable();
    Ok(found.into_iter().map(|(_, id)| id).collect())
}

/// Opens a matter, unless the same one waits already.
pub(super) fn open_matter(
    tx: &Connection,
    kind: MatterKind,
    patient: i64,
    other: Option<i64>,
    why: Option<&str>,
    since: Timestamp,
    origin: &Origin<'_>,
) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO patient_matter (kind, patient, other, why, source, since, opened)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING",
    )?
    .execute(params![
        kind.code(),
        patient,
        other,
        why,
        origin.source,
        Millis(since),
        Millis(origin.at)
    ])?;
    Ok(())
}

/// Settles what of one kind waits about an identity: it has been dealt with by another act.
pub(super) fn settle_of(tx: &Connection, kind: MatterKind, patient: i64, by: &str, note: &str) -> Result<()> {
    let mut rows = tx.prepare_cached(
        "SELECT number FROM patient_matter WHERE kind = ?1 AND patient = ?2 AND settled_at IS NULL",
    )?;
    let numbers = rows
        .query_map(params![kind.code(), patient], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<i64>>>()?;
    numbers.into_iter().try_for_each(|number| settle_row(tx, number, by, note))
}

fn settle_row(tx: &Connection, number: i64, by: &str, note: &str) -> Result<()> {
    tx.prepare_cached(
        "UPDATE patient_matter SET settled_at = ?2, settled_by = ?3, note = ?4 WHERE number = ?1",
    )?
    .execute(params![number, Millis(now()), by, note])?;
    Ok(())
}
