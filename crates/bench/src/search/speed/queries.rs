//! What is asked? Queries of every kind, drawn by the seed, words of every band of commonness among them.

use jiff::ToSpan as _;
use records::entry::Home;
use records::patient::PatientId;
use search::{Order, Screen};

use super::pages::{Pages, number};
use crate::dice::Dice;

/// Queries of one kind.
pub(super) const DRAWN: usize = 200;
/// Words that stand on nearly every page, as `the` and `of` do.
const STOP_WORDS: usize = 40;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Term,
    And,
    Phrase,
    StopPhrase,
    Tolerant,
    /// Tolerant words on one patient's pages of some years.
    Filtered,
    Facets,
    Newest,
    /// Tolerant words, and the pages made again for snippets and boxes.
    Snippets,
}

impl Kind {
    pub(super) const ALL: [Self; 9] = [
        Self::Term,
        Self::And,
        Self::Phrase,
        Self::StopPhrase,
        Self::Tolerant,
        Self::Filtered,
        Self::Facets,
        Self::Newest,
        Self::Snippets,
    ];

    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Term => "term",
            Self::And => "two terms",
            Self::Phrase => "phrase",
            Self::StopPhrase => "phrase of stop words",
            Self::Tolerant => "tolerant term",
            Self::Filtered => "tolerant, patient and dates",
            Self::Facets => "term with facets",
            Self::Newest => "term, newest first",
            Self::Snippets => "20 with snippets and boxes",
        }
    }

    pub(super) fn screen(self) -> Screen {
        let order = if self == Self::Newest { Order::Newest } else { Order::Relevance };
        Screen { order, facets: self == Self::Facets, ..Screen::of(20) }
    }
}

/// One query: as a clerk types it, and taken apart for engines that are asked otherwise.
pub(super) struct Asked {
    pub(super) text: String,
    pub(super) words: Vec<String>,
    pub(super) patient: Option<(PatientId, usize)>,
    /// First and last day, as they are written.
    pub(super) days: Option<(jiff::civil::Date, jiff::civil::Date)>,
}

pub(super) fn drawn(kind: Kind, pages: &Pages, count: u64, seed: u64) -> Vec<Asked> {
    let mut dice = Dice::new(seed ^ 0xA5CED ^ (kind as u64) << 32);
    (0..DRAWN).map(|_| draw(kind, pages, count, &mut dice)).collect()
}

fn draw(kind: Kind, pages: &Pages, count: u64, dice: &mut Dice) -> Asked {
    let mut word = || pages.words.at(pages.words.draw_band(dice)).to_owned();
    let (words, quoted) = match kind {
        Kind::Term | Kind::Facets | Kind::Newest => (vec![word()], true),
        Kind::And => (vec![word(), word()], true),
        Kind::Tolerant => (vec![word()], false),
        Kind::Snippets => (vec![word(), word()], false),
        Kind::Phrase => (side_by_side(pages, count, dice), false),
        Kind::StopPhrase => {
            ((0..2).map(|_| pages.words.at(dice.below(STOP_WORDS)).to_owned()).collect(), false)
        }
        Kind::Filtered => return filtered(pages, count, dice),
    };
    let text = match kind {
        Kind::Phrase | Kind::StopPhrase => format!("\"{}\"", words.join(" ")),
        _ if quoted => words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" "),
        _ => words.join(" "),
    };
    Asked { text, words, patient: None, days: None }
}

/// Two words as they stand on some page, no stop word among them.
fn side_by_side(pages: &Pages, count: u64, dice: &mut Dice) -> Vec<String> {
    let stop: Vec<&str> = (0..STOP_WORDS).map(|rank| pages.words.at(rank)).collect();
    let is_word = |word: &str| word.bytes().all(|byte| byte.is_ascii_lowercase()) && !stop.contains(&word);
    loop {
        let reading = pages.reading(dice.below(count as usize) as u64);
        let from = dice.below(reading.words.len() - 1);
        let pair = [&reading.words[from].text, &reading.words[from + 1].text];
        if pair.iter().all(|word| is_word(word)) {
            return pair.map(ToOwned::to_owned).to_vec();
        }
    }
}

/// Two words of a page, its patient, and the years about its service.
fn filtered(pages: &Pages, count: u64, dice: &mut Dice) -> Asked {
    loop {
        let nth = dice.below(count as usize) as u64;
        let entry = pages.entry(nth);
        let Home::Document { patient, service: Some((first, last)), .. } = entry.home else { continue };
        let mut words = || entry.reading.words[dice.below(entry.reading.words.len())].text.clone();
        let words = vec![words(), words()];
        if !words.iter().flat_map(|word| word.bytes()).all(|byte| byte.is_ascii_lowercase()) {
            continue;
        }
        let (from, to) = (first.saturating_sub(1.year()), last.saturating_add(1.year()));
        let nth = pages.filed(nth).patient;
        let text = format!("{} mrn:{} from:{from} to:{to}", words.join(" "), number(nth));
        return Asked { text, words, patient: Some((patient, nth)), days: Some((from, to)) };
    }
}
