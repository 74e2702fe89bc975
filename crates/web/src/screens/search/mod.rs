//! Search: one box, pages that answer, what divides them, what was searched for as well.
//!
//! What is looked for is patient data: it is posted, and gets an address that says nothing.

mod api;
pub(super) mod ask;
mod beside;
mod news;
mod rows;
mod saved;
mod strip;

use archive::SavedSearch;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use records::rights::Right;
use search::Screen;
use serde::Deserialize;

use crate::asking::wanted::{Click, Search, Sorting};
use crate::desk::Desk;
use crate::fault::Fault;
use crate::frame::{Frame, html};
use crate::people::Person;
use crate::people::act::Act;
use crate::people::sessions::Reached;

use ask::ask;
use beside::Beside;
use rows::{Row, rows};

/// Pages of one screen.
const PAGES: usize = 20;
/// Further down nobody looks; asking for it would cost more with every screen.
const FURTHEST: usize = 1_000;
/// Recent searches that are offered.
const RECENT: usize = 8;

pub(super) fn routes() -> Router<Desk> {
    Router::new()
        .route("/search", get(|| async { Redirect::to("/") }).post(post_line))
        .route("/search/{name}", get(results).post(click))
        .route("/search/{name}/more", get(more))
        .merge(news::routes())
        .merge(saved::routes())
        .merge(api::routes())
}

#[derive(Template)]
#[template(path = "search/start.html")]
struct Start {
    frame: Frame,
    saved: Vec<SavedSearch>,
    recent: Vec<(String, Search)>,
}

/// The box, and what one looked for before.
pub(super) fn start(desk: &Desk, person: &Person) -> Result<Response, Fault> {
    person.must(Right::Charts)?;
    html(&Start {
        frame: Frame::of(desk, person, "Search", "/"),
        saved: saved::of(desk, person)?,
        recent: desk.sessions.recent_searches(&person.account.name, RECENT),
    })
}

#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    q: String,
    /// The search on whose screen the line was typed: what narrows it still stands there.
    of: Option<String>,
}

async fn post_line(State(desk): State<Desk>, Act { person, form }: Act<Line>) -> Result<Response, Fault> {
    person.must(Right::Charts)?;
    let before = form.of.and_then(|name| desk.sessions.search(&person.account.name, &name));
    let line = Search::of(&form.q);
    let search = match before {
        Some(before) => Search { text: line.text, ..before },
        None => line,
    };
    Ok(if search.is_empty() { Redirect::to("/").into_response() } else { to(&desk, &person, search) })
}

async fn click(
    State(desk): State<Desk>,
    Path(name): Path<String>,
    Act { person, form }: Act<Click>,
) -> Result<Response, Fault> {
    let search = asked(&desk, &person, &name)?;
    Ok(to(&desk, &person, search.clicked(form)))
}

/// To the answer of a search.
fn to(desk: &Desk, person: &Person, search: Search) -> Response {
    let name = desk.sessions.keep_search(&person.account.name, search);
    Redirect::to(&format!("/search/{name}")).into_response()
}

/// One of this person's own searches; nobody sees another's.
fn asked(desk: &Desk, person: &Person, name: &str) -> Result<Search, Fault> {
    person.must(Right::Charts)?;
    desk.sessions.search(&person.account.name, name).ok_or(Fault::NotThere)
}

#[derive(Template)]
#[template(path = "search/results.html")]
struct Results {
    frame: Frame,
    name: String,
    search: Search,
    sorts: [Sorting; 4],
    total: String,
    understood: String,
    unfinished: bool,
    beside: Beside,
    rows: Vec<Row>,
    nearly: Vec<Row>,
    further: Option<Further>,
    /// What this list is called when it looks for news.
    list: String,
}

async fn results(
    State(desk): State<Desk>,
    Path(name): Path<String>,
    person: Person,
) -> Result<Response, Fault> {
    let search = asked(&desk, &person, &name)?;
    desk.work(move |desk| {
        let order = search.sort.order();
        let told = ask(desk, &person, &search, Screen { order, facets: true, ..Screen::of(PAGES) })?;
        let mut rows = rows(desk, &name, &told, 0)?;
        let nearly = rows.split_off(told.answered.answer.hits.len());
        let answer = &told.answered.answer;
        let (shown, total) = (told.position, answer.total);
        let list = person.keep_list(desk, Reached { shown, known: shown, fresh: 0, total });
        html(&Results {
            frame: Frame::of(desk, &person, "Search", "/"),
            beside: Beside::of(desk, &search, &told)?,
            sorts: Sorting::ALL,
            total: count(answer.total),
            understood: told.query.explain(),
            unfinished: answer.unfinished,
            further: Further::after(&name, PAGES, answer.total),
            list,
            rows,
            nearly,
            name,
            search,
        })
    })
    .await
}

/// How one gets at the pages that come after these.
struct Further {
    to: String,
    /// How many come at once, or why none do.
    words: String,
    is_end: bool,
}

impl Further {
    fn after(name: &str, shown: usize, total: usize) -> Option<Self> {
        let left = total.checked_sub(shown).filter(|left| *left > 0)?;
        let is_end = shown + PAGES > FURTHEST;
        let words = if is_end {
            format!("{left} more pages are not listed: narrow the search to see them.")
        } else {
            format!("{} more of {left}", left.min(PAGES))
        };
        Some(Self { to: format!("/search/{name}/more?after={shown}"), words, is_end })
    }
}

#[derive(Deserialize)]
struct After {
    after: usize,
}

#[derive(Template)]
#[template(path = "search/more.html")]
struct More {
    rows: Vec<Row>,
    further: Option<Further>,
}

async fn more(
    State(desk): State<Desk>,
    Path(name): Path<String>,
    Query(After { after }): Query<After>,
    person: Person,
) -> Result<Response, Fault> {
    let search = asked(&desk, &person, &name)?;
    if after + PAGES > FURTHEST {
        return Err(Fault::NotThere);
    }
    desk.work(move |desk| {
        let screen = Screen { order: search.sort.order(), offset: after, ..Screen::of(PAGES) };
        let told = ask(desk, &person, &search, screen)?;
        let rows = rows(desk, &name, &told, after)?;
        html(&More { rows, further: Further::after(&name, after + PAGES, told.answered.answer.total) })
    })
    .await
}

fn count(pages: usize) -> String {
    match pages {
        1 => "1 page".into(),
        pages => format!("{} pages", in_threes(pages)),
    }
}

/// 1 234 567, with spaces that do not break.
fn in_threes(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push('\u{a0}');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_numbers_are_grouped() {
        assert_eq!((in_threes(0), in_threes(999)), ("0".into(), "999".into()));
        assert_eq!(in_threes(1_234_567), "1\u{a0}234\u{a0}567");
        assert_eq!(count(1), "1 page");
    }

    #[test]
    fn what_comes_further_is_offered_until_nobody_looks() {
        assert!(Further::after("x", 20, 20).is_none() && Further::after("x", 20, 3).is_none());
        let more = Further::after("x", 20, 23).unwrap();
        assert_eq!((more.to.as_str(), more.words.as_str()), ("/search/x/more?after=20", "3 more of 3"));
        assert_eq!(Further::after("x", 20, 500).unwrap().words, "20 more of 480");
        assert!(Further::after("x", 980, 5_000).is_some_and(|more| !more.is_end));
        assert!(Further::after("x", 1_000, 5_000).is_some_and(|more| more.is_end));
    }
}
