//! What do other tools read on the same pages, and what does it cost them?
//!
//! Each is run as a user would run it. What a tool said about the same bytes before is kept under `target/`, with
//! what it cost; `--fresh` asks anew. Chartroom is always run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, anyhow, bail};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::measure::cost;
use crate::program::{Program, root};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tool {
    Ours,
    Tesseract,
    Psm1,
    Ocrmypdf,
    OcrmypdfBest,
}

impl Tool {
    pub(crate) const ALL: [(Self, &'static str, &'static str); 5] = [
        (Self::Ours, "ours", "chartroom read"),
        (Self::Tesseract, "tesseract", "tesseract"),
        (Self::Psm1, "psm1", "tesseract --psm 1"),
        (Self::Ocrmypdf, "ocrmypdf", "ocrmypdf -j2"),
        (Self::OcrmypdfBest, "best", "ocrmypdf -j2 best"),
    ];

    /// As it is printed.
    pub(crate) fn title(self) -> &'static str {
        Self::ALL[self as usize].2
    }

    pub(crate) fn short(self) -> &'static str {
        Self::ALL[self as usize].1
    }
}

/// Pages that are read in one go: files, and the same pixels as one PDF for the tool that works on documents.
pub(crate) struct Unit {
    pub(crate) name: String,
    pub(crate) files: Vec<PathBuf>,
    /// `None`: the only file itself.
    pub(crate) stack: Option<PathBuf>,
}

/// What a tool made of a unit.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Outcome {
    /// One for each file.
    pub(crate) texts: Vec<String>,
    pub(crate) cpu_s: f64,
    pub(crate) wall_s: f64,
    pub(crate) peak_mb: f64,
}

pub(crate) struct Tools {
    /// Where Chartroom's configuration is, and where scratch files go.
    home: PathBuf,
    cache: PathBuf,
    fresh: bool,
    program: Program,
    /// Of the tools beside us, as they say it.
    pub(crate) versions: Vec<String>,
    kept: AtomicUsize,
    asked: AtomicUsize,
}

/// Tesseract is started for so many files at a time, as `xargs -P2` would.
const LOOPS: usize = 2;

impl Tools {
    pub(crate) fn new(home: &Path, fresh: bool) -> anyhow::Result<Self> {
        fs::create_dir_all(home)?;
        let cache = root().join("target/reading-cache");
        fs::create_dir_all(&cache)?;
        fs::write(home.join("chartroom.toml"), "")?;
        let program = Program::at(home)?;
        let mut versions = Vec::new();
        for tool in ["tesseract", "ocrmypdf"] {
            let said = Command::new(tool).arg("--version").output();
            let said = said.with_context(|| format!("{tool} is not installed"))?;
            let version = String::from_utf8_lossy(&said.stdout);
            versions.push(format!(
                "{tool} {}",
                version.lines().next().unwrap_or_default().trim_start_matches("tesseract ")
            ));
        }
        let (kept, asked) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Ok(Self { home: home.to_owned(), cache, fresh, program, versions, kept, asked })
    }

    /// How many answers of other tools were kept from before, and how many were asked for.
    pub(crate) fn kept_answers(&self) -> (usize, usize) {
        (self.kept.load(Ordering::Relaxed), self.asked.load(Ordering::Relaxed))
    }

    pub(crate) fn read(&self, tool: Tool, unit: &Unit) -> anyhow::Result<Outcome> {
        let read = match tool {
            Tool::Ours => self.ours(&unit.files, 2),
            Tool::Tesseract => self.tesseract(&unit.files, tool, &[]),
            Tool::Psm1 => self.tesseract(&unit.files, tool, &["--psm", "1"]),
            Tool::Ocrmypdf => self.ocrmypdf(unit, tool, &[]),
            Tool::OcrmypdfBest => self.ocrmypdf(unit, tool, &["--deskew", "--clean", "--rotate-pages"]),
        };
        read.with_context(|| format!("{} on {}", tool.title(), unit.name))
    }

    /// All files in one run, so many pages at a time.
    pub(crate) fn ours(&self, files: &[PathBuf], jobs: usize) -> anyhow::Result<Outcome> {
        let mut command = self.program.command(&["read", "--jobs", &jobs.to_string()]);
        command.args(files);
        let spent = cost(command)?;
        let mut texts = vec![String::new(); files.len()];
        for line in String::from_utf8_lossy(&spent.stdout).lines() {
            let line: Value = serde_json::from_str(line).context("chartroom read: not JSON")?;
            let path = Path::new(line["file"].as_str().unwrap_or_default());
            let at = files.iter().position(|file| file == path).context("a page of another file")?;
            texts[at] += line["text"].as_str().unwrap_or_default();
            texts[at].push('\n');
        }
        Ok(Outcome { texts, cpu_s: spent.cpu_s, wall_s: spent.wall_s, peak_mb: spent.peak_mb })
    }

    fn tesseract(&self, files: &[PathBuf], tool: Tool, options: &[&str]) -> anyhow::Result<Outcome> {
        let each = at_a_time(files, LOOPS, |file| {
            self.remembered(tool, &fs::read(file)?, || self.one_tesseract(file, options))
        })?;
        let mut all = Outcome::default();
        for one in each {
            all.texts.extend(one.texts);
            all.cpu_s += one.cpu_s;
            all.wall_s += one.wall_s / LOOPS as f64;
            all.peak_mb = all.peak_mb.max(one.peak_mb);
        }
        Ok(all)
    }

    /// It reads no PDF: that is made into pictures first, in time that is not counted.
    pub(crate) fn one_tesseract(&self, file: &Path, options: &[&str]) -> anyhow::Result<Outcome> {
        let picture = self.picture(file)?;
        let mut command = Command::new("tesseract");
        command.env("OMP_THREAD_LIMIT", "1").arg(&picture).arg("stdout").args(options);
        let spent = cost(command)?;
        let texts = vec![String::from_utf8_lossy(&spent.stdout).into_owned()];
        Ok(Outcome { texts, cpu_s: spent.cpu_s, wall_s: spent.wall_s, peak_mb: spent.peak_mb })
    }

    /// The first page of a PDF as pixels, made once; other files themselves.
    pub(crate) fn picture(&self, file: &Path) -> anyhow::Result<PathBuf> {
        if file.extension().is_none_or(|extension| extension != "pdf") {
            return Ok(file.to_owned());
        }
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        let stem = self.home.join(format!("pictures-{name}"));
        let picture = stem.with_extension("png");
        if !picture.exists() {
            let mut render = Command::new("pdftoppm");
            render.args(["-r", "300", "-png", "-singlefile", "-f", "1", "-l", "1"]).arg(file).arg(&stem);
            if !render.status().context("pdftoppm is not installed")?.success() {
                bail!("pdftoppm cannot render {}", file.display());
            }
        }
        Ok(picture)
    }

    fn ocrmypdf(&self, unit: &Unit, tool: Tool, options: &[&str]) -> anyhow::Result<Outcome> {
        let file = unit.stack.as_ref().or(unit.files.first()).context("a unit without files")?;
        self.remembered(tool, &fs::read(file)?, || {
            let (sidecar, out) = (self.home.join("sidecar.txt"), self.home.join("out.pdf"));
            let mut command = Command::new("ocrmypdf");
            command.env("OMP_THREAD_LIMIT", "1");
            command
                .args(["-q", "-j2", "--output-type", "pdf", "--image-dpi", "300", "--sidecar"])
                .arg(&sidecar);
            // Pages that carry text already are read like the others.
            command.arg("--force-ocr").args(options).arg(file).arg(&out);
            let _ = fs::remove_file(&sidecar);
            let spent = cost(command)?;
            let text = fs::read_to_string(&sidecar).unwrap_or_default();
            let mut texts: Vec<String> = text.split('\u{c}').map(str::to_owned).collect();
            texts.truncate(unit.files.len());
            texts.resize(unit.files.len(), String::new());
            Ok(Outcome { texts, cpu_s: spent.cpu_s, wall_s: spent.wall_s, peak_mb: spent.peak_mb })
        })
    }

    /// What this tool made of these bytes before, or now.
    fn remembered(
        &self,
        tool: Tool,
        bytes: &[u8],
        now: impl FnOnce() -> anyhow::Result<Outcome>,
    ) -> anyhow::Result<Outcome> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let place = self.cache.join(format!("{}-{:032x}.json", tool.short(), digest(bytes, &self.versions)));
        if !self.fresh
            && let Ok(kept) = fs::read(&place)
            && let Ok(kept) = serde_json::from_slice(&kept)
        {
            self.kept.fetch_add(1, Ordering::Relaxed);
            return Ok(kept);
        }
        let outcome = now()?;
        fs::write(&place, serde_json::to_vec(&outcome)?)?;
        Ok(outcome)
    }
}

/// FNV-1a, 128 bits: nobody attacks a cache of ours.
fn digest(bytes: &[u8], versions: &[String]) -> u128 {
    let start = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128;
    versions
        .iter()
        .flat_map(|version| version.bytes())
        .chain(bytes.iter().copied())
        .fold(start, |hash, byte| {
            (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
        })
}

/// Does it with all, so many at a time; the answers come in order.
pub(crate) fn at_a_time<T: Sync, A: Send>(
    things: &[T],
    workers: usize,
    work: impl Fn(&T) -> anyhow::Result<A> + Sync,
) -> anyhow::Result<Vec<A>> {
    let next = AtomicUsize::new(0);
    let answers: Mutex<Vec<Option<anyhow::Result<A>>>> = Mutex::new(things.iter().map(|_| None).collect());
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some((at, thing)) =
                    Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|at| Some((at, things.get(at)?)))
                {
                    let answer = work(thing);
                    answers.lock().expect("no worker panics with it").as_mut_slice()[at] = Some(answer);
                }
            });
        }
    });
    let answers = answers.into_inner().map_err(|_| anyhow!("a worker panicked"))?;
    answers.into_iter().map(|answer| answer.unwrap_or_else(|| Err(anyhow!("not done")))).collect()
}
