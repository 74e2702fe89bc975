//! Could somebody else be meant just as well? (`domain.md` AF-4)

use jiff::civil::Date;

use crate::exception::Reason;
use crate::name::{Likeness, Order, PersonName, Placeholder};
use crate::patient::Patient;

use super::companion;
use super::trial::Trial;

pub(super) fn reasons(trial: &Trial<'_>) -> Vec<Reason> {
    let Some(subject) = trial.subject else { return Vec::new() };
    let patient = subject.patient;
    let mut reasons = Vec::new();
    if has_double(trial, patient) {
        reasons.push(Reason::NotUnique);
    }
    if patient.flags.frozen {
        reasons.push(Reason::PatientFrozen);
    }
    let mut other_flags = patient.flags;
    other_flags.frozen = false;
    if other_flags.any() || is_unknown_person(patient) {
        reasons.push(Reason::NameAlert);
    }
    reasons
}

/// Another person of similar name and the same birth date, names and dates of all times compared.
fn has_double(trial: &Trial<'_>, patient: &Patient) -> bool {
    let alike = |a: &PersonName, b: &PersonName| {
        let like = Likeness::of(a, Order::Either, b, &trial.rules.nicknames);
        like != Likeness::Different
    };
    let days = birth_dates(patient);
    trial.known.patients.iter().filter(|other| other.id != patient.id).any(|other| {
        birth_dates(other).iter().any(|day| days.contains(day))
            && other
                .names
                .iter()
                .any(|theirs| patient.names.iter().any(|own| alike(own, theirs) || alike(theirs, own)))
    })
}

fn birth_dates(patient: &Patient) -> Vec<Date> {
    patient.birth_date.into_iter().chain(patient.earlier_birth_dates.iter().copied()).collect()
}

/// Nobody knows who this is: never filed by itself.
fn is_unknown_person(patient: &Patient) -> bool {
    patient.name().is_none_or(|name| name.placeholder() == Some(Placeholder::Unknown))
}

/// Whether nobody else of the index has one of the person's names, at any time, and nobody else is declared or read
/// in the same batch who has. The catalogue shows everybody whose name is on the pages as read.
pub(super) fn has_name_alone(trial: &Trial<'_>, patient: &Patient) -> bool {
    let others = trial.known.patients.iter().filter(|other| other.id != patient.id);
    let mut names = others.flat_map(|other| &other.names);
    !names.any(|theirs| {
        patient
            .names
            .iter()
            .any(|own| Likeness::of(theirs, Order::Either, own, &trial.rules.nicknames).is_same())
    }) && !companion::share_name(trial, patient)
}
