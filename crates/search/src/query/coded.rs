//! Which codes do the clerk's words stand for?
//!
//! Bare words that all stand in the text of a code are searched for as its code, too: a page that prints only `E11.9`
//! answers to "type 2 diabetes". Where words stand in the text of no code, what they mean is looked up (`HTN`).

use std::ops::Range;

use records::codes::{Described, Descriptions};

use super::{Clause, Query};
use crate::vocabulary::Sense;

pub(super) fn coded(query: Query, texts: &Descriptions) -> Query {
    Query { all: described(query.all, texts), ..query }
}

/// Whether a clause holds words that may stand for codes.
pub(super) fn has_words(clauses: &[Clause]) -> bool {
    clauses.iter().any(|clause| match clause {
        Clause::Any(sides) | Clause::All(sides) => has_words(sides),
        other => parts(other).is_some(),
    })
}

fn described(clauses: Vec<Clause>, texts: &Descriptions) -> Vec<Clause> {
    let mut rest = clauses.into_iter().peekable();
    let mut said = Vec::new();
    while let Some(clause) = rest.next() {
        if parts(&clause).is_none() {
            said.push(inside(clause, texts));
            continue;
        }
        let mut run = vec![clause];
        while let Some(next) = rest.next_if(|next| parts(next).is_some()) {
            run.push(next);
        }
        said.extend(run_described(run, texts));
    }
    said
}

/// A run of words, each with the codes that it and its neighbours stand for. Word by word, so that a page that lacks one
/// of them still has the others: a page with one of the codes has them all.
fn run_described(run: Vec<Clause>, texts: &Descriptions) -> Vec<Clause> {
    let words: Vec<Vec<String>> = run.iter().filter_map(parts).collect();
    let named: Vec<(Range<usize>, Vec<Described>)> = texts.named(&words);
    let (mut said, mut at, mut run) = (Vec::new(), 0, run.into_iter());
    for (range, codes) in named {
        said.extend(run.by_ref().take(range.start - at).map(|clause| meant(clause, texts)));
        let described = run.by_ref().take(range.len());
        said.extend(described.map(|clause| Clause::Described(Box::new(clause), codes.clone())));
        at = range.end;
    }
    said.extend(run.map(|clause| meant(clause, texts)));
    said
}

/// A short form by what it means, written out.
fn meant(clause: Clause, texts: &Descriptions) -> Clause {
    let Clause::Same(_, Sense::Sure { meaning, .. }) = &clause else { return clause };
    match texts.named(&[meaning.parts()]).pop() {
        Some((_, codes)) => Clause::Described(Box::new(clause), codes),
        None => clause,
    }
}

fn inside(clause: Clause, texts: &Descriptions) -> Clause {
    match clause {
        Clause::Any(sides) => {
            Clause::Any(sides.into_iter().flat_map(|side| described(vec![side], texts)).collect())
        }
        Clause::All(parts) => Clause::All(described(parts, texts)),
        other => other,
    }
}

/// The words of a clause that was typed as bare words.
fn parts(clause: &Clause) -> Option<Vec<String>> {
    match clause {
        Clause::Word(token) if token.date.is_none() => Some(token.parts().to_vec()),
        Clause::Same(said, Sense::Sure { .. } | Sense::Doubtful(_)) => {
            Some(said.iter().filter_map(parts).flatten().collect())
        }
        _ => None,
    }
}
