//! What if a page, or a sheet of ours, comes a second time?

use archive::{FileError, Lease};
use records::batch::Upload;
use records::document::{Copies, Disposition, Filing};
use records::exception::Reason;
use records::ids::{DocumentId, PageNumber, PageRef};
use records::judge::SheetAppearance;
use records::rescan::PagePrint;

use crate::house::{House, document, hold, house, number, serial};

fn print(page: u32, hashes: [i64; 2]) -> PagePrint {
    PagePrint { page: PageNumber(page), hashes }
}

/// A batch of one page in Jane Doe's chart, with that print.
fn filing(house: &House, lease: &Lease, hashes: [i64; 2], known: &[PageRef]) -> Filing {
    let copies = Copies {
        prints: vec![print(1, hashes)],
        position: house.archive.position().unwrap(),
        known: known.to_vec(),
    };
    Filing { copies, ..house.filing(lease, vec![document(lease, [1], house.jane())]) }
}

fn file(house: &House, bytes: &[u8], hashes: [i64; 2]) -> (PageRef, DocumentId) {
    let lease = house.read_batch(bytes, 1);
    let filed = house.archive.file(&lease, &filing(house, &lease, hashes, &[]), &[]).unwrap();
    (PageRef { batch: lease.batch(), page: PageNumber(1) }, filed.documents[0])
}

#[test]
fn a_page_in_a_chart_is_found_by_either_print_from_another_batch() {
    let house = house();
    let (page, document) = file(&house, b"first", [1, 2]);
    let other = house.read_batch(b"second", 1).batch();
    let alike = |hashes, batch| house.archive.filed_alike(&print(1, hashes), &batch).unwrap();
    let found = alike([9, 2], other);
    assert_eq!(found.iter().map(|found| found.page).collect::<Vec<_>>(), [page]);
    assert_eq!((found[0].patient, found[0].station.as_str()), (house.jane(), "er"));
    assert!(alike([8, 9], other).is_empty());
    assert!(alike([1, 2], page.batch).is_empty(), "a batch is not its own copy");
    house.archive.quarantine(&document, "clerk:lopez", "wrong chart").unwrap();
    assert!(alike([1, 2], other).is_empty(), "it is in no chart now");
}

#[test]
fn two_copies_that_are_judged_side_by_side_are_not_both_filed() {
    let house = house();
    let leases = [house.read_batch(b"first", 1), house.read_batch(b"second", 1)];
    let filings = leases.each_ref().map(|lease| filing(&house, lease, [1, 2], &[]));
    house.archive.file(&leases[0], &filings[0], &[]).unwrap();
    let refused = house.archive.file(&leases[1], &filings[1], &[]);
    assert!(matches!(refused, Err(FileError::Moved)));
    let known = PageRef { batch: leases[0].batch(), page: PageNumber(1) };
    let judged_again = filing(&house, &leases[1], [1, 2], &[known]);
    house.archive.file(&leases[1], &judged_again, &[]).unwrap();
    assert!(house.archive.verify(true).unwrap().ok);
}

#[test]
fn pages_that_have_nothing_in_common_are_filed_side_by_side() {
    let house = house();
    let leases = [house.read_batch(b"first", 1), house.read_batch(b"second", 1)];
    let hashes = [[1, 2], [3, 4]];
    let filings = [0, 1].map(|nth: usize| filing(&house, &leases[nth], hashes[nth], &[]));
    house.archive.file(&leases[0], &filings[0], &[]).unwrap();
    house.archive.file(&leases[1], &filings[1], &[]).unwrap();
}

#[test]
fn the_key_of_page_prints_is_made_once() {
    let house = house();
    let key = house.archive.print_key().unwrap();
    assert_eq!(house.archive.print_key().unwrap(), key);
    assert_eq!(crate::house::open(house.dir()).print_key().unwrap(), key);
    assert_ne!(crate::house::house().archive.print_key().unwrap(), key);
}

/// A stack of four pages: a cover sheet, its two pages, and a sheet of somebody else's behind a patch sheet.
fn stack(house: &House, bytes: &[u8], under: impl Fn(&Lease) -> Disposition) -> (Lease, Filing) {
    let lease = house.read_batch(bytes, 5);
    let mut filing = house.filing(&lease, vec![under(&lease), hold(&lease, [5], Reason::NoId)]);
    filing.blanks.clear();
    filing.control_sheets = vec![(PageNumber(1), Some(serial())), (PageNumber(4), None)];
    (lease, filing)
}

fn used_again(house: &House) {
    let (lease, mut filing) = stack(house, b"again", |lease| hold(lease, 2..=3, Reason::CoversheetReused));
    filing.reused = vec![serial()];
    let seen = house.archive.known(&[], &[serial()]).unwrap().appearances;
    house.archive.file(&lease, &filing, &seen).unwrap();
    assert!(house.archive.verify(true).unwrap().ok);
}

/// domain.md 2.5: holds the second and puts the first on the worklist
#[test]
fn what_was_filed_under_a_sheet_that_is_used_again_is_in_question() {
    let house = house();
    let jane = house.jane();
    let (lease, filing) = stack(&house, b"first", |lease| document(lease, 2..=3, jane));
    let filed = house.archive.file(&lease, &filing, &[]).unwrap();
    used_again(&house);
    let doubts = house.archive.doubts().unwrap();
    let told: Vec<_> = doubts.iter().map(|doubt| (doubt.document.id, doubt.reasons.as_slice())).collect();
    assert_eq!(told, [(filed.documents[0], &[Reason::CoversheetReused][..])]);
    let behind = house.archive.exception(&filed.exceptions[0]).unwrap().unwrap();
    assert_eq!(behind.reasons, [Reason::NoId], "it stood under no sheet");
}

#[test]
fn what_is_still_held_under_a_sheet_that_is_used_again_is_never_judged_again() {
    let house = house();
    let (lease, filing) = stack(&house, b"first", |lease| hold(lease, 2..=3, Reason::NoWitness));
    let filed = house.archive.file(&lease, &filing, &[]).unwrap();
    used_again(&house);
    let held = house.archive.exception(&filed.exceptions[0]).unwrap().unwrap();
    assert_eq!(held.reasons, [Reason::NoWitness, Reason::CoversheetReused]);
    assert!(held.was_contrary);
    assert_eq!(house.archive.doubts().unwrap().len(), 0);
}

#[test]
fn the_pages_that_stood_under_a_sheet_end_at_the_next_one() {
    let house = house();
    let (lease, filing) = stack(&house, b"first", |lease| hold(lease, 2..=3, Reason::NoWitness));
    house.archive.file(&lease, &filing, &[]).unwrap();
    let appearance: SheetAppearance = house.archive.known(&[], &[serial()]).unwrap().appearances.remove(0);
    assert_eq!(house.archive.under_sheet(&appearance).unwrap(), [PageNumber(2), PageNumber(3)]);
}

/// domain.md 2.5: bound when the batch is filed, held or not
#[test]
fn a_sheet_that_is_held_itself_is_used_up() {
    let house = house();
    let lease = house.read_batch(b"nothing came", 1);
    let mut filing = house.filing(&lease, vec![hold(&lease, [1], Reason::PagecountMismatch)]);
    filing.held_sheets = vec![(PageNumber(1), serial())];
    house.archive.file(&lease, &filing, &[]).unwrap();
    let seen = house.archive.known(&[], &[serial()]).unwrap().appearances;
    assert_eq!(seen.iter().map(|own| own.page).collect::<Vec<_>>(), [PageNumber(1)]);
    let (second, filing) = stack(&house, b"again", |lease| hold(lease, 2..=3, Reason::NoWitness));
    assert!(matches!(house.archive.file(&second, &filing, &[]), Err(FileError::Moved)));
}

/// domain.md D-2: who, when, where are kept
#[test]
fn whose_pages_a_file_is_said_to_be_is_kept_with_it() {
    let house = house();
    let at = "2026-03-01T10:00:00Z".parse().unwrap();
    let upload = Upload { number: number("00123456"), by: "clerk:lopez".into(), at };
    let arrival = house.arrival(b"handed in");
    house.archive.receive(&arrival).unwrap();
    let job = house.job(&[arrival]);
    let batch = house.archive.close_batch(&records::batch::NewBatch { upload: Some(upload.clone()), ..job });
    let batch = house.archive.batch(&batch.unwrap().batch()).unwrap();
    assert_eq!(batch.upload, Some(upload));
    let plain = house.drop_file(b"dropped").batch();
    assert_eq!(house.archive.batch(&plain).unwrap().upload, None);
}
