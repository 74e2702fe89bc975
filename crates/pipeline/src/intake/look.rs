//! What lies in a station folder right now?

use std::fs::Metadata;
use std::path::{Path, PathBuf};

use super::names;

/// One look at a folder. Names are kept as the system gives them; what is shown of them is lossy.
#[derive(Default)]
pub(crate) struct Look {
    /// Regular files, in natural order.
    pub(crate) files: Vec<Found>,
    /// Sub-folders that may be jobs.
    pub(crate) folders: Vec<PathBuf>,
    /// Names left where they are.
    pub(crate) ignored: Vec<String>,
    /// Names that cannot be taken, and why.
    pub(crate) refused: Vec<(String, &'static str)>,
}

pub(crate) struct Found {
    pub(crate) path: PathBuf,
    pub(crate) name: String,
    pub(crate) metadata: Metadata,
}

/// Reads one folder, not what is below it. A file that vanishes meanwhile is not there.
pub(crate) fn look(folder: &Path) -> std::io::Result<Look> {
    let mut look = Look::default();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name == names::CLAIMS || name == names::TAKEN {
            continue;
        }
        if names::is_ignored(&name) {
            look.ignored.push(name);
            continue;
        }
        // Of the entry itself: a symbolic link is seen as one and never followed.
        let Ok(metadata) = entry.metadata() else { continue };
        if metadata.is_dir() {
            look.folders.push(entry.path());
        } else if metadata.is_file() {
            look.files.push(Found { path: entry.path(), name, metadata });
        } else {
            look.refused.push((name, "not a regular file; copy the scan itself here"));
        }
    }
    look.files.sort_by(|a, b| names::natural_order(&a.name, &b.name));
    look.folders.sort();
    look.ignored.sort();
    Ok(look)
}
