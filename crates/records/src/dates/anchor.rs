//! What is a date the date of? The nearest word on its left, or above it, says so.

use jiff::civil::Date;

use crate::geometry::Rect;
use crate::ids::PageNumber;
use crate::kind::{ServiceDate, plain};
use crate::reading::PageReading;
use crate::sighting::row::{Row, rows};

use super::{Calendar, ReadDate};

/// What a date is the date of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// Of birth: never a date of service.
    Birth,
    /// A specimen was taken.
    Collected,
    /// Service, visit, exam, procedure.
    Service,
    Admitted,
    Discharged,
    /// Signed, dictated, reported, printed, received: what was done to the paper; never wins alone.
    Paper,
    Signed,
    /// "Date:" and nothing more.
    Plain,
    /// Expiry, lot, next appointment, form revision.
    Excluded,
    None,
}

/// A date with its meaning and place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateSeen {
    pub page: PageNumber,
    pub read: ReadDate,
    pub anchor: Anchor,
    /// The row it stands in.
    pub place: Rect,
    /// False where it may as well be another day (`domain.md` 5.2): the page prints dates in both orders.
    pub sure: bool,
}

/// Every date of a page.
pub fn seen(page: PageNumber, reading: &PageReading, calendar: Calendar) -> Vec<DateSeen> {
    let rows = rows(reading);
    let settled = calendar.settled_by(&rows.iter().map(Row::text).collect::<Vec<_>>().join("\n"));
    let mut dates = Vec::new();
    for (nth, row) in rows.iter().enumerate() {
        if row.tokens.iter().all(|token| token.digits() == 0) {
            continue;
        }
        let text = row.text();
        let mut from = 0;
        for (range, read) in settled.calendar.find(&text) {
            let mut anchor = anchor_in(&text[from..range.start]);
            if anchor == Anchor::None {
                anchor =
                    nth.checked_sub(1).map_or(Anchor::None, |above| above_of(&rows[above], row, range.start));
            }
            from = range.end;
            dates.push(DateSeen { page, read, anchor, place: row.place, sure: settled.is_sure(read) });
        }
    }
    dates
}

const ANCHORS: [(Anchor, &[&str]); 9] = [
    (Anchor::Birth, &["DOB", "D O B", "DATE OF BIRTH", "BIRTH DATE", "BIRTHDATE", "BORN"]),
    (Anchor::Collected, &["COLLECTED", "COLLECTION", "DRAWN", "COLLECTION DATE", "DATE COLLECTED"]),
    (
        Anchor::Service,
        &[
            "DATE OF SERVICE",
            "DOS",
            "SERVICE DATE",
            "VISIT DATE",
            "DATE OF VISIT",
            "EXAM DATE",
            "DATE OF EXAM",
            "STUDY DATE",
            "DATE OF STUDY",
            "PROCEDURE DATE",
            "DATE OF PROCEDURE",
            "SURGERY DATE",
            "DATE OF SURGERY",
            "DATE OF OPERATION",
            "ENCOUNTER DATE",
            "NOTE DATE",
            "DATE OF CONSULTATION",
            "SEEN ON",
        ],
    ),
    (
        Anchor::Admitted,
        &[
            "ADMIT",
            "ADMITTED",
            "ADMISSION",
            "ADM",
            "ADMIT DATE",
            "ADMISSION DATE",
            "DATE OF ADMISSION",
            "ARRIVAL",
        ],
    ),
    (Anchor::Discharged, &["DISCHARGE", "DISCHARGED", "DISCH", "DISCHARGE DATE", "DATE OF DISCHARGE"]),
    (Anchor::Signed, &["SIGNED", "DATE SIGNED", "SIGNATURE DATE"]),
    (
        Anchor::Paper,
        &[
            "DICTATED",
            "REPORTED",
            "PRINTED",
            "RECEIVED",
            "FAXED",
            "TRANSCRIBED",
            "REPORT DATE",
            "PRINT DATE",
            "PRINTED ON",
        ],
    ),
    (Anchor::Plain, &["DATE"]),
    (
        Anchor::Excluded,
        &[
            "EXP",
            "EXPIRES",
            "EXPIRATION DATE",
            "LOT",
            "EFFECTIVE",
            "EFFECTIVE DATE",
            "NEXT APPOINTMENT",
            "FOLLOW UP",
            "DUE",
            "DUE DATE",
            "REV",
            "REVISED",
            "LMP",
            "SINCE",
            "PRIOR",
        ],
    ),
];

/// The last anchor of a text, within six words of its end; the longer of two that end together.
fn anchor_in(text: &str) -> Anchor {
    const NEAR: usize = 6;
    let text = plain(text);
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    let near = &words[words.len().saturating_sub(NEAR)..];
    for end in (1..=near.len()).rev() {
        for start in 0..end {
            let phrase = near[start..end].join(" ");
            if let Some((anchor, _)) = ANCHORS.iter().find(|(_, phrases)| phrases.contains(&phrase.as_str()))
            {
                return *anchor;
            }
        }
    }
    Anchor::None
}

/// What stands above a date: the heading of its column. `at` is the byte in the row's text where it starts.
fn above_of(above: &Row<'_>, row: &Row<'_>, at: usize) -> Anchor {
    let mut from = 0;
    let Some(token) = row.tokens.iter().find(|token| {
        from += token.text.len() + 1;
        from > at
    }) else {
        return Anchor::None;
    };
    if row.place.y.saturating_sub(above.place.bottom()) > row.height * 3 / 2 {
        return Anchor::None;
    }
    let reach = Rect {
        x: token.place.x.saturating_sub(2 * row.height),
        w: token.place.w + 4 * row.height,
        ..above.place
    };
    let heading: Vec<&str> =
        above.tokens.iter().filter(|own| own.place.overlap(reach) > 0).map(|own| own.text).collect();
    anchor_in(&heading.join(" "))
}

/// The days of service, first and last. `None` is a usual answer: an unknown date never holds anything.
pub fn service(dates: &[DateSeen], rule: Option<ServiceDate>, today: Date) -> Option<(Date, Date)> {
    use Anchor::{Admitted, Collected, Discharged, Paper, Plain, Service, Signed};
    const STAY: &[Anchor] = &[Admitted, Discharged];
    const SERVICE: &[Anchor] = &[Service, Admitted, Discharged];
    let ranks: &[&[Anchor]] = match rule {
        Some(ServiceDate::Scan) => return None,
        Some(ServiceDate::Collected) => &[&[Collected], SERVICE, &[Plain]],
        Some(ServiceDate::Admit | ServiceDate::Discharge) => &[STAY, &[Service], &[Plain]],
        Some(ServiceDate::Signed) => &[&[Service], &[Signed], &[Plain]],
        Some(ServiceDate::Letter) => &[&[Service], &[Plain]],
        _ => &[SERVICE, &[Collected], &[Plain]],
    };
    debug_assert!(
        ranks.iter().all(|rank| !rank.contains(&Paper)),
        "what was done to the paper never wins alone"
    );
    for rank in ranks {
        let guessed = **rank == [Plain];
        let ranked: Vec<&DateSeen> = dates
            .iter()
            .filter(|seen| rank.contains(&seen.anchor))
            .filter(|seen| !guessed || is_plausible(seen.read.date, today))
            .collect();
        if ranked.iter().any(|seen| !seen.sure) {
            return None; // a person picks the day
        }
        let days = ranked.iter().map(|seen| seen.read.date).collect::<Vec<_>>();
        let (Some(first), Some(last)) = (days.iter().min(), days.iter().max()) else { continue };
        // Further apart than any stay: they are not the two ends of one service.
        const LONGEST: i32 = 400;
        let apart = first.until(*last).map_or(i32::MAX, |span| span.get_days());
        return (apart <= LONGEST).then_some((*first, *last));
    }
    None
}

fn is_plausible(day: Date, today: Date) -> bool {
    day <= today && day.year() >= today.year() - 110
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::sighting::row::tests::page;

    const TODAY: Date = date(2026, 3, 1);

    fn served(lines: &[(u32, u32, &str)], rule: ServiceDate) -> Option<(Date, Date)> {
        service(&seen(PageNumber(1), &page(lines), Calendar::month_first(TODAY)), Some(rule), TODAY)
    }

    #[test]
    fn collected_wins_over_reported_and_birth() {
        let lines = [(200, 100, "DOB: 03/15/1962 Collected: 01/05/2026 08:10 Reported: 01/06/2026")];
        assert_eq!(served(&lines, ServiceDate::Collected), Some((date(2026, 1, 5), date(2026, 1, 5))));
    }

    #[test]
    fn a_stay_has_two_ends() {
        let lines = [
            (200, 100, "Admitted: 01/02/2026"),
            (200, 160, "Discharged: 01/05/2026"),
            (200, 220, "Signed: 01/09/2026"),
        ];
        assert_eq!(served(&lines, ServiceDate::Discharge), Some((date(2026, 1, 2), date(2026, 1, 5))));
    }

    #[test]
    fn what_was_done_to_the_paper_is_no_date_of_service() {
        assert_eq!(served(&[(200, 100, "Printed: 01/09/2026 Exp 02/02/2027")], ServiceDate::Visit), None);
        assert_eq!(served(&[(200, 100, "DOB 03/15/1962")], ServiceDate::Visit), None);
    }

    /// domain.md 5.2: a date that is two holds the date, not the identity.
    #[test]
    fn a_day_that_may_be_another_is_no_date_of_service() {
        let lines = [(200, 100, "Date of Service: 01/05/2026"), (200, 160, "Date: 02/06/2026")];
        assert_eq!(served(&lines, ServiceDate::Visit), Some((date(2026, 1, 5), date(2026, 1, 5))));
        let day_first = [lines[0], (200, 220, "Printed 25/12/2025")];
        assert_eq!(served(&day_first, ServiceDate::Visit), Some((date(2026, 5, 1), date(2026, 5, 1))));
        let mixed = [lines[0], lines[1], (200, 220, "25/12/2025"), (200, 280, "12/25/2025")];
        assert_eq!(served(&mixed, ServiceDate::Visit), None);
    }

    #[test]
    fn a_heading_above_says_what_the_date_is() {
        let lines = [(200, 100, "Date of Service"), (200, 150, "01/05/2026")];
        assert_eq!(served(&lines, ServiceDate::Visit), Some((date(2026, 1, 5), date(2026, 1, 5))));
    }
}
