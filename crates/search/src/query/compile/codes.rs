//! How are codes searched for? As they are, never by what looks like them.

use std::collections::BTreeSet;

use records::codes::{CodePattern, Described};
use tantivy::Term;
use tantivy::query::{ConstScoreQuery, EmptyQuery, Query as Tantivy};

use super::same::{Offer, Same};
use super::{Compiled, Compiler, best_of, filter, one_of};
use crate::error::SearchError;
use crate::query::Clause;
use crate::tokens::Token;

/// Weight of a code beside the words it stands for, and beside its own text.
const WEIGHT: f32 = 0.5;
/// Codes of the index that begin alike and are searched for.
const MOST_ALIKE: usize = 4_000;

/// A condition, and about how many pages meet it.
type Counted = (Box<dyn Tantivy>, u64);

impl Compiler<'_> {
    /// Pages with such a code.
    pub(super) fn code(&mut self, pattern: &CodePattern) -> Compiled {
        let codes = self.codes_like(pattern)?;
        if !self.denied {
            self.codes.push(pattern.clone());
        }
        Ok(filter(codes.map_or_else(|| Box::new(EmptyQuery) as Box<dyn Tantivy>, |(query, _)| query)))
    }

    /// A word that is a code stands for it however it is printed or was misread; `None`: no page has the code. What
    /// must not stand on a page is never more than what was typed.
    pub(super) fn as_code(&mut self, token: &Token) -> Result<Option<Box<dyn Tantivy>>, SearchError> {
        let Some(pattern) = CodePattern::in_text(&token.whole).filter(|_| !self.denied) else {
            return Ok(None);
        };
        let Some((query, pages)) = self.codes_like(&pattern)? else { return Ok(None) };
        self.codes.push(pattern);
        Ok(Some(Box::new(ConstScoreQuery::new(query, WEIGHT * self.rarity(pages)))))
    }

    /// The word as it was typed, or a code that it stands for.
    pub(super) fn described(&mut self, said: &Clause, codes: &[Described]) -> Compiled {
        let mut ways = vec![self.compile(said)?];
        let tokens = tokens(said);
        let weight = WEIGHT * self.rarity_of(tokens.iter().flat_map(|token| token.parts()))?;
        let mut offers = Vec::new();
        for code in codes.iter().filter(|code| !self.wished.drops(&code.written())) {
            let pattern = code.pattern();
            let Some((query, _)) = self.codes_like(&pattern)? else { continue };
            ways.push(Box::new(ConstScoreQuery::new(query.box_clone(), weight)));
            // Its neighbours stand for it, too.
            if self.codes.contains(&pattern) {
                continue;
            }
            self.codes.push(pattern);
            offers.push(Offer { written: code.written(), query, searched: true, meaning: false });
        }
        if !offers.is_empty() {
            let said = tokens.iter().map(|token| token.whole.as_str()).collect::<Vec<_>>().join(" ");
            self.same.push(Same { said, offers });
        }
        Ok(best_of(ways))
    }

    /// Pages with one of the codes that stand in the index and are meant, and about how many there are.
    fn codes_like(&self, pattern: &CodePattern) -> Result<Option<Counted>, SearchError> {
        let field = self.fields.code;
        let (mut terms, mut pages) = (BTreeSet::new(), 0);
        for segment in self.searcher.segment_readers() {
            let inverted = segment.inverted_index(field)?;
            let mut stream = inverted.terms().range().ge(pattern.key()).into_stream()?;
            while terms.len() < MOST_ALIKE && stream.advance() {
                let key = String::from_utf8_lossy(stream.key());
                if !key.starts_with(pattern.key()) || (!pattern.is_prefix() && key != pattern.key()) {
                    break;
                }
                pages += u64::from(stream.value().doc_freq);
                terms.insert(Term::from_field_text(field, &key));
            }
        }
        let query = (!terms.is_empty()).then(|| one_of(terms));
        Ok(query.map(|query| (query, pages)))
    }
}

/// The bare words of a clause.
fn tokens(clause: &Clause) -> Vec<&Token> {
    match clause {
        Clause::Word(token) => vec![token],
        Clause::Same(said, _) => said.iter().flat_map(tokens).collect(),
        _ => Vec::new(),
    }
}
