//! Where do the bytes of originals rest?
//!
//! By content: `vault/ab/cd/<sha-256>`. Bytes go to a temporary file in the same file system, are hashed while
//! copied, fsynced, renamed, and the folders fsynced: when [`Vault::put`] answers, the object survives a power cut.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use records::ids::Digest;
use sha2::{Digest as _, Sha256};

use crate::error::{ArchiveError, Result};

/// Content-addressed originals. For the line, `verify` and backups; people see pages through a
/// [`crate::Sight`].
#[derive(Clone, Debug)]
pub struct Vault {
    pub(crate) root: PathBuf,
}

/// Temporary files older than this belong to nobody: no put takes a day.
const ABANDONED: std::time::Duration = std::time::Duration::from_secs(24 * 60 * 60);

impl Vault {
    /// A vault to read only, where it lies.
    pub(crate) fn at(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    pub(crate) fn open_at(root: &Path) -> Result<Self> {
        let vault = Self::at(root);
        fs::create_dir_all(vault.incoming()).map_err(ArchiveError::io("create the vault"))?;
        vault.sweep();
        Ok(vault)
    }

    /// Stores what the reader gives; answers digest and size in bytes once both are safe on disk. Where the
    /// digest is already stored, the stored object is hashed again and written anew if it has rotted.
    pub fn put(&self, from: &mut dyn Read) -> Result<(Digest, u64)> {
        let staged = self.stage(from)?;
        let stored = (staged.digest(), staged.size());
        self.keep(vec![staged])?;
        Ok(stored)
    }

    /// As [`Vault::put`], where it must be known beforehand what comes: from a backup, or into one. `false`: other
    /// bytes came, nothing was stored.
    pub(crate) fn put_expected(&self, digest: &Digest, from: &mut dyn Read) -> Result<bool> {
        let staged = self.stage(from)?;
        let expected = staged.digest() == *digest;
        if expected {
            self.keep(vec![staged])?;
        }
        Ok(expected)
    }

    /// The bytes of an original, for reading.
    pub fn open(&self, digest: &Digest) -> Result<File> {
        match File::open(self.path(digest)) {
            // The vault is there and the object is not: it does not come back by itself.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && self.incoming().is_dir() => {
                Err(ArchiveError::damaged("an original is missing from the vault"))
            }
            opened => opened.map_err(ArchiveError::io("open an original")),
        }
    }

    /// Where the original is, whether it is there or not.
    pub fn path(&self, digest: &Digest) -> PathBuf {
        let name = digest.to_string();
        self.root.join(&name[..2]).join(&name[2..4]).join(name)
    }

    /// Hashes the stored object: false where it is missing or not what its name says.
    pub fn check(&self, digest: &Digest) -> Result<bool> {
        let mut file = match File::open(self.path(digest)) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(ArchiveError::io("open an original")(error)),
        };
        Ok(copy_hashed(&mut file, &mut std::io::sink())?.0 == *digest)
    }

    /// As [`Vault::check`], read from the disk itself as far as the system lets us, not from memory.
    pub(crate) fn check_on_disk(&self, digest: &Digest) -> Result<bool> {
        if let Ok(file) = File::open(self.path(digest)) {
            forget_cached(&file);
        }
        let whole = self.check(digest);
        if let Ok(file) = File::open(self.path(digest)) {
            forget_cached(&file); // what is read once in a month must not drive out what is read all day
        }
        whole
    }

    /// Every digest that has an object, in no order. Files that are not named as objects are passed over.
    pub(crate) fn objects(&self) -> impl Iterator<Item = Digest> {
        let subfolders = |path: PathBuf| fs::read_dir(path).into_iter().flatten().flatten().map(|e| e.path());
        subfolders(self.root.clone())
            .flat_map(subfolders)
            .flat_map(subfolders)
            .filter_map(|path| path.file_name()?.to_str()?.parse().ok())
    }

    pub(crate) fn incoming(&self) -> PathBuf {
        self.root.join("incoming")
    }

    fn sweep(&self) {
        for entry in fs::read_dir(self.incoming()).into_iter().flatten().flatten() {
            let age = entry.metadata().and_then(|m| m.modified()).ok().and_then(|at| at.elapsed().ok());
            if age.is_some_and(|age| age > ABANDONED) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent().expect("objects lie in folders below the vault")
}

/// Asks the system to drop what it keeps of a file in memory. Only a wish.
pub(crate) fn forget_cached(file: &File) {
    let _ = rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed);
}

/// Makes the entries of a folder survive a power cut.
pub(crate) fn sync_folder(folder: &Path) -> Result<()> {
    File::open(folder).and_then(|f| f.sync_all()).map_err(ArchiveError::io("sync a folder"))
}

pub(crate) fn copy_hashed(from: &mut dyn Read, to: &mut dyn std::io::Write) -> Result<(Digest, u64)> {
    let mut hash = Sha256::new();
    let mut size = 0;
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let count = match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(ArchiveError::io("read a file")(error)),
        };
        hash.update(&buffer[..count]);
        to.write_all(&buffer[..count]).map_err(ArchiveError::io("write to the vault"))?;
        size += count as u64;
    }
    Ok((Digest(hash.finalize().into()), size))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn vault() -> (tempfile::TempDir, Vault) {
        let folder = tempfile::tempdir().unwrap();
        let vault = Vault::open_at(&folder.path().join("vault")).unwrap();
        (folder, vault)
    }

    /// Gives some bytes and then fails, as a share does that goes away.
    struct Breaks(&'static [u8]);

    impl Read for Breaks {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            if self.0.is_empty() {
                return Err(std::io::Error::other("gone"));
            }
            self.0.read(buffer)
        }
    }

    #[test]
    fn what_is_put_comes_back_and_cannot_be_written() {
        let (_folder, vault) = vault();
        let (digest, size) = vault.put(&mut &b"a scan"[..]).unwrap();
        assert_eq!((digest, size), (Digest::of(b"a scan"), 6));
        let mut back = Vec::new();
        vault.open(&digest).unwrap().read_to_end(&mut back).unwrap();
        assert_eq!(back, b"a scan");
        let mode = fs::metadata(vault.path(&digest)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o440);
    }

    #[test]
    fn a_file_that_breaks_off_leaves_nothing() {
        let (_folder, vault) = vault();
        assert!(vault.put(&mut Breaks(b"half a sc")).is_err());
        assert_eq!(vault.objects().count(), 0);
        assert_eq!(fs::read_dir(vault.incoming()).unwrap().count(), 0);
    }

    #[test]
    fn a_rotten_object_is_mended_by_the_next_put() {
        let (_folder, vault) = vault();
        let (digest, _) = vault.put(&mut &b"a scan"[..]).unwrap();
        fs::remove_file(vault.path(&digest)).unwrap();
        fs::write(vault.path(&digest), b"a scar").unwrap();
        assert!(!vault.check(&digest).unwrap());
        vault.put(&mut &b"a scan"[..]).unwrap();
        assert!(vault.check(&digest).unwrap());
    }

    #[test]
    fn other_bytes_than_expected_are_not_stored() {
        let (_folder, vault) = vault();
        assert!(!vault.put_expected(&Digest::of(b"a scan"), &mut &b"a scar"[..]).unwrap());
        assert_eq!(vault.objects().count(), 0);
        assert_eq!(fs::read_dir(vault.incoming()).unwrap().count(), 0);
        assert!(vault.put_expected(&Digest::of(b"a scan"), &mut &b"a scan"[..]).unwrap());
    }

    #[test]
    fn a_temporary_file_of_a_killed_put_is_no_object_and_goes_after_a_day() {
        let (folder, vault) = vault();
        let left = vault.incoming().join("left");
        fs::write(&left, b"half").unwrap();
        assert_eq!(vault.objects().count(), 0);
        File::open(&left).unwrap().set_modified(std::time::SystemTime::now() - ABANDONED * 2).unwrap();
        Vault::open_at(&folder.path().join("vault")).unwrap();
        assert!(!left.exists());
    }
}
