//! Does a running line mend itself, stop in good order, and tell how it stands?
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod harness;

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use harness::scripts::{labelled, write};
use harness::{Chartroom, Running, eventually};
use serde_json::json;

fn run(room: &Chartroom) -> Running {
    room.start(&["run", "--role", "intake,read,follow"])
}

fn scan(room: &Chartroom, name: &str, pages: usize, more: &str) {
    let pages: Vec<String> = (0..pages).map(|page| labelled(page, name) + more).collect();
    write(&room.path(&format!("in/sheets/{name}.txt")), &pages);
}

fn found(room: &Chartroom, word: &str) -> u64 {
    let out = room.run(&["search", "--json", word]);
    let answer: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap_or_default();
    answer["total"].as_u64().unwrap_or(0)
}

fn files_of_index(room: &Chartroom, ending: &str) -> Vec<PathBuf> {
    let inside = fs::read_dir(room.path("data/index")).unwrap().flatten().map(|entry| entry.path());
    inside.filter(|path| path.extension().is_some_and(|found| found == ending)).collect()
}

fn flip(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xff;
    fs::write(path, bytes).unwrap();
}

#[test]
fn an_index_damaged_under_a_running_line_is_built_anew_and_followed_on() {
    let room = Chartroom::scripted();
    let line = run(&room);
    scan(&room, "first", 5, "");
    eventually(60, "the first is found", || found(&room, "first") == 5);
    for (number, damage) in ["gone", "flipped", "no meta"].into_iter().enumerate() {
        match damage {
            "gone" => files_of_index(&room, "store").iter().for_each(|path| fs::remove_file(path).unwrap()),
            "flipped" => files_of_index(&room, "idx").iter().for_each(|path| flip(path)),
            _ => fs::remove_file(room.path("data/index/meta.json")).unwrap(),
        }
        let built =
            || fs::read_to_string(room.path("run.log")).unwrap().matches("search index built").count();
        eventually(60, damage, || built() == number + 1);
        let name = format!("later{number}");
        scan(&room, &name, 2, "");
        eventually(60, damage, || found(&room, &name) == 2 && found(&room, "first") == 5);
    }
    assert_eq!(line.terminate(), Some(0));
    room.verified();
}

#[test]
fn an_index_damaged_while_nothing_ran_is_built_anew_by_the_next_line() {
    let room = Chartroom::scripted();
    let line = run(&room);
    scan(&room, "first", 5, "");
    eventually(60, "the first is found", || found(&room, "first") == 5);
    assert_eq!(line.terminate(), Some(0));
    files_of_index(&room, "term").iter().for_each(|path| flip(path));
    let line = run(&room);
    scan(&room, "second", 5, "");
    eventually(60, "both are found", || found(&room, "first") == 5 && found(&room, "second") == 5);
    assert_eq!(line.terminate(), Some(0));
    room.verified();
}

#[test]
fn told_to_stop_it_stops_within_ten_seconds_and_reads_nothing_twice() {
    let room = Chartroom::scripted();
    let line = run(&room);
    scan(&room, "slow", 40, "@slow 400\n");
    let read = || {
        let batch = room.json(&["status", "--json"])["waiting"].as_u64().unwrap();
        batch == 1 && fs::read_dir(room.path("data/packs")).unwrap().flatten().count() > 0
    };
    eventually(60, "pages are being read", read);
    std::thread::sleep(Duration::from_secs(3));
    let told = Instant::now();
    assert_eq!(line.terminate(), Some(0));
    assert!(told.elapsed() < Duration::from_secs(10), "{:?}", told.elapsed());
    let line = run(&room);
    let again = Instant::now();
    eventually(60, "it goes on", || room.is_quiet());
    assert!(again.elapsed() < Duration::from_secs(40 * 4 / 10), "what was read is kept");
    assert_eq!(line.terminate(), Some(0));
    room.verified();
}

#[test]
fn an_original_that_is_gone_is_on_the_worklist_and_retried_when_it_is_back() {
    let room = Chartroom::scripted();
    let outside = room.path("scan.txt");
    write(&outside, &[labelled(1, "kept")]);
    // Received, and killed before it was surveyed.
    let mut killed =
        room.start_with(&["import", outside.to_str().unwrap()], &[("CHARTROOM_FAULT", "batch closed")]);
    assert!(killed.was_killed_within(20));
    let vault = room.path("data/vault");
    let mut objects = Vec::new();
    let mut folders = vec![vault];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            if entry.path().is_dir() { folders.push(entry.path()) } else { objects.push(entry.path()) }
        }
    }
    let aside = room.path("aside");
    fs::rename(&objects[0], &aside).unwrap();
    let line = run(&room);
    eventually(60, "it is on the worklist", || !room.worklist().is_empty());
    let waiting = room.worklist();
    assert_eq!(waiting[0]["reasons"], json!(["LINE_FAULT"]), "{waiting:?}");
    let status = room.json(&["status", "--json"]);
    assert_eq!(status["failed"], 1, "{status}");
    fs::rename(&aside, &objects[0]).unwrap();
    room.ok(&["retry", waiting[0]["batch"].as_str().unwrap()]);
    assert_eq!((room.worklist().len(), room.documents().len()), (0, 1));
    assert_eq!(room.json(&["status", "--json"])["failed"], 0);
    assert_eq!(line.terminate(), Some(0));
    room.verified();
}

fn ask(port: u16, what: &str) -> String {
    let Ok(mut connection) = TcpStream::connect(("127.0.0.1", port)) else { return String::new() };
    write!(connection, "GET {what} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    let _ = connection.read_to_string(&mut answer);
    answer
}

#[test]
fn health_metrics_and_alarms_say_how_it_stands_without_patient_data() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let home = tempfile::tempdir().unwrap();
    let (script, told) = (home.path().join("tell"), home.path().join("told"));
    fs::write(&script, format!("#!/bin/sh\ncat >> {}\n", told.display())).unwrap();
    fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let room = Chartroom::scripted_with(&format!(
        "[web]\nlisten = \"127.0.0.1:{port}\"\n[alarms]\ncommand = \"{}\"\n",
        script.display()
    ));
    let line = room.start(&["run"]);
    scan(&room, "secret-name", 3, "");
    eventually(60, "all is filed", || room.is_quiet());
    let health = ask(port, "/health");
    assert!(health.starts_with("HTTP/1.1 200 OK") && health.contains("\"status\":\"ok\""), "{health}");
    fs::rename(room.path("in/jobs"), room.path("in/away")).unwrap();
    eventually(30, "somebody is told", || {
        fs::read_to_string(&told).is_ok_and(|text| text.contains("folder"))
    });
    let metrics = ask(port, "/metrics");
    for line in [
        "chartroom_up 1",
        "chartroom_pages_read_total 3",
        "chartroom_alarms{kind=\"folder\"} 1",
        "chartroom_station_backlog{station=\"sheets\"} 0",
    ] {
        assert!(metrics.contains(line), "{line}: {metrics}");
    }
    let alarms = fs::read_to_string(&told).unwrap();
    assert_eq!(alarms.lines().count(), 1, "once: {alarms}");
    for text in [&health, &metrics, &alarms] {
        assert!(
            !text.contains("secret") && !text.contains("LINDQVIST") && !text.contains("10593046"),
            "{text}"
        );
    }
    assert_eq!(line.terminate(), Some(0));
}

#[test]
fn a_patient_whose_record_changed_between_asked_and_filed_makes_the_filing_ask_again() {
    let room = Chartroom::scripted();
    scan(&room, "note", 1, ""); // Harold Lindqvist's
    let line =
        room.start_with(&["run", "--role", "intake,read,follow"], &[("CHARTROOM_FAULT", "before file:stop")]);
    let state = || fs::read_to_string(format!("/proc/{}/stat", line.id())).unwrap();
    eventually(30, "the line is halted between asked and filed", || state().contains(") T "));
    // The number turns out to be somebody else's: the record is frozen until two people are told apart.
    let list = "authority,mrn,family,given,birth_date,sex\nGENHOSP,10593046,Quennell,Ottoline,1971-04-08,F\n";
    fs::write(room.path("overlay.csv"), list).unwrap();
    room.ok(&["patients", "import", room.path("overlay.csv").to_str().unwrap()]);
    assert!(room.documents().is_empty());
    signal(line.id(), "CONT");
    eventually(30, "it is judged again", || room.is_quiet());
    assert!(room.documents().is_empty(), "filed on a verdict of the past");
    assert_eq!(room.worklist().len(), 1);
    line.terminate();
    room.verified();
}

fn signal(process: u32, name: &str) {
    let status =
        std::process::Command::new("kill").args([&format!("-{name}"), &process.to_string()]).status();
    assert!(status.unwrap().success());
}

#[test]
fn logs_are_json_survive_rotation_and_name_no_patient() {
    let room = Chartroom::scripted_with("[log]\nformat = \"json\"\nfile = \"log\"\n");
    let line = room.start_with(&["run", "-v", "-v", "--role", "intake,read,follow"], &[]);
    scan(&room, "whitfield gloria", 6, "");
    eventually(30, "the first is found", || room.documents().len() == 6);
    fs::rename(room.path("log"), room.path("log.1")).unwrap();
    scan(&room, "petrov anton", 6, "");
    eventually(30, "the second is found", || room.documents().len() == 12);
    line.terminate();
    let logs: Vec<String> = ["log.1", "log"].map(|name| fs::read_to_string(room.path(name)).unwrap()).into();
    for log in &logs {
        assert!(log.contains("\"message\":\"batch filed\""), "{log}");
        assert!(log.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()), "{log}");
        let lower = log.to_lowercase();
        for told in [
            "whitfield",
            "petrov",
            "lindqvist",
            "11038492",
            "10926584",
            "10593046",
            "1966-05-17",
            "05/17/1966",
        ] {
            assert!(!lower.contains(told), "{told} in {log}");
        }
    }
}
