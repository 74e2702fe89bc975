//! Thousands of files at once: none lost, none doubled, however they are dropped and whatever the line is doing.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test that cannot go on has failed")]

mod harness;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use harness::{Chartroom, Running, eventually, names_below};

/// Files of all bursts of this file together: 2,000, or as many as a soak asks for.
fn files() -> usize {
    std::env::var("CHARTROOM_SOAK").ok().map_or(2_000, |files| files.parse().unwrap())
}

/// A station that is watched in this way.
fn room(watch: &str) -> Chartroom {
    Chartroom::scripted_with(&format!(
        "[[station]]\nname = \"burst\"\nfolder = \"in/burst\"\nwatch = \"{watch}\"\nseparation = \"sheet\"\n"
    ))
}

/// Drops distinct one-page scans as fast as it goes.
fn burst(folder: &Path, files: std::ops::Range<usize>, renamed: bool) {
    fs::create_dir_all(folder).unwrap();
    for file in files {
        let page = format!("%CHARTROOM-SCRIPT 1\nPROGRESS NOTE\nNobody we know, paper {file}\n");
        let name = folder.join(format!("scan{file}.txt"));
        if renamed {
            let part = name.with_extension("part");
            fs::write(&part, page).unwrap();
            fs::rename(part, name).unwrap();
        } else {
            fs::write(name, page).unwrap();
        }
    }
}

fn signal(line: &Running, signal: &str) {
    assert!(Command::new("kill").args([signal, &line.id().to_string()]).status().unwrap().success());
}

/// Everything dropped is in `taken/`, each once, and in the ledger, each once.
fn all_taken(room: &Chartroom, line: Running, files: usize) {
    let began = Instant::now();
    let folder = room.path("in/burst");
    let seconds = 60 + files as u64 / 100;
    eventually(seconds, "all files are taken", || names_below(&folder.join("taken")).len() == files);
    eprintln!("{files} files taken {:.1} s after the burst", began.elapsed().as_secs_f64());

    line.terminate();
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    for name in names_below(&folder) {
        *names.entry(name).or_default() += 1;
    }
    assert_eq!(names.len(), files, "each by its name");
    assert!(names.values().all(|count| *count == 1), "none twice");
    let status = room.json(&["status", "--json"]);
    assert_eq!(status["batches"], files, "each is a batch of its own");
    let report = room.verified();
    assert_eq!(report["orphans"], 0, "{report}");
    assert_eq!(report["batches"], files, "{report}");
}

#[test]
fn a_burst_under_events_is_taken_whole_also_while_the_line_is_frozen() {
    let room = room("events");
    let line = room.start(&["run"]);
    let files = files() / 4;
    burst(&room.path("in/burst"), 0..files / 2, false);
    signal(&line, "-STOP");
    burst(&room.path("in/burst"), files / 2..files, false);
    signal(&line, "-CONT");
    all_taken(&room, line, files);
}

#[test]
fn a_burst_of_renamed_files_under_events_is_taken_whole() {
    let room = room("events");
    let line = room.start(&["run"]);
    let files = files() / 4;
    burst(&room.path("in/burst"), 0..files, true);
    all_taken(&room, line, files);
}

#[test]
fn a_burst_under_polling_is_taken_whole_also_over_a_restart() {
    let room = room("poll");
    let files = files() / 4;
    let line = room.start(&["run"]);
    burst(&room.path("in/burst"), 0..files / 2, false);
    line.kill();
    burst(&room.path("in/burst"), files / 2..files, true);
    let line = room.start(&["run"]);
    all_taken(&room, line, files);
}

#[test]
fn what_lay_there_before_the_line_started_is_taken_whole_from_folders_in_folders() {
    let room = room("auto");
    let files = files() / 4;
    for (at, inner) in ["", "monday", "monday/late", "tuesday"].iter().enumerate() {
        burst(&room.path("in/burst").join(inner), at * files / 4..(at + 1) * files / 4, at % 2 == 0);
    }
    let line = room.start(&["run"]);
    all_taken(&room, line, files);
}
