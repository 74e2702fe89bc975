//! How many changes make one text another, and where in a text does another stand best?
//!
//! Myers' bit-parallel dynamic programming in blocks (Myers 1999, Hyyrö 2003): a page against a page takes well under
//! a millisecond.

use std::collections::HashMap;

/// Fewest letters put in, left out or replaced.
pub(super) fn changes(truth: &[char], read: &[char]) -> usize {
    if truth.is_empty() {
        return read.len();
    }
    scores(truth, read, 1).last().unwrap_or(truth.len())
}

/// The end (after it) and the cost of the cheapest stretch of `text` for a line; of several one that ends where a line
/// of the text does, or the first. `ends`: after which letters a line ends.
pub(super) fn best_stretch(line: &[char], text: &[char], ends: &[bool]) -> (usize, usize) {
    let costs = scores(line, text, 0).enumerate();
    let best = costs.min_by_key(|(at, cost)| (*cost, !ends[*at])).map(|(at, cost)| (at + 1, cost));
    best.filter(|(_, cost)| *cost <= line.len()).unwrap_or((0, line.len()))
}

/// For each prefix of `text` the cost of `pattern` against it; `top` is 1 if the text's beginning counts, or 0 if the
/// pattern may begin anywhere.
fn scores(pattern: &[char], text: &[char], top: i64) -> impl Iterator<Item = usize> {
    let blocks = pattern.len().div_ceil(64);
    let mut masks: HashMap<char, Vec<u64>> = HashMap::new();
    for (at, letter) in pattern.iter().enumerate() {
        masks.entry(*letter).or_insert_with(|| vec![0; blocks])[at / 64] |= 1 << (at % 64);
    }
    let none = vec![0_u64; blocks];
    let last_bit = (pattern.len() - 1) % 64;
    let (mut plus, mut minus) = (vec![!0_u64; blocks], vec![0_u64; blocks]);
    let mut score = pattern.len() as i64;
    text.iter()
        .map(move |letter| {
            let equal = masks.get(letter).unwrap_or(&none);
            let mut carry = top;
            for block in 0..blocks {
                let bit = if block + 1 == blocks { last_bit } else { 63 };
                carry = step(&mut plus[block], &mut minus[block], equal[block], carry, bit);
            }
            score += carry;
            score as usize
        })
        .collect::<Vec<_>>()
        .into_iter()
}

/// One column of one block; answers the difference at `bit` to the column before.
fn step(plus: &mut u64, minus: &mut u64, equal: u64, carry: i64, bit: usize) -> i64 {
    let down = u64::from(carry < 0);
    let vertical = equal | *minus;
    let equal = equal | down;
    let horizontal = ((equal & *plus).wrapping_add(*plus) ^ *plus) | equal;
    let up_bits = *minus | !(horizontal | *plus);
    let down_bits = *plus & horizontal;
    let out = (up_bits >> bit & 1) as i64 - (down_bits >> bit & 1) as i64;
    let up_bits = up_bits << 1 | u64::from(carry > 0);
    let down_bits = down_bits << 1 | down;
    *plus = down_bits | !(vertical | up_bits);
    *minus = up_bits & vertical;
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Dice;

    /// As it is written in textbooks.
    fn slow(a: &[char], b: &[char], anywhere: bool) -> Vec<usize> {
        let mut column: Vec<usize> = (0..=a.len()).collect();
        let mut last = Vec::new();
        for (at, y) in b.iter().enumerate() {
            let mut next = vec![if anywhere { 0 } else { at + 1 }];
            for (nth, x) in a.iter().enumerate() {
                let replaced = column[nth] + usize::from(x != y);
                next.push(replaced.min(column[nth + 1] + 1).min(next[nth] + 1));
            }
            column = next;
            last.push(column[a.len()]);
        }
        last
    }

    #[test]
    fn it_agrees_with_the_textbook() {
        let dice = &mut Dice::new(5);
        for length in [1, 7, 63, 64, 65, 128, 150, 300] {
            let mut text = |length: usize| -> Vec<char> {
                (0..length).map(|_| char::from(b'a' + dice.below(4) as u8)).collect()
            };
            let (a, b) = (text(length), text(200));
            for anywhere in [true, false] {
                let fast: Vec<usize> = scores(&a, &b, i64::from(!anywhere)).collect();
                assert_eq!(fast, slow(&a, &b, anywhere), "{length} letters, anywhere: {anywhere}");
            }
        }
    }

    #[test]
    fn a_line_is_found_where_it_stands() {
        let letters = |text: &str| text.chars().collect::<Vec<char>>();
        let text = letters("Glucose 104 Sodiurn 139 end");
        assert_eq!(best_stretch(&letters("Sodium 139"), &text, &vec![false; text.len()]), (23, 2));
        let text = letters("the dog ran the dog");
        let ends: Vec<bool> = (0..text.len()).map(|at| at + 1 == text.len()).collect();
        assert_eq!(
            best_stretch(&letters("the dog"), &text, &ends),
            (19, 0),
            "the line, not a part of another"
        );
    }
}
