//! What does the clerk want of what her words may mean as well?

use std::collections::BTreeSet;

/// Each as the answer tells it ([`crate::Answer::also_searched`], [`crate::Meaning`]).
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Wished {
    /// Not to be searched for.
    pub without: BTreeSet<String>,
    /// To be searched for, though it is only one of several meanings.
    pub also: BTreeSet<String>,
}

impl Wished {
    pub(crate) fn drops(&self, written: &str) -> bool {
        self.without.contains(written)
    }

    pub(crate) fn asks_for(&self, written: &str) -> bool {
        self.also.contains(written) && !self.drops(written)
    }

    pub(super) fn add(&mut self, other: Self) {
        self.without.extend(other.without);
        self.also.extend(other.also);
    }
}

/// Never shows what was asked.
impl std::fmt::Debug for Wished {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Wished({} without, {} also)", self.without.len(), self.also.len())
    }
}
