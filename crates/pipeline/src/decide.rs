//! What becomes of every page of a batch that has been read?
//!
//! The middle of Chartroom. Ask first, decide after: outlines, separation, then draft by draft what the catalogue
//! knows and what the rules say to it.

use std::borrow::Cow;
use std::collections::BTreeSet;

use archive::{Archive, BatchRow, PackReader};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use records::document::{Disposition, Filing, IndexVersion, KindCode, NewDocument, NewException, SerialUse};
use records::exception::Reason;
use records::ids::{DocumentId, ExceptionId, Issue, PageNumber};
use records::judge::{Case, Known, SheetAppearance, Verdict, candidates, judge};
use records::kind::labels;
use records::outline::{PageOutline, outline};
use records::reading::{Fault, FaultCode, PageReading, ReaderVersion};
use records::rules::{Mode, Rules};
use records::separation::{Draft, Job, Separation, separate};
use records::sheet::SheetKey;

use crate::error::LineError;

/// The site's rules and the keys of its control sheets.
pub struct Site {
    pub rules: Rules,
    pub sheet_keys: Vec<SheetKey>,
}

/// A filing, and the earlier appearances of control sheets its verdicts knew.
pub(crate) struct Decided {
    pub(crate) filing: Filing,
    pub(crate) seen: Vec<SheetAppearance>,
}

/// Judges a whole batch. Writes nothing.
pub(crate) fn decide(
    archive: &Archive,
    batch: &BatchRow,
    readings: &PackReader,
    site: &Site,
    now: Timestamp,
) -> Result<Decided, LineError> {
    let mut separation = take_apart(batch, readings, site)?;
    let mut dispositions = Vec::new();
    let seen = earlier_appearances(archive, batch, &separation)?;
    // Verdicts of one filing must stand on one version: the oldest is compared when it commits.
    let mut version = archive.index_version()?;
    let doubts = doubts_about_the_job(batch);
    let rules = rules_now(archive, site)?;
    for mut draft in separation.drafts.iter().cloned() {
        draft
            .held
            .extend(doubts.iter().filter(|doubt| !draft.held.contains(doubt)).copied().collect::<Vec<_>>());
        let pages = read_all(readings, &draft.pages)?;
        let case = Case::of(&draft, &pages, &rules, TimeZone::UTC.to_datetime(now).date());
        let known = known(archive, &case, batch)?;
        version = version.min(known.version);
        let mut verdict = told_first(&doubts, judge(&case, &known, &rules, now));
        if let Verdict::Hold(hold) = &mut verdict {
            // A person compares with more people than a verdict may stand on.
            let wider = archive.neighbours(&case.sightings, &serials(&case))?;
            hold.candidates = candidates(&case, &wider, &rules, now);
        }
        dispositions.push(disposition(batch, case, verdict, &pages, &rules));
    }
    if dispositions.is_empty() && !doubts.is_empty() {
        // Only blank pages, or none: where the job is in doubt, white may be what was lost.
        let pages = std::mem::take(&mut separation.blanks);
        dispositions.push(Disposition::Hold(without_drafts(batch, pages, doubts)));
    }
    Ok(Decided { filing: filing(batch, separation, dispositions, version), seen })
}

/// The site's rules; after a restore everything is proposed only, until a supervisor ends that.
fn rules_now<'s>(archive: &Archive, site: &'s Site) -> Result<Cow<'s, Rules>, LineError> {
    let mut rules = Cow::Borrowed(&site.rules);
    if archive.in_shadow()? {
        rules.to_mut().identity.mode = Mode::Shadow;
    }
    Ok(rules)
}

/// Where the control sheets of this batch were seen before: what the filing stands on.
fn earlier_appearances(
    archive: &Archive,
    batch: &BatchRow,
    separation: &Separation,
) -> Result<Vec<SheetAppearance>, LineError> {
    let sheets = separation.control_sheets.iter().filter_map(|sheet| sheet.payload.as_ref());
    let declared = separation.drafts.iter().filter_map(|draft| draft.declaration.as_ref());
    let serials: Vec<SerialUse> =
        sheets.chain(declared.map(|declaration| &declaration.payload)).map(|own| own.serial_use()).collect();
    let mut earlier = archive.known(&[], &serials)?.appearances;
    earlier.retain(|appearance| appearance.batch != batch.id);
    Ok(earlier)
}

/// Outlines of all pages, then which belong together.
fn take_apart(batch: &BatchRow, readings: &PackReader, site: &Site) -> Result<Separation, LineError> {
    let mut outlines: Vec<PageOutline> = Vec::new();
    for (ordinal, original) in (0..).zip(&batch.originals) {
        for page in pages_of(original) {
            let reading = read_one(readings, page)?;
            outlines.push(outline(page, ordinal, &reading, &site.sheet_keys, site.rules.kinds.forms()));
        }
    }
    let job = Job { grouping: batch.grouping, declared_sheets: batch.declared_sheets };
    Ok(separate(&outlines, &batch.profile, job))
}

pub(crate) fn pages_of(original: &archive::OriginalRow) -> impl Iterator<Item = PageNumber> + use<> {
    let first = original.first_page.map_or(1, |page| page.0);
    (first..first + original.pages.unwrap_or(0)).map(PageNumber)
}

fn read_all(
    readings: &PackReader,
    pages: &[PageNumber],
) -> Result<Vec<(PageNumber, PageReading)>, LineError> {
    pages.iter().map(|page| Ok((*page, read_one(readings, *page)?))).collect()
}

/// A page without a reading is one that could not be read: it is never passed over.
fn read_one(readings: &PackReader, page: PageNumber) -> Result<PageReading, LineError> {
    let missing = || {
        let fault = Fault::new(FaultCode::PageUnreadable, format!("page {page} has no reading"));
        PageReading::unreadable(fault, ReaderVersion("none".into()))
    };
    Ok(readings.get(page)?.unwrap_or_else(missing))
}

/// What the catalogue knows about a case. The sheet's appearance at its own place is no second one.
fn known(archive: &Archive, case: &Case, batch: &BatchRow) -> Result<Known, LineError> {
    let mut known = archive.known(&case.sightings, &serials(case))?;
    known.appearances.retain(|earlier| earlier.batch != batch.id);
    Ok(known)
}

/// Of the sheets of ours that declare the draft.
fn serials(case: &Case) -> Vec<SerialUse> {
    case.draft.declaration.iter().map(|declaration| declaration.payload.serial_use()).collect()
}

/// What is wrong with the job as a whole: it holds everything in it.
fn doubts_about_the_job(batch: &BatchRow) -> Vec<Reason> {
    let faults = batch.originals.iter().flat_map(|original| [&original.fault, &original.damage]).flatten();
    let mut doubts: Vec<Reason> = batch.held.clone();
    doubts.extend(faults.map(|fault| Reason::from(fault.code)));
    if batch.declared_pages.is_some_and(|declared| declared != batch.pages()) {
        doubts.push(Reason::PagecountMismatch);
    }
    let mut once = BTreeSet::new();
    doubts.retain(|doubt| once.insert(*doubt));
    doubts
}

/// What is wrong with the job is what a clerk must read first.
fn told_first(doubts: &[Reason], verdict: Verdict) -> Verdict {
    match verdict {
        Verdict::Hold(mut hold) => {
            hold.reasons.sort_by_key(|reason| !doubts.contains(reason));
            Verdict::Hold(hold)
        }
        filed => filed,
    }
}

/// In a clerk's words, the first fault of the job or of these pages.
fn detail(batch: &BatchRow, pages: &[(PageNumber, PageReading)]) -> Option<String> {
    let of_files = batch.originals.iter().flat_map(|original| [&original.fault, &original.damage]).flatten();
    let of_pages = pages.iter().filter_map(|(_, reading)| reading.error.as_ref());
    of_files.chain(of_pages).next().map(ToString::to_string)
}

fn disposition(
    batch: &BatchRow,
    case: Case,
    verdict: Verdict,
    pages: &[(PageNumber, PageReading)],
    rules: &Rules,
) -> Disposition {
    let Draft { pages: numbers, .. } = case.draft;
    let first = *numbers.first().expect("a draft has at least one page");
    match verdict {
        Verdict::File(approval) => Disposition::File(NewDocument {
            id: DocumentId::of(batch.id, first, Issue::Line),
            pages: numbers,
            patient: approval.patient,
            filed_under: approval.filed_under,
            labels: labels(&rules.kinds, &case.kind),
            kind: case.kind,
            service: case.service,
            ground: approval.ground,
            evidence: approval.evidence,
        }),
        Verdict::Hold(hold) => Disposition::Hold(NewException {
            id: ExceptionId::of(batch.id, first, Issue::Line),
            pages: numbers,
            reasons: hold.reasons,
            candidates: hold.candidates,
            evidence: hold.evidence,
            detail: detail(batch, pages),
            kind: case.kind,
            service: case.service,
        }),
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
    }
}

fn filing(
    batch: &BatchRow,
    separation: Separation,
    dispositions: Vec<Disposition>,
    version: IndexVersion,
) -> Filing {
    let control_sheets = separation
        .control_sheets
        .into_iter()
        .map(|sheet| (sheet.page, sheet.payload.map(|payload| payload.serial_use())))
        .collect();
    Filing { batch: batch.id, dispositions, control_sheets, blanks: separation.blanks, version }
}
