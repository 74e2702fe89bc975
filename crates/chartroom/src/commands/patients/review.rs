//! What of the index has a person to look at?

use archive::{Matter, MatterKind};
use clap::Args;
use serde_json::{Value, json};

use crate::archive_door::{Door, clerk, viewer};
use crate::commands::{Outcome, record_look};
use crate::show;

#[derive(Args)]
pub(crate) struct ReviewArguments {
    /// Print one JSON value
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub(crate) struct SettleArguments {
    /// The matter, as `chartroom patients review` numbers it
    matter: u64,
    /// Who has looked
    #[arg(long = "as", value_name = "CLERK")]
    clerk: String,
    /// What was found; kept for ever
    #[arg(long, default_value = "")]
    note: String,
}

pub(super) fn list(door: &Door, arguments: &ReviewArguments) -> anyhow::Result<Outcome> {
    let matters = door.archive.matters()?;
    record_look(door, &viewer(), "patients-review", matters.len())?;
    if arguments.json {
        let matters: Vec<Value> = matters.iter().map(in_json).collect();
        show::json(&json!({ "matters": matters }))?;
        return Ok(Outcome::Done);
    }
    if matters.is_empty() {
        show::line("Nothing in the patient index waits for a person.");
    }
    for matter in &matters {
        let since = matter.opened.strftime("%Y-%m-%d");
        show::line(format!("{}  {since}  {}", matter.number, words(matter.kind)));
        for person in [Some(&matter.patient), matter.other.as_ref()].into_iter().flatten() {
            let mrn = person.mrn.as_ref().map_or("", |mrn| mrn.value.as_str());
            let born = person.birth_date.map(|day| format!(", born {day}")).unwrap_or_default();
            show::line(format!("    {mrn} {}{born}", person.name));
        }
        for document in &matter.documents {
            show::line(format!("    filed since: {document}"));
        }
    }
    Ok(Outcome::Done)
}

pub(super) fn settle(door: &Door, arguments: &SettleArguments) -> anyhow::Result<Outcome> {
    door.archive.settle(arguments.matter, &clerk(Some(&arguments.clerk)), &arguments.note)?;
    show::line("Settled; it is on record.");
    Ok(Outcome::Done)
}

const fn words(kind: MatterKind) -> &'static str {
    match kind {
        MatterKind::Frozen => "frozen: two people in one record? Look, then `patients flag --thaw`",
        MatterKind::MergeRefused => "merge refused: are these one person? Merge or settle it",
        MatterKind::Merged => "merged: look whether both charts are one person's",
        MatterKind::Vanished => "vanished: the full list lacks this number; it stays",
    }
}

fn in_json(matter: &Matter) -> Value {
    json!({
        "matter": matter.number,
        "kind": matter.kind,
        "patient": web::told::patient(&matter.patient),
        "other": matter.other.as_ref().map(web::told::patient),
        "why": matter.why,
        "source": matter.source,
        "since": matter.since,
        "opened": matter.opened,
        "documents": matter.documents,
    })
}
