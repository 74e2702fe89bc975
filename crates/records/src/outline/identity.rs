//! Does a page name a patient, and would two pages name the same one?
//!
//! Only for taking batches apart: whose a document is, [`crate::judge`] decides on sightings, never on these keys.

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use crate::identifier::IdentifierKind;
use crate::ids::PageNumber;
use crate::name;
use crate::reading::PageReading;
use crate::rules::Rules;
use crate::sighting::{Seen, Sighting, Stands, on_page};

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

/// What a page says of its patient.
pub(super) struct Named {
    /// Something here has the look of a patient's identity, read or not.
    pub(super) at_all: bool,
    /// `number|birth date|name` with `-` for what is not there: a number, and at least one of the others.
    pub(super) key: Option<String>,
}

impl Named {
    pub(super) fn on(page: PageNumber, reading: &PageReading, rules: &Rules, today: Date) -> Self {
        if reading.error.is_some() {
            return Self { at_all: false, key: None };
        }
        let mut seen = on_page(page, reading, rules, today);
        seen.retain(|own| !matches!(own.stands, Stands::Body | Stands::Outside));
        let identity =
            |own: &Sighting| !matches!(own.what, Seen::Sex(_) | Seen::SexOrInitial(_) | Seen::Age(_));
        Self { at_all: seen.iter().any(identity), key: key(&seen) }
    }
}

fn key(seen: &[Sighting]) -> Option<String> {
    let number = seen.iter().filter_map(number).min_by_key(|(rank, _)| *rank).map(|(_, value)| value)?;
    let born = seen.iter().find_map(|own| match own.what {
        Seen::BirthDate(date) => Some(format!("{:04}{:02}{:02}", date.year(), date.month(), date.day())),
        _ => None,
    });
    let named = seen.iter().find_map(|own| match &own.what {
        // In either order; middle names come and go.
        Seen::Name(name) => {
            let mut words: Vec<String> =
                name.family.split_whitespace().chain(name.given.split_whitespace()).map(name::key).collect();
            words.sort_unstable();
            Some(words.concat())
        }
        _ => None,
    });
    if born.is_none() && named.is_none() {
        return None;
    }
    let dash = || "-".to_owned();
    Some(format!("{number}|{}|{}", born.unwrap_or_else(dash), named.unwrap_or_else(dash)))
}

/// A record number before any other, and what is labelled before what is not.
fn number(own: &Sighting) -> Option<(u8, &str)> {
    let Seen::Number { value, kind, authority, .. } = &own.what else { return None };
    let rank = match kind {
        Some(IdentifierKind::Mrn) => 0,
        _ if authority.is_some() => 1,
        None => 2,
        Some(_) => 3,
    };
    (value.chars().filter(char::is_ascii_digit).count() >= 4).then_some((rank, value))
}
