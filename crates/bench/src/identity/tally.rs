//! What the program made of it, beside the truth.

use std::collections::BTreeMap;

use super::mixes::{Placed, Scan, Unseen};
use super::people::People;
use super::site::{Went, Whereabouts};
use super::truth::Truth;

/// What became of the documents of a mix.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) documents: usize,
    pub(super) images: usize,
    /// Documents of which a page lies in another's chart.
    pub(super) wrong: Vec<String>,
    /// The same where the label itself is wrong.
    pub(super) wrong_labels: usize,
    /// The same where a sheet that says nothing lay in another's pile.
    pub(super) wrong_piles: usize,
    /// Of which a page is in a chart.
    pub(super) filed: usize,
    pub(super) fileable: usize,
    pub(super) fileable_filed: usize,
    /// Fileable and held, by trap and reasons.
    pub(super) held_needlessly: BTreeMap<String, usize>,
    /// Should be held and is filed, even if to the right person: trap by trap.
    pub(super) not_held: BTreeMap<String, usize>,
    /// By the reason they were made for.
    pub(super) expected: BTreeMap<&'static str, Expected>,
    /// Harmed so that whatever is held for is right.
    pub(super) held_somehow: usize,
    /// Held for another reason: trap and reasons given.
    pub(super) other_reason: BTreeMap<String, usize>,
    /// Harmed by their reading, or by what befell their stack: filing them right and holding them are both good.
    pub(super) either: usize,
    pub(super) either_filed: usize,
    pub(super) held: usize,
    /// Hidden by a label, or held as especially protected.
    pub(super) hidden: usize,
    /// How many documents were held for each reason.
    pub(super) given: BTreeMap<String, usize>,
}

/// Holds that were expected for one reason.
#[derive(Clone, Default)]
pub(super) struct Expected {
    pub(super) documents: usize,
    /// Held for one of the reasons a careful clerk would name.
    pub(super) as_expected: usize,
    /// What a clerk reads first, and how often.
    pub(super) told_first: BTreeMap<String, usize>,
}

impl Tally {
    /// Adds these scans, as they lie now.
    pub(super) fn add(&mut self, scans: &[Scan], people: &People, went: &Whereabouts) {
        for scan in scans {
            for placed in &scan.documents {
                self.one(scan, placed, people, went);
            }
            // A file that cannot be read was a sheet of paper, too.
            self.images += scan.pages.len().max(1);
        }
    }

    pub(super) fn one(&mut self, scan: &Scan, placed: &Placed, people: &People, went: &Whereabouts) {
        self.documents += 1;
        let fate = Fate::of(scan, placed, people, went);
        for reason in &fate.reasons {
            *self.given.entry(reason.clone()).or_default() += 1;
        }
        self.filed += usize::from(fate.filed > 0);
        self.held += usize::from(!fate.reasons.is_empty());
        self.hidden += usize::from(fate.hidden);
        if fate.wrong {
            match placed.unseen {
                Some(Unseen::Label) => self.wrong_labels += 1,
                Some(Unseen::Pile) => self.wrong_piles += 1,
                None => self.wrong.push(format!("{}: {} page {:?}", placed.trap, scan.name, placed.pages)),
            }
        }
        let told = || format!("{}: {}", placed.trap, fate.reasons.join(", "));
        match placed.truth {
            _ if placed.unseen.is_some() => {}
            Truth::Fileable => {
                self.fileable += 1;
                if fate.filed == placed.pages.len() {
                    self.fileable_filed += 1;
                } else {
                    *self.held_needlessly.entry(told()).or_default() += 1;
                }
            }
            Truth::Either => {
                self.either += 1;
                self.either_filed += usize::from(fate.filed == placed.pages.len());
            }
            Truth::Held(reasons) => {
                if fate.filed > 0 {
                    *self.not_held.entry(placed.trap.to_owned()).or_default() += 1;
                }
                self.expect(reasons, &fate, &told());
            }
            Truth::Doubted(reasons) => self.expect(reasons, &fate, &told()),
        }
    }

    fn expect(&mut self, reasons: &'static [&'static str], fate: &Fate, told: &str) {
        let Some(first) = reasons.first() else {
            self.held_somehow += 1;
            return;
        };
        let expected = self.expected.entry(first).or_default();
        expected.documents += 1;
        let told_first = fate.told_first.clone().unwrap_or_else(|| "(filed)".to_owned());
        *expected.told_first.entry(told_first).or_default() += 1;
        if fate.reasons.iter().any(|reason| reasons.contains(&reason.as_str())) {
            expected.as_expected += 1;
        } else {
            *self.other_reason.entry(told.to_owned()).or_default() += 1;
        }
    }
}

/// What became of one document.
pub(super) struct Fate {
    pub(super) filed: usize,
    /// What a clerk reads first of what holds it.
    told_first: Option<String>,
    /// For which its pages are held, each once.
    pub(super) reasons: Vec<String>,
    /// A page of it lies in another's chart.
    pub(super) wrong: bool,
    /// By a label, or held as especially protected.
    hidden: bool,
}

impl Fate {
    pub(super) fn of(scan: &Scan, placed: &Placed, people: &People, went: &Whereabouts) -> Self {
        let mut fate = Self { filed: 0, told_first: None, reasons: Vec::new(), wrong: false, hidden: false };
        for (page, whose) in placed.pages.iter().zip(&placed.whose) {
            match went.of(scan, *page) {
                Some(Went::Filed { mrn, labels }) => {
                    fate.filed += 1;
                    fate.hidden |= *labels > 0;
                    fate.wrong |= whose.is_none_or(|who| people.all[who].mrn != *mrn);
                }
                Some(Went::Held(why)) => fate.reasons.extend(why.iter().cloned()),
                None => {}
            }
            fate.reasons.extend(went.doubts(scan, *page).iter().cloned());
        }
        fate.told_first = fate.reasons.first().cloned();
        fate.hidden |= fate.reasons.iter().any(|reason| reason == "TYPE_SENSITIVE");
        fate.reasons.sort();
        fate.reasons.dedup();
        fate
    }
}

/// Documents of which a page lies in another's chart now, labelling errors left out.
pub(super) fn wrong_now(scans: &[Scan], people: &People, went: &Whereabouts) -> Vec<String> {
    let placed = scans.iter().flat_map(|scan| scan.documents.iter().map(move |placed| (scan, placed)));
    placed
        .filter(|(scan, placed)| placed.unseen.is_none() && Fate::of(scan, placed, people, went).wrong)
        .map(|(scan, placed)| format!("{}: {} page {:?}, at the end", placed.trap, scan.name, placed.pages))
        .collect()
}
