//! The typing queue: filed documents of which nobody has said what they are.

use archive::{DocumentRow, Edit};
use askama::Template;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use jiff::Timestamp;
use records::rights::Right;
use serde::Deserialize;
use serde_json::Value;

use super::ItemId;
use super::going_on::to;
use super::holding::{self, must_hold};
use super::list::{Tabs, age};
use super::matching::{code_of, said};
use super::order::entries;
use crate::acts::{About, House, Said};
use crate::desk::{Desk, today};
use crate::fault::Fault;
use crate::frame::{Frame, html};
use crate::people::Person;
use crate::people::act::Act;
use crate::told;

#[derive(Template)]
#[template(path = "worklist/typing.html")]
struct Typing {
    frame: Frame,
    tabs: Tabs,
    rows: Vec<Row>,
}

struct Row {
    id: String,
    place: String,
    patient: String,
    waits: String,
    held: Option<String>,
}

/// What the asker may see of the queue, the longest waiting first.
fn queue(desk: &Desk, person: &Person) -> Result<Vec<DocumentRow>, Fault> {
    let mut all = desk.archive.untyped()?;
    let viewer = person.viewer();
    all.retain(|row| viewer.may_see(&row.labels, Some(row.filed_patient)));
    Ok(all)
}

pub(super) async fn screen(State(desk): State<Desk>, person: Person) -> Result<Response, Fault> {
    desk.work(move |desk| {
        person.must(Right::Worklist)?;
        let (mine, others) = (holding::own(desk, &person)?, holding::others(desk, &person)?);
        let all = entries(&desk.archive, &person.viewer(), today())?;
        let tabs = Tabs::of(desk, &all, &mine, "typing")?;
        let documents = queue(desk, &person)?;
        person.record_list(desk, "typing-queue", documents.len())?;
        let row = |row: &DocumentRow| Row {
            id: row.id.to_string(),
            place: format!("page {} of {}", told::page_ranges(&row.pages), row.file),
            patient: row.patient.name.clone(),
            waits: age(row.filed_at, Timestamp::now()),
            held: others.get(&row.id.to_string()).cloned(),
        };
        let rows = documents.iter().take(200).map(row).collect();
        html(&Typing { frame: Frame::of(desk, &person, "Typing queue", "/worklist"), tabs, rows })
    })
    .await
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Kind {
    kind: String,
    date: String,
}

/// Says what a document is; the next of the queue comes at once.
pub(super) async fn kind(
    State(desk): State<Desk>,
    Path(id): Path<String>,
    Act { person, form }: Act<Kind>,
) -> Result<Json<Value>, Fault> {
    let id: ItemId = id.parse()?;
    desk.work(move |desk| {
        must_hold(desk, &person, &id.to_string())?;
        let ItemId::Document(own) = id else { return Err(Fault::NotThere) };
        let document = desk.archive.document(&own)?.ok_or(Fault::NotThere)?;
        let house = House { archive: &desk.archive, rules: &desk.rules };
        let typed = said(&form.kind).ok_or_else(|| Fault::refused("Say what kind of document it is."))?;
        let code = code_of(house, typed);
        let about = About::of(house, Said { kind: Some(&code), date: said(&form.date), ..Said::default() })?;
        let kind = about.kind.clone().unwrap_or_else(|| document.kind.clone());
        let labels = about.labels_of(&desk.rules, &kind, &document.labels);
        let edit = Edit {
            labels: Some(labels).filter(|labels| *labels != document.labels),
            kind: about.kind,
            service: about.service,
            encounter: None,
        };
        desk.archive.edit(&own, &edit, &person.actor())?;
        desk.archive.let_go(&id.to_string(), &person.actor())?;
        let others = holding::others(desk, &person)?;
        let next = queue(desk, &person)?.into_iter().find(|row| !others.contains_key(&row.id.to_string()));
        Ok(match next {
            Some(next) => to(&format!("/worklist/{}?done={id}", next.id)),
            None => to("/worklist/typing"),
        })
    })
    .await
}
