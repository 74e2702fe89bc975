//! Has what was missing come by now?
//!
//! Drafts held for something *missing* are judged again whenever the patient index, the form catalogue or a
//! rule has changed. What was ever held for something *contrary* is not even asked.

use std::collections::BTreeMap;
use std::time::Duration;

use archive::{ExceptionRow, FileError, RescanItem, RescanState};
use jiff::Timestamp;
use records::document::{Disposition, IndexVersion};
use records::ids::{BatchId, PageNumber};
use records::judge::Hold;
use tracing::{info, warn};

use crate::decide::{Slips, Whole, decide_with};
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
    let mut scanned_again = Vec::new();
    for exception in tools.archive.waiting_for_missing()? {
        let first = tools.archive.as_first_scanned(&exception.pages)?;
        if first != exception.pages {
            scanned_again.push(exception);
        } else if exception.pages.iter().all(|page| page.batch == exception.batch) {
            by_batch.entry(exception.batch).or_default().push(exception);
        } // what a person has joined of several batches, a person files
    }
    for (batch, waiting) in by_batch {
        if stop.is_set() {
            break;
        }
        judge_batch(tools, batch, &waiting)?;
    }
    for exception in scanned_again {
        if stop.is_set() {
            break;
        }
        judge_whole(tools, &exception)?;
    }
    Ok(version)
}

/// Separates and judges the batch anew, and takes over the verdicts on drafts that are just what waits.
fn judge_batch(tools: &Tools, batch: BatchId, waiting: &[ExceptionRow]) -> Result<(), LineError> {
    let batch = tools.archive.batch(&batch)?;
    let readings = tools.archive.readings_to_judge(&tools.lock, &waiting[0].id)?.into();
    let decided = decide_with(tools, &batch, &readings, Timestamp::now(), Slips::Leave)?;
    for exception in waiting {
        let pages: Vec<PageNumber> = exception.pages.iter().map(|page| page.page).collect();
        for disposition in decided.filing.dispositions.iter().filter(|own| *pages_of(own) == pages) {
            take_over(tools, exception, disposition, decided.filing.version)?;
        }
    }
    Ok(())
}

/// As [`judge_batch`], of something with sheets that were scanned again.
fn judge_whole(tools: &Tools, exception: &ExceptionRow) -> Result<(), LineError> {
    let about = tools.archive.rescans_about(&exception.pages)?;
    let is_own = |item| item == RescanItem::Exception(exception.id);
    let waits = about.iter().any(|row| row.state == RescanState::Awaited && is_own(row.item));
    let Some(whole) = Whole::of(tools, exception)? else { return Ok(()) };
    let (disposition, version) = whole.judge(tools, exception, waits, Timestamp::now())?;
    take_over(tools, exception, &disposition, version)
}

/// A verdict on just what waits.
fn take_over(
    tools: &Tools,
    exception: &ExceptionRow,
    disposition: &Disposition,
    version: IndexVersion,
) -> Result<(), LineError> {
    let (archive, id) = (&tools.archive, &exception.id);
    match disposition {
        Disposition::File(document) => {
            tracing::trace!(target: "fault_point", "before judged again");
            match archive.judged_again_whole(id, &exception.pages, document, version) {
                Ok(made) => info!(exception = %id, document = %made, "judged again and filed"),
                Err(FileError::Moved) => {} // the next round sees the newer index
                Err(error) => return Err(error.into()),
            }
        }
        Disposition::Hold(held) if held.reasons != exception.reasons => {
            let hold = Hold {
                reasons: held.reasons.clone(),
                candidates: held.candidates.clone(),
                evidence: held.evidence.clone(),
                proposed: held.proposed,
            };
            archive.held_again(id, &hold)?;
        }
        Disposition::Hold(_) => {}
    }
    Ok(())
}

fn pages_of(disposition: &Disposition) -> &Vec<PageNumber> {
    match disposition {
        Disposition::File(document) => &document.pages,
        Disposition::Hold(exception) => &exception.pages,
    }
}
