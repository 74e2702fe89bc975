//! What does somebody type who knows a page and wants it, or who wants all pages on a matter?
//!
//! Made from the clean text and from lists of this bench alone; no engine is asked.

use std::collections::{BTreeMap, BTreeSet};

use super::pages::Source;
use super::topics::{PAIRS, TOPICS};
use crate::dice::Dice;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Manner {
    Words,
    Phrase,
    Number,
    OtherForm,
    Topic,
}

impl Manner {
    pub(super) const ALL: [(Self, &'static str); 5] = [
        (Self::Words, "words of a page"),
        (Self::Phrase, "a phrase of it"),
        (Self::Number, "a number on it"),
        (Self::OtherForm, "said otherwise"),
        (Self::Topic, "a topic"),
    ];
}

pub(super) struct Question {
    pub(super) manner: Manner,
    pub(super) text: String,
    /// Pages that are wanted, by their place in the list.
    pub(super) wanted: BTreeSet<usize>,
    /// The topic's number behind all pages, or the page's own: what hangs together is drawn together.
    pub(super) group: usize,
}

/// The page is one of no more than so many that fit, to the letter: a clerk adds a word until it is.
const MOST_FITTING: usize = 3;

pub(super) fn questions(sources: &[Source], dice: &mut Dice) -> Vec<Question> {
    let pages: Vec<Text> = sources.iter().map(Text::of).collect();
    let mut spread: BTreeMap<&str, usize> = BTreeMap::new();
    for word in pages.iter().flat_map(|page| &page.distinct) {
        *spread.entry(word).or_default() += 1;
    }
    let asker = Asker { pages: &pages, spread };
    let mut questions = Vec::new();
    for at in 0..pages.len() {
        let dice = &mut dice.split();
        questions.extend(asker.words(at, false, dice));
        questions.extend(asker.words(at, true, dice));
        questions.extend(asker.phrase(at, dice));
        questions.extend(asker.number(at, dice));
        questions.extend(asker.other_form(at, dice));
    }
    questions.extend(asker.topics());
    questions
}

/// The words of a page as they are typed: lower case, without what stands around them.
struct Text {
    /// Line by line.
    lines: Vec<Vec<Typed>>,
    distinct: BTreeSet<String>,
    /// All words with a space between, for what is said in several.
    running: String,
}

struct Typed {
    word: String,
    /// A sentence, a cell or a bracket ends behind it.
    ends: bool,
}

impl Text {
    fn of(source: &Source) -> Self {
        let mut lines = Vec::new();
        for line in &source.lines {
            let next_apart = |at: usize| line.get(at + 1).is_none_or(|next| next.apart);
            let typed = line.iter().enumerate().map(|(at, word)| Typed {
                word: typed(&word.text),
                ends: word.text.ends_with(|c: char| !c.is_alphanumeric())
                    || (next_apart(at) && at + 1 < line.len()),
            });
            lines.push(typed.collect::<Vec<_>>());
        }
        let words = || lines.iter().flatten().map(|typed| &typed.word).filter(|word| !word.is_empty());
        let running = words().map(String::as_str).collect::<Vec<_>>().join(" ");
        Self { distinct: words().cloned().collect(), running: format!(" {running} "), lines }
    }

    fn says(&self, words: &str) -> bool {
        self.running.contains(&format!(" {words} "))
    }
}

fn typed(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

struct Asker<'a> {
    pages: &'a [Text],
    /// Pages each word stands on.
    spread: BTreeMap<&'a str, usize>,
}

impl Asker<'_> {
    /// A word one remembers: no small word, and not one that stands on every third page.
    fn tells(&self, word: &str) -> bool {
        let letters = word.chars().count() >= 5 && word.chars().all(char::is_alphabetic);
        letters && self.spread.get(word).is_some_and(|pages| *pages * 3 <= self.pages.len().max(9))
    }

    /// Pages on which all of this stands, to the letter.
    fn fitting(&self, all: &[String]) -> usize {
        self.pages.iter().filter(|page| all.iter().all(|words| page.says(words))).count()
    }

    /// Adds words until the page is nearly alone with them.
    fn narrowed(
        &self,
        mut said: Vec<String>,
        from: &[&str],
        most: usize,
        dice: &mut Dice,
    ) -> Option<Vec<String>> {
        for _ in 0..20 {
            if said.len() >= 2 && self.fitting(&said) <= MOST_FITTING {
                return Some(said);
            }
            if said.len() >= most || from.is_empty() {
                return None;
            }
            let word = (*dice.pick(from)).to_owned();
            if !said.contains(&word) {
                said.push(word);
            }
        }
        None
    }

    /// Two to four words of a page, or of three lines of it.
    fn words(&self, at: usize, near: bool, dice: &mut Dice) -> Option<Question> {
        let lines = &self.pages[at].lines;
        let from = if near { dice.below(lines.len().saturating_sub(3)) } else { 0 };
        let reach = if near { 3 } else { lines.len() };
        let telling = self.telling(lines.iter().skip(from).take(reach).flatten());
        let said = self.narrowed(Vec::new(), &telling, 4, dice)?;
        Some(known(Manner::Words, at, said.join(" ")))
    }

    /// Two or three words that follow each other, over the end of a line, too.
    fn phrase(&self, at: usize, dice: &mut Dice) -> Option<Question> {
        let flow: Vec<&Typed> = self.pages[at].lines.iter().flatten().collect();
        for _ in 0..60 {
            let (start, count) = (dice.below(flow.len()), dice.between(2, 3) as usize);
            let Some(some) = flow.get(start..start + count) else { continue };
            let runs_on = some[..count - 1].iter().all(|typed| !typed.ends);
            let telling = some.iter().filter(|typed| self.tells(&typed.word)).count();
            let plain = some
                .iter()
                .all(|typed| typed.word.chars().all(char::is_alphabetic) && !typed.word.is_empty());
            let phrase = some.iter().map(|typed| typed.word.as_str()).collect::<Vec<_>>().join(" ");
            if runs_on && plain && telling > 0 && self.fitting(std::slice::from_ref(&phrase)) <= MOST_FITTING
            {
                return Some(known(Manner::Phrase, at, format!("\"{phrase}\"")));
            }
        }
        None
    }

    /// Of these words, those that tell pages from each other.
    fn telling<'w>(&self, words: impl Iterator<Item = &'w Typed>) -> Vec<&'w str> {
        words.map(|typed| typed.word.as_str()).filter(|word| self.tells(word)).collect()
    }

    /// A number, a dose or a date, with words of its line or of the page.
    fn number(&self, at: usize, dice: &mut Dice) -> Option<Question> {
        let page = &self.pages[at];
        let is_number = |word: &str| {
            word.len() >= 2
                && word.starts_with(|c: char| c.is_ascii_digit())
                && !word.contains(['(', ')', ':'])
        };
        let lines: Vec<&Vec<Typed>> =
            page.lines.iter().filter(|line| line.iter().any(|typed| is_number(&typed.word))).collect();
        let all = self.telling(page.lines.iter().flatten());
        for _ in 0..10 {
            let Some(line) = lines.get(dice.below(lines.len())) else { break };
            let numbers: Vec<&str> =
                line.iter().map(|typed| typed.word.as_str()).filter(|word| is_number(word)).collect();
            let near = self.telling(line.iter());
            let from = if near.is_empty() { &all } else { &near };
            let said = vec![(*dice.pick(&numbers)).to_owned()];
            if let Some(said) = self.narrowed(said, from, 3, dice) {
                return Some(known(Manner::Number, at, said.join(" ")));
            }
        }
        None
    }

    /// A short form where the page has the long one, or the other way round, with words of the page.
    fn other_form(&self, at: usize, dice: &mut Dice) -> Option<Question> {
        let page = &self.pages[at];
        let both = PAIRS.iter().flat_map(|(long, short)| [(*long, *short), (*short, *long)]);
        let typed_for: Vec<(&str, &str)> = both
            .filter(|(there, other)| page.says(&there.to_lowercase()) && !page.says(&other.to_lowercase()))
            .collect();
        if typed_for.is_empty() {
            return None;
        }
        let (there, other) = *dice.pick(&typed_for);
        let telling = self.telling(page.lines.iter().flatten());
        let said = self.narrowed(vec![there.to_lowercase()], &telling, 3, dice)?;
        Some(known(Manner::OtherForm, at, format!("{other} {}", said[1..].join(" "))))
    }

    /// Wanted is every page on which the matter is named, in one of its forms.
    fn topics(&self) -> Vec<Question> {
        let all = TOPICS.iter().enumerate().map(|(nth, (asked, forms))| {
            let named = |page: &Text| forms.iter().any(|form| page.says(form));
            let wanted = (0..self.pages.len()).filter(|at| named(&self.pages[*at])).collect();
            let group = self.pages.len() + nth;
            Question { manner: Manner::Topic, text: (*asked).to_owned(), wanted, group }
        });
        all.filter(|question| !question.wanted.is_empty()).collect()
    }
}

fn known(manner: Manner, at: usize, text: String) -> Question {
    Question { manner, text, wanted: BTreeSet::from([at]), group: at }
}
