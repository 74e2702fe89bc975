//! Is this a page that was scanned before? (`domain.md` AF-3, near-duplicates)
//!
//! Two pages are the same where at least 95 of 100 of their words are and they name the same person: the same form
//! filled in for somebody else has nearly all its words, too. A page that names nobody, or has few words, is never
//! taken for another.

use std::collections::BTreeSet;

use sha2::{Digest as _, Sha256};

use crate::identifier::canonical;
use crate::ids::PageNumber;
use crate::name::key;
use crate::reading::PageReading;
use crate::sighting::{Seen, Sighting, Stands};

/// The distinct words of a page, in the form in which they are compared.
#[derive(Clone, PartialEq, Eq)]
pub struct Wording(BTreeSet<String>);

/// Never shows the words.
impl std::fmt::Debug for Wording {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Wording({} words)", self.0.len())
    }
}

impl Wording {
    pub fn of(reading: &PageReading) -> Self {
        let words = reading.words.iter().map(|word| key(&word.text));
        Self(words.filter(|word| word.chars().count() > 1).collect())
    }

    /// Enough words to tell one page from another.
    pub fn is_telling(&self) -> bool {
        const ENOUGH: usize = 20;
        self.0.len() >= ENOUGH
    }

    /// At least 95 of 100 words are the same.
    pub fn is_same(&self, other: &Self) -> bool {
        let longer = self.0.len().max(other.0.len());
        longer > 0 && self.0.intersection(&other.0).count() * 100 >= longer * 95
    }
}

/// What near-duplicates of a page are found by: two keyed minima over its words, each bound to whom the page names.
/// Of two readings of one page at least one is equal in 99 of 100 cases; nothing of the words can be told from them
/// without the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PagePrint {
    pub page: PageNumber,
    pub hashes: [i64; 2],
}

impl PagePrint {
    /// None for a page that names nobody or has few words.
    pub fn of(
        page: PageNumber,
        reading: &PageReading,
        sightings: &[Sighting],
        key: &[u8; 16],
    ) -> Option<Self> {
        let wording = Wording::of(reading);
        let named = named(page, sightings);
        if named.is_empty() || !wording.is_telling() {
            return None;
        }
        let mut least = [u64::MAX; 2];
        for word in &wording.0 {
            let digest = Sha256::new().chain_update(key).chain_update(word).finalize();
            for (least, part) in least.iter_mut().zip(digest.chunks_exact(8)) {
                *least = (*least).min(number(part));
            }
        }
        let bound = |nth: usize| {
            let mut hash = Sha256::new().chain_update(key).chain_update([nth as u8]);
            hash.update(least[nth].to_be_bytes());
            named.iter().for_each(|one| hash.update(format!("{one}\n")));
            number(&hash.finalize()[..8]).cast_signed()
        };
        Some(Self { page, hashes: [bound(0), bound(1)] })
    }
}

fn number(bytes: &[u8]) -> u64 {
    u64::from_be_bytes(bytes.try_into().expect("eight bytes were taken"))
}

/// Whom a page names: its numbers, else names and birth dates.
fn named(page: PageNumber, sightings: &[Sighting]) -> BTreeSet<String> {
    let own = || sightings.iter().filter(|seen| seen.page == page && seen.stands != Stands::Body);
    let numbers: BTreeSet<String> = own()
        .filter_map(|seen| match &seen.what {
            Seen::Number { value, .. } => Some(canonical(value)),
            _ => None,
        })
        .collect();
    if !numbers.is_empty() {
        return numbers;
    }
    own()
        .filter_map(|seen| match &seen.what {
            Seen::Name(name) => Some(format!("{} {}", key(&name.family), key(&name.given))),
            Seen::BirthDate(day) => Some(day.to_string()),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Rect;
    use crate::reading::{Fault, FaultCode, ReaderVersion, Word};

    const PAGE: PageNumber = PageNumber(1);

    fn reading(words: impl IntoIterator<Item = String>) -> PageReading {
        let word = |text| Word { text, place: Rect::default(), confidence: 90.0, line: 0, on_picture: true };
        let blank = PageReading::unreadable(Fault::new(FaultCode::Empty, ""), ReaderVersion("test/1".into()));
        PageReading { words: words.into_iter().map(word).collect(), error: None, ..blank }
    }

    fn words(from: usize, upto: usize) -> impl Iterator<Item = String> {
        (from..upto).map(|nth| format!("word{nth}"))
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
    fn a_page_read_twice_with_errors_is_found_by_its_prints() {
        let found = (0..500).filter(|round| {
            let page: Vec<String> = words(round * 1000, round * 1000 + 150).collect();
            let mut again = page.clone();
            for nth in 0..4 {
                again[(round * 7 + nth * 31) % 150] = format!("misread{nth}");
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
        let pages: Vec<PageReading> =
            (0..100).map(|page| reading(words(page * 300, page * 300 + 300))).collect();
        let began = std::time::Instant::now();
        for page in pages.iter().cycle().take(2_000) {
            std::hint::black_box(print(page, "10482713"));
        }
        eprintln!("{:.1} µs a page", began.elapsed().as_secs_f64() * 1e6 / 2_000.0);
    }
}
