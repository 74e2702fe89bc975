//! In whose charts are the pages of an answer?
//!
//! There may be as many charts as half the pages, and each segment has its own list of them. So of each segment only
//! those with most pages are named; these few are then counted in all segments. What is told is counted exactly; where a
//! segment has pages of more charts than are named, one whose few pages are spread evenly over many segments may be
//! passed over.

use std::collections::BTreeSet;

use records::patient::PatientId;

use super::Words;

/// Patients that are told.
pub(crate) const TOLD: usize = 40;
/// Patients of each segment that are looked at in all of them.
const NAMED: usize = 64;

/// Segments whose pages were counted by patient.
#[derive(Default)]
pub(crate) struct People(Vec<Words>);

impl People {
    pub(super) fn of(counted: Words) -> Self {
        Self(vec![counted])
    }

    pub(super) fn add(&mut self, more: Self) {
        self.0.extend(more.0);
    }

    /// Those with most pages; equals in the order of their ids.
    pub(super) fn first(self) -> tantivy::Result<Vec<(PatientId, u64)>> {
        let mut named = BTreeSet::new();
        for segment in &self.0 {
            named.extend(segment.most(NAMED)?);
        }
        let mut people = Vec::new();
        for id in named {
            let mut pages = 0;
            for segment in &self.0 {
                pages += segment.count_of(&id)?;
            }
            // An id that is none is a damaged index, which the hits themselves show.
            people.extend(id.parse().ok().map(|id| (PatientId(id), pages)));
        }
        people.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        people.truncate(TOLD);
        Ok(people)
    }
}

impl Words {
    /// Those met most often; of equals the first.
    fn most(&self, most: usize) -> tantivy::Result<Vec<String>> {
        let Some(column) = &self.column else { return Ok(Vec::new()) };
        let mut met: Vec<(u32, u64)> =
            self.counts.iter().copied().zip(0..).filter(|(count, _)| *count > 0).collect();
        if met.len() > most {
            met.select_nth_unstable_by_key(most, |(count, ord)| (std::cmp::Reverse(*count), *ord));
            met.truncate(most);
        }
        let mut ords: Vec<u64> = met.into_iter().map(|(_, ord)| ord).collect();
        ords.sort_unstable();
        let mut words = Vec::with_capacity(ords.len());
        column.dictionary().sorted_ords_to_term_cb(&ords, |word| {
            words.extend(std::str::from_utf8(word).map(str::to_owned));
        })?;
        Ok(words)
    }

    /// How often one was met.
    fn count_of(&self, word: &str) -> tantivy::Result<u64> {
        let Some(column) = &self.column else { return Ok(0) };
        let ord = column.dictionary().term_ord(word)?;
        Ok(ord.and_then(|ord| self.counts.get(ord as usize)).map_or(0, |count| u64::from(*count)))
    }
}
