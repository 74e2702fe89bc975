//! What do forms print of sex and age?

use std::sync::LazyLock;

use regex::Regex;

use crate::name;
use crate::patient::Sex;

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

#[cfg(test)]
mod tests {
    use super::*;

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
