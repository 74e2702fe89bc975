//! Which ink has been read? What no word covers is looked at again, and told to the clerk.

use records::geometry::Rect;
use records::reading::Word;

/// Words below this confidence cover nothing.
const COVERS: f32 = 30.0;

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
        let rows = Rows::of(words);
        let open: Vec<Rect> = letters.iter().copied().filter(|&letter| !rows.cover(letter)).collect();
        let (all, missed): (f64, f64) = (letters.iter().map(area).sum(), open.iter().map(area).sum());
        Self { open, open_share: if all > 0.0 { (missed / all) as f32 } else { 0.0 } }
    }
}

/// Boxes of words by the height at which they lie, so that a letter asks only a few.
struct Rows(Vec<Vec<Rect>>);

impl Rows {
    /// Height of one row, pixels.
    const HEIGHT: u32 = 64;

    fn of(words: &[Word]) -> Self {
        let mut rows: Vec<Vec<Rect>> = Vec::new();
        for word in words.iter().filter(|word| word.confidence >= COVERS) {
            let (first, last) = (word.place.y / Self::HEIGHT, word.place.bottom() / Self::HEIGHT);
            if rows.len() <= last as usize {
                rows.resize(last as usize + 1, Vec::new());
            }
            rows[first as usize..=last as usize].iter_mut().for_each(|row| row.push(word.place));
        }
        Self(rows)
    }

    fn cover(&self, letter: Rect) -> bool {
        let (x, y) = letter.centre();
        self.0.get((y / Self::HEIGHT) as usize).is_some_and(|row| row.iter().any(|word| word.holds(x, y)))
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
