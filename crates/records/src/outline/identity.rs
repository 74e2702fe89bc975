//! Does a page name a patient, and would two pages name the same one?
//!
//! Only for taking batches apart: whose a document is, [`crate::judge`] decides on sightings, never on these keys.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use crate::identifier::canonical;
use crate::reading::{PageReading, Symbology};

use super::line::Line;

static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:MRN|MR\s?#|M\.R\.N?\.?|MED(?:ICAL)?\.?\s+REC(?:ORD)?\.?(?:\s+(?:NO|NUMBER|#))?)\.?\s*[:#.]*\s*([A-Z0-9][A-Z0-9-]{4,14})",
    )
    .expect("a fixed expression")
});

static BORN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:D\.?O\.?B\.?|DATE\s+OF\s+BIRTH|BIRTH\s?DATE|BORN)\b\.?\s*[:#]*\s*(.{6,14})")
        .expect("a fixed expression")
});

static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:PATIENT(?:\s+NAME)?|NAME|PT\.?)\s*:\s*([A-Z][A-Z'.-]+(?:\s*,\s*|\s+)[A-Z][A-Z'-]+)")
        .expect("a fixed expression")
});

/// Whether a labelled patient field stands in this text.
pub(super) fn has_field(text: &str) -> bool {
    NUMBER.is_match(text) || BORN.is_match(text) || NAMED.is_match(text)
}

/// Whether a label, barcode number or labelled field names a patient.
pub(super) fn names_patient(lines: &[&Line], reading: &PageReading, forms: &BTreeSet<String>) -> bool {
    barcode(reading, forms).is_some() || lines.iter().any(|line| has_field(&line.text))
}

/// `number|birth date|name` with `-` for what is not there: a number, and at least one of the others.
pub(super) fn key(lines: &[&Line], reading: &PageReading, forms: &BTreeSet<String>) -> Option<String> {
    let printed = lines.iter().find_map(|line| NUMBER.captures(&line.text)).map(|found| canonical(&found[1]));
    let number = printed.filter(|number| digits(number) >= 4).or_else(|| barcode(reading, forms))?;
    let born = lines.iter().find_map(|line| BORN.captures(&line.text)).and_then(|found| day(&found[1]));
    let name =
        lines.iter().find_map(|line| NAMED.captures(&line.text)).map(|found| crate::name::key(&found[1]));
    if born.is_none() && name.is_none() {
        return None;
    }
    let dash = || "-".to_owned();
    Some(format!("{number}|{}|{}", born.unwrap_or_else(dash), name.unwrap_or_else(dash)))
}

/// A number in a symbol that is no sheet, form, web address or article number.
fn barcode(reading: &PageReading, forms: &BTreeSet<String>) -> Option<String> {
    reading
        .barcodes
        .iter()
        .filter(|code| code.symbology != Symbology::Patch && !code.gs1)
        .map(|code| code.text.trim())
        .filter(|text| {
            (6..=20).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        })
        .filter(|text| digits(text) >= 4 && !forms.contains(*text))
        .map(canonical)
        .next()
}

fn digits(text: &str) -> usize {
    text.chars().filter(char::is_ascii_digit).count()
}

/// Year, month and day as eight digits, where the text starts with a date.
fn day(text: &str) -> Option<String> {
    const MONTHS: [&str; 12] =
        ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    let mut parts = Vec::new();
    for part in text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty()).take(3) {
        let named = MONTHS.iter().position(|month| part.to_ascii_uppercase().starts_with(month));
        match named {
            Some(month) => parts.push((true, u32::try_from(month).ok()? + 1)),
            None => parts.push((false, part.parse().ok()?)),
        }
    }
    let [(_, first), (second_named, second), (_, third)] = <[(bool, u32); 3]>::try_from(parts).ok()?;
    let (year, month, day) = if first > 31 {
        (first, second, third)
    } else if second_named {
        (third, second, first)
    } else {
        (third, first, second)
    };
    Some(format!("{year:04}{month:02}{day:02}"))
}
