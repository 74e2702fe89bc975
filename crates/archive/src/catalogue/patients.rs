//! Who is this person, with everyone merged into them?

use records::document::IndexVersion;
use records::identifier::{AuthorityId, Identifier};
use records::judge::Encounter;
use records::patient::{Patient, PatientId};

use crate::error::Result;
use crate::open::Archive;

impl Archive {
    /// The person a number leads to, resolved through merges (and visits).
    pub fn patient_by_number(&self, number: &Identifier) -> Result<Option<Patient>> {
        let _ = number;
        unimplemented!()
    }

    /// A person, resolved through merges.
    pub fn patient(&self, id: PatientId) -> Result<Option<Patient>> {
        let _ = id;
        unimplemented!()
    }

    /// All identities that are the same person by now, this one included.
    pub fn identities(&self, id: PatientId) -> Result<Vec<PatientId>> {
        let _ = id;
        unimplemented!()
    }

    /// Every authority the patient index has numbers of.
    pub fn authorities(&self) -> Result<Vec<AuthorityId>> {
        unimplemented!()
    }

    /// The patient index's version now.
    pub fn index_version(&self) -> Result<IndexVersion> {
        unimplemented!()
    }

    /// The form catalogue or a rule has changed: verdicts under way are asked again.
    pub fn raise_index_version(&self, why: &str) -> Result<IndexVersion> {
        let _ = why;
        unimplemented!()
    }

    /// Adds or changes a visit.
    pub fn put_encounter(&self, encounter: &Encounter) -> Result<()> {
        let _ = encounter;
        unimplemented!()
    }

    /// A person has told two records apart: the chart is no longer frozen.
    pub fn thaw(&self, patient: PatientId, clerk: &str, reason: &str) -> Result<()> {
        let _ = (patient, clerk, reason);
        unimplemented!()
    }
}
