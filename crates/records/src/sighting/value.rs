//! What does the text behind a label say?

use std::collections::HashSet;
use std::sync::LazyLock;

use jiff::civil::Date;

use crate::dates::{Calendar, ReadDate};
use crate::identifier::canonical;
use crate::name::{self, PersonName};
use crate::patient::Sex;

use super::row::Token;

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
    let capital = |token: &Token<'_>| !token.text.chars().next().is_some_and(char::is_lowercase);
    let fits = |token: &Token<'_>| capital(token) && !is_no_name(token.text);
    let words = tokens.iter().take(MOST).take_while(|token| is_name_word(token)).count();
    // Behind "FAMILY, GIVEN" a word that is no name ends it; without a comma it shows a sentence or a heading.
    let whole = tokens[..words].iter().position(|token| !fits(token)).filter(|&end| {
        let comma = tokens[..end].iter().position(|token| token.text.contains(','));
        comma.is_some_and(|comma| end >= comma + 2)
    });
    let taken = whole.unwrap_or(words);
    let after = tokens.get(taken);
    let words = &tokens[..taken];
    let last = words.iter().rposition(|token| !is_credential(token.text) || token.text.len() < 2);
    if !patient && last.is_some_and(|last| last + 1 < taken && taken >= 3) {
        return Value::Empty; // a provider's: "JONES, MARK MD"
    }
    let text = words.iter().map(|token| token.text).collect::<Vec<_>>().join(" ");
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

/// Words read well that are no name are another kind of text; marks among letters, or little confidence, are a
/// name that was not read.
fn unread_unless_clean<T>(token: &Token<'_>, bound: f32) -> Value<T> {
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

/// A number behind a label that says so. `fits` are the configured shapes.
pub(super) fn number(
    tokens: &[Token<'_>],
    marked: bool,
    bound: f32,
    fits: impl Fn(&str) -> bool,
) -> Value<String> {
    /// Words that engines tear a number into.
    const MOST: usize = 4;
    let Some(first) = tokens.first() else { return Value::Empty };
    let joined =
        |count: usize| canonical(&tokens[..count].iter().map(|token| clean(token.text)).collect::<String>());
    let whole = |value: &str| {
        (3..=15).contains(&value.len())
            && value.chars().all(|c| c.is_ascii_alphanumeric())
            && value.chars().filter(char::is_ascii_digit).count() * 2 >= value.len()
    };
    let torn = tokens.iter().take(MOST).take_while(|token| is_digits(token.text)).count();
    if let Some(count) = (1..=torn.max(1)).find(|&count| fits(&joined(count))) {
        return Value::Read(joined(count), count);
    }
    // Without a shape: pieces too short to be a number belong together.
    let count = (1..=torn.max(1)).find(|&count| joined(count).len() >= 5).unwrap_or(1);
    let value = joined(count);
    if whole(&value) && !has_date(first.text) {
        return Value::Read(value, count);
    }
    const NONE: [&str; 8] = ["NA", "NONE", "UNKNOWN", "PENDING", "TBD", "NEW", "SEE", "NO"];
    let telling = first.text.chars().filter(|c| c.is_alphanumeric()).count() >= 3;
    if !marked || !telling || NONE.contains(&name::key(first.text).as_str()) {
        return Value::Empty;
    }
    if first.digits() > 0 { Value::Unread } else { unread_unless_clean(first, bound) }
}

fn has_date(text: &str) -> bool {
    !Calendar::month_first(Date::MAX).find(text).is_empty()
}

fn clean(text: &str) -> &str {
    text.trim_matches(|c: char| !c.is_alphanumeric())
}

fn is_digits(text: &str) -> bool {
    let text = clean(text);
    !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || c == '-') && text.len() <= 12
}

pub(super) fn sex(text: &str) -> Option<Sex> {
    match name::key(text).as_str() {
        "M" | "MALE" => Some(Sex::Male),
        "F" | "FEMALE" => Some(Sex::Female),
        _ => None,
    }
}

/// Years, where the text says years; months and days are no year.
pub(super) fn age(text: &str, next: Option<&str>) -> Option<u16> {
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let unit = name::key(&text[digits.len()..]);
    let unit = if unit.is_empty() { next.map(name::key).unwrap_or_default() } else { unit };
    let years: u16 = digits.parse().ok().filter(|years| *years <= 120)?;
    match unit.as_str() {
        unit if unit.starts_with("MO") || unit.starts_with('D') || unit.starts_with('W') => Some(0),
        _ => Some(years),
    }
}

/// A value of 6 to 12 characters, 5 digits at least, that is no date, telephone, postal or social security number.
pub(super) fn number_like(text: &str) -> Option<String> {
    let text = clean(text);
    let groups: Vec<usize> = text.split('-').map(str::len).collect();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let other = matches!(groups.as_slice(), [3, 3, 4] | [5, 4] | [3, 2, 4] | [3, 4] | [1, 3, 3, 4])
        && text.chars().all(|c| c.is_ascii_digit() || c == '-');
    let value = canonical(text);
    let shaped = (6..=12).contains(&value.len()) && value.chars().all(|c| c.is_ascii_alphanumeric());
    (shaped && digits >= 5 && !other && !has_date(text)).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telephone_postal_and_security_numbers_and_dates_are_no_record_numbers() {
        for text in [
            "617-555-1234",
            "555-1234",
            "02115-1234",
            "123-45-6789",
            "03/15/1962",
            "03-15-1962",
            "12345",
            "ABCDEFGH",
            "12:30",
        ] {
            assert_eq!(number_like(text), None, "{text}");
        }
        assert_eq!(number_like("00123456").as_deref(), Some("00123456"));
        assert_eq!(number_like("M000123456,").as_deref(), Some("M000123456"));
        assert_eq!(number_like("12-34-56").as_deref(), Some("123456"));
    }

    #[test]
    fn an_age_in_days_is_no_year() {
        assert_eq!(age("45", None), Some(45));
        assert_eq!(age("45Y", None), Some(45));
        assert_eq!(age("3", Some("days")), Some(0));
        assert_eq!(age("3mo", None), Some(0));
        assert_eq!(age("Adult", None), None);
    }
}
