//! Single-use links: the first administrator, and everybody's own password.

use archive::{Archive, ArchiveError, LinkFor};
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Redirect, Response};
use jiff::SignedDuration;
use serde::Deserialize;

use super::passwords;
use super::sign_in::is_same_site;
use crate::desk::Desk;
use crate::fault::Fault;
use crate::frame::html;

/// The path of a link that makes the first administrator, valid for an hour; `None`: there are accounts.
pub fn first_link(archive: &Archive) -> Result<Option<String>, ArchiveError> {
    if !archive.accounts()?.is_empty() {
        return Ok(None);
    }
    let secret = archive.make_link(&LinkFor::FirstAccount, SignedDuration::from_hours(1), "setup")?;
    Ok(Some(format!("/link/{secret}")))
}

#[derive(Template)]
#[template(path = "link.html")]
struct LinkPage {
    site: String,
    first: bool,
    name: String,
    display: String,
    problem: Option<String>,
}

pub(crate) async fn form(State(desk): State<Desk>, Path(secret): Path<String>) -> Result<Response, Fault> {
    let link = desk.work(move |desk| Ok(desk.archive.link(&secret)?)).await?;
    let (first, name) = match link {
        Some(LinkFor::FirstAccount) => (true, String::new()),
        Some(LinkFor::Password(name)) => (false, name),
        None => {
            return Err(Fault::refused(
                "This link was used already, or its time is over. Ask for a new one.",
            ));
        }
    };
    html(&LinkPage { site: desk.site.clone(), first, name, display: String::new(), problem: None })
}

#[derive(Deserialize)]
pub(crate) struct Chosen {
    #[serde(default)]
    name: String,
    #[serde(default)]
    display: String,
    password: String,
    again: String,
}

pub(crate) async fn choose(
    State(desk): State<Desk>,
    Path(secret): Path<String>,
    headers: HeaderMap,
    Form(chosen): Form<Chosen>,
) -> Result<Response, Fault> {
    if !is_same_site(&headers) {
        return Err(Fault::refused("Use the link itself."));
    }
    let answer = desk.work(move |desk| used(desk, &secret, &chosen)).await?;
    match answer {
        Ok(()) => Ok(Redirect::to("/sign-in").into_response()),
        Err(page) => html(&page),
    }
}

fn used(desk: &Desk, secret: &str, chosen: &Chosen) -> Result<Result<(), LinkPage>, Fault> {
    let link = desk.archive.link(secret)?;
    let (first, name) = match &link {
        Some(LinkFor::FirstAccount) => (true, chosen.name.trim().to_lowercase()),
        Some(LinkFor::Password(name)) => (false, name.clone()),
        None => {
            return Err(Fault::refused(
                "This link was used already, or its time is over. Ask for a new one.",
            ));
        }
    };
    let differ =
        || (chosen.password != chosen.again).then(|| "The two passwords are not the same.".to_owned());
    let problem = passwords::objection(&chosen.password, &name).or_else(differ);
    let page = |problem| LinkPage {
        site: desk.site.clone(),
        first,
        name: name.clone(),
        display: chosen.display.clone(),
        problem: Some(problem),
    };
    if let Some(problem) = problem {
        return Ok(Err(page(problem)));
    }
    let hash = passwords::hashed(&chosen.password)?;
    let done = if first {
        let display = if chosen.display.trim().is_empty() { &name } else { chosen.display.trim() };
        desk.archive.set_up(secret, &name, display, &hash)
    } else {
        desk.archive.set_password(secret, &hash).map(drop)
    };
    match done {
        Err(ArchiveError::NotNow { .. }) => {
            let how = "A name has 2 to 40 small letters, digits, dots or hyphens and begins with a letter.";
            Ok(Err(page(how.into())))
        }
        other => Ok(Ok(other?)),
    }
}
