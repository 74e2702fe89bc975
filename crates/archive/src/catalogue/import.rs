//! How does a file of patients become the patient index? (`domain.md` 2.8 and 2.9)

use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::Timestamp;
use jiff::civil::Date;
use records::document::IndexVersion;
use records::identifier::{AuthorityId, canonical};
use records::name::PersonName;
use records::patient::{PatientId, Sex};
use rusqlite::{Connection, params};
use serde::Serialize;

use super::Lane;
use super::audit::{Action, AuditEntry, append};
use super::columns::{Millis, now};
use super::identity::{Merge, Upsert, merge, merging, upsert, upserting};
use super::patients::raise_version;
use crate::error::Result;
use crate::instance::wait_lock;
use crate::open::Archive;

/// One file of the patient index, already parsed.
#[derive(Clone, Debug)]
pub struct PatientImport {
    /// Where it comes from: names the contact whose age makes the index stale.
    pub source: String,
    /// A snapshot of everybody, not only of what changed: what is missing in it has vanished.
    pub full: bool,
    pub rows: Vec<PatientRow>,
    /// Report only; write nothing.
    pub dry_run: bool,
    /// Import although more than 2 % have vanished or changed their birth date (a person has looked).
    pub despite_losses: bool,
    /// Who imports: `os:root`, `clerk:lopez`, `line`.
    pub by: String,
}

/// One person as the file has them.
#[derive(Clone)]
pub struct PatientRow {
    /// Line of the file, for the report.
    pub line: u64,
    pub authority: AuthorityId,
    pub mrn: String,
    /// Absent in rows that only tell of a merge.
    pub name: Option<PersonName>,
    pub birth_date: Option<Date>,
    pub sex: Option<Sex>,
    pub died: Option<Date>,
    pub merged_into_mrn: Option<String>,
    /// A row older than what the index has changes nothing.
    pub updated_at: Option<Timestamp>,
}

/// Shows nothing about the person.
impl std::fmt::Debug for PatientRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PatientRow(line {}, …)", self.line)
    }
}

/// What an import did (or would do).
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PatientReport {
    pub added: u64,
    pub changed: u64,
    pub unchanged: u64,
    pub merged: u64,
    /// Numbers the index has and a full import lacks. They stay.
    pub vanished: u64,
    pub birth_dates_changed: u64,
    /// Charts frozen because one record seems to hold two people.
    pub overlays: Vec<Overlay>,
    /// Rows that were not taken.
    pub refused: Vec<Refused>,
    /// Nothing was written: too much has vanished or changed for a good file.
    pub aborted: bool,
    /// The patient index's version afterwards.
    pub version: IndexVersion,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Overlay {
    pub line: u64,
    pub patient: PatientId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Refused {
    pub line: u64,
    pub why: Refusal,
}

/// Why a row was not taken, for whoever made the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    #[error("the row has no number; give every patient an MRN and an authority")]
    NoNumber,
    #[error("the number stands twice in the file with different birth dates; find out whose it is")]
    TwoBirthDates,
    #[error("the number is merged into itself; correct merged_into_mrn")]
    MergedIntoItself,
    #[error("the merge would run in a circle; correct merged_into_mrn")]
    MergeCircle,
    #[error("birth date and sex of the two merged records both differ; tell the records apart")]
    MergeContradicts,
}

/// Rows written in one transaction.
const PIECE: usize = 100;

impl Archive {
    /// Loads or updates the patient index, in short transactions; every import raises the version. First all rows
    /// are looked at, then people are written, then merges, so that the order within the file does not matter.
    pub fn import_patients(&self, import: &PatientImport) -> Result<PatientReport> {
        // Two imports at once would each judge losses by what the other has half written.
        let _alone = wait_lock(&self.0.dir.join("patients.lock"))?;
        let mut report = PatientReport::default();
        let rows = sift(&import.rows, &mut report);
        let known = self.0.catalogue.read(|c| survey(c, import, &rows, &mut report))?;
        let lost = (report.vanished + report.birth_dates_changed) as f64;
        // One row may always differ: in a small index that is an overlay, not a wrong file.
        report.aborted =
            import.full && known > 0 && !import.despite_losses && lost > 1.0 && lost > known as f64 * 0.02;
        if import.dry_run || report.aborted {
            report.version = self.index_version()?;
            if report.aborted && !import.dry_run {
                self.record(&entry(import, &report))?;
            }
            return Ok(report);
        }
        let planned = std::mem::take(&mut report);
        report = PatientReport { vanished: planned.vanished, refused: sifted(planned.refused), ..report };
        for piece in rows.chunks(PIECE) {
            self.0.catalogue.write(Lane::Line, |tx| write_people(tx, import, piece, &mut report))?;
            tracing::trace!(target: "fault_point", "patients piece");
        }
        let merges: Vec<_> = rows.iter().filter(|row| row.merged_into_mrn.is_some()).collect();
        for piece in merges.chunks(PIECE) {
            self.0.catalogue.write(Lane::Line, |tx| write_merges(tx, import, piece, &mut report))?;
        }
        report.version = self.0.catalogue.write(Lane::Line, |tx| {
            contact(tx, import)?;
            append(tx, &entry(import, &report))?;
            raise_version(tx)
        })?;
        Ok(report)
    }

    /// The source of the patient index answered and had nothing new: the index is fresh.
    pub fn patients_contact(&self, source: &str) -> Result<()> {
        self.0.catalogue.write(Lane::Line, |tx| {
            tx.prepare_cached(
                "INSERT INTO patient_source (source, last_contact, rows) VALUES (?1, ?2, 0)
                 ON CONFLICT (source) DO UPDATE SET last_contact = excluded.last_contact",
            )?
            .execute(params![source, Millis(now())])?;
            raise_version(tx)?;
            Ok(())
        })
    }
}

/// Rows that can be taken, and the report of those that cannot: a number that stands twice with different birth
/// dates may be anybody's, so none of its rows is taken.
fn sift<'r>(rows: &'r [PatientRow], report: &mut PatientReport) -> Vec<&'r PatientRow> {
    let mut birth_dates: HashMap<(&AuthorityId, String), BTreeSet<Date>> = HashMap::new();
    for row in rows {
        let days = birth_dates.entry((&row.authority, canonical(&row.mrn))).or_default();
        days.extend(row.birth_date);
    }
    let mut good = Vec::with_capacity(rows.len());
    for row in rows {
        let number = canonical(&row.mrn);
        let into = row.merged_into_mrn.as_deref().map(canonical);
        let why = if number.is_empty() || row.authority.0.is_empty() {
            Some(Refusal::NoNumber)
        } else if birth_dates[&(&row.authority, number.clone())].len() > 1 {
            Some(Refusal::TwoBirthDates)
        } else if into.as_ref() == Some(&number) {
            Some(Refusal::MergedIntoItself)
        } else {
            good.push(row);
            None
        };
        report.refused.extend(why.map(|why| Refused { line: row.line, why }));
    }
    good
}

/// Refusals of rows as such; those of merges are found again when they are tried.
fn sifted(refused: Vec<Refused>) -> Vec<Refused> {
    use Refusal::{MergedIntoItself, NoNumber, TwoBirthDates};
    refused.into_iter().filter(|r| matches!(r.why, NoNumber | TwoBirthDates | MergedIntoItself)).collect()
}

/// What an import would do. Answers how many living numbers the index has of the file's authorities.
fn survey(
    c: &Connection,
    import: &PatientImport,
    rows: &[&PatientRow],
    report: &mut PatientReport,
) -> Result<u64> {
    let mut authorities: HashMap<&AuthorityId, HashSet<String>> = HashMap::new();
    for row in rows {
        let first = authorities.entry(&row.authority).or_default().insert(canonical(&row.mrn));
        if first {
            count(report, row, upserting(c, row)?);
        }
        if let Some(into) = &row.merged_into_mrn {
            match merging(c, row, into)? {
                Merge::Done => {}
                Merge::Refused(why) => report.refused.push(Refused { line: row.line, why }),
                Merge::Into(..) => report.merged += 1,
            }
        }
    }
    let mut known = 0;
    for (authority, numbers) in authorities {
        let mut living = c.prepare(
            "SELECT i.value FROM patient_identifier i JOIN patient p ON p.key = i.patient
             WHERE i.authority = ?1 AND i.kind = 'MR' AND NOT i.retired AND p.merged_into IS NULL",
        )?;
        for value in living.query_map([&authority.0], |row| row.get::<_, String>(0))? {
            known += 1;
            if import.full && !numbers.contains(&value?) {
                report.vanished += 1;
            }
        }
    }
    Ok(known)
}

fn count(report: &mut PatientReport, row: &PatientRow, upsert: Upsert) {
    match upsert {
        Upsert::Added => report.added += 1,
        Upsert::Unchanged => report.unchanged += 1,
        Upsert::Changed { birth_date, overlay } => {
            report.changed += 1;
            report.birth_dates_changed += u64::from(birth_date);
            report.overlays.extend(overlay.map(|patient| Overlay { line: row.line, patient }));
        }
    }
}

fn write_people(
    tx: &Connection,
    import: &PatientImport,
    rows: &[&PatientRow],
    report: &mut PatientReport,
) -> Result<()> {
    let (changed, frozen) = (report.added + report.changed, report.overlays.len());
    for row in rows {
        count(report, row, upsert(tx, row)?);
    }
    for overlay in &report.overlays[frozen..] {
        let detail = serde_json::json!({ "source": import.source, "line": overlay.line });
        let entry = AuditEntry::new(&import.by, Action::Update, "patient-frozen");
        append(tx, &AuditEntry { patient: Some(overlay.patient), detail, ..entry })?;
    }
    if report.added + report.changed > changed {
        raise_version(tx)?;
    }
    Ok(())
}

fn write_merges(
    tx: &Connection,
    import: &PatientImport,
    rows: &[&&PatientRow],
    report: &mut PatientReport,
) -> Result<()> {
    let before = report.merged;
    for row in rows {
        let Some(into) = &row.merged_into_mrn else { continue };
        match merging(tx, row, into)? {
            Merge::Done => {}
            Merge::Refused(why) => report.refused.push(Refused { line: row.line, why }),
            Merge::Into(from, survivor) => {
                let patient = merge(tx, row, from, survivor, into)?;
                let detail =
                    serde_json::json!({ "source": import.source, "line": row.line, "into": patient.1 });
                let entry = AuditEntry::new(&import.by, Action::Update, "merge");
                append(tx, &AuditEntry { patient: Some(patient.0), detail, ..entry })?;
                report.merged += 1;
            }
        }
    }
    if report.merged > before {
        raise_version(tx)?;
    }
    Ok(())
}

fn contact(tx: &Connection, import: &PatientImport) -> Result<()> {
    let at = now();
    tx.prepare_cached(
        "INSERT INTO patient_source (source, last_contact, last_full, rows) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (source) DO UPDATE SET last_contact = excluded.last_contact, rows = excluded.rows,
             last_full = coalesce(excluded.last_full, last_full)",
    )?
    .execute(params![
        import.source,
        Millis(at),
        import.full.then_some(Millis(at)),
        import.rows.len() as i64
    ])?;
    Ok(())
}

fn entry(import: &PatientImport, report: &PatientReport) -> AuditEntry {
    let detail = serde_json::json!({
        "source": import.source, "full": import.full, "added": report.added, "changed": report.changed,
        "merged": report.merged, "vanished": report.vanished, "refused": report.refused.len(),
        "overlays": report.overlays.len(), "aborted": report.aborted,
    });
    AuditEntry { detail, ..AuditEntry::new(&import.by, Action::Update, "patients-import") }
}
