//! Which command was asked for?

mod accounts;
mod acts;
mod assign;
mod audit;
mod backup;
mod choose;
mod codes;
mod doctor;
mod documents;
mod edit;
mod import;
mod index;
mod ledger;
mod mend;
mod patients;
mod picture;
pub(crate) mod read;
mod rescan;
mod restore;
mod run;
mod search;
mod shadow;
mod sheet;
mod show;
mod status;
mod suspects;
mod sweep;
mod verify;
mod worklist;
mod wrong_chart;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use archive::{Action, AuditEntry};
use clap::{Args, Parser, Subcommand};
use records::rights::Viewer;

use crate::archive_door::Door;
use crate::config::Config;
use crate::logs::{self, Log};

/// Turns a records department's paper into charts that can be searched.
#[derive(Parser)]
#[command(name = "chartroom", version, about, max_term_width = 80)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) place: PlaceArguments,
    #[command(subcommand)]
    command: Command,
}

/// Where the configuration and the data are.
#[derive(Args, Clone)]
pub(crate) struct PlaceArguments {
    /// Configuration file [default: ./chartroom.toml or ./config/chartroom.toml]
    #[arg(long, global = true, env = "CHARTROOM_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Data directory
    #[arg(long, global = true, env = "CHARTROOM_DATA", value_name = "DIR", default_value = "chartroom-data")]
    pub(crate) data: PathBuf,
    /// Say more on standard error (twice: even more)
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
}

#[derive(Subcommand)]
enum Command {
    /// Watch the stations, read, file, index; stops cleanly on SIGTERM or Ctrl-C
    Run(run::RunArguments),
    /// Take these files or folders now; returns when they are filed or on the worklist, and searchable
    Import(import::ImportArguments),
    /// Read without archiving: one JSON line per page
    Read(read::ReadArguments),
    /// Load, update or look at the patient index
    #[command(subcommand)]
    Patients(patients::PatientsCommand),
    /// Find pages
    Search(search::SearchArguments),
    /// A document, batch or exception
    Show(show::ShowArguments),
    /// What has been filed, where
    Documents(documents::DocumentsArguments),
    /// What waits for a person, and why
    Worklist(worklist::WorklistArguments),
    /// Say whose pages an exception is about
    Assign(assign::AssignArguments),
    /// Withdraw a document, or close an exception, keep it, and say why
    Void(acts::VoidArguments),
    /// Take an exception apart before some of its pages
    Split(acts::SplitArguments),
    /// Make one of several exceptions, or add pages that came late to a document
    Join(acts::JoinArguments),
    /// Have a page scanned again: a slip finds its place. Or choose between two pictures of it
    Rescan(rescan::RescanArguments),
    /// Say what a control sheet is that no machine could read
    Mend(mend::MendArguments),
    /// Close an exception as no chart's page (advert, list, misdirected …)
    Dispose(acts::DisposeArguments),
    /// Say that what was put in question is in the right chart
    Dismiss(acts::DismissArguments),
    /// Wrong chart: hide a document at once, and say who saw it
    Quarantine(wrong_chart::QuarantineArguments),
    /// File again, in the right chart, what was quarantined
    Refile(wrong_chart::RefileArguments),
    /// Who has looked at a document since it was filed?
    WhoSaw(wrong_chart::WhoSawArguments),
    /// Correct kind, date, visit or labels of a filed document
    Edit(edit::EditArguments),
    /// Look for other patients in what is filed
    Sweep(sweep::SweepArguments),
    /// Read and judge a batch again after the cause was mended
    Retry(acts::RetryArguments),
    /// Print cover sheets, end sheets and separator sheets
    Sheet(sheet::SheetArguments),
    /// Who may sign in at the desk
    #[command(subcommand)]
    Accounts(accounts::AccountsCommand),
    /// Who looked at what, and whether the record of it is whole
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// How stations on trial stand, and end a trial
    Shadow(shadow::ShadowArguments),
    /// Stations, backlog, oldest waiting, faults
    Status(status::StatusArguments),
    /// Prove that every page is accounted for
    Verify(verify::VerifyArguments),
    /// The search index
    #[command(subcommand)]
    Index(index::IndexCommand),
    /// Copy everything to another place while the line runs, and check the copy
    Backup(backup::BackupArguments),
    /// Bring an archive back from a backup, or one original
    Restore(restore::RestoreArguments),
    /// Check the installation and say what to do
    Doctor(doctor::DoctorArguments),
}

/// How a command ended, other than by not being able to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Done,
    /// A file failed, or a check did not hold.
    NotAllGood,
}

impl Outcome {
    pub(crate) fn good_if(good: bool) -> Self {
        if good { Self::Done } else { Self::NotAllGood }
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done => Self::SUCCESS,
            Outcome::NotAllGood => Self::from(1),
        }
    }
}

pub(crate) fn run(arguments: Arguments) -> anyhow::Result<Outcome> {
    let place = arguments.place;
    match arguments.command {
        Command::Run(own) => run::run(&place, &own),
        Command::Import(own) => import::run(&place, &own),
        Command::Read(own) => read::run(&place, &own),
        Command::Patients(own) => patients::run(&place, &own),
        Command::Search(own) => search::run(&place, &own),
        Command::Show(own) => show::run(&place, &own),
        Command::Documents(own) => documents::run(&place, &own),
        Command::Worklist(own) => worklist::run(&place, &own),
        Command::Assign(own) => assign::assign(&place, &own),
        Command::Void(own) => acts::void(&place, &own),
        Command::Split(own) => acts::split(&place, &own),
        Command::Join(own) => acts::join(&place, &own),
        Command::Mend(own) => mend::run(&place, &own),
        Command::Rescan(own) => rescan::run(&place, &own),
        Command::Quarantine(own) => wrong_chart::quarantine(&place, &own),
        Command::Refile(own) => wrong_chart::refile(&place, &own),
        Command::WhoSaw(own) => wrong_chart::who_saw(&place, &own),
        Command::Edit(own) => edit::run(&place, &own),
        Command::Sweep(own) => sweep::run(&place, &own),
        Command::Dispose(own) => acts::dispose(&place, &own),
        Command::Dismiss(own) => acts::dismiss(&place, &own),
        Command::Retry(own) => acts::retry(&place, &own),
        Command::Sheet(own) => sheet::run(&place, &own),
        Command::Accounts(own) => accounts::run(&place, &own),
        Command::Audit(own) => audit::run(&place, &own),
        Command::Shadow(own) => shadow::run(&place, &own),
        Command::Status(own) => status::run(&place, &own),
        Command::Verify(own) => verify::run(&place, &own),
        Command::Index(own) => index::run(&place, &own),
        Command::Backup(own) => backup::run(&place, &own),
        Command::Restore(own) => restore::run(&place, &own),
        Command::Doctor(own) => doctor::run(&place, &own),
    }
}

/// Messages go to standard error; those of `run` where `[log]` says. A configuration that cannot be read is told by
/// the command itself.
pub(crate) fn start_logging(arguments: &Arguments) -> anyhow::Result<()> {
    let log = match &arguments.command {
        Command::Run(_) => Config::load(arguments.place.config.as_deref()).map(|config| config.log),
        _ => Ok(Log::default()),
    };
    let log = log.unwrap_or_default();
    let level = match (arguments.place.verbose, &arguments.command) {
        (0, Command::Run(_)) => "info",
        (0, _) => "warn",
        (1, _) => "info",
        (_, _) => "debug",
    };
    let shown = log.file.as_deref().unwrap_or(Path::new("standard error")).display().to_string();
    logs::start(&log, level).with_context(|| format!("cannot write the log to {shown}; see [log] file"))
}

pub(crate) use index::index_position;
use index::{index_behind, wait_for_index};
pub(crate) use index::{left_out, named};

/// Every look is on record before it is given.
fn record_look(door: &Door, viewer: &Viewer, what: &str, results: usize) -> anyhow::Result<()> {
    door.archive.record(&AuditEntry {
        actor: viewer.name.clone(),
        action: Action::Read,
        what: what.into(),
        purpose: None,
        patient: None,
        document: None,
        pages: Vec::new(),
        labels: Vec::new(),
        detail: serde_json::json!({ "results": results }),
        refused: false,
    })?;
    Ok(())
}
