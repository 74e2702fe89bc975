//! `/api/v1/search` and `/api/v1/suggest`: for programs, with the answers of `chartroom search --json`. Posted, since
//! what is looked for is patient data.

use archive::{Action, AuditEntry};
use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use records::rights::Right;
use search::{Screen, Typed};
use serde::Deserialize;
use serde_json::Value;

use super::FURTHEST;
use super::ask::ask;
use crate::asking::wanted::{Search, Sorting};
use crate::asking::{answer_in_json, suggestions_in_json};
use crate::desk::{Desk, today};
use crate::fault::Fault;
use crate::people::act::Act;

/// Pages of one answer.
const MOST: usize = 100;
/// Ways to go on that are offered.
const OFFERED: usize = 8;

pub(super) fn routes() -> Router<Desk> {
    Router::new().route("/api/v1/search", post(search)).route("/api/v1/suggest", post(suggest))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    query: String,
    #[serde(default)]
    sort: Sorting,
    #[serde(default = "usual")]
    limit: usize,
    #[serde(default)]
    offset: usize,
}

const fn usual() -> usize {
    20
}

async fn search(State(desk): State<Desk>, Act { person, form }: Act<Asked>) -> Result<Json<Value>, Fault> {
    person.must(Right::Charts)?;
    if form.limit > MOST || form.offset > FURTHEST {
        return Err(Fault::refused(format!("At most {MOST} pages at once, after at most {FURTHEST}.")));
    }
    desk.work(move |desk| {
        let screen =
            Screen { limit: form.limit, offset: form.offset, order: form.sort.order(), facets: true };
        let search = Search { sort: form.sort, ..Search::of(&form.query) };
        let told = ask(desk, &person, &search, screen)?;
        Ok(Json(answer_in_json(&told.query, &told.answered, &told.found)))
    })
    .await
}

#[derive(Deserialize)]
struct Begun {
    line: String,
}

/// Words that stand on pages are offered: what was begun is on record.
async fn suggest(State(desk): State<Desk>, Act { person, form }: Act<Begun>) -> Result<Json<Value>, Fault> {
    person.must(Right::Charts)?;
    desk.work(move |desk| {
        let typed = Typed::parse(&form.line, today(), &desk.vocabulary);
        let viewer = person.viewer();
        let asker = desk.asker(&viewer)?;
        let offered = desk.ask(|reader| asker.suggest(reader, &typed, OFFERED))?;
        if !offered.is_empty() {
            let detail = serde_json::json!({ "query": form.line, "offered": offered.len() });
            let entry = AuditEntry { detail, ..AuditEntry::new(&viewer.name, Action::Execute, "suggest") };
            desk.archive.record(&entry)?;
        }
        Ok(Json(suggestions_in_json(&offered)))
    })
    .await
}
