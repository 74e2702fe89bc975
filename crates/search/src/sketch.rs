//! What is kept of a page so that its copies can be told, without its words?
//!
//! Hashes of 16 bits: of its words those that hash lowest, of its figures, dates and long numbers (nearly) all. How much
//! two pages share is read off them; nothing of the page can be read off them alone.
//!
//! Copies have the same words *as well as* the same numbers: a machine that misreads one word of ten misreads about one
//! number of ten. The same form of another day has all the words and other numbers. So the words say how badly the pages
//! were read, and the numbers have to agree as well as that.

use std::collections::BTreeSet;

use records::reading::PageReading;

use crate::tokens::{Token, token};

/// Hashes of what stands on a page, by what it is; ascending.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Sketch {
    /// Of letters only.
    words: Vec<u16>,
    /// Whatever has a digit and is nothing of the below.
    figures: Vec<u16>,
    dates: Vec<u16>,
    /// Of six digits and more, in one piece.
    numbers: Vec<u16>,
}

/// Whether a chart already says that two pages are of one person.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Person {
    Known,
    /// The pages themselves have to say it.
    Unknown,
}

/// Hashes kept of each sort: words, figures, dates, numbers.
const KEPT: [usize; 4] = [48, 48, 12, 12];
/// Hashes that copies are found by, of words and of what has digits.
const BANDS: usize = 4;
/// With fewer words no page can be told from another.
const TELLING: usize = 12;
/// Raised whenever the same page would have another sketch.
pub(crate) const VERSION: u32 = 1;

impl Sketch {
    /// `None`: it has too few words.
    pub(crate) fn of(reading: &PageReading) -> Option<Self> {
        let mut sorts: [BTreeSet<u16>; 4] = Default::default();
        for word in reading.words.iter().filter(|word| word.legible) {
            let Some(token) = token(&word.text) else { continue };
            if let Some(sort) = sort(&token) {
                sorts[sort].insert(hash(token.date.as_ref().unwrap_or(&token.whole)));
            }
        }
        if sorts[0].len() < TELLING {
            return None;
        }
        let mut kept = sorts.into_iter().zip(KEPT).map(|(sort, most)| sort.into_iter().take(most).collect());
        let mut next = || kept.next().unwrap_or_default();
        Some(Self { words: next(), figures: next(), dates: next(), numbers: next() })
    }

    /// What to look for its copies by: of two readings of one page nearly always most are equal.
    pub(crate) fn bands(&self) -> BTreeSet<u64> {
        let digits = || self.digits().collect::<BTreeSet<u16>>();
        let words = self.words.iter().take(BANDS).map(|hash| u64::from(*hash));
        words.chain(digits().into_iter().take(BANDS).map(|hash| u64::from(hash) | 1 << 16)).collect()
    }

    fn digits(&self) -> impl Iterator<Item = u16> {
        self.figures.iter().chain(&self.dates).chain(&self.numbers).copied()
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let sorts = [&self.words, &self.figures, &self.dates, &self.numbers];
        let mut bytes: Vec<u8> = sorts.iter().map(|sort| sort.len() as u8).collect();
        bytes.extend(sorts.into_iter().flatten().flat_map(|hash| hash.to_le_bytes()));
        bytes
    }

    /// `None`: these are not the bytes of a sketch.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (counts, hashes) = bytes.split_first_chunk::<4>()?;
        let mut hashes = hashes.as_chunks::<2>().0.iter().map(|hash| u16::from_le_bytes(*hash));
        let mut next = |count: u8| {
            let sort: Vec<u16> = hashes.by_ref().take(usize::from(count)).collect();
            (sort.len() == usize::from(count)).then_some(sort)
        };
        let [words, figures, dates, numbers] = counts.map(&mut next);
        Some(Self { words: words?, figures: figures?, dates: dates?, numbers: numbers? })
    }

    /// Whether one looks like a copy of the other.
    pub(crate) fn is_like(&self, other: &Self, person: Person) -> bool {
        let words = Common::of(&self.words, &other.words, KEPT[0]);
        let figures = Common::of(&self.figures, &other.figures, KEPT[1]);
        let dates = Common::of(&self.dates, &other.dates, KEPT[2]);
        let numbers = Common::of(&self.numbers, &other.numbers, KEPT[3]);
        let same = words.share();
        let digits = figures.and(&dates).and(&numbers);
        // What is misread of the words, and a little, may be of the numbers.
        let misread = |of: &Common| ((1.03 - same) * of.size()) as usize;
        let dates_agree = match dates.exchanged() {
            0 => true,
            // Of many dates one may have been misread for another, where words were.
            1 => dates.both >= 3 && same < 0.97,
            _ => false,
        };
        let enough = match same {
            same if same >= 0.95 => 0,
            same if same >= 0.85 => 3,
            same if same >= 0.75 => 5,
            same if same >= 0.55 => 10,
            _ => return false,
        };
        let person_agrees = match person {
            Person::Known => true,
            Person::Unknown => {
                numbers.both >= 1
                    && dates.both + numbers.both >= 2
                    && dates.exchanged() + numbers.exchanged() == 0
            }
        };
        digits.both >= enough
            && dates_agree
            && person_agrees
            && digits.exchanged() <= misread(&digits)
            // A fax adds a line of its own: a day, an hour, a number and a page.
            && digits.one_only.max(digits.other_only) <= misread(&digits) + 6
    }
}

/// Words, figures, dates, numbers; `None`: too short to tell anything.
fn sort(token: &Token) -> Option<usize> {
    let digits = token.whole.chars().filter(char::is_ascii_digit).count();
    let slashes = token.whole.chars().filter(|c| *c == '/').count();
    match digits {
        _ if token.date.is_some() || (digits >= 4 && slashes == 2) => Some(2),
        0 => (token.whole.chars().count() >= 3).then_some(0),
        // "136-145" is a range of values.
        6.. if token.parts.len() == 1 => Some(3),
        _ => Some(1),
    }
}

/// What two pages have of one sort, both, and one without the other.
struct Common {
    both: usize,
    one_only: usize,
    other_only: usize,
}

impl Common {
    /// Of what hashes lowest on either: what is kept of both is comparable only as far as both reach.
    fn of(one: &[u16], other: &[u16], kept: usize) -> Self {
        let reach =
            |all: &[u16]| if all.len() < kept { u16::MAX } else { all.last().copied().unwrap_or(u16::MAX) };
        let reach = reach(one).min(reach(other));
        let within = |all: &[u16]| all.iter().filter(|hash| **hash <= reach).count();
        let both = one.iter().filter(|hash| **hash <= reach && other.binary_search(hash).is_ok()).count();
        Self { both, one_only: within(one) - both, other_only: within(other) - both }
    }

    fn and(self, other: &Self) -> Self {
        Self {
            both: self.both + other.both,
            one_only: self.one_only + other.one_only,
            other_only: self.other_only + other.other_only,
        }
    }

    /// What each has that the other has not: it stands where the other has something else.
    fn exchanged(&self) -> usize {
        self.one_only.min(self.other_only)
    }

    /// How many each has, on average.
    fn size(&self) -> f32 {
        self.both as f32 + (self.one_only + self.other_only) as f32 / 2.0
    }

    /// How many of those the other has, too: 0 to 1.
    fn share(&self) -> f32 {
        if self.both == 0 { 0.0 } else { self.both as f32 / self.size() }
    }
}

/// FNV-1a, its bits mixed once more; the same for ever, as the index keeps it.
fn hash(word: &str) -> u16 {
    let fnv = word.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    let mixed = (fnv ^ (fnv >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 48) as u16
}
