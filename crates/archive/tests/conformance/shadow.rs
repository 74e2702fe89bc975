//! How do people's decisions about proposals count, and what ends a trial or begins it again?

use archive::{ArchiveError, Assignment, SecondPerson, SetAside};
use records::document::{Disposition, KindCode, NewException};
use records::exception::Reason;
use records::ids::ExceptionId;
use records::patient::PatientId;
use records::shadow::{ENOUGH, ShadowClass};

use crate::house::{House, day, document, hold, house, number, pages, row};

fn kind() -> KindCode {
    KindCode("LAB".into())
}

/// So many single pages that the line would have filed to Jane Doe.
fn proposed(house: &House, bytes: &[u8], count: u32) -> Vec<ExceptionId> {
    let jane = house.jane();
    let lease = house.read_batch(bytes, count);
    let proposal = |page| match hold(&lease, [page], Reason::Shadow) {
        Disposition::Hold(held) => {
            Disposition::Hold(NewException { proposed: Some(jane), kind: kind(), ..held })
        }
        filed @ Disposition::File(_) => filed,
    };
    house.file(&lease, (1..=count).map(proposal).collect()).exceptions
}

fn assign(house: &House, held: &ExceptionId, patient: PatientId) -> records::ids::DocumentId {
    let assignment = Assignment { kind: None, ..crate::acts::to(patient) };
    house.archive.assign(held, &assignment).unwrap()
}

fn mary(house: &House) -> PatientId {
    house.import(vec![row("777", "Roe", "Mary", "1950-01-02")]);
    house.patient("777")
}

fn class(house: &House) -> ShadowClass {
    house.archive.shadow_classes().unwrap().into_iter().find(|class| class.kind == kind()).unwrap()
}

fn counts(house: &House) -> (u32, u32) {
    (class(house).agreeing, class(house).disagreeing)
}

/// All that is needed, signed.
fn released(house: &House) {
    for held in proposed(house, b"enough", ENOUGH) {
        assign(house, &held, house.jane());
    }
    house.archive.sign_shadow("er", &kind(), "clerk:supervisor").unwrap();
}

fn is_released(house: &House) -> bool {
    house.archive.released("er").unwrap().contains(&kind())
}

/// domain.md 2.12: a trial ends after 300 agreeing decisions and a supervisor's signature
#[test]
fn a_trial_ends_after_three_hundred_agreeing_decisions_and_a_signature() {
    let house = house();
    let refused = |house: &House| {
        let refused = house.archive.sign_shadow("er", &kind(), "clerk:supervisor");
        assert!(matches!(refused, Err(ArchiveError::NotNow { .. })));
    };
    refused(&house);
    let (last, first) =
        proposed(&house, b"enough", ENOUGH).split_last().map(|(l, f)| (*l, f.to_vec())).unwrap();
    for held in &first {
        assign(&house, held, house.jane());
    }
    assert_eq!(counts(&house), (ENOUGH - 1, 0));
    refused(&house);
    assign(&house, &last, house.jane());
    assert!(!is_released(&house), "not before somebody signs");
    let before = house.version();
    house.archive.sign_shadow("er", &kind(), "clerk:supervisor").unwrap();
    assert!(is_released(&house) && !house.archive.released("other").unwrap().contains(&kind()));
    assert!(house.version() > before, "what was judged on trial is judged again");
    assert_eq!(class(&house).signed.unwrap().by, "clerk:supervisor");
    refused(&house);
    assert!(house.archive.verify(true).unwrap().ok);
}

/// domain.md 2.12: one disagreement returns it
#[test]
fn one_disagreement_begins_the_trial_again_at_once() {
    let house = house();
    released(&house);
    let held = proposed(&house, b"one more", 1).remove(0);
    let (somebody_else, before) = (mary(&house), house.version());
    assign(&house, &held, somebody_else);
    assert_eq!((counts(&house), is_released(&house)), ((0, 1), false));
    assert!(class(&house).last_disagreement.is_some());
    assert!(house.version() > before, "a filing decided before is refused");
}

#[test]
fn a_document_of_the_line_in_the_wrong_chart_begins_the_trial_again() {
    let house = house();
    released(&house);
    let lease = house.read_batch(b"filed by itself", 2);
    let filed =
        house.file(&lease, vec![document(&lease, [1], house.jane()), document(&lease, [2], house.jane())]);
    house.archive.quarantine(&filed.documents[0], "clerk:lopez", "wrong chart").unwrap();
    assert_eq!((counts(&house), is_released(&house)), ((0, 1), false));
    let to = Assignment { filed_under: number("777"), kind: None, ..crate::acts::to(mary(&house)) };
    let same = Assignment { patient: house.jane(), ..to.clone() };
    let again = house
        .archive
        .refile(&filed.documents[1], &same, SecondPerson::LookAgainOn(day("2026-12-01")))
        .unwrap();
    assert_eq!(counts(&house), (0, 1), "filed again in the same chart it was not wrong");
    house.archive.refile(&again, &to, SecondPerson::LookAgainOn(day("2026-12-01"))).unwrap();
    assert_eq!(counts(&house), (0, 1), "a clerk filed it, and nothing was proposed");
}

#[test]
fn a_person_who_agreed_and_was_wrong_disagrees_in_the_end() {
    let house = house();
    let held = proposed(&house, b"wrong label", 2);
    let document = assign(&house, &held[0], house.jane());
    assert_eq!(counts(&house), (1, 0));
    house.archive.quarantine(&document, "clerk:lopez", "the label was another's").unwrap();
    assert_eq!(counts(&house), (0, 1));
}

#[test]
fn who_was_merged_into_the_proposed_patient_agrees() {
    let house = house();
    let held = proposed(&house, b"merged", 1).remove(0);
    let other = mary(&house);
    house.import(vec![archive::PatientRow {
        name: None,
        birth_date: None,
        sex: None,
        merged_into_mrn: Some("00123456".into()),
        ..row("777", "", "", "1900-01-01")
    }]);
    assign(&house, &held, other);
    assert_eq!(counts(&house), (1, 0));
}

#[test]
fn what_belongs_in_no_chart_disagrees_and_what_waits_does_not_count() {
    let house = house();
    let held = proposed(&house, b"advert", 2);
    house.archive.dispose(&held[0], &SetAside::Waiting, None, "clerk:lopez", "").unwrap();
    assert!(house.archive.shadow_classes().unwrap().is_empty());
    house.archive.dispose(&held[1], &SetAside::NotARecord, None, "clerk:lopez", "").unwrap();
    assert_eq!(counts(&house), (0, 1));
}

#[test]
fn a_part_of_what_was_proposed_can_disagree_only() {
    let house = house();
    let jane = house.jane();
    let lease = house.read_batch(b"two in one", 3);
    let Disposition::Hold(held) = hold(&lease, 1..=3, Reason::Shadow) else { panic!("held") };
    let whole = NewException { proposed: Some(jane), kind: kind(), ..held };
    let whole = house.file(&lease, vec![Disposition::Hold(whole)]).exceptions[0];
    let parts = house.archive.split(&whole, &pages([2, 3]), "clerk:lopez").unwrap();
    assign(&house, &parts[0], jane);
    assert!(house.archive.shadow_classes().unwrap().is_empty());
    assign(&house, &parts[1], mary(&house));
    assert_eq!(counts(&house), (0, 1));
}

#[test]
fn what_would_not_be_filed_any_more_is_no_proposal() {
    let house = house();
    let held = proposed(&house, b"frozen since", 1).remove(0);
    let hold = records::judge::Hold {
        reasons: vec![Reason::PatientFrozen],
        candidates: Vec::new(),
        evidence: Vec::new(),
        proposed: None,
    };
    house.archive.held_again(&held, &hold).unwrap();
    assign(&house, &held, mary(&house));
    assert!(house.archive.shadow_classes().unwrap().is_empty());
}
