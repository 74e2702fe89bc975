//! What is shown of the pages that were found, and of which do they look like copies?

use std::ops::Range;

use archive::DocumentRow;
use records::ids::PageRef;
use records::rights::Viewer;
use search::{Answer, Charted, Highlight, Hit, Piece, highlight};
use serde_json::{Value, json};

use crate::archive_door::Door;
use crate::show;

/// A hit with what may be shown of it.
pub(super) struct Found {
    hit: Hit,
    document: Option<DocumentRow>,
    file: String,
    marked: Highlight,
    /// Pages that it looks like a copy of.
    copies: Vec<Hit>,
    /// What was asked for and is not on it.
    without: Vec<String>,
}

/// What has all that was asked, then what has most of it.
pub(super) fn shown(answer: &Answer) -> impl Iterator<Item = &Hit> {
    answer.hits.iter().chain(answer.nearly.iter().map(|near| &near.hit))
}

/// Looks at the pages of the answer: on record first, then their words. `copies` are those of each, in order.
pub(super) fn redeem(
    door: &Door,
    viewer: &Viewer,
    answer: &Answer,
    copies: Vec<Vec<Hit>>,
) -> anyhow::Result<Vec<Found>> {
    let pages: Vec<PageRef> = shown(answer).map(|hit| hit.page).collect();
    if pages.is_empty() {
        return Ok(Vec::new());
    }
    let sight = door.archive.viewer_sight(viewer, &pages, "search")?;
    let mut found = Vec::new();
    let lacking = answer.nearly.iter().map(|near| near.without.clone());
    let lacking = answer.hits.iter().map(|_| Vec::new()).chain(lacking);
    for ((hit, copies), without) in shown(answer).zip(copies).zip(lacking) {
        let reading = door.archive.reading(&sight, hit.page)?;
        let marked = reading.map_or_else(Highlight::default, |reading| highlight(answer, &reading));
        let document = hit.document.map(|id| door.archive.document(&id)).transpose()?.flatten();
        let exception = hit.exception.map(|id| door.archive.exception(&id)).transpose()?.flatten();
        let file =
            document.as_ref().map(|d| d.file.clone()).or(exception.map(|x| x.file)).unwrap_or_default();
        found.push(Found { hit: hit.clone(), document, file, marked, copies, without });
    }
    Ok(found)
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

/// Prints some of the hits, numbered from the offset on. One that looks like a copy of one above says so.
pub(super) fn describe(
    door: &Door,
    found: &[Found],
    which: Range<usize>,
    offset: usize,
) -> anyhow::Result<()> {
    for at in which {
        let hit = &found[at];
        let above = |copy: &Hit| found[..at].iter().position(|other| other.hit.page == copy.page);
        let above = hit.copies.iter().filter_map(above).min();
        let copy = match (above, hit.copies.first()) {
            (Some(above), _) => format!("  (looks like a copy of {})", offset + above + 1),
            (None, Some(copy)) => format!("  (looks like a copy of {})", place_of(door, copy)?),
            (None, None) => String::new(),
        };
        hit.describe(offset + at + 1, &copy);
    }
    Ok(())
}

/// As `show` takes it: an id, and which of its pages.
fn place_of(door: &Door, hit: &Hit) -> anyhow::Result<String> {
    let document = hit.document.map(|id| door.archive.document(&id)).transpose()?.flatten();
    let pages = document.as_ref().map(|document| (document.id.to_string(), &document.pages));
    let at = pages.and_then(|(id, pages)| Some((id, pages.iter().position(|page| *page == hit.page)? + 1)));
    Ok(match at {
        Some((id, page)) => format!("page {page} of {id}"),
        None => format!("page {} of {}", hit.page.page, hit.page.batch),
    })
}

impl Found {
    fn page_in_document(&self) -> Option<usize> {
        let pages = &self.document.as_ref()?.pages;
        pages.iter().position(|page| *page == self.hit.page).map(|at| at + 1)
    }

    pub(super) fn in_json(&self) -> Value {
        let boxes: Vec<[u32; 4]> = self.marked.boxes.iter().map(|r| [r.x, r.y, r.w, r.h]).collect();
        let document = self.document.as_ref();
        json!({
            "document": self.hit.document,
            "exception": self.hit.exception,
            "batch": self.hit.page.batch,
            "file": self.file,
            "page": self.hit.page.page,
            "page_in_document": self.page_in_document(),
            "patient": document.map(|d| web::told::patient(&d.patient)),
            "type": document.map(|d| &d.kind),
            "date": document.and_then(|d| d.service).map(|(first, _)| first),
            "score": self.hit.score,
            "snippet": self.marked.snippet,
            "boxes": boxes,
            "copies": self.copies.iter().map(page_in_json).collect::<Vec<Value>>(),
        })
    }

    /// A page that has most of what was asked, with what it has not.
    pub(super) fn in_json_without(&self) -> Value {
        let mut page = self.in_json();
        page["without"] = json!(self.without);
        page
    }

    fn describe(&self, number: usize, copy: &str) {
        match &self.document {
            Some(document) => {
                let patient = &document.patient;
                let mrn = patient.mrn.as_ref().map_or("", |mrn| mrn.value.as_str());
                let born = patient.birth_date.map_or_else(String::new, |born| format!("  born {born}"));
                show::line(format!("{number:>3}  {}  {mrn}{born}", patient.name));
                let date = document.service.map_or_else(String::new, |(first, _)| format!(" of {first}"));
                show::line(format!(
                    "     {}{date}, page {} of {}  {}{copy}",
                    document.kind.0,
                    self.page_in_document().unwrap_or(0),
                    document.pages.len(),
                    document.id
                ));
            }
            None => {
                let id = self.hit.exception.map_or_else(String::new, |id| id.to_string());
                show::line(format!("{number:>3}  (on the worklist)  {id}"));
                show::line(format!("     page {} of {}{copy}", self.hit.page.page, self.file));
            }
        }
        let piece = |piece: &Piece| {
            if piece.marked { format!("\u{ab}{}\u{bb}", piece.text) } else { piece.text.clone() }
        };
        let plain: String = self.marked.pieces.iter().map(piece).collect();
        for line in show::wrapped(&plain, 74) {
            show::line(format!("     {line}"));
        }
        if !self.without.is_empty() {
            show::line(format!("     without: {}", self.without.join(", ")));
        }
        show::line("");
    }
}

/// Whose chart each hit is in, now: copies are looked for there.
pub(super) fn charted<'a>(door: &Door, hits: impl Iterator<Item = &'a Hit>) -> anyhow::Result<Vec<Charted>> {
    let mut charted = Vec::new();
    for hit in hits {
        let document = hit.document.map(|id| door.archive.document(&id)).transpose()?.flatten();
        let chart = document.map(|document| door.archive.identities(document.patient.id)).transpose()?;
        charted.push(Charted { page: hit.page, chart: chart.unwrap_or_default() });
    }
    Ok(charted)
}
