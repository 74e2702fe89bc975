//! How does a file of patients become the patient index? (`domain.md` 2.8 and 2.9)

use jiff::Timestamp;
use jiff::civil::Date;
use records::identifier::{AuthorityId, Identifier};
use records::name::PersonName;
use records::patient::{PatientFlags, Sex};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::Lane;
use super::audit::{Action, AuditEntry, append};
use super::columns::now;
use super::history::Origin;
use super::identity::{Upsert, upsert, upserting};
use super::import_report::{News, Overlay, PatientReport, Refused, What};
use super::matters::{MatterKind, open_matter};
use super::merging::{Merge, merge, merging};
use super::patients::raise_version;
use super::sources::contact;
use super::staging::{Plan, StagedRow};
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
            contact(tx, source, now())?;
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
    count(report, row, &upsert);
    Ok(())
}

pub(super) fn write_person(
    tx: &Connection,
    row: &PatientRow,
    origin: &Origin<'_>,
    report: &mut PatientReport,
) -> Result<()> {
    count(report, row, &upsert(tx, row, origin)?);
    Ok(())
}

fn count(report: &mut PatientReport, row: &PatientRow, upsert: &Upsert) {
    match upsert {
        Upsert::Added => report.added += 1,
        Upsert::Unchanged => report.unchanged += 1,
        Upsert::Changed { birth_date, overlay, .. } => {
            report.changed += 1;
            report.birth_dates_changed += u64::from(*birth_date);
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
