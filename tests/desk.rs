//! Can people do their day's work at the desk? A real browser at a real line; the steps are in `tests/desk/*.mjs`.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod harness;

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::process::Command;

use harness::scripts::{labelled, naming, write};
use harness::{Chartroom, Running, eventually, root, sample};
use serde_json::{Value, json};

/// A line with its desk, and people who have not chosen a password yet.
struct Desk {
    room: Chartroom,
    url: String,
    links: BTreeMap<&'static str, String>,
    _line: Running,
}

/// Who works here: name, roles, labels.
const PEOPLE: &[(&str, &[&str], &[&str])] = &[
    ("admin", &["administrator"], &[]),
    ("lopez", &["clerk"], &["MH"]),
    ("kim", &["clerk"], &[]),
    ("reed", &["clinician"], &[]),
    ("ward", &["supervisor", "privacy-officer"], &["MH"]),
    ("scan", &["scan-operator"], &[]),
];

impl Desk {
    /// Over what was imported of the sample scans in these folders, or of these files.
    fn over(samples: &[&'static str]) -> Self {
        let station = |name: &&'static str| (name.split('/').next().unwrap(), *name);
        Self::with(&samples.iter().map(station).collect::<Vec<_>>())
    }

    /// … each as a station would have scanned it.
    fn with(scans: &[(&str, &str)]) -> Self {
        let room = Chartroom::with_samples();
        for (station, scan) in scans {
            room.json(&["import", "--json", "--station", station, sample(scan).to_str().unwrap()]);
        }
        Self::of(room)
    }

    /// Of a room that is furnished already.
    fn of(room: Chartroom) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let web = format!("\n[web]\nlisten = \"127.0.0.1:{port}\"\n");
        let config = room.path("chartroom.toml");
        fs::write(&config, fs::read_to_string(&config).unwrap() + &web).unwrap();
        let links = PEOPLE.iter().map(|(name, roles, labels)| {
            let mut arguments = vec!["accounts", "add", name, "--json"];
            arguments.extend(roles.iter().flat_map(|role| ["--role", role]));
            arguments.extend(labels.iter().flat_map(|label| ["--label", label]));
            let made = room.json(&arguments);
            (*name, made["link"].as_str().unwrap().to_owned())
        });
        let links = links.collect();
        let line = room.start(&["run"]);
        let address = format!("127.0.0.1:{port}");
        eventually(60, "the desk answers", || std::net::TcpStream::connect(&address).is_ok());
        Self { room, url: format!("http://{address}"), links, _line: line }
    }

    /// Runs the steps of one file of `tests/desk`.
    fn act(&self, scenario: &str) {
        self.act_on(scenario, &json!({}));
    }

    /// As [`Self::act`], about what is told.
    fn act_on(&self, scenario: &str, told: &Value) {
        let told = told.clone();
        let steps = root().join("tests/desk");
        assert!(
            steps.join("node_modules").is_dir(),
            "first `npm ci --prefix tests/desk`, as `cargo xtask test` does"
        );
        let told = json!({
            "told": told,
            "scenario": scenario,
            "url": self.url,
            "links": self.links,
            "home": self.room.path(""),
            "samples": root().join("sample-scans"),
        });
        let out = Command::new("node")
            .arg(steps.join(format!("{scenario}.mjs")))
            .env("DESK", told.to_string())
            .output()
            .unwrap();
        assert!(out.status.success(), "{scenario}: {}", String::from_utf8_lossy(&out.stderr));
        self.room.verified();
    }
}

#[test]
fn people_sign_in_and_see_what_is_theirs() {
    Desk::over(&[]).act("sign_in");
}

#[test]
fn a_page_is_read_large_and_by_keys_alone() {
    Desk::over(&["registration-desk/discharge-summary.pdf"]).act("viewer");
}

#[test]
fn what_was_searched_for_is_boxed_on_the_page_and_gone_to_by_keys() {
    Desk::over(&["registration-desk/discharge-summary.pdf"]).act("hits");
}

#[test]
fn what_is_in_the_wrong_chart_vanishes_from_every_screen_at_once() {
    Desk::over(&["loose-sheets/turned-90.png", "registration-desk/form-with-boxes.tif"]).act("wrong_chart");
}

#[test]
fn a_labelled_document_is_not_there_for_who_lacks_its_label() {
    let desk = Desk::over(&["registration-desk/discharge-summary.pdf"]);
    let documents = desk.room.documents();
    desk.room.ok(&["edit", documents[0]["document"].as_str().unwrap(), "--label", "MH", "--as", "lopez"]);
    desk.act("labelled");
}

#[test]
fn the_glass_is_broken_with_a_reason_and_the_privacy_officer_is_told() {
    let desk = Desk::over(&["registration-desk/discharge-summary.pdf"]);
    let document = desk.room.documents()[0]["document"].as_str().unwrap().to_owned();
    desk.room.ok(&["edit", &document, "--label", "MH", "--as", "lopez"]);
    desk.act_on("emergency", &json!({ "document": document }));
}

#[test]
fn a_page_is_found_and_the_word_boxed_on_the_scan() {
    let most = ["cover-sheets", "faxes", "duplex-desk", "folder-jobs"];
    let others = [
        "loose-sheets/bilevel-600dpi.tif",
        "loose-sheets/conflicting-labels.tif",
        "loose-sheets/five-labelled-sheets.tif",
        "loose-sheets/photographed-label.jpg",
        "registration-desk/discharge-summary.pdf",
        "registration-desk/form-with-boxes.tif",
        "registration-desk/progress-note.pdf",
    ];
    // What else there is comes while somebody searches.
    Desk::over(&[most.as_slice(), &others].concat()).act("search");
}

#[test]
fn what_somebody_may_not_see_cannot_be_told_from_a_search_and_paper_does_nothing() {
    const NAKAGAWA: (&str, &str, &str) = ("10845327", "NAKAGAWA, ELAINE M", "09/08/1971");
    const EVIL: (&str, &str, &str) = ("19999992", "<B>EVIL</B>, IDA", "08/29/1951");
    let room = Chartroom::scripted_with(
        "[[station]]\nname = \"ward-7\"\nfolder = \"in/ward-7\"\nseparation = \"sheet\"\nlabels = [\"MH\"]\n",
    );
    let list = room.path("evil.csv");
    let row = "authority,mrn,family,given,birth_date,sex\nGENHOSP,19999992,<b>Evil</b>,Ida,1951-08-29,F\n";
    fs::write(&list, row).unwrap();
    room.ok(&["patients", "import", list.to_str().unwrap()]);
    let import = |station: &str, name: &str, page: String| {
        let path = room.path(name);
        write(&path, &[page]);
        room.json(&["import", "--json", "--station", station, path.to_str().unwrap()]);
    };
    let rosa = ("10617258", "MARCHETTI, ROSA", "07/21/1988");
    import("sheets", "open.txt", naming(rosa, "clozapine was given"));
    import("ward-7", "closed.txt", naming(NAKAGAWA, "clozapine and zuclopenthixol were given"));
    // No two so alike that one would be the other scanned again.
    let own = |page: usize| (0..30).map(|word| format!("p{page}w{word}\n")).collect::<String>();
    let many = (0..45).map(|page| labelled(page, &format!("paracetamol\n{}", own(page))));
    let path = room.path("many.txt");
    write(&path, &many.collect::<Vec<_>>());
    room.json(&["import", "--json", "--station", "sheets", path.to_str().unwrap()]);
    import("sheets", "held.txt", "PROGRESS NOTE\nnobody knows whose strangers these are\n".into());
    let hostile = "alert <img src=x onerror=window.fallen=1> <script>window.fallen=1</script>";
    import("sheets", "hostile.txt", naming(EVIL, hostile));
    // No reader takes that for a name: a clerk does.
    let held = room.worklist().into_iter().find(|held| held["file"] == "hostile.txt").unwrap();
    let (id, why) = (held["id"].as_str().unwrap(), "so the list calls her");
    room.ok(&["assign", id, "--mrn", EVIL.0, "--despite", why, "--as", "lopez"]);
    assert_eq!((room.documents().len(), room.worklist().len()), (48, 1), "{:?}", room.worklist());
    Desk::of(room).act("search_rights");
}

#[test]
fn three_kinds_of_exception_are_cleared_by_keyboard_and_a_wrong_patient_is_refused() {
    let scans = [
        ("loose-sheets", "loose-sheets/conflicting-labels.tif"),
        ("loose-sheets", "loose-sheets/unknown-mrn.png"),
        ("cover-sheets", "cover-sheets/torn-cover-sheet.tif"),
        ("registration-desk", "registration-desk/encrypted.pdf"),
    ];
    Desk::with(&scans).act("worklist");
}

#[test]
fn two_clerks_never_work_on_one_item() {
    Desk::over(&["loose-sheets/conflicting-labels.tif", "loose-sheets/unknown-mrn.png"]).act("two_clerks");
}

#[test]
fn a_stack_of_loose_sheets_is_cut_on_the_contact_strip() {
    // Scanned where a file is one document: nobody has parted the sheets.
    Desk::with(&[("registration-desk", "loose-sheets/five-labelled-sheets.tif")]).act("contact_strip");
}
