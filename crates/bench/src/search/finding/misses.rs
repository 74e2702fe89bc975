//! Why was a page not found: was it not read, or not searched for in the way it was read?

use std::fmt::Write as _;

use records::reading::PageReading;

use super::questions::{Manner, Question};
use super::scores::score;

/// The worst that happened to a word of the question on the page that was wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cause {
    /// All of it was read as it stands there.
    Read,
    /// With its neighbours in one word, or in two.
    Torn,
    OneLetter,
    TwoLetters,
    /// Nothing like it was read: the line is lost, or ruined.
    Lost,
}

impl Cause {
    pub(super) const ALL: [(Self, &'static str); 5] = [
        (Self::Read, "read as it stands there"),
        (Self::Torn, "joined or torn"),
        (Self::OneLetter, "one letter misread"),
        (Self::TwoLetters, "two letters misread"),
        (Self::Lost, "not read at all"),
    ];
}

/// The known pages that one answer after the other has not, and why, with a table of them.
pub(super) fn misses(
    pages: &[PageReading],
    questions: &[Question],
    answers: &[Vec<usize>],
) -> (Vec<Cause>, String) {
    let (mut causes, mut table) = (Vec::new(), String::new());
    for (question, answer) in questions.iter().zip(answers) {
        let missed = score(&question.wanted, answer).recall() < 100.0;
        let Some(page) = question.wanted.first().filter(|_| missed && question.manner != Manner::Topic)
        else {
            continue;
        };
        let text = pages[*page].text();
        let words: Vec<(String, Cause)> = question
            .text
            .split_whitespace()
            .map(|word| word.trim_matches('"').to_lowercase())
            .map(|word| (word.clone(), cause(&word, &text)))
            .collect();
        let worst = words.iter().map(|(_, cause)| *cause).max().unwrap_or(Cause::Read);
        causes.push(worst);
        let lost: Vec<_> = words.iter().filter(|(_, cause)| *cause != Cause::Read).collect();
        let _ = writeln!(table, "{page:04}\t{:?}\t{worst:?}\t{}\t{lost:?}", question.manner, question.text);
    }
    (causes, table)
}

fn cause(word: &str, text: &str) -> Cause {
    let plain = |word: &str| word.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    let words: Vec<String> = text.split_whitespace().map(plain).collect();
    let word = plain(word);
    if words.contains(&word) {
        return Cause::Read;
    }
    if words.concat().contains(&word) {
        return Cause::Torn;
    }
    match words.iter().map(|read| distance(read, &word)).min() {
        Some(1) => Cause::OneLetter,
        Some(2) if word.len() > 4 => Cause::TwoLetters,
        _ => Cause::Lost,
    }
}

/// Levenshtein's.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.chars().enumerate() {
        let mut before = row[0];
        row[0] = at + 1;
        for (nth, same) in other.iter().enumerate() {
            let changed = before + usize::from(letter != *same);
            before = row[nth + 1];
            row[nth + 1] = changed.min(before + 1).min(row[nth] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_read_torn_misread_or_lost() {
        let text = "Started warlarin for che st pain";
        for (word, wanted) in [
            ("started", Cause::Read),
            ("warfarin", Cause::OneLetter),
            ("chest", Cause::Torn),
            ("metoprolol", Cause::Lost),
        ] {
            assert_eq!(cause(word, text), wanted, "{word}");
        }
    }
}
