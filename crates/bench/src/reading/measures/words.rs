//! Which words, numbers and neighbours were found?

use std::collections::HashMap;
use std::hash::Hash;

use super::Score;

pub(super) fn count(truth: &[String], output: &[String], score: &mut Score) {
    let (truth, output) = (words(truth), words(output));
    let bag = |lines: &[Vec<String>]| bag(lines.iter().flatten().cloned());
    let (expected, found) = (bag(&truth), bag(&output));
    score.words = expected.values().sum();
    score.output_words = found.values().sum();
    score.common_words = common(&expected, &found);
    let numbers: HashMap<String, usize> =
        expected.into_iter().filter(|(word, _)| word.contains(|c: char| c.is_ascii_digit())).collect();
    score.numbers = numbers.values().sum();
    score.numbers_wrong = score.numbers - common(&numbers, &found);
    let pairs = |lines: &[Vec<String>]| -> HashMap<(String, String), usize> {
        let pairs = lines.iter().flat_map(|line| line.windows(2));
        self::bag(pairs.map(|pair| (pair[0].clone(), pair[1].clone())))
    };
    let (expected, found) = (pairs(&truth), pairs(&output));
    score.bigrams = expected.values().sum();
    score.bigrams_found = common(&expected, &found);
}

/// Without the punctuation around them, as a search sees them; what is punctuation only is none.
fn words(lines: &[String]) -> Vec<Vec<String>> {
    let trimmed = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let lines =
        lines.iter().map(|line| line.split(' ').map(trimmed).filter(|word| !word.is_empty()).collect());
    lines.collect()
}

fn bag<T: Eq + Hash>(things: impl Iterator<Item = T>) -> HashMap<T, usize> {
    let mut bag = HashMap::new();
    for thing in things {
        *bag.entry(thing).or_insert(0) += 1;
    }
    bag
}

fn common<T: Eq + Hash>(one: &HashMap<T, usize>, other: &HashMap<T, usize>) -> usize {
    one.iter().map(|(thing, count)| *count.min(other.get(thing).unwrap_or(&0))).sum()
}
