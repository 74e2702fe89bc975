//! Which words stand on made-up pages, how often, and how does an engine misread them?
//!
//! Commonness falls as Zipf found (with 1.05): the first words stand on every page, half of all words on one in
//! thousands. Words of the lexicon come first, short ones before all; behind them stand as many names again, made of
//! syllables, as every house has words that no list knows.

use std::collections::BTreeSet;

use crate::dice::Dice;

/// Distinct words before any is misread.
pub(super) const COUNT: usize = 200_000;
const EXPONENT: f64 = 1.05;
const LEXICON: &str = include_str!("../../../../search/src/lexicon/words.txt");

/// A vocabulary and the chance of each word, for drawing in constant time (Walker's alias method).
pub(super) struct Words {
    /// Commonest first.
    words: Vec<String>,
    /// Where the word itself stays, in 2^32, and the word that takes the rest of its place.
    places: Vec<(u32, u32)>,
}

impl Words {
    pub(super) fn new() -> Self {
        let words = words();
        let shares: Vec<f64> = (1..=words.len()).map(|rank| (rank as f64).powf(-EXPONENT)).collect();
        let places = alias(&shares);
        Self { words, places }
    }

    pub(super) fn at(&self, rank: usize) -> &str {
        &self.words[rank.min(self.words.len() - 1)]
    }

    /// By commonness, as it stands in a text.
    pub(super) fn draw(&self, dice: &mut Dice) -> usize {
        let thrown = dice.next();
        let place = (((thrown >> 32) * self.places.len() as u64) >> 32) as usize;
        let (stays, other) = self.places[place];
        if thrown as u32 <= stays { place } else { other as usize }
    }

    /// Words of every band alike: as many of the first ten as of the next ninety.
    pub(super) fn draw_band(&self, dice: &mut Dice) -> usize {
        let rank = (f64::from(dice.unit()) * (self.words.len() as f64).ln()).exp();
        (rank as usize).clamp(1, self.words.len()) - 1
    }
}

/// As engines misread: a letter for one or two like it, one lost, one too many.
pub(super) fn misread(word: &str, dice: &mut Dice) -> String {
    const LIKE: [(&str, &str); 16] = [
        ("rn", "m"),
        ("m", "rn"),
        ("i", "l"),
        ("l", "i"),
        ("e", "c"),
        ("c", "e"),
        ("h", "b"),
        ("cl", "d"),
        ("t", "f"),
        ("f", "t"),
        ("n", "u"),
        ("u", "ii"),
        ("a", "o"),
        ("o", "a"),
        ("s", "a"),
        ("g", "q"),
    ];
    let mut letters: Vec<char> = word.chars().collect();
    let at = dice.below(letters.len());
    let from = dice.below(LIKE.len());
    let alike = LIKE.iter().cycle().skip(from).take(LIKE.len()).find(|(seen, _)| word.contains(seen));
    match (dice.below(10), alike) {
        (0..6, Some((seen, read))) => return word.replacen(seen, read, 1),
        (6 | 7, _) if letters.len() > 2 => drop(letters.remove(at)),
        (8, _) => letters.insert(at, letters[at]),
        _ => letters[at] = char::from(b'a' + dice.below(26) as u8),
    }
    letters.into_iter().collect()
}

/// The lexicon in an order of its own, then names.
fn words() -> Vec<String> {
    /// So many are short, and how short: the commonest words of a language are.
    const SHORT: [(usize, usize); 3] = [(60, 3), (3_000, 6), (20_000, 9)];
    let mut dice = Dice::new(0x05EE_D0F0_01D5);
    let mut left: Vec<(u64, &str)> = LEXICON.lines().map(|word| (dice.next(), word)).collect();
    left.sort_unstable();
    let mut words: Vec<String> = Vec::with_capacity(COUNT);
    for (until, letters) in SHORT {
        let fits = |word: &str| (2..=letters).contains(&word.len());
        let wanted = until - words.len();
        words.extend(
            left.iter().filter(|(_, word)| fits(word)).take(wanted).map(|(_, word)| (*word).to_owned()),
        );
        let mut taken = 0;
        left.retain(|(_, word)| {
            let take = taken < wanted && fits(word);
            taken += usize::from(take);
            !take
        });
    }
    words.extend(left.into_iter().map(|(_, word)| word.to_owned()));
    let mut known: BTreeSet<String> = words.iter().cloned().collect();
    while words.len() < COUNT {
        let name = name(&mut dice);
        if known.insert(name.clone()) {
            words.push(name);
        }
    }
    words
}

fn name(dice: &mut Dice) -> String {
    const ONSETS: [&str; 24] = [
        "b", "c", "d", "f", "g", "h", "l", "m", "n", "p", "r", "s", "t", "v", "w", "br", "ch", "cr", "pl",
        "pr", "sh", "st", "th", "tr",
    ];
    const RIMES: [&str; 20] = [
        "a", "e", "i", "o", "u", "al", "an", "ar", "as", "en", "er", "es", "ic", "in", "is", "on", "or",
        "ed", "um", "ine",
    ];
    let syllables = 2 + dice.below(3);
    (0..syllables).map(|_| format!("{}{}", dice.pick(&ONSETS), dice.pick(&RIMES))).collect()
}

fn alias(shares: &[f64]) -> Vec<(u32, u32)> {
    let scale = shares.len() as f64 / shares.iter().sum::<f64>();
    let mut left: Vec<f64> = shares.iter().map(|share| share * scale).collect();
    let mut places = vec![(u32::MAX, 0); shares.len()];
    let (mut small, mut large): (Vec<usize>, Vec<usize>) = (0..left.len()).partition(|at| left[*at] < 1.0);
    while let (Some(poor), Some(rich)) = (small.pop(), large.last().copied()) {
        places[poor] = ((left[poor] * f64::from(u32::MAX)) as u32, rich as u32);
        left[rich] -= 1.0 - left[poor];
        if left[rich] < 1.0 {
            large.pop();
            small.push(rich);
        }
    }
    places
}
