//! What came, was it here before, and in which jobs?

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use records::batch::{Arrival, NewBatch, Receipt};
use records::ids::{ArrivalId, BatchId};

use crate::error::Result;
use crate::open::Archive;

/// What became of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    New(BatchId),
    /// These very arrivals were closed before (a crash came between).
    Resumed(BatchId),
    /// The same originals in the same order came before, in other arrivals: those are in the ledger, nothing is
    /// read again.
    Duplicate(BatchId),
}

impl Closed {
    pub const fn batch(self) -> BatchId {
        match self {
            Self::New(batch) | Self::Resumed(batch) | Self::Duplicate(batch) => batch,
        }
    }
}

/// An arrival that is in no batch yet and is no duplicate.
#[derive(Clone, Debug)]
pub struct UnbatchedArrival {
    pub arrival: Arrival,
    /// The job it is part of, as given to [`Archive::receive_part`].
    pub job: Option<String>,
    /// Where its file was moved.
    pub taken: Option<PathBuf>,
}

/// A file as a folder that cannot be written shows it: what was taken once is known by this.
#[derive(Clone, PartialEq, Eq)]
pub struct FileStamp {
    pub station: String,
    /// Relative to the station's folder.
    pub path: OsString,
    pub dev: u64,
    pub ino: u64,
    /// Bytes.
    pub size: u64,
    /// Nanoseconds since 1970.
    pub mtime_ns: i64,
}

/// Never shows the file's name.
impl std::fmt::Debug for FileStamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FileStamp({}, {} bytes)", self.station, self.size)
    }
}

impl Archive {
    /// A fresh id for a file that has come.
    pub fn draw_arrival(&self) -> ArrivalId {
        ArrivalId(*uuid::Uuid::new_v4().as_bytes())
    }

    /// Enters a file that is a job of its own into the ledger, once its bytes are in the vault. The same bytes
    /// are a duplicate unless every batch they are in is void, failed or quarantined.
    pub fn receive(&self, arrival: &Arrival) -> Result<Receipt> {
        let _ = arrival;
        unimplemented!()
    }

    /// Enters one file of a job of several: never a duplicate by itself (two blank pages of a job may be the same
    /// bytes); whether the whole job came before is seen when it is closed.
    pub fn receive_part(&self, arrival: &Arrival, job: &str) -> Result<Receipt> {
        let _ = (arrival, job);
        unimplemented!()
    }

    /// Remembers where an arrival's file was moved.
    pub fn taken(&self, arrival: ArrivalId, path: &Path) -> Result<()> {
        let _ = (arrival, path);
        unimplemented!()
    }

    /// Arrivals in no batch yet, oldest first: what a restart has to go on with.
    pub fn arrivals_unbatched(&self) -> Result<Vec<UnbatchedArrival>> {
        unimplemented!()
    }

    /// Closes a job: from here its originals and their order never change. Idempotent for the same arrivals.
    pub fn close_batch(&self, batch: &NewBatch) -> Result<Closed> {
        let _ = batch;
        unimplemented!()
    }

    /// Whether this very file was taken before.
    pub fn file_known(&self, stamp: &FileStamp) -> Result<bool> {
        let _ = stamp;
        unimplemented!()
    }

    /// Remembers that this file was taken as that arrival.
    pub fn remember_file(&self, arrival: ArrivalId, stamp: &FileStamp) -> Result<()> {
        let _ = (arrival, stamp);
        unimplemented!()
    }
}
