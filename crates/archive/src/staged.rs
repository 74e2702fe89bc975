//! How do many originals become safe at once?
//!
//! One after another each would wait for the disk several times. So they are copied and hashed first
//! ([`Vault::stage`]), and then kept together ([`Vault::keep`]): every file is synced, each takes its place, every
//! folder is synced once.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::Read;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::PathBuf;

use records::ids::Digest;

use crate::error::{ArchiveError, Result};
use crate::vault::{Vault, copy_hashed, folder_of, sync_folder};

/// Bytes copied into the vault and hashed, but no original yet: dropped, they are gone.
pub struct Staged {
    temporary: PathBuf,
    file: File,
    digest: Digest,
    size: u64,
}

impl Staged {
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// Bytes.
    pub fn size(&self) -> u64 {
        self.size
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.temporary); // kept ones are no longer there
    }
}

impl Vault {
    /// Copies what the reader gives. Nothing is stored before [`Vault::keep`].
    pub fn stage(&self, from: &mut dyn Read) -> Result<Staged> {
        let temporary = self.incoming().join(uuid::Uuid::new_v4().simple().to_string());
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&temporary)
            .map_err(ArchiveError::io("create a file in the vault"))?;
        // From here it removes itself if anything fails.
        let mut staged = Staged { temporary, file, digest: Digest::of(&[]), size: 0 };
        (staged.digest, staged.size) = copy_hashed(from, &mut staged.file)?;
        Ok(staged)
    }

    /// Makes originals of them: when it answers, all survive a power cut. If it fails some may be stored, and all
    /// can be staged and kept again.
    pub fn keep(&self, staged: Vec<Staged>) -> Result<()> {
        for one in &staged {
            one.file
                .set_permissions(fs::Permissions::from_mode(0o440))
                .map_err(ArchiveError::io("protect an original"))?;
        }
        side_by_side(&staged, |one| one.file.sync_all().map_err(ArchiveError::io("sync an original")))?;
        tracing::trace!(target: "fault_point", "original written");
        let mut folders = BTreeSet::new();
        for one in &staged {
            let path = self.path(&one.digest);
            if path.exists() && self.check(&one.digest)? {
                // Stored before, perhaps by a process that died before it was on disk.
                File::open(&path)
                    .and_then(|file| file.sync_all())
                    .map_err(ArchiveError::io("sync an original"))?;
            } else {
                fs::create_dir_all(folder_of(&path))
                    .map_err(ArchiveError::io("create a folder of the vault"))?;
                fs::rename(&one.temporary, &path)
                    .map_err(ArchiveError::io("put an original in its place"))?;
            }
            // A fresh folder is an entry of the one above.
            let below = path.ancestors().skip(1).take_while(|folder| *folder != self.root);
            folders.extend(below.map(PathBuf::from));
        }
        tracing::trace!(target: "fault_point", "original named");
        folders.insert(self.root.clone());
        let folders: Vec<PathBuf> = folders.into_iter().collect();
        side_by_side(&folders, |folder| sync_folder(folder))
    }
}

/// The disk writes together what is asked of it together.
fn side_by_side<T: Sync>(all: &[T], act: impl Fn(&T) -> Result<()> + Sync) -> Result<()> {
    const AT_ONCE: usize = 8;
    if all.len() < AT_ONCE {
        return all.iter().try_for_each(act);
    }
    std::thread::scope(|scope| {
        let parts = all.chunks(all.len().div_ceil(AT_ONCE));
        let threads: Vec<_> = parts.map(|part| scope.spawn(|| part.iter().try_for_each(&act))).collect();
        threads.into_iter().try_for_each(|thread| thread.join().expect("a sync does not panic"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_originals_are_kept_at_once_also_equal_ones() {
        let folder = tempfile::tempdir().unwrap();
        let vault = Vault::open_at(&folder.path().join("vault")).unwrap();
        let staged: Vec<Staged> =
            (0..100).map(|at| vault.stage(&mut format!("scan {}", at / 2).as_bytes()).unwrap()).collect();
        let digests: Vec<Digest> = staged.iter().map(Staged::digest).collect();
        vault.keep(staged).unwrap();
        assert!(digests.iter().all(|digest| vault.check(digest).unwrap()));
        assert_eq!(vault.objects().count(), 50);
        assert_eq!(fs::read_dir(vault.incoming()).unwrap().count(), 0);
    }

    #[test]
    fn what_is_not_kept_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let vault = Vault::open_at(&folder.path().join("vault")).unwrap();
        drop(vault.stage(&mut &b"half a scan"[..]).unwrap());
        assert_eq!((vault.objects().count(), fs::read_dir(vault.incoming()).unwrap().count()), (0, 0));
    }
}
