//! Accounts: who may sign in, as what; and everybody's own.

use std::collections::BTreeSet;

use archive::{Account, AccountEdit, LinkFor, NewAccount};
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use jiff::SignedDuration;
use records::document::Label;
use records::rights::{Right, Role};
use serde::Deserialize;

use crate::desk::Desk;
use crate::fault::Fault;
use crate::frame::{Frame, html};
use crate::people::act::{Act, Button};
use crate::people::{Person, passwords};

pub(super) fn routes() -> Router<Desk> {
    Router::new()
        .route("/accounts", get(list).post(add))
        .route("/accounts/{name}", post(edit))
        .route("/accounts/{name}/link", post(link))
        .route("/me", get(me))
        .route("/me/totp", post(totp))
        .route("/alive", get(alive))
}

#[derive(Template)]
#[template(path = "accounts.html")]
struct Accounts {
    frame: Frame,
    accounts: Vec<Account>,
    roles: [Role; 7],
    /// A link that was just made, shown once.
    link: Option<(String, String)>,
    problem: Option<String>,
}

/// A reset or first link is used within three days.
const LINK_LASTS: SignedDuration = SignedDuration::from_hours(72);

fn accounts(
    desk: &Desk,
    person: &Person,
    link: Option<(String, String)>,
    problem: Option<String>,
) -> Result<Response, Fault> {
    person.must(Right::Administer)?;
    let frame = Frame::of(desk, person, "Accounts", "/accounts");
    html(&Accounts { frame, accounts: desk.archive.accounts()?, roles: Role::ALL, link, problem })
}

async fn list(State(desk): State<Desk>, person: Person) -> Result<Response, Fault> {
    desk.work(move |desk| accounts(desk, &person, None, None)).await
}

#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    name: String,
    #[serde(default)]
    display: String,
    #[serde(default)]
    role: Vec<Role>,
    #[serde(default)]
    labels: String,
    #[serde(default)]
    disabled: bool,
}

impl Wanted {
    fn labels(&self) -> BTreeSet<Label> {
        let named = self.labels.split([',', ' ']).map(str::trim).filter(|label| !label.is_empty());
        named.map(|label| Label(label.to_uppercase())).collect()
    }
}

async fn add(State(desk): State<Desk>, Act { person, form }: Act<Wanted>) -> Result<Response, Fault> {
    desk.work(move |desk| {
        person.must(Right::Administer)?;
        let name = form.name.trim().to_lowercase();
        let new = NewAccount {
            name: name.clone(),
            display: if form.display.trim().is_empty() { name.clone() } else { form.display.trim().into() },
            labels: form.labels(),
            roles: form.role.into_iter().collect(),
        };
        match desk.archive.add_account(&new, &person.actor()).map_err(Fault::from) {
            Err(Fault::Moved(why)) => accounts(desk, &person, None, Some(why)),
            Err(other) => Err(other),
            Ok(()) => {
                let link =
                    desk.archive.make_link(&LinkFor::Password(name.clone()), LINK_LASTS, &person.actor())?;
                accounts(desk, &person, Some((name, link)), None)
            }
        }
    })
    .await
}

async fn edit(
    State(desk): State<Desk>,
    Path(name): Path<String>,
    Act { person, form }: Act<Wanted>,
) -> Result<Response, Fault> {
    desk.work(move |desk| {
        person.must(Right::Administer)?;
        let edit = AccountEdit {
            display: (!form.display.trim().is_empty()).then(|| form.display.trim().into()),
            labels: Some(form.labels()),
            roles: Some(form.role.into_iter().collect()),
            disabled: Some(form.disabled),
        };
        let problem = match desk.archive.edit_account(&name, &edit, &person.actor()).map_err(Fault::from) {
            Err(Fault::Moved(why)) => Some(why),
            other => other.map(|()| None)?,
        };
        accounts(desk, &person, None, problem)
    })
    .await
}

async fn link(
    State(desk): State<Desk>,
    Path(name): Path<String>,
    Act { person, form: Button {} }: Act<Button>,
) -> Result<Response, Fault> {
    desk.work(move |desk| {
        person.must(Right::Administer)?;
        let link = desk.archive.make_link(&LinkFor::Password(name.clone()), LINK_LASTS, &person.actor())?;
        accounts(desk, &person, Some((name, link)), None)
    })
    .await
}

#[derive(Template)]
#[template(path = "me.html")]
struct Me {
    frame: Frame,
    account: Account,
    /// A secret that waits for its first code.
    new_totp: Option<String>,
    problem: Option<String>,
}

async fn me(State(desk): State<Desk>, person: Person) -> Result<Response, Fault> {
    let frame = Frame::of(&desk, &person, "My account", "/me");
    let new_totp = person.account.totp.is_none().then(passwords::new_totp);
    html(&Me { frame, account: person.account, new_totp, problem: None })
}

#[derive(Deserialize)]
struct Totp {
    /// The secret that was shown; absent: no second factor any more.
    secret: Option<String>,
    code: String,
}

async fn totp(State(desk): State<Desk>, Act { person, form }: Act<Totp>) -> Result<Response, Fault> {
    desk.work(move |desk| {
        let name = person.account.name.clone();
        let against = form.secret.clone().or(person.account.totp.clone()).unwrap_or_default();
        let right = passwords::totp_step(&against, &form.code).is_some();
        if right {
            desk.archive.set_totp(&name, form.secret.as_deref(), &person.actor())?;
        }
        let account = desk.archive.account(&name)?.ok_or(Fault::NotThere)?;
        let problem = (!right).then(|| "This code is not right; try the next one.".to_owned());
        // The same secret is shown again: it may be in the app already.
        let new_totp =
            if account.totp.is_none() { form.secret.or_else(|| Some(passwords::new_totp())) } else { None };
        html(&Me { frame: Frame::of(desk, &person, "My account", "/me"), account, new_totp, problem })
    })
    .await
}

/// A sign of life of somebody who reads.
async fn alive(_: Person) -> &'static str {
    ""
}
