//! In whose charts are the pages of an answer, now?
//!
//! The index counts by patient as filed. Who was merged since is one person by now, and is counted once more as such.

use archive::{ArchiveError, PatientSummary};
use records::patient::PatientId;
use search::{Facets, IndexReader, Query};

use super::{AskError, Asker};

/// A person, and how many pages of the answer are in the chart.
pub struct Counted {
    pub patient: PatientSummary,
    pub pages: u64,
}

/// Patients that are told.
const TOLD: usize = 10;

/// Those with most pages first.
pub(super) fn now(
    asker: &Asker<'_>,
    reader: &IndexReader,
    query: &Query,
    facets: &Facets,
) -> Result<Vec<Counted>, AskError> {
    let mut people: Vec<Counted> = Vec::new();
    let mut merged = Vec::new();
    for (filed, pages) in &facets.patients {
        let patient = match asker.archive.patient_summary(*filed) {
            Ok(patient) => patient,
            // Of an index that is older than a restore.
            Err(ArchiveError::Unknown { .. }) => continue,
            Err(other) => return Err(other.into()),
        };
        match people.iter_mut().find(|known| known.patient.id == patient.id) {
            Some(known) => known.pages += pages,
            None => people.push(Counted { patient, pages: *pages }),
        }
    }
    people.sort_by(|a, b| b.pages.cmp(&a.pages).then_with(|| a.patient.name.cmp(&b.patient.name)));
    people.truncate(TOLD);
    for (at, person) in people.iter().enumerate() {
        if asker.archive.identities(person.patient.id)?.len() > 1 {
            merged.push(at);
        }
    }
    // Of their identities one may have too few pages to have been told.
    for at in merged {
        let whose: PatientId = people[at].patient.id;
        people[at].pages = asker.count(reader, &query.clone().and(Query::chart(whose)))? as u64;
    }
    Ok(people)
}
