//! Acts of a person at the prompt, through the real program.
#![allow(clippy::unwrap_used, reason = "tests")]

mod harness;

use harness::scripts::{self, STRANGER, labelled, naming};
use harness::{Chartroom, reasons};
use serde_json::{Value, json};

const LINDQVIST: (&str, &str, &str) = ("10593046", "LINDQVIST, HAROLD J", "11/02/1947");
const PETROV: (&str, &str, &str) = ("10926584", "PETROV, ANTON", "12/24/1939");

/// A control sheet of which only the print is left.
const TORN: &str = "CHARTROOM CONTROL SHEET\nTHIS WAY UP\nCOVER SHEET\n";

const STATIONS: &str = "[[station]]\nname = \"stacks\"\nfolder = \"in/stacks\"\nseparation = \"identity\"\n\
     [[station]]\nname = \"covers\"\nfolder = \"in/covers\"\nseparation = \"control\"\n";

fn room() -> Chartroom {
    Chartroom::scripted_with(STATIONS)
}

/// Takes in a scan of these pages at a station.
fn scan(room: &Chartroom, station: &str, name: &str, pages: &[String]) -> Value {
    let path = room.path(name);
    scripts::write(&path, pages);
    room.json(&["import", "--json", "--station", station, path.to_str().unwrap()])
}

fn only_exception(room: &Chartroom) -> String {
    let waiting = room.worklist();
    assert_eq!(waiting.len(), 1, "{waiting:?}");
    waiting[0]["id"].as_str().unwrap().to_owned()
}

fn only_document(room: &Chartroom) -> String {
    let documents = room.documents();
    assert_eq!(documents.len(), 1, "{documents:?}");
    documents[0]["document"].as_str().unwrap().to_owned()
}

/// A command that is refused, and why.
fn refused(room: &Chartroom, arguments: &[&str]) -> String {
    let out = room.run(arguments);
    assert_eq!(out.status.code(), Some(2), "{arguments:?}: {}", String::from_utf8_lossy(&out.stdout));
    String::from_utf8_lossy(&out.stderr).into_owned()
}

fn mrn(document: &Value) -> &str {
    document["patient"]["mrn"].as_str().unwrap()
}

/// `domain.md` 2.7: mending an unreadable sheet once frees all behind it; what is contrary stays held.
#[test]
fn mending_one_torn_sheet_frees_the_whole_stack_behind_it() {
    let room = room();
    let mut pages = vec![TORN.to_owned()];
    pages.extend((0..40).map(|which| labelled(which, "of the stack")));
    pages.push(naming((LINDQVIST.0, PETROV.1, PETROV.2), "two people"));
    scan(&room, "stacks", "stack", &pages);
    let held = only_exception(&room);
    assert!(reasons(&room.worklist()).contains(&"SHEET_UNREADABLE".to_owned()), "{:?}", room.worklist());
    assert!(room.documents().is_empty());

    let mended = room.json(&["mend", &held, "--separator", "--as", "Kim", "--json"]);
    assert_eq!(mended["sheet_page"], 1);
    assert_eq!(mended["documents"].as_array().unwrap().len(), 40, "{mended}");
    let documents = room.documents();
    assert_eq!(documents.len(), 40);
    assert!(documents.iter().any(|document| mrn(document) == LINDQVIST.0));
    let waiting = room.worklist();
    assert_eq!((waiting.len(), &waiting[0]["pages"]), (1, &json!([42])), "{waiting:?}");
    let report = room.verified();
    assert_eq!((&report["control_sheets"], &report["in_documents"]), (&json!(1), &json!(40)));
    let again = refused(&room, &["mend", &held, "--separator", "--as", "Kim"]);
    assert!(again.contains("resolved"), "{again}");
}

/// A sheet that was not printed here is contrary; once a person has said what it is, it holds nobody's pages any more.
#[test]
fn a_foreign_sheet_is_mended_like_a_torn_one() {
    let room = room();
    let foreign = format!("@barcode qr CS1|ELSEWHERE.k9|P|-|1|-|-|-|-|-|-|-|0000000000000000\n{TORN}");
    scan(&room, "stacks", "stack", &[foreign, labelled(0, "a"), labelled(1, "b")]);
    assert!(reasons(&room.worklist()).contains(&"SHEET_FOREIGN".to_owned()), "{:?}", room.worklist());
    let held = only_exception(&room);
    room.ok(&["mend", &held, "--separator", "--as", "Kim"]);
    assert_eq!((room.documents().len(), room.worklist().len()), (2, 0));
    room.verified();
}

/// What somebody has divided is decided part by part.
#[test]
fn pages_that_a_person_touched_do_not_move_when_a_sheet_is_mended() {
    let room = room();
    scan(&room, "stacks", "stack", &[TORN.to_owned(), labelled(0, "a"), labelled(1, "b")]);
    let held = only_exception(&room);
    let parts = room.json(&["split", &held, "--before", "3", "--as", "Kim", "--json"]);
    let part = parts["exceptions"][0].as_str().unwrap();
    assert!(refused(&room, &["mend", part, "--separator", "--as", "Lee"]).contains("divided"));
    assert_eq!((room.documents().len(), room.worklist().len()), (0, 2));
}

/// `domain.md` 2.14, D-2: a mended control sheet is a new declaration of that clerk.
#[test]
fn a_mended_cover_sheet_declares_what_was_typed_and_agrees() {
    let room = room();
    let silent = "Continued from the page before.\n".to_owned();
    scan(&room, "covers", "a", &[TORN.to_owned(), naming(LINDQVIST, "first"), silent.clone()]);
    let held = only_exception(&room);
    let born = ["--birth-date", "1947-11-02"];
    refused(&room, &["mend", &held, "--mrn", LINDQVIST.0, "--as", "Kim"]);
    let wrong = ["mend", &held, "--mrn", PETROV.0, "--birth-date", "1947-11-02", "--as", "Kim"];
    let said = refused(&room, &wrong);
    assert!(said.contains("does not agree") && !said.contains("1939"), "{said}");
    assert_eq!(only_exception(&room), held, "nothing has happened");

    let all = ["mend", &held, "--mrn", LINDQVIST.0, born[0], born[1], "--sheets", "2", "--as", "Kim"];
    room.ok(&all);
    let document = room.json(&["show", &only_document(&room), "--json"]);
    assert_eq!((mrn(&document), &document["pages"]), (LINDQVIST.0, &json!([2, 3])));
    let declared = document["evidence"].as_array().unwrap().iter().find(|seen| seen["kind"] == "declared");
    assert_eq!(declared.unwrap()["page"], 1, "{document}");
    assert!(room.worklist().is_empty());
    room.verified();
}

/// What is contrary stays held, whatever the clerk declares.
#[test]
fn a_mended_cover_sheet_puts_nobody_elses_page_into_the_chart() {
    let room = room();
    scan(&room, "covers", "a", &[TORN.to_owned(), naming(LINDQVIST, "his"), naming(PETROV, "not his")]);
    let held = only_exception(&room);
    let cover = ["--mrn", LINDQVIST.0, "--birth-date", "1947-11-02", "--sheets", "2", "--as", "Kim"];
    room.ok(&[&["mend", &held][..], &cover].concat());
    assert!(room.documents().is_empty());
    assert!(reasons(&room.worklist()).contains(&"MULTI_PATIENT".to_owned()), "{:?}", room.worklist());
    room.verified();
}

/// Beside a line that runs, the line judges.
#[test]
fn a_sheet_is_mended_beside_a_running_line() {
    let room = room();
    scan(&room, "stacks", "stack", &[TORN.to_owned(), labelled(0, "a"), labelled(1, "b")]);
    let held = only_exception(&room);
    let line = room.start(&["run"]);
    harness::eventually(20, "the line runs", || room.json(&["status", "--json"])["running"] == true);
    let mended = room.json(&["mend", &held, "--separator", "--as", "Kim", "--json"]);
    assert_eq!(mended["documents"].as_array().unwrap().len(), 2, "{mended}");
    assert_eq!(line.terminate(), Some(0));
    room.verified();
}

#[test]
fn what_only_looked_like_a_sheet_is_a_page_again() {
    let room = room();
    scan(&room, "sheets", "a", &[labelled(0, "a"), TORN.to_owned(), labelled(1, "b"), labelled(2, "c")]);
    let held = only_exception(&room);
    room.ok(&["mend", &held, "--sheet-page", "2", "--not-a-sheet", "--as", "Kim"]);
    assert_eq!(room.documents().len(), 3);
    let waiting = room.worklist();
    assert_eq!((waiting.len(), &waiting[0]["pages"]), (1, &json!([2])), "{waiting:?}");
    assert_eq!(room.verified()["control_sheets"], 0);
}

/// Nothing that is in a chart moves: the page comes back to what waits, and a person goes on.
#[test]
fn a_page_before_which_something_is_filed_is_not_joined_to_it_by_mending() {
    let room = room();
    scan(&room, "covers", "a", &[naming(LINDQVIST, "a"), TORN.to_owned(), naming(LINDQVIST, "b")]);
    let filed = only_document(&room);
    let held = only_exception(&room);
    room.ok(&["mend", &held, "--not-a-sheet", "--as", "Kim"]);
    assert_eq!(only_document(&room), filed);
    let waiting = room.worklist();
    assert_eq!((waiting.len(), &waiting[0]["pages"]), (1, &json!([2, 3])), "{waiting:?}");
    assert_eq!(reasons(&waiting), ["SEPARATOR_MISSING"]);
    let late = waiting[0]["id"].as_str().unwrap();
    room.ok(&["join", &filed, late, "--as", "Kim"]);
    assert_eq!(room.json(&["show", &filed, "--json"])["pages"], json!([1, 2, 3]));
    room.verified();
}

/// `domain.md` 2.12: choosing by name requires the birth date; same-name patients are told apart in text.
#[test]
fn who_is_chosen_by_name_is_chosen_by_birth_date_too_and_never_among_several() {
    let room = room();
    scan(&room, "sheets", "a", &[naming(STRANGER, "nobody's yet")]);
    let held = only_exception(&room);
    refused(&room, &["assign", &held, "--name", "Petrov, Anton", "--as", "Kim"]);
    let wrong = ["assign", &held, "--name", "Petrov, Anton", "--birth-date", "1939-12-25", "--as", "Kim"];
    assert!(refused(&room, &wrong).contains("nobody"));
    let garcia = ["assign", &held, "--name", "Garcia, Maria", "--birth-date", "1970-02-14", "--as", "Kim"];
    let out = room.run(&garcia);
    let shown = String::from_utf8(out.stdout).unwrap();
    assert_eq!(out.status.code(), Some(2));
    assert!(
        shown.contains("DIFFERS number 11813570") && shown.contains("DIFFERS number 11813999"),
        "{shown}"
    );

    let right = ["assign", &held, "--name", "Petrov, Anton", "--birth-date", "1939-12-24", "--as", "Kim"];
    assert!(refused(&room, &right).contains("--despite"), "the page names somebody else");
    room.ok(&[&right[..], &["--despite", "an alias, says the ward", "--label", "MH"]].concat());
    let document = room.json(&["show", &only_document(&room), "--json"]);
    assert_eq!((mrn(&document), &document["labels"]), (PETROV.0, &json!(["MH"])));
    let contrary = document["evidence"].as_array().unwrap().iter().filter(|seen| seen["contrary"] == true);
    assert!(contrary.count() >= 2, "name and birth date: {document}");
    // A person saw it and decided: it is not asked again.
    assert_eq!(room.json(&["sweep", "--json"])["doubts"], 0);
}

/// `domain.md` 2.13
#[test]
fn a_wrong_chart_is_hidden_at_once_and_mended_by_a_second_person() {
    let room = room();
    let pages: Vec<String> = (0..3).map(|which| labelled(which, "metformin")).collect();
    scan(&room, "sheets", "a", &pages);
    let of = |number: &str| {
        let documents = room.documents();
        let own = documents.iter().find(|document| mrn(document) == number).unwrap();
        own["document"].as_str().unwrap().to_owned()
    };
    let id = of(LINDQVIST.0);
    let found = |query: &[&str]| {
        let hits = room.json(&[&["search", "--json"][..], query].concat());
        hits["hits"].as_array().unwrap().len()
    };
    assert_eq!(found(&["metformin"]), 3);
    room.ok(&["show", &id]);

    let told = room.json(&["quarantine", &id, "--as", "Kim", "--json"]);
    let seen = told["seen"].as_array().unwrap();
    assert!(seen.iter().any(|look| look["purpose"] == "search"), "{told}");
    assert!(seen.iter().any(|look| look["what"] == "show"), "{told}");
    let near: Vec<&str> =
        told["neighbours"].as_array().unwrap().iter().map(|near| near["why"].as_str().unwrap()).collect();
    assert_eq!(near, ["pages beside it", "pages beside it"]);
    assert_eq!(found(&["metformin"]), 2, "it has vanished from the search");
    assert_eq!(room.documents().len(), 2);

    let refile = |clerk: &'static str| {
        let why = "the label was another's";
        vec!["refile", &id, "--mrn", PETROV.0, "--despite", why, "--as", clerk]
    };
    assert!(refused(&room, &refile("Kim")).contains("another"), "one person alone");
    room.ok(&refile("Lee"));
    assert_eq!(found(&["metformin", "--patient", PETROV.0]), 1);
    let old = room.json(&["show", &id, "--json"]);
    assert_eq!((&old["state"], mrn(&old)), (&json!("void"), LINDQVIST.0), "both filings are kept");
    let who = room.json(&["who-saw", &id, "--json"]);
    assert!(
        who["seen"].as_array().unwrap().iter().all(|look| look["who"].as_str().unwrap().starts_with("os:"))
    );
    room.verified();
}

/// `domain.md` 2.13, 5
#[test]
fn a_clerk_who_is_alone_looks_again_the_next_day() {
    let room = room();
    let config = std::fs::read_to_string(room.path("chartroom.toml")).unwrap();
    let alone = config.replace("[identity]\n", "[identity]\nsecond_person = false\n");
    std::fs::write(room.path("chartroom.toml"), alone).unwrap();
    scan(&room, "sheets", "a", &[naming(LINDQVIST, "a")]);
    let id = only_document(&room);
    room.ok(&["quarantine", &id, "--as", "Kim"]);
    room.ok(&["refile", &id, "--mrn", PETROV.0, "--despite", "wrong label", "--as", "Kim"]);
    let waiting = room.worklist();
    assert_eq!(
        (reasons(&waiting), &waiting[0]["document"]),
        (vec!["REVIEW".into()], &json!(only_document(&room)))
    );
    assert!(waiting[0]["follow_up"].is_string());
    let doubt = waiting[0]["id"].as_str().unwrap();
    room.ok(&["show", doubt]);
    room.ok(&["dismiss", doubt, "--reason", "checked against the paper", "--as", "Kim"]);
    assert!(room.worklist().is_empty());
}

/// `domain.md` 2.13, 3: a number that was nobody's when its page was filed.
#[test]
fn a_sweep_puts_filed_pages_that_name_another_in_question_and_takes_nothing_out() {
    let room = room();
    let page = format!("@barcode code128 B4711223\n{}", naming(LINDQVIST, "with a sticker"));
    scan(&room, "sheets", "a", &[page, naming(PETROV, "his own")]);
    assert_eq!(room.documents().len(), 2);
    let first = room.json(&["sweep", "--json"]);
    assert_eq!(first, json!({ "documents": 2, "doubts": 0, "unread": 0, "complete": true }));
    assert_eq!(room.json(&["sweep", "--json"])["documents"], 0, "the index has not changed");

    let list = "authority,mrn,family,given,birth_date,sex\nNORTH,B4711223,Unlisted,Norbert,1951-08-29,M\n";
    std::fs::write(room.path("north.csv"), list).unwrap();
    room.ok(&["patients", "import", room.path("north.csv").to_str().unwrap()]);
    let swept = room.json(&["sweep", "--json"]);
    assert_eq!((&swept["documents"], &swept["doubts"]), (&json!(2), &json!(1)));
    let waiting = room.worklist();
    assert_eq!(reasons(&waiting), ["SWEEP_OTHER_PATIENT"]);
    let in_question = waiting[0]["document"].as_str().unwrap();
    assert_eq!(room.json(&["show", in_question, "--json"])["state"], "filed");
    assert_eq!(room.documents().len(), 2, "nothing is taken out of a chart");
    assert_eq!(room.json(&["status", "--json"])["doubts"], 1);
    assert!(room.ok(&["worklist"]).contains(in_question));

    let doubt = waiting[0]["id"].as_str().unwrap();
    room.ok(&["dismiss", doubt, "--reason", "a sticker of the laboratory", "--as", "Kim"]);
    room.ok(&["patients", "import", harness::sample("patients.csv").to_str().unwrap()]);
    room.ok(&["sweep"]);
    assert!(room.worklist().is_empty(), "what was dismissed is not asked again");
    room.verified();
}

/// `domain.md` AF-8
#[test]
fn a_document_without_a_kind_waits_in_the_typing_queue() {
    let room = room();
    let page = naming(LINDQVIST, "words").replace("PROGRESS NOTE\n", "");
    scan(&room, "sheets", "a", &[page]);
    let id = only_document(&room);
    let queue = || room.json(&["worklist", "--typing", "--json"])["documents"].as_array().unwrap().clone();
    assert_eq!(
        (queue()[0]["document"].as_str(), &queue()[0]["type"]),
        (Some(id.as_str()), &json!("UNSORTED"))
    );
    assert_eq!(room.json(&["status", "--json"])["untyped"], 1);
    assert!(refused(&room, &["edit", &id, "--type", "NOSUCHKIND", "--as", "Kim"]).contains("kinds.toml"));
    room.ok(&["edit", &id, "--type", "LAB", "--date", "2026-03-04", "--as", "Kim"]);
    assert!(queue().is_empty());
    let document = room.json(&["show", &id, "--json"]);
    assert_eq!((&document["type"], &document["date"]), (&json!("LAB"), &json!("2026-03-04")));
    assert_eq!(document["history"][0]["was"]["kind"], "UNSORTED");
    assert_eq!(document["history"][0]["by"], "clerk:Kim");
    let hits = room.json(&["search", "--json", "Paperwork", "--type", "LAB"]);
    assert_eq!(hits["total"], 1, "it is found by its new kind");
}

#[test]
fn what_waits_says_until_when_and_what_is_no_record_is_counted() {
    let room = room();
    scan(&room, "sheets", "a", &[naming(STRANGER, "one"), naming(STRANGER, "two")]);
    let ids: Vec<String> =
        room.worklist().iter().map(|held| held["id"].as_str().unwrap().to_owned()).collect();
    let dispose = |id: &str, more: &[&str]| room.ok(&[&["dispose", id, "--clerk", "Kim"][..], more].concat());
    dispose(&ids[0], &["--as", "await-registration", "--follow-up", "2026-12-01"]);
    dispose(&ids[1], &["--as", "route", "--to", "BILLING"]);
    let waiting = room.worklist();
    assert_eq!((waiting.len(), &waiting[0]["follow_up"]), (1, &json!("2026-12-01")));
    let status = room.json(&["status", "--json"]);
    assert_eq!(status["dispositions"], json!({ "await-registration": 1, "route:BILLING": 1 }));
    assert!(room.ok(&["status"]).contains("1 route:BILLING"));
    room.verified();
}

#[test]
fn exceptions_are_divided_and_joined_and_late_pages_of_somebody_else_stay_out() {
    let room = room();
    scan(&room, "covers", "a", &[naming(STRANGER, "one"), naming(STRANGER, "two")]);
    let held = only_exception(&room);
    let parts = room.json(&["split", &held, "--before", "2", "--as", "Kim", "--json"]);
    let part = |at: usize| parts["exceptions"][at].as_str().unwrap().to_owned();
    let joined = room.json(&["join", &part(1), &part(0), "--as", "Kim", "--json"]);
    let joined = joined["exception"].as_str().unwrap();
    assert_eq!(room.worklist()[0]["pages"], json!([2, 1]));
    scan(&room, "sheets", "b", &[naming(LINDQVIST, "his")]);
    let document = only_document(&room);
    assert!(refused(&room, &["join", &document, joined, "--as", "Kim"]).contains("--despite"));
    assert_eq!(only_exception(&room), joined);
    room.verified();
}

/// What waits for one thing is shown as one, with what is to be done about it.
#[test]
fn holds_with_one_cause_are_one_bundle_on_the_worklist() {
    let room = room();
    let config = std::fs::read_to_string(room.path("chartroom.toml")).unwrap();
    let stale = config.replace("stale_after_hours = 87600", "stale_after_hours = 0");
    std::fs::write(room.path("chartroom.toml"), stale).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    scan(&room, "sheets", "a", &[labelled(0, "a"), labelled(1, "b"), labelled(2, "c")]);
    let waiting = room.worklist();
    assert_eq!(waiting.len(), 3);
    assert!(waiting.iter().all(|held| held["bundle"] == "index"), "{waiting:?}");
    let shown = room.ok(&["worklist"]);
    assert!(shown.contains("3 wait for one thing: the patient index is out of date"), "{shown}");
    assert!(shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
}
