//! What else do the clerk's words mean in a clinic?
//!
//! Only bare words are looked up. What was quoted stands for itself, and what must not stand on a page is never more
//! than what was typed.

use super::{Clause, Query};
use crate::tokens::Token;
use crate::vocabulary::{Sense, Vocabulary};

pub(super) fn speaking(query: Query, vocabulary: &Vocabulary) -> Query {
    Query { all: spoken(query.all, vocabulary), ..query }
}

fn spoken(clauses: Vec<Clause>, vocabulary: &Vocabulary) -> Vec<Clause> {
    let mut rest = clauses.into_iter().map(|clause| asked(clause, vocabulary)).collect::<Vec<Clause>>();
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
    said
}

/// The sides of an `OR` are looked up one by one.
fn inside(clause: Clause, vocabulary: &Vocabulary) -> Clause {
    match clause {
        Clause::Any(sides) => {
            Clause::Any(sides.into_iter().flat_map(|side| spoken(vec![side], vocabulary)).collect())
        }
        Clause::All(parts) => Clause::All(spoken(parts, vocabulary)),
        other => other,
    }
}

/// `means:PT` stands for whatever it may mean.
fn asked(clause: Clause, vocabulary: &Vocabulary) -> Clause {
    match clause {
        Clause::Means(words) => {
            let meanings = vocabulary.all_senses(&words);
            let words = words.into_iter().map(Clause::Word).collect();
            Clause::Same(words, Sense::Asked(meanings))
        }
        other => other,
    }
}
