//! Who could it be? Ranked for a person, never filed on.
//!
//! Fellegi and Sunter's weights: what agrees counts by how seldom strangers agree on it, so a rare name says more
//! than a common one; what differs counts by how seldom it differs for the right person (`domain.md` 2.10).

use jiff::Timestamp;
use jiff::civil::Date;

use crate::exception::Candidate;
use crate::identifier::canonical;
use crate::name::{Likeness, Order, PersonName, key};
use crate::patient::Patient;
use crate::rules::Rules;
use crate::sighting::Seen;

use super::subject::owners;
use super::trial::Trial;
use super::weight::{BIRTH, FAMILY, Field, GIVEN, MIDDLE, NUMBER, SEX};
use super::{Case, Known};

/// Ranks everybody who is known for a person to compare, the likeliest first.
pub fn candidates(case: &Case, known: &Known, rules: &Rules, now: Timestamp) -> Vec<Candidate> {
    ranked(&Trial::open(case, known, rules, now))
}

/// The words name fields, never what is in them.
pub(super) fn ranked(trial: &Trial<'_>) -> Vec<Candidate> {
    /// As many as a clerk compares.
    const MOST: usize = 5;
    /// Odds that are not worth a look: 1 in 32, in bits.
    const HOPELESS: f64 = -5.0;
    let prior = trial.people().log2();
    let mut found: Vec<(f64, Candidate)> = trial
        .known
        .patients
        .iter()
        .map(|patient| (patient.id, Fit::of(trial, patient)))
        .filter(|(_, fit)| fit.is_named() || (fit.agrees_somewhere() && fit.weight - prior >= HOPELESS))
        .map(|(id, fit)| (fit.weight, Candidate { patient: id, why: fit.words() }))
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.patient.cmp(&b.1.patient)));
    found.into_iter().take(MOST).map(|(_, candidate)| candidate).collect()
}

/// How what was read fits a person: in words field by field, and in bits of evidence altogether.
struct Fit {
    sheet: Field,
    number: Field,
    name: Field,
    birth: Field,
    sex: Field,
    weight: f64,
}

impl Fit {
    fn of(trial: &Trial<'_>, patient: &Patient) -> Self {
        let sheet = match trial.declared.as_ref().and_then(|declared| declared.patient) {
            Some(own) if own.id == patient.id => Field::Agrees,
            Some(_) | None => Field::Absent,
        };
        let number = number(trial, patient);
        let (name, of_name) = name(trial, patient);
        let (birth, of_birth) = birth(trial, patient);
        let sex = best(trial, |what| match what {
            Seen::Sex(sex) if patient.sex.is_some_and(|own| own != *sex) => Some(Field::Differs),
            Seen::Sex(_) => Some(Field::Agrees),
            _ => None,
        });
        let one = 1.0 / trial.people();
        let weight = NUMBER.weight(sheet, one)
            + NUMBER.weight(number, one)
            + of_name
            + of_birth
            + SEX.weight(sex, 0.5);
        Self { sheet, number, name, birth, sex, weight }
    }

    /// By a number, or by the cover sheet: whatever speaks against it, a person sees whose it is.
    fn is_named(&self) -> bool {
        self.sheet == Field::Agrees || self.number == Field::Agrees
    }

    /// A sex alone names nobody.
    fn agrees_somewhere(&self) -> bool {
        [self.sheet, self.number, self.name, self.birth]
            .iter()
            .any(|field| matches!(field, Field::Agrees | Field::Similar))
    }

    /// "number and birth date agree; name differs".
    fn words(&self) -> String {
        let fields = [
            ("cover sheet", self.sheet),
            ("number", self.number),
            ("name", self.name),
            ("birth date", self.birth),
            ("sex", self.sex),
        ];
        let which = |wanted: Field| -> Vec<&str> {
            fields.iter().filter(|(_, field)| *field == wanted).map(|(name, _)| *name).collect()
        };
        let parts = [
            said(&which(Field::Agrees), "agrees", "agree"),
            said(&which(Field::Similar), "is similar", "are similar"),
            said(&which(Field::Differs), "differs", "differ"),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
    }
}

/// One of the person's numbers, or one character beside it. Another number on the page is not held against
/// anybody: forms and orders have numbers, too.
fn number(trial: &Trial<'_>, patient: &Patient) -> Field {
    let own = || patient.identifiers.iter().map(|own| canonical(&own.identifier.value));
    let fields = trial.printed().filter_map(|sighting| {
        let Seen::Number { value, .. } = &sighting.what else { return None };
        if owners(trial, sighting).iter().any(|owner| owner.patient.id == patient.id) {
            return Some(Field::Agrees);
        }
        own().any(|own| strsim::osa_distance(&own, value) == 1).then_some(Field::Similar)
    });
    fields.max().unwrap_or(Field::Absent)
}

/// The name that fits best, anywhere on the pages.
fn name(trial: &Trial<'_>, patient: &Patient) -> (Field, f64) {
    let names = trial.printed().filter_map(|sighting| match &sighting.what {
        Seen::Name(name) => Some((name, Order::of(&sighting.text))),
        _ => None,
    });
    let compared = names.flat_map(|(paper, order)| {
        patient.names.iter().map(move |own| {
            let field = match Likeness::of(paper, order, own, &trial.rules.nicknames) {
                Likeness::Exact | Likeness::Nickname | Likeness::OneConfusion => Field::Agrees,
                Likeness::Confusions | Likeness::Partial | Likeness::Similar => Field::Similar,
                Likeness::Different => Field::Differs,
            };
            (field, name_weight(trial, paper, order, own))
        })
    });
    compared.max_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))).unwrap_or((Field::Absent, 0.0))
}

/// Part by part, in the order that fits better where the paper does not say which part is the family's.
fn name_weight(trial: &Trial<'_>, paper: &PersonName, order: Order, own: &PersonName) -> f64 {
    let parts = |family: &str, given: &str| {
        let (family, given) = (key(family), key(given));
        let nickname = trial.rules.nicknames.agree(&given, &key(&own.given));
        let of_family = FAMILY.alike(alike(&family, &own.family), trial.chance(&family, Part::Family));
        let of_given = if nickname { 1.0 } else { alike(&given, &own.given) };
        of_family + GIVEN.alike(of_given, trial.chance(&given, Part::Given))
    };
    let initial = |part: &str| key(part).chars().next();
    let middle = match (initial(&paper.middle), initial(&own.middle)) {
        (Some(paper), Some(own)) if paper == own => Field::Agrees,
        (Some(_), Some(_)) => Field::Differs,
        _ => Field::Absent,
    };
    let as_read = parts(&paper.family, &paper.given);
    let best = match order {
        Order::Sure => as_read,
        Order::Either => as_read.max(parts(&paper.given, &paper.family)),
    };
    /// Letters of the alphabet that initials are drawn from, about.
    const INITIALS: f64 = 12.0;
    best + MIDDLE.weight(middle, 1.0 / INITIALS)
}

fn alike(paper: &str, own: &str) -> f64 {
    strsim::jaro_winkler(paper, &key(own))
}

fn birth(trial: &Trial<'_>, patient: &Patient) -> (Field, f64) {
    let days = trial.printed().filter_map(|sighting| match sighting.what {
        Seen::BirthDate(day) => Some(day),
        _ => None,
    });
    let compared = days.filter_map(|day| {
        let own = patient.birth_date?;
        let field = match day == own {
            true => Field::Agrees,
            false if is_nearly(day, own) => Field::Similar,
            false => Field::Differs,
        };
        Some((field, BIRTH.weight(field, trial.chance_of_day(day))))
    });
    compared.max_by_key(|(field, _)| *field).unwrap_or((Field::Absent, 0.0))
}

/// Day and month exchanged, or one digit another.
fn is_nearly(a: Date, b: Date) -> bool {
    let swapped = a.year() == b.year() && (a.month(), a.day()) == (b.day(), b.month());
    let digits = a.to_string().chars().zip(b.to_string().chars()).filter(|(a, b)| a != b).count();
    swapped || digits == 1
}

/// Which part of a name.
#[derive(Clone, Copy)]
pub(super) enum Part {
    Family,
    Given,
}

/// The best that a field says anywhere on the pages.
fn best(trial: &Trial<'_>, of: impl Fn(&Seen) -> Option<Field>) -> Field {
    trial.printed().filter_map(|sighting| of(&sighting.what)).max().unwrap_or(Field::Absent)
}

fn said(fields: &[&str], one: &str, more: &str) -> Option<String> {
    match fields {
        [] => None,
        [only] => Some(format!("{only} {one}")),
        [first @ .., last] => Some(format!("{} and {last} {more}", first.join(", "))),
    }
}
