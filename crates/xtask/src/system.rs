//! What must the machine have, and how is it brought there?

use std::io::Write as _;
use std::process::{Command, Stdio};

/// To build and run Chartroom.
pub(crate) const BUILD_PACKAGES: &[&str] = &[
    "build-essential",
    "pkg-config",
    "clang",
    "libclang-dev",
    "cmake",
    "libleptonica-dev",
    "libtesseract-dev",
    "libtiff-dev",
    "tesseract-ocr-eng",
    "tesseract-ocr-osd",
];

/// Only tests look at our PDFs, and at what we ask of the system, with somebody else's eyes.
pub(crate) const TEST_PACKAGES: &[&str] = &["poppler-utils", "qpdf", "strace"];

/// What tests of the desk are driven with: a browser, and npm for what drives it.
pub(crate) fn install_browser() -> Result<(), String> {
    let npm = || {
        let mut npm = Command::new("npm");
        npm.arg("--version");
        npm
    };
    if !has(npm()) {
        install(&["nodejs", "npm"])?;
    }
    if std::env::var_os("CHROME").is_none() {
        install(&["chromium"])
            .map_err(|problem| format!("{problem}; or set CHROME to a Chromium that is there"))?;
    }
    let steps = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/desk");
    let mut ci = Command::new("npm");
    ci.args(["ci", "--prefix", steps, "--ignore-scripts", "--no-audit", "--no-fund"]);
    run(ci)
}

/// What benches measure us against.
pub(crate) const BENCH_PACKAGES: &[&str] =
    &["tesseract-ocr", "ocrmypdf", "unpaper", "poppler-utils", "time", "zbar-tools", "sqlite3", "postgresql"];

/// Installs those Debian packages that are missing; asks for sudo only when not root.
pub(crate) fn install(packages: &[&str]) -> Result<(), String> {
    let missing: Vec<&str> = packages.iter().copied().filter(|package| !is_installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let mut version = Command::new("apt-get");
    version.arg("--version");
    if !has(version) {
        return Err(format!(
            "these system packages are missing and this is not Debian or Ubuntu: {}; install their like by hand",
            missing.join(" ")
        ));
    }
    say(&format!("installing {}", missing.join(" ")));
    run(apt(&["update", "-qq"]))?;
    let mut arguments = vec!["install", "-y", "-qq", "--no-install-recommends"];
    arguments.extend(&missing);
    run(apt(&arguments))
}

fn is_installed(package: &str) -> bool {
    Command::new("dpkg-query")
        .args(["-W", "-f=${Status}", package])
        .stderr(Stdio::null())
        .output()
        .is_ok_and(|out| out.stdout.ends_with(b"ok installed"))
}

fn apt(arguments: &[&str]) -> Command {
    let root = Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout.trim_ascii() == b"0");
    let mut command = if root { Command::new("env") } else { Command::new("sudo") };
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]).args(arguments);
    command
}

/// Whether a command can be run and succeeds.
pub(crate) fn has(mut command: Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

pub(crate) fn run(mut command: Command) -> Result<(), String> {
    let shown = format!("{command:?}").replace('"', "");
    say(&format!("▸ {shown}"));
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{shown}: {status}")),
        Err(error) => Err(format!("{shown}: cannot be started: {error}")),
    }
}

pub(crate) fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

pub(crate) fn complain(text: &str) {
    let _ = writeln!(std::io::stderr(), "xtask: {text}");
}
