//! How are exceptions divided and joined, and documents changed?

use archive::{ArchiveError, Changed, Edit, ExceptionState};
use records::document::{Disposition, KindCode};
use records::evidence::EvidenceKind;
use records::exception::Reason;
use records::identifier::{Identifier, IdentifierKind};
use records::ids::{PageNumber, PageRef};
use records::judge::Encounter;

use crate::house::{document, hold, house, new_document, number, pages, row};

#[test]
fn joined_exceptions_are_one_in_the_order_given_from_any_batch() {
    let house = house();
    let (_, first) = house.held_pages(Reason::NoId);
    let lease = house.read_batch(b"two more", 2);
    let second = house.file(&lease, vec![hold(&lease, 1..=2, Reason::NameMismatch)]).exceptions[0];
    let joined = house.archive.join(&[second, first], "clerk:lopez").unwrap();
    let row = house.archive.exception(&joined).unwrap().unwrap();
    assert_eq!((row.pages.len(), row.batch, row.was_contrary), (5, lease.batch(), true));
    assert_eq!(row.reasons, [Reason::NameMismatch, Reason::NoId]);
    assert_eq!(row.made_by.as_deref(), Some("clerk:lopez"));
    assert_eq!(house.archive.worklist().unwrap().len(), 1);
    assert!(house.archive.verify(true).unwrap().ok);
    let again = house.archive.join(&[joined, joined], "clerk:lopez");
    assert!(matches!(again, Err(ArchiveError::NotNow { .. })));
}

#[test]
fn a_late_page_comes_to_the_end_of_its_document_and_what_it_was_is_kept() {
    let house = house();
    let (page, id) = house.filed_page();
    let (_, late) = house.held_pages(Reason::LateFile);
    house.archive.append(&id, &late, "clerk:lopez", None).unwrap();
    let document = house.archive.document(&id).unwrap().unwrap();
    assert_eq!((document.pages.len(), document.pages[0]), (4, page));
    let resolved = house.archive.exception(&late).unwrap().unwrap();
    assert_eq!((resolved.state, resolved.document), (ExceptionState::Resolved, Some(id)));
    assert_eq!(house.archive.edits(&id).unwrap()[0].was.pages, 1);
    assert_eq!(document.evidence.last().unwrap().kind, EvidenceKind::Clerk);
    let entry = house.archive.follower().entry(page).unwrap().unwrap();
    assert!(format!("{:?}", entry.home).contains("pages_in_document: 4"), "{:?}", entry.home);
    assert!(house.archive.verify(true).unwrap().ok);
}

#[test]
fn a_split_exception_is_several_and_none_loses_a_page_or_its_past() {
    let house = house();
    let (_, held) = house.held_pages(Reason::MultiPatient);
    let parts = house.archive.split(&held, &pages([2]), "clerk:lopez").unwrap();
    let rows: Vec<_> = parts.iter().map(|id| house.archive.exception(id).unwrap().unwrap()).collect();
    assert_eq!(rows.iter().map(|row| row.pages.len()).collect::<Vec<_>>(), [1, 2]);
    assert!(rows.iter().all(|row| row.was_contrary));
    assert_eq!(house.archive.worklist().unwrap().len(), 2);
    assert!(house.archive.verify(true).unwrap().ok);
    let nothing = house.archive.split(&parts[1], &pages([2]), "clerk:lopez");
    assert!(matches!(nothing, Err(ArchiveError::NotNow { .. })), "page 2 is its first page already");
}

#[test]
fn a_changed_document_tells_what_it_was_and_leaves_the_typing_queue() {
    let house = house();
    let jane = house.jane();
    let lease = house.read_batch(b"one page", 1);
    let mut unsorted = new_document(lease.batch(), [1], jane);
    unsorted.kind = KindCode::unsorted();
    let id = house.file(&lease, vec![Disposition::File(unsorted)]).documents[0];
    assert_eq!(house.archive.untyped().unwrap().len(), 1);
    assert_eq!(house.archive.status().unwrap().untyped, 1);
    let edit = Edit { kind: Some(KindCode("PROG".into())), ..Edit::default() };
    house.archive.edit(&id, &edit, "clerk:lopez").unwrap();
    assert!(house.archive.untyped().unwrap().is_empty());
    let was = house.archive.edits(&id).unwrap().remove(0);
    assert_eq!((was.was.kind, was.by.as_str()), (KindCode::unsorted(), "clerk:lopez"));
    assert!(matches!(house.archive.edit(&id, &edit, "clerk:lopez"), Err(ArchiveError::NotNow { .. })));
    assert_eq!(house.archive.changes(0, 100).unwrap().pop().unwrap().what, Changed::Relabelled);
}

#[test]
fn a_visit_of_somebody_else_is_not_written_on_a_document() {
    let house = house();
    let (_, id) = house.filed_page();
    house.import(vec![row("777", "Roe", "Mary", "1950-01-02")]);
    let visit = |value: &str| Identifier { kind: IdentifierKind::Visit, ..number(value) };
    for (value, patient) in [("V1", house.jane()), ("V2", house.patient("777"))] {
        house.archive.put_encounter(&Encounter { number: visit(value), patient, days: None }).unwrap();
    }
    let edit = |value: &str| {
        let encounter = Some(number(value));
        house.archive.edit(&id, &Edit { encounter, ..Edit::default() }, "clerk:lopez")
    };
    assert!(matches!(edit("V2"), Err(ArchiveError::NotNow { .. })));
    assert!(matches!(edit("V3"), Err(ArchiveError::Unknown { .. })));
    edit("V1").unwrap();
    assert_eq!(house.archive.document(&id).unwrap().unwrap().encounter, Some(visit("V1")));
}

#[test]
fn a_late_page_stands_before_the_page_it_belongs_before() {
    let house = house();
    let jane = house.jane();
    let lease = house.read_batch(b"three pages", 3);
    let id = house.file(&lease, vec![document(&lease, 1..=3, jane)]).documents[0];
    let late = |bytes: &[u8]| {
        let lease = house.read_batch(bytes, 1);
        (lease.batch(), house.file(&lease, vec![hold(&lease, [1], Reason::LateFile)]).exceptions[0])
    };
    let ((first, one), (second, two), (third, three)) = (late(b"one"), late(b"two"), late(b"three"));
    let insert = |exception, before| house.archive.insert(&id, exception, before, "clerk:lopez", None);
    for nowhere in [0, 4] {
        assert!(matches!(insert(&one, Some(nowhere)), Err(ArchiveError::NotNow { .. })));
    }
    insert(&one, Some(3)).unwrap();
    insert(&two, Some(1)).unwrap();
    insert(&three, None).unwrap();
    let pages = house.archive.document(&id).unwrap().unwrap().pages;
    let expected =
        [(second, 1), (lease.batch(), 1), (lease.batch(), 2), (first, 1), (lease.batch(), 3), (third, 1)];
    assert_eq!(pages, expected.map(|(batch, page)| PageRef { batch, page: PageNumber(page) }));
    assert_eq!(
        house.archive.edits(&id).unwrap().iter().map(|edit| edit.was.pages).collect::<Vec<_>>(),
        [3, 4, 5]
    );
    assert!(house.archive.verify(true).unwrap().ok);
}
