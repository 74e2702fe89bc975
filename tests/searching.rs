//! What does a clerk find, and how soon?
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod harness;

use std::time::{Duration, Instant};

use harness::scripts::{labelled, naming, write};
use harness::{Chartroom, eventually, sample};
use records::sheet::{MARK, SheetKey, SheetKind, SheetPayload, new_serial, sign};
use serde_json::{Value, json};

const LINDQVIST: (&str, &str, &str) = ("10593046", "LINDQVIST, HAROLD J", "11/02/1947");

fn room() -> Chartroom {
    Chartroom::scripted_with(&format!(
        "[sheets]\nsite = \"DEMO\"\nkeys = \"{}\"\n[[station]]\nname = \"boxes\"\nfolder = \"in/boxes\"\n\
         separation = \"identity\"\n",
        sample("sheet-keys.toml").display()
    ))
}

fn key() -> SheetKey {
    let table: toml::Table = std::fs::read_to_string(sample("sheet-keys.toml")).unwrap().parse().unwrap();
    let of = |name: &str| table["key"][0][name].as_str().unwrap().to_owned();
    SheetKey { site: of("site"), id: of("id"), secret: of("secret") }
}

fn box_sheet(name: &str, serial: u8) -> String {
    let payload = SheetPayload {
        site: key().site,
        key_id: key().id,
        kind: SheetKind::Box,
        authority: None,
        mrn: None,
        visit: None,
        document_kind: None,
        service: None,
        sheets: None,
        folder: Some(name.into()),
        printed: "2026-02-28T08:00:00Z".parse().unwrap(),
        serial: new_serial([serial; 16]),
    };
    format!("{MARK}\nBOX SHEET\n@barcode qr {}\n{MARK}\n", sign(&payload, &key()))
}

fn import(room: &Chartroom, name: &str, pages: &[String]) -> Value {
    let path = room.path(name);
    write(&path, pages);
    room.json(&["import", "--json", "--station", "boxes", path.to_str().unwrap()])
}

fn total(room: &Chartroom, query: &str) -> u64 {
    room.json(&["search", "--json", query])["total"].as_u64().unwrap()
}

#[test]
fn a_page_is_found_by_the_box_its_paper_lies_in() {
    let room = room();
    let note = |words: &str| naming(LINDQVIST, words);
    let pages = [
        note("before any box"),
        box_sheet("ER2019.12", 1),
        note("first of twelve"),
        note("second of twelve"),
        box_sheet("ER2019.13", 2),
        note("alone in thirteen"),
    ];
    import(&room, "boxes.txt", &pages);
    assert_eq!(total(&room, "box:ER2019.12"), 2);
    assert_eq!(total(&room, "box:13"), 1);
    assert_eq!(total(&room, "box:er2019.13 alone"), 1);
    assert_eq!(total(&room, "box:14"), 0);
    assert!(room.verified()["ok"].as_bool().unwrap());
}

#[test]
fn a_box_sheet_is_printed_and_a_box_without_its_project_is_refused() {
    let room = room();
    let pdf = room.path("box.pdf");
    let said = room.ok(&["sheet", "--box", "ER2019.12", "--output", pdf.to_str().unwrap()]);
    assert!(said.contains("1 sheet in"), "{said}");
    assert!(std::fs::read(&pdf).unwrap().starts_with(b"%PDF"));
    let refused = room.run(&["sheet", "--box", "twelve", "--output", pdf.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("a box is PROJECT.BOX"));
}

#[test]
fn a_type_is_asked_for_by_its_name_and_what_was_filed_on_by_its_evidence() {
    let room = room();
    import(&room, "note.txt", &[naming(LINDQVIST, "wound dry")]);
    for query in [
        "type:prog",
        "type:\"progress note\"",
        "type:progress wound",
        "evidence:birth_date",
        "mrn:10-59-30-46",
    ] {
        assert_eq!(total(&room, query), 1, "{query}");
    }
    assert_eq!(total(&room, "type:\"operative note\""), 0);
    assert_eq!(total(&room, "evidence:declared"), 0);
}

/// "This chart has 7 pages with little or no readable text": absence of a hit is no absence of the record.
#[test]
fn a_chart_says_how_many_of_its_pages_cannot_be_searched() {
    let room = room();
    let prose = "seen today in good health and will come again in a month or when anything is amiss";
    import(&room, "note.txt", &[naming(LINDQVIST, prose)]);
    let (number, name, born) = LINDQVIST;
    let label = format!("PROGRESS NOTE\n{name}\nMRN {number}\nDOB {born}\n");
    import(&room, "label-on-a-drawing.txt", &[label]);
    let answer = room.json(&["search", "--json", "mrn:10593046 zebra"]);
    assert_eq!(answer["total"], 0);
    assert_eq!(answer["chart_text"], json!({ "pages": 2, "hard_to_read": 1 }), "{answer}");
    let said = room.ok(&["search", "mrn:10593046 zebra"]);
    assert!(said.contains("Of 2 pages in this chart, 1 has little or no readable text"), "{said}");
    assert_eq!(total(&room, "mrn:10593046 legibility:none OR legibility:little"), 1);
    assert!(room.json(&["search", "--json", "zebra"])["chart_text"].is_null());
}

/// The index knows by patient as filed; who is one person by now is counted as one.
#[test]
fn an_answer_is_divided_by_patient_as_merges_have_it_now() {
    let room = room();
    let rosa = ("10617258", "MARCHETTI, ROSA", "07/21/1988");
    for (name, whose) in [("a", LINDQVIST), ("b", LINDQVIST), ("c", rosa)] {
        import(&room, &format!("{name}.txt"), &[naming(whose, &format!("wound {name}"))]);
    }
    let people = || room.json(&["search", "--json", "wound"])["facets"]["patient"].clone();
    let counted = |people: &Value| -> Vec<(String, u64)> {
        let one = |one: &Value| (one[0]["name"].as_str().unwrap().to_owned(), one[1].as_u64().unwrap());
        people.as_array().unwrap().iter().map(one).collect()
    };
    let apart = [("LINDQVIST, HAROLD J".into(), 2), ("MARCHETTI, ROSA".into(), 1)];
    assert_eq!(counted(&people()), apart);
    let why = ["--despite", "--as", "Kim", "--reason", "one person after all"];
    room.ok(&[["patients", "merge", "10617258", "10593046"].as_slice(), &why].concat());
    assert_eq!(counted(&people()), [("LINDQVIST, HAROLD J".into(), 3)]);
}

fn scan(room: &Chartroom, name: &str, pages: usize) {
    let pages: Vec<String> = (0..pages).map(|page| labelled(page, name)).collect();
    write(&room.path(&format!("in/sheets/{name}.txt")), &pages);
}

/// Scans on and on until it is dropped.
struct Flood<'a> {
    room: &'a Chartroom,
    number: usize,
}

impl Flood<'_> {
    fn more(&mut self) {
        for _ in 0..20 {
            self.number += 1;
            scan(self.room, &format!("flood{}", self.number), 20);
        }
    }
}

#[test]
fn a_page_is_found_within_two_seconds_of_its_filing_while_the_line_is_busy() {
    let room = room();
    let line = room.start(&["run", "--role", "intake,read,follow"]);
    let mut flood = Flood { room: &room, number: 0 };
    let mut took = Vec::new();
    for probe in 0..5 {
        flood.more();
        let name = format!("probe{probe}");
        scan(&room, &name, 1);
        let filed = || room.documents().iter().any(|document| document["file"] == format!("{name}.txt"));
        eventually(60, "the probe is filed", filed);
        let since = Instant::now();
        eventually(60, "the probe is found", || total(&room, &name) == 1);
        took.push(since.elapsed());
    }
    took.sort();
    assert!(took[4] <= Duration::from_secs(2), "{took:?}");
    assert_eq!(line.terminate(), Some(0));
}

#[test]
fn an_index_is_built_anew_beside_the_living_one_and_nothing_filed_meanwhile_is_late() {
    let room = room();
    let line = room.start(&["run", "--role", "intake,read,follow"]);
    let mut flood = Flood { room: &room, number: 0 };
    flood.more();
    scan(&room, "early", 3);
    eventually(60, "the first are found", || total(&room, "early") == 3);
    let mut command = room.command(&["index", "rebuild"]);
    let rebuild = command.stdout(std::process::Stdio::piped()).spawn().unwrap();
    scan(&room, "late", 2);
    eventually(60, "found, whichever index answers", || {
        total(&room, "late") == 2 && total(&room, "early") == 3
    });
    let out = rebuild.wait_with_output().unwrap();
    assert!(out.status.success());
    assert_eq!(String::from_utf8_lossy(&out.stdout), "The search index is new.\n");
    assert_eq!((total(&room, "late"), total(&room, "early")), (2, 3));
    assert_eq!(line.terminate(), Some(0));
    assert!(room.verified()["ok"].as_bool().unwrap());
}
