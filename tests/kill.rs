//! The plug may be pulled at any moment.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod harness;

use std::path::PathBuf;
use std::time::Duration;

use harness::{Chartroom, sample};
use serde_json::Value;

/// Samples of several kinds: a stack of two patients, loose sheets, a fax.
fn scans() -> Vec<PathBuf> {
    ["cover-sheets", "faxes", "registration-desk"].iter().map(|station| sample(station)).collect()
}

/// What an archive holds, without times.
fn holdings(room: &Chartroom) -> (Vec<String>, Vec<String>, Value) {
    let line = |thing: &Value, id: &str, more: &str| {
        format!("{} {} {} {}", thing[id], thing["batch"], thing["pages"], thing[more])
    };
    let mut documents: Vec<String> =
        room.documents().iter().map(|d| line(d, "document", "patient")).collect();
    let mut exceptions: Vec<String> = room.worklist().iter().map(|x| line(x, "id", "reasons")).collect();
    documents.sort();
    exceptions.sort();
    (documents, exceptions, room.verified())
}

#[test]
fn a_killed_import_ends_with_the_same_documents_ids_and_pages() {
    let undisturbed = Chartroom::with_samples();
    let paths = scans();
    undisturbed.import(&paths.iter().map(PathBuf::as_path).collect::<Vec<_>>());
    let expected = holdings(&undisturbed);
    assert!(!expected.0.is_empty() && !expected.1.is_empty());

    let killed = Chartroom::with_samples();
    let mut arguments = vec!["import", "--json"];
    arguments.extend(paths.iter().map(|path| path.to_str().unwrap()));
    for after in [300, 1500, 4000] {
        let line = killed.start(&arguments);
        std::thread::sleep(Duration::from_millis(after));
        line.kill();
    }
    killed.json(&arguments);
    assert_eq!(holdings(&killed), expected);
}
