//! What is known of one page, as the viewer's script takes it?

use archive::Sight;
use records::evidence::Evidence;
use records::geometry::Rect;
use records::ids::PageRef;
use records::reading::{PageReading, Word};
use serde::Serialize;

use super::shown::{Shown, What};
use crate::desk::Desk;
use crate::fault::Fault;
use crate::people::Looked;
use crate::whole::evidence_words;

/// Boxes are `[x, y, w, h]` in pixels of the upright frame.
type Place = [u32; 4];

#[derive(Serialize)]
pub(super) struct Sheet {
    /// Number of the page here, from 1.
    pub(super) n: u32,
    /// Of the record that it was looked at.
    pub(super) sight: u64,
    /// Where its pictures are: `…/view`, `…/fit/900`.
    pub(super) picture: String,
    /// Upright frame, pixels; 0: the page could not be read, its picture tells.
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) dpi: u32,
    pub(super) lines: Vec<Line>,
    /// What was searched for.
    pub(super) hits: Vec<Place>,
    pub(super) identifiers: Vec<Identifier>,
    /// What to know of the page, in words.
    pub(super) notes: Vec<String>,
}

/// A line of text and where it stands.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Line {
    pub(super) place: Place,
    /// Joined with spaces they are the line.
    pub(super) words: Vec<LineWord>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct LineWord {
    pub(super) text: String,
    /// It was searched for.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) hit: bool,
}

/// What was read of whose page it is.
#[derive(Serialize)]
pub(super) struct Identifier {
    pub(super) what: &'static str,
    pub(super) text: String,
    pub(super) place: Place,
    /// Speaks against the filing.
    pub(super) contrary: bool,
}

impl Sheet {
    /// `hits`: boxes of words that were searched for.
    pub(super) fn of(
        desk: &Desk,
        shown: &Shown,
        n: u32,
        looked: &Looked,
        hits: impl FnOnce(&PageReading) -> Vec<Rect>,
    ) -> Result<Self, Fault> {
        let page = shown.page(n)?;
        let reading = reading(desk, &looked.sight, page)?;
        let hits = reading.as_ref().map(hits).unwrap_or_default();
        let evidence = evidence(shown, page);
        Ok(Self {
            n,
            sight: looked.seq,
            picture: picture(looked.seq, page),
            width: reading.as_ref().map_or(0, |reading| reading.width),
            height: reading.as_ref().map_or(0, |reading| reading.height),
            dpi: reading.as_ref().map_or(0, |reading| reading.dpi[0]),
            lines: reading.as_ref().map(|reading| lines(reading, &hits)).unwrap_or_default(),
            identifiers: evidence.into_iter().filter_map(Identifier::of).collect(),
            notes: notes(reading.as_ref()),
            hits: hits.into_iter().map(place).collect(),
        })
    }
}

/// Where the pictures of a page are, for who holds the sight.
pub(super) fn picture(sight: u64, page: PageRef) -> String {
    format!("/picture/{sight}/{}/{}", page.batch, page.page)
}

fn reading(desk: &Desk, sight: &Sight, page: PageRef) -> Result<Option<PageReading>, Fault> {
    Ok(desk.archive.reading(sight, page)?)
}

/// What was read of whose this page is. Numbers of pages in evidence count in the batch that was judged.
fn evidence(shown: &Shown, page: PageRef) -> Vec<&Evidence> {
    let (batch, all) = match &shown.what {
        What::Document(document) => (document.batch, &document.evidence),
        What::Exception(exception) => (exception.batch, &exception.evidence),
        What::Batch(_) => return Vec::new(),
    };
    all.iter().filter(|seen| batch == page.batch && seen.page == page.page).collect()
}

impl Identifier {
    fn of(seen: &Evidence) -> Option<Self> {
        let on_paper = seen.place.w > 0 && seen.place.h > 0;
        on_paper.then(|| Self {
            what: evidence_words(seen.kind),
            text: seen.text.clone(),
            place: place(seen.place),
            contrary: seen.contrary,
        })
    }
}

/// The legible text, line by line.
pub(super) fn lines(reading: &PageReading, hits: &[Rect]) -> Vec<Line> {
    let line = |words: &[Word]| {
        let legible: Vec<&Word> = words.iter().filter(|word| word.legible).collect();
        let around = legible.iter().map(|word| word.place).reduce(Rect::union)?;
        let words = legible
            .iter()
            .map(|word| LineWord { text: word.text.clone(), hit: hits.contains(&word.place) })
            .collect();
        Some(Line { place: place(around), words })
    };
    reading.lines().filter_map(line).collect()
}

fn notes(reading: Option<&PageReading>) -> Vec<String> {
    let Some(reading) = reading else { return vec!["This page has not been read yet.".into()] };
    if let Some(fault) = &reading.error {
        return vec![format!("This page could not be read: {fault}.")];
    }
    let mut notes = Vec::new();
    let unread = reading.words.iter().filter(|word| !word.legible).count();
    match reading.legibility() {
        _ if reading.blank => notes.push("A blank page.".into()),
        records::reading::Legibility::None => {
            notes.push("No text could be read here: no search finds this page by its words.".into());
        }
        records::reading::Legibility::Little => {
            notes.push("Little text could be read here: a search may miss what stands on it.".into());
        }
        records::reading::Legibility::Good if unread > 0 => {
            notes.push("Parts of the page (handwriting, poor print) are not in the text.".into());
        }
        records::reading::Legibility::Good => {}
    }
    notes
}

const fn place(rect: Rect) -> Place {
    [rect.x, rect.y, rect.w, rect.h]
}

#[cfg(test)]
mod tests {
    use super::*;
    use records::reading::{Fault as ReadingFault, FaultCode, ReaderVersion};

    fn word(text: &str, x: u32, line: u32) -> Word {
        Word::new(text, Rect { x, y: 10 * line, w: 30, h: 8 }, 90.0, line)
    }

    fn page(words: Vec<Word>) -> PageReading {
        let fault = ReadingFault { code: FaultCode::PageUnreadable, detail: String::new() };
        PageReading { words, error: None, ..PageReading::unreadable(fault, ReaderVersion(String::new())) }
    }

    #[test]
    fn a_line_is_its_legible_words_and_the_box_around_them() {
        let scrawl = Word { legible: false, ..word("xq;;", 80, 0) };
        let page = page(vec![word("Glucose", 0, 0), word("98", 40, 0), scrawl, word("mg", 0, 1)]);
        let lines = lines(&page, &[Rect { x: 40, y: 0, w: 30, h: 8 }]);
        assert_eq!(lines[0].place, [0, 0, 70, 8]);
        let words: Vec<(&str, bool)> =
            lines[0].words.iter().map(|word| (word.text.as_str(), word.hit)).collect();
        assert_eq!(words, [("Glucose", false), ("98", true)]);
        assert_eq!(lines.len(), 2);
    }

    #[test]
    fn a_line_that_is_only_scrawl_is_no_line() {
        let scrawl = Word { legible: false, ..word("xq;;", 80, 0) };
        assert_eq!(lines(&page(vec![scrawl]), &[]), []);
    }

    #[test]
    fn a_page_that_no_search_finds_says_so() {
        assert!(notes(Some(&page(Vec::new())))[0].contains("no search finds"));
        assert!(notes(None)[0].contains("not been read"));
    }
}
