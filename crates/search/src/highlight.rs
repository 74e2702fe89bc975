//! Where on the page do the words stand that were searched for?

use records::geometry::Rect;
use records::reading::PageReading;

use crate::answer::Answer;
use crate::tokens::{joined_over_line_end, token};

/// What to show of a hit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Highlight {
    /// A few words around the best place, matches in `<b>…</b>`, the rest escaped for HTML.
    pub snippet: String,
    /// Boxes of all matching words, in the upright frame.
    pub boxes: Vec<Rect>,
}

/// Words shown around the best place.
const WINDOW: usize = 16;

/// Marks the answer's words in a page's reading.
pub fn highlight(answer: &Answer, reading: &PageReading) -> Highlight {
    let words = &reading.words;
    let mut matches = vec![false; words.len()];
    for at in 0..words.len() {
        if let Some(token) = token(&words[at].text) {
            matches[at] |= answer.marked.contains(&token.whole)
                || token.parts.iter().any(|part| part.len() > 1 && answer.marked.contains(part));
        }
        if joined_over_line_end(words, at).is_some_and(|whole| answer.marked.contains(&whole)) {
            (matches[at], matches[at + 1]) = (true, true);
        }
    }
    let boxes = words.iter().zip(&matches).filter(|(_, hit)| **hit).map(|(word, _)| word.place).collect();
    Highlight { snippet: snippet(reading, &matches), boxes }
}

/// The window with most matches; the first of equals.
fn snippet(reading: &PageReading, matches: &[bool]) -> String {
    let words = &reading.words;
    if words.is_empty() {
        return String::new();
    }
    let count = |from: usize| matches[from..(from + WINDOW).min(matches.len())].iter().filter(|hit| **hit).count();
    let best = (0..words.len()).rev().max_by_key(|from| count(*from)).unwrap_or(0);
    // Begin a little before the first match, so that it has something to stand in.
    let first = (best..words.len()).find(|at| matches[*at]).unwrap_or(best);
    let from = first.saturating_sub(4);
    let to = (from + WINDOW).min(words.len());
    let mut text = String::from(if from > 0 { "… " } else { "" });
    for at in from..to {
        if at > from {
            text.push(' ');
        }
        let escaped = words[at].text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        if matches[at] {
            text.push_str(&format!("<b>{escaped}</b>"));
        } else {
            text.push_str(&escaped);
        }
    }
    if to < words.len() {
        text.push_str(" …");
    }
    text
}
