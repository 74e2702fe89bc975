//! Where on the page do the words stand that were searched for?
//!
//! Made from the page's reading, which whoever shows a hit has redeemed a sight for; the index keeps no text.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use records::codes::{Known, recognised};
use records::geometry::Rect;
use records::reading::PageReading;

use crate::answer::Answer;
use crate::placed::{Placed, known, terms};
use crate::query::compile::Mark;

/// What to show of a hit.
#[derive(Clone, Default, PartialEq)]
pub struct Highlight {
    /// A few words around the best place, matches in `<b>…</b>`, the rest escaped for HTML.
    pub snippet: String,
    /// The same in pieces, for who marks otherwise; to be joined without spaces.
    pub pieces: Vec<Piece>,
    /// Boxes of all matching words, in the upright frame, in reading order.
    pub boxes: Vec<Rect>,
}

/// A run of the snippet.
#[derive(Clone, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    pub marked: bool,
}

/// Never shows what stands on the page.
impl std::fmt::Debug for Highlight {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Highlight({} boxes)", self.boxes.len())
    }
}

impl std::fmt::Debug for Piece {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Piece({} bytes, marked: {})", self.text.len(), self.marked)
    }
}

/// Words shown around the best place.
const WINDOW: usize = 16;
/// Words shown before the first match.
const LEAD: usize = 4;

/// Marks the answer's words in a page's reading: phrases only where they stand together, misreadings as well.
pub fn highlight(answer: &Answer, reading: &PageReading) -> Highlight {
    let tokens = known(reading);
    let placed = terms(reading, &tokens);
    let mut at: BTreeMap<usize, Vec<&Placed>> = BTreeMap::new();
    for term in &placed {
        at.entry(term.position).or_default().push(term);
    }
    // For each word of the page, which of the marks it belongs to.
    let mut marks: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); reading.words.len()];
    for (number, mark) in answer.marks.iter().enumerate() {
        for start in at.keys() {
            for word in matching(mark, *start, &at).into_iter().flatten() {
                marks[word].insert(number);
            }
        }
    }
    for word in coded(answer, reading) {
        marks[word].insert(answer.marks.len());
    }
    let boxes = reading
        .words
        .iter()
        .zip(&marks)
        .filter(|(_, on)| !on.is_empty())
        .map(|(word, _)| word.place)
        .collect();
    let pieces = pieces(reading, marks);
    let snippet = pieces.iter().map(Piece::html).collect();
    Highlight { snippet, pieces, boxes }
}

/// The words of the page that are codes searched for. Which codes there are the tables have said when the page was
/// indexed: here what was asked for stands in for them.
fn coded(answer: &Answer, reading: &PageReading) -> Vec<usize> {
    if answer.codes.is_empty() {
        return Vec::new();
    }
    let asked = |code: &str| answer.codes.iter().any(|pattern| pattern.matches(code));
    let found = recognised(reading, |_, code| asked(code).then(Known::default));
    found.into_iter().flat_map(|mention| mention.words).collect()
}

/// The words of the page that say the mark from this position on.
fn matching(mark: &Mark, start: usize, at: &BTreeMap<usize, Vec<&Placed>>) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    for (offset, slot) in mark.iter().enumerate() {
        let here = at.get(&(start + offset)).map(Vec::as_slice).unwrap_or_default();
        let Some(found) = here.iter().find(|term| slot.contains(&*term.text)) else { return Vec::new() };
        words.push(found.words.clone());
    }
    words
}

/// The window with most different marks, then with most marked words; the first of equals.
fn pieces(reading: &PageReading, marks: Vec<BTreeSet<usize>>) -> Vec<Piece> {
    let legible = reading.words.iter().zip(marks).filter(|(word, _)| word.legible);
    let (words, marks): (Vec<&str>, Vec<BTreeSet<usize>>) =
        legible.map(|(word, marks)| (word.text.as_str(), marks)).unzip();
    // What names a number may stand before the window.
    let shown = records::mask::words(&words);
    let worth = |from: usize| {
        let window = &marks[from..(from + WINDOW - LEAD).min(marks.len())];
        let different: BTreeSet<usize> = window.iter().flatten().copied().collect();
        (different.len(), window.iter().filter(|on| !on.is_empty()).count())
    };
    let starts = (0..words.len()).rev().filter(|at| !marks[*at].is_empty());
    let best = starts.max_by_key(|from| worth(*from)).unwrap_or(0);
    let from = best.saturating_sub(LEAD).min(words.len().saturating_sub(WINDOW));
    let to = (from + WINDOW).min(words.len());
    let mut pieces = Vec::new();
    let mut say = |text: &str, marked: bool| pieces.push(Piece { text: text.to_owned(), marked });
    if from > 0 {
        say("… ", false);
    }
    for at in from..to {
        if at > from {
            say(" ", false);
        }
        say(&shown[at], !marks[at].is_empty());
    }
    if to < words.len() {
        say(" …", false);
    }
    pieces
}

impl Piece {
    fn html(&self) -> String {
        let escaped = self.text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        if self.marked { format!("<b>{escaped}</b>") } else { escaped }
    }
}
