//! Is a sheet that was scanned again the one it is said to be? (`domain.md` 2.14, D-4)
//!
//! A clerk asked for it and the slip declares it; still the paper has to tell. Whatever is contrary, or cannot be told,
//! leaves both pictures to a person.

use jiff::Timestamp;

use crate::evidence::Evidence;
use crate::exception::Reason;
use crate::patient::{Patient, PatientId};
use crate::rescan::Wording;
use crate::rules::Rules;
use crate::separation::SpanEnd;

use super::subject::is_stale;
use super::trial::Trial;
use super::witness::Agreement;
use super::{Case, Known, contradiction};

/// What a sheet that came back is held against.
pub struct Expected<'a> {
    /// Whose the document is at present; of something held, whom its own pages name, if anybody.
    pub person: Option<&'a Patient>,
    /// The words read on the old sheet, on both its sides.
    pub words: Wording,
}

/// It is the one: it supersedes the old sheet.
#[derive(Clone, Debug)]
pub struct Home {
    pub by: By,
    /// What on it agrees.
    pub evidence: Vec<Evidence>,
}

/// By what it was known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Number,
    NameAndBirthDate,
    /// At least 60 of 100 words of the old sheet are on it.
    Words,
}

/// Why both pictures stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stays {
    /// Something about the job, or its paper, is in doubt.
    Held(Vec<Reason>),
    /// Something on it names somebody else, or was not read.
    Contrary(Vec<Reason>),
    /// Two images follow the slip, and not each of them tells that it is of that sheet.
    TwoImages,
    /// Neither a number nor name and birth date agree, and too few of the words do.
    Unlike,
    /// What is contrary cannot be known while the patient index is out of date.
    StaleIndex,
}

impl Stays {
    /// For the clerk who compares.
    pub const fn words(&self) -> &'static str {
        match self {
            Self::Held(_) => "something about this job is in doubt",
            Self::Contrary(_) => "something on it is against the document's patient",
            Self::TwoImages => "two images follow the slip, and not each says by itself whose it is",
            Self::Unlike => "neither number nor name and birth date agree, and too few words are the same",
            Self::StaleIndex => "the patient index is out of date",
        }
    }
}

/// Holds the sheet under a slip against what it is to supersede. `case` is the sheet alone, `words` those on it.
pub fn comes_home(
    case: &Case,
    known: &Known,
    rules: &Rules,
    now: Timestamp,
    expected: &Expected<'_>,
    words: &Wording,
) -> Result<Home, Stays> {
    let trial = match expected.person {
        Some(person) => Trial::about(case, known, rules, now, person),
        None => Trial::open(case, known, rules, now),
    };
    if !case.draft.held.is_empty() {
        return Err(Stays::Held(case.draft.held.clone()));
    }
    let mut contrary = contradiction::reasons(&trial);
    if !contrary.is_empty() {
        contrary.sort_unstable();
        contrary.dedup();
        return Err(Stays::Contrary(contrary));
    }
    if is_stale(&trial) {
        return Err(Stays::StaleIndex);
    }
    let home = |by| Ok(Home { by, evidence: trial.evidence_for() });
    let named = expected.person.is_some();
    match case.draft.declaration.as_ref().map(|slip| slip.end) {
        None | Some(SpanEnd::Open) => Err(Stays::Held(vec![Reason::PagecountMismatch])),
        Some(SpanEnd::Sure) => {
            let mut own = case.draft.pages.iter().map(|page| Agreement::on(&trial, Some(*page)).by());
            match own.next().flatten() {
                Some(by) if named && own.all(|other| other.is_some()) => home(by),
                _ => Err(Stays::TwoImages),
            }
        }
        Some(SpanEnd::Counted) => match Agreement::on(&trial, None).by() {
            Some(by) if named => home(by),
            _ if expected.words.is_mostly_on(words) => home(By::Words),
            _ => Err(Stays::Unlike),
        },
    }
}

/// Whom pages name, whether or not they may be filed there: the person what comes to them is held against.
pub fn named_on(case: &Case, known: &Known, rules: &Rules, now: Timestamp) -> Option<PatientId> {
    Trial::open(case, known, rules, now).subject.map(|subject| subject.patient.id)
}

impl Agreement {
    const fn by(self) -> Option<By> {
        match self {
            Self { number: true, .. } => Some(By::Number),
            Self { both: true, .. } => Some(By::NameAndBirthDate),
            Self { .. } => None,
        }
    }
}
