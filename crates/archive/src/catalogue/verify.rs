//! Is every page accounted for, and is everything still what it was?

use serde::Serialize;

use crate::error::Result;
use crate::open::Archive;

/// The catalogue's part of `verify --json`; `index_behind` is added by whoever has the index.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct VerifyReport {
    /// Nothing unaccounted and nothing corrupt.
    pub ok: bool,
    pub batches: u64,
    pub pages: u64,
    pub in_documents: u64,
    pub in_exceptions: u64,
    pub control_sheets: u64,
    pub blank: u64,
    pub superseded: u64,
    pub void: u64,
    pub set_aside: u64,
    pub pending: u64,
    /// Pages without a place, or whose place does not know of them.
    pub unaccounted: u64,
    /// Originals and readings that are missing or not what was stored.
    pub corrupt: u64,
    /// Stored objects and packs nothing refers to. No harm, no loss.
    pub orphans: u64,
    /// What was found, batch by batch, without patient data.
    pub problems: Vec<String>,
}

impl Archive {
    /// Proves that every page of every batch is in exactly one place. `full` also hashes every original and every
    /// reading; else their presence and size are checked.
    pub fn verify(&self, full: bool) -> Result<VerifyReport> {
        let _ = full;
        unimplemented!()
    }
}
