//! Whose pages did somebody say they are, who handed in the file? (`domain.md` 2.14, D-1)

use crate::batch::Upload;
use crate::identifier::{AuthorityId, canonical};
use crate::patient::{Patient, PatientId};
use crate::sheet::SheetPayload;

use super::Known;

/// Whether a control sheet in a declared file names somebody else than who handed it in. A number that nobody has is
/// somebody else's, unless it is the same.
pub fn names_another(sheet: &SheetPayload, upload: &Upload, known: &Known) -> bool {
    let Some(number) = sheet.mrn.as_deref().map(canonical) else { return false };
    let same_number = number == canonical(&upload.number.value)
        && sheet.authority.as_ref().is_none_or(|authority| *authority == upload.number.authority);
    let said = owners(known, &canonical(&upload.number.value), Some(&upload.number.authority));
    let printed = owners(known, &number, sheet.authority.as_ref());
    !same_number && (said.len() != 1 || printed != said)
}

fn owners(known: &Known, number: &str, authority: Option<&AuthorityId>) -> Vec<PatientId> {
    let has = |patient: &&Patient| {
        patient.identifiers.iter().map(|own| &own.identifier).any(|own| {
            canonical(&own.value) == number && authority.is_none_or(|authority| *authority == own.authority)
        })
    };
    let mut owners: Vec<PatientId> = known.patients.iter().filter(has).map(|patient| patient.id).collect();
    owners.sort_unstable();
    owners.dedup();
    owners
}
