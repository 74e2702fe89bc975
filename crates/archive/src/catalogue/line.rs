//! Which batch is next, who has it, and how far is it read?

use std::sync::atomic::AtomicBool;

use jiff::Timestamp;
use records::batch::{Grouping, Priority};
use records::exception::Reason;
use records::ids::{BatchId, Digest, ExceptionId, PageNumber};
use records::reading::{Fault, Format, Survey};
use records::station::Profile;

use crate::error::Result;
use crate::instance::LineLock;
use crate::open::Archive;
use crate::pack::{PackReader, PackWriter, ReadPage};

/// A worker's right to a batch. Ends with [`Archive::file`], [`Archive::release`], [`Archive::fail`], when it is
/// dropped, or when its process dies.
pub struct Lease {
    pub(crate) archive: Archive,
    pub(crate) batch: BatchId,
    /// Row of the batch.
    pub(crate) key: i64,
    /// Fencing token: larger with every lease ever given.
    pub(crate) token: i64,
    pub(crate) ended: AtomicBool,
}

impl Lease {
    pub fn batch(&self) -> BatchId {
        self.batch
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchState {
    /// Closed, and nobody works on it.
    Waiting,
    /// Leased: surveyed, read, judged.
    Reading,
    /// Every page has its place.
    Filed,
    /// Given up until a person retries it.
    Failed,
}

/// A batch and its originals.
#[derive(Clone, Debug)]
pub struct BatchRow {
    pub id: BatchId,
    pub station: String,
    pub profile: Profile,
    pub priority: Priority,
    pub grouping: Grouping,
    pub held: Vec<Reason>,
    pub declared_sheets: Option<u32>,
    pub occurrence: u32,
    pub created: Timestamp,
    pub state: BatchState,
    /// Attempts that ended in a passing fault.
    pub attempts: u32,
    pub retry_at: Option<Timestamp>,
    pub fault: Option<Fault>,
    /// In order.
    pub originals: Vec<OriginalRow>,
}

impl BatchRow {
    /// Pages of all originals surveyed so far.
    pub fn pages(&self) -> u32 {
        self.originals.iter().filter_map(|original| original.pages).sum()
    }
}

/// One original of a batch.
#[derive(Clone)]
pub struct OriginalRow {
    pub digest: Digest,
    /// Bytes.
    pub size: u64,
    /// The station's file name: patient data.
    pub name: String,
    pub received: Timestamp,
    /// Absent until surveyed; 0 if it cannot be read at all (`fault`).
    pub pages: Option<u32>,
    /// Number of its first page in the batch; absent until it and all before it are surveyed.
    pub first_page: Option<PageNumber>,
    pub format: Option<Format>,
    pub fault: Option<Fault>,
    /// It can be read but is not whole.
    pub damage: Option<Fault>,
}

/// Never shows the file's name.
impl std::fmt::Debug for OriginalRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "OriginalRow({}, {:?} pages)", self.digest, self.pages)
    }
}

impl Archive {
    /// The next batch that wants work: priority first, then age. `None`: nothing to do now.
    pub fn lease_next(&self) -> Result<Option<Lease>> {
        unimplemented!()
    }

    /// Gives a batch back undone.
    pub fn release(&self, lease: Lease) -> Result<()> {
        let _ = lease;
        unimplemented!()
    }

    /// Gives a batch back after a fault: to be tried again from `retry_at` on, or not before a person retries it.
    pub fn fail(&self, lease: Lease, fault: &Fault, retry_at: Option<Timestamp>) -> Result<()> {
        let _ = (lease, fault, retry_at);
        unimplemented!()
    }

    /// A batch and its originals.
    pub fn batch(&self, id: &BatchId) -> Result<BatchRow> {
        let _ = id;
        unimplemented!()
    }

    /// What an original (from 0) turned out to hold; every page gets its place. The first survey counts: a batch
    /// never changes.
    pub fn surveyed(&self, lease: &Lease, original: u32, survey: &Result<Survey, Fault>) -> Result<()> {
        let _ = (lease, original, survey);
        unimplemented!()
    }

    /// The batch's reading pack, for appending. What a dead worker had read and not yet reported is taken over.
    pub fn pack_writer(&self, lease: &Lease) -> Result<PackWriter> {
        let _ = lease;
        unimplemented!()
    }

    /// Reports pages whose readings are safe on disk (from [`PackWriter::sync`]).
    pub fn pages_read(&self, lease: &Lease, pages: &[ReadPage]) -> Result<()> {
        let _ = (lease, pages);
        unimplemented!()
    }

    /// The readings of the leased batch.
    pub fn readings(&self, lease: &Lease) -> Result<PackReader> {
        let _ = lease;
        unimplemented!()
    }

    /// The readings of the batch an exception is in, for judging again.
    pub fn readings_to_judge(&self, line: &LineLock, exception: &ExceptionId) -> Result<PackReader> {
        let _ = (line, exception);
        unimplemented!()
    }
}
