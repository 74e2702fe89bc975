//! What becomes of every page of a batch that has been read?
//!
//! The middle of Chartroom. Ask first, decide after: outlines, separation, then draft by draft what the catalogue
//! knows and what the rules say to it.

use std::borrow::Cow;
use std::collections::BTreeSet;

use archive::{Archive, BatchRow, PackReader};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use records::document::{
    Copies, Disposition, Filing, IndexVersion, KindCode, Label, NewDocument, NewException, SerialUse,
};
use records::exception::Reason;
use records::identifier::Identifier;
use records::ids::{DocumentId, ExceptionId, Issue, PageNumber};
use records::judge::{Case, Companion, Known, SheetAppearance, Verdict, candidates, judge, names_another};
use records::kind::labels;
use records::mended::mend;
use records::outline::{PageOutline, SheetSeen, outline};
use records::reading::{Fault, FaultCode, PageReading, ReaderVersion};
use records::rescan::PagePrint;
use records::rules::{Mode, Rules};
use records::separation::{Draft, Job, Separation, separate};
use records::sheet::{SheetKey, SheetPayload};

use crate::copies::{self, Copied};
use crate::error::LineError;
use crate::line::Tools;
use crate::mend::mended_sheets;
use crate::reused::{self, Reuse};

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

/// A draft, and everything that can be said about it without asking anybody.
pub(crate) struct Laid {
    pub(crate) case: Case,
    pub(crate) prints: Vec<PagePrint>,
    labels: Vec<Label>,
    /// In a clerk's words.
    detail: Option<String>,
}

/// … and what was decided.
pub(crate) struct Weighed {
    pub(crate) laid: Laid,
    pub(crate) verdict: Verdict,
}

/// Judges a whole batch. Writes nothing.
pub(crate) fn decide(
    tools: &Tools,
    batch: &BatchRow,
    readings: &PackReader,
    now: Timestamp,
) -> Result<Decided, LineError> {
    let (archive, site) = (&tools.archive, &tools.site);
    let today = TimeZone::UTC.to_datetime(now).date();
    // Verdicts of one filing must stand on one version: the oldest is compared when it commits.
    let mut version = archive.index_version()?;
    let position = archive.position()?;
    let (mut separation, sheets) = take_apart(archive, batch, readings, site, today)?;
    let declared = declared(archive, batch, &sheets)?;
    let doubts = doubts_about_the_job(batch, &sheets, &declared);
    let standing = Standing::now(archive, batch, site)?;
    let print_key = archive.print_key()?;
    let mut drafts = Vec::new();
    for draft in &separation.drafts {
        let pages = read_all(readings, &draft.pages)?;
        let case = standing.case(draft, &pages, &doubts, batch, today);
        let prints =
            pages.iter().filter_map(|(page, own)| PagePrint::of(*page, own, &case.sightings, &print_key));
        drafts.push(Laid {
            labels: labels(&case.kind, &pages, &batch.profile, &standing.rules),
            prints: prints.collect(),
            detail: detail(batch, &pages),
            case,
        });
    }
    let companions = companions(&declared, &drafts);
    let mut weighed = Vec::new();
    for laid in drafts {
        let known = Known { companions: companions.clone(), ..known(archive, &laid.case, batch)? };
        version = version.min(known.version);
        let verdict = told_first(&doubts, standing.verdict(archive, &laid.case, &known, now)?);
        weighed.push(Weighed { laid, verdict });
    }
    let Copied { second, known: copies } = copies::find(tools, batch, readings, &weighed)?;
    for (nth, words) in second {
        let Weighed { laid, verdict } = &mut weighed[nth];
        laid.detail.get_or_insert(words);
        laid.case.draft.held.push(Reason::DuplicateScan);
        *verdict = standing.verdict(archive, &laid.case, &known(archive, &laid.case, batch)?, now)?;
    }
    let Reuse { doubtful, repeats } = reused::find(tools, batch, readings, &sheets, &declared, &weighed)?;
    for (serial, words) in repeats {
        let laid = weighed.iter_mut().map(|own| &mut own.laid);
        for own in laid.filter(|own| stands_under(&own.case.draft, &serial)) {
            own.detail.get_or_insert_with(|| words.clone());
        }
    }
    let prints = weighed.iter().flat_map(|own| own.laid.prints.iter().copied()).collect();
    let mut dispositions: Vec<Disposition> = weighed.into_iter().map(|own| disposition(batch, own)).collect();
    if dispositions.is_empty() && !doubts.is_empty() {
        // Only blank pages, or none: where the job is in doubt, white may be what was lost.
        let pages = std::mem::take(&mut separation.blanks);
        dispositions.push(Disposition::Hold(without_drafts(batch, pages, doubts)));
    }
    let mut seen = declared.appearances;
    seen.retain(|appearance| appearance.batch != batch.id);
    let copies = Copies { prints, position, known: copies };
    let filing =
        Filing { reused: doubtful, copies, ..filing(batch, separation, &sheets, dispositions, version) };
    Ok(Decided { filing, seen })
}

/// How a station stands with the site's rules.
struct Standing<'s> {
    /// After a restore everything is proposed only, until a supervisor ends that.
    rules: Cow<'s, Rules>,
    /// Kinds of document that it files by itself although the site is in shadow mode.
    released: BTreeSet<KindCode>,
}

impl<'s> Standing<'s> {
    fn now(archive: &Archive, batch: &BatchRow, site: &'s Site) -> Result<Self, LineError> {
        let mut rules = Cow::Borrowed(&site.rules);
        if archive.in_shadow()? {
            rules.to_mut().identity.mode = Mode::Shadow;
            return Ok(Self { rules, released: BTreeSet::new() });
        }
        Ok(Self { rules, released: archive.released(&batch.station)? })
    }

    fn case(
        &self,
        draft: &Draft,
        pages: &[(PageNumber, PageReading)],
        doubts: &[Reason],
        batch: &BatchRow,
        today: Date,
    ) -> Case {
        let mut draft = draft.clone();
        draft
            .held
            .extend(doubts.iter().filter(|doubt| !draft.held.contains(doubt)).copied().collect::<Vec<_>>());
        let case = Case::of(&draft, pages, &self.rules, today);
        Case {
            fax: batch.profile.fax,
            released: self.released.contains(&case.kind),
            upload: batch.upload.clone(),
            ..case
        }
    }
}

impl Standing<'_> {
    fn verdict(
        &self,
        archive: &Archive,
        case: &Case,
        known: &Known,
        now: Timestamp,
    ) -> Result<Verdict, LineError> {
        let mut verdict = judge(case, known, &self.rules, now);
        if let Verdict::Hold(hold) = &mut verdict {
            // A person compares with more people than a verdict may stand on.
            let wider = archive.neighbours_with(&case.sightings, &serials(case), uploaded(case))?;
            hold.candidates = candidates(case, &wider, &self.rules, now);
        }
        Ok(verdict)
    }
}

/// A page that is a sheet of ours, and what it says.
pub(crate) type Sheet = (PageNumber, SheetPayload);

/// Everything that is declared in a batch, by its sheets and by who handed it in, and where the sheets were seen before.
fn declared(archive: &Archive, batch: &BatchRow, sheets: &[Sheet]) -> Result<Known, LineError> {
    let serials: Vec<SerialUse> = sheets.iter().map(|(_, payload)| payload.serial_use()).collect();
    Ok(archive.known_with(&[], &serials, batch.upload.as_ref().map(|upload| &upload.number))?)
}

/// Whoever else one witness alone could mean.
fn companions(declared: &Known, drafts: &[Laid]) -> std::sync::Arc<[Companion]> {
    let on_sheets = declared.patients.iter().map(Companion::declared);
    on_sheets.chain(drafts.iter().filter_map(|laid| Companion::read(&laid.case))).collect()
}

pub(crate) fn stands_under(draft: &Draft, serial: &SerialUse) -> bool {
    draft.declaration.as_ref().is_some_and(|own| own.payload.serial_use() == *serial)
}

/// Outlines of all pages, then which belong together; and every sheet of ours, wherever it ends up.
fn take_apart(
    archive: &Archive,
    batch: &BatchRow,
    readings: &PackReader,
    site: &Site,
    today: Date,
) -> Result<(Separation, Vec<Sheet>), LineError> {
    let mut outlines: Vec<PageOutline> = Vec::new();
    for (ordinal, original) in (0..).zip(&batch.originals) {
        for page in pages_of(original) {
            let reading = read_one(readings, page)?;
            outlines.push(outline(page, ordinal, &reading, &site.sheet_keys, &site.rules, today));
        }
    }
    mend(&mut outlines, &mended_sheets(archive, &batch.id)?, batch.profile.sides);
    let job = Job { grouping: batch.grouping, declared_sheets: batch.declared_sheets };
    let separation = separate(&outlines, &batch.profile, job);
    let sheets = outlines.into_iter().filter_map(|outline| match outline.sheet {
        Some(SheetSeen::Ours(payload)) => Some((outline.page, *payload)),
        _ => None,
    });
    Ok((separation, sheets.collect()))
}

pub(crate) fn pages_of(original: &archive::OriginalRow) -> impl Iterator<Item = PageNumber> + use<> {
    let first = original.first_page.map_or(1, |page| page.0);
    (first..first + original.pages.unwrap_or(0)).map(PageNumber)
}

pub(crate) fn read_all(
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
    let mut known = archive.known_with(&case.sightings, &serials(case), uploaded(case))?;
    known.appearances.retain(|earlier| earlier.batch != batch.id);
    Ok(known)
}

/// Of the sheets of ours that declare the draft.
fn serials(case: &Case) -> Vec<SerialUse> {
    case.draft.declaration.iter().map(|declaration| declaration.payload.serial_use()).collect()
}

/// The number that was said when it was handed in.
fn uploaded(case: &Case) -> Option<&Identifier> {
    case.upload.as_ref().map(|upload| &upload.number)
}

/// What is wrong with the job as a whole: it holds everything in it.
fn doubts_about_the_job(batch: &BatchRow, sheets: &[Sheet], declared: &Known) -> Vec<Reason> {
    let faults = batch.originals.iter().flat_map(|original| [&original.fault, &original.damage]).flatten();
    let mut doubts: Vec<Reason> = batch.held.clone();
    doubts.extend(faults.map(|fault| Reason::from(fault.code)));
    if batch.declared_pages.is_some_and(|declared| declared != batch.pages()) {
        doubts.push(Reason::PagecountMismatch);
    }
    if let Some(upload) = &batch.upload
        && sheets.iter().any(|(_, payload)| names_another(payload, upload, declared))
    {
        doubts.push(Reason::DeclarationsDiffer);
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

fn disposition(batch: &BatchRow, Weighed { laid, verdict }: Weighed) -> Disposition {
    let Laid { case, labels, detail, .. } = laid;
    let Draft { pages: numbers, .. } = case.draft;
    let first = *numbers.first().expect("a draft has at least one page");
    match verdict {
        Verdict::File(approval) => Disposition::File(NewDocument {
            id: DocumentId::of(batch.id, first, Issue::Line),
            pages: numbers,
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
            pages: numbers,
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

fn filing(
    batch: &BatchRow,
    separation: Separation,
    sheets: &[Sheet],
    dispositions: Vec<Disposition>,
    version: IndexVersion,
) -> Filing {
    let apart = |page: PageNumber| separation.control_sheets.iter().any(|sheet| sheet.page == page);
    let held_sheets = sheets.iter().filter(|(page, _)| !apart(*page));
    Filing {
        batch: batch.id,
        held_sheets: held_sheets.map(|(page, payload)| (*page, payload.serial_use())).collect(),
        dispositions,
        control_sheets: separation
            .control_sheets
            .into_iter()
            .map(|sheet| (sheet.page, sheet.payload.map(|payload| payload.serial_use())))
            .collect(),
        blanks: separation.blanks,
        reused: Vec::new(),
        copies: Copies::default(),
        version,
    }
}
