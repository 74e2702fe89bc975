//! What came, was it here before, and in which jobs?

use archive::{Archive, ArchiveError, Closed, FileStamp, Settings, Target};
use records::batch::Receipt;
use records::exception::Reason;
use records::ids::BatchId;

use crate::house::{House, document, encrypted, hold, house};

#[test]
fn the_same_bytes_again_are_a_duplicate_and_stay_in_the_ledger() {
    let house = house();
    let batch = house.drop_file(b"scan").batch();
    let again = house.arrival(b"scan");
    assert_eq!(house.archive.receive(&again).unwrap(), Receipt::Duplicate(batch));
    assert_eq!(
        house.archive.receive(&again).unwrap(),
        Receipt::Duplicate(batch),
        "asked again after a crash"
    );
    assert!(house.archive.arrivals_unbatched().unwrap().is_empty());
    assert_eq!(house.archive.batch_report(&batch).unwrap().duplicates, 1);
}

#[test]
fn an_arrival_received_before_a_crash_is_resumed() {
    let house = house();
    let arrival = house.arrival(b"scan");
    assert_eq!(house.archive.receive(&arrival).unwrap(), Receipt::New);
    assert_eq!(house.archive.receive(&arrival).unwrap(), Receipt::Resumed);
    let waiting = house.archive.arrivals_unbatched().unwrap();
    assert_eq!(waiting.iter().map(|one| one.arrival.id).collect::<Vec<_>>(), [arrival.id]);
}

#[test]
fn closing_a_job_again_gives_the_same_batch_and_no_second_one() {
    let house = house();
    let arrival = house.arrival(b"scan");
    house.archive.receive(&arrival).unwrap();
    let job = house.job(&[arrival]);
    let batch = house.archive.close_batch(&job).unwrap();
    assert_eq!(house.archive.close_batch(&job).unwrap(), Closed::Resumed(batch.batch()));
    assert_eq!(house.archive.status().unwrap().batches, 1);
}

#[test]
fn of_the_same_file_taken_twice_at_once_only_one_becomes_a_batch() {
    let house = house();
    let both = [house.arrival(b"scan"), house.arrival(b"scan")];
    let receipts = both.each_ref().map(|arrival| house.archive.receive(arrival).unwrap());
    assert_eq!(receipts, [Receipt::New, Receipt::New], "neither is in a batch yet");
    let [first, second] = both.map(|arrival| house.archive.close_batch(&house.job(&[arrival])).unwrap());
    assert_eq!(second, Closed::Duplicate(first.batch()));
}

#[test]
fn a_file_is_in_one_batch_only() {
    let house = house();
    let (one, two) = (house.arrival(b"one"), house.arrival(b"two"));
    house.archive.receive(&one).unwrap();
    house.archive.receive(&two).unwrap();
    house.archive.close_batch(&house.job(std::slice::from_ref(&one))).unwrap();
    let both = house.archive.close_batch(&house.job(&[one, two]));
    assert!(matches!(both, Err(ArchiveError::NotNow { .. })));
}

#[test]
fn a_batch_is_named_by_its_bytes_and_how_often_they_came() {
    let house = house();
    let lease = house.read_batch(b"scan", 1);
    let digest = house.archive.batch(&lease.batch()).unwrap().originals[0].digest;
    assert_eq!(lease.batch(), BatchId::of(&[digest], 0));
    let filed = house.file(&lease, vec![hold(&lease, [1], Reason::NoId)]);
    house.archive.void(Target::Exception(filed.exceptions[0]), "clerk:lopez", "wrong paper").unwrap();
    assert_eq!(house.drop_file(b"scan"), Closed::New(BatchId::of(&[digest], 1)), "void: read again");
}

#[test]
fn what_failed_is_read_again_when_it_comes_again() {
    let house = house();
    house.drop_file(b"scan");
    let lease = house.archive.lease_next().unwrap().unwrap();
    house.archive.give_up(lease, &encrypted()).unwrap();
    assert!(matches!(house.drop_file(b"scan"), Closed::New(_)));
}

#[test]
fn what_is_in_quarantine_is_read_again_when_it_comes_again() {
    let house = house();
    let (_, id) = house.filed_page();
    assert!(matches!(house.drop_file(b"one page"), Closed::Duplicate(_)));
    house.archive.quarantine(&id, "clerk:lopez", "wrong chart").unwrap();
    assert!(matches!(house.drop_file(b"one page"), Closed::New(_)));
}

#[test]
fn another_declaration_makes_the_same_bytes_another_job() {
    let house = house();
    house.drop_file(b"scan");
    let arrival = house.arrival(b"scan");
    house.archive.receive(&arrival).unwrap();
    let mut job = house.job(&[arrival]);
    job.declared_sheets = Some(3);
    assert!(matches!(house.archive.close_batch(&job).unwrap(), Closed::New(_)));
}

#[test]
fn two_blank_pages_of_one_job_stay_two_pages() {
    let house = house();
    let parts = [house.arrival(b"blank"), house.arrival(b"words"), house.arrival(b"blank")];
    for part in &parts {
        assert_eq!(house.archive.receive_part(part, "job 7").unwrap(), Receipt::New);
    }
    let batch = house.archive.close_batch(&house.job(&parts)).unwrap().batch();
    assert_eq!(house.archive.batch(&batch).unwrap().originals.len(), 3);
}

#[test]
fn a_job_of_several_files_that_comes_again_is_a_duplicate_only_in_the_same_order() {
    let house = house();
    let drop_job = |order: [&[u8]; 2]| {
        let parts = order.map(|bytes| house.arrival(bytes));
        for part in &parts {
            house.archive.receive_part(part, "job").unwrap();
        }
        house.archive.close_batch(&house.job(&parts)).unwrap()
    };
    let first = drop_job([b"one", b"two"]);
    assert_eq!(drop_job([b"one", b"two"]), Closed::Duplicate(first.batch()));
    assert!(matches!(drop_job([b"two", b"one"]), Closed::New(_)));
    assert!(house.archive.arrivals_unbatched().unwrap().is_empty());
}

#[test]
fn a_file_of_a_folder_that_cannot_be_written_is_known_until_it_changes() {
    let house = house();
    let arrival = house.arrival(b"scan");
    let mut stamp = FileStamp {
        station: "er".into(),
        path: "a\u{e9}.tif".into(),
        dev: 1,
        ino: u64::MAX,
        size: 4,
        mtime_ns: 5,
    };
    assert!(!house.archive.file_known(&stamp).unwrap());
    house.archive.remember_file(arrival.id, &stamp).unwrap();
    assert!(house.archive.file_known(&stamp).unwrap());
    stamp.mtime_ns += 1;
    assert!(!house.archive.file_known(&stamp).unwrap());
}

#[test]
fn a_page_in_a_chart_keeps_its_batch_alive() {
    let house = house();
    let jane = house.jane();
    let lease = house.read_batch(b"scan", 2);
    let filed = house.file(&lease, vec![document(&lease, [1], jane), hold(&lease, [2], Reason::NoId)]);
    house.archive.void(Target::Exception(filed.exceptions[0]), "clerk:lopez", "advert").unwrap();
    assert_eq!(house.drop_file(b"scan"), Closed::Duplicate(lease.batch()));
}

#[test]
fn many_files_received_at_once_fare_as_each_by_itself() {
    let house = house();
    let before = house.drop_file(b"scan 0").batch();
    let arrivals: Vec<_> =
        [0, 1, 2, 2].iter().map(|at| house.arrival(format!("scan {at}").as_bytes())).collect();
    let jobs: Vec<_> =
        arrivals.iter().map(|arrival| (arrival.clone(), house.job(std::slice::from_ref(arrival)))).collect();
    let closed = house.archive.receive_many(&jobs).unwrap();
    assert_eq!(closed[0], Closed::Duplicate(before));
    assert!(
        matches!(closed[1..], [Closed::New(_), Closed::New(two), Closed::Duplicate(again)] if two == again)
    );
    let again = house.archive.receive_many(&jobs).unwrap();
    assert_eq!(again[1], Closed::Resumed(closed[1].batch()), "after a crash");
    assert_eq!(house.archive.status().unwrap().batches, 3);
    assert!(arrivals.iter().all(|arrival| house.archive.arrival_settled(arrival.id).unwrap()));
    assert!(house.archive.longest_lock() < std::time::Duration::from_millis(50));
}

#[test]
fn a_job_is_known_by_its_name_for_a_while() {
    let house = house();
    let arrival = house.arrival(b"scan");
    house.archive.receive_part(&arrival, "job").unwrap();
    let mut job = house.job(&[arrival]);
    job.job_name = Some("job 7".into());
    house.archive.close_batch(&job).unwrap();
    let hour_ago = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(1);
    let known = |station, name, since| house.archive.job_closed_since(station, name, since).unwrap();
    assert!(known("er", "job 7", hour_ago));
    assert!(!known("er", "job 8", hour_ago));
    assert!(!known("icu", "job 7", hour_ago));
    assert!(!known("er", "job 7", jiff::Timestamp::now() + jiff::SignedDuration::from_hours(1)));
}

#[test]
fn a_catalogue_that_another_process_holds_is_busy_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::open(folder.path(), &Settings { busy_s: 1, ..Settings::default() }).unwrap();
    let house = House::over(folder, archive);
    let arrival = house.arrival(b"scan");
    let other = rusqlite::Connection::open(house.dir().join("catalogue.sqlite")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused = house.archive.receive(&arrival).unwrap_err();
    assert!(matches!(refused, ArchiveError::Busy) && refused.retryable(), "{refused}");
    assert!(
        house.archive.arrivals_unbatched().unwrap().is_empty(),
        "readers go on, and see nothing half done"
    );
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(house.archive.receive(&arrival).unwrap(), Receipt::New);
}
