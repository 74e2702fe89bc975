//! Is this a word, or can it only be a misreading of one?
//!
//! English and medicine, in one sorted text that is searched where it lies: nothing is loaded, and built is only a list
//! of where words with the same two first letters begin, since every word of every page is looked up. Where it comes
//! from and under which licences stands beside it (`lexicon/words.licence.txt`).

use std::sync::LazyLock;

const WORDS: &str = include_str!("lexicon/words.txt");

/// Whether the lexicon has this word, as [`crate::tokens`] folds it.
pub(crate) fn holds(word: &str) -> bool {
    let text = WORDS.as_bytes();
    let (mut low, mut high) = match word.as_bytes() {
        [first, second, ..] => {
            let Some(pair) = pair(*first, *second) else { return false };
            (BEGINS[pair], BEGINS[pair + 1])
        }
        _ => (0, text.len()),
    };
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

/// Where in the text the words with each two first letters begin; the last is its end.
static BEGINS: LazyLock<Vec<usize>> = LazyLock::new(|| {
    let mut begins = vec![0; LETTERS * LETTERS + 1];
    let mut at = 0;
    for word in WORDS.lines() {
        at += word.len() + 1;
        if let [first, second, ..] = word.as_bytes()
            && let Some(pair) = pair(*first, *second)
        {
            begins[pair + 1] = at;
        }
    }
    for pair in 1..begins.len() {
        begins[pair] = begins[pair].max(begins[pair - 1]);
    }
    begins
});

const LETTERS: usize = 26;

fn pair(first: u8, second: u8) -> Option<usize> {
    let letter = |byte: u8| byte.is_ascii_lowercase().then(|| usize::from(byte - b'a'));
    Some(letter(first)? * LETTERS + letter(second)?)
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
