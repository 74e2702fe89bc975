//! Does the command line keep what it promises to scripts?
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod harness;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use harness::{Chartroom, reasons, sample};
use image::{DynamicImage, GrayImage, Luma};
use serde_json::{Value, json};

const OKAFOR: &str = "10482713";
const LINDQVIST: &str = "10593046";
const MARCHETTI: &str = "10617258";
const BEAUMONT: &str = "10734961";

/// As the samples want it, but for the given change; the patient index is empty.
fn configured(change: impl Fn(String) -> String) -> Chartroom {
    let room = Chartroom::with_config(&change(fs::read_to_string(sample("chartroom.toml")).unwrap()));
    fs::copy(sample("sheet-keys.toml"), room.path("sheet-keys.toml")).unwrap();
    room
}

fn import_as(room: &Chartroom, station: &str, paths: &[&Path]) -> Value {
    let mut arguments = vec!["import", "--json", "--station", station];
    arguments.extend(paths.iter().map(|path| path.to_str().unwrap()));
    room.json(&arguments)
}

fn search(room: &Chartroom, arguments: &[&str]) -> Vec<Value> {
    let answer = room.json(&[&["search", "--json"], arguments].concat());
    let hits = answer["hits"].as_array().unwrap().clone();
    assert_eq!(answer["total"], hits.len(), "{answer}");
    hits
}

/// The numbers of the patients found, each once, in order.
fn patients(hits: &[Value]) -> Vec<&str> {
    let mut numbers: Vec<&str> = hits.iter().filter_map(|hit| hit["patient"]["mrn"].as_str()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

fn keys_of(value: &Value, expected: &[&str]) {
    for key in expected {
        assert!(value.get(key).is_some(), "no {key:?} in {value}");
    }
}

/// The upright pages of a file, as `read` gives them.
fn read(room: &Chartroom, file: &Path) -> Vec<Value> {
    let lines = room.ok(&["read", file.to_str().unwrap()]);
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn document_of(room: &Chartroom, mrn: &str) -> String {
    let documents = room.json(&["documents", "--json", "--patient", mrn]);
    assert_eq!(documents["documents"].as_array().unwrap().len(), 1, "{documents}");
    documents["documents"][0]["document"].as_str().unwrap().to_owned()
}

/// Two patients in a stack, a progress note, a table of the laboratory, and a note of somebody unknown.
fn with_a_morning_of_scans() -> Chartroom {
    let room = Chartroom::with_samples();
    let stack = import_as(&room, "cover-sheets", &[&sample("cover-sheets/two-patients-200dpi.tif")]);
    assert_eq!(
        stack,
        json!({ "files": 1, "batches": 1, "pages": 8, "documents_filed": 2, "exceptions": 0,
                "control_sheets": 4, "blank_pages": 0, "duplicates": 0, "failed": 0 })
    );
    let notes = ["registration-desk/progress-note.pdf", "registration-desk/lab-table.png"].map(sample);
    import_as(&room, "registration-desk", &[&notes[0], &notes[1]]);
    import_as(&room, "loose-sheets", &[&sample("loose-sheets/unknown-mrn.png")]);
    room
}

#[test]
fn what_was_imported_is_found_listed_and_shown_as_promised() {
    let room = with_a_morning_of_scans();
    a_search_finds_what_was_asked_for_and_nothing_else(&room);
    a_search_speaks_clinic_and_says_how_its_answer_divides(&room);
    a_line_goes_on_and_more_like_a_page_is_found(&room);
    hits_say_where_they_are_on_the_page(&room);
    lists_and_shows_have_their_keys(&room);
    what_a_person_reads_fits_80_columns(&room);
    the_index_can_be_lost(&room);
}

fn a_search_finds_what_was_asked_for_and_nothing_else(room: &Chartroom) {
    let found = |arguments: &[&str]| search(room, arguments);
    let stress = found(&["troponin", "stress", "test"]);
    assert_eq!((patients(&stress), &stress[0]["page"]), (vec![OKAFOR], &json!(2)), "{stress:?}");
    assert_eq!(patients(&found(&["\"aspirin 81 mg daily\""])), [OKAFOR]);
    assert_eq!(found(&["\"aspirin daily 81\""]), Vec::<Value>::new(), "a phrase stands as it is typed");

    let metformin = found(&["metformin"]);
    assert!(patients(&metformin).contains(&OKAFOR) && patients(&metformin).contains(&MARCHETTI));
    let others = found(&["metformin -marchetti"]);
    assert!(patients(&others).contains(&OKAFOR) && !patients(&others).contains(&MARCHETTI), "{others:?}");
    let either = found(&["troponin OR creatinine"]);
    assert!(patients(&either).contains(&OKAFOR) && patients(&either).contains(&BEAUMONT), "{either:?}");

    assert_eq!(patients(&found(&[&format!("mrn:{MARCHETTI}")])), [MARCHETTI]);
    assert_eq!(patients(&found(&["metformin", "--patient", OKAFOR])), [OKAFOR]);
    assert_eq!(patients(&found(&["type:LAB"])), [BEAUMONT]);
    assert_eq!(patients(&found(&["hospital", "--type", "PROG"])), [MARCHETTI]);
    let fourth = found(&["hospital from:2026-03-04 to:2026-03-04"]);
    assert_eq!(patients(&fourth), [MARCHETTI, BEAUMONT], "{fourth:?}");
    assert_eq!(found(&["hospital", "--from", "2026-03-04", "--to", "2026-03-04"]), fourth);
    assert_eq!(patients(&found(&["troponin to:2026-03"])), [OKAFOR]);
    assert!(found(&["troponin from:2026-04"]).is_empty());
    assert!(found(&["xylophone"]).is_empty());
}

fn a_search_speaks_clinic_and_says_how_its_answer_divides(room: &Chartroom) {
    let answer = room.json(&["search", "--json", "EKG"]);
    assert_eq!(answer["also_searched"], json!(["electrocardiogram"]), "{answer}");
    assert_eq!(answer["meanings"], json!([{ "said": "ekg", "means": ["electrocardiogram"] }]));
    assert_eq!(patients(answer["hits"].as_array().unwrap()), [OKAFOR]);
    let said = room.ok(&["search", "EKG"]);
    assert!(said.contains("(also searched: electrocardiogram)"), "{said}");

    let answer = room.json(&["search", "--json", "hospital", "--sort", "oldest"]);
    let hits = answer["hits"].as_array().unwrap();
    let dates: Vec<&str> = hits.iter().filter_map(|hit| hit["date"].as_str()).collect();
    assert!(dates.len() > 2 && dates.is_sorted(), "{dates:?}");
    let facets = &answer["facets"];
    keys_of(facets, &["type", "station", "state", "year"]);
    let pages = |facet: &Value| facet.as_array().unwrap().iter().filter_map(|of| of[1].as_u64()).sum::<u64>();
    assert_eq!(pages(&facets["station"]), answer["total"].as_u64().unwrap(), "{facets}");
    let rest = room.json(&["search", "--json", "hospital", "--sort", "oldest", "--offset", "1"]);
    assert_eq!(
        rest["hits"].as_array().unwrap()[..],
        hits[1..],
        "the next screen goes on where the last ended"
    );
}

fn a_line_goes_on_and_more_like_a_page_is_found(room: &Chartroom) {
    let answer = room.json(&["search", "--json", "--suggest", "stress tropo"]);
    assert_eq!(
        answer["suggestions"],
        json!([{ "line": "stress troponin", "text": "troponin", "means": [] }]),
        "{answer}"
    );
    assert_eq!(room.ok(&["search", "--suggest", "electroc"]), "electrocardiogram\n");
    assert!(room.ok(&["search", "--suggest", "type:"]).lines().any(|line| line == "type:lab"));
    assert_eq!(room.ok(&["search", "--suggest", "xyloph"]), "");

    let metformin = &search(room, &["metformin", "--patient", MARCHETTI])[0];
    let (document, page) = (&metformin["document"], &metformin["page_in_document"]);
    let (id, number) = (document.as_str().unwrap(), page.to_string());
    let like = room.json(&["search", "--json", "--like", id, "--page", &number]);
    let like = like["hits"].as_array().unwrap();
    assert!(like.iter().all(|hit| hit["document"] != *document || hit["page_in_document"] != *page));
}

fn hits_say_where_they_are_on_the_page(room: &Chartroom) {
    let answer = room.json(&["search", "--json", "creatinine 1.02"]);
    keys_of(&answer, &["total", "also_searched", "hits"]);
    let hit = &answer["hits"][0];
    keys_of(
        hit,
        &[
            "document",
            "batch",
            "page",
            "page_in_document",
            "patient",
            "type",
            "date",
            "score",
            "snippet",
            "boxes",
            "copies",
        ],
    );
    assert_eq!(
        hit["patient"],
        json!({ "mrn": BEAUMONT, "authority": "GENHOSP", "name": "BEAUMONT, CURTIS L JR", "birth_date": "1955-01-30" })
    );
    assert_eq!((&hit["type"], &hit["date"], &hit["page"]), (&json!("LAB"), &json!("2026-03-04"), &json!(1)));
    assert!(hit["snippet"].as_str().unwrap().contains("<b>Creatinine</b>"), "{hit}");
    let page = &read(room, &sample("registration-desk/lab-table.png"))[0];
    let (width, height) = (page["width"].as_u64().unwrap(), page["height"].as_u64().unwrap());
    let boxes = hit["boxes"].as_array().unwrap();
    assert!(boxes.len() >= 2, "{hit}");
    for place in boxes {
        let [x, y, w, h] = [0, 1, 2, 3].map(|at| place[at].as_u64().unwrap());
        assert!(w > 0 && h > 0 && x + w <= width && y + h <= height, "{place} on {width} × {height}");
    }
    // A page that waits for a person is found as well, and is in nobody's chart.
    let held = search(room, &["unlisted"]);
    assert_eq!(held[0]["document"], Value::Null);
    assert_eq!(held[0]["exception"], room.worklist()[0]["id"]);
}

fn lists_and_shows_have_their_keys(room: &Chartroom) {
    let documents = room.documents();
    assert_eq!(documents.len(), 4, "{documents:?}");
    for document in &documents {
        keys_of(document, &["document", "batch", "file", "pages", "patient", "type", "date", "state"]);
        assert_eq!(document["state"], "filed");
    }
    let note = room.json(&["show", &document_of(room, MARCHETTI), "--json"]);
    keys_of(&note, &["document", "patient", "batch", "file", "pages", "type", "date", "state", "evidence"]);
    let evidence = note["evidence"].as_array().unwrap();
    for kind in ["number", "name", "birth_date"] {
        let seen = evidence.iter().find(|seen| seen["kind"] == kind);
        assert_eq!(seen.map(|seen| &seen["page"]), Some(&json!(1)), "{kind} in {note}");
    }

    let waiting = room.worklist();
    assert_eq!(reasons(&waiting), ["ID_NOT_IN_MPI"]);
    keys_of(&waiting[0], &["id", "batch", "file", "pages", "reasons", "candidates"]);
    let exception = room.json(&["show", waiting[0]["id"].as_str().unwrap(), "--json"]);
    assert_eq!((&exception["id"], &exception["file"]), (&waiting[0]["id"], &json!("unknown-mrn.png")));
    keys_of(&exception, &["batch", "pages", "reasons", "candidates", "evidence"]);

    let of_the_stack = documents.iter().find(|document| document["patient"]["mrn"] == OKAFOR).unwrap();
    let batch = room.json(&["show", of_the_stack["batch"].as_str().unwrap(), "--json"]);
    assert_eq!((&batch["pages"], &batch["control_sheets"]), (&json!(8), &json!([1, 4, 5, 8])));
    let in_batch = room.json(&["documents", "--json", "--batch", of_the_stack["batch"].as_str().unwrap()]);
    assert_eq!(in_batch["documents"], batch["documents"]);
    assert_eq!(
        patients(in_batch["documents"].as_array().unwrap()),
        [OKAFOR, LINDQVIST],
        "two patients in one stack"
    );

    let status = room.json(&["status", "--json"]);
    keys_of(&status, &["waiting", "oldest_waiting_s", "stations", "worklist", "alarms"]);
    assert_eq!((&status["waiting"], &status["worklist"]), (&json!(0), &json!(1)), "{status}");
    for station in status["stations"].as_array().unwrap() {
        keys_of(station, &["name", "last_file", "backlog", "ignored"]);
    }
    let report = room.verified();
    assert_eq!((&report["pages"], &report["in_documents"]), (&json!(11), &json!(6)), "{report}");
    keys_of(&report, &["unaccounted", "corrupt", "orphans", "index_behind"]);
}

fn what_a_person_reads_fits_80_columns(room: &Chartroom) {
    let document = &room.documents()[0];
    let (id, batch) = (document["document"].as_str().unwrap(), document["batch"].as_str().unwrap());
    let waiting = room.worklist();
    let exception = waiting[0]["id"].as_str().unwrap();
    for command in [
        &["status"][..],
        &["worklist"],
        &["documents"],
        &["show", id],
        &["show", batch],
        &["show", exception],
        &["search", "hospital"],
        &["search", "knee"],
        &["verify"],
        &["patients", "show", OKAFOR],
    ] {
        fits_80_columns(&room.ok(command));
    }
}

fn fits_80_columns(said: &str) {
    assert!(!said.trim().is_empty());
    for line in said.lines() {
        assert!(line.chars().count() <= 80, "{line:?}");
    }
}

fn the_index_can_be_lost(room: &Chartroom) {
    let before = search(room, &["hospital"]);
    assert!(before.len() >= 6, "{before:?}");
    room.ok(&["index", "rebuild"]);
    assert_eq!(search(room, &["hospital"]), before, "built anew, it answers the same");

    let mut spoilt = 0;
    for entry in fs::read_dir(room.path("data/index")).unwrap() {
        spoilt += spoil(&entry.unwrap().path());
    }
    assert!(spoilt > 0);
    import_as(room, "loose-sheets", &[&sample("loose-sheets/upside-down.tif")]);
    let after = search(room, &["hospital"]);
    for hit in &before {
        let same = |other: &Value| other["batch"] == hit["batch"] && other["page"] == hit["page"];
        assert!(after.iter().any(same), "lost with the index: {hit}");
    }
    assert_eq!(room.verified()["index_behind"], 0);
}

/// Writes garbage over every file; answers over how many.
fn spoil(path: &Path) -> usize {
    if path.is_dir() {
        return fs::read_dir(path).unwrap().map(|entry| spoil(&entry.unwrap().path())).sum();
    }
    fs::write(path, b"\xFFgarbage\x00".repeat(40)).unwrap();
    1
}

#[test]
fn what_a_clerk_decides_holds_at_once() {
    let room = Chartroom::with_samples();
    let scans =
        ["unknown-mrn.png", "conflicting-labels.tif"].map(|name| sample(&format!("loose-sheets/{name}")));
    import_as(&room, "loose-sheets", &[&scans[0], &scans[1]]);
    import_as(&room, "registration-desk", &[&sample("registration-desk/progress-note.pdf")]);
    let waiting = room.worklist();
    let of = |file: &str| waiting.iter().find(|x| x["file"] == file).unwrap()["id"].as_str().unwrap();
    let (unknown, conflicting) = (of("unknown-mrn.png"), of("conflicting-labels.tif"));
    assert_eq!(room.run(&["assign", unknown, "--mrn", "19999991"]).status.code(), Some(2), "nobody's number");

    // The page names somebody else: a number typed alone is not enough.
    let unsaid = room.run(&["assign", unknown, "--mrn", "11259874", "--as", "Kim"]);
    assert_eq!(unsaid.status.code(), Some(2));
    fits_80_columns(&String::from_utf8_lossy(&unsaid.stdout));
    let why = ["--despite", "her new name, says the ward"];
    let assigned =
        room.json(&["assign", unknown, "--mrn", "11259874", why[0], why[1], "--as", "Kim", "--json"]);
    assert_ne!(assigned["document"], unknown);
    assert_eq!(document_of(&room, "11259874"), assigned["document"].as_str().unwrap());
    let found = search(&room, &["unlisted", "--patient", "11259874"]);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["document"], assigned["document"]);
    let waiting_still: Vec<Value> = room.worklist().iter().map(|x| x["id"].clone()).collect();
    assert_eq!(waiting_still, [conflicting]);
    let twice = room.run(&["assign", unknown, "--mrn", "11259874", why[0], why[1], "--as", "Kim"]);
    assert_eq!(twice.status.code(), Some(2), "it has been assigned");

    let note = document_of(&room, MARCHETTI);
    assert_eq!(search(&room, &["metformin"]).len(), 1);
    room.ok(&["void", &note, "--reason", "scanned twice", "--as", "Kim"]);
    assert!(search(&room, &["metformin"]).is_empty());
    assert!(room.documents().iter().all(|document| document["document"] != note.as_str()));
    assert_eq!(room.json(&["show", &note, "--json"])["state"], "void");
    assert_eq!(room.verified()["void"], 1);

    room.ok(&["dispose", conflicting, "--as", "not-a-record", "--clerk", "Kim"]);
    assert!(room.worklist().is_empty());
    let report = room.verified();
    assert_eq!((&report["set_aside"], &report["in_exceptions"]), (&json!(1), &json!(0)), "{report}");
}

/// The pages of a PDF as a scanner would deliver them.
fn rasterised(pdf: &Path, dpi: u32, into: &Path) -> Vec<PathBuf> {
    fs::create_dir(into).unwrap();
    let dpi = dpi.to_string();
    let mut command = Command::new("pdftoppm");
    command.args(["-r", &dpi, "-gray", "-png"]).arg(pdf).arg(into.join("page"));
    assert!(command.status().unwrap().success());
    let mut pages: Vec<PathBuf> = fs::read_dir(into).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.sort();
    pages
}

/// The progress note with its number and its birth date rubbed out: the name is its only witness. No two `marks` make
/// the same bytes.
fn note_with_its_name_only(room: &Chartroom, folder: &Path, mark: u32) -> GrayImage {
    let page = rasterised(&sample("registration-desk/progress-note.pdf"), 200, folder).remove(0);
    let reading = read(room, &page).remove(0);
    let mut picture = image::open(&page).unwrap().into_luma8();
    for label in ["MRN:", "DOB:"] {
        let words = reading["words"].as_array().unwrap();
        let word = words.iter().find(|word| word["text"] == label).unwrap_or_else(|| panic!("{label}"));
        let [x, y, h] = ["x", "y", "h"].map(|key| word[key].as_u64().unwrap() as u32);
        for row in y.saturating_sub(h / 2)..y + h + h / 2 {
            for column in x.saturating_sub(4)..picture.width() - 20 {
                picture.put_pixel(column, row, Luma([255]));
            }
        }
    }
    picture.put_pixel(mark, 0, Luma([200]));
    picture
}

#[test]
fn a_printed_cover_sheet_declares_whose_pages_follow_and_does_so_once() {
    let room = Chartroom::with_samples();
    let pdf = room.path("cover.pdf");
    let sheet = ["sheet", "--mrn", MARCHETTI, "-o", pdf.to_str().unwrap()];
    let wrong = room.run(&[&sheet[..], &["--birth-date", "1988-07-22"]].concat());
    assert_eq!(wrong.status.code(), Some(2));
    let said = String::from_utf8([wrong.stdout, wrong.stderr].concat()).unwrap().to_lowercase();
    for of_the_chart in ["marchetti", "rosa", "1988-07-21"] {
        assert!(!said.contains(of_the_chart), "{said}");
    }
    assert!(!pdf.exists());
    let printed = room.json(&[&sheet[..], &["--birth-date", "1988-07-21", "--json"]].concat());
    assert_eq!((&printed["pages"], &printed["confirmed"]), (&json!(2), &json!(true)), "cover and end sheet");

    // Without the cover sheet one witness is not enough.
    let bare = room.path("bare.png");
    DynamicImage::from(note_with_its_name_only(&room, &room.path("note1"), 0)).save(&bare).unwrap();
    import_as(&room, "registration-desk", &[&bare]);
    assert!(room.documents().is_empty(), "{:?}", room.documents());

    let stack = |name: &str, dpi: u32, mark: u32| {
        let sheets = rasterised(&pdf, dpi, &room.path(&format!("{name}-sheets")));
        let job = room.path(name);
        fs::create_dir(&job).unwrap();
        fs::copy(&sheets[0], job.join("1.png")).unwrap();
        let note = note_with_its_name_only(&room, &room.path(&format!("{name}-note")), mark);
        DynamicImage::from(note).save(job.join("2.png")).unwrap();
        fs::copy(&sheets[1], job.join("3.png")).unwrap();
        import_as(&room, "folder-jobs", &[&job])
    };
    let first = stack("job1", 200, 1);
    assert_eq!((&first["documents_filed"], &first["control_sheets"]), (&json!(1), &json!(2)), "{first}");
    let shown = room.json(&["show", &document_of(&room, MARCHETTI), "--json"]);
    let kinds: Vec<&Value> = shown["evidence"].as_array().unwrap().iter().map(|seen| &seen["kind"]).collect();
    assert!(kinds.contains(&&json!("declared")) && kinds.contains(&&json!("name")), "{shown}");

    let second = stack("job2", 220, 2);
    assert_eq!((&second["documents_filed"], &second["exceptions"]), (&json!(0), &json!(1)), "{second}");
    assert!(reasons(&room.worklist()).contains(&"COVERSHEET_REUSED".to_string()), "{:?}", room.worklist());
    fits_80_columns(&room.ok(&["worklist"]));
    room.verified();
}

#[test]
fn a_dry_run_of_the_patient_list_writes_nothing() {
    let room = configured(|text| text);
    let list = sample("patients.csv");
    let list = list.to_str().unwrap();
    let people = fs::read_to_string(list).unwrap().lines().count() - 1;
    let tried = room.json(&["patients", "import", list, "--dry-run", "--json"]);
    assert_eq!((&tried["added"], &tried["refused"]), (&json!(people), &json!([])), "{tried}");
    assert_eq!(room.run(&["patients", "show", OKAFOR]).status.code(), Some(2), "nobody was taken over");
    let done = room.json(&["patients", "import", list, "--json"]);
    assert_eq!(done["added"], tried["added"]);
    room.ok(&["patients", "show", OKAFOR]);
    assert_eq!(room.json(&["patients", "import", list, "--json"])["unchanged"], people, "a second time");
}

#[test]
fn a_station_on_trial_files_nothing_and_says_what_it_would_do() {
    let on_trial = configured(|text| text.replace("mode = \"auto\"", ""));
    on_trial.ok(&["patients", "import", sample("patients.csv").to_str().unwrap()]);
    let summary =
        import_as(&on_trial, "registration-desk", &[&sample("registration-desk/progress-note.pdf")]);
    assert_eq!((&summary["documents_filed"], &summary["exceptions"]), (&json!(0), &json!(1)), "{summary}");
    let waiting = on_trial.worklist();
    assert_eq!(reasons(&waiting), ["SHADOW"]);
    assert_eq!(waiting[0]["candidates"][0]["mrn"], MARCHETTI);
    on_trial.verified();
}

#[test]
fn two_authorities_demand_to_know_whose_number_it_is() {
    let second = "\n[[authority]]\nname = \"OTHER\"\nshape = \"^[0-9]{8}$\"\n";
    let room = configured(|text| text + second);
    room.ok(&["patients", "import", sample("patients.csv").to_str().unwrap()]);
    let pdf = room.path("cover.pdf");
    for command in [
        vec!["patients", "show", OKAFOR],
        vec!["documents", "--patient", OKAFOR],
        vec!["sheet", "--mrn", OKAFOR, "-o", pdf.to_str().unwrap()],
    ] {
        let out = room.run(&command);
        assert_eq!(out.status.code(), Some(2), "{command:?}");
        let said = String::from_utf8(out.stderr).unwrap();
        assert!(said.contains("--authority") && said.contains("GENHOSP") && said.contains("OTHER"), "{said}");
        room.ok(&[&command[..], &["--authority", "GENHOSP"]].concat());
    }
}

#[test]
fn every_command_ends_with_the_promised_code() {
    let room = Chartroom::with_config("");
    for (command, code) in [
        (&["status"][..], 0),
        (&["worklist"], 0),
        (&["documents"], 0),
        (&["search", "anything"], 0),
        (&["verify"], 0),
        (&["frobnicate"], 2),
        (&["search"], 2),
        (&["search", "x", "--from", "someday"], 2),
        (&["import", "--station", "nowhere", "Cargo.toml"], 2),
        (&["patients", "import", "no-such-list.csv"], 2),
        (&["show", "d00000000000000000000"], 2),
        (&["void", "nonsense"], 2),
        (&["--config", "no-such-config.toml", "status"], 2),
    ] {
        let out = room.run(command);
        assert_eq!(out.status.code(), Some(code), "{command:?}: {}", String::from_utf8_lossy(&out.stderr));
        assert_eq!(out.stderr.is_empty(), code == 0, "{command:?} says why, and only then");
    }
}

#[test]
fn the_most_talkative_import_names_no_patient_and_no_file() {
    let room = Chartroom::with_samples();
    let scans = [
        "cover-sheets/two-patients-200dpi.tif",
        "registration-desk/truncated.tif",
        "registration-desk/lab-table.png",
        "loose-sheets/unknown-mrn.png",
    ]
    .map(sample);
    let mut command = vec!["-vv", "import", "--json"];
    command.extend(scans.iter().map(|scan| scan.to_str().unwrap()));
    let out = room.run(&command);
    let said = String::from_utf8(out.stderr).unwrap().to_lowercase();
    assert!(said.contains("batch"), "something was said: {said}");
    let list = fs::read_to_string(sample("patients.csv")).unwrap();
    let mut private: Vec<String> = vec!["19999991".into(), "unlisted".into(), "norbert".into()];
    for person in list.lines().skip(1) {
        let fields: Vec<&str> = person.split(',').collect();
        private.extend([fields[1], fields[2], fields[3], fields[6]].map(str::to_lowercase));
    }
    for scan in &scans {
        let name = scan.file_name().unwrap().to_str().unwrap();
        assert!(!said.contains(name), "{name:?} in: {said}");
    }
    for word in private {
        let whole = said.split(|c: char| !c.is_alphanumeric() && c != '-').any(|said| said == word);
        assert!(!whole, "{word:?} in: {said}");
    }
}
