//! Does the whole line work on the sample scans, and what does it look like?
//!
//! Drops the samples into station folders beside a running `chartroom run`, as scanners would, waits until
//! everything has left the line, and compares every file with its `.expected.json`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use serde_json::Value;

use crate::program::{Program, root, say};

/// The line must be through within this.
const PATIENCE: Duration = Duration::from_secs(600);

/// Where the samples' configuration has the desk: the default.
const DESK: &str = "127.0.0.1:8443";

/// A sample: its station, the name it is dropped under, and what should become of it.
struct Sample {
    station: String,
    name: String,
    path: PathBuf,
    expected: Value,
}

/// What became of one.
struct Outcome {
    pages: usize,
    words: String,
    /// Where it differs from what was expected; empty: as expected.
    wrong: Vec<String>,
}

/// `true`: every sample came out as expected.
pub(crate) fn run(once: bool) -> anyhow::Result<bool> {
    let samples_folder = root().join("sample-scans");
    let home = root().join("target/demo");
    let samples = find_samples(&samples_folder)?;
    let program = prepare(&samples_folder, &home)?;
    say(program.text(&["patients", "import", &path(&samples_folder.join("patients.csv"))])?.trim_end());
    program.text(&["sheet", "--register", &path(&samples_folder.join("sheets.json"))])?;

    let began = Instant::now();
    let mut line = Running::start(&program)?;
    for sample in &samples {
        drop_into_station(sample, &home.join("stations").join(&sample.station))?;
    }
    say(format!("dropped {} scan jobs into {}", samples.len(), home.join("stations").display()));
    wait_until_quiet(&program, &mut line)?;
    let seconds = began.elapsed().as_secs_f64();

    let all_good = report(&program, &samples, seconds)?;
    let found = searches(&program, &samples)?;
    let verified = program.json(&["verify", "--json"])?["ok"] == true;
    say(if verified {
        "\nverify: every page is accounted for, the originals are what was scanned"
    } else {
        "\nverify: NOT every page is accounted for"
    });
    open_a_hit(&program, &home)?;
    how_to_go_on(&program, once);
    if !once {
        open_the_desk(&program)?;
        line.wait()?;
    }
    Ok(all_good && found && verified)
}

/// Every `X.expected.json` below a station's folder stands beside a file or job folder `X`.
fn find_samples(folder: &Path) -> anyhow::Result<Vec<Sample>> {
    let mut samples = Vec::new();
    for station in sorted(folder)?.into_iter().filter(|entry| entry.is_dir()) {
        for entry in sorted(&station)? {
            let name = name_of(&entry);
            let Some(stem) = name.strip_suffix(".expected.json") else { continue };
            let path = station.join(stem);
            if !path.exists() {
                bail!("{} has no scan beside it; run `cargo xtask samples`", entry.display());
            }
            let expected = serde_json::from_slice(&fs::read(&entry)?)
                .with_context(|| format!("{} is not JSON", entry.display()))?;
            samples.push(Sample { station: name_of(&station), name: stem.into(), path, expected });
        }
    }
    if samples.is_empty() {
        bail!("no samples in {}; run `cargo xtask samples`", folder.display());
    }
    Ok(samples)
}

fn sorted(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn path(path: &Path) -> String {
    path.display().to_string()
}

/// A fresh home with the samples' configuration.
fn prepare(samples: &Path, home: &Path) -> anyhow::Result<Program> {
    if home.exists() {
        fs::remove_dir_all(home).with_context(|| format!("cannot clear {}", home.display()))?;
    }
    fs::create_dir_all(home.join("stations"))?;
    for name in ["chartroom.toml", "sheet-keys.toml"] {
        fs::copy(samples.join(name), home.join(name)).with_context(|| format!("cannot copy {name}"))?;
    }
    fs::create_dir_all(home.join("codes"))?;
    for file in sorted(&root().join("config/codes"))? {
        fs::copy(&file, home.join("codes").join(name_of(&file)))?;
    }
    Program::at(home)
}

/// As a scanner does it: under another name first, or a folder that is closed by its marker.
fn drop_into_station(sample: &Sample, station: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(station)?;
    if sample.path.is_dir() {
        let job = station.join(&sample.name);
        fs::create_dir_all(&job)?;
        for file in sorted(&sample.path)? {
            fs::copy(&file, job.join(name_of(&file)))?;
        }
        fs::write(job.join(".done"), "")?;
    } else {
        let part = station.join(format!("{}.part", sample.name));
        fs::copy(&sample.path, &part)?;
        fs::rename(&part, station.join(&sample.name))?;
    }
    Ok(())
}

/// A `chartroom run` of our own; ends with us.
struct Running(Child);

impl Running {
    fn start(program: &Program) -> anyhow::Result<Self> {
        let log = fs::File::create(program.home.join("run.log"))?;
        let mut command = program.command(&["run"]);
        command.stdout(log.try_clone()?).stderr(log).stdin(std::process::Stdio::null());
        Ok(Self(command.spawn().context("cannot start chartroom run")?))
    }

    fn ended(&mut self) -> anyhow::Result<bool> {
        Ok(self.0.try_wait()?.is_some())
    }

    /// Until somebody stops it.
    fn wait(&mut self) -> anyhow::Result<()> {
        self.0.wait()?;
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = std::process::Command::new("kill").arg(self.0.id().to_string()).status();
        let patience = Instant::now();
        while patience.elapsed() < Duration::from_secs(20) {
            if !matches!(self.0.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let _ = self.0.kill();
    }
}

fn wait_until_quiet(program: &Program, line: &mut Running) -> anyhow::Result<()> {
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        std::thread::sleep(Duration::from_millis(500));
        if line.ended()? {
            bail!("chartroom run ended by itself; see {}", program.home.join("run.log").display());
        }
        let status = program.json(&["status", "--json"])?;
        let stations = status["stations"].as_array().cloned().unwrap_or_default();
        let backlog: u64 = stations.iter().filter_map(|station| station["backlog"].as_u64()).sum();
        let behind = status["index_behind"].as_u64().unwrap_or(0);
        if backlog == 0 && status["waiting"] == 0 && behind == 0 {
            return Ok(());
        }
    }
    bail!(
        "the line was not through after {} s; see {}",
        PATIENCE.as_secs(),
        program.home.join("run.log").display()
    )
}

/// What became of each, and in sum.
fn report(program: &Program, samples: &[Sample], seconds: f64) -> anyhow::Result<bool> {
    let batches = batches_by_file(program)?;
    let (mut pages, mut good) = (0, true);
    say(format!("\n{:<34} {:>5}  {}", "scan job", "pages", "what became of it"));
    for sample in samples {
        let outcome = outcome(program, sample, &batches)?;
        pages += outcome.pages;
        good &= outcome.wrong.is_empty();
        say(format!("{:<34} {:>5}  {}", sample.name, outcome.pages, outcome.words));
        for wrong in &outcome.wrong {
            say(format!("    NOT AS EXPECTED: {wrong}"));
        }
    }
    let documents = list(&program.json(&["documents", "--json"])?["documents"]).len();
    let waiting = program.json(&["worklist", "--json"])?;
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for exception in list(&waiting["exceptions"]) {
        *reasons.entry(text(&exception["reasons"][0])).or_default() += 1;
    }
    say(
        "\nThis demo runs with mode = \"auto\". A new site begins in \"shadow\": each filing is proposed, a clerk confirms it.",
    );
    say(format!(
        "\n{} files, {pages} pages in {seconds:.0} s: {documents} documents filed, {} exceptions",
        samples.len(),
        list(&waiting["exceptions"]).len()
    ));
    for (reason, count) in reasons {
        say(format!("  {count:>3}  {reason}"));
    }
    Ok(good)
}

/// Which batch a dropped file or job became: by station and file name.
fn batches_by_file(program: &Program) -> anyhow::Result<BTreeMap<(String, String), String>> {
    let mut batches = BTreeMap::new();
    let documents = program.json(&["documents", "--json"])?;
    let exceptions = program.json(&["worklist", "--json"])?;
    for thing in list(&documents["documents"]).iter().chain(list(&exceptions["exceptions"])) {
        batches.insert((text(&thing["station"]), text(&thing["file"])), text(&thing["batch"]));
    }
    Ok(batches)
}

fn outcome(
    program: &Program,
    sample: &Sample,
    batches: &BTreeMap<(String, String), String>,
) -> anyhow::Result<Outcome> {
    let names: Vec<String> = if sample.path.is_dir() {
        sorted(&sample.path)?.iter().map(|p| name_of(p)).collect()
    } else {
        vec![sample.name.clone()]
    };
    let Some(batch) = names.iter().find_map(|name| batches.get(&(sample.station.clone(), name.clone())))
    else {
        return Ok(Outcome { pages: 0, words: "nothing".into(), wrong: vec!["it left no trace".into()] });
    };
    let batch = program.json(&["show", batch, "--json"])?;
    let (documents, exceptions) = (list(&batch["documents"]), list(&batch["exceptions"]));
    let mut words = Vec::new();
    for document in documents {
        words.push(format!("filed {} → {}", text(&document["type"]), text(&document["patient"]["mrn"])));
    }
    for exception in exceptions {
        let reasons: Vec<String> = list(&exception["reasons"]).iter().map(text).collect();
        words.push(format!("held {}", reasons.join("+")));
    }
    let pages = batch["pages"].as_u64().unwrap_or(0) as usize;
    Ok(Outcome { pages, words: shortened(&words), wrong: differences(&sample.expected, &batch) })
}

/// Many documents of one kind are told once.
fn shortened(words: &[String]) -> String {
    match words {
        [] => "nothing to file".into(),
        [one] => one.clone(),
        [first, rest @ ..] if rest.iter().all(|other| other == first) => {
            format!("{first} ({} times)", words.len())
        }
        [first, second] => format!("{first}; {second}"),
        [first, .., last] => format!("{first}; … {last} ({} in all)", words.len()),
    }
}

/// Where a batch is not as its sample should come out.
fn differences(expected: &Value, batch: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut compare = |what: &str, should: Vec<String>, is: Vec<String>| {
        if should != is {
            wrong.push(format!("{what}: expected {should:?}, got {is:?}"));
        }
    };
    let filed = |value: &Value| -> Vec<String> {
        let one = |d: &Value, mrn: &Value| format!("{} {} {}", d["pages"], text(&d["type"]), text(mrn));
        let mrn = |d: &Value| if d["mrn"].is_null() { d["patient"]["mrn"].clone() } else { d["mrn"].clone() };
        list(&value["documents"]).iter().map(|d| one(d, &mrn(d))).collect()
    };
    compare("documents", filed(expected), filed(batch));
    // The first reason is the one a clerk reads; others may come and go as rules learn to say more.
    let held = |value: &Value| -> Vec<String> {
        list(&value["exceptions"])
            .iter()
            .map(|x| format!("{} {}", x["pages"], text(&x["reasons"][0])))
            .collect()
    };
    compare("exceptions", held(expected), held(batch));
    let pages = |value: &Value, key: &str| list(&value[key]).iter().map(ToString::to_string).collect();
    compare("control sheets", pages(expected, "control_sheets"), pages(batch, "control_sheets"));
    compare("blank pages", pages(expected, "blank"), pages(batch, "blank"));
    wrong
}

/// Three searches are shown; all that the samples promise are made.
fn searches(program: &Program, samples: &[Sample]) -> anyhow::Result<bool> {
    let mut good = true;
    let mut shown = 0;
    for sample in samples {
        for find in list(&sample.expected["find"]) {
            let query = text(&find["query"]);
            let answer = program.json(&["search", &query, "--json"])?;
            let hit = list(&answer["hits"])
                .iter()
                .any(|hit| hit["page"] == find["page"] && text(&hit["file"]) == sample.name);
            if !hit {
                say(format!("    NOT FOUND: {query:?} on page {} of {}", find["page"], sample.name));
                good = false;
            } else if shown < 3 {
                shown += 1;
                say(format!("\n$ chartroom search {query:?}"));
                say(program.text(&["search", &query, "--limit", "3"])?.trim_end());
            }
        }
    }
    Ok(good)
}

/// The first hit of a search that everybody's samples answer, as a picture with the words marked.
fn open_a_hit(program: &Program, home: &Path) -> anyhow::Result<()> {
    const QUERY: &str = "troponin aspirin";
    let answer = program.json(&["search", QUERY, "state:filed", "--json"])?;
    let Some(hit) = list(&answer["hits"]).first() else { return Ok(()) };
    let picture = path(&home.join("hit.png"));
    let page = hit["page_in_document"].to_string();
    program.text(&["show", &text(&hit["document"]), "--page", &page, "--find", QUERY, "-o", &picture])?;
    say(format!("the first hit for {QUERY:?} is opened at {picture}"));
    Ok(())
}

/// A clerk of the demo's own, and the desk in the browser, if there is one.
fn open_the_desk(program: &Program) -> anyhow::Result<()> {
    let mut arguments = vec!["accounts", "add", "maria", "--display", "Maria Lopez", "--json"];
    arguments.extend(["--role", "clerk", "--role", "supervisor", "--label", "MH"]);
    let made = program.json(&arguments)?;
    let url = format!("http://{DESK}{}", text(&made["link"]));
    say(format!("\nThe desk is open. Choose a password for the account \"maria\", then sign in:\n  {url}"));
    let browser =
        std::process::Command::new("xdg-open").arg(&url).stderr(std::process::Stdio::null()).spawn();
    if browser.is_err() {
        say("(no browser was found to open it in)");
    }
    Ok(())
}

fn how_to_go_on(program: &Program, once: bool) {
    let home = program.home.display();
    let line = if once {
        "Start the line again with `chartroom run`"
    } else {
        "The line is still running; Ctrl-C stops it"
    };
    say(format!(
        "\n{line}. Drop scans into {home}/stations/… and, in another terminal:\n\
         \n  alias chartroom='target/release/chartroom --config {home}/chartroom.toml --data {home}/data'\n\
         \x20 chartroom search 'chest pain'\n  chartroom worklist\n  chartroom status"
    ));
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
