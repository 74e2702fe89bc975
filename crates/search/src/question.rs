//! Which pages answer a query, within what the asker may see?

use records::reading::Legibility;
use records::rights::Scope;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{
    AllQuery, BooleanQuery, EnableScoring, Occur, Query as Tantivy, QueryClone as _, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption, Value as _};
use tantivy::{DocAddress, DocSet as _, Order as Sort, Searcher, TERMINATED, TantivyDocument, Term};

use crate::answer::{Answer, ChartText, Hit, Meaning, Order, Resolved, Screen};
use crate::days::{ByDay, Met, SegmentMet};
use crate::error::SearchError;
use crate::facets::{Counting, Facets};
use crate::fit::ByFit;
use crate::hidden::Hidden;
use crate::nearly::{ENOUGH, Said};
use crate::query::compile::{Compiler, Reach, Same, filter, one_of};
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
    /// There is no word among them of which more misreadings may be looked for.
    others_are_exact: bool,
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
        let (mut total, mut facets, mut met) = self.counted(&asked.whole, screen)?;
        if total < ENOUGH && !asked.compiler.patience.ended() && self.may_find_more(&asked, total)? {
            asked = self.asked(Reach::Far, hidden.as_ref())?;
            (total, facets, met) = self.counted(&asked.whole, screen)?;
        }
        let limit = screen.limit.min(total.saturating_sub(screen.offset));
        let mut hits = match self.by_day(screen.order) {
            _ if limit == 0 => Vec::new(),
            Some(by_day) => {
                let first = by_day.first(self.searcher, &met, limit + screen.offset)?;
                let wanted = first.into_iter().skip(screen.offset);
                wanted.map(|page| self.hit(0.0, page)).collect::<Result<_, _>>()?
            }
            None => self.best_hits(&asked.whole, TopDocs::with_limit(limit).and_offset(screen.offset))?,
        };
        let Asked { said, others, compiler, .. } = asked;
        let Compiler { marks, variants, forms, same, codes, patience, .. } = compiler;
        let first_screen = screen.offset == 0 && screen.order == Order::Relevance && !patience.ended();
        let wanted = if first_screen { screen.limit.min(ENOUGH).saturating_sub(total) } else { 0 };
        let mut nearly = self.nearly(&said, others, &hits, wanted)?;
        if hidden.is_some() {
            let nearly = nearly.iter_mut().map(|near| &mut near.hit);
            say_places_only(hits.iter_mut().chain(nearly), screen.offset);
        }
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
        let (mut said, mut others, mut others_are_exact) = (Vec::new(), Vec::new(), true);
        for clause in &self.query.all {
            let may_reach_further = compiler.may_reach_further;
            let (occur, query) = compiler.clause(clause)?;
            if clause.is_text() {
                said.push(Said { clause, query });
            } else {
                others_are_exact &= compiler.may_reach_further == may_reach_further;
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
            others_are_exact,
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
        let filed = one_of([Term::from_field_text(self.fields.state, "filed")]);
        conditions.push((Occur::Must, filter(filed)));
        let pages =
            self.searcher.search(&BooleanQuery::new(conditions.iter().map(cloned).collect()), &Count)?;
        let hard = [Legibility::None, Legibility::Little]
            .map(|hard| Term::from_field_text(self.fields.legibility, hard.word()));
        conditions.push((Occur::Must, filter(one_of(hard))));
        let hard_to_read = self.searcher.search(&BooleanQuery::new(conditions), &Count)?;
        Ok(ChartText { pages, hard_to_read })
    }

    /// Whether more misreadings of what was typed as text could find more, here or among what has most of it: not where
    /// every page that all else leaves has all of it already.
    fn may_find_more(&self, asked: &Asked<'_>, total: usize) -> Result<bool, SearchError> {
        if !asked.compiler.may_reach_further {
            return Ok(false);
        }
        let narrowed = asked.others.iter().any(|(occur, _)| *occur != Occur::MustNot);
        if !narrowed || !asked.others_are_exact {
            return Ok(true);
        }
        let left = asked.others.iter().map(|(occur, condition)| (*occur, filter(condition.box_clone())));
        self.are_more_than(total, &BooleanQuery::new(left.collect()))
    }

    /// How many pages answer, how they divide, and where they are to be put in order by a day, which.
    fn counted(
        &self,
        whole: &Whole,
        screen: Screen,
    ) -> Result<(usize, Option<Facets>, Vec<SegmentMet>), SearchError> {
        let divided = screen.facets.then_some(Counting);
        if self.by_day(screen.order).is_none() {
            let (total, facets) = self.searcher.search(whole, &(Count, divided))?;
            return Ok((total, facets, Vec::new()));
        }
        let (met, facets) = self.searcher.search(whole, &(Met, divided))?;
        Ok((met.iter().map(|met| met.count).sum(), facets, met))
    }

    /// `None`: what fits best comes first.
    fn by_day(&self, order: Order) -> Option<ByDay> {
        let by = |name, field, order| Some(ByDay { name, field, order });
        match order {
            Order::Relevance => None,
            Order::Newest => by(SERVICE_FROM, self.fields.service_from, Sort::Desc),
            Order::Oldest => by(SERVICE_FROM, self.fields.service_from, Sort::Asc),
            Order::Received => by(RECEIVED, self.fields.received, Sort::Desc),
        }
    }

    pub(crate) fn best_hits(&self, whole: &dyn Tantivy, top: TopDocs) -> Result<Vec<Hit>, SearchError> {
        let best = self.best(whole, top)?;
        best.into_iter().map(|(score, page)| self.hit(score, page)).collect()
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

    /// Whether any page answers.
    fn is_found(&self, query: &dyn Tantivy) -> Result<bool, SearchError> {
        self.are_more_than(0, query)
    }

    /// Whether more pages answer: the first that is one more is enough.
    fn are_more_than(&self, few: usize, query: &dyn Tantivy) -> Result<bool, SearchError> {
        let weight = query.weight(EnableScoring::disabled_from_searcher(self.searcher))?;
        let mut found = 0;
        for segment in self.searcher.segment_readers() {
            let mut pages = weight.scorer(segment, 1.0)?;
            let mut page = pages.doc();
            while page != TERMINATED {
                found += usize::from(segment.alive_bitset().is_none_or(|alive| alive.is_alive(page)));
                if found > few {
                    return Ok(true);
                }
                page = pages.advance();
            }
        }
        Ok(false)
    }
}

/// How well a page fits is weighed by all pages of the index. Whoever may not see some of them could tell from it how many
/// have a word: they are given one over the place, from 1. Nothing weighed stays nothing.
pub(crate) fn say_places_only<'h>(hits: impl Iterator<Item = &'h mut Hit>, before: usize) {
    for (place, hit) in (before + 1..).zip(hits) {
        if hit.score > 0.0 {
            hit.score = 1.0 / place as f32;
        }
    }
}

fn seen_beside(hidden: Option<&Hidden>) -> Vec<Condition> {
    hidden.map(|hidden| (Occur::MustNot, hidden.box_clone())).into_iter().collect()
}

pub(crate) fn cloned((occur, condition): &Condition) -> Condition {
    (*occur, condition.box_clone())
}
