//! Does what is urgent wait behind what is large?

mod harness;

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use harness::scripts::{labelled, write};
use harness::{Chartroom, eventually, names_below};

/// A station whose paper is urgent.
const STAT: &str = "[readers]\njobs = 2\n[[station]]\nname = \"stat\"\nfolder = \"in/stat\"\nseparation = \"sheet\"\npriority = \"stat\"\n";

/// More files of 5,000 pages than batches are worked on at a time; each page takes as long as a real one.
const LARGE: usize = 12;

fn large_file(path: &Path, which: usize) {
    let page = |page: usize| format!("@slow 400\nPROGRESS NOTE\nfile {which} page {page}\n");
    write(path, &(0..5_000).map(page).collect::<Vec<_>>());
}

/// Documents and exceptions there are.
fn decided(room: &Chartroom) -> usize {
    room.documents().len() + room.worklist().len()
}

#[test]
fn a_stat_page_is_read_within_ten_seconds_beside_files_of_five_thousand_pages() {
    let room = Chartroom::scripted_with(STAT);
    fs::create_dir_all(room.path("in/stat")).unwrap();
    for which in 0..LARGE {
        large_file(&room.path(&format!("in/sheets/large{which}.txt")), which);
    }
    let line = room.start(&["run"]);
    eventually(60, "all large files are taken", || names_below(&room.path("in/sheets/taken")).len() == LARGE);
    // All batches that may be worked on at a time are, and read by now.
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(decided(&room), 0, "no large file is done");
    for page in 0..2 {
        let dropped = Instant::now();
        write(&room.path(&format!("in/stat/fax{page}.txt")), &[labelled(page, "potassium")]);
        eventually(30, "the fax is filed or held", || decided(&room) == page + 1);
        let took = dropped.elapsed();
        assert!(took < Duration::from_secs(10), "{took:?}");
    }
    line.kill();
}
