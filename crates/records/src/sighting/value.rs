//! What does the text behind a label say?

use std::collections::HashSet;
use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use crate::dates::{Calendar, ReadDate};
use crate::identifier::canonical;
use crate::name::{self, PersonName};
use crate::patient::Sex;

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
    if is_in_groups(tokens) {
        let count = tokens.iter().take(MOST).take_while(|token| is_digits(token.text)).count();
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

/// "943 476 5919", "10 48 27 13": a number printed in groups.
pub(super) fn is_in_groups(tokens: &[Token<'_>]) -> bool {
    let groups: Vec<usize> = tokens
        .iter()
        .take(5)
        .map(|token| clean(token.text))
        .take_while(|text| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()))
        .map(str::len)
        .collect();
    matches!(groups.as_slice(), [3, 3, 4] | [2, 2, 2] | [2, 2, 2, 2])
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

/// "F", "63Y", "63/F", "M/7mo", "63YF": what labels print of age and sex in one word. A bare number is no age.
pub(super) fn age_and_sex(text: &str) -> Option<(Option<u16>, Option<Sex>)> {
    static ONE_WORD: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)^(?:(?P<s1>[MF])/?)?(?:(?P<age>\d{1,3})\s?(?P<unit>y(?:rs?|/?o)?|mo|d|wk?)?)?(?:/?(?P<s2>[MF]))?$")
            .expect("a fixed expression")
    });
    let text = text.trim_matches(|c: char| "(),.;/".contains(c));
    let found = ONE_WORD.captures(text)?;
    let read = found.name("s1").or(found.name("s2")).and_then(|part| sex(part.as_str()));
    let years = found.name("age").and_then(|part| {
        let unit = found.name("unit").map(|unit| unit.as_str());
        (read.is_some() || unit.is_some())
            .then(|| age(&format!("{}{}", part.as_str(), unit.unwrap_or("")), None))?
    });
    let both = found.name("s1").is_some() && found.name("s2").is_some();
    (!both && (years.is_some() || read.is_some())).then_some((years, read))
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
    fn age_and_sex_stand_in_one_word_of_a_label() {
        use Sex::{Female, Male};
        for (text, wanted) in [
            ("F", Some((None, Some(Female)))),
            ("63Y", Some((Some(63), None))),
            ("(63", None),
            ("63/F", Some((Some(63), Some(Female)))),
            ("M/63", Some((Some(63), Some(Male)))),
            ("63YF", Some((Some(63), Some(Female)))),
            ("3mo/M", Some((Some(0), Some(Male)))),
            ("63yo", Some((Some(63), None))),
            ("63", None),
            ("M/63/F", None),
            ("MD", None),
            ("", None),
        ] {
            assert_eq!(age_and_sex(text), wanted, "{text}");
        }
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
