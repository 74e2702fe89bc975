//! Whose is it, decides a clerk at the prompt?

use anyhow::{Context as _, bail};
use archive::Assignment;
use clap::Args;
use jiff::civil::Date;
use records::document::{KindCode, Label};
use records::ids::{ExceptionId, PageRef};
use serde_json::json;

use super::choose::{Chosen, WhoseArguments, describe, held_against};
use super::{Outcome, PlaceArguments};
use crate::archive_door::{Door, clerk};
use crate::show;

#[derive(Args)]
pub(crate) struct AssignArguments {
    /// The exception, as `chartroom worklist` shows it
    exception: String,
    #[command(flatten)]
    to: ToArguments,
}

/// To whom, and as what.
#[derive(Args)]
pub(crate) struct ToArguments {
    #[command(flatten)]
    whose: WhoseArguments,
    #[command(flatten)]
    about: AboutArguments,
    /// Why it is this patient's although something read names another; kept for ever
    #[arg(long, value_name = "WHY")]
    despite: Option<String>,
    /// Who decides
    #[arg(long = "as", value_name = "CLERK")]
    clerk: Option<String>,
    /// Print one JSON value
    #[arg(long)]
    json: bool,
}

/// What a document is, as a clerk says it.
#[derive(Args)]
pub(crate) struct AboutArguments {
    /// Kind of document, if it is another than was found
    #[arg(long = "type", value_name = "CODE")]
    kind: Option<String>,
    /// Date of service: a day, or first/last
    #[arg(long, value_name = "DATE")]
    date: Option<String>,
    /// Visit or account number
    #[arg(long, value_name = "NUMBER")]
    encounter: Option<String>,
    /// A protection label besides those of its kind
    #[arg(long = "label", value_name = "LABEL")]
    labels: Vec<String>,
}

pub(crate) fn assign(place: &PlaceArguments, arguments: &AssignArguments) -> anyhow::Result<Outcome> {
    let door = Door::open(place)?;
    let id: ExceptionId = arguments.exception.parse()?;
    let held =
        door.archive.exception(&id)?.context("there is no such exception; see `chartroom worklist`")?;
    let (assignment, name) = arguments.to.assignment(&door, &held.pages, &held.kind, &held.labels)?;
    let document = door.archive.assign(&id, &assignment)?;
    arguments.to.tell(&door, document, &name)
}

impl ToArguments {
    /// What the clerk said, checked against the patient index and against what was read.
    pub(super) fn assignment(
        &self,
        door: &Door,
        pages: &[PageRef],
        kind: &KindCode,
        labels: &[Label],
    ) -> anyhow::Result<(Assignment, String)> {
        let Chosen { patient, number } = Chosen::by(door, &self.whose)?;
        let found = held_against(door, pages, &patient)?;
        if !found.against.is_empty() && self.despite.is_none() {
            describe(&found);
            bail!(
                "what was read names somebody else; if it is this patient's all the same, say why with --despite"
            );
        }
        let about = About::of(door, &self.about, self.whose.authority())?;
        let name = patient.name().map_or_else(String::new, records::name::PersonName::filed);
        let assignment = Assignment {
            patient: patient.id,
            filed_under: number,
            labels: about.labels_of(door, about.kind.as_ref().unwrap_or(kind), labels),
            kind: about.kind,
            service: about.service,
            encounter: about.encounter,
            against: found.reasons(),
            seen: Some(found.seen),
            despite: self.despite.clone(),
            clerk: clerk(self.clerk.as_deref()),
        };
        Ok((assignment, name))
    }

    pub(super) fn tell(
        &self,
        door: &Door,
        document: records::ids::DocumentId,
        name: &str,
    ) -> anyhow::Result<Outcome> {
        super::wait_for_index(door)?;
        if self.json {
            show::json(&json!({ "document": document }))?;
        } else {
            show::line(format!("Filed as {document} in the chart of {name}."));
        }
        Ok(Outcome::Done)
    }
}

/// What a document is, understood.
pub(super) struct About {
    pub(super) kind: Option<KindCode>,
    pub(super) service: Option<(Date, Date)>,
    pub(super) encounter: Option<records::identifier::Identifier>,
    pub(super) labels: Vec<Label>,
}

impl About {
    pub(super) fn of(
        door: &Door,
        arguments: &AboutArguments,
        authority: Option<&str>,
    ) -> anyhow::Result<Self> {
        let kind = arguments.kind.clone().map(KindCode);
        let kinds = &door.config.rules.kinds;
        if let Some(code) = kind.as_ref().filter(|code| **code != KindCode::unsorted())
            && kinds.get(code).is_none()
        {
            bail!("there is no kind of document {:?}; kinds.toml lists them", code.0);
        }
        Ok(Self {
            kind,
            service: arguments.date.as_deref().map(days).transpose()?,
            encounter: arguments.encounter.as_deref().map(|own| door.number(own, authority)).transpose()?,
            labels: arguments.labels.iter().cloned().map(Label).collect(),
        })
    }

    /// Those it had, those its kind brings, those that were named.
    pub(super) fn labels_of(&self, door: &Door, kind: &KindCode, before: &[Label]) -> Vec<Label> {
        let by_kind = door.config.rules.kinds.get(kind).and_then(|kind| kind.label.clone());
        let mut all: Vec<Label> = Vec::new();
        for label in before.iter().chain(by_kind.iter()).chain(&self.labels) {
            if !all.contains(label) {
                all.push(label.clone());
            }
        }
        all
    }
}

fn days(text: &str) -> anyhow::Result<(Date, Date)> {
    let (first, last) = text.split_once('/').unwrap_or((text, text));
    let day = |text: &str| text.parse::<Date>().context("write a date as 2026-03-04, or first/last");
    let (first, last) = (day(first)?, day(last)?);
    if last < first {
        bail!("the last day is before the first");
    }
    Ok((first, last))
}
