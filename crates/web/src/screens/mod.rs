//! The screens, one module each; every one brings its own routes.

mod accounts;
mod api;
mod audit;
mod chart;
mod emergency;
mod search;
mod shelves;
mod start;
mod viewer;
mod worklist;

use axum::Router;

use crate::desk::Desk;

pub(crate) fn routes() -> Router<Desk> {
    Router::new()
        .merge(api::routes())
        .merge(start::routes())
        .merge(accounts::routes())
        .merge(audit::routes())
        .merge(chart::routes())
        .merge(emergency::routes())
        .merge(search::routes())
        .merge(shelves::routes())
        .merge(viewer::routes())
        .merge(worklist::routes())
}
