//! Which pages that answer have come since the list was made?
//!
//! A list that somebody works through stays as it is: what has come is told above it and shown when it is asked for.
//! Nothing is asked of the index while it has seen nothing new, and then only of the pages that have changed.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use records::ids::PageRef;
use search::{Order, Screen};
use serde::Deserialize;
use serde_json::json;

use super::ask::{put, question};
use super::rows::{Row, rows};
use super::{PAGES, asked, count};
use crate::desk::Desk;
use crate::fault::Fault;
use crate::frame::html;
use crate::people::Person;
use crate::people::sessions::Reached;

/// More that has changed is not looked at page by page: the search is made again.
const MOST: usize = 5_000;

pub(super) fn routes() -> Router<Desk> {
    Router::new().route("/search/{name}/news", get(news)).route("/search/{name}/new", get(new))
}

#[derive(Deserialize)]
struct Of {
    /// The list that is shown.
    list: String,
}

/// What the index has seen since a position.
enum Since {
    Nothing,
    Pages(Vec<PageRef>),
    /// More than is looked at page by page.
    Much,
}

fn since(desk: &Desk, after: u64) -> Result<(Since, u64), Fault> {
    let seen = desk.ask(|reader| Ok(reader.position()))?;
    if seen <= after {
        return Ok((Since::Nothing, after));
    }
    let (mut pages, mut at) = (BTreeSet::new(), after);
    while at < seen {
        let changes = desk.archive.changes(at, MOST)?;
        let Some(last) = changes.last() else { break };
        at = last.position;
        pages.extend(
            changes.into_iter().filter(|change| change.position <= seen).flat_map(|change| change.pages),
        );
        if pages.len() > MOST {
            return Ok((Since::Much, seen));
        }
    }
    Ok((if pages.is_empty() { Since::Nothing } else { Since::Pages(pages.into_iter().collect()) }, seen))
}

/// How many pages that answer have come or changed since. Where none has, nothing is said: that others have is nobody's
/// business.
async fn news(
    State(desk): State<Desk>,
    Path(name): Path<String>,
    Query(Of { list }): Query<Of>,
    person: Person,
) -> Result<Response, Fault> {
    let search = asked(&desk, &person, &name)?;
    desk.work(move |desk| {
        let before = person.list(desk, &list)?;
        let (since, known) = since(desk, before.known)?;
        let query = question(desk, &person, &search)?;
        let viewer = person.viewer();
        let asker = desk.asker(&viewer)?;
        let count = |query: &search::Query| desk.ask(|reader| asker.count(reader, query));
        let nothing = || Ok(StatusCode::NO_CONTENT.into_response());
        match since {
            Since::Nothing => nothing(),
            Since::Much if count(&query)? == before.total => nothing(),
            Since::Much => {
                desk.archive.record_search(&viewer, &search.text, before.total as u64)?;
                Ok(Json(json!({ "much": true })).into_response())
            }
            Since::Pages(pages) => {
                let came = count(&query.and(search::Query::among(pages)))?;
                let fresh = before.fresh + came;
                person.follow_list(desk, &list, Reached { known, fresh, ..before });
                if came == 0 {
                    return nothing();
                }
                desk.archive.record_search(&viewer, &search.text, came as u64)?;
                Ok(Json(json!({ "pages": fresh })).into_response())
            }
        }
    })
    .await
}

#[derive(Template)]
#[template(path = "search/new.html")]
struct New {
    rows: Vec<Row>,
    /// How many pages answer by now.
    total: String,
    /// New ones that are not listed.
    left: usize,
}

/// Those pages, what came last first.
async fn new(
    State(desk): State<Desk>,
    Path(name): Path<String>,
    Query(Of { list }): Query<Of>,
    person: Person,
) -> Result<Response, Fault> {
    let search = asked(&desk, &person, &name)?;
    desk.work(move |desk| {
        let before = person.list(desk, &list)?;
        let (since, known) = since(desk, before.shown)?;
        let Since::Pages(pages) = since else { return Ok(StatusCode::NO_CONTENT.into_response()) };
        let query = question(desk, &person, &search)?;
        let among = query.clone().and(search::Query::among(pages));
        // By another order than relevance nothing comes that has only most of it.
        let screen = Screen { order: Order::Received, ..Screen::of(PAGES) };
        let told = put(desk, &person, &search, &among, screen)?;
        let viewer = person.viewer();
        let asker = desk.asker(&viewer)?;
        let total = desk.ask(|reader| asker.count(reader, &query))?;
        person.follow_list(desk, &list, Reached { shown: known, known, fresh: 0, total });
        let rows = rows(desk, &name, &told, 0)?;
        let left = told.answered.answer.total - rows.len();
        html(&New { rows, total: count(total), left })
    })
    .await
}
