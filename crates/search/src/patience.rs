//! When is looking through pages given up?
//!
//! Some questions have no quick answer: a phrase of the commonest words, an `OR` of all of them. Nobody waits for it;
//! what was found until then is shown, and that it may not be all. Each walk through the pages has the same time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tantivy::index::SegmentReader;
use tantivy::query::{EnableScoring, Explanation, Query, QueryClone as _, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SeekDangerResult, TERMINATED};

/// Time of one walk; a search has two or three, ...
const WALK: Duration = Duration::from_millis(350);
/// ... and all of it ends after this.
const ALL: Duration = Duration::from_millis(800);
/// Steps between two looks at the clock.
const STEPS: u32 = 256;

/// Shared by all walks of a search.
#[derive(Clone, Debug)]
pub(crate) struct Patience {
    until: Instant,
    /// A walk was given up.
    ended: Arc<AtomicBool>,
}

impl Patience {
    /// From now on.
    pub(crate) fn new() -> Self {
        Self { until: Instant::now() + ALL, ended: Arc::default() }
    }

    pub(crate) fn ended(&self) -> bool {
        self.ended.load(Ordering::Relaxed)
    }

    pub(crate) fn clock(&self) -> Clock {
        Clock { until: self.until.min(Instant::now() + WALK), steps: 0, ended: self.ended.clone() }
    }
}

/// The time of one walk.
#[derive(Clone)]
pub(crate) struct Clock {
    until: Instant,
    steps: u32,
    ended: Arc<AtomicBool>,
}

impl Clock {
    /// Asked at every step.
    pub(crate) fn is_over(&mut self) -> bool {
        self.steps += 1;
        if !self.steps.is_multiple_of(STEPS) || Instant::now() < self.until {
            return false;
        }
        self.steps -= 1; // it stays over
        self.ended.store(true, Ordering::Relaxed);
        true
    }
}

/// A query whose next page may be far, and is looked for only as long as there is patience.
#[derive(Debug)]
pub(crate) struct Patient {
    asked: Box<dyn Query>,
    patience: Patience,
}

impl Patient {
    pub(crate) const fn new(asked: Box<dyn Query>, patience: Patience) -> Self {
        Self { asked, patience }
    }
}

impl Clone for Patient {
    fn clone(&self) -> Self {
        Self { asked: self.asked.box_clone(), patience: self.patience.clone() }
    }
}

impl Query for Patient {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(Weighed { asked: self.asked.weight(scoring)?, clock: self.patience.clock() }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a tantivy::Term, bool)) {
        self.asked.query_terms(visitor);
    }
}

struct Weighed {
    asked: Box<dyn Weight>,
    clock: Clock,
}

impl Weight for Weighed {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let (first, asked) = self.asked.scorer_danger(segment, 0, boost)?;
        let mut steps = Steps { page: 0, clock: self.clock.clone(), asked };
        steps.go_on(0, first);
        Ok(Box::new(steps))
    }

    fn scorer_danger(
        &self,
        segment: &SegmentReader,
        target: DocId,
        boost: Score,
    ) -> tantivy::Result<(SeekDangerResult, Box<dyn Scorer>)> {
        let (first, asked) = self.asked.scorer_danger(segment, target, boost)?;
        Ok((first, Box::new(Steps { page: target, clock: self.clock.clone(), asked })))
    }

    fn explain(&self, segment: &SegmentReader, page: DocId) -> tantivy::Result<Explanation> {
        self.asked.explain(segment, page)
    }
}

/// Goes from candidate to candidate, with an eye on the clock.
struct Steps {
    page: DocId,
    clock: Clock,
    asked: Box<dyn Scorer>,
}

impl Steps {
    fn go_on(&mut self, mut target: DocId, mut looked: SeekDangerResult) -> DocId {
        while let SeekDangerResult::SeekLowerBound(next) = looked {
            if next >= TERMINATED || self.clock.is_over() {
                self.page = TERMINATED;
                return TERMINATED;
            }
            target = next;
            looked = self.asked.seek_danger(target);
        }
        self.page = target;
        target
    }
}

impl DocSet for Steps {
    fn advance(&mut self) -> DocId {
        self.seek(self.page.saturating_add(1))
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if target <= self.page {
            return self.page;
        }
        if target >= TERMINATED {
            self.page = TERMINATED;
            return TERMINATED;
        }
        let looked = self.asked.seek_danger(target);
        self.go_on(target, looked)
    }

    fn seek_danger(&mut self, target: DocId) -> SeekDangerResult {
        if target >= TERMINATED || self.clock.is_over() {
            self.page = TERMINATED;
            return SeekDangerResult::SeekLowerBound(TERMINATED);
        }
        if target == self.page {
            return SeekDangerResult::Found;
        }
        let looked = self.asked.seek_danger(target);
        if looked == SeekDangerResult::Found {
            self.page = target;
        }
        looked
    }

    fn doc(&self) -> DocId {
        self.page
    }

    fn size_hint(&self) -> u32 {
        self.asked.size_hint()
    }

    fn cost(&self) -> u64 {
        self.asked.cost()
    }
}

impl Scorer for Steps {
    fn score(&mut self) -> Score {
        self.asked.score()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_that_is_over_stays_over_and_is_told() {
        let patience = Patience { until: Instant::now(), ended: Arc::default() };
        let mut clock = patience.clock();
        assert!(!clock.is_over(), "the clock is not looked at every step");
        assert!((0..STEPS).any(|_| clock.is_over()));
        assert!(clock.is_over() && patience.ended());
        assert!(!Patience::new().ended());
    }
}
