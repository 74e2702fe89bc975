//! Which dates stand in a text, and what are they dates of?

use std::ops::Range;
use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;
use serde::{Deserialize, Serialize};

mod anchor;

pub use anchor::{Anchor, DateSeen, seen, service};

/// Which of day and month a site's paper prints first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DateOrder {
    /// As the US prints.
    #[default]
    Mdy,
    Dmy,
}

/// How dates are meant where they are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calendar {
    pub today: Date,
    pub order: DateOrder,
}

/// A date as it was read: day and month in the order of the calendar, in the other where only that is a date.
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
    /// Whether this day may be meant: the same, or a century earlier where only two digits say the year.
    pub fn may_be(self, day: Date) -> bool {
        let century = self.short_year && self.date.year() - day.year() == 100;
        let same_day = (self.date.month(), self.date.day()) == (day.month(), day.day());
        self.date == day || (century && same_day)
    }
}

static DATE: LazyLock<Regex> = LazyLock::new(|| {
    const MONTH: &str = "JAN(?:UARY)?|FEB(?:RUARY)?|MAR(?:CH)?|APR(?:IL)?|MAY|JUNE?|JULY?|AUG(?:UST)?\
        |SEPT?(?:EMBER)?|OCT(?:OBER)?|NOV(?:EMBER)?|DEC(?:EMBER)?";
    Regex::new(&format!(
        concat!(
            r"(?i)\b(?:(?P<y1>(?:18|19|20)\d\d)[-/.](?P<m1>\d{{1,2}})[-/.](?P<d1>\d{{1,2}})(?:T[\d:.+Z-]+)?",
            r"|(?P<a2>\d{{1,2}})\s?[-/.]\s?(?P<b2>\d{{1,2}})\s?[-/.]\s?(?P<y2>(?:18|19|20)\d\d|\d\d)",
            r"|(?P<d3>\d{{1,2}})(?:ST|ND|RD|TH)?[-\s./]?(?:OF\s)?(?P<m3>{month})[-\s.,/]*'?(?P<y3>(?:18|19|20)\d\d|\d\d)",
            r"|(?P<m4>{month})\.?[-\s]?(?P<d4>\d{{1,2}})(?:ST|ND|RD|TH)?(?:\s?,?\s?|[-/])(?P<y4>(?:18|19|20)\d\d)",
            r"|(?P<m5>{month})\.?[-\s]?(?P<d5>\d{{1,2}})(?:ST|ND|RD|TH)?(?:,\s?|\s?,?\s?'|-)(?P<y5>\d\d)",
            r"|(?P<y6>(?:18|19|20)\d\d)[-\s](?P<m6>{month})[-\s](?P<d6>\d{{1,2}}))\b",
        ),
        month = MONTH
    ))
    .expect("a fixed expression")
});

impl Calendar {
    /// Month first, whatever a site's paper does.
    pub const fn month_first(today: Date) -> Self {
        Self { today, order: DateOrder::Mdy }
    }

    /// Every date in a text, with where it stands (bytes). Two-digit years are taken for this century up to this
    /// year.
    pub fn find(self, text: &str) -> Vec<(Range<usize>, ReadDate)> {
        let mut found = Vec::new();
        for groups in DATE.captures_iter(text) {
            let all = groups.get(0).expect("group 0 always is");
            let number = |name: &str| groups.name(name).and_then(|part| part.as_str().parse::<i16>().ok());
            let year = |name: &str| groups.name(name).and_then(|part| century(part.as_str(), self.today));
            let month = |name: &str| groups.name(name).and_then(|part| month_named(part.as_str()));
            let read = None
                .or_else(|| one(year("y1")?, number("m1")?, number("d1")?))
                .or_else(|| self.either(year("y2")?, number("a2")?, number("b2")?))
                .or_else(|| one(year("y3")?, month("m3")?, number("d3")?))
                .or_else(|| one(year("y4")?, month("m4")?, number("d4")?))
                .or_else(|| one(year("y5")?, month("m5")?, number("d5")?))
                .or_else(|| one(year("y6")?, month("m6")?, number("d6")?));
            found.extend(read.map(|read| (all.range(), read)));
        }
        found
    }

    /// The one date that a text is, with nothing else beside it but marks.
    pub fn parse(self, text: &str) -> Option<ReadDate> {
        let found = self.find(text);
        let [(range, read)] = found.as_slice() else { return None };
        let rest = |part: &str| part.chars().all(|c| !c.is_alphanumeric());
        (rest(&text[..range.start]) && rest(&text[range.end..])).then_some(*read)
    }

    /// A birth date as a labelled field gives it: also eight digits without marks, three groups of them with
    /// nothing between, and letters taken for digits.
    pub fn birth(self, text: &str) -> Option<ReadDate> {
        let plain = |text: &str| {
            self.parse(text).or_else(|| self.eight_digits(text)).or_else(|| self.three_groups(text))
        };
        plain(text).or_else(|| {
            let mended: String = text.chars().map(as_digit).collect();
            if mended == text { None } else { plain(&mended).map(|read| ReadDate { mended: true, ..read }) }
        })
    }

    /// `03151962`, or `19620315` where that is the only date it can be.
    fn eight_digits(self, text: &str) -> Option<ReadDate> {
        let text = text.trim_matches(|c: char| !c.is_alphanumeric());
        if text.len() != 8 || !text.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let number = |range: Range<usize>| text[range].parse::<i16>().ok();
        let year = |range: Range<usize>| number(range).filter(|year| (1850..=2100).contains(year));
        let year_last = || self.either(year(4..8)?, number(0..2)?, number(2..4)?);
        let year_first = || one(year(0..4)?, number(4..6)?, number(6..8)?);
        year_last().or_else(year_first)
    }

    /// `03 15 1962`: boxes of a form.
    fn three_groups(self, text: &str) -> Option<ReadDate> {
        let groups: Vec<&str> = text.split_whitespace().collect();
        let [first, second, year] = groups.as_slice() else { return None };
        let digits = |text: &str, most: usize| {
            ((1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()))
                .then(|| text.parse::<i16>().ok())?
        };
        let year = digits(year, 4).filter(|year| (1850..=2100).contains(year))?;
        self.either(year, digits(first, 2)?, digits(second, 2)?)
    }

    /// Day and month in the calendar's order, else in the other.
    fn either(self, year: impl Into<Year>, a: i16, b: i16) -> Option<ReadDate> {
        let Year(year, short_year) = year.into();
        let (us, other) = (date(year, a, b), date(year, b, a));
        let ambiguous = us.is_some() && other.is_some() && us != other;
        let date = match self.order {
            DateOrder::Mdy => us.or(other),
            DateOrder::Dmy => other.or(us),
        };
        Some(ReadDate { date: date?, ambiguous, short_year, mended: false })
    }

    /// What the other dates of a text settle: the order that those of them show that can be only one date.
    pub fn settled_by(self, text: &str) -> Settled {
        let (mut month_first, mut day_first) = (false, false);
        for groups in DATE.captures_iter(text) {
            let number = |name: &str| groups.name(name).and_then(|part| part.as_str().parse::<i16>().ok());
            let (Some(a), Some(b)) = (number("a2"), number("b2")) else { continue };
            month_first |= (1..=12).contains(&a) && (13..=31).contains(&b);
            day_first |= (1..=12).contains(&b) && (13..=31).contains(&a);
        }
        match (month_first, day_first) {
            (true, true) => Settled { calendar: self, sure: false },
            (true, false) => Settled { calendar: Self { order: DateOrder::Mdy, ..self }, sure: true },
            (false, true) => Settled { calendar: Self { order: DateOrder::Dmy, ..self }, sure: true },
            (false, false) => Settled { calendar: self, sure: true },
        }
    }
}

/// How the dates of one page are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settled {
    pub calendar: Calendar,
    /// False where its dates are printed in both orders: an ambiguous one may be either.
    pub sure: bool,
}

impl Settled {
    /// Whether a date can be relied on to be the day that was meant.
    pub const fn is_sure(self, read: ReadDate) -> bool {
        self.sure || !read.ambiguous
    }
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
    let at =
        MONTHS.iter().position(|month| name.get(..3).is_some_and(|own| own.eq_ignore_ascii_case(month)))?;
    i16::try_from(at + 1).ok()
}

fn date(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn one(year: impl Into<Year>, month: i16, day: i16) -> Option<ReadDate> {
    let Year(year, short_year) = year.into();
    Some(ReadDate { date: date(year, month, day)?, ambiguous: false, short_year, mended: false })
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
mod tests;
