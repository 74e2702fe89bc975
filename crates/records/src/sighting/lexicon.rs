//! Which printed words are labels of fields, and whose?

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::identifier::IdentifierKind;

use super::row::{Row, Token};

mod table;

use table::LABELS;

/// What a label says its value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    /// The patient's whole name.
    Name,
    Family,
    Given,
    Birth,
    Number(IdentifierKind),
    /// "Re:" in a letter: the patient's name, where fields of the patient follow.
    Regarding,
    /// A number of the patient's, and not said of which kind.
    Id,
    Sex,
    Age,
    /// A physician, nurse or signer: their name is nobody's here.
    Provider,
    /// Guarantor, mother, contact: what follows in the row is theirs.
    Relative,
    /// Another facility: its numbers are of another authority.
    Outside,
    /// Any other field: where the one before it ends.
    Other,
}

/// A label in a row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Labelled {
    pub(super) label: Label,
    /// Its tokens.
    pub(super) from: usize,
    pub(super) to: usize,
    /// The word "patient" stands in it.
    pub(super) patient: bool,
    /// A colon or number sign follows.
    pub(super) marked: bool,
}

/// What must follow a word for it to be a label.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Needs {
    Nothing,
    /// A colon or number sign.
    Mark,
}

static BY_KEY: LazyLock<HashMap<&'static str, (Label, Needs)>> = LazyLock::new(|| {
    LABELS
        .iter()
        .flat_map(|(label, needs, keys)| keys.split_whitespace().map(|key| (key, (*label, *needs))))
        .collect()
});

/// The labels of a row, from left to right. Any word with a colon is one, if only of another field.
pub(super) fn labels(row: &Row<'_>) -> Vec<Labelled> {
    let mut found: Vec<Labelled> = Vec::new();
    let mut at = 0;
    while at < row.tokens.len() {
        match label_at(row, at) {
            // "Patient: Dr. John Smith" is a patient all the same.
            Some(label) if label.label == Label::Provider && is_own_title(row, found.last(), at) => at += 1,
            Some(label) => {
                let label = with_explanation(row, label);
                at = label.to;
                found.push(label);
            }
            None => at += 1,
        }
    }
    found
}

/// A title in the place of a patient's name.
fn is_own_title(row: &Row<'_>, before: Option<&Labelled>, at: usize) -> bool {
    let title = matches!(super::value::plain_key(row.tokens[at].text).as_str(), "DR" | "DOCTOR");
    title && before.is_some_and(|label| label.to == at && label.patient && label.marked)
}

/// "(Last, First, MI)" and "(mm/dd/yyyy)" behind a label explain it.
fn with_explanation(row: &Row<'_>, label: Labelled) -> Labelled {
    /// Words of the longest explanation.
    const MOST: usize = 5;
    let rest = &row.tokens[label.to..row.tokens.len().min(label.to + MOST)];
    if label.marked || !rest.first().is_some_and(|token| token.text.starts_with('(')) {
        return label;
    }
    let Some(last) = rest.iter().position(|token| token.text.ends_with(')')) else { return label };
    if rest[..=last].iter().any(|token| token.digits() > 0) {
        return label;
    }
    let others = |token: &Token<'_>| {
        const OTHERS: [&str; 11] = [
            "OUTSIDE",
            "EXTERNAL",
            "OTHER",
            "MOTHER",
            "FATHER",
            "PARENT",
            "SPOUSE",
            "GUARDIAN",
            "GUARANTOR",
            "INSURED",
            "SUBSCRIBER",
        ];
        OTHERS.contains(&super::value::plain_key(token.text).as_str())
    };
    // "MRN (outside): 5551212".
    let explained = if rest[..=last].iter().any(others) { Label::Other } else { label.label };
    let marked = rest[last].colon || rest[last].hash;
    Labelled { label: explained, to: label.to + last + 1, marked, ..label }
}

fn label_at(row: &Row<'_>, from: usize) -> Option<Labelled> {
    /// Words of the longest label, and letters of one that OCR has torn apart.
    const MOST: usize = 4;
    /// Gaps within a label, in heights of the row.
    const TORN: f32 = 1.2;
    let mut key = String::new();
    let mut best = None;
    for to in from..row.tokens.len().min(from + MOST) {
        let token = &row.tokens[to];
        if to > from && (row.gap_before(to) > TORN || row.tokens[to - 1].colon) {
            break;
        }
        if token.letters() == 0 {
            // "MR #": the sign stands in the flags; a number is no part of a label.
            break;
        }
        push_key(&mut key, token.text);
        let marked = token.colon || token.hash;
        if let Some((label, needs)) = BY_KEY.get(key.as_str())
            && (*needs == Needs::Nothing
                || marked
                || name_follows(row, to + 1, *label)
                || field_follows(row, to + 1, *label)
                || number_follows(row, to + 1, *label))
        {
            let label = match label {
                // "Patient #: 00123456".
                Label::Name if token.hash => Label::Id,
                other => *other,
            };
            best = Some(Labelled {
                label,
                from,
                to: to + 1,
                patient: key.starts_with('P') && is_patients(&key),
                marked,
            });
        }
    }
    let unknown = || {
        let token = &row.tokens[from];
        let other = token.colon && token.letters() > 0 && token.digits() == 0;
        other.then_some(Labelled { label: Label::Other, from, to: from + 1, patient: false, marked: true })
    };
    best.filter(|label| is_own_label(row, label)).or_else(unknown)
}

/// "Mother MRN:", "Surgeon name:": a person's word before the word of a field.
fn field_follows(row: &Row<'_>, at: usize, label: Label) -> bool {
    const FIELDS: [&str; 11] =
        ["NAME", "LAST", "FIRST", "DOB", "MRN", "MR", "BIRTH", "DATE", "SEX", "PHONE", "NAMES"];
    let Some(next) = row.tokens.get(at) else { return false };
    let mut key = String::new();
    push_key(&mut key, next.text);
    matches!(label, Label::Relative | Label::Provider)
        && row.gap_before(at) <= 1.2
        && FIELDS.contains(&key.as_str())
}

/// "FIN 889001", "NHS 943 476 5919": what follows can be nothing but a number.
fn number_follows(row: &Row<'_>, at: usize, label: Label) -> bool {
    let numbered =
        matches!(label, Label::Number(IdentifierKind::Account | IdentifierKind::Visit) | Label::Id);
    let near = at < row.tokens.len() && row.gap_before(at) <= 1.2;
    numbered
        && near
        && (super::number::number_like(row.tokens[at].text).is_some()
            || super::number::is_in_groups(&row.tokens[at..]))
}

fn is_patients(key: &str) -> bool {
    key.starts_with("PATIENT") || key.starts_with("PT")
}

/// "Patient SMITH, JOHN" needs no colon: two words in capitals with a comma between.
fn name_follows(row: &Row<'_>, at: usize, label: Label) -> bool {
    let capitals = |token: &Token<'_>| token.letters() >= 2 && !token.text.chars().any(char::is_lowercase);
    let [family, given, ..] = &row.tokens[at.min(row.tokens.len())..] else { return false };
    label == Label::Name && family.text.ends_with(',') && capitals(family) && capitals(given)
}

/// "Drug name:", "relationship to patient:", "specimen id:" are other labels: a word stands before, in the same
/// phrase, that no field ends with.
fn is_own_label(row: &Row<'_>, label: &Labelled) -> bool {
    /// A wider gap parts two fields, in heights of the row.
    const APART: f32 = 1.2;
    let words = &row.tokens[label.from..label.to];
    let mut key = String::new();
    words.iter().for_each(|token| push_key(&mut key, token.text));
    if !matches!(
        key.as_str(),
        "NAME" | "PATIENT" | "PT" | "FULLNAME" | "LEGALNAME" | "ID" | "IDNO" | "IDNUMBER"
    ) {
        return true;
    }
    if label.from == 0 || row.gap_before(label.from) > APART {
        return true;
    }
    let before = &row.tokens[label.from - 1];
    before.colon
        || before.digits() > 0
        || before.letters() < 2
        || matches!(before.text, "Male" | "Female" | "MALE" | "FEMALE")
}

/// Upper-case letters; digits among letters are letters read badly.
fn push_key(key: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '0' => key.push('O'),
            '1' | '|' => key.push('I'),
            '5' => key.push('S'),
            '8' => key.push('B'),
            c if c.is_alphabetic() => key.extend(c.to_uppercase()),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::row::rows;
    use super::super::row::tests::page;
    use super::table::MR;
    use super::*;

    fn found(text: &str) -> Vec<Label> {
        let reading = page(&[(100, 100, text)]);
        labels(&rows(&reading)[0]).iter().map(|found| found.label).collect()
    }

    #[test]
    fn labels_are_known_in_all_their_spellings() {
        for text in
            ["MRN 1", "M RN: 1", "Med Rec No. 1", "Medical Record Number 1", "MR# 1", "MR #: 1", "M.R.N. 1"]
        {
            assert_eq!(found(text), [MR], "{text}");
        }
        for text in ["DOB 1", "D.O.B. 1", "D O B: 1", "D0B: 1", "Date of Birth 1", "Birth date 1"] {
            assert_eq!(found(text), [Label::Birth], "{text}");
        }
        for text in ["Patient: A", "Patient Name A", "Pt: A", "Name: A", "PATIENT SMITH, JOHN"] {
            assert_eq!(found(text), [Label::Name], "{text}");
        }
    }

    #[test]
    fn a_number_without_a_kind_is_one_only_of_the_patient() {
        for text in ["Patient ID: 1", "Patient #: 1", "ID: 1", "Unit No. 1"] {
            assert_eq!(found(text), [Label::Id], "{text}");
        }
        assert!(!found("Specimen ID: 1").contains(&Label::Id) && !found("Tax ID: 1").contains(&Label::Id));
    }

    #[test]
    fn the_patient_in_running_text_is_no_label() {
        for text in ["the patient came with pain", "a patient of ours", "pt denies fever", "Mr. Jones"] {
            assert!(found(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn the_name_of_something_else_is_not_the_patients() {
        for text in ["Drug Name: X", "Relationship to patient: Self", "Test name: X"] {
            assert!(!found(text).contains(&Label::Name), "{text}");
        }
    }
}
