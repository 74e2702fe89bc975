//! Does anything on the page say that a code is meant?
//!
//! A word that announces codes counts for what stands within eight words of it, as the page is read or in its own row;
//! at the head of a column it counts for the codes below it.

use std::sync::LazyLock;

use regex::Regex;

use super::{piece, shape};
use crate::reading::{PageReading, rows};

/// What a word announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cue {
    /// `Dx`, `diagnosis`, `ICD`, `impression`.
    Diagnosis,
    /// `CPT`, `HCPCS`, `procedure code`.
    Procedure,
    /// `PCS`, `procedure`, `ICD`.
    Inpatient,
    Ndc,
    Loinc,
}

/// What must be there for a code to be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    /// Nothing else: no other thing is written like this.
    Itself,
    /// A cue within [`NEAR`] words or above it.
    Near(Cue),
    /// A cue within [`BESIDE`] words before it, or above it.
    Beside(Cue),
}

/// Words between a cue and a code.
const NEAR: usize = 8;
/// Words from a cue to a bare number: `ICD-9 code 250`.
const BESIDE: usize = 2;

pub(super) struct Gate<'a> {
    reading: &'a PageReading,
    /// Words that announce something, in reading order; found when first asked for.
    cues: Option<Vec<(usize, Cue)>>,
    /// For each word its row and its place, as rows go on; likewise.
    along_rows: Option<Vec<(usize, usize)>>,
}

impl<'a> Gate<'a> {
    pub(super) const fn over(reading: &'a PageReading) -> Self {
        Self { reading, cues: None, along_rows: None }
    }

    pub(super) fn lets(&mut self, proof: Proof, word: usize) -> bool {
        let (wanted, beside) = match proof {
            Proof::Itself => return true,
            Proof::Near(cue) => (cue, false),
            Proof::Beside(cue) => (cue, true),
        };
        let reading = self.reading;
        let cues = self.cues.get_or_insert_with(|| cues(reading));
        let cues: Vec<usize> = cues.iter().filter(|(_, cue)| *cue == wanted).map(|(at, _)| *at).collect();
        if cues.is_empty() {
            return false;
        }
        let near = |cue: usize, code: usize| {
            if beside { cue < code && code - cue <= BESIDE } else { cue.abs_diff(code) <= NEAR }
        };
        if cues.iter().any(|cue| near(*cue, word)) || heads_column(reading, &cues, word) {
            return true;
        }
        let place = self.along_rows.get_or_insert_with(|| along_rows(reading));
        let (row, own) = place[word];
        cues.iter().any(|cue| place[*cue].0 == row && near(place[*cue].1, own))
    }
}

static WORD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:(dxs?\d?|diag|diagnos[ie]s|impressions?)|(icd[\w-]*)|(cpt-?4?|hcpcs)|(pcs|procedures?)|(ndc)|(loinc))\b")
        .expect("a fixed expression")
});

fn cues(reading: &PageReading) -> Vec<(usize, Cue)> {
    let words = &reading.words;
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate().filter(|(_, word)| word.legible) {
        for said in WORD.captures_iter(&word.text) {
            let is = |group: usize| said.get(group).is_some();
            let code_next =
                || words.get(at + 1).is_some_and(|next| next.text.to_lowercase().starts_with("code"));
            let announced: &[Cue] = match () {
                () if is(1) => &[Cue::Diagnosis],
                () if is(2) => &[Cue::Diagnosis, Cue::Inpatient],
                () if is(3) => &[Cue::Procedure],
                () if is(4) && code_next() => &[Cue::Inpatient, Cue::Procedure],
                () if is(4) => &[Cue::Inpatient],
                () if is(5) => &[Cue::Ndc],
                () => &[Cue::Loinc],
            };
            found.extend(announced.iter().map(|cue| (at, *cue)));
        }
    }
    found
}

/// Whether a cue stands above a word, and nothing between them but codes.
fn heads_column(reading: &PageReading, cues: &[usize], word: usize) -> bool {
    let words = &reading.words;
    let own = words[word].place;
    let above = |at: &usize| {
        let place = words[*at].place;
        place.bottom() <= own.y + own.h / 2 && place.x < own.right() && own.x < place.right()
    };
    let mut column: Vec<usize> = (0..words.len()).filter(above).collect();
    column.sort_unstable_by_key(|at| std::cmp::Reverse(words[*at].place.bottom()));
    for at in column {
        if cues.contains(&at) {
            return true;
        }
        let text = words[at].text.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        let code = piece::may_be_one(text) && shape::ALL.iter().any(|shape| shape.direct(text).is_some());
        if !code && !text.to_lowercase().starts_with("code") {
            return false;
        }
    }
    false
}

fn along_rows(reading: &PageReading) -> Vec<(usize, usize)> {
    let mut places = vec![(0, 0); reading.words.len()];
    let mut place = 0;
    for (row, words) in rows(reading).into_iter().enumerate() {
        for word in words.into_iter().flatten() {
            places[word] = (row, place);
            place += 1;
        }
    }
    places
}
