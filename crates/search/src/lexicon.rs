//! Is this a word, or can it only be a misreading of one?
//!
//! English and medicine, in one sorted text that is searched where it lies: nothing is loaded, nothing is built. Where it
//! comes from and under which licences stands beside it (`lexicon/words.licence.txt`).

const WORDS: &str = include_str!("lexicon/words.txt");

/// Whether the lexicon has this word, as [`crate::tokens`] folds it.
pub(crate) fn holds(word: &str) -> bool {
    let text = WORDS.as_bytes();
    let (mut low, mut high) = (0, text.len());
    // Both bounds stand at the beginning of a line.
    while low < high {
        let middle = low + (high - low) / 2;
        let start = text[low..middle].iter().rposition(|byte| *byte == b'\n').map_or(low, |at| low + at + 1);
        let end = text[start..].iter().position(|byte| *byte == b'\n').map_or(text.len(), |at| start + at);
        match text[start..end].cmp(word.as_bytes()) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => low = end + 1,
            std::cmp::Ordering::Greater => high = start,
        }
    }
    false
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
