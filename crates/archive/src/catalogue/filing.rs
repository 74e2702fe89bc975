//! How does everything decided about a batch become so, at once or not at all?

use std::time::Duration;

use records::document::Filing;
use records::ids::{DocumentId, ExceptionId};
use records::judge::SheetAppearance;

use crate::catalogue::line::Lease;
use crate::error::FileError;
use crate::open::Archive;

/// What was written. Ids are those of the filing, unless an earlier act has used one up (a batch put back on the
/// line): then the next issue's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filed {
    pub documents: Vec<DocumentId>,
    pub exceptions: Vec<ExceptionId>,
    /// The longest time the catalogue's write lock was held for it.
    pub longest_lock: Duration,
}

impl Archive {
    /// Files a whole batch and ends its lease: documents, exceptions, places, serials, audit, change log and the
    /// batch's state, in one transaction of rows (what is bulky is laid ready before, invisible).
    ///
    /// `seen` are the earlier appearances of its control sheets that the verdicts knew
    /// ([`records::judge::Known::appearances`]); another one by now refuses, as another version of the patient
    /// index does: `Err(Moved)`, judge again. Every page of the batch must be named exactly once.
    pub fn file(&self, lease: &Lease, filing: &Filing, seen: &[SheetAppearance]) -> Result<Filed, FileError> {
        let _ = (lease, filing, seen);
        unimplemented!()
    }
}
