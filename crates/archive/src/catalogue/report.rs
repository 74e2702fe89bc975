//! How does it stand?

use jiff::Timestamp;
use records::ids::{BatchId, PageNumber};
use serde::Serialize;

use crate::catalogue::charts::DocumentRow;
use crate::catalogue::line::BatchRow;
use crate::catalogue::worklist::ExceptionRow;
use crate::error::Result;
use crate::open::Archive;

/// Where the pages are: together they are all pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PlaceCounts {
    pub pending: u64,
    pub in_documents: u64,
    pub in_exceptions: u64,
    pub control_sheets: u64,
    pub blank: u64,
    pub superseded: u64,
    pub void: u64,
    pub set_aside: u64,
}

/// Everything about one batch.
#[derive(Clone, Debug)]
pub struct BatchReport {
    pub batch: BatchRow,
    pub places: PlaceCounts,
    /// Pages whose reading is safe on disk.
    pub read: u64,
    pub documents: Vec<DocumentRow>,
    pub exceptions: Vec<ExceptionRow>,
    pub control_sheets: Vec<PageNumber>,
    pub blanks: Vec<PageNumber>,
    /// Arrivals that brought the same bytes again.
    pub duplicates: u64,
}

/// What a person wants to know first. Serialises as the catalogue's part of `status --json`.
#[derive(Clone, Debug, Serialize)]
pub struct Status {
    /// Batches not yet filed.
    pub waiting: u64,
    pub oldest_waiting_s: Option<u64>,
    pub stations: Vec<StationStatus>,
    /// Open exceptions.
    pub worklist: u64,
    pub alarms: Vec<String>,
    /// Batches given up.
    pub failed: u64,
    pub batches: u64,
    pub documents: u64,
    pub patients: u64,
    pub patients_last_contact: Option<Timestamp>,
}

#[derive(Clone, Debug, Serialize)]
pub struct StationStatus {
    pub name: String,
    /// When its last file came.
    pub last_file: Option<Timestamp>,
    /// Its batches that are not yet filed.
    pub backlog: u64,
}

impl Archive {
    /// Everything about one batch.
    pub fn batch_report(&self, id: &BatchId) -> Result<BatchReport> {
        let _ = id;
        unimplemented!()
    }

    /// How it stands now.
    pub fn status(&self) -> Result<Status> {
        unimplemented!()
    }
}
