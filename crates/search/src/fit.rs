//! Which pages come first, without weighing those that cannot be among them?
//!
//! Equals stand in the order of batch and page. The library leaves out what scores below the last of the first only
//! where the score alone decides; here what scores as much is looked at as well.

use std::sync::atomic::{AtomicU32, Ordering as Memory};

use tantivy::collector::sort_key::{Comparator, SortBySimilarityScore, SortByStaticFastValue, SortByString};
use tantivy::collector::{SegmentSortKeyComputer, SortKeyComputer};
use tantivy::index::SegmentReader;
use tantivy::query::Weight;
use tantivy::{DocAddress, DocId, Order, Score};

use crate::schema::{BATCH, PAGE_IN_BATCH};

pub(crate) type Place = ((SortByString, Order), (SortByStaticFastValue<u64>, Order));
type Keys = (SortBySimilarityScore, Place);

/// The order of equals.
pub(crate) fn by_place() -> Place {
    let page = SortByStaticFastValue::<u64>::for_field(PAGE_IN_BATCH);
    ((SortByString::for_field(BATCH), Order::Asc), (page, Order::Asc))
}

/// By score, then by place.
pub(crate) struct ByFit {
    keys: Keys,
    /// What the last of the first scored in a segment before, as bits: less is not needed of the next.
    reached: AtomicU32,
}

impl ByFit {
    pub(crate) fn new() -> Self {
        Self { keys: (SortBySimilarityScore, by_place()), reached: AtomicU32::new(Score::MIN.to_bits()) }
    }
}

impl SortKeyComputer for ByFit {
    type SortKey = <Keys as SortKeyComputer>::SortKey;
    type Child = <Keys as SortKeyComputer>::Child;
    type Comparator = <Keys as SortKeyComputer>::Comparator;

    fn requires_scoring(&self) -> bool {
        true
    }

    fn comparator(&self) -> Self::Comparator {
        self.keys.comparator()
    }

    fn segment_sort_key_computer(&self, segment: &SegmentReader) -> tantivy::Result<Self::Child> {
        self.keys.segment_sort_key_computer(segment)
    }

    fn collect_segment_top_k(
        &self,
        most: usize,
        weight: &dyn Weight,
        segment: &SegmentReader,
        segment_ord: u32,
    ) -> tantivy::Result<Vec<(Self::SortKey, DocAddress)>> {
        let mut keys = self.segment_sort_key_computer(segment)?;
        let mut first = First::new(most, self.comparator());
        let mut needed = Score::from_bits(self.reached.load(Memory::Relaxed)).next_down();
        weight.for_each_pruning(needed, segment, &mut |page, score| {
            if segment.alive_bitset().is_none_or(|alive| alive.is_alive(page)) {
                first.take(page, keys.segment_sort_key(page, score));
                needed = first.last().map_or(needed, |(last, _)| last.next_down().max(needed));
            }
            needed
        })?;
        if let Some((last, _)) = first.last() {
            let before = Score::from_bits(self.reached.load(Memory::Relaxed));
            self.reached.store(last.max(before).to_bits(), Memory::Relaxed);
        }
        let key = |(key, page)| (keys.convert_segment_sort_key(key), DocAddress::new(segment_ord, page));
        Ok(first.pages.into_iter().map(key).collect())
    }
}

/// The first so far, in their order.
pub(crate) struct First<C, K> {
    most: usize,
    order: C,
    pub(crate) pages: Vec<(K, DocId)>,
}

impl<C: Comparator<K>, K> First<C, K> {
    pub(crate) const fn new(most: usize, order: C) -> Self {
        Self { most, order, pages: Vec::new() }
    }

    /// A page may come twice, by different ways: the better one counts.
    pub(crate) fn take(&mut self, page: DocId, key: K) {
        let at = self.pages.partition_point(|(known, _)| self.order.compare(known, &key).is_ge());
        if at >= self.most || self.pages[..at].iter().any(|(_, known)| *known == page) {
            return;
        }
        self.pages.insert(at, (key, page));
        if let Some(worse) = self.pages[at + 1..].iter().position(|(_, known)| *known == page) {
            self.pages.remove(at + 1 + worse);
        }
        self.pages.truncate(self.most);
    }

    /// The last one's, once there are enough.
    pub(crate) fn last(&self) -> Option<&K> {
        self.pages.get(self.most.checked_sub(1)?).map(|(key, _)| key)
    }
}
