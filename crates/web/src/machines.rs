//! What do supervisors and Prometheus ask? Counts and states; no patient data, so no sign-in.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;

use crate::desk::Desk;

/// What a supervisor asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Health {
    /// `ok`, or `failing` for the reasons that follow.
    pub status: &'static str,
    pub reasons: Vec<String>,
}

impl Health {
    pub fn of(reasons: Vec<String>) -> Self {
        Self { status: if reasons.is_empty() { "ok" } else { "failing" }, reasons }
    }
}

/// What is answered; asked anew every time.
pub trait Answers: Send + Sync + 'static {
    fn health(&self) -> Health;

    /// Prometheus's text format.
    fn metrics(&self) -> String;
}

pub(crate) async fn health(State(desk): State<Desk>) -> Response {
    let Ok(health) = desk.work(|desk| Ok(desk.answers.health())).await else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let code = if health.reasons.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (code, axum::Json(health)).into_response()
}

pub(crate) async fn metrics(State(desk): State<Desk>) -> Response {
    match desk.work(|desk| Ok(desk.answers.metrics())).await {
        Ok(text) => ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}
