//! Do picture, dates and kind allow it? (`domain.md` AF-6, AF-7, AF-8)

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::document::KindCode;
use crate::exception::Reason;
use crate::kind::Filed;
use crate::reading::QualityFlag;
use crate::sighting::Seen;

use super::PageCase;
use super::subject::owners;
use super::trial::Trial;

pub(super) fn reasons(trial: &Trial<'_>) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if trial.case.pages.iter().any(|page| !page.readable) {
        reasons.push(Reason::PageUnreadable);
    }
    if is_sensitive(trial) {
        reasons.push(Reason::TypeSensitive);
    }
    if trial.case.service.is_some_and(|days| is_implausible(trial, days)) {
        reasons.push(Reason::DosImplausible);
    }
    reasons
}

/// A picture that identifiers are not believed from. (A fax is none by itself, nor is ink nobody can read.)
pub(super) fn is_poor(page: &PageCase) -> bool {
    page.quality.flags.iter().any(|flag| {
        matches!(
            flag,
            QualityFlag::LowContrast
                | QualityFlag::LowResolution
                | QualityFlag::Blurred
                | QualityFlag::DropoutLine
                | QualityFlag::Damaged
        )
    })
}

/// Also a kind that words merely suggest.
fn is_sensitive(trial: &Trial<'_>) -> bool {
    let by_a_person = |code: &KindCode| match trial.rules.kinds.get(code).map(|kind| kind.file) {
        Some(Filed::Manual) => true,
        Some(Filed::Cover) => !trial.is_covered(),
        Some(Filed::Auto) | None => false,
    };
    by_a_person(&trial.case.kind) || trial.case.suggested.as_ref().is_some_and(by_a_person)
}

/// A day of service before birth, after today, long after death, or far from the visit that the pages name.
fn is_implausible(trial: &Trial<'_>, (first, last): (Date, Date)) -> bool {
    /// Days after death in which papers are still written.
    const AFTER_DEATH: i64 = 90;
    // "Today" is of Greenwich: papers of tomorrow's date are written east of it.
    if trial.today.tomorrow().is_ok_and(|tomorrow| last > tomorrow) {
        return true;
    }
    let Some(subject) = trial.subject else { return false };
    let patient = subject.patient;
    let allowed = trial.rules.kinds.get(&trial.case.kind).is_some_and(|kind| kind.after_death);
    let too_late =
        patient.died.and_then(|died| died.checked_add(AFTER_DEATH.days()).ok()).is_some_and(|end| last > end);
    patient.birth_date.is_some_and(|born| first < born)
        || (too_late && !allowed)
        || is_outside_visit(trial, first, last)
}

/// A visit whose number stands on the pages, give or take the window.
fn is_outside_visit(trial: &Trial<'_>, first: Date, last: Date) -> bool {
    /// Days before and after a visit in which its papers are written.
    const WINDOW: i64 = 30;
    let numbers = trial.case.sightings.iter().filter(|sighting| matches!(sighting.what, Seen::Number { .. }));
    let named: Vec<_> =
        numbers.flat_map(|sighting| owners(trial, sighting)).map(|owner| owner.identifier).collect();
    let visits = trial.known.encounters.iter().filter(|visit| named.contains(&&visit.number));
    visits.filter_map(|visit| visit.days).any(|(from, to)| {
        let opens = from.checked_sub(WINDOW.days()).unwrap_or(from);
        let closes = to.checked_add(WINDOW.days()).unwrap_or(to);
        last < opens || first > closes
    })
}
