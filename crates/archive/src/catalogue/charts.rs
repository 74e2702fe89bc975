//! What has been filed, where, and why?

use jiff::Timestamp;
use jiff::civil::Date;
use records::document::{DocumentState, KindCode, Label};
use records::evidence::Evidence;
use records::identifier::Identifier;
use records::ids::{BatchId, DocumentId, PageRef};
use records::patient::PatientId;

use crate::error::Result;
use crate::open::Archive;

/// A document as it stands in the catalogue.
#[derive(Clone, Debug)]
pub struct DocumentRow {
    pub id: DocumentId,
    /// The batch of its first page.
    pub batch: BatchId,
    pub station: String,
    /// The station's name of the file its first page came in: patient data.
    pub file: String,
    /// In order, from any batch.
    pub pages: Vec<PageRef>,
    /// As filed; merges are resolved in `patient`.
    pub filed_patient: PatientId,
    pub patient: PatientSummary,
    /// What the paper (or the declaration) said; never changes.
    pub filed_under: Identifier,
    pub kind: KindCode,
    pub service: Option<(Date, Date)>,
    pub labels: Vec<Label>,
    pub state: DocumentState,
    pub evidence: Vec<Evidence>,
    /// `line`, or the clerk.
    pub filed_by: String,
    pub filed_at: Timestamp,
    /// When the original was received.
    pub received: Timestamp,
    /// Why it was voided or quarantined.
    pub withdrawn_because: Option<String>,
}

/// What a list shows of a person (the survivor of all merges).
#[derive(Clone, PartialEq, Eq)]
pub struct PatientSummary {
    pub id: PatientId,
    pub mrn: Option<Identifier>,
    /// "DOE, JANE Q"; empty while only the number is known.
    pub name: String,
    pub birth_date: Option<Date>,
}

/// Shows nothing about the person.
impl std::fmt::Debug for PatientSummary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PatientSummary({}, …)", self.id.0)
    }
}

/// Which documents? All that are set must hold.
#[derive(Clone, Debug, Default)]
pub struct DocumentFilter {
    pub batch: Option<BatchId>,
    /// Any identity of the person: merges are resolved.
    pub patient: Option<PatientId>,
    /// Exactly the station's file name, of any page's original.
    pub file: Option<String>,
    /// Also voided and quarantined ones.
    pub withdrawn: bool,
    /// At most so many, newest first; absent: all.
    pub limit: Option<u32>,
}

impl Archive {
    /// One document, whatever its state; `None`: no such id.
    pub fn document(&self, id: &DocumentId) -> Result<Option<DocumentRow>> {
        let _ = id;
        unimplemented!()
    }

    /// Documents, newest batch first, within a batch by first page. Evidence is included.
    pub fn documents(&self, filter: &DocumentFilter) -> Result<Vec<DocumentRow>> {
        let _ = filter;
        unimplemented!()
    }

    /// The document or exception a page is in now.
    pub fn place(&self, page: PageRef) -> Result<Option<records::document::Place>> {
        let _ = page;
        unimplemented!()
    }
}
