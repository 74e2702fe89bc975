//! A Chartroom of one's own for a test: the real binary, real folders, nothing mocked.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "each test file uses its part"
)]

pub mod scripts;

use std::collections::HashSet;
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
    /// Originals are scripts ([`scripts`]), read without an engine.
    scripted: bool,
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
        Self { home, scripted: false }
    }

    /// Two stations that are swept quickly, `sheets` (a file is a stack of single sheets) and `jobs` (a folder is a
    /// job), the sample patients, and readers that need no engine.
    pub fn scripted() -> Self {
        Self::scripted_with("")
    }

    /// As [`Self::scripted`], with more in its configuration.
    pub fn scripted_with(more: &str) -> Self {
        let config = "[intake]\nsweep_s = 0.1\nsettle_s = 0.2\njob_quiet_s = 0.4\nincomplete_after_s = 3.0\n\
             [identity]\nmode = \"auto\"\nstale_after_hours = 87600\n\
             [[authority]]\nname = \"GENHOSP\"\nshape = \"^[0-9]{8}$\"\n\
             [patients]\nfolder = \"patients\"\n\
             [[station]]\nname = \"sheets\"\nfolder = \"in/sheets\"\nseparation = \"sheet\"\n\
             [[station]]\nname = \"jobs\"\nfolder = \"in/jobs\"\nseparation = \"sheet\"\ngroup = \"folder\"\n";
        let mut room = Self::with_config(&format!("{config}{more}"));
        room.scripted = true;
        for folder in ["in/sheets", "in/jobs", "patients"] {
            fs::create_dir_all(room.path(folder)).unwrap();
        }
        room.ok(&["patients", "import", sample("patients.csv").to_str().unwrap()]);
        room
    }

    pub fn path(&self, inside: &str) -> PathBuf {
        self.home.path().join(inside)
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_chartroom"));
        command.env("OMP_THREAD_LIMIT", "1");
        if self.scripted {
            command.env("CHARTROOM_SCRIPTED_READER", "1");
        }
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
        self.start_with(arguments, &[])
    }

    /// As [`Self::start`], with more in its environment.
    pub fn start_with(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Running {
        let mut command = self.command(arguments);
        command.envs(environment.iter().copied());
        self.start_command(command)
    }

    /// Starts a command that is a line in the end.
    pub fn start_command(&self, mut command: Command) -> Running {
        let log = fs::OpenOptions::new().create(true).append(true).open(self.path("run.log")).unwrap();
        Running(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().unwrap())
    }

    /// Nothing waits in any folder or on the line, and all that is filed can be found. Asked twice: while the first
    /// answer was put together, a file may have left the folder behind its back.
    pub fn is_quiet(&self) -> bool {
        self.seems_quiet() && self.seems_quiet()
    }

    /// Runs until nothing is left to do, for at most so many seconds.
    pub fn see_through(&self, seconds: u64) {
        let line = self.start(&["run"]);
        // One that has nothing left to do must not be ended before it knows how to end.
        eventually(seconds, "the line runs", || self.json(&["status", "--json"])["running"] == true);
        eventually(seconds, "everything is taken, filed and searchable", || self.is_quiet());
        assert_eq!(line.terminate(), Some(0));
    }

    fn seems_quiet(&self) -> bool {
        let status = self.json(&["status", "--json"]);
        let idle = status["stations"].as_array().unwrap().iter().all(|station| station["backlog"] == 0);
        status["waiting"] == 0 && status["index_behind"] == 0 && idle
    }

    /// What the archive holds, without times: the same after any accident as without it.
    pub fn holdings(&self) -> Holdings {
        let line = |thing: &Value, id: &str, more: &str| {
            format!("{} {} {} {}", thing[id], thing["batch"], thing["pages"], thing[more])
        };
        let documents = self.documents();
        let mut lines: Vec<String> = documents.iter().map(|d| line(d, "document", "patient")).collect();
        lines.extend(self.worklist().iter().map(|x| line(x, "id", "reasons")));
        lines.sort();
        let mut kept = names_below(&self.path("in"));
        kept.sort();
        Holdings { lines, kept, verified: self.verified() }
    }
}

/// A test that fails shows what the line said last, and how it stands.
impl Drop for Chartroom {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log = fs::read_to_string(self.path("run.log")).unwrap_or_default();
            let lines: Vec<&str> = log.lines().collect();
            eprintln!("{}", lines[lines.len().saturating_sub(40)..].join("\n"));
            eprintln!("{}", String::from_utf8_lossy(&self.run(&["status"]).stdout));
        }
    }
}

/// See [`Chartroom::holdings`].
#[derive(Debug, PartialEq)]
pub struct Holdings {
    /// Documents and exceptions with their ids, batches, pages, patients and reasons.
    pub lines: Vec<String>,
    /// Names of all files in and below the station folders, `taken/` included.
    pub kept: Vec<String>,
    pub verified: Value,
}

impl Holdings {
    /// Says what is missing and what is too many, where the two differ.
    pub fn assert_same(&self, expected: &Self, when: &str) {
        let differ = |ours: &[String], theirs: &[String]| -> Vec<String> {
            let theirs: HashSet<&String> = theirs.iter().collect();
            ours.iter().filter(|line| !theirs.contains(line)).cloned().collect()
        };
        let mut missing = differ(&expected.lines, &self.lines);
        let mut more = differ(&self.lines, &expected.lines);
        let counts = (missing.len(), more.len());
        missing.truncate(5);
        more.truncate(5);
        assert_eq!(counts, (0, 0), "{when}: missing {missing:#?} …, instead {more:#?} …");
        assert_eq!(self, expected, "{when}");
    }
}

/// Names of the files below a folder, each as often as it is there; not the locks on claims.
pub fn names_below(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.path().is_dir() {
            names.extend(names_below(&entry.path()));
        } else if entry.file_name() != "lock" {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names
}

/// Every reason of every exception.
pub fn reasons(exceptions: &[Value]) -> Vec<String> {
    let all = exceptions.iter().flat_map(|exception| exception["reasons"].as_array().unwrap());
    all.map(|reason| reason.as_str().unwrap().to_owned()).collect()
}

pub struct Running(Child);

impl Running {
    pub fn id(&self) -> u32 {
        self.0.id()
    }

    pub fn of(command: &mut Command) -> Self {
        Self(command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().unwrap())
    }

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

    /// Waits at most so many seconds for its end; `true`: it was killed.
    pub fn was_killed_within(&mut self, seconds: u64) -> bool {
        use std::os::unix::process::ExitStatusExt as _;
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(seconds) {
            if let Some(status) = self.0.try_wait().unwrap() {
                return status.signal() == Some(9);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        false
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
