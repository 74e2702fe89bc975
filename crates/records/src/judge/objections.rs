//! What on these pages names somebody else than this person?
//!
//! The contradictions of AF-3, held against a person who is given: the one in whose chart the pages are, or in whose
//! chart a clerk is about to put them.

use jiff::Timestamp;

use crate::evidence::Evidence;
use crate::exception::Reason;
use crate::patient::Patient;
use crate::rules::Rules;

use super::trial::Trial;
use super::{Case, Known};

/// What was read, held against one person.
#[derive(Clone, Debug, Default)]
pub struct Objections {
    /// What names somebody else, and how. What could only not be read, or was read in two ways, names nobody.
    pub against: Vec<(Reason, Evidence)>,
    /// Everything that was read, for and against.
    pub seen: Vec<Evidence>,
}

impl Objections {
    /// Each reason once.
    pub fn reasons(&self) -> Vec<Reason> {
        let mut reasons: Vec<Reason> = self.against.iter().map(|(reason, _)| *reason).collect();
        reasons.sort_unstable();
        reasons.dedup();
        reasons
    }
}

/// Holds a case against a person, whoever else it may be about.
pub fn objections(case: &Case, known: &Known, rules: &Rules, now: Timestamp, person: &Patient) -> Objections {
    let trial = Trial::about(case, known, rules, now, person);
    Objections { against: trial.names_others(), seen: trial.evidence() }
}
