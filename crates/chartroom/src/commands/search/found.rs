//! How is a page that was found told at a prompt?

use std::ops::Range;

use records::rights::Viewer;
use search::{Hit, Piece};
use web::asking::{self, Answered, Found, Place};

use crate::archive_door::Door;
use crate::show;

/// Looks at the pages of the answer: on record first, then their words.
pub(super) fn redeem(door: &Door, viewer: &Viewer, answered: &Answered) -> anyhow::Result<Vec<Found>> {
    let pages: Vec<_> = asking::shown(&answered.answer).map(|hit| hit.page).collect();
    if pages.is_empty() {
        return Ok(Vec::new());
    }
    let sight = door.archive.viewer_sight(viewer, &pages, "search")?;
    Ok(asking::found(&door.archive, &sight, answered)?)
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
            (None, Some(copy)) => {
                format!("  (looks like a copy of {})", said(&asking::place_of(&door.archive, copy)?))
            }
            (None, None) => String::new(),
        };
        tell(hit, offset + at + 1, &copy);
    }
    Ok(())
}

/// As `show` takes it: which of its pages, and an id.
fn said(place: &Place) -> String {
    format!("page {} of {}", place.page, place.id)
}

fn tell(found: &Found, number: usize, copy: &str) {
    match &found.document {
        Some(document) => {
            let patient = &document.patient;
            let mrn = patient.mrn.as_ref().map_or("", |mrn| mrn.value.as_str());
            let born = patient.birth_date.map_or_else(String::new, |born| format!("  born {born}"));
            show::line(format!("{number:>3}  {}  {mrn}{born}", patient.name));
            let date = document.service.map_or_else(String::new, |(first, _)| format!(" of {first}"));
            show::line(format!(
                "     {}{date}, page {} of {}  {}{copy}",
                document.kind.0,
                found.page_in_document().unwrap_or(0),
                document.pages.len(),
                document.id
            ));
        }
        None => {
            let id = found.hit.exception.map_or_else(String::new, |id| id.to_string());
            show::line(format!("{number:>3}  (on the worklist)  {id}"));
            show::line(format!("     page {} of {}{copy}", found.hit.page.page, found.file()));
        }
    }
    let piece = |piece: &Piece| {
        if piece.marked { format!("\u{ab}{}\u{bb}", piece.text) } else { piece.text.clone() }
    };
    let plain: String = found.marked.pieces.iter().map(piece).collect();
    for line in show::wrapped(&plain, 74) {
        show::line(format!("     {line}"));
    }
    if !found.without.is_empty() {
        show::line(format!("     without: {}", found.without.join(", ")));
    }
    show::line("");
}
