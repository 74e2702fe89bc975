//! Who could it be? Ranked for a person, never filed on.

use crate::exception::Candidate;
use crate::name::{Likeness, Order};
use crate::patient::Patient;
use crate::sighting::Seen;

use super::subject::owners;
use super::trial::Trial;

/// The likeliest people of the index, likeliest first. The words name fields, never what is in them.
pub(super) fn candidates(trial: &Trial<'_>) -> Vec<Candidate> {
    /// As many as a clerk compares.
    const MOST: usize = 5;
    let mut ranked: Vec<(u32, Candidate)> = trial
        .known
        .patients
        .iter()
        .map(|patient| (patient.id, Fit::of(trial, patient)))
        .filter(|(_, fit)| fit.weight() >= 2)
        .map(|(id, fit)| (fit.weight(), Candidate { patient: id, why: fit.words() }))
        .collect();
    ranked.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.patient.cmp(&b.1.patient)));
    ranked.into_iter().take(MOST).map(|(_, candidate)| candidate).collect()
}

/// How each field fits a person.
struct Fit {
    sheet: bool,
    number: bool,
    name: Field,
    birth: Field,
    sex: Field,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Absent,
    Agrees,
    Similar,
    Differs,
}

impl Fit {
    fn of(trial: &Trial<'_>, patient: &Patient) -> Self {
        let declared = trial.declared.as_ref().and_then(|declared| declared.patient);
        let owned = trial
            .printed()
            .any(|sighting| owners(trial, sighting).iter().any(|own| own.patient.id == patient.id));
        Self {
            sheet: declared.is_some_and(|own| own.id == patient.id),
            number: owned,
            name: best(trial, |what, text| match what {
                Seen::Name(name) => Some(
                    patient
                        .names
                        .iter()
                        .map(|own| Likeness::of(name, Order::of(text), own, &trial.rules.nicknames))
                        .min()
                        .map_or(Field::Differs, field),
                ),
                _ => None,
            }),
            birth: best(trial, |what, _| match what {
                Seen::BirthDate(date) if patient.birth_date == Some(*date) => Some(Field::Agrees),
                Seen::BirthDate(_) => Some(Field::Differs),
                _ => None,
            }),
            sex: best(trial, |what, _| match what {
                Seen::Sex(sex) if patient.sex.is_some_and(|own| own != *sex) => Some(Field::Differs),
                Seen::Sex(_) => Some(Field::Agrees),
                _ => None,
            }),
        }
    }

    fn weight(&self) -> u32 {
        let of = |field: Field, agrees: u32, similar: u32| match field {
            Field::Agrees => agrees,
            Field::Similar => similar,
            Field::Absent | Field::Differs => 0,
        };
        4 * u32::from(self.number) + 3 * u32::from(self.sheet) + of(self.name, 3, 1) + of(self.birth, 2, 0)
    }

    /// "number and birth date agree; name differs".
    fn words(&self) -> String {
        let fields = [("name", self.name), ("birth date", self.birth), ("sex", self.sex)];
        let which =
            |wanted: Field| fields.iter().filter(move |(_, field)| *field == wanted).map(|(name, _)| *name);
        let mut agree: Vec<&str> = Vec::new();
        agree.extend(self.sheet.then_some("cover sheet"));
        agree.extend(self.number.then_some("number"));
        agree.extend(which(Field::Agrees));
        let parts = [
            said(&agree, "agrees", "agree"),
            said(&which(Field::Similar).collect::<Vec<_>>(), "is similar", "are similar"),
            said(&which(Field::Differs).collect::<Vec<_>>(), "differs", "differ"),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
    }
}

const fn field(like: Likeness) -> Field {
    match like {
        Likeness::Exact | Likeness::Nickname | Likeness::OneConfusion => Field::Agrees,
        Likeness::Confusions | Likeness::Partial | Likeness::Similar => Field::Similar,
        Likeness::Different => Field::Differs,
    }
}

/// The best that a field says anywhere on the pages.
fn best(trial: &Trial<'_>, of: impl Fn(&Seen, &str) -> Option<Field>) -> Field {
    let all: Vec<Field> = trial.printed().filter_map(|sighting| of(&sighting.what, &sighting.text)).collect();
    [Field::Agrees, Field::Similar, Field::Differs]
        .into_iter()
        .find(|field| all.contains(field))
        .unwrap_or(Field::Absent)
}

fn said(fields: &[&str], one: &str, more: &str) -> Option<String> {
    match fields {
        [] => None,
        [only] => Some(format!("{only} {one}")),
        [first @ .., last] => Some(format!("{} and {last} {more}", first.join(", "))),
    }
}
