//! How does a station leave shadow mode, and how does it come back?
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod harness;

use archive::{Archive, Assignment, Settings};
use harness::scripts::{labelled, write};
use harness::{Chartroom, reasons};
use records::identifier::{AuthorityId, Identifier};
use serde_json::{Value, json};

/// Everything is proposed, nothing files itself.
fn room() -> Chartroom {
    let room = Chartroom::scripted();
    let config = std::fs::read_to_string(room.path("chartroom.toml")).unwrap();
    std::fs::write(room.path("chartroom.toml"), config.replace("mode = \"auto\"", "mode = \"shadow\""))
        .unwrap();
    room
}

fn scan(room: &Chartroom, name: &str, pages: usize) -> Value {
    let path = room.path(&format!("{name}.txt"));
    write(&path, &(0..pages).map(|page| labelled(page, &format!("{name} {page}"))).collect::<Vec<_>>());
    room.json(&["import", "--json", "--station", "sheets", path.to_str().unwrap()])
}

/// A clerk decides as the pages say, about so many.
fn agree(room: &Chartroom, count: usize) {
    let archive = Archive::open(&room.path("data"), &Settings::default()).unwrap();
    for held in archive.worklist().unwrap().into_iter().take(count) {
        let number = held.evidence.iter().find(|own| own.kind == records::evidence::EvidenceKind::Number);
        let number = Identifier::mrn(&AuthorityId("GENHOSP".into()), &number.unwrap().text);
        let patient = archive.patient_by_number(&number).unwrap().unwrap().id;
        let assignment = Assignment::to(patient, number, "clerk:lopez");
        archive.assign(&held.id, &assignment).unwrap();
    }
}

fn sign(room: &Chartroom) -> (Option<i32>, String) {
    let out = room.run(&["shadow", "sign", "sheets", "PROG", "--as", "supervisor"]);
    (out.status.code(), String::from_utf8(out.stderr).unwrap())
}

/// domain.md 2.12: shadow mode and its exit
#[test]
fn a_station_that_agreed_three_hundred_times_files_by_itself_until_one_document_is_wrong() {
    let room = room();
    assert_eq!(scan(&room, "trial", 302)["documents_filed"], 0);
    assert!(reasons(&room.worklist()).iter().all(|reason| reason == "SHADOW"));
    agree(&room, 299);
    let (code, said) = sign(&room);
    assert!(code == Some(2) && said.contains("299 decisions agreed"), "{said}");
    agree(&room, 1);
    let shadow = &room.json(&["status", "--json"])["shadow"];
    assert_eq!(shadow["mode"], "shadow");
    assert_eq!(
        (&shadow["classes"][0]["agreeing"], &shadow["classes"][0]["needed"]),
        (&json!(300), &json!(300))
    );
    assert_eq!(scan(&room, "unsigned", 1)["documents_filed"], 0);
    assert_eq!(sign(&room).0, Some(0));
    assert_eq!(room.json(&["shadow", "--json"])["classes"][0]["signed"]["by"], "clerk:supervisor");

    let filed = scan(&room, "released", 3);
    assert_eq!((&filed["documents_filed"], &filed["exceptions"]), (&json!(3), &json!(0)));
    let archive = Archive::open(&room.path("data"), &Settings::default()).unwrap();
    let by_itself = room.documents().into_iter().find(|own| own["file"] == "released.txt").unwrap();
    let wrong = by_itself["document"].as_str().unwrap().parse().unwrap();
    assert_eq!(archive.document(&wrong).unwrap().unwrap().filed_by, "line");
    archive.quarantine(&wrong, "clerk:lopez", "another's label").unwrap();
    drop(archive);
    assert_eq!(scan(&room, "again on trial", 1)["documents_filed"], 0);
    let class = &room.json(&["shadow", "--json"])["classes"][0];
    assert_eq!(
        (&class["agreeing"], &class["disagreeing"], &class["signed"]),
        (&json!(0), &json!(1), &Value::Null)
    );
    room.verified();
}

#[test]
fn a_trial_is_told_in_plain_words() {
    let room = room();
    assert!(room.ok(&["shadow"]).contains("Nobody has decided about a proposal yet."));
    scan(&room, "one", 1);
    agree(&room, 1);
    let shown = room.ok(&["shadow"]);
    assert!(shown.contains("1 of 300") && shown.contains("299 more decisions that agree"), "{shown}");
    assert!(room.ok(&["status"]).contains("Shadow mode"));
    assert!(shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
}
