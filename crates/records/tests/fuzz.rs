//! Does any code on paper break the reading of control sheets?

use std::path::Path;

use fuzz::{Target, run};

#[test]
fn no_code_breaks_the_reading_of_sheets() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let known = [
        "CS1|GENHOSP.k1|P|GENHOSP|00123456|-|LAB|20190402|2|-|20190402T101500Z|mpjtb9d5mpjtb9d5mpjt|7b56261d096ba28e",
        "CS1|GENHOSP.k1|S|-|-|-|-|-|-|-|20190402T101500Z|mpjtb9d5mpjtb9d5mpjt|0000000000000000",
        "00123456",
    ];
    let known = known.map(|text| text.as_bytes().to_vec()).to_vec();
    let target = Target {
        name: "sheet",
        regressions: home.join("tests/regressions/sheet"),
        seeds: known,
        words: WORDS,
        most: 2_000,
        feed: records::fuzz::sheet,
    };
    run("no_code_breaks_the_reading_of_sheets", &[target]);
}

const WORDS: &[&[u8]] = &[
    b"CS1|",
    b"|",
    b"-",
    b"20190402",
    b"20190402T101500Z",
    b"2",
    b"99999999999999999999",
    b"GENHOSP.k1",
    b"mpjtb9d5mpjtb9d5mpjt",
    "\u{e9}".as_bytes(),
    b".",
];
