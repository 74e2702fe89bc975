//! Does an archive whose process is killed at any moment end as one that was left in peace?

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use archive::DocumentFilter;
use records::exception::Reason;
use records::ids::{DocumentId, ExceptionId, PageNumber};

use crate::house::{House, document, hold, house_at, reading, survey};

/// Where the child process finds its archive.
const CHILD: &str = "CHARTROOM_TEST_CHILD_LINE";
const FILES: u8 = 80;
const PAGES: u32 = 7;

/// Takes the same files every time, and finishes whatever was begun.
fn work(house: &House) {
    let jane = house.jane();
    for left in house.archive.arrivals_unbatched().unwrap() {
        house.archive.close_batch(&house.job(&[left.arrival])).unwrap();
    }
    for file in 0..FILES {
        house.drop_file(&[file]);
        while let Some(lease) = house.archive.lease_next().unwrap() {
            house.archive.surveyed(&lease, 0, &Ok(survey(PAGES))).unwrap();
            house.archive.number_pages(&lease).unwrap();
            let mut pack = house.archive.pack_writer(&lease).unwrap();
            for page in (1..=PAGES).map(PageNumber) {
                if !pack.pages_done().contains(&page) {
                    pack.append(page, &reading("words")).unwrap();
                }
            }
            house.archive.pages_read(&lease, &pack.sync().unwrap()).unwrap();
            drop(pack);
            house.file(&lease, vec![document(&lease, 1..=3, jane), hold(&lease, 4..=6, Reason::NoId)]);
        }
    }
}

#[test]
#[ignore = "the child process of the test below"]
fn child_that_works() {
    work(&house_at(std::env::var_os(CHILD).unwrap().as_ref()));
}

fn child(dir: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "kill::child_that_works"])
        .env(CHILD, dir)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// What an archive holds, without times.
fn holds(dir: &Path) -> (Vec<DocumentId>, Vec<ExceptionId>, u64, archive::VerifyReport) {
    let house = house_at(dir);
    let mut documents: Vec<_> =
        house.archive.documents(&DocumentFilter::default()).unwrap().iter().map(|row| row.id).collect();
    let mut exceptions: Vec<_> = house.archive.worklist().unwrap().iter().map(|row| row.id).collect();
    documents.sort();
    exceptions.sort();
    let report = house.archive.verify(true).unwrap();
    (documents, exceptions, house.archive.indexed_count().unwrap(), report)
}

#[test]
fn an_archive_killed_again_and_again_ends_as_one_left_in_peace() {
    let peace = tempfile::tempdir().unwrap();
    work(&house_at(peace.path()));
    let expected = holds(peace.path());
    assert_eq!((expected.0.len(), expected.2), (usize::from(FILES), u64::from(FILES) * 6));

    let war = tempfile::tempdir().unwrap();
    for round in 0..12 {
        let mut child = child(war.path());
        std::thread::sleep(Duration::from_millis(8 + round * 6));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(holds(war.path()).3.ok, "after kill {round}");
    }
    assert!(child(war.path()).wait().unwrap().success());
    assert_eq!(holds(war.path()), expected);
    assert_eq!(house_at(war.path()).archive.audit_verify(&[]).unwrap().broken_at, None);
}
