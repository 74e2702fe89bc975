//! Which dates stand in a text, and what are they dates of?

use std::ops::Range;
use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

mod anchor;

pub use anchor::{Anchor, DateSeen, seen, service};

/// A date as it was read. Month first, as the US prints; day first where only that is a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadDate {
    pub date: Date,
    /// Valid with day and month exchanged as well, as another date.
    pub ambiguous: bool,
    /// The year was printed in two digits: the century is a guess.
    pub short_year: bool,
    /// Letters had to be taken for the digits they look like.
    pub mended: bool,
}

impl ReadDate {
    /// Whether this may be the date meant: the same, or a century earlier where only two digits say the year.
    pub fn may_be(self, date: Date) -> bool {
        self.date == date
            || (self.short_year
                && self.date.month() == date.month()
                && self.date.day() == date.day()
                && self.date.year() - date.year() == 100)
    }
}

static DATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)\b(?:(?P<y1>(?:18|19|20)\d\d)[-/.](?P<m1>\d{1,2})[-/.](?P<d1>\d{1,2})",
        r"|(?P<a2>\d{1,2})\s?[-/.]\s?(?P<b2>\d{1,2})\s?[-/.]\s?(?P<y2>(?:18|19|20)\d\d|\d\d)",
        r"|(?P<d3>\d{1,2})[-\s./]?(?P<m3>JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]*[-\s.,/]*(?P<y3>(?:18|19|20)\d\d|\d\d)",
        r"|(?P<m4>JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]*\.?\s?(?P<d4>\d{1,2})(?:st|nd|rd|th)?\s?,?\s?(?P<y4>(?:18|19|20)\d\d))\b",
    ))
    .expect("a fixed expression")
});

/// Every date in a text, with where it stands (bytes). Two-digit years are taken for this century up to this year.
pub fn find(text: &str, today: Date) -> Vec<(Range<usize>, ReadDate)> {
    let mut found = Vec::new();
    for groups in DATE.captures_iter(text) {
        let all = groups.get(0).expect("group 0 always is");
        let number = |name: &str| groups.name(name).and_then(|part| part.as_str().parse::<i16>().ok());
        let year = |name: &str| groups.name(name).and_then(|part| century(part.as_str(), today));
        let month = |name: &str| groups.name(name).and_then(|part| month_named(part.as_str()));
        let read = None
            .or_else(|| one(year("y1")?, number("m1")?, number("d1")?))
            .or_else(|| either(year("y2")?, number("a2")?, number("b2")?))
            .or_else(|| one(year("y3")?, month("m3")?, number("d3")?))
            .or_else(|| one(year("y4")?, month("m4")?, number("d4")?));
        found.extend(read.map(|read| (all.range(), read)));
    }
    found
}

/// The one date that a text is, with nothing else beside it but marks.
pub fn parse(text: &str, today: Date) -> Option<ReadDate> {
    let found = find(text, today);
    let [(range, read)] = found.as_slice() else { return None };
    let rest = |part: &str| part.chars().all(|c| !c.is_alphanumeric());
    (rest(&text[..range.start]) && rest(&text[range.end..])).then_some(*read)
}

/// A birth date as a labelled field gives it: also eight digits without marks, and letters taken for digits.
pub fn birth(text: &str, today: Date) -> Option<ReadDate> {
    let plain = |text: &str| parse(text, today).or_else(|| eight_digits(text));
    plain(text).or_else(|| {
        let mended: String = text.chars().map(as_digit).collect();
        if mended == text { None } else { plain(&mended).map(|read| ReadDate { mended: true, ..read }) }
    })
}

/// `03151962`, or `19620315` where that is the only date it can be.
fn eight_digits(text: &str) -> Option<ReadDate> {
    let text = text.trim_matches(|c: char| !c.is_alphanumeric());
    if text.len() != 8 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number = |range: Range<usize>| text[range].parse::<i16>().ok();
    let year = |range: Range<usize>| number(range).filter(|year| (1850..=2100).contains(year));
    let year_last = || either(year(4..8)?, number(0..2)?, number(2..4)?);
    let year_first = || one(year(0..4)?, number(4..6)?, number(6..8)?);
    year_last().or_else(year_first)
}

const fn as_digit(c: char) -> char {
    match c {
        'O' | 'o' | 'Q' => '0',
        'l' | 'I' | '|' | 'i' => '1',
        'S' | 's' => '5',
        'B' => '8',
        other => other,
    }
}

fn century(digits: &str, today: Date) -> Option<(i16, bool)> {
    let year: i16 = digits.parse().ok()?;
    match digits.len() {
        4 => Some((year, false)),
        _ if year <= today.year() % 100 => Some((today.year() - today.year() % 100 + year, true)),
        _ => Some((today.year() - today.year() % 100 - 100 + year, true)),
    }
}

fn month_named(name: &str) -> Option<i16> {
    const MONTHS: [&str; 12] =
        ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    let at = MONTHS.iter().position(|month| name.eq_ignore_ascii_case(month))?;
    i16::try_from(at + 1).ok()
}

fn date(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn one(year: impl Into<Year>, month: i16, day: i16) -> Option<ReadDate> {
    let Year(year, short_year) = year.into();
    Some(ReadDate { date: date(year, month, day)?, ambiguous: false, short_year, mended: false })
}

/// Month first, else day first.
fn either(year: impl Into<Year>, a: i16, b: i16) -> Option<ReadDate> {
    let Year(year, short_year) = year.into();
    let (us, other) = (date(year, a, b), date(year, b, a));
    let ambiguous = us.is_some() && other.is_some() && us != other;
    Some(ReadDate { date: us.or(other)?, ambiguous, short_year, mended: false })
}

/// A year, and whether its century is a guess.
struct Year(i16, bool);

impl From<(i16, bool)> for Year {
    fn from((year, short): (i16, bool)) -> Self {
        Self(year, short)
    }
}

impl From<i16> for Year {
    fn from(year: i16) -> Self {
        Self(year, false)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 3, 1);

    #[test]
    fn one_day_in_all_usual_forms() {
        for text in [
            "03/15/1962",
            "3/15/1962",
            "3-15-62",
            "03.15.1962",
            "1962-03-15",
            "15 Mar 1962",
            "15-MAR-62",
            "15MAR1962",
            "March 15, 1962",
            "Mar. 15 1962",
            "March 15th, 1962",
            "15/03/1962",
            "03 / 15 / 1962",
        ] {
            assert_eq!(parse(text, TODAY).map(|read| read.date), Some(date(1962, 3, 15)), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in
            ["13/45/1962", "02/30/1962", "617-555-1234", "123-45-6789", "00123456", "10:30", "", "3/15"]
        {
            assert_eq!(parse(text, TODAY), None, "{text}");
        }
    }

    #[test]
    fn two_digits_are_this_century_up_to_this_year() {
        let read = parse("12-JAN-26", TODAY).unwrap();
        assert_eq!((read.date, read.short_year), (date(2026, 1, 12), true));
        assert_eq!(parse("01/12/27", TODAY).unwrap().date, date(1927, 1, 12));
        assert!(read.may_be(date(1926, 1, 12)) && !read.may_be(date(1926, 1, 13)));
        assert!(!parse("01/12/2026", TODAY).unwrap().may_be(date(1926, 1, 12)));
    }

    #[test]
    fn a_date_that_may_be_two_is_marked() {
        assert!(parse("03/04/1962", TODAY).unwrap().ambiguous);
        assert!(!parse("03/15/1962", TODAY).unwrap().ambiguous);
        assert!(!parse("03/03/1962", TODAY).unwrap().ambiguous);
    }

    #[test]
    fn a_birth_date_may_have_no_marks_and_may_be_mended() {
        assert_eq!(birth("03151962", TODAY).unwrap().date, date(1962, 3, 15));
        assert_eq!(birth("19620315", TODAY).unwrap().date, date(1962, 3, 15));
        let mended = birth("O3/l5/1962", TODAY).unwrap();
        assert_eq!((mended.date, mended.mended), (date(1962, 3, 15), true));
        assert_eq!(birth("unknown", TODAY), None);
    }

    #[test]
    fn all_dates_of_a_line_are_found() {
        let found = find("Collected 01/05/2026 08:10, DOB 3/15/62, reported January 6, 2026", TODAY);
        let days: Vec<Date> = found.iter().map(|(_, read)| read.date).collect();
        assert_eq!(days, [date(2026, 1, 5), date(1962, 3, 15), date(2026, 1, 6)]);
    }
}
