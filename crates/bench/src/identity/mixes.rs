//! In which stacks do documents come? Four declared mixes of work, each a station.

use records::geometry::Rect;
use records::judge::IssuedSheet;
use records::reading::{Barcode, Symbology};
use records::sheet::{MARK, SheetKind, UPRIGHT, sign};

use super::dice::Dice;
use super::noise;
use super::paper::Page;
use super::people::{People, Person};
use super::traps::{self, Made};
use super::truth::{self, Truth};
use crate::samples::{demo_key, demo_sheet};

/// Lines with a letter wrong, in a thousand.
const MISREAD: usize = 15;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mix {
    /// Loose labelled sheets, twenty a file.
    Loose,
    /// A registration desk: a file is a document.
    Desk,
    /// A fax line.
    Fax,
    /// Stacks with a cover sheet and an end sheet for each document.
    Covers,
}

impl Mix {
    pub(super) const ALL: [Self; 4] = [Self::Loose, Self::Desk, Self::Fax, Self::Covers];

    pub(super) const fn station(self) -> &'static str {
        match self {
            Self::Loose => "loose",
            Self::Desk => "desk",
            Self::Fax => "fax",
            Self::Covers => "covers",
        }
    }

    const fn documents_a_file(self) -> usize {
        match self {
            Self::Loose => 20,
            Self::Desk | Self::Fax => 1,
            Self::Covers => 6,
        }
    }
}

/// A document in its file.
pub(super) struct Placed {
    pub(super) made: Made,
    pub(super) truth: Truth,
    /// Numbers of its pages in the file, from 1.
    pub(super) pages: Vec<u32>,
}

/// One file of a station.
pub(super) struct Scan {
    pub(super) mix: Mix,
    pub(super) name: String,
    pub(super) pages: Vec<Page>,
    pub(super) documents: Vec<Placed>,
}

/// So many documents of a mix, and the control sheets issued for them.
pub(super) fn scans(
    mix: Mix,
    documents: usize,
    people: &People,
    dice: &mut Dice,
) -> (Vec<Scan>, Vec<IssuedSheet>) {
    let (mut scans, mut issued, mut left) = (Vec::new(), Vec::new(), documents);
    while left > 0 {
        let count = mix.documents_a_file().min(left);
        left -= count;
        let name = format!("{}-{:05}.txt", mix.station(), scans.len());
        let mut scan = Scan { mix, name, pages: Vec::new(), documents: Vec::new() };
        for _ in 0..count {
            add(&mut scan, people, &mut issued, &mut dice.split());
        }
        scans.push(scan);
    }
    (scans, issued)
}

fn add(scan: &mut Scan, people: &People, issued: &mut Vec<IssuedSheet>, dice: &mut Dice) {
    let mut made = traps::make(people, scan.mix == Mix::Loose, dice);
    let mut harm = noise::Harm::default();
    for page in &mut made.pages {
        let page_harm = noise::read_badly(page, MISREAD, dice);
        harm.misread += page_harm.misread;
        harm.faint += page_harm.faint;
        if scan.mix == Mix::Fax {
            banner(page, dice);
        }
    }
    let mut truth = truth::of(&made, harm);
    let cover = cover_for(scan.mix, &made, people, issued, dice);
    if let Some((front, _)) = &cover {
        scan.pages.push(front.clone());
        truth = under_a_cover(truth, &made);
    }
    let first = scan.pages.len() as u32 + 1;
    let pages: Vec<u32> = (first..).take(made.pages.len()).collect();
    scan.pages.append(&mut made.pages.clone());
    scan.pages.extend(cover.map(|(_, end)| end));
    scan.documents.push(Placed { made, truth, pages });
}

/// What a valid cover sheet makes of it: one witness is enough then, and silence of further pages is no harm.
fn under_a_cover(truth: Truth, made: &Made) -> Truth {
    match made.trap {
        "number only"
        | "number and name only"
        | "number and birth date only"
        | "name and birth date only"
        | "silent second page"
        | "outside facility's number only"
        | "faint number" => Truth::Either,
        "no identity" => Truth::Held(&["NO_WITNESS"]),
        _ => truth,
    }
}

/// A machine on the way prints its line at the top edge.
fn banner(page: &mut Page, dice: &mut Dice) {
    let day = dice.between(10, 28);
    page.at(150, 40, &format!("03/{day}/2025  10:22   FROM: CLINIC FAX   555-013-2210   P. 1/3"));
}

/// A cover sheet and its end sheet, for whom the stack says; only in a stack of covers.
fn cover_for(
    mix: Mix,
    made: &Made,
    people: &People,
    issued: &mut Vec<IssuedSheet>,
    dice: &mut Dice,
) -> Option<(Page, Page)> {
    let who = made.whose.iter().flatten().next().filter(|_| mix == Mix::Covers && !made.labelling_error)?;
    let person = &people.all[*who];
    let mut random = [0; 16];
    random[..8].copy_from_slice(&dice.next().to_be_bytes());
    random[8..].copy_from_slice(&dice.next().to_be_bytes());
    let mut sheet = |kind: SheetKind| {
        let (payload, registered) = demo_sheet(kind, &person.mrn, random, None).ok()?;
        issued.push(registered);
        Some(control_sheet(&sign(&payload, &demo_key()), kind, person))
    };
    Some((sheet(SheetKind::Cover)?, sheet(SheetKind::End)?))
}

/// Two codes of the same payload, and the words that are known even without them.
fn control_sheet(payload: &str, kind: SheetKind, person: &Person) -> Page {
    let mut page = Page::default();
    page.at(200, 160, MARK);
    page.at(200, 450, kind.title());
    page.at(300, 560, UPRIGHT);
    page.at(250, 1100, &format!("{}, {}", person.family, person.given));
    page.at(250, 1340, &person.born.strftime("%m/%d/%Y").to_string());
    page.at(1050, 1340, &format!("MRN {}", person.mrn));
    for (x, y) in [(1900, 150), (150, 2600)] {
        page.barcodes.push(Barcode {
            symbology: Symbology::Qr,
            text: payload.into(),
            place: Rect { x, y, w: 500, h: 500 },
            turn: 0,
            agreeing: 3,
            disputed: false,
            module: 6.0,
            gs1: false,
        });
    }
    page
}
