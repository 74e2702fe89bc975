//! Which pages does "1,3-5,9-" mean?

use std::ops::RangeInclusive;
use std::str::FromStr;

/// Pages by number, as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Selection {
    /// From 1; an open end is `u32::MAX`.
    ranges: Vec<RangeInclusive<u32>>,
}

impl FromStr for Selection {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |text: &str| text.trim().parse::<u32>().ok().filter(|page| *page > 0);
        let range = |part: &str| match part.split_once('-') {
            None => number(part).map(|page| page..=page),
            Some((first, "")) => number(first).map(|first| first..=u32::MAX),
            Some((first, last)) => Some(number(first)?..=number(last)?).filter(|range| !range.is_empty()),
        };
        let ranges: Option<Vec<_>> = text.split(',').map(|part| range(part.trim())).collect();
        ranges
            .map(|ranges| Self { ranges })
            .ok_or_else(|| "write pages as 1,3-5 or 7-, counting from 1".into())
    }
}

impl Selection {
    /// Of a file with so many pages: those it has, and those typed that it has not (the first of each range
    /// only); both from 0, in order, each once.
    pub(super) fn of(&self, pages: u32) -> (Vec<u32>, Vec<u32>) {
        let has = |page: &u32| self.ranges.iter().any(|range| range.contains(&(page + 1)));
        let after = |range: &RangeInclusive<u32>| match *range.end() {
            u32::MAX if *range.start() <= pages => None,
            end if end <= pages => None,
            _ => Some((*range.start()).max(pages + 1) - 1),
        };
        let mut beyond: Vec<u32> = self.ranges.iter().filter_map(after).collect();
        beyond.sort_unstable();
        beyond.dedup();
        ((0..pages).filter(has).collect(), beyond)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, pages: u32) -> (Vec<u32>, Vec<u32>) {
        text.parse::<Selection>().unwrap().of(pages)
    }

    #[test]
    fn pages_are_counted_from_one_and_read_in_order_once() {
        assert_eq!(of("3-5,1,4", 9), (vec![0, 2, 3, 4], vec![]));
        assert_eq!(of("7-", 9), (vec![6, 7, 8], vec![]));
    }

    #[test]
    fn a_page_that_is_not_there_is_named() {
        assert_eq!(of("2,5", 3), (vec![1], vec![4]));
        assert_eq!(of("2-9", 3), (vec![1, 2], vec![3]));
        assert_eq!(of("4-", 3), (vec![], vec![3]));
    }

    #[test]
    fn what_is_no_page_is_refused() {
        for text in ["", "0", "a", "5-3", "1,,2", "-4", "1;2"] {
            assert!(text.parse::<Selection>().is_err(), "{text:?}");
        }
    }
}
