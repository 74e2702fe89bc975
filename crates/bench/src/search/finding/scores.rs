//! How good is an answer? Recall and nDCG among the first ten.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::AddAssign;

use super::engines::LOOKED_AT;
use super::questions::Question;

/// Sums over questions.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Score {
    pub(super) questions: f64,
    recall: f64,
    gain: f64,
}

impl AddAssign for Score {
    fn add_assign(&mut self, other: Self) {
        self.questions += other.questions;
        self.recall += other.recall;
        self.gain += other.gain;
    }
}

impl Score {
    /// Of the wanted pages (or of ten, where more are wanted) those that are there; percent.
    pub(super) fn recall(&self) -> f64 {
        100.0 * self.recall / self.questions.max(1.0)
    }

    /// The same, and how high they stand (Järvelin and Kekäläinen 2002, binary); percent.
    pub(super) fn ndcg(&self) -> f64 {
        100.0 * self.gain / self.questions.max(1.0)
    }
}

/// Of one answer, best first.
pub(super) fn score(wanted: &BTreeSet<usize>, answer: &[usize]) -> Score {
    let discount = |rank: usize| 1.0 / (rank as f64 + 2.0).log2();
    let most = wanted.len().min(LOOKED_AT);
    let ranks = answer.iter().take(LOOKED_AT).enumerate().filter(|(_, page)| wanted.contains(page));
    let ranks: Vec<usize> = ranks.map(|(rank, _)| rank).collect();
    let best: f64 = (0..most).map(discount).sum();
    let gain: f64 = ranks.iter().copied().map(discount).sum();
    Score { questions: 1.0, recall: ranks.len() as f64 / most.max(1) as f64, gain: gain / best.max(1e-9) }
}

/// By what hangs together: the questions of one page, or of one topic.
pub(super) fn by_group(questions: &[Question], answers: &[Vec<usize>]) -> BTreeMap<usize, Score> {
    let mut groups: BTreeMap<usize, Score> = BTreeMap::new();
    for (question, answer) in questions.iter().zip(answers) {
        *groups.entry(question.group).or_default() += score(&question.wanted, answer);
    }
    groups
}

pub(super) fn sum<'s>(scores: impl IntoIterator<Item = &'s Score>) -> Score {
    let mut all = Score::default();
    scores.into_iter().for_each(|score| all += *score);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_only_wanted_page_counts_less_the_lower_it_stands() {
        let wanted = BTreeSet::from([7]);
        assert_eq!((score(&wanted, &[7, 1]).recall(), score(&wanted, &[7, 1]).ndcg()), (100.0, 100.0));
        let second = score(&wanted, &[1, 7]);
        assert_eq!(second.recall(), 100.0);
        assert!((second.ndcg() - 63.09).abs() < 0.01, "{second:?}");
        assert_eq!(score(&wanted, &[1, 2]).recall(), 0.0);
    }

    #[test]
    fn more_than_ten_pages_cannot_stand_among_ten() {
        let wanted: BTreeSet<usize> = (0..30).collect();
        let answer: Vec<usize> = (0..10).collect();
        assert_eq!((score(&wanted, &answer).recall(), score(&wanted, &answer).ndcg()), (100.0, 100.0));
    }
}
