//! Which visits and accounts lead to whom? (`domain.md` 2.1: never by likeness of strings)

use std::collections::HashMap;

use jiff::civil::Date;
use records::identifier::{AuthorityId, Identifier, IdentifierKind, canonical};
use records::judge::Encounter;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};

use super::Lane;
use super::columns::{Day, days};
use super::hand::repoint;
use super::history::{Origin, changed};
use super::import_report::{PatientReport, Refusal, Refused};
use super::patients::{patient_id, patient_key, raise_version, survivor};
use super::sheets::identifier_kind;
use super::staging::{Plan, StagedRow};
use crate::error::Result;
use crate::open::Archive;

/// One file of visits and accounts, already parsed.
#[derive(Clone, Debug)]
pub struct EncounterImport {
    pub source: String,
    pub rows: Vec<EncounterRow>,
    /// Report only; write nothing.
    pub dry_run: bool,
    /// Import the good rows although others are faulty (a named person has decided so).
    pub skip_faulty: bool,
    /// Rows of the file that could not even be read, and are left out by that decision.
    pub left_out: u64,
    pub by: String,
}

/// One visit or account as the file has it.
#[derive(Clone, Serialize, Deserialize)]
pub struct EncounterRow {
    pub line: u64,
    pub number: Identifier,
    /// Of the same authority.
    pub mrn: String,
    pub days: Option<(Date, Date)>,
}

/// Shows nothing about the person.
impl std::fmt::Debug for EncounterRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "EncounterRow(line {}, …)", self.line)
    }
}

impl EncounterRow {
    fn key(&self) -> (&AuthorityId, IdentifierKind, String) {
        (&self.number.authority, self.number.kind, canonical(&self.number.value))
    }
}

impl Archive {
    /// Loads visits and accounts, wholly or not at all.
    pub fn import_encounters(&self, import: &EncounterImport) -> Result<PatientReport> {
        self.alone_with_the_index(|| {
            let (rows, mut report) = self.0.catalogue.read(|c| look_at(c, &import.rows))?;
            report.aborted = report.is_faulty() && !import.skip_faulty;
            if import.dry_run || report.aborted {
                report.version = self.index_version()?;
                return Ok(report);
            }
            let plan = Plan {
                source: import.source.clone(),
                by: import.by.clone(),
                rows: rows.len() as u64,
                left_out: import.left_out + report.refused.len() as u64,
                visits: true,
                ..Plan::default()
            };
            let rows: Vec<StagedRow> = rows.into_iter().cloned().map(StagedRow::Visit).collect();
            let mut done = self.take_in(&plan, &rows)?;
            done.refused = report.refused;
            Ok(done)
        })
    }

    /// Adds or changes a visit.
    pub fn put_encounter(&self, encounter: &Encounter) -> Result<()> {
        self.0.catalogue.write(Lane::Line, |tx| {
            let patient = patient_key(tx, encounter.patient)?;
            put(tx, &encounter.number, patient, encounter.days)?;
            raise_version(tx)?;
            Ok(())
        })
    }
}

fn look_at<'r>(c: &Connection, rows: &'r [EncounterRow]) -> Result<(Vec<&'r EncounterRow>, PatientReport)> {
    let mut report = PatientReport::default();
    let mut patients: HashMap<_, Option<i64>> = HashMap::new();
    let mut doubtful = std::collections::HashSet::new();
    for row in rows {
        let patient = patient_of(c, row)?;
        if *patients.entry(row.key()).or_insert(patient) != patient {
            doubtful.insert(row.key());
        }
    }
    let mut good = Vec::new();
    for row in rows {
        let why = if row.key().2.is_empty() || row.number.authority.0.is_empty() {
            Some(Refusal::NoNumber)
        } else if doubtful.contains(&row.key()) {
            Some(Refusal::TwoPatients)
        } else if patients[&row.key()].is_none() {
            Some(Refusal::UnknownPatient)
        } else {
            good.push(row);
            let had = find(c, &row.number)?;
            match had {
                None => report.added += 1,
                Some((patient, had)) if Some(patient) == patients[&row.key()] && had == row.days => {
                    report.unchanged += 1;
                }
                Some(_) => report.changed += 1,
            }
            None
        };
        report.refused.extend(why.map(|why| Refused { line: row.line, why }));
    }
    Ok((good, report))
}

/// The identity whose record number the row gives.
fn patient_of(c: &Connection, row: &EncounterRow) -> Result<Option<i64>> {
    Ok(c.prepare_cached(
        "SELECT patient FROM patient_identifier WHERE value = ?1 AND authority = ?2 AND kind = 'MR'",
    )?
    .query_row(params![canonical(&row.mrn), row.number.authority.0], |row| row.get(0))
    .optional()?)
}

/// Whose a visit is by now, and its days.
type Had = (i64, Option<(Date, Date)>);

fn find(c: &Connection, number: &Identifier) -> Result<Option<Had>> {
    Ok(c.prepare_cached(
        "SELECT patient, first_day, last_day FROM encounter WHERE value = ?1 AND authority = ?2 AND kind = ?3",
    )?
    .query_row(params![canonical(&number.value), number.authority.0, number.kind.code()], |row| {
        Ok((row.get(0)?, days(row.get::<_, Option<Day>>(1)?, row.get::<_, Option<Day>>(2)?)))
    })
    .optional()?)
}

/// Writes a visit. One that is another patient's now takes along what was filed under exactly its number (A42, A45).
pub(super) fn put_row(
    tx: &Connection,
    row: &EncounterRow,
    origin: &Origin<'_>,
    report: &mut PatientReport,
) -> Result<()> {
    let Some(patient) = patient_of(tx, row)? else {
        report.refused.push(Refused { line: row.line, why: Refusal::UnknownPatient });
        return Ok(());
    };
    let had = find(tx, &row.number)?;
    match had {
        None => report.added += 1,
        Some((before, days)) if before == patient && (row.days.is_none() || days == row.days) => {
            report.unchanged += 1;
            return Ok(());
        }
        Some(_) => report.changed += 1,
    }
    put(tx, &row.number, patient, row.days.or(had.and_then(|(_, days)| days)))?;
    if let Some((before, _)) = had
        && survivor(tx, before)? != survivor(tx, patient)?
    {
        let documents = repoint(tx, &row.number, before, patient, origin.by, "visit moved")?;
        let detail = serde_json::json!({ "number": row.number, "to": patient_id(tx, patient)?, "documents": documents });
        changed(tx, before, origin, "moved", &detail)?;
    }
    Ok(())
}

fn put(tx: &Connection, number: &Identifier, patient: i64, days: Option<(Date, Date)>) -> Result<()> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO encounter (value, authority, kind, patient, first_day, last_day)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        canonical(&number.value),
        number.authority.0,
        number.kind.code(),
        patient,
        days.map(|(first, _)| Day(first)),
        days.map(|(_, last)| Day(last))
    ])?;
    Ok(())
}

/// Visits of one identity, the latest first; more than these say nothing about a page's date.
pub(super) fn encounters(c: &Connection, key: i64) -> Result<Vec<Encounter>> {
    let patient = patient_id(c, survivor(c, key)?)?;
    let mut rows = c.prepare_cached(
        "SELECT value, authority, kind, first_day, last_day FROM encounter WHERE patient = ?1
         ORDER BY first_day DESC LIMIT 200",
    )?;
    let mut rows = rows.query([key])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let kind: String = row.get(2)?;
        all.push(Encounter {
            number: Identifier {
                value: row.get(0)?,
                authority: AuthorityId(row.get(1)?),
                kind: identifier_kind(&kind)?,
            },
            patient,
            days: days(row.get(3)?, row.get(4)?),
        });
    }
    Ok(all)
}

/// Every visit or account of that number, of the authority where one is said: however many visits its patient had.
pub(super) fn encounters_of_number(
    c: &Connection,
    value: &str,
    authority: Option<&AuthorityId>,
) -> Result<Vec<Encounter>> {
    let mut rows = c.prepare_cached(
        "SELECT value, authority, kind, first_day, last_day, patient FROM encounter WHERE value = ?1",
    )?;
    let mut rows = rows.query([value])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let of = AuthorityId(row.get(1)?);
        if authority.is_none_or(|authority| *authority == of) {
            let kind: String = row.get(2)?;
            all.push(Encounter {
                number: Identifier { value: row.get(0)?, authority: of, kind: identifier_kind(&kind)? },
                patient: patient_id(c, survivor(c, row.get(5)?)?)?,
                days: days(row.get(3)?, row.get(4)?),
            });
        }
    }
    Ok(all)
}
