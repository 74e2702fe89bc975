//! Whose is it, decides a clerk at the prompt?

use anyhow::Context as _;
use archive::Assignment;
use clap::Args;
use records::document::{KindCode, Label};
use records::ids::{ExceptionId, PageRef};
use serde_json::json;
use web::acts::{About, Before, Said};

use super::choose::{WhoseArguments, names_other};
use super::{Outcome, PlaceArguments};
use crate::archive_door::{Door, at_the_prompt, clerk};
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
        let chosen = self.whose.chosen(door)?;
        let about = self.about.understood(door, self.whose.authority())?;
        let before = Before { pages, kind, labels };
        let clerk = clerk(self.clerk.as_deref());
        let despite = self.despite.as_deref();
        let assignment = web::acts::assignment(door.house(), before, &chosen, about, despite, &clerk)
            .map_err(|error| {
                let how = "what was read names somebody else; if it is this patient's all the same, \
                           say why with --despite";
                names_other(error, how)
            })?;
        let name = chosen.patient.name().map_or_else(String::new, records::name::PersonName::filed);
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

impl AboutArguments {
    /// `authority`: who assigned the number of the visit.
    pub(super) fn understood(&self, door: &Door, authority: Option<&str>) -> anyhow::Result<About> {
        let said = Said {
            kind: self.kind.as_deref(),
            date: self.date.as_deref(),
            encounter: self.encounter.as_deref(),
            labels: &self.labels,
            authority,
        };
        About::of(door.house(), said).map_err(at_the_prompt)
    }
}
