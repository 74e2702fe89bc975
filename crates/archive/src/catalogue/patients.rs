//! Who is this person, with everyone merged into them?
//!
//! Merges point from one identity to another and rewrite nothing; asking for a person walks to the survivor and
//! gathers what all identities that resolve to it bring along (`domain.md` 2.9).

use std::collections::BTreeSet;

use records::document::IndexVersion;
use records::identifier::{AuthorityId, Identifier, IdentifierKind};
use records::name::PersonName;
use records::patient::{IdentifierStatus, Patient, PatientFlags, PatientId, PatientIdentifier, Sex};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::Lane;
use super::audit::{Action, AuditEntry, append};
use super::charts::PatientSummary;
use super::columns::{Day, Json, meta_number, raise_meta};
use super::sheets::identifier_kind;
use crate::error::{ArchiveError, Result};
use crate::open::Archive;

impl Archive {
    /// The person a number leads to, resolved through merges (and visits).
    pub fn patient_by_number(&self, number: &Identifier) -> Result<Option<Patient>> {
        self.0.catalogue.read(|c| {
            let value = records::identifier::canonical(&number.value);
            let table = match number.kind {
                IdentifierKind::Mrn => "patient_identifier",
                IdentifierKind::Account | IdentifierKind::Visit => "encounter",
            };
            let found = c
                .prepare_cached(&format!(
                    "SELECT patient FROM {table} WHERE value = ?1 AND authority = ?2 AND kind = ?3"
                ))?
                .query_row(params![value, number.authority.0, number.kind.code()], |row| row.get(0))
                .optional()?;
            found.map(|key| resolved(c, survivor(c, key)?)).transpose()
        })
    }

    /// A person, resolved through merges.
    pub fn patient(&self, id: PatientId) -> Result<Option<Patient>> {
        self.0.catalogue.read(|c| {
            let found = find_patient(c, id)?;
            found.map(|key| resolved(c, survivor(c, key)?)).transpose()
        })
    }

    /// A person as lists show them, resolved through merges.
    pub fn patient_summary(&self, id: PatientId) -> Result<PatientSummary> {
        self.0.catalogue.read(|c| summary(c, patient_key(c, id)?))
    }

    /// All identities that are the same person by now, this one included; the survivor first.
    pub fn identities(&self, id: PatientId) -> Result<Vec<PatientId>> {
        self.0.catalogue.read(|c| {
            let Some(key) = find_patient(c, id)? else { return Ok(vec![id]) };
            members(c, survivor(c, key)?)?.into_iter().map(|key| patient_id(c, key)).collect()
        })
    }

    /// Everybody who ever had this family name, and a given name that begins so: for a search by name, never for
    /// filing. At most 200.
    pub fn patients_named(&self, family: &str, given: Option<&str>) -> Result<Vec<PatientId>> {
        let family = records::name::key(family);
        let given = given.map(records::name::key).unwrap_or_default();
        self.0.catalogue.read(|c| {
            let mut statement = c.prepare_cached(
                "SELECT DISTINCT patient FROM patient_name
                 WHERE family_key = ?1 AND substr(given_key, 1, length(?2)) = ?2 LIMIT 200",
            )?;
            let keys = statement.query_map(params![family, given], |row| row.get(0))?;
            keys.collect::<Result<Vec<i64>, _>>()?.into_iter().map(|key| patient_id(c, key)).collect()
        })
    }

    /// Everybody born on this day: for a search by birth date, never for filing. At most 200.
    pub fn patients_born(&self, day: jiff::civil::Date) -> Result<Vec<PatientId>> {
        self.0.catalogue.read(|c| {
            let mut statement = c.prepare_cached(
                "SELECT patient FROM patient_birth_date WHERE day = ?1 AND current LIMIT 200",
            )?;
            let keys = statement.query_map([Day(day)], |row| row.get(0))?;
            keys.collect::<Result<Vec<i64>, _>>()?.into_iter().map(|key| patient_id(c, key)).collect()
        })
    }

    /// Every authority the patient index has numbers of.
    pub fn authorities(&self) -> Result<Vec<AuthorityId>> {
        self.0.catalogue.read(authorities)
    }

    /// The patient index's version now.
    pub fn index_version(&self) -> Result<IndexVersion> {
        self.0.catalogue.read(|c| Ok(IndexVersion(meta_number(c, "index_version")? as u64)))
    }

    /// The form catalogue or a rule has changed: verdicts under way are asked again.
    pub fn raise_index_version(&self, why: &str) -> Result<IndexVersion> {
        self.0.catalogue.write(Lane::Desk, |tx| {
            let detail = serde_json::json!({ "why": why });
            append(tx, &AuditEntry { detail, ..AuditEntry::new("line", Action::Update, "rules-changed") })?;
            raise_version(tx)
        })
    }
}

pub(super) fn raise_version(tx: &Connection) -> Result<IndexVersion> {
    Ok(IndexVersion(raise_meta(tx, "index_version")? as u64))
}

pub(super) fn authorities(c: &Connection) -> Result<Vec<AuthorityId>> {
    let mut rows = c.prepare_cached("SELECT name FROM authority ORDER BY name")?;
    let rows = rows.query_map([], |row| Ok(AuthorityId(row.get(0)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn find_patient(c: &Connection, id: PatientId) -> Result<Option<i64>> {
    Ok(c.prepare_cached("SELECT key FROM patient WHERE id = ?1")?
        .query_row([id.0.as_bytes()], |row| row.get(0))
        .optional()?)
}

/// The row of one identity.
pub(super) fn patient_key(c: &Connection, id: PatientId) -> Result<i64> {
    find_patient(c, id)?.ok_or(ArchiveError::Unknown { what: "patient" })
}

pub(super) fn patient_id(c: &Connection, key: i64) -> Result<PatientId> {
    let id = c.prepare_cached("SELECT id FROM patient WHERE key = ?1")?.query_row([key], |row| row.get(0))?;
    Ok(PatientId(uuid::Uuid::from_bytes(id)))
}

/// Who an identity turned out to be: itself, if it was never merged.
pub(super) fn survivor(c: &Connection, key: i64) -> Result<i64> {
    let mut into = c.prepare_cached("SELECT merged_into FROM patient WHERE key = ?1")?;
    let (mut key, mut steps) = (key, 0);
    while let Some(next) = into.query_row([key], |row| row.get::<_, Option<i64>>(0))? {
        (key, steps) = (next, steps + 1);
        if steps > 1_000 {
            return Err(ArchiveError::damaged("merged patients that run in a circle"));
        }
    }
    Ok(key)
}

/// Everyone who resolves to a survivor, the survivor first.
pub(super) fn members(c: &Connection, survivor: i64) -> Result<Vec<i64>> {
    let mut merged = c.prepare_cached("SELECT key FROM patient WHERE merged_into = ?1 ORDER BY key")?;
    let mut all = vec![survivor];
    let mut at = 0;
    while let Some(&key) = all.get(at) {
        let from = merged.query_map([key], |row| row.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()?;
        all.extend(from);
        at += 1;
    }
    Ok(all)
}

/// A survivor with the numbers (as retired), names (as earlier ones), birth dates and flags of everyone merged into
/// them; the strictest flag wins.
pub(super) fn resolved(c: &Connection, survivor: i64) -> Result<Patient> {
    let mut patient = own(c, survivor)?;
    for key in members(c, survivor)?.into_iter().skip(1) {
        let merged = own(c, key)?;
        patient.identifiers.extend(
            merged
                .identifiers
                .into_iter()
                .map(|own| PatientIdentifier { status: IdentifierStatus::Retired, ..own }),
        );
        for name in merged.names {
            if !patient.names.contains(&name) {
                patient.names.push(name);
            }
        }
        let earlier: BTreeSet<_> = merged.birth_date.into_iter().chain(merged.earlier_birth_dates).collect();
        for day in earlier {
            if patient.birth_date != Some(day) && !patient.earlier_birth_dates.contains(&day) {
                patient.earlier_birth_dates.push(day);
            }
        }
        patient.died = patient.died.or(merged.died);
        patient.flags = flags(bits(patient.flags) | bits(merged.flags));
    }
    Ok(patient)
}

/// One identity as it stands.
fn own(c: &Connection, key: i64) -> Result<Patient> {
    let (id, birth_date, sex, died, own_flags) = c
        .prepare_cached("SELECT id, birth_date, sex, died, flags FROM patient WHERE key = ?1")?
        .query_row([key], |row| {
            Ok((
                PatientId(uuid::Uuid::from_bytes(row.get(0)?)),
                row.get::<_, Option<Day>>(1)?.map(|day| day.0),
                row.get::<_, Option<Json<Sex>>>(2)?.map(|sex| sex.0),
                row.get::<_, Option<Day>>(3)?.map(|day| day.0),
                flags(row.get(4)?),
            ))
        })?;
    let mut days = c.prepare_cached(
        "SELECT day FROM patient_birth_date WHERE patient = ?1 AND NOT current ORDER BY day",
    )?;
    let earlier = days.query_map([key], |row| Ok(row.get::<_, Day>(0)?.0))?;
    Ok(Patient {
        id,
        identifiers: identifiers(c, key)?,
        names: names(c, key)?,
        birth_date,
        earlier_birth_dates: earlier.collect::<rusqlite::Result<_>>()?,
        sex,
        died,
        flags: own_flags,
        merged_into: None,
    })
}

fn identifiers(c: &Connection, key: i64) -> Result<Vec<PatientIdentifier>> {
    let mut rows = c.prepare_cached(
        "SELECT value, authority, kind, retired FROM patient_identifier WHERE patient = ?1
         ORDER BY retired, authority, value",
    )?;
    let mut rows = rows.query([key])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let kind: String = row.get(2)?;
        let identifier = Identifier {
            value: row.get(0)?,
            authority: AuthorityId(row.get(1)?),
            kind: identifier_kind(&kind)?,
        };
        let status = if row.get(3)? { IdentifierStatus::Retired } else { IdentifierStatus::Active };
        all.push(PatientIdentifier { identifier, status });
    }
    Ok(all)
}

/// Current name first, then the latest.
pub(super) fn names(c: &Connection, key: i64) -> Result<Vec<PersonName>> {
    let mut rows = c.prepare_cached(
        "SELECT family, given, middle, suffix FROM patient_name WHERE patient = ?1
         ORDER BY current DESC, since DESC, family, given",
    )?;
    let rows = rows.query_map([key], |row| {
        Ok(PersonName { family: row.get(0)?, given: row.get(1)?, middle: row.get(2)?, suffix: row.get(3)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What a list shows of an identity's survivor.
pub(super) fn summary(c: &Connection, key: i64) -> Result<PatientSummary> {
    own_summary(c, survivor(c, key)?)
}

/// What a list shows of one identity, merged or not.
pub(super) fn own_summary(c: &Connection, key: i64) -> Result<PatientSummary> {
    let person = own(c, key)?;
    Ok(PatientSummary {
        id: person.id,
        mrn: person.mrn(None).cloned(),
        name: person.name().map(PersonName::filed).unwrap_or_default(),
        birth_date: person.birth_date,
    })
}

/// Identities that a number is of, as a record number or through a visit; of any authority where none is said.
pub(super) fn number_owners(c: &Connection, value: &str, authority: Option<&str>) -> Result<Vec<i64>> {
    let mut rows = c.prepare_cached(
        "SELECT patient FROM patient_identifier WHERE value = ?1 AND authority = coalesce(?2, authority)
         UNION SELECT patient FROM encounter WHERE value = ?1 AND authority = coalesce(?2, authority)",
    )?;
    let owners = rows.query_map(params![value, authority], |row| row.get(0))?;
    Ok(owners.collect::<rusqlite::Result<_>>()?)
}

/// The identity to file a person's document to: the one whose number it is filed under, if that is the same person
/// by now. So it falls back to that one when a merge is undone.
pub(super) fn filed_identity(c: &Connection, patient: i64, filed_under: &Identifier) -> Result<i64> {
    let survives = survivor(c, patient)?;
    let value = records::identifier::canonical(&filed_under.value);
    for owner in number_owners(c, &value, Some(&filed_under.authority.0))? {
        if survivor(c, owner)? == survives {
            return Ok(owner);
        }
    }
    Ok(patient)
}

/// Bit of a frozen chart in `patient.flags`.
pub(super) const FROZEN: i64 = 8;

pub(super) const fn bits(flags: PatientFlags) -> i64 {
    flags.name_alert as i64
        | (flags.twin as i64) << 1
        | (flags.confidential as i64) << 2
        | (flags.frozen as i64) << 3
        | (flags.test_patient as i64) << 4
        | (flags.unknown_person as i64) << 5
}

pub(super) const fn flags(bits: i64) -> PatientFlags {
    PatientFlags {
        name_alert: bits & 1 != 0,
        twin: bits & 2 != 0,
        confidential: bits & 4 != 0,
        frozen: bits & FROZEN != 0,
        test_patient: bits & 16 != 0,
        unknown_person: bits & 32 != 0,
    }
}
