//! Which printed words are a number of somebody, and which only look like one?

use jiff::civil::Date;

use crate::dates::Calendar;
use crate::identifier::canonical;
use crate::name;

use super::row::Token;
use super::value::{Value, unread_unless_clean};

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
    if is_security_number(first.text) {
        return Value::Empty; // a key only where the site's own numbers look like that
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

/// "123-45-6789".
fn is_security_number(text: &str) -> bool {
    let groups: Vec<&str> = clean(text).split('-').collect();
    let digits = |part: &&str| part.bytes().all(|b| b.is_ascii_digit());
    groups.iter().all(digits)
        && matches!(groups.as_slice(), [a, b, c] if (a.len(), b.len(), c.len()) == (3, 2, 4))
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
}
