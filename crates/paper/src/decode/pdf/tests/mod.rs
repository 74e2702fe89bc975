//! What the tests of PDF share: a file from its objects, and the corpus.

use std::io::Write;
use std::path::PathBuf;

use super::{Original, open};
use crate::decode::{DecodedPage, Limits};
use records::reading::Fault;

mod corpus;
mod pictures;
mod words;

/// A file of these objects, numbered from 1; the first is the catalogue.
fn file(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut starts = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        starts.push(bytes.len());
        writeln!(bytes, "{} 0 obj", at + 1).unwrap();
        bytes.extend(object);
        bytes.extend(b"\nendobj\n");
    }
    let table = bytes.len();
    write!(bytes, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).unwrap();
    for start in starts {
        writeln!(bytes, "{start:010} 00000 n ").unwrap();
    }
    let size = objects.len() + 1;
    write!(bytes, "trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n").unwrap();
    bytes
}

fn stream(dict: &str, data: &[u8]) -> Vec<u8> {
    let mut object = format!("<<{dict}/Length {}>>\nstream\n", data.len()).into_bytes();
    object.extend(data);
    object.extend(b"\nendstream");
    object
}

/// A file of one page: `page` is the rest of its dictionary, `content` its operators. Objects from number 5 on are
/// the caller's; fonts are /F1 (Helvetica) and whatever `resources` adds.
fn page(page: &str, resources: &str, content: &str, rest: &[Vec<u8>]) -> Vec<u8> {
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        format!(
            "<</Type/Page/Parent 2 0 R{page}/Contents 4 0 R/Resources<</Font<</F1<</Type/Font/Subtype/Type1\
             /BaseFont/Helvetica/Encoding/WinAnsiEncoding>>>>{resources}>>>>"
        )
        .into_bytes(),
        stream("", content.as_bytes()),
    ];
    objects.extend_from_slice(rest);
    file(&objects)
}

fn opened(bytes: &[u8]) -> Result<Box<dyn Original>, Fault> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    std::io::Seek::rewind(&mut file).unwrap();
    open(file, &Limits::default())
}

fn first_page(bytes: &[u8]) -> DecodedPage {
    opened(bytes).unwrap().page(0).unwrap()
}

fn fault_of<T>(result: Result<T, Fault>) -> Fault {
    result.err().expect("a fault")
}

/// A folder of the corpus; `None`, said aloud, where it is absent and need not be there.
fn corpus() -> Option<PathBuf> {
    let root = std::env::var_os("CHARTROOM_CORPUS").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus")),
        PathBuf::from,
    );
    if root.is_dir() {
        return Some(root);
    }
    assert_ne!(std::env::var("CHARTROOM_CORPUS_REQUIRED").as_deref(), Ok("1"), "the corpus must be there");
    #[expect(clippy::print_stderr, reason = "a skipped test is to be seen")]
    {
        eprintln!("skipped: no corpus");
    }
    None
}
