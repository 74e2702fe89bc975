//! Does any text break the query language?

use std::path::Path;

use fuzz::{Target, run};

#[test]
fn no_text_breaks_the_query_language() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let known = [
        "metformin -aspirin \"chest x-ray\" patient:\"doe, jane\" dob:15.3.62 from:2019-04 to:2019 page:2",
        "a OR b OR NOT c type:lab station:er state:filed mrn:00123456 received:2026-01-02",
        "müller straße 12,5 mg/dl 3/4/19 HbA1c",
    ];
    let known = known.map(|text| text.as_bytes().to_vec()).to_vec();
    let target = Target {
        name: "query",
        regressions: home.join("tests/regressions/query"),
        seeds: known,
        words: WORDS,
        most: 4_000,
        feed: search::fuzz::query,
    };
    run("no_text_breaks_the_query_language", &[target]);
}

const WORDS: &[&[u8]] = &[
    b"OR",
    b"NOT",
    b"AND",
    b"\"",
    b"-",
    b"mrn:",
    b"patient:",
    b"dob:",
    b"from:",
    b"to:",
    b"type:",
    b"page:",
    b"state:held",
    b"received:",
    b"2019-06",
    b"99999999999999999999",
    b"*",
    b"~",
    b"(",
    "\u{e9}\u{301}".as_bytes(),
    "\u{feff}".as_bytes(),
    "\u{1f600}".as_bytes(),
];
