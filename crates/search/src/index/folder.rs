//! Where does the index lie, and how does a new one take the place of the old?

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, RenameFlags, renameat_with};
use tantivy::Directory as _;
use tantivy::directory::{DirectoryLock, INDEX_WRITER_LOCK, MmapDirectory};

use crate::error::SearchError;
use crate::handed::{HANDED, Handed};
use crate::schema::schema;

const META: &str = "meta.json";

/// No index was ever begun here (locks and such may lie about).
pub(super) fn is_vacant(folder: &Path) -> Result<bool, SearchError> {
    match fs::read_dir(folder) {
        Ok(entries) => {
            for entry in entries {
                let name = entry?.file_name();
                if !name.to_string_lossy().starts_with('.') {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error.into()),
    }
}

pub(super) fn create(folder: &Path) -> Result<tantivy::Index, SearchError> {
    fs::create_dir_all(folder)?;
    let (schema, _) = schema();
    Ok(taking(tantivy::Index::create_in_dir(folder, schema)?))
}

pub(super) fn open(folder: &Path) -> Result<tantivy::Index, SearchError> {
    if !folder.join(META).is_file() {
        return Err(SearchError::Damaged(format!("{META} is missing")));
    }
    let directory = MmapDirectory::open(folder).map_err(tantivy::TantivyError::from)?;
    let index = tantivy::Index::open(directory)?;
    let (expected, _) = schema();
    // Another schema has other fields under the same numbers: reading it with ours would answer nonsense.
    if index.schema() == expected { Ok(taking(index)) } else { Err(SearchError::Outdated) }
}

/// Able to take our terms.
pub(super) fn taking(index: tantivy::Index) -> tantivy::Index {
    index.tokenizers().register(HANDED, Handed::default());
    index
}

/// Nobody else writes the index here while this is held, whatever state it is in.
pub(super) fn lock(folder: &Path) -> Result<DirectoryLock, SearchError> {
    fs::create_dir_all(folder)?;
    let directory = MmapDirectory::open(folder).map_err(tantivy::TantivyError::from)?;
    let held = directory.acquire_lock(&INDEX_WRITER_LOCK);
    Ok(held.map_err(|error| tantivy::TantivyError::LockFailure(error, None))?)
}

/// An empty place beside the index; what a killed rebuild left there is taken away.
pub(super) fn beside(folder: &Path) -> Result<PathBuf, SearchError> {
    let beside = sibling(folder, "new");
    clear(&beside)?;
    Ok(beside)
}

/// Puts the new index in the place of the old one, which goes.
pub(super) fn swap(new: &Path, folder: &Path) -> Result<(), SearchError> {
    let old = sibling(folder, "old");
    clear(&old)?;
    // In one step where the file system can; else `recover` sees to a kill between the two.
    if renameat_with(CWD, new, CWD, folder, RenameFlags::EXCHANGE).is_ok() {
        sync_parent(folder)?;
        tracing::trace!(target: "fault_point", "index swapped");
        clear(new)?;
    } else {
        fs::rename(folder, &old)?;
        fs::rename(new, folder)?;
        sync_parent(folder)?;
        clear(&old)?;
    }
    Ok(())
}

/// After a kill in the middle of a swap the old index is put back.
pub(super) fn recover(folder: &Path) -> Result<(), SearchError> {
    let old = sibling(folder, "old");
    if !folder.exists() && old.exists() {
        fs::rename(&old, folder)?;
    }
    Ok(())
}

fn clear(folder: &Path) -> Result<(), SearchError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

fn sync_parent(folder: &Path) -> Result<(), SearchError> {
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Ok(File::open(parent)?.sync_all()?)
}

/// `index.new` beside `index`.
fn sibling(folder: &Path, what: &str) -> PathBuf {
    let mut name = folder.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(what);
    folder.with_file_name(name)
}
