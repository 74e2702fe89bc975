//! The plug may be pulled at any moment: at every named fault point, and at random under load.
//!
//! Each time the line is started again, goes on by itself, and must end with what an undisturbed run has: the same
//! documents, exceptions, ids, pages, files and searchable pages. `CHARTROOM_SOAK=1000` makes it that many random
//! kills (`cargo xtask soak kills`).
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test that cannot go on has failed")]

mod harness;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use harness::scripts::{BLANK, LIST_WITH_STRANGER, STRANGER, labelled, naming, write};
use harness::{Chartroom, Holdings, eventually, reasons, root, sample};

/// Where the line is when it is killed.
enum Scene {
    /// Scans lie in the folders.
    Scans,
    /// Scans come one after the other, so that the index is committed often and merged.
    Trickle,
    /// All is filed; now the patient list brings whom a held document waits for.
    PatientsCome,
    /// All is filed; the index is broken and will be built anew.
    BrokenIndex,
}

fn scene(point: &str) -> Scene {
    match point {
        "index merging" => Scene::Trickle,
        "before judged again" | "patients laid" | "patients decided" | "patients piece" => {
            Scene::PatientsCome
        }
        "index built beside" | "index swapped" => Scene::BrokenIndex,
        _ => Scene::Scans,
    }
}

/// Every fault point of the source, but those of backups and restores, which `backup.rs` kills at.
fn fault_points() -> Vec<String> {
    fn below(folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                below(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(path).unwrap();
                let names = text.split("target: \"fault_point\", \"").skip(1);
                found.extend(names.map(|rest| rest.split('"').next().unwrap().to_owned()));
            }
        }
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(root().join("crates")).unwrap().flatten() {
        below(&entry.path().join("src"), &mut found);
    }
    found.retain(|name| !name.starts_with("backup") && !name.starts_with("restore"));
    found.sort();
    found.dedup();
    found
}

/// Stacks of sheets, held ones, blank ones, a stranger's, a duplicate, junk, a job of several files, a large stack.
fn drop_scans(room: &Chartroom, pause: Duration) {
    let sheets = room.path("in/sheets");
    for file in 0..12 {
        let mut pages: Vec<String> =
            (0..3).map(|page| labelled(file + page, &format!("file {file} page {page}"))).collect();
        match file {
            3 => pages.push(BLANK.into()),
            5 => pages.push("NOTE\nof nobody we could name\n".into()),
            7 => pages = vec![naming(STRANGER, "held until the list brings them")],
            _ => {}
        }
        write(&sheets.join(format!("s{file:02}.txt")), &pages);
        std::thread::sleep(pause);
    }
    let large: Vec<String> = (0..205).map(|page| labelled(page, &format!("large {page}"))).collect();
    write(&sheets.join("large.txt"), &large);
    fs::copy(sheets.join("large.txt"), sheets.join("large again.txt")).unwrap();
    fs::write(sheets.join("junk.txt"), "not a scan").unwrap();
    let job = room.path("in/jobs/job7");
    fs::create_dir(&job).unwrap();
    write(&job.join("p1.txt"), &[labelled(1, "job page 1")]);
    for blank in ["p2.txt", "p3.txt"] {
        write(&job.join(blank), &[BLANK.into()]); // the same bytes, and still two pages
    }
    write(&job.join("p4.txt"), &[labelled(1, "job page 4")]);
}

const FILES: usize = 12 + 3 + 4;
const NO_PAUSE: Duration = Duration::ZERO;

fn see_through(room: &Chartroom) {
    room.see_through(60 + soak().unwrap_or(0));
}

fn undisturbed() -> Chartroom {
    let room = Chartroom::scripted();
    drop_scans(&room, NO_PAUSE);
    see_through(&room);
    room
}

/// The list that brings the stranger, behind more than one piece of people who change nothing.
fn bring_the_stranger(room: &Chartroom) {
    let mut list = LIST_WITH_STRANGER.to_owned();
    for other in 0..150 {
        list.push_str(&format!("GENHOSP,{},Somebody{other},Else,1901-01-01,F\n", 30_000_000 + other));
    }
    fs::write(room.path("patients/next.csv"), list).unwrap();
}

fn see_the_stranger_filed(room: &Chartroom) {
    let line = room.start(&["run"]);
    eventually(60, "the list is taken, and what waited for it is filed and searchable", || {
        !room.path("patients/next.csv").exists()
            && !reasons(&room.worklist())
                .iter()
                .any(|reason| ["ID_NOT_IN_MPI", "MPI_STALE"].contains(&&**reason))
            && room.is_quiet()
    });
    assert_eq!(line.terminate(), Some(0));
}

fn kill_at(point: &str) -> Chartroom {
    let room = Chartroom::scripted();
    let fault = [("CHARTROOM_FAULT", point)];
    match scene(point) {
        Scene::Scans => {
            drop_scans(&room, NO_PAUSE);
            let mut line = room.start_with(&["run"], &fault);
            assert!(line.was_killed_within(30), "{point:?} was never reached");
        }
        Scene::Trickle => {
            let midst = format!("{point}:soon");
            let mut line = room.start_with(&["run"], &[("CHARTROOM_FAULT", &midst)]);
            drop_scans(&room, Duration::from_millis(700));
            assert!(line.was_killed_within(30), "{point:?} was never reached");
        }
        Scene::PatientsCome => {
            drop_scans(&room, NO_PAUSE);
            see_through(&room);
            bring_the_stranger(&room);
            let mut line = room.start_with(&["run"], &fault);
            assert!(line.was_killed_within(30), "{point:?} was never reached");
            see_the_stranger_filed(&room);
        }
        Scene::BrokenIndex => {
            drop_scans(&room, NO_PAUSE);
            see_through(&room);
            fs::write(room.path("data/index/meta.json"), "no index").unwrap();
            let mut line = room.start_with(&["run"], &fault);
            assert!(line.was_killed_within(30), "{point:?} was never reached");
        }
    }
    see_through(&room);
    room
}

/// Two at a time: the machine may be small.
fn kill_at_each(points: &[String], expected: &Holdings, with_stranger: &Holdings) {
    for point in points {
        eprintln!("killed at {point:?}");
        let expected = match scene(point) {
            Scene::PatientsCome => with_stranger,
            _ => expected,
        };
        let room = kill_at(point);
        room.holdings().assert_same(expected, &format!("killed at {point:?}"));
    }
}

#[test]
fn killed_at_any_fault_point_the_line_ends_with_the_same_documents_ids_and_pages() {
    let room = undisturbed();
    let expected = room.holdings();
    assert_eq!(expected.kept.len(), FILES);
    assert_eq!(expected.verified["pages"], 33 + 2 + 1 + 205 + 4, "{}", expected.verified);
    bring_the_stranger(&room);
    see_the_stranger_filed(&room);
    let with_stranger = room.holdings();

    let points = fault_points();
    assert!(points.len() >= 15, "{points:?}");
    let (one, other) = points.split_at(points.len() / 2);
    std::thread::scope(|scope| {
        scope.spawn(|| kill_at_each(one, &expected, &with_stranger));
        scope.spawn(|| kill_at_each(other, &expected, &with_stranger));
    });
}

/// How many random kills are asked for, other than usual.
fn soak() -> Option<u64> {
    std::env::var("CHARTROOM_SOAK").ok().map(|kills| kills.parse().unwrap())
}

/// Stacks of 1 to 40 sheets, a job of several files, and now and then a stack that came before.
fn drop_round(room: &Chartroom, round: u64) {
    let page = |number: u64| labelled(number as usize, &format!("round {round} {number}"));
    for file in 0..3 {
        let number = round * 3 + file;
        let pages: Vec<String> = (0..1 + number % 40).map(|at| page(number + at)).collect();
        write(&room.path("in/sheets").join(format!("r{number}.txt")), &pages);
        if number % 5 == 4 {
            write(&room.path("in/sheets").join(format!("r{number} again.txt")), &pages);
        }
    }
    let job = room.path("in/jobs").join(format!("job{round}"));
    fs::create_dir(&job).unwrap();
    write(&job.join("p1.txt"), &[page(round)]);
    write(&job.join("p2.txt"), &[BLANK.into()]);
    write(&job.join("p3.txt"), &[BLANK.into()]);
    write(&job.join("p4.txt"), &[page(round + 1)]);
}

#[test]
fn killed_at_random_under_load_nothing_is_lost_and_nothing_is_doubled() {
    let kills = soak().unwrap_or(30);
    let (disturbed, calm) = (Chartroom::scripted(), Chartroom::scripted());
    for round in 0..kills {
        drop_round(&disturbed, round);
        drop_round(&calm, round);
        let line = disturbed.start(&["run"]);
        std::thread::sleep(Duration::from_millis(30 + round * 7919 % 900));
        line.kill();
    }
    see_through(&disturbed);
    see_through(&calm);
    disturbed.holdings().assert_same(&calm.holdings(), "killed at random");
    eprintln!("{kills} kills, {} pages", calm.holdings().verified["pages"]);
}

#[test]
fn a_killed_line_frees_its_own_leases_at_once() {
    let room = Chartroom::scripted();
    write(&room.path("in/sheets/slow.txt"), &[format!("@slow 1500\n{}", labelled(0, "slow"))]);
    let line = room.start(&["run"]);
    eventually(20, "the batch is leased", || room.json(&["status", "--json"])["waiting"] == 1);
    std::thread::sleep(Duration::from_millis(300));
    line.kill();
    let line = room.start(&["run"]);
    eventually(15, "it is read by the next line, not after a lease's term", || room.documents().len() == 1);
    line.terminate();
    room.verified();
}

#[test]
fn a_real_import_killed_ten_times_ends_with_the_same_documents_ids_and_pages() {
    // Without the discharge summary: a stack ends with the same page, and which of two came first is chance.
    let desk = std::fs::read_dir(sample("registration-desk")).unwrap().map(|entry| entry.unwrap().path());
    let is_scan = |path: &PathBuf| {
        !path.ends_with("discharge-summary.pdf") && path.extension().is_none_or(|kind| kind != "json")
    };
    let mut scans: Vec<PathBuf> = desk.filter(is_scan).collect();
    scans.extend(["cover-sheets", "faxes"].map(sample));
    scans.sort();
    let undisturbed = Chartroom::with_samples();
    undisturbed.import(&scans.iter().map(PathBuf::as_path).collect::<Vec<_>>());
    let expected = undisturbed.holdings();
    assert!(expected.lines.len() > 5, "{expected:?}");

    let killed = Chartroom::with_samples();
    let mut arguments = vec!["import", "--json"];
    arguments.extend(scans.iter().map(|path| path.to_str().unwrap()));
    for round in 0..10 {
        let line = killed.start(&arguments);
        std::thread::sleep(Duration::from_millis(150 + round * 450));
        line.kill();
    }
    killed.json(&arguments);
    killed.holdings().assert_same(&expected, "killed while reading");
}
