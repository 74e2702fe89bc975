//! How soon are tables of codes loaded, and what does it cost to look for codes on a page?
//!
//! Files as large as the published ones, made up; or the published ones themselves, from a folder.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use records::codes::{CodeTables, Descriptions, Release, mentions};
use records::geometry::{Rect, Turn};
use records::reading::{PageReading, Quality, ReaderVersion, TextSource, Word};

use crate::dice::Dice;
use crate::program::say;

/// Codes in a release of ICD-10-CM, with its headers.
const CODES: usize = 98_000;
/// Times that each thing is done; the median is told.
const TIMES: usize = 9;

pub(crate) fn run(rest: &[String]) -> anyhow::Result<bool> {
    let files = match rest {
        [] => vec![(Release::of("icd10cm-order-2026.txt")?, made_up())],
        [flag, folder] if flag == "--folder" => published(Path::new(folder))?,
        _ => bail!("codes [--folder DIR]"),
    };
    let all = || files.iter().map(|(release, text)| (release.clone(), text.as_str())).collect();
    let tables = CodeTables::of(all()).map_err(|problems| anyhow::anyhow!("{}", problems[0]))?;
    let texts = Descriptions::of(files.iter().map(|(release, text)| (release, text.as_str())))?;
    let bytes: usize = files.iter().map(|(_, text)| text.len()).sum();
    say(format!("{} files, {:.1} MB", files.len(), bytes as f64 / 1e6));
    told("all tables", median(|| drop(CodeTables::of(all()))));
    told("their fingerprint", median(|| drop(tables.fingerprint())));
    let texts_of = || Descriptions::of(files.iter().map(|(release, text)| (release, text.as_str())));
    told("what codes stand for", median(|| drop(texts_of())));
    let words: Vec<Vec<String>> = ["type", "2", "diabetes", "with", "chronic", "kidney", "disease"]
        .map(|word| vec![word.into()])
        .into();
    told("the codes of seven words", median(|| drop(texts.named(&words))));
    for (what, every) in [("a page of prose", 0), ("a page of codes", 4)] {
        let page = page(every);
        told(what, median(|| drop(mentions(&page, None, &tables))));
    }
    Ok(true)
}

fn told(what: &str, took: Duration) {
    say(format!("{what:<26} {:>9.3} ms", took.as_secs_f64() * 1e3));
}

fn median(act: impl Fn()) -> Duration {
    let mut all: Vec<Duration> = (0..TIMES)
        .map(|_| {
            let began = Instant::now();
            act();
            began.elapsed()
        })
        .collect();
    all.sort();
    all[TIMES / 2]
}

fn published(folder: &Path) -> anyhow::Result<Vec<(Release, String)>> {
    let mut files = Vec::new();
    for file in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = file?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if let Ok(release) = Release::of(&name) {
            files.push((release, String::from_utf8_lossy(&fs::read(&path)?).into_owned()));
        }
    }
    Ok(files)
}

/// An order file with texts as long as the published ones.
fn made_up() -> String {
    const WORDS: [&str; 16] = [
        "type",
        "2",
        "diabetes",
        "mellitus",
        "with",
        "chronic",
        "kidney",
        "disease",
        "unspecified",
        "fracture",
        "of",
        "left",
        "femur",
        "initial",
        "encounter",
        "for",
    ];
    let mut dice = Dice::new(1);
    let mut text = String::new();
    for at in 0..CODES {
        let code =
            format!("{}{:02}{:03}", char::from(b'A' + (at / 4_000) as u8), at / 40 % 100, at % 40 + 100);
        let words: Vec<&str> = (0..9).map(|_| *dice.pick(&WORDS)).collect();
        let words = words.join(" ");
        text += &format!(
            "{:05} {code:<7} 1 {:<60} {words}\n",
            at + 1,
            words.chars().take(60).collect::<String>()
        );
    }
    text
}

/// 400 words; every so many of them a code, and one in eight a number.
fn page(every: usize) -> PageReading {
    let word = |at: usize| match at {
        _ if every > 0 && at.is_multiple_of(every) => format!("A{:02}.{}", at % 100, 100 + at % 40),
        _ if at.is_multiple_of(8) => format!("{}", 100 + at),
        _ if at % 50 == 1 => "Diagnosis:".into(),
        _ => "patient".into(),
    };
    let words = (0..400).map(|at| {
        let place = Rect { x: 200 * (at as u32 % 10), y: 60 * (at as u32 / 10), w: 150, h: 40 };
        Word::new(word(at), place, 95.0, at as u32 / 10)
    });
    let reader = ReaderVersion("made up".into());
    PageReading {
        width: 2550,
        height: 3300,
        dpi: [300, 300],
        words: words.collect(),
        source: TextSource::Ocr,
        turn: Turn::None,
        quality: Quality::default(),
        error: None,
        ..PageReading::unreadable(
            records::reading::Fault::new(records::reading::FaultCode::Empty, ""),
            reader,
        )
    }
}
