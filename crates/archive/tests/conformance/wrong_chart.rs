//! What when a document is in the wrong chart?

use archive::{ArchiveError, Assignment, SecondPerson};
use records::document::{DocumentState, Place};
use records::exception::Reason;
use records::patient::PatientId;

use crate::acts::to;
use crate::house::{day, document, house, row};

fn by_kim(patient: PatientId) -> Assignment {
    Assignment { clerk: "clerk:kim".into(), ..to(patient) }
}

#[test]
fn a_document_filed_again_moves_its_pages_and_the_old_one_is_void() {
    let house = house();
    let (page, old) = house.filed_page();
    house.import(vec![row("777", "Roe", "Mary", "1950-01-02")]);
    let mary = house.patient("777");
    house.archive.quarantine(&old, "clerk:lopez", "wrong chart").unwrap();
    let before = house.archive.position().unwrap();
    let new = house.archive.refile(&old, &by_kim(mary), SecondPerson::Required).unwrap();
    assert_ne!(new, old);
    assert_eq!(house.archive.place(page).unwrap(), Some(Place::Document(new)));
    assert_eq!(house.archive.document(&old).unwrap().unwrap().state, DocumentState::Void);
    assert_eq!(house.archive.document(&new).unwrap().unwrap().filed_patient, mary);
    assert_eq!(house.archive.scope(&crate::house::clerk(), before).unwrap().excluded, [old].into());
    assert!(house.archive.verify(true).unwrap().ok);
}

/// `domain.md` 2.13, 5
#[test]
fn who_took_a_document_out_of_a_chart_does_not_file_it_again_alone() {
    let house = house();
    let (_, old) = house.filed_page();
    house.import(vec![row("777", "Roe", "Mary", "1950-01-02")]);
    let mary = house.patient("777");
    let alone = house.archive.refile(&old, &to(mary), SecondPerson::Required);
    assert!(matches!(alone, Err(ArchiveError::NotNow { .. })), "nobody took it out");
    house.archive.quarantine(&old, "clerk:lopez", "wrong chart").unwrap();
    let alone = house.archive.refile(&old, &to(mary), SecondPerson::Required);
    assert!(matches!(alone, Err(ArchiveError::NotNow { .. })), "the same person");
    house.archive.refile(&old, &by_kim(mary), SecondPerson::Required).unwrap();
    assert!(house.archive.doubts().unwrap().is_empty());
}

/// `domain.md` 2.13, 5
#[test]
fn where_one_person_is_alone_the_document_is_looked_at_again_the_next_day() {
    let house = house();
    let (_, old) = house.filed_page();
    house.import(vec![row("777", "Roe", "Mary", "1950-01-02")]);
    let mary = house.patient("777");
    house.archive.quarantine(&old, "clerk:lopez", "wrong chart").unwrap();
    let tomorrow = day("2026-11-28");
    let new = house.archive.refile(&old, &to(mary), SecondPerson::LookAgainOn(tomorrow)).unwrap();
    let doubt = house.archive.doubts().unwrap().remove(0);
    assert_eq!((doubt.document.id, doubt.due), (new, Some(tomorrow)));
    assert_eq!(doubt.reasons, [Reason::Review]);
}

/// `domain.md` 2.13, 3
#[test]
fn what_came_beside_a_wrongly_filed_document_is_named_and_nothing_twice() {
    let house = house();
    let jane = house.jane();
    let lease = house.read_batch(b"fifty pages", 50);
    let filed = house.file(
        &lease,
        vec![document(&lease, [1], jane), document(&lease, [21], jane), document(&lease, [50], jane)],
    );
    let (_, elsewhere) = house.filed_page();
    house.archive.quarantine(&filed.documents[0], "clerk:lopez", "wrong chart").unwrap();
    let near = house.archive.came_beside(&filed.documents[0]).unwrap();
    let found: Vec<_> = near.iter().map(|near| (near.document.id, near.why)).collect();
    assert_eq!(
        found,
        [
            (filed.documents[1], "pages beside it"),
            (filed.documents[2], "same station and hour"),
            (elsewhere, "same station and hour")
        ]
    );
}
