//! Can people do their day's work at the desk? A real browser at a real line; the steps are in `tests/desk/*.mjs`.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod harness;

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::process::Command;

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
    /// Over what was imported of the sample scans below these folders.
    fn over(samples: &[&str]) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let web = format!("\n[web]\nlisten = \"127.0.0.1:{port}\"\n");
        let room = Chartroom::with_samples();
        let config = room.path("chartroom.toml");
        fs::write(&config, fs::read_to_string(&config).unwrap() + &web).unwrap();
        for station in samples {
            room.import(&[&sample(station)]);
        }
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
