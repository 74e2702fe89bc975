//! Which words stand on made-up pages, how often, and how does an engine misread them?
//!
//! Commonness falls as Zipf found (with 1.05): the first words stand on every page, half of all words on one in
//! thousands. The words themselves are made of syllables, commoner ones shorter, the same on every machine.

use std::collections::BTreeSet;

use crate::dice::Dice;

/// Distinct words before any is misread.
pub(super) const COUNT: usize = 200_000;
const EXPONENT: f64 = 1.05;

/// A vocabulary and the chance of each word, for drawing in constant time (Walker's alias method).
pub(super) struct Words {
    /// Commonest first.
    words: Vec<String>,
    /// Where the word itself stays, in 2^32, and the word that takes the rest of its place.
    places: Vec<(u32, u32)>,
}

impl Words {
    pub(super) fn new() -> Self {
        let words = syllables();
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
        let place = ((thrown >> 32) * self.places.len() as u64 >> 32) as usize;
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

fn syllables() -> Vec<String> {
    const ONSETS: [&str; 24] = [
        "b", "c", "d", "f", "g", "h", "l", "m", "n", "p", "r", "s", "t", "v", "w", "br", "ch", "cr", "pl",
        "pr", "sh", "st", "th", "tr",
    ];
    const RIMES: [&str; 20] = [
        "a", "e", "i", "o", "u", "al", "an", "ar", "as", "en", "er", "es", "ic", "in", "is", "on", "or", "ed",
        "um", "ine",
    ];
    let mut dice = Dice::new(0x05EE_D0F0_1D5);
    let (mut known, mut words) = (BTreeSet::new(), Vec::with_capacity(COUNT));
    while words.len() < COUNT {
        let long = match words.len() {
            0..60 => 1,
            60..4_000 => 2,
            _ => 2 + dice.below(3),
        };
        let word: String = (0..long).map(|_| format!("{}{}", dice.pick(&ONSETS), dice.pick(&RIMES))).collect();
        if known.insert(word.clone()) {
            words.push(word);
        }
    }
    words
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
