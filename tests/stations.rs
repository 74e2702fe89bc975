//! What is dropped into a station's folder is taken, once, and nothing else is.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod harness;

use std::fs;
use std::path::Path;

use harness::scripts::{labelled, naming, write};
use harness::{Chartroom, eventually, reasons, sample};

/// A station of the given grouping, watched by the sweep alone.
fn station(group: &str, separation: &str) -> Chartroom {
    let config = format!(
        "[intake]\nsweep_s = 0.2\nsettle_s = 0.4\nincomplete_after_s = 3.0\njob_quiet_s = 1.5\nmanifest_wait_s = 3.0\n\
         [identity]\nmode = \"auto\"\n[[authority]]\nname = \"GENHOSP\"\nshape = \"^[0-9]{{8}}$\"\n\
         [sheets]\nsite = \"DEMO\"\nkeys = \"sheet-keys.toml\"\n\
         [patients]\nfolder = \"patients\"\n\
         [[station]]\nname = \"desk\"\nfolder = \"in\"\nwatch = \"poll\"\ngroup = \"{group}\"\nseparation = \"{separation}\"\n"
    );
    let room = Chartroom::with_config(&config);
    fs::copy(sample("sheet-keys.toml"), room.path("sheet-keys.toml")).unwrap();
    room.ok(&["patients", "import", sample("patients.csv").to_str().unwrap()]);
    fs::create_dir(room.path("in")).unwrap();
    room
}

fn drop_scan(room: &Chartroom, name: &str) {
    let folder = room.path("in");
    fs::copy(sample("registration-desk/progress-note.pdf"), folder.join(format!("{name}.part"))).unwrap();
    fs::rename(folder.join(format!("{name}.part")), folder.join(name)).unwrap();
}

fn quiet(room: &Chartroom) -> bool {
    let status = room.json(&["status", "--json"]);
    status["waiting"] == 0 && status["stations"][0]["backlog"] == 0
}

fn taken(folder: &Path) -> usize {
    let mut count = 0;
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        count += if entry.path().is_dir() { taken(&entry.path()) } else { 1 };
    }
    count
}

#[test]
fn the_sweep_alone_takes_a_scan_through_to_the_search() {
    let room = station("file", "file");
    let line = room.start(&["run"]);
    fs::write(room.path("in/Thumbs.db"), "x").unwrap();
    fs::write(room.path("in/~$note.doc"), "x").unwrap();
    drop_scan(&room, "note.pdf");
    eventually(60, "the scan is filed", || !room.documents().is_empty());
    eventually(10, "nothing waits", || quiet(&room));
    assert!(!room.path("in/note.pdf").exists());
    assert_eq!(taken(&room.path("in/taken")), 1);
    let status = room.json(&["status", "--json"]);
    assert_eq!(status["stations"][0]["ignored"], serde_json::json!(["Thumbs.db", "~$note.doc"]));
    assert!(room.path("in/Thumbs.db").exists(), "junk stays where it is");

    // The same bytes again, under the same name: a row in the ledger, and nothing read twice.
    drop_scan(&room, "note.pdf");
    eventually(20, "the duplicate is taken", || taken(&room.path("in/taken")) == 2);
    assert_eq!(room.documents().len(), 1);
    assert_eq!(line.terminate(), Some(0), "stops in good order");
    room.verified();
}

#[test]
fn a_document_of_an_unknown_patient_files_itself_once_the_patient_list_brings_them() {
    let room = station("file", "sheet");
    fs::create_dir(room.path("patients")).unwrap();
    let line = room.start(&["run"]);
    fs::copy(sample("loose-sheets/unknown-mrn.png"), room.path("in/unknown.png")).unwrap();
    eventually(60, "it is held", || reasons(&room.worklist()) == ["ID_NOT_IN_MPI"]);
    let list = "authority,mrn,family,given,birth_date,sex\nGENHOSP,19999991,Unlisted,Norbert,1951-08-29,F\n";
    fs::write(room.path("patients/today.csv"), list).unwrap();
    eventually(60, "it is filed", || room.documents().len() == 1);
    assert!(room.worklist().is_empty());
    assert!(!room.path("patients/today.csv").exists(), "the list is put aside");
    assert_eq!(room.documents()[0]["patient"]["mrn"], "19999991");
    line.terminate();
    room.verified();
}

#[test]
fn a_folder_job_is_one_batch_in_the_order_of_its_numbers() {
    let room = station("folder", "control");
    let job = room.path("in/job1");
    fs::create_dir(&job).unwrap();
    for (at, page) in ["p1.tif", "p2.tif", "p10.tif"].iter().enumerate() {
        fs::write(job.join(page), tiff_of_a_blank_page(at as u8)).unwrap();
    }
    let line = room.start(&["run"]);
    eventually(60, "the job is taken", || !job.exists() && quiet(&room));
    line.terminate();
    let waiting = room.worklist();
    assert!(reasons(&waiting).contains(&"PAGE_GAP".to_string()), "p3 to p9 are missing: {waiting:?}");
    let batch = room.json(&["show", waiting[0]["batch"].as_str().unwrap(), "--json"]);
    let names: Vec<_> =
        batch["files"].as_array().unwrap().iter().map(|f| f["file"].as_str().unwrap()).collect();
    assert_eq!(names, ["p1.tif", "p2.tif", "p10.tif"]);
    room.verified();
}

#[test]
fn an_index_file_gathers_its_scans_and_one_that_never_comes_holds_the_job() {
    let room = station("manifest", "control");
    let folder = room.path("in");
    fs::write(folder.join("b.tif"), tiff_of_a_blank_page(1)).unwrap();
    fs::write(folder.join("a.tif"), tiff_of_a_blank_page(2)).unwrap();
    fs::write(folder.join("job.csv"), "file\nb.tif\na.tif\nnever.tif\n").unwrap();
    let line = room.start(&["run"]);
    eventually(60, "the job is taken", || !folder.join("job.csv").exists() && quiet(&room));
    line.terminate();
    let waiting = room.worklist();
    assert!(reasons(&waiting).contains(&"PAGE_GAP".to_string()), "{waiting:?}");
    let batch = room.json(&["show", waiting[0]["batch"].as_str().unwrap(), "--json"]);
    let names: Vec<_> =
        batch["files"].as_array().unwrap().iter().map(|f| f["file"].as_str().unwrap()).collect();
    assert_eq!(names, ["b.tif", "a.tif"]);
    room.verified();
}

/// A white bilevel page of 8 × 8 inches at 100 dpi with a bar of ink whose place depends on `mark`, so that no two
/// files are the same bytes and none is blank.
fn tiff_of_a_blank_page(mark: u8) -> Vec<u8> {
    let mut pixels = vec![0_u8; 100 * 800];
    for row in 100..160 {
        for byte in 0..20 {
            pixels[row * 100 + 10 + usize::from(mark) * 3 + byte] = if byte % 3 == 0 { 0xF0 } else { 0x3C };
        }
    }
    let mut bytes = b"II*\0\x08\0\0\0\x09\0".to_vec();
    let pixels_at = 8 + 2 + 9 * 12 + 4;
    for (tag, value) in [
        (256_u16, 800_u32),
        (257, 800),
        (258, 1),
        (259, 1),
        (262, 0),
        (273, pixels_at),
        (277, 1),
        (278, 800),
        (279, 80_000),
    ] {
        bytes.extend(tag.to_le_bytes());
        bytes.extend(4_u16.to_le_bytes());
        bytes.extend(1_u32.to_le_bytes());
        bytes.extend(value.to_le_bytes());
    }
    bytes.extend(0_u32.to_le_bytes());
    bytes.extend(pixels);
    bytes
}

/// domain.md FS-6: without a proven sheet, a contrary side holds the images before and after it too.
#[test]
fn what_may_be_two_sides_of_one_sheet_is_held_when_one_side_contradicts() {
    let station = "[[station]]\nname = \"duplex\"\nfolder = \"duplex\"\nseparation = \"sheet\"\nsides = 2\nblank_backs = \"dropped\"\n";
    let room = Chartroom::scripted_with(station);
    let contrary = naming(("10926584", "WHITFIELD, GLORIA A", "12/24/1939"), "another's name");
    let pages = [labelled(0, "one"), labelled(1, "two"), contrary, labelled(2, "four"), labelled(3, "five")];
    let path = room.path("sides.txt");
    write(&path, &pages);
    let done = room.json(&["import", "--json", "--station", "duplex", path.to_str().unwrap()]);
    assert_eq!(
        (&done["documents_filed"], &done["exceptions"]),
        (&serde_json::json!(2), &serde_json::json!(3))
    );
    let held: Vec<u64> = room.worklist().iter().map(|own| own["pages"][0].as_u64().unwrap()).collect();
    assert_eq!(held, [2, 3, 4]);
    assert!(room.worklist().iter().all(|own| own["reasons"][0] == "MULTI_PATIENT"));
    room.verified();
}
