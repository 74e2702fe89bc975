//! Which real pages have a truth to compare with? Pages of other projects' tests: see `truth/README.md`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;
use image::{GenericImageView as _, Rgb, RgbImage};

use super::tools::Unit;
use super::trial::{Trial, Trialled};
use crate::program::corpus;

enum Truth {
    /// A text file of the corpus, with what it has wrong and what the page says there.
    Theirs(&'static str, &'static [(&'static str, &'static str)]),
    /// Written down by us, word for word, from the picture.
    Ours(&'static str),
}
use Truth::{Ours, Theirs};

macro_rules! insurance {
    () => {
        "aws-idp/workshops/industry/insurance/dataset/document_samples/"
    };
}
macro_rules! receipts {
    () => {
        "papermerge/papermerge/core/features/document/tests/resources/three-pages.pdf"
    };
}

/// File in the corpus, what it shows, what kind of page it is. A number after `#` is that page, as a picture.
const PAGES: &[(&str, Truth, &str)] = &[
    ("tesseract-test/testing/phototest.tif", PHOTOTEST, "prose"),
    ("tesseract-test/testing/phototest-rotated-180.png", PHOTOTEST, "crooked"),
    ("tesseract-test/testing/phototest-rotated-L.png", PHOTOTEST, "crooked"),
    ("tesseract-test/testing/phototest-rotated-R.png", PHOTOTEST, "crooked"),
    ("tesseract-test/testing/eurotext.tif", Theirs("tesseract-test/testing/eurotext.txt", &[]), "prose"),
    ("tesseract-test/testing/8071_093.3B.tif", MAGAZINE, "columns"),
    ("tesseract-test/testing/deslant.tif", Ours("test\ndeslant\ncorrection\n"), "prose"),
    ("ocrmypdf/tests/resources/linn.png", LINN, "columns"),
    ("ocrmypdf/tests/resources/linn.pdf", LINN, "columns"),
    ("ocrmypdf/tests/resources/ccitt.pdf", LINN, "columns"),
    ("ocrmypdf/tests/resources/jbig2.pdf", LINN, "columns"),
    ("ocrmypdf/tests/resources/skew.pdf", LINN, "crooked"),
    ("ocrmypdf/tests/resources/rotated_skew.pdf", LINN, "crooked"),
    ("ocrmypdf/tests/resources/epson.pdf", Ours(include_str!("truth/epson.txt")), "prose"),
    ("ocrmypdf/tests/resources/graph.pdf", Ours(include_str!("truth/graph.txt")), "forms"),
    ("ocrmypdf/tests/resources/3small.pdf#3", Ours(include_str!("truth/recipe.txt")), "prose"),
    (concat!(insurance!(), "dr-note-sample.png"), Ours(include_str!("truth/dr-note.txt")), "crooked"),
    (concat!(insurance!(), "dr-note-sample.jpg"), Ours(include_str!("truth/dr-note.txt")), "crooked"),
    (concat!(insurance!(), "insurance_card.png"), Ours(include_str!("truth/insurance-card.txt")), "forms"),
    (concat!(insurance!(), "CMS1500.png"), Ours(include_str!("truth/cms1500.txt")), "forms"),
    (BENEFITS, Ours(include_str!("truth/benefits.txt")), "forms"),
    ("aws-idp/workshops/a2idata/990-sample-page-1.jpg", Ours(include_str!("truth/form-990.txt")), "forms"),
    (concat!(receipts!(), "#1"), Ours(include_str!("truth/receipt-1.txt")), "forms"),
    (concat!(receipts!(), "#2"), Ours(include_str!("truth/receipt-2.txt")), "forms"),
    (concat!(receipts!(), "#3"), Ours(include_str!("truth/receipt-3.txt")), "forms"),
    (TITLE_PAGE, Ours(include_str!("truth/title-page.txt")), "prose"),
];
const BENEFITS: &str =
    "aws-idp/workshops/industry/public-sector/sample-files/Benefit_Application_Form_John_Doe.png";
const TITLE_PAGE: &str = "mayan/mayan/apps/documents/tests/contrib/sample_documents/title_page.png";
const PHOTOTEST: Truth = Theirs("tesseract-test/testing/phototest.gold.txt", &[]);
/// A double page with a photograph.
const MAGAZINE: Truth = Theirs(
    "tesseract-test/testing/8071_093.3B.txt",
    &[("~~ ", ""), ("theme-~", "theme-"), ("PHOTO: ~ PAUL", "PHOTO: © PAUL")],
);
/// Their text is a machine's own: bullets were read as noughts.
const LINN: Truth = Theirs(
    "ocrmypdf/tests/resources/linn.txt",
    &[
        ("\n0 ", "\n• "),
        ("synthesizers !", "synthesizers!"),
        ("3 1/2 ”", "3½\""),
        ("adjusted 0r", "adjusted or"),
        ("ﬁrst‘track", "first track"),
        ("INSERT/ COPY", "INSERT/COPY"),
        ("FOOTSWIT CH", "FOOTSWITCH"),
        ("PLAY/ STOP", "PLAY/STOP"),
        ("8 MHZ", "8 MHz"),
        ("sequence-—", "sequence-"),
        ("EDI]", "Linn"),
    ],
);

/// Copied into a folder, so that tools may write beside them: a unit each.
pub(crate) fn gather(home: &Path, only: &[String]) -> anyhow::Result<Vec<Trial>> {
    let folder = home.join("real");
    fs::create_dir_all(&folder)?;
    let mut trials = Vec::new();
    for (file, truth, kind) in PAGES {
        if !only.is_empty() && !only.iter().any(|only| only == "real" || only == kind) {
            continue;
        }
        let path = copied(file, &folder)?;
        let truth = match truth {
            Theirs(text, wrong) => {
                let bytes = fs::read(corpus().join(text)).with_context(|| format!("cannot read {text}"))?;
                let text = String::from_utf8_lossy(&bytes).into_owned();
                wrong.iter().fold(text, |text, (wrong, right)| text.replace(wrong, right))
            }
            Ours(text) => (*text).to_owned(),
        };
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let page = Trialled { name: name.clone(), damage: None, kind, turned: false, truth };
        trials.push(Trial { unit: Unit { name, files: vec![path], stack: None }, pages: vec![page] });
    }
    Ok(trials)
}

/// A picture with transparency lies on white, since not all tools take one.
fn copied(file: &str, folder: &Path) -> anyhow::Result<PathBuf> {
    if let Some((pdf, page)) = file.split_once('#') {
        let stem = Path::new(pdf).file_stem().unwrap_or_default().to_string_lossy();
        let to = folder.join(format!("{stem}-{page}"));
        let mut render = Command::new("pdftoppm");
        render
            .args(["-r", "200", "-png", "-singlefile", "-f", page, "-l", page])
            .arg(corpus().join(pdf))
            .arg(&to);
        anyhow::ensure!(render.status().context("pdftoppm is not installed")?.success(), "pdftoppm: {pdf}");
        return Ok(to.with_extension("png"));
    }
    let from = corpus().join(file);
    let bytes = fs::read(&from).with_context(|| format!("cannot read {}", from.display()))?;
    let to = folder.join(from.file_name().unwrap_or_default());
    let transparent = bytes.starts_with(b"\x89PNG").then(|| image::load_from_memory(&bytes)).transpose()?;
    let Some(transparent) = transparent.filter(|picture| picture.color().has_alpha()) else {
        fs::write(&to, bytes)?;
        return Ok(to);
    };
    let flat = RgbImage::from_fn(transparent.width(), transparent.height(), |x, y| {
        let [r, g, b, cover] = transparent.get_pixel(x, y).0;
        Rgb([r, g, b].map(|ink| 255 - ((255 - u32::from(ink)) * u32::from(cover) / 255) as u8))
    });
    // Some are not what they are called.
    let to = if to.extension().is_some_and(|extension| extension == "png") {
        to
    } else {
        to.with_extension("jpg.png")
    };
    flat.save(&to)?;
    Ok(to)
}
