//! What may a person do about what is held or filed?

use archive::{
    ArchiveError, Assignment, Changed, DocumentFilter, ExceptionState, FileError, SetAside, Target,
};
use records::document::{DocumentState, KindCode, Place};
use records::evidence::EvidenceKind;
use records::exception::{Candidate, Reason};
use records::ids::{DocumentId, Issue, PageNumber, PageRef};
use records::judge::Hold;
use records::patient::PatientId;

use crate::house::{day, encrypted, hold, house, new_document, number, reading, row, survey};

pub(crate) fn to(patient: PatientId) -> Assignment {
    let assignment = Assignment::to(patient, number("00123456"), "clerk:lopez");
    Assignment { kind: Some(KindCode("PROG".into())), ..assignment }
}

#[test]
fn an_assigned_exception_is_a_document_with_the_clerk_as_evidence() {
    let house = house();
    let jane = house.jane();
    let (batch, held) = house.held_pages(Reason::NoId);
    let id = house.archive.assign(&held, &to(jane)).unwrap();
    assert_eq!(id, DocumentId::of(batch, PageNumber(1), Issue::Act(1, house.archive.epoch())));
    let document = house.archive.document(&id).unwrap().unwrap();
    assert_eq!(document.pages.iter().map(|page| page.page.0).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(document.evidence.last().unwrap().kind, EvidenceKind::Clerk);
    assert_eq!((document.patient.name.as_str(), document.filed_by.as_str()), ("DOE, JANE", "clerk:lopez"));
    let resolved = house.archive.exception(&held).unwrap().unwrap();
    assert_eq!((resolved.state, resolved.document), (ExceptionState::Resolved, Some(id)));
    assert!(house.archive.worklist().unwrap().is_empty());
    let last = house.archive.changes(0, 100).unwrap().pop().unwrap();
    assert_eq!((last.what, last.document, last.pages.len()), (Changed::Assigned, Some(id), 3));
    assert!(house.archive.verify(true).unwrap().ok);
}

#[test]
fn an_exception_is_resolved_once() {
    let house = house();
    let jane = house.jane();
    let (_, held) = house.held_pages(Reason::NoId);
    house.archive.assign(&held, &to(jane)).unwrap();
    assert!(matches!(house.archive.assign(&held, &to(jane)), Err(ArchiveError::NotNow { .. })));
    let void = house.archive.void(Target::Exception(held), "clerk:lopez", "late");
    assert!(matches!(void, Err(ArchiveError::NotNow { .. })));
}

#[test]
fn nothing_is_assigned_to_nobody() {
    let house = house();
    let (batch, held) = house.held_pages(Reason::NoId);
    let nobody = PatientId(uuid::Uuid::nil());
    assert!(matches!(house.archive.assign(&held, &to(nobody)), Err(ArchiveError::Unknown { .. })));
    let page = PageRef { batch, page: PageNumber(1) };
    assert_eq!(house.archive.place(page).unwrap(), Some(Place::Exception(held)));
}

#[test]
fn a_voided_document_is_in_no_chart_but_is_kept() {
    let house = house();
    let (page, id) = house.filed_page();
    let before = house.archive.position().unwrap();
    house.archive.void(Target::Document(id), "clerk:lopez", "scanned twice").unwrap();
    assert!(house.archive.documents(&DocumentFilter::default()).unwrap().is_empty());
    let kept = house.archive.document(&id).unwrap().unwrap();
    assert_eq!(kept.state, DocumentState::Void);
    assert_eq!(kept.withdrawn_because.as_deref(), Some("scanned twice"));
    assert_eq!(house.archive.place(page).unwrap(), Some(Place::Void));
    let scope = house.archive.scope(&crate::house::clerk(), before).unwrap();
    assert_eq!(scope.excluded, [id].into());
    assert!(house.archive.verify(true).unwrap().ok);
}

#[test]
fn what_has_left_the_worklist_is_excluded_until_the_index_has_followed() {
    let house = house();
    let (batch, held) = house.held_pages(Reason::IdNotInMpi);
    let before = house.archive.position().unwrap();
    let clerk = crate::house::clerk();
    assert!(house.archive.scope(&clerk, before).unwrap().excluded_pages.is_empty());
    house.archive.void(Target::Exception(held), "clerk:lopez", "not ours").unwrap();
    let gone = house.archive.scope(&clerk, before).unwrap().excluded_pages;
    assert!(gone.contains(&PageRef { batch, page: PageNumber(1) }));
    let after = house.archive.position().unwrap();
    assert!(house.archive.scope(&clerk, after).unwrap().excluded_pages.is_empty());
}

#[test]
fn what_is_no_record_is_set_aside_and_what_waits_stays() {
    let house = house();
    let (batch, held) = house.held_pages(Reason::IdNotInMpi);
    let until = Some(day("2026-12-01"));
    let dispose =
        |what: &SetAside, until, note| house.archive.dispose(&held, what, until, "clerk:lopez", note);
    dispose(&SetAside::AwaitRegistration, until, "came by ambulance").unwrap();
    let waiting = house.archive.worklist().unwrap().remove(0);
    assert_eq!(waiting.resolution.as_deref(), Some("await-registration: came by ambulance"));
    assert_eq!((waiting.disposition.as_deref(), waiting.follow_up), (Some("await-registration"), until));
    let final_one = dispose(&SetAside::NotARecord, until, "");
    assert!(matches!(final_one, Err(ArchiveError::NotNow { .. })), "nobody looks at an advert again");
    dispose(&"route:BILLING".parse().unwrap(), None, "").unwrap();
    let counted = house.archive.status().unwrap().dispositions;
    assert_eq!(counted.into_iter().collect::<Vec<_>>(), [("route:BILLING".to_owned(), 1)]);
    assert!(house.archive.worklist().unwrap().is_empty());
    let page = PageRef { batch, page: PageNumber(3) };
    assert_eq!(house.archive.place(page).unwrap(), Some(Place::SetAside));
    assert_eq!(house.archive.verify(true).unwrap().set_aside, 3);
}

#[test]
fn what_was_held_for_something_missing_files_itself_when_it_has_come() {
    let house = house();
    let (batch, held) = house.held_pages(Reason::IdNotInMpi);
    let jane = house.jane();
    let waiting = house.archive.waiting_for_missing().unwrap();
    assert_eq!(waiting.iter().map(|row| row.id).collect::<Vec<_>>(), [held]);
    let document = new_document(batch, 1..=3, jane);
    let version = house.version();
    let part = new_document(batch, 1..=2, jane);
    assert!(matches!(house.archive.judged_again(&held, &part, version), Err(FileError::Incomplete { .. })));
    let id = house.archive.judged_again(&held, &document, version).unwrap();
    assert_eq!(id, DocumentId::of(batch, PageNumber(1), Issue::Line));
    assert!(house.archive.waiting_for_missing().unwrap().is_empty());
    assert!(house.archive.verify(true).unwrap().ok);
}

#[test]
fn what_was_once_contrary_never_files_itself_any_more() {
    let house = house();
    let (batch, held) = house.held_pages(Reason::IdNotInMpi);
    let jane = house.jane();
    let hold = |reason| Hold {
        reasons: vec![reason],
        candidates: vec![Candidate { patient: jane, why: "same number".into() }],
        evidence: Vec::new(),
        proposed: None,
    };
    house.archive.held_again(&held, &hold(Reason::NameMismatch)).unwrap();
    house.archive.held_again(&held, &hold(Reason::NoNumber)).unwrap();
    let row = house.archive.exception(&held).unwrap().unwrap();
    assert_eq!((row.reasons, row.was_contrary), (vec![Reason::NoNumber], true));
    assert_eq!(row.candidates[0].patient.name, "DOE, JANE");
    assert!(house.archive.waiting_for_missing().unwrap().is_empty());
    let document = new_document(batch, 1..=3, jane);
    let refused = house.archive.judged_again(&held, &document, house.version());
    assert!(matches!(refused, Err(FileError::Archive(ArchiveError::NotNow { .. }))));
}

#[test]
fn judging_again_on_an_older_patient_index_is_refused() {
    let house = house();
    let (batch, held) = house.held_pages(Reason::IdNotInMpi);
    let jane = house.jane();
    let version = house.version();
    house.archive.raise_index_version("kinds changed").unwrap();
    let document = new_document(batch, 1..=3, jane);
    assert!(matches!(house.archive.judged_again(&held, &document, version), Err(FileError::Moved)));
}

#[test]
fn a_locked_file_is_taken_up_again_after_the_cause_is_mended() {
    let house = house();
    house.drop_file(b"locked");
    let lease = house.archive.lease_next().unwrap().unwrap();
    house.archive.surveyed(&lease, 0, &Err(encrypted())).unwrap();
    house.archive.number_pages(&lease).unwrap();
    let first = house.file(&lease, vec![hold(&lease, [], Reason::Encrypted)]).exceptions[0];
    house.archive.retry(&lease.batch(), "clerk:lopez").unwrap();
    let lease = house.archive.lease_next().unwrap().unwrap();
    house.archive.surveyed(&lease, 0, &Ok(survey(2))).unwrap();
    house.archive.number_pages(&lease).unwrap();
    house.read_pages(&lease, 1..=2);
    house.file(&lease, vec![hold(&lease, 1..=2, Reason::NoId)]);
    assert_eq!(house.archive.exception(&first).unwrap().unwrap().state, ExceptionState::Void);
    assert_eq!(house.archive.worklist().unwrap()[0].pages.len(), 2);
    assert!(house.archive.verify(true).unwrap().ok);
}

#[test]
fn a_retried_batch_reads_only_what_could_not_be_read_and_takes_no_id_twice() {
    let house = house();
    house.drop_file(b"scan");
    let lease = house.archive.lease_next().unwrap().unwrap();
    house.archive.surveyed(&lease, 0, &Ok(survey(2))).unwrap();
    house.archive.number_pages(&lease).unwrap();
    let mut pack = house.archive.pack_writer(&lease).unwrap();
    pack.append(PageNumber(1), &reading("good")).unwrap();
    let bad = records::reading::PageReading::unreadable(encrypted(), reading("").reader);
    pack.append(PageNumber(2), &bad).unwrap();
    house.archive.pages_read(&lease, &pack.sync().unwrap()).unwrap();
    drop(pack);
    let first = house.file(&lease, vec![hold(&lease, 1..=2, Reason::PageUnreadable)]).exceptions[0];
    house.archive.retry(&lease.batch(), "clerk:lopez").unwrap();
    let lease = house.archive.lease_next().unwrap().unwrap();
    let pack = house.archive.pack_writer(&lease).unwrap();
    assert_eq!(pack.pages_done().iter().map(|page| page.0).collect::<Vec<_>>(), [1]);
    drop(pack);
    house.read_pages(&lease, [2]);
    let second = house.file(&lease, vec![hold(&lease, 1..=2, Reason::NoId)]).exceptions[0];
    assert_ne!(first, second);
    assert!(house.archive.verify(true).unwrap().ok);
}

#[test]
fn a_batch_with_something_in_a_chart_is_not_taken_back() {
    let house = house();
    let (page, _) = house.filed_page();
    assert!(matches!(house.archive.retry(&page.batch, "clerk:lopez"), Err(ArchiveError::NotNow { .. })));
}

#[test]
fn documents_are_found_by_batch_patient_and_file() {
    let house = house();
    let (page, id) = house.filed_page();
    house.import(vec![row("777", "Roe", "Mary", "1950-01-02")]);
    let ids = |filter: DocumentFilter| -> Vec<DocumentId> {
        house.archive.documents(&filter).unwrap().iter().map(|document| document.id).collect()
    };
    let all = DocumentFilter::default;
    assert_eq!(ids(DocumentFilter { batch: Some(page.batch), ..all() }), [id]);
    assert_eq!(ids(DocumentFilter { file: Some("DOE JANE.tif".into()), ..all() }), [id]);
    assert_eq!(ids(DocumentFilter { patient: Some(house.jane()), ..all() }), [id]);
    assert!(
        ids(DocumentFilter { patient: Some(house.patient("777")), batch: Some(page.batch), ..all() })
            .is_empty()
    );
    assert!(ids(DocumentFilter { file: Some("other.tif".into()), ..all() }).is_empty());
    assert!(ids(DocumentFilter { limit: Some(0), ..all() }).is_empty());
}

/// `domain.md` 2.12, manual filing: a confirming click is not enough.
#[test]
fn what_names_somebody_else_is_assigned_only_by_who_says_why() {
    let house = house();
    let jane = house.jane();
    let (_, held) = house.held_pages(Reason::NameMismatch);
    let against = Assignment { against: vec![Reason::NameMismatch], ..to(jane) };
    assert!(matches!(house.archive.assign(&held, &against), Err(ArchiveError::NotNow { .. })));
    let why = Some("her maiden name, by the label".to_owned());
    let id = house.archive.assign(&held, &Assignment { despite: why, ..against }).unwrap();
    let told = house.archive.audit(0, 1_000).unwrap();
    let entry = told.iter().find(|row| row.entry.document == Some(id)).unwrap();
    assert_eq!(entry.entry.detail["despite"], "her maiden name, by the label");
    assert_eq!(entry.entry.detail["against"][0], "NAME_MISMATCH");
}

#[test]
fn exceptions_with_one_cause_are_one_bundle() {
    let house = house();
    let lease = house.read_batch(b"six pages", 6);
    let held = |page: u32, reason| hold(&lease, [page], reason);
    house.file(
        &lease,
        vec![
            held(1, Reason::SheetUnreadable),
            held(2, Reason::MpiStale),
            held(3, Reason::MpiStale),
            held(4, Reason::NoId),
            held(5, Reason::Damaged),
        ],
    );
    let bundles: Vec<Option<String>> = house
        .archive
        .worklist()
        .unwrap()
        .iter()
        .map(|row| row.bundle.as_ref().map(ToString::to_string))
        .collect();
    let (sheet, job) = (format!("sheet:{}:1", lease.batch()), format!("job:{}", lease.batch()));
    let expected = [Some(sheet), Some("index".into()), Some("index".into()), None, Some(job)];
    assert_eq!(bundles, expected);
}
