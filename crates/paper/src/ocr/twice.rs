//! Which ink was read twice?
//!
//! Where the engine weighs another path it sometimes gives a digit or a short word again, in a part of its own box. And
//! what is looked at again because it was doubtful is there already, as it was read first.

use records::geometry::Rect;
use records::reading::Word;

use super::coverage::COVERS;

/// Takes away words that stand in the box of the one before them and say the same.
pub fn merge(words: &mut Vec<Word>) {
    words.dedup_by(|word, before| {
        let (own, other) = (word.place, before.place);
        // Boxes of two letters hardly touch.
        let same_ink = 3 * across(own, other) >= own.w.min(other.w) && is_level(own, other);
        let again = word.line == before.line && word.text == before.text && same_ink;
        if again {
            before.place = other.union(own);
        }
        again
    });
}

/// Takes away doubtful words where `new` ones stand, and new ones that say only a part of what stands there.
pub(super) fn settle(words: &mut Vec<Word>, new: &mut Vec<Word>) {
    words.retain(|old| {
        let over = |word: &Word| {
            is_level(old.place, word.place)
                && 2 * across(old.place, word.place) > old.place.w.min(word.place.w)
        };
        let there: Vec<&Word> = new.iter().filter(|word| over(word)).collect();
        if old.confidence >= COVERS || there.is_empty() {
            return true;
        }
        let covered: u32 = there.iter().map(|word| across(old.place, word.place)).sum();
        let said = plain(&there.iter().map(|word| word.text.as_str()).collect::<String>());
        // A box is a little wider where the engine is in doubt.
        if plain(&old.text) == said || 5 * covered >= 4 * old.place.w {
            return false;
        }
        if plain(&old.text).contains(&said) && !has_word(&old.text, &said) {
            new.retain(|word| !over(word));
        }
        true
    });
}

/// Whether a word stands by itself among signs: "YY" in "MM_DD__YY".
fn has_word(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric()).any(|part| plain(part) == word)
}

fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Pixels that two boxes share from left to right.
fn across(a: Rect, b: Rect) -> u32 {
    a.right().min(b.right()).saturating_sub(a.x.max(b.x))
}

/// Whether two boxes share more than half the height of the lower one.
fn is_level(a: Rect, b: Rect) -> bool {
    2 * a.bottom().min(b.bottom()).saturating_sub(a.y.max(b.y)) > a.h.min(b.h)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str, x: u32, w: u32, confidence: f32) -> Word {
        Word::new(text, Rect { x, y: 100, w, h: 30 }, confidence, 0)
    }

    fn texts(words: &[Word]) -> Vec<&str> {
        words.iter().map(|word| word.text.as_str()).collect()
    }

    #[test]
    fn a_digit_given_again_in_half_of_its_box_is_one() {
        let mut words =
            vec![word("2", 602, 11, 96.0), word("2", 608, 5, 95.0), word("months", 622, 83, 95.0)];
        merge(&mut words);
        assert_eq!(texts(&words), ["2", "months"]);
    }

    #[test]
    fn the_same_value_in_two_cells_is_two() {
        let mut words = vec![word("2", 602, 11, 96.0), word("2", 614, 11, 95.0)];
        merge(&mut words);
        assert_eq!(words.len(), 2);
    }

    fn settled(old: Word, new: &[Word]) -> (bool, usize) {
        let (mut words, mut new) = (vec![old], new.to_vec());
        settle(&mut words, &mut new);
        (words.len() == 1, new.len())
    }

    #[test]
    fn what_a_second_look_is_sure_of_takes_the_place_of_what_was_doubtful() {
        assert_eq!(settled(word("17,5", 100, 80, 12.0), &[word("17.5", 101, 78, 94.0)]), (false, 1));
        assert_eq!(
            settled(
                word("rnorethan", 100, 180, 12.0),
                &[word("more", 100, 80, 94.0), word("than", 195, 85, 94.0)]
            ),
            (false, 2)
        );
    }

    #[test]
    fn a_part_of_a_doubtful_word_does_not_take_its_place() {
        assert_eq!(settled(word("applied", 209, 106, 24.0), &[word("plied", 241, 73, 97.0)]), (true, 0));
    }

    #[test]
    fn a_word_of_a_doubtful_row_of_them_stays() {
        assert_eq!(settled(word("MM_DD__YY|ser", 209, 300, 4.0), &[word("YY", 341, 40, 97.0)]), (true, 1));
    }

    #[test]
    fn what_stands_beside_a_doubtful_word_is_new() {
        assert_eq!(settled(word("x", 100, 30, 12.0), &[word("139", 140, 60, 94.0)]), (true, 1));
    }
}
