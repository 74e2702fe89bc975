//! Is there enough that speaks for it? The witness table of `domain.md` 2.12 (AF-2), and every page's own (AF-5).

use crate::evidence::Ground;
use crate::exception::Reason;
use crate::ids::PageNumber;
use crate::reading::QualityFlag;
use crate::rules::Confirm;

use super::companion;
use super::hearing::{Heard, Says};
use super::margin::has_name_alone;
use super::quality::is_poor;
use super::subject::By;
use super::trial::Trial;

/// Which agreeing sightings count. Each grade counts those of the one before as well.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Grade {
    /// Witnesses on pages that were seen well: what is filed on.
    Sound,
    /// … on any page: tells that it is the picture's fault.
    Poor,
    /// … read with too little confidence: tells that it is the reading's fault.
    Unsure,
}

/// What agrees with the subject.
#[derive(Clone, Copy, Default)]
struct Tally {
    /// A number that counts alone as a witness.
    number: bool,
    /// A number in a symbol, replaced or not.
    in_symbol: bool,
    /// … in a symbol whose printed text is equal, with a check digit.
    doubly_read: bool,
    /// A number that was replaced in a merge: a witness only beside name and birth date.
    retired: bool,
    name: bool,
    /// A name that may be looked up for uniqueness.
    exact_name: bool,
    birth: bool,
}

impl Tally {
    fn of(trial: &Trial<'_>, grade: Grade, page: Option<PageNumber>) -> Self {
        let counted: Vec<&Heard<'_>> = trial
            .heard
            .iter()
            .filter(|heard| heard.is_printed() && counts(trial, heard, grade))
            .filter(|heard| page.is_none_or(|page| page == heard.sighting.page))
            .collect();
        let mut tally = Self::default();
        let mut newborn = false;
        for heard in &counted {
            match heard.says {
                Says::Number(number) if number.retired => {
                    tally.retired = true;
                    tally.in_symbol |= number.symbol;
                }
                Says::Number(number) => {
                    tally.number = true;
                    tally.in_symbol |= number.symbol;
                    tally.doubly_read |= number.symbol && number.printed && number.checked;
                }
                Says::Name(name) => {
                    newborn |= name.newborn;
                    tally.name |= !name.newborn;
                    tally.exact_name |= name.exact;
                }
                Says::Birth => tally.birth = true,
                Says::Sex | Says::Nothing | Says::Against(_) => {}
            }
        }
        // A newborn's name is a pattern: beside a number in a symbol and the birth date it may agree.
        tally.name |= newborn && tally.in_symbol && tally.birth;
        tally
    }

    const fn has_both(self) -> bool {
        self.name && self.birth
    }

    /// A number that may be believed here.
    const fn has_number(self) -> bool {
        self.number || (self.retired && self.has_both())
    }
}

/// What on good pages agrees with the subject, as far as it tells a sheet that was scanned again.
pub(super) struct Agreement {
    pub(super) number: bool,
    /// Name and birth date.
    pub(super) both: bool,
}

impl Agreement {
    pub(super) fn on(trial: &Trial<'_>, page: Option<PageNumber>) -> Self {
        let tally = Tally::of(trial, Grade::Sound, page);
        Self { number: tally.has_number(), both: tally.has_both() }
    }
}

fn counts(trial: &Trial<'_>, heard: &Heard<'_>, grade: Grade) -> bool {
    let sighting = heard.sighting;
    let poor = trial.page(sighting.page).is_none_or(is_poor);
    let unsure = sighting.confidence < trial.rules.identity.min_confidence;
    match grade {
        Grade::Sound => sighting.witness && !poor,
        Grade::Poor => sighting.witness,
        Grade::Unsure => sighting.witness || unsure,
    }
}

pub(super) fn reasons(trial: &Trial<'_>) -> Vec<Reason> {
    let Some(lacking) = lacking(trial, Grade::Sound) else { return Vec::new() };
    let open = trial.declared.as_ref().is_some_and(|declared| declared.valid && !declared.sure);
    vec![if self::lacking(trial, Grade::Poor).is_none() {
        Reason::QcFail
    } else if self::lacking(trial, Grade::Unsure).is_none() {
        Reason::OcrLow
    } else if open {
        Reason::PagecountMismatch // it does not pass by itself (D-3)
    } else {
        lacking
    }]
}

/// The row of the table that passes.
pub(super) fn ground(trial: &Trial<'_>) -> Option<Ground> {
    table(trial, Tally::of(trial, Grade::Sound, None)).ok()
}

/// What is missing; none if there is enough.
fn lacking(trial: &Trial<'_>, grade: Grade) -> Option<Reason> {
    let tally = Tally::of(trial, grade, None);
    let silent = || trial.case.draft.pages.iter().any(|page| !has_own_identity(trial, grade, *page, tally));
    table(trial, tally).err().or_else(|| silent().then_some(Reason::SilentRun))
}

/// The rows of the table, from the top: which passes, or what is missing.
fn table(trial: &Trial<'_>, tally: Tally) -> Result<Ground, Reason> {
    let declared = trial.is_covered();
    if trial.subject.is_none_or(|subject| subject.by == By::Demographics && !declared) {
        let somebody = trial.subject.is_some();
        return Err(if somebody && tally.has_both() { Reason::NoNumber } else { Reason::NoId });
    }
    if tally.retired && !tally.number && !tally.has_both() {
        return Err(Reason::IdRetired);
    }
    match (tally.has_number(), tally.name, tally.birth) {
        (true, true, true) if tally.in_symbol => Ok(Ground::BarcodeNameBirthDate),
        (true, true, true) => Ok(Ground::NumberNameBirthDate),
        (true, ..) | (false, true, true) if declared => Ok(Ground::Declared),
        (true, false, false) => Err(Reason::OneIdOnly),
        (true, ..) if is_confirmed_by_either(trial, tally) => Ok(Ground::NumberAndName),
        (true, ..) => Err(Reason::OneDemographic),
        (false, true, true) => Err(Reason::NoNumber),
        (false, true, false) if declared && is_name_enough(trial, tally) => Ok(Ground::Declared),
        (false, false, true) if declared && is_birth_enough(trial) => Ok(Ground::Declared),
        (false, ..) if declared && is_witnessless(trial) => Ok(Ground::DeclaredCount),
        (false, ..) if declared => Err(Reason::NoWitness),
        (false, ..) => Err(Reason::NoId),
    }
}

/// `confirm = "either"`: a number read twice over with a check digit, and a name that nobody else has; no fax.
/// (A birth date alone is never known to be unique: the catalogue does not show everybody born on a day.)
fn is_confirmed_by_either(trial: &Trial<'_>, tally: Tally) -> bool {
    let fax =
        trial.case.fax || trial.case.pages.iter().any(|page| page.quality.flags.contains(&QualityFlag::Fax));
    trial.rules.identity.confirm == Confirm::Either
        && tally.doubly_read
        && !fax
        && is_name_enough(trial, tally)
}

/// A kind that the site lists as naming nobody, and as many sheets as were declared.
fn is_witnessless(trial: &Trial<'_>) -> bool {
    let kind = trial.rules.kinds.get(&trial.case.kind);
    kind.is_some_and(|kind| kind.witnessless) && trial.declared.as_ref().is_some_and(|own| own.counted)
}

/// A name alone counts only if nobody else in the index has it, at any time.
fn is_name_enough(trial: &Trial<'_>, tally: Tally) -> bool {
    tally.exact_name && trial.subject.is_some_and(|subject| has_name_alone(trial, subject.patient))
}

/// A birth date alone counts, under a declaration, only if nobody else is declared or read in the batch who has it.
fn is_birth_enough(trial: &Trial<'_>) -> bool {
    trial.subject.is_some_and(|subject| !companion::share_birth_date(trial, subject.patient))
}

/// AF-5: each page names the subject itself, is bound to one that does, or is covered by a declaration.
fn has_own_identity(trial: &Trial<'_>, grade: Grade, page: PageNumber, document: Tally) -> bool {
    if trial.is_covered() || trial.case.draft.bound.contains(&page) {
        return true;
    }
    let own = Tally::of(trial, grade, Some(page));
    let number = own.number || (own.retired && document.has_both());
    number || own.has_both() || is_name_enough(trial, own)
}
