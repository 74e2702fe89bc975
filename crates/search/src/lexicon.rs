//! Is this a word, or can it only be a misreading of one?
//!
//! English and medicine. Every word of every page is looked up, so they are put into a set once, in some milliseconds.
//! Where they come from and under which licences stands beside the list (`lexicon/words.licence.txt`).

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

const WORDS: &str = include_str!("lexicon/words.txt");

static SET: LazyLock<FxHashSet<&str>> = LazyLock::new(|| WORDS.lines().collect());

/// Whether the lexicon has this word, as [`crate::tokens`] folds it.
pub(crate) fn holds(word: &str) -> bool {
    SET.contains(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_english_and_medicine_are_known_and_misreadings_are_not() {
        for word in ["the", "ileum", "ilium", "warfarin", "lisinopril", "rhonchi", "smith", "hyperkalemia"] {
            assert!(holds(word), "{word}");
        }
        for word in
            ["", "warlarin", "predhlsone", "sureet", "ppropriate", "lodinated", "a\nb", "\u{1}the", "zzzz"]
        {
            assert!(!holds(word), "{word}");
        }
    }

    #[test]
    fn the_list_is_sorted_and_every_word_of_it_is_found() {
        let words: Vec<&str> = WORDS.lines().collect();
        assert!(words.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(words.iter().all(|word| holds(word) && word.bytes().all(|byte| byte.is_ascii_lowercase())));
        assert!(WORDS.len() < 1_000_000 && WORDS.ends_with('\n'));
    }
}
