//! Who is in the patient index, and who changes it?

mod act;
mod hand;
mod import;
mod review;
mod show;

use clap::Subcommand;
use records::patient::Patient;

use super::{Outcome, PlaceArguments};
use crate::archive_door::{Door, at_the_prompt};

#[derive(Subcommand)]
pub(crate) enum PatientsCommand {
    /// Load or update the patient index, or its visits, from a CSV file
    Import(import::ImportArguments),
    /// One patient, with all numbers and names and what was changed
    Show(show::ShowArguments),
    /// Enter a patient whom no list brings
    Add(hand::AddArguments),
    /// Correct a patient; what stood there is kept
    Correct(hand::CorrectArguments),
    /// Say that two numbers are one person's
    Merge(act::MergeArguments),
    /// Undo a merge; what is not surely of one side is held again
    Unmerge(act::UnmergeArguments),
    /// Give a number, and what was filed under exactly it, to another patient
    Move(act::MoveArguments),
    /// Set or lift an alert, or thaw a frozen chart
    Flag(act::FlagArguments),
    /// What a person has to look at: frozen charts, merges, vanished numbers
    Review(review::ReviewArguments),
    /// Say that a matter of `patients review` was looked at
    Settle(review::SettleArguments),
}

pub(crate) fn run(place: &PlaceArguments, command: &PatientsCommand) -> anyhow::Result<Outcome> {
    let door = Door::open(place)?;
    match command {
        PatientsCommand::Import(own) => import::run(&door, own),
        PatientsCommand::Show(own) => show::run(&door, own),
        PatientsCommand::Add(own) => hand::add(&door, own),
        PatientsCommand::Correct(own) => hand::correct(&door, own),
        PatientsCommand::Merge(own) => act::merge(&door, own),
        PatientsCommand::Unmerge(own) => act::unmerge(&door, own),
        PatientsCommand::Move(own) => act::move_number(&door, own),
        PatientsCommand::Flag(own) => act::flag(&door, own),
        PatientsCommand::Review(own) => review::list(&door, own),
        PatientsCommand::Settle(own) => review::settle(&door, own),
    }
}

/// Who changes the index, and why: kept for ever.
#[derive(clap::Args)]
struct Act {
    /// Who decides
    #[arg(long = "as", value_name = "CLERK")]
    clerk: String,
    /// Why; kept for ever
    #[arg(long, value_name = "WHY")]
    reason: String,
}

impl Act {
    fn clerk(&self) -> String {
        crate::archive_door::clerk(Some(&self.clerk))
    }
}

/// The patient a person named, or a message that says what to do.
pub(crate) fn find(door: &Door, mrn: &str, authority: Option<&str>) -> anyhow::Result<Patient> {
    door.house().of_number(mrn, authority).map(|(patient, _)| patient).map_err(at_the_prompt)
}
