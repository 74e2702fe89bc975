//! Which pages answer a query, within what the asker may see?

use records::reading::Legibility;
use records::rights::Scope;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{
    AllQuery, BooleanQuery, EnableScoring, Occur, Query as Tantivy, QueryClone as _, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption, Value as _};
use tantivy::{DocAddress, DocSet as _, Order as Sort, Searcher, TERMINATED, TantivyDocument, Term};

use crate::answer::{Answer, ChartText, Hit, Meaning, Order, Resolved, Screen};
use crate::error::SearchError;
use crate::facets::Counting;
use crate::fit::{ByDay, ByFit};
use crate::hidden::Hidden;
use crate::nearly::{ENOUGH, Said};
use crate::query::compile::{Compiler, Reach, Same, filter};
use crate::query::{PatientTerm, Query};
use crate::schema::{Fields, RECEIVED, SERVICE_FROM, page_of_key};
use crate::walked::Walked;
use crate::whole::Whole;

/// What must, or must not, hold of a page.
pub(crate) type Condition = (Occur, Box<dyn Tantivy>);

/// A query as it is put to the index.
struct Asked<'a> {
    whole: Whole,
    /// What was typed as text, ...
    said: Vec<Said<'a>>,
    /// ... and all else that must hold, or must not.
    others: Vec<Condition>,
    compiler: Compiler<'a>,
}

/// What is asked, of which index, for whom.
pub(crate) struct Question<'a> {
    pub(crate) searcher: &'a Searcher,
    pub(crate) fields: Fields,
    pub(crate) query: &'a Query,
    pub(crate) patients: &'a Resolved,
    pub(crate) scope: &'a Scope,
    pub(crate) walked: &'a Walked,
}

impl Question<'_> {
    pub(crate) fn answer(&self, screen: Screen) -> Result<Answer, SearchError> {
        let hidden = Hidden::from(self.searcher, self.fields, self.scope)?;
        let visible = seen_beside(hidden.as_ref());
        let mut asked = self.asked(Reach::Near, hidden.as_ref())?;
        let divided = screen.facets.then_some(Counting);
        let (mut total, mut facets) = self.searcher.search(&asked.whole, &(Count, divided))?;
        if total < ENOUGH && asked.compiler.may_reach_further && !asked.compiler.patience.ended() {
            asked = self.asked(Reach::Far, hidden.as_ref())?;
            (total, facets) =
                self.searcher.search(&asked.whole, &(Count, screen.facets.then_some(Counting)))?;
        }
        let hits = match screen.limit.min(total.saturating_sub(screen.offset)) {
            0 => Vec::new(),
            limit => self.first(&asked.whole, Screen { limit, ..screen })?,
        };
        let Asked { said, others, compiler, .. } = asked;
        let Compiler { marks, variants, forms, same, codes, patience, .. } = compiler;
        let first_screen = screen.offset == 0 && screen.order == Order::Relevance && !patience.ended();
        let wanted = if first_screen { screen.limit.min(ENOUGH).saturating_sub(total) } else { 0 };
        let nearly = self.nearly(&said, others, &hits, wanted)?;
        let (mut also_searched, mut meanings, mut misread) = (Vec::new(), Vec::new(), Vec::new());
        for Same { said, offers } in same {
            let mut means = Vec::new();
            for offer in offers {
                if self.is_seen(offer.query, &visible)? {
                    means.extend(offer.meaning.then(|| offer.written.clone()));
                    also_searched.extend(offer.searched.then_some(offer.written));
                }
            }
            meanings.extend((!means.is_empty()).then_some(Meaning { said, means }));
        }
        for form in forms {
            if self.is_term_seen(&form, &visible)? {
                also_searched.push(form);
            }
        }
        for variant in variants {
            if self.is_term_seen(&variant, &visible)? {
                misread.push(variant);
            }
        }
        let charts = self.charts(&visible)?;
        Ok(Answer {
            total,
            unfinished: patience.ended(),
            hits,
            nearly,
            facets,
            charts,
            also_searched,
            meanings,
            variants: misread,
            marks,
            codes,
        })
    }

    /// The query, compiled, within what the asker may see.
    fn asked(&self, reach: Reach, hidden: Option<&Hidden>) -> Result<Asked<'_>, SearchError> {
        let mut compiler =
            Compiler::new(self.searcher, self.fields, self.patients, self.walked, &self.query.wished)
                .reaching(reach);
        let (mut said, mut others) = (Vec::new(), Vec::new());
        for clause in &self.query.all {
            let (occur, query) = compiler.clause(clause)?;
            if clause.is_text() {
                said.push(Said { clause, query });
            } else {
                others.push((occur, query));
            }
        }
        let texts = said.iter().map(|said| (Occur::Must, said.query.box_clone()));
        let mut conditions: Vec<Condition> = texts.chain(others.iter().map(cloned)).collect();
        if conditions.iter().all(|(occur, _)| *occur == Occur::MustNot) {
            conditions.push((Occur::Must, filter(Box::new(AllQuery))));
        }
        others.extend(seen_beside(hidden));
        Ok(Asked {
            whole: Whole::new(conditions, hidden.cloned(), compiler.patience.clone()),
            said,
            others,
            compiler,
        })
    }

    /// How much of the charts that the query asks for can be searched.
    fn charts(&self, visible: &[Condition]) -> Result<Option<ChartText>, SearchError> {
        let charts = self.query.charts();
        if charts.is_empty() {
            return Ok(None);
        }
        let compiler =
            Compiler::new(self.searcher, self.fields, self.patients, self.walked, &self.query.wished);
        let one_of_them = |chart: &Vec<(usize, &PatientTerm)>| -> Condition {
            let any = chart.iter().map(|(at, term)| (Occur::Should, compiler.patient(*at, term)));
            (Occur::Must, Box::new(BooleanQuery::new(any.collect())))
        };
        self.chart_text(charts.iter().map(one_of_them).chain(visible.iter().map(cloned)).collect()).map(Some)
    }

    /// Of the pages that meet the conditions.
    fn chart_text(&self, mut conditions: Vec<Condition>) -> Result<ChartText, SearchError> {
        let filed = one_of(self.fields.state, ["filed".into()]);
        conditions.push((Occur::Must, filter(filed)));
        let pages =
            self.searcher.search(&BooleanQuery::new(conditions.iter().map(cloned).collect()), &Count)?;
        let hard = [Legibility::None, Legibility::Little].map(|legibility| legibility.word().to_owned());
        conditions.push((Occur::Must, filter(one_of(self.fields.legibility, hard))));
        let hard_to_read = self.searcher.search(&BooleanQuery::new(conditions), &Count)?;
        Ok(ChartText { pages, hard_to_read })
    }

    pub(crate) fn first(&self, whole: &dyn Tantivy, screen: Screen) -> Result<Vec<Hit>, SearchError> {
        let top = TopDocs::with_limit(screen.limit).and_offset(screen.offset);
        let (field, order) = match screen.order {
            Order::Relevance => {
                let best = self.best(whole, top)?;
                return best.into_iter().map(|(score, page)| self.hit(score, page)).collect();
            }
            Order::Newest => (SERVICE_FROM, Sort::Desc),
            Order::Oldest => (SERVICE_FROM, Sort::Asc),
            Order::Received => (RECEIVED, Sort::Desc),
        };
        let found = self.searcher.search(whole, &top.order_by(ByDay::new(field, order)))?;
        found.into_iter().map(|(_, page)| self.hit(0.0, page)).collect()
    }

    /// What fits best, with its score.
    pub(crate) fn best(
        &self,
        whole: &dyn Tantivy,
        top: TopDocs,
    ) -> Result<Vec<(f32, DocAddress)>, SearchError> {
        let found = self.searcher.search(whole, &top.order_by(ByFit::new()))?;
        Ok(found.into_iter().map(|((score, _), page)| (score, page)).collect())
    }

    pub(crate) fn hit(&self, score: f32, address: DocAddress) -> Result<Hit, SearchError> {
        let stored: TantivyDocument = self.searcher.doc(address)?;
        let text =
            |field: Field| stored.get_first(field).and_then(|value| value.as_str()).unwrap_or_default();
        let page = page_of_key(text(self.fields.key))
            .ok_or_else(|| SearchError::Damaged("a page without its key".into()))?;
        let (document, exception) =
            (text(self.fields.document).parse().ok(), text(self.fields.exception).parse().ok());
        Ok(Hit { page, document, exception, score })
    }

    /// What the asker may not see is not there: no hit, no count, no variant.
    pub(crate) fn visible(&self) -> Result<Vec<Condition>, SearchError> {
        let hidden = Hidden::from(self.searcher, self.fields, self.scope)?;
        Ok(seen_beside(hidden.as_ref()))
    }

    /// Whether a page the asker may see answers: what is offered must not tell of others.
    fn is_seen(&self, query: Box<dyn Tantivy>, visible: &[Condition]) -> Result<bool, SearchError> {
        let mut conditions: Vec<Condition> = visible.iter().map(cloned).collect();
        conditions.push((Occur::Must, query));
        self.is_found(&BooleanQuery::new(conditions))
    }

    fn is_term_seen(&self, term: &str, visible: &[Condition]) -> Result<bool, SearchError> {
        let term = Term::from_field_text(self.fields.body, term);
        self.is_seen(Box::new(TermQuery::new(term, IndexRecordOption::Basic)), visible)
    }

    /// Whether any page answers: the first one is enough.
    fn is_found(&self, query: &dyn Tantivy) -> Result<bool, SearchError> {
        let weight = query.weight(EnableScoring::disabled_from_searcher(self.searcher))?;
        for segment in self.searcher.segment_readers() {
            let mut pages = weight.scorer(segment, 1.0)?;
            let mut page = pages.doc();
            while page != TERMINATED {
                if segment.alive_bitset().is_none_or(|alive| alive.is_alive(page)) {
                    return Ok(true);
                }
                page = pages.advance();
            }
        }
        Ok(false)
    }
}

fn seen_beside(hidden: Option<&Hidden>) -> Vec<Condition> {
    hidden.map(|hidden| (Occur::MustNot, hidden.box_clone())).into_iter().collect()
}

pub(crate) fn cloned((occur, condition): &Condition) -> Condition {
    (*occur, condition.box_clone())
}

fn one_of(field: Field, texts: impl IntoIterator<Item = String>) -> Box<dyn Tantivy> {
    Box::new(TermSetQuery::new(
        texts.into_iter().map(|text| Term::from_field_text(field, &text)).collect::<Vec<_>>(),
    ))
}
