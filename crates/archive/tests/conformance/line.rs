//! Which batch is next, who has it, and how far is it read?

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use archive::{ArchiveError, BatchState, Closed, FileError};
use jiff::{SignedDuration, Timestamp};
use records::batch::Priority;
use records::exception::Reason;
use records::ids::PageNumber;

use crate::house::{encrypted, hold, house, open, reading, survey};

#[test]
fn what_is_urgent_comes_first_then_what_came_first() {
    let house = house();
    let drop_file = |bytes: &[u8], priority| {
        let arrival = house.arrival(bytes);
        house.archive.receive(&arrival).unwrap();
        let mut job = house.job(&[arrival]);
        job.priority = priority;
        house.archive.close_batch(&job).unwrap().batch()
    };
    let first = drop_file(b"first", Priority::Normal);
    let second = drop_file(b"second", Priority::Normal);
    let urgent = drop_file(b"urgent", Priority::Stat);
    let kept = house.archive.lease_next_from(Priority::Stat).unwrap().unwrap();
    assert_eq!(kept.batch(), urgent);
    assert!(house.archive.lease_next_from(Priority::Stat).unwrap().is_none(), "room for what is urgent only");
    house.archive.release(kept).unwrap();
    let leases: Vec<_> = std::iter::from_fn(|| house.archive.lease_next().unwrap()).collect();
    assert_eq!(leases.iter().map(|lease| lease.batch()).collect::<Vec<_>>(), [urgent, first, second]);
}

#[test]
fn a_batch_has_one_holder_between_all_handles() {
    let house = house();
    house.drop_file(b"scan");
    let other = open(house.dir());
    let lease = house.archive.lease_next().unwrap().unwrap();
    assert!(other.lease_next().unwrap().is_none());
    house.archive.release(lease).unwrap();
    assert!(other.lease_next().unwrap().is_some());
}

#[test]
fn a_lease_that_is_dropped_is_given_back() {
    let house = house();
    house.drop_file(b"scan");
    drop(house.archive.lease_next().unwrap().unwrap());
    assert!(house.archive.lease_next().unwrap().is_some());
}

#[test]
fn a_fault_that_passes_is_tried_again_when_its_time_has_come() {
    let house = house();
    house.drop_file(b"scan");
    let fail = |retry_at| {
        let lease = house.archive.lease_next().unwrap().unwrap();
        let batch = lease.batch();
        house.archive.fail(lease, &encrypted(), retry_at).unwrap();
        house.archive.batch(&batch).unwrap()
    };
    let past = fail(Timestamp::now() - SignedDuration::from_secs(1));
    assert_eq!((past.state, past.attempts), (BatchState::Waiting, 1));
    fail(Timestamp::now() + SignedDuration::from_hours(1));
    assert!(house.archive.lease_next().unwrap().is_none(), "not yet");
    let retrying = house.archive.status().unwrap().retrying;
    assert_eq!((retrying.len(), retrying[0].batch, retrying[0].attempts), (1, past.id, 2));
    house.archive.retry(&past.id, "clerk:lopez").unwrap();
    assert!(house.archive.status().unwrap().retrying.is_empty());
    assert!(house.archive.lease_next().unwrap().is_some());
}

#[test]
fn what_is_given_up_waits_on_the_worklist_and_comes_back_when_retried() {
    let house = house();
    house.drop_file(b"scan");
    let lease = house.archive.lease_next().unwrap().unwrap();
    let batch = lease.batch();
    house.archive.surveyed(&lease, 0, &Ok(survey(3))).unwrap();
    house.archive.number_pages(&lease).unwrap();
    house.archive.give_up(lease, &encrypted()).unwrap();
    let report = house.archive.batch_report(&batch).unwrap();
    assert_eq!(
        (report.batch.state, report.places.pending, report.places.in_exceptions),
        (BatchState::Failed, 0, 3)
    );
    assert_eq!(house.archive.status().unwrap().failed, 1);
    let waiting = house.archive.worklist().unwrap();
    assert_eq!((waiting.len(), waiting[0].pages.len(), waiting[0].reasons[0]), (1, 3, Reason::LineFault));
    assert!(house.archive.verify(true).unwrap().ok);

    house.archive.retry(&batch, "clerk:lopez").unwrap();
    let lease = house.archive.lease_next().unwrap().unwrap();
    assert_eq!(house.archive.batch_report(&batch).unwrap().places.pending, 3);
    assert_eq!((house.archive.status().unwrap().failed, house.archive.worklist().unwrap().len()), (0, 0));
    // Given up before it was even surveyed: no page, and still somebody's.
    house.archive.give_up(lease, &encrypted()).unwrap();
    let other = house.drop_file(b"another");
    let lease = house.archive.lease_next().unwrap().unwrap();
    house.archive.give_up(lease, &encrypted()).unwrap();
    assert!(house.archive.worklist().unwrap().iter().any(|x| x.batch == other.batch() && x.pages.is_empty()));
}

#[test]
fn pages_are_counted_through_all_originals_in_whatever_order_they_are_surveyed() {
    let house = house();
    let parts = [house.arrival(b"a"), house.arrival(b"b"), house.arrival(b"c"), house.arrival(b"d")];
    for part in &parts {
        house.archive.receive_part(part, "job").unwrap();
    }
    house.archive.close_batch(&house.job(&parts)).unwrap();
    let lease = house.archive.lease_next().unwrap().unwrap();
    house.archive.surveyed(&lease, 3, &Ok(survey(1))).unwrap();
    house.archive.surveyed(&lease, 1, &Err(encrypted())).unwrap();
    house.archive.surveyed(&lease, 0, &Ok(survey(2_500))).unwrap();
    house.archive.surveyed(&lease, 2, &Ok(survey(3))).unwrap();
    house.archive.surveyed(&lease, 2, &Ok(survey(9))).unwrap(); // after a crash, say: the first counts
    house.archive.number_pages(&lease).unwrap();
    let batch = house.archive.batch(&lease.batch()).unwrap();
    let first: Vec<_> = batch.originals.iter().map(|o| o.first_page.unwrap().0).collect();
    assert_eq!((first, batch.pages()), (vec![1, 2_501, 2_501, 2_504], 2_504));
    assert_eq!(house.archive.batch_report(&lease.batch()).unwrap().places.pending, 2_504);
}

#[test]
fn what_was_read_before_a_crash_is_not_read_again() {
    let house = house();
    house.drop_file(b"scan");
    let lease = house.archive.lease_next().unwrap().unwrap();
    house.archive.surveyed(&lease, 0, &Ok(survey(3))).unwrap();
    house.archive.number_pages(&lease).unwrap();
    house.read_pages(&lease, [1]);
    let mut pack = house.archive.pack_writer(&lease).unwrap();
    pack.append(PageNumber(2), &reading("safe but not reported")).unwrap();
    pack.sync().unwrap();
    drop((pack, lease));
    let lease = house.archive.lease_next().unwrap().unwrap();
    let pack = house.archive.pack_writer(&lease).unwrap();
    assert_eq!(pack.pages_done().iter().map(|page| page.0).collect::<Vec<_>>(), [1, 2]);
    let readings = house.archive.readings(&lease).unwrap();
    assert_eq!(readings.get(PageNumber(2)).unwrap().unwrap().text(), "safe but not reported");
    assert_eq!(readings.get(PageNumber(3)).unwrap(), None);
}

#[test]
fn the_last_reading_of_a_page_counts() {
    let house = house();
    let lease = house.read_batch(b"scan", 1);
    let mut pack = house.archive.pack_writer(&lease).unwrap();
    pack.append(PageNumber(1), &reading("read again")).unwrap();
    house.archive.pages_read(&lease, &pack.sync().unwrap()).unwrap();
    let readings = house.archive.readings(&lease).unwrap();
    assert_eq!(readings.get(PageNumber(1)).unwrap().unwrap().text(), "read again");
}

#[test]
fn a_pack_that_is_gone_is_read_again() {
    let house = house();
    let lease = house.read_batch(b"scan", 2);
    std::fs::remove_dir_all(house.dir().join("packs")).unwrap();
    let pack = house.archive.pack_writer(&lease).unwrap();
    assert!(pack.pages_done().is_empty());
    drop(pack);
    house.read_pages(&lease, 1..=2);
    assert!(house.archive.readings(&lease).unwrap().get(PageNumber(2)).unwrap().is_some());
}

#[test]
fn only_one_process_is_the_line() {
    let house = house();
    let other = open(house.dir());
    let line = house.archive.try_become_line().unwrap().unwrap();
    assert!(other.line_is_alive());
    assert!(other.try_become_line().unwrap().is_none());
    drop(line);
    assert!(!other.line_is_alive());
    assert!(other.try_become_line().unwrap().is_some());
}

/// Where the child process of the test below finds its archive.
const CHILD: &str = "CHARTROOM_TEST_CHILD_ARCHIVE";

#[test]
#[ignore = "the child process of the test below"]
fn child_that_leases_and_hangs() {
    let archive = open(std::env::var_os(CHILD).unwrap().as_ref());
    let _lease = archive.lease_next().unwrap().unwrap();
    std::thread::sleep(Duration::from_secs(60));
}

#[test]
fn a_killed_process_frees_its_batch_at_once_and_its_lease_is_worth_nothing() {
    let house = house();
    let batch = house.drop_file(b"scan").batch();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "line::child_that_leases_and_hangs"])
        .env(CHILD, house.dir())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while house.archive.batch(&batch).unwrap().state == BatchState::Waiting {
        assert!(begun.elapsed() < Duration::from_secs(30), "the child never leased");
        std::thread::sleep(Duration::from_millis(10));
    }
    assert!(house.archive.lease_next().unwrap().is_none(), "its holder lives");
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(house.archive.lease_next().unwrap().unwrap().batch(), batch);
}

#[test]
fn who_has_lost_the_lease_can_neither_report_nor_file() {
    let house = house();
    let old = house.read_batch(b"scan", 1);
    let filing = house.filing(&old, vec![hold(&old, [1], Reason::NoId)]);
    // As if its process had been taken for dead: the row is freed behind its back.
    steal(house.dir());
    let new = house.archive.lease_next().unwrap().unwrap();
    let mut pack = house.archive.pack_writer(&new).unwrap();
    pack.append(PageNumber(1), &reading("again")).unwrap();
    let pages = pack.sync().unwrap();
    assert!(matches!(house.archive.pages_read(&old, &pages), Err(ArchiveError::LeaseLost { .. })));
    assert!(matches!(house.archive.file(&old, &filing, &[]), Err(FileError::LeaseLost)));
    house.archive.file(&new, &filing, &[]).unwrap();
    drop(old);
    assert_eq!(house.archive.batch(&new.batch()).unwrap().state, BatchState::Filed);
}

fn steal(dir: &Path) {
    let catalogue = rusqlite::Connection::open(dir.join("catalogue.sqlite")).unwrap();
    catalogue.execute("UPDATE batch SET lease_owner = 'idead'", []).unwrap();
}

#[test]
fn handles_on_one_archive_write_side_by_side() {
    let house = house();
    let other = open(house.dir());
    assert_eq!(house.archive.epoch(), other.epoch());
    std::thread::scope(|scope| {
        for (who, archive) in [(0_u8, &house.archive), (1, &other)] {
            let house = &house;
            scope.spawn(move || {
                for n in 0..50_u8 {
                    let arrival = house.arrival(&[who, n]);
                    archive.receive(&arrival).unwrap();
                    let closed = archive.close_batch(&house.job(&[arrival])).unwrap();
                    assert!(matches!(closed, Closed::New(_)));
                }
            });
        }
    });
    assert_eq!(other.status().unwrap().waiting, 100);
}
