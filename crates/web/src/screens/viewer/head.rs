//! What does the viewer say of what is open, beside the pages?

use archive::DocumentRow;
use records::document::DocumentState;
use records::rights::Right;

use super::seen;
use super::shown::{Shown, What, may_see};
use crate::desk::Desk;
use crate::fault::Fault;
use crate::people::Person;

/// The head of what is open. Empty where there is nothing to say.
pub(super) struct Head {
    /// "DOE, JANE", or what it is where it is in no chart.
    pub(super) name: String,
    /// Number, birth date, kind, date, as far as they are known.
    pub(super) facts: Vec<String>,
    pub(super) labels: Vec<String>,
    /// Address of the chart.
    pub(super) chart: Option<String>,
    /// Address of the item of the worklist.
    pub(super) item: Option<String>,
    pub(super) banner: Option<Banner>,
}

/// Why it is not in a chart.
pub(super) struct Banner {
    pub(super) title: String,
    pub(super) why: String,
    pub(super) looks: Vec<seen::Look>,
    pub(super) neighbours: Vec<Neighbour>,
}

/// A document that came beside one in the wrong chart.
pub(super) struct Neighbour {
    pub(super) id: String,
    pub(super) why: &'static str,
    pub(super) patient: String,
    pub(super) kind: String,
}

impl Head {
    pub(super) fn of(desk: &Desk, person: &Person, shown: &Shown) -> Result<Self, Fault> {
        match &shown.what {
            What::Document(document) => {
                let mut facts = Vec::new();
                facts.extend(
                    document.patient.mrn.as_ref().map(|mrn| format!("{} {}", mrn.authority, mrn.value)),
                );
                facts.extend(document.patient.birth_date.map(|born| format!("born {born}")));
                facts.push(kind_words(desk, document));
                facts.extend(service_words(document));
                Ok(Self {
                    name: document.patient.name.clone(),
                    facts,
                    labels: document.labels.iter().map(|label| label.0.clone()).collect(),
                    chart: Some(format!("/chart/{}", document.patient.id.0)),
                    item: None,
                    banner: banner(desk, person, document)?,
                })
            }
            What::Exception(exception) => Ok(Self {
                name: "On the worklist".into(),
                facts: exception
                    .reasons
                    .iter()
                    .map(|why| format!("{}: {}", why.code(), why.words()))
                    .collect(),
                labels: exception.labels.iter().map(|label| label.0.clone()).collect(),
                chart: None,
                item: Some(format!("/worklist/{}", exception.id)),
                banner: None,
            }),
            What::Batch(batch) => Ok(Self {
                name: "A scan job".into(),
                facts: vec![
                    format!("from {}", batch.station),
                    format!("received {} UTC", batch.created.strftime("%Y-%m-%d %H:%M")),
                ],
                labels: Vec::new(),
                chart: None,
                item: None,
                banner: None,
            }),
        }
    }
}

pub(crate) fn is_filed(document: &DocumentRow) -> bool {
    document.state == DocumentState::Filed
}

/// As the site calls it, with its code.
pub(crate) fn kind_words(desk: &Desk, document: &DocumentRow) -> String {
    let code = &document.kind;
    match desk.rules.kinds.get(code) {
        Some(kind) => format!("{} ({})", kind.name, code.0),
        None => code.0.clone(),
    }
}

/// "2026-03-04", or the days it is of.
pub(crate) fn service_words(document: &DocumentRow) -> Option<String> {
    let (first, last) = document.service?;
    Some(if first == last { first.to_string() } else { format!("{first} to {last}") })
}

/// Only who works the worklist comes this far with a document that is in no chart.
fn banner(desk: &Desk, person: &Person, document: &DocumentRow) -> Result<Option<Banner>, Fault> {
    let title = match document.state {
        DocumentState::Filed => return Ok(None),
        DocumentState::Quarantined => {
            "Reported as in the wrong chart: hidden from charts, search and exports"
        }
        DocumentState::Void => "Withdrawn: not in this chart any more",
    };
    let by = document.withdrawn_by.as_deref().unwrap_or("somebody");
    let why = document.withdrawn_because.as_deref().unwrap_or("no reason given");
    let looks = if seen::may_ask(person) { seen::looks(desk, person, document)? } else { Vec::new() };
    let mut neighbours = Vec::new();
    if document.state == DocumentState::Quarantined && person.may(Right::Worklist) {
        for near in
            desk.archive.came_beside(&document.id)?.iter().filter(|near| may_see(person, &near.document))
        {
            neighbours.push(Neighbour {
                id: near.document.id.to_string(),
                why: near.why,
                patient: near.document.patient.name.clone(),
                kind: kind_words(desk, &near.document),
            });
        }
        if !neighbours.is_empty() {
            person.record_list(desk, "neighbours", neighbours.len())?;
        }
    }
    Ok(Some(Banner { title: title.into(), why: format!("{by}: {why}"), looks, neighbours }))
}
