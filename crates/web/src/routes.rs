//! Which address leads where?

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

use crate::assets::asset;
use crate::desk::Desk;
use crate::dress::dress;
use crate::fault::Fault;
use crate::people::{set_up, sign_in};
use crate::{machines, pictures, screens};

/// Forms are small; uploads have a limit of their own.
const LARGEST_FORM: usize = 256 * 1024;

pub(crate) fn all(desk: Desk) -> Router {
    Router::new()
        .route("/health", get(machines::health))
        .route("/metrics", get(machines::metrics))
        .route("/assets/{version}/{*name}", get(asset))
        .route("/sign-in", get(sign_in::form).post(sign_in::sign_in))
        .route("/sign-off", post(sign_in::sign_off))
        .route("/link/{secret}", get(set_up::form).post(set_up::choose))
        .merge(pictures::routes())
        .merge(screens::routes())
        .fallback(|| async { Fault::NotThere })
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .layer(from_fn_with_state(desk.clone(), dress))
        .with_state(desk)
}
