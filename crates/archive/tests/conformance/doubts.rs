//! What is in question about something filed?

use archive::{ArchiveError, DocumentFilter, DoubtState, Target};
use records::document::{DocumentState, Place};
use records::evidence::{Evidence, EvidenceKind};
use records::exception::Reason;
use records::geometry::Rect;
use records::ids::{DoubtId, PageNumber};
use records::reading::ReaderVersion;

use crate::house::house;

const OTHER: &[Reason] = &[Reason::SweepOtherPatient];

fn names(text: &str) -> Evidence {
    Evidence {
        kind: EvidenceKind::Name,
        page: PageNumber(1),
        batch: None,
        text: text.into(),
        place: Rect::default(),
        authority: None,
        reader: ReaderVersion("test/1".into()),
        contrary: true,
    }
}

#[test]
fn a_doubt_waits_for_a_person_and_moves_no_page() {
    let house = house();
    let (page, id) = house.filed_page();
    assert!(house.archive.doubt(&id, OTHER, &[names("ROE, MARY")], "sweep").unwrap());
    let doubt = house.archive.doubts().unwrap().remove(0);
    assert_eq!(doubt.id, DoubtId::of(id, 0, house.archive.epoch()));
    assert_eq!((doubt.document.id, doubt.reasons.as_slice(), doubt.evidence.len()), (id, OTHER, 1));
    assert_eq!(house.archive.place(page).unwrap(), Some(Place::Document(id)));
    assert_eq!(house.archive.documents(&DocumentFilter::default()).unwrap().len(), 1);
    let status = house.archive.status().unwrap();
    assert_eq!((status.worklist, status.doubts), (1, 1));
    assert!(house.archive.verify(true).unwrap().ok);
}

#[test]
fn the_same_doubt_is_raised_once_and_a_further_one_beside_it() {
    let house = house();
    let (_, id) = house.filed_page();
    let mary = [names("ROE, MARY")];
    assert!(house.archive.doubt(&id, OTHER, &mary, "sweep").unwrap());
    assert!(!house.archive.doubt(&id, OTHER, &mary, "sweep").unwrap());
    assert!(house.archive.doubt(&id, OTHER, &[names("POE, ANN")], "sweep").unwrap());
    assert!(house.archive.doubt(&id, &[Reason::CoversheetReused], &[], "line").unwrap());
    assert_eq!(house.archive.doubts_about(&id).unwrap().len(), 3);
}

#[test]
fn a_dismissed_doubt_stays_dismissed_and_says_who_and_why() {
    let house = house();
    let (page, id) = house.filed_page();
    house.archive.doubt(&id, OTHER, &[names("ROE, MARY")], "sweep").unwrap();
    let doubt = house.archive.doubts().unwrap().remove(0).id;
    house.archive.dismiss_doubt(&doubt, "clerk:lopez", "the mother's name").unwrap();
    assert!(house.archive.doubts().unwrap().is_empty());
    let row = house.archive.find_doubt(&doubt).unwrap().unwrap();
    assert_eq!(
        (row.state, row.resolution.as_deref(), row.resolved_by.as_deref()),
        (DoubtState::Dismissed, Some("the mother's name"), Some("clerk:lopez"))
    );
    assert!(!house.archive.doubt(&id, OTHER, &[names("ROE, MARY")], "sweep").unwrap());
    assert!(house.archive.doubt(&id, OTHER, &[names("POE, ANN")], "sweep").unwrap(), "another is new");
    let twice = house.archive.dismiss_doubt(&doubt, "clerk:kim", "again");
    assert!(matches!(twice, Err(ArchiveError::NotNow { .. })));
    assert_eq!(house.archive.place(page).unwrap(), Some(Place::Document(id)));
    let audit = house.archive.audit(0, 1_000).unwrap();
    assert!(audit.iter().any(|row| row.entry.what == "dismiss" && row.entry.actor == "clerk:lopez"));
}

#[test]
fn a_withdrawn_document_leaves_no_doubt_open() {
    for withdraw in [true, false] {
        let house = house();
        let (_, id) = house.filed_page();
        house.archive.doubt(&id, OTHER, &[], "sweep").unwrap();
        if withdraw {
            house.archive.void(Target::Document(id), "clerk:lopez", "not a record").unwrap();
        } else {
            house.archive.quarantine(&id, "clerk:lopez", "wrong chart").unwrap();
        }
        let row = house.archive.doubts_about(&id).unwrap().remove(0);
        assert_eq!((row.state, row.resolved_by.as_deref()), (DoubtState::Resolved, Some("clerk:lopez")));
        assert_ne!(row.document.state, DocumentState::Filed);
        assert!(!house.archive.doubt(&id, OTHER, &[names("ROE, MARY")], "sweep").unwrap());
        assert!(house.archive.doubts().unwrap().is_empty());
        assert!(house.archive.verify(true).unwrap().ok);
    }
}
