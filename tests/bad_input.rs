//! Whatever is dropped, nothing is lost and the line goes on.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod harness;

use std::fs;

use harness::{Chartroom, reasons, sample};

/// A TIFF header of one bilevel page of the given size, without its pixels.
fn tiff_header(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"II*\0\x08\0\0\0\x08\0".to_vec();
    for (tag, value) in
        [(256_u16, width), (257, height), (258, 1), (259, 1), (262, 0), (273, 8), (278, height), (279, 1)]
    {
        bytes.extend(tag.to_le_bytes());
        bytes.extend(4_u16.to_le_bytes());
        bytes.extend(1_u32.to_le_bytes());
        bytes.extend(value.to_le_bytes());
    }
    bytes.extend(0_u32.to_le_bytes());
    bytes
}

#[test]
fn every_bad_file_becomes_an_exception_with_its_reason_and_harms_no_other() {
    let room = Chartroom::with_samples();
    let folder = room.path("in");
    fs::create_dir(&folder).unwrap();
    let good = sample("registration-desk/progress-note.pdf");
    fs::copy(&good, folder.join("good.pdf")).unwrap();
    fs::write(folder.join("empty.pdf"), "").unwrap();
    fs::write(folder.join("text.pdf"), "Dear Dr Reed, this is a letter and not a scan.\n".repeat(50))
        .unwrap();
    fs::write(folder.join("unknown.xyz"), [7_u8; 4000]).unwrap();
    fs::write(folder.join("huge.tif"), tiff_header(40_000, 40_000)).unwrap();
    let whole = fs::read(&good).unwrap();
    fs::write(folder.join("cut.pdf"), &whole[..whole.len() / 2]).unwrap();
    fs::copy(&good, folder.join("wrong-ending.tif")).unwrap();

    let summary = room.import(&[&folder]);
    assert_eq!(summary["files"], 7);
    assert_eq!(summary["duplicates"], 1, "the same bytes under another ending: {summary}");
    assert_eq!(summary["documents_filed"], 1, "{summary}");
    assert_eq!(summary["failed"], 5, "{summary}");
    let waiting = room.worklist();
    let of = |file: &str| {
        reasons(&waiting.iter().filter(|x| x["file"] == file).cloned().collect::<Vec<_>>()).first().cloned()
    };
    assert_eq!(of("empty.pdf").as_deref(), Some("EMPTY"));
    assert_eq!(of("text.pdf").as_deref(), Some("UNSUPPORTED"));
    assert_eq!(of("unknown.xyz").as_deref(), Some("UNSUPPORTED"));
    assert_eq!(of("huge.tif").as_deref(), Some("TOO_LARGE"));
    assert!(matches!(of("cut.pdf").as_deref(), Some("DAMAGED")), "{:?}", of("cut.pdf"));
    room.verified();
    assert_eq!(
        room.run(&["import", folder.join("empty.pdf").to_str().unwrap()]).status.code(),
        Some(0),
        "a duplicate"
    );
    fs::write(folder.join("also-empty.tif"), "II*\0").unwrap();
    assert_eq!(room.run(&["import", folder.join("also-empty.tif").to_str().unwrap()]).status.code(), Some(1));
}

#[test]
fn what_cannot_be_run_says_why_and_exits_with_2() {
    let room = Chartroom::with_config("[readers]\njbos = 1\n");
    let out = room.run(&["status"]);
    assert_eq!(out.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&out.stderr).contains("jbos"));
    let room = Chartroom::with_config("");
    assert_eq!(room.run(&["import", "/no/such/file.tif"]).status.code(), Some(2));
    assert_eq!(room.run(&["show", "nonsense"]).status.code(), Some(2));
}
