//! The screens, one module each; every one brings its own routes.

mod accounts;
mod search;
mod start;

use axum::Router;

use crate::desk::Desk;

pub(crate) fn routes() -> Router<Desk> {
    Router::new().merge(start::routes()).merge(accounts::routes()).merge(search::routes())
}
