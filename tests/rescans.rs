//! A page is scanned again: does it come home, and does it stay away where it must? (`domain.md` 2.14, D-4)
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod harness;

use harness::scripts::write;
use harness::{Chartroom, reasons, sample};
use records::sheet::{MARK, SheetKey, SheetKind, SheetPayload, sign};
use serde_json::{Value, json};

const LINDQVIST: (&str, &str, &str) = ("10593046", "LINDQVIST, HAROLD J", "11/02/1947");
const PETROV: (&str, &str, &str) = ("10926584", "PETROV, ANTON", "12/24/1939");

/// Beside the stations of every scripted room: stacks under control sheets, files of one document, and a two-sided
/// scanner that proves its sheets.
fn room() -> Chartroom {
    Chartroom::scripted_with(&format!(
        "[sheets]\nsite = \"DEMO\"\nkeys = \"{}\"\n\
         [[station]]\nname = \"stacks\"\nfolder = \"in/stacks\"\n\
         [[station]]\nname = \"files\"\nfolder = \"in/files\"\nseparation = \"file\"\nfile_sheets = 9\n\
         [[station]]\nname = \"duplex\"\nfolder = \"in/duplex\"\nseparation = \"sheet\"\nsides = 2\n\
         blank_backs = \"delivered\"\nmultifeed = \"stops\"\n",
        sample("sheet-keys.toml").display()
    ))
}

fn key() -> SheetKey {
    let text = std::fs::read_to_string(sample("sheet-keys.toml")).unwrap();
    let table: toml::Table = text.parse().unwrap();
    let of = |name: &str| table["key"][0][name].as_str().unwrap().to_owned();
    SheetKey { site: of("site"), id: of("id"), secret: of("secret") }
}

/// The slip of that serial, as its scan reads.
fn slip_of(serial: &str) -> String {
    let payload = SheetPayload {
        site: key().site,
        key_id: key().id,
        kind: SheetKind::Rescan,
        authority: None,
        mrn: None,
        visit: None,
        document_kind: None,
        service: None,
        sheets: Some(1),
        folder: None,
        printed: "2026-02-28T08:00:00Z".parse().unwrap(),
        serial: serial.into(),
    };
    format!("{MARK}\n{}\n@barcode qr {}\n{MARK}\n", SheetKind::Rescan.title(), sign(&payload, &key()))
}

/// Asks for a page and answers the slip's scan.
fn ask(room: &Chartroom, id: &str, page: u32) -> String {
    let (pdf, page) = (room.path("slip.pdf"), page.to_string());
    let arguments = ["rescan", id, "--page", &page, "-o", pdf.to_str().unwrap(), "--as", "Kim", "--json"];
    let asked = room.json(&arguments);
    assert!(std::fs::read(&pdf).unwrap().starts_with(b"%PDF"), "{asked}");
    slip_of(asked["slip"].as_str().unwrap())
}

fn words(seed: &str) -> String {
    (0..40).map(|nth| format!("{seed}word{nth}{}", if nth % 8 == 7 { "\n" } else { " " })).collect()
}

fn note((number, name, born): (&str, &str, &str), words: &str) -> String {
    format!("PROGRESS NOTE\nPatient Name: {name}\nMRN: {number}\nDOB: {born}\n{words}\n")
}

fn scan(room: &Chartroom, station: &str, name: &str, pages: &[String]) -> Value {
    let path = room.path(name);
    write(&path, pages);
    room.json(&["import", "--json", "--station", station, path.to_str().unwrap()])
}

/// How many sheets came home.
fn home(taken: &Value) -> u64 {
    taken["rescans"].as_u64().unwrap_or(0)
}

fn only_document(room: &Chartroom) -> String {
    let documents = room.documents();
    assert_eq!(documents.len(), 1, "{documents:?}");
    documents[0]["document"].as_str().unwrap().to_owned()
}

fn show(room: &Chartroom, id: &str) -> Value {
    room.json(&["show", id, "--json"])
}

fn found(room: &Chartroom, query: &str) -> Vec<Value> {
    room.json(&["search", "--json", query])["hits"].as_array().unwrap().clone()
}

/// A document of three pages, the second of which says `faded`.
fn three_pages(room: &Chartroom) -> String {
    let pages =
        [note(LINDQVIST, "first"), format!("continued\n{}faded\n", words("b")), note(LINDQVIST, "third")];
    assert_eq!(scan(room, "files", "three.txt", &pages)["documents_filed"], 1, "{:?}", room.worklist());
    only_document(room)
}

/// domain.md D-4: through any station; 60 % of the words
#[test]
fn a_page_scanned_again_comes_home_through_another_station_and_the_item_closes_by_itself() {
    let room = room();
    let old = three_pages(&room);
    let slip = ask(&room, &old, 2);
    let waiting = room.worklist();
    assert_eq!((reasons(&waiting), &waiting[0]["document"]), (vec!["RESCAN_ASKED".into()], &json!(old)));
    assert_eq!(waiting[0]["rescans"][0]["state"], "awaited");
    assert_eq!(only_document(&room), old, "it stays in its chart");

    let clear = format!("continued\n{}legible\n", words("b"));
    let taken = scan(&room, "sheets", "again.txt", &[slip, clear]);
    assert_eq!(
        (&taken["rescans"], &taken["exceptions"], &taken["control_sheets"]),
        (&json!(1), &json!(0), &json!(1))
    );
    assert!(room.worklist().is_empty(), "{:?}", room.worklist());
    let new = only_document(&room);
    assert_ne!(new, old);
    let (is, was) = (show(&room, &new), show(&room, &old));
    assert_eq!(
        (&is["pages"], &was["pages"], &was["state"]),
        (&json!([1, 2, 3]), &json!([1, 2, 3]), &json!("void"))
    );
    assert_ne!(is["page_batches"][1], is["page_batches"][0]);
    assert_eq!(is["rescans"][0]["state"], "home");
    assert_eq!(is["rescans"][0]["superseded"][0], json!({ "batch": is["batch"], "page": 2 }));
    assert_eq!(is["patient"], was["patient"]);

    assert!(found(&room, "faded").is_empty(), "the old picture is not found any more");
    let hits = found(&room, "legible");
    assert_eq!((hits.len(), &hits[0]["document"], &hits[0]["page_in_document"]), (1, &json!(new), &json!(2)));
    assert_eq!(found(&room, "third").len(), 1);
    let told = room.ok(&["show", &new]).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("its old picture is page 2 of"), "{told}");
    let report = room.verified();
    assert_eq!(
        (&report["superseded"], &report["in_documents"], &report["index_behind"]),
        (&json!(1), &json!(3), &json!(0))
    );
}

/// AF-3 does not stand in the way: the page is expected to look like its old self.
#[test]
fn a_repeat_of_the_old_scan_at_the_same_station_comes_home() {
    let room = room();
    scan(&room, "sheets", "one.txt", &[note(LINDQVIST, &words("a"))]);
    let old = only_document(&room);
    let slip = ask(&room, &old, 1);
    let again = note(LINDQVIST, &format!("{}  ", words("a")));
    assert_eq!(home(&scan(&room, "sheets", "again.txt", &[slip, again])), 1);
    assert!(room.worklist().is_empty(), "{:?}", room.worklist());
    assert_ne!(only_document(&room), old);
    room.verified();
}

#[test]
fn a_held_page_comes_home_and_what_was_held_is_filed() {
    let room = room();
    let poor = format!("@poor\n{}", note(LINDQVIST, &words("a")));
    scan(&room, "sheets", "poor.txt", &[note(PETROV, &words("p")), poor]);
    let waiting = room.worklist();
    assert_eq!(reasons(&waiting), ["QC_FAIL"]);
    let held = waiting[0]["id"].as_str().unwrap();
    let slip = ask(&room, held, 1);
    let waiting = room.worklist();
    assert_eq!((waiting.len(), &waiting[0]["rescans"][0]["state"]), (1, &json!("awaited")), "{waiting:?}");

    let taken = scan(&room, "stacks", "again.txt", &[slip, note(LINDQVIST, &words("a"))]);
    assert_eq!(home(&taken), 1, "{:?}", room.worklist());
    assert!(room.worklist().is_empty(), "{:?}", room.worklist());
    let documents = room.documents();
    assert_eq!(documents.len(), 2);
    let was = show(&room, held);
    assert_eq!((&was["resolution"], &was["rescans"][0]["state"]), (&json!("scanned again"), &json!("home")));
    let filed = show(&room, was["document"].as_str().unwrap());
    assert_eq!(
        (&filed["patient"]["mrn"], &filed["ground"]),
        (&json!(LINDQVIST.0), &json!("number_name_birth_date"))
    );
    assert_eq!(room.verified()["superseded"], 1);
}

#[test]
fn of_two_poor_pages_the_second_to_come_home_files_the_whole() {
    let room = room();
    let poor = |seed: &str| format!("@poor\ncontinued\n{}", words(seed));
    let good = |seed: &str| note(LINDQVIST, &words(seed));
    let pages = [format!("@poor\n{}", note(LINDQVIST, &words("a"))), poor("b"), "continued\n".into()];
    scan(&room, "files", "poor.txt", &pages);
    assert_eq!(room.worklist().len(), 1, "{:?}", room.worklist());
    let held = room.worklist()[0]["id"].as_str().unwrap().to_owned();
    let slips = [1, 2].map(|page| ask(&room, &held, page));
    scan(&room, "sheets", "second.txt", &[slips[1].clone(), format!("continued\n{}", words("b"))]);
    let waiting = room.worklist();
    assert_eq!(waiting.len(), 1, "{waiting:?}");
    assert_ne!(waiting[0]["id"], json!(held), "what supersedes it waits on");
    assert_eq!(waiting[0]["rescans"][0]["state"], "awaited");
    scan(&room, "sheets", "first.txt", &[slips[0].clone(), good("a")]);
    assert!(room.worklist().is_empty(), "{:?}", room.worklist());
    assert_eq!(show(&room, &only_document(&room))["page_batches"].as_array().unwrap().len(), 3);
    assert_eq!(room.verified()["superseded"], 2);
}

/// domain.md D-4: only if nothing on it is contrary; else both pictures stay on the item
#[test]
fn somebody_elses_page_under_a_slip_stays_away_and_a_person_compares() {
    let room = room();
    let old = three_pages(&room);
    let slip = ask(&room, &old, 2);
    let theirs = note(PETROV, &words("b"));
    assert_eq!(home(&scan(&room, "sheets", "wrong.txt", &[slip, theirs])), 0);
    assert_eq!(only_document(&room), old);
    let waiting = room.worklist();
    assert_eq!(waiting.len(), 2, "{waiting:?}");
    let came = waiting.iter().find(|item| item["document"].is_null()).unwrap();
    assert_eq!(came["reasons"][0], "RESCAN_DIFFERS");
    assert!(came["detail"].as_str().unwrap().contains("against the document's patient"), "{came}");
    let both = &waiting.iter().find(|item| item["document"] == json!(old)).unwrap()["rescans"][0];
    assert_eq!((&both["state"], &both["came"][0]["batch"]), (&json!("both"), &came["batch"]), "{both}");
    assert!(room.ok(&["worklist"]).contains("Two pictures of a page"));

    let take = |which: &str, more: &[&str]| {
        room.run(&[&["rescan", &old, "--take", which, "--as", "Lee"][..], more].concat())
    };
    let refused = take("new", &[]);
    assert_eq!(refused.status.code(), Some(2), "it names somebody else");
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--despite"));
    assert_eq!(take("old", &[]).status.code(), Some(0));
    let waiting = room.worklist();
    assert_eq!((waiting.len(), &waiting[0]["id"]), (1, &came["id"]), "what came is held as what it is");
    assert_eq!(room.verified()["superseded"], 0);
}

#[test]
fn what_could_not_be_told_is_taken_by_a_person_who_has_compared() {
    let room = room();
    let old = three_pages(&room);
    let slip = ask(&room, &old, 2);
    scan(&room, "sheets", "silent.txt", &[slip, "continued\nnothing in common\n".into()]);
    assert_eq!(room.worklist().len(), 2, "{:?}", room.worklist());
    room.ok(&["rescan", &old, "--take", "new", "--as", "Lee"]);
    assert!(room.worklist().is_empty(), "{:?}", room.worklist());
    let new = only_document(&room);
    assert_eq!(show(&room, &new)["rescans"][0]["state"], "taken");
    assert_eq!((found(&room, "faded").len(), found(&room, "common").len()), (0, 1));
    assert_eq!(room.verified()["superseded"], 1);
}

/// domain.md D-4: once
#[test]
fn a_slip_that_is_used_twice_declares_nothing_the_second_time() {
    let room = room();
    let old = three_pages(&room);
    let slip = ask(&room, &old, 2);
    let page = |more: &str| format!("continued\n{}{more}\n", words("b"));
    scan(&room, "sheets", "first.txt", &[slip.clone(), page("legible")]);
    let new = only_document(&room);
    let second = scan(&room, "stacks", "second.txt", &[slip.clone(), page("twice")]);
    assert_eq!((home(&second), &second["exceptions"]), (0, &json!(1)));
    assert_eq!(reasons(&room.worklist())[0], "COVERSHEET_REUSED", "{:?}", room.worklist());
    let named = scan(&room, "stacks", "third.txt", &[slip, note(LINDQVIST, &words("c"))]);
    assert_eq!(named["documents_filed"], 0, "no slip's sheet is filed by itself");
    assert_eq!(only_document(&room), new);
    room.verified();
}

#[test]
fn a_slip_twice_in_one_stack_brings_neither_sheet_home() {
    let room = room();
    let old = three_pages(&room);
    let slip = ask(&room, &old, 2);
    let page = |more: &str| format!("continued\n{}{more}\n", words("b"));
    let pages = [slip.clone(), page("one"), slip, page("other")];
    assert_eq!(home(&scan(&room, "sheets", "twice.txt", &pages)), 0);
    assert_eq!(only_document(&room), old);
    room.verified();
}

/// domain.md D-4: while its item is open
#[test]
fn the_slip_of_an_item_that_was_closed_declares_nothing() {
    let room = room();
    let old = three_pages(&room);
    let slip = ask(&room, &old, 2);
    let doubt = room.worklist()[0]["id"].as_str().unwrap().to_owned();
    room.ok(&["dismiss", &doubt, "--reason", "it can be read after all", "--as", "Lee"]);
    scan(&room, "sheets", "late.txt", &[slip, note(LINDQVIST, &words("b"))]);
    assert_eq!(only_document(&room), old);
    assert_eq!(reasons(&room.worklist()), ["RESCAN_CLOSED"]);
    room.verified();
}

/// A slip that went through alone, the page forgotten, still counts.
#[test]
fn a_slip_without_its_page_is_not_used_up() {
    let room = room();
    let old = three_pages(&room);
    let slip = ask(&room, &old, 2);
    scan(&room, "sheets", "alone.txt", std::slice::from_ref(&slip));
    assert_eq!(room.worklist().len(), 1);
    let page = format!("continued\n{}legible\n", words("b"));
    assert_eq!(home(&scan(&room, "sheets", "both.txt", &[slip, page])), 1);
    assert!(room.worklist().is_empty(), "{:?}", room.worklist());
    room.verified();
}

/// domain.md D-4: one sheet, and after it nothing is open
#[test]
fn what_follows_the_one_sheet_is_nobodys_but_its_own() {
    let room = room();
    let old = three_pages(&room);
    let slip = ask(&room, &old, 2);
    let page = format!("continued\n{}legible\n", words("b"));
    let stack = [note(PETROV, &words("p")), slip, page, note(PETROV, &words("q")), "nobody\n".into()];
    let taken = scan(&room, "sheets", "stack.txt", &stack);
    assert_eq!(
        (&taken["rescans"], &taken["documents_filed"]),
        (&json!(1), &json!(2)),
        "{:?}",
        room.worklist()
    );
    assert_eq!(reasons(&room.worklist()), ["NO_ID"]);
    room.verified();
}

/// domain.md D-4: the document's present patient
#[test]
fn a_sheet_is_held_against_whose_the_document_is_when_it_comes() {
    let room = room();
    let (jane, olga) =
        (("20000001", "QUIMBY, JANE", "03/15/1962"), ("20000002", "RAVENHURST, OLGA", "08/09/1971"));
    let import = |name: &str, list: &str| {
        std::fs::write(room.path(name), list).unwrap();
        room.ok(&["patients", "import", room.path(name).to_str().unwrap()]);
    };
    import(
        "two.csv",
        "authority,mrn,family,given,birth_date,sex\n\
         GENHOSP,20000001,Quimby,Jane,1962-03-15,F\nGENHOSP,20000002,Ravenhurst,Olga,1971-08-09,F\n",
    );
    scan(&room, "sheets", "jane.txt", &[note(jane, &words("a"))]);
    let old = only_document(&room);
    let slip = ask(&room, &old, 1);
    import(
        "merged.csv",
        "authority,mrn,family,given,birth_date,merged_into_mrn\nGENHOSP,20000001,,,,20000002\n",
    );
    let taken = scan(&room, "stacks", "again.txt", &[slip, note(olga, &words("z"))]);
    assert_eq!(home(&taken), 1, "they are one person now: {:?}", room.worklist());
    let new = show(&room, &only_document(&room));
    assert_eq!((&new["patient"]["mrn"], &new["filed_under"]), (&json!(olga.0), &json!(jane.0)));
    room.verified();
}

#[test]
fn both_sides_of_a_proven_sheet_are_superseded_together() {
    let room = room();
    let back = format!("continued\n{}", words("back"));
    let other = [note(PETROV, &words("p")), "continued\n".into()];
    let pages = [note(LINDQVIST, &words("a")), back.clone(), other[0].clone(), other[1].clone()];
    assert_eq!(scan(&room, "duplex", "duplex.txt", &pages)["documents_filed"], 2, "{:?}", room.worklist());
    let documents = room.documents();
    let own = documents.iter().find(|own| own["patient"]["mrn"] == LINDQVIST.0).unwrap();
    let old = own["document"].as_str().unwrap();
    let (slip, front) = (ask(&room, old, 2), ask(&room, old, 1));
    let again = [slip.clone(), slip, note(LINDQVIST, &words("a")), back];
    let taken = scan(&room, "duplex", "again.txt", &again);
    assert_eq!(home(&taken), 1, "{:?}", room.worklist());
    assert!(room.worklist().is_empty());
    let report = room.verified();
    assert_eq!((&report["superseded"], &report["in_documents"]), (&json!(2), &json!(4)));
    scan(&room, "sheets", "front.txt", &[front, note(LINDQVIST, &words("a"))]);
    assert_eq!(
        reasons(&room.worklist()),
        ["RESCAN_CLOSED"],
        "its sheet came home with the other side's slip"
    );
    room.verified();
}

/// The one transaction has happened, or it has not.
#[test]
fn killed_before_or_after_it_is_filed_the_page_comes_home_once() {
    for point in ["before file", "after file"] {
        let room = room();
        let old = three_pages(&room);
        let slip = ask(&room, &old, 2);
        std::fs::create_dir_all(room.path("in/stacks")).unwrap();
        for station in ["in/files", "in/duplex"] {
            std::fs::create_dir_all(room.path(station)).unwrap();
        }
        write(&room.path("in/stacks/again.txt"), &[slip, format!("continued\n{}legible\n", words("b"))]);
        let mut line = room.start_with(&["run"], &[("CHARTROOM_FAULT", point)]);
        assert!(line.was_killed_within(30), "{point}");
        room.see_through(60);
        assert!(room.worklist().is_empty(), "{point}: {:?}", room.worklist());
        assert_ne!(only_document(&room), old, "{point}");
        assert_eq!((found(&room, "legible").len(), found(&room, "faded").len()), (1, 0), "{point}");
        assert_eq!(room.verified()["superseded"], 1, "{point}");
    }
}

#[test]
fn the_same_page_asked_for_twice_has_one_slip_and_a_batch_is_no_item() {
    let room = room();
    let old = three_pages(&room);
    assert_eq!(ask(&room, &old, 2), ask(&room, &old, 2));
    assert_eq!(room.worklist().len(), 1);
    let batch = show(&room, &old)["batch"].as_str().unwrap().to_owned();
    for (id, page) in [(batch.as_str(), "1"), (old.as_str(), "4")] {
        assert_eq!(
            room.run(&["rescan", id, "--page", page, "-o", "x.pdf", "--as", "Kim"]).status.code(),
            Some(2)
        );
    }
}

#[test]
fn a_late_page_joins_its_document_before_the_page_it_belongs_before() {
    let room = room();
    let old = three_pages(&room);
    scan(&room, "stacks", "late.txt", &["nobody, late\n".into()]);
    let late = room.worklist()[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(room.run(&["join", &old, &late, "--before", "9", "--as", "Kim"]).status.code(), Some(2));
    room.ok(&["join", &old, &late, "--before", "2", "--as", "Kim"]);
    assert_eq!(show(&room, &old)["pages"], json!([1, 1, 2, 3]));
    assert_eq!(found(&room, "third")[0]["page_in_document"], 4);
    room.verified();
}
