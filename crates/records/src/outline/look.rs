//! Is this page one of our sheets, or does it only look like one?

use crate::identifier::canonical;
use crate::reading::PageReading;
use crate::sheet::{self, MARK, SheetError, SheetKey, SheetKind, SheetPayload, UPRIGHT};

use super::SheetSeen;
use super::line::Line;

/// What the page's codes and words say about it. Both codes of a sheet, and its printed number, must agree.
pub(super) fn sheet(reading: &PageReading, lines: &[Line], keys: &[SheetKey]) -> Option<SheetSeen> {
    let mut ours: Vec<SheetPayload> = Vec::new();
    for code in &reading.barcodes {
        match sheet::read(&code.text, keys) {
            Ok(payload) if ours.contains(&payload) => {}
            Ok(payload) => ours.push(payload),
            Err(SheetError::NotASheet) => {}
            Err(SheetError::Foreign | SheetError::Malformed) => return Some(SheetSeen::Foreign),
        }
    }
    match <[SheetPayload; 1]>::try_from(ours) {
        Ok([payload]) if nearly_empty(lines) && says_its_number(&payload, reading) => {
            Some(SheetSeen::Ours(Box::new(payload)))
        }
        Err(none) if none.is_empty() => looks_like_ours(reading, lines).then_some(SheetSeen::Unreadable),
        // Printed number and code do not agree, two sheets lie over each other, or a page of a chart carries
        // one of our codes.
        Ok(_) | Err(_) => Some(SheetSeen::Unreadable),
    }
}

/// Our sheets are nearly empty: a page full of text never leaves a chart as one.
fn nearly_empty(lines: &[Line]) -> bool {
    const MOST_WORDS: usize = 160;
    lines.iter().map(|line| words(&line.text).len()).sum::<usize>() <= MOST_WORDS
}

/// The number in plain print, so that a code stuck on another sheet is not believed (`domain.md` 2.5).
fn says_its_number(payload: &SheetPayload, reading: &PageReading) -> bool {
    let Some(mrn) = &payload.mrn else { return true };
    let wanted = forgiving(mrn);
    reading.lines().any(|words| {
        let seen = words.iter().filter(|word| word.on_picture && word.legible);
        let text: String = seen.map(|word| word.text.as_str()).collect();
        forgiving(&text).contains(&wanted)
    })
}

/// Canonical, and with the letters an engine takes for digits as those digits.
fn forgiving(text: &str) -> String {
    canonical(text)
        .chars()
        .map(|c| match c {
            'O' => '0',
            'I' | 'L' | '|' => '1',
            'S' => '5',
            'B' => '8',
            'Z' => '2',
            other => other,
        })
        .collect()
}

/// Whether the fixed words of our sheets stand here: enough of them after a tear, a stain or a poor engine.
fn looks_like_ours(reading: &PageReading, lines: &[Line]) -> bool {
    if !nearly_empty(lines) {
        return false;
    }
    let lines: Vec<Vec<String>> = lines.iter().map(|line| words(&line.text)).collect();
    let says = |phrase: &str, least: usize| {
        let wanted = words(phrase);
        lines.iter().any(|line| {
            wanted.iter().filter(|word| line.iter().any(|read| alike(read, word))).count()
                >= least.min(wanted.len())
        })
    };
    let marked = says(MARK, 3) || (says(MARK, 2) && says(UPRIGHT, 2));
    let titled = SheetKind::ALL.iter().any(|kind| says(kind.title(), usize::MAX));
    marked || (titled && (says(UPRIGHT, 3) || says("CHARTROOM", 1) || symbol_in_our_place(reading)))
}

/// A symbol that gave no value, where our sheets have theirs: top right or bottom left.
fn symbol_in_our_place(reading: &PageReading) -> bool {
    reading.unread_symbols.iter().any(|symbol| {
        let (x, y) = symbol.centre();
        let (right, low) = (2 * x > reading.width, 2 * y > reading.height);
        right != low
    })
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_uppercase)
        .collect()
}

fn alike(read: &str, word: &str) -> bool {
    let faults = if word.len() >= 5 { 1 } else { 0 };
    strsim::levenshtein(read, word) <= faults
}
