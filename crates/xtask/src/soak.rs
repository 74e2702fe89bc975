//! What runs for hours, and not in the ordinary tests: `cargo xtask soak NAME`.

use std::path::Path;
use std::process::Command;

use crate::{cargo, system};

pub(crate) const USAGE: &str = "\
cargo xtask soak kills       the line killed a thousand times at random, then compared with an undisturbed run
cargo xtask soak burst       20,000 files as fast as they can be dropped, renamed or not, with events and polling
cargo xtask soak corpus      every file of the corpora through import
cargo xtask soak fuzz [M]    M minutes of cargo-fuzz for each target (10), on nightly, by what the code covers";

/// What cargo-fuzz calls each, and where its crate keeps what once broke it.
const TARGETS: [(&str, &str); 9] = [
    ("any", "paper"),
    ("tiff", "paper"),
    ("jpeg", "paper"),
    ("png", "paper"),
    ("pdf", "paper"),
    ("sheet", "records"),
    ("patients", "exchange"),
    ("manifest", "pipeline"),
    ("query", "search"),
];

pub(crate) fn soak(rest: &[String]) -> Result<(), String> {
    match rest.first().map(String::as_str) {
        Some("kills") => test("kill", "killed_at_random", "1000"),
        Some("burst") => test("bursts", "", "20000"),
        Some("corpus") => test("corpus", "every_collected_file", "1"),
        Some("fuzz") => fuzz(rest.get(1).map(String::as_str)),
        _ => Err(format!("nothing to soak in; it is one of\n{USAGE}")),
    }
}

/// A test that does more when asked to.
fn test(file: &str, name: &str, how_much: &str) -> Result<(), String> {
    system::install(system::BUILD_PACKAGES)?;
    system::install(system::TEST_PACKAGES)?;
    let mut test = cargo(&["test", "--release", "--package", "chartroom", "--test", file]);
    test.args(["--", "--nocapture", name]).env("CHARTROOM_SOAK", how_much);
    system::run(test)
}

fn fuzz(minutes: Option<&str>) -> Result<(), String> {
    let minutes: u32 = match minutes {
        Some(text) => text.parse().map_err(|_| format!("{text:?} is not a number of minutes"))?,
        None => 10,
    };
    system::install(system::BUILD_PACKAGES)?;
    if !system::has(nightly(&["--version"])) {
        return Err("cargo-fuzz needs a nightly compiler: rustup toolchain install nightly".into());
    }
    if !system::has(nightly(&["fuzz", "--version"])) {
        system::run(cargo(&["install", "--locked", "cargo-fuzz"]))?;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut broken = Vec::new();
    for (target, room) in TARGETS {
        let found = format!("crates/fuzz/targets/corpus/{target}");
        std::fs::create_dir_all(root.join(&found))
            .map_err(|error| format!("{found} cannot be made: {error}"))?;
        let mut run = nightly(&["fuzz", "run", "--fuzz-dir", "crates/fuzz/targets", target, &found]);
        // Seeds, where they are there: what broke it before, our samples, other people's files.
        let regressions = format!("crates/{room}/tests/regressions/{target}");
        let corpus = std::env::var("CHARTROOM_CORPUS").unwrap_or_else(|_| "../shared/corpus".into());
        let seeds = [regressions.as_str(), "sample-scans", &corpus];
        run.args(seeds.into_iter().filter(|seed| root.join(seed).is_dir()));
        let time = format!("-max_total_time={}", minutes * 60);
        run.args(["--", &time, "-rss_limit_mb=2048", "-timeout=20", "-max_len=40000"]);
        if system::run(run).is_err() {
            broken.push(format!("{target}: mend it and keep the file named above in {regressions}"));
        }
    }
    if broken.is_empty() { Ok(()) } else { Err(broken.join("\n")) }
}

/// Cargo's nightly, whichever cargo runs us.
fn nightly(arguments: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.arg("+nightly").args(arguments).env_remove("CARGO").env_remove("RUSTUP_TOOLCHAIN");
    command.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    command
}
