//! What is said about each draft of one batch, at one moment?

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use archive::{Archive, BatchRow};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use records::document::{IndexVersion, KindCode, Label, SerialUse};
use records::exception::Reason;
use records::identifier::Identifier;
use records::ids::PageNumber;
use records::judge::{Case, Companion, Known, Verdict, candidates, judge, names_another};
use records::kind::labels;
use records::reading::PageReading;
use records::rescan::PagePrint;
use records::rules::{Mode, Rules};
use records::separation::Draft;

use super::apart::{Sheet, read_all};
use super::disposition::detail;
use crate::error::LineError;
use crate::line::Tools;
use crate::readings::Readings;

/// Everything that the drafts of a batch are judged with.
pub(super) struct Sitting<'a> {
    archive: &'a Archive,
    batch: &'a BatchRow,
    readings: &'a Readings,
    now: Timestamp,
    /// The index's version before anything was asked.
    pub(super) version: IndexVersion,
    /// After a restore everything is proposed only, until a supervisor ends that.
    rules: Cow<'a, Rules>,
    /// Kinds of document that the station files by itself although the site is in shadow mode.
    released: BTreeSet<KindCode>,
    /// What its sheets and whoever handed it in declare, and where the sheets were seen before.
    pub(super) declared: Known,
    /// What is wrong with the job as a whole: it holds everything in it.
    pub(super) doubts: Vec<Reason>,
    print_key: [u8; 16],
}

/// A draft, and everything that can be said about it without asking anybody.
pub(super) struct Laid {
    case: Case,
    prints: Vec<PagePrint>,
    labels: Vec<Label>,
    /// In a clerk's words.
    detail: Option<String>,
}

/// … and what was decided.
pub(crate) struct Weighed {
    pub(crate) case: Case,
    pub(crate) verdict: Verdict,
    pub(crate) prints: Vec<PagePrint>,
    pub(super) labels: Vec<Label>,
    pub(super) detail: Option<String>,
    /// The index's version that the verdict stands on.
    pub(super) version: IndexVersion,
}

impl Weighed {
    /// Whether its own pages contradict; what separation said of the whole stack is no answer to that.
    pub(super) fn is_contrary(&self) -> bool {
        let own = |reason: &&Reason| reason.is_contrary() && !self.case.draft.held.contains(reason);
        matches!(&self.verdict, Verdict::Hold(hold) if hold.reasons.iter().any(|reason| own(&reason)))
    }

    /// Something for the clerk, unless there is already.
    pub(super) fn tell(&mut self, words: String) {
        self.detail.get_or_insert(words);
    }
}

impl<'a> Sitting<'a> {
    pub(super) fn open(
        tools: &'a Tools,
        batch: &'a BatchRow,
        readings: &'a Readings,
        sheets: &[Sheet],
        now: Timestamp,
    ) -> Result<Self, LineError> {
        let archive = &tools.archive;
        let version = archive.index_version()?;
        let serials: Vec<SerialUse> = sheets.iter().map(|(_, payload)| payload.serial_use()).collect();
        let uploaded = batch.upload.as_ref().map(|upload| &upload.number);
        let declared = archive.known_with(&[], &serials, uploaded)?;
        let mut rules = Cow::Borrowed(&tools.site.rules);
        let mut released = BTreeSet::new();
        if archive.in_shadow()? {
            rules.to_mut().identity.mode = Mode::Shadow;
        } else {
            released = archive.released(&batch.station)?;
        }
        let doubts = doubts(batch, sheets, &declared);
        let print_key = archive.print_key()?;
        Ok(Self { archive, batch, readings, now, version, rules, released, declared, doubts, print_key })
    }

    pub(super) fn lay(&self, draft: &Draft) -> Result<Laid, LineError> {
        let mut draft = draft.clone();
        for doubt in &self.doubts {
            if !draft.held.contains(doubt) {
                draft.held.push(*doubt);
            }
        }
        let pages = read_all(self.readings, &draft.pages)?;
        let today = TimeZone::UTC.to_datetime(self.now).date();
        let case = Case::of(&draft, &pages, &self.rules, today);
        let print = |page: &(PageNumber, PageReading)| {
            PagePrint::of(page.0, &page.1, &case.sightings, &self.print_key)
        };
        Ok(Laid {
            prints: pages.iter().filter_map(print).collect(),
            labels: labels(&case.kind, &pages, &self.batch.profile, &self.rules),
            detail: detail(self.batch, &pages),
            case: Case {
                fax: self.batch.profile.fax,
                released: self.released.contains(&case.kind),
                upload: self.batch.upload.clone(),
                ..case
            },
        })
    }

    pub(super) fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Whoever else one witness alone could mean.
    pub(super) fn companions(&self, laid: &[Laid]) -> Arc<[Companion]> {
        let on_sheets = self.declared.patients.iter().map(Companion::declared);
        on_sheets.chain(laid.iter().filter_map(|own| Companion::read(&own.case))).collect()
    }

    pub(super) fn weigh(&self, laid: Laid, companions: &Arc<[Companion]>) -> Result<Weighed, LineError> {
        let Laid { case, prints, labels, detail } = laid;
        let known = Known { companions: companions.clone(), ..self.known(&case)? };
        let verdict = self.told(&case, judge(&case, &known, &self.rules, self.now))?;
        Ok(Weighed { case, verdict, prints, labels, detail, version: known.version })
    }

    /// What the catalogue knows about a case. The sheet's appearance at its own place is no second one.
    pub(super) fn known(&self, case: &Case) -> Result<Known, LineError> {
        let mut known = self.archive.known_with(&case.sightings, &serials(case), uploaded(case))?;
        known.appearances.retain(|earlier| earlier.batch != self.batch.id);
        Ok(known)
    }

    /// Holds a draft for what others of the batch, or the archive, say about it.
    pub(super) fn hold(&self, own: &mut Weighed, reason: Reason) -> Result<(), LineError> {
        if own.case.draft.held.contains(&reason) {
            return Ok(());
        }
        own.case.draft.held.push(reason);
        if let Verdict::Hold(hold) = &mut own.verdict {
            hold.proposed = None;
            hold.reasons.retain(|before| *before != Reason::Shadow && *before != reason);
            hold.reasons.insert(0, reason);
            return Ok(());
        }
        let known = self.known(&own.case)?;
        own.version = own.version.min(known.version);
        own.verdict = self.told(&own.case, judge(&own.case, &known, &self.rules, self.now))?;
        Ok(())
    }

    /// A hold as a clerk reads it: what is wrong with the job first, and whom to compare.
    fn told(&self, case: &Case, mut verdict: Verdict) -> Result<Verdict, LineError> {
        if let Verdict::Hold(hold) = &mut verdict {
            hold.reasons.sort_by_key(|reason| !self.doubts.contains(reason));
            // A person compares with more people than a verdict may stand on.
            let wider = self.archive.neighbours_with(&case.sightings, &serials(case), uploaded(case))?;
            hold.candidates = candidates(case, &wider, &self.rules, self.now);
        }
        Ok(verdict)
    }
}

/// What is wrong with the job as a whole, each once.
fn doubts(batch: &BatchRow, sheets: &[Sheet], declared: &Known) -> Vec<Reason> {
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

pub(crate) fn stands_under(draft: &Draft, serial: &SerialUse) -> bool {
    draft.declaration.as_ref().is_some_and(|own| own.payload.serial_use() == *serial)
}

/// Of the sheets of ours that declare the draft.
fn serials(case: &Case) -> Vec<SerialUse> {
    case.draft.declaration.iter().map(|declaration| declaration.payload.serial_use()).collect()
}

/// The number that was said when it was handed in.
fn uploaded(case: &Case) -> Option<&Identifier> {
    case.upload.as_ref().map(|upload| &upload.number)
}
