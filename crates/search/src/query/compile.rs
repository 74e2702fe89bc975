//! How does a query become tantivy's, and what of it is to be marked on the page?

use std::collections::BTreeSet;
use std::ops::Bound;

use jiff::civil::Date;
use records::codes::CodePattern;
use records::identifier::canonical;
use tantivy::query::{
    BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, EmptyQuery, Occur, PhraseQuery,
    Query as Tantivy, RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

use super::{Clause, PatientTerm, Wished};
use crate::answer::Resolved;
use crate::best_of::BestOf;
use crate::error::SearchError;
use crate::expand::{Spelling, exact, may_be_far, spellings};
use crate::patience::{Patience, Patient};
use crate::placed::is_alternative;
use crate::plural::other_forms;
use crate::schema::{Fields, day};
use crate::tokens::Token;
use crate::walked::Walked;

mod codes;
mod same;
pub(crate) use same::Same;

/// Words beyond these are searched for as typed: walking the dictionary costs about a millisecond a word.
const MOST_EXPANDED: usize = 16;
/// Readings of a phrase that are tried, best first.
const MOST_READINGS: usize = 32;
/// Weight of one where many were asked for, or many.
const OTHER_FORM: f32 = 0.8;
/// A page filed under the number that was typed stands above pages that only print it.
const FILED_UNDER: f32 = 20.0;

/// What to mark: in each place one of these terms, the places side by side.
pub(crate) type Mark = Vec<BTreeSet<String>>;

/// How far misreadings are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// One letter.
    Near,
    /// Two letters in a long word, too: where the first finds little.
    Far,
}

/// Compiles clause after clause and gathers what the answer must say about it.
pub(crate) struct Compiler<'a> {
    searcher: &'a Searcher,
    fields: Fields,
    patients: &'a Resolved,
    walked: &'a Walked,
    wished: &'a Wished,
    /// Pages in the index.
    pages: u64,
    expanded: usize,
    reach: Reach,
    /// A word was compiled that is long enough for more misreadings.
    pub(crate) may_reach_further: bool,
    /// Below a `not` nothing is guessed, marked or told.
    denied: bool,
    pub(crate) marks: Vec<Mark>,
    /// Misread forms that were searched for as well.
    pub(crate) variants: BTreeSet<String>,
    /// Words that were searched for as well: one where many were asked for, or many.
    pub(crate) forms: BTreeSet<String>,
    /// Nothing is guessed at in what the clerk did not type.
    verbatim: bool,
    pub(crate) same: Vec<Same>,
    /// Codes to mark.
    pub(crate) codes: Vec<CodePattern>,
    pub(crate) patience: Patience,
}

type Compiled = Result<Box<dyn Tantivy>, SearchError>;

impl<'a> Compiler<'a> {
    pub(crate) fn new(
        searcher: &'a Searcher,
        fields: Fields,
        patients: &'a Resolved,
        walked: &'a Walked,
        wished: &'a Wished,
    ) -> Self {
        let pages = searcher.segment_readers().iter().map(|segment| u64::from(segment.max_doc())).sum();
        Self {
            searcher,
            fields,
            patients,
            walked,
            wished,
            pages,
            expanded: 0,
            reach: Reach::Near,
            may_reach_further: false,
            denied: false,
            marks: Vec::new(),
            variants: BTreeSet::new(),
            forms: BTreeSet::new(),
            verbatim: false,
            same: Vec::new(),
            codes: Vec::new(),
            patience: Patience::new(),
        }
    }

    pub(crate) fn reaching(mut self, reach: Reach) -> Self {
        self.reach = reach;
        self
    }

    /// The clause, and whether it must hold or must not.
    pub(crate) fn clause(&mut self, clause: &Clause) -> Result<(Occur, Box<dyn Tantivy>), SearchError> {
        Ok(match clause {
            Clause::Not(inner) => (Occur::MustNot, self.denying(inner)?),
            other => (Occur::Must, self.compile(other)?),
        })
    }

    fn denying(&mut self, inner: &Clause) -> Compiled {
        let before = std::mem::replace(&mut self.denied, true);
        let compiled = self.compile(inner);
        self.denied = before;
        compiled
    }

    fn compile(&mut self, clause: &Clause) -> Compiled {
        let fields = self.fields;
        Ok(match clause {
            Clause::Word(token) => self.word(token)?,
            Clause::Phrase(parts) => {
                let ways = self.side_by_side(parts)?;
                best_of(ways)
            }
            Clause::Same(said, sense) => self.same(said, sense)?,
            Clause::Means(tokens) => {
                let words: Vec<_> = tokens.iter().map(|token| self.word(token)).collect::<Result<_, _>>()?;
                all_of(words)
            }
            Clause::Any(sides) => {
                let mut any = Vec::new();
                for side in sides {
                    let mut way = self.compile(side)?;
                    if matches!(side, Clause::Patient(..)) {
                        // A chart stands above pages that only print the name.
                        way = Box::new(ConstScoreQuery::new(way, FILED_UNDER));
                    }
                    any.push((Occur::Should, way));
                }
                Box::new(BooleanQuery::new(any))
            }
            Clause::All(parts) => {
                let all: Vec<_> = parts.iter().map(|part| self.compile(part)).collect::<Result<_, _>>()?;
                all_of(all)
            }
            Clause::Not(inner) => {
                let all = filter(Box::new(tantivy::query::AllQuery));
                Box::new(BooleanQuery::new(vec![(Occur::Must, all), (Occur::MustNot, self.denying(inner)?)]))
            }
            Clause::Patient(at, term) => self.patient(*at, term),
            Clause::Account(number) => self.account(number),
            Clause::Kind(kinds) => {
                filter(one_of(kinds.iter().map(|kind| Term::from_field_text(fields.kind, kind))))
            }
            Clause::Station(station) => is(fields.station, station),
            Clause::Batch(batch) => is(fields.batch, batch),
            Clause::PaperBox(name) => is(fields.paper_box, name),
            Clause::Evidence(kind) => is(fields.evidence, kind),
            Clause::Legibility(legibility) => is(fields.legibility, legibility.word()),
            Clause::State(state) => is(fields.state, state),
            Clause::Code(pattern) => self.code(pattern)?,
            Clause::Described(said, codes) => self.described(said, codes)?,
            Clause::PageInDocument(page) => filter(Box::new(TermQuery::new(
                Term::from_field_u64(fields.page, *page),
                IndexRecordOption::Basic,
            ))),
            // Overlap: what was done begins before the end asked for, and ends after its beginning.
            Clause::Service(from, to) => {
                let after = from.map(|from| days(fields.service_to, Some(from), None));
                let before = to.map(|to| days(fields.service_from, None, Some(to)));
                filter(all_of([after, before].into_iter().flatten().collect()))
            }
            Clause::Received(from, to) => days(fields.received, Some(*from), Some(*to)),
            Clause::Pages(pages) => {
                let any = pages.iter().map(|page| fields.key_term(*page));
                filter(Box::new(TermSetQuery::new(any.collect::<Vec<_>>())))
            }
        })
    }

    /// The number as filed, and everybody the caller found.
    pub(crate) fn patient(&self, at: usize, term: &PatientTerm) -> Box<dyn Tantivy> {
        let people = self.patients.0.get(at).map(Vec::as_slice).unwrap_or_default();
        let mut terms: Vec<Term> =
            people.iter().map(|id| Term::from_field_text(self.fields.patient, &id.0.to_string())).collect();
        if let PatientTerm::Number(number) = term {
            terms.push(Term::from_field_text(self.fields.number, number));
        }
        if terms.is_empty() { Box::new(EmptyQuery) } else { filter(one_of(terms)) }
    }

    /// What belongs to the visit or account, and what prints its number: nothing is guessed at.
    fn account(&mut self, number: &str) -> Box<dyn Tantivy> {
        let printed = number.to_lowercase();
        let of_page =
            TermQuery::new(Term::from_field_text(self.fields.body, &printed), IndexRecordOption::WithFreqs);
        if !self.denied {
            self.marks.push(vec![BTreeSet::from([printed])]);
        }
        let filed = ConstScoreQuery::new(is(self.fields.account, number), FILED_UNDER);
        Box::new(DisjunctionMaxQuery::new(vec![Box::new(filed), Box::new(of_page)]))
    }

    /// The word whole, its parts side by side, or what the machine may have misread for it; the best counts.
    fn word(&mut self, token: &Token) -> Compiled {
        let mut spellings = self.spellings(&token.whole)?;
        spellings.extend(self.forms(&token.whole)?);
        let mut ways = self.one_of(spellings);
        if let Some(date) = &token.date {
            ways.extend(self.one_term(date)?);
        }
        if token.parts().len() > 1 {
            ways.extend(self.side_by_side(token.parts())?);
        }
        ways.extend(self.as_code(token)?);
        if token.whole.chars().filter(char::is_ascii_digit).count() >= 5 {
            let filed = is(self.fields.number, &canonical(&token.whole));
            ways.push(Box::new(ConstScoreQuery::new(filed, FILED_UNDER)));
        }
        Ok(best_of(ways))
    }

    fn one_term(&mut self, term: &str) -> Result<Vec<Box<dyn Tantivy>>, SearchError> {
        let spellings = self.spellings(term)?;
        Ok(self.one_of(spellings))
    }

    /// The first is the word itself.
    fn one_of(&mut self, all: Vec<Spelling>) -> Vec<Box<dyn Tantivy>> {
        self.mark([&all]);
        let body = self.fields.body;
        let ways = all.iter().map(|spelling| -> Box<dyn Tantivy> {
            let scored =
                TermQuery::new(Term::from_field_text(body, &spelling.term), IndexRecordOption::WithFreqs);
            weighed(Box::new(scored), self.boost(&[&all[0]], &[spelling]))
        });
        ways.collect()
    }

    /// One or many of it, as far as that stands on a page.
    fn forms(&mut self, word: &str) -> Result<Vec<Spelling>, SearchError> {
        let mut forms = Vec::new();
        if !self.denied && !self.verbatim {
            for form in other_forms(word).into_iter().filter(|form| !self.wished.drops(form)) {
                let found = exact(self.searcher, self.fields.body, &form)?;
                forms.extend((found.pages > 0).then_some(Spelling { weight: OTHER_FORM, ..found }));
            }
        }
        self.forms.extend(forms.iter().map(|form| form.term.clone()));
        Ok(forms)
    }

    /// The words one after the other, each as written or misread, the likeliest readings of the whole.
    fn side_by_side(&mut self, words: &[String]) -> Result<Vec<Box<dyn Tantivy>>, SearchError> {
        if let [one] = words {
            return self.one_term(one);
        }
        let slots: Vec<Vec<Spelling>> =
            words.iter().map(|word| self.spellings(word)).collect::<Result<_, _>>()?;
        self.mark(&slots);
        let mut readings: Vec<(f32, Vec<&Spelling>)> = vec![(1.0, Vec::new())];
        for slot in &slots {
            let longer = readings.iter().flat_map(|(weight, said)| {
                slot.iter()
                    .map(move |next| (weight * next.weight, said.iter().copied().chain([next]).collect()))
            });
            readings = longer.collect();
            readings.sort_by(|a, b| b.0.total_cmp(&a.0));
            readings.truncate(MOST_READINGS);
        }
        let written: Vec<&Spelling> = slots.iter().map(|slot| &slot[0]).collect();
        let ways = readings.iter().map(|(_, said)| -> Box<dyn Tantivy> {
            let terms = said.iter().map(|s| Term::from_field_text(self.fields.body, &s.term)).collect();
            let side_by_side = Patient::new(Box::new(PhraseQuery::new(terms)), self.patience.clone());
            weighed(Box::new(side_by_side), self.boost(&written, said))
        });
        Ok(ways.collect())
    }

    fn spellings(&mut self, word: &str) -> Result<Vec<Spelling>, SearchError> {
        let body = self.fields.body;
        if self.denied || self.verbatim || self.expanded == MOST_EXPANDED {
            return Ok(vec![exact(self.searcher, body, word)?]);
        }
        self.expanded += 1;
        self.may_reach_further |= self.reach == Reach::Near && may_be_far(word);
        let mut all = spellings(self.searcher, body, word, self.reach, self.walked)?;
        let mut typed = true;
        all.retain(|spelling| std::mem::take(&mut typed) || !self.wished.drops(&spelling.term));
        let guessed = all.iter().skip(1).filter(|spelling| !is_alternative(&spelling.term));
        self.variants.extend(guessed.map(|spelling| spelling.term.clone()));
        Ok(all)
    }

    /// A misreading is rare, and rare words score high: it is weighed as if it were as common as the word itself.
    fn boost(&self, written: &[&Spelling], said: &[&Spelling]) -> f32 {
        let rarity = |all: &[&Spelling]| all.iter().map(|s| self.rarity(s.pages.max(1))).sum::<f32>();
        let weight: f32 = said.iter().map(|spelling| spelling.weight).product();
        weight * rarity(written) / rarity(said)
    }

    /// BM25's inverse document frequency.
    fn rarity(&self, pages: u64) -> f32 {
        let (all, pages) = (self.pages.max(pages) as f32, pages as f32);
        (1.0 + (all - pages + 0.5) / (pages + 0.5)).ln()
    }

    fn mark<'s>(&mut self, slots: impl IntoIterator<Item = &'s Vec<Spelling>>) {
        if !self.denied {
            let terms = |slot: &Vec<Spelling>| slot.iter().map(|spelling| spelling.term.clone()).collect();
            self.marks.push(slots.into_iter().map(terms).collect());
        }
    }
}

/// The highest score of several ways to say the same.
fn best_of(mut ways: Vec<Box<dyn Tantivy>>) -> Box<dyn Tantivy> {
    if ways.len() == 1 { ways.remove(0) } else { Box::new(BestOf::new(ways)) }
}

fn weighed(query: Box<dyn Tantivy>, weight: f32) -> Box<dyn Tantivy> {
    // Unweighed terms keep tantivy's fast paths.
    if (weight - 1.0).abs() < f32::EPSILON { query } else { Box::new(BoostQuery::new(query, weight)) }
}

fn all_of(parts: Vec<Box<dyn Tantivy>>) -> Box<dyn Tantivy> {
    Box::new(BooleanQuery::new(parts.into_iter().map(|part| (Occur::Must, part)).collect()))
}

/// Any of these terms. A few are looked up one by one: a set of them walks the dictionary, and has a bit for every page.
pub(crate) fn one_of(terms: impl IntoIterator<Item = Term>) -> Box<dyn Tantivy> {
    const FEW: usize = 8;
    let mut terms: Vec<Term> = terms.into_iter().collect();
    match terms.len() {
        1 => Box::new(TermQuery::new(terms.remove(0), IndexRecordOption::Basic)),
        ..=FEW => Box::new(BooleanQuery::new_multiterms_query(terms)),
        _ => Box::new(TermSetQuery::new(terms)),
    }
}

/// What decides whether a page is found, not how high it stands.
pub(crate) fn filter(query: Box<dyn Tantivy>) -> Box<dyn Tantivy> {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

fn is(field: Field, text: &str) -> Box<dyn Tantivy> {
    filter(Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::Basic)))
}

fn days(field: Field, from: Option<Date>, to: Option<Date>) -> Box<dyn Tantivy> {
    let bound = |date: Option<Date>| {
        date.map_or(Bound::Unbounded, |date| Bound::Included(Term::from_field_i64(field, day(date))))
    };
    filter(Box::new(RangeQuery::new(bound(from), bound(to))))
}
