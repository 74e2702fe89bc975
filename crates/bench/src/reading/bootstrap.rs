//! Is a difference between two tools more than chance?
//!
//! Paired bootstrap (Efron 1979): pages are drawn with replacement, both tools are measured on the same draw.

use std::ops::AddAssign;

use crate::dice::Dice;

/// A difference (first less second) and the bounds within which 95 of 100 draws lie.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Difference {
    pub(crate) low: f64,
    pub(crate) high: f64,
}

const DRAWS: usize = 1000;

/// Of a measure over pages, each with the scores of both tools.
pub(crate) fn difference<S: Copy + Default + AddAssign>(
    pages: &[(S, S)],
    measure: impl Fn(&S) -> f64,
    seed: u64,
) -> Difference {
    bounds(pages, |one, other| measure(one) - measure(other), seed)
}

/// The same for the ratio of the first to the second.
pub(crate) fn ratio<S: Copy + Default + AddAssign>(
    pages: &[(S, S)],
    measure: impl Fn(&S) -> f64,
    seed: u64,
) -> Difference {
    bounds(pages, |one, other| measure(one) / measure(other).max(1e-9), seed)
}

fn bounds<S: Copy + Default + AddAssign>(
    pages: &[(S, S)],
    compare: impl Fn(&S, &S) -> f64,
    seed: u64,
) -> Difference {
    if pages.is_empty() {
        return Difference { low: 0.0, high: 0.0 };
    }
    let dice = &mut Dice::new(seed);
    let mut draws: Vec<f64> = (0..DRAWS)
        .map(|_| {
            let (mut one, mut other) = (S::default(), S::default());
            for _ in pages {
                let (a, b) = *dice.pick(pages);
                one += a;
                other += b;
            }
            compare(&one, &other)
        })
        .collect();
    draws.sort_by(f64::total_cmp);
    Difference { low: draws[DRAWS / 40], high: draws[DRAWS - 1 - DRAWS / 40] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::measures::Score;

    fn page(wrong: usize) -> Score {
        Score { letters: 1000, changes: wrong, ..Score::default() }
    }

    #[test]
    fn a_difference_that_comes_and_goes_is_chance() {
        let pages: Vec<_> = (0..40).map(|nth| (page(10 + nth % 7), page(10 + (nth * 3) % 7))).collect();
        let found = difference(&pages, Score::in_order, 1);
        assert!(found.low < 0.0 && found.high > 0.0, "{found:?}");
    }

    #[test]
    fn a_difference_on_every_page_is_none() {
        let pages: Vec<_> = (0..20).map(|nth| (page(30 + nth % 5), page(10 + nth % 3))).collect();
        assert!(difference(&pages, Score::in_order, 1).low > 0.0);
    }
}
