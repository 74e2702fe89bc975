//! Which Chartrooms are alive on this archive?
//!
//! Every opened archive is an *instance* with a locked file. The kernel frees the lock when the process ends,
//! however it ends: so after `kill -9` its leases are free at once, without a clock. `flock` belongs to the open
//! file, so two handles in one process keep apart as well.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};

use crate::error::{ArchiveError, Result};
use crate::open::Archive;

/// One opened archive: random, new with every opening.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct InstanceId(pub(crate) String);

impl fmt::Display for InstanceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for InstanceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// This instance's locked file; removed when the archive is closed in good order.
pub(crate) struct Instance {
    pub(crate) id: InstanceId,
    folder: PathBuf,
    _lock: File,
}

impl Instance {
    /// Takes a fresh name and locks it; sweeps away what dead instances left.
    pub(crate) fn start(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder).map_err(ArchiveError::io("create the folder of instances"))?;
        sweep(folder);
        loop {
            let id = InstanceId(format!("i{}", uuid::Uuid::new_v4().simple()));
            let path = lock_path(folder, &id.0);
            let lock = File::create_new(&path).map_err(ArchiveError::io("create the instance's lock"))?;
            flock(&lock, FlockOperation::NonBlockingLockExclusive)
                .map_err(|errno| ArchiveError::io("lock the instance")(errno.into()))?;
            // A sweep of another process may have removed the file between creating and locking it.
            let ours = lock.metadata().map_err(ArchiveError::io("look at the instance's lock"))?;
            if std::fs::metadata(&path).is_ok_and(|now| now.ino() == ours.ino()) {
                return Ok(Self { id, folder: folder.to_owned(), _lock: lock });
            }
        }
    }

    /// Whether the instance of that name still lives.
    pub(crate) fn lives(&self, id: &str) -> bool {
        id == self.id.0 || locked(&lock_path(&self.folder, id))
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(lock_path(&self.folder, &self.id.0));
    }
}

fn lock_path(folder: &Path, id: &str) -> PathBuf {
    folder.join(format!("{id}.lock"))
}

/// A missing file is a dead instance: living ones never lose theirs.
fn locked(path: &Path) -> bool {
    let Ok(file) = File::open(path) else { return false };
    flock(&file, FlockOperation::NonBlockingLockExclusive).is_err()
}

fn sweep(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        if entry.path().extension().is_some_and(|e| e == "lock") && !locked(&entry.path()) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// The right to be the one process that leases batches, judges again and writes the search index. Held until
/// dropped.
pub struct LineLock {
    _lock: File,
}

impl Archive {
    /// The right to be the line, unless another process (or handle) has it.
    pub fn try_become_line(&self) -> Result<Option<LineLock>> {
        Ok(try_lock(&self.0.dir.join("run.lock"))?.map(|lock| LineLock { _lock: lock }))
    }

    /// Whether some process is the line right now.
    pub fn line_is_alive(&self) -> bool {
        locked(&self.0.dir.join("run.lock"))
    }

    /// This opening of the archive: names claims and leases.
    pub fn instance(&self) -> &InstanceId {
        &self.0.instance.id
    }

    /// Whether an instance (this one or another on the same archive) still lives.
    pub fn instance_lives(&self, id: &str) -> bool {
        self.0.instance.lives(id)
    }
}

/// Locks a file that stays where it is.
pub(crate) fn try_lock(path: &Path) -> Result<Option<File>> {
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .map_err(ArchiveError::io("open a lock"))?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(Some(file)),
        Err(rustix::io::Errno::WOULDBLOCK) => Ok(None),
        Err(errno) => Err(ArchiveError::io("lock")(errno.into())),
    }
}

/// Waits for a lock and holds it as long as the file lives.
pub(crate) fn wait_lock(path: &Path) -> Result<File> {
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .map_err(ArchiveError::io("open a lock"))?;
    flock(&file, FlockOperation::LockExclusive).map_err(|errno| ArchiveError::io("lock")(errno.into()))?;
    Ok(file)
}
