//! How does a clerk close, divide or join at the prompt what is held?

use anyhow::{Context as _, bail};
use archive::{SetAside, Target};
use clap::{Args, ValueEnum};
use jiff::civil::Date;
use records::ids::{DocumentId, ExceptionId, PageNumber};
use serde_json::json;

use super::choose::names_other;
use super::{Outcome, PlaceArguments};
use crate::archive_door::{Door, clerk};
use crate::show;

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
    /// For what waits: the day to look again
    #[arg(long, value_name = "DATE")]
    follow_up: Option<Date>,
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
    let clerk = clerk(arguments.clerk.as_deref());
    door.archive.dispose(&id, &what, arguments.follow_up, &clerk, &arguments.note)?;
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

#[derive(Args)]
pub(crate) struct SplitArguments {
    /// The exception
    exception: String,
    /// Pages, as the worklist numbers them, before which it is taken apart
    #[arg(long, value_name = "3,5", value_delimiter = ',', required = true)]
    before: Vec<u32>,
    /// Who decides
    #[arg(long = "as", value_name = "CLERK")]
    clerk: Option<String>,
    /// Print one JSON value
    #[arg(long)]
    json: bool,
}

pub(crate) fn split(place: &PlaceArguments, arguments: &SplitArguments) -> anyhow::Result<Outcome> {
    let door = Door::open(place)?;
    let id: ExceptionId = arguments.exception.parse()?;
    let before: Vec<PageNumber> = arguments.before.iter().copied().map(PageNumber).collect();
    let parts = door.archive.split(&id, &before, &clerk(arguments.clerk.as_deref()))?;
    super::wait_for_index(&door)?;
    if arguments.json {
        show::json(&json!({ "exceptions": parts }))?;
    } else {
        show::line("Taken apart into:");
        parts.iter().for_each(|part| show::line(format!("  {part}")));
    }
    Ok(Outcome::Done)
}

#[derive(Args)]
pub(crate) struct JoinArguments {
    /// Exceptions in their order; or a document, then exceptions whose pages came late
    #[arg(required = true, num_args = 2.., value_name = "ID")]
    ids: Vec<String>,
    /// Into a document: before this page of it, from 1 [default: behind the last]
    #[arg(long, value_name = "N")]
    before: Option<u32>,
    /// Why pages that name somebody else belong to the document; kept for ever
    #[arg(long, value_name = "WHY")]
    despite: Option<String>,
    /// Who decides
    #[arg(long = "as", value_name = "CLERK")]
    clerk: Option<String>,
    /// Print one JSON value
    #[arg(long)]
    json: bool,
}

pub(crate) fn join(place: &PlaceArguments, arguments: &JoinArguments) -> anyhow::Result<Outcome> {
    let door = Door::open(place)?;
    let clerk = clerk(arguments.clerk.as_deref());
    let exceptions = |ids: &[String]| -> anyhow::Result<Vec<ExceptionId>> {
        ids.iter().map(|id| Ok(id.parse()?)).collect()
    };
    let made = match arguments.ids[0].parse::<DocumentId>() {
        Ok(document) => {
            let mut before = arguments.before;
            for late in exceptions(&arguments.ids[1..])? {
                let despite = arguments.despite.as_deref();
                let added = web::acts::insert(door.house(), &document, &late, before, despite, &clerk);
                let added = added.map_err(|error| {
                    let how = "these pages name somebody else; if they belong there all the same, \
                               say why with --despite";
                    names_other(error, how)
                })?;
                before = before.map(|before| before + added);
            }
            json!({ "document": document })
        }
        Err(_) if arguments.before.is_some() => bail!("--before is for pages that join a document"),
        Err(_) => json!({ "exception": door.archive.join(&exceptions(&arguments.ids)?, &clerk)? }),
    };
    super::wait_for_index(&door)?;
    if arguments.json {
        show::json(&made)?;
    } else {
        let id = made["document"].as_str().or(made["exception"].as_str()).unwrap_or_default();
        show::line(format!("Joined as {id}."));
    }
    Ok(Outcome::Done)
}
