//! Which identifiers stand on these pages, and where?

use jiff::civil::Date;

use crate::dates::Settled;
use crate::geometry::Rect;
use crate::identifier::{AuthorityId, IdentifierKind};
use crate::ids::PageNumber;
use crate::mask;
use crate::name::PersonName;
use crate::patient::Sex;
use crate::reading::{PageReading, Symbology};
use crate::rules::Rules;
use crate::separation::Draft;

mod age;
mod body;
mod facility;
mod field;
mod halves;
mod label;
mod lexicon;
mod number;
pub(crate) mod row;
mod symbol;
mod value;

use row::{Row, Token, rows, spelled};

/// Every identifier on the pages of a draft, in the order of its pages. `readings` are those pages.
///
/// What somebody else's field says (a provider's, a guarantor's, an outside facility's) is no sighting. What a
/// sheet of ours says is none either: it declares, it does not witness.
pub fn sightings(
    draft: &Draft,
    readings: &[(PageNumber, PageReading)],
    rules: &Rules,
    today: Date,
) -> Vec<Sighting> {
    let mut all = Vec::new();
    for page in &draft.pages {
        let reading = readings.iter().find(|(other, _)| other == page).map(|(_, reading)| reading);
        if let Some(reading) = reading.filter(|reading| reading.error.is_none()) {
            all.extend(on_page(*page, reading, rules, today));
        }
    }
    all
}

/// … on one page.
pub(crate) fn on_page(page: PageNumber, reading: &PageReading, rules: &Rules, today: Date) -> Vec<Sighting> {
    let rows = rows(reading);
    if is_our_sheet(reading, &rows) {
        return Vec::new();
    }
    let text = rows.iter().map(Row::text).collect::<Vec<_>>().join("\n");
    let dates = rules.calendar(today).settled_by(&text);
    let scene = Scene { page, reading, rows: &rows, rules, dates };
    let fields = field::read(&scene);
    let mut all = fields.sightings;
    all.extend(label::read(&scene, &fields.used, &all));
    all.extend(body::read(&scene));
    all.extend(symbol::read(&scene, &all));
    all
}

/// What every reader of one page looks at.
struct Scene<'a> {
    page: PageNumber,
    reading: &'a PageReading,
    rows: &'a [Row<'a>],
    rules: &'a Rules,
    dates: Settled,
}

impl Scene<'_> {
    /// A sighting in print. `sure`: nothing had to be mended to read it.
    fn in_print(&self, tokens: &[Token<'_>], what: Seen, stands: Stands, sure: bool) -> Sighting {
        let place = tokens.iter().map(|token| token.place).reduce(Rect::union).unwrap_or_default();
        let text = mask::text(&spelled(tokens)).into_owned();
        // A single initial is often read with little confidence, and never decides.
        let telling = tokens.iter().filter(|token| tokens.len() == 1 || token.text.len() > 2);
        let confidence = telling.map(|token| token.confidence).reduce(f32::min).unwrap_or(0.0);
        let seen = tokens.iter().all(|token| token.on_picture && token.legible);
        let confident = confidence >= self.rules.identity.min_confidence;
        let speaks = matches!(stands, Stands::Field | Stands::Label) && what != Seen::Unread;
        Sighting {
            page: self.page,
            place,
            text,
            confidence,
            what,
            stands,
            witness: speaks && sure && seen && confident,
        }
    }

    /// The authority whose shape a value has, where exactly one has it.
    fn authority_of(&self, value: &str) -> Option<AuthorityId> {
        self.rules.number(value, None).1
    }
}

fn is_our_sheet(reading: &PageReading, rows: &[Row<'_>]) -> bool {
    let mark = crate::kind::plain(crate::sheet::MARK);
    reading.barcodes.iter().any(|code| code.text.trim().starts_with("CS1|"))
        || rows.iter().any(|row| crate::kind::plain(&row.text()).contains(&mark))
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
    /// Whether it may speak *for* somebody: legible on the picture, confident, trustworthy. It may always speak against.
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
    /// "SMITH, JANE M 03/15/1962": a sex, or an initial. It speaks for nobody, and against whom neither fits.
    SexOrInitial(Sex),
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
    /// Behind another facility's name: never a witness, and contrary only if one of ours has the number.
    Outside,
    /// In running text: never a witness.
    Body,
}

#[cfg(test)]
mod tests;
