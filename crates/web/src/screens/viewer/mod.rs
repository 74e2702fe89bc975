//! The page viewer: one page at a time, large, with its text beside it.
//!
//! `/page/{id}/{n}` is a page of a document (d…), of what waits (x…) or of a batch (b…). Every page is on record before
//! it is shown, the pages whose small pictures are seen as well; the script asks for both as they come into view.

mod head;
mod hits;
mod report;
mod seen;
mod sheet;
mod shown;

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use records::rights::Right;
use serde::{Deserialize, Serialize};

use self::head::Head;
pub(crate) use self::head::{kind_words, service_words};
use self::hits::Hits;
use self::sheet::{Sheet, picture};
pub(crate) use self::shown::{Shown, may_see, parsed, patient_named};
use crate::desk::Desk;
use crate::fault::Fault;
use crate::frame::{Frame, html};
use crate::people::Person;

pub(super) fn routes() -> Router<Desk> {
    Router::new()
        .route("/page/{id}/{n}", get(page))
        .route("/page/{id}/{n}/sheet", get(one_sheet))
        .route("/page/{id}/{n}/thumbnails", get(thumbnails))
        .route("/page/{id}/still", get(report::still))
        .route("/page/{id}/seen", get(seen::seen))
        .route("/page/{id}/wrong-chart", post(report::wrong_chart))
        .route("/page/{id}/turned", post(report::turned))
        .route("/page/{id}/print", post(report::print))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    /// Name of a search whose hits are boxed.
    find: String,
    /// Anything: the page is one of a quick turn through all.
    turn: String,
}

impl Asked {
    /// What is not understood is left out: the page is shown all the same.
    fn of(query: Option<&str>) -> Self {
        query.and_then(|query| serde_html_form::from_str(query).ok()).unwrap_or_default()
    }
}

type Address = (String, String);

#[derive(Template)]
#[template(path = "viewer.html")]
struct Viewer {
    frame: Frame,
    head: Head,
    id: String,
    n: u32,
    pages: usize,
    find: String,
    /// For the script: the first sheet, the pages with hits.
    opening: String,
    picture: String,
    may_print: bool,
    may_report: bool,
    may_audit: bool,
}

/// What the script starts with.
#[derive(Serialize)]
struct Opening<'a> {
    id: &'a str,
    pages: usize,
    find: &'a str,
    hit_pages: &'a [u32],
    /// It was in no chart any more when it was opened.
    withdrawn: bool,
    sheet: &'a Sheet,
}

async fn page(
    State(desk): State<Desk>,
    person: Person,
    Path((id, n)): Path<Address>,
    RawQuery(asked): RawQuery,
) -> Result<Response, Fault> {
    desk.work(move |desk| {
        let asked = Asked::of(asked.as_deref());
        let shown = Shown::find(desk, &person, &id)?;
        let n = parsed(&n)?;
        let looked = person.look(desk, &[shown.page(n)?], "viewer")?;
        let hits = Hits::of(desk, &person, &shown, &asked.find)?;
        let sheet = Sheet::of(desk, &shown, n, &looked, |reading| {
            hits.as_ref().map(|hits| hits.boxes(reading)).unwrap_or_default()
        })?;
        let hit_pages = hits.map(|hits| hits.pages).unwrap_or_default();
        let filed = shown.document().is_some_and(head::is_filed);
        let opening = Opening {
            id: &shown.id,
            pages: shown.pages.len(),
            find: &asked.find,
            hit_pages: &hit_pages,
            withdrawn: shown.document().is_some() && !filed,
            sheet: &sheet,
        };
        let opening = serde_json::to_string(&opening).map_err(|_| Fault::Ours)?;
        html(&Viewer {
            frame: Frame::of(desk, &person, "Page viewer", ""),
            head: Head::of(desk, &person, &shown)?,
            n,
            pages: shown.pages.len(),
            find: asked.find,
            opening,
            picture: sheet.picture.clone(),
            may_print: person.may(Right::Export) && (filed || shown.document().is_none()),
            may_report: filed && person.may(Right::Charts),
            may_audit: shown.document().is_some() && seen::may_ask(&person),
            id: shown.id,
        })
    })
    .await
}

/// The next page, without the screen around it.
async fn one_sheet(
    State(desk): State<Desk>,
    person: Person,
    Path((id, n)): Path<Address>,
    RawQuery(asked): RawQuery,
) -> Result<Json<Sheet>, Fault> {
    desk.work(move |desk| {
        let asked = Asked::of(asked.as_deref());
        let shown = Shown::find(desk, &person, &id)?;
        let n = parsed(&n)?;
        let purpose = if asked.turn.is_empty() { "viewer" } else { "page-turn" };
        let looked = person.look(desk, &[shown.page(n)?], purpose)?;
        let hits = if asked.find.is_empty() { None } else { Hits::of(desk, &person, &shown, &asked.find)? };
        let boxes = |reading: &_| hits.as_ref().map(|hits| hits.boxes(reading)).unwrap_or_default();
        Ok(Json(Sheet::of(desk, &shown, n, &looked, boxes)?))
    })
    .await
}

/// Small pictures that come into view together.
const GROUP: usize = 12;

#[derive(Serialize)]
struct Thumbnail {
    n: u32,
    picture: String,
}

/// Small pictures from a page on: one entry for all of them.
async fn thumbnails(
    State(desk): State<Desk>,
    person: Person,
    Path((id, n)): Path<Address>,
) -> Result<Json<Vec<Thumbnail>>, Fault> {
    desk.work(move |desk| {
        let shown = Shown::find(desk, &person, &id)?;
        let from: u32 = parsed(&n)?;
        shown.page(from)?;
        let group: Vec<_> = (from..).zip(&shown.pages[from as usize - 1..]).take(GROUP).collect();
        let pages: Vec<_> = group.iter().map(|(_, page)| **page).collect();
        let small = |seq, n, page| Thumbnail { n, picture: picture(seq, page) };
        match person.look(desk, &pages, "thumbnails") {
            Ok(looked) => Ok(Json(group.iter().map(|(n, page)| small(looked.seq, *n, **page)).collect())),
            // In a batch some pages may be for others only: those that are for this person, then.
            Err(Fault::NotThere) if pages.len() > 1 => {
                let one = |(n, page): &(u32, &_)| {
                    let looked = person.look(desk, &[**page], "thumbnails");
                    looked.map(|looked| small(looked.seq, *n, **page)).ok()
                };
                let seen: Vec<_> = group.iter().filter_map(one).collect();
                if seen.is_empty() { Err(Fault::NotThere) } else { Ok(Json(seen)) }
            }
            Err(other) => Err(other),
        }
    })
    .await
}
