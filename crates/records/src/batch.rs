//! What came, and in which jobs?

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::exception::Reason;
use crate::identifier::Identifier;
use crate::ids::{ArrivalId, BatchId, Digest};
use crate::station::Profile;

/// One file that came: where, when and what bytes. A ledger row, also for a duplicate.
#[derive(Clone, Serialize, Deserialize)]
pub struct Arrival {
    pub id: ArrivalId,
    pub station: String,
    /// The station's file name: counts as patient data, never logged.
    pub name: String,
    pub digest: Digest,
    /// Bytes.
    pub size: u64,
    pub at: Timestamp,
}

/// Never shows the file's name: `Debug` ends up in logs.
impl std::fmt::Debug for Arrival {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Arrival({}, {} bytes)", self.id, self.size)
    }
}

/// What the archive answers to an arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receipt {
    New,
    /// This very arrival was received before a crash.
    Resumed,
    /// The same bytes came before, in this batch; the arrival is in the ledger, nothing is read again.
    Duplicate(BatchId),
}

/// How a station's files become batches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grouping {
    #[default]
    File,
    /// A sub-folder is a job, one file a page.
    Folder,
    /// An index file names the files.
    Manifest,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Priority {
    #[default]
    Normal,
    Stat,
}

/// A closed job: from here its originals and their order never change.
#[derive(Clone)]
pub struct NewBatch {
    pub station: String,
    pub profile: Profile,
    pub priority: Priority,
    pub grouping: Grouping,
    /// In order; at least one.
    pub arrivals: Vec<ArrivalId>,
    /// What is wrong with the job as a whole (`PAGE_GAP`, `LATE_FILE`): everything in it is held.
    pub held: Vec<Reason>,
    /// Sheets the operator or an index file declared.
    pub declared_sheets: Option<u32>,
    /// Images (pages, blank ones and control sheets counted) that an index file declared.
    pub declared_pages: Option<u32>,
    /// Name of its folder or index file, to know what comes after it was closed. Patient data.
    pub job_name: Option<String>,
    /// Whose pages they are, said who handed them in.
    pub upload: Option<Upload>,
}

/// A declaration over a whole file by who hands it in (`domain.md` 2.14, D-1): number and birth date were typed while
/// the chart's own were not shown, and agreed with the patient index (D-2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// As it was given.
    pub number: Identifier,
    pub by: String,
    pub at: Timestamp,
}

/// Never shows the job's name.
impl std::fmt::Debug for NewBatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewBatch({}, {} files)", self.station, self.arrivals.len())
    }
}
