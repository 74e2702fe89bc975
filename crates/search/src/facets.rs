//! How do the pages of an answer divide: by patient, type, station, state, legibility and year of service?

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use jiff::civil::date;
use records::patient::PatientId;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::{COLLECT_BLOCK_BUFFER_LEN, DocId, Score, SegmentReader};

use crate::schema::{KIND, LEGIBILITY, PATIENT, SERVICE_FROM, STATE, STATION, day};

mod people;
use people::People;

/// Pages of an answer by what narrows it, each as the query language takes it. Of those the asker may see, like
/// all of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    /// By patient as filed, most pages first, at most [`people::TOLD`] of them. Whoever knows of merges puts together
    /// what is one person by now.
    pub patients: Vec<(PatientId, u64)>,
    /// By type of document, lower case; most pages first.
    pub kinds: Vec<(String, u64)>,
    /// By station, lower case; most pages first.
    pub stations: Vec<(String, u64)>,
    /// `filed` and `held`; most pages first.
    pub states: Vec<(String, u64)>,
    /// `good`, `little` and `none`: how much readable text they have; most pages first.
    pub legibilities: Vec<(String, u64)>,
    /// By year in which the service began, latest first; pages without a date are in none.
    pub years: Vec<(i16, u64)>,
}

/// Years a chart can be of; what lies beyond counts as the nearest.
const YEARS: RangeInclusive<i16> = 1850..=2150;

pub(crate) struct Counting;

/// The counts of one segment.
pub(crate) struct SegmentCounts {
    patients: Words,
    kinds: Words,
    stations: Words,
    states: Words,
    legibilities: Words,
    service: Column<i64>,
    /// Pages of each day from the first of the years on.
    days: Vec<u32>,
}

/// A column of words and how often each was met.
pub(crate) struct Words {
    column: Option<StrColumn>,
    counts: Vec<u32>,
}

/// Counts by word.
type Counts = BTreeMap<String, u64>;

#[derive(Default)]
pub(crate) struct Sums {
    patients: People,
    kinds: Counts,
    stations: Counts,
    states: Counts,
    legibilities: Counts,
    years: BTreeMap<i16, u64>,
}

impl Words {
    fn of(segment: &SegmentReader, field: &str) -> tantivy::Result<Self> {
        let column = segment.fast_fields().str(field)?;
        let counts = vec![0; column.as_ref().map_or(0, |column| column.num_terms())];
        Ok(Self { column, counts })
    }

    fn count(&mut self, pages: &[DocId]) {
        let Some(column) = &self.column else { return };
        let mut words = [None; COLLECT_BLOCK_BUFFER_LEN];
        column.ords().first_vals(pages, &mut words[..pages.len()]);
        for word in words.into_iter().flatten() {
            self.counts[word as usize] += 1;
        }
    }

    fn by_word(self) -> Counts {
        let Some(column) = self.column else { return Counts::new() };
        let met = (0_u64..).zip(self.counts).filter(|(_, count)| *count > 0);
        met.map(|(ord, count)| {
            let mut word = String::new();
            // A word that cannot be read is a damaged index, which the hits themselves show.
            let _ = column.ord_to_str(ord, &mut word);
            (word, u64::from(count))
        })
        .collect()
    }
}

impl Collector for Counting {
    type Fruit = Facets;
    type Child = SegmentCounts;

    fn for_segment(&self, _: u32, segment: &SegmentReader) -> tantivy::Result<SegmentCounts> {
        Ok(SegmentCounts {
            patients: Words::of(segment, PATIENT)?,
            kinds: Words::of(segment, KIND)?,
            stations: Words::of(segment, STATION)?,
            states: Words::of(segment, STATE)?,
            legibilities: Words::of(segment, LEGIBILITY)?,
            service: segment.fast_fields().i64(SERVICE_FROM)?,
            days: vec![0; (first_day(YEARS.end() + 1) - first_day(*YEARS.start())) as usize],
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<Sums>) -> tantivy::Result<Facets> {
        let mut all = Sums::default();
        for segment in segments {
            all.patients.add(segment.patients);
            add(&mut all.kinds, segment.kinds);
            add(&mut all.stations, segment.stations);
            add(&mut all.states, segment.states);
            add(&mut all.legibilities, segment.legibilities);
            add(&mut all.years, segment.years);
        }
        Ok(Facets {
            patients: all.patients.first()?,
            kinds: most_first(all.kinds),
            stations: most_first(all.stations),
            states: most_first(all.states),
            legibilities: most_first(all.legibilities),
            years: all.years.into_iter().rev().collect(),
        })
    }
}

impl SegmentCollector for SegmentCounts {
    type Fruit = Sums;

    fn collect(&mut self, page: DocId, _: Score) {
        self.collect_block(&[page]);
    }

    fn collect_block(&mut self, pages: &[DocId]) {
        self.patients.count(pages);
        self.kinds.count(pages);
        self.stations.count(pages);
        self.states.count(pages);
        self.legibilities.count(pages);
        let mut days = [None; COLLECT_BLOCK_BUFFER_LEN];
        self.service.first_vals(pages, &mut days[..pages.len()]);
        let last = self.days.len() as i64 - 1;
        for day in days.into_iter().flatten() {
            self.days[(day - first_day(*YEARS.start())).clamp(0, last) as usize] += 1;
        }
    }

    fn harvest(self) -> Sums {
        let mut rest = self.days.as_slice();
        let years = YEARS.filter_map(|year| {
            let (days, later) = rest.split_at((first_day(year + 1) - first_day(year)) as usize);
            rest = later;
            let pages: u64 = days.iter().map(|pages| u64::from(*pages)).sum();
            (pages > 0).then_some((year, pages))
        });
        let years = years.collect();
        Sums {
            patients: People::of(self.patients),
            kinds: self.kinds.by_word(),
            stations: self.stations.by_word(),
            states: self.states.by_word(),
            legibilities: self.legibilities.by_word(),
            years,
        }
    }
}

fn first_day(year: i16) -> i64 {
    day(date(year, 1, 1))
}

fn add<K: Ord>(all: &mut BTreeMap<K, u64>, more: BTreeMap<K, u64>) {
    for (word, count) in more {
        *all.entry(word).or_default() += count;
    }
}

fn most_first(counts: Counts) -> Vec<(String, u64)> {
    let mut all: Vec<(String, u64)> = counts.into_iter().collect();
    all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    all
}
