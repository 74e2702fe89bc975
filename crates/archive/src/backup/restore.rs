//! How does a backup become an archive again?
//!
//! Onto an empty data directory only. A marker stands in it until everything is back, so that nobody begins a new
//! catalogue beside half an archive, and a restore that was cut short is simply done again. Every byte is hashed on
//! its way; what is damaged in the backup is told, and the rest comes back.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use records::ids::Epoch;

use super::{Manifest, Place, copy_pack, copy_synced, digest_on_disk};
use crate::catalogue::copy::CatalogueCopy;
use crate::catalogue::restored::begin_new_life;
use crate::error::{ArchiveError, Result};
use crate::open::RESTORING;
use crate::pack::pack_path;
use crate::vault::{Vault, sync_folder};

/// What came back.
#[derive(Clone, Debug)]
pub struct Restored {
    pub manifest: Manifest,
    pub restored_at: Timestamp,
    /// The catalogue's new life.
    pub epoch: Epoch,
    /// Where the backed-up configuration lies; it is never put in force by itself.
    pub config: Option<PathBuf>,
    /// What is missing or damaged in the backup, batch by batch.
    pub problems: Vec<String>,
}

/// Brings an archive back into an empty (or not yet existing) data directory.
///
/// # Errors
/// `BadBackup` where there is none or its catalogue is damaged; `NotNow` where the data directory is not empty.
pub fn restore(backup: &Path, data: &Path, by: &str) -> Result<Restored> {
    let place = Place::at(backup);
    let manifest =
        place.manifest()?.ok_or(ArchiveError::BadBackup { why: "the folder has no backup.json" })?;
    let folder = place.generation(&manifest.generation);
    if digest_on_disk(&folder.join("catalogue.sqlite"))? != manifest.catalogue {
        let why =
            "its catalogue is damaged; copy the backup.json of an older folder under generations/ to the top";
        return Err(ArchiveError::BadBackup { why });
    }
    let marker = take_empty(data)?;
    tracing::trace!(target: "fault_point", "restore begun");
    let copy = CatalogueCopy::open(&folder.join("catalogue.sqlite"))?;
    let mut problems = originals(&place, &copy, data)?;
    problems.extend(packs(&place, &copy, data)?);
    let (config, damaged) = files(&folder, &manifest, data)?;
    problems.extend(damaged);
    drop(copy);
    tracing::trace!(target: "fault_point", "restore objects back");
    let new = data.join("catalogue.new");
    fs::copy(folder.join("catalogue.sqlite"), &new).map_err(ArchiveError::io("copy the catalogue"))?;
    let (epoch, restored_at) = begin_new_life(&new, manifest.begun, by)?;
    fs::File::open(&new).and_then(|new| new.sync_all()).map_err(ArchiveError::io("sync the catalogue"))?;
    fs::rename(&new, data.join("catalogue.sqlite"))
        .map_err(ArchiveError::io("put the catalogue in place"))?;
    sync_folder(data)?;
    tracing::trace!(target: "fault_point", "restore before end");
    fs::remove_file(marker).map_err(ArchiveError::io("end the restore"))?;
    sync_folder(data)?;
    Ok(Restored { manifest, restored_at, epoch, config, problems })
}

/// Only an empty folder, or one in which a restore was cut short. Answers its marker.
fn take_empty(data: &Path) -> Result<PathBuf> {
    fs::create_dir_all(data).map_err(ArchiveError::io("create the data directory"))?;
    let marker = data.join(RESTORING);
    let mut inside = fs::read_dir(data).map_err(ArchiveError::io("list the data directory"))?;
    if !marker.exists() && inside.next().is_some() {
        let why = "the data directory is not empty; name a new one with --data";
        return Err(ArchiveError::NotNow { act: "restore", why });
    }
    fs::File::create(&marker)
        .and_then(|marker| marker.sync_all())
        .map_err(ArchiveError::io("begin the restore"))?;
    // A catalogue of a restore that was cut short at the very end is made again.
    for left in ["catalogue.new", "catalogue.new-journal", "catalogue.sqlite"] {
        match fs::remove_file(data.join(left)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(ArchiveError::io("clear a restore that was cut short")(error));
            }
            _ => {}
        }
    }
    sync_folder(data)?;
    Ok(marker)
}

fn originals(place: &Place, copy: &CatalogueCopy, data: &Path) -> Result<Vec<String>> {
    let (from, to) = (place.vault(), Vault::open_at(&data.join("vault"))?);
    let mut problems = Vec::new();
    for original in copy.originals()? {
        let digest = original.digest;
        if to.path(&digest).exists() && to.check(&digest)? {
            continue; // from a restore that was cut short
        }
        let whole = match from.open(&digest) {
            Ok(mut object) => to.put_expected(&digest, &mut object)?,
            Err(_) => false,
        };
        if !whole {
            let whose =
                original.batch.map_or_else(|| "no batch yet".into(), |batch| format!("batch {batch}"));
            problems.push(format!("{whose}: original {digest} is missing or damaged in the backup"));
        }
        tracing::trace!(target: "fault_point", "restore object back");
    }
    Ok(problems)
}

fn packs(place: &Place, copy: &CatalogueCopy, data: &Path) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    for pack in copy.packs()? {
        let to = pack_path(&data.join("packs"), &pack.batch);
        let there = copy_pack(&pack_path(&place.packs(), &pack.batch), &to, pack.end)?;
        let bad = if there { copy.bad_readings(&pack, &to)? } else { 0 };
        if !there || bad > 0 {
            problems.push(format!("batch {}: readings are missing or damaged in the backup", pack.batch));
        }
    }
    Ok(problems)
}

/// Keys go where they were; the configuration is laid beside, for a person to look at.
fn files(folder: &Path, manifest: &Manifest, data: &Path) -> Result<(Option<PathBuf>, Vec<String>)> {
    let (mut config, mut problems) = (None, Vec::new());
    for (name, digest) in &manifest.files {
        let to = match name.strip_prefix("config/") {
            Some(own) => config.insert(data.join("restored-config")).join(own),
            None => data.join(name),
        };
        if digest_on_disk(&folder.join(name)).ok() != Some(*digest) {
            problems.push(format!("{name} is missing or damaged in the backup"));
            continue;
        }
        copy_synced(&folder.join(name), &to)?;
        sync_folder(to.parent().expect("files lie in folders"))?;
    }
    Ok((config, problems))
}
