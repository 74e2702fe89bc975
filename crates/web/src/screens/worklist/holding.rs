//! Who has what in hand? Two clerks never work on one item.

use std::collections::BTreeMap;

use archive::Claim;
use axum::extract::{Path, State};
use jiff::Timestamp;
use records::rights::Right;

use super::ItemId;
use crate::desk::Desk;
use crate::fault::Fault;
use crate::people::Person;
use crate::people::act::{Act, Button};

/// Takes an item in hand, or says who has it.
pub(super) fn take(desk: &Desk, person: &Person, item: &str) -> Result<Result<(), String>, Fault> {
    Ok(desk.archive.claim(item, &person.actor())?.map_err(|claim| words(desk, &claim)))
}

/// In hand, or the act is refused.
pub(super) fn must_hold(desk: &Desk, person: &Person, item: &str) -> Result<(), Fault> {
    person.must(Right::Worklist)?;
    take(desk, person, item)?.map_err(Fault::Moved)
}

/// Nobody else has it in hand; it is not taken.
pub(super) fn must_be_free(desk: &Desk, person: &Person, items: &[String]) -> Result<(), Fault> {
    let others = others(desk, person)?;
    match items.iter().find_map(|item| others.get(item)) {
        Some(words) => Err(Fault::Moved(words.clone())),
        None => Ok(()),
    }
}

/// What others have in hand, in words.
pub(super) fn others(desk: &Desk, person: &Person) -> Result<BTreeMap<String, String>, Fault> {
    let claims = desk.archive.claims()?;
    let others = claims.into_iter().filter(|claim| claim.by != person.actor());
    Ok(others.map(|claim| (claim.item.clone(), words(desk, &claim))).collect())
}

/// What somebody has in hand.
pub(super) fn own(desk: &Desk, person: &Person) -> Result<std::collections::BTreeSet<String>, Fault> {
    let claims = desk.archive.claims()?;
    Ok(claims.into_iter().filter(|claim| claim.by == person.actor()).map(|claim| claim.item).collect())
}

fn words(desk: &Desk, claim: &Claim) -> String {
    let minutes = (Timestamp::now().duration_since(claim.at).as_secs() / 60).max(0);
    let active =
        if minutes == 0 { "active just now".into() } else { format!("last active {minutes} min ago") };
    format!("{} has this in hand, {active}.", colleague(desk, &claim.by))
}

/// As colleagues call whoever acts under that name.
pub(super) fn colleague(desk: &Desk, actor: &str) -> String {
    let account = actor.strip_prefix("clerk:").and_then(|name| desk.archive.account(name).ok().flatten());
    account.map_or_else(|| actor.trim_start_matches("clerk:").to_owned(), |account| account.display)
}

/// Somebody works on it: keys and pointer, not a page that lies open.
pub(super) async fn alive(
    State(desk): State<Desk>,
    Path(id): Path<String>,
    Act { person, form: Button {} }: Act<Button>,
) -> Result<(), Fault> {
    let id: ItemId = id.parse()?;
    desk.work(move |desk| must_hold(desk, &person, &id.to_string())).await
}

pub(super) async fn leave(
    State(desk): State<Desk>,
    Path(id): Path<String>,
    Act { person, form: Button {} }: Act<Button>,
) -> Result<(), Fault> {
    let id: ItemId = id.parse()?;
    desk.work(move |desk| Ok(desk.archive.let_go(&id.to_string(), &person.actor())?)).await
}
