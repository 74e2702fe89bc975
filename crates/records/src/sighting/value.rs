//! What does the text behind a label say?

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::dates::{Calendar, ReadDate};
use crate::name::{self, PersonName};

use super::age::sex;
use super::row::{Token, ratio, spelled};

/// What the place of a value holds.
pub(super) enum Value<T> {
    /// And how many tokens it took.
    Read(T, usize),
    /// Something is printed there that could not be read.
    Unread,
    /// Nothing, or something that is no value of this field.
    Empty,
}

/// Words that stand in a name's place and are no name.
static NO_NAMES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "LAST FIRST MIDDLE MI PRINT PRINTED SIGNATURE DATE TIME SELF YES NO NEW SAME SEE NONE NA MALE \
     FEMALE ADULT LABEL STICKER HERE INPATIENT OUTPATIENT ESTABLISHED IDENTIFICATION INFORMATION PAGE \
     ROOM UNIT DEPARTMENT HOSPITAL CENTER CLINIC SUMMARY REPORT NOTE NOTES MEDICAL RECORD RECORDS FORM \
     SHEET EMERGENCY SURGERY RADIOLOGY LABORATORY INC LLC SUITE STREET AVENUE ROAD NURSING PROGRESS \
     SERUM PLASMA TOTAL URINE BLOOD FASTING DIRECT FREE RANDOM ABSOLUTE CULTURE SCREEN TABLET CAPSULE \
     ORAL LEFT RIGHT BILATERAL CHEST ABDOMEN VIEW VIEWS CONTRAST LATERAL SPECIMEN RESULT DISCHARGE \
     ADMISSION HISTORY PHYSICAL CONSENT ORDERS RESULTS FINAL COPY CONFIDENTIAL SERVICES HEALTH"
        .split_whitespace()
        .collect()
});

/// Letters behind the name of somebody who treats.
static CREDENTIALS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "MD DO RN NP PA PAC APRN CRNA LPN LCSW MSW PHD PHARMD DPM DDS DMD FNP CNM PT OT DPT MBBS FACS FACC \
     ARNP BSN MSN RPH PSYD"
        .split_whitespace()
        .collect()
});

pub(super) fn is_credential(text: &str) -> bool {
    CREDENTIALS.contains(name::key(text).as_str())
}

/// Letters and digits in capitals.
pub(super) fn plain_key(text: &str) -> String {
    name::key(text)
}

pub(super) fn is_no_name(text: &str) -> bool {
    NO_NAMES.contains(name::key(text).as_str())
}

/// A patient's name. `shy`: only what looks like a name is one. `patient`: the label says that it is the patient's,
/// so that a physician who is ill is read as well.
pub(super) fn name(tokens: &[Token<'_>], bound: f32, shy: bool, patient: bool) -> Value<PersonName> {
    /// Words of the longest name.
    const MOST: usize = 6;
    let skipped = in_brackets(tokens);
    let tokens = &tokens[skipped..];
    let Some(first) = tokens.first() else { return Value::Empty };
    let sentence =
        is_name_word(first) && first.text.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_lowercase);
    if sentence || is_no_name(first.text) {
        return Value::Empty;
    }
    let capital = |token: &Token<'_>| {
        !token.text.chars().next().is_some_and(char::is_lowercase) || name::is_particle(token.text)
    };
    let fits = |token: &Token<'_>| capital(token) && !is_no_name(token.text);
    let words = tokens.iter().take(MOST).take_while(|token| is_name_word(token)).count();
    let words = (2..words).find(|&at| is_apart(tokens, at)).unwrap_or(words);
    // Behind "FAMILY, GIVEN" a word that is no name ends it; without a comma it shows a sentence or a heading.
    let whole = tokens[..words].iter().position(|token| !fits(token)).filter(|&end| {
        let comma = comma_in(&tokens[..end]);
        comma.is_some_and(|comma| end >= comma + 2)
    });
    // "UNKNOWN, MALE" is nobody's name, and no sentence either.
    let unknown = words == 2 && comma_in(tokens) == Some(0) && sex(tokens[1].text).is_some();
    let whole = whole.filter(|_| !unknown);
    let fits = |token: &Token<'_>| unknown || fits(token);
    let taken = whole.unwrap_or(words);
    let after = tokens.get(taken);
    let words = &tokens[..taken];
    let last = words.iter().rposition(|token| !is_credential(token.text) || token.text.len() < 2);
    if !patient && last.is_some_and(|last| last + 1 < taken && taken >= 3) {
        return Value::Empty; // a provider's: "JONES, MARK MD"
    }
    let text = spelled(words);
    let shaped = words.iter().all(fits);
    match name::parse(&text) {
        Some(parsed) if shaped && !(shy && parsed.given.is_empty()) => Value::Read(parsed, skipped + taken),
        // A sentence, or words of a form.
        Some(_) => Value::Empty,
        None if shy => Value::Empty,
        None => {
            let junk = after
                .or(Some(first))
                .filter(|token| token.text.chars().filter(|c| c.is_alphanumeric()).count() >= 3);
            junk.map_or(Value::Empty, |token| unread_unless_clean(token, bound))
        }
    }
}

fn comma_in(tokens: &[Token<'_>]) -> Option<usize> {
    tokens.iter().position(|token| token.comma || token.text.contains(','))
}

/// White space behind a whole name: another caption begins. (A name that still lacks its given part goes on.)
fn is_apart(tokens: &[Token<'_>], at: usize) -> bool {
    const WIDE: f32 = 1.2;
    let (before, token) = (&tokens[at - 1], &tokens[at]);
    let gap = ratio(token.place.x.saturating_sub(before.place.right()), token.place.h);
    gap > WIDE && comma_in(&tokens[..at]) != Some(at - 1)
}

/// Words read well that are no name are another kind of text; marks among letters, or little confidence, are a
/// name that was not read.
pub(super) fn unread_unless_clean<T>(token: &Token<'_>, bound: f32) -> Value<T> {
    let odd = token.text.chars().any(|c| !c.is_alphanumeric() && !",.'’-/()".contains(c));
    if odd || token.confidence < bound { Value::Unread } else { Value::Empty }
}

fn is_name_word(token: &Token<'_>) -> bool {
    let (letters, digits) = (token.letters(), token.digits());
    letters > digits && token.text.chars().all(|c| c.is_alphanumeric() || ",.;'’`-".contains(c))
}

/// "(Last, First, MI)" behind a label explains it.
fn in_brackets(tokens: &[Token<'_>]) -> usize {
    if !tokens.first().is_some_and(|token| token.text.starts_with('(')) {
        return 0;
    }
    tokens.iter().position(|token| token.text.ends_with(')')).map_or(tokens.len(), |at| at + 1)
}

/// A birth date, from one to four words.
pub(super) fn birth(tokens: &[Token<'_>], calendar: Calendar, bound: f32) -> Value<ReadDate> {
    const MOST: usize = 4;
    let skipped = in_brackets(tokens);
    let tokens = &tokens[skipped..];
    let text = |count: usize| tokens[..count].iter().map(|token| token.text).collect::<Vec<_>>().join(" ");
    for count in (1..=tokens.len().min(MOST)).rev() {
        if let Some(read) = calendar.birth(text(count).trim_matches(|c: char| ",;()/".contains(c))) {
            return Value::Read(read, skipped + count);
        }
    }
    let Some(first) = tokens.first() else { return Value::Empty };
    let digits: usize = tokens.iter().take(2).map(Token::digits).sum();
    if digits >= 2 || (first.letters() >= 3 && first.confidence < bound) {
        Value::Unread
    } else {
        Value::Empty
    }
}
