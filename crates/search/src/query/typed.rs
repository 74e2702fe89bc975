//! What has been typed so far, and what of it is not finished?

use jiff::civil::Date;

use super::parse::{self, Unfinished};
use super::{Clause, PatientTerm, Query, meaning};
use crate::tokens::{Token, token};
use crate::vocabulary::Vocabulary;

/// A line that is being typed.
pub struct Typed {
    /// What must hold beside whatever the last word becomes.
    pub(crate) before: Query,
    pub(crate) last: Option<Last>,
}

/// The word at the end of it.
pub(crate) enum Last {
    Word {
        /// The line up to it.
        head: String,
        /// As it is searched for.
        begun: String,
        /// Forms of the vocabulary that it may become, with words before it or alone.
        forms: Vec<Begun>,
    },
    /// The value of a field, lower case.
    Value { head: String, field: &'static str, begun: String },
}

/// A form of the vocabulary whose last typed word is not finished.
pub(crate) struct Begun {
    /// The line up to where it begins.
    pub(crate) head: String,
    pub(crate) written: String,
    /// Its words side by side, as they stand on a page.
    pub(crate) parts: Vec<String>,
    /// It is one word, as it is searched for.
    pub(crate) word: Option<String>,
    pub(crate) means: Vec<String>,
}

/// Shorter beginnings are those of too many words.
const SHORTEST: usize = 2;
/// Fields whose values the index knows and that name no patient.
const VALUED: [&str; 6] = ["type", "station", "state", "box", "evidence", "legibility"];

impl Typed {
    /// Any text is a line. `today` is the day of the query language ([`Query::parse`]).
    pub fn parse(line: &str, today: Date, vocabulary: &Vocabulary) -> Self {
        let nothing = || Self { before: Query::default(), last: None };
        let Some(Unfinished { head, field, begun, before }) = parse::unfinished(line, today) else {
            return nothing();
        };
        let last = match field {
            Some(field) => {
                let known = VALUED.into_iter().find(|known| *known == field);
                known.map(|field| Last::Value { head, field, begun: begun.to_lowercase() })
            }
            None => word(head, &begun, &before, vocabulary),
        };
        Self { before: meaning::speaking(before, vocabulary), last }
    }

    /// The persons named before the last word, in order; the caller answers with as many lists
    /// ([`crate::Resolved`]).
    pub fn patient_terms(&self) -> Vec<&PatientTerm> {
        self.before.patient_terms()
    }
}

fn word(head: String, begun: &str, before: &Query, vocabulary: &Vocabulary) -> Option<Last> {
    // "doe, ja" names a person, "march 3" a day.
    let begun = token(begun).filter(|_| !begun.contains(char::is_whitespace))?.whole;
    if begun.chars().count() < SHORTEST {
        return None;
    }
    let run: Vec<&Token> = before.all.iter().rev().map_while(Clause::as_word).collect();
    let typed = head.split_whitespace().rev().map(token);
    // The words of the line that are those of the query, nearest first: "-aspirin" is a condition, no word.
    let run = run.into_iter().zip(typed).take_while(|(word, typed)| typed.as_ref() == Some(word));
    let run: Vec<&Token> = run.map(|(word, _)| word).collect::<Vec<_>>().into_iter().rev().collect();
    let forms = vocabulary.begun(&run, &begun).into_iter().map(|(words, form, means)| Begun {
        head: without_last_words(&head, words),
        written: form.written.clone(),
        parts: form.parts(),
        word: if let [only] = form.tokens.as_slice() { Some(only.whole.clone()) } else { None },
        means,
    });
    Some(Last::Word { begun, forms: forms.collect(), head })
}

fn without_last_words(head: &str, words: usize) -> String {
    let mut kept = head;
    for _ in 0..words {
        kept = kept.trim_end();
        kept = &kept[..kept.rfind(char::is_whitespace).map_or(0, |at| at + 1)];
    }
    kept.to_owned()
}

/// Never shows what was typed.
impl std::fmt::Debug for Typed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Typed(…)")
    }
}
