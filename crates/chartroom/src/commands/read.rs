//! What stands on these pages? Reads without archiving: one JSON line a page.

use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;
use readers::{Answers, Job, LanguageSet, Priority, Readers};
use records::reading::{Fault, PageReading};

use super::{Outcome, PlaceArguments};
use crate::archive_door::start_readers;
use crate::config::Config;
use crate::show;

mod line;
mod pages;

use line::Line;
use pages::Selection;

#[derive(Args)]
pub(crate) struct ReadArguments {
    /// PDF, TIFF, JPEG and PNG files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Only these pages, from 1: "1,3-5", "7-"
    #[arg(long, value_name = "PAGES")]
    pages: Option<Selection>,
    /// Pages read at a time [default: as configured, else one per core]
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// Read in these, as Tesseract names them: "deu", "eng+deu" [default: as configured, else eng]
    #[arg(long, value_name = "NAMES")]
    languages: Option<String>,
}

/// Files on order for each reader: enough that none waits while one-page files are opened.
const AHEAD: usize = 4;

pub(crate) fn run(place: &PlaceArguments, arguments: &ReadArguments) -> anyhow::Result<Outcome> {
    let mut config = Config::load(place.config.as_deref())?;
    config.readers.jobs = arguments.jobs.unwrap_or(config.readers.jobs);
    config.readers.languages = arguments.languages.clone().unwrap_or(config.readers.languages);
    config.readers.other_languages.clear(); // no station scanned these
    let readers = start_readers(&config.readers)?;
    let ahead = AHEAD * readers.jobs();
    let mut files = arguments.files.iter();
    let mut ordered: VecDeque<Ordered<'_>> = VecDeque::new();
    let mut good = true;
    loop {
        while ordered.len() < ahead
            && let Some(path) = files.next()
        {
            ordered.push_back(order(&readers, path, arguments.pages.as_ref()));
        }
        let Some(next) = ordered.pop_front() else { break };
        good &= next.print(&readers)?;
    }
    Ok(Outcome::good_if(good))
}

/// One file whose pages are being read.
struct Ordered<'a> {
    path: &'a Path,
    /// Or why there are none, in words.
    pages: Result<Pages, String>,
}

struct Pages {
    /// From 0, in order.
    wanted: Vec<u32>,
    /// Asked for by number, but the file ends before (from 0).
    beyond: Vec<u32>,
    of: u32,
    damage: Option<Fault>,
    answers: Answers,
}

fn order<'a>(readers: &Readers, path: &'a Path, selection: Option<&Selection>) -> Ordered<'a> {
    let pages = open(path).and_then(|file| {
        let survey = readers.survey(&file).map_err(|fault| fault.to_string())?;
        let (wanted, beyond) = match selection {
            Some(selection) => selection.of(survey.pages),
            None => ((0..survey.pages).collect(), Vec::new()),
        };
        // One share for all: files are printed in order, so the first is wanted first.
        let job = Job {
            original: Arc::new(file),
            pages: wanted.clone(),
            priority: Priority::Normal,
            share: 0,
            languages: LanguageSet::default(),
        };
        Ok(Pages { wanted, beyond, of: survey.pages, damage: survey.damage, answers: readers.read(job) })
    });
    Ordered { path, pages }
}

/// Only files: opening a pipe would wait for its writer.
fn open(path: &Path) -> Result<File, String> {
    let cannot = |error: std::io::Error| format!("the file cannot be opened: {error}");
    if !std::fs::metadata(path).map_err(cannot)?.is_file() {
        return Err("not a file; name the files to be read one by one".into());
    }
    File::open(path).map_err(cannot)
}

impl Ordered<'_> {
    /// Prints the file's lines as soon as their turn has come. `false`: something could not be read.
    fn print(self, readers: &Readers) -> anyhow::Result<bool> {
        let file = self.path.to_string_lossy();
        let version = readers.version();
        let pages = match self.pages {
            Ok(pages) => pages,
            Err(why) => {
                print(&Line::failed(&file, 0, why, &version))?;
                return Ok(false);
            }
        };
        let mut good = true;
        let mut early: BTreeMap<u32, PageReading> = BTreeMap::new();
        for page in pages.wanted {
            let reading = loop {
                if let Some(reading) = early.remove(&page) {
                    break reading;
                }
                // Pictures are let go at once.
                let outcome = pages.answers.recv().context("the readers ended before all pages were read")?;
                early.insert(outcome.page, outcome.reading);
            };
            good &= reading.error.is_none();
            print(&Line::of(&file, page + 1, &reading))?;
        }
        for page in pages.beyond {
            let why = format!("there is no page {}; the last is {}", page + 1, pages.of);
            print(&Line::failed(&file, page + 1, why, &version))?;
            good = false;
        }
        if let Some(damage) = pages.damage {
            show::note(format!("{file}: {damage}"));
            good = false;
        }
        Ok(good)
    }
}

/// One line, at once: whoever reads it works on it while the next page is read.
fn print(line: &Line<'_>) -> anyhow::Result<()> {
    let mut text = serde_json::to_vec(line)?;
    text.push(b'\n');
    let mut out = std::io::stdout().lock();
    out.write_all(&text).and_then(|()| out.flush()).context("cannot write to standard output")
}
