//! What stands behind a control sheet that a clerk has mended?
//!
//! The batch is separated and judged with the clerk's words in the sheet's place. What changes by that, up to the
//! next control sheet, moves in one transaction; nothing that a person filed or touched moves.

use std::collections::BTreeSet;

use archive::{
    Archive, BatchReport, ExceptionRow, ExceptionState, FileError, Mend, Mending, Outcome, Rearranged,
};
use jiff::Timestamp;
use records::document::{Disposition, Filing, NewException};
use records::exception::{Candidate, Reason};
use records::ids::{BatchId, ExceptionId, Issue, PageNumber};
use records::mended::{MendedSheet, Stands};
use records::sheet::{SheetKind, SheetPayload};
use tracing::info;

use crate::decide::{Slips, decide_with};
use crate::error::LineError;
use crate::line::Tools;

/// Judges what stands behind every sheet that was mended since.
pub(crate) fn judge_mended(tools: &Tools) -> Result<(), LineError> {
    for mending in tools.archive.mended_to_judge()? {
        match judge_behind(tools, &mending) {
            // The next round sees the newer index.
            Ok(()) | Err(LineError::File(FileError::Moved)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// The sheets of a batch as clerks read them.
pub(crate) fn mended_sheets(archive: &Archive, batch: &BatchId) -> Result<Vec<MendedSheet>, LineError> {
    let mended = archive.sheets_mended(batch)?.into_iter();
    Ok(mended.map(|mending| MendedSheet { page: mending.page, stands: stands(&mending) }).collect())
}

fn stands(mending: &Mending) -> Stands {
    let (kind, number, sheets) = match &mending.stands {
        Mend::Cover { number, sheets } => (SheetKind::Cover, Some(number), *sheets),
        Mend::Separator => (SheetKind::DocumentType, None, None),
        Mend::Page => return Stands::Page,
    };
    Stands::Sheet(Box::new(SheetPayload {
        site: mending.serial.site.clone(),
        key_id: "mended".into(),
        kind,
        authority: number.map(|number| number.authority.clone()),
        mrn: number.map(|number| number.value.clone()),
        visit: None,
        document_kind: None,
        service: None,
        sheets,
        folder: None,
        printed: mending.at,
        serial: mending.serial.serial.clone(),
    }))
}

fn judge_behind(tools: &Tools, mending: &Mending) -> Result<(), LineError> {
    let archive = &tools.archive;
    let held = archive.exception(&mending.exception)?;
    let Some(held) = held.filter(|held| held.state == ExceptionState::Open) else {
        return Ok(archive.mended_in_vain(mending, Outcome::Late)?);
    };
    let batch = archive.batch(&mending.batch)?;
    let readings = archive.readings_to_judge(&tools.lock, &held.id)?.into();
    let decided = decide_with(tools, &batch, &readings, Timestamp::now(), Slips::Leave)?;
    let report = archive.batch_report(&mending.batch)?;
    match Change::behind(mending, &held, &report, &decided.filing) {
        Some(change) => {
            archive.rearrange(mending, &change.anew(decided.filing), Outcome::Judged)?;
            info!(batch = %mending.batch, page = %mending.page, "judged again behind a mended sheet");
        }
        None if matches!(mending.stands, Mend::Page) && report.control_sheets.contains(&mending.page) => {
            archive.rearrange(mending, &page_alone(mending, &held, &decided.filing), Outcome::Blocked)?;
        }
        None => archive.mended_in_vain(mending, Outcome::Blocked)?,
    }
    Ok(())
}

/// The pages that come to lie differently, whole exceptions and whole drafts.
struct Change<'a> {
    pages: BTreeSet<PageNumber>,
    /// What is no more.
    taken: Vec<&'a ExceptionRow>,
    /// Control sheets that may be something else now.
    sheets: Vec<PageNumber>,
}

impl<'a> Change<'a> {
    /// `None`: something that a person filed or touched would have to move.
    fn behind(
        mending: &Mending,
        held: &ExceptionRow,
        report: &'a BatchReport,
        filing: &Filing,
    ) -> Option<Self> {
        let open: Vec<&ExceptionRow> =
            report.exceptions.iter().filter(|row| row.state == ExceptionState::Open).collect();
        let new_sheets: BTreeSet<PageNumber> = filing.control_sheets.iter().map(|(page, _)| *page).collect();
        let mut pages: BTreeSet<PageNumber> = numbers(held).chain([mending.page]).collect();
        let mut size = 0;
        while size < pages.len() {
            size = pages.len();
            for draft in filing.dispositions.iter().map(pages_of) {
                if draft.iter().any(|page| pages.contains(page)) {
                    pages.extend(draft);
                }
            }
            for row in &open {
                let only_sheets = numbers(row).all(|page| new_sheets.contains(&page));
                if !row.pages.is_empty() && (only_sheets || numbers(row).any(|page| pages.contains(&page))) {
                    pages.extend(numbers(row));
                }
            }
        }
        let taken: Vec<&ExceptionRow> =
            open.into_iter().filter(|row| numbers(row).any(|page| pages.contains(&page))).collect();
        let owned: BTreeSet<PageNumber> = taken.iter().flat_map(|row| numbers(row)).collect();
        let sheets: Vec<PageNumber> =
            report.control_sheets.iter().filter(|page| pages.contains(page)).copied().collect();
        let is_free = |row: &&ExceptionRow| {
            let by_a_person = row.made_by.is_some() || row.reasons.contains(&Reason::Unmerged);
            let untouched = !by_a_person && (row.disposition.is_none() || row.id == held.id);
            untouched && row.pages.iter().all(|page| page.batch == mending.batch)
        };
        let all = pages.iter().all(|page| owned.contains(page) || sheets.contains(page));
        (all && taken.iter().all(is_free)).then_some(Self { pages, taken, sheets })
    }

    fn anew(&self, filing: Filing) -> Rearranged {
        let within = |page: &PageNumber| self.pages.contains(page);
        let sheets = filing.control_sheets.into_iter().map(|(page, _)| page);
        let drafts = filing.dispositions.into_iter().filter(|draft| pages_of(draft).iter().any(within));
        Rearranged {
            exceptions: self.taken.iter().map(|row| row.id).collect(),
            sheets: self.sheets.clone(),
            dispositions: drafts.map(|draft| self.as_it_was_held(draft)).collect(),
            control_sheets: sheets.filter(within).collect(),
            blanks: filing.blanks.into_iter().filter(within).collect(),
            version: filing.version,
        }
    }

    /// The very pages that were held for something contrary stay so: a mended sheet answers only for itself.
    fn as_it_was_held(&self, draft: Disposition) -> Disposition {
        let Disposition::File(document) = &draft else { return draft };
        let same = |row: &&&ExceptionRow| numbers(row).eq(document.pages.iter().copied());
        let Some(before) = self.taken.iter().find(same) else { return draft };
        let reasons: Vec<Reason> = without_sheets(&before.reasons);
        if !reasons.iter().any(|reason| reason.is_contrary()) {
            return draft;
        }
        let mut held = held_as(before, document.pages.clone(), reasons);
        let proposed = Candidate { patient: document.patient, why: "by the mended sheet".into() };
        held.candidates.retain(|other| other.patient != proposed.patient);
        held.candidates.insert(0, proposed);
        Disposition::Hold(held)
    }
}

/// The page comes back to what waits behind it, and a person goes on from there.
fn page_alone(mending: &Mending, held: &ExceptionRow, filing: &Filing) -> Rearranged {
    let mut reasons = without_sheets(&held.reasons);
    if !reasons.contains(&Reason::SeparatorMissing) {
        reasons.push(Reason::SeparatorMissing);
    }
    let pages = std::iter::once(mending.page).chain(numbers(held)).collect();
    Rearranged {
        exceptions: vec![held.id],
        sheets: vec![mending.page],
        dispositions: vec![Disposition::Hold(held_as(held, pages, reasons))],
        control_sheets: Vec::new(),
        blanks: Vec::new(),
        version: filing.version,
    }
}

fn held_as(row: &ExceptionRow, pages: Vec<PageNumber>, reasons: Vec<Reason>) -> NewException {
    let first = *pages.first().expect("what stands behind a sheet has pages");
    let candidates = row.candidates.iter();
    NewException {
        id: ExceptionId::of(row.batch, first, Issue::Line),
        pages,
        reasons,
        candidates: candidates
            .map(|own| Candidate { patient: own.patient.id, why: own.why.clone() })
            .collect(),
        evidence: row.evidence.clone(),
        detail: row.detail.clone(),
        kind: row.kind.clone(),
        service: row.service,
        proposed: None,
        labels: row.labels.clone(),
    }
}

fn without_sheets(reasons: &[Reason]) -> Vec<Reason> {
    reasons.iter().copied().filter(|reason| !reason.is_of_sheet()).collect()
}

fn numbers(row: &ExceptionRow) -> impl Iterator<Item = PageNumber> + '_ {
    row.pages.iter().filter(|page| page.batch == row.batch).map(|page| page.page)
}

fn pages_of(draft: &Disposition) -> Vec<PageNumber> {
    match draft {
        Disposition::File(document) => document.pages.clone(),
        Disposition::Hold(exception) => exception.pages.clone(),
    }
}
