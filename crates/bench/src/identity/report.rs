//! What came of it, in numbers a records manager asks for.

use std::collections::{BTreeMap, BTreeSet};

use records::exception::Reason;

use super::mixes::Mix;
use super::tally::{Expected, Tally};
use crate::program::say;

pub(super) type Tallies = BTreeMap<Mix, Tally>;

/// Minutes a clerk has to do with an exception (45 s, an estimate of the house).
const MINUTES: f64 = 0.75;

/// Reasons that no run of this bench can bring about, and why.
const NEVER: [(&str, &str); 5] = [
    ("REVIEW", "a second look at what a person did"),
    ("LINE_FAULT", "a fault of the machine: tests/disk_full.rs"),
    ("RESTORED", "after a restore: tests/backup.rs"),
    ("WRONG_FOLDER", "folder mode"),
    ("FOLDER_SHEET_MISSING", "folder mode, and tab sheets without a folder"),
];

pub(super) fn print(tallies: &Tallies) {
    say(
        "\n           documents images  wrong labels piles  fileable    filed  to hold as expected    held  min/1,000",
    );
    for (mix, tally) in tallies {
        let (expected, as_expected) = expected(tally);
        say(format!(
            "{:10} {:9} {:6} {:6} {:6} {:5} {:9} {:6.2} % {:8} {:9.2} % {:5.1} % {:10.0}",
            format!("{mix:?}"),
            tally.documents,
            tally.images,
            tally.wrong.len(),
            tally.wrong_labels,
            tally.wrong_piles,
            tally.fileable,
            rate(tally.fileable_filed, tally.fileable),
            expected,
            rate(as_expected, expected),
            rate(tally.held, tally.documents),
            tally.held as f64 * MINUTES / tally.images.max(1) as f64 * 1000.0,
        ));
    }
    say(
        "wrong: in another's chart. labels, piles: the same where the label itself is wrong, or a sheet that says",
    );
    say(
        "nothing lay in another's pile: no reading shows it. min/1,000: desk minutes for 1,000 images, 45 s a hold.\n",
    );
    for (mix, tally) in tallies {
        let mut lines: Vec<String> = tally.wrong.iter().map(|what| format!("WRONG CHART {what}")).collect();
        lines.extend(most("held needlessly", &tally.held_needlessly, tally.fileable));
        lines.extend(most("NOT HELD", &tally.not_held, tally.documents));
        lines.extend(most("other reason", &tally.other_reason, tally.documents));
        lines.iter().for_each(|line| say(format!("  {mix:?}: {line}")));
    }
    reasons(tallies);
    let (documents, wrong) = (sum(tallies, |tally| tally.documents), sum(tallies, |tally| tally.wrong.len()));
    let (held, filed) = (sum(tallies, |tally| tally.held), sum(tallies, |tally| tally.filed));
    say(format!(
        "\n{documents} documents, {filed} filed, {held} held ({:.1} %); labelling errors {}, in another's pile {}",
        rate(held, documents),
        sum(tallies, |tally| tally.wrong_labels),
        sum(tallies, |tally| tally.wrong_piles),
    ));
    say(format!(
        "harmed by their reading or their stack: {} that may be filed ({} are), {} that must be held for whatever it shows",
        sum(tallies, |tally| tally.either),
        sum(tallies, |tally| tally.either_filed),
        sum(tallies, |tally| tally.held_somehow),
    ));
    let bound = || format!("; 95 % upper bound {:.3} % of what is filed", 300.0 / filed.max(1) as f64);
    say(format!("wrong charts: {wrong}{}", if wrong == 0 { bound() } else { String::new() }));
}

/// Reasons expected × given.
fn reasons(tallies: &Tallies) {
    let mut expected: BTreeMap<&str, Expected> = BTreeMap::new();
    for (reason, own) in tallies.values().flat_map(|tally| &tally.expected) {
        let all = expected.entry(reason).or_default();
        (all.documents, all.as_expected) = (all.documents + own.documents, all.as_expected + own.as_expected);
        for (told, count) in &own.told_first {
            *all.told_first.entry(told.clone()).or_default() += count;
        }
    }
    say("\nreason               given  expected  as expected  told first of those expected");
    for reason in Reason::ALL {
        let own = expected.get(reason.code()).cloned().unwrap_or_default();
        let given = given(tallies, reason.code());
        let why = NEVER.iter().find(|(code, _)| *code == reason.code()).filter(|_| given == 0);
        let mut told: Vec<(&String, &usize)> = own.told_first.iter().collect();
        told.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        let told = told.iter().map(|(told, count)| format!("{told} {count}")).collect::<Vec<_>>().join(", ");
        let note = why.map_or(told, |(_, why)| format!("({why})"));
        say(format!("{:20} {given:5} {:9} {:12}  {note}", reason.code(), own.documents, own.as_expected));
    }
}

fn given(tallies: &Tallies, code: &str) -> usize {
    sum(tallies, |tally| tally.given.get(code).copied().unwrap_or_default())
}

/// The bounds of the proof. `whole`: every reason must have been seen a hundred times.
pub(super) fn holds(tallies: &Tallies, whole: bool) -> bool {
    let read = || tallies.iter().filter(|(mix, _)| **mix != Mix::Drawn).map(|(_, tally)| tally);
    let filed = rate(read().map(|t| t.fileable_filed).sum(), read().map(|t| t.fileable).sum());
    let all: Vec<(usize, usize)> = tallies.values().map(expected).collect();
    let expected = rate(all.iter().map(|own| own.1).sum(), all.iter().map(|own| own.0).sum());
    let not_held = sum(tallies, |tally| tally.not_held.values().sum());
    let wrong = sum(tallies, |tally| tally.wrong.len());
    let ordinary = tallies.get(&Mix::Ordinary).map_or((0, 0), |tally| (tally.hidden, tally.documents));
    say(format!("{} of {} ordinary histories and physicals hidden", ordinary.0, ordinary.1));
    let drawn = tallies.get(&Mix::Drawn).map_or(100.0, |tally| rate(tally.fileable_filed, tally.fileable));
    say(format!(
        "auto-filed {filed:.2} % of the fileable; {expected:.2} % of the holds for the expected reason; {not_held} not held"
    ));
    let never: BTreeSet<&str> = NEVER.iter().map(|(code, _)| *code).collect();
    let rare: Vec<&str> = Reason::ALL
        .iter()
        .map(|reason| reason.code())
        .filter(|code| !never.contains(code) && given(tallies, code) < 100)
        .collect();
    if whole && !rare.is_empty() {
        say(format!("seen less than 100 times: {}", rare.join(", ")));
    }
    let none = wrong == 0 && not_held == 0 && ordinary.0 == 0;
    none && filed >= 97.0 && drawn >= 90.0 && expected >= 95.0 && (!whole || rare.is_empty())
}

/// How many documents were expected to be held for a certain reason, and how many are.
fn expected(tally: &Tally) -> (usize, usize) {
    let own = tally.expected.values();
    own.fold((0, 0), |(all, good), own| (all + own.documents, good + own.as_expected))
}

fn sum(tallies: &Tallies, of: impl Fn(&Tally) -> usize) -> usize {
    tallies.values().map(of).sum()
}

fn rate(part: usize, whole: usize) -> f64 {
    100.0 * part as f64 / whole.max(1) as f64
}

/// The most frequent first.
fn most(what: &str, counts: &BTreeMap<String, usize>, of: usize) -> Vec<String> {
    let mut counts: Vec<_> = counts.iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let line =
        |(item, count): &(&String, &usize)| format!("{what}: {count:5} ({:.2} %) {item}", rate(**count, of));
    counts.iter().take(12).map(line).collect()
}
