//! What is read on the pages? By the program itself, file by file as scanners write them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use records::geometry::Rect;
use records::reading::{Fault, FaultCode, PageReading, ReaderVersion, TextSource, Word};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::pages::Source;
use crate::dice::Dice;
use crate::program::{Program, root};
use crate::reading::damage::Damage;
use crate::reading::files::{File, file};
use crate::reading::page::scanned;
use crate::reading::texts::Texts;
use crate::reading::tools::at_a_time;

/// What was read on each page after its damage, and how many of these readings were kept from before.
pub(super) fn read(
    home: &Path,
    sources: &[Source],
    damages: &[&[Damage]],
    texts: &Texts,
) -> anyhow::Result<(Vec<PageReading>, usize)> {
    fs::create_dir_all(home)?;
    fs::write(home.join("chartroom.toml"), "")?;
    let program = Program::at(home)?;
    let numbered: Vec<(usize, &Source)> = sources.iter().enumerate().collect();
    let files = at_a_time(&numbered, 2, |(at, source)| {
        let dice = &mut Dice::new(source.seed() ^ 0xDA3A_6E00);
        let damages = damages[at % damages.len()];
        let page = scanned(format!("{at:04}"), source.sheet(texts), (source.kind, damages), 0, texts, dice)?;
        let File { extension, bytes, .. } = file(&page, dice)?;
        let path = home.join(format!("{at:04}.{extension}"));
        fs::write(&path, &bytes)?;
        Ok((path, format!("{:x}", Sha256::digest(&bytes))))
    })?;
    let cache = root().join("target/search-cache");
    fs::create_dir_all(&cache)?;
    // The first is read anew each time: it tells which reader this is, and only its own readings are kept.
    let first = lines(&program, &files[..1.min(files.len())])?;
    let version = first.first().map(|reading| reading.reader.0.replace(|c: char| !c.is_alphanumeric(), "-"));
    let version = version.unwrap_or_default();
    let kept = |digest: &str| cache.join(format!("{version}-{}.json", &digest[..32]));
    let before = |digest: &str| serde_json::from_slice(&fs::read(kept(digest)).ok()?).ok();
    let mut readings: Vec<Option<PageReading>> = files.iter().map(|(_, digest)| before(digest)).collect();
    let unread: Vec<usize> = (0..files.len()).filter(|at| readings[*at].is_none()).collect();
    let known = files.len() - unread.len();
    for some in unread.chunks(16) {
        let wanted: Vec<_> = some.iter().map(|at| files[*at].clone()).collect();
        for (at, reading) in some.iter().zip(lines(&program, &wanted)?) {
            fs::write(kept(&files[*at].1), serde_json::to_vec(&reading)?)?;
            readings[*at] = Some(reading);
        }
    }
    Ok((readings.into_iter().flatten().collect(), known))
}

fn lines(program: &Program, files: &[(PathBuf, String)]) -> anyhow::Result<Vec<PageReading>> {
    let mut command = program.command(&["read", "--jobs", "2"]);
    command.args(files.iter().map(|(path, _)| path));
    let out = command.output().context("cannot start chartroom")?;
    let text = String::from_utf8(out.stdout)?;
    let readings: Vec<PageReading> = text.lines().map(reading).collect::<Result<_, _>>()?;
    anyhow::ensure!(readings.len() == files.len(), "a page was read twice, or not at all");
    Ok(readings)
}

/// A line of `chartroom read`: a reading, without what only the line needs of its symbols and faults.
fn reading(line: &str) -> anyhow::Result<PageReading> {
    let mut value: Value = serde_json::from_str(line).context("chartroom read: not JSON")?;
    value["barcodes"] = Value::Array(Vec::new());
    value["error"] = Value::Null;
    serde_json::from_value(value).context("chartroom read: not a reading")
}

/// What somebody would read who misses nothing.
pub(super) fn perfect(source: &Source) -> PageReading {
    // Points to pixels at 300 dpi.
    let pixels = |points: f32| (points * 300.0 / 72.0).max(0.0) as u32;
    let words = source.lines.iter().zip(0..).flat_map(|(line, number)| {
        line.iter().map(move |word| {
            let [(left, top), _, (right, bottom), _] = word.corners;
            let (x, y) = (pixels(left), pixels(top));
            let place = Rect { x, y, w: pixels(right) - x, h: pixels(bottom) - y };
            Word::new(word.text.clone(), place, 99.0, number)
        })
    });
    PageReading {
        width: 2550,
        height: 3300,
        dpi: [300, 300],
        confidence: 99.0,
        words: words.collect(),
        source: TextSource::Ocr,
        error: None,
        ..PageReading::unreadable(Fault::new(FaultCode::Empty, "-"), ReaderVersion("perfect".into()))
    }
}
