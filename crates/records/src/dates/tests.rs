//! Dates as people print them.

use jiff::civil::date;

use super::*;

const US: Calendar = Calendar { today: date(2026, 3, 1), order: DateOrder::Mdy };
const UK: Calendar = Calendar { order: DateOrder::Dmy, ..US };

#[test]
fn one_day_in_all_usual_forms() {
    for text in [
        "03/15/1962",
        "3/15/1962",
        "3-15-62",
        "03.15.1962",
        "1962-03-15",
        "1962/03/15",
        "1962-03-15T00:00:00",
        "15 Mar 1962",
        "15-MAR-62",
        "15MAR1962",
        "15th March 1962",
        "15th of March 1962",
        "March 15, 1962",
        "Mar. 15 1962",
        "Mar-15-1962",
        "March 15th, 1962",
        "Mar 15, 62",
        "Mar 15 '62",
        "15 Mar '62",
        "1962-Mar-15",
        "15/03/1962",
        "03 / 15 / 1962",
    ] {
        for calendar in [US, UK] {
            let read = calendar.parse(text).map(|read| read.date);
            assert_eq!(read, Some(date(1962, 3, 15)), "{text}");
        }
    }
}

#[test]
fn what_is_no_date_is_none() {
    for text in [
        "13/45/1962",
        "02/30/1962",
        "617-555-1234",
        "123-45-6789",
        "00123456",
        "10:30",
        "",
        "3/15",
        "May 10",
        "Mar 15 10",
        "120/80",
        "1.5-2.0",
        "2 marks 20",
    ] {
        assert_eq!(US.parse(text), None, "{text}");
    }
}

#[test]
fn two_digits_are_this_century_up_to_this_year() {
    let read = US.parse("12-JAN-26").unwrap();
    assert_eq!((read.date, read.short_year), (date(2026, 1, 12), true));
    assert_eq!(US.parse("01/12/27").unwrap().date, date(1927, 1, 12));
    assert!(!US.parse("01/12/2026").unwrap().short_year);
}

#[test]
fn a_date_that_may_be_two_is_marked() {
    assert!(US.parse("03/04/1962").unwrap().ambiguous);
    assert!(!US.parse("03/15/1962").unwrap().ambiguous);
    assert!(!US.parse("03/03/1962").unwrap().ambiguous);
}

/// domain.md 5.2: a locale flag decides.
#[test]
fn the_site_says_which_of_day_and_month_comes_first() {
    for (text, us, uk) in [
        ("03/04/1962", date(1962, 3, 4), date(1962, 4, 3)),
        ("03041962", date(1962, 3, 4), date(1962, 4, 3)),
        ("1962-03-04", date(1962, 3, 4), date(1962, 3, 4)),
    ] {
        assert_eq!(US.birth(text).unwrap().date, us, "{text}");
        assert_eq!(UK.birth(text).unwrap().date, uk, "{text}");
    }
}

/// domain.md 5.2: … unless another date on the page settles it; where those disagree, nothing does.
#[test]
fn the_other_dates_of_a_page_settle_the_order() {
    let day_first = US.settled_by("Seen 25/12/2025. DOB 03/04/1962");
    assert_eq!((day_first.calendar.order, day_first.sure), (DateOrder::Dmy, true));
    assert_eq!(UK.settled_by("Printed 12/25/2025").calendar.order, DateOrder::Mdy);
    assert_eq!(UK.settled_by("03/04/1962, 15 Mar 2020").calendar.order, DateOrder::Dmy);
    let mixed = US.settled_by("25/12/2025 and 12/25/2025");
    assert_eq!(mixed.calendar, US);
    assert!(!mixed.is_sure(US.parse("03/04/1962").unwrap()));
    assert!(mixed.is_sure(US.parse("03/15/1962").unwrap()));
}

#[test]
fn a_birth_date_may_have_no_marks_and_may_be_mended() {
    assert_eq!(US.birth("03151962").unwrap().date, date(1962, 3, 15));
    assert_eq!(US.birth("19620315").unwrap().date, date(1962, 3, 15));
    assert_eq!(US.birth("03 15 1962").unwrap().date, date(1962, 3, 15));
    let mended = US.birth("O3/l5/1962").unwrap();
    assert_eq!((mended.date, mended.mended), (date(1962, 3, 15), true));
    assert_eq!(US.birth("unknown"), None);
}

#[test]
fn all_dates_of_a_line_are_found() {
    let found = US.find("Collected 01/05/2026 08:10, DOB 3/15/62, reported January 6, 2026");
    let days: Vec<Date> = found.iter().map(|(_, read)| read.date).collect();
    assert_eq!(days, [date(2026, 1, 5), date(1962, 3, 15), date(2026, 1, 6)]);
}
