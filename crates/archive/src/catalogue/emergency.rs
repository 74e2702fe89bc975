//! Emergency access: who broke the glass over whose restricted documents, for how long, and was it justified?

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use records::patient::PatientId;
use rusqlite::{Connection, Row, params};

use super::Lane;
use super::audit::{Action, AuditEntry, append};
use super::charts::PatientSummary;
use super::columns::{Millis, now};
use super::patients::{members, patient_key, summary, survivor};
use crate::error::{ArchiveError, Result};
use crate::open::Archive;

/// One person's access to one patient's restricted documents.
#[derive(Clone, Debug)]
pub struct Emergency {
    pub key: i64,
    /// Name of the account.
    pub account: String,
    pub patient: PatientSummary,
    /// `treatment`, `public-health` …
    pub code: String,
    /// In the person's own words.
    pub reason: String,
    pub began: Timestamp,
    pub ends: Timestamp,
    /// Who judged it afterwards, and how; `None`: it waits for the privacy officer.
    pub judged: Option<(String, String)>,
}

/// How long it lasts (`domain.md` 4.1).
pub const EMERGENCY_LASTS: SignedDuration = SignedDuration::from_mins(60);

impl Archive {
    /// Opens a patient's restricted documents to one person; answers until when. It waits for the privacy officer from
    /// this moment on.
    pub fn break_glass(
        &self,
        account: &str,
        patient: PatientId,
        code: &str,
        reason: &str,
    ) -> Result<Timestamp> {
        if reason.trim().chars().count() < 5 {
            return Err(ArchiveError::NotNow {
                act: "open the chart",
                why: "say in some words why you must",
            });
        }
        self.0.catalogue.write(Lane::Desk, |tx| {
            let key = survivor(tx, patient_key(tx, patient)?)?;
            let (began, ends) = (now(), now() + EMERGENCY_LASTS);
            tx.prepare_cached(
                "INSERT INTO emergency (account, patient, code, reason, began, ends) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![account, key, code, reason, Millis(began), Millis(ends)])?;
            let detail = serde_json::json!({ "code": code, "reason": reason, "until": ends });
            let actor = format!("clerk:{account}");
            append(tx, &AuditEntry {
                patient: Some(patient),
                detail,
                ..AuditEntry::new(&actor, Action::Execute, "break-glass")
            })?;
            Ok(ends)
        })
    }

    /// Ends one's own early.
    pub fn mend_glass(&self, account: &str, patient: PatientId) -> Result<()> {
        self.0.catalogue.write(Lane::Desk, |tx| {
            let key = survivor(tx, patient_key(tx, patient)?)?;
            tx.prepare_cached(
                "UPDATE emergency SET ends = ?3 WHERE account = ?1 AND patient = ?2 AND ends > ?3",
            )?
            .execute(params![account, key, Millis(now())])?;
            let actor = format!("clerk:{account}");
            append(
                tx,
                &AuditEntry {
                    patient: Some(patient),
                    ..AuditEntry::new(&actor, Action::Execute, "break-glass-end")
                },
            )?;
            Ok(())
        })
    }

    /// Whose restricted documents are open to this person now: all identities.
    pub fn emergency_patients(&self, account: &str) -> Result<BTreeSet<PatientId>> {
        self.0.catalogue.read(|c| {
            let mut keys =
                c.prepare_cached("SELECT patient FROM emergency WHERE account = ?1 AND ends > ?2")?;
            let keys = keys.query_map(params![account, Millis(now())], |row| row.get(0))?;
            let mut open = BTreeSet::new();
            for key in keys.collect::<rusqlite::Result<Vec<i64>>>()? {
                for member in members(c, survivor(c, key)?)? {
                    let id: [u8; 16] =
                        c.query_row("SELECT id FROM patient WHERE key = ?1", [member], |row| row.get(0))?;
                    open.insert(PatientId(uuid::Uuid::from_bytes(id)));
                }
            }
            Ok(open)
        })
    }

    /// Those nobody has judged yet, oldest first: the privacy officer's queue.
    pub fn emergencies(&self) -> Result<Vec<Emergency>> {
        self.0.catalogue.read(|c| {
            let mut rows = c.prepare_cached(&format!("{SELECT} WHERE judged_at IS NULL ORDER BY began"))?;
            let rows = rows.query_map([], Bare::of)?.collect::<rusqlite::Result<Vec<_>>>()?;
            rows.into_iter().map(|bare| bare.whole(c)).collect()
        })
    }

    /// Whether it was justified, says a privacy officer.
    pub fn judge_emergency(&self, key: i64, judgement: &str, by: &str) -> Result<()> {
        self.0.catalogue.write(Lane::Desk, |tx| {
            let changed = tx
                .prepare_cached(
                    "UPDATE emergency SET judged_by = ?2, judged_at = ?3, judgement = ?4
                     WHERE key = ?1 AND judged_at IS NULL",
                )?
                .execute(params![key, by, Millis(now()), judgement])?;
            if changed == 0 {
                return Err(ArchiveError::NotNow { act: "judge it", why: "somebody has judged it already" });
            }
            let detail = serde_json::json!({ "emergency": key, "judgement": judgement });
            append(tx, &AuditEntry { detail, ..AuditEntry::new(by, Action::Update, "break-glass-judged") })?;
            Ok(())
        })
    }
}

const SELECT: &str =
    "SELECT key, account, patient, code, reason, began, ends, judged_by, judgement FROM emergency";

/// A row before its patient is looked up.
struct Bare {
    patient: i64,
    judged: Option<(String, String)>,
    told: (i64, String, String, String, Timestamp, Timestamp),
}

impl Bare {
    fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        let (by, judgement): (Option<String>, Option<String>) = (row.get(7)?, row.get(8)?);
        Ok(Self {
            patient: row.get(2)?,
            judged: by.zip(judgement),
            told: (
                row.get(0)?,
                row.get(1)?,
                row.get(3)?,
                row.get(4)?,
                row.get::<_, Millis>(5)?.0,
                row.get::<_, Millis>(6)?.0,
            ),
        })
    }

    fn whole(self, c: &Connection) -> Result<Emergency> {
        let (key, account, code, reason, began, ends) = self.told;
        let patient = summary(c, survivor(c, self.patient)?)?;
        Ok(Emergency { key, account, patient, code, reason, began, ends, judged: self.judged })
    }
}
