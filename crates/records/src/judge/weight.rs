//! How much does one field's agreement say?

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::candidates::Part;
use super::trial::Trial;

/// How common is in the index what was read: the chance that a stranger agrees by accident.
#[derive(Clone, Debug, Default)]
pub struct Frequencies {
    /// Identities of the index.
    pub people: u64,
    /// By [`crate::name::key`]: how many have it for a family name.
    pub family: BTreeMap<String, u64>,
    /// By [`crate::name::key`]: how many have it for a given name.
    pub given: BTreeMap<String, u64>,
    /// How many were born on a day.
    pub born: BTreeMap<Date, u64>,
}

/// How what was read fits a person's field; later ones are better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    /// Nothing to compare.
    Absent,
    Differs,
    Similar,
    Agrees,
}

/// The share of right people in whom a field agrees (`m`); published starting values, until a site has reviewed
/// pairs of its own.
pub(super) struct Reliable(f64);

pub(super) const NUMBER: Reliable = Reliable(0.98);
pub(super) const BIRTH: Reliable = Reliable(0.97);
pub(super) const FAMILY: Reliable = Reliable(0.95);
pub(super) const GIVEN: Reliable = Reliable(0.93);
pub(super) const SEX: Reliable = Reliable(0.99);
pub(super) const MIDDLE: Reliable = Reliable(0.60);

impl Reliable {
    /// Bits for or against, where a share `chance` of strangers agrees, too. What is similar lies half-way.
    pub(super) fn weight(&self, field: Field, chance: f64) -> f64 {
        match field {
            Field::Absent => 0.0,
            Field::Differs => self.between(0.0, chance),
            Field::Similar => self.between(0.5, chance),
            Field::Agrees => self.between(1.0, chance),
        }
    }

    /// Bits for a part of a name, by its likeness (Jaro-Winkler). Below 0.8 it is another.
    pub(super) fn alike(&self, likeness: f64, chance: f64) -> f64 {
        const OTHER: f64 = 0.8;
        self.between(((likeness - OTHER) / (1.0 - OTHER)).clamp(0.0, 1.0), chance)
    }

    fn between(&self, share: f64, chance: f64) -> f64 {
        let agrees = (self.0 / chance).log2();
        let differs = ((1.0 - self.0) / (1.0 - chance)).log2();
        differs + (agrees - differs) * share
    }
}

impl Trial<'_> {
    /// Identities it could be. A small index is a sample of those who may come.
    pub(super) fn people(&self) -> f64 {
        const FEW: u64 = 1_000;
        as_float(self.known.frequencies.people.max(FEW))
    }

    /// The share of the index that has this part of a name.
    pub(super) fn chance(&self, key: &str, part: Part) -> f64 {
        let counted = match part {
            Part::Family => &self.known.frequencies.family,
            Part::Given => &self.known.frequencies.given,
        };
        self.share(counted.get(key))
    }

    /// The share of the index that was born on this day.
    pub(super) fn chance_of_day(&self, day: Date) -> f64 {
        self.share(self.known.frequencies.born.get(&day))
    }

    /// What nobody has counts as if one had it; no name is so common that it says nothing.
    fn share(&self, count: Option<&u64>) -> f64 {
        (as_float(count.copied().unwrap_or(1).max(1)) / self.people()).min(0.5)
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of people")]
fn as_float(count: u64) -> f64 {
    count as f64
}
