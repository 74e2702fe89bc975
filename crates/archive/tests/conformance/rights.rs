//! Who may look at this page, and is it on record?

use std::io::Read as _;

use archive::{Action, ArchiveError, AuditEntry, AuditFilter, PictureSize, StoredPicture, Target};
use records::document::{Disposition, Label};
use records::exception::Reason;
use records::ids::{PageNumber, PageRef};
use records::rights::Viewer;

use crate::house::{clerk, house, merged, new_document, row};

fn visitor() -> Viewer {
    Viewer { worklist: false, ..clerk() }
}

#[test]
fn a_page_is_shown_for_a_sight_and_the_sight_is_on_record() {
    let house = house();
    let (page, id) = house.filed_page();
    let sight = house.archive.viewer_sight(&visitor(), &[page], "treatment").unwrap();
    assert_eq!(house.archive.reading(&sight, page).unwrap().unwrap().text(), "words of page 1");
    let (mut original, _, number) = house.archive.original(&sight, page).unwrap();
    let mut bytes = Vec::new();
    original.read_to_end(&mut bytes).unwrap();
    assert_eq!((bytes.as_slice(), number), (&b"one page"[..], 0));
    let seen = house.archive.who_saw(&id).unwrap();
    assert_eq!(seen.iter().map(|row| row.entry.actor.as_str()).collect::<Vec<_>>(), ["clerk:lopez"]);
    assert_eq!((seen[0].seq, seen[0].entry.document), (sight.audit_seq(), Some(id)));
}

#[test]
fn a_sight_shows_only_the_pages_it_was_asked_for() {
    let house = house();
    let (page, _) = house.filed_page();
    let sight = house.archive.viewer_sight(&clerk(), &[], "treatment").unwrap();
    assert!(house.archive.reading(&sight, page).is_err());
    assert!(house.archive.original(&sight, page).is_err());
    assert!(house.archive.view(&sight, page, PictureSize::View).is_err());
}

#[test]
fn what_waits_or_is_hidden_is_for_those_who_may_see_the_worklist_and_a_refusal_is_on_record() {
    let house = house();
    let (batch, _) = house.held_pages(Reason::NoId);
    let (hidden, id) = house.filed_page();
    house.archive.quarantine(&id, "clerk:lopez", "wrong chart").unwrap();
    for page in [PageRef { batch, page: PageNumber(2) }, hidden] {
        let refused = house.archive.viewer_sight(&visitor(), &[page], "curiosity");
        assert!(matches!(refused, Err(ArchiveError::NotAllowed { pages: 1, .. })));
        let last = house.archive.audit(0, 100).unwrap().pop().unwrap();
        assert!(last.entry.refused && last.entry.pages == [page]);
        house.archive.viewer_sight(&clerk(), &[page], "work").unwrap();
    }
}

#[test]
fn what_is_hidden_after_it_was_shown_is_given_no_more() {
    let house = house();
    let (page, id) = house.filed_page();
    let reads = house.archive.viewer_sight(&visitor(), &[page], "treatment").unwrap();
    let works = house.archive.viewer_sight(&clerk(), &[page], "work").unwrap();
    house.archive.quarantine(&id, "clerk:lopez", "wrong chart").unwrap();
    let gone = |result: Result<(), ArchiveError>| matches!(result, Err(ArchiveError::NotAllowed { .. }));
    assert!(gone(house.archive.view(&reads, page, PictureSize::View).map(drop)));
    assert!(gone(house.archive.reading(&reads, page).map(drop)));
    assert!(gone(house.archive.original(&reads, page).map(drop)));
    assert!(house.archive.reading(&works, page).unwrap().is_some(), "who resolves it goes on seeing it");
}

#[test]
fn a_labelled_document_is_for_those_who_have_the_label() {
    let house = house();
    let jane = house.jane();
    let lease = house.read_batch(b"scan", 1);
    let mut document = new_document(lease.batch(), [1], jane);
    document.labels = vec![Label("PART2".into())];
    house.file(&lease, vec![Disposition::File(document)]);
    let page = PageRef { batch: lease.batch(), page: PageNumber(1) };
    assert!(house.archive.viewer_sight(&clerk(), &[page], "work").is_err());
    let cleared = Viewer { labels: [Label("PART2".into())].into(), ..visitor() };
    assert!(house.archive.viewer_sight(&cleared, &[page], "work").is_ok());
}

#[test]
fn a_kept_picture_is_shown_and_the_oldest_go_when_there_are_too_many() {
    let house = house();
    let (page, _) = house.filed_page();
    let sight = house.archive.viewer_sight(&visitor(), &[page], "treatment").unwrap();
    let picture = StoredPicture { media: "image/png".into(), bytes: vec![7; 1000] };
    assert_eq!(house.archive.view(&sight, page, PictureSize::View).unwrap(), None);
    house.archive.keep_view(page, PictureSize::View, &picture).unwrap();
    assert_eq!(house.archive.view(&sight, page, PictureSize::View).unwrap(), Some(picture.clone()));
    assert_eq!(house.archive.view(&sight, page, PictureSize::Thumbnail).unwrap(), None);

    let folder = tempfile::tempdir().unwrap();
    let settings = archive::Settings { views_mb: 0, ..Default::default() };
    let small = archive::Archive::open(folder.path(), &settings).unwrap();
    small.keep_view(page, PictureSize::View, &picture).unwrap();
    let left = std::fs::read_dir(folder.path().join("views")).unwrap().count();
    assert_eq!(left, 1, "the folder stays, its picture does not");
    assert!(walk(&folder.path().join("views")).is_empty());
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let inside = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    inside.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

#[test]
fn the_audit_chain_shows_a_changed_and_a_removed_entry() {
    let house = house();
    for query in ["one", "two", "three"] {
        house.archive.record_search(&clerk(), query, 0).unwrap();
    }
    let whole = house.archive.audit_verify(&[]).unwrap();
    assert_eq!((whole.entries, whole.broken_at), (3, None));
    let catalogue = rusqlite::Connection::open(house.dir().join("catalogue.sqlite")).unwrap();
    let event: String =
        catalogue.query_row("SELECT event FROM audit WHERE seq = 2", [], |row| row.get(0)).unwrap();
    let forged = event.replace("two", "ten");
    catalogue.execute("UPDATE audit SET event = ?1 WHERE seq = 2", [&forged]).unwrap();
    assert_eq!(house.archive.audit_verify(&[]).unwrap().broken_at, Some(2));
    catalogue.execute("UPDATE audit SET event = ?1 WHERE seq = 2", [&event]).unwrap();
    catalogue.execute("DELETE FROM audit WHERE seq = 2", []).unwrap();
    assert_eq!(house.archive.audit_verify(&[]).unwrap().broken_at, Some(3));
}

#[test]
fn an_anchor_kept_elsewhere_shows_that_the_end_was_cut_off_or_written_anew() {
    let house = house();
    for query in ["one", "two", "three"] {
        house.archive.record_search(&clerk(), query, 0).unwrap();
    }
    let kept = house.archive.audit_head().unwrap();
    assert_eq!(kept.to_string().parse(), Ok(kept.clone()));
    assert_eq!(house.archive.audit_verify(&[kept.clone()]).unwrap().broken_at, None);
    let catalogue = rusqlite::Connection::open(house.dir().join("catalogue.sqlite")).unwrap();
    catalogue.execute("DELETE FROM audit WHERE seq = 3", []).unwrap();
    assert_eq!(house.archive.audit_verify(&[]).unwrap().broken_at, None, "the chain alone does not show it");
    assert_eq!(house.archive.audit_verify(&[kept.clone()]).unwrap().broken_at, Some(3));
    catalogue.execute("DELETE FROM audit_actor WHERE seq = 3", []).unwrap();
    house.archive.record_search(&clerk(), "another", 0).unwrap();
    assert_eq!(house.archive.audit_verify(&[]).unwrap().broken_at, None);
    assert_eq!(house.archive.audit_verify(&[kept]).unwrap().broken_at, Some(3));
}

#[test]
fn the_audit_is_found_by_who_looked_and_by_whom_it_was_about() {
    let house = house();
    let person = |mrn: &str, given: &str| row(mrn, "Doe", given, "1962-03-15");
    house.import(vec![person("00000001", "Jane"), person("00000002", "Joan")]);
    let about = |mrn: &str, actor: &str| AuditEntry {
        patient: Some(house.patient(mrn)),
        ..AuditEntry::new(actor, Action::Read, "chart")
    };
    for (mrn, actor) in [("00000001", "clerk:kim"), ("00000001", "clerk:lopez"), ("00000002", "clerk:kim")] {
        house.archive.record(&about(mrn, actor)).unwrap();
    }
    house.import(vec![merged("00000002", "00000001")]);
    let found = |actor: Option<&str>, patient: Option<&str>| -> usize {
        let filter = AuditFilter {
            actor: actor.map(str::to_owned),
            patient: patient.map(|mrn| house.patient(mrn)),
            before: None,
            limit: 100,
        };
        let rows = house.archive.audit_of(&filter).unwrap();
        rows.iter().filter(|row| row.entry.what == "chart").count()
    };
    assert_eq!(found(Some("clerk:kim"), None), 2);
    assert_eq!(found(None, Some("00000001")), 3, "merged: one person");
    assert_eq!(found(Some("clerk:lopez"), Some("00000002")), 1);
    assert_eq!(found(Some("clerk:nobody"), None), 0);
    let newest = house.archive.audit_of(&AuditFilter { limit: 1, ..AuditFilter::default() }).unwrap();
    assert_eq!(newest[0].seq, house.archive.audit_head().unwrap().seq);
}

#[test]
fn entries_of_many_at_once_are_all_written_in_one_chain() {
    let house = house();
    let other = crate::house::open(house.dir());
    let mut all: Vec<u64> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..8)
            .map(|n| {
                let archive = if n % 2 == 0 { &house.archive } else { &other };
                scope.spawn(move || {
                    let entry = AuditEntry::new(&format!("clerk:{n}"), Action::Read, "view");
                    (0..20).map(|_| archive.record(&entry).unwrap()).collect::<Vec<_>>()
                })
            })
            .collect();
        writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect()
    });
    all.sort_unstable();
    assert_eq!(all, (1..=160).collect::<Vec<u64>>());
    assert_eq!(house.archive.audit_verify(&[]).unwrap().broken_at, None);
}

#[test]
fn an_entry_that_cannot_be_written_keeps_no_other_from_being_written() {
    let house = house();
    let nowhere = PageRef { batch: records::ids::BatchId([9; 16]), page: PageNumber(1) };
    std::thread::scope(|scope| {
        for n in 0..8 {
            let archive = &house.archive;
            scope.spawn(move || {
                let mut entry = AuditEntry::new("clerk:lopez", Action::Read, "view");
                if n % 2 == 0 {
                    entry.pages.push(nowhere);
                }
                for _ in 0..10 {
                    assert_eq!(archive.record(&entry).is_ok(), n % 2 == 1);
                }
            });
        }
    });
    assert_eq!(house.archive.audit_verify(&[]).unwrap().entries, 40);
}

#[test]
fn every_act_is_on_record_with_its_clerk() {
    let house = house();
    let (_, held) = house.held_pages(Reason::NoId);
    house.archive.void(Target::Exception(held), "clerk:lopez", "advert").unwrap();
    let last = house.archive.audit(0, 100).unwrap().pop().unwrap();
    assert_eq!((last.entry.actor.as_str(), last.entry.what.as_str()), ("clerk:lopez", "void"));
    assert_eq!(last.entry.pages.len(), 3);
}
