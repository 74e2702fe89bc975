//! Whose number is it, where words stand before its label? "Mercy West Hospital MRN: 5551212" is not ours.

use crate::identifier::AuthorityId;
use crate::kind::plain;

use super::Scene;
use super::lexicon::Labelled;
use super::row::Row;

/// What the words before a number's label say.
pub(super) enum Facility {
    /// Nothing, or one of ours.
    Ours(Option<AuthorityId>),
    /// One that the site names as another's.
    Outside,
    /// One that nobody has told us of.
    Unknown,
}

impl Facility {
    /// The facility named in the words just before a label.
    pub(super) fn before(scene: &Scene<'_>, row: &Row<'_>, label: &Labelled) -> Self {
        let words = phrase(row, label.from);
        for from in 0..words.len() {
            let name = plain(&words[from..].join(" "));
            if let Some(own) = scene.rules.authorities.iter().find(|authority| authority.is_named(&name)) {
                return Self::Ours(Some(own.id.clone()));
            }
            if scene.rules.is_outside(&name) {
                return Self::Outside;
            }
        }
        if is_facility(&words) { Self::Unknown } else { Self::Ours(None) }
    }
}

/// The words that stand together before a place of the row, up to a colon or a number.
fn phrase<'r>(row: &'r Row<'_>, end: usize) -> Vec<&'r str> {
    /// Words of the longest name.
    const MOST: usize = 6;
    /// A wider gap parts a letterhead from a field, in heights of the row.
    const APART: f32 = 1.2;
    let mut from = end;
    while from > 0 && end - from < MOST && row.gap_before(from) <= APART {
        let before = &row.tokens[from - 1];
        if before.colon || before.digits() > 0 {
            break;
        }
        from -= 1;
    }
    row.tokens[from..end].iter().map(|token| token.text).collect()
}

/// "Mercy West Hospital", "Lakeside Clinic", and not "Hospital" or "Medical Center" alone: those say nothing.
fn is_facility(words: &[&str]) -> bool {
    const KINDS: [&str; 20] = [
        "HOSPITAL",
        "HOSPITALS",
        "CLINIC",
        "CLINICS",
        "CENTER",
        "CENTRE",
        "INFIRMARY",
        "HEALTH",
        "HEALTHCARE",
        "LABORATORY",
        "LABORATORIES",
        "LABS",
        "RADIOLOGY",
        "IMAGING",
        "HOSPICE",
        "SURGERY",
        "PHYSICIANS",
        "ASSOCIATES",
        "INSTITUTE",
        "NHS",
    ];
    const COMMON: [&str; 12] = [
        "MEDICAL",
        "PATIENT",
        "OUR",
        "THIS",
        "THE",
        "AND",
        "OF",
        "FOR",
        "EMERGENCY",
        "OUTPATIENT",
        "INPATIENT",
        "SYSTEM",
    ];
    let keys: Vec<String> = words.iter().map(|word| plain(word)).collect();
    let is_kind = |key: &String| KINDS.contains(&key.as_str());
    let proper = |(word, key): (&&str, &String)| {
        word.starts_with(char::is_uppercase) && !is_kind(key) && !COMMON.contains(&key.as_str())
    };
    keys.last().is_some_and(is_kind) && words.iter().zip(&keys).any(proper)
}
