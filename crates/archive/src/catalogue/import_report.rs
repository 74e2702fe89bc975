//! What came of a list, and why was a row not taken?

use records::document::IndexVersion;
use records::identifier::Identifier;
use records::patient::PatientId;
use serde::{Deserialize, Serialize};

use super::audit::{Action, AuditEntry};
use super::identity::Field;

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
