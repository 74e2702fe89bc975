//! What took how long, and does what was promised hold?

use std::fmt::Write as _;

use super::queries::Kind;
use crate::program::say;

/// Milliseconds of one kind of query.
pub(super) struct Times {
    pub(super) kind: Kind,
    pub(super) ours: Vec<f64>,
    /// Of the first of the same queries: other engines are asked fewer.
    pub(super) fts5: Option<Vec<f64>>,
    pub(super) postgres: Option<Vec<f64>>,
}

/// Bounds that were judged, and whether all hold.
pub(super) struct Bounds(bool);

impl Default for Bounds {
    fn default() -> Self {
        Self(true)
    }
}

impl Bounds {
    pub(super) fn judge(&mut self, holds: bool, text: &str) {
        self.0 &= holds;
        say(format!("{} {text}", if holds { "PASS" } else { "FAIL" }));
    }

    pub(super) const fn hold(&self) -> bool {
        self.0
    }
}

/// The share of times that are no longer, in percent.
pub(super) fn percentile(times: &[f64], percent: usize) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get((sorted.len() * percent / 100).min(sorted.len().saturating_sub(1))).copied().unwrap_or(0.0)
}

pub(super) fn table(all: &[Times]) {
    say(format!(
        "\n{:<28} {:>9} {:>9} | {:>9} {:>9} {:>7} | {:>9} {:>9}",
        "ms", "p50", "p99", "FTS5 p50", "p99", "times", "PG p50", "p99"
    ));
    for times in all {
        let mut line = format!("{:<28} {}", times.kind.title(), both(Some(&times.ours)));
        let ratio = times.ratio().map_or_else(|| format!("{:>7}", "-"), |ratio| format!("{ratio:>7.1}"));
        let _ =
            write!(line, " | {} {ratio} | {}", both(times.fts5.as_deref()), both(times.postgres.as_deref()));
        say(line);
    }
    say(
        "\"times\" is how many times our time FTS5 takes for the same queries together; ours counts all pages as well.",
    );
    say(
        "PostgreSQL has its own, smaller number of pages, and neither tolerance nor snippets are asked of the two.\n",
    );
}

fn both(times: Option<&[f64]>) -> String {
    match times {
        Some(times) => format!("{:>9.2} {:>9.2}", percentile(times, 50), percentile(times, 99)),
        None => format!("{:>9} {:>9}", "-", "-"),
    }
}

impl Times {
    /// How many times as long FTS5 takes.
    pub(super) fn ratio(&self) -> Option<f64> {
        let theirs = self.fts5.as_ref()?;
        let ours: f64 = self.ours.iter().take(theirs.len()).sum();
        Some(theirs.iter().sum::<f64>() / ours)
    }
}
