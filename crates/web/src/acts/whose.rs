//! Whom does a person mean?

use archive::Archive;
use jiff::civil::Date;
use records::identifier::Identifier;
use records::name::{PersonName, key};
use records::patient::{Patient, Sex};

use super::{ActError, House};

/// Whom a person names: by the number on the paper, or by name and birth date.
#[derive(Clone, Copy, Default)]
pub struct Whose<'a> {
    pub mrn: Option<&'a str>,
    pub name: Option<&'a str>,
    pub birth_date: Option<Date>,
    pub authority: Option<&'a str>,
}

/// The patient a person named, and the number it is filed under.
pub struct Chosen {
    pub patient: Patient,
    pub number: Identifier,
}

impl Chosen {
    /// `Ok(None)`: neither a number nor a name with a birth date was given.
    ///
    /// # Errors
    /// Nobody is named so, or several are.
    pub fn by(house: House<'_>, whose: Whose<'_>) -> Result<Option<Self>, ActError> {
        if let Some(mrn) = whose.mrn {
            let (patient, number) = house.of_number(mrn, whose.authority)?;
            if whose.birth_date.is_some_and(|typed| patient.birth_date != Some(typed)) {
                return Err(ActError::NotSamePatient);
            }
            return Ok(Some(Self { patient, number }));
        }
        let (Some(name), Some(born)) = (whose.name, whose.birth_date) else { return Ok(None) };
        let mut fit = named(house.archive, name, born)?;
        let patient = match fit.len() {
            0 => return Err(ActError::Nobody),
            1 => fit.remove(0),
            _ => return Err(ActError::Several(fit)),
        };
        match patient.mrn(None).cloned() {
            Some(number) => Ok(Some(Self { patient, number })),
            None => Err(ActError::NoNumber),
        }
    }

    /// The patient of a typed number, if the birth date that was typed is theirs. What the chart says is not shown
    /// when they differ (`domain.md` 2.14, D-2).
    ///
    /// # Errors
    /// The number is nobody's.
    pub fn born(
        house: House<'_>,
        mrn: &str,
        authority: Option<&str>,
        born: Date,
    ) -> Result<Option<Self>, ActError> {
        let (patient, number) = house.of_number(mrn, authority)?;
        Ok((patient.birth_date == Some(born)).then_some(Self { patient, number }))
    }
}

impl House<'_> {
    /// The patient of a typed number, and that number as its authority writes it.
    ///
    /// # Errors
    /// `UnknownNumber`, and what [`House::number`] refuses.
    pub fn of_number(self, mrn: &str, authority: Option<&str>) -> Result<(Patient, Identifier), ActError> {
        let number = self.number(mrn, authority)?;
        match self.archive.patient_by_number(&number)? {
            Some(patient) => Ok((patient, number)),
            None => Err(ActError::UnknownNumber { authority: number.authority.to_string() }),
        }
    }
}

/// A name as a person types it: "Family, Given"; further names do not count.
pub struct TypedName<'t> {
    family: &'t str,
    given: &'t str,
}

impl<'t> TypedName<'t> {
    /// `None`: without a comma nobody knows which is which.
    pub fn of(typed: &'t str) -> Option<Self> {
        let (family, given) = typed.split_once(',')?;
        Some(Self { family, given: given.split_whitespace().next().unwrap_or_default() })
    }

    pub fn is(&self, own: &PersonName) -> bool {
        key(&own.family) == key(self.family) && key(&own.given) == key(self.given)
    }
}

/// Everybody of that name, now or ever, who was born on that day.
fn named(archive: &Archive, typed: &str, born: Date) -> Result<Vec<Patient>, ActError> {
    /// As many as the index names at most: behind them somebody else may fit.
    const MOST: usize = 200;
    let whole = |name: &TypedName<'_>| !name.family.trim().is_empty() && !name.given.is_empty();
    let typed = TypedName::of(typed).filter(whole).ok_or(ActError::NotAName)?;
    let ids = archive.patients_named(typed.family, Some(typed.given))?;
    if ids.len() >= MOST {
        return Err(ActError::TooMany);
    }
    let mut fit: Vec<Patient> = Vec::new();
    for id in ids {
        let Some(patient) = archive.patient(id)? else { continue };
        let is_new = fit.iter().all(|other| other.id != patient.id);
        if is_new && patient.birth_date == Some(born) && patient.names.iter().any(|own| typed.is(own)) {
            fit.push(patient);
        }
    }
    Ok(fit)
}

/// Patients of one name and birth date, a line each; the fields in which they differ are marked in words.
pub fn differing(patients: &[Patient]) -> Vec<String> {
    let rows: Vec<[(&str, String); 4]> = patients.iter().map(fields).collect();
    let line = |row: &[(&str, String); 4]| {
        let differs = |at: usize| rows.iter().any(|other| other[at].1 != row[at].1);
        let told = row.iter().enumerate().filter(|(_, (_, value))| !value.is_empty());
        let told = told.map(|(at, (field, value))| {
            let mark = if differs(at) { "DIFFERS " } else { "" };
            format!("{mark}{field} {value}")
        });
        told.collect::<Vec<_>>().join("; ")
    };
    rows.iter().map(line).collect()
}

fn fields(patient: &Patient) -> [(&'static str, String); 4] {
    let name = patient.name();
    let sex = patient.sex.map_or("", |sex| match sex {
        Sex::Female => "F",
        Sex::Male => "M",
    });
    [
        ("number", patient.mrn(None).map(|own| own.value.clone()).unwrap_or_default()),
        ("name", name.map(PersonName::filed).unwrap_or_default()),
        ("sex", sex.to_owned()),
        ("numbers in all", patient.identifiers.len().to_string()),
    ]
}
