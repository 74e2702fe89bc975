//! What does one sighting say about the subject: for, against, or nothing?

use crate::exception::Reason;
use crate::identifier::Identifier;
use crate::name::{Likeness, Order, PersonName, Placeholder, key};
use crate::patient::{Patient, Sex};
use crate::rules::Authority;
use crate::sighting::{Printed, Seen, Sighting, Stands};

use super::subject::{By, authority_of, is_misreading, is_of_unknown_authority, is_record_number, owners};
use super::trial::Trial;

/// A sighting, held against the subject.
pub(super) struct Heard<'a> {
    pub(super) sighting: &'a Sighting,
    pub(super) says: Says<'a>,
}

#[derive(Clone, Copy)]
pub(super) enum Says<'a> {
    Number(NumberSays<'a>),
    Name(NameSays),
    Birth,
    Sex,
    Nothing,
    /// Contrary (AF-3), and what a clerk is told.
    Against(Reason),
}

/// A number of the subject's.
#[derive(Clone, Copy)]
pub(super) struct NumberSays<'a> {
    pub(super) identifier: &'a Identifier,
    pub(super) retired: bool,
    pub(super) symbol: bool,
    /// The symbol's printed text was read and is equal.
    pub(super) printed: bool,
    /// Its authority has a check digit, and it holds.
    pub(super) checked: bool,
}

/// A name of the subject's.
#[derive(Clone, Copy)]
pub(super) struct NameSays {
    /// Letter by letter, in the order read, without another middle initial: may be looked up for uniqueness.
    pub(super) exact: bool,
    /// A nursery's name: agrees only beside a number in a symbol.
    pub(super) newborn: bool,
}

impl<'a> Heard<'a> {
    pub(super) fn of(sighting: &'a Sighting, trial: &Trial<'a>) -> Self {
        let says = match (&sighting.what, trial.subject) {
            (Seen::Unread, _) => Says::Against(Reason::IdUnread),
            (Seen::Number { .. }, _) => number(sighting, trial),
            (_, None) => Says::Nothing,
            (Seen::Name(paper), Some(subject)) => name(sighting, paper, subject.patient, trial),
            (Seen::BirthDate(_), Some(subject)) => birth(sighting, subject.patient),
            (Seen::Sex(sex), Some(subject)) => match subject.patient.sex {
                None => Says::Nothing,
                Some(own) if own == *sex => Says::Sex,
                Some(Sex::Female | Sex::Male) => Says::Against(Reason::SexMismatch),
            },
            (Seen::SexOrInitial(sex), Some(subject)) => sex_or_initial(*sex, subject.patient),
            (Seen::Age(years), Some(subject)) => age(*years, subject.patient, trial),
        };
        Self { sighting, says }
    }
}

fn number<'a>(sighting: &'a Sighting, trial: &Trial<'a>) -> Says<'a> {
    let Seen::Number { value, kind, symbol, .. } = &sighting.what else { return Says::Nothing };
    let owners = owners(trial, sighting);
    let relevant = !owners.is_empty() || is_record_number(trial, sighting);
    if symbol.is_some_and(|symbol| symbol.disputed) {
        return Says::Against(Reason::DecoderDisagree);
    }
    if !relevant {
        return Says::Nothing;
    }
    if symbol.is_some_and(|symbol| symbol.printed == Printed::Differs) {
        return Says::Against(Reason::HriMismatch);
    }
    let own =
        trial.subject.and_then(|subject| owners.iter().find(|owner| owner.patient.id == subject.patient.id));
    let authority = authority_of(trial, sighting);
    let is_record = own.map_or_else(|| kind.is_none_or(is_mrn), |owner| is_mrn(owner.identifier.kind));
    // Scottish numbers begin with the day their owner was born.
    let born = trial.subject.and_then(|subject| subject.patient.birth_date);
    let consistent = |authority: &Authority| {
        let scheme = authority.check_digit;
        scheme.valid(value) && born.is_none_or(|born| scheme.may_be_born(value, born))
    };
    if is_record && authority.is_some_and(|authority| !consistent(authority)) {
        return Says::Against(Reason::CheckDigitFail);
    }
    if is_record && is_of_unknown_authority(trial, sighting) {
        return Says::Against(Reason::AuthorityUnknown);
    }
    let others = owners
        .iter()
        .any(|owner| trial.subject.is_some_and(|subject| owner.patient.id != subject.patient.id));
    match own {
        Some(_) if others => Says::Against(Reason::AuthorityUnknown),
        Some(owner) => Says::Number(NumberSays {
            identifier: owner.identifier,
            retired: owner.retired,
            symbol: symbol.is_some(),
            printed: symbol.is_some_and(|symbol| symbol.printed == Printed::Equal),
            checked: authority
                .is_some_and(|authority| authority.check_digit != crate::check_digit::CheckDigit::None),
        }),
        None if others => Says::Against(Reason::MultiPatient),
        None if is_misreading(trial, sighting) => Says::Nothing,
        // Nobody is named who could be contradicted; that the index has no such number is told by AF-1.
        None if trial.subject.is_none_or(|subject| subject.by == By::Demographics) => Says::Nothing,
        // Somebody's record number, and not the subject's.
        None => Says::Against(Reason::MultiPatient),
    }
}

fn is_mrn(kind: crate::identifier::IdentifierKind) -> bool {
    kind == crate::identifier::IdentifierKind::Mrn
}

fn name<'a>(sighting: &Sighting, paper: &PersonName, patient: &Patient, trial: &Trial<'a>) -> Says<'a> {
    if let Some(placeholder) = paper.placeholder() {
        return placeholder_name(paper, placeholder, patient);
    }
    let order = Order::of(&sighting.text);
    let like = |own: &PersonName| Likeness::of(paper, order, own, &trial.rules.nicknames);
    let Some((best, own)) = patient.names.iter().map(|own| (like(own), own)).min_by_key(|(like, _)| *like)
    else {
        return Says::Nothing;
    };
    // A confusion is forgiven only where nobody else has the name just as it reads.
    let somebody_elses = || {
        let others = trial.known.patients.iter().filter(|other| other.id != patient.id);
        others.flat_map(|other| &other.names).any(|other| like(other) == Likeness::Exact)
    };
    match best {
        Likeness::Exact | Likeness::Nickname => {
            Says::Name(NameSays { exact: best == Likeness::Exact && reads_as(paper, own), newborn: false })
        }
        Likeness::OneConfusion if !somebody_elses() => Says::Name(NameSays { exact: false, newborn: false }),
        Likeness::Confusions if !somebody_elses() => Says::Nothing,
        Likeness::Partial => Says::Nothing,
        _ => Says::Against(Reason::NameMismatch),
    }
}

/// The catalogue looks namesakes up by family and given name as read: only then is a name known to be unique.
fn reads_as(paper: &PersonName, own: &PersonName) -> bool {
    let initial = |part: &str| key(part).chars().next();
    let middles = match (initial(&paper.middle), initial(&own.middle)) {
        (Some(paper), Some(own)) => paper == own,
        _ => true,
    };
    key(&paper.family) == key(&own.family) && key(&paper.given) == key(&own.given) && middles
}

/// "BABY BOY SMITH" is contrary to everyone whose name it is not exactly; a name for somebody unknown speaks for
/// nobody.
fn placeholder_name<'a>(paper: &PersonName, placeholder: Placeholder, patient: &Patient) -> Says<'a> {
    let whole = |name: &PersonName| {
        let mut words: Vec<String> =
            format!("{} {} {}", name.family, name.given, name.middle).split_whitespace().map(key).collect();
        words.sort_unstable();
        words
    };
    let is = |own: &PersonName| whole(own) == whole(paper);
    match (placeholder, patient.names.split_first()) {
        (Placeholder::Newborn, Some((current, _))) if is(current) => {
            Says::Name(NameSays { exact: false, newborn: true })
        }
        (_, Some((current, earlier))) if is(current) || earlier.iter().any(is) => Says::Nothing,
        _ => Says::Against(Reason::NameMismatch),
    }
}

fn birth<'a>(sighting: &Sighting, patient: &Patient) -> Says<'a> {
    let (Seen::BirthDate(date), Some(own)) = (&sighting.what, patient.birth_date) else {
        return Says::Nothing;
    };
    // Where two digits say the year, its century is a guess.
    let century = !sighting.text.contains(&date.year().to_string())
        && (date.year() - own.year(), date.month(), date.day()) == (100, own.month(), own.day());
    if *date == own || century {
        Says::Birth
    } else if patient.earlier_birth_dates.contains(date) {
        Says::Nothing
    } else {
        Says::Against(Reason::DobMismatch)
    }
}

/// An initial of the person's own explains the letter; else it is a sex.
fn sex_or_initial<'a>(read: Sex, patient: &Patient) -> Says<'a> {
    let letter = if read == Sex::Male { 'M' } else { 'F' };
    let explains = |name: &PersonName| {
        name.middle
            .split_whitespace()
            .chain(name.given.split_whitespace().skip(1))
            .any(|part| key(part).starts_with(letter))
    };
    match patient.sex {
        Some(own) if own != read && !patient.names.iter().any(explains) => Says::Against(Reason::SexMismatch),
        _ => Says::Nothing,
    }
}

/// An age fits from a year before the service to a year from today: papers are printed later.
fn age<'a>(years: u16, patient: &Patient, trial: &Trial<'a>) -> Says<'a> {
    let Some(born) = patient.birth_date else { return Says::Nothing };
    let age_on = |day: jiff::civil::Date| {
        let before = (day.month(), day.day()) < (born.month(), born.day());
        i32::from(day.year()) - i32::from(born.year()) - i32::from(before)
    };
    let youngest = trial.case.service.map_or(0, |(first, _)| age_on(first) - 1);
    if (youngest..=age_on(trial.today) + 1).contains(&i32::from(years)) {
        Says::Nothing
    } else {
        Says::Against(Reason::DobMismatch)
    }
}

impl Heard<'_> {
    /// Whether it stands where a person is named, and not in running text.
    pub(super) fn is_printed(&self) -> bool {
        self.sighting.stands != Stands::Body
    }
}
