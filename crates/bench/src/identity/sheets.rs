//! What do our own control sheets look like to a reader: whole, torn, and somebody else's?

use records::geometry::Rect;
use records::judge::IssuedSheet;
use records::reading::Symbology;
use records::sheet::{MARK, SheetKey, SheetKind, UPRIGHT, sign};

use super::dice::Dice;
use super::paper::Page;
use super::people::Person;
use crate::samples::{demo_key, demo_sheet};

/// The desk that prints them, and its register.
#[derive(Default)]
pub(super) struct Printer {
    pub(super) issued: Vec<IssuedSheet>,
}

/// A cover sheet and the end sheet that belongs to it.
#[derive(Clone)]
pub(super) struct Cover {
    pub(super) front: Page,
    pub(super) end: Page,
}

impl Printer {
    /// `sheets`: what somebody counted.
    pub(super) fn cover(
        &mut self,
        person: &Person,
        sheets: Option<u32>,
        dice: &mut Dice,
    ) -> anyhow::Result<Cover> {
        let mut random = [0; 16];
        random[..8].copy_from_slice(&dice.next().to_be_bytes());
        random[8..].copy_from_slice(&dice.next().to_be_bytes());
        let mut sheet = |kind: SheetKind| {
            let (payload, registered) = demo_sheet(kind, &person.mrn, random, sheets)?;
            self.issued.push(registered);
            anyhow::Ok(control_sheet(&sign(&payload, &demo_key()), kind, person))
        };
        Ok(Cover { front: sheet(SheetKind::Cover)?, end: sheet(SheetKind::End)? })
    }
}

/// The same sheet as somebody signs it who does not have our key.
pub(super) fn forged(person: &Person, dice: &mut Dice) -> anyhow::Result<Page> {
    let mut random = [7; 16];
    random[..8].copy_from_slice(&dice.next().to_be_bytes());
    let (payload, _) = demo_sheet(SheetKind::Cover, &person.mrn, random, None)?;
    let key = SheetKey { secret: "ff".repeat(32), ..demo_key() };
    Ok(control_sheet(&sign(&payload, &key), SheetKind::Cover, person))
}

/// Both codes are gone; the words are known even so.
pub(super) fn torn(mut sheet: Page) -> Page {
    sheet.barcodes.clear();
    sheet
}

/// Two codes of the same payload, and the words that are known even without them.
fn control_sheet(payload: &str, kind: SheetKind, person: &Person) -> Page {
    let mut page = Page::default();
    page.at(200, 160, MARK);
    page.at(200, 450, kind.title());
    page.at(300, 560, UPRIGHT);
    page.at(250, 1100, &person.filed());
    page.at(250, 1340, &person.born.strftime("%m/%d/%Y").to_string());
    page.at(1050, 1340, &format!("MRN {}", person.mrn));
    for (x, y) in [(1900, 150), (150, 2600)] {
        page.symbol(Symbology::Qr, Rect { x, y, w: 500, h: 500 }, payload);
    }
    page
}
