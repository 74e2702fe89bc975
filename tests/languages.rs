//! Is a page read in the languages its station was given, and is a missing model said before anything is read?
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod harness;

use std::path::{Path, PathBuf};

use harness::{Chartroom, root, sample};
use serde_json::Value;

/// Two stations: `clinic` reads in a language of its own.
const STATIONS: &str = "[identity]\nmode = \"auto\"\nstale_after_hours = 87600\n\
     [readers]\njobs = 1\ntessdata = \"models\"\n\
     [[station]]\nname = \"desk\"\nfolder = \"in/desk\"\nseparation = \"sheet\"\n\
     [[station]]\nname = \"clinic\"\nfolder = \"in/clinic\"\nseparation = \"sheet\"\nlanguages = \"";

/// A Chartroom that has one model under two names: a second language is not installed everywhere.
fn chartroom(languages_of_clinic: &str) -> Chartroom {
    let room = Chartroom::with_config(&format!("{STATIONS}{languages_of_clinic}\"\n"));
    std::fs::create_dir(room.path("models")).unwrap();
    for name in ["eng", "second"] {
        std::os::unix::fs::symlink(english(), room.path(&format!("models/{name}.traineddata"))).unwrap();
    }
    room
}

/// The model of English, where the engine's package puts it.
fn english() -> PathBuf {
    let set = std::env::var_os("TESSDATA_PREFIX").map(PathBuf::from);
    let usual = ["tesseract-ocr/5/tessdata", "tesseract-ocr/4.00/tessdata", "tesseract/tessdata", "tessdata"];
    let folders = set.into_iter().chain(usual.map(|folder| Path::new("/usr/share").join(folder)));
    let models = folders.map(|folder| folder.join("eng.traineddata"));
    models.into_iter().find(|model| model.is_file()).expect("tesseract-ocr-eng is installed")
}

/// What read the page the first document or exception of a station was made of.
fn reader(room: &Chartroom, station: &str, scan: &Path) -> String {
    room.json(&["import", "--json", "--station", station, scan.to_str().unwrap()]);
    let held = room.worklist();
    let id = held.last().unwrap()["id"].as_str().unwrap();
    let shown = room.json(&["show", "--json", id]);
    let evidence = shown["evidence"].as_array().unwrap();
    evidence.iter().find_map(|evidence| evidence["reader"].as_str()).unwrap().to_owned()
}

fn findings(room: &Chartroom) -> Vec<(String, bool, String)> {
    let checks = room.json(&["doctor", "--json"])["checks"].as_array().unwrap().clone();
    let text = |check: &Value, key: &str| check[key].as_str().unwrap().to_owned();
    checks.iter().map(|c| (text(c, "what"), c["ok"] == true, text(c, "words"))).collect()
}

#[test]
fn a_station_s_paper_is_read_in_its_own_languages() {
    let room = chartroom("second");
    let of_clinic = reader(&room, "clinic", &sample("loose-sheets/unknown-mrn.png"));
    assert!(of_clinic.contains("/second/"), "{of_clinic}");
    let of_desk = reader(&room, "desk", &sample("loose-sheets/conflicting-labels.tif"));
    assert!(of_desk.contains("/eng/"), "{of_desk}");
}

#[test]
fn a_station_whose_language_is_not_installed_is_told_by_the_doctor_and_at_the_start() {
    let room = chartroom("eng+third");
    let said = findings(&room);
    let languages: Vec<bool> = said.iter().filter(|f| f.0 == "languages").map(|f| f.1).collect();
    assert_eq!(languages, [true, false], "{said:?}");
    assert!(said.iter().any(|f| f.2.contains("install tesseract-ocr-third")), "{said:?}");
    let run = room.run(&["run"]);
    let error = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(2), "{error}");
    assert!(error.contains("install tesseract-ocr-third"), "{error}");
}

#[test]
fn read_takes_languages_from_its_flag() {
    let room = chartroom("second");
    let scan = root().join("sample-scans/loose-sheets/unknown-mrn.png");
    let line = room.ok(&["read", "--languages", "second+eng", scan.to_str().unwrap()]);
    let page: Value = serde_json::from_str(&line).unwrap();
    assert!(page["reader"].as_str().unwrap().contains("/second+eng/"), "{}", page["reader"]);
    let out = room.run(&["read", "--languages", "second+third", scan.to_str().unwrap()]);
    let error = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.code() == Some(2) && error.contains("tesseract-ocr-third"), "{error}");
}
