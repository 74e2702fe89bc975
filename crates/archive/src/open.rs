//! How is an archive opened, and what belongs to one?

use std::path::{Path, PathBuf};
use std::sync::Arc;

use records::ids::Epoch;
use serde::{Deserialize, Serialize};
use tracing::warn;

use crate::catalogue::Catalogue;
use crate::error::{ArchiveError, Result};
use crate::instance::Instance;
use crate::vault::Vault;

/// `[archive]` of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Name of this site in the payload of control sheets: short, upper case, never changed.
    pub site: String,
    /// Megabytes of page pictures kept; the oldest go first and are made again when asked for.
    pub views_mb: u64,
    /// Seconds a write waits for another process before it gives up as busy.
    pub busy_s: u64,
    /// Sources of the patient index with a limit of their own: hours after which they are stale; 0: never.
    pub sources: std::collections::BTreeMap<String, u32>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { site: "SITE".into(), views_mb: 2048, busy_s: 20, sources: Default::default() }
    }
}

/// A handle on everything that rests: cheap to clone, to be shared between threads.
#[derive(Clone)]
pub struct Archive(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) dir: PathBuf,
    pub(crate) settings: Settings,
    pub(crate) epoch: Epoch,
    pub(crate) vault: Vault,
    pub(crate) views: crate::views::Kept,
    /// Leases of ours that have ended although that could not be written.
    pub(crate) ended_leases: std::sync::Mutex<std::collections::BTreeSet<i64>>,
    // Last: the catalogue is closed before the instance's lock is given up.
    pub(crate) catalogue: Catalogue,
    pub(crate) instance: Instance,
}

/// Stands in a data directory while a restore into it is under way.
pub(crate) const RESTORING: &str = "restoring";

impl Archive {
    /// Opens the archive under a data directory, creating what is missing. Refuses a catalogue with a newer schema.
    pub fn open(dir: &Path, settings: &Settings) -> Result<Self> {
        if dir.join(RESTORING).exists() {
            let why = "a restore into it was cut short; run the same `chartroom restore` again";
            return Err(ArchiveError::NotNow { act: "open the archive", why });
        }
        for folder in ["packs", "views", "keys", "taken"] {
            std::fs::create_dir_all(dir.join(folder))
                .map_err(ArchiveError::io("create the data directory"))?;
        }
        let instance = Instance::start(&dir.join("instances"))?;
        let vault = Vault::open_at(&dir.join("vault"))?;
        let catalogue =
            Catalogue::open(&dir.join("catalogue.sqlite"), std::time::Duration::from_secs(settings.busy_s))?;
        let epoch = catalogue.epoch()?;
        crate::vault::sync_folder(dir)?;
        let archive = Self(Arc::new(Inner {
            dir: dir.to_owned(),
            settings: settings.clone(),
            epoch,
            vault,
            views: crate::views::Kept::default(),
            ended_leases: std::sync::Mutex::default(),
            catalogue,
            instance,
        }));
        if let Err(error) = archive.finish_imports() {
            // Until it is finished nothing is filed by the index; the next one to open tries again.
            warn!(%error, "an import of the patient index was cut short and cannot be finished now");
        }
        Ok(archive)
    }

    /// The data directory.
    pub fn dir(&self) -> &Path {
        &self.0.dir
    }

    /// This life of the catalogue: new when it is created and when it is restored.
    pub fn epoch(&self) -> Epoch {
        self.0.epoch
    }

    /// The longest time this handle has held the catalogue's write lock.
    pub fn longest_lock(&self) -> std::time::Duration {
        self.0.catalogue.longest_lock()
    }

    /// The originals.
    pub fn vault(&self) -> &Vault {
        &self.0.vault
    }
}

/// Shows where, not what.
impl std::fmt::Debug for Archive {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Archive({}, {})", self.0.epoch, self.0.instance.id)
    }
}
