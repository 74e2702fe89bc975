//! What does the search index know about one page? Made by the archive, taken by `search`.

use jiff::civil::Date;

use crate::codes::CodeMention;
use crate::document::{KindCode, Label};
use crate::ids::{DocumentId, ExceptionId, PageRef};
use crate::patient::PatientId;
use crate::reading::PageReading;

/// One page as it is to be found.
#[derive(Clone, Debug)]
pub struct PageEntry {
    pub page: PageRef,
    pub home: Home,
    pub station: String,
    /// Day the arrival was received.
    pub received: Date,
    pub labels: Vec<Label>,
    /// The box of paper it came in, `project.box`, where a sheet in its batch says so.
    pub paper_box: Option<String>,
    /// What speaks for whose it is: kinds of evidence, and the ground it was filed on, as they are written in JSON.
    pub evidence: Vec<String>,
    /// The codes that stand on it, valid on its days of service; empty until whoever knows the tables has looked.
    pub codes: Vec<CodeMention>,
    pub reading: PageReading,
}

impl PageEntry {
    /// First and last day of what the page is about, where it is known.
    pub const fn service(&self) -> Option<(Date, Date)> {
        match &self.home {
            Home::Document { service, .. } => *service,
            Home::Exception { .. } => None,
        }
    }
}

/// In which document, or on the worklist.
#[derive(Clone, Debug)]
pub enum Home {
    Document {
        id: DocumentId,
        /// From 1.
        page_in_document: u32,
        pages_in_document: u32,
        /// As filed; merges are resolved when asking.
        patient: PatientId,
        /// The number it was filed under, canonical, for `mrn:` searches.
        number: String,
        /// Visit and account numbers it belongs to, canonical, for `acct:` searches.
        accounts: Vec<String>,
        kind: KindCode,
        service: Option<(Date, Date)>,
    },
    Exception {
        id: ExceptionId,
    },
}
