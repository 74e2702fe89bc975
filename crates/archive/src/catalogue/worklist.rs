//! What waits for a person, and what may a person do about it?

use jiff::Timestamp;
use jiff::civil::Date;
use records::document::{IndexVersion, KindCode, Label, NewDocument};
use records::evidence::Evidence;
use records::exception::Reason;
use records::identifier::Identifier;
use records::ids::{BatchId, DocumentId, ExceptionId, PageNumber, PageRef};
use records::judge::Hold;
use records::patient::PatientId;

use crate::catalogue::charts::PatientSummary;
use crate::error::{FileError, Result};
use crate::open::Archive;

/// An exception as it stands.
#[derive(Clone, Debug)]
pub struct ExceptionRow {
    pub id: ExceptionId,
    pub batch: BatchId,
    pub station: String,
    /// The station's file name: patient data.
    pub file: String,
    pub pages: Vec<PageRef>,
    pub reasons: Vec<Reason>,
    pub candidates: Vec<CandidateRow>,
    pub evidence: Vec<Evidence>,
    pub detail: Option<String>,
    pub kind: KindCode,
    pub service: Option<(Date, Date)>,
    /// Held for something contrary, now or ever: never filed by itself any more.
    pub was_contrary: bool,
    pub state: ExceptionState,
    pub created: Timestamp,
    /// What became of it: the document, or in words.
    pub document: Option<DocumentId>,
    pub resolution: Option<String>,
    pub resolved_by: Option<String>,
    pub resolved_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExceptionState {
    Open,
    /// Became a document, or was split.
    Resolved,
    Void,
    /// No record of a patient here: set aside with its disposition.
    SetAside,
}

/// Somebody it may be.
#[derive(Clone, Debug)]
pub struct CandidateRow {
    pub patient: PatientSummary,
    pub why: String,
}

/// Whose it is, says a clerk.
#[derive(Clone, Debug)]
pub struct Assignment {
    pub patient: PatientId,
    /// The number on the paper, as the clerk typed it.
    pub filed_under: Identifier,
    /// Absent: as the exception (or document) has it.
    pub kind: Option<KindCode>,
    pub service: Option<(Date, Date)>,
    pub labels: Vec<Label>,
    /// Who assigns: `clerk:lopez`.
    pub clerk: String,
}

/// What is withdrawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Document(DocumentId),
    Exception(ExceptionId),
}

/// Dispositions of a person that put pages in no chart (`domain.md` 2.12).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetAside {
    /// Not ours: a privacy incident.
    Misdirected,
    /// Advert, invoice.
    NotARecord,
    /// For another department.
    Route(String),
    /// A list of many patients.
    LogStore,
    /// Stays on the worklist until the person is registered.
    AwaitRegistration,
    /// Stays on the worklist, with a note.
    Waiting,
}

impl Archive {
    /// One exception, whatever its state; `None`: no such id.
    pub fn exception(&self, id: &ExceptionId) -> Result<Option<ExceptionRow>> {
        let _ = id;
        unimplemented!()
    }

    /// Everything that waits for a person, oldest first.
    pub fn worklist(&self) -> Result<Vec<ExceptionRow>> {
        unimplemented!()
    }

    /// A clerk says whose it is: the exception becomes a document.
    pub fn assign(&self, id: &ExceptionId, assignment: &Assignment) -> Result<DocumentId> {
        let _ = (id, assignment);
        unimplemented!()
    }

    /// Takes an exception apart before each of the given pages.
    pub fn split(&self, id: &ExceptionId, before: &[PageNumber], clerk: &str) -> Result<Vec<ExceptionId>> {
        let _ = (id, before, clerk);
        unimplemented!()
    }

    /// Withdraws a document or an exception: its pages stay, in no chart.
    pub fn void(&self, target: Target, clerk: &str, reason: &str) -> Result<()> {
        let _ = (target, clerk, reason);
        unimplemented!()
    }

    /// Hides a document at once: it may be in the wrong chart.
    pub fn quarantine(&self, id: &DocumentId, clerk: &str, reason: &str) -> Result<()> {
        let _ = (id, clerk, reason);
        unimplemented!()
    }

    /// Files a filed or quarantined document anew under another patient; the old one is void.
    pub fn refile(&self, id: &DocumentId, assignment: &Assignment) -> Result<DocumentId> {
        let _ = (id, assignment);
        unimplemented!()
    }

    /// Sets an exception aside (or notes that it waits).
    pub fn dispose(&self, id: &ExceptionId, as_what: &SetAside, clerk: &str, note: &str) -> Result<()> {
        let _ = (id, as_what, clerk, note);
        unimplemented!()
    }

    /// Puts a failed batch back on the line; or one of which nothing was filed, after the cause is mended.
    pub fn retry(&self, batch: &BatchId, clerk: &str) -> Result<()> {
        let _ = (batch, clerk);
        unimplemented!()
    }

    /// Open exceptions held for something missing and never for anything contrary: to be judged again.
    pub fn waiting_for_missing(&self) -> Result<Vec<ExceptionRow>> {
        unimplemented!()
    }

    /// Judged again, and now it files itself. `document.pages` are the exception's. `Err(Moved)`: judge again.
    pub fn judged_again(
        &self,
        id: &ExceptionId,
        document: &NewDocument,
        version: IndexVersion,
    ) -> Result<DocumentId, FileError> {
        let _ = (id, document, version);
        unimplemented!()
    }

    /// Judged again, and still held: reasons and candidates as they are now.
    pub fn held_again(&self, id: &ExceptionId, hold: &Hold) -> Result<()> {
        let _ = (id, hold);
        unimplemented!()
    }
}
