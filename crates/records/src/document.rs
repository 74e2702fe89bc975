//! What is filed, and how does a batch's every page get its one place?

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::evidence::{Evidence, Ground};
use crate::exception::{Candidate, Reason};
use crate::identifier::Identifier;
use crate::ids::{BatchId, DocumentId, ExceptionId, PageNumber, PageRef};
use crate::patient::PatientId;
use crate::rescan::PagePrint;

/// Code of a kind of document in `config/kinds.toml`: `LAB`, `PROG`, `UNSORTED`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KindCode(pub String);

impl KindCode {
    /// The kind of what nobody has typed yet.
    pub fn unsorted() -> Self {
        Self("UNSORTED".into())
    }
}

/// Protection label: `PART2`, `GENETIC`, `MH`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Label(pub String);

/// Where a page is. `place(batch, page)` is a primary key: exactly one of these, always.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Received, not yet read or judged.
    Pending,
    Document(DocumentId),
    Exception(ExceptionId),
    ControlSheet,
    Blank,
    Superseded,
    Void,
    SetAside,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DocumentState {
    Filed,
    Void,
    Quarantined,
}

/// Everything the line decided about one batch, written in one transaction.
#[derive(Clone, Debug)]
pub struct Filing {
    pub batch: BatchId,
    pub dispositions: Vec<Disposition>,
    /// Pages that are our own sheets, with the serial of those that were read.
    pub control_sheets: Vec<(PageNumber, Option<SerialUse>)>,
    pub blanks: Vec<PageNumber>,
    /// Sheets of ours that stay inside a held draft: their serials are used up as well.
    pub held_sheets: Vec<(PageNumber, SerialUse)>,
    /// Boxes of paper, each from the page of its sheet on ([`crate::sheet::SheetPayload::paper_box`]).
    pub boxes: Vec<(PageNumber, String)>,
    /// Cover sheets that appeared elsewhere before, and no repeat after a jam: what was filed under their first
    /// appearance is in doubt, too.
    pub reused: Vec<SerialUse>,
    pub copies: Copies,
    /// What came under slips that something waits for.
    pub rescanned: Vec<Rescanned>,
    /// The patient index's version the verdicts were made on; another one by now refuses the filing.
    pub version: IndexVersion,
}

/// A sheet that came under a rescan slip, and what becomes of it (`domain.md` 2.14, D-4).
#[derive(Clone, Debug)]
pub struct Rescanned {
    pub slip: SerialUse,
    /// Its sides, of the filing's batch.
    pub pages: Vec<PageNumber>,
    /// The sides of the old sheet.
    pub old: Vec<PageRef>,
    pub becomes: Becomes,
}

#[derive(Clone, Debug)]
pub enum Becomes {
    /// It supersedes the old sheet in a filed document.
    Document {
        id: DocumentId,
        /// Whose the document was, merges resolved, when the verdict was made.
        patient: PatientId,
        /// What on it agrees.
        evidence: Vec<Evidence>,
        labels: Vec<Label>,
    },
    /// It supersedes the old sheet in something held, which was judged anew with it. The pages of that verdict are those
    /// that were held, with this sheet in the old one's place.
    Exception { id: ExceptionId, anew: Box<Disposition> },
    /// It cannot be told to be that sheet: its pages are an exception of the filing, and both pictures stay on the item.
    Both,
}

impl Rescanned {
    /// Pages that are in none of the filing's dispositions.
    pub fn placed(&self) -> &[PageNumber] {
        match self.becomes {
            Becomes::Both => &[],
            Becomes::Document { .. } | Becomes::Exception { .. } => &self.pages,
        }
    }
}

/// What a filing knows about pages that were scanned before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Copies {
    /// Of the batch's own pages.
    pub prints: Vec<PagePrint>,
    /// Position of the change log when the verdicts were made.
    pub position: u64,
    /// Filed pages of other batches with a print of one of ours, as the verdicts knew them.
    pub known: Vec<PageRef>,
}

/// A control sheet's serial as it appeared: unique is (site, serial, kind).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SerialUse {
    pub site: String,
    pub serial: String,
    /// The sheet's kind letter: `P`, `B`, `G` …
    pub kind: char,
}

/// Raised by every import, merge, alert, encounter, form catalogue or rule change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IndexVersion(pub u64);

/// What becomes of one draft.
#[derive(Clone, Debug)]
pub enum Disposition {
    File(NewDocument),
    Hold(NewException),
}

/// A document about to be filed.
#[derive(Clone, Debug)]
pub struct NewDocument {
    pub id: DocumentId,
    pub pages: Vec<PageNumber>,
    pub patient: PatientId,
    /// What the paper said (or the declaration, as it was given). Never changes afterwards.
    pub filed_under: Identifier,
    pub kind: KindCode,
    /// Date of service, first and last day, where one could be found.
    pub service: Option<(Date, Date)>,
    pub labels: Vec<Label>,
    /// Why it may be in this chart.
    pub ground: Ground,
    pub evidence: Vec<Evidence>,
}

/// A draft about to be held. An original without a readable page has no pages here.
#[derive(Clone, Debug)]
pub struct NewException {
    pub id: ExceptionId,
    pub pages: Vec<PageNumber>,
    /// At least one.
    pub reasons: Vec<Reason>,
    pub candidates: Vec<Candidate>,
    /// What was read, field by field, for the clerk who resolves it.
    pub evidence: Vec<Evidence>,
    /// In a clerk's words, where a file or page could not be read. No patient data, no file name.
    pub detail: Option<String>,
    pub kind: KindCode,
    pub service: Option<(Date, Date)>,
    /// Whom it would have been filed to, were its station not on trial (`SHADOW`).
    pub proposed: Option<PatientId>,
    /// Protection labels it will carry in whose chart ever.
    pub labels: Vec<Label>,
}
