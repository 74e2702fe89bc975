//! Does every kind of original become the page that was put in, and is nothing lost silently?

use std::fs::File;
use std::io::Write;

use paper::decode::{DecodedPage, Limits, Original, open};
use records::reading::Fault;

mod corpus;
mod cut;
mod hostile;
mod pictures;
mod scan;
mod tiffs;

/// A file with these bytes, opened.
fn opened(bytes: &[u8]) -> Result<Box<dyn Original>, Fault> {
    open(file(bytes), &Limits::default())
}

fn file(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().expect("a temporary file");
    file.write_all(bytes).expect("room for it");
    file
}

/// The first page of a file that is whole.
fn page(bytes: &[u8]) -> DecodedPage {
    let mut original = opened(bytes).expect("an original");
    assert_eq!(original.survey().damage, None);
    let page = original.page(0).expect("a page");
    assert_eq!(page.damage, None);
    page
}
