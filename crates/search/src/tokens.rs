//! What are the words of a text, as they are searched for?
//!
//! Clinic shorthand stays whole (`a&o`, `c/o`, `h&p`, `7.5`, `03/15/1962`), and its parts can be found, too. No stop
//! words (vitamin *A*), no stemming (drug names). Lower case, accents folded.

use records::reading::Word;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// A word as it is indexed: whole, and its parts if it has several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) whole: String,
    /// One part or more; a word of one part has the whole as its part.
    pub(crate) parts: Vec<String>,
}

/// The token of one printed word; `None`: nothing in it can be searched for.
pub(crate) fn token(word: &str) -> Option<Token> {
    let folded: String =
        word.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    let whole = folded.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let parts: Vec<String> =
        whole.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).map(ToOwned::to_owned).collect();
    (!parts.is_empty()).then_some(Token { whole, parts })
}

/// A term and the position it stands at, for phrases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Placed {
    pub(crate) text: String,
    pub(crate) position: usize,
}

/// All terms of a page. Parts count on; a whole stands where its first part stands, and so does a word that was
/// broken at the end of its line.
pub(crate) fn terms(words: &[Word]) -> Vec<Placed> {
    let mut terms = Vec::new();
    let mut position = 0;
    for (at, word) in words.iter().enumerate() {
        let Some(token) = token(&word.text) else { continue };
        if let Some(joined) = joined_over_line_end(words, at) {
            terms.push(Placed { text: joined, position });
        }
        if token.parts.len() > 1 {
            terms.push(Placed { text: token.whole, position });
        }
        for part in token.parts {
            terms.push(Placed { text: part, position });
            position += 1;
        }
    }
    terms
}

/// "prescrip-" at the end of a line and "tion" on the next are "prescription".
pub(crate) fn joined_over_line_end(words: &[Word], at: usize) -> Option<String> {
    let (first, second) = (&words[at], words.get(at + 1)?);
    let stem = first.text.strip_suffix('-').filter(|_| first.line != second.line)?;
    let both = token(&format!("{stem}{}", second.text))?;
    (both.parts.len() == 1 && stem.chars().all(char::is_alphabetic)).then_some(both.whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(word: &str) -> String {
        token(word).unwrap().whole
    }

    #[test]
    fn clinic_shorthand_survives() {
        for (word, wanted) in
            [("A&O", "a&o"), ("c/o", "c/o"), ("(H&P)", "h&p"), ("T2DM,", "t2dm"), ("B12.", "b12"), ("7.5", "7.5")]
        {
            assert_eq!(whole(word), wanted);
        }
        assert_eq!(whole("Ménière\u{2019}s"), "meniere\u{2019}s");
        assert!(token("—").is_none());
    }

    #[test]
    fn a_word_broken_at_a_line_end_is_found_whole() {
        let word = |text: &str, line| Word {
            text: text.into(),
            place: Default::default(),
            confidence: 90.0,
            line,
            on_picture: true,
        };
        let terms = terms(&[word("prescrip-", 0), word("tion", 1), word("given", 1)]);
        let texts: Vec<(&str, usize)> = terms.iter().map(|t| (t.text.as_str(), t.position)).collect();
        assert_eq!(texts, [("prescription", 0), ("prescrip", 0), ("tion", 1), ("given", 2)]);
    }
}
