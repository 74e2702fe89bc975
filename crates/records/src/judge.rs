//! Whose document is this, or must a person decide?

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::batch::Upload;
use crate::dates::{self, DateSeen};
use crate::document::{IndexVersion, KindCode, SerialUse};
use crate::evidence::{Evidence, Ground};
use crate::exception::{Candidate, Reason};
use crate::identifier::{AuthorityId, Identifier};
use crate::ids::{BatchId, PageNumber};
use crate::kind::kind_of;
use crate::patient::{Patient, PatientId};
use crate::reading::{PageReading, Quality, ReaderVersion};
use crate::rules::{Mode, Rules};
use crate::separation::Draft;
use crate::sighting::{Sighting, sightings};

mod candidates;
mod companion;
mod contradiction;
mod declared;
mod hearing;
mod homecoming;
mod margin;
mod objections;
mod quality;
mod subject;
mod trial;
mod upload;
mod weight;
mod witness;

pub use candidates::candidates;
pub use companion::Companion;
pub use homecoming::{By, Expected, Home, Stays, comes_home, named_on};
pub use objections::{Objections, objections};
use trial::Trial;
pub use upload::names_another;
pub use weight::Frequencies;

/// Everything about one draft that the rules decide on.
#[derive(Clone, Debug)]
pub struct Case {
    pub draft: Draft,
    pub sightings: Vec<Sighting>,
    /// Per page of the draft: what is wrong with the picture, and who read it.
    pub pages: Vec<PageCase>,
    pub kind: KindCode,
    /// What words suggest where nothing decides the kind; a sensitive suggestion holds too (AF-8).
    pub suggested: Option<KindCode>,
    /// Date of service, first and last day.
    pub service: Option<(Date, Date)>,
    /// Its station is a fax line.
    pub fax: bool,
    /// Its station and kind have left shadow mode: it may be filed although the site proposes only.
    pub released: bool,
    /// Whose pages they are, said who handed in the file.
    pub upload: Option<Upload>,
}

impl Case {
    /// What the rules decide on: everything that can be said about a draft without asking anybody. `readings`
    /// are its pages; a page without one counts as unreadable.
    pub fn of(draft: &Draft, readings: &[(PageNumber, PageReading)], rules: &Rules, today: Date) -> Self {
        let typed = kind_of(draft, readings, rules);
        let own =
            |page: &PageNumber| readings.iter().find(|(other, _)| other == page).map(|(_, reading)| reading);
        let seen: Vec<DateSeen> = draft
            .pages
            .iter()
            .filter_map(|page| own(page).map(|reading| dates::seen(*page, reading, rules.calendar(today))))
            .flatten()
            .collect();
        let rule = rules.kinds.get(&typed.code).map(|kind| kind.date);
        let declared = draft.declaration.as_ref().and_then(|declaration| declaration.payload.service);
        Self {
            sightings: sightings(draft, readings, rules, today),
            pages: draft.pages.iter().map(|page| PageCase::of(*page, own(page))).collect(),
            service: dates::service(&seen, rule, today).or_else(|| declared.map(|day| (day, day))),
            kind: typed.code,
            suggested: typed.suggested,
            draft: draft.clone(),
            fax: false,
            released: false,
            upload: None,
        }
    }
}

impl PageCase {
    fn of(page: PageNumber, reading: Option<&PageReading>) -> Self {
        Self {
            page,
            quality: reading.map(|own| own.quality.clone()).unwrap_or_default(),
            reader: reading.map_or_else(|| ReaderVersion("none".into()), |own| own.reader.clone()),
            confidence: reading.map_or(0.0, |own| own.confidence),
            readable: reading.is_some_and(|own| own.error.is_none()),
        }
    }
}

#[derive(Clone, Debug)]
pub struct PageCase {
    pub page: PageNumber,
    pub quality: Quality,
    pub reader: ReaderVersion,
    pub confidence: f32,
    pub readable: bool,
}

/// What the catalogue knows about what was seen. People are *resolved*: each is a survivor that carries the
/// numbers (as retired), names (as earlier ones) and flags of everyone merged into it.
#[derive(Clone, Debug, Default)]
pub struct Known {
    pub patients: Vec<Patient>,
    pub encounters: Vec<Encounter>,
    /// Sheets of ours among the declarations, as they were issued.
    pub issued: Vec<IssuedSheet>,
    /// Where the serials have appeared before.
    pub appearances: Vec<SheetAppearance>,
    /// Whom the rest of the batch declares or names.
    pub companions: Arc<[Companion]>,
    /// Every authority the patient index has numbers of.
    pub authorities: Vec<AuthorityId>,
    /// Last successful contact with the source of the patient index.
    pub last_contact: Option<Timestamp>,
    pub version: IndexVersion,
    /// Counted only where candidates are ranked for a person.
    pub frequencies: Frequencies,
}

#[derive(Clone, Debug)]
pub struct Encounter {
    /// A visit or account number.
    pub number: Identifier,
    pub patient: PatientId,
    pub days: Option<(Date, Date)>,
}

/// A sheet as its print was recorded.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct IssuedSheet {
    pub serial: SerialUse,
    pub number: Option<Identifier>,
    /// Number and birth date (or full name) were typed while the chart's own were not shown, and agreed (D-2).
    /// An unconfirmed sheet separates and proposes; it declares nothing.
    pub confirmed: bool,
    pub by: String,
    pub at: Timestamp,
}

#[derive(Clone, Debug)]
pub struct SheetAppearance {
    pub serial: SerialUse,
    pub batch: BatchId,
    pub page: PageNumber,
    pub at: Timestamp,
}

/// File, or hold. There is no "probably".
#[derive(Clone, Debug)]
pub enum Verdict {
    File(Approval),
    Hold(Hold),
}

#[derive(Clone, Debug)]
pub struct Approval {
    pub patient: PatientId,
    /// What the paper (or the declaration) said.
    pub filed_under: Identifier,
    /// The row of the witness table that passed.
    pub ground: Ground,
    pub evidence: Vec<Evidence>,
}

#[derive(Clone, Debug)]
pub struct Hold {
    /// At least one, most telling first.
    pub reasons: Vec<Reason>,
    pub candidates: Vec<Candidate>,
    pub evidence: Vec<Evidence>,
    /// Held for shadow mode only: whom it would have been filed to.
    pub proposed: Option<PatientId>,
}

/// The decision about a case, on what is known now.
///
/// Every rule only ever adds reasons to hold: a document is filed if none of them finds one. So nothing that is
/// added to a document can free it.
pub fn judge(case: &Case, known: &Known, rules: &Rules, now: Timestamp) -> Verdict {
    let trial = Trial::open(case, known, rules, now);
    let mut found = contradiction::reasons(&trial); // AF-3
    found.extend(subject::reasons(&trial)); // AF-1
    found.extend(declared::reasons(&trial)); // D-2, D-3
    found.extend(margin::reasons(&trial)); // AF-4
    found.extend(witness::reasons(&trial)); // AF-2, AF-5
    found.extend(quality::reasons(&trial)); // AF-6, AF-7, AF-8
    let reasons = in_order(&case.draft.held, found);
    match (trial.subject, witness::ground(&trial)) {
        (Some(subject), Some(ground)) if reasons.is_empty() && may_file(case, rules) => {
            Verdict::File(Approval {
                patient: subject.patient.id,
                filed_under: trial.filed_under(subject),
                ground,
                evidence: trial.evidence_for(),
            })
        }
        (Some(subject), Some(_)) if reasons.is_empty() => trial.propose(subject.patient.id),
        // Without anybody it could be there is always a reason; were there none, it would still not be filed.
        _ if reasons.is_empty() => trial.hold(vec![Reason::NoId]),
        _ => trial.hold(reasons),
    }
}

/// Not on trial: the site files by itself, or the station has earned it for this kind.
fn may_file(case: &Case, rules: &Rules) -> bool {
    rules.identity.mode == Mode::Auto || case.released
}

/// What separation said, then the most telling first; each once. What is missing tells nothing where something
/// contradicts, or where the number is in no index.
fn in_order(held: &[Reason], mut found: Vec<Reason>) -> Vec<Reason> {
    const MISSING: [Reason; 6] = [
        Reason::NoId,
        Reason::NoNumber,
        Reason::OneIdOnly,
        Reason::OneDemographic,
        Reason::NoWitness,
        Reason::SilentRun,
    ];
    let told = |reason: &Reason| {
        reason.is_contrary() || matches!(reason, Reason::IdNotInMpi | Reason::AuthorityUnknown)
    };
    if found.iter().any(told) {
        found.retain(|reason| !MISSING.contains(reason));
    }
    const TELLING: [Reason; 16] = [
        Reason::MultiPatient,
        Reason::NameMismatch,
        Reason::DobMismatch,
        Reason::SexMismatch,
        Reason::HriMismatch,
        Reason::DecoderDisagree,
        Reason::CheckDigitFail,
        Reason::IdUnread,
        Reason::CoversheetReused,
        Reason::AuthorityUnknown,
        Reason::IdNotInMpi,
        Reason::IdRetired,
        Reason::NotUnique,
        Reason::PatientFrozen,
        Reason::NameAlert,
        Reason::DosImplausible,
    ];
    found.sort_by_key(|reason| TELLING.iter().position(|own| own == reason).unwrap_or(TELLING.len()));
    let mut reasons: Vec<Reason> = Vec::new();
    for reason in held.iter().copied().chain(found) {
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    reasons
}

#[cfg(test)]
mod tests;
