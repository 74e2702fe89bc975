//! Is the patient index whole at every moment, and does what it says reach the charts?
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod harness;

use std::fs;

use harness::scripts::{naming, write};
use harness::{Chartroom, eventually, reasons};
use serde_json::{Value, json};

const JANE: (&str, &str, &str) = ("20000001", "QUIMBY, JANE", "03/15/1962");
const OLGA: (&str, &str, &str) = ("20000002", "RAVENHURST, OLGA", "08/09/1971");
const TWO_WOMEN: &str = "authority,mrn,family,given,birth_date,sex\n\
                         GENHOSP,20000001,Quimby,Jane,1962-03-15,F\nGENHOSP,20000002,Ravenhurst,Olga,1971-08-09,F\n";
const MERGED: &str = "authority,mrn,family,given,birth_date,merged_into_mrn\nGENHOSP,20000001,,,,20000002\n";
const AS: [&str; 4] = ["--as", "lopez", "--reason", "as the desk says"];

fn list(room: &Chartroom, name: &str, text: impl AsRef<[u8]>) -> String {
    let path = room.path(name);
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

fn import(room: &Chartroom, text: &str) -> Value {
    room.json(&["patients", "import", &list(room, "list.csv", text), "--json"])
}

fn act(room: &Chartroom, arguments: &[&str]) -> String {
    room.ok(&[arguments, &AS].concat())
}

/// Lets the line run until so many documents are filed.
fn see_filed(room: &Chartroom, documents: usize) {
    let line = room.start(&["run"]);
    eventually(60, "what waited is judged again and filed", || room.documents().len() == documents);
    assert_eq!(line.terminate(), Some(0));
}

/// Scans and files or holds these pages, one sheet a document.
fn scan(room: &Chartroom, name: &str, pages: &[String]) {
    write(&room.path("in/sheets").join(name), pages);
    room.see_through(60);
}

fn patient_of(room: &Chartroom, mrn: &str) -> Vec<Value> {
    let documents = room.json(&["documents", "--json", "--patient", mrn]);
    documents["documents"].as_array().unwrap().iter().map(|row| row["document"].clone()).collect()
}

/// Issue 11, "nothing is half imported": people in so many pieces, the last of them the one asked for.
fn long_list() -> String {
    let mut list = "authority,mrn,family,given,birth_date,sex\n".to_owned();
    for n in 0..350 {
        list.push_str(&format!("GENHOSP,{},Somebody{n},Else,1901-01-01,F\n", 30_000_000 + n));
    }
    list
}

#[test]
fn an_import_killed_before_its_decision_leaves_nothing_and_one_killed_after_it_is_finished_by_the_next() {
    let (first, last) = ("30000000", "30000349");
    let is_there =
        |room: &Chartroom, mrn: &str| room.run(&["patients", "show", mrn]).status.code() == Some(0);
    let killed_at = |point: &str| {
        let room = Chartroom::scripted();
        let path = list(&room, "long.csv", long_list());
        let arguments = ["patients", "import", &path];
        let mut line = room.start_with(&arguments, &[("CHARTROOM_FAULT", point)]);
        assert!(line.was_killed_within(30), "{point} was never reached");
        room
    };
    let room = killed_at("patients laid");
    assert!(!is_there(&room, first) && !is_there(&room, last));
    assert_eq!(import(&room, &long_list())["added"], 350, "and it can be imported anew");
    for point in
        ["patients decided", "patients piece:1", "patients piece:3", "patients piece:5", "patients piece:8"]
    {
        let room = killed_at(point);
        assert!(is_there(&room, first) && is_there(&room, last), "{point}");
        let again = import(&room, &long_list());
        assert_eq!((&again["added"], &again["unchanged"]), (&json!(0), &json!(350)), "{point}");
    }
}

#[test]
fn what_is_judged_in_the_midst_of_an_import_is_held_and_files_itself_when_it_is_over() {
    let room = Chartroom::scripted();
    import(&room, TWO_WOMEN);
    let path = list(&room, "long.csv", long_list());
    let arguments = ["patients", "import", &path];
    let half = room.start_with(&arguments, &[("CHARTROOM_FAULT", "patients piece:2:stop")]);
    let state = || fs::read_to_string(format!("/proc/{}/stat", half.id())).unwrap();
    eventually(30, "the import is halted half-way", || state().contains(") T "));
    write(&room.path("in/sheets/jane.txt"), &[naming(JANE, "came in the midst")]);
    let line = room.start(&["run"]);
    eventually(30, "it is held", || reasons(&room.worklist()).contains(&"MPI_STALE".to_string()));
    assert!(room.documents().is_empty());
    let goes_on = std::process::Command::new("kill").args(["-CONT", &half.id().to_string()]).status();
    assert!(goes_on.unwrap().success());
    eventually(30, "it is judged again and filed", || room.documents().len() == 1);
    line.terminate();
    room.verified();
}

/// Issue 11, "Bad input".
#[test]
fn a_list_with_faults_is_not_taken_at_all_and_every_fault_is_told_unless_somebody_decides() {
    let room = Chartroom::scripted();
    let text = b"authority;mrn;family;given;birth_date;sex\r\n\
        GENHOSP;20000001;Qu\xEFmby;Jane;1962-03-15;F\r\n\
        GENHOSP;20000002;Ravenhurst;Olga;22720;F\r\n\
        GENHOSP;20000003;Poe;Max;3/15/62;M\r\n\
        GENHOSP;20000004;Roe;Ann;1950-01-02;F\r\n\
        GENHOSP;20000004;Roe;Ann;1951-01-02;F\r\n";
    let path = list(&room, "bad.csv", text);
    let out = room.run(&["patients", "import", &path, "--json"]);
    assert_eq!(out.status.code(), Some(1));
    let told: Value = serde_json::from_slice(&out.stdout).unwrap();
    let lines = |key: &str| -> Vec<u64> {
        told[key].as_array().unwrap().iter().map(|fault| fault["line"].as_u64().unwrap()).collect()
    };
    assert_eq!((lines("faults"), lines("refused")), (vec![3, 4], vec![5, 6]), "{told}");
    assert_eq!(told["aborted"], true);
    assert_eq!(room.run(&["patients", "show", "20000001"]).status.code(), Some(2), "nobody was taken");
    let dry = room.json(&["patients", "import", &path, "--dry-run", "--json"]);
    assert_eq!(
        (&dry["rows"][0]["what"], &dry["rows"][0]["mrn"]),
        (&json!("added"), &json!("20000001")),
        "{dry}"
    );
    assert_eq!(
        room.run(&["patients", "import", &path, "--skip-faulty"]).status.code(),
        Some(2),
        "who decides?"
    );
    room.ok(&["patients", "import", &path, "--skip-faulty", "--as", "lopez"]);
    let jane = room.json(&["patients", "show", "20000001", "--json"]);
    assert_eq!(jane["names"][0]["family"], "Qu\u{ef}mby", "Windows-1252");
    assert_eq!(room.run(&["patients", "show", "20000004"]).status.code(), Some(2));
}

#[test]
fn a_list_with_faults_in_the_watched_folder_is_put_aside_with_all_of_them_beside_it() {
    let room = Chartroom::scripted();
    let line = room.start(&["run"]);
    list(&room, "patients/bad.csv", "mrn,family,given,birth_date\n1,Doe,Jane,soon\n,Roe,Ann,1950-01-02\n");
    eventually(30, "it is refused", || !room.path("patients/bad.csv").exists());
    let refused: Vec<_> = fs::read_dir(room.path("patients/refused")).unwrap().flatten().collect();
    let why = refused.iter().find(|file| file.file_name().to_string_lossy().ends_with("why.txt")).unwrap();
    let why = fs::read_to_string(why.path()).unwrap();
    assert!(why.contains("line 2, birth_date") && why.contains("line 3, mrn"), "{why}");
    assert!(!why.contains("soon") && !why.contains("Doe"), "{why}");
    line.terminate();
}

/// domain.md 2.9, 5
#[test]
fn a_wrong_merge_followed_by_an_unmerge_leaves_no_page_in_anothers_chart() {
    let room = Chartroom::scripted();
    import(&room, TWO_WOMEN);
    scan(&room, "r.txt", &[naming(JANE, "hers")]);
    import(&room, MERGED);
    let mixed = (JANE.0, OLGA.1, OLGA.2);
    scan(&room, "s.txt", &[naming(OLGA, "as it should be"), naming(mixed, "whose")]);
    assert_eq!(room.documents().len(), 3, "one chart: {:?}", reasons(&room.worklist()));
    assert_eq!(patient_of(&room, JANE.0).len(), 3);
    for number in [JANE.0, OLGA.0] {
        let found = room.json(&["search", "--json", "paperwork", "--patient", number]);
        assert_eq!(found["total"], 3, "either number finds the whole chart: {found}");
    }
    let said = act(&room, &["patients", "unmerge", JANE.0]);
    assert!(said.contains("1 document is not surely"), "{said}");
    assert_eq!(reasons(&room.worklist()), ["UNMERGED"]);
    assert_eq!((patient_of(&room, JANE.0).len(), patient_of(&room, OLGA.0).len()), (1, 1));
    let held = room.json(&["search", "--json", "whose"]);
    assert!(held["hits"].as_array().unwrap().iter().all(|hit| hit["patient"].is_null()), "{held}");
    assert_eq!(room.json(&["search", "--json", "hers", "--patient", JANE.0])["total"], 1);
    scan(&room, "t.txt", &[naming(JANE, "later")]);
    assert_eq!(patient_of(&room, JANE.0).len(), 2, "and what comes afterwards is hers");
    room.verified();
}

/// domain.md 2.9, 7
#[test]
fn an_overlay_freezes_the_chart_is_reviewed_and_thawing_files_what_waited() {
    let room = Chartroom::scripted();
    import(&room, TWO_WOMEN);
    import(&room, &TWO_WOMEN.replace("Quimby,Jane", "Fenwick,Ada"));
    let now = (JANE.0, "FENWICK, ADA", JANE.2);
    scan(&room, "s.txt", &[naming(now, "waits")]);
    assert_eq!(reasons(&room.worklist()), ["PATIENT_FROZEN"]);
    let frozen = || -> Vec<Value> {
        let all = room.json(&["patients", "review", "--json"])["matters"].as_array().unwrap().clone();
        all.into_iter().filter(|matter| matter["kind"] == "frozen").collect()
    };
    let matters = frozen();
    assert_eq!((matters.len(), &matters[0]["patient"]["mrn"]), (1, &json!(JANE.0)));
    let number = matters[0]["matter"].to_string();
    assert_eq!(room.run(&["patients", "settle", &number, "--as", "lopez"]).status.code(), Some(2));
    act(&room, &["patients", "flag", JANE.0, "--thaw"]);
    see_filed(&room, 1);
    assert!(room.worklist().is_empty());
    assert!(frozen().is_empty());
}

#[test]
fn a_site_without_a_feed_keeps_its_index_by_hand_and_files_by_it() {
    let room = Chartroom::scripted_with("");
    scan(&room, "s.txt", &[naming(JANE, "before she was entered")]);
    assert_eq!(reasons(&room.worklist()), ["ID_NOT_IN_MPI"]);
    let add =
        ["patients", "add", "--mrn", JANE.0, "--name", JANE.1, "--birth-date", "1962-03-15", "--sex", "F"];
    assert_eq!(room.run(&add).status.code(), Some(2), "nobody says who enters it");
    act(&room, &add);
    see_filed(&room, 1);
    act(&room, &["patients", "correct", JANE.0, "--name", "QUIMBY-SOLANO, JANE"]);
    act(&room, &["patients", "flag", JANE.0, "--twin"]);
    let shown = room.json(&["patients", "show", JANE.0, "--json"]);
    let what: Vec<_> = shown["history"].as_array().unwrap().iter().map(|change| &change["what"]).collect();
    assert_eq!(what, ["added", "corrected", "flags"], "{shown}");
    assert_eq!((&shown["flags"]["twin"], shown["names"].as_array().unwrap().len()), (&json!(true), 2));
    assert_eq!(shown["seen"][0]["source"], "manual");
    scan(&room, "t.txt", &[naming(JANE, "has a twin now")]);
    assert_eq!(reasons(&room.worklist()), ["NAME_ALERT"]);
    act(&room, &["patients", "flag", JANE.0, "--twin", "--off"]);
    act(&room, &["patients", "correct", JANE.0, "--retire"]);
    room.verified();
}

#[test]
fn visits_come_from_a_list_of_their_own() {
    let room = Chartroom::scripted();
    import(&room, TWO_WOMEN);
    let path = list(
        &room,
        "visits.csv",
        "authority,number,kind,mrn,from,to\nGENHOSP,V77,visit,20000001,2026-01-02,\n",
    );
    let taken = room.json(&["patients", "import", "--encounters", &path, "--json"]);
    assert_eq!((&taken["added"], &taken["aborted"]), (&json!(1), &json!(false)), "{taken}");
    let path = list(&room, "visits.csv", "authority,number,kind,mrn\nGENHOSP,V78,visit,99999999\n");
    assert_eq!(room.run(&["patients", "import", "--encounters", &path]).status.code(), Some(1));
}
