//! Searches that somebody keeps under a name of their own.

use archive::SavedSearch;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::post;
use records::rights::Right;
use serde::Deserialize;

use super::{asked, to};
use crate::asking::wanted::Search;
use crate::desk::Desk;
use crate::fault::Fault;
use crate::people::Person;
use crate::people::act::Act;

/// A name longer than this is none.
const LONGEST: usize = 80;
/// More nobody finds again.
const MOST: usize = 100;

pub(super) fn routes() -> Router<Desk> {
    Router::new().route("/search/{name}/save", post(save)).route("/saved-searches", post(choose))
}

pub(super) fn of(desk: &Desk, person: &Person) -> Result<Vec<SavedSearch>, Fault> {
    Ok(desk.archive.saved_searches(&person.account.name)?)
}

#[derive(Deserialize)]
struct Named {
    label: String,
}

async fn save(
    State(desk): State<Desk>,
    Path(name): Path<String>,
    Act { person, form }: Act<Named>,
) -> Result<Response, Fault> {
    let search = asked(&desk, &person, &name)?;
    let label: String = form.label.trim().chars().take(LONGEST).collect();
    if label.is_empty() {
        return Err(Fault::refused("Give the search a name."));
    }
    desk.work(move |desk| {
        let own = of(desk, &person)?;
        if own.len() >= MOST && own.iter().all(|known| known.name != label) {
            return Err(Fault::refused("You keep 100 searches already. Forget one first."));
        }
        // All that was clicked is kept with the line.
        let query = serde_json::to_string(&search).map_err(|_| Fault::Ours)?;
        desk.archive.save_search(&person.account.name, &SavedSearch { name: label, query })?;
        Ok(Redirect::to(&format!("/search/{name}")).into_response())
    })
    .await
}

#[derive(Deserialize)]
struct Choice {
    run: Option<String>,
    forget: Option<String>,
}

async fn choose(State(desk): State<Desk>, Act { person, form }: Act<Choice>) -> Result<Response, Fault> {
    person.must(Right::Charts)?;
    desk.work(move |desk| {
        if let Some(label) = form.forget {
            desk.archive.forget_search(&person.account.name, &label)?;
            return Ok(Redirect::to("/").into_response());
        }
        let label = form.run.ok_or(Fault::NotThere)?;
        let kept = of(desk, &person)?.into_iter().find(|known| known.name == label).ok_or(Fault::NotThere)?;
        Ok(to(desk, &person, read(&kept.query)))
    })
    .await
}

/// A search as it was kept; a line alone, as earlier ones were.
fn read(kept: &str) -> Search {
    serde_json::from_str(kept).unwrap_or_else(|_| Search::of(kept))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_run_as_it_was_and_a_line_alone_is_a_search() {
        assert_eq!(read("{\"text\":\"MI\",\"sort\":\"newest\"}").text, "MI");
        assert_eq!(read("chest pain"), Search::of("chest pain"));
    }
}
