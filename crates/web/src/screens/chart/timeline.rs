//! In which years was something done?

use std::collections::BTreeMap;

use archive::DocumentRow;

/// Bars of years, in pixels of the drawing.
pub(super) struct Timeline {
    pub(super) width: usize,
    pub(super) bars: Vec<Bar>,
    /// Documents without a date.
    pub(super) undated: usize,
}

pub(super) struct Bar {
    pub(super) year: i16,
    pub(super) documents: usize,
    pub(super) x: usize,
    pub(super) y: usize,
    pub(super) height: usize,
}

impl Bar {
    const STEP: usize = 36;
    /// Highest bar, and where its foot is.
    pub(super) const FOOT: usize = 60;
    const HIGHEST: usize = 44;
    /// Years that are drawn: the latest.
    const MOST: usize = 40;
}

impl Timeline {
    /// `None`: nothing has a date, or all is of one year.
    pub(super) fn of(documents: &[DocumentRow]) -> Option<Self> {
        Self::counted(documents.iter().map(|document| document.service.map(|(first, _)| first.year())))
    }

    fn counted(years: impl Iterator<Item = Option<i16>>) -> Option<Self> {
        let (mut counts, mut undated) = (BTreeMap::new(), 0);
        for year in years {
            match year {
                Some(year) => *counts.entry(year).or_insert(0_usize) += 1,
                None => undated += 1,
            }
        }
        let (first, last) = (*counts.keys().next()?, *counts.keys().next_back()?);
        if first == last {
            return None;
        }
        let first = first.max(last.saturating_sub(Bar::MOST as i16 - 1));
        let most = *counts.values().max()?;
        let bars: Vec<Bar> = (first..=last)
            .enumerate()
            .map(|(at, year)| {
                let documents = counts.get(&year).copied().unwrap_or(0);
                // Every year with something in it can be seen and pressed.
                let height = if documents == 0 { 0 } else { (documents * Bar::HIGHEST / most).max(4) };
                Bar { year, documents, x: at * Bar::STEP + 3, y: Bar::FOOT - height, height }
            })
            .collect();
        Some(Self { width: bars.len() * Bar::STEP, bars, undated })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_without_documents_is_a_gap_and_one_with_a_single_one_can_be_seen() {
        let mut years = vec![Some(2020); 100];
        years.extend([Some(2022), None]);
        let timeline = Timeline::counted(years.into_iter()).unwrap();
        let bars: Vec<(i16, usize, usize)> =
            timeline.bars.iter().map(|bar| (bar.year, bar.documents, bar.height)).collect();
        assert_eq!(bars, [(2020, 100, 44), (2021, 0, 0), (2022, 1, 4)]);
        assert_eq!(timeline.undated, 1);
    }

    #[test]
    fn a_date_misread_by_centuries_does_not_make_an_endless_drawing() {
        let timeline = Timeline::counted([Some(1019), Some(2024)].into_iter()).unwrap();
        assert_eq!(timeline.bars.len(), Bar::MOST);
        assert_eq!(timeline.bars.last().unwrap().year, 2024);
    }

    #[test]
    fn one_year_needs_no_drawing() {
        assert!(Timeline::counted([Some(2024), None].into_iter()).is_none());
    }
}
