//! Scans that look like what hospitals scan, drawn the same on every machine.
//!
//! Each sample is a file (or a job folder) in the folder of the station it is scanned at, with an
//! `.expected.json` beside it and a line in `README.md`.

pub(crate) mod damage;
pub(crate) mod draw;
pub(crate) mod encode;
mod expected;
mod forms;
mod list;
mod people;
mod sheets;

use std::fs;
use std::path::Path;

use anyhow::Context as _;

use expected::Expected;
use records::judge::IssuedSheet;

pub(crate) use people::{FAMILIES, GIVEN};
pub(crate) use sheets::{demo_key, demo_sheet};

/// One sample, ready to be written.
struct Sample {
    station: &'static str,
    name: &'static str,
    /// One line for a reader: what it looks like and what should happen.
    about: &'static str,
    content: Content,
    expected: Expected,
    issued: Vec<IssuedSheet>,
}

enum Content {
    File(Vec<u8>),
    /// A job folder: its files by name.
    Folder(Vec<(String, Vec<u8>)>),
}

/// Writes all samples and what belongs to them.
pub(crate) fn write(out: &Path) -> anyhow::Result<bool> {
    let samples = list::all()?;
    let mut register = Vec::new();
    let readme = fs::read_to_string(out.join("README.md")).unwrap_or_default();
    for sample in &samples {
        let station = out.join(sample.station);
        let place = station.join(sample.name);
        fs::create_dir_all(&station)?;
        match &sample.content {
            Content::File(bytes) => fs::write(&place, bytes)?,
            Content::Folder(files) => {
                fs::create_dir_all(&place)?;
                for (name, bytes) in files {
                    fs::write(place.join(name), bytes)?;
                }
            }
        }
        let expected = serde_json::to_string_pretty(&sample.expected.json())? + "\n";
        fs::write(station.join(format!("{}.expected.json", sample.name)), expected)?;
        register.extend(&sample.issued);
        crate::program::say(format!("{}/{}", sample.station, sample.name));
    }
    fs::write(out.join("patients.csv"), people::csv())?;
    fs::write(out.join("sheets.json"), serde_json::to_string_pretty(&register)? + "\n")?;
    let key = sheets::demo_key();
    let keys = format!(
        "# For the sample scans only: anybody can read it. A site's own key is made in its data directory.\n\
         [[key]]\nsite = \"{}\"\nid = \"{}\"\nsecret = \"{}\"\n",
        key.site, key.id, key.secret
    );
    fs::write(out.join("sheet-keys.toml"), keys)?;
    let table = samples
        .iter()
        .fold(String::from("| Scan | What it is, and what becomes of it |\n|---|---|\n"), |all, sample| {
            all + &format!("| `{}/{}` | {} |\n", sample.station, sample.name, sample.about)
        });
    let (before, after) = split_readme(&readme).context("sample-scans/README.md has lost its marks")?;
    fs::write(out.join("README.md"), format!("{before}{table}{after}"))?;
    Ok(true)
}

/// The table stands between two marks.
fn split_readme(readme: &str) -> Option<(String, String)> {
    const MARK: &str = "<!-- scans -->\n";
    let first = readme.find(MARK)? + MARK.len();
    let second = first + readme[first..].find(MARK)?;
    Some((readme[..first].to_owned(), readme[second..].to_owned()))
}

/// A page of prose, for measuring.
pub(crate) fn page_of_prose() -> anyhow::Result<image::GrayImage> {
    let people = people::everybody();
    let note = forms::note("PROGRESS NOTE", &people[0], "03/02/2026", forms::PNEUMONIA);
    Ok(damage::grey(&note.scan(200.0)?))
}

/// The same page so many times in one file.
pub(crate) fn many_pages_tiff(page: &image::GrayImage, pages: usize) -> anyhow::Result<Vec<u8>> {
    encode::g4_tiff(&vec![page.clone(); pages], (200, 200))
}
