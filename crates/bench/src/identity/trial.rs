//! The trial itself: everything through the program, and what it made of it beside the truth.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;

use anyhow::Context as _;
use serde_json::Value;

use super::dice::Dice;
use super::mixes::{Mix, Placed, Scan, scans};
use super::people::People;
use super::truth::Truth;
use crate::program::{Program, say};

/// What became of the documents of a mix.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) documents: usize,
    pub(super) sheets: usize,
    /// Documents of which a page lies in another's chart.
    pub(super) wrong: Vec<String>,
    /// The same where the label itself was wrong.
    pub(super) labelling_errors: usize,
    pub(super) fileable: usize,
    pub(super) fileable_filed: usize,
    /// Fileable and held, by trap and reasons.
    pub(super) held_needlessly: BTreeMap<String, usize>,
    pub(super) expected_holds: usize,
    /// Should be held and is filed, even if to the right person: trap by trap.
    pub(super) not_held: BTreeMap<String, usize>,
    pub(super) held_as_expected: usize,
    /// Held for another reason: trap and reasons given.
    pub(super) other_reason: BTreeMap<String, usize>,
    pub(super) either: usize,
    pub(super) exceptions: usize,
}

/// Makes, takes in and compares so many documents.
pub(super) fn run(documents: usize, seed: u64) -> anyhow::Result<BTreeMap<Mix, Tally>> {
    let mut dice = Dice::new(seed);
    let people = People::gather(&mut dice)?;
    let home = std::env::temp_dir().join(format!("chartroom-identity-{}", std::process::id()));
    fs::create_dir_all(&home)?;
    let result = in_folder(&home, documents, &people, &mut dice);
    let _ = fs::remove_dir_all(&home);
    result
}

const CONFIG: &str = r#"
[identity]
mode = "auto"
stale_after_hours = 87600
[[authority]]
name = "GENHOSP"
shape = "^[0-9]{8}$"
[sheets]
site = "DEMO"
keys = "sheet-keys.toml"
[[station]]
name = "loose"
folder = "in/loose"
separation = "sheet"
[[station]]
name = "desk"
folder = "in/desk"
separation = "file"
[[station]]
name = "fax"
folder = "in/fax"
separation = "file"
fax = true
[[station]]
name = "covers"
folder = "in/covers"
separation = "control"
"#;

fn in_folder(
    home: &Path,
    documents: usize,
    people: &People,
    dice: &mut Dice,
) -> anyhow::Result<BTreeMap<Mix, Tally>> {
    fs::write(home.join("chartroom.toml"), CONFIG)?;
    fs::copy(crate::program::root().join("sample-scans/sheet-keys.toml"), home.join("sheet-keys.toml"))?;
    fs::write(home.join("patients.csv"), people.csv())?;
    let program = Program::at(home)?;
    let path = |inside: &str| home.join(inside).display().to_string();
    program.text(&["patients", "import", &path("patients.csv")])?;
    say(format!("{} people, {} whom nobody resembles", people.all.len(), people.plain.len()));
    let mut tallies = BTreeMap::new();
    for mix in Mix::ALL {
        let (scans, issued) = scans(mix, documents / Mix::ALL.len(), people, dice);
        let folder = home.join("scans").join(mix.station());
        fs::create_dir_all(&folder)?;
        for scan in &scans {
            fs::write(folder.join(&scan.name), script(scan)?)?;
        }
        if !issued.is_empty() {
            fs::write(home.join("sheets.json"), serde_json::to_vec(&issued)?)?;
            program.text(&["sheet", "--register", &path("sheets.json")])?;
        }
        let began = std::time::Instant::now();
        let folder = folder.display().to_string();
        let mut import = program.command(&["import", &folder, "--station", mix.station(), "--json"]);
        let out = import.env("CHARTROOM_SCRIPTED_READER", "1").output().context("cannot start chartroom")?;
        anyhow::ensure!(out.status.code() == Some(0), "import: {}", String::from_utf8_lossy(&out.stderr));
        let pages: usize = scans.iter().map(|scan| scan.pages.len()).sum();
        say(format!("  {:?}: {pages} pages in {:.1} s", mix, began.elapsed().as_secs_f64()));
        tallies.insert(mix, compare(&scans, people, &outcome(&program)?));
    }
    Ok(tallies)
}

fn script(scan: &Scan) -> anyhow::Result<String> {
    let pages =
        scan.pages.iter().map(|page| Ok(format!("@reading {}\n", serde_json::to_string(&page.reading())?)));
    Ok(format!("%CHARTROOM-SCRIPT 1\n{}", pages.collect::<anyhow::Result<Vec<_>>>()?.join("\u{c}\n")))
}

/// Where a page of a file went.
enum Went {
    /// To the chart of this number.
    Filed(String),
    Held(Vec<String>),
}

fn outcome(program: &Program) -> anyhow::Result<HashMap<(String, u64), Went>> {
    let mut went = HashMap::new();
    let mut enter = |thing: &Value, what: &dyn Fn() -> Went| {
        let file = thing["file"].as_str().unwrap_or_default().to_owned();
        for page in thing["pages"].as_array().into_iter().flatten() {
            went.insert((file.clone(), page.as_u64().unwrap_or(0)), what());
        }
    };
    for document in program.json(&["documents", "--json"])?["documents"].as_array().into_iter().flatten() {
        let mrn = document["patient"]["mrn"].as_str().unwrap_or_default().to_owned();
        enter(document, &|| Went::Filed(mrn.clone()));
    }
    for held in program.json(&["worklist", "--json"])?["exceptions"].as_array().into_iter().flatten() {
        let reasons = held["reasons"].as_array().into_iter().flatten();
        let reasons: Vec<String> = reasons.filter_map(|r| r.as_str().map(str::to_owned)).collect();
        enter(held, &|| Went::Held(reasons.clone()));
    }
    Ok(went)
}

fn compare(scans: &[Scan], people: &People, went: &HashMap<(String, u64), Went>) -> Tally {
    let mut tally = Tally::default();
    for scan in scans {
        for placed in &scan.documents {
            one(&mut tally, scan, placed, people, went);
        }
        tally.sheets += scan.pages.len();
    }
    tally
}

fn one(
    tally: &mut Tally,
    scan: &Scan,
    placed: &Placed,
    people: &People,
    went: &HashMap<(String, u64), Went>,
) {
    tally.documents += 1;
    let (mut filed, mut reasons, mut wrong) = (0, Vec::new(), false);
    for (page, whose) in placed.pages.iter().zip(&placed.made.whose) {
        match went.get(&(scan.name.clone(), u64::from(*page))) {
            Some(Went::Filed(mrn)) => {
                filed += 1;
                wrong |= whose.is_none_or(|who| people.all[who].mrn != *mrn) && !is_silent(placed, *page);
            }
            Some(Went::Held(why)) => reasons.extend(why.iter().cloned()),
            None => {}
        }
    }
    tally.exceptions += usize::from(!reasons.is_empty());
    let trap = placed.made.trap;
    let all_filed = filed == placed.pages.len();
    if wrong {
        match placed.made.labelling_error {
            true => tally.labelling_errors += 1,
            false => tally.wrong.push(format!("{trap}: {} page {:?}", scan.name, placed.pages)),
        }
    }
    match placed.truth {
        _ if placed.made.labelling_error => {}
        Truth::Fileable => {
            tally.fileable += 1;
            if all_filed {
                tally.fileable_filed += 1;
            } else {
                reasons.dedup();
                *tally.held_needlessly.entry(format!("{trap}: {}", reasons.join(", "))).or_default() += 1;
            }
        }
        Truth::Either => tally.either += 1,
        Truth::Held(expected) => {
            tally.expected_holds += 1;
            if filed > 0 && trap != "second page of another patient" || all_filed {
                *tally.not_held.entry(trap.to_owned()).or_default() += 1;
            } else if expected.is_empty() || reasons.iter().any(|reason| expected.contains(&reason.as_str()))
            {
                tally.held_as_expected += 1;
            } else {
                reasons.dedup();
                *tally.other_reason.entry(format!("{trap}: {}", reasons.join(", "))).or_default() += 1;
            }
        }
    }
}

/// A page that says nothing of anybody: under a cover sheet it belongs to whom the sheet names.
fn is_silent(placed: &Placed, page: u32) -> bool {
    placed.made.trap == "silent second page" && placed.pages.first() != Some(&page)
}
