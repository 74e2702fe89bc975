//! The worklist: what waits for a person, and how it is decided.

mod about;
mod cutting;
mod deciding;
mod fields;
mod going_on;
mod holding;
mod item;
mod list;
mod matching;
mod order;
mod pages;
mod slip;
mod strip;
mod typing;

use std::str::FromStr;

use axum::Router;
use axum::routing::{get, post};
use records::ids::{DocumentId, DoubtId, ExceptionId};

use crate::desk::Desk;
use crate::fault::Fault;

pub(super) fn routes() -> Router<Desk> {
    Router::new()
        .route("/worklist", get(list::screen))
        .route("/worklist/news", get(list::news))
        .route("/worklist/typing", get(typing::screen))
        .route("/worklist/batch/{batch}", get(strip::screen))
        .route("/worklist/batch/{batch}/sheets", get(strip::sheets))
        .route("/worklist/batch/{batch}/cut", post(cutting::cut))
        .route("/worklist/batch/{batch}/join", post(cutting::join))
        .route("/worklist/batch/{batch}/take", post(cutting::take))
        .route("/worklist/{id}", get(item::screen))
        .route("/worklist/{id}/form", get(item::form))
        .route("/worklist/{id}/slip", get(slip::screen))
        .route("/worklist/{id}/alive", post(holding::alive))
        .route("/worklist/{id}/leave", post(holding::leave))
        .route("/worklist/{id}/match", post(matching::matched))
        .route("/worklist/{id}/file", post(matching::file))
        .route("/worklist/{id}/kind", post(typing::kind))
        .route("/worklist/{id}/void", post(deciding::void))
        .route("/worklist/{id}/aside", post(deciding::aside))
        .route("/worklist/{id}/mend", post(deciding::mend))
        .route("/worklist/{id}/picture", post(deciding::picture))
        .route("/worklist/{id}/dismiss", post(deciding::dismiss))
        .route("/worklist/{id}/quarantine", post(deciding::quarantine))
        .route("/worklist/{id}/undo", post(deciding::undo))
        .route("/worklist/{id}/split", post(pages::split))
        .route("/worklist/{id}/join", post(pages::join))
        .route("/worklist/{id}/order", post(pages::order))
        .route("/worklist/{id}/page", post(pages::no_record))
        .route("/api/v1/worklist", get(list::api))
}

/// What is worked on: something held, a question about something filed, a document nobody has typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ItemId {
    Exception(ExceptionId),
    Doubt(DoubtId),
    Document(DocumentId),
}

impl FromStr for ItemId {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        let exception = text.parse().map(Self::Exception);
        let doubt = exception.or_else(|_| text.parse().map(Self::Doubt));
        doubt.or_else(|_| text.parse().map(Self::Document)).map_err(|_| Fault::NotThere)
    }
}

impl ItemId {
    fn exception(self) -> Result<ExceptionId, Fault> {
        if let Self::Exception(id) = self { Ok(id) } else { Err(Fault::NotThere) }
    }
}

impl std::fmt::Display for ItemId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Exception(id) => id.fmt(f),
            Self::Doubt(id) => id.fmt(f),
            Self::Document(id) => id.fmt(f),
        }
    }
}
