//! What stands around every screen?

use askama::Template;
use axum::response::{Html, IntoResponse as _, Response};
use records::rights::Right;

use crate::assets::VERSION;
use crate::desk::Desk;
use crate::fault::Fault;
use crate::people::Person;

/// The head of a screen: whose desk, who sits at it, where one can go. Titles carry no patient data.
pub(crate) struct Frame {
    pub(crate) title: &'static str,
    pub(crate) site: String,
    /// As colleagues call them.
    pub(crate) person: String,
    pub(crate) csrf: String,
    pub(crate) idle_s: u64,
    /// Restricted documents of somebody are open to them in an emergency.
    pub(crate) emergency: bool,
    pub(crate) ways: Vec<Way>,
}

/// A place in the head.
pub(crate) struct Way {
    pub(crate) name: &'static str,
    pub(crate) to: &'static str,
    pub(crate) here: bool,
}

/// What everybody may go to, by right, in the order of the head.
const WAYS: &[(&str, &str, Right)] = &[
    ("Search", "/", Right::Charts),
    ("Worklist", "/worklist", Right::Worklist),
    ("Emergencies", "/emergencies", Right::Audit),
    ("Audit", "/audit", Right::Audit),
    ("Accounts", "/accounts", Right::Administer),
];

impl Frame {
    /// `here`: the address in the head that the screen belongs to.
    pub(crate) fn of(desk: &Desk, person: &Person, title: &'static str, here: &str) -> Self {
        let ways = WAYS.iter().filter(|(_, _, right)| person.may(*right));
        Self {
            title,
            site: desk.site.clone(),
            person: person.account.display.clone(),
            csrf: person.csrf.clone(),
            idle_s: desk.sessions.idle().as_secs(),
            emergency: !person.emergency.is_empty(),
            ways: ways.map(|(name, to, _)| Way { name, to, here: *to == here }).collect(),
        }
    }

    /// Address of an asset.
    #[expect(clippy::unused_self, reason = "templates ask their frame")]
    pub(crate) fn asset(&self, name: &str) -> String {
        asset(name)
    }
}

pub(crate) fn asset(name: &str) -> String {
    format!("/assets/{VERSION}/{name}")
}

/// A template as an answer.
pub(crate) fn html(page: &impl Template) -> Result<Response, Fault> {
    page.render().map(|text| Html(text).into_response()).map_err(|error| {
        tracing::error!(%error, "a screen could not be drawn");
        Fault::Ours
    })
}
