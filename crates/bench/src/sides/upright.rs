//! Pages the right way up, and the same turned: more than half stay as they are and must not be turned.

use std::path::{Path, PathBuf};

use super::{Asked, fresh, listed, papers};
use crate::program::root;

/// Real scans with print on them, and by how many degrees clockwise each is turned as it lies there.
const REAL: [(&str, u32); 17] = [
    ("tesseract-test/testing/phototest.tif", 0),
    ("tesseract-test/testing/phototest-rotated-180.png", 180),
    ("tesseract-test/testing/phototest-rotated-L.png", 270),
    ("tesseract-test/testing/phototest-rotated-R.png", 90),
    ("tesseract-test/testing/eurotext.tif", 0),
    ("tesseract-test/testing/8071_093.3B.tif", 0),
    ("tesseract-test/testing/deslant.tif", 0),
    ("tesseract-test/testing/phototestrot.tif", 270),
    ("ocrmypdf/tests/resources/linn.png", 0),
    ("ocrmypdf/tests/resources/crom.png", 0),
    ("ocrmypdf/tests/resources/baiona.png", 0),
    ("ocrmypdf/tests/resources/ccitt.pdf", 0),
    ("ocrmypdf/tests/resources/epson.pdf", 0),
    ("ocrmypdf/tests/resources/graph.pdf", 0),
    ("ocrmypdf/tests/resources/jbig2.pdf", 0),
    ("ocrmypdf/tests/resources/skew.pdf", 0),
    ("ocrmypdf/tests/resources/aspect.pdf", 0),
];

/// Writes `--pages` pages (520) and lists them upright, four fifths of those with print also turned.
pub(crate) fn run(rest: &[String]) -> anyhow::Result<bool> {
    let asked = Asked::from(rest, 520)?;
    let folder = fresh("bench-upright")?;
    let mut lines = Vec::new();
    for number in 0..asked.pages {
        let (side, print) = papers::page(asked.seed, number)?;
        let path = side.written(&folder, &format!("{number:04}"))?;
        lines.push(line(&path, side.kind, 0, 0));
        if print && number % 5 != 4 {
            lines.push(line(&path, side.kind, 0, [90, 180, 270][(number / papers::KINDS) % 3]));
        }
    }
    let corpus = std::env::var_os("CHARTROOM_CORPUS").map_or(root().join("../shared/corpus"), PathBuf::from);
    for (name, lies) in REAL {
        let path = corpus.join(name);
        if path.exists() {
            lines.extend([0, 90, 180, 270].map(|turned| line(&path, "real scan", lies, turned)));
        }
    }
    listed(&folder, &lines)
}

/// File, kind, how it lies, and how the bench is to turn it before it asks.
fn line(path: &Path, kind: &str, lies: u32, turned: u32) -> String {
    format!("{}\t{kind}\t{lies}\t{turned}\n", path.display())
}
