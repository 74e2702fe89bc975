//! Where are the pages that others collected?

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};

use paper::decode::{DecodedPage, Limits, open};
use paper::page::{Pictures, Reader, Settings};
use records::reading::PageReading;

/// A file of the corpus, or `None` where there is no corpus and none must be.
pub(crate) fn file(name: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let folder = std::env::var_os("CHARTROOM_CORPUS").map_or(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder.join(name));
    }
    let required = std::env::var_os("CHARTROOM_CORPUS_REQUIRED").is_some_and(|value| value == "1");
    assert!(!required, "the corpus must be there: set CHARTROOM_CORPUS");
    report("skipped: no corpus beside the repository; set CHARTROOM_CORPUS");
    None
}

#[expect(clippy::print_stdout, reason = "a skipped test says so")]
fn report(words: &str) {
    println!("{words}");
}

/// First page of a file of the corpus.
pub(crate) fn page(name: &str) -> Option<DecodedPage> {
    let file = File::open(file(name)?).expect("the corpus has it");
    Some(open(file, &Limits::default()).expect("a scan").page(0).expect("a page"))
}

/// Read by the one engine of this test run.
pub(crate) fn read(page: DecodedPage) -> (PageReading, Pictures) {
    static READER: OnceLock<Mutex<Reader>> = OnceLock::new();
    let reader =
        READER.get_or_init(|| Mutex::new(Reader::new(&Settings::default()).expect("an English model")));
    reader.lock().expect("no test panics while it reads").read(page)
}
