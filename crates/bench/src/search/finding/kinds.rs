//! Is a page taken for what it is, and dated as it is dated?

use std::collections::BTreeSet;

use jiff::civil::{Date, date};
use records::document::KindCode;
use records::ids::PageNumber;
use records::judge::Case;
use records::reading::PageReading;
use records::rules::Rules;
use records::separation::Draft;

use super::pages::Source;

const TODAY: Date = date(2026, 3, 1);

/// How many pages say it, of how many the program says it, and how often it is right.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    pub(super) said: usize,
    pub(super) answered: usize,
    pub(super) right: usize,
}

impl Tally {
    fn add(&mut self, right: Option<bool>) {
        self.said += 1;
        self.answered += usize::from(right.is_some());
        self.right += usize::from(right == Some(true));
    }
}

/// Of kinds and of days of service, each page judged as a document of its own; and which kinds were taken for which.
pub(super) fn judged(
    sources: &[Source],
    pages: &[PageReading],
) -> anyhow::Result<(Tally, Tally, BTreeSet<String>)> {
    let rules = Rules::from_config(Default::default(), Vec::new(), None, None)?;
    let (mut kinds, mut days) = (Tally::default(), Tally::default());
    let mut mistaken = BTreeSet::new();
    for (source, reading) in sources.iter().zip(pages) {
        let Some(said) = source.said else { continue };
        let one = PageNumber(1);
        let draft = Draft { pages: vec![one], declaration: None, held: Vec::new(), bound: Vec::new() };
        let case = Case::of(&draft, &[(one, reading.clone())], &rules, TODAY);
        kinds.add((case.kind != KindCode::unsorted()).then_some(case.kind.0 == said.kind));
        if case.kind.0 != said.kind {
            mistaken.insert(format!("{} as {}", said.kind, case.kind.0));
        }
        days.add(case.service.map(|service| service == said.service));
    }
    Ok((kinds, days, mistaken))
}
