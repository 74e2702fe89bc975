//! When is a row of the patient index news about somebody, when two people in one record, and when a merge?

use jiff::civil::Date;
use records::identifier::{Identifier, canonical};
use records::name::{PersonName, key};
use records::patient::{PatientId, Sex};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::columns::{Day, Json, Millis, now};
use super::import::{PatientRow, Refusal};
use super::patients::{FROZEN, names, patient_id, survivor};
use crate::error::Result;

/// What a row says about a person.
pub(super) enum Upsert {
    Added,
    Unchanged,
    Changed {
        birth_date: bool,
        /// Two people in one record (`domain.md` 2.9, 7): the chart is frozen.
        overlay: Option<PatientId>,
    },
}

/// What would be done with a row.
pub(super) fn upserting(c: &Connection, row: &PatientRow) -> Result<Upsert> {
    Ok(match Current::of(c, row, &row.mrn)? {
        None => Upsert::Added,
        Some(current) => current.compare(row),
    })
}

/// Writes what a row says. What it leaves empty stays as it is; old names and birth dates are kept as earlier ones.
pub(super) fn upsert(tx: &Connection, row: &PatientRow) -> Result<Upsert> {
    let Some(current) = Current::of(tx, row, &row.mrn)? else {
        let key = add(tx, row, &row.mrn)?;
        describe(tx, key, row)?;
        return Ok(Upsert::Added);
    };
    let upsert = current.compare(row);
    if let Upsert::Changed { overlay, .. } = &upsert {
        describe(tx, current.key, row)?;
        if overlay.is_some() {
            tx.prepare_cached("UPDATE patient SET flags = flags | ?2 WHERE key = ?1")?
                .execute([current.key, FROZEN])?;
        }
    }
    Ok(upsert)
}

/// One identity as the index has it.
struct Current {
    key: i64,
    id: PatientId,
    name: Option<PersonName>,
    birth_date: Option<Date>,
    sex: Option<Sex>,
    died: Option<Date>,
    updated_at: Option<jiff::Timestamp>,
}

impl Current {
    fn of(c: &Connection, row: &PatientRow, mrn: &str) -> Result<Option<Self>> {
        let found = c
            .prepare_cached(
                "SELECT p.key, p.id, p.birth_date, p.sex, p.died, p.updated_at
                 FROM patient_identifier i JOIN patient p ON p.key = i.patient
                 WHERE i.value = ?1 AND i.authority = ?2 AND i.kind = 'MR'",
            )?
            .query_row(params![canonical(mrn), row.authority.0], |row| {
                Ok(Self {
                    key: row.get(0)?,
                    id: PatientId(uuid::Uuid::from_bytes(row.get(1)?)),
                    name: None,
                    birth_date: row.get::<_, Option<Day>>(2)?.map(|day| day.0),
                    sex: row.get::<_, Option<Json<_>>>(3)?.map(|sex| sex.0),
                    died: row.get::<_, Option<Day>>(4)?.map(|day| day.0),
                    updated_at: row.get::<_, Option<Millis>>(5)?.map(|at| at.0),
                })
            })
            .optional()?;
        let Some(mut current) = found else { return Ok(None) };
        current.name = names(c, current.key)?.into_iter().next();
        Ok(Some(current))
    }

    fn compare(&self, row: &PatientRow) -> Upsert {
        let outdated = self.updated_at.zip(row.updated_at).is_some_and(|(ours, theirs)| theirs < ours);
        let differs = |ours: Option<Date>, theirs: Option<Date>| theirs.is_some() && theirs != ours;
        let birth_date = differs(self.birth_date, row.birth_date);
        let name = row.name.is_some() && row.name != self.name;
        let sex = row.sex.is_some() && row.sex != self.sex;
        if outdated || !(birth_date || name || sex || differs(self.died, row.died)) {
            return Upsert::Unchanged;
        }
        let another_day =
            self.birth_date.zip(row.birth_date).is_some_and(|(a, b)| fields_that_differ(a, b) > 1);
        let another_name = self.name.as_ref().zip(row.name.as_ref()).is_some_and(|(ours, theirs)| {
            key(&ours.family) != key(&theirs.family) && key(&ours.given) != key(&theirs.given)
        });
        Upsert::Changed {
            birth_date: birth_date && self.birth_date.is_some(),
            overlay: (another_day || another_name).then_some(self.id),
        }
    }
}

fn fields_that_differ(a: Date, b: Date) -> u32 {
    u32::from(a.year() != b.year()) + u32::from(a.month() != b.month()) + u32::from(a.day() != b.day())
}

/// A new identity that has only a number.
fn add(tx: &Connection, row: &PatientRow, mrn: &str) -> Result<i64> {
    tx.prepare_cached("INSERT INTO patient (id) VALUES (?1)")?.execute([uuid::Uuid::new_v4().as_bytes()])?;
    let key = tx.last_insert_rowid();
    let number = Identifier::mrn(&row.authority, mrn);
    tx.prepare_cached(
        "INSERT INTO patient_identifier (value, authority, kind, patient, printed) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![number.value, number.authority.0, number.kind.code(), key, mrn.trim()])?;
    tx.prepare_cached("INSERT OR IGNORE INTO authority (name) VALUES (?1)")?
        .execute([&number.authority.0])?;
    Ok(key)
}

fn describe(tx: &Connection, patient: i64, row: &PatientRow) -> Result<()> {
    tx.prepare_cached(
        "UPDATE patient SET birth_date = coalesce(?2, birth_date), sex = coalesce(?3, sex),
             died = coalesce(?4, died), updated_at = coalesce(?5, updated_at) WHERE key = ?1",
    )?
    .execute(params![
        patient,
        row.birth_date.map(Day),
        row.sex.map(Json),
        row.died.map(Day),
        row.updated_at.map(Millis)
    ])?;
    if let Some(day) = row.birth_date {
        tx.prepare_cached("UPDATE patient_birth_date SET current = 0 WHERE patient = ?1")?
            .execute([patient])?;
        tx.prepare_cached(
            "INSERT OR REPLACE INTO patient_birth_date (day, patient, current) VALUES (?1, ?2, 1)",
        )?
        .execute(params![Day(day), patient])?;
    }
    if let Some(name) = &row.name {
        tx.prepare_cached("UPDATE patient_name SET current = 0 WHERE patient = ?1")?.execute([patient])?;
        tx.prepare_cached(
            "INSERT OR REPLACE INTO patient_name (patient, family, given, middle, suffix, family_key, given_key,
                 current, since)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1, ?8)",
        )?
        .execute(params![
            patient,
            name.family,
            name.given,
            name.middle,
            name.suffix,
            key(&name.family),
            key(&name.given),
            Millis(now())
        ])?;
    }
    Ok(())
}

/// What a merge comes to.
pub(super) enum Merge {
    /// Both are the same person already.
    Done,
    Refused(Refusal),
    /// Rows of the identity that goes and of the one that stays; absent: not known yet.
    Into(Option<i64>, Option<i64>),
}

/// What would become of the merge a row tells of.
pub(super) fn merging(c: &Connection, row: &PatientRow, into: &str) -> Result<Merge> {
    let (from, to) = (Current::of(c, row, &row.mrn)?, Current::of(c, row, into)?);
    let (Some(from), Some(to)) = (&from, &to) else {
        return Ok(Merge::Into(from.map(|from| from.key), to.map(|to| to.key)));
    };
    let stays = survivor(c, to.key)?;
    if survivor(c, from.key)? == stays {
        // The one that stays would be merged into what was merged into it.
        return Ok(if stays == from.key { Merge::Refused(Refusal::MergeCircle) } else { Merge::Done });
    }
    let (birth_date, sex): (Option<Day>, Option<Json<Sex>>) = c
        .prepare_cached("SELECT birth_date, sex FROM patient WHERE key = ?1")?
        .query_row([stays], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let other_day = from.birth_date.zip(birth_date).is_some_and(|(a, b)| a != b.0);
    let other_sex = from.sex.zip(sex).is_some_and(|(a, b)| a != b.0);
    if other_day && other_sex {
        return Ok(Merge::Refused(Refusal::MergeContradicts));
    }
    Ok(Merge::Into(Some(from.key), Some(stays)))
}

/// Points one identity to another; what is not known yet becomes a stub that a later row describes. Answers both.
pub(super) fn merge(
    tx: &Connection,
    row: &PatientRow,
    from: Option<i64>,
    stays: Option<i64>,
    into: &str,
) -> Result<(PatientId, PatientId)> {
    let from = from.map_or_else(|| add(tx, row, &row.mrn), Ok)?;
    let stays = stays.map_or_else(|| add(tx, row, into), Ok)?;
    tx.prepare_cached("UPDATE patient SET merged_into = ?2 WHERE key = ?1")?.execute([from, stays])?;
    Ok((patient_id(tx, from)?, patient_id(tx, stays)?))
}
