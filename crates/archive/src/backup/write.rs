//! How is an archive backed up while it works on?
//!
//! The catalogue first, as of one moment; then exactly what that copy names: originals and packs are only ever
//! added, so whatever comes meanwhile does no harm. What is there already is not copied again. Then what is new is
//! read back from the disk and hashed, and a part of the rest in turn; only a backup of which all this held counts
//! as verified. What has rotted in the backup is copied again, and the backup counts as verified by its next run.

use std::collections::{BTreeSet, HashMap};
use std::fs::{self, File};
use std::path::{Component, Path, PathBuf};

use records::ids::{BatchId, Digest};
use serde::Serialize;

use super::{FORMAT, Manifest, Place, apart, copy_pack, copy_synced, digest_on_disk, make_private};
use crate::catalogue::backups::BackupRow;
use crate::catalogue::copy::{CatalogueCopy, NamedOriginal, NamedPack};
use crate::error::{ArchiveError, Result};
use crate::open::Archive;
use crate::pack::pack_path;
use crate::vault::{Vault, sync_folder};

/// What was there before is hashed again within so many runs: four weeks of daily backups.
const TURNS: u8 = 28;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct BackupPlan {
    pub to: PathBuf,
    /// Configuration files, and keys that lie outside the data directory.
    pub files: Vec<PathBuf>,
    /// Where the configuration lies: what is in folders of it stays in them.
    pub home: PathBuf,
    /// Hash everything again, not only what is new and a part of the rest.
    pub full: bool,
    /// Who asked for it.
    pub by: String,
}

impl BackupPlan {
    /// The place of a file beside the others.
    fn name(&self, file: &Path) -> String {
        let inside = file.strip_prefix(&self.home).ok();
        let inside = inside.filter(|path| path.components().all(|part| matches!(part, Component::Normal(_))));
        inside.or(file.file_name().map(Path::new)).unwrap_or(file).to_string_lossy().into_owned()
    }
}

/// What became of it.
#[derive(Clone, Debug, Serialize)]
pub struct BackupReport {
    #[serde(flatten)]
    pub manifest: Manifest,
    /// Originals that were not there yet.
    pub copied: u64,
    /// Their bytes.
    pub copied_bytes: u64,
    /// Packs that were new or had grown.
    pub copied_packs: u64,
    /// Originals that were read back and hashed.
    pub hashed: u64,
    /// What is damaged or missing, batch by batch, without patient data.
    pub problems: Vec<String>,
}

impl Archive {
    /// Makes a backup, or brings one up to date; see this module. A backup that fails or is killed leaves the one
    /// before it as it was.
    ///
    /// # Errors
    /// `NotNow` where the folder lies in the data directory (or the other way round), holds another archive's
    /// backup, or is being written by another backup.
    pub fn back_up(&self, plan: &BackupPlan) -> Result<BackupReport> {
        apart(&plan.to, self.dir())?;
        let place = Place::at(&plan.to);
        let _alone = place.prepare()?;
        let before = place.manifest()?;
        if before.as_ref().is_some_and(|before| self.lives().is_ok_and(|own| !own.contains(&before.epoch))) {
            let why = "the folder holds the backup of another archive; name an empty one";
            return Err(ArchiveError::NotNow { act: "back up", why });
        }
        place.clear_unfinished()?;
        let row = self.begin_backup(&plan.to, &plan.by)?;
        let name = row.begun.strftime("%Y%m%dT%H%M%S%.3fZ").to_string();
        let files = self.write_generation(&place, &name, plan)?;
        let copy = CatalogueCopy::open(&place.generation(&name).join("catalogue.sqlite"))?;
        let mut run = Run::begin(self, &place, &copy, before.as_ref(), plan.full)?;
        run.copy_originals()?;
        run.copy_packs()?;
        run.read_back()?;
        let report = run.report(name, &row, files)?;
        tracing::trace!(target: "fault_point", "backup before manifest");
        place.publish(&report.manifest)?;
        tracing::trace!(target: "fault_point", "backup verified");
        if report.manifest.verified {
            self.backup_verified(&row)?;
        }
        place.prune()?;
        Ok(report)
    }

    /// Catalogue, keys and configuration of a generation, on disk. Answers which files lie in it.
    fn write_generation(&self, place: &Place, name: &str, plan: &BackupPlan) -> Result<Vec<String>> {
        let folder = place.generation(name);
        make_private(&folder)?;
        let catalogue = folder.join("catalogue.sqlite");
        self.0.catalogue.copy_into(&catalogue)?;
        File::open(&catalogue)
            .and_then(|copy| copy.sync_all())
            .map_err(ArchiveError::io("sync the catalogue's copy"))?;
        tracing::trace!(target: "fault_point", "backup catalogue copied");
        let mut files = Vec::new();
        let own_keys = self.dir().join("keys/sheets.toml");
        if own_keys.exists() {
            copy_synced(&own_keys, &folder.join("keys/sheets.toml"))?;
            files.push("keys/sheets.toml".to_owned());
        }
        for file in &plan.files {
            let name = plan.name(file);
            copy_synced(file, &folder.join("config").join(&name))?;
            files.push(format!("config/{name}"));
        }
        let inside: BTreeSet<PathBuf> = files
            .iter()
            .flat_map(|name| Path::new(name).ancestors().skip(1))
            .map(|own| folder.join(own))
            .collect();
        for own in inside.iter().rev() {
            sync_folder(own)?;
        }
        sync_folder(&folder)?;
        sync_folder(&place.root.join("generations"))?;
        sync_folder(&place.root)?;
        Ok(files)
    }
}

/// One run: what the catalogue's copy names, and what was made of it so far.
struct Run<'a> {
    archive: &'a Archive,
    place: &'a Place,
    copy: &'a CatalogueCopy,
    vault: Vault,
    originals: Vec<NamedOriginal>,
    packs: Vec<NamedPack>,
    /// What the last verified generation held; empty: everything is to be hashed.
    known: Known,
    turn: u8,
    copied: u64,
    copied_bytes: u64,
    copied_packs: u64,
    hashed: u64,
    problems: Vec<String>,
}

/// What was verified before and need not be hashed in this run. After another life of the catalogue, or a run of
/// which not all held, nothing is taken on trust.
#[derive(Default)]
struct Known {
    originals: std::collections::HashSet<Digest>,
    packs: HashMap<BatchId, u64>,
}

impl Known {
    fn of(place: &Place, before: &Manifest) -> Result<Self> {
        let copy = CatalogueCopy::open(&place.generation(&before.generation).join("catalogue.sqlite"))?;
        Ok(Self {
            originals: copy.originals()?.into_iter().map(|original| original.digest).collect(),
            packs: copy.packs()?.into_iter().map(|pack| (pack.batch, pack.end)).collect(),
        })
    }
}

impl<'a> Run<'a> {
    fn begin(
        archive: &'a Archive,
        place: &'a Place,
        copy: &'a CatalogueCopy,
        before: Option<&Manifest>,
        full: bool,
    ) -> Result<Self> {
        let trusted = before.filter(|b| b.verified && !full && b.epoch == archive.epoch());
        Ok(Self {
            archive,
            place,
            copy,
            vault: Vault::open_at(&place.root.join("vault"))?,
            originals: copy.originals()?,
            packs: copy.packs()?,
            known: trusted.map(|before| Known::of(place, before)).transpose()?.unwrap_or_default(),
            turn: before.map_or(0, |before| (before.turn + 1) % TURNS),
            copied: 0,
            copied_bytes: 0,
            copied_packs: 0,
            hashed: 0,
            problems: Vec::new(),
        })
    }

    fn copy_originals(&mut self) -> Result<()> {
        for original in self.originals.clone() {
            let there = fs::metadata(self.vault.path(&original.digest));
            if there.is_ok_and(|there| there.len() == original.size) {
                continue;
            }
            if self.copy_original(&original)? {
                self.copied += 1;
                self.copied_bytes += original.size;
                tracing::trace!(target: "fault_point", "backup object copied");
            }
        }
        Ok(())
    }

    /// `false`: the archive's own object is missing or not what its name says. That is told when it is read back.
    fn copy_original(&self, original: &NamedOriginal) -> Result<bool> {
        match self.archive.vault().open(&original.digest) {
            Ok(mut source) => self.vault.put_expected(&original.digest, &mut source),
            Err(ArchiveError::Damaged { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn copy_packs(&mut self) -> Result<()> {
        for pack in self.packs.clone() {
            let there = fs::metadata(self.pack_path(&pack));
            if !there.is_ok_and(|there| there.len() == pack.end) && self.copy_pack(&pack)? {
                self.copied_packs += 1;
                tracing::trace!(target: "fault_point", "backup pack copied");
            }
        }
        Ok(())
    }

    fn copy_pack(&self, pack: &NamedPack) -> Result<bool> {
        copy_pack(&self.archive.pack(&pack.batch), &self.pack_path(pack), pack.end)
    }

    fn pack_path(&self, pack: &NamedPack) -> PathBuf {
        pack_path(&self.place.packs(), &pack.batch)
    }

    /// Hashes what is new, and what has its turn, where it lies.
    fn read_back(&mut self) -> Result<()> {
        if !self.copy.is_sound() {
            self.problems.push("the copy of the catalogue is damaged".into());
        }
        for original in self.originals.clone() {
            let NamedOriginal { digest, batch, .. } = original;
            if self.known.originals.contains(&digest) && digest.0[0] % TURNS != self.turn {
                continue;
            }
            self.hashed += 1;
            if self.vault.check_on_disk(&digest)? {
                continue;
            }
            let mended = self.copy_original(&original)? && self.vault.check_on_disk(&digest)?;
            self.problem(batch, &format!("original {digest}"), mended);
        }
        for pack in self.packs.clone() {
            let known = self.known.packs.get(&pack.batch) == Some(&pack.end);
            if known && pack.batch.0[0] % TURNS != self.turn {
                continue;
            }
            let path = self.pack_path(&pack);
            let bad = self.copy.bad_readings(&pack, &path)?;
            if bad > 0 {
                let mended = self.copy_pack(&pack)? && self.copy.bad_readings(&pack, &path)? == 0;
                self.problem(Some(pack.batch), &format!("{bad} readings"), mended);
            }
        }
        Ok(())
    }

    fn problem(&mut self, batch: Option<BatchId>, what: &str, mended: bool) {
        let whose = batch.map_or_else(|| "no batch yet".into(), |batch| format!("batch {batch}"));
        let how = if mended {
            "had rotted in the backup and was copied again; look at the disk it lies on"
        } else {
            "is missing or damaged in the archive and is not in the backup"
        };
        self.problems.push(format!("{whose}: {what} {how}"));
    }

    fn report(self, generation: String, row: &BackupRow, files: Vec<String>) -> Result<BackupReport> {
        let folder = self.place.generation(&generation);
        let facts = self.copy.facts()?;
        let digests = files.into_iter().map(|name| Ok((name.clone(), digest_on_disk(&folder.join(name))?)));
        let manifest = Manifest {
            format: FORMAT,
            begun: row.begun,
            finished: jiff::Timestamp::now(),
            verified: self.problems.is_empty(),
            epoch: facts.epoch,
            schema: facts.schema,
            position: facts.position,
            audit: Some(facts.audit),
            batches: facts.batches,
            pages: facts.pages,
            originals: self.originals.len() as u64,
            bytes: self.originals.iter().map(|original| original.size).sum(),
            packs: self.packs.len() as u64,
            catalogue: digest_on_disk(&folder.join("catalogue.sqlite"))?,
            files: digests.collect::<Result<_>>()?,
            turn: self.turn,
            generation,
        };
        Ok(BackupReport {
            manifest,
            copied: self.copied,
            copied_bytes: self.copied_bytes,
            copied_packs: self.copied_packs,
            hashed: self.hashed,
            problems: self.problems,
        })
    }
}
