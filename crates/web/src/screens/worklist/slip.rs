//! A query slip: paper that goes to whoever can say whose pages these are.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use records::rights::Right;

use super::ItemId;
use super::fields::{self, Field};
use super::list::first_sentence;
use crate::desk::{Desk, today};
use crate::fault::Fault;
use crate::frame::{Frame, html};
use crate::people::Person;
use crate::told;

#[derive(Template)]
#[template(path = "worklist/slip.html")]
struct Slip {
    frame: Frame,
    id: String,
    day: String,
    station: String,
    file: String,
    pages: String,
    count: usize,
    reasons: Vec<&'static str>,
    read: Vec<Field>,
    note: Option<String>,
    picture: Option<String>,
}

pub(super) async fn screen(
    State(desk): State<Desk>,
    person: Person,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let id: ItemId = id.parse()?;
    desk.work(move |desk| {
        person.must(Right::Worklist)?;
        let held = desk.archive.exception(&id.exception()?)?.ok_or(Fault::NotThere)?;
        let picture = match held.pages.first() {
            Some(first) => {
                let seq = person.look(desk, &held.pages, "query slip")?.seq;
                Some(format!("/picture/{seq}/{}/{}/fit/700", first.batch, first.page))
            }
            None => None,
        };
        let mut read = fields::identity(&held.evidence, None, &desk.rules, today());
        read.push(fields::service(held.service, None));
        html(&Slip {
            frame: Frame::of(desk, &person, "Query slip", "/worklist"),
            id: held.id.to_string(),
            day: today().to_string(),
            station: held.station,
            file: held.file,
            pages: told::page_ranges(&held.pages),
            count: held.pages.len(),
            reasons: held.reasons.iter().map(|reason| first_sentence(reason.words())).collect(),
            read,
            note: held.resolution,
            picture,
        })
    })
    .await
}
