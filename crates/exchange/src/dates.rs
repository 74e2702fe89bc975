//! Which day is meant, where people and spreadsheets have written it?
//!
//! ISO and HL7 dates say it themselves, months in letters too. Of dates like 3/4/1962 the whole file must say, by
//! others that can be read in one way only, or whoever imports it; nothing is guessed.

use jiff::civil::Date;
use records::dates::DateOrder;

use crate::table::Why;

/// How the dates of a file are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Said(DateOrder),
    /// Nothing in the file tells.
    Open,
    /// Some in one way, some in the other.
    Mixed,
}

impl Style {
    /// What somebody has said, else what the cells themselves tell.
    pub(crate) fn of<'t>(cells: impl Iterator<Item = &'t str>, said: Option<DateOrder>) -> Self {
        if let Some(order) = said {
            return Self::Said(order);
        }
        let (mut month_first, mut day_first) = (false, false);
        for (a, b, year) in cells.filter_map(numbers) {
            let (us, other) = (Date::new(year, a, b).is_ok(), Date::new(year, b, a).is_ok());
            month_first |= us && !other;
            day_first |= other && !us;
        }
        match (month_first, day_first) {
            (true, true) => Self::Mixed,
            (true, false) => Self::Said(DateOrder::Mdy),
            (false, true) => Self::Said(DateOrder::Dmy),
            (false, false) => Self::Open,
        }
    }

    /// The date a cell gives; `None`: it is empty.
    pub(crate) fn read(self, cell: &str) -> Result<Option<Date>, Why> {
        if cell.is_empty() {
            return Ok(None);
        }
        if let Some(day) = plain(cell).or_else(|| with_month_in_letters(cell)) {
            return Ok(Some(day));
        }
        if let Some((a, b, year)) = numbers(cell) {
            let order = match self {
                Self::Said(order) => order,
                Self::Mixed => return Err(Why::MixedDates),
                Self::Open if a == b => DateOrder::Mdy,
                Self::Open => return Err(Why::AmbiguousDate),
            };
            let (month, day) = if order == DateOrder::Mdy { (a, b) } else { (b, a) };
            return Date::new(year, month, day).map(Some).map_err(|_| Why::NoDate);
        }
        Err(fault(cell))
    }
}

/// `1962-03-15` and `19620315`, also with a time of the day behind.
fn plain(cell: &str) -> Option<Date> {
    let day = cell.split(['T', ' ']).next().unwrap_or_default();
    let rest = &cell[day.len()..];
    if !rest.chars().all(|c| c.is_ascii_digit() || "T :.Z+-".contains(c)) {
        return None;
    }
    if let Some(iso) = day.get(..10).filter(|_| day.len() == 10 && day.as_bytes()[4] == b'-') {
        return Date::strptime("%Y-%m-%d", iso).ok();
    }
    // HL7: a day, or a time of it.
    let digits = day.bytes().all(|byte| byte.is_ascii_digit()) && [8, 12, 14].contains(&day.len());
    let date = digits.then(|| Date::strptime("%Y%m%d", &day[..8]).ok()).flatten();
    date.filter(|date| date.year() > 999)
}

/// `3/4/1962`, `15.03.1962`: two numbers and a year of four digits.
fn numbers(cell: &str) -> Option<(i8, i8, i16)> {
    let parts: Vec<&str> = cell.split(['/', '.', '-']).map(str::trim).collect();
    let [a, b, year] = parts.as_slice() else { return None };
    let short = |part: &str| (1..=2).contains(&part.len());
    (short(a) && short(b) && year.len() == 4)
        .then(|| Some((a.parse().ok()?, b.parse().ok()?, year.parse().ok()?)))
        .flatten()
}

/// `15-Mar-1962`, `March 15, 1962`.
fn with_month_in_letters(cell: &str) -> Option<Date> {
    let words: Vec<&str> =
        cell.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let [a, b, year] = words.as_slice() else { return None };
    let year: i16 = (year.len() == 4).then(|| year.parse().ok()).flatten()?;
    let (month, day) = month(a).map(|month| (month, b)).or_else(|| month(b).map(|month| (month, a)))?;
    Date::new(year, month, day.parse().ok()?).ok()
}

fn month(word: &str) -> Option<i8> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = word.to_ascii_lowercase();
    let at = MONTHS.iter().position(|month| word.len() >= 3 && month.starts_with(&word))?;
    i8::try_from(at + 1).ok()
}

fn fault(cell: &str) -> Why {
    let parts = || cell.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let short = parts().count() == 3
        && parts().next_back().is_some_and(|year| year.len() == 2 && digits(year))
        && parts().all(|part| part.len() != 4 || !digits(part));
    let whole = cell.split('.').next().unwrap_or_default();
    let serial = (4..=5).contains(&whole.len()) && parts().all(digits) && parts().count() <= 2;
    match () {
        () if serial => Why::DaySerial,
        () if short => Why::ShortYear,
        () => Why::NoDate,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const DAY: Date = date(1962, 3, 15);

    fn alone(cell: &str) -> Result<Option<Date>, Why> {
        Style::of([cell].into_iter(), None).read(cell)
    }

    #[test]
    fn iso_hl7_and_months_in_letters_say_their_day_themselves() {
        for cell in [
            "1962-03-15",
            "19620315",
            "19620315120000",
            "196203151200",
            "1962-03-15T00:00:00",
            "1962-03-15 00:00:00.000",
            "15-Mar-1962",
            "15 March 1962",
            "Mar 15, 1962",
        ] {
            assert_eq!(alone(cell), Ok(Some(DAY)), "{cell}");
        }
        assert_eq!(alone(""), Ok(None));
    }

    #[test]
    fn a_written_date_is_read_as_the_whole_file_says_or_not_at_all() {
        let style = |cells: &[&'static str]| Style::of(cells.iter().copied(), None);
        assert_eq!(style(&["3/4/1962", "03/15/1962"]).read("3/4/1962"), Ok(Some(date(1962, 3, 4))));
        assert_eq!(style(&["3.4.1962", "15.03.1962"]).read("3.4.1962"), Ok(Some(date(1962, 4, 3))));
        assert_eq!(style(&["3/4/1962"]).read("3/4/1962"), Err(Why::AmbiguousDate));
        assert_eq!(style(&["3/3/1962"]).read("3/3/1962"), Ok(Some(date(1962, 3, 3))));
        let mixed = style(&["03/15/1962", "15/03/1962"]);
        assert_eq!(mixed.read("03/15/1962"), Err(Why::MixedDates));
        let said = Style::of(["3/4/1962"].into_iter(), Some(DateOrder::Dmy));
        assert_eq!(said.read("3/4/1962"), Ok(Some(date(1962, 4, 3))));
        assert_eq!(said.read("03/15/1962"), Err(Why::NoDate));
    }

    #[test]
    fn what_a_spreadsheet_has_mangled_is_a_fault() {
        for (cell, why) in [
            ("22720", Why::DaySerial),
            ("22720.0", Why::DaySerial),
            ("3/15/62", Why::ShortYear),
            ("15-Mar-62", Why::ShortYear),
            ("15.3.62", Why::ShortYear),
            ("1962-02-30", Why::NoDate),
            ("19621315", Why::NoDate),
            ("March", Why::NoDate),
            ("########", Why::NoDate),
        ] {
            assert_eq!(alone(cell), Err(why), "{cell}");
        }
    }
}
