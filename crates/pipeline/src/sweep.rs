//! Is somebody else named in what is filed? (`domain.md` 2.13, 3)
//!
//! Rules and the patient index change, and people file what rules would not. What is found is put in question; it
//! is never taken out of a chart.

use archive::{Archive, DocumentRow};
use jiff::Timestamp;
use records::evidence::Evidence;
use records::exception::Reason;
use records::rules::Rules;
use serde::Serialize;
use tracing::warn;

use crate::error::LineError;

/// What a sweep did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Swept {
    pub documents: u64,
    /// Documents newly put in question.
    pub doubts: u64,
    /// Documents whose readings are damaged (`chartroom verify` names them).
    pub unread: u64,
    /// Everything filed was looked through with the present patient index.
    pub complete: bool,
}

/// Looks through filed documents, the longest not looked at first, for as long as it may go on.
///
/// # Errors
/// The archive cannot be used just now. What was looked through is remembered.
pub fn sweep(archive: &Archive, rules: &Rules, go_on: impl Fn() -> bool) -> Result<Swept, LineError> {
    /// Documents remembered together.
    const PIECE: usize = 50;
    let mut swept = Swept::default();
    while go_on() {
        let unswept = archive.unswept(PIECE)?;
        if unswept.documents.is_empty() {
            swept.complete = true;
            break;
        }
        let mut done = Vec::new();
        for document in unswept.documents.iter().take_while(|_| go_on()) {
            match look_through(archive, rules, document) {
                Ok(doubted) => swept.doubts += u64::from(doubted),
                Err(LineError::Archive(error)) if !error.retryable() => {
                    warn!(document = %document.id, %error, "a document could not be looked through");
                    swept.unread += 1;
                }
                Err(error) => {
                    archive.swept(&done, unswept.version)?;
                    return Err(error);
                }
            }
            swept.documents += 1;
            done.push(document.id);
        }
        archive.swept(&done, unswept.version)?;
    }
    if swept.documents > 0 {
        archive.record_sweep(swept.documents, swept.doubts)?;
    }
    Ok(swept)
}

/// Puts a document in question where something on it names somebody else; answers whether that is new.
fn look_through(archive: &Archive, rules: &Rules, document: &DocumentRow) -> Result<bool, LineError> {
    let Some(person) = archive.patient(document.patient.id)? else { return Ok(false) };
    let found = archive.objections(rules, &document.pages, &person, Timestamp::now())?;
    // What a person saw when they filed it, and filed it all the same, is not asked again.
    let was_seen =
        |new: &Evidence| document.evidence.iter().any(|old| old.contrary && old.is_same_reading(new));
    let others: Vec<Evidence> = found
        .against
        .into_iter()
        .filter(|(reason, seen)| *reason != Reason::SexMismatch && !was_seen(seen))
        .map(|(_, seen)| seen)
        .collect();
    if others.is_empty() {
        return Ok(false);
    }
    Ok(archive.doubt(&document.id, &[Reason::SweepOtherPatient], &others, "sweep")?)
}
