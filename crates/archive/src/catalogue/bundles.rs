//! Which exceptions wait for one and the same thing?

use records::exception::Reason;
use records::ids::{BatchId, PageNumber};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::columns::{BLANK, CONTROL_SHEET, Json, Run};
use super::patients::{FROZEN, patient_key};
use super::rescans::slip_of_both;
use super::worklist::{Bundle, ExceptionRow};
use crate::error::Result;

/// The common cause of an exception and perhaps of others.
pub(super) fn bundle(c: &Connection, held: &ExceptionRow, runs: &[Run]) -> Result<Option<Bundle>> {
    if let Some(serial) = slip_of_both(c, held.id, runs.first().copied())? {
        return Ok(Some(Bundle::Rescan(serial)));
    }
    let only = |causes: &[Reason]| held.reasons.iter().all(|reason| causes.contains(reason));
    if held.reasons.iter().any(|reason| reason.is_of_sheet()) {
        return sheet(c, held.batch, runs);
    }
    if is_about_the_job(c, held, runs)? {
        return Ok(Some(Bundle::Job(held.batch)));
    }
    if only(&[Reason::MpiStale]) {
        return Ok(Some(Bundle::StaleIndex));
    }
    if only(&[Reason::PatientFrozen, Reason::MpiStale]) {
        return frozen(c, held);
    }
    Ok(None)
}

/// The sheet that could not be read: the control sheet before the pages, or the first of them.
fn sheet(c: &Connection, batch: BatchId, runs: &[Run]) -> Result<Option<Bundle>> {
    let Some(first) = runs.first() else { return Ok(None) };
    let page = sheet_before(c, *first)?.unwrap_or(first.first);
    Ok(Some(Bundle::Sheet { batch, page: PageNumber(page) }))
}

/// The control sheet right before a run, blank pages between not counted.
pub(super) fn sheet_before(c: &Connection, run: Run) -> Result<Option<u32>> {
    let before: Option<(u32, i64)> = c
        .prepare_cached(&format!(
            "SELECT page, place FROM place WHERE batch = ?1 AND page < ?2 AND place <> {BLANK}
             ORDER BY page DESC LIMIT 1"
        ))?
        .query_row(params![run.batch, run.first], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(before.filter(|(_, place)| *place == CONTROL_SHEET).map(|(page, _)| page))
}

/// What is wrong is wrong with the files or the job, not with these pages.
fn is_about_the_job(c: &Connection, held: &ExceptionRow, runs: &[Run]) -> Result<bool> {
    const OF_FILES: [Reason; 5] =
        [Reason::Encrypted, Reason::Damaged, Reason::Empty, Reason::Unsupported, Reason::LineFault];
    if held.reasons.iter().any(|reason| OF_FILES.contains(reason)) {
        return Ok(true);
    }
    let Some(run) = runs.first() else { return Ok(false) };
    let (of_job, counted): (Vec<Reason>, bool) = c
        .prepare_cached(
            "SELECT held, declared_sheets IS NOT NULL OR declared_pages IS NOT NULL FROM batch WHERE key = ?1",
        )?
        .query_row([run.batch], |row| Ok((row.get::<_, Json<_>>(0)?.0, row.get(1)?)))?;
    Ok(held
        .reasons
        .iter()
        .any(|reason| of_job.contains(reason) || (counted && *reason == Reason::PagecountMismatch)))
}

fn frozen(c: &Connection, held: &ExceptionRow) -> Result<Option<Bundle>> {
    for candidate in &held.candidates {
        let is_frozen = c
            .prepare_cached("SELECT flags & ?2 <> 0 FROM patient WHERE key = ?1")?
            .query_row(params![patient_key(c, candidate.patient.id)?, FROZEN], |row| row.get(0))?;
        if is_frozen {
            return Ok(candidate.patient.mrn.clone().map(Bundle::Frozen));
        }
    }
    Ok(None)
}
