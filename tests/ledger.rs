//! Every sheet is accounted for, from what was declared to what can be found.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod harness;

use std::fs;

use harness::scripts::{BLANK, labelled, write};
use harness::{Chartroom, reasons};
use serde_json::{Value, json};

const INDEX_FILE_STATION: &str = "[[station]]\nname = \"indexed\"\nfolder = \"in/indexed\"\nseparation = \"sheet\"\ngroup = \"manifest\"\n";

fn only_batch(room: &Chartroom) -> Value {
    let documents = room.documents();
    let held = room.worklist();
    let batch = documents.iter().chain(&held).next().unwrap()["batch"].as_str().unwrap().to_owned();
    room.json(&["show", &batch, "--json"])
}

#[test]
fn the_ledger_leads_from_what_was_declared_to_what_can_be_found() {
    let room = Chartroom::scripted_with(INDEX_FILE_STATION);
    let folder = room.path("in/indexed");
    fs::create_dir(&folder).unwrap();
    write(&folder.join("a.txt"), &[labelled(0, "first"), BLANK.into()]);
    write(&folder.join("b.txt"), &["NOTE\nof nobody\n".into()]);
    fs::write(folder.join("job.csv"), "file,sheets\na.txt,2\nb.txt,1\n").unwrap();
    room.see_through(60);
    let ledger = &only_batch(&room)["ledger"];
    for (step, count) in [
        ("declared_sheets", 3),
        ("originals", 2),
        ("pages", 3),
        ("read", 3),
        ("in_documents", 1),
        ("in_exceptions", 1),
        ("blank", 1),
        ("pending", 0),
        ("searchable", 2),
        ("gap", 0),
    ] {
        assert_eq!(ledger[step], json!(count), "{step}: {ledger}");
    }
    let words = room.ok(&["show", only_batch(&room)["batch"].as_str().unwrap()]);
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        words.contains("3 sheets declared, 3 pages received, 3 read, 1 filed, 1 held, 1 blank, 2 searchable"),
        "{words}"
    );
    assert_eq!(room.json(&["status", "--json"])["alarms"], json!([]));
}

#[test]
fn a_sheet_that_went_through_the_scanner_twice_is_shown_with_its_batch() {
    let room = Chartroom::scripted_with(INDEX_FILE_STATION);
    let folder = room.path("in/indexed");
    fs::create_dir(&folder).unwrap();
    let words: Vec<String> = (0..30).map(|nth| format!("finding{nth}")).collect();
    let note = format!("NOTE\n{}\n", words.join(" "));
    write(&folder.join("a.txt"), &[note.clone(), labelled(0, "first"), note]);
    fs::write(folder.join("job.csv"), "file,sheets\na.txt,3\n").unwrap();
    room.see_through(60);
    let batch = only_batch(&room);
    assert_eq!(batch["suspects"], json!([{ "why": "fed_twice", "pages": [1, 3] }]));
    let told = room.ok(&["show", batch["batch"].as_str().unwrap()]);
    assert!(told.contains("? page 1, 3: the same as a page before"), "{told}");
}

#[test]
fn a_batch_whose_declared_count_differs_is_held() {
    let room = Chartroom::scripted_with(INDEX_FILE_STATION);
    let folder = room.path("in/indexed");
    fs::create_dir(&folder).unwrap();
    write(&folder.join("a.txt"), &[labelled(0, "first"), labelled(1, "second")]);
    fs::write(folder.join("job.csv"), "file,sheets\na.txt,3\n").unwrap();
    room.see_through(60);
    assert!(room.documents().is_empty());
    assert!(
        reasons(&room.worklist()).iter().all(|reason| reason == "PAGECOUNT_MISMATCH"),
        "{:?}",
        room.worklist()
    );
    room.verified();
}
