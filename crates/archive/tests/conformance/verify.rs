//! Is every page accounted for, and is everything still what it was?

use records::exception::Reason;

use crate::house::{House, document, hold, house, survey};

fn damage(house: &House, sql: &str) {
    let catalogue = rusqlite::Connection::open(house.dir().join("catalogue.sqlite")).unwrap();
    assert!(catalogue.execute(sql, []).unwrap() > 0, "nothing was damaged");
}

/// Two documents, an exception and a blank; a batch that waits.
fn busy() -> House {
    let house = house();
    let jane = house.jane();
    let lease = house.read_batch(b"scan", 6);
    house.file(
        &lease,
        vec![document(&lease, 1..=2, jane), document(&lease, [3], jane), hold(&lease, 4..=5, Reason::NoId)],
    );
    drop(house.read_batch(b"waits", 2));
    house
}

#[test]
fn a_good_archive_adds_up() {
    let house = busy();
    let report = house.archive.verify(true).unwrap();
    assert!(report.ok, "{:?}", report.problems);
    assert_eq!((report.batches, report.pages, report.pending), (2, 8, 2));
    assert_eq!((report.in_documents, report.in_exceptions, report.blank), (3, 2, 1));
    assert_eq!((report.unaccounted, report.corrupt, report.orphans), (0, 0, 0));
}

#[test]
fn a_page_without_a_place_is_found() {
    let house = busy();
    damage(&house, "DELETE FROM place WHERE batch = 1 AND page = 6");
    let report = house.archive.verify(false).unwrap();
    assert_eq!((report.ok, report.unaccounted, report.pages), (false, 1, 8));
}

#[test]
fn a_page_that_its_document_does_not_know_is_found() {
    let house = busy();
    damage(&house, "UPDATE document_run SET last = first WHERE document = 1");
    assert!(!house.archive.verify(false).unwrap().ok);
}

#[test]
fn a_page_that_two_documents_list_is_found() {
    let house = busy();
    damage(&house, "UPDATE document_run SET first = 2 WHERE document = 2");
    assert!(!house.archive.verify(false).unwrap().ok);
}

#[test]
fn a_pending_page_of_a_filed_batch_is_found() {
    let house = busy();
    damage(&house, "UPDATE place SET place = 0, home = NULL WHERE batch = 1 AND page = 6");
    assert_eq!(house.archive.verify(false).unwrap().unaccounted, 1);
}

#[test]
fn a_rotten_or_missing_original_is_found() {
    let house = busy();
    let digest = records::ids::Digest::of(b"scan");
    let path = house.archive.vault().path(&digest);
    std::fs::remove_file(&path).unwrap();
    assert_eq!(house.archive.verify(false).unwrap().corrupt, 1);
    std::fs::write(&path, b"scam").unwrap();
    assert!(house.archive.verify(false).unwrap().ok, "the size is right");
    assert_eq!(house.archive.verify(true).unwrap().corrupt, 1);
}

#[test]
fn rotten_and_missing_readings_are_found() {
    let house = busy();
    let packs = std::fs::read_dir(house.dir().join("packs")).unwrap().map(|folder| folder.unwrap().path());
    let pack = packs
        .flat_map(|folder| std::fs::read_dir(folder).unwrap().map(|pack| pack.unwrap().path()))
        .max_by_key(|pack| std::fs::metadata(pack).unwrap().len())
        .unwrap();
    let mut bytes = std::fs::read(&pack).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&pack, &bytes).unwrap();
    assert_eq!(house.archive.verify(true).unwrap().corrupt, 1);
    std::fs::write(&pack, &bytes[..last]).unwrap();
    assert_eq!(house.archive.verify(false).unwrap().corrupt, 1);
    std::fs::remove_file(&pack).unwrap();
    assert_eq!(house.archive.verify(false).unwrap().corrupt, 6);
}

#[test]
fn bytes_that_nothing_refers_to_are_orphans_and_no_fault() {
    let house = busy();
    house.archive.vault().put(&mut &b"nobody's"[..]).unwrap();
    let report = house.archive.verify(true).unwrap();
    assert_eq!((report.ok, report.orphans), (true, 1));
}

#[test]
fn the_status_says_what_waits_and_where() {
    let house = busy();
    let status = house.archive.status().unwrap();
    assert_eq!((status.waiting, status.worklist, status.batches), (1, 1, 2));
    assert!(status.oldest_waiting_s.is_some() && status.alarms.is_empty());
    let er = &status.stations[0];
    assert_eq!((er.name.as_str(), er.backlog), ("er", 1));
    assert!(er.last_file.is_some());
}

#[test]
fn the_ledger_of_a_batch_adds_up_at_every_step() {
    let house = house();
    house.drop_file(b"scan");
    let lease = house.archive.lease_next().unwrap().unwrap();
    let batch = lease.batch();
    let ledger = house.archive.ledger(&batch).unwrap();
    assert_eq!((ledger.originals, ledger.counted, ledger.pages, ledger.gap()), (1, 0, 0, 0));
    house.archive.surveyed(&lease, 0, &Ok(survey(3))).unwrap();
    house.archive.number_pages(&lease).unwrap();
    house.read_pages(&lease, [1, 2]);
    let ledger = house.archive.ledger(&batch).unwrap();
    assert_eq!((ledger.pages, ledger.read, ledger.places.pending, ledger.gap()), (3, 2, 3, 0));
    assert_eq!(house.archive.open_ledgers(10).unwrap(), [ledger]);
    assert!(house.archive.ledger_gaps().unwrap().is_empty());
}

#[test]
fn a_page_that_lost_its_place_is_a_gap_in_the_ledger() {
    let house = busy();
    assert!(house.archive.ledger_gaps().unwrap().is_empty());
    damage(&house, "DELETE FROM place WHERE batch = 1 AND page = 6");
    let gaps = house.archive.ledger_gaps().unwrap();
    assert_eq!(gaps.iter().map(|ledger| (ledger.pages, ledger.gap())).collect::<Vec<_>>(), [(6, 1)]);
}
