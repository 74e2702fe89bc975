//! Does any file break the reading of index files?

use std::path::Path;

use fuzz::{Target, run, seeds};

#[test]
fn no_file_breaks_the_reading_of_index_files() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut known = seeds(&home.join("../../sample-scans"), &["csv"], 20_000);
    known.push(b"page,file,sheets\n1,b.tif,1\n2,a.tif,2\n".to_vec());
    let target = Target {
        name: "manifest",
        regressions: home.join("tests/regressions/manifest"),
        seeds: known,
        words: WORDS,
        most: 20_000,
        feed: pipeline::fuzz::manifest,
    };
    run("no_file_breaks_the_reading_of_index_files", &[target]);
}

const WORDS: &[&[u8]] = &[
    b"file",
    b"sheets",
    b",",
    b"\"",
    b"\n",
    b"\r",
    b"\xEF\xBB\xBF",
    b"4294967295",
    b"-1",
    b"..",
    b"/",
    b"a.tif",
    "\u{e9}".as_bytes(),
];
