//! Which pages answer a query, within what the asker may see?

use std::collections::BTreeSet;
use std::ops::Bound;

use records::ids::{DocumentId, ExceptionId, PageRef};
use records::patient::PatientId;
use records::rights::Scope;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, DisjunctionMaxQuery, EmptyQuery, Occur, PhraseQuery, Query as Tantivy, RangeQuery,
    TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption, Value as _};
use tantivy::{DocAddress, Searcher, TantivyDocument, Term};

use crate::error::SearchError;
use crate::expand::misreadings;
use crate::query::{Clause, Query};
use crate::schema::{Fields, day, page_of_key};

/// For each patient term of the query, everybody it may mean: all identities, as filed.
#[derive(Clone, Debug, Default)]
pub struct Resolved(pub Vec<Vec<PatientId>>);

/// The pages of one screen, and how many there are.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// Pages that the asker may see and that match.
    pub total: usize,
    pub hits: Vec<Hit>,
    /// Misread forms of the words that were searched for as well.
    pub variants: Vec<String>,
    /// Terms to mark on the page: words, parts of phrases, variants.
    pub(crate) marked: BTreeSet<String>,
}

/// One page.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    pub page: PageRef,
    pub document: Option<DocumentId>,
    pub exception: Option<ExceptionId>,
    pub score: f32,
}

/// A variant counts this much of the word itself.
const VARIANT_BOOST: f32 = 0.5;

/// A part of a query, and whether it must or must not hold.
type Part = (Occur, Box<dyn Tantivy>);

/// Turns a query into tantivy's, and remembers what is to be marked.
struct Compiler<'a> {
    searcher: &'a Searcher,
    fields: Fields,
    patients: &'a Resolved,
    variants: Vec<String>,
    marked: BTreeSet<String>,
}

pub(crate) fn answer(
    searcher: &Searcher,
    fields: Fields,
    query: &Query,
    patients: &Resolved,
    scope: &Scope,
    limit: usize,
    offset: usize,
) -> Result<Answer, SearchError> {
    let mut compiler = Compiler::new(searcher, fields, patients);
    let mut parts: Vec<Part> = vec![(Occur::Must, Box::new(AllQuery))];
    for clause in &query.all {
        match clause {
            // What must not be there is neither marked nor told of.
            Clause::Not(inner) => {
                parts.push((Occur::MustNot, Compiler::new(searcher, fields, patients).compile(inner)));
            }
            other => parts.push((Occur::Must, compiler.compile(other))),
        }
    }
    parts.extend(within(searcher, fields, scope)?);
    let whole = BooleanQuery::new(parts);
    let top = TopDocs::with_limit(limit.max(1)).and_offset(offset).order_by_score();
    let (found, total) = searcher.search(&whole, &(top, Count))?;
    let mut hits = Vec::new();
    for (score, address) in found.into_iter().take(limit) {
        hits.push(hit(searcher, fields, score, address)?);
    }
    // Equal scores stand in the order of the pages, whatever segments they lie in.
    hits.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.page.cmp(&b.page)));
    Ok(Answer { total, hits, variants: compiler.variants, marked: compiler.marked })
}

fn hit(searcher: &Searcher, fields: Fields, score: f32, address: DocAddress) -> Result<Hit, SearchError> {
    let stored: TantivyDocument = searcher.doc(address)?;
    let text = |field: Field| stored.get_first(field).and_then(|value| value.as_str()).unwrap_or_default();
    let page = page_of_key(text(fields.key)).ok_or_else(|| SearchError::Damaged("a page without its key".into()))?;
    Ok(Hit { page, document: text(fields.document).parse().ok(), exception: text(fields.exception).parse().ok(), score })
}

/// What the asker may not see is not there: no hit, no count.
fn within(searcher: &Searcher, fields: Fields, scope: &Scope) -> Result<Vec<Part>, SearchError> {
    let mut parts: Vec<Part> = Vec::new();
    let mut hidden = BTreeSet::new();
    for segment in searcher.segment_readers() {
        let labels = segment.inverted_index(fields.label)?;
        let mut stream = labels.terms().stream()?;
        while stream.advance() {
            let label = String::from_utf8_lossy(stream.key()).into_owned();
            if !scope.labels.iter().any(|allowed| allowed.0 == label) {
                hidden.insert(label);
            }
        }
    }
    let terms = |field: Field, texts: Vec<String>| -> Box<dyn Tantivy> {
        Box::new(TermSetQuery::new(texts.iter().map(|text| Term::from_field_text(field, text)).collect::<Vec<_>>()))
    };
    if !hidden.is_empty() {
        parts.push((Occur::MustNot, terms(fields.label, hidden.into_iter().collect())));
    }
    if !scope.worklist {
        parts.push((Occur::Must, terms(fields.state, vec!["filed".into()])));
    }
    if !scope.excluded.is_empty() {
        let gone = scope.excluded.iter().map(ToString::to_string).collect();
        parts.push((Occur::MustNot, terms(fields.document, gone)));
    }
    Ok(parts)
}

impl<'a> Compiler<'a> {
    fn new(searcher: &'a Searcher, fields: Fields, patients: &'a Resolved) -> Self {
        Self { searcher, fields, patients, variants: Vec::new(), marked: BTreeSet::new() }
    }

    fn compile(&mut self, clause: &Clause) -> Box<dyn Tantivy> {
        match clause {
            Clause::Word(token) => self.word(&token.whole, &token.parts),
            Clause::Phrase(parts) => self.phrase(parts),
            Clause::Any(sides) => {
                let sides = sides.iter().map(|side| (Occur::Should, self.compile(side))).collect();
                Box::new(BooleanQuery::new(sides))
            }
            Clause::Not(inner) => Box::new(BooleanQuery::new(vec![
                (Occur::Must, Box::new(AllQuery) as Box<dyn Tantivy>),
                (Occur::MustNot, self.compile(inner)),
            ])),
            Clause::Patient(at, _) => self.patient(*at),
            Clause::Kind(kind) => self.exact(self.fields.kind, kind),
            Clause::Station(station) => self.exact(self.fields.station, station),
            Clause::Batch(batch) => self.exact(self.fields.batch, batch),
            Clause::State(state) => self.exact(self.fields.state, state),
            Clause::PageInDocument(page) => {
                Box::new(TermQuery::new(Term::from_field_u64(self.fields.page, *page), IndexRecordOption::Basic))
            }
            // Overlap: what was done begins before the end asked for, and ends after its beginning.
            Clause::Service(from, to) => {
                let after = from.map(|day_from| self.days(self.fields.service_to, Some(day(day_from)), None));
                let before = to.map(|day_to| self.days(self.fields.service_from, None, Some(day(day_to))));
                let both = [after, before].into_iter().flatten().map(|q| (Occur::Must, q)).collect();
                Box::new(BooleanQuery::new(both))
            }
            Clause::Received(from, to) => self.days(self.fields.received, Some(day(*from)), Some(day(*to))),
        }
    }

    fn exact(&self, field: Field, text: &str) -> Box<dyn Tantivy> {
        Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::Basic))
    }

    fn days(&self, field: Field, from: Option<i64>, to: Option<i64>) -> Box<dyn Tantivy> {
        let bound = |day: Option<i64>| day.map_or(Bound::Unbounded, |day| Bound::Included(Term::from_field_i64(field, day)));
        Box::new(RangeQuery::new(bound(from), bound(to)))
    }

    fn patient(&self, at: usize) -> Box<dyn Tantivy> {
        let people = self.patients.0.get(at).map(Vec::as_slice).unwrap_or_default();
        if people.is_empty() {
            return Box::new(EmptyQuery);
        }
        let terms: Vec<Term> =
            people.iter().map(|id| Term::from_field_text(self.fields.patient, &id.0.to_string())).collect();
        Box::new(TermSetQuery::new(terms))
    }

    /// The word whole, its parts side by side, or what the machine may have misread for it; the best counts.
    fn word(&mut self, whole: &str, parts: &[String]) -> Box<dyn Tantivy> {
        let body = self.fields.body;
        let scored = |text: &str| -> Box<dyn Tantivy> {
            Box::new(TermQuery::new(Term::from_field_text(body, text), IndexRecordOption::WithFreqs))
        };
        let mut ways = vec![scored(whole)];
        self.marked.insert(whole.to_owned());
        if parts.len() > 1 {
            ways.push(self.phrase(parts));
        }
        for variant in misreadings(self.searcher, body, whole) {
            ways.push(Box::new(BoostQuery::new(scored(&variant), VARIANT_BOOST)));
            self.marked.insert(variant.clone());
            self.variants.push(variant);
        }
        if ways.len() == 1 { ways.remove(0) } else { Box::new(DisjunctionMaxQuery::new(ways)) }
    }

    fn phrase(&mut self, parts: &[String]) -> Box<dyn Tantivy> {
        self.marked.extend(parts.iter().cloned());
        let body = self.fields.body;
        match parts {
            [one] => Box::new(TermQuery::new(Term::from_field_text(body, one), IndexRecordOption::WithFreqs)),
            several => Box::new(PhraseQuery::new(several.iter().map(|p| Term::from_field_text(body, p)).collect())),
        }
    }
}
