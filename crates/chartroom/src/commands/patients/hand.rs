//! What does a person enter by hand?

use anyhow::{Context as _, bail};
use archive::{Corrected, FlagChanges, PatientRow};
use clap::{Args, ValueEnum};
use jiff::civil::Date;
use records::name::PersonName;
use records::patient::Sex;

use super::Act;
use crate::archive_door::Door;
use crate::commands::Outcome;
use crate::show;

#[derive(Args)]
pub(crate) struct AddArguments {
    /// The patient's number
    #[arg(long)]
    mrn: String,
    /// "DOE, JANE Q"
    #[arg(long)]
    name: String,
    /// As 1962-03-15
    #[arg(long, value_name = "DATE")]
    birth_date: Date,
    #[arg(long)]
    sex: Option<SexArgument>,
    /// Who assigned the number
    #[arg(long)]
    authority: Option<String>,
    #[command(flatten)]
    act: Act,
}

#[derive(Args)]
pub(crate) struct CorrectArguments {
    /// The patient's number
    mrn: String,
    /// "DOE, JANE Q"; the one before is kept as an earlier name
    #[arg(long)]
    name: Option<String>,
    /// As 1962-03-15; the one before is kept as an earlier date
    #[arg(long, value_name = "DATE")]
    birth_date: Option<Date>,
    #[arg(long)]
    sex: Option<SexArgument>,
    /// Day of death
    #[arg(long, value_name = "DATE")]
    died: Option<Date>,
    /// The number itself is not used any more
    #[arg(long)]
    retire: bool,
    /// Who assigned the number
    #[arg(long)]
    authority: Option<String>,
    #[command(flatten)]
    act: Act,
}

#[derive(Clone, Copy, ValueEnum)]
enum SexArgument {
    #[value(name = "F")]
    Female,
    #[value(name = "M")]
    Male,
}

impl From<SexArgument> for Sex {
    fn from(sex: SexArgument) -> Self {
        match sex {
            SexArgument::Female => Self::Female,
            SexArgument::Male => Self::Male,
        }
    }
}

pub(super) fn add(door: &Door, arguments: &AddArguments) -> anyhow::Result<Outcome> {
    // The first patient of an index names its authority.
    let authority = match (&arguments.authority, door.config.only_authority()) {
        (Some(name), _) => records::identifier::AuthorityId(name.clone()),
        (None, Some(only)) => only,
        (None, None) => {
            door.number(&arguments.mrn, None).context("say who assigned the number: --authority")?.authority
        }
    };
    let row = PatientRow {
        name: Some(name(&arguments.name)?),
        birth_date: Some(possible(arguments.birth_date)?),
        sex: arguments.sex.map(Sex::from),
        ..row(authority, &arguments.mrn)
    };
    if records::identifier::canonical(&row.mrn).is_empty() {
        bail!("give the patient's number with --mrn");
    }
    door.archive.add_patient(&row, &arguments.act.clerk(), &arguments.act.reason)?;
    show::line("Added. What waits for this patient is judged again.");
    Ok(Outcome::Done)
}

pub(super) fn correct(door: &Door, arguments: &CorrectArguments) -> anyhow::Result<Outcome> {
    let number = door.number(&arguments.mrn, arguments.authority.as_deref())?;
    let row = PatientRow {
        name: arguments.name.as_deref().map(name).transpose()?,
        birth_date: arguments.birth_date.map(possible).transpose()?,
        sex: arguments.sex.map(Sex::from),
        died: arguments.died.map(possible).transpose()?,
        ..row(number.authority.clone(), &arguments.mrn)
    };
    let nothing = row.name.is_none() && row.birth_date.is_none() && row.sex.is_none() && row.died.is_none();
    if nothing && !arguments.retire {
        bail!("say what to correct: --name, --birth-date, --sex, --died or --retire");
    }
    let (clerk, reason) = (arguments.act.clerk(), &arguments.act.reason);
    let corrected =
        if nothing { Corrected::Unchanged } else { door.archive.correct_patient(&row, &clerk, reason)? };
    if arguments.retire {
        door.archive.retire_number(&number, &clerk, reason)?;
    }
    show::line(match corrected {
        Corrected::Unchanged if arguments.retire => {
            "The number is retired; paper that bears it still resolves."
        }
        Corrected::Unchanged => "Nothing to change: the index has it so.",
        Corrected::Changed => "Corrected; what stood there is kept.",
        Corrected::Frozen => {
            "Corrected. It reads like another person: the chart is frozen, see `chartroom patients review`."
        }
    });
    Ok(Outcome::Done)
}

fn row(authority: records::identifier::AuthorityId, mrn: &str) -> PatientRow {
    PatientRow {
        line: 0,
        authority,
        mrn: mrn.to_owned(),
        name: None,
        birth_date: None,
        sex: None,
        died: None,
        merged_into_mrn: None,
        updated_at: None,
        flags: FlagChanges::default(),
    }
}

/// Family and given name, told apart by a comma: an index by hand must not guess.
fn name(typed: &str) -> anyhow::Result<PersonName> {
    match records::name::parse(typed) {
        Some(name) if typed.contains(',') && !name.given.is_empty() => Ok(name),
        _ => bail!("write the name as \"FAMILY, GIVEN MIDDLE\""),
    }
}

fn possible(day: Date) -> anyhow::Result<Date> {
    let today = jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date();
    if day.year() < 1850 || day > today {
        bail!("nobody is born or dead on that day; check the date");
    }
    Ok(day)
}
