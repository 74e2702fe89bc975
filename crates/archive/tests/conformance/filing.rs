//! How does everything decided about a batch become so, at once or not at all?

use std::time::Duration;

use archive::{ArchiveError, BatchState, Changed, Edit, FileError};
use records::document::{Disposition, Filing, Place};
use records::entry::Home;
use records::exception::Reason;
use records::identifier::{AuthorityId, Identifier, IdentifierKind};
use records::ids::{DocumentId, Issue, PageNumber, PageRef};
use records::judge::{Encounter, SheetAppearance};

use crate::house::{delta, document, encrypted, hold, house, pages, row, serial};

#[test]
fn a_filing_gives_every_page_its_place() {
    let house = house();
    let jane = house.jane();
    let lease = house.read_batch(b"scan", 6);
    let mut filing =
        house.filing(&lease, vec![document(&lease, 2..=3, jane), hold(&lease, 5..=6, Reason::NoId)]);
    filing.blanks = pages([4]);
    filing.control_sheets = vec![(PageNumber(1), Some(serial()))];
    let filed = house.archive.file(&lease, &filing, &[]).unwrap();
    assert_eq!(filed.documents, [DocumentId::of(lease.batch(), PageNumber(2), Issue::Line)]);
    let place = |page| {
        house.archive.place(PageRef { batch: lease.batch(), page: PageNumber(page) }).unwrap().unwrap()
    };
    assert_eq!(
        (1..=6).map(place).collect::<Vec<_>>(),
        [
            Place::ControlSheet,
            Place::Document(filed.documents[0]),
            Place::Document(filed.documents[0]),
            Place::Blank,
            Place::Exception(filed.exceptions[0]),
            Place::Exception(filed.exceptions[0]),
        ]
    );
    assert_eq!(house.archive.batch(&lease.batch()).unwrap().state, BatchState::Filed);
    assert!(house.archive.lease_next().unwrap().is_none());
}

#[test]
fn a_filing_that_forgets_doubles_or_invents_a_page_is_refused() {
    let house = house();
    let lease = house.read_batch(b"scan", 3);
    let mut filing = house.filing(&lease, vec![hold(&lease, 1..=2, Reason::NoId)]);
    filing.blanks = pages([2, 9]);
    let refused = house.archive.file(&lease, &filing, &[]);
    assert!(matches!(refused, Err(FileError::Incomplete { missing: 1, twice: 1, foreign: 1 })));
    assert_eq!(house.archive.batch(&lease.batch()).unwrap().state, BatchState::Reading);
    assert!(house.archive.worklist().unwrap().is_empty());
}

#[test]
fn a_filing_judged_on_an_older_patient_index_is_refused_and_leaves_no_trace() {
    let house = house();
    let jane = house.jane();
    let lease = house.read_batch(b"scan", 1);
    let filing = house.filing(&lease, vec![document(&lease, [1], jane)]);
    house.import(vec![row("777", "Roe", "Mary", "1950-01-02")]);
    let position = house.archive.position().unwrap();
    assert!(matches!(house.archive.file(&lease, &filing, &[]), Err(FileError::Moved)));
    assert_eq!(house.archive.position().unwrap(), position);
    let again = house.filing(&lease, vec![document(&lease, [1], jane)]);
    house.archive.file(&lease, &again, &[]).unwrap();
}

#[test]
fn a_sheet_that_has_meanwhile_appeared_elsewhere_makes_the_line_judge_again() {
    let house = house();
    let cover = |bytes: &[u8]| {
        let lease = house.read_batch(bytes, 2);
        let mut filing = house.filing(&lease, vec![hold(&lease, [2], Reason::NoWitness)]);
        filing.blanks.clear();
        filing.control_sheets = vec![(PageNumber(1), Some(serial()))];
        (lease, filing)
    };
    let (first, first_filing) = cover(b"first");
    let (second, second_filing) = cover(b"second");
    house.archive.file(&first, &first_filing, &[]).unwrap();
    assert!(matches!(house.archive.file(&second, &second_filing, &[]), Err(FileError::Moved)));
    let seen: Vec<SheetAppearance> = house.archive.known(&[], &[serial()]).unwrap().appearances;
    assert_eq!(seen.iter().map(|s| (s.batch, s.page)).collect::<Vec<_>>(), [(first.batch(), PageNumber(1))]);
    house.archive.file(&second, &second_filing, &seen).unwrap();
    assert_eq!(house.archive.known(&[], &[serial()]).unwrap().appearances.len(), 2);
}

#[test]
fn an_original_without_pages_is_held_without_pages() {
    let house = house();
    house.drop_file(b"locked");
    let lease = house.archive.lease_next().unwrap().unwrap();
    house.archive.surveyed(&lease, 0, &Err(encrypted())).unwrap();
    house.archive.number_pages(&lease).unwrap();
    let filed = house.file(&lease, vec![hold(&lease, [], Reason::Encrypted)]);
    let held = house.archive.exception(&filed.exceptions[0]).unwrap().unwrap();
    assert_eq!((held.pages.len(), held.file.as_str()), (0, "DOE JANE.tif"));
    assert!(house.archive.verify(true).unwrap().ok);
}

#[test]
fn a_batch_whose_originals_are_not_all_surveyed_cannot_be_filed() {
    let house = house();
    house.drop_file(b"scan");
    let lease = house.archive.lease_next().unwrap().unwrap();
    let filing = house.filing(&lease, Vec::new());
    let refused = house.archive.file(&lease, &filing, &[]);
    assert!(matches!(refused, Err(FileError::Archive(ArchiveError::NotNow { .. }))));
}

#[test]
fn filing_is_one_change_of_all_pages_and_they_can_be_followed() {
    let house = house();
    let jane = house.jane();
    let lease = house.read_batch(b"scan", 3);
    house.file(&lease, vec![document(&lease, 1..=2, jane), hold(&lease, [3], Reason::NoId)]);
    let changes = house.archive.changes(0, 100).unwrap();
    assert_eq!(changes.iter().map(|c| (c.what, c.pages.len())).collect::<Vec<_>>(), [(Changed::Filed, 3)]);
    assert_eq!(changes[0].position, house.archive.position().unwrap());
    assert!(house.archive.changes(changes[0].position, 100).unwrap().is_empty());
    let follower = house.archive.follower();
    let entry = follower.entry(changes[0].pages[1]).unwrap().unwrap();
    assert_eq!(entry.reading.text(), "words of page 2");
    let Home::Document { page_in_document, pages_in_document, patient, number, .. } = entry.home else {
        panic!("page 2 is in a document");
    };
    assert_eq!((page_in_document, pages_in_document, patient, number.as_str()), (2, 2, jane, "00123456"));
}

#[test]
fn an_entry_says_its_box_its_account_and_what_speaks_for_its_owner() {
    let house = house();
    let jane = house.jane();
    let lease = house.read_batch(b"scan", 4);
    let filing = Filing {
        boxes: vec![(PageNumber(2), "ER2019.12".into()), (PageNumber(4), "ER2019.13".into())],
        ..house.filing(&lease, vec![document(&lease, 1..=3, jane), hold(&lease, [4], Reason::NoId)])
    };
    let filed = house.archive.file(&lease, &filing, &[]).unwrap();
    let follower = house.archive.follower();
    let entry = |page: u32| {
        let page = PageRef { batch: lease.batch(), page: PageNumber(page) };
        follower.entry(page).unwrap().unwrap()
    };
    let boxes: Vec<Option<String>> = (1..=4).map(|page| entry(page).paper_box).collect();
    assert_eq!(boxes, [None, Some("ER2019.12".into()), Some("ER2019.12".into()), Some("ER2019.13".into())]);
    assert!(
        !entry(1).evidence.is_empty() && !entry(1).evidence.contains(&"null".into()),
        "{:?}",
        entry(1).evidence
    );
    let accounts = || match entry(1).home {
        Home::Document { accounts, .. } => accounts,
        Home::Exception { .. } => panic!("page 1 is in a document"),
    };
    assert!(accounts().is_empty());
    let authority = AuthorityId("GENHOSP".into());
    let number = Identifier { value: "A10234".into(), authority, kind: IdentifierKind::Account };
    house.archive.put_encounter(&Encounter { number: number.clone(), patient: jane, days: None }).unwrap();
    let edit = Edit { encounter: Some(number), ..Edit::default() };
    house.archive.edit(&filed.documents[0], &edit, "clerk:lopez").unwrap();
    assert_eq!(accounts(), ["A10234"]);
}

#[test]
fn the_pages_that_should_be_indexed_are_those_of_charts_and_worklist() {
    let house = house();
    let jane = house.jane();
    let lease = house.read_batch(b"scan", 4);
    let filed = house.file(&lease, vec![document(&lease, 1..=2, jane), hold(&lease, [3], Reason::NoId)]);
    let indexed = || house.archive.indexed_pages().map(|page| page.unwrap().page.0).collect::<Vec<_>>();
    assert_eq!(indexed(), [1, 2, 3]);
    house.archive.quarantine(&filed.documents[0], "clerk:lopez", "wrong chart").unwrap();
    assert_eq!(indexed(), [3]);
    assert_eq!(house.archive.indexed_count().unwrap(), 1);
    let hidden = PageRef { batch: lease.batch(), page: PageNumber(1) };
    assert!(house.archive.follower().entry(hidden).unwrap().is_none());
    let walked = house.archive.walk_pages(None, 1).unwrap();
    assert!(house.archive.walk_pages(walked.last().copied(), 1).unwrap().is_empty());
}

/// So many documents that they are laid ready in pieces.
fn huge(house: &crate::house::House, count: u32) -> (archive::Lease, Vec<Disposition>) {
    let jane = house.jane();
    let lease = house.read_batch(b"huge", count);
    let all = (1..=count).map(|page| {
        if page % 10 == 0 { hold(&lease, [page], Reason::NoId) } else { document(&lease, [page], jane) }
    });
    let all = all.collect();
    (lease, all)
}

#[test]
fn what_is_laid_ready_for_a_filing_that_is_refused_is_seen_by_nobody_and_swept_by_the_next() {
    let house = house();
    let blocker = house.read_batch(b"blocker", 1);
    let mut filing = house.filing(&blocker, Vec::new());
    (filing.blanks, filing.control_sheets) = (Vec::new(), vec![(PageNumber(1), Some(serial()))]);
    house.archive.file(&blocker, &filing, &[]).unwrap();

    let (lease, mut all) = huge(&house, 450);
    all.pop();
    let mut filing = house.filing(&lease, all);
    (filing.blanks, filing.control_sheets) = (Vec::new(), vec![(PageNumber(450), Some(serial()))]);
    assert!(matches!(house.archive.file(&lease, &filing, &[]), Err(FileError::Moved)));
    assert!(house.archive.worklist().unwrap().is_empty());
    assert!(house.archive.documents(&Default::default()).unwrap().is_empty());
    assert!(
        house.archive.document(&DocumentId::of(lease.batch(), PageNumber(1), Issue::Line)).unwrap().is_none()
    );
    assert!(house.archive.batch_report(&lease.batch()).unwrap().exceptions.is_empty());
    assert!(house.archive.verify(false).unwrap().ok);

    let seen = house.archive.known(&[], &[serial()]).unwrap().appearances;
    let filed = house.archive.file(&lease, &filing, &seen).unwrap();
    assert_eq!(filed.documents[0], DocumentId::of(lease.batch(), PageNumber(1), Issue::Line));
    assert_eq!((filed.documents.len(), filed.exceptions.len()), (405, 44));
    assert!(house.archive.verify(true).unwrap().ok);
}

#[test]
fn filing_5000_documents_never_holds_the_catalogue_for_long() {
    let house = house();
    let (lease, all) = huge(&house, 5_000);
    let filed = house.file(&lease, all);
    // On the machine this was written on: see BENCHMARKS.md. Generous here, for machines that do much else.
    assert!(filed.longest_lock < Duration::from_millis(500), "{:?}", filed.longest_lock);
    assert_eq!(filed.documents.len() + filed.exceptions.len(), 5_000);
    assert_eq!(house.archive.indexed_count().unwrap(), 5_000);
    measured("longest lock of filing 5,000 documents", filed.longest_lock);
}

#[expect(clippy::print_stderr, reason = "a measurement is for whoever runs the test with --nocapture")]
fn measured(what: &str, took: Duration) {
    eprintln!("{what}: {:.1} ms", took.as_secs_f64() * 1e3);
}

#[test]
fn a_merge_between_asking_and_filing_makes_the_line_ask_again() {
    let house = house();
    let jane = house.jane();
    let lease = house.read_batch(b"scan", 1);
    let filing = house.filing(&lease, vec![document(&lease, [1], jane)]);
    let mut merged = row("00123456", "Doe", "Jane", "1962-03-15");
    merged.merged_into_mrn = Some("999".into());
    house.archive.import_patients(&delta(vec![merged])).unwrap();
    assert!(matches!(house.archive.file(&lease, &filing, &[]), Err(FileError::Moved)));
}
