//! What does an engine make of good print? Letters it takes for others, now and then.

use super::dice::Dice;
use super::paper::Page;

/// Pairs that OCR takes for each other.
const CONFUSED: [(char, char); 7] =
    [('0', 'O'), ('1', 'l'), ('5', 'S'), ('8', 'B'), ('2', 'Z'), ('6', 'b'), ('I', 'l')];
/// Digits that a bad print turns into others: no known confusion, the dangerous kind.
const DIGITS: [(char, char); 5] = [('3', '8'), ('1', '7'), ('6', '8'), ('5', '6'), ('0', '9')];

/// What happened to the lines that carry identity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Harm {
    /// Letters or digits read as others.
    pub(super) misread: usize,
    /// Lines that were read with little confidence.
    pub(super) faint: usize,
}

/// Reads the page as an engine would: so many in a thousand lines have a letter wrong.
pub(super) fn read_badly(page: &mut Page, per_mille: usize, dice: &mut Dice) -> Harm {
    let mut harm = Harm::default();
    for line in &mut page.lines {
        line.confidence = line.confidence.min(88.0 + dice.below(110) as f32 / 10.0);
        if dice.per_mille(per_mille) {
            let swapped = swap_one(&mut line.text, dice);
            harm.misread += usize::from(swapped && line.identity);
        }
        if line.identity && dice.per_mille(per_mille / 4) {
            line.confidence = 30.0 + dice.below(250) as f32 / 10.0;
            harm.faint += 1;
        }
    }
    harm
}

fn swap_one(text: &mut String, dice: &mut Dice) -> bool {
    let mut letters: Vec<char> = text.chars().collect();
    let at = dice.below(letters.len());
    let pairs = CONFUSED.iter().chain(&DIGITS);
    let found = pairs.flat_map(|&(a, b)| [(a, b), (b, a)]).find(|(from, _)| *from == letters[at]);
    let Some((_, to)) = found else { return false };
    letters[at] = to;
    *text = letters.into_iter().collect();
    true
}
