//! Which pages come first by a day, and how many are there in all?
//!
//! The pages of an answer are walked once, into a bit each. Where they are few, each is asked for its day; where they are
//! many, the days are gone through from the first wanted on until there are enough, and most pages are never asked.

use tantivy::collector::sort_key::{Comparator, SortByStaticFastValue};
use tantivy::collector::{Collector, SegmentCollector, SegmentSortKeyComputer, SortKeyComputer};
use tantivy::index::SegmentReader;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, DocId, DocSet as _, Order, Score, Searcher, TERMINATED};

use crate::fit::{First, Place, by_place};
use crate::hidden::Pages;

type Day = (SortByStaticFastValue<i64>, Order);
type Days = (Day, Place);
type Key = <Days as SortKeyComputer>::SortKey;
type SegmentKeys = <Days as SortKeyComputer>::Child;
type SegmentKey = <SegmentKeys as SegmentSortKeyComputer>::SegmentSortKey;
type Best = First<<Days as SortKeyComputer>::Comparator, SegmentKey>;

/// Gathers what answers, whatever its order.
pub(crate) struct Met;

/// What answers in one segment.
pub(crate) struct SegmentMet {
    segment: u32,
    pages: Pages,
    pub(crate) count: usize,
}

impl Collector for Met {
    type Fruit = Vec<SegmentMet>;
    type Child = SegmentMet;

    fn for_segment(&self, ord: u32, segment: &SegmentReader) -> tantivy::Result<SegmentMet> {
        Ok(SegmentMet { segment: ord, pages: Pages::none_of(segment.max_doc()), count: 0 })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<SegmentMet>) -> tantivy::Result<Vec<SegmentMet>> {
        Ok(segments)
    }
}

impl SegmentCollector for SegmentMet {
    type Fruit = Self;

    fn collect(&mut self, page: DocId, _: Score) {
        self.pages.put(page);
        self.count += 1;
    }

    fn harvest(self) -> Self {
        self
    }
}

/// A day of each page, and which end comes first.
#[derive(Clone, Copy)]
pub(crate) struct ByDay {
    pub(crate) name: &'static str,
    pub(crate) field: Field,
    pub(crate) order: Order,
}

impl ByDay {
    /// The first of what answers; pages without a day come last, equals in the order of batch and page.
    pub(crate) fn first(
        self,
        searcher: &Searcher,
        met: &[SegmentMet],
        most: usize,
    ) -> tantivy::Result<Vec<DocAddress>> {
        let keys: Days = ((SortByStaticFastValue::for_field(self.name), self.order), by_place());
        let order = keys.comparator();
        let mut first: Vec<(Key, DocAddress)> = Vec::new();
        for met in met.iter().filter(|met| met.count > 0) {
            let segment = searcher.segment_reader(met.segment);
            let mut own = Own {
                met,
                by_day: keys.0.comparator(),
                day: keys.0.segment_sort_key_computer(segment)?,
                keys: keys.segment_sort_key_computer(segment)?,
                best: First::new(most, keys.comparator()),
            };
            self.gather(segment, &mut own, most)?;
            let last = first.get(most - 1).map(|(key, _)| key.0);
            for (key, page) in own.best.pages {
                // What is later than the last of other segments needs no more looking up.
                let day = own.day.convert_segment_sort_key(key.0);
                if last.is_some_and(|last| own.by_day.compare(&day, &last).is_lt()) {
                    break;
                }
                let key = own.keys.convert_segment_sort_key(key);
                first.push((key, DocAddress::new(met.segment, page)));
            }
            first.sort_by(|(one, _), (other, _)| order.compare(other, one));
            first.truncate(most);
        }
        Ok(first.into_iter().map(|(_, page)| page).collect())
    }

    fn gather(self, segment: &SegmentReader, own: &mut Own<'_>, most: usize) -> tantivy::Result<()> {
        let (found, most) = (own.met.count as u64, most as u64);
        // So many pages have to be looked at until enough of them are in the answer.
        let looked_at = most * u64::from(segment.max_doc()) / found;
        if found > most && looked_at < found {
            self.day_by_day(segment, own)?;
            if own.best.last().is_some() {
                return Ok(());
            }
            // Pages without a day are wanted as well.
        }
        let mut page = own.met.pages.next(0);
        while page != TERMINATED {
            own.take(page);
            page = own.met.pages.next(page + 1);
        }
        Ok(())
    }

    /// As far as there are days.
    fn day_by_day(self, segment: &SegmentReader, own: &mut Own<'_>) -> tantivy::Result<()> {
        let inverted = segment.inverted_index(self.field)?;
        let days = inverted.terms().range();
        let mut days = if self.order == Order::Asc { days } else { days.backward() }.into_stream()?;
        while days.advance() && own.best.last().is_none() {
            let mut pages = inverted.read_postings_from_terminfo(days.value(), IndexRecordOption::Basic)?;
            while pages.doc() != TERMINATED {
                if own.met.pages.have(pages.doc()) {
                    own.take(pages.doc());
                }
                pages.advance();
            }
        }
        Ok(())
    }
}

/// One segment's.
struct Own<'a> {
    met: &'a SegmentMet,
    by_day: <Day as SortKeyComputer>::Comparator,
    day: <Day as SortKeyComputer>::Child,
    keys: SegmentKeys,
    best: Best,
}

impl Own<'_> {
    /// Of most pages the day says enough.
    fn take(&mut self, page: DocId) {
        let day = self.day.segment_sort_key(page, 0.0);
        if self.best.last().is_some_and(|(last, _)| self.by_day.compare(&day, last).is_lt()) {
            return;
        }
        self.best.take(page, self.keys.segment_sort_key(page, 0.0));
    }
}
