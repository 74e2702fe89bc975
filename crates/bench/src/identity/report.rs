//! What came of it, in numbers a records manager asks for.

use std::collections::BTreeMap;

use super::mixes::Mix;
use super::trial::Tally;
use crate::program::say;

pub(super) fn print(tallies: &BTreeMap<Mix, Tally>) {
    for (mix, tally) in tallies {
        say(format!("\n{mix:?}: {} documents, {} images", tally.documents, tally.sheets));
        say(format!(
            "  in a wrong chart          {:6}   (wrong labels, which no reading shows: {})",
            tally.wrong.len(),
            tally.labelling_errors
        ));
        say(format!(
            "  fileable, filed           {:6} of {} ({:.1} %)",
            tally.fileable_filed,
            tally.fileable,
            rate(tally.fileable_filed, tally.fileable)
        ));
        say(format!(
            "  to be held, held          {:6} of {}",
            tally.expected_holds - tally.not_held.values().sum::<usize>(),
            tally.expected_holds
        ));
        say(format!(
            "  … for the expected reason {:6} ({:.1} %)",
            tally.held_as_expected,
            rate(tally.held_as_expected, tally.expected_holds)
        ));
        say(format!("  harmed by the reading     {:6}", tally.either));
        let desk_minutes = tally.exceptions as f64 * 0.75 / tally.sheets.max(1) as f64 * 1000.0;
        say(format!(
            "  held                      {:6}, about {desk_minutes:.0} desk minutes per 1,000 sheets (45 s each)",
            tally.exceptions
        ));
        list("wrong", tally.wrong.iter().map(|what| (what.clone(), 1)).collect());
        list("held needlessly", tally.held_needlessly.clone());
        list("not held", tally.not_held.clone());
        list("other reason", tally.other_reason.clone());
    }
    let documents: usize = tallies.values().map(|tally| tally.documents).sum();
    if wrong(tallies) == 0 {
        say(format!("\nwrong charts: 0 of {documents}; 95 % upper bound {:.3} %", 300.0 / documents as f64));
    } else {
        say(format!("\nwrong charts: {} of {documents}", wrong(tallies)));
    }
}

/// The bounds of the proof.
pub(super) fn holds(tallies: &BTreeMap<Mix, Tally>) -> bool {
    let sum = |of: fn(&Tally) -> usize| tallies.values().map(of).sum::<usize>();
    let filed = rate(sum(|tally| tally.fileable_filed), sum(|tally| tally.fileable));
    let expected = rate(sum(|tally| tally.held_as_expected), sum(|tally| tally.expected_holds));
    let not_held: usize = tallies.values().map(|tally| tally.not_held.values().sum::<usize>()).sum();
    say(format!(
        "auto-filed {filed:.2} % of the fileable; {expected:.2} % of the holds for the expected reason; {not_held} not held"
    ));
    wrong(tallies) == 0 && not_held == 0 && filed >= 97.0 && expected >= 95.0
}

fn wrong(tallies: &BTreeMap<Mix, Tally>) -> usize {
    tallies.values().map(|tally| tally.wrong.len()).sum()
}

fn rate(part: usize, whole: usize) -> f64 {
    100.0 * part as f64 / whole.max(1) as f64
}

/// The most frequent first.
fn list(what: &str, counts: BTreeMap<String, usize>) {
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    for (item, count) in counts.iter().take(12) {
        say(format!("    {what}: {count:5} × {item}"));
    }
}
