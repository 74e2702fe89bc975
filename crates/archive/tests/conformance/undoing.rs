//! What can a clerk take back, and how are the pages of what is held put in order?

use archive::{ArchiveError, Changed, DocumentFilter, ExceptionState, NoRecord, SetAside, Target};
use records::document::{DocumentState, Place};
use records::exception::Reason;
use records::ids::{PageNumber, PageRef};

use crate::acts::to;
use crate::house::{House, house};

const LOPEZ: &str = "clerk:lopez";

fn page(batch: records::ids::BatchId, number: u32) -> PageRef {
    PageRef { batch, page: PageNumber(number) }
}

fn numbers(house: &House, id: &records::ids::ExceptionId) -> Vec<u32> {
    let row = house.archive.exception(id).unwrap().unwrap();
    row.pages.iter().map(|page| page.page.0).collect()
}

#[test]
fn what_was_filed_by_a_slip_waits_again_and_is_in_no_chart() {
    let house = house();
    let jane = house.jane();
    let (batch, held) = house.held_pages(Reason::NoId);
    let document = house.archive.assign(&held, &to(jane)).unwrap();
    let before = house.archive.position().unwrap();
    house.archive.take_back(&held, LOPEZ).unwrap();
    let row = house.archive.exception(&held).unwrap().unwrap();
    assert_eq!((row.state, row.document, row.resolved_by), (ExceptionState::Open, None, None));
    assert_eq!(house.archive.place(page(batch, 2)).unwrap(), Some(Place::Exception(held)));
    assert!(house.archive.documents(&DocumentFilter::default()).unwrap().is_empty());
    assert_eq!(house.archive.document(&document).unwrap().unwrap().state, DocumentState::Void);
    let scope = house.archive.scope(&crate::house::clerk(), before).unwrap();
    assert!(scope.excluded.contains(&document) && scope.excluded_pages.contains(&page(batch, 2)));
    let last = house.archive.changes(before, 100).unwrap().pop().unwrap();
    assert_eq!(last.what, Changed::Held);
    // And may be filed again, as another document.
    let again = house.archive.assign(&held, &to(jane)).unwrap();
    assert_ne!(again, document);
    assert!(house.archive.verify(true).unwrap().ok);
}

#[test]
fn what_was_withdrawn_or_set_aside_by_a_slip_waits_again() {
    let house = house();
    let (batch, held) = house.held_pages(Reason::NoId);
    house.archive.void(Target::Exception(held), LOPEZ, "slip").unwrap();
    house.archive.take_back(&held, LOPEZ).unwrap();
    assert_eq!(house.archive.place(page(batch, 1)).unwrap(), Some(Place::Exception(held)));
    house.archive.dispose(&held, &SetAside::NotARecord, None, LOPEZ, "").unwrap();
    house.archive.take_back(&held, LOPEZ).unwrap();
    let row = house.archive.exception(&held).unwrap().unwrap();
    assert_eq!((row.state, row.disposition), (ExceptionState::Open, None));
    assert!(house.archive.verify(true).unwrap().ok);
}

#[test]
fn nobody_takes_back_what_another_decided_or_what_has_changed_since() {
    let house = house();
    let jane = house.jane();
    let (_, held) = house.held_pages(Reason::NoId);
    let refused = |who: &str| matches!(house.archive.take_back(&held, who), Err(ArchiveError::NotNow { .. }));
    assert!(refused(LOPEZ), "it waits anyway");
    let document = house.archive.assign(&held, &to(jane)).unwrap();
    assert!(refused("clerk:kim"), "lopez decided");
    house.archive.quarantine(&document, LOPEZ, "wrong chart").unwrap();
    assert!(refused(LOPEZ), "it is quarantined by now");
}

#[test]
fn a_split_is_taken_back_by_joining() {
    let house = house();
    let (_, held) = house.held_pages(Reason::NoId);
    house.archive.split(&held, &[PageNumber(2)], LOPEZ).unwrap();
    assert!(matches!(house.archive.take_back(&held, LOPEZ), Err(ArchiveError::NotNow { .. })));
}

#[test]
fn pages_come_in_the_order_a_person_says() {
    let house = house();
    let (batch, held) = house.held_pages(Reason::NoId);
    let order = [3, 1, 2].map(|number| page(batch, number));
    let made = house.archive.reorder(&held, &order, LOPEZ).unwrap();
    assert_eq!(numbers(&house, &made), [3, 1, 2]);
    assert_eq!(house.archive.place(page(batch, 2)).unwrap(), Some(Place::Exception(made)));
    assert_eq!(house.archive.worklist().unwrap().len(), 1);
    for wrong in [&order[..2], &[order[0], order[0], order[1]]] {
        assert!(matches!(house.archive.reorder(&made, wrong, LOPEZ), Err(ArchiveError::NotNow { .. })));
    }
    let jane = house.jane();
    let document = house.archive.assign(&made, &to(jane)).unwrap();
    let filed = house.archive.document(&document).unwrap().unwrap();
    assert_eq!(filed.pages, order);
    assert!(house.archive.verify(true).unwrap().ok);
}

#[test]
fn a_blank_page_leaves_what_is_held_in_one_piece() {
    let house = house();
    let (batch, held) = house.held_pages(Reason::NoId);
    let left = house.archive.no_record(&held, page(batch, 2), NoRecord::Blank, LOPEZ).unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!(numbers(&house, &left[0]), [1, 3]);
    assert_eq!(house.archive.place(page(batch, 2)).unwrap(), Some(Place::Blank));
    assert!(house.archive.verify(true).unwrap().ok);
}

#[test]
fn a_control_sheet_in_the_middle_parts_what_is_held() {
    let house = house();
    let (batch, held) = house.held_pages(Reason::NoId);
    let left = house.archive.no_record(&held, page(batch, 2), NoRecord::ControlSheet, LOPEZ).unwrap();
    assert_eq!(left.iter().map(|id| numbers(&house, id)).collect::<Vec<_>>(), [[1], [3]]);
    assert_eq!(house.archive.place(page(batch, 2)).unwrap(), Some(Place::ControlSheet));
    assert!(house.archive.verify(true).unwrap().ok);
}

#[test]
fn an_exception_of_nothing_but_blanks_is_decided() {
    let house = house();
    let (batch, mut held) = house.held_pages(Reason::NoId);
    for number in 1..=3 {
        let left = house.archive.no_record(&held, page(batch, number), NoRecord::Blank, LOPEZ).unwrap();
        held = left.first().copied().unwrap_or(held);
    }
    assert!(house.archive.worklist().unwrap().is_empty());
    assert!(house.archive.verify(true).unwrap().ok);
}
