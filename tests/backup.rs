//! A backup made while the line works becomes an archive again, wherever the plug was pulled.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test that cannot go on has failed")]

mod harness;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use harness::scripts::{labelled, write};
use harness::{Chartroom, Running, eventually, reasons, root, sample};
use serde_json::Value;

/// Puts a scan of one labelled sheet into a station folder, in one step.
fn drop_sheet(room: &Chartroom, which: usize, words: &str) {
    let hidden = room.path(&format!("in/sheets/{which}.part"));
    write(&hidden, &[labelled(which, words)]);
    fs::rename(hidden, room.path(&format!("in/sheets/{which}.txt"))).unwrap();
}

fn filed(room: &Chartroom, sheets: std::ops::Range<usize>) {
    let line = room.start(&["run"]);
    sheets.for_each(|which| drop_sheet(room, which, &format!("word{which}")));
    eventually(60, "all is filed", || room.is_quiet());
    assert_eq!(line.terminate(), Some(0));
}

fn backup(room: &Chartroom) -> Value {
    room.json(&["backup", room.path("backup").to_str().unwrap(), "--json"])
}

/// The room's program on another data directory.
fn elsewhere(room: &Chartroom, data: &str, arguments: &[&str]) -> Command {
    let usual = room.command(arguments);
    let mut command = Command::new(usual.get_program());
    let own = room.path("data");
    command
        .args(usual.get_args().map(|one| if one == own { room.path(data).into() } else { one.to_owned() }));
    command.envs(
        usual.get_envs().filter_map(|(name, value)| value.map(|value| (name.to_owned(), value.to_owned()))),
    );
    command
}

/// Asks there; the answer is one JSON value, whether all is well or not.
fn ask(room: &Chartroom, data: &str, arguments: &[&str]) -> Value {
    let out = elsewhere(room, data, arguments).output().unwrap();
    let said = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.code().is_some_and(|code| code < 2), "{arguments:?}: {said}");
    serde_json::from_slice(&out.stdout).unwrap()
}

/// The room's archive again, out of its backup, in another data directory; its stations are those of the room.
fn restored(room: &Chartroom, data: &str) -> Value {
    ask(room, data, &["restore", room.path("backup").to_str().unwrap(), "--json"])
}

/// A line on that data directory.
fn run_there(room: &Chartroom, data: &str) -> Running {
    Running::of(&mut elsewhere(room, data, &["run"]))
}

fn found(room: &Chartroom, data: &str, word: &str) -> BTreeSet<(String, u64)> {
    let answer = ask(room, data, &["search", word, "--json"]);
    let hits = answer["hits"].as_array().unwrap();
    hits.iter()
        .map(|hit| (hit["batch"].as_str().unwrap().to_owned(), hit["page"].as_u64().unwrap()))
        .collect()
}

/// Files below a folder.
fn below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.path().is_dir() { found.extend(below(&entry.path())) } else { found.push(entry.path()) }
    }
    found
}

/// Overwrites one byte of a file that is protected against it.
fn rot(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::remove_file(path).unwrap();
    fs::write(path, bytes).unwrap();
}

fn objects(room: &Chartroom, vault: &str) -> Vec<PathBuf> {
    below(&room.path(vault)).into_iter().filter(|path| path.file_name().unwrap().len() == 64).collect()
}

/// Words that stand on sample pages, as the program reads them.
fn words_of_the_samples(room: &Chartroom, wanted: usize) -> Vec<String> {
    let mut words = BTreeSet::new();
    for scan in ["registration-desk/discharge-summary.pdf", "registration-desk/progress-note.pdf"] {
        let read = room.ok(&["read", sample(scan).to_str().unwrap()]);
        for page in read.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()) {
            let text = page["text"].as_str().unwrap();
            words.extend(
                text.split(|c: char| !c.is_ascii_alphabetic()).filter(|w| w.len() > 3).map(str::to_lowercase),
            );
        }
    }
    words.into_iter().take(wanted).collect()
}

#[test]
fn a_backup_made_beside_a_working_line_gives_the_same_searches_on_an_empty_machine() {
    let room = Chartroom::with_samples();
    room.import(&[&sample("registration-desk"), &sample("cover-sheets")]);
    let words = words_of_the_samples(&room, 50);
    assert!(words.len() == 50, "only {} words", words.len());
    let before: Vec<_> = words.iter().map(|word| found(&room, "data", word)).collect();
    assert!(before.iter().filter(|pages| !pages.is_empty()).count() > 10, "too few searches find anything");

    let more =
        room.start(&["import", sample("faxes").to_str().unwrap(), sample("loose-sheets").to_str().unwrap()]);
    let report = backup(&room);
    assert_eq!(report["ok"], true, "{report}");
    assert!(report["files"]["config/chartroom.toml"].is_string(), "{report}");
    assert!(report["files"]["config/sheet-keys.toml"].is_string(), "{report}");
    drop(more);

    let restore = restored(&room, "again");
    assert_eq!(restore["ok"], true, "{restore}");
    eprintln!("backup {} s, restore {} s, {} pages", report["seconds"], restore["seconds"], report["pages"]);
    for (word, pages) in words.iter().zip(before) {
        // What came while the backup was begun may be in it as well.
        let again = found(&room, "again", word);
        assert!(again.is_superset(&pages), "{word}: {again:?} for {pages:?}");
    }
    let keys = fs::read(room.path("again/restored-config/sheet-keys.toml")).unwrap();
    assert_eq!(keys, fs::read(room.path("sheet-keys.toml")).unwrap());
    assert_eq!(ask(&room, "again", &["verify", "--full", "--json"])["ok"], true);
    let refused =
        elsewhere(&room, "again", &["restore", room.path("backup").to_str().unwrap()]).output().unwrap();
    assert_eq!(refused.status.code(), Some(2), "a data directory that is not empty is left alone");
}

#[test]
fn a_second_backup_copies_only_what_is_new_and_keeps_a_week_of_generations() {
    let room = Chartroom::scripted();
    filed(&room, 0..4);
    assert_eq!(backup(&room)["copied"], 4);
    filed(&room, 4..5);
    let second = backup(&room);
    assert_eq!((&second["copied"], &second["ok"]), (&Value::from(1), &Value::from(true)), "{second}");
    assert!(second["hashed"].as_u64().unwrap() < 5, "{second}");
    for _ in 0..7 {
        assert_eq!(backup(&room)["copied"], 0);
    }
    assert_eq!(fs::read_dir(room.path("backup/generations")).unwrap().count(), 7);
    let full = room.json(&["backup", room.path("backup").to_str().unwrap(), "--full", "--json"]);
    assert_eq!(full["hashed"], 5);
}

/// The fault points of the source whose names begin so.
fn fault_points(with: &str) -> BTreeSet<String> {
    let sources =
        below(&root().join("crates")).into_iter().filter(|path| path.extension().is_some_and(|e| e == "rs"));
    let texts = sources.map(|path| fs::read_to_string(path).unwrap());
    let marks = texts.flat_map(|text| {
        let parts = text.split("target: \"fault_point\", \"").skip(1);
        parts.map(|rest| rest.split('"').next().unwrap().to_owned()).collect::<Vec<_>>()
    });
    marks.filter(|name| name.starts_with(with)).collect()
}

#[test]
fn a_backup_killed_anywhere_leaves_one_that_can_be_restored() {
    let room = Chartroom::scripted();
    filed(&room, 0..3);
    assert_eq!(backup(&room)["ok"], true);
    filed(&room, 3..6);
    let points = fault_points("backup ");
    assert!(points.len() >= 5, "{points:?}");
    for (at, point) in points.iter().filter(|point| *point != "backup kept file removed").enumerate() {
        let to = room.path("backup");
        // Each time there is something new to copy.
        filed(&room, 6 + at..7 + at);
        let mut killed = room.command(&["backup", to.to_str().unwrap(), "--json"]);
        let out = killed.env("CHARTROOM_FAULT", point).output().unwrap();
        assert_eq!(out.status.code(), None, "killed at {point:?}");
        let there = format!("after {point}");
        let report = restored(&room, &there);
        assert_eq!(report["ok"], true, "{point}: {report}");
        let pages = ask(&room, &there, &["verify", "--full", "--json"])["pages"].as_u64().unwrap();
        assert!(pages >= 3, "{point}: {pages} pages");
    }
    let last = backup(&room);
    assert_eq!(last["ok"], true, "the next one goes on: {last}");
    assert_eq!(last["originals"].as_u64().unwrap() as usize, 6 + points.len() - 1);
}

#[test]
fn a_restore_killed_anywhere_is_done_again_and_nothing_is_opened_meanwhile() {
    let room = Chartroom::scripted();
    filed(&room, 0..2);
    backup(&room);
    for point in fault_points("restore ").iter() {
        let from = room.path("backup");
        let mut killed = elsewhere(&room, point, &["restore", from.to_str().unwrap()]);
        let out = killed.env("CHARTROOM_FAULT", point).output().unwrap();
        assert_eq!(out.status.code(), None, "killed at {point:?}");
        let opened = elsewhere(&room, point, &["status"]).output().unwrap();
        assert_eq!(opened.status.code(), Some(2), "half an archive is not opened: {point}");
        assert_eq!(restored(&room, point)["ok"], true, "{point}");
    }
}

#[test]
fn what_rots_in_a_backup_or_in_the_vault_is_told_by_its_batch_and_mended() {
    let room = Chartroom::scripted();
    filed(&room, 0..3);
    assert_eq!(backup(&room)["ok"], true);
    let batch = room.documents()[0]["batch"].as_str().unwrap().to_owned();
    let digest = room.json(&["show", &batch, "--json"])["files"][0]["digest"].as_str().map(str::to_owned);
    let name = |vault: &str| match &digest {
        Some(digest) => room.path(&format!("{vault}/{}/{}/{digest}", &digest[..2], &digest[2..4])),
        None => objects(&room, vault).remove(0),
    };
    let to = room.path("backup").to_str().unwrap().to_owned();
    rot(&name("backup/vault"));
    let report = room.json(&["backup", &to, "--full", "--json"]);
    assert_eq!(report["ok"], false, "{report}");
    let problem = report["problems"][0].as_str().unwrap();
    assert!(problem.starts_with("batch b") && problem.contains("copied again"), "{problem}");
    assert_eq!(backup(&room)["ok"], true, "it was mended from the vault");

    let rotten = name("data/vault");
    rot(&rotten);
    assert_eq!(room.json(&["verify", "--json"])["ok"], false);
    let digest = rotten.file_name().unwrap().to_str().unwrap();
    let mended = room.json(&["restore", &to, "--object", digest, "--json"]);
    assert_eq!(mended["mended"], true);
    room.verified();

    // Gone from both: the rest comes back, and what is missing is told.
    fs::remove_file(name("backup/vault")).unwrap();
    let report = restored(&room, "again");
    assert_eq!(report["ok"], false);
    assert!(report["problems"][0].as_str().unwrap().starts_with("batch b"), "{report}");
}

#[test]
fn what_came_after_the_backup_is_received_again_and_held_and_nothing_files_by_itself() {
    let room = Chartroom::scripted();
    filed(&room, 0..2);
    assert_eq!(backup(&room)["ok"], true);
    // After the backup: two sheets are filed, a job of two files is, and a scan is claimed when the machine dies.
    filed(&room, 2..4);
    let line = room.start(&["run"]);
    fs::create_dir(room.path("in/jobs/.job")).unwrap();
    for page in [1, 2] {
        write(&room.path(&format!("in/jobs/.job/p{page}.txt")), &[labelled(page, "ofajob")]);
    }
    fs::rename(room.path("in/jobs/.job"), room.path("in/jobs/job")).unwrap();
    eventually(30, "the job is filed", || room.is_quiet());
    line.terminate();
    let mut line = room.start_with(&["run"], &[("CHARTROOM_FAULT", "claimed")]);
    drop_sheet(&room, 4, "claimed");
    eventually(30, "it dies over a claim", || line.ended());

    let report = restored(&room, "again");
    assert_eq!(report["ok"], true, "{report}");
    assert_eq!(report["swept"], serde_json::json!({ "received": 4, "duplicates": 0, "faults": 0 }));
    assert_eq!(report["shadow"], true);
    // The index of the machine that died knows more than this catalogue: it is built anew by itself.
    fs::remove_dir_all(room.path("again/index")).unwrap();
    let copied =
        Command::new("cp").arg("-a").args([room.path("data/index"), room.path("again/index")]).status();
    assert!(copied.unwrap().success());
    let line = run_there(&room, "again");
    let held = || ask(&room, "again", &["worklist", "--json"])["exceptions"].as_array().unwrap().clone();
    eventually(60, "all that came since is held", || held().len() == 5);
    assert!(held().iter().all(|one| one["reasons"][0] == "RESTORED"), "{:?}", reasons(&held()));
    // What comes now would be filed, but nothing files by itself.
    drop_sheet(&room, 5, "afterwards");
    eventually(60, "the next is held", || held().len() == 6);
    assert!(reasons(&held()).contains(&"MPI_STALE".to_owned()), "{:?}", reasons(&held()));
    let list = sample("patients.csv");
    ask(&room, "again", &["patients", "import", "--full", "--json", list.to_str().unwrap()]);
    eventually(30, "it is judged again", || reasons(&held()).contains(&"SHADOW".to_owned()));
    line.terminate();
    assert_eq!(ask(&room, "again", &["verify", "--full", "--json"])["ok"], true);
    assert_eq!(ask(&room, "again", &["documents", "--json"])["documents"].as_array().unwrap().len(), 2);

    let end = elsewhere(&room, "again", &["restore", "--end-shadow", "--as", "chief"]).status().unwrap();
    assert!(end.success());
    let line = run_there(&room, "again");
    drop_sheet(&room, 6, "trusted");
    eventually(60, "it is filed", || {
        ask(&room, "again", &["documents", "--json"])["documents"].as_array().unwrap().len() == 3
    });
    line.terminate();
}

#[test]
fn a_sweep_cut_short_after_the_restore_is_ended_by_the_line() {
    let room = Chartroom::scripted();
    filed(&room, 0..1);
    backup(&room);
    filed(&room, 1..4);
    let from = room.path("backup");
    let mut killed = elsewhere(&room, "again", &["restore", from.to_str().unwrap()]);
    let out = killed.env("CHARTROOM_FAULT", "restored job received").output().unwrap();
    assert_eq!(out.status.code(), None);
    let line = run_there(&room, "again");
    let held = || ask(&room, "again", &["worklist", "--json"])["exceptions"].as_array().unwrap().clone();
    eventually(60, "all that came since is held", || held().len() == 3);
    line.terminate();
    assert!(held().iter().all(|one| one["reasons"][0] == "RESTORED"), "{:?}", reasons(&held()));
    let report = ask(&room, "again", &["verify", "--full", "--json"]);
    assert_eq!((&report["ok"], &report["pages"]), (&Value::from(true), &Value::from(4)), "{report}");
}

#[test]
fn a_backup_never_lies_in_what_it_is_a_backup_of_and_never_mixes_two_archives() {
    let (room, other) = (Chartroom::scripted(), Chartroom::scripted());
    for inside in ["data/backup", "."] {
        let out = room.run(&["backup", room.path(inside).to_str().unwrap()]);
        assert_eq!(out.status.code(), Some(2), "{inside}");
    }
    backup(&room);
    let out = other.run(&["backup", room.path("backup").to_str().unwrap()]);
    assert_eq!(out.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&out.stderr).contains("another archive"));
}
