//! How is what was decided written down?

use archive::BatchRow;
use records::document::{Copies, Disposition, Filing, IndexVersion, KindCode, NewDocument, NewException};
use records::exception::Reason;
use records::ids::{DocumentId, ExceptionId, Issue, PageNumber};
use records::judge::Verdict;
use records::reading::PageReading;
use records::separation::Separation;

use super::apart::Sheet;
use super::sitting::Weighed;

/// What becomes of one draft.
pub(super) fn of(batch: &BatchRow, own: Weighed) -> Disposition {
    let Weighed { case, verdict, labels, detail, .. } = own;
    let pages = case.draft.pages;
    let first = *pages.first().expect("a draft has at least one page");
    match verdict {
        Verdict::File(approval) => Disposition::File(NewDocument {
            id: DocumentId::of(batch.id, first, Issue::Line),
            pages,
            patient: approval.patient,
            filed_under: approval.filed_under,
            labels,
            kind: case.kind,
            service: case.service,
            ground: approval.ground,
            evidence: approval.evidence,
        }),
        Verdict::Hold(hold) => Disposition::Hold(NewException {
            id: ExceptionId::of(batch.id, first, Issue::Line),
            pages,
            reasons: hold.reasons,
            candidates: hold.candidates,
            evidence: hold.evidence,
            detail,
            kind: case.kind,
            service: case.service,
            proposed: hold.proposed,
            labels,
        }),
    }
}

/// Every page of the batch in its place. `doubts`: what is wrong with the job.
pub(super) fn filing(
    batch: &BatchRow,
    mut separation: Separation,
    sheets: &[Sheet],
    mut dispositions: Vec<Disposition>,
    doubts: Vec<Reason>,
) -> Filing {
    if dispositions.is_empty() && !doubts.is_empty() {
        // Only blank pages, or none: where the job is in doubt, white may be what was lost.
        let pages = std::mem::take(&mut separation.blanks);
        dispositions.push(Disposition::Hold(without_drafts(batch, pages, doubts)));
    }
    let apart = |page: PageNumber| separation.control_sheets.iter().any(|sheet| sheet.page == page);
    let held_sheets = sheets.iter().filter(|(page, _)| !apart(*page));
    Filing {
        batch: batch.id,
        held_sheets: held_sheets.map(|(page, payload)| (*page, payload.serial_use())).collect(),
        boxes: sheets.iter().filter_map(|(page, payload)| Some((*page, payload.paper_box()?))).collect(),
        dispositions,
        control_sheets: separation
            .control_sheets
            .into_iter()
            .map(|sheet| (sheet.page, sheet.payload.map(|payload| payload.serial_use())))
            .collect(),
        blanks: separation.blanks,
        reused: Vec::new(),
        copies: Copies::default(),
        rescanned: Vec::new(),
        version: IndexVersion::default(),
    }
}

/// A job of which no page can be read, or only blank ones, still waits for a person.
fn without_drafts(batch: &BatchRow, pages: Vec<PageNumber>, reasons: Vec<Reason>) -> NewException {
    let first = pages.first().copied().unwrap_or(PageNumber(0));
    NewException {
        id: ExceptionId::of(batch.id, first, Issue::Line),
        pages,
        reasons,
        candidates: Vec::new(),
        evidence: Vec::new(),
        detail: detail(batch, &[]),
        kind: KindCode::unsorted(),
        service: None,
        proposed: None,
        labels: batch.profile.labels.clone(),
    }
}

/// In a clerk's words, the first fault of the job or of these pages.
pub(super) fn detail(batch: &BatchRow, pages: &[(PageNumber, PageReading)]) -> Option<String> {
    let of_files = batch.originals.iter().flat_map(|original| [&original.fault, &original.damage]).flatten();
    let of_pages = pages.iter().filter_map(|(_, reading)| reading.error.as_ref());
    of_files.chain(of_pages).next().map(ToString::to_string)
}
