//! A Chartroom of one's own for a test: the real binary, real folders, nothing mocked.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "each test file uses its part"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// The repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

pub fn sample(name: &str) -> PathBuf {
    let path = root().join("sample-scans").join(name);
    assert!(path.exists(), "{} is missing; run `cargo xtask samples`", path.display());
    path
}

/// Real material from elsewhere. Where it is absent its tests say so and pass; CI sets that it must be there.
pub fn corpus() -> Option<PathBuf> {
    let path =
        std::env::var_os("CHARTROOM_CORPUS").map_or_else(|| root().join("../shared/corpus"), PathBuf::from);
    if path.is_dir() {
        return Some(path);
    }
    assert!(std::env::var_os("CHARTROOM_CORPUS_REQUIRED").is_none(), "no corpus at {}", path.display());
    eprintln!("skipped: no corpus at {}", path.display());
    None
}

/// A configuration, an archive and station folders in a folder that goes with the test.
pub struct Chartroom {
    home: tempfile::TempDir,
}

impl Chartroom {
    /// Files by itself, knows the sample patients and the sample sheets.
    pub fn with_samples() -> Self {
        let room = Self::with_config(&fs::read_to_string(sample("chartroom.toml")).unwrap());
        fs::copy(sample("sheet-keys.toml"), room.path("sheet-keys.toml")).unwrap();
        room.ok(&["patients", "import", sample("patients.csv").to_str().unwrap()]);
        room.ok(&["sheet", "--register", sample("sheets.json").to_str().unwrap()]);
        room
    }

    pub fn with_config(text: &str) -> Self {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("chartroom.toml"), text).unwrap();
        Self { home }
    }

    pub fn path(&self, inside: &str) -> PathBuf {
        self.home.path().join(inside)
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_chartroom"));
        command.env("OMP_THREAD_LIMIT", "1");
        command.arg("--config").arg(self.path("chartroom.toml")).arg("--data").arg(self.path("data"));
        command.args(arguments);
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs a command that must end well.
    pub fn ok(&self, arguments: &[&str]) -> String {
        let out = self.run(arguments);
        assert_eq!(out.status.code(), Some(0), "{arguments:?}: {}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).unwrap()
    }

    /// Runs a command that prints one JSON value, whether all went well (0) or not all (1).
    pub fn json(&self, arguments: &[&str]) -> Value {
        let out = self.run(arguments);
        assert!(
            out.status.code().is_some_and(|code| code < 2),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&out.stderr)
        );
        serde_json::from_slice(&out.stdout).unwrap()
    }

    pub fn import(&self, paths: &[&Path]) -> Value {
        let mut arguments = vec!["import", "--json"];
        arguments.extend(paths.iter().map(|path| path.to_str().unwrap()));
        self.json(&arguments)
    }

    pub fn documents(&self) -> Vec<Value> {
        self.json(&["documents", "--json"])["documents"].as_array().unwrap().clone()
    }

    pub fn worklist(&self) -> Vec<Value> {
        self.json(&["worklist", "--json"])["exceptions"].as_array().unwrap().clone()
    }

    /// Everything accounted for, or the test ends here.
    pub fn verified(&self) -> Value {
        let report = self.json(&["verify", "--json"]);
        assert_eq!(report["ok"], true, "{report}");
        let places = [
            "in_documents",
            "in_exceptions",
            "control_sheets",
            "blank",
            "superseded",
            "void",
            "set_aside",
            "pending",
        ];
        let sum: u64 = places.iter().map(|place| report[place].as_u64().unwrap()).sum();
        assert_eq!(sum, report["pages"].as_u64().unwrap(), "{report}");
        report
    }

    /// A running line; killed when dropped.
    pub fn start(&self, arguments: &[&str]) -> Running {
        let log = fs::File::create(self.path("run.log")).unwrap();
        let child =
            self.command(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().unwrap();
        Running(child)
    }
}

/// Every reason of every exception.
pub fn reasons(exceptions: &[Value]) -> Vec<String> {
    let all = exceptions.iter().flat_map(|exception| exception["reasons"].as_array().unwrap());
    all.map(|reason| reason.as_str().unwrap().to_owned()).collect()
}

pub struct Running(Child);

impl Running {
    /// As pulling the plug.
    pub fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }

    /// As an administrator does it; answers the exit code.
    pub fn terminate(mut self) -> Option<i32> {
        Command::new("kill").arg(self.0.id().to_string()).status().unwrap();
        self.0.wait().unwrap().code()
    }

    pub fn ended(&mut self) -> bool {
        self.0.try_wait().unwrap().is_some()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Looks again and again until it holds, for at most so many seconds.
pub fn eventually(seconds: u64, what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(seconds) {
        if holds() {
            return;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    panic!("not within {seconds} s: {what}");
}
