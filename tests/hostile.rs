//! Does the line survive files that were made to take a reader apart?
//!
//! They are made here and not stored: a few bytes that ask for gigabytes, circles, endless lists, pages on which an
//! engine finds letters everywhere.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod harness;

#[path = "hostile/flate.rs"]
mod flate;
#[path = "hostile/pdf.rs"]
mod pdf;
#[path = "hostile/pictures.rs"]
mod pictures;
#[path = "hostile/tiff.rs"]
mod tiff;
#[path = "hostile/watch.rs"]
mod watch;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use harness::{Chartroom, eventually, reasons, sample};
use serde_json::Value;

/// A file that asks for more than it may have.
pub(crate) struct Bomb {
    name: &'static str,
    bytes: Vec<u8>,
}

impl Bomb {
    fn new(name: &'static str, bytes: Vec<u8>) -> Self {
        Self { name, bytes }
    }
}

/// As the samples are filed, with less time a page: what would take a minute is to end within seconds here. Memory
/// is what it is by default.
fn room() -> Chartroom {
    let text = fs::read_to_string(sample("chartroom.toml")).unwrap();
    assert!(!text.contains("[readers]"), "the samples take the readers as they are");
    let room = Chartroom::with_config(&format!("{text}\n[readers]\njobs = 2\ncpu_s = 4\n"));
    fs::copy(sample("sheet-keys.toml"), room.path("sheet-keys.toml")).unwrap();
    room.ok(&["patients", "import", sample("patients.csv").to_str().unwrap()]);
    room
}

/// Imports while looking at the readers; answers the summary and the most memory one of them had, in megabytes.
fn import_watched(room: &Chartroom, folder: &Path) -> (Value, u64) {
    let mut command = room.command(&["import", "--json", folder.to_str().unwrap()]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let watch = watch::Readers::of(child.id());
    let out = child.wait_with_output().unwrap();
    let most = watch.most_memory();
    assert!(out.status.code().is_some_and(|code| code < 2), "{:?}", out.status);
    (serde_json::from_slice(&out.stdout).unwrap(), most)
}

/// Megabytes a reader may have by default, and what is mapped from files or is stack, which is not counted there.
const MEMORY_MB: u64 = 1536;
const MAPPED_MB: u64 = 100;

/// What is read as far as it goes, and waits for a person because nobody is named on it.
const READ: [&str; 16] = [
    "beyond-its-rows.png",
    "comment.png",
    "dither.tif",
    "flate-beyond-its-strip.tif",
    "huge-deep.png",
    "huge-flate.tif",
    "huge.png",
    "interlaced.png",
    "jpx-header.pdf",
    "jpx-huge.pdf",
    // Four words, right at the paper's edge.
    "letter-in-itself.pdf",
    "noise-coarse.tif",
    "noise.tif",
    "picture-huge.pdf",
    "profile.png",
    "samples.tif",
];

/// What is read and is one even colour of paper: a blank page.
const EVEN: [&str; 10] = [
    "fax-huge.pdf",
    "form-in-itself.pdf",
    "huge-fax.tif",
    "length-in-itself.pdf",
    "media-box-huge.pdf",
    "overlapping-strips.tif",
    "pattern-in-itself.pdf",
    "saves.pdf",
    "shading.pdf",
    "tree-deep.pdf",
];

/// Good scans that stand before, among and behind the bombs.
const GOOD: [(&str, &str); 4] = [
    ("a.pdf", "progress-note.pdf"),
    ("h.png", "lab-table.png"),
    ("n.tif", "form-with-boxes.tif"),
    ("z.pdf", "discharge-summary.pdf"),
];

#[test]
fn every_bomb_ends_in_a_stated_outcome_and_the_line_goes_on() {
    let room = room();
    let folder = room.path("in");
    fs::create_dir(&folder).unwrap();
    let bombs: Vec<Bomb> =
        [pdf::bombs(), tiff::bombs(), pictures::bombs(), pictures::noise()].into_iter().flatten().collect();
    for bomb in &bombs {
        fs::write(folder.join(bomb.name), &bomb.bytes).unwrap();
    }
    for (name, good) in GOOD {
        fs::copy(sample(&format!("registration-desk/{good}")), folder.join(name)).unwrap();
    }

    let began = Instant::now();
    let (summary, most) = import_watched(&room, &folder);
    assert!(most > 500, "the readers were not seen: {most} MB");
    assert!(most <= MEMORY_MB + MAPPED_MB, "a reader had {most} MB");
    assert!(began.elapsed() < Duration::from_secs(600), "{:?}", began.elapsed());
    assert_eq!(summary["files"], bombs.len() + GOOD.len());
    let report = room.verified();
    assert_eq!((&report["pending"], &report["unaccounted"]), (&0.into(), &0.into()));

    let filed: BTreeSet<String> =
        room.documents().iter().map(|document| document["file"].as_str().unwrap().to_owned()).collect();
    assert_eq!(filed, GOOD.map(|(name, _)| name.to_owned()).into());
    let waiting = room.worklist();
    for Bomb { name, .. } in &bombs {
        let own: Vec<Value> = waiting.iter().filter(|x| x["file"] == *name).cloned().collect();
        let reasons = reasons(&own);
        let broken = ["TOO_LARGE", "PAGE_UNREADABLE", "DAMAGED", "EMPTY"];
        if EVEN.contains(name) {
            assert_eq!(reasons, [""; 0], "{name}");
        } else if READ.contains(name) {
            assert_eq!(reasons, ["NO_ID"], "{name}");
        } else {
            assert!(reasons.iter().any(|reason| broken.contains(&reason.as_str())), "{name}: {reasons:?}");
        }
    }
    assert_eq!(summary["blank_pages"], EVEN.len());
}

/// Each kind of file, cut: on these pages stands all that is needed to file them, as long as they are whole.
#[test]
fn a_file_that_was_cut_off_is_held_and_never_filed() {
    let room = room();
    let folder = room.path("in");
    fs::create_dir(&folder).unwrap();
    let mut cut = BTreeSet::new();
    for (_, good) in GOOD {
        let whole = fs::read(sample(&format!("registration-desk/{good}"))).unwrap();
        for sixteenths in [1, 6, 11, 15] {
            let name = format!("{sixteenths:02}-{good}");
            fs::write(folder.join(&name), &whole[..whole.len() * sixteenths / 16]).unwrap();
            cut.insert(name);
        }
    }
    let summary = room.import(&[&folder]);
    assert_eq!(
        (&summary["documents_filed"], &summary["failed"]),
        (&0.into(), &cut.len().into()),
        "{summary}"
    );
    for held in room.worklist() {
        let reasons = reasons(std::slice::from_ref(&held));
        assert!(reasons.iter().any(|reason| reason == "DAMAGED"), "{}: {reasons:?}", held["file"]);
        cut.remove(held["file"].as_str().unwrap());
    }
    assert_eq!(cut, BTreeSet::new(), "neither filed nor held");
    room.verified();
}

/// Lines of JSON for these pages of a file, and what was said of the file.
fn read_pages(bytes: &[u8], pages: &str) -> (Vec<Value>, String) {
    let room = Chartroom::with_config("");
    fs::write(room.path("many"), bytes).unwrap();
    let out = room.run(&["read", "--pages", pages, room.path("many").to_str().unwrap()]);
    let lines = String::from_utf8(out.stdout).unwrap();
    let lines = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    (lines, String::from_utf8(out.stderr).unwrap())
}

/// To take all of them in takes as long as they are many; here it is seen that the first and the last are found at
/// once, and that no page more is believed to be there.
#[test]
fn a_hundred_thousand_pages_are_surveyed_within_seconds() {
    let began = Instant::now();
    let (lines, said) = read_pages(&pdf::many_pages(100_000), "1,100000,100001");
    assert_eq!((lines.len(), said.as_str()), (3, ""));
    assert!(lines[..2].iter().all(|line| line["error"].is_null() && line["width"] == 83), "{lines:?}");
    assert_eq!(lines[2]["error"], "there is no page 100001; the last is 100000");

    let (lines, said) = read_pages(&tiff::many_pages(65_535), "1,65535,65536");
    assert_eq!((lines.len(), said.as_str()), (3, ""));
    assert!(lines[..2].iter().all(|line| line["error"].is_null() && line["width"] == 8), "{lines:?}");
    assert_eq!(lines[2]["error"], "there is no page 65536; the last is 65535");
    let (lines, said) = read_pages(&tiff::many_pages(65_536), "65535");
    assert!(lines[0]["error"].is_null() && said.contains("it holds more than 65535 pages"), "{said}");
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
}

/// The program's own reader, not a scripted one: what the kernel says of it while it reads.
#[test]
fn the_real_reader_is_shut_in_while_it_reads() {
    let room = Chartroom::with_config("[readers]\njobs = 1\ncpu_s = 4\n");
    let busy = pictures::noise().into_iter().find(|bomb| bomb.name == "noise-small-letters.tif").unwrap();
    fs::write(room.path("busy.tif"), &busy.bytes).unwrap();
    let checks = room.json(&["doctor", "--json"]);
    let words = checks["checks"].to_string();
    let (files, network) = (words.contains("no files"), words.contains("no network"));

    let mut command = room.command(&["read", room.path("busy.tif").to_str().unwrap()]);
    let mut program = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let shut_in = |reader: u32| watch::status(reader, "NoNewPrivs:") == Some(1);
    let mut reader = None;
    eventually(20, "a reader is warm", || {
        reader =
            watch::children(program.id()).into_iter().find(|&reader| shut_in(reader) || !(files || network));
        reader.is_some()
    });
    let reader = reader.unwrap();
    for (limit, most) in [
        ("Max data size", MEMORY_MB << 20),
        ("Max core file size", 0),
        ("Max file size", 0),
        ("Max open files", 64),
    ] {
        assert_eq!(watch::limit(reader, limit), Some(most), "{limit}");
    }
    if network {
        // Each of its threads, also one the engine may have started.
        eventually(5, "all of it is filtered", || {
            watch::threads(reader).iter().all(|thread| thread == "Seccomp:\t2")
        });
    }
    program.kill().unwrap();
    program.wait().unwrap();
    eventually(5, "the reader ends with its program", || watch::status(reader, "PPid:").is_none());
}
