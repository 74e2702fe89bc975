//! What does the archive know? One file a topic, each an `impl Archive`; rows only, never words.

pub(crate) mod audit;
pub(crate) mod changes;
pub(crate) mod charts;
pub(crate) mod columns;
pub(crate) mod filing;
pub(crate) mod import;
pub(crate) mod intake;
pub(crate) mod known;
pub(crate) mod line;
pub(crate) mod patients;
pub(crate) mod report;
pub(crate) mod rights;
pub(crate) mod schema;
pub(crate) mod sheets;
pub(crate) mod verify;
pub(crate) mod worklist;
mod writer;

use std::path::{Path, PathBuf};
use std::time::Duration;

use records::ids::Epoch;

use crate::error::Result;

pub(crate) struct Catalogue {
    path: PathBuf,
}

impl Catalogue {
    pub(crate) fn open(path: &Path, _patience: Duration) -> Result<Self> {
        Ok(Self { path: path.to_owned() })
    }

    pub(crate) fn epoch(&self) -> Result<Epoch> {
        let _ = &self.path;
        unimplemented!()
    }
}
