//! Who is meant, if anybody? (`domain.md` AF-1)
//!
//! A number names a person, or a valid declaration does. Name and birth date alone only propose one to a clerk.

use crate::exception::Reason;
use crate::identifier::{AuthorityId, Identifier, IdentifierKind, canonical};
use crate::name::{Likeness, Order};
use crate::patient::{IdentifierStatus, Patient};
use crate::rules::Authority;
use crate::sighting::{Seen, Sighting, Stands};

use super::trial::Trial;

/// The person everything is held against.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) patient: &'a Patient,
    pub(super) by: By,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    Declaration,
    Number,
    /// By name and birth date: proposed, never filed.
    Demographics,
}

impl<'a> Subject<'a> {
    pub(super) fn of(trial: &Trial<'a>) -> Option<Self> {
        let declared =
            trial.declared.as_ref().filter(|declared| declared.valid).and_then(|declared| declared.patient);
        if let Some(patient) = declared {
            return Some(Self { patient, by: By::Declaration });
        }
        // A number that may be believed names first; any other number still names somebody.
        let named = |believed: bool| {
            let numbers = trial.case.sightings.iter().filter(|sighting| sighting.witness == believed);
            numbers.filter_map(|sighting| owners(trial, sighting).first().map(|owner| owner.patient)).next()
        };
        if let Some(patient) = named(true).or_else(|| named(false)) {
            return Some(Self { patient, by: By::Number });
        }
        by_demographics(trial).map(|patient| Self { patient, by: By::Demographics })
    }
}

/// Somebody a number belongs to.
#[derive(Clone, Copy)]
pub(super) struct Owner<'a> {
    pub(super) patient: &'a Patient,
    pub(super) identifier: &'a Identifier,
    pub(super) retired: bool,
}

/// Everybody a number may belong to, through record numbers and visits.
pub(super) fn owners<'a>(trial: &Trial<'a>, sighting: &Sighting) -> Vec<Owner<'a>> {
    let Seen::Number { value, kind, authority, .. } = &sighting.what else { return Vec::new() };
    owners_of(trial, value, *kind, authority.as_ref())
}

pub(super) fn owners_of<'a>(
    trial: &Trial<'a>,
    value: &str,
    kind: Option<IdentifierKind>,
    authority: Option<&AuthorityId>,
) -> Vec<Owner<'a>> {
    let known = trial.known;
    let fits = |own: &Identifier| {
        let alike = match kind {
            None => true,
            Some(IdentifierKind::Mrn) => own.kind == IdentifierKind::Mrn,
            // Account and visit are printed one for the other.
            Some(_) => own.kind != IdentifierKind::Mrn,
        };
        alike && canonical(&own.value) == value && authority.is_none_or(|id| *id == own.authority)
    };
    let mut all: Vec<Owner<'a>> = Vec::new();
    for patient in &known.patients {
        let own = patient.identifiers.iter().filter(|own| fits(&own.identifier));
        all.extend(own.map(|own| Owner {
            patient,
            identifier: &own.identifier,
            retired: own.status == IdentifierStatus::Retired,
        }));
    }
    for encounter in known.encounters.iter().filter(|encounter| fits(&encounter.number)) {
        let patient = known.patients.iter().find(|patient| patient.id == encounter.patient);
        all.extend(patient.map(|patient| Owner { patient, identifier: &encounter.number, retired: false }));
    }
    all
}

/// Where several authorities assign numbers, one that does not say whose it is could be anybody's.
pub(super) fn is_of_unknown_authority(trial: &Trial<'_>, sighting: &Sighting) -> bool {
    match &sighting.what {
        Seen::Number { kind: None | Some(IdentifierKind::Mrn), authority: None, .. } => {
            trial.authorities.len() > 1
        }
        _ => false,
    }
}

/// The settings of the authority that a number is of.
pub(super) fn authority_of<'a>(trial: &Trial<'a>, sighting: &Sighting) -> Option<&'a Authority> {
    let Seen::Number { authority, .. } = &sighting.what else { return None };
    match (authority, trial.rules.authorities.as_slice()) {
        (Some(id), all) => all.iter().find(|own| own.id == *id),
        (None, [only]) => Some(only),
        (None, _) => None,
    }
}

/// Whether a number that nobody has is a record number all the same: labelled as one, of a configured shape, or
/// of the make of the subject's own. (A form's or an order's number is not.)
pub(super) fn is_record_number(trial: &Trial<'_>, sighting: &Sighting) -> bool {
    let Seen::Number { value, kind, .. } = &sighting.what else { return false };
    match kind {
        // Another facility's, as far as nobody of ours has it.
        _ if sighting.stands == Stands::Outside => false,
        Some(kind) => *kind == IdentifierKind::Mrn,
        None => {
            let shaped = trial.rules.authorities.iter().any(|authority| authority.fits(value));
            let known = trial.rules.authorities.iter().any(|authority| authority.shape.is_some());
            shaped || (!known && trial.subject.is_none_or(|subject| is_of_make(subject.patient, value)))
        }
    }
}

/// As many characters as one of the person's record numbers, letters where that has letters.
fn is_of_make(patient: &Patient, value: &str) -> bool {
    let make = |value: &str| value.chars().map(|c| c.is_ascii_digit()).collect::<Vec<_>>();
    let records = patient.identifiers.iter().filter(|own| own.identifier.kind == IdentifierKind::Mrn);
    records.into_iter().any(|own| make(&canonical(&own.identifier.value)) == make(value))
}

/// The first person whose name and birth date stand on the pages, misread in nothing.
fn by_demographics<'a>(trial: &Trial<'a>) -> Option<&'a Patient> {
    trial.known.patients.iter().find(|patient| {
        let named = trial.printed().any(|sighting| match &sighting.what {
            Seen::Name(name) => patient.names.iter().any(|own| {
                Likeness::of(name, Order::of(&sighting.text), own, &trial.rules.nicknames)
                    <= Likeness::Nickname
            }),
            _ => false,
        });
        let born = trial.printed().any(|sighting| match sighting.what {
            Seen::BirthDate(date) => patient.birth_date == Some(date),
            _ => false,
        });
        named && born
    })
}

/// No index that can be relied on, or a number that it does not have.
pub(super) fn reasons(trial: &Trial<'_>) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if is_stale(trial) {
        reasons.push(Reason::MpiStale);
    }
    if trial.case.sightings.iter().any(|sighting| is_unknown_number(trial, sighting)) {
        reasons.push(Reason::IdNotInMpi);
    }
    if let Some(declared) = &trial.declared
        && declared.confirmed
        && declared.number.is_some()
        && declared.patient.is_none()
    {
        reasons.push(Reason::IdNotInMpi);
    }
    reasons
}

/// Reads as a record number, belongs to nobody, and is no misreading of the subject's own.
pub(super) fn is_unknown_number(trial: &Trial<'_>, sighting: &Sighting) -> bool {
    matches!(sighting.what, Seen::Number { .. })
        && owners(trial, sighting).is_empty()
        && is_record_number(trial, sighting)
        && !is_misreading(trial, sighting)
}

/// Every differing character is a known confusion of one of the subject's numbers (AF-3: then it is neither).
pub(super) fn is_misreading(trial: &Trial<'_>, sighting: &Sighting) -> bool {
    let (Some(subject), Seen::Number { value, .. }) = (trial.subject, &sighting.what) else { return false };
    let numbers = subject.patient.identifiers.iter().map(|own| &own.identifier);
    let visits =
        trial.known.encounters.iter().filter(|own| own.patient == subject.patient.id).map(|own| &own.number);
    numbers
        .chain(visits)
        .any(|own| crate::name::confusions(value, &canonical(&own.value)).is_some_and(|count| count > 0))
}

/// Contact with the index's source is too long ago, or was never.
pub(super) fn is_stale(trial: &Trial<'_>) -> bool {
    let allowed = i64::from(trial.rules.identity.stale_after_hours) * 3600;
    trial.known.last_contact.is_none_or(|at| trial.now.as_second() - at.as_second() > allowed)
}
