//! Does any file break the reading of patient lists?

use std::path::Path;

use fuzz::{Target, run, seeds};

#[test]
fn no_file_breaks_the_reading_of_patient_lists() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut known = seeds(&home.join("../../sample-scans"), &["csv"], 40_000);
    known.push(
        b"mrn,family,given,birth_date,sex,deceased,updated_at\n7,Doe,Jane,19620315,F,no,2026-01-02\n"
            .to_vec(),
    );
    let target = Target {
        name: "patients",
        regressions: home.join("tests/regressions/patients"),
        seeds: known,
        words: WORDS,
        most: 40_000,
        feed: exchange::fuzz::patients,
    };
    run("no_file_breaks_the_reading_of_patient_lists", &[target]);
}

const WORDS: &[&[u8]] = &[
    b"mrn",
    b"family",
    b"given",
    b"birth_date",
    b"authority",
    b",",
    b"\"",
    b"\n",
    b"\r\n",
    b"\xEF\xBB\xBF",
    b"19620315",
    b"1962-03-15",
    b"-9999-01-01",
    b"9999-12-31",
    b"2026-01-02T03:04:05Z",
    b"F",
    b"yes",
    "\u{e9}".as_bytes(),
];
