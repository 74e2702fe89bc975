//! How does a file of patients become the patient index? (`domain.md` 2.8 and 2.9)

use jiff::Timestamp;
use jiff::civil::Date;
use records::document::IndexVersion;
use records::identifier::{AuthorityId, Identifier};
use records::name::PersonName;
use records::patient::{PatientFlags, PatientId, Sex};
use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

use super::Lane;
use super::audit::{Action, AuditEntry, append};
use super::columns::{Millis, now};
use super::history::Origin;
use super::identity::{Current, Field, Upsert, upsert, upserting};
use super::matters::{MatterKind, open_matter};
use super::merging::{Merge, merge, merging};
use super::patients::raise_version;
use super::staging::{Plan, StagedRow, seen_again};
use super::survey::survey;
use crate::error::Result;
use crate::open::Archive;

/// One file of the patient index, already parsed.
#[derive(Clone, Debug)]
pub struct PatientImport {
    /// Where it comes from: names the contact whose age makes the index stale.
    pub source: String,
    /// A snapshot of everybody, not only of what changed: what is missing in it has vanished.
    pub full: bool,
    pub rows: Vec<PatientRow>,
    /// Report only, row by row; write nothing.
    pub dry_run: bool,
    /// Import although more than 2 % have vanished or changed their birth date (a person has looked).
    pub despite_losses: bool,
    /// Import the good rows although others are faulty (a named person has decided so).
    pub skip_faulty: bool,
    /// Rows of the file that could not even be read, and are left out by that decision.
    pub left_out: u64,
    /// Who imports: `os:root`, `clerk:lopez`, `line`.
    pub by: String,
}

/// One person as the file has them.
#[derive(Clone, Serialize, Deserialize)]
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
    #[serde(default)]
    pub flags: FlagChanges,
}

/// Alerts that are set or lifted; absent: as they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FlagChanges {
    pub name_alert: Option<bool>,
    pub twin: Option<bool>,
    pub confidential: Option<bool>,
    pub test_patient: Option<bool>,
}

impl FlagChanges {
    pub const fn any(self) -> bool {
        self.name_alert.is_some()
            || self.twin.is_some()
            || self.confidential.is_some()
            || self.test_patient.is_some()
    }

    /// Only what is lifted of it.
    pub(super) fn lifted(self) -> Self {
        let off = |change: Option<bool>| change.filter(|set| !set);
        Self {
            name_alert: off(self.name_alert),
            twin: off(self.twin),
            confidential: off(self.confidential),
            test_patient: off(self.test_patient),
        }
    }

    /// The flags with these changes.
    pub fn over(self, before: PatientFlags) -> PatientFlags {
        PatientFlags {
            name_alert: self.name_alert.unwrap_or(before.name_alert),
            twin: self.twin.unwrap_or(before.twin),
            confidential: self.confidential.unwrap_or(before.confidential),
            test_patient: self.test_patient.unwrap_or(before.test_patient),
            ..before
        }
    }
}

/// Shows nothing about the person.
impl std::fmt::Debug for PatientRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PatientRow(line {}, …)", self.line)
    }
}

/// What an import did (or would do).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
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
    /// Row by row, of a dry run only.
    #[serde(skip)]
    pub news: Vec<News>,
    /// Nothing was written: a row is faulty, or too much has vanished or changed for a good file.
    pub aborted: bool,
    /// The patient index's version afterwards.
    pub version: IndexVersion,
}

impl PatientReport {
    /// Whether a row could not be taken as it stands (a merge that is refused is no such fault).
    pub fn is_faulty(&self) -> bool {
        self.refused.iter().any(|refused| refused.why.is_fault())
    }

    pub(super) fn entry(&self, source: &str, by: &str, full: bool) -> AuditEntry {
        let detail = serde_json::json!({
            "source": source, "full": full, "added": self.added, "changed": self.changed,
            "merged": self.merged, "vanished": self.vanished, "refused": self.refused.len(),
            "overlays": self.overlays.len(), "aborted": self.aborted,
        });
        AuditEntry { detail, ..AuditEntry::new(by, Action::Update, "patients-import") }
    }
}

/// What a row of the file is, or what the file lacks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct News {
    /// Absent for what the file lacks.
    pub line: Option<u64>,
    pub number: Identifier,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    Added,
    Changed(Vec<Field>),
    Merged,
    Vanished,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overlay {
    pub line: u64,
    pub patient: PatientId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    pub line: u64,
    pub why: Refusal,
}

/// Why a row was not taken, for whoever made the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
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
    #[error("the number is merged into another one already; undo that merge first")]
    MergedElsewhere,
    #[error("the patient's number is not in the index; import the patient first")]
    UnknownPatient,
    #[error("the visit stands twice in the file with different patients; find out whose it is")]
    TwoPatients,
}

impl Refusal {
    /// Of the row itself; the others are of a merge, and a matter for a person.
    pub const fn is_fault(self) -> bool {
        !matches!(self, Self::MergeCircle | Self::MergeContradicts | Self::MergedElsewhere)
    }

    pub const fn code(self) -> &'static str {
        match self {
            Self::NoNumber => "no_number",
            Self::TwoBirthDates => "two_birth_dates",
            Self::MergedIntoItself => "merged_into_itself",
            Self::MergeCircle => "merge_circle",
            Self::MergeContradicts => "merge_contradicts",
            Self::MergedElsewhere => "merged_elsewhere",
            Self::UnknownPatient => "unknown_patient",
            Self::TwoPatients => "two_patients",
        }
    }

    pub(super) const fn for_a_clerk(self) -> &'static str {
        match self {
            Self::MergeCircle => "the one that would stay was merged into the one that would go",
            Self::MergeContradicts => {
                "birth date and sex both differ; they look like two people (--despite, if you have looked)"
            }
            Self::MergedElsewhere => "it is merged into another chart already; undo that merge first",
            _ => "the two numbers do not go together",
        }
    }
}

impl Archive {
    /// Loads or updates the patient index, wholly or not at all. First all rows are looked at, then people are
    /// written, then merges, so that the order within the file does not matter.
    pub fn import_patients(&self, import: &PatientImport) -> Result<PatientReport> {
        // Two imports at once would each judge losses by what the other has half written.
        self.alone_with_the_index(|| {
            let (rows, mut report) = self.0.catalogue.read(|c| survey(c, import))?;
            report.aborted |= report.is_faulty() && !import.skip_faulty;
            if import.dry_run || report.aborted {
                report.version = self.index_version()?;
                if report.aborted && !import.dry_run {
                    self.record(&report.entry(&import.source, &import.by, import.full))?;
                }
                return Ok(report);
            }
            let mut authorities: Vec<AuthorityId> = rows.iter().map(|row| row.authority.clone()).collect();
            authorities.sort_unstable();
            authorities.dedup();
            let plan = Plan {
                source: import.source.clone(),
                full: import.full,
                by: import.by.clone(),
                authorities,
                rows: rows.len() as u64,
                left_out: import.left_out + report.refused.iter().filter(|r| r.why.is_fault()).count() as u64,
                visits: false,
            };
            let rows: Vec<StagedRow> = rows.into_iter().cloned().map(StagedRow::Person).collect();
            let faults = report.refused.into_iter().filter(|refused| refused.why.is_fault());
            let mut done = self.take_in(&plan, &rows)?;
            done.refused.splice(0..0, faults);
            Ok(done)
        })
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

/// What would be done with a person's row.
pub(super) fn look_at_person(c: &Connection, row: &PatientRow, report: &mut PatientReport) -> Result<()> {
    let upsert = upserting(c, row)?;
    let number = Identifier::mrn(&row.authority, &row.mrn);
    let what = match &upsert {
        Upsert::Added => Some(What::Added),
        Upsert::Changed { fields, .. } => Some(What::Changed(fields.clone())),
        Upsert::Unchanged => None,
    };
    report.news.extend(what.map(|what| News { line: Some(row.line), number, what }));
    let changes = matches!(upsert, Upsert::Changed { .. })
        && Current::of(c, row, &row.mrn)?.is_some_and(|current| current.changes_birth_date(row));
    count(report, row, &upsert, changes);
    Ok(())
}

pub(super) fn write_person(
    tx: &Connection,
    row: &PatientRow,
    origin: &Origin<'_>,
    report: &mut PatientReport,
) -> Result<()> {
    let before = Current::of(tx, row, &row.mrn)?;
    let changes = before.as_ref().is_some_and(|current| current.changes_birth_date(row));
    count(report, row, &upsert(tx, row, origin)?, changes);
    before.map_or(Ok(()), |current| seen_again(tx, current.key, origin))
}

fn count(report: &mut PatientReport, row: &PatientRow, upsert: &Upsert, changes_birth_date: bool) {
    match upsert {
        Upsert::Added => report.added += 1,
        Upsert::Unchanged => report.unchanged += 1,
        Upsert::Changed { overlay, .. } => {
            report.changed += 1;
            report.birth_dates_changed += u64::from(changes_birth_date);
            report.overlays.extend(overlay.map(|patient| Overlay { line: row.line, patient }));
        }
    }
}

pub(super) fn write_merge(
    tx: &Connection,
    row: &PatientRow,
    origin: &Origin<'_>,
    report: &mut PatientReport,
) -> Result<()> {
    let Some(into) = &row.merged_into_mrn else { return Ok(()) };
    match merging(tx, row, into)? {
        Merge::Done => {}
        Merge::Refused { why, from, into } => {
            report.refused.push(Refused { line: row.line, why });
            let other = Some(into);
            open_matter(tx, MatterKind::MergeRefused, from, other, Some(why.code()), origin.at, origin)?;
        }
        Merge::Into(from, survivor) => {
            let patient = merge(tx, row, from, survivor, into, origin)?;
            let detail = serde_json::json!({ "source": origin.source, "line": row.line, "into": patient.1 });
            let entry = AuditEntry::new(origin.by, Action::Update, "merge");
            append(tx, &AuditEntry { patient: Some(patient.0), detail, ..entry })?;
            report.merged += 1;
        }
    }
    Ok(())
}
