//! What else do the clerk's words mean in a clinic?
//!
//! Only bare words are looked up. What was quoted stands for itself, and what must not stand on a page is never more
//! than what was typed.

use super::{Clause, Query};
use crate::tokens::Token;
use crate::vocabulary::{Sense, Vocabulary};

pub(super) fn speaking(query: Query, vocabulary: &Vocabulary) -> Query {
    let Query { all, cut } = query;
    let mut rest = all.into_iter().map(|clause| asked(clause, vocabulary)).collect::<Vec<Clause>>();
    let mut said = Vec::new();
    while !rest.is_empty() {
        let run: Vec<&Token> = rest.iter().map_while(Clause::as_word).collect();
        match vocabulary.sense(&run) {
            Some((count, sense)) => {
                let words = rest.drain(..count).collect();
                said.push(Clause::Same(words, sense));
            }
            None => said.push(inside(rest.remove(0), vocabulary)),
        }
    }
    Query { all: said, cut }
}

/// The sides of an `OR` are looked up one by one.
fn inside(clause: Clause, vocabulary: &Vocabulary) -> Clause {
    let Clause::Any(sides) = clause else { return clause };
    let side = |side: Clause| match side.as_word().and_then(|word| vocabulary.sense(&[word])) {
        Some((_, sense)) => Clause::Same(vec![side], sense),
        None => side,
    };
    Clause::Any(sides.into_iter().map(side).collect())
}

/// `means:PT` stands for whatever it may mean.
fn asked(clause: Clause, vocabulary: &Vocabulary) -> Clause {
    match clause {
        Clause::Means(words) => {
            let meanings = vocabulary.all_senses(&words);
            let words = words.into_iter().map(Clause::Word).collect();
            Clause::Same(words, Sense::Asked(meanings))
        }
        Clause::Any(sides) => Clause::Any(sides.into_iter().map(|side| asked(side, vocabulary)).collect()),
        other => other,
    }
}
