//! What is a filed document, corrects a clerk?

use anyhow::Context as _;
use archive::Edit;
use clap::Args;
use records::document::Label;
use records::ids::DocumentId;

use super::assign::AboutArguments;
use super::{Outcome, PlaceArguments};
use crate::archive_door::{Door, clerk};
use crate::show;

#[derive(Args)]
pub(crate) struct EditArguments {
    /// The document
    document: String,
    #[command(flatten)]
    about: AboutArguments,
    /// A protection label that it does not need
    #[arg(long = "no-label", value_name = "LABEL")]
    without: Vec<String>,
    /// Who assigned the visit number
    #[arg(long)]
    authority: Option<String>,
    /// Who decides
    #[arg(long = "as", value_name = "CLERK")]
    clerk: Option<String>,
}

pub(crate) fn run(place: &PlaceArguments, arguments: &EditArguments) -> anyhow::Result<Outcome> {
    let door = Door::open(place)?;
    let id: DocumentId = arguments.document.parse()?;
    let document = door.archive.document(&id)?.context("there is no such document")?;
    let about = arguments.about.understood(&door, arguments.authority.as_deref())?;
    let kind = about.kind.as_ref().unwrap_or(&document.kind);
    let mut labels = about.labels_of(&door.config.rules, kind, &document.labels);
    labels.retain(|label: &Label| !arguments.without.contains(&label.0));
    let edit = Edit {
        labels: Some(labels).filter(|labels| *labels != document.labels),
        kind: about.kind,
        service: about.service,
        encounter: about.encounter,
    };
    door.archive.edit(&id, &edit, &clerk(arguments.clerk.as_deref()))?;
    super::wait_for_index(&door)?;
    show::line("Changed; what it was is kept.");
    Ok(Outcome::Done)
}
