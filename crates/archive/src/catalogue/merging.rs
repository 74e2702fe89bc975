//! How do two identities become one, and two again? (`domain.md` 2.9)
//!
//! A merge points and rewrites nothing. When it is undone, documents fall back by what they were filed under; those
//! of which that is not sure are held again in the same act ([`super::unmerged`]).

use records::identifier::Identifier;
use records::ids::ExceptionId;
use records::patient::{PatientId, Sex};
use rusqlite::{Connection, params};

use super::Lane;
use super::audit::{Action, AuditEntry, append};
use super::columns::{Day, Json, Millis, now};
use super::history::{MANUAL, Origin, changed};
use super::identity::{Current, add};
use super::import::PatientRow;
use super::import_report::Refusal;
use super::matters::{MatterKind, open_matter, settle_of};
use super::patients::{members, patient_id, raise_version, survivor};
use super::unmerged::hold_again;
use crate::error::{ArchiveError, Result};
use crate::open::Archive;

/// What a merge comes to.
pub(super) enum Merge {
    /// Both are the same person already.
    Done,
    Refused {
        why: Refusal,
        from: i64,
        into: i64,
    },
    /// Rows of the identity that goes and of the one that stays; absent: not known yet.
    Into(Option<i64>, Option<i64>),
}

/// What an undone merge left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmerged {
    /// The identity that stands for itself again.
    pub patient: PatientId,
    /// Whom it had been merged into.
    pub from: PatientId,
    /// Pages that are in no chart until a person decides.
    pub held: Vec<ExceptionId>,
}

impl Archive {
    /// A clerk says that two numbers are one person's. Answers the survivor. `despite`: although birth date and sex
    /// both differ.
    pub fn merge_patients(
        &self,
        from: &Identifier,
        into: &Identifier,
        despite: bool,
        clerk: &str,
        reason: &str,
    ) -> Result<PatientId> {
        self.alone_with_the_index(|| {
            self.0.catalogue.write(Lane::Desk, |tx| {
                let find = |number| {
                    Current::by_number(tx, number)?.ok_or(ArchiveError::Unknown { what: "patient number" })
                };
                let (from, to) = (find(from)?, find(into)?);
                let origin = Origin { source: MANUAL, by: clerk, at: now() };
                let (from, stays) = match compare(tx, &from, &to)? {
                    Merge::Into(Some(from), Some(stays)) => (from, stays),
                    Merge::Refused { why: Refusal::MergeContradicts, from, into } if despite => (from, into),
                    Merge::Refused { why, .. } => {
                        return Err(ArchiveError::NotNow { act: "merge the charts", why: why.for_a_clerk() });
                    }
                    Merge::Done | Merge::Into(..) => {
                        let why = "they are one chart already";
                        return Err(ArchiveError::NotNow { act: "merge the charts", why });
                    }
                };
                let (patient, survivor) = point(tx, from, stays, reason, &origin)?;
                let detail = serde_json::json!({ "into": survivor, "reason": reason });
                let entry = AuditEntry::new(clerk, Action::Update, "merge");
                append(tx, &AuditEntry { patient: Some(patient), detail, ..entry })?;
                raise_version(tx)?;
                Ok(survivor)
            })
        })
    }

    /// A clerk says that the identity of this number was merged by mistake. Documents fall back by the number they
    /// were filed under; what was filed while the merge was in force, and is not surely of one side, is held again.
    pub fn unmerge_patient(&self, number: &Identifier, clerk: &str, reason: &str) -> Result<Unmerged> {
        self.alone_with_the_index(|| {
            self.0.catalogue.write(Lane::Desk, |tx| {
                let own = Current::by_number(tx, number)?
                    .ok_or(ArchiveError::Unknown { what: "patient number" })?;
                let Some(into) = own.merged_into else {
                    let why = "this number was not merged into another; name the one that was";
                    return Err(ArchiveError::NotNow { act: "undo the merge", why });
                };
                let origin = Origin { source: MANUAL, by: clerk, at: now() };
                let since = merged_since(tx, own.key)?;
                tx.prepare_cached("UPDATE patient SET merged_into = NULL WHERE key = ?1")?
                    .execute([own.key])?;
                let other = survivor(tx, into)?;
                let from = patient_id(tx, other)?;
                let detail = serde_json::json!({ "from": from, "reason": reason });
                changed(tx, own.key, &origin, "unmerged", &detail)?;
                settle_of(tx, MatterKind::Merged, own.key, clerk, "the merge was undone")?;
                let sides = (members(tx, own.key)?, members(tx, other)?);
                let held = hold_again(tx, self.epoch(), &sides, since, clerk)?;
                let detail = serde_json::json!({ "from": from, "reason": reason, "held": held });
                let entry = AuditEntry::new(clerk, Action::Update, "unmerge");
                append(tx, &AuditEntry { patient: Some(own.id), detail, ..entry })?;
                raise_version(tx)?;
                Ok(Unmerged { patient: own.id, from, held })
            })
        })
    }
}

/// What would become of the merge a row tells of.
pub(super) fn merging(c: &Connection, row: &PatientRow, into: &str) -> Result<Merge> {
    let (from, to) = (Current::of(c, row, &row.mrn)?, Current::of(c, row, into)?);
    match (&from, &to) {
        (Some(from), Some(to)) => compare(c, from, to),
        _ => Ok(Merge::Into(from.map(|from| from.key), to.map(|to| to.key))),
    }
}

fn compare(c: &Connection, from: &Current, to: &Current) -> Result<Merge> {
    let stays = survivor(c, to.key)?;
    let refused = |why| Ok(Merge::Refused { why, from: from.key, into: stays });
    if survivor(c, from.key)? == stays {
        // The one that stays would be merged into what was merged into it.
        return if stays == from.key { refused(Refusal::MergeCircle) } else { Ok(Merge::Done) };
    }
    if from.merged_into.is_some() {
        return refused(Refusal::MergedElsewhere);
    }
    let (birth_date, sex): (Option<Day>, Option<Json<Sex>>) = c
        .prepare_cached("SELECT birth_date, sex FROM patient WHERE key = ?1")?
        .query_row([stays], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let other_day = from.birth_date.zip(birth_date).is_some_and(|(a, b)| a != b.0);
    let other_sex = from.sex.zip(sex).is_some_and(|(a, b)| a != b.0);
    if other_day && other_sex {
        refused(Refusal::MergeContradicts)
    } else {
        Ok(Merge::Into(Some(from.key), Some(stays)))
    }
}

/// Points one identity to another; what is not known yet becomes a stub that a later row describes. Answers both.
pub(super) fn merge(
    tx: &Connection,
    row: &PatientRow,
    from: Option<i64>,
    stays: Option<i64>,
    into: &str,
    origin: &Origin<'_>,
) -> Result<(PatientId, PatientId)> {
    let from = from.map_or_else(|| add(tx, row, &row.mrn, origin), Ok)?;
    let stays = stays.map_or_else(|| add(tx, row, into, origin), Ok)?;
    point(tx, from, stays, "", origin)
}

fn point(
    tx: &Connection,
    from: i64,
    stays: i64,
    reason: &str,
    origin: &Origin<'_>,
) -> Result<(PatientId, PatientId)> {
    tx.prepare_cached("UPDATE patient SET merged_into = ?2 WHERE key = ?1")?.execute([from, stays])?;
    let (gone, survivor) = (patient_id(tx, from)?, patient_id(tx, stays)?);
    let detail = serde_json::json!({ "into": survivor, "reason": reason });
    changed(tx, from, origin, "merged", &detail)?;
    settle_of(tx, MatterKind::MergeRefused, from, origin.by, "merged")?;
    open_matter(tx, MatterKind::Merged, from, Some(stays), None, origin.at, origin)?;
    Ok((gone, survivor))
}

/// Since when an identity's merge is in force, in milliseconds; one of before version 3: since ever.
fn merged_since(c: &Connection, patient: i64) -> Result<Millis> {
    let at: i64 = c
        .prepare_cached(
            "SELECT coalesce(max(at), 0) FROM patient_change WHERE patient = ?1 AND what = 'merged'",
        )?
        .query_row(params![patient], |row| row.get(0))?;
    Ok(Millis(jiff::Timestamp::from_millisecond(at).map_err(|_| ArchiveError::damaged("a time"))?))
}
