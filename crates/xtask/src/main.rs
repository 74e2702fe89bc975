//! The commands of the README: `cargo xtask demo`, `test`, `bench`, `samples`. std only, since it must build
//! before any system package is there.

mod soak;
mod system;

use std::path::PathBuf;
use std::process::{Command, ExitCode};

const USAGE: &str = "\
cargo xtask demo [--once]    install what is needed, build, take the sample scans through the whole line
cargo xtask test             everything CI runs: format, lints, unit, integration and doc tests, house rules
cargo xtask bench pages      pages per second beside ocrmypdf and tesseract, memory, lock times
cargo xtask bench identity   documents of every trap we know: wrong charts, and how many file themselves
cargo xtask bench reading    damaged pages drawn anew and real ones: errors and cost beside tesseract and ocrmypdf
cargo xtask bench search     pages read and found again, and speed over millions, beside tantivy, FTS5, PostgreSQL
cargo xtask bench barcodes   symbols on drawn and real pages beside zxing-cpp, rxing and zbar: read, wrong, cost
cargo xtask bench codes      tables of codes: how soon they are loaded, and what a page costs [--folder DIR]
cargo xtask bench upright    is every page set upright, and none turned that stood so [--pages N] [--seed S]
cargo xtask bench blanks     blank backs found, and no page with writing called blank [--pages N] [--seed S]
cargo xtask samples          draw the sample scans anew (they are the same every time)";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("", &[][..]),
    };
    let done = match command {
        "demo" => demo(rest),
        "test" => test(),
        "bench" => bench(rest),
        "samples" => samples(),
        "soak" => soak::soak(rest),
        _ => {
            system::say(USAGE);
            system::say(soak::USAGE);
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            system::complain(&problem);
            ExitCode::FAILURE
        }
    }
}

fn demo(rest: &[String]) -> Result<(), String> {
    system::install(system::BUILD_PACKAGES)?;
    system::run(cargo(&["build", "--release", "--package", "chartroom", "--package", "bench"]))?;
    let mut demo = cargo(&["run", "--release", "--quiet", "--package", "bench", "--", "demo"]);
    demo.args(rest);
    system::run(demo)
}

/// What CI runs, in the order in which failures are cheapest to find.
fn test() -> Result<(), String> {
    system::install(system::BUILD_PACKAGES)?;
    system::install(system::TEST_PACKAGES)?;
    system::install_browser()?;
    system::run(cargo(&["fmt", "--all", "--check"]))?;
    let lints = ["clippy", "--release", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"];
    system::run(cargo(&lints))?;
    let runner: &[&str] = if system::has(cargo(&["nextest", "--version"])) {
        &["nextest", "run", "--release", "--workspace", "--locked", "--no-fail-fast"]
    } else {
        &["test", "--release", "--workspace", "--locked", "--no-fail-fast", "--lib", "--bins", "--tests"]
    };
    // The program first: tests drive it from outside.
    system::run(cargo(&["build", "--release", "--locked", "--package", "chartroom", "--package", "bench"]))?;
    system::run(cargo(&["test", "--release", "--workspace", "--locked", "--doc"]))?;
    system::run(cargo(&[
        "run",
        "--release",
        "--quiet",
        "--package",
        "bench",
        "--",
        "identity",
        "--documents",
        "1200",
        "--seed",
        "7",
        "--rendered",
        "0",
    ]))?;
    system::run(cargo(runner))?;
    system::run(cargo(&["run", "--release", "--quiet", "--package", "bench", "--", "demo", "--once"]))
}

fn bench(rest: &[String]) -> Result<(), String> {
    system::install(system::BUILD_PACKAGES)?;
    system::install(system::BENCH_PACKAGES)?;
    if rest.first().is_some_and(|what| what == "barcodes") {
        return barcodes(&rest[1..]);
    }
    system::run(cargo(&["build", "--release", "--package", "chartroom", "--package", "bench"]))?;
    let mut bench = cargo(&["run", "--release", "--quiet", "--package", "bench", "--"]);
    let what = rest.first().map_or("pages", String::as_str);
    if what == "pages" {
        bench.arg("measure");
    }
    bench.args(rest);
    system::run(bench)?;
    match what {
        "upright" | "blanks" => ask_paper(what),
        _ => Ok(()),
    }
}

/// The drawn pages are listed; only `paper` looks at pixels.
fn ask_paper(what: &str) -> Result<(), String> {
    let list = format!("{}/../../target/bench-{what}/pages.tsv", env!("CARGO_MANIFEST_DIR"));
    system::run(cargo(&["bench", "--quiet", "--package", "paper", "--bench", what, "--", &list]))
}

/// Links the engines we are measured against, so it is a bench of the room that may.
fn barcodes(rest: &[String]) -> Result<(), String> {
    let mut bench = cargo(&["bench", "--quiet", "--package", "paper", "--bench", "barcodes", "--"]);
    bench.args(rest);
    let beside = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus"));
    let corpus = std::env::var_os("CHARTROOM_CORPUS").map_or_else(beside, PathBuf::from);
    let real = corpus.join("zxing-cpp/test/samples");
    if real.is_dir() && !rest.iter().any(|own| own == "--real") {
        bench.arg("--real").arg(real);
    }
    system::run(bench)
}

fn samples() -> Result<(), String> {
    let out = ["run", "--release", "--quiet", "--package", "bench", "--", "samples", "--out", "sample-scans"];
    system::run(cargo(&out))
}

/// Cargo in this workspace, with Tesseract's own threads off: they cost more than they bring.
fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).env("OMP_THREAD_LIMIT", "1");
    command.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    command
}
