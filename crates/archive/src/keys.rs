//! Where are the keys that sign control sheets, and who may read them?
//!
//! In `keys/sheets.toml`, readable by the owner only, made once. Whoever loses it loses every printed sheet: it
//! belongs into every backup.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use records::sheet::SheetKey;
use serde::{Deserialize, Serialize};

use crate::error::{ArchiveError, Result};
use crate::vault::sync_folder;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    /// Newest first.
    key: Vec<SheetKey>,
}

/// The keys under a folder, newest first; the first is made where there is none.
pub(crate) fn load_or_make(folder: &Path, site: &str) -> Result<Vec<SheetKey>> {
    let path = folder.join("sheets.toml");
    if !path.exists() {
        make(folder, &path, site)?;
    }
    let text = fs::read_to_string(&path).map_err(ArchiveError::io("read keys/sheets.toml"))?;
    let file: KeyFile = toml::from_str(&text)
        .map_err(|_| ArchiveError::damaged("keys/sheets.toml; it cannot be read as keys"))?;
    Ok(file.key)
}

/// Written whole beside it and then linked in place: of two that make it at once, one wins and both read that.
fn make(folder: &Path, path: &Path, site: &str) -> Result<()> {
    let secret =
        [uuid::Uuid::new_v4(), uuid::Uuid::new_v4()].map(|random| random.simple().to_string()).concat();
    let file = KeyFile { key: vec![SheetKey { site: site.to_owned(), id: "1".into(), secret }] };
    let text = toml::to_string(&file).map_err(|_| ArchiveError::damaged("the new keys"))?;
    let temporary = folder.join(format!("{}.new", uuid::Uuid::new_v4().simple()));
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&temporary)
        .and_then(|mut new| new.write_all(text.as_bytes()).and_then(|()| new.sync_all()))
        .and_then(|()| match fs::hard_link(&temporary, path) {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
            linked => linked,
        });
    let _ = fs::remove_file(&temporary);
    written.map_err(ArchiveError::io("write keys/sheets.toml"))?;
    sync_folder(folder)
}
