//! What may a person change in the patient index?
//!
//! For sites without a feed, and for what a feed gets wrong. Every act names its clerk and reason, is on record, and
//! keeps what stood there before.

use records::identifier::{Identifier, canonical};
use records::ids::DocumentId;
use records::patient::PatientId;
use rusqlite::{Connection, params};

use super::Lane;
use super::acts::record;
use super::audit::{Action, AuditEntry, append};
use super::changes::{Changed, note};
use super::charts::document_runs;
use super::columns::now;
use super::history::{MANUAL, Origin, changed};
use super::identity::{Current, Upsert, upsert};
use super::import::{FlagChanges, PatientRow};
use super::matters::{MatterKind, settle_of};
use super::patients::{FROZEN, bits, flags, members, patient_key, raise_version, survivor};
use super::sources::contact;
use crate::error::{ArchiveError, Result};
use crate::open::Archive;

/// What a correction came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Corrected {
    Unchanged,
    Changed,
    /// Name or birth date became another person's: nothing is filed there by itself until the chart is thawed.
    Frozen,
}

impl Archive {
    /// A patient whom no list brings. `row.line` does not matter.
    pub fn add_patient(&self, row: &PatientRow, clerk: &str, reason: &str) -> Result<PatientId> {
        self.by_hand(clerk, |tx, origin| {
            if Current::of(tx, row, &row.mrn)?.is_some() {
                let why = "this number is in the patient index already; correct that patient instead";
                return Err(ArchiveError::NotNow { act: "add the patient", why });
            }
            upsert(tx, row, origin)?;
            let added = Current::of(tx, row, &row.mrn)?.ok_or(ArchiveError::Unknown { what: "patient" })?;
            changed(tx, added.key, origin, "added", &serde_json::json!({ "reason": reason }))?;
            tell(tx, "patient-add", clerk, added.id, serde_json::json!({ "reason": reason }))?;
            Ok(added.id)
        })
    }

    /// Corrects what the row gives of a patient; what it leaves empty stays. Earlier names and dates are kept.
    pub fn correct_patient(&self, row: &PatientRow, clerk: &str, reason: &str) -> Result<Corrected> {
        self.by_hand(clerk, |tx, origin| {
            let current =
                Current::of(tx, row, &row.mrn)?.ok_or(ArchiveError::Unknown { what: "patient number" })?;
            let corrected = match upsert(tx, row, origin)? {
                Upsert::Changed { overlay: Some(_), .. } => Corrected::Frozen,
                Upsert::Changed { .. } => Corrected::Changed,
                Upsert::Added | Upsert::Unchanged => return Ok(Corrected::Unchanged),
            };
            tell(tx, "patient-correct", clerk, current.id, serde_json::json!({ "reason": reason }))?;
            Ok(corrected)
        })
    }

    /// A number that is not used any more. Paper that bears it still resolves, with name and birth date only.
    pub fn retire_number(&self, number: &Identifier, clerk: &str, reason: &str) -> Result<()> {
        self.by_hand(clerk, |tx, origin| {
            let own = owner(tx, number)?;
            tx.prepare_cached(
                "UPDATE patient_identifier SET retired = 1 WHERE value = ?1 AND authority = ?2 AND kind = 'MR'",
            )?
            .execute(params![canonical(&number.value), number.authority.0])?;
            let detail = serde_json::json!({ "number": number, "reason": reason });
            changed(tx, own.key, origin, "retired", &detail)?;
            tell(tx, "number-retire", clerk, own.id, detail)
        })
    }

    /// A number was given to the wrong person (A43): it goes to another, and with it what was filed under exactly it.
    pub fn move_number(
        &self,
        number: &Identifier,
        to: &Identifier,
        clerk: &str,
        reason: &str,
    ) -> Result<Vec<DocumentId>> {
        self.by_hand(clerk, |tx, origin| {
            const ACT: &str = "move the number";
            let (own, other) = (owner(tx, number)?, owner(tx, to)?);
            if survivor(tx, own.key)? == survivor(tx, other.key)? {
                return Err(ArchiveError::NotNow { act: ACT, why: "both numbers are one person's already" });
            }
            if numbers_of_chart(tx, own.key)? < 2 {
                let why = "it is the only number of its chart; merge the charts instead";
                return Err(ArchiveError::NotNow { act: ACT, why });
            }
            // Paper that bears it may be either's: it names its new person only together with name and birth date.
            tx.prepare_cached(
                "UPDATE patient_identifier SET patient = ?3, retired = 1
                 WHERE value = ?1 AND authority = ?2 AND kind = 'MR'",
            )?
            .execute(params![canonical(&number.value), number.authority.0, other.key])?;
            let documents = repoint(tx, number, own.key, other.key, clerk, reason)?;
            let detail = serde_json::json!({ "number": number, "to": other.id, "reason": reason,
                "documents": documents });
            changed(tx, own.key, origin, "moved", &detail)?;
            let back = serde_json::json!({ "number": number, "from": own.id, "reason": reason });
            changed(tx, other.key, origin, "moved", &back)?;
            tell(tx, "number-move", clerk, own.id, detail)?;
            Ok(documents)
        })
    }

    /// Sets alerts of one identity, or lifts them of everybody it is one person with. `thaw`: two people in one
    /// record have been told apart; what was held for that is judged again.
    pub fn flag_patient(
        &self,
        patient: PatientId,
        changes: FlagChanges,
        thaw: bool,
        clerk: &str,
        reason: &str,
    ) -> Result<()> {
        self.alone_with_the_index(|| {
            self.0.catalogue.write(Lane::Desk, |tx| {
                let own = patient_key(tx, patient)?;
                let origin = Origin { source: MANUAL, by: clerk, at: now() };
                for key in members(tx, survivor(tx, own)?)? {
                    let had: i64 =
                        tx.query_row("SELECT flags FROM patient WHERE key = ?1", [key], |row| row.get(0))?;
                    let changes = if key == own { changes } else { changes.lifted() };
                    let mut has = bits(changes.over(flags(had)));
                    if thaw {
                        has &= !FROZEN;
                        settle_of(tx, MatterKind::Frozen, key, clerk, reason)?;
                    }
                    if has != had {
                        tx.execute("UPDATE patient SET flags = ?2 WHERE key = ?1", [key, has])?;
                        let detail = serde_json::json!({ "before": flags(had), "flags": flags(has), "reason": reason });
                        changed(tx, key, &origin, "flags", &detail)?;
                    }
                }
                let detail = serde_json::json!({ "changes": changes, "thaw": thaw, "reason": reason });
                tell(tx, "patient-flags", clerk, patient, detail)?;
                raise_version(tx)?;
                Ok(())
            })
        })
    }

    /// A person has told two records apart: the chart is no longer frozen.
    pub fn thaw(&self, patient: PatientId, clerk: &str, reason: &str) -> Result<()> {
        self.flag_patient(patient, FlagChanges::default(), true, clerk, reason)
    }

    /// One act on the index, on record, that raises its version.
    fn by_hand<T>(&self, clerk: &str, act: impl FnOnce(&Connection, &Origin<'_>) -> Result<T>) -> Result<T> {
        self.alone_with_the_index(|| {
            self.0.catalogue.write(Lane::Desk, |tx| {
                let origin = Origin { source: MANUAL, by: clerk, at: now() };
                let done = act(tx, &origin)?;
                contact(tx, MANUAL, origin.at)?;
                raise_version(tx)?;
                Ok(done)
            })
        })
    }
}

fn owner(c: &Connection, number: &Identifier) -> Result<Current> {
    Current::by_number(c, number)?.ok_or(ArchiveError::Unknown { what: "patient number" })
}

/// How many record numbers lead to the person of an identity.
fn numbers_of_chart(c: &Connection, identity: i64) -> Result<i64> {
    let mut count =
        c.prepare_cached("SELECT count(*) FROM patient_identifier WHERE patient = ?1 AND kind = 'MR'")?;
    let all = members(c, survivor(c, identity)?)?;
    let counts = all.into_iter().map(|key| count.query_row([key], |row| row.get::<_, i64>(0)));
    Ok(counts.sum::<rusqlite::Result<i64>>()?)
}

fn tell(
    tx: &Connection,
    what: &str,
    clerk: &str,
    patient: PatientId,
    detail: serde_json::Value,
) -> Result<()> {
    let entry = AuditEntry::new(clerk, Action::Update, what);
    append(tx, &AuditEntry { patient: Some(patient), detail, ..entry })?;
    Ok(())
}

/// Documents filed under exactly a number go with it from one identity to another; what they were filed under stays.
/// Answers which.
pub(super) fn repoint(
    tx: &Connection,
    number: &Identifier,
    from: i64,
    to: i64,
    by: &str,
    reason: &str,
) -> Result<Vec<DocumentId>> {
    let mut rows = tx.prepare_cached(
        "SELECT key, id FROM document WHERE patient IN (?1, ?2) AND authority = ?3 AND number = ?4
             AND number_kind = ?5 AND state IN ('filed', 'quarantined')",
    )?;
    let found = rows
        .query_map(
            params![from, survivor(tx, from)?, number.authority.0, number.value, number.kind.code()],
            |row| Ok((row.get::<_, i64>(0)?, DocumentId(row.get(1)?))),
        )?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    for (key, id) in &found {
        tx.prepare_cached("UPDATE document SET patient = ?2 WHERE key = ?1")?.execute([*key, to])?;
        let runs = document_runs(tx, *key)?;
        note(tx, Changed::Relabelled, Some(*id), &runs)?;
        let detail = serde_json::json!({ "reason": reason });
        record(tx, by, "number-move", &runs, |entry| AuditEntry { document: Some(*id), detail, ..entry })?;
    }
    Ok(found.into_iter().map(|(_, id)| id).collect())
}
