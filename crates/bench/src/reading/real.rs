//! Which real pages have a truth to compare with? Pages of other projects' tests: see `truth/README.md`.

use std::fs;
use std::path::Path;

use anyhow::Context as _;

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

/// File in the corpus, what it shows, what kind of page it is.
const PAGES: &[(&str, Truth, &str)] = &[
    ("tesseract-test/testing/phototest.tif", PHOTOTEST, "prose"),
    ("tesseract-test/testing/phototest-rotated-180.png", PHOTOTEST, "turned"),
    ("tesseract-test/testing/phototest-rotated-L.png", PHOTOTEST, "turned"),
    ("tesseract-test/testing/phototest-rotated-R.png", PHOTOTEST, "turned"),
    ("tesseract-test/testing/eurotext.tif", Theirs("tesseract-test/testing/eurotext.txt", &[]), "prose"),
    ("tesseract-test/testing/8071_093.3B.tif", MAGAZINE, "columns"),
    ("tesseract-test/testing/deslant.tif", Ours("test\ndeslant\ncorrection\n"), "prose"),
    ("ocrmypdf/tests/resources/linn.png", LINN, "columns"),
    ("ocrmypdf/tests/resources/linn.pdf", LINN, "columns"),
    ("ocrmypdf/tests/resources/ccitt.pdf", LINN, "columns"),
    ("ocrmypdf/tests/resources/skew.pdf", LINN, "skewed"),
    ("ocrmypdf/tests/resources/rotated_skew.pdf", LINN, "skewed"),
];
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
        let from = corpus().join(file);
        let name = from.file_name().context("a file without a name")?.to_owned();
        let path = folder.join(&name);
        let bytes = fs::read(&from).with_context(|| format!("cannot read {}", from.display()))?;
        fs::write(&path, bytes)?;
        let truth = match truth {
            Theirs(text, wrong) => {
                let bytes = fs::read(corpus().join(text)).with_context(|| format!("cannot read {text}"))?;
                let text = String::from_utf8_lossy(&bytes).into_owned();
                wrong.iter().fold(text, |text, (wrong, right)| text.replace(wrong, right))
            }
            Ours(text) => (*text).to_owned(),
        };
        let name = name.to_string_lossy().into_owned();
        let page = Trialled { name: name.clone(), damage: None, kind, turned: false, truth };
        trials.push(Trial { unit: Unit { name, files: vec![path], stack: None }, pages: vec![page] });
    }
    Ok(trials)
}
