//! How does a file of patients become the patient index? (`domain.md` 2.8 and 2.9)

use jiff::Timestamp;
use jiff::civil::Date;
use records::document::IndexVersion;
use records::identifier::AuthorityId;
use records::name::PersonName;
use records::patient::{PatientId, Sex};

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
#[derive(Clone, Debug, Default, PartialEq)]
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

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overlay {
    pub line: u64,
    pub patient: PatientId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    pub line: u64,
    pub why: Refusal,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
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

impl Archive {
    /// Loads or updates the patient index, row by row in short transactions; every import raises the version.
    pub fn import_patients(&self, import: &PatientImport) -> Result<PatientReport> {
        let _ = import;
        unimplemented!()
    }
}
