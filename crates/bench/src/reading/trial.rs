//! Which pages are read by all tools, and how well did each do?

use std::collections::BTreeMap;

use super::damage::Damage;
use super::measures::{Score, score};
use super::tools::{Outcome, Tool, Unit};

/// Pages that are read in one go.
pub(crate) struct Trial {
    pub(crate) unit: Unit,
    /// In the order of the unit's files.
    pub(crate) pages: Vec<Trialled>,
}

pub(crate) struct Trialled {
    pub(crate) name: String,
    /// `None`: a real page.
    pub(crate) damage: Option<Damage>,
    pub(crate) kind: &'static str,
    pub(crate) turned: bool,
    /// A line each, in reading order; tabs between cells.
    pub(crate) truth: String,
}

/// A page and how well each tool read it.
pub(crate) struct Judged {
    pub(crate) page: Trialled,
    pub(crate) scores: BTreeMap<Tool, Score>,
}

/// What the pages of a unit cost a tool.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Spent {
    pub(crate) pages: usize,
    pub(crate) cpu_s: f64,
    pub(crate) wall_s: f64,
    pub(crate) peak_mb: f64,
}

impl Spent {
    pub(crate) fn add(&mut self, outcome: &Outcome) {
        self.pages += outcome.texts.len();
        self.cpu_s += outcome.cpu_s;
        self.wall_s += outcome.wall_s;
        self.peak_mb = self.peak_mb.max(outcome.peak_mb);
    }
}

pub(crate) fn judge(page: Trialled, texts: impl Iterator<Item = (Tool, String)>) -> Judged {
    let scores = texts.map(|(tool, text)| (tool, score(&page.truth, &text))).collect();
    Judged { page, scores }
}
