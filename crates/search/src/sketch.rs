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

use crate::placed::Known;
use crate::tokens::Printed;

/// Hashes of what stands on a page, by what it is; ascending.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Sketch {
    /// Of letters only.
    words: Vec<u16>,
    /// Numbers, alone or with a unit, that are nothing of the below.
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
    /// By what is known of the page's words. `None`: it has too few.
    pub(crate) fn of(reading: &PageReading, tokens: &[Option<Known<'_>>]) -> Option<Self> {
        let mut sorts: [Vec<u16>; 4] = Default::default();
        let words = reading.words.iter().zip(tokens);
        let tokens: Vec<(u32, &Printed<'_>)> =
            words.filter_map(|(word, known)| Some((word.line, &known.as_ref()?.token))).collect();
        for line in tokens.chunk_by(|one, next| one.0 == next.0).filter(|line| !is_added(line)) {
            for (_, token) in line {
                if let Some(sort) = sort(token) {
                    sorts[sort].push(hash(token.date.as_deref().unwrap_or(&token.whole)));
                }
            }
        }
        for sort in &mut sorts {
            sort.sort_unstable();
            sort.dedup();
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
        let digits = figures.and(dates).and(numbers);
        // What is misread of the words may be of the numbers, and one more where anything was misread.
        let misread = ((1.03 - same) * digits.size()) as usize + usize::from(same < 0.99);
        let enough = match same {
            same if same >= 0.95 => 0,
            same if same >= 0.85 => 3,
            same if same >= 0.75 => 6,
            same if same >= 0.7 => 10,
            _ => return false,
        };
        // A report of another day must never be called a copy, though that costs copies on which a day was misread. Only
        // where much else agrees may one day be missing.
        let lost = dates.one_only.max(dates.other_only);
        let dates_agree =
            dates.exchanged() == 0 && (lost == 0 || lost == 1 && dates.both >= 2 && figures.both >= 6);
        let person_agrees = match person {
            Person::Known => true,
            Person::Unknown => {
                numbers.both >= 1 && dates.both + numbers.both >= 2 && numbers.exchanged() == 0
            }
        };
        digits.both >= enough
            && dates_agree
            && person_agrees
            && digits.exchanged() <= misread
            // Another answer of the laboratory may have all of the first one, and more.
            && digits.one_only.max(digits.other_only) <= misread + 2
    }
}

/// A line that a fax or a printer has put on the page: a day, an hour and a page, from somebody.
fn is_added(line: &[(u32, &Printed<'_>)]) -> bool {
    let any = |is: &dyn Fn(&Printed<'_>) -> bool| line.iter().any(|(_, token)| is(token));
    let hour = |token: &Printed<'_>| token.whole.len() <= 6 && token.whole.contains(':');
    let said =
        |token: &Printed<'_>| matches!(&*token.whole, "fax" | "from" | "page" | "p" | "pg" | "printed");
    any(&|token| sort(token) == Some(2)) && any(&hour) && any(&said)
}

/// Words, figures, dates, numbers; `None`: too short to tell anything, or both letters and digits, as a misread word.
fn sort(token: &Printed<'_>) -> Option<usize> {
    if token.date.is_none() && token.whole.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return (token.whole.len() >= 3).then_some(0);
    }
    let digits = token.whole.chars().filter(char::is_ascii_digit).count();
    let letters = token.whole.chars().filter(|c| c.is_alphabetic()).count();
    let all = |part: &str, of: fn(&char) -> bool| part.chars().all(|c| of(&c));
    let dose =
        |number: &str, unit: &str| all(number, |c| !c.is_alphabetic()) && all(unit, |c| c.is_alphabetic());
    let slashes = token.whole.chars().filter(|c| *c == '/').count();
    match token.parts() {
        _ if token.date.is_some() || (letters == 0 && slashes == 2) => Some(2),
        _ if digits == 0 => (letters >= 3).then_some(0),
        // "136-145" is a range of values.
        [_] if letters == 0 && digits >= 6 => Some(3),
        _ if letters == 0 => Some(1),
        [number, unit] if dose(number, unit) => Some(1),
        _ => None,
    }
}

/// What two pages have of one sort, both, and one without the other.
#[derive(Clone, Copy)]
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

    fn and(self, other: Self) -> Self {
        Self {
            both: self.both + other.both,
            one_only: self.one_only + other.one_only,
            other_only: self.other_only + other.other_only,
        }
    }

    /// What each has that the other has not: it stands where the other has something else.
    fn exchanged(self) -> usize {
        self.one_only.min(self.other_only)
    }

    /// How many each has, on average.
    fn size(self) -> f32 {
        self.both as f32 + (self.one_only + self.other_only) as f32 / 2.0
    }

    /// How many of those the other has, too: 0 to 1.
    fn share(self) -> f32 {
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
