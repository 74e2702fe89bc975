//! What kind of document is this?
//!
//! Form code, then cover sheet, then a title near the top of the first page. Words only suggest: what nobody can
//! tell is `UNSORTED` and goes to a typing queue.

mod catalogue;

pub use catalogue::{Filed, Form, Kind, Kinds, ServiceDate};

use std::collections::BTreeSet;

use crate::document::{KindCode, Label};
use crate::ids::PageNumber;
use crate::reading::{Barcode, PageReading, Symbology};
use crate::rules::Rules;
use crate::separation::Draft;
use crate::sighting::row::{Row, rows};
use crate::station::Profile;

/// The kind that was decided, and the one that words suggest where nothing decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    pub code: KindCode,
    pub suggested: Option<KindCode>,
}

/// Decides the kind of a draft. `readings` are its pages.
pub fn kind_of(draft: &Draft, readings: &[(PageNumber, PageReading)], rules: &Rules) -> Typed {
    let kinds = &rules.kinds;
    let own: Vec<&PageReading> =
        readings.iter().filter(|(page, _)| draft.pages.contains(page)).map(|(_, reading)| reading).collect();
    let decided = |code: &KindCode| Typed { code: code.clone(), suggested: None };
    if let Some(kind) = own.iter().find_map(|reading| by_form(reading, rules)) {
        return decided(&kind.code);
    }
    let declared = draft.declaration.as_ref().and_then(|own| own.payload.document_kind.as_ref());
    if let Some(kind) = declared.and_then(|code| kinds.get(code)) {
        return decided(&kind.code);
    }
    let Some(first) = own.first() else { return decided(&KindCode::unsorted()) };
    let rows = rows(first);
    match by_title(&rows, first.height, kinds) {
        Some(kind) => decided(&kind.code),
        None => {
            let suggested = by_words(&rows, kinds).map(|kind| kind.code.clone());
            Typed { code: KindCode::unsorted(), suggested }
        }
    }
}

/// Upper-case letters and digits, one space between words, none at the ends.
pub(crate) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_alphanumeric() {
            plain.extend(c.to_uppercase());
        } else if !plain.is_empty() && !plain.ends_with(' ') {
            plain.push(' ');
        }
    }
    if plain.ends_with(' ') {
        plain.pop();
    }
    plain
}

/// A form's own code in a symbol, or a driver licence's.
fn by_form<'k>(reading: &PageReading, rules: &'k Rules) -> Option<&'k Kind> {
    let licence = |code: &&Barcode| code.symbology == Symbology::Pdf417 && is_licence(&code.text);
    if reading.barcodes.iter().any(|code| licence(&code)) {
        return rules.kinds.get(&KindCode("IDCARD".into()));
    }
    forms(reading, rules).find_map(|form| rules.kinds.get(&form.kind))
}

/// The forms of the catalogue that a page's symbols name.
fn forms<'k>(reading: &PageReading, rules: &'k Rules) -> impl Iterator<Item = &'k Form> {
    let codes = reading.barcodes.iter().filter_map(|code| rules.form(&code.text, code.symbology));
    codes.filter_map(|code| rules.kinds.form(code)).collect::<Vec<_>>().into_iter()
}

/// The protection labels of a document: those of its kind, of the forms in it and of the station it came from.
/// Never by a word alone. `readings` are its pages.
pub fn labels(
    kind: &KindCode,
    readings: &[(PageNumber, PageReading)],
    profile: &Profile,
    rules: &Rules,
) -> Vec<Label> {
    let of_kind = rules.kinds.get(kind).and_then(|kind| kind.label.clone());
    let forms = readings.iter().flat_map(|(_, reading)| forms(reading, rules));
    let of_forms = forms.flat_map(|form| {
        let kind = rules.kinds.get(&form.kind).and_then(|kind| kind.label.clone());
        form.label.clone().into_iter().chain(kind)
    });
    let all = of_kind.into_iter().chain(of_forms).chain(profile.labels.iter().cloned());
    all.collect::<BTreeSet<_>>().into_iter().collect()
}

/// The head of an AAMVA card (`domain.md` 2.5).
pub(crate) fn is_licence(text: &str) -> bool {
    text.starts_with('@') && (text.contains("ANSI ") || text.contains("AAMVA"))
}

/// A title is a row near the top, or a cell of one, that is nothing but the phrase, or nearly so. A phrase that is there letter by
/// letter wins over one that is nearly there, then the longer one.
fn by_title<'k>(rows: &[Row<'_>], height: u32, kinds: &'k Kinds) -> Option<&'k Kind> {
    let near_the_top = rows.iter().filter(|row| row.place.bottom() <= height / 4);
    let top: Vec<String> = near_the_top
        .flat_map(|row| std::iter::once(row.text()).chain(row.cells()))
        .map(|text| plain(&text))
        .collect();
    let phrases = kinds.iter().flat_map(|kind| kind.titles.iter().map(move |phrase| (phrase, kind)));
    phrases
        .filter_map(|(phrase, kind)| {
            let exact = top.iter().any(|row| is_title(row, phrase));
            let near = exact || top.iter().any(|row| is_nearly(row, phrase));
            near.then_some(((exact, phrase.len()), kind))
        })
        .max_by_key(|(rank, _)| *rank)
        .map(|(_, kind)| kind)
}

/// Whether the row holds the phrase with little beside it.
fn is_title(row: &str, phrase: &str) -> bool {
    /// Share of the row that the phrase must fill.
    const FILLS: usize = 60;
    phrase.len() * 100 >= row.len() * FILLS && holds(row, phrase)
}

/// Whether the row is the phrase, give or take one letter in six.
fn is_nearly(row: &str, phrase: &str) -> bool {
    let wrong = phrase.len() / 6;
    row.len().abs_diff(phrase.len()) <= wrong
        && row.split(' ').count() == phrase.split(' ').count()
        && strsim::levenshtein(row, phrase) <= wrong
}

/// Whether whole words of the text are the phrase.
fn holds(text: &str, phrase: &str) -> bool {
    let bytes = text.as_bytes();
    text.match_indices(phrase).any(|(at, _)| {
        let end = at + phrase.len();
        (at == 0 || bytes[at - 1] == b' ') && (end == bytes.len() || bytes[end] == b' ')
    })
}

/// Two different cues at least, and more than any other kind has. All titles of a kind are one cue, but one phrase
/// never counts twice.
fn by_words<'k>(rows: &[Row<'_>], kinds: &'k Kinds) -> Option<&'k Kind> {
    const ENOUGH: usize = 2;
    let text = plain(&rows.iter().map(Row::text).collect::<Vec<_>>().join(" "));
    let score = |kind: &Kind| {
        let cues = kind.cues.iter().filter(|cue| holds(&text, cue)).count();
        let titled = kind.titles.iter().any(|title| holds(&text, title) && !kind.cues.contains(title));
        cues + usize::from(titled)
    };
    let mut best: Option<(usize, &Kind)> = None;
    let mut tied = false;
    for kind in kinds.iter() {
        let score = score(kind);
        match best {
            Some((most, _)) if score < most => {}
            Some((most, _)) if score == most => tied = true,
            _ => (best, tied) = (Some((score, kind)), false),
        }
    }
    best.filter(|(score, _)| *score >= ENOUGH && !tied).map(|(_, kind)| kind)
}

#[cfg(test)]
mod tests;
