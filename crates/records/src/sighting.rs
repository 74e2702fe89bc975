//! Which identifiers stand on these pages, and where?

use jiff::civil::Date;

use crate::geometry::Rect;
use crate::identifier::{AuthorityId, IdentifierKind};
use crate::ids::PageNumber;
use crate::name::PersonName;
use crate::patient::Sex;
use crate::reading::{PageReading, Symbology};
use crate::rules::Rules;
use crate::separation::Draft;

pub(crate) mod row;

/// Every identifier on the pages of a draft, in the order of its pages. `readings` are those pages.
pub fn sightings(
    draft: &Draft,
    readings: &[(PageNumber, PageReading)],
    rules: &Rules,
    today: Date,
) -> Vec<Sighting> {
    let _ = (draft, readings, rules, today);
    Vec::new()
}

/// An identifier seen on a page, with its place.
#[derive(Clone, PartialEq)]
pub struct Sighting {
    pub page: PageNumber,
    pub place: Rect,
    /// As read.
    pub text: String,
    /// 0 to 100.
    pub confidence: f32,
    pub what: Seen,
    pub stands: Stands,
    /// Whether it may speak *for* somebody: on the picture, confident, trustworthy. It may always speak against.
    pub witness: bool,
}

/// Never shows what was read: `Debug` ends up in logs.
impl std::fmt::Debug for Sighting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sighting(page {}, {:?}, …)", self.page, self.stands)
    }
}

#[derive(Clone, PartialEq)]
pub enum Seen {
    Number {
        /// Canonical form ([`crate::identifier::canonical`]).
        value: String,
        /// Where the paper says: a labelled field, a site's barcode shape.
        kind: Option<IdentifierKind>,
        authority: Option<AuthorityId>,
        symbol: Option<SymbolRead>,
    },
    Name(PersonName),
    BirthDate(Date),
    Sex(Sex),
    /// Age in years as the text states it ("72-year-old").
    Age(u16),
    /// A label, symbol or patient field that was found but not read (`ID_UNREAD`).
    Unread,
}

/// How far a number in a symbol can be trusted (`domain.md` 2.6).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SymbolRead {
    pub symbology: Symbology,
    pub agreeing: u8,
    pub disputed: bool,
    /// What is printed under the bars.
    pub printed: Printed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Printed {
    Equal,
    Differs,
    Unread,
}

/// Where on the page an identifier stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    Symbol,
    /// After "MRN:", "Patient:", "DOB:" …
    Field,
    /// In a label block.
    Label,
    /// In running text: never a witness.
    Body,
}
