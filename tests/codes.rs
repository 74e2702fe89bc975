//! Codes on paper: from the published tables to the page that is found.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod harness;

use std::fs;
use std::path::Path;
use std::process::Command;

use harness::scripts::{labelled, write};
use harness::{Chartroom, root};
use serde_json::Value;

/// With the tables that are shipped.
fn room() -> Chartroom {
    let room = Chartroom::scripted();
    fs::create_dir(room.path("codes")).unwrap();
    for file in fs::read_dir(root().join("config/codes")).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), room.path("codes").join(file.file_name())).unwrap();
    }
    room
}

fn import(room: &Chartroom, name: &str, pages: &[String]) {
    let path = room.path(name);
    write(&path, pages);
    room.import(&[path.as_path()]);
}

fn search(room: &Chartroom, query: &str) -> Value {
    room.json(&["search", "--json", query])
}

fn total(room: &Chartroom, query: &str) -> u64 {
    search(room, query)["total"].as_u64().unwrap()
}

#[test]
fn a_page_that_prints_only_a_code_is_found_by_it_by_a_star_and_by_its_words() {
    let room = room();
    let pages = [
        labelled(0, "Dx: E11.9 stable on metformin"),
        labelled(1, "Dx: E1l.65 seen today"),
        labelled(2, "moved to room E11 with vitamin B12"),
        labelled(3, "A0428 by ground, CPT 99213, HCPCS D0120"),
    ];
    import(&room, "notes.txt", &pages);
    for (query, found) in [
        ("type 2 diabetes", 2),
        ("code:E11*", 2),
        ("code:e119", 1),
        ("E11.9", 1),
        ("E11*", 3),
        ("code:E11", 0),
        ("code:B12", 0),
        ("code:A0428", 1),
        ("non-emergency ambulance", 1),
        ("code:99213", 1),
        ("code:D0120", 0),
    ] {
        assert_eq!(total(&room, query), found, "{query}");
    }
    let answer = search(&room, "type 2 diabetes");
    let told = answer["also_searched"].as_array().unwrap();
    assert!(told.contains(&"ICD-10-CM E11 Type 2 diabetes mellitus".into()), "{answer}");
    assert!(answer["understood"].as_str().unwrap().contains("(or a code of E11"), "{answer}");
    let hit = &search(&room, "code:E11.65")["hits"][0];
    assert!(hit["snippet"].as_str().unwrap().contains("<b>E1l.65</b>"), "{hit}");
    assert_eq!(hit["boxes"].as_array().unwrap().len(), 1);
    room.verified();
}

#[test]
fn with_other_tables_the_same_pages_have_other_codes() {
    let room = Chartroom::scripted();
    import(&room, "notes.txt", &[labelled(0, "Dx: E11.9 stable")]);
    assert_eq!((total(&room, "code:E11*"), total(&room, "E11.9")), (0, 1), "no table, no codes");
    fs::create_dir(room.path("codes")).unwrap();
    let shipped = root().join("config/codes/icd10cm-order-April-2026.txt");
    fs::copy(shipped, room.path("codes/icd10cm-order-April-2026.txt")).unwrap();
    room.ok(&["index", "rebuild"]);
    assert_eq!(total(&room, "code:E11*"), 1);
    fs::remove_dir_all(room.path("codes")).unwrap();
    import(&room, "more.txt", &[labelled(1, "Dx: I10")]);
    assert_eq!(total(&room, "code:E11*"), 0, "the line that starts builds the index anew");
}

#[test]
fn tables_that_cannot_be_understood_are_refused_by_name_and_line() {
    let room = room();
    fs::write(room.path("codes/icd10cm-order-2025.txt"), "E119 Type 2 diabetes\n").unwrap();
    import_fails(&room, "codes/icd10cm-order-2025.txt, line 1: not a line of an order file");
    fs::rename(room.path("codes/icd10cm-order-2025.txt"), room.path("codes/codes.csv")).unwrap();
    import_fails(&room, "codes/codes.csv: not the name of a code table");
    let doctor = room.run(&["doctor"]);
    assert_eq!(doctor.status.code(), Some(2));
}

fn import_fails(room: &Chartroom, why: &str) {
    let page = room.path("note.txt");
    write(&page, &[labelled(0, "Dx: E11.9")]);
    let out = room.run(&["import", page.to_str().unwrap()]);
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert_eq!(out.status.code(), Some(2), "{said}");
    assert!(said.contains(why), "{said}");
}

#[test]
fn the_doctor_says_which_tables_are_there_and_that_a_sample_is_no_table() {
    let codes = |room: &Chartroom| {
        let checks = room.json(&["doctor", "--json"])["checks"].as_array().unwrap().clone();
        checks.into_iter().filter(|check| check["what"] == "codes").collect::<Vec<_>>()
    };
    let none = codes(&Chartroom::scripted());
    assert!(none[0]["words"].as_str().unwrap().starts_with("no tables"), "{none:?}");
    let shipped = codes(&room());
    assert!(
        shipped[0]["words"].as_str().unwrap().contains("ICD-10-CM of 2026-04-01 to 2026-09-30"),
        "{shipped:?}"
    );
    assert!(
        shipped.iter().any(|check| check["warns"] == true && check["words"].to_string().contains("sample"))
    );
}

#[test]
fn a_backup_holds_the_tables_where_the_configuration_looks_for_them() {
    let room = room();
    let to = room.path("backup");
    room.ok(&["backup", to.to_str().unwrap()]);
    let generation = fs::read_dir(to.join("generations")).unwrap().next().unwrap().unwrap().path();
    let kept = |name: &str| generation.join("config").join(name).exists();
    assert!(kept("chartroom.toml") && kept("codes/icd10cm-order-April-2026.txt"));
    let restored = room.path("restored");
    let mut program = Command::new(env!("CARGO_BIN_EXE_chartroom"));
    program.arg("--config").arg(room.path("chartroom.toml")).arg("--data").arg(&restored);
    assert!(program.arg("restore").arg(&to).output().unwrap().status.success());
    assert!(Path::new(&restored).join("restored-config/codes/HCPC2026_JAN_ANWEB.txt").exists());
}
