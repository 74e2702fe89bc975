//! When is a row of the patient index news about somebody, and when two people in one record?

use jiff::Timestamp;
use jiff::civil::Date;
use records::identifier::{Identifier, canonical};
use records::name::{PersonName, key};
use records::patient::{PatientId, Sex};
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};

use super::audit::{Action, AuditEntry, append};
use super::columns::{Day, Json, Millis};
use super::history::{Origin, changed};
use super::import::PatientRow;
use super::matters::{MatterKind, open_matter, settle_of};
use super::patients::{FROZEN, bits, flags, names};
use crate::error::Result;

/// What a row says about a person.
pub(super) enum Upsert {
    Added,
    Unchanged,
    Changed {
        fields: Vec<Field>,
        /// There was another birth date.
        birth_date: bool,
        /// Two people in one record (`domain.md` 2.9, 7): the chart is frozen.
        overlay: Option<PatientId>,
    },
}

/// What of a person is another than before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Name,
    BirthDate,
    Sex,
    Died,
    Flags,
}

/// What would be done with a row.
pub(super) fn upserting(c: &Connection, row: &PatientRow) -> Result<Upsert> {
    Ok(match Current::of(c, row, &row.mrn)? {
        None => Upsert::Added,
        Some(current) => current.compare(row),
    })
}

/// Writes what a row says. What it leaves empty stays as it is; old names and birth dates are kept as earlier ones.
pub(super) fn upsert(tx: &Connection, row: &PatientRow, origin: &Origin<'_>) -> Result<Upsert> {
    let Some(current) = Current::of(tx, row, &row.mrn)? else {
        let key = add(tx, row, &row.mrn, origin)?;
        describe(tx, key, row, origin)?;
        return Ok(Upsert::Added);
    };
    see(tx, row, current.key, origin)?;
    let upsert = current.compare(row);
    if let Upsert::Changed { fields, overlay, .. } = &upsert {
        let before = serde_json::json!({ "fields": fields, "before": current.before(fields) });
        changed(tx, current.key, origin, "corrected", &before)?;
        describe(tx, current.key, row, origin)?;
        if let Some(patient) = overlay {
            freeze(tx, &current, *patient, row, origin)?;
        }
    }
    Ok(upsert)
}

/// Nothing is filed to the chart by itself until a person has told two people apart.
fn freeze(
    tx: &Connection,
    current: &Current,
    patient: PatientId,
    row: &PatientRow,
    origin: &Origin<'_>,
) -> Result<()> {
    tx.prepare_cached("UPDATE patient SET flags = flags | ?2 WHERE key = ?1")?
        .execute([current.key, FROZEN])?;
    // What was filed between the change at the source and its coming here may be the other person's.
    let since = row.updated_at.unwrap_or(origin.at).min(origin.at);
    open_matter(tx, MatterKind::Frozen, current.key, None, None, since, origin)?;
    let detail = serde_json::json!({ "source": origin.source, "line": row.line });
    let entry = AuditEntry::new(origin.by, Action::Update, "patient-frozen");
    append(tx, &AuditEntry { patient: Some(patient), detail, ..entry })?;
    Ok(())
}

/// One identity as the index has it.
pub(super) struct Current {
    pub(super) key: i64,
    pub(super) id: PatientId,
    name: Option<PersonName>,
    pub(super) birth_date: Option<Date>,
    pub(super) sex: Option<Sex>,
    died: Option<Date>,
    flags: i64,
    pub(super) merged_into: Option<i64>,
    updated_at: Option<Timestamp>,
}

impl Current {
    pub(super) fn of(c: &Connection, row: &PatientRow, mrn: &str) -> Result<Option<Self>> {
        Self::by_number(c, &Identifier::mrn(&row.authority, mrn))
    }

    /// The identity that has a record number, merged or not.
    pub(super) fn by_number(c: &Connection, number: &Identifier) -> Result<Option<Self>> {
        let found = c
            .prepare_cached(
                "SELECT p.key, p.id, p.birth_date, p.sex, p.died, p.updated_at, p.flags, p.merged_into
                 FROM patient_identifier i JOIN patient p ON p.key = i.patient
                 WHERE i.value = ?1 AND i.authority = ?2 AND i.kind = 'MR'",
            )?
            .query_row(params![canonical(&number.value), number.authority.0], |row| {
                Ok(Self {
                    key: row.get(0)?,
                    id: PatientId(uuid::Uuid::from_bytes(row.get(1)?)),
                    name: None,
                    birth_date: row.get::<_, Option<Day>>(2)?.map(|day| day.0),
                    sex: row.get::<_, Option<Json<_>>>(3)?.map(|sex| sex.0),
                    died: row.get::<_, Option<Day>>(4)?.map(|day| day.0),
                    updated_at: row.get::<_, Option<Millis>>(5)?.map(|at| at.0),
                    flags: row.get(6)?,
                    merged_into: row.get(7)?,
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
        let news = [
            (Field::Name, row.name.is_some() && row.name != self.name),
            (Field::BirthDate, differs(self.birth_date, row.birth_date)),
            (Field::Sex, row.sex.is_some() && row.sex != self.sex),
            (Field::Died, differs(self.died, row.died)),
            (Field::Flags, bits(row.flags.over(flags(self.flags))) != self.flags),
        ];
        let fields: Vec<Field> = news.into_iter().filter(|(_, news)| *news).map(|(field, _)| field).collect();
        if outdated || fields.is_empty() {
            return Upsert::Unchanged;
        }
        let another_day =
            self.birth_date.zip(row.birth_date).is_some_and(|(a, b)| fields_that_differ(a, b) > 1);
        let another_name = self.name.as_ref().zip(row.name.as_ref()).is_some_and(|(ours, theirs)| {
            key(&ours.family) != key(&theirs.family) && key(&ours.given) != key(&theirs.given)
        });
        let birth_date = fields.contains(&Field::BirthDate) && self.birth_date.is_some();
        Upsert::Changed { fields, birth_date, overlay: (another_day || another_name).then_some(self.id) }
    }

    /// What stood where something else comes to stand.
    fn before(&self, fields: &[Field]) -> serde_json::Value {
        let mut before = serde_json::Map::new();
        for field in fields {
            let (name, value) = match field {
                Field::Name => ("name", serde_json::json!(self.name)),
                Field::BirthDate => ("birth_date", serde_json::json!(self.birth_date)),
                Field::Sex => ("sex", serde_json::json!(self.sex)),
                Field::Died => ("died", serde_json::json!(self.died)),
                Field::Flags => ("flags", serde_json::json!(flags(self.flags))),
            };
            before.insert(name.into(), value);
        }
        before.into()
    }
}

fn fields_that_differ(a: Date, b: Date) -> u32 {
    u32::from(a.year() != b.year()) + u32::from(a.month() != b.month()) + u32::from(a.day() != b.day())
}

/// A new identity that has only a number.
pub(super) fn add(tx: &Connection, row: &PatientRow, mrn: &str, origin: &Origin<'_>) -> Result<i64> {
    tx.prepare_cached("INSERT INTO patient (id) VALUES (?1)")?.execute([uuid::Uuid::new_v4().as_bytes()])?;
    let key = tx.last_insert_rowid();
    let number = Identifier::mrn(&row.authority, mrn);
    tx.prepare_cached(
        "INSERT INTO patient_identifier (value, authority, kind, patient, printed, first_seen, last_seen, source)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7)",
    )?
    .execute(params![
        number.value,
        number.authority.0,
        number.kind.code(),
        key,
        mrn.trim(),
        Millis(origin.at),
        origin.source
    ])?;
    tx.prepare_cached("INSERT OR IGNORE INTO authority (name) VALUES (?1)")?
        .execute([&number.authority.0])?;
    Ok(key)
}

/// A source has named the number again; one that had vanished is back.
fn see(tx: &Connection, row: &PatientRow, patient: i64, origin: &Origin<'_>) -> Result<()> {
    let number = Identifier::mrn(&row.authority, &row.mrn);
    tx.prepare_cached(
        "UPDATE patient_identifier SET last_seen = ?3, first_seen = coalesce(first_seen, ?3),
             source = coalesce(source, ?4) WHERE value = ?1 AND authority = ?2 AND kind = 'MR'",
    )?
    .execute(params![number.value, number.authority.0, Millis(origin.at), origin.source])?;
    settle_of(tx, MatterKind::Vanished, patient, origin.by, "seen again")
}

fn describe(tx: &Connection, patient: i64, row: &PatientRow, origin: &Origin<'_>) -> Result<()> {
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
    if row.flags.any() {
        let had: i64 = tx
            .prepare_cached("SELECT flags FROM patient WHERE key = ?1")?
            .query_row([patient], |row| row.get(0))?;
        tx.prepare_cached("UPDATE patient SET flags = ?2 WHERE key = ?1")?
            .execute([patient, bits(row.flags.over(flags(had)))])?;
    }
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
            Millis(origin.at)
        ])?;
    }
    Ok(())
}
