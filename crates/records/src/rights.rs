//! Who may see what?

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::document::Label;
use crate::ids::{DocumentId, PageRef};
use crate::patient::PatientId;

/// Somebody who looks: a clerk, or the user of the operating system at a prompt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// `clerk:lopez`, `os:root`.
    pub name: String,
    /// Protection labels this person may see; documents without a label are for everyone with an account.
    pub labels: BTreeSet<Label>,
    /// Whether what waits on the worklist may be seen.
    pub worklist: bool,
    /// Patients whose restricted documents may be seen for a while, in an emergency: all identities of each.
    pub emergency: BTreeSet<PatientId>,
}

impl Viewer {
    /// Whether a document with these labels, about this patient, may be seen.
    pub fn may_see(&self, labels: &[Label], patient: Option<PatientId>) -> bool {
        labels.iter().all(|label| self.labels.contains(label))
            || patient.is_some_and(|patient| self.emergency.contains(&patient))
    }
}

/// What a viewer may find, as of a position of the change log. Made only by `archive.scope(&Viewer, position)`
/// and taken by everything `search` answers.
#[derive(Clone, Debug)]
pub struct Scope {
    pub labels: BTreeSet<Label>,
    pub worklist: bool,
    /// Documents voided, quarantined, moved or relabelled since the position the index has reached.
    pub excluded: BTreeSet<DocumentId>,
    /// Pages that waited on the worklist and were voided, filed, split or set aside since: who may see the worklist may
    /// not be let see what has become of them.
    pub excluded_pages: BTreeSet<PageRef>,
}

/// What somebody is here for. A person may have several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Feeds the scanners: sees jobs of the stations, not charts.
    ScanOperator,
    /// Works through the worklist, files and mends.
    Clerk,
    /// Looks again at what others filed.
    QualityReviewer,
    /// Answers for the department.
    Supervisor,
    /// Treats patients: reads charts.
    Clinician,
    /// Watches who looks.
    PrivacyOfficer,
    /// Runs the installation, without patient data.
    Administrator,
}

/// What may be done at the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Right {
    /// Search, read charts and pages, report a page in the wrong chart.
    Charts,
    /// See and resolve what waits for a person; correct what is filed.
    Worklist,
    /// Take back what is filed to another patient, quarantine, end trials: what a clerk alone may not.
    Correct,
    /// See stations and jobs, start jobs, take back one's own.
    Stations,
    /// Print control sheets and labels; bring files by hand.
    Sheets,
    /// Judge samples of others' work.
    Review,
    /// Ask for charts, and see what was asked.
    Requests,
    /// Take pages out of the house.
    Export,
    /// The department's figures.
    Figures,
    /// Accounts, roles, settings as they are in force.
    Administer,
    /// Who looked at what.
    Audit,
}

impl Role {
    pub const ALL: [Self; 7] = [
        Self::ScanOperator,
        Self::Clerk,
        Self::QualityReviewer,
        Self::Supervisor,
        Self::Clinician,
        Self::PrivacyOfficer,
        Self::Administrator,
    ];

    /// As it is written in accounts and commands: `scan-operator`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ScanOperator => "scan-operator",
            Self::Clerk => "clerk",
            Self::QualityReviewer => "quality-reviewer",
            Self::Supervisor => "supervisor",
            Self::Clinician => "clinician",
            Self::PrivacyOfficer => "privacy-officer",
            Self::Administrator => "administrator",
        }
    }

    /// As people say it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::ScanOperator => "scan operator",
            Self::Clerk => "clerk",
            Self::QualityReviewer => "quality reviewer",
            Self::Supervisor => "supervisor",
            Self::Clinician => "clinician (reads only)",
            Self::PrivacyOfficer => "privacy officer",
            Self::Administrator => "administrator (no patient data)",
        }
    }

    pub fn may(self, right: Right) -> bool {
        use Right::*;
        let own: &[Right] = match self {
            Self::ScanOperator => &[Stations, Sheets],
            Self::Clerk => &[Charts, Worklist, Correct, Stations, Sheets, Requests, Export],
            Self::QualityReviewer => &[Charts, Worklist, Correct, Stations, Review, Figures],
            Self::Supervisor => {
                &[Charts, Worklist, Correct, Stations, Sheets, Review, Requests, Export, Figures, Audit]
            }
            Self::Clinician => &[Charts, Requests],
            Self::PrivacyOfficer => &[Charts, Correct, Figures, Audit],
            Self::Administrator => &[Administer],
        };
        own.contains(&right)
    }
}

impl std::str::FromStr for Role {
    type Err = String;

    fn from_str(code: &str) -> Result<Self, String> {
        let known = || Self::ALL.map(Self::code).join(", ");
        Self::ALL
            .into_iter()
            .find(|role| role.code() == code)
            .ok_or_else(|| format!("there is no role {code:?}; choose from {}", known()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_runs_the_installation_sees_no_patient() {
        let sees = [Right::Charts, Right::Worklist, Right::Stations, Right::Audit, Right::Export];
        assert!(sees.iter().all(|right| !Role::Administrator.may(*right)));
        let runs = Role::ALL.into_iter().filter(|role| role.may(Right::Administer));
        assert_eq!(runs.collect::<Vec<_>>(), [Role::Administrator]);
    }

    #[test]
    fn who_treats_patients_reads_and_changes_nothing() {
        let changes = [Right::Worklist, Right::Correct, Right::Sheets, Right::Review];
        assert!(changes.iter().all(|right| !Role::Clinician.may(*right)));
        assert!(Role::Clinician.may(Right::Charts));
    }

    #[test]
    fn a_role_is_read_as_it_is_written() {
        for role in Role::ALL {
            assert_eq!(role.code().parse(), Ok(role));
            assert_eq!(serde_json::to_string(&role).unwrap(), format!("{:?}", role.code()));
        }
        assert!("boss".parse::<Role>().unwrap_err().contains("supervisor"));
    }
}
