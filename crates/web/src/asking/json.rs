//! What programs are told of an answer: the same from the command line and from the desk.

use search::{Facets, Hit, Meaning, Query, Suggestion};
use serde_json::{Value, json};

use crate::told::patient;

use super::{Answered, Counted, Found};

/// An answer with its pages: those of its hits, then those that have most of what was asked.
pub fn answer_in_json(query: &Query, answered: &Answered, found: &[Found]) -> Value {
    let answer = &answered.answer;
    let (hits, nearly) = found.split_at(answer.hits.len());
    let hits: Vec<Value> = hits.iter().map(found_in_json).collect();
    let nearly: Vec<Value> = nearly.iter().map(nearly_in_json).collect();
    let meaning = |meaning: &Meaning| json!({"said": meaning.said, "means": meaning.means});
    let meanings: Vec<Value> = answer.meanings.iter().map(meaning).collect();
    json!({
        "total": answer.total,
        "unfinished": answer.unfinished,
        "understood": query.explain(),
        "also_searched": answer.also_searched,
        "meanings": meanings,
        "variants": answer.variants,
        "chart_text": answer.charts.map(|text| json!({
            "pages": text.pages,
            "hard_to_read": text.hard_to_read,
        })),
        "facets": answer.facets.as_ref().map(|facets| facets_in_json(facets, &answered.people)),
        "hits": hits,
        "nearly": nearly,
    })
}

/// Pages like one.
pub fn like_in_json(found: &[Found]) -> Value {
    json!({ "hits": found.iter().map(found_in_json).collect::<Vec<Value>>() })
}

pub fn suggestions_in_json(suggestions: &[Suggestion]) -> Value {
    let one = |one: &Suggestion| json!({ "line": one.line, "text": one.text, "means": one.means });
    json!({ "suggestions": suggestions.iter().map(one).collect::<Vec<Value>>() })
}

fn facets_in_json(facets: &Facets, people: &[Counted]) -> Value {
    let people: Vec<Value> = people.iter().map(|one| json!([patient(&one.patient), one.pages])).collect();
    json!({
        "patient": people,
        "type": facets.kinds,
        "station": facets.stations,
        "state": facets.states,
        "legibility": facets.legibilities,
        "year": facets.years,
    })
}

fn found_in_json(found: &Found) -> Value {
    let boxes: Vec<[u32; 4]> = found.marked.boxes.iter().map(|r| [r.x, r.y, r.w, r.h]).collect();
    let document = found.document.as_ref();
    json!({
        "document": found.hit.document,
        "exception": found.hit.exception,
        "batch": found.hit.page.batch,
        "file": found.file(),
        "page": found.hit.page.page,
        "page_in_document": found.page_in_document(),
        "patient": document.map(|d| patient(&d.patient)),
        "type": document.map(|d| &d.kind),
        "date": document.and_then(|d| d.service).map(|(first, _)| first),
        "score": found.hit.score,
        "snippet": found.marked.snippet,
        "boxes": boxes,
        "copies": found.copies.iter().map(page_in_json).collect::<Vec<Value>>(),
    })
}

/// A page that has most of what was asked, with what it has not.
fn nearly_in_json(found: &Found) -> Value {
    let mut page = found_in_json(found);
    page["without"] = json!(found.without);
    page
}

/// A page and where it is.
fn page_in_json(hit: &Hit) -> Value {
    json!({
        "document": hit.document,
        "exception": hit.exception,
        "batch": hit.page.batch,
        "page": hit.page.page,
    })
}
