//! Which page of how many does the form itself say this is?

use std::sync::LazyLock;

use regex::Regex;

use super::line::Line;

/// What an engine makes of digits in small print.
const DIGITS: &str = r"([0-9OoIl|]{1,3})";

static LABELLED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(r"(?i)\b(?:page|pg|sheet)\b\s*[.:#]?\s*{DIGITS}\s*(?:of|0f|/)\s*{DIGITS}(?:\b|$)"))
        .expect("a fixed expression")
});

static ALONE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(r"(?i)^\W*{DIGITS}\s*(?:of|0f)\s*{DIGITS}\W*$")).expect("a fixed expression")
});

/// `page x of y`, where the page says so once, or the same everywhere.
pub(super) fn page_of(lines: &[&Line]) -> Option<(u32, u32)> {
    let mut all = lines.iter().filter_map(|line| numbers(&line.text));
    let first = all.next()?;
    all.all(|other| other == first).then_some(first)
}

/// Whether this line is about page numbers.
pub(super) fn is_numbering(text: &str) -> bool {
    LABELLED.is_match(text) || ALONE.is_match(text)
}

fn numbers(text: &str) -> Option<(u32, u32)> {
    let found = LABELLED.captures(text).or_else(|| ALONE.captures(text))?;
    let (x, y) = (number(&found[1])?, number(&found[2])?);
    (x >= 1 && x <= y).then_some((x, y))
}

fn number(text: &str) -> Option<u32> {
    // A form does not print leading zeros; fax machines do.
    if text.len() > 1 && text.starts_with(['0', 'O', 'o']) {
        return None;
    }
    let digits: String = text
        .chars()
        .map(|c| match c {
            'O' | 'o' => '0',
            'I' | 'l' | '|' => '1',
            other => other,
        })
        .collect();
    digits.parse().ok()
}
