//! What came of a control sheet that a clerk mended?

use archive::{ArchiveError, FileError, Mend, Outcome, Rearranged};
use records::document::{Disposition, Place};
use records::exception::Reason;
use records::ids::{ExceptionId, PageNumber, PageRef};

use crate::house::{House, document, hold, house, number, pages};

/// A torn sheet that is a control sheet now, and three pages that wait behind it.
fn torn(house: &House) -> (archive::Lease, ExceptionId) {
    let lease = house.read_batch(b"torn", 4);
    let mut filing = house.filing(&lease, vec![hold(&lease, 2..=4, Reason::SheetUnreadable)]);
    filing.control_sheets = vec![(PageNumber(1), None)];
    filing.blanks = Vec::new();
    let held = house.archive.file(&lease, &filing, &[]).unwrap().exceptions[0];
    (lease, held)
}

fn cover() -> Mend {
    Mend::Cover { number: number("00123456"), sheets: None }
}

#[test]
fn a_mended_sheet_is_a_declaration_of_the_clerk_and_moves_nothing_yet() {
    let house = house();
    house.jane();
    let (lease, held) = torn(&house);
    let before = house.version();
    assert_eq!(house.archive.mend(&held, None, &cover(), "clerk:lopez").unwrap(), PageNumber(1));
    assert!(house.version() > before, "what was decided on older facts is refused");
    let mended = house.archive.mended_to_judge().unwrap().remove(0);
    assert_eq!((mended.batch, mended.page, mended.outcome), (lease.batch(), PageNumber(1), None));
    let issued = house.archive.issued_sheet(&mended.serial).unwrap().unwrap();
    assert_eq!((issued.number, issued.confirmed), (Some(number("00123456")), true));
    assert_eq!(issued.by, "clerk:lopez");
    assert_eq!(house.archive.worklist().unwrap()[0].id, held);
}

#[test]
fn only_a_sheet_that_could_not_be_read_is_mended() {
    let house = house();
    let (_, other) = house.held_pages(Reason::NoId);
    let refused = |id: &ExceptionId, page: Option<u32>| {
        let mend = house.archive.mend(id, page.map(PageNumber), &Mend::Separator, "clerk:lopez");
        matches!(mend, Err(ArchiveError::NotNow { .. }))
    };
    assert!(refused(&other, None), "it waits for no sheet");
    let (_, held) = torn(&house);
    assert!(refused(&held, Some(3)), "a page in the middle");
    let parts = house.archive.split(&held, &pages([3]), "clerk:lopez").unwrap();
    assert!(parts.iter().all(|part| refused(part, None)), "a person has divided it");
}

#[test]
fn pages_judged_anew_behind_a_mended_sheet_move_at_once_or_not_at_all() {
    let house = house();
    let jane = house.jane();
    let (lease, held) = torn(&house);
    house.archive.mend(&held, None, &cover(), "clerk:lopez").unwrap();
    let mended = house.archive.mended_to_judge().unwrap().remove(0);
    let anew = |documents: Vec<Disposition>| Rearranged {
        exceptions: vec![held],
        sheets: pages([1]),
        dispositions: documents,
        control_sheets: pages([1]),
        blanks: Vec::new(),
        version: house.version(),
    };
    let lost = anew(vec![document(&lease, 2..=3, jane)]);
    let refused = house.archive.rearrange(&mended, &lost, Outcome::Judged);
    assert!(matches!(refused, Err(FileError::Incomplete { missing: 1, .. })), "{refused:?}");
    let place = |page: u32| house.archive.place(PageRef { batch: lease.batch(), page: PageNumber(page) });
    assert_eq!(place(2).unwrap(), Some(Place::Exception(held)));

    let whole = anew(vec![document(&lease, 2..=3, jane), hold(&lease, [4], Reason::NoId)]);
    let older = Rearranged { version: records::document::IndexVersion(0), ..whole.clone() };
    assert!(matches!(house.archive.rearrange(&mended, &older, Outcome::Judged), Err(FileError::Moved)));
    house.archive.rearrange(&mended, &whole, Outcome::Judged).unwrap();
    assert!(matches!(place(2).unwrap(), Some(Place::Document(_))));
    assert_eq!(place(1).unwrap(), Some(Place::ControlSheet));
    let waiting = house.archive.worklist().unwrap();
    assert_eq!((waiting.len(), waiting[0].reasons.as_slice()), (1, &[Reason::NoId][..]));
    assert!(house.archive.mended_to_judge().unwrap().is_empty());
    assert_eq!(house.archive.sheets_mended(&lease.batch()).unwrap()[0].outcome, Some(Outcome::Judged));
    assert!(house.archive.verify(true).unwrap().ok);
}
