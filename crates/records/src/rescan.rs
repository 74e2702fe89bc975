//! Is this a page that was scanned before? (`domain.md` AF-3, near-duplicates)
//!
//! Two pages are the same where at least 95 of 100 of their words are, of all and of those with digits, and they name
//! the same person: the same form filled in for somebody else, or on another day, has nearly all its words, too. A page
//! that names nobody, or has few words, is never taken for another.

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

    /// The words of several sides together.
    pub fn of_all<'r>(readings: impl IntoIterator<Item = &'r PageReading>) -> Self {
        Self(readings.into_iter().flat_map(|reading| Self::of(reading).0).collect())
    }

    /// At least 60 of 100 words of this sheet, which has twenty or more, are on the other (`domain.md` 2.14, D-4).
    pub fn is_mostly_on(&self, other: &Self) -> bool {
        self.is_telling() && self.0.intersection(&other.0).count() * 100 >= self.0.len() * 60
    }

    /// Enough words to tell one page from another.
    pub fn is_telling(&self) -> bool {
        const ENOUGH: usize = 20;
        self.0.len() >= ENOUGH
    }

    /// At least 95 of 100 words are the same, and 95 of 100 of those with digits: a note of the next day on the same
    /// template is another page.
    pub fn is_same(&self, other: &Self) -> bool {
        let has_digits = |word: &&String| word.contains(|c: char| c.is_ascii_digit());
        let digits = |own: &Self| own.0.iter().filter(has_digits).count();
        let alike = |common: usize, longer: usize| common * 100 >= longer * 95;
        let common = || self.0.intersection(&other.0);
        let longer = self.0.len().max(other.0.len());
        longer > 0
            && alike(common().count(), longer)
            && alike(common().filter(has_digits).count(), digits(self).max(digits(other)))
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
mod tests;
