//! Whom does a person get to compare with what was read?

use records::name::parse;
use records::patient::PatientId;
use records::sighting::{Seen, Sighting};

use crate::house::{House, day, house, number, row, seen};

fn seen_number(value: &str) -> Sighting {
    seen(Seen::Number { value: value.into(), kind: None, authority: None, symbol: None })
}

fn seen_name(text: &str) -> Sighting {
    seen(Seen::Name(parse(text).unwrap()))
}

/// The numbers of everybody who is found, in order.
fn found(house: &House, sightings: &[Sighting]) -> Vec<String> {
    let known = house.archive.neighbours(sightings, &[]).unwrap();
    let mut all: Vec<String> =
        known.patients.iter().map(|own| own.identifiers[0].identifier.value.clone()).collect();
    all.sort();
    all
}

fn id_of(house: &House, mrn: &str) -> PatientId {
    house.archive.patient_by_number(&number(mrn)).unwrap().unwrap().id
}

fn crowd() -> House {
    let house = house();
    house.import(vec![
        row("10000001", "Okafor", "Denise", "1962-03-05"),
        row("10000010", "Okafur", "Denise", "1962-11-30"),
        row("20000001", "Petrov", "Anton", "1939-12-24"),
        row("20000002", "Okagbue", "Dora", "1988-01-01"),
        row("90000009", "Nwosu", "Grace", "1962-05-03"),
    ]);
    house
}

#[test]
fn a_number_one_digit_off_finds_its_owner_only_with_a_name_that_begins_alike() {
    let house = crowd();
    let near = seen_number("20000007");
    assert_eq!(found(&house, &[near.clone(), seen_name("PETERS, ANTON")]), ["20000001"]);
    assert_eq!(found(&house, &[near]), Vec::<String>::new());
    // 10000001 with two digits exchanged.
    assert_eq!(
        found(&house, &[seen_number("10000100"), seen_name("ODUYA, DENNIS")]),
        ["10000010"],
        "not who is two digits off"
    );
}

#[test]
fn day_and_month_exchanged_find_whom_they_may_be_about() {
    let house = crowd();
    assert_eq!(found(&house, &[seen(Seen::BirthDate(day("1962-03-05")))]), ["10000001", "90000009"]);
}

#[test]
fn a_family_name_that_sounds_alike_is_found_within_the_birth_year() {
    let house = crowd();
    let read = [seen_name("OKAFER, XENIA"), seen(Seen::BirthDate(day("1962-01-02")))];
    assert_eq!(found(&house, &read), ["10000001", "10000010"]);
}

#[test]
fn the_beginnings_of_both_names_find_them_in_either_order() {
    let house = crowd();
    assert_eq!(found(&house, &[seen_name("OKAGB, D")]), ["10000001", "10000010", "20000002"]);
    assert_eq!(found(&house, &[seen_name("DORA OKAGBUE")]), ["10000001", "10000010", "20000002"]);
}

#[test]
fn how_common_a_name_is_is_counted() {
    let house = crowd();
    let read = [seen_name("OKAFOR, DENISE"), seen(Seen::BirthDate(day("1962-03-05")))];
    let counted = house.archive.neighbours(&read, &[]).unwrap().frequencies;
    assert_eq!((counted.people, counted.family["OKAFOR"], counted.given["DENISE"]), (5, 1, 2));
    assert_eq!(counted.born[&day("1962-03-05")], 1);
}

#[test]
fn whom_a_verdict_stands_on_is_among_them() {
    let house = crowd();
    let read = [seen_number("10000001")];
    let known = house.archive.known(&read, &[]).unwrap();
    assert_eq!(known.patients.iter().map(|own| own.id).collect::<Vec<_>>(), [id_of(&house, "10000001")]);
    assert!(found(&house, &read).contains(&"10000001".to_owned()));
    assert_eq!(known.frequencies.people, 0, "counted only for a person");
}
