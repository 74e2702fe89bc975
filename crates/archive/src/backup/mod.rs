//! What is a backup, and where does what lie in it?
//!
//! ```text
//! DIR/backup.json                        the newest complete generation, written last
//! DIR/generations/<begun>/               catalogue.sqlite, keys/, config/, and its own backup.json
//! DIR/vault/ab/cd/<sha-256>              originals of all generations, as in a data directory
//! DIR/packs/xy/<batch>.pack              readings, up to where the newest catalogue knows them
//! ```
//!
//! A generation without a `backup.json` is one that was cut short; the manifest on top still points at the one
//! before, whose objects nobody removes. To restore an older generation, its `backup.json` is
//! copied over the one on top.

mod mend;
mod restore;
mod write;

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use records::ids::{Digest, Epoch};
use serde::{Deserialize, Serialize};

pub use mend::Mended;
pub use restore::{Restored, restore};
pub use write::{BackupPlan, BackupReport};

use crate::catalogue::audit::Anchor;
use crate::error::{ArchiveError, Result};
use crate::instance::try_lock;
use crate::vault::{Vault, copy_hashed, forget_cached, sync_folder};

/// `backup.json`: what a generation is, and whether it was found to be so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Version of this layout.
    pub format: u32,
    /// Name of its folder under `generations/`.
    pub generation: String,
    /// The backup holds what was received before.
    pub begun: Timestamp,
    pub finished: Timestamp,
    /// Everything new in it, and a part of the rest in turn, was hashed again where it lies, and all was well.
    pub verified: bool,
    /// The life of the catalogue it is a copy of.
    pub epoch: Epoch,
    /// The catalogue's schema version.
    pub schema: i64,
    /// The catalogue's position in its change log.
    pub position: u64,
    pub batches: u64,
    pub pages: u64,
    pub originals: u64,
    /// Bytes of all originals.
    pub bytes: u64,
    pub packs: u64,
    /// SHA-256 of the catalogue's copy.
    pub catalogue: Digest,
    /// The last entry of the audit in it; backups of earlier versions do not say.
    #[serde(default)]
    pub audit: Option<Anchor>,
    /// SHA-256 of keys and configuration files, by their place in the generation.
    pub files: BTreeMap<String, Digest>,
    /// Which part of what was there before was hashed in this run.
    pub turn: u8,
}

/// Version of the layout this program writes.
const FORMAT: u32 = 1;
/// Generations kept: a week of daily backups.
const KEPT: usize = 7;

/// A folder that holds backups.
struct Place {
    root: PathBuf,
}

impl Place {
    fn at(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// Makes the folder ready to be written into, and holds it against a second backup as long as the file lives.
    fn prepare(&self) -> Result<File> {
        for folder in ["", "generations", "packs"] {
            make_private(&self.root.join(folder))?;
        }
        try_lock(&self.root.join("backup.lock"))?.ok_or(ArchiveError::NotNow {
            act: "back up",
            why: "another backup into this folder is under way",
        })
    }

    fn generation(&self, name: &str) -> PathBuf {
        self.root.join("generations").join(name)
    }

    /// Originals to read.
    fn vault(&self) -> Vault {
        Vault::at(&self.root.join("vault"))
    }

    fn packs(&self) -> PathBuf {
        self.root.join("packs")
    }

    /// The newest complete generation; `None`: there is none yet.
    fn manifest(&self) -> Result<Option<Manifest>> {
        let text = match fs::read(self.root.join("backup.json")) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(ArchiveError::io("read backup.json")(error)),
        };
        let unreadable = ArchiveError::BadBackup {
            why: "its backup.json is damaged; copy that of a folder under generations/ over it",
        };
        let value: serde_json::Value = match serde_json::from_slice(&text) {
            Ok(value) => value,
            Err(_) => return Err(unreadable),
        };
        if value["format"].as_u64().is_some_and(|format| format > u64::from(FORMAT)) {
            return Err(ArchiveError::BadBackup { why: "a newer Chartroom wrote it; use that one" });
        }
        serde_json::from_value(value).map(Some).map_err(|_| unreadable)
    }

    /// Points to a generation: the moment from which it counts.
    fn publish(&self, manifest: &Manifest) -> Result<()> {
        let text = serde_json::to_vec_pretty(manifest).map_err(|_| ArchiveError::damaged("the manifest"))?;
        for folder in [self.generation(&manifest.generation), self.root.clone()] {
            let new = folder.join("backup.json.new");
            write_synced(&new, &text)?;
            fs::rename(&new, folder.join("backup.json")).map_err(ArchiveError::io("write backup.json"))?;
            sync_folder(&folder)?;
        }
        Ok(())
    }

    /// Removes what killed backups left.
    fn clear_unfinished(&self) -> Result<()> {
        let whole = |path: &PathBuf| path.join("backup.json").exists();
        remove(self.generations()?.into_iter().filter(|path| !whole(path)))
    }

    /// Removes generations beyond those kept.
    fn prune(&self) -> Result<()> {
        let mut all = self.generations()?;
        all.truncate(all.len().saturating_sub(KEPT));
        remove(all)
    }

    /// Their folders, oldest first.
    fn generations(&self) -> Result<Vec<PathBuf>> {
        let entries = fs::read_dir(self.root.join("generations"))
            .map_err(ArchiveError::io("list the generations of a backup"))?;
        let mut all: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        all.sort();
        Ok(all)
    }
}

fn remove(folders: impl IntoIterator<Item = PathBuf>) -> Result<()> {
    for old in folders {
        fs::remove_dir_all(old).map_err(ArchiveError::io("remove an old generation"))?;
    }
    Ok(())
}

/// Keys lie in it, and names of patients in the catalogue.
fn make_private(folder: &Path) -> Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(ArchiveError::io("make a folder of the backup"))
}

fn write_synced(path: &Path, bytes: &[u8]) -> Result<()> {
    let write = || -> std::io::Result<()> {
        let mut file = OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write().map_err(ArchiveError::io("write a file of the backup"))
}

/// Copies a small file through to the disk.
fn copy_synced(from: &Path, to: &Path) -> Result<()> {
    let bytes = fs::read(from).map_err(ArchiveError::io("read a file to back up"))?;
    make_private(to.parent().expect("files lie in folders"))?;
    write_synced(to, &bytes)
}

/// SHA-256 of a file as the disk has it.
fn digest_on_disk(path: &Path) -> Result<Digest> {
    let mut file = File::open(path).map_err(ArchiveError::io("open a file of the backup"))?;
    forget_cached(&file);
    Ok(copy_hashed(&mut file, &mut std::io::sink())?.0)
}

/// Copies so many bytes of a pack, in one step for whoever looks.
fn copy_pack(from: &Path, to: &Path, length: u64) -> Result<bool> {
    use std::io::Read as _;
    let source = match File::open(from) {
        Ok(source) => source,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(ArchiveError::io("open a pack")(error)),
    };
    let folder = to.parent().expect("packs lie in folders");
    make_private(folder)?;
    let new = to.with_extension("new");
    let mut target = OpenOptions::new()
        .create(true)
        .truncate(true)
        .write(true)
        .mode(0o600)
        .open(&new)
        .map_err(ArchiveError::io("create a pack"))?;
    let copied =
        std::io::copy(&mut source.take(length), &mut target).map_err(ArchiveError::io("copy a pack"))?;
    if copied < length {
        fs::remove_file(&new).map_err(ArchiveError::io("remove a short pack"))?;
        return Ok(false);
    }
    target.sync_all().map_err(ArchiveError::io("sync a pack"))?;
    fs::rename(&new, to).map_err(ArchiveError::io("put a pack in its place"))?;
    sync_folder(folder)?;
    sync_folder(folder.parent().expect("folders of packs lie in one"))?;
    Ok(true)
}

/// Neither may lie in the other: a backup within what it is a backup of is lost with it.
fn apart(backup: &Path, data: &Path) -> Result<()> {
    let (backup, data) = (real(backup)?, real(data)?);
    if backup.starts_with(&data) || data.starts_with(&backup) {
        let why =
            "the folder and the data directory lie in one another; name another folder, best on another disk";
        return Err(ArchiveError::NotNow { act: "back up", why });
    }
    Ok(())
}

/// Where a path leads, links followed as far as it is there.
fn real(path: &Path) -> Result<PathBuf> {
    let whole = std::path::absolute(path).map_err(ArchiveError::io("find the folder"))?;
    let there = whole.ancestors().find(|part| part.exists()).unwrap_or(Path::new("/"));
    let rest = whole.strip_prefix(there).unwrap_or(Path::new(""));
    Ok(there.canonicalize().map_err(ArchiveError::io("find the folder"))?.join(rest))
}
