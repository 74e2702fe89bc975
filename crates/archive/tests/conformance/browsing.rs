//! Where would somebody look for a chart that was paper?

use archive::PaperBox;
use records::document::{Disposition, Filing, NewException};
use records::exception::{Candidate, Reason};
use records::ids::{ExceptionId, PageNumber, PageRef};
use records::patient::PatientId;

use crate::house::{House, document, hold, house, merged, row};

fn shelves() -> House {
    let house = house();
    house.import(vec![
        row("00123456", "Doe", "Jane", "1962-03-15"),
        row("77003456", "Okafor", "Denise", "1962-03-05"),
        row("10993456", "Petrov", "Anton", "1939-12-24"),
        row("34560012", "Nwosu", "Grace", "1962-05-03"),
        row("10999956", "Brand", "Ida", "1971-01-01"),
        row("7", "Short", "Number", "1980-01-01"),
    ]);
    house
}

#[test]
fn charts_stand_by_the_last_two_digits_then_by_the_two_before_them_then_by_the_whole_number() {
    let house = shelves();
    assert_eq!(house.archive.shelf("56").unwrap(), [("34".into(), 3), ("99".into(), 1)]);
    let numbers = |after, limit| -> Vec<String> {
        let found = house.archive.on_shelf("56", "34", after, limit).unwrap();
        found.into_iter().map(|own| own.number.value).collect()
    };
    assert_eq!(numbers(0, 10), ["00123456", "10993456", "77003456"]);
    assert_eq!(numbers(1, 1), ["10993456"], "screen by screen");
    assert!(house.archive.on_shelf("%", "_", 0, 10).unwrap().is_empty());
}

#[test]
fn an_old_folder_stands_under_its_old_number_and_leads_to_the_chart_of_today() {
    let house = shelves();
    house.import(vec![merged("10993456", "00123456")]);
    let found = house.archive.on_shelf("56", "34", 0, 10).unwrap();
    let old = &found[1];
    assert_eq!(old.number.value, "10993456");
    assert_eq!(old.patient.id, house.jane());
    assert_eq!(old.patient.mrn.as_ref().unwrap().value, "00123456");
}

#[test]
fn boxes_are_told_with_the_pages_of_them() {
    let house = house();
    let jane = house.jane();
    let lease = house.read_batch(b"scan", 4);
    let filing = Filing {
        boxes: vec![(PageNumber(2), "ER2019.12".into()), (PageNumber(4), "ER2019.13".into())],
        ..house.filing(&lease, vec![document(&lease, 1..=4, jane)])
    };
    house.archive.file(&lease, &filing, &[]).unwrap();
    let page = |page| PageRef { batch: lease.batch(), page: PageNumber(page) };
    let pages: Vec<PageRef> = (1..=4).map(page).collect();
    let of = |name: &str, pages| PaperBox { name: name.into(), pages };
    assert_eq!(house.archive.paper_boxes(&pages).unwrap(), [of("ER2019.12", 2), of("ER2019.13", 1)]);
    assert_eq!(house.archive.paper_boxes(&[page(1)]).unwrap(), [], "nobody said which");
}

/// Holds pages that may be this patient's.
fn held(house: &House, bytes: &[u8], candidate: Option<PatientId>) -> ExceptionId {
    let lease = house.read_batch(bytes, 1);
    let Disposition::Hold(bare) = hold(&lease, [1], Reason::NoNumber) else { panic!("it is held") };
    let candidates = candidate.map(|patient| Candidate { patient, why: "name".into() });
    let held = NewException { candidates: candidates.into_iter().collect(), ..bare };
    house.file(&lease, vec![Disposition::Hold(held)]).exceptions[0]
}

#[test]
fn what_waits_and_may_be_somebodys_is_found_by_any_of_their_identities() {
    let house = shelves();
    let (jane, petrov) = (house.jane(), house.patient("10993456"));
    let own = held(&house, b"one", Some(jane));
    let other = held(&house, b"two", Some(petrov));
    held(&house, b"three", None);
    let ids = |patient| -> Vec<ExceptionId> {
        house.archive.held_for(patient).unwrap().into_iter().map(|held| held.id).collect()
    };
    assert_eq!(ids(jane), [own]);
    house.import(vec![merged("10993456", "00123456")]);
    assert_eq!(ids(jane), [own, other]);
    assert_eq!(ids(petrov), [own, other]);
}
