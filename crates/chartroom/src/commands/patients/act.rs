//! Whose are two numbers, and may anything file by itself there?

use anyhow::bail;
use archive::FlagChanges;
use clap::Args;

use super::Act;
use crate::archive_door::Door;
use crate::commands::{Outcome, wait_for_index};
use crate::show;

#[derive(Args)]
pub(crate) struct MergeArguments {
    /// The number that is given up
    from: String,
    /// The number that stays
    into: String,
    /// Although birth date and sex both differ
    #[arg(long)]
    despite: bool,
    /// Who assigned the numbers
    #[arg(long)]
    authority: Option<String>,
    #[command(flatten)]
    act: Act,
}

#[derive(Args)]
pub(crate) struct UnmergeArguments {
    /// The number that was given up by mistake
    number: String,
    /// Who assigned it
    #[arg(long)]
    authority: Option<String>,
    #[command(flatten)]
    act: Act,
}

#[derive(Args)]
pub(crate) struct MoveArguments {
    number: String,
    /// A number of the patient whose it is
    #[arg(long, value_name = "MRN")]
    to: String,
    /// Who assigned the numbers
    #[arg(long)]
    authority: Option<String>,
    #[command(flatten)]
    act: Act,
}

#[derive(Args)]
pub(crate) struct FlagArguments {
    mrn: String,
    /// Somebody has a name like it
    #[arg(long)]
    name_alert: bool,
    /// A twin or multiple birth
    #[arg(long)]
    twin: bool,
    #[arg(long)]
    confidential: bool,
    /// Nobody's chart: for testing
    #[arg(long)]
    test: bool,
    /// The two people in one record have been told apart
    #[arg(long, conflicts_with = "off")]
    thaw: bool,
    /// Lift the alerts named, not set them
    #[arg(long)]
    off: bool,
    /// Who assigned the number
    #[arg(long)]
    authority: Option<String>,
    #[command(flatten)]
    act: Act,
}

pub(super) fn merge(door: &Door, arguments: &MergeArguments) -> anyhow::Result<Outcome> {
    let authority = arguments.authority.as_deref();
    let (from, into) = (door.number(&arguments.from, authority)?, door.number(&arguments.into, authority)?);
    let (clerk, reason) = (arguments.act.clerk(), &arguments.act.reason);
    door.archive.merge_patients(&from, &into, arguments.despite, &clerk, reason)?;
    show::line("Merged. The chart waits in `chartroom patients review` for somebody to look through it.");
    Ok(Outcome::Done)
}

pub(super) fn unmerge(door: &Door, arguments: &UnmergeArguments) -> anyhow::Result<Outcome> {
    let number = door.number(&arguments.number, arguments.authority.as_deref())?;
    let undone = door.archive.unmerge_patient(&number, &arguments.act.clerk(), &arguments.act.reason)?;
    wait_for_index(door)?;
    show::line("The two stand apart again; documents are where the number on their paper leads.");
    if !undone.held.is_empty() {
        let held = show::count(undone.held.len() as u64, "document is", "documents are");
        show::line(format!(
            "{held} not surely of one side and out of both charts; see `chartroom worklist`:"
        ));
        undone.held.iter().for_each(|id| show::line(format!("  {id}")));
    }
    Ok(Outcome::Done)
}

pub(super) fn move_number(door: &Door, arguments: &MoveArguments) -> anyhow::Result<Outcome> {
    let authority = arguments.authority.as_deref();
    let (number, to) = (door.number(&arguments.number, authority)?, door.number(&arguments.to, authority)?);
    let (clerk, reason) = (arguments.act.clerk(), &arguments.act.reason);
    let documents = door.archive.move_number(&number, &to, &clerk, reason)?;
    wait_for_index(door)?;
    let moved = show::count(documents.len() as u64, "document", "documents");
    show::line(format!("Moved, and {moved} filed under exactly this number."));
    documents.iter().for_each(|id| show::line(format!("  {id}")));
    Ok(Outcome::Done)
}

pub(super) fn flag(door: &Door, arguments: &FlagArguments) -> anyhow::Result<Outcome> {
    let set = |named: bool| named.then_some(!arguments.off);
    let changes = FlagChanges {
        name_alert: set(arguments.name_alert),
        twin: set(arguments.twin),
        confidential: set(arguments.confidential),
        test_patient: set(arguments.test),
    };
    if !changes.any() && !arguments.thaw {
        bail!("say which: --name-alert, --twin, --confidential, --test (with --off to lift it) or --thaw");
    }
    let patient = super::find(door, &arguments.mrn, arguments.authority.as_deref())?;
    let (clerk, reason) = (arguments.act.clerk(), &arguments.act.reason);
    door.archive.flag_patient(patient.id, changes, arguments.thaw, &clerk, reason)?;
    show::line(match arguments.thaw {
        true => "Thawed. What was held for it is judged again.",
        false => "Done; what is filed from now on goes by it.",
    });
    Ok(Outcome::Done)
}
