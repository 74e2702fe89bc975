//! Where somebody arrives: the first place that is theirs.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use records::rights::Right;

use super::search;
use crate::desk::Desk;
use crate::fault::Fault;
use crate::people::Person;

pub(super) fn routes() -> Router<Desk> {
    Router::new().route("/", get(start))
}

async fn start(State(desk): State<Desk>, person: Person) -> Result<Response, Fault> {
    if person.may(Right::Charts) {
        return desk.work(move |desk| search::start(desk, &person)).await;
    }
    for (right, place) in [(Right::Administer, "/accounts"), (Right::Audit, "/audit")] {
        if person.may(right) {
            return Ok(Redirect::to(place).into_response());
        }
    }
    Err(Fault::NotThere)
}
