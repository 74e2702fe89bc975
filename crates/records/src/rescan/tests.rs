//! When is a page one that was scanned before?

use super::*;
use crate::geometry::Rect;
use crate::reading::{Fault, FaultCode, ReaderVersion, Word};

const PAGE: PageNumber = PageNumber(1);

fn reading(words: impl IntoIterator<Item = String>) -> PageReading {
    let word = |text| Word::new(text, Rect::default(), 90.0, 0);
    let blank = PageReading::unreadable(Fault::new(FaultCode::Empty, ""), ReaderVersion("test/1".into()));
    PageReading { words: words.into_iter().map(word).collect(), error: None, ..blank }
}

fn words(from: usize, upto: usize) -> impl Iterator<Item = String> {
    let letters =
        |nth: usize| nth.to_string().bytes().map(|digit| char::from(digit - b'0' + b'a')).collect::<String>();
    (from..upto).map(move |nth| format!("word{}", letters(nth)))
}

fn number(value: &str) -> Sighting {
    let what = Seen::Number { value: value.into(), kind: None, authority: None, symbol: None };
    let (text, place) = (value.into(), Rect::default());
    Sighting { page: PAGE, place, text, confidence: 90.0, what, stands: Stands::Field, witness: true }
}

fn print(reading: &PageReading, number_on_it: &str) -> PagePrint {
    PagePrint::of(PAGE, reading, &[number(number_on_it)], &[7; 16]).unwrap()
}

#[test]
fn ninety_five_of_a_hundred_words_are_the_same_page_and_ninety_four_are_not() {
    let first = Wording::of(&reading(words(0, 100)));
    assert!(first.is_same(&Wording::of(&reading(words(5, 100)))));
    assert!(!first.is_same(&Wording::of(&reading(words(6, 100)))));
    assert!(!first.is_same(&Wording::of(&reading(words(0, 106)))));
    assert!(!Wording::of(&reading([])).is_same(&Wording::of(&reading([]))));
}

#[test]
fn a_note_of_another_day_on_the_same_template_is_another_page() {
    let of = |day: &str| Wording::of(&reading(words(0, 100).chain(["10482713".into(), day.into()])));
    assert!(of("03/15/2026").is_same(&of("03/15/2026")));
    assert!(!of("03/15/2026").is_same(&of("03/16/2026")));
}

#[test]
fn a_page_read_twice_with_errors_is_found_by_its_prints() {
    let found = (0..500).filter(|round| {
        let page: Vec<String> = words(round * 1000, round * 1000 + 150).collect();
        let mut again = page.clone();
        for nth in 0..4 {
            again[(round * 7 + nth * 31) % 150] = format!("misread{}", ["a", "b", "c", "d"][nth]);
        }
        let (one, other) = (print(&reading(page), "10482713"), print(&reading(again), "10482713"));
        one.hashes.iter().zip(&other.hashes).any(|(a, b)| a == b)
    });
    assert!(found.count() >= 495, "at most one of a hundred may be missed");
}

#[test]
fn the_same_form_of_somebody_else_has_other_prints() {
    let form = reading(words(0, 100));
    let (one, other) = (print(&form, "10482713"), print(&form, "10926584"));
    assert!(one.hashes.iter().zip(&other.hashes).all(|(a, b)| a != b));
}

#[test]
fn a_page_of_few_words_or_of_nobody_has_none() {
    assert!(PagePrint::of(PAGE, &reading(words(0, 19)), &[number("10482713")], &[7; 16]).is_none());
    assert!(PagePrint::of(PAGE, &reading(words(0, 100)), &[], &[7; 16]).is_none());
    let on_another = Sighting { page: PageNumber(2), ..number("10482713") };
    assert!(PagePrint::of(PAGE, &reading(words(0, 100)), &[on_another], &[7; 16]).is_none());
}

#[test]
fn prints_of_another_key_say_nothing() {
    let form = reading(words(0, 100));
    let other = PagePrint::of(PAGE, &form, &[number("10482713")], &[8; 16]).unwrap();
    assert_ne!(print(&form, "10482713"), other);
}

#[test]
#[ignore = "a measurement: the prints of 2,000 pages of 300 words"]
#[expect(clippy::print_stderr, reason = "a measurement is printed")]
fn what_the_prints_of_a_page_cost() {
    let pages: Vec<PageReading> = (0..100).map(|page| reading(words(page * 300, page * 300 + 300))).collect();
    let began = std::time::Instant::now();
    for page in pages.iter().cycle().take(2_000) {
        std::hint::black_box(print(page, "10482713"));
    }
    eprintln!("{:.1} µs a page", began.elapsed().as_secs_f64() * 1e6 / 2_000.0);
}
