//! Who did or saw what, and has nobody changed the record since?

use jiff::Timestamp;
use records::document::Label;
use records::ids::{DocumentId, PageRef};
use records::patient::PatientId;
use records::rights::Viewer;
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::open::Archive;

/// Create, read, update, delete, execute (`domain.md` 4.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    #[serde(rename = "C")]
    Create,
    #[serde(rename = "R")]
    Read,
    #[serde(rename = "U")]
    Update,
    #[serde(rename = "D")]
    Delete,
    #[serde(rename = "E")]
    Execute,
}

/// What is to be recorded. The time is taken when it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// `clerk:lopez`, `os:root`, `line`.
    pub actor: String,
    pub action: Action,
    /// What was done: `search`, `view`, `assign`, `void`, `patients-import` …
    pub what: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient: Option<PatientId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<DocumentId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<PageRef>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<Label>,
    /// Query, counts, before and after, reason. May hold patient data: the audit is one of the places that may.
    #[serde(default, skip_serializing_if = "serde_json::Value::is_null")]
    pub detail: serde_json::Value,
    /// Refused for want of a right.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub refused: bool,
}

/// One entry as it stands in the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditRow {
    pub seq: u64,
    pub at: Timestamp,
    #[serde(flatten)]
    pub entry: AuditEntry,
}

/// Whether the chain holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct AuditReport {
    pub entries: u64,
    /// The first entry that is not what was written, or does not follow from the one before.
    pub broken_at: Option<u64>,
}

impl Archive {
    /// Writes an entry; it is durable when this returns. Entries that wait at the same time share one commit.
    pub fn record(&self, entry: &AuditEntry) -> Result<u64> {
        let _ = entry;
        unimplemented!()
    }

    /// Records a search (its text is patient data, and belongs in the audit).
    pub fn record_search(&self, viewer: &Viewer, query: &str, hits: u64) -> Result<u64> {
        let _ = (viewer, query, hits);
        unimplemented!()
    }

    /// Everyone who looked at pages of this document, oldest first.
    pub fn who_saw(&self, document: &DocumentId) -> Result<Vec<AuditRow>> {
        let _ = document;
        unimplemented!()
    }

    /// Entries after a sequence number, oldest first.
    pub fn audit(&self, after: u64, limit: usize) -> Result<Vec<AuditRow>> {
        let _ = (after, limit);
        unimplemented!()
    }

    /// Walks the whole chain.
    pub fn audit_verify(&self) -> Result<AuditReport> {
        unimplemented!()
    }
}
