//! Sides of sheets drawn for two questions a reader answers before it reads: which way up, and is it blank?
//!
//! The pages are written to a folder with a list of what is true of them; `cargo bench -p paper` answers, since
//! only that room looks at pixels and whole readings of so many pages would take half an hour.

mod backs;
mod blanks;
mod chance;
mod papers;
mod pen;
mod scraps;
mod upright;
mod words;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use image::{GrayImage, RgbImage};

use crate::program::{root, say};
use crate::samples::encode::{colour_jpeg, g4_tiff, grey_jpeg, png};

pub(crate) use blanks::run as blanks;
pub(crate) use upright::run as upright;

/// One side as a scanner delivers it.
struct Side {
    /// What it is, for the table of answers.
    kind: &'static str,
    scan: Scan,
}

/// Pictures with their resolution, dots per inch.
enum Scan {
    /// One bit a pixel; dark is ink.
    Bilevel(GrayImage, (u32, u32)),
    Grey(GrayImage, u32),
    Jpeg(GrayImage, u16, u8),
    Colour(RgbImage, u16, u8),
}

impl Side {
    fn written(&self, folder: &Path, name: &str) -> anyhow::Result<PathBuf> {
        let (ending, bytes) = match &self.scan {
            Scan::Bilevel(picture, dpi) => ("tif", g4_tiff(std::slice::from_ref(picture), *dpi)?),
            Scan::Grey(picture, dpi) => ("png", png(picture, *dpi)?),
            Scan::Jpeg(picture, dpi, quality) => ("jpg", grey_jpeg(picture, *dpi, *quality)?),
            Scan::Colour(picture, dpi, quality) => ("jpg", colour_jpeg(picture, *dpi, *quality)?),
        };
        let path = folder.join(format!("{name}.{ending}"));
        fs::write(&path, bytes)?;
        Ok(path)
    }
}

/// What a run was asked for: `--pages N --seed S`.
struct Asked {
    pages: usize,
    seed: u64,
}

impl Asked {
    fn from(rest: &[String], usual: usize) -> anyhow::Result<Self> {
        let mut asked = Self { pages: usual, seed: 1 };
        for pair in rest.chunks(2) {
            match pair {
                [flag, value] if flag == "--pages" => asked.pages = value.parse().context("--pages N")?,
                [flag, value] if flag == "--seed" => asked.seed = value.parse().context("--seed S")?,
                _ => bail!("[--pages N] [--seed S]"),
            }
        }
        Ok(asked)
    }
}

/// An empty folder under `target`.
fn fresh(name: &str) -> anyhow::Result<PathBuf> {
    let folder = root().join("target").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Writes the list and says where it is.
fn listed(folder: &Path, lines: &[String]) -> anyhow::Result<bool> {
    let list = folder.join("pages.tsv");
    fs::write(&list, lines.concat())?;
    say(format!("{} lines in {}", lines.len(), list.display()));
    Ok(true)
}
