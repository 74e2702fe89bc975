//! What is held against a person whose chart it is, whoever the pages name.

use super::*;
use crate::judge::objections;

fn against(sightings: Vec<Sighting>, mrn: &str) -> Vec<&'static str> {
    let desk = desk(sightings);
    let person = desk.known.patients.iter().find(|own| own.mrn(None).unwrap().value == mrn).unwrap();
    let found = objections(&desk.case, &desk.known, &desk.rules, now(), person);
    found.reasons().into_iter().map(Reason::code).collect()
}

#[test]
fn a_persons_own_page_has_nothing_against_them() {
    assert!(against(okafor(), OKAFOR).is_empty());
    assert!(against(Vec::new(), OKAFOR).is_empty(), "nor has a silent page");
}

#[test]
fn another_persons_page_names_them_in_every_field() {
    assert_eq!(against(okafor(), PETROV), ["MULTI_PATIENT", "NAME_MISMATCH", "DOB_MISMATCH"]);
    assert_eq!(against(petrov(), OKAFOR), ["MULTI_PATIENT", "NAME_MISMATCH", "DOB_MISMATCH"]);
}

#[test]
fn one_strange_number_among_a_persons_own_is_enough() {
    assert_eq!(against(plus(okafor(), number(PETROV)), OKAFOR), ["MULTI_PATIENT"]);
    assert_eq!(against(plus(okafor(), sex(Sex::Male)), OKAFOR), ["SEX_MISMATCH"]);
}

/// A label that nobody could read holds a filing; it names nobody.
#[test]
fn what_could_not_be_read_names_nobody() {
    assert!(against(plus(okafor(), unread()), OKAFOR).is_empty());
}

#[test]
fn everything_read_is_kept_as_it_speaks_for_or_against() {
    let desk = desk(plus(okafor(), name("ROE, MARY")));
    let found = objections(&desk.case, &desk.known, &desk.rules, now(), &desk.known.patients[0]);
    let contrary: Vec<&str> =
        found.seen.iter().filter(|seen| seen.contrary).map(|seen| seen.text.as_str()).collect();
    assert_eq!(contrary, ["ROE, MARY"]);
    assert!(found.seen.len() > 3);
}
