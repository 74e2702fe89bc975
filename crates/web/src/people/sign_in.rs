//! Signing in and off.

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use jiff::Timestamp;
use serde::Deserialize;

use super::act::Act;
use super::{From, SESSION, cookie, passwords};
use crate::desk::Desk;
use crate::fault::Fault;
use crate::frame::html;

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn {
    site: String,
    /// Where to go afterwards.
    back: String,
    name: String,
    /// Name and password were right; now the code.
    problem: Option<String>,
    idle: bool,
}

#[derive(Deserialize)]
pub(crate) struct Arriving {
    #[serde(default)]
    back: String,
    /// Signed off because nobody did anything.
    #[serde(default)]
    idle: bool,
}

pub(crate) async fn form(
    State(desk): State<Desk>,
    Query(arriving): Query<Arriving>,
) -> Result<Response, Fault> {
    html(&SignIn {
        site: desk.site.clone(),
        back: local(&arriving.back),
        name: String::new(),
        problem: None,
        idle: arriving.idle,
    })
}

#[derive(Deserialize)]
pub(crate) struct Credentials {
    name: String,
    password: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    back: String,
}

pub(crate) async fn sign_in(
    State(desk): State<Desk>,
    From(from): From,
    headers: HeaderMap,
    Form(given): Form<Credentials>,
) -> Result<Response, Fault> {
    // A form of another site must not sign a browser in as somebody else.
    if !is_same_site(&headers) {
        return Err(Fault::refused("Sign in from the desk's own page."));
    }
    let back = local(&given.back);
    let name = given.name.trim().to_lowercase();
    let (asked, answered_name) = (name.clone(), name);
    let answer = desk.work(move |desk| check(desk, &asked, &given.password, &given.code, &from)).await?;
    match answer {
        Ok(cookie) => {
            Ok(([(header::SET_COOKIE, set_cookie(&desk, &cookie)?)], Redirect::to(&back)).into_response())
        }
        Err(problem) => {
            let page = SignIn {
                site: desk.site.clone(),
                back,
                name: answered_name,
                problem: Some(problem),
                idle: false,
            };
            let mut response = html(&page)?;
            *response.status_mut() = axum::http::StatusCode::UNAUTHORIZED;
            Ok(response)
        }
    }
}

/// The cookie of a new session, or what to say. Whether name, password or code was wrong is not said.
fn check(
    desk: &Desk,
    name: &str,
    password: &str,
    code: &str,
    from: &str,
) -> Result<Result<String, String>, Fault> {
    const WRONG: &str = "Name, password or code is not right.";
    let account = desk.archive.account(name)?;
    let right = passwords::is_right(account.as_ref().and_then(|own| own.password.as_deref()), password);
    let now = Timestamp::now();
    if let Some(until) = account.as_ref().and_then(|own| own.locked_until).filter(|until| *until > now) {
        let minutes = (until.duration_since(now).as_secs() + 59) / 60;
        return Ok(Err(format!(
            "Too many attempts failed. Try again in {minutes} min, or ask the administrator."
        )));
    }
    let Some(account) = account.filter(|own| right && !own.disabled) else {
        desk.archive.sign_in_failed(name, from)?;
        return Ok(Err(WRONG.into()));
    };
    let step = match &account.totp {
        Some(secret) => match passwords::totp_step(secret, code) {
            Some(step) => Some(step),
            None => {
                desk.archive.sign_in_failed(name, from)?;
                return Ok(Err(WRONG.into()));
            }
        },
        None => None,
    };
    match desk.archive.signed_in(name, step, from) {
        Ok(account) => Ok(Ok(desk.sessions.begin(&account))),
        Err(archive::ArchiveError::NotNow { .. }) => Ok(Err(WRONG.into())),
        Err(other) => Err(other.into()),
    }
}

#[derive(Deserialize)]
pub(crate) struct Leaving {
    /// Signed off by the clock, from this place.
    #[serde(default)]
    idle: bool,
    #[serde(default)]
    back: String,
}

pub(crate) async fn sign_off(
    State(desk): State<Desk>,
    headers: HeaderMap,
    Act { person, form }: Act<Leaving>,
) -> Result<Response, Fault> {
    if let Some(own) = cookie(&headers, SESSION) {
        desk.sessions.end(&own);
    }
    let idle = form.idle;
    desk.work(move |desk| {
        let detail = serde_json::json!({ "idle": idle });
        let left = archive::AuditEntry::new(&person.actor(), archive::Action::Execute, "sign-off");
        Ok(desk.archive.record(&archive::AuditEntry { detail, ..left })?)
    })
    .await?;
    let gone = format!("{SESSION}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
    let to = if form.idle {
        format!(
            "/sign-in?{}",
            serde_html_form::to_string([("back", local(&form.back)), ("idle", "true".into())])
                .unwrap_or_default()
        )
    } else {
        "/sign-in".into()
    };
    Ok(([(header::SET_COOKIE, gone)], Redirect::to(&to)).into_response())
}

pub(super) fn set_cookie(desk: &Desk, cookie: &str) -> Result<HeaderValue, Fault> {
    let secure = if desk.settings.is_secure() { "; Secure" } else { "" };
    let text = format!("{SESSION}={cookie}; Path=/; HttpOnly; SameSite=Strict{secure}");
    HeaderValue::from_str(&text).map_err(|_| Fault::Ours)
}

/// A place of ours; anything else is the start.
fn local(back: &str) -> String {
    let ours = back.starts_with('/') && !back.starts_with("//") && !back.contains(['\\', '\r', '\n']);
    if ours && !back.starts_with("/sign-in") { back.to_owned() } else { "/".into() }
}

/// Browsers say where a form comes from.
pub(super) fn is_same_site(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_none_or(|site| site == "same-origin" || site == "none")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_sign_in_nobody_is_sent_elsewhere() {
        for elsewhere in
            ["https://example.org", "//example.org", "/\\example.org", "", "/sign-in?back=/x", "/a\r\nb"]
        {
            assert_eq!(local(elsewhere), "/", "{elsewhere:?}");
        }
        assert_eq!(local("/worklist?mine=1"), "/worklist?mine=1");
    }
}
