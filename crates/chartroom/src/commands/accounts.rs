//! Who may sign in at the desk?

use std::collections::BTreeSet;

use archive::{Account, AccountEdit, LinkFor, NewAccount};
use clap::{Args, Subcommand};
use jiff::SignedDuration;
use records::document::Label;
use records::rights::Role;
use serde_json::{Value, json};

use super::{Outcome, PlaceArguments};
use crate::archive_door::{Door, clerk};
use crate::show;

#[derive(Subcommand)]
pub(crate) enum AccountsCommand {
    /// Let somebody in: prints a link by which they choose a password
    Add(AddArguments),
    /// A new link, for a forgotten password; their sessions end once it is used
    Reset(NamedArguments),
    /// Sign somebody off and let them in no more
    Disable(NamedArguments),
    /// Let them in again
    Enable(NamedArguments),
    /// Who has an account, and as what
    List(ListArguments),
}

#[derive(Args)]
pub(crate) struct AddArguments {
    /// Small letters, as it is typed at sign-in
    name: String,
    /// scan-operator, clerk, quality-reviewer, supervisor, clinician, privacy-officer, administrator; more than once
    #[arg(long = "role", value_name = "ROLE", required = true)]
    roles: Vec<Role>,
    /// As colleagues call them
    #[arg(long, value_name = "NAME")]
    display: Option<String>,
    /// A protection label that may be seen; more than once
    #[arg(long = "label", value_name = "LABEL")]
    labels: Vec<String>,
    #[command(flatten)]
    by: ByArguments,
}

#[derive(Args)]
pub(crate) struct NamedArguments {
    /// The account
    name: String,
    #[command(flatten)]
    by: ByArguments,
}

#[derive(Args)]
pub(crate) struct ListArguments {
    /// Print one JSON value
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
struct ByArguments {
    /// Who decides
    #[arg(long = "as", value_name = "CLERK")]
    clerk: Option<String>,
    /// Print one JSON value
    #[arg(long)]
    json: bool,
}

/// Time to use a link.
const LINK_LASTS: SignedDuration = SignedDuration::from_hours(72);

pub(crate) fn run(place: &PlaceArguments, command: &AccountsCommand) -> anyhow::Result<Outcome> {
    let door = Door::open(place)?;
    match command {
        AccountsCommand::Add(arguments) => {
            let new = NewAccount {
                name: arguments.name.clone(),
                display: arguments.display.clone().unwrap_or_else(|| arguments.name.clone()),
                roles: arguments.roles.iter().copied().collect(),
                labels: arguments.labels.iter().cloned().map(Label).collect(),
            };
            door.archive.add_account(&new, &clerk(arguments.by.clerk.as_deref()))?;
            link(&door, &arguments.name, &arguments.by)
        }
        AccountsCommand::Reset(arguments) => link(&door, &arguments.name, &arguments.by),
        AccountsCommand::Disable(arguments) => disable(&door, arguments, true),
        AccountsCommand::Enable(arguments) => disable(&door, arguments, false),
        AccountsCommand::List(arguments) => list(&door, arguments.json),
    }
}

fn link(door: &Door, name: &str, by: &ByArguments) -> anyhow::Result<Outcome> {
    let by_whom = clerk(by.clerk.as_deref());
    let secret = door.archive.make_link(&LinkFor::Password(name.into()), LINK_LASTS, &by_whom)?;
    let path = format!("/link/{secret}");
    if by.json {
        show::json(&json!({ "account": name, "link": path }))?;
    } else {
        show::line(format!("Give {name} this address of the desk; it works once, for three days:"));
        show::line(format!("  http(s)://{}{path}", door.config.web.listen));
    }
    Ok(Outcome::Done)
}

fn disable(door: &Door, arguments: &NamedArguments, disabled: bool) -> anyhow::Result<Outcome> {
    let edit = AccountEdit { disabled: Some(disabled), ..AccountEdit::default() };
    door.archive.edit_account(&arguments.name, &edit, &clerk(arguments.by.clerk.as_deref()))?;
    if arguments.by.json {
        show::json(&json!({ "account": arguments.name, "disabled": disabled }))?;
    } else {
        let now = if disabled { "is let in no more" } else { "may sign in again" };
        show::line(format!("{} {now}.", arguments.name));
    }
    Ok(Outcome::Done)
}

fn list(door: &Door, json: bool) -> anyhow::Result<Outcome> {
    let accounts = door.archive.accounts()?;
    if json {
        let accounts: Vec<Value> = accounts.iter().map(in_json).collect();
        show::json(&json!({ "accounts": accounts }))?;
    } else if accounts.is_empty() {
        show::line("Nobody has an account; `chartroom run` prints a link for the first administrator.");
    } else {
        let rows: Vec<Vec<String>> = accounts.iter().map(row).collect();
        show::table(&["account", "last signed in (UTC)", "roles"], &rows);
    }
    Ok(Outcome::Done)
}

fn row(account: &Account) -> Vec<String> {
    let seen =
        account.last_seen.map_or_else(|| "never".into(), |at| at.strftime("%Y-%m-%d %H:%M").to_string());
    let mut told: Vec<String> = account.roles.iter().map(|role| role.code().to_owned()).collect();
    told.extend(account.labels.iter().map(|label| format!("may see {}", label.0)));
    if account.disabled {
        told.push("DISABLED".into());
    }
    vec![account.name.clone(), seen, told.join(", ")]
}

fn in_json(account: &Account) -> Value {
    let roles: BTreeSet<&str> = account.roles.iter().map(|role| role.code()).collect();
    json!({
        "account": account.name,
        "display": account.display,
        "roles": roles,
        "labels": account.labels,
        "disabled": account.disabled,
        "second_factor": account.totp.is_some(),
        "last_seen": account.last_seen,
        "created": account.created,
        "created_by": account.created_by,
    })
}
