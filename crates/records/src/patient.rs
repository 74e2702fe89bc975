//! Who is a patient, as the patient index knows them?

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::identifier::{AuthorityId, Identifier};
use crate::name::PersonName;

/// Never shown, never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PatientId(pub Uuid);

/// One person of the patient index, with everything they were ever called.
#[derive(Clone, Serialize, Deserialize)]
pub struct Patient {
    pub id: PatientId,
    pub identifiers: Vec<PatientIdentifier>,
    /// Current name first.
    pub names: Vec<PersonName>,
    pub birth_date: Option<Date>,
    /// Dates the index held before the present one: they can contradict nobody and confirm nobody.
    #[serde(default)]
    pub earlier_birth_dates: Vec<Date>,
    pub sex: Option<Sex>,
    /// Date of death, where the index has one.
    #[serde(default)]
    pub died: Option<Date>,
    #[serde(default)]
    pub flags: PatientFlags,
    /// Who this person turned out to be. The catalogue resolves chains before rules see them.
    #[serde(default)]
    pub merged_into: Option<PatientId>,
}

impl Patient {
    /// The active record number, of the given authority where one is asked for.
    pub fn mrn(&self, authority: Option<&AuthorityId>) -> Option<&Identifier> {
        self.identifiers
            .iter()
            .filter(|own| own.status == IdentifierStatus::Active)
            .map(|own| &own.identifier)
            .find(|id| authority.is_none_or(|a| *a == id.authority))
    }

    pub fn name(&self) -> Option<&PersonName> {
        self.names.first()
    }
}

/// Shows nothing about the person: `Debug` ends up in logs.
impl fmt::Debug for Patient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Patient({}, …)", self.id.0)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatientIdentifier {
    pub identifier: Identifier,
    pub status: IdentifierStatus,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IdentifierStatus {
    Active,
    /// Still resolves, since old labels are in the boxes, but is no witness without name and birth date.
    Retired,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Sex {
    #[serde(rename = "F")]
    Female,
    #[serde(rename = "M")]
    Male,
}

/// Reasons why nothing is filed to this person by itself (`domain.md` AF-4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PatientFlags {
    pub name_alert: bool,
    pub twin: bool,
    pub confidential: bool,
    /// An overlay is suspected: two people in one record.
    pub frozen: bool,
    pub test_patient: bool,
    /// PID-31 or a placeholder name: nobody knows who this is.
    pub unknown_person: bool,
}

impl PatientFlags {
    pub const fn any(self) -> bool {
        self.name_alert
            || self.twin
            || self.confidential
            || self.frozen
            || self.test_patient
            || self.unknown_person
    }
}
