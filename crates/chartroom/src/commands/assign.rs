//! What does a clerk decide at the prompt?

use anyhow::Context as _;
use archive::{Assignment, SetAside, Target};
use clap::{Args, ValueEnum};
use records::document::KindCode;
use records::ids::{DocumentId, ExceptionId};
use serde_json::json;

use super::{Outcome, PlaceArguments};
use crate::archive_door::{Door, clerk};
use crate::show;

#[derive(Args)]
pub(crate) struct AssignArguments {
    /// The exception, as `chartroom worklist` shows it
    exception: String,
    /// The number as it is printed on the paper
    #[arg(long)]
    mrn: String,
    /// Who assigned the number
    #[arg(long)]
    authority: Option<String>,
    /// Kind of document, if it is another than was found
    #[arg(long = "type", value_name = "CODE")]
    kind: Option<String>,
    /// Who decides
    #[arg(long = "as", value_name = "CLERK")]
    clerk: Option<String>,
    /// Print one JSON value
    #[arg(long)]
    json: bool,
}

pub(crate) fn assign(place: &PlaceArguments, arguments: &AssignArguments) -> anyhow::Result<Outcome> {
    let door = Door::open(place)?;
    let id: ExceptionId = arguments.exception.parse()?;
    let number = door.number(&arguments.mrn, arguments.authority.as_deref())?;
    let patient = super::patients::find(&door, &arguments.mrn, arguments.authority.as_deref())?;
    let document = door.archive.assign(
        &id,
        &Assignment {
            patient: patient.id,
            filed_under: number,
            kind: arguments.kind.clone().map(KindCode),
            service: None,
            labels: Vec::new(),
            clerk: clerk(arguments.clerk.as_deref()),
        },
    )?;
    super::wait_for_index(&door)?;
    if arguments.json {
        show::json(&json!({ "document": document }))?;
    } else {
        let name = patient.name().map_or_else(String::new, records::name::PersonName::filed);
        show::line(format!("Filed as {document} in the chart of {name}."));
    }
    Ok(Outcome::Done)
}

#[derive(Args)]
pub(crate) struct VoidArguments {
    /// A document or an exception
    id: String,
    /// Why; kept for ever
    #[arg(long, value_name = "WHY")]
    reason: Option<String>,
    /// Who decides
    #[arg(long = "as", value_name = "CLERK")]
    clerk: Option<String>,
}

pub(crate) fn void(place: &PlaceArguments, arguments: &VoidArguments) -> anyhow::Result<Outcome> {
    let door = Door::open(place)?;
    let target = match arguments.id.parse::<DocumentId>() {
        Ok(document) => Target::Document(document),
        Err(_) => Target::Exception(
            arguments.id.parse::<ExceptionId>().context("give a document (d…) or an exception (x…)")?,
        ),
    };
    let reason = arguments.reason.as_deref().unwrap_or("no reason given");
    door.archive.void(target, &clerk(arguments.clerk.as_deref()), reason)?;
    super::wait_for_index(&door)?;
    show::line("Withdrawn. The pages are kept and found by `chartroom show` only.");
    Ok(Outcome::Done)
}

#[derive(Args)]
pub(crate) struct DisposeArguments {
    /// The exception
    exception: String,
    /// What the pages are instead
    #[arg(long = "as", value_name = "KIND")]
    kind: DisposeKind,
    /// For another department: which
    #[arg(long, value_name = "DEPARTMENT", required_if_eq("kind", "route"))]
    to: Option<String>,
    /// Kept with it
    #[arg(long, default_value = "")]
    note: String,
    /// Who decides
    #[arg(long, value_name = "CLERK")]
    clerk: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum DisposeKind {
    /// Not ours: a privacy incident
    Misdirected,
    /// Advert, invoice
    NotARecord,
    /// For another department
    Route,
    /// A list of many patients
    LogStore,
    /// Stays until the person is registered
    AwaitRegistration,
    /// Stays, with a note
    Waiting,
}

pub(crate) fn dispose(place: &PlaceArguments, arguments: &DisposeArguments) -> anyhow::Result<Outcome> {
    let door = Door::open(place)?;
    let what = match arguments.kind {
        DisposeKind::Misdirected => SetAside::Misdirected,
        DisposeKind::NotARecord => SetAside::NotARecord,
        DisposeKind::Route => SetAside::Route(arguments.to.clone().unwrap_or_default()),
        DisposeKind::LogStore => SetAside::LogStore,
        DisposeKind::AwaitRegistration => SetAside::AwaitRegistration,
        DisposeKind::Waiting => SetAside::Waiting,
    };
    let id: ExceptionId = arguments.exception.parse()?;
    door.archive.dispose(&id, &what, &clerk(arguments.clerk.as_deref()), &arguments.note)?;
    super::wait_for_index(&door)?;
    show::line("Done; it is on record.");
    Ok(Outcome::Done)
}

#[derive(Args)]
pub(crate) struct DismissArguments {
    /// The doubt, as `chartroom worklist` shows it
    doubt: String,
    /// Why the chart is right; kept for ever
    #[arg(long, value_name = "WHY")]
    reason: String,
    /// Who decides
    #[arg(long = "as", value_name = "CLERK")]
    clerk: Option<String>,
}

pub(crate) fn dismiss(place: &PlaceArguments, arguments: &DismissArguments) -> anyhow::Result<Outcome> {
    let door = Door::open(place)?;
    let id = arguments.doubt.parse()?;
    door.archive.dismiss_doubt(&id, &clerk(arguments.clerk.as_deref()), &arguments.reason)?;
    show::line("Dismissed; it is on record. The document stays where it is.");
    Ok(Outcome::Done)
}

#[derive(Args)]
pub(crate) struct RetryArguments {
    /// The batch, as `chartroom show` names it
    batch: String,
    /// Who asks
    #[arg(long = "as", value_name = "CLERK")]
    clerk: Option<String>,
}

pub(crate) fn retry(place: &PlaceArguments, arguments: &RetryArguments) -> anyhow::Result<Outcome> {
    let door = Door::open(place)?;
    let batch = arguments.batch.parse()?;
    door.archive.retry(&batch, &clerk(arguments.clerk.as_deref()))?;
    let good = super::import::see_through(&door, &[batch], None)?;
    show::line("The batch went through the line again; see `chartroom worklist`.");
    Ok(Outcome::good_if(good))
}
