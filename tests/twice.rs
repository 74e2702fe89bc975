//! What if pages, or a sheet of ours, come a second time; and what if somebody says whose a file is?
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod harness;

use std::path::PathBuf;

use harness::scripts::{naming, write};
use harness::{Chartroom, reasons, sample};
use records::identifier::{AuthorityId, Identifier};
use records::judge::IssuedSheet;
use records::sheet::{MARK, SheetKey, SheetKind, SheetPayload, new_serial, sign};
use serde_json::Value;

const LINDQVIST: (&str, &str, &str) = ("10593046", "LINDQVIST, HAROLD J", "11/02/1947");
const PETROV: (&str, &str, &str) = ("10926584", "PETROV, ANTON", "12/24/1939");

/// Stacks under cover sheets at `stacks`, and a second such station.
fn room() -> Chartroom {
    let keys = sample("sheet-keys.toml");
    Chartroom::scripted_with(&format!(
        "[sheets]\nsite = \"DEMO\"\nkeys = \"{}\"\n\
         [[station]]\nname = \"stacks\"\nfolder = \"in/stacks\"\n\
         [[station]]\nname = \"other\"\nfolder = \"in/other\"\n",
        keys.display()
    ))
}

fn key() -> SheetKey {
    let text = std::fs::read_to_string(sample("sheet-keys.toml")).unwrap();
    let table: toml::Table = text.parse().unwrap();
    let of = |name: &str| table["key"][0][name].as_str().unwrap().to_owned();
    SheetKey { site: of("site"), id: of("id"), secret: of("secret") }
}

/// A cover sheet and its end sheet, issued, for somebody.
fn sheets(room: &Chartroom, mrn: &str, count: Option<u32>) -> (String, String) {
    let serial = new_serial([7; 16]);
    let authority = AuthorityId("GENHOSP".into());
    let printed = "2026-02-28T08:00:00Z".parse().unwrap();
    let payload = |kind, sheets| SheetPayload {
        site: key().site,
        key_id: key().id,
        kind,
        authority: Some(authority.clone()),
        mrn: Some(mrn.into()),
        visit: None,
        document_kind: None,
        service: None,
        sheets,
        folder: None,
        printed,
        serial: serial.clone(),
    };
    let both = [payload(SheetKind::Cover, count), payload(SheetKind::End, None)];
    let issued = both.each_ref().map(|payload| IssuedSheet {
        serial: payload.serial_use(),
        number: Some(Identifier::mrn(&authority, mrn)),
        confirmed: true,
        by: "clerk:lopez".into(),
        at: printed,
    });
    let register = room.path("register.json");
    std::fs::write(&register, serde_json::to_vec(&issued).unwrap()).unwrap();
    room.ok(&["sheet", "--register", register.to_str().unwrap()]);
    let [cover, end] = both.map(|payload| {
        format!("{MARK}\n{} {mrn}\n@barcode qr {}\n{MARK}\n", payload.kind.title(), sign(&payload, &key()))
    });
    (cover, end)
}

/// Eighty words of their own; those of `changed` are others.
fn words(seed: &str, changed: std::ops::Range<usize>) -> String {
    let word = |nth: usize| {
        let own = if changed.contains(&nth) { "other" } else { "word" };
        format!("{seed}{own}{nth}{}", if nth % 8 == 7 { "\n" } else { " " })
    };
    (0..80).map(word).collect()
}

fn note((number, name, born): (&str, &str, &str), words: &str) -> String {
    format!("PROGRESS NOTE\nPatient Name: {name}\nMRN: {number}\nDOB: {born}\n{words}\n")
}

fn silent(words: &str) -> String {
    format!("continued\n{words}\n")
}

fn scan(room: &Chartroom, station: &str, name: &str, pages: &[String]) -> Value {
    let path = room.path(name);
    write(&path, pages);
    room.json(&["import", "--json", "--station", station, path.to_str().unwrap()])
}

fn held(room: &Chartroom) -> Vec<Value> {
    room.worklist().into_iter().filter(|item| item["document"].is_null()).collect()
}

fn doubtful(room: &Chartroom) -> Vec<Value> {
    room.worklist().into_iter().filter(|item| !item["document"].is_null()).collect()
}

/// domain.md 2.5: any other second appearance holds the second document and puts the first on the worklist
#[test]
fn a_cover_sheet_used_again_holds_the_second_stack_and_puts_the_first_on_the_worklist() {
    let room = room();
    let (cover, end) = sheets(&room, LINDQVIST.0, None);
    let first = [cover.clone(), note(LINDQVIST, &words("a", 0..0)), end.clone()];
    assert_eq!(scan(&room, "stacks", "first.txt", &first)["documents_filed"], 1);
    let second = [cover, note(LINDQVIST, &words("b", 0..0)), end];
    assert_eq!(scan(&room, "stacks", "second.txt", &second)["documents_filed"], 0);
    assert_eq!(reasons(&held(&room)), ["COVERSHEET_REUSED"]);
    let first = room.documents();
    assert_eq!(first.len(), 1, "it stays where it is until somebody has looked");
    let doubts = doubtful(&room);
    assert_eq!(reasons(&doubts), ["COVERSHEET_REUSED"]);
    assert_eq!(doubts[0]["document"], first[0]["document"]);
    room.verified();
}

/// domain.md 2.5: bound when that batch is filed, held or not
#[test]
fn a_cover_sheet_under_which_nothing_came_is_used_up_all_the_same() {
    let room = room();
    let (cover, end) = sheets(&room, LINDQVIST.0, Some(1));
    scan(&room, "stacks", "alone.txt", std::slice::from_ref(&cover));
    assert_eq!(reasons(&held(&room)), ["PAGECOUNT_MISMATCH"], "the sheet itself is held");
    scan(&room, "other", "stack.txt", &[cover, note(LINDQVIST, &words("a", 0..0)), end]);
    let mut all = reasons(&held(&room));
    all.sort();
    assert_eq!(all, ["COVERSHEET_REUSED", "COVERSHEET_REUSED", "PAGECOUNT_MISMATCH"]);
    assert!(room.documents().is_empty());
    room.verified();
}

/// domain.md 2.5: a repeat after a jam is held, the complete run proposed
#[test]
fn a_stack_put_in_again_after_a_jam_is_held_and_the_complete_run_is_told() {
    let room = room();
    let (cover, end) = sheets(&room, LINDQVIST.0, Some(3));
    let pages: Vec<String> = ["a", "b"].map(|seed| silent(&words(seed, 0..0))).into();
    let first = [cover.clone(), note(LINDQVIST, &words("n", 0..0)), pages[0].clone()];
    scan(&room, "stacks", "jammed.txt", &first);
    let again = [cover, note(LINDQVIST, &words("n", 3..5)), pages[0].clone(), pages[1].clone(), end];
    scan(&room, "stacks", "again.txt", &again);
    assert!(room.documents().is_empty() && doubtful(&room).is_empty());
    let held = held(&room);
    assert_eq!(reasons(&held), ["PAGECOUNT_MISMATCH", "COVERSHEET_REUSED"]);
    let shown = room.json(&["show", held[1]["id"].as_str().unwrap(), "--json"]);
    let detail = shown["detail"].as_str().unwrap();
    assert!(
        detail.contains("with 2 pages; here it has 3. The complete run seems to be this one"),
        "{detail}"
    );
}

/// domain.md AF-3: same words, same person, same station within 4 hours
#[test]
fn the_same_page_scanned_again_at_its_station_is_held() {
    let room = room();
    let page = |changed| note(LINDQVIST, &words("a", changed));
    assert_eq!(scan(&room, "sheets", "first.txt", &[page(0..0)])["documents_filed"], 1);
    assert_eq!(scan(&room, "sheets", "misread.txt", &[page(10..13)])["documents_filed"], 0);
    assert_eq!(reasons(&room.worklist()), ["DUPLICATE_SCAN"]);
    assert_eq!(scan(&room, "sheets", "another.txt", &[page(10..20)])["documents_filed"], 1, "other words");
    let someone = note(PETROV, &words("a", 0..0));
    assert_eq!(
        scan(&room, "sheets", "form.txt", &[someone])["documents_filed"],
        1,
        "the same form of another"
    );
    assert_eq!(
        scan(&room, "jobs", "elsewhere.txt", &[page(30..32)])["documents_filed"],
        1,
        "another station"
    );
    room.verified();
}

#[test]
fn of_two_equal_sheets_in_one_stack_the_second_is_held() {
    let room = room();
    let pages = [0..0, 5..7].map(|changed| note(LINDQVIST, &words("a", changed)));
    assert_eq!(scan(&room, "sheets", "stack.txt", &pages)["documents_filed"], 1);
    let held = room.worklist();
    assert_eq!(
        (reasons(&held), &held[0]["pages"]),
        (vec!["DUPLICATE_SCAN".to_owned()], &serde_json::json!([2]))
    );
    let shown = room.json(&["show", held[0]["id"].as_str().unwrap(), "--json"]);
    assert_eq!(shown["detail"], "Page 2 has the words of page 1 of this batch.");
}

/// domain.md AF-3: a picture already filed to another person is contrary
#[test]
fn a_page_that_lies_in_another_chart_already_is_held_wherever_it_is_scanned() {
    let room = room();
    let page = note(LINDQVIST, &words("a", 0..0));
    let without_birth_date = page.replace("DOB: 11/02/1947\n", "");
    scan(&room, "sheets", "first.txt", &[without_birth_date]);
    let held = room.worklist().remove(0);
    assign(&room, held["id"].as_str().unwrap(), PETROV.0);
    assert_eq!(scan(&room, "jobs", "second.txt", &[page])["documents_filed"], 0);
    assert_eq!(reasons(&room.worklist()), ["DUPLICATE_SCAN"]);
}

/// A clerk's act, without the prompt's questions.
fn assign(room: &Chartroom, held: &str, mrn: &str) {
    let archive = archive::Archive::open(&room.path("data"), &archive::Settings::default()).unwrap();
    let number = Identifier::mrn(&AuthorityId("GENHOSP".into()), mrn);
    let patient = archive.patient_by_number(&number).unwrap().unwrap().id;
    let assignment = archive::Assignment::to(patient, number, "clerk:lopez");
    archive.assign(&held.parse().unwrap(), &assignment).unwrap();
}

fn hand_in(room: &Chartroom, name: &str, pages: &[String], who: &[&str]) -> (Option<i32>, String) {
    let path: PathBuf = room.path(name);
    write(&path, pages);
    let out = room.run(&[&["import", path.to_str().unwrap()], who].concat());
    (out.status.code(), String::from_utf8(out.stderr).unwrap())
}

const AS_LINDQVIST: [&str; 6] = ["--mrn", LINDQVIST.0, "--birth-date", "1947-11-02", "--as", "lopez"];

/// domain.md D-1, D-2: an upload declares
#[test]
fn a_file_handed_in_with_number_and_birth_date_is_filed_on_one_witness() {
    let room = room();
    let only_name = format!("LETTER\nPatient Name: {}\n{}\n", LINDQVIST.1, words("a", 0..0));
    assert_eq!(scan(&room, "stacks", "plain.txt", std::slice::from_ref(&only_name))["documents_filed"], 0);
    let pages = [only_name.replace("LETTER", "REPORT"), silent(&words("b", 0..0))];
    let (code, said) = hand_in(&room, "letter.txt", &pages, &AS_LINDQVIST);
    assert_eq!(code, Some(0), "{said}");
    let filed = room.documents();
    assert_eq!((filed.len(), &filed[0]["patient"]["mrn"]), (1, &LINDQVIST.0.into()));
    let shown = room.json(&["show", filed[0]["document"].as_str().unwrap(), "--json"]);
    assert!(shown["evidence"].as_array().unwrap().iter().any(|own| own["kind"] == "declared"), "{shown}");
    let (code, said) = hand_in(&room, "letter.txt", &pages, &AS_LINDQVIST);
    assert!(code == Some(1) && said.contains("came before"), "{said}");
    room.verified();
}

#[test]
fn who_hands_in_must_type_number_and_birth_date_and_both_must_agree() {
    let room = room();
    let page = [note(LINDQVIST, "")];
    let (code, said) = hand_in(&room, "a.txt", &page, &AS_LINDQVIST[..2]);
    assert!(code == Some(2) && said.contains("--birth-date"), "{said}");
    let wrong = ["--mrn", LINDQVIST.0, "--birth-date", "1947-02-11", "--as", "lopez"];
    let (code, said) = hand_in(&room, "a.txt", &page, &wrong);
    assert!(code == Some(2) && said.contains("does not agree"), "{said}");
    assert!(!said.contains("1947-11-02"), "what the chart says is not shown: {said}");
    assert_eq!(room.verified()["pages"], 0);
}

/// domain.md D-1: two declarations over the same sheets
#[test]
fn a_cover_sheet_of_somebody_else_in_a_file_that_is_handed_in_holds_all_of_it() {
    let room = room();
    let (cover, end) = sheets(&room, PETROV.0, None);
    let pages = [note(LINDQVIST, &words("a", 0..0)), cover, note(PETROV, &words("b", 0..0)), end];
    let (code, said) = hand_in(&room, "mixed.txt", &pages, &AS_LINDQVIST);
    assert_eq!(code, Some(0), "{said}");
    assert!(room.documents().is_empty());
    let told = room.worklist();
    assert_eq!(told.len(), 2);
    assert!(told.iter().all(|held| held["reasons"][0] == "DECLARATIONS_DIFFER"), "{told:?}");
}

/// Both stay in the chart and are found; whoever looks is told.
#[test]
fn a_page_that_is_in_a_chart_twice_is_found_twice_and_says_so() {
    let room = Chartroom::scripted();
    let words = "knee swollen since sunday morning";
    for (name, words) in
        [("a.txt", words.to_owned()), ("b.txt", format!("{words}  ")), ("c.txt", "other".into())]
    {
        write(&room.path("in/sheets").join(name), &[naming(LINDQVIST, &words)]);
        room.see_through(60);
    }
    assert_eq!(room.documents().len(), 3, "{:?}", reasons(&room.worklist()));
    let answer = room.json(&["search", "--json", "paperwork"]);
    let hits = answer["hits"].as_array().unwrap();
    let twice: Vec<&Value> = hits.iter().filter(|hit| hit["copies"] != serde_json::json!([])).collect();
    assert_eq!((hits.len(), twice.len()), (3, 2), "{answer}");
    assert_eq!(twice[0]["copies"][0]["document"], twice[1]["document"], "{answer}");
    let said = room.ok(&["search", "swollen"]);
    assert_eq!(said.matches("looks like a copy of").count(), 2, "{said}");
    assert!(said.contains("(looks like a copy of 1)"), "{said}");
}
