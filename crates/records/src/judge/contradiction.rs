//! Does anything in the document speak against it? (`domain.md` AF-3)
//!
//! At any confidence, on any page, also what is not on the picture: a contradiction is never outvoted.

use crate::exception::Reason;
use crate::name::{Likeness, Order};
use crate::patient::Patient;
use crate::sighting::Seen;

use super::hearing::Says;
use super::trial::Trial;

pub(super) fn reasons(trial: &Trial<'_>) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = trial
        .heard
        .iter()
        .filter_map(|heard| match heard.says {
            Says::Against(reason) => Some(reason),
            _ => None,
        })
        .collect();
    if names_two_by_number(trial) || names_another(trial) {
        reasons.push(Reason::MultiPatient);
    }
    if trial.declared.as_ref().is_some_and(|declared| declared.is_against(trial.subject)) {
        reasons.push(Reason::MultiPatient);
    }
    reasons
}

/// Two numbers, two people, whoever is meant.
fn names_two_by_number(trial: &Trial<'_>) -> bool {
    let mut owners = trial
        .case
        .sightings
        .iter()
        .flat_map(|sighting| super::subject::owners(trial, sighting))
        .map(|owner| owner.patient.id);
    let first = owners.next();
    owners.any(|other| Some(other) != first)
}

/// Somebody else of the index stands on the pages by name and birth date.
fn names_another(trial: &Trial<'_>) -> bool {
    let Some(subject) = trial.subject else { return false };
    let against = |kind: fn(&Seen) -> bool| {
        trial
            .heard
            .iter()
            .filter(move |heard| matches!(heard.says, Says::Against(_)) && kind(&heard.sighting.what))
    };
    let named = |other: &Patient| {
        against(|what| matches!(what, Seen::Name(_))).any(|heard| match &heard.sighting.what {
            Seen::Name(name) => other.names.iter().any(|own| {
                Likeness::of(name, Order::of(&heard.sighting.text), own, &trial.rules.nicknames)
                    <= Likeness::Nickname
            }),
            _ => false,
        })
    };
    let born = |other: &Patient| {
        against(|what| matches!(what, Seen::BirthDate(_)))
            .any(|heard| other.birth_date.is_some_and(|own| heard.sighting.what == Seen::BirthDate(own)))
    };
    trial.known.patients.iter().any(|other| other.id != subject.patient.id && named(other) && born(other))
}
