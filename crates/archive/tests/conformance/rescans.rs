//! What becomes of a sheet that is scanned again? (`domain.md` 2.14, D-4)

use archive::{
    ArchiveError, Changed, DoubtState, ExceptionState, FileError, Lease, RescanItem, RescanRow, RescanState,
    SecondPerson, Take, Target,
};
use records::document::{Becomes, Disposition, DocumentState, Filing, Place, Rescanned, SerialUse};
use records::exception::Reason;
use records::ids::{BatchId, DocumentId, ExceptionId, PageNumber, PageRef};

use crate::acts::to;
use crate::house::{House, day, document, hold, house, new_document, number, pages, row};

fn slip(letter: char) -> SerialUse {
    SerialUse { site: "SITE".into(), serial: letter.to_string().repeat(20), kind: 'R' }
}

fn of(batch: BatchId, page: u32) -> PageRef {
    PageRef { batch, page: PageNumber(page) }
}

/// A document of three pages in Jane Doe's chart.
fn three_pages(house: &House) -> (BatchId, DocumentId) {
    let jane = house.jane();
    let lease = house.read_batch(b"three pages", 3);
    let filed = house.file(&lease, vec![document(&lease, 1..=3, jane)]);
    (lease.batch(), filed.documents[0])
}

fn ask(house: &House, item: Target, page: PageRef, letter: char) -> SerialUse {
    house.archive.ask_rescan(item, page, &slip(letter), "clerk:kim").unwrap()
}

/// A batch of one page that came under a slip, and the filing that says what becomes of it.
fn came(house: &House, bytes: &[u8], old: &[PageRef], letter: char, becomes: Becomes) -> (Lease, Filing) {
    let lease = house.read_batch(bytes, 1);
    let both = matches!(becomes, Becomes::Both);
    let held = both.then(|| hold(&lease, [1], Reason::RescanDiffers));
    let mut filing = house.filing(&lease, held.into_iter().collect());
    filing.blanks.clear();
    filing.rescanned = vec![Rescanned { slip: slip(letter), pages: pages([1]), old: old.to_vec(), becomes }];
    (lease, filing)
}

fn into_document(house: &House, id: DocumentId) -> Becomes {
    Becomes::Document { id, patient: house.jane(), evidence: Vec::new(), labels: Vec::new() }
}

fn row_of(house: &House, letter: char) -> RescanRow {
    house.archive.rescan_of(&slip(letter)).unwrap().unwrap()
}

fn is_moved(house: &House, (lease, filing): &(Lease, Filing)) -> bool {
    matches!(house.archive.file(lease, filing, &[]), Err(FileError::Moved))
}

#[test]
fn a_page_of_a_filed_document_is_asked_for_while_it_stays_in_its_chart() {
    let house = house();
    let (batch, id) = three_pages(&house);
    let item = Target::Document(id);
    assert_eq!(ask(&house, item, of(batch, 2), 'a'), slip('a'));
    let doubts = house.archive.doubts().unwrap();
    assert_eq!((doubts[0].document.id, doubts[0].reasons.as_slice()), (id, &[Reason::RescanAsked][..]));
    let asked = row_of(&house, 'a');
    let waits = RescanItem::Document { document: id, doubt: doubts[0].id };
    assert_eq!((asked.item, asked.state, asked.page), (waits, RescanState::Awaited, of(batch, 2)));
    assert_eq!(house.archive.document(&id).unwrap().unwrap().state, DocumentState::Filed);
    assert_eq!(house.archive.rescans_open().unwrap(), [asked]);
    assert!(house.archive.issued_sheet(&slip('a')).unwrap().is_some());
    assert_eq!(ask(&house, item, of(batch, 2), 'b'), slip('a'), "the slip in force is printed again");
    assert_eq!(house.archive.doubts().unwrap().len(), 1);
    let elsewhere = house.archive.ask_rescan(item, of(batch, 4), &slip('c'), "clerk:kim");
    assert!(matches!(elsewhere, Err(ArchiveError::NotNow { .. })));
}

#[test]
fn the_new_sheet_takes_the_old_ones_place_in_a_document_of_the_next_issue() {
    let house = house();
    let (batch, old) = three_pages(&house);
    ask(&house, Target::Document(old), of(batch, 2), 'a');
    house.archive.doubt(&old, &[Reason::SweepOtherPatient], &[], "sweep").unwrap();
    let before = house.archive.position().unwrap();
    let (lease, filing) = came(&house, b"again", &[of(batch, 2)], 'a', into_document(&house, old));
    let filed = house.archive.file(&lease, &filing, &[]).unwrap();

    let new = house.archive.document(&filed.documents[0]).unwrap().unwrap();
    assert_eq!(new.pages, [of(batch, 1), of(lease.batch(), 1), of(batch, 3)]);
    assert_eq!((new.state, new.filed_by.as_str(), new.batch), (DocumentState::Filed, "line", batch));
    assert_eq!(new.evidence.last().unwrap().text, "clerk:kim", "the request is the named act");
    assert_eq!(house.archive.place(of(batch, 2)).unwrap(), Some(Place::Superseded));
    let was = house.archive.document(&old).unwrap().unwrap();
    assert_eq!((was.state, was.pages.len()), (DocumentState::Void, 3), "its picture is kept with it");
    assert_eq!(house.archive.edits(&new.id).unwrap().len(), 1);

    let asked = row_of(&house, 'a');
    assert_eq!(
        (asked.state, asked.came, asked.old),
        (RescanState::Home, vec![of(lease.batch(), 1)], vec![of(batch, 2)])
    );
    let RescanItem::Document { doubt, .. } = asked.item else { panic!("a document's") };
    assert_eq!(house.archive.find_doubt(&doubt).unwrap().unwrap().state, DoubtState::Resolved);
    let others = house.archive.doubts().unwrap();
    assert_eq!(
        (others.len(), others[0].document.id),
        (1, new.id),
        "what else is asked is asked about the new one"
    );

    let changes = house.archive.changes(before, 100).unwrap();
    assert!(changes.iter().any(|own| own.what == Changed::Moved && own.document == Some(old)));
    let of_new: Vec<PageRef> = changes
        .iter()
        .filter(|own| own.what == Changed::Assigned && own.document == Some(new.id))
        .flat_map(|own| own.pages.clone())
        .collect();
    assert_eq!(of_new, new.pages);
    assert!(house.archive.scope(&crate::house::clerk(), before).unwrap().excluded.contains(&old));
    let audit = house.archive.audit(0, 1_000).unwrap();
    let told = audit.iter().find(|row| row.entry.what == "rescan-home").unwrap();
    assert_eq!((&told.entry.detail["asked_by"], told.entry.document), (&"clerk:kim".into(), Some(new.id)));
    let report = house.archive.verify(true).unwrap();
    assert_eq!((report.ok, report.superseded, report.in_documents), (true, 1, 3), "{report:?}");
    assert_eq!(house.archive.indexed_count().unwrap(), 3);
}

#[test]
fn a_document_whose_only_page_comes_again_is_one_of_the_new_page() {
    let house = house();
    let (page, old) = house.filed_page();
    ask(&house, Target::Document(old), page, 'a');
    let (lease, filing) = came(&house, b"again", &[page], 'a', into_document(&house, old));
    let new = house.archive.file(&lease, &filing, &[]).unwrap().documents[0];
    let new = house.archive.document(&new).unwrap().unwrap();
    assert_eq!((new.pages.as_slice(), new.batch), (&[of(lease.batch(), 1)][..], lease.batch()));
    assert!(house.archive.verify(true).unwrap().ok);
}

#[test]
fn whatever_happened_since_the_verdict_is_asked_again() {
    let house = house();
    let (batch, old) = three_pages(&house);
    let jane = house.jane();
    let item = Target::Document(old);
    ask(&house, item, of(batch, 2), 'a');
    let first = came(&house, b"first", &[of(batch, 2)], 'a', into_document(&house, old));
    let second = came(&house, b"second", &[of(batch, 2)], 'a', into_document(&house, old));
    house.import(vec![row("777", "Roe", "Mary", "1950-01-02")]);
    assert!(is_moved(&house, &first), "another patient index");

    let now = |mut filing: (Lease, Filing)| {
        filing.1.version = house.version();
        filing
    };
    let of_mary = |mut filing: Filing| {
        filing.rescanned[0].becomes = Becomes::Document {
            id: old,
            patient: house.patient("777"),
            evidence: Vec::new(),
            labels: Vec::new(),
        };
        filing
    };
    let (first, second) = (now(first), now(second));
    let another = (first.0, of_mary(first.1.clone()));
    assert!(is_moved(&house, &another), "the document is another patient's than the verdict knew");
    let first = (another.0, first.1);
    house.archive.file(&first.0, &first.1, &[]).unwrap();
    assert!(is_moved(&house, &second), "the slip was used meanwhile");
    assert_eq!(row_of(&house, 'a').state, RescanState::Home);
    let _ = jane;
}

#[test]
fn a_slip_counts_only_while_its_item_is_open() {
    for close in ["quarantined", "void", "dismissed", "refiled"] {
        let house = house();
        let (batch, old) = three_pages(&house);
        ask(&house, Target::Document(old), of(batch, 2), 'a');
        let again = came(&house, close.as_bytes(), &[of(batch, 2)], 'a', into_document(&house, old));
        match close {
            "quarantined" => house.archive.quarantine(&old, "clerk:lopez", "wrong chart").unwrap(),
            "void" => house.archive.void(Target::Document(old), "clerk:lopez", "twice").unwrap(),
            "dismissed" => {
                let doubt = house.archive.doubts().unwrap()[0].id;
                house.archive.dismiss_doubt(&doubt, "clerk:lopez", "it can be read").unwrap();
            }
            _ => {
                let second = SecondPerson::LookAgainOn(day("2030-01-01"));
                house.archive.refile(&old, &to(house.jane()), second).map(drop).unwrap();
            }
        }
        assert_eq!(row_of(&house, 'a').state, RescanState::Closed, "{close}");
        assert!(is_moved(&house, &again), "{close}");
        assert!(house.archive.verify(true).unwrap().ok, "{close}");
    }
}

#[test]
fn of_something_held_the_slip_closes_with_the_exception() {
    let house = house();
    let jane = house.jane();
    let (batch, held) = house.held_pages(Reason::QcFail);
    ask(&house, Target::Exception(held), of(batch, 2), 'a');
    assert_eq!(row_of(&house, 'a').item, RescanItem::Exception(held));
    house.archive.assign(&held, &to(jane)).unwrap();
    assert_eq!(row_of(&house, 'a').state, RescanState::Closed);
    assert!(house.archive.rescans_open().unwrap().is_empty());
}

fn anew(held: ExceptionId, disposition: Disposition) -> Becomes {
    Becomes::Exception { id: held, anew: Box::new(disposition) }
}

#[test]
fn what_was_held_is_filed_with_the_new_sheet_in_it() {
    let house = house();
    let jane = house.jane();
    let (batch, held) = house.held_pages(Reason::QcFail);
    ask(&house, Target::Exception(held), of(batch, 1), 'a');
    let filed = Disposition::File(new_document(batch, 1..=3, jane));
    let (lease, filing) = came(&house, b"again", &[of(batch, 1)], 'a', anew(held, filed));
    let made = house.archive.file(&lease, &filing, &[]).unwrap().documents[0];
    let made = house.archive.document(&made).unwrap().unwrap();
    assert_eq!(made.pages, [of(lease.batch(), 1), of(batch, 2), of(batch, 3)]);
    let was = house.archive.exception(&held).unwrap().unwrap();
    assert_eq!((was.state, was.document), (ExceptionState::Resolved, Some(made.id)));
    assert_eq!(was.resolution.as_deref(), Some("scanned again"));
    assert!(house.archive.worklist().unwrap().is_empty());
    let report = house.archive.verify(true).unwrap();
    assert_eq!((report.ok, report.superseded), (true, 1), "{report:?}");
    assert_eq!(house.archive.as_first_scanned(&made.pages).unwrap(), [1, 2, 3].map(|page| of(batch, page)));
}

#[test]
fn two_pages_of_one_item_come_home_one_after_the_other_and_it_is_filed_with_the_last() {
    let house = house();
    let jane = house.jane();
    let (batch, held) = house.held_pages(Reason::QcFail);
    ask(&house, Target::Exception(held), of(batch, 1), 'a');
    ask(&house, Target::Exception(held), of(batch, 3), 'b');
    let file = || Disposition::File(new_document(batch, 1..=3, jane));
    let (lease, mut filing) = came(&house, b"one", &[of(batch, 1)], 'a', anew(held, file()));
    assert!(matches!(house.archive.file(&lease, &filing, &[]), Err(FileError::Moved)), "one more is awaited");
    filing.rescanned[0].becomes = anew(held, hold(&lease, [1], Reason::QcFail));
    let next = house.archive.file(&lease, &filing, &[]).unwrap().exceptions[0];
    assert_eq!(row_of(&house, 'b').item, RescanItem::Exception(next), "what supersedes it waits on");

    let (other, filing) = came(&house, b"three", &[of(batch, 3)], 'b', anew(next, file()));
    let made = house.archive.file(&other, &filing, &[]).unwrap().documents[0];
    let made = house.archive.document(&made).unwrap().unwrap();
    assert_eq!(made.pages, [of(lease.batch(), 1), of(batch, 2), of(other.batch(), 1)]);
    assert_eq!(house.archive.as_first_scanned(&made.pages).unwrap(), [1, 2, 3].map(|page| of(batch, page)));
    assert_eq!(house.archive.verify(true).unwrap().superseded, 2);
}

#[test]
fn what_was_contrary_once_is_not_filed_by_a_better_picture() {
    let house = house();
    let jane = house.jane();
    let (batch, held) = house.held_pages(Reason::NameMismatch);
    ask(&house, Target::Exception(held), of(batch, 1), 'a');
    let filed = Disposition::File(new_document(batch, 1..=3, jane));
    let again = came(&house, b"again", &[of(batch, 1)], 'a', anew(held, filed));
    assert!(is_moved(&house, &again));
    let (lease, mut filing) = again;
    filing.rescanned[0].becomes = anew(held, hold(&lease, [1], Reason::Shadow));
    let next = house.archive.file(&lease, &filing, &[]).unwrap().exceptions[0];
    assert!(house.archive.exception(&next).unwrap().unwrap().was_contrary);
}

/// Both pictures stay until a person has compared them.
fn both(house: &House, item: Target, page: PageRef) -> (Lease, ExceptionId) {
    ask(house, item, page, 'a');
    let (lease, filing) = came(house, b"another", &[page], 'a', Becomes::Both);
    let held = house.archive.file(&lease, &filing, &[]).unwrap().exceptions[0];
    (lease, held)
}

#[test]
fn what_cannot_be_told_waits_beside_the_document_and_a_person_takes_it() {
    let house = house();
    let (batch, old) = three_pages(&house);
    let (lease, came) = both(&house, Target::Document(old), of(batch, 2));
    let asked = row_of(&house, 'a');
    assert_eq!((asked.state, asked.came), (RescanState::Both, vec![of(lease.batch(), 1)]));
    assert_eq!(house.archive.document(&old).unwrap().unwrap().state, DocumentState::Filed);
    let waiting = house.archive.worklist().unwrap();
    let bundle = waiting[0].bundle.as_ref().map(ToString::to_string);
    assert_eq!((waiting[0].id, bundle), (came, Some(format!("rescan:{}", slip('a').serial))));
    assert!(house.archive.verify(true).unwrap().ok);

    house.archive.choose_picture(&slip('a'), Take::New, "clerk:lee", None).unwrap();
    assert_eq!(row_of(&house, 'a').state, RescanState::Taken);
    let Some(Place::Document(new)) = house.archive.place(of(lease.batch(), 1)).unwrap() else {
        panic!("not taken")
    };
    let new = house.archive.document(&new).unwrap().unwrap();
    assert_eq!(new.pages, [of(batch, 1), of(lease.batch(), 1), of(batch, 3)]);
    assert!(house.archive.worklist().unwrap().is_empty() && house.archive.doubts().unwrap().is_empty());
    let again = house.archive.choose_picture(&slip('a'), Take::New, "clerk:lee", None);
    assert!(matches!(again, Err(ArchiveError::NotNow { .. })));
    assert_eq!(house.archive.verify(true).unwrap().superseded, 1);
}

#[test]
fn where_the_old_picture_stays_what_came_is_an_exception_like_any_other() {
    let house = house();
    let (batch, old) = three_pages(&house);
    let (_, came) = both(&house, Target::Document(old), of(batch, 2));
    house.archive.choose_picture(&slip('a'), Take::Old, "clerk:lee", None).unwrap();
    assert_eq!(row_of(&house, 'a').state, RescanState::Kept);
    assert!(house.archive.doubts().unwrap().is_empty());
    let waiting = house.archive.worklist().unwrap();
    assert_eq!((waiting.len(), waiting[0].id, &waiting[0].bundle), (1, came, &None));
    assert_eq!(house.archive.document(&old).unwrap().unwrap().pages.len(), 3);
    assert!(house.archive.verify(true).unwrap().ok);
}

#[test]
fn of_something_held_a_person_takes_the_new_picture_and_it_waits_on() {
    let house = house();
    let (batch, held) = house.held_pages(Reason::QcFail);
    let (lease, _) = both(&house, Target::Exception(held), of(batch, 2));
    assert_eq!(house.archive.worklist().unwrap().len(), 2);
    house.archive.choose_picture(&slip('a'), Take::New, "clerk:lee", None).unwrap();
    let waiting = house.archive.worklist().unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].pages, [of(batch, 1), of(lease.batch(), 1), of(batch, 3)]);
    assert_eq!(
        (waiting[0].reasons.as_slice(), waiting[0].made_by.as_deref()),
        (&[Reason::QcFail][..], Some("clerk:lee"))
    );
    assert!(house.archive.verify(true).unwrap().ok);
}

#[test]
fn a_batch_that_is_put_back_on_the_line_brings_its_sheet_again() {
    let house = house();
    let (batch, old) = three_pages(&house);
    let (lease, _) = both(&house, Target::Document(old), of(batch, 2));
    house.archive.retry(&lease.batch(), "clerk:lopez").unwrap();
    let asked = row_of(&house, 'a');
    assert_eq!((asked.state, asked.came.len()), (RescanState::Awaited, 0));
    assert!(house.archive.verify(true).unwrap().ok);
}

#[test]
fn a_batch_whose_sheet_is_in_a_document_is_not_taken_back() {
    let house = house();
    let (batch, old) = three_pages(&house);
    ask(&house, Target::Document(old), of(batch, 2), 'a');
    let (lease, filing) = came(&house, b"again", &[of(batch, 2)], 'a', into_document(&house, old));
    house.archive.file(&lease, &filing, &[]).unwrap();
    assert!(matches!(house.archive.retry(&lease.batch(), "clerk:lopez"), Err(ArchiveError::NotNow { .. })));
}

#[test]
fn every_side_of_a_rescanned_sheet_is_placed_or_nothing_is() {
    let house = house();
    let (batch, old) = three_pages(&house);
    ask(&house, Target::Document(old), of(batch, 2), 'a');
    let lease = house.read_batch(b"two sides", 2);
    let mut filing = house.filing(&lease, Vec::new());
    filing.blanks.clear();
    let becomes = into_document(&house, old);
    let one =
        |pages| vec![Rescanned { slip: slip('a'), pages, old: vec![of(batch, 2)], becomes: becomes.clone() }];
    filing.rescanned = one(pages([1]));
    assert!(matches!(
        house.archive.file(&lease, &filing, &[]),
        Err(FileError::Incomplete { missing: 1, .. })
    ));
    filing.rescanned = one(pages([1, 2]));
    let made = house.archive.file(&lease, &filing, &[]).unwrap().documents[0];
    assert_eq!(house.archive.document(&made).unwrap().unwrap().pages.len(), 4);
    assert!(house.archive.verify(true).unwrap().ok);
}

#[test]
fn a_number_moved_to_another_person_meanwhile_is_another_present_patient() {
    let house = house();
    let (batch, old) = three_pages(&house);
    house.import(vec![row("777", "Roe", "Mary", "1950-01-02"), row("888", "Doe", "Jane", "1962-03-15")]);
    ask(&house, Target::Document(old), of(batch, 2), 'a');
    let again = came(&house, b"again", &[of(batch, 2)], 'a', into_document(&house, old));
    let merged = crate::house::merged("888", "00123456");
    house.import(vec![merged]);
    house.archive.move_number(&number("00123456"), &number("777"), "clerk:lopez", "hers").unwrap();
    let (lease, mut filing) = again;
    filing.version = house.version();
    assert!(is_moved(&house, &(lease, filing)));
}

#[test]
fn both_sides_asked_for_are_one_sheet_and_the_second_slip_is_closed_by_the_first() {
    let house = house();
    let (batch, old) = three_pages(&house);
    let item = Target::Document(old);
    ask(&house, item, of(batch, 1), 'a');
    ask(&house, item, of(batch, 2), 'b');
    ask(&house, item, of(batch, 3), 'c');
    let sheet = [of(batch, 1), of(batch, 2)];
    let (lease, filing) = came(&house, b"again", &sheet, 'a', into_document(&house, old));
    let new = house.archive.file(&lease, &filing, &[]).unwrap().documents[0];
    assert_eq!(row_of(&house, 'b').state, RescanState::Closed);
    let waits = row_of(&house, 'c');
    assert_eq!(waits.state, RescanState::Awaited);
    assert!(matches!(waits.item, RescanItem::Document { document, .. } if document == new));
    let doubts = house.archive.doubts().unwrap();
    assert_eq!((doubts.len(), doubts[0].document.id), (1, new), "the third page still waits");
    assert_eq!(house.archive.verify(true).unwrap().superseded, 2);
}

/// Rule 11: an old picture shows what the new one shows.
#[test]
fn a_superseded_picture_is_protected_as_the_document_it_was_in() {
    let house = house();
    let (page, old) = house.filed_page();
    let labels = Some(vec![records::document::Label("MH".into())]);
    let edit = archive::Edit { labels, ..archive::Edit::default() };
    house.archive.edit(&old, &edit, "clerk:lopez").unwrap();
    ask(&house, Target::Document(old), page, 'a');
    let (lease, filing) = came(&house, b"again", &[page], 'a', into_document(&house, old));
    let new = house.archive.file(&lease, &filing, &[]).unwrap().documents[0];
    assert_eq!(house.archive.document(&new).unwrap().unwrap().labels.len(), 1, "labels go with it");
    let mut viewer = crate::house::clerk();
    let refused = house.archive.viewer_sight(&viewer, &[page], "view");
    assert!(matches!(refused, Err(ArchiveError::NotAllowed { .. })), "{refused:?}");
    viewer.labels.insert(records::document::Label("MH".into()));
    let sight = house.archive.viewer_sight(&viewer, &[page], "view").unwrap();
    assert!(house.archive.reading(&sight, page).unwrap().is_some(), "it is kept");
    viewer.worklist = false;
    assert!(house.archive.viewer_sight(&viewer, &[page], "view").is_err(), "it is in no chart");
}
