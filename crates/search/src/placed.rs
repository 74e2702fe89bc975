//! Where do the terms of a page stand?
//!
//! In the order of its text; and once more by rows, where the text has them apart, as in a table that was read by
//! columns. What else the engine took a word for stands where the word does, as a term of another make.

use std::borrow::Cow;
use std::ops::Range;

use records::reading::{PageReading, Word, rows};

use crate::lexicon;
use crate::tokens::{Printed, is_month, printed, spoken_date, token};

/// A term, the position it stands at, and the words of the page it was made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Placed<'a> {
    pub(crate) text: Cow<'a, str>,
    pub(crate) position: usize,
    pub(crate) words: Range<usize>,
}

/// White space between what does not stand side by side, in positions: no phrase reaches over it.
const APART: usize = 8;

/// All terms of a page, by what is known of its words. What is not legible has none.
pub(crate) fn terms<'a>(reading: &'a PageReading, tokens: &'a [Option<Known<'a>>]) -> Vec<Placed<'a>> {
    // A page has some more terms than words.
    let terms = Vec::with_capacity(reading.words.len() * 5 / 4);
    let mut page = Page { words: &reading.words, tokens, terms, position: 0 };
    (0..reading.words.len()).for_each(|at| page.place(at));
    for row in rows(reading).into_iter().filter(|row| is_torn(row)) {
        page.position += APART;
        row.into_iter().flatten().for_each(|at| page.place(at));
    }
    // The index takes the places of a term in their order only, and a doubtful part may have been placed ahead.
    page.terms.sort_by_key(|term| term.position);
    page.terms
}

/// A row of a table whose cells the text has apart. Lines of two columns of prose that lie at one height are none.
fn is_torn(row: &[Range<usize>]) -> bool {
    /// Words of a cell.
    const CELL: usize = 3;
    let mut pairs = row.windows(2);
    let apart = row.windows(2).any(|pair| pair[0].end != pair[1].start);
    apart && pairs.any(|pair| pair[0].len().min(pair[1].len()) <= CELL)
}

/// What is asked of a word again and again.
pub(crate) struct Known<'a> {
    pub(crate) token: Printed<'a>,
    /// The lexicon has it.
    is_word: bool,
}

impl<'a> Known<'a> {
    fn of(word: &'a Word) -> Option<Self> {
        let token = printed(&word.text).filter(|_| word.legible)?;
        Some(Self { is_word: lexicon::holds(&token.whole), token })
    }
}

/// Of each word of a page; `None`: nothing in it is searched for.
pub(crate) fn known(reading: &PageReading) -> Vec<Option<Known<'_>>> {
    reading.words.iter().map(Known::of).collect()
}

struct Page<'a> {
    words: &'a [Word],
    tokens: &'a [Option<Known<'a>>],
    terms: Vec<Placed<'a>>,
    /// Of the next term.
    position: usize,
}

impl<'a> Page<'a> {
    /// Places the terms of a word. Parts count on; a whole stands where its first part stands, and so does a word that
    /// was broken at the end of its line.
    fn place(&mut self, at: usize) {
        let (word, tokens) = (&self.words[at], self.tokens);
        let Some(Known { token: own, .. }) = &tokens[at] else {
            if self.is_upright_stroke_for_i(at) {
                self.put(alternative("i"), self.position, at..at + 1);
                self.position += 1;
            }
            return;
        };
        let (whole, parts) = (&own.whole, own.parts());
        for other in word.alternatives.iter().filter_map(|other| printed(other)) {
            if other.whole != *whole {
                self.put(alternative(&other.whole), self.position, at..at + 1);
            }
            if other.parts().len() == parts.len() && parts.len() > 1 {
                for (nth, (part, _)) in
                    other.parts().iter().zip(parts).enumerate().filter(|(_, (a, b))| a != b)
                {
                    self.put(alternative(part), self.position + nth, at..at + 1);
                }
            }
        }
        if let Some(joined) = joined_over_line_end(self.words, at).or_else(|| self.torn(at)) {
            self.put(joined, self.position, at..at + 2);
        }
        if let Some((date, count)) = date_in_words(self.words, at) {
            self.put(date, self.position, at..at + count);
        }
        if let Some(meant) = letters_for_digits(whole) {
            self.put(alternative(&meant), self.position, at..at + 1);
        }
        if parts.first() != Some(whole) {
            self.put(&**whole, self.position, at..at + 1);
        }
        if let Some(date) = &own.date {
            self.put(date, self.position, at..at + 1);
        }
        for part in parts {
            self.put(&**part, self.position, at..at + 1);
            self.position += 1;
        }
    }

    /// "| advised": the engine reads every other I before a word as a stroke. In a table a stroke is a rule, and what
    /// follows it begins otherwise.
    fn is_upright_stroke_for_i(&self, at: usize) -> bool {
        let word = &self.words[at];
        let next = self.words.get(at + 1).filter(|next| next.line == word.line && next.legible);
        word.legible
            && matches!(word.text.as_str(), "|" | "[" | "]" | "!")
            && next.is_some_and(|next| next.text.starts_with(char::is_lowercase))
    }

    /// "medi cation" is "medication": together they are a word, and not each by itself.
    fn torn(&self, at: usize) -> Option<String> {
        let (first, second) = (self.tokens[at].as_ref()?, self.tokens.get(at + 1)?.as_ref()?);
        let open = self.words[at].text.chars().all(char::is_alphabetic)
            && self.words[at + 1].text.starts_with(char::is_alphabetic);
        if !open || first.is_word && second.is_word {
            return None;
        }
        let both = format!("{}{}", first.token.whole, second.token.whole);
        // Any two letters of a list make some short word.
        Some(both).filter(|both| both.chars().count() >= 5 && lexicon::holds(both))
    }

    fn put(&mut self, text: impl Into<Cow<'a, str>>, position: usize, words: Range<usize>) {
        self.terms.push(Placed { text: text.into(), position, words });
    }
}

/// No term of a text begins like this.
const DOUBT: char = '\u{1}';

/// The term under which a word is found where the engine only considered it.
pub(crate) fn alternative(word: &str) -> String {
    format!("{DOUBT}{word}")
}

pub(crate) fn is_alternative(term: &str) -> bool {
    term.starts_with(DOUBT)
}

/// "prescrip-" at the end of a line and "tion" on the next are "prescription".
fn joined_over_line_end(words: &[Word], at: usize) -> Option<String> {
    let (first, second) = (&words[at], words.get(at + 1).filter(|second| second.legible)?);
    let stem = first.text.strip_suffix(['-', '\u{2010}', '\u{ad}']).filter(|_| first.line != second.line)?;
    let alphabetic = !stem.is_empty() && stem.chars().all(char::is_alphabetic);
    let rest = second.text.chars().take_while(|c| c.is_alphabetic()).collect::<String>();
    (alphabetic && !rest.is_empty()).then(|| token(&format!("{stem}{rest}")))?.map(|both| both.whole)
}

/// A date that begins with this word and goes on in the next ones, and its words: "March 15, 1962".
fn date_in_words(words: &[Word], at: usize) -> Option<(String, usize)> {
    let first = &words[at].text;
    let begins = is_month(first) || (first.len() <= 4 && first.starts_with(|c: char| c.is_ascii_digit()));
    if !begins {
        return None;
    }
    let line = words[at..].iter().take_while(|word| word.legible && word.line == words[at].line);
    let said: Vec<&str> = line.take(3).map(|word| word.text.as_str()).collect();
    if !said.iter().any(|word| is_month(word)) {
        return None;
    }
    let whole = |count: &usize| spoken_date(&said[..*count]);
    let count = (2..=said.len()).rev().find(|count| whole(count).is_some())?;
    Some((whole(&count)?, count))
}

/// "1isinopril" is "lisinopril": a word, once its digits are the letters that look like them.
fn letters_for_digits(whole: &str) -> Option<String> {
    let digits = whole.bytes().filter(u8::is_ascii_digit).count();
    // Most of it is letters: a dose with its unit is no word.
    if digits == 0 || digits * 3 > whole.len() || whole.len() < 5 {
        return None;
    }
    let read = |one: char| {
        let letter = |c: char| match c {
            '0' => 'o',
            '1' => one,
            '5' => 's',
            '8' => 'b',
            other => other,
        };
        Some(whole.chars().map(letter).collect::<String>()).filter(|word| lexicon::holds(word))
    };
    read('l').or_else(|| read('i'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::reading;

    fn terms(reading: &PageReading) -> Vec<Placed<'static>> {
        let tokens = known(reading);
        let owned = |Placed { text, position, words }: Placed<'_>| Placed {
            text: text.into_owned().into(),
            position,
            words,
        };
        super::terms(reading, &tokens).into_iter().map(owned).collect()
    }

    fn placed(reading: &PageReading) -> Vec<(String, usize)> {
        terms(reading).into_iter().map(|term| (term.text.into_owned(), term.position)).collect()
    }

    #[test]
    fn a_word_broken_at_a_line_end_is_found_whole() {
        let page = reading("prescrip-\ntion.\ngiven");
        let wanted = [("prescription", 0), ("prescrip", 0), ("tion", 1), ("given", 2)];
        assert_eq!(placed(&page), wanted.map(|(text, position)| (text.to_owned(), position)));
        assert_eq!(terms(&page)[0].words, 0..2, "both halves are marked");
    }

    #[test]
    fn a_date_with_its_month_in_letters_is_found_as_any_other() {
        let page = reading("seen March 15, 1962 and 2 Feb 1963\nMay\n5 1999");
        let dates: Vec<Placed> = terms(&page).into_iter().filter(|term| term.text.len() == 8).collect();
        let found: Vec<(&str, usize, Range<usize>)> =
            dates.iter().map(|term| (&*term.text, term.position, term.words.clone())).collect();
        assert_eq!(found, [("19620315", 1, 1..4), ("19630202", 5, 5..8)]);
    }

    #[test]
    fn a_word_torn_in_two_is_found_whole_and_two_words_are_not_joined() {
        let page = reading("given medi cation, over night shift in to use");
        let joined: Vec<Placed> = terms(&page).into_iter().filter(|term| term.words.len() == 2).collect();
        let joined: Vec<(&str, usize)> = joined.iter().map(|term| (&*term.text, term.position)).collect();
        assert_eq!(joined, [("medication", 1)]);
    }

    #[test]
    fn a_stroke_before_a_word_is_an_i_and_keeps_its_place() {
        let page = reading("daily. | advised rest\n| Sodium | 139");
        let wanted = [("daily", 0), ("\u{1}i", 1), ("advised", 2), ("rest", 3), ("sodium", 4), ("139", 5)];
        assert_eq!(placed(&page), wanted.map(|(text, position)| (text.to_owned(), position)));
    }

    #[test]
    fn a_digit_that_looks_like_a_letter_is_one_only_inside_a_word() {
        let meant = |text: &str| placed(&reading(text)).into_iter().find(|(term, _)| is_alternative(term));
        assert_eq!(meant("1isinopril"), Some(("\u{1}lisinopril".into(), 0)));
        assert_eq!(meant("hyperten5ion"), Some(("\u{1}hypertension".into(), 0)));
        for text in ["10mg", "B12", "T2DM", "120/80", "5th", "L5-S1", "x3", "81mg"] {
            assert_eq!(meant(text), None, "{text}");
        }
    }

    #[test]
    fn what_the_engine_was_in_doubt_about_stands_at_the_same_place() {
        let mut page = reading("Sodium 189 mmol/L");
        page.words[1].alternatives = vec!["139".into(), "189".into()];
        page.words[2].alternatives = vec!["mmol/l".into(), "nmol/L".into()];
        assert_eq!(
            placed(&page),
            [
                ("sodium", 0),
                ("\u{1}139", 1),
                ("189", 1),
                ("\u{1}nmol/l", 2),
                ("\u{1}nmol", 2),
                ("mmol/l", 2),
                ("mmol", 2),
                ("l", 3)
            ]
            .map(|(text, position)| (text.to_owned(), position))
        );
    }

    #[test]
    fn rows_are_placed_again_only_where_the_text_has_them_apart() {
        let mut page = reading("Sodium\nPotassium\n139\n4.1");
        for (at, (x, y)) in [(0, 0), (0, 40), (900, 2), (900, 42)].into_iter().enumerate() {
            (page.words[at].place.x, page.words[at].place.y) = (x, y);
        }
        let found = terms(&page);
        assert_eq!(found.len(), 8);
        assert_eq!((&*found[4].text, &*found[5].text), ("sodium", "139"));
        assert_eq!(found[5].position, found[4].position + 1);
        assert_eq!(found[5].words, 2..3, "the word on the page is marked");
        assert_eq!(terms(&reading("Sodium 139\nPotassium 4.1")).len(), 4);
    }

    #[test]
    fn columns_of_prose_are_not_placed_twice() {
        let mut page = reading("one two three four\nfive six seven eight\na b c d e\nf g h i j");
        for word in page.words.iter_mut().filter(|word| word.line >= 2) {
            (word.place.x, word.place.y) = (word.place.x + 1200, word.place.y - 80);
        }
        assert_eq!(terms(&page).len(), 18);
    }

    #[test]
    fn what_is_not_legible_is_not_searched_for() {
        let mut page = reading("seen lkjw today");
        page.words[1].legible = false;
        assert_eq!(placed(&page), [("seen".to_owned(), 0), ("today".to_owned(), 1)]);
    }
}
