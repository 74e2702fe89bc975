//! What are the words of a text, as they are searched for?
//!
//! Clinic shorthand stays whole (`a&o`, `c/o`, `h&p`, `7.5`, `k+`) and its parts can be found, too. Hyphens and
//! apostrophes bind (`x-ray` is `xray`, `12-34-56` is `123456`), a number parts from its unit (`500mg`), a date has
//! one form more, the same however it was written. No stop words (vitamin *A*), no stemming (drug names). Lower
//! case, accents folded. Pages and queries go through the same door.

use std::borrow::Cow;

use jiff::civil::{Date, date};
use records::dates::Calendar;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::lexicon;

/// Raised whenever a change in this file or in `placed.rs` would index the same page differently.
pub(crate) const VERSION: u32 = 6;

/// Years are asked for in four digits, so that no page is indexed by the day on which it was read.
const ANY_DAY: Date = date(2000, 1, 1);

/// Longer words are cut: a line of dirt is no word, and no query may be made of it.
const LONGEST: usize = 64;

/// One printed word, as it is searched for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token<Text = String> {
    pub(crate) whole: Text,
    /// Of a word with inner marks.
    more: Vec<Text>,
    /// `19620315`, where the word is a date with all four digits of its year.
    pub(crate) date: Option<String>,
}

/// A token that lies in the word it was made of, where that is printed as it is searched for: a page has hundreds.
pub(crate) type Printed<'a> = Token<Cow<'a, str>>;

impl<Text: PartialEq> Token<Text> {
    pub(crate) fn new(whole: Text, parts: Vec<Text>, date: Option<String>) -> Self {
        let alone = matches!(parts.as_slice(), [only] if *only == whole);
        Self { whole, more: if alone { Vec::new() } else { parts }, date }
    }

    /// One part or more; in a word without inner marks it is the whole.
    pub(crate) fn parts(&self) -> &[Text] {
        if self.more.is_empty() { std::slice::from_ref(&self.whole) } else { &self.more }
    }
}

impl Printed<'_> {
    fn into_owned(self) -> Token {
        let more = self.more.into_iter().map(Cow::into_owned).collect();
        Token { whole: self.whole.into_owned(), more, date: self.date }
    }
}

/// The token of one printed word; `None`: nothing in it can be searched for.
pub(crate) fn token(word: &str) -> Option<Token> {
    printed(word).map(Printed::into_owned)
}

/// As [`token`].
pub(crate) fn printed(word: &str) -> Option<Printed<'_>> {
    if let Some(whole) = plain(word) {
        let parted = run_together(&whole).map(|(first, _)| first.len());
        let more = parted.map_or_else(Vec::new, |at| halves(&whole, at));
        return Some(Token { whole, more, date: None });
    }
    folded(word)
}

/// As [`token`], of a word that is more than letters.
fn folded(word: &str) -> Option<Printed<'static>> {
    let folded: String =
        word.chars().take(LONGEST).nfkd().filter_map(fold).flat_map(char::to_lowercase).collect();
    let core = folded.trim_matches(|c: char| !c.is_alphanumeric());
    let mut parts = parts(core);
    let bare = match parts.as_slice() {
        [] => return None,
        [one] => one.clone(),
        _ => core.chars().filter(|c| !matches!(c, '-' | '\'')).collect(),
    };
    if let [only] = parts.as_slice()
        && let Some((first, second)) = run_together(only)
    {
        parts = vec![first.to_owned(), second.to_owned()];
    }
    let whole = with_signs(&folded, core, bare).into();
    Some(Token::new(whole, parts.into_iter().map(Cow::Owned).collect(), written_date(core)))
}

/// Both halves of a whole, where they lie.
fn halves<'a>(whole: &Cow<'a, str>, at: usize) -> Vec<Cow<'a, str>> {
    match whole {
        Cow::Borrowed(whole) => vec![whole[..at].into(), whole[at..].into()],
        Cow::Owned(whole) => vec![whole[..at].to_owned().into(), whole[at..].to_owned().into()],
    }
}

/// A word of plain letters between marks, as nearly all are: nothing of it needs to be folded.
fn plain(word: &str) -> Option<Cow<'_, str>> {
    let core = word.trim_matches(|c: char| c.is_ascii_punctuation());
    let plain = !core.is_empty() && core.bytes().all(|byte| byte.is_ascii_alphabetic());
    if !plain || word.len() > LONGEST || word.contains('+') {
        return None;
    }
    let lower = core.bytes().all(|byte| byte.is_ascii_lowercase());
    Some(if lower { core.into() } else { core.to_ascii_lowercase().into() })
}

/// One letter as it is compared; `None`: it is not seen.
fn fold(c: char) -> Option<char> {
    match c {
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => None,
        '\u{2010}'..='\u{2015}' | '\u{2212}' => Some('-'),
        '\u{2018}' | '\u{2019}' | '\u{02bc}' | '`' => Some('\''),
        '\u{2044}' => Some('/'),
        c if is_combining_mark(c) => None,
        c => Some(c),
    }
}

/// Potassium is `k+`, an oedema `2+`, a number `#3`; after a longer word a plus is only a mark.
fn with_signs(folded: &str, core: &str, bare: String) -> String {
    let number = core.starts_with(|c: char| c.is_ascii_digit());
    if number && folded.contains(&format!("#{core}")) {
        return format!("#{bare}");
    }
    let charged = core.chars().count() <= 3 && folded.contains(&format!("{core}+"));
    if charged { format!("{bare}+") } else { bare }
}

/// Runs of letters and digits. A decimal is one part, a thousand's comma none, and a number ends where its unit begins.
fn parts(core: &str) -> Vec<String> {
    let chars: Vec<char> = core.chars().collect();
    let digit = |at: usize| chars.get(at).is_some_and(char::is_ascii_digit);
    let mut parts = vec![String::new()];
    let mut numeric = true;
    for (at, &c) in chars.iter().enumerate() {
        let between = at > 0 && digit(at - 1) && digit(at + 1);
        let thousands = c == ',' && between && digit(at + 2) && digit(at + 3) && !digit(at + 4);
        let current = parts.last_mut().expect("there is always a part");
        if thousands && numeric {
            continue;
        } else if c == '.' && between && numeric {
            current.push(c);
        } else if !c.is_alphanumeric() {
            parts.push(String::new());
            numeric = true;
        } else if numeric && c.is_alphabetic() && !current.is_empty() {
            parts.push(c.to_string());
            numeric = false;
        } else {
            current.push(c);
            numeric &= c.is_ascii_digit();
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// The two words that a whole without a space between them is made of; `None`: it is a word, or none of two.
fn run_together(whole: &str) -> Option<(&str, &str)> {
    /// Letters of either: shorter ones stand at the ends of many a word.
    const SHORTEST: usize = 4;
    let long = whole.len() >= 2 * SHORTEST && whole.bytes().all(|byte| byte.is_ascii_lowercase());
    if !long || lexicon::holds(whole) {
        return None;
    }
    (SHORTEST..=whole.len() - SHORTEST)
        .map(|at| whole.split_at(at))
        .find(|(first, second)| lexicon::holds(first) && lexicon::holds(second))
}

fn written_date(core: &str) -> Option<String> {
    let may_be = (8..=11).contains(&core.len()) && core.starts_with(|c: char| c.is_ascii_digit());
    let marks = core.chars().filter(|c| matches!(c, '-' | '/' | '.')).count();
    if !may_be || marks != 2 {
        return None;
    }
    let read = Calendar::month_first(ANY_DAY).parse(core).filter(|read| !read.short_year);
    read.map(|read| form_of(read.date))
}

/// A date that these words are together, the month among them by its name, in the form in which it can be found.
pub(crate) fn spoken_date(words: &[&str]) -> Option<String> {
    let read = Calendar::month_first(ANY_DAY).parse(&words.join(" "))?;
    (!read.short_year && words.iter().any(|word| is_month(word))).then(|| form_of(read.date))
}

/// Whether a word may name a month: a quick look, before dates are looked for.
pub(crate) fn is_month(word: &str) -> bool {
    const MONTHS: [&[u8; 3]; 12] =
        [b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"];
    let begins = |three: &[u8]| MONTHS.iter().any(|month| month.eq_ignore_ascii_case(three));
    word.trim_start_matches(|c: char| !c.is_alphanumeric()).as_bytes().get(..3).is_some_and(begins)
}

/// The form in which all dates of a page can be found.
fn form_of(date: Date) -> String {
    format!("{:04}{:02}{:02}", date.year(), date.month(), date.day())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(word: &str) -> String {
        token(word).unwrap().whole
    }

    fn parts_of(word: &str) -> Vec<String> {
        token(word).unwrap().parts().to_vec()
    }

    #[test]
    fn clinic_shorthand_survives() {
        for (word, wanted) in [
            ("A&O", "a&o"),
            ("x3", "x3"),
            ("c/o", "c/o"),
            ("(H&P)", "h&p"),
            ("T2DM,", "t2dm"),
            ("B12.", "b12"),
            ("7.5", "7.5"),
            ("K+", "k+"),
            ("2+", "2+"),
            ("#3", "#3"),
            ("ﬁbrosis", "fibrosis"),
        ] {
            assert_eq!(whole(word), wanted);
        }
        assert_eq!(parts_of("T2DM"), ["t2dm"]);
        assert_eq!(parts_of("B12"), ["b12"]);
        assert!(token("—").is_none() && token("").is_none());
    }

    #[test]
    fn hyphens_and_apostrophes_bind_and_accents_fold() {
        assert_eq!((whole("X-ray"), parts_of("X-ray")), ("xray".into(), vec!["x".into(), "ray".into()]));
        assert_eq!(whole("12-34-56"), "123456");
        assert_eq!(whole("Ménière\u{2019}s"), "menieres");
        assert_eq!(whole("follow\u{2011}up"), "followup");
    }

    #[test]
    fn a_number_is_found_beside_its_unit_and_with_its_point() {
        assert_eq!(parts_of("500mg"), ["500", "mg"]);
        assert_eq!(parts_of("2.5mg/mL"), ["2.5", "mg", "ml"]);
        assert_eq!(parts_of("7.5"), ["7.5"]);
        assert_eq!(whole("1,000"), "1000");
        assert_eq!(parts_of("12,5"), ["12", "5"]);
    }

    #[test]
    fn two_words_without_a_space_are_found_as_two_and_as_one() {
        assert_eq!(
            (whole("chestpain"), parts_of("chestpain")),
            ("chestpain".into(), vec!["chest".into(), "pain".into()])
        );
        for word in ["hyperkalemia", "warlarin", "headache", "dailyx", "neurontin"] {
            assert_eq!(parts_of(word), [word]);
        }
    }

    #[test]
    fn a_date_has_one_form_however_it_is_written() {
        for word in ["03/15/1962", "3/15/1962", "1962-03-15", "03.15.1962", "15-MAR-1962", "(3-15-1962)"] {
            assert_eq!(token(word).unwrap().date.as_deref(), Some("19620315"), "{word}");
        }
        for word in ["03/15/62", "617-555-1234", "12-34-56", "19620315", "1/2"] {
            assert_eq!(token(word).unwrap().date, None, "{word}");
        }
    }

    #[test]
    fn no_word_is_too_long_or_too_strange() {
        for word in
            ["x".repeat(100_000), "-".repeat(5_000), "\u{202e}\u{0}\u{ad}".into(), "שלום".into(), "½".into()]
        {
            let _ = token(&word);
        }
        assert!(whole(&"x".repeat(100_000)).len() <= LONGEST);
        assert_eq!(whole("½"), "1/2");
    }
}
