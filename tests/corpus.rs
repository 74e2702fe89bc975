//! Is real material from elsewhere read, all of it?
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod harness;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use harness::{Chartroom, corpus};
use serde_json::Value;

/// What is not read, and the words that say why: a header without a page, which its origin calls invalid, and a page of
/// 35,000 × 35,000 pixels, which is beyond what is ever taken into memory.
const REFUSED: [(&str, &str); 2] = [("invalid.pdf", "damaged"), ("hugemono.pdf", "larger than the limit")];

fn scans(folder: &str) -> Option<Vec<PathBuf>> {
    let mut scans: Vec<PathBuf> =
        fs::read_dir(corpus()?.join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
    scans.retain(|path| {
        let ending = path.extension().and_then(|ending| ending.to_str());
        matches!(ending, Some("pdf" | "tif" | "png" | "jpg"))
    });
    scans.sort();
    assert!(!scans.is_empty());
    Some(scans)
}

fn read(scans: &[PathBuf]) -> Vec<Value> {
    let room = Chartroom::with_config("");
    let mut command = room.command(&["read"]);
    let out = command.args(scans).output().unwrap();
    assert!(out.status.code().is_some_and(|code| code < 2), "{}", String::from_utf8_lossy(&out.stderr));
    let lines = String::from_utf8(out.stdout).unwrap();
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Every file has its lines, and none says it failed but those of `REFUSED`.
fn all_read(scans: &[PathBuf]) {
    let lines = read(scans);
    for scan in scans {
        let own: Vec<&Value> = lines.iter().filter(|line| line["file"] == scan.to_str().unwrap()).collect();
        assert!(!own.is_empty(), "no line for {}", scan.display());
        let name = scan.file_name().unwrap().to_str().unwrap();
        match REFUSED.iter().find(|(refused, _)| *refused == name) {
            Some((_, why)) => {
                let error = own[0]["error"].as_str().unwrap_or_else(|| panic!("{name} was read"));
                assert!(error.contains(why), "{name}: {error}");
            }
            None => {
                for line in own {
                    assert_eq!(line["error"], Value::Null, "{name}, page {}", line["page"]);
                    assert!(line["width"].as_u64() > Some(0), "{name}, page {}", line["page"]);
                }
            }
        }
    }
}

#[test]
fn every_scan_of_tesseracts_tests_is_read() {
    let Some(scans) = scans("tesseract-test/testing") else { return };
    all_read(&scans);
}

#[test]
fn every_scan_of_ocrmypdfs_tests_is_read_but_the_invalid() {
    let Some(scans) = scans("ocrmypdf/tests/resources") else { return };
    all_read(&scans);
}

#[test]
fn the_words_of_a_plain_page_are_read_right_whichever_way_it_lies() {
    let Some(scans) = scans("tesseract-test/testing") else { return };
    let gold = fs::read_to_string(scans[0].with_file_name("phototest.gold.txt")).unwrap();
    let gold: Vec<&str> = gold.split_whitespace().collect();
    assert!(gold.len() > 40);
    for (name, turn) in [("phototest.tif", 0), ("phototest-rotated-180.png", 180)] {
        let lines = read(&[scans[0].with_file_name(name)]);
        let text = lines[0]["text"].as_str().unwrap();
        let read: Vec<&str> = text.split_whitespace().collect();
        let right = gold.iter().filter(|word| read.contains(word)).count();
        assert!(right * 100 >= gold.len() * 95, "{name}: {right} of {} words: {text}", gold.len());
        assert_eq!(lines[0]["turn"], turn, "{name}");
    }
}

/// Folders of the corpus with files that were collected to break programs like this one.
const COLLECTED: [&str; 6] = ["qpdf", "twelvemonkeys", "ocrmypdf", "fscrawler", "mayan", "papermerge"];
/// All of them take more than three minutes of computing; `cargo xtask soak corpus` takes all, this test every fourth.
const SPREAD: usize = 4;

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for entry in entries {
        if entry.is_dir() { files_below(&entry, found) } else { found.push(entry) }
    }
}

#[test]
fn every_collected_file_goes_through_import_to_a_stated_outcome() {
    let Some(corpus) = corpus() else { return };
    let mut files = Vec::new();
    COLLECTED.iter().for_each(|folder| files_below(&corpus.join(folder), &mut files));
    assert!(files.len() > 300, "{}", files.len());
    let step = if std::env::var_os("CHARTROOM_SOAK").is_some() { 1 } else { SPREAD };
    let room = Chartroom::with_config("");
    let folder = room.path("in");
    fs::create_dir(&folder).unwrap();
    let mut names = BTreeSet::new();
    for (at, file) in files.iter().enumerate().step_by(step) {
        // Many are called the same.
        let name = format!("{at:03}-{}", file.file_name().unwrap().to_str().unwrap());
        fs::copy(file, folder.join(&name)).unwrap();
        names.insert(name);
    }

    let summary = room.import(&[&folder]);
    let count = |key: &str| usize::try_from(summary[key].as_u64().unwrap()).unwrap();
    assert_eq!(count("files"), names.len());
    assert_eq!(count("batches") + count("duplicates"), names.len(), "{summary}");
    let report = room.verified();
    assert_eq!((&report["pending"], &report["unaccounted"]), (&0.into(), &0.into()), "{report}");
    // Held with a reason, filed, blank, or known from before: there is nothing else.
    let waiting = room.worklist();
    assert!(waiting.iter().all(|held| !held["reasons"].as_array().unwrap().is_empty()));
    for known in waiting.iter().chain(&room.documents()) {
        names.remove(known["file"].as_str().unwrap());
    }
    assert!(names.len() <= count("duplicates") + count("blank_pages"), "{names:?}, {summary}");
}
