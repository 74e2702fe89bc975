//! Which ink has been read? What no word covers is looked at again, and told to the clerk.

use records::geometry::Rect;
use records::reading::Word;

use super::shelf::Shelf;

/// Words below this confidence cover nothing.
pub(super) const COVERS: f32 = 30.0;

/// Letters, and which of them no word covers.
pub struct Coverage {
    /// Boxes of letters whose middle lies in no word.
    pub open: Vec<Rect>,
    /// Share of the letters' area that they are, 0 to 1; 0 where there are no letters.
    pub open_share: f32,
}

impl Coverage {
    pub fn of(letters: &[Rect], words: &[Word]) -> Self {
        let area = |letter: &Rect| f64::from(letter.w) * f64::from(letter.h);
        let covering = words.iter().filter(|word| word.confidence >= COVERS).map(|word| word.place);
        let covered = Shelf::of(covering);
        let open: Vec<Rect> =
            letters.iter().copied().filter(|letter| !covered.holds(letter.centre())).collect();
        let (all, missed): (f64, f64) = (letters.iter().map(area).sum(), open.iter().map(area).sum());
        Self { open, open_share: if all > 0.0 { (missed / all) as f32 } else { 0.0 } }
    }
}

/// Mean confidence of the words, 0 to 100; 0 where there are none.
pub fn mean_confidence(words: &[Word]) -> f32 {
    let sum: f32 = words.iter().map(|word| word.confidence).sum();
    if words.is_empty() { 0.0 } else { sum / words.len() as f32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(x: u32, confidence: f32) -> Word {
        let place = Rect { x, y: 100, w: 90, h: 30 };
        Word::new("x", place, confidence, 0)
    }

    #[test]
    fn letters_outside_words_and_under_doubtful_ones_are_open() {
        let letters: Vec<_> = (0..4).map(|i| Rect { x: i * 100 + 20, y: 105, w: 10, h: 20 }).collect();
        let seen = Coverage::of(&letters, &[word(0, 90.0), word(100, 20.0), word(300, 31.0)]);
        assert_eq!(seen.open, [letters[1], letters[2]]);
        assert!((seen.open_share - 0.5).abs() < 1e-6);
        assert_eq!(Coverage::of(&[], &[]).open_share, 0.0);
    }
}
