//! The program under trial: its configuration, what it is given, and where every page went.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use records::judge::IssuedSheet;
use serde_json::Value;

use super::mixes::Scan;
use super::people::{Person, csv};
use crate::program::{Program, root};

/// One authority, whose numbers have no check digit.
pub(super) const ONE_HOSPITAL: &str = r#"
[[authority]]
name = "GENHOSP"
shape = "^[0-9]{8}$"
"#;

/// The line of `[identity]` under which everything safe is filed.
pub(super) const AUTO: &str = "mode = \"auto\"\nstale_after_hours = 87600";

const STATIONS: &str = r#"
[intake]
sweep_s = 0.1
settle_s = 0.2
job_quiet_s = 0.6
incomplete_after_s = 3.0
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
[[station]]
name = "stacks"
folder = "in/stacks"
separation = "control"
[[station]]
name = "duplex"
folder = "in/duplex"
separation = "control"
sides = 2
blank_backs = "delivered"
multifeed = "stops"
[[station]]
name = "doubles"
folder = "in/doubles"
separation = "sheet"
sides = 2
blank_backs = "delivered"
[[station]]
name = "jobs"
folder = "in/jobs"
group = "folder"
"#;

/// An archive with its patient index, in a folder of its own.
pub(super) struct Site {
    pub(super) program: Program,
    authorities: &'static str,
    /// Originals are scripts that hold readings.
    scripted: bool,
}

impl Site {
    pub(super) fn open(
        home: &Path,
        authorities: &'static str,
        people: &[Person],
        scripted: bool,
    ) -> anyhow::Result<Self> {
        for station in ["loose", "desk", "fax", "covers", "stacks", "duplex", "doubles", "jobs"] {
            fs::create_dir_all(home.join("in").join(station))?;
        }
        fs::copy(root().join("sample-scans/sheet-keys.toml"), home.join("sheet-keys.toml"))?;
        let site = Self { program: Program::at(home)?, authorities, scripted };
        site.configure(AUTO)?;
        site.patients(people)?;
        Ok(site)
    }

    pub(super) fn path(&self, inside: &str) -> PathBuf {
        self.program.home.join(inside)
    }

    /// What `[identity]` says from now on.
    pub(super) fn configure(&self, identity: &str) -> anyhow::Result<()> {
        let text = format!("[identity]\n{identity}\n{}{STATIONS}", self.authorities);
        Ok(fs::write(self.path("chartroom.toml"), text)?)
    }

    /// These people as the patient index has them from now on.
    pub(super) fn patients(&self, people: &[Person]) -> anyhow::Result<()> {
        let path = self.path("patients.csv");
        fs::write(&path, csv(people))?;
        self.list_in(&path, &[])
    }

    /// A list for the patient index; all of it must be taken.
    pub(super) fn list_in(&self, path: &Path, flags: &[&str]) -> anyhow::Result<()> {
        let path = path.display().to_string();
        let out = self.program.output(&[&["patients", "import", &path], flags].concat())?;
        anyhow::ensure!(out.status.success(), "patients import: {}", String::from_utf8_lossy(&out.stdout));
        Ok(())
    }

    pub(super) fn register(&self, issued: &[IssuedSheet]) -> anyhow::Result<()> {
        let path = self.path("sheets.json");
        fs::write(&path, serde_json::to_vec(issued)?)?;
        self.program.text(&["sheet", "--register", &path.display().to_string()])?;
        Ok(())
    }

    /// Takes all these in, and waits until each is filed or held.
    pub(super) fn take_in(&self, scans: &[Scan]) -> anyhow::Result<()> {
        let mut stations: Vec<&str> = scans.iter().map(|scan| scan.station).collect();
        stations.sort_unstable();
        stations.dedup();
        for station in stations {
            let folder = self.path("scans").join(station);
            let _ = fs::remove_dir_all(&folder);
            fs::create_dir_all(&folder)?;
            for scan in scans.iter().filter(|scan| scan.station == station) {
                fs::write(folder.join(&scan.name), scan.script()?)?;
            }
            self.import(&folder, &["--station", station])?;
        }
        Ok(())
    }

    /// Imports a file or a folder, with more arguments.
    pub(super) fn import(&self, path: &Path, arguments: &[&str]) -> anyhow::Result<()> {
        let path = path.display().to_string();
        let mut command = self.program.command(&["import", &path]);
        command.args(arguments);
        if self.scripted {
            command.env("CHARTROOM_SCRIPTED_READER", "1");
        }
        let out = command.output().context("cannot start chartroom")?;
        // 1: a file of it could not be read, which may be what is tried.
        anyhow::ensure!(
            out.status.code().is_some_and(|code| code < 2),
            "import: {}",
            String::from_utf8_lossy(&out.stderr)
        );
        Ok(())
    }

    /// A running line that watches the station folders.
    pub(super) fn run(&self) -> anyhow::Result<Running> {
        let mut command = self.program.command(&["run"]);
        command.env("CHARTROOM_SCRIPTED_READER", "1");
        let log = fs::File::create(self.path("run.log"))?;
        Ok(Running(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn()?))
    }

    /// Until nothing is left to do.
    pub(super) fn wait_until_quiet(&self) -> anyhow::Result<()> {
        let began = Instant::now();
        let mut quiet = 0;
        while quiet < 3 {
            anyhow::ensure!(
                began.elapsed() < Duration::from_secs(300),
                "the line is not through after five minutes"
            );
            std::thread::sleep(Duration::from_millis(500));
            let status = self.program.json(&["status", "--json"])?;
            let stations = status["stations"].as_array().into_iter().flatten();
            let backlog: u64 = stations.filter_map(|station| station["backlog"].as_u64()).sum();
            quiet = if status["waiting"] == 0 && backlog == 0 { quiet + 1 } else { 0 };
        }
        Ok(())
    }

    /// Until nothing is held for this any more, or nothing changes any longer.
    pub(super) fn wait_until_judged_again(&self, reason: &str) -> anyhow::Result<()> {
        let mut before = usize::MAX;
        for _ in 0..60 {
            std::thread::sleep(Duration::from_secs(2));
            let held = self.list("worklist", "exceptions")?;
            let left = held.iter().filter(|held| held["reasons"].to_string().contains(reason)).count();
            if left == 0 || left == before {
                break;
            }
            before = left;
        }
        self.wait_until_quiet()
    }

    /// Where every page is now.
    pub(super) fn went(&self) -> anyhow::Result<Whereabouts> {
        let mut went = Whereabouts::default();
        for document in self.list("documents", "documents")? {
            let mrn = document["patient"]["mrn"].as_str().unwrap_or_default().to_owned();
            let labels = document["labels"].as_array().map_or(0, Vec::len);
            went.enter(&document, &|| Went::Filed { mrn: mrn.clone(), labels });
        }
        for held in self.list("worklist", "exceptions")? {
            let reasons = held["reasons"].as_array().into_iter().flatten();
            let reasons: Vec<String> = reasons.filter_map(|r| r.as_str().map(str::to_owned)).collect();
            went.enter(&held, &|| Went::Held(reasons.clone()));
        }
        Ok(went)
    }

    fn list(&self, command: &str, what: &str) -> anyhow::Result<Vec<Value>> {
        let mut value = self.program.json(&[command, "--json"])?;
        Ok(value[what].as_array_mut().map(std::mem::take).unwrap_or_default())
    }
}

/// Ends with the one who holds it.
pub(super) struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = std::process::Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status();
        let _ = self.0.wait();
    }
}

/// What became of a page.
#[derive(Clone, Debug)]
pub(super) enum Went {
    /// To the chart of this number, with so many labels that hide it.
    Filed {
        mrn: String,
        labels: usize,
    },
    Held(Vec<String>),
}

/// By file and page; of a filed page, also what is doubted about it.
#[derive(Default)]
pub(super) struct Whereabouts {
    pages: HashMap<(String, u64), Went>,
    doubts: HashMap<(String, u64), Vec<String>>,
}

impl Whereabouts {
    fn enter(&mut self, thing: &Value, what: &dyn Fn() -> Went) {
        let file = job_of(thing["file"].as_str().unwrap_or_default());
        // A doubt about a document stands beside it: its pages are in the chart.
        let is_doubt = thing["document"].is_string() && thing["reasons"].is_array();
        for page in thing["pages"].as_array().into_iter().flatten() {
            let key = (file.to_owned(), page.as_u64().unwrap_or(0));
            match what() {
                Went::Held(reasons) if is_doubt => self.doubts.entry(key).or_default().extend(reasons),
                went => drop(self.pages.insert(key, went)),
            }
        }
        if thing["pages"].as_array().is_none_or(Vec::is_empty) {
            self.pages.insert((file.to_owned(), 0), what());
        }
    }

    /// Page 0: the file as a whole, of which no page could be read.
    pub(super) fn of(&self, scan: &Scan, page: u32) -> Option<&Went> {
        let at = |page: u32| self.pages.get(&(job_of(&scan.name).to_owned(), u64::from(page)));
        at(page).or_else(|| at(0))
    }

    pub(super) fn doubts(&self, scan: &Scan, page: u32) -> &[String] {
        self.doubts.get(&(job_of(&scan.name).to_owned(), u64::from(page))).map_or(&[], Vec::as_slice)
    }
}

/// A job folder's files are named after it: `job-00012_003.txt`.
fn job_of(file: &str) -> &str {
    let file = file.rsplit('/').next().unwrap_or(file);
    file.split('_').next().unwrap_or(file)
}
