//! Who else stands in the same batch? (`domain.md` 2.12, below the witness table)
//!
//! One witness alone is enough only where it cannot be another's: a sheet that slipped into this stack came from
//! another stack of the same batch.

use jiff::civil::Date;

use crate::identifier::canonical;
use crate::ids::PageNumber;
use crate::name::{Likeness, Order, PersonName, key};
use crate::patient::Patient;
use crate::sighting::Seen;

use super::Case;
use super::trial::Trial;

/// Somebody declared in a batch, or what one of its drafts says of whom it is about.
#[derive(Clone)]
pub struct Companion {
    /// First page of the draft; none: declared.
    draft: Option<PageNumber>,
    /// Canonical.
    numbers: Vec<String>,
    names: Vec<PersonName>,
    birth_dates: Vec<Date>,
}

/// Never shows whom.
impl std::fmt::Debug for Companion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Companion({:?}, …)", self.draft)
    }
}

impl Companion {
    /// Whom a draft names; `None`: nobody.
    pub fn read(case: &Case) -> Option<Self> {
        let mut companion = Self {
            draft: case.draft.pages.first().copied(),
            numbers: Vec::new(),
            names: Vec::new(),
            birth_dates: Vec::new(),
        };
        for sighting in &case.sightings {
            match &sighting.what {
                Seen::Number { value, .. } => companion.numbers.push(canonical(value)),
                Seen::Name(name) => companion.names.push(name.clone()),
                Seen::BirthDate(day) => companion.birth_dates.push(*day),
                _ => {}
            }
        }
        if companion.names.is_empty() && companion.birth_dates.is_empty() {
            return None;
        }
        let declared = case.draft.declaration.as_ref().and_then(|declared| declared.payload.mrn.as_ref());
        companion.numbers.extend(declared.map(|number| canonical(number)));
        Some(companion)
    }

    /// Somebody whom a sheet in the batch declares.
    pub fn declared(patient: &Patient) -> Self {
        Self {
            draft: None,
            numbers: patient.identifiers.iter().map(|own| canonical(&own.identifier.value)).collect(),
            names: patient.names.clone(),
            birth_dates: patient.birth_date.into_iter().chain(patient.earlier_birth_dates.clone()).collect(),
        }
    }

    /// Certainly the patient: by a number, or by name and birth date without any.
    fn is(&self, trial: &Trial<'_>, patient: &Patient) -> bool {
        if self.numbers.is_empty() {
            self.has_birth_date_of(patient) && self.has_name_of(trial, patient)
        } else {
            self.has_number_of(trial, patient)
        }
    }

    fn has_number_of(&self, trial: &Trial<'_>, patient: &Patient) -> bool {
        let own = patient.identifiers.iter().map(|own| &own.identifier);
        let visits = trial.known.encounters.iter().filter(|visit| visit.patient == patient.id);
        own.chain(visits.map(|visit| &visit.number)).any(|own| self.numbers.contains(&canonical(&own.value)))
    }

    fn has_name_of(&self, trial: &Trial<'_>, patient: &Patient) -> bool {
        self.names.iter().any(|theirs| {
            patient.names.iter().any(|own| {
                shares_a_part(theirs, own)
                    && Likeness::of(theirs, Order::Either, own, &trial.rules.nicknames).is_same()
            })
        })
    }

    fn has_birth_date_of(&self, patient: &Patient) -> bool {
        patient.birth_date.is_some_and(|own| self.birth_dates.contains(&own))
    }
}

/// Cheap to ask of thousands: names that are the same share a part, or nearly all letters of it.
fn shares_a_part(a: &PersonName, b: &PersonName) -> bool {
    let parts = |name: &PersonName| [key(&name.family), key(&name.given)];
    let (theirs, own) = (parts(a), parts(b));
    theirs.iter().any(|part| own.contains(part)) || theirs.concat().len().abs_diff(own.concat().len()) <= 1
}

/// The others of the batch.
fn others<'a>(trial: &Trial<'a>) -> impl Iterator<Item = &'a Companion> {
    let own = trial.case.draft.pages.first().copied();
    trial.known.companions.iter().filter(move |other| other.draft.is_none() || other.draft != own)
}

/// Whether another person of the batch has one of the patient's names.
pub(super) fn share_name(trial: &Trial<'_>, patient: &Patient) -> bool {
    others(trial).any(|other| other.has_name_of(trial, patient) && !other.is(trial, patient))
}

/// Whether another person of the batch has the patient's birth date.
pub(super) fn share_birth_date(trial: &Trial<'_>, patient: &Patient) -> bool {
    others(trial).any(|other| other.has_birth_date_of(patient) && !other.is(trial, patient))
}
