//! Who asks, may they, and did they mean to?

pub(crate) mod act;
pub(crate) mod passwords;
pub(crate) mod sessions;
pub(crate) mod set_up;
pub(crate) mod sign_in;

use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use archive::{Account, Action, AuditEntry, Sight};
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use axum::http::request::Parts;
use records::ids::PageRef;
use records::patient::PatientId;
use records::rights::{Right, Viewer};

use crate::desk::Desk;
use crate::fault::Fault;
use crate::people::sessions::Reached;

/// Somebody who is signed in. A handler that takes one answers nobody else.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) account: Account,
    /// Against forms of other sites: every form that changes something carries it.
    pub(crate) csrf: String,
    cookie: String,
    /// Whose restricted documents an emergency opens to them now.
    pub(crate) emergency: BTreeSet<PatientId>,
}

pub(crate) const SESSION: &str = "chartroom";

impl Person {
    /// Without the right, nothing is there.
    pub(crate) fn must(&self, right: Right) -> Result<(), Fault> {
        if self.account.may(right) { Ok(()) } else { Err(Fault::NotThere) }
    }

    pub(crate) fn may(&self, right: Right) -> bool {
        self.account.may(right)
    }

    pub(crate) fn viewer(&self) -> Viewer {
        Viewer { emergency: self.emergency.clone(), ..self.account.viewer() }
    }

    /// As which it is recorded: `clerk:lopez`.
    pub(crate) fn actor(&self) -> String {
        self.account.actor()
    }

    /// The right to look at pages, on record when this returns; what is answered names it in the addresses of
    /// pictures, for this session only.
    pub(crate) fn look(&self, desk: &Desk, pages: &[PageRef], purpose: &str) -> Result<Looked, Fault> {
        let sight = desk.archive.viewer_sight(&self.viewer(), pages, purpose)?;
        let seq = desk.sessions.keep_sight(&self.cookie, sight);
        self.sight(desk, seq).map(|sight| Looked { seq, sight })
    }

    /// A sight that this session was given.
    pub(crate) fn sight(&self, desk: &Desk, seq: u64) -> Result<Arc<Sight>, Fault> {
        desk.sessions.sight(&self.cookie, seq).ok_or(Fault::NotThere)
    }

    /// A list of this session that looks for news.
    pub(crate) fn list(&self, desk: &Desk, name: &str) -> Result<Reached, Fault> {
        desk.sessions.list(&self.cookie, name).ok_or(Fault::NotThere)
    }

    pub(crate) fn keep_list(&self, desk: &Desk, reached: Reached) -> String {
        desk.sessions.keep_list(&self.cookie, reached)
    }

    pub(crate) fn follow_list(&self, desk: &Desk, name: &str, reached: Reached) {
        desk.sessions.follow_list(&self.cookie, name, reached);
    }

    /// Puts on record that a list was looked at: its rows tell about patients.
    pub(crate) fn record_list(&self, desk: &Desk, what: &str, rows: usize) -> Result<(), Fault> {
        let detail = serde_json::json!({ "rows": rows });
        desk.archive.record(&AuditEntry { detail, ..AuditEntry::new(&self.actor(), Action::Read, what) })?;
        Ok(())
    }
}

/// A sight and its name in addresses.
pub(crate) struct Looked {
    pub(crate) seq: u64,
    pub(crate) sight: Arc<Sight>,
}

impl FromRequestParts<Desk> for Person {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, desk: &Desk) -> Result<Self, Fault> {
        let cookie = cookie(&parts.headers, SESSION).ok_or(Fault::SignIn)?;
        // Pages that look for news by themselves keep nobody signed in.
        let alive = !parts.headers.contains_key("x-unattended");
        let known = desk.sessions.find(&cookie, alive).ok_or(Fault::SignIn)?;
        let name = known.account;
        let (account, emergency) = desk
            .work(move |desk| Ok((desk.archive.account(&name)?, desk.archive.emergency_patients(&name)?)))
            .await?;
        match account.filter(|account| !account.disabled && account.generation == known.generation) {
            Some(account) => Ok(Self { account, csrf: known.csrf, cookie, emergency }),
            None => {
                desk.sessions.end(&cookie);
                Err(Fault::SignIn)
            }
        }
    }
}

/// The value of a cookie.
pub(crate) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(own, _)| *own == name).map(|(_, value)| value.to_owned())
}

/// From where somebody asks: for the audit only, nothing is decided by it.
pub(crate) struct From(pub(crate) String);

impl FromRequestParts<Desk> for From {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, desk: &Desk) -> Result<Self, Fault> {
        let direct = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let named = parts.headers.get("x-forwarded-for").and_then(|value| value.to_str().ok());
        // What the proxy itself saw is the last of them.
        let named = named.and_then(|list| list.rsplit(',').next()?.trim().parse::<IpAddr>().ok());
        let from = if desk.settings.behind_proxy { named.or(direct) } else { direct };
        Ok(Self(from.map_or_else(|| "unknown".into(), |address| address.to_string())))
    }
}
