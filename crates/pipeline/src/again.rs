//! Has what was missing come by now?
//!
//! Drafts held for something *missing* are judged again whenever the patient index, the form catalogue or a
//! rule has changed. What was ever held for something *contrary* is not even asked.

use std::collections::BTreeMap;
use std::time::Duration;

use archive::{ExceptionRow, FileError};
use jiff::Timestamp;
use records::document::{Disposition, Filing, IndexVersion};
use records::ids::{BatchId, PageNumber};
use records::judge::Hold;
use tracing::{info, warn};

use crate::decide::decide;
use crate::error::LineError;
use crate::line::Tools;
use crate::mend::judge_mended;
use crate::stop::Stop;

/// Looks once a second whether there is anything new to know.
pub(crate) fn judge_again(tools: &Tools, stop: &Stop) {
    let mut judged = None;
    while !stop.is_set() {
        match round(tools, judged, stop) {
            Ok(version) => judged = Some(version),
            Err(fault) => warn!(error = %fault, "what waits could not be judged again; trying later"),
        }
        stop.pause(Duration::from_secs(1));
    }
}

/// Judges everything that waits, if the patient index is another one than last time.
fn round(tools: &Tools, last: Option<IndexVersion>, stop: &Stop) -> Result<IndexVersion, LineError> {
    let version = tools.archive.index_version()?;
    if last == Some(version) {
        return Ok(version);
    }
    judge_mended(tools)?;
    let mut by_batch: BTreeMap<BatchId, Vec<ExceptionRow>> = BTreeMap::new();
    for exception in tools.archive.waiting_for_missing()? {
        by_batch.entry(exception.batch).or_default().push(exception);
    }
    for (batch, waiting) in by_batch {
        if stop.is_set() {
            break;
        }
        judge_batch(tools, batch, &waiting)?;
    }
    Ok(version)
}

/// Separates and judges the batch anew, and takes over the verdicts on drafts that are just what waits.
fn judge_batch(tools: &Tools, batch: BatchId, waiting: &[ExceptionRow]) -> Result<(), LineError> {
    let batch = tools.archive.batch(&batch)?;
    let readings = tools.archive.readings_to_judge(&tools.lock, &waiting[0].id)?;
    let decided = decide(tools, &batch, &readings, Timestamp::now())?;
    for exception in waiting {
        let pages: Vec<PageNumber> = exception.pages.iter().map(|page| page.page).collect();
        take_over(tools, exception, &pages, &decided.filing)?;
    }
    Ok(())
}

fn take_over(
    tools: &Tools,
    exception: &ExceptionRow,
    pages: &[PageNumber],
    filing: &Filing,
) -> Result<(), LineError> {
    for disposition in &filing.dispositions {
        match disposition {
            Disposition::File(document) if document.pages == pages => {
                tracing::trace!(target: "fault_point", "before judged again");
                match tools.archive.judged_again(&exception.id, document, filing.version) {
                    Ok(id) => info!(exception = %exception.id, document = %id, "judged again and filed"),
                    Err(FileError::Moved) => {} // the next round sees the newer index
                    Err(error) => return Err(error.into()),
                }
            }
            Disposition::Hold(held) if held.pages == pages && held.reasons != exception.reasons => {
                let hold = Hold {
                    reasons: held.reasons.clone(),
                    candidates: held.candidates.clone(),
                    evidence: held.evidence.clone(),
                    proposed: held.proposed,
                };
                tools.archive.held_again(&exception.id, &hold)?;
            }
            _ => {}
        }
    }
    Ok(())
}
