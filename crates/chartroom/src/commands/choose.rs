//! Whom does a person mean, and does what was read speak against it? (`domain.md` 2.12, manual filing)
//!
//! The number is typed from the paper. Who chooses by name types the birth date too: a confirming click is not
//! enough.

use anyhow::bail;
use clap::Args;
use jiff::Timestamp;
use jiff::civil::Date;
use records::identifier::Identifier;
use records::ids::PageRef;
use records::judge::Objections;
use records::name::{PersonName, key};
use records::patient::{Patient, Sex};

use crate::archive_door::Door;
use crate::show;

#[derive(Args)]
pub(crate) struct WhoseArguments {
    /// The number as it is printed on the paper
    #[arg(long, required_unless_present = "name")]
    mrn: Option<String>,
    /// Where no number is printed: the name on the paper ("Doe, Jane"), with --birth-date
    #[arg(long, value_name = "NAME", conflicts_with = "mrn", requires = "birth_date")]
    name: Option<String>,
    /// The birth date on the paper (1962-03-15)
    #[arg(long, value_name = "DATE")]
    birth_date: Option<Date>,
    /// Who assigned the number
    #[arg(long)]
    authority: Option<String>,
}

impl WhoseArguments {
    pub(super) fn authority(&self) -> Option<&str> {
        self.authority.as_deref()
    }
}

/// The patient a person named, and the number it is filed under.
pub(super) struct Chosen {
    pub(super) patient: Patient,
    pub(super) number: Identifier,
}

impl Chosen {
    pub(super) fn by(door: &Door, arguments: &WhoseArguments) -> anyhow::Result<Self> {
        let authority = arguments.authority();
        if let Some(mrn) = &arguments.mrn {
            let patient = super::patients::find(door, mrn, authority)?;
            if arguments.birth_date.is_some_and(|typed| patient.birth_date != Some(typed)) {
                bail!("number and birth date are not of the same patient; look at the paper again");
            }
            return Ok(Self { patient, number: door.number(mrn, authority)? });
        }
        let (Some(name), Some(born)) = (&arguments.name, arguments.birth_date) else {
            bail!("give --mrn, or --name with --birth-date");
        };
        let patient = only(named(door, name, born)?)?;
        match patient.mrn(None).cloned() {
            Some(number) => Ok(Self { patient, number }),
            None => bail!("this patient has no record number; correct the patient index first"),
        }
    }

    /// The patient of a typed number, if the birth date that was typed is theirs. What the chart says is not shown
    /// when they differ (`domain.md` 2.14, D-2).
    pub(super) fn born(
        door: &Door,
        mrn: &str,
        authority: Option<&str>,
        born: Date,
    ) -> anyhow::Result<Option<Self>> {
        let patient = super::patients::find(door, mrn, authority)?;
        let number = door.number(mrn, authority)?;
        Ok((patient.birth_date == Some(born)).then_some(Self { patient, number }))
    }
}

/// A name as a person types it: "Family, Given"; further names do not count.
pub(super) struct TypedName<'t> {
    family: &'t str,
    given: &'t str,
}

impl<'t> TypedName<'t> {
    /// `None`: without a comma nobody knows which is which.
    pub(super) fn of(typed: &'t str) -> Option<Self> {
        let (family, given) = typed.split_once(',')?;
        Some(Self { family, given: given.split_whitespace().next().unwrap_or_default() })
    }

    pub(super) fn is(&self, own: &PersonName) -> bool {
        key(&own.family) == key(self.family) && key(&own.given) == key(self.given)
    }
}

/// Everybody of that name, now or ever, who was born on that day.
fn named(door: &Door, typed: &str, born: Date) -> anyhow::Result<Vec<Patient>> {
    /// As many as the index names at most: behind them somebody else may fit.
    const MOST: usize = 200;
    let whole = |name: &TypedName<'_>| !name.family.trim().is_empty() && !name.given.is_empty();
    let Some(typed) = TypedName::of(typed).filter(whole) else {
        bail!("write the name as \"Family, Given\"");
    };
    let ids = door.archive.patients_named(typed.family, Some(typed.given))?;
    if ids.len() >= MOST {
        bail!("too many patients have this name to choose by it; use the number on the paper");
    }
    let mut fit: Vec<Patient> = Vec::new();
    for id in ids {
        let Some(patient) = door.archive.patient(id)? else { continue };
        let is_new = fit.iter().all(|other| other.id != patient.id);
        if is_new && patient.birth_date == Some(born) && patient.names.iter().any(|own| typed.is(own)) {
            fit.push(patient);
        }
    }
    Ok(fit)
}

/// The one who fits; several are shown with what tells them apart.
fn only(mut fit: Vec<Patient>) -> anyhow::Result<Patient> {
    match fit.len() {
        0 => bail!("nobody in the patient index has this name and birth date; look at the paper again"),
        1 => Ok(fit.remove(0)),
        _ => {
            let rows: Vec<[(&str, String); 4]> = fit.iter().map(fields).collect();
            for row in &rows {
                let differs = |at: usize| rows.iter().any(|other| other[at].1 != row[at].1);
                let told = row.iter().enumerate().filter(|(_, (_, value))| !value.is_empty());
                let told = told.map(|(at, (field, value))| {
                    let mark = if differs(at) { "DIFFERS " } else { "" };
                    format!("{mark}{field} {value}")
                });
                let line = told.collect::<Vec<_>>().join("; ");
                show::wrapped(&line, 78).into_iter().for_each(|line| show::line(format!("  {line}")));
            }
            bail!("{} patients have this name and birth date; use the number on the paper", fit.len())
        }
    }
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

/// What was read on these pages, held against the patient who was chosen.
pub(super) fn held_against(door: &Door, pages: &[PageRef], patient: &Patient) -> anyhow::Result<Objections> {
    Ok(pipeline::objections(&door.archive, &door.config.rules, pages, patient, Timestamp::now())?)
}

/// What names somebody else, page by page.
pub(super) fn describe(found: &Objections) {
    show::line("What was read names somebody else:");
    for (reason, seen) in &found.against {
        let told = format!("page {}: \u{201c}{}\u{201d}: {}", seen.page, seen.text, reason.words());
        show::wrapped(&told, 76).into_iter().for_each(|line| show::line(format!("  {line}")));
    }
}
