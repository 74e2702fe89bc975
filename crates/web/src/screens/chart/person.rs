//! Whose chart is it, with everything that makes one chart of several or warns of it?

use archive::ExceptionRow;
use records::identifier::Identifier;
use records::name::PersonName;
use records::patient::{IdentifierStatus, Patient, PatientFlags, PatientId, Sex};

use crate::desk::Desk;
use crate::fault::Fault;
use crate::people::Person;

/// The head of a chart.
pub(super) struct Facts {
    pub(super) name: String,
    pub(super) birth_date: Option<String>,
    pub(super) sex: &'static str,
    pub(super) died: Option<String>,
    pub(super) numbers: Vec<String>,
    /// Old numbers: they still lead here.
    pub(super) retired: Vec<String>,
    pub(super) earlier_names: Vec<String>,
    pub(super) earlier_birth_dates: Vec<String>,
    /// Records that were merged into this one.
    pub(super) merged: usize,
    pub(super) warnings: Vec<&'static str>,
}

pub(super) fn facts(desk: &Desk, patient: &Patient) -> Result<Facts, Fault> {
    let numbers = |status| {
        let own = patient.identifiers.iter().filter(move |own| own.status == status);
        own.map(|own| number_words(&own.identifier)).collect::<Vec<_>>()
    };
    Ok(Facts {
        name: patient.name().map_or_else(|| "Name not known".into(), PersonName::filed),
        birth_date: patient.birth_date.map(|day| day.to_string()),
        sex: match patient.sex {
            Some(Sex::Female) => "female",
            Some(Sex::Male) => "male",
            None => "sex not known",
        },
        died: patient.died.map(|day| day.to_string()),
        numbers: numbers(IdentifierStatus::Active),
        retired: numbers(IdentifierStatus::Retired),
        earlier_names: patient.names.iter().skip(1).map(PersonName::filed).collect(),
        earlier_birth_dates: patient.earlier_birth_dates.iter().map(ToString::to_string).collect(),
        merged: desk.archive.identities(patient.id)?.len().saturating_sub(1),
        warnings: warnings(patient.flags),
    })
}

fn number_words(number: &Identifier) -> String {
    format!("{} {}", number.authority, number.value)
}

/// What to mind before reading or filing here.
fn warnings(flags: PatientFlags) -> Vec<&'static str> {
    let all = [
        (flags.frozen, "Frozen: two people may be in this chart. Nothing is filed to it by itself."),
        (flags.name_alert, "Name alert: somebody else has the same or nearly the same name."),
        (flags.twin, "Twin: check the given name and the number."),
        (flags.confidential, "Confidential: look only for your work."),
        (flags.test_patient, "Test patient: nobody real."),
        (flags.unknown_person, "Not identified yet: nobody knows who this is."),
    ];
    all.into_iter().filter(|(set, _)| *set).map(|(_, words)| words).collect()
}

/// Pages on the worklist that may belong here.
pub(super) struct Hold {
    pub(super) id: String,
    pub(super) why: String,
    pub(super) pages: usize,
    pub(super) since: String,
}

/// Only for who works the worklist.
pub(super) fn holds(desk: &Desk, person: &Person, patient: PatientId) -> Result<Vec<Hold>, Fault> {
    let held = desk.archive.held_for(patient)?;
    if !held.is_empty() {
        person.record_list(desk, "worklist", held.len())?;
    }
    Ok(held.iter().map(Hold::of).collect())
}

impl Hold {
    fn of(held: &ExceptionRow) -> Self {
        let why = held.reasons.iter().map(|reason| format!("{} ({})", reason.words(), reason.code()));
        Self {
            id: held.id.to_string(),
            why: why.collect::<Vec<_>>().join(" "),
            pages: held.pages.len(),
            since: held.created.strftime("%Y-%m-%d").to_string(),
        }
    }
}
