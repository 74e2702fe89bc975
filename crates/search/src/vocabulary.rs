//! Which words mean the same in a clinic?
//!
//! A starter list of our own, and what the house adds. A form with other meanings (`MS`, `PT`) or that is an ordinary
//! word stands for itself, unless its meanings are asked for: nobody who searches for morphine wants every sclerosis.

use std::collections::BTreeMap;

use crate::query::Wished;
use crate::tokens::{Token, token};

/// Made for Chartroom, licensed as the rest of it.
const STARTER: &str = include_str!("vocabulary/clinic.tsv");
/// Longest form, in words: a list is a list of words, not of texts.
const LONGEST: usize = 12;

/// Meanings, and the forms each is written in.
#[derive(Clone)]
pub struct Vocabulary {
    meanings: Vec<Meaning>,
    /// From the words of a form, as they are searched for, to the meanings it is a form of.
    by_form: BTreeMap<Vec<String>, Vec<usize>>,
    /// Words of the longest form.
    longest: usize,
}

/// What one line of the list says: the first form is the meaning written out. Alone it is to be forgotten.
#[derive(Clone)]
struct Meaning {
    forms: Vec<Form>,
}

/// One way to write a meaning.
#[derive(Clone, PartialEq)]
pub(crate) struct Form {
    /// As it stands in the list.
    pub(crate) written: String,
    pub(crate) tokens: Vec<Token>,
    /// Of several meanings, or an ordinary word.
    doubtful: bool,
}

/// What some words of a query mean.
#[derive(Clone, PartialEq)]
pub(crate) enum Sense {
    /// One meaning, with its other forms.
    Sure { meaning: Form, others: Vec<Form> },
    /// They may mean each of these, or nothing but themselves.
    Doubtful(Vec<Form>),
    /// So they may, and all of it was asked for.
    Asked(Vec<Form>),
}

impl Sense {
    /// Forms that are searched for as well.
    pub(crate) fn searched<'a>(&'a self, wished: &'a Wished) -> impl Iterator<Item = &'a Form> {
        let (forms, sure) = match self {
            Self::Sure { others, .. } => (others, true),
            Self::Asked(meanings) => (meanings, true),
            Self::Doubtful(meanings) => (meanings, false),
        };
        forms.iter().filter(
            move |form| {
                if sure { !wished.drops(&form.written) } else { wished.asks_for(&form.written) }
            },
        )
    }
}

/// What is wrong with a house's list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct VocabularyError {
    /// From 1.
    pub line: usize,
    what: &'static str,
}

impl Default for Vocabulary {
    fn default() -> Self {
        let meanings = parsed(STARTER).expect("a test reads the list that is shipped");
        Self::of(meanings)
    }
}

impl Vocabulary {
    /// With a house's own list, in the form of the starter list: a meaning a line, its forms with tabs between, the
    /// first written out, `?` behind one that has other meanings. A meaning that is known is replaced; `-` before it,
    /// alone on its line, forgets it.
    ///
    /// # Errors
    /// Names the first line that cannot be understood.
    pub fn with(self, list: &str) -> Result<Self, VocabularyError> {
        let own = parsed(list)?;
        let replaced = |known: &Meaning| own.iter().any(|new| new.key() == known.key());
        let kept: Vec<Meaning> = self.meanings.into_iter().filter(|known| !replaced(known)).collect();
        let own = own.into_iter().filter(|meaning| meaning.forms.len() > 1);
        Ok(Self::of(kept.into_iter().chain(own).collect()))
    }

    fn of(meanings: Vec<Meaning>) -> Self {
        let mut by_form: BTreeMap<Vec<String>, Vec<usize>> = BTreeMap::new();
        for (at, meaning) in meanings.iter().enumerate() {
            for form in &meaning.forms {
                let known = by_form.entry(form.key()).or_default();
                if known.last() != Some(&at) {
                    known.push(at);
                }
            }
        }
        let longest = by_form.keys().map(Vec::len).max().unwrap_or(0);
        Self { meanings, by_form, longest }
    }

    /// How many of these words, from the first on, are the longest form that is known, and what it means.
    pub(crate) fn sense(&self, words: &[&Token]) -> Option<(usize, Sense)> {
        let most = self.longest.min(words.len());
        (1..=most).rev().find_map(|count| {
            let key: Vec<String> = words[..count].iter().map(|token| token.whole.clone()).collect();
            Some((count, self.of_form(&key)?))
        })
    }

    /// Every meaning of a form, however doubtful.
    pub(crate) fn all_senses(&self, words: &[Token]) -> Vec<Form> {
        let key: Vec<String> = words.iter().map(|token| token.whole.clone()).collect();
        let known = self.by_form.get(&key).map(Vec::as_slice).unwrap_or_default();
        known.iter().map(|at| self.meanings[*at].forms[0].clone()).filter(|form| form.key() != key).collect()
    }

    /// Forms that end, so far, in this word: with how many of the words before it they begin, and what they mean
    /// beside themselves. Shortest first.
    pub(crate) fn begun(&self, before: &[&Token], last: &str) -> Vec<(usize, &Form, Vec<String>)> {
        let mut found = Vec::new();
        for (key, known) in &self.by_form {
            let fits = |words: &usize| {
                let run = &before[before.len() - words..];
                key[*words].starts_with(last) && run.iter().map(|token| &token.whole).eq(&key[..*words])
            };
            let Some(words) = (0..key.len().min(before.len() + 1)).rev().find(fits) else { continue };
            let forms = known.iter().flat_map(|at| &self.meanings[*at].forms);
            let Some(form) = forms.into_iter().find(|form| form.key() == *key) else { continue };
            let means = known.iter().map(|at| &self.meanings[*at].forms[0]).filter(|form| form.key() != *key);
            found.push((words, form, means.map(|form| form.written.clone()).collect()));
        }
        found.sort_by_key(|(_, form, _)| form.written.chars().count());
        found
    }

    fn of_form(&self, key: &[String]) -> Option<Sense> {
        let known = self.by_form.get(key)?;
        if let Some(meaning) = self.only_one(key, known) {
            let others = meaning.forms.iter().filter(|form| form.key() != key && self.is_sure(form));
            let others: Vec<Form> = others.cloned().collect();
            return (!others.is_empty()).then(|| Sense::Sure { meaning: meaning.forms[0].clone(), others });
        }
        let meanings: Vec<Form> = known.iter().map(|at| self.meanings[*at].forms[0].clone()).collect();
        Some(Sense::Doubtful(meanings))
    }

    fn only_one(&self, key: &[String], known: &[usize]) -> Option<&Meaning> {
        let [only] = known else { return None };
        let meaning = &self.meanings[*only];
        let doubtful = meaning.forms.iter().any(|form| form.doubtful && form.key() == key);
        (!doubtful).then_some(meaning)
    }

    /// A form that stands for this meaning alone.
    fn is_sure(&self, form: &Form) -> bool {
        !form.doubtful && self.by_form.get(&form.key()).is_some_and(|known| known.len() == 1)
    }
}

impl Meaning {
    fn key(&self) -> Vec<String> {
        self.forms[0].key()
    }
}

impl Form {
    fn of(written: &str) -> Option<Self> {
        let (written, doubtful) = written.strip_suffix('?').map_or((written, false), |form| (form, true));
        let tokens: Vec<Token> = written.split_whitespace().filter_map(token).collect();
        let fits = (1..=LONGEST).contains(&tokens.len());
        fits.then(|| Self { written: written.to_owned(), tokens, doubtful })
    }

    fn key(&self) -> Vec<String> {
        self.tokens.iter().map(|token| token.whole.clone()).collect()
    }

    /// Whether these words are this form.
    pub(crate) fn is(&self, words: &[&Token]) -> bool {
        words.iter().map(|token| &token.whole).eq(self.tokens.iter().map(|token| &token.whole))
    }

    /// Its words as they stand one after the other on a page.
    pub(crate) fn parts(&self) -> Vec<String> {
        self.tokens.iter().flat_map(|token| token.parts().iter().cloned()).collect()
    }
}

fn parsed(list: &str) -> Result<Vec<Meaning>, VocabularyError> {
    let mut meanings = Vec::new();
    for (line, text) in (1..).zip(list.lines()) {
        let text = text.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let wrong = |what| VocabularyError { line, what };
        let (forgotten, text) = text.strip_prefix('-').map_or((false, text), |meaning| (true, meaning));
        let mut forms: Vec<Form> = Vec::new();
        for written in text.split('\t').map(str::trim).filter(|written| !written.is_empty()) {
            let form = Form::of(written).ok_or(wrong("a form without a letter or of too many words"))?;
            // "A-fib" is searched for as "AFib" is.
            if forms.iter().all(|known| known.key() != form.key()) {
                forms.push(form);
            }
        }
        match (forgotten, forms.len()) {
            (true, 1) | (false, 2..) => {}
            (true, _) => return Err(wrong("behind \"-\" stands one meaning, written out")),
            (false, _) => return Err(wrong("one form only; the others follow after a tab")),
        }
        meanings.push(Meaning { forms });
    }
    Ok(meanings)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sense(vocabulary: &Vocabulary, words: &str) -> Option<(usize, Sense)> {
        let tokens: Vec<Token> = words.split(' ').filter_map(token).collect();
        vocabulary.sense(&tokens.iter().collect::<Vec<_>>())
    }

    fn others(vocabulary: &Vocabulary, words: &str) -> Vec<String> {
        match sense(vocabulary, words) {
            Some((_, Sense::Sure { others, .. })) => others.into_iter().map(|form| form.written).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn a_short_form_and_its_meaning_stand_for_each_other() {
        let clinic = Vocabulary::default();
        assert_eq!(others(&clinic, "MI"), ["myocardial infarction", "heart attack"]);
        assert_eq!(others(&clinic, "heart attack"), ["myocardial infarction", "MI"]);
        assert_eq!(others(&clinic, "c/o"), ["complains of"]);
        assert_eq!(others(&clinic, "T2DM")[0], "type 2 diabetes mellitus");
        assert!(others(&clinic, "metformin").is_empty());
    }

    #[test]
    fn the_longest_form_counts() {
        let (words, Sense::Sure { meaning, .. }) =
            sense(&Vocabulary::default(), "type 2 diabetes since 2009").unwrap()
        else {
            panic!("it has one meaning");
        };
        assert_eq!((words, meaning.written.as_str()), (3, "type 2 diabetes mellitus"));
    }

    #[test]
    fn a_form_of_several_meanings_stands_for_itself_and_is_never_stood_in_for() {
        let clinic = Vocabulary::default();
        let Some((1, Sense::Doubtful(meanings))) = sense(&clinic, "MS") else { panic!("it has several") };
        let meanings: Vec<&str> = meanings.iter().map(|form| form.written.as_str()).collect();
        assert_eq!(meanings, ["mitral stenosis", "multiple sclerosis", "morphine sulfate"]);
        assert!(others(&clinic, "multiple sclerosis").is_empty());
        assert!(matches!(sense(&clinic, "doe"), Some((1, Sense::Doubtful(_)))), "Jane Doe has no dyspnea");
    }

    #[test]
    fn a_house_adds_its_own_and_replaces_or_forgets_what_is_known() {
        let own = "# ours\n-as needed\nmyocardial infarction\tMI\nMount Carmel clinic\tMCC\n\nspecial care baby unit\tSCBU\tICU";
        let clinic = Vocabulary::default().with(own).unwrap();
        assert_eq!(others(&clinic, "MI"), ["myocardial infarction"]);
        assert_eq!(others(&clinic, "MCC"), ["Mount Carmel clinic"]);
        assert!(others(&clinic, "prn").is_empty() && sense(&clinic, "prn").is_none());
        assert!(others(&clinic, "ICU").is_empty(), "it has two meanings now");
        assert!(others(&clinic, "SCBU").contains(&"special care baby unit".to_owned()));
    }

    #[test]
    fn a_line_that_says_nothing_is_named() {
        let wrong = |list: &str| Vocabulary::default().with(list).err().unwrap().to_string();
        assert_eq!(wrong("# ours\n\nMCC"), "line 3: one form only; the others follow after a tab");
        assert_eq!(wrong("-as needed\tprn"), "line 1: behind \"-\" stands one meaning, written out");
        assert_eq!(wrong("Mount Carmel\t--"), "line 1: a form without a letter or of too many words");
    }
}
