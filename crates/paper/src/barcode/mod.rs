//! Which symbols are on a page, and can what they say be believed?
//!
//! Only places that look like bars or modules are read, and those that gave nothing are looked at harder, in
//! different pictures of them. A value counts once for each picture that gives it (`domain.md` 2.6: evidence
//! needs two).

pub mod decoder;
pub mod field;
pub mod module;
pub mod patch;
pub mod places;
pub mod prepared;
pub mod streaks;
pub mod strip;
pub mod suspects;

use records::geometry::Rect;
use records::reading::{Barcode, Symbology, Word};

use self::decoder::{Bars, Decode, Effort};
use self::places::{Looks, Place};
use self::prepared::Pains;
use self::strip::Strip;
use crate::prepare::components::Components;
use crate::prepare::ink::Ink;
use crate::prepare::plane::Plane;
use crate::prepare::sheet::Sheet;

/// Parts that are looked at hard, at most: bounds the time on a page full of symbols.
const HARD_PARTS: usize = 4;
/// Parts that are read with all there is once they gave nothing.
const DEAR: usize = 3;
/// Pixels of a field of modules beyond which it is not looked at in other sizes: 1.3 inches at 300 dpi either way.
const FIELD: u32 = 160_000;
/// Difference of paper and ink from which the page's own threshold serves.
const FAINT: u8 = 100;

/// The symbols of a page, in pixels of the sheet or, once mapped, of the frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Symbols {
    pub found: Vec<Barcode>,
    /// Places that look like a symbol and gave no value.
    pub unread: Vec<Rect>,
    /// Symbols that are never a record's number.
    foreign: Vec<Rect>,
}

impl Symbols {
    pub const fn is_empty(&self) -> bool {
        self.found.is_empty() && self.unread.is_empty() && self.foreign.is_empty()
    }

    /// Whether a point lies in a decoded symbol: what is read there is no text.
    pub fn hold(&self, (x, y): (u32, u32)) -> bool {
        self.found.iter().map(|code| &code.place).chain(&self.foreign).any(|place| place.holds(x, y))
    }

    /// Whether a point lies in a place that only looks like a symbol.
    pub fn may_hold(&self, (x, y): (u32, u32)) -> bool {
        self.unread.iter().any(|place| place.holds(x, y))
    }

    /// Without symbols of kinds that do not count in this house; they stay no text.
    #[must_use]
    pub fn only(mut self, kinds: &[Symbology]) -> Self {
        self.found.retain(|code| kinds.contains(&code.symbology) || code.symbology.is_on_control_sheets());
        self
    }

    /// Without places that turn out to be print: a good part of them are words the engine is sure of.
    #[must_use]
    pub fn without_print(mut self, words: &[Word]) -> Self {
        let sure = || words.iter().filter(|word| word.confidence >= 70.0 && word.text.chars().count() >= 3);
        self.unread.retain(|place| {
            let print: u64 = sure().map(|word| word.place.overlap(*place)).sum();
            print * 5 < place.area()
        });
        self
    }

    /// In another frame: `place` maps boxes, `by` is its enlargement.
    #[must_use]
    pub fn mapped(self, place: impl Fn(Rect) -> Rect, by: f32) -> Self {
        let found = self.found.into_iter();
        Self {
            found: found
                .map(|code| Barcode { place: place(code.place), module: code.module * by, ..code })
                .collect(),
            unread: self.unread.into_iter().map(&place).collect(),
            foreign: self.foreign.into_iter().map(&place).collect(),
        }
    }
}

/// All symbols of a sheet.
pub fn find(sheet: &Sheet) -> Symbols {
    let mut symbols = Symbols::default();
    let faded = ink_of(sheet);
    let ink = faded.as_ref().unwrap_or(&sheet.ink);
    for place in unread(&mut symbols, &sheet.plane, ink).into_iter().take(DEAR) {
        if !symbols.cover(place.place) {
            symbols.take(ink, dear(&sheet.plane, &place));
        }
    }
    let mut hard = 0;
    let mut suspects = suspects::suspects(&sheet.pieces, &sheet.ink);
    suspects.extend(field::fields(&sheet.ink));
    for place in suspects {
        if symbols.touch(place) || symbols.unread.iter().any(|own| own.overlap(place) > 0) {
            continue;
        }
        hard += 1;
        let found = match hard {
            1..=HARD_PARTS => prepared::decodes(&sheet.plane, place, 0.0, Effort::Part, Pains::All),
            _ => Vec::new(),
        };
        if found.is_empty() {
            symbols.unread.push(place);
        }
        symbols.take(ink, found);
    }
    let pieces = faded.as_ref().map(|ink| Components::of(ink).list);
    let pieces = pieces.as_ref().unwrap_or(&sheet.pieces);
    let patches = patch::find(pieces).into_iter().filter(|patch| !symbols.touch(patch.place));
    let patches: Vec<patch::Patch> = patches.collect();
    symbols.found.extend(patches.into_iter().map(|patch| Barcode {
        symbology: Symbology::Patch,
        text: patch.name.into(),
        place: patch.place,
        turn: if patch.upright { 90 } else { 0 },
        agreeing: 1,
        disputed: false,
        module: patch.narrow,
        gs1: false,
    }));
    symbols
}

/// Ink of a page that is so faint that the usual ink leaves much of it out.
fn ink_of(sheet: &Sheet) -> Option<Ink> {
    (sheet.contrast < FAINT).then(|| Ink::darker_than(&sheet.plane, 255 - sheet.contrast / 2))
}

/// Reads what can be read cheaply; what looks like a symbol and gave nothing is left, bars first.
fn unread(symbols: &mut Symbols, page: &Plane, ink: &Ink) -> Vec<Place> {
    let mut left: Vec<Place> = Vec::new();
    let (mut fields, mut barred): (Vec<Rect>, Vec<Rect>) = (Vec::new(), Vec::new());
    for place in places::places(page) {
        if place.looks == Looks::Modules {
            fields.push(place.place);
        } else if let Some(strip) = Strip::of(page, &place, 1).filter(Strip::is_barred) {
            let found = plain(page, &place, &strip);
            if found.is_empty() {
                left.push(place);
                barred.push(place.place);
            }
            symbols.take(ink, found);
        } else if place.dark {
            barred.push(place.place);
        }
    }
    fields.extend(&barred);
    for place in places::joined(fields) {
        if symbols.cover(place) {
            continue;
        }
        // What has bars but is not linear may be stacked.
        let bars = left.iter().find(|bars| bars.place == place);
        let lean = bars.and_then(|bars| Strip::of(page, bars, 1)).map_or(0.0, |strip| strip.lean());
        let has_bars = barred.iter().any(|bars| bars.overlap(place) > 0);
        let effort = if has_bars { Effort::Page } else { Effort::Field };
        let found = prepared::decodes(page, place, lean, effort, Pains::Few);
        if found.is_empty() {
            left.push(Place { looks: Looks::Modules, place, dark: true });
        }
        symbols.take(ink, found);
    }
    left
}

/// What bars say, by lines of different pictures of them.
fn plain(page: &Plane, place: &Place, strip: &Strip) -> Vec<Decode> {
    let mut found = at_shares(strip, [0.35, 0.15]);
    if !prepared::is_settled(&found)
        && let Some(thick) = Strip::of(page, place, 3)
    {
        found.extend(at_shares(&thick, [0.35, 0.15]));
    }
    found
}

/// What lines say where an edge is a change by either share of their contrast.
fn at_shares(strip: &Strip, shares: [f32; 2]) -> Vec<Decode> {
    shares.into_iter().flat_map(|share| strip.decodes(share, Bars::Ours)).collect()
}

/// What a place says once blur is undone, or without the lines that run across the page.
fn dear(page: &Plane, place: &Place) -> Vec<Decode> {
    let bars = place.looks != Looks::Modules;
    if bars {
        let mut found = Vec::new();
        for (thick, sigma) in [(1, 3.0), (3, 2.0)] {
            if let Some(strip) = Strip::of(page, place, thick) {
                found.extend(at_shares(&strip.sharpened(sigma), [0.35, 0.25]));
            }
        }
        if !found.is_empty() {
            return found;
        }
    }
    if !bars && place.place.w * place.place.h <= FIELD {
        let found = prepared::decodes(page, place.place, 0.0, Effort::Field, Pains::Sizes);
        if !found.is_empty() {
            return found;
        }
    }
    let Some(fixed) = streaks::repaired(page, place.place) else { return Vec::new() };
    let whole = Rect { x: 0, y: 0, w: fixed.width, h: fixed.height };
    let moved = Place { place: whole, ..*place };
    let found = if bars {
        Strip::of(&fixed, &moved, 1).map(|strip| plain(&fixed, &moved, &strip)).unwrap_or_default()
    } else {
        prepared::decodes(&fixed, whole, 0.0, Effort::Page, Pains::Few)
    };
    found.into_iter().map(|seen| seen.shifted(place.place.x, place.place.y)).collect()
}

impl Symbols {
    /// Whether most of a place is known already.
    fn cover(&self, place: Rect) -> bool {
        let known: u64 = self.found.iter().map(|code| code.place.overlap(place)).sum();
        known * 2 > place.area()
    }

    /// Takes what different pictures of a place gave, symbol by symbol.
    fn take(&mut self, ink: &Ink, found: Vec<Decode>) {
        let mut found = found;
        while !found.is_empty() {
            let first = found.remove(0);
            let (same, others): (Vec<Decode>, Vec<Decode>) =
                found.into_iter().partition(|other| first.is_at(other) || first.agrees(other));
            self.add(ink, first, &same);
            found = others;
        }
    }

    fn touch(&self, place: Rect) -> bool {
        self.found
            .iter()
            .map(|code| code.place)
            .chain(self.foreign.iter().copied())
            .any(|own| own.overlap(place) > 0)
    }

    /// Adds a symbol with what other pictures of it said.
    fn add(&mut self, ink: &Ink, seen: Decode, others: &[Decode]) {
        let same = |other: &&Decode| other.text == seen.text && other.symbology == seen.symbology;
        let (agreeing, disputing): (Vec<&Decode>, Vec<&Decode>) =
            others.iter().partition(|other| same(other));
        let Some(symbology) = seen.symbology else {
            self.foreign.push(seen.place);
            return;
        };
        let agreeing = 1 + agreeing.len();
        // Without a check of its own a value that only one picture gives is none.
        if agreeing < 2 && matches!(symbology, Symbology::Codabar | Symbology::Itf) {
            self.unread.push(seen.place);
            return;
        }
        self.found.push(Barcode {
            symbology,
            text: seen.text,
            place: seen.place,
            turn: seen.turn,
            agreeing: agreeing.min(255) as u8,
            disputed: !disputing.is_empty(),
            module: module::pixels(ink, seen.corners),
            gs1: seen.gs1,
        });
    }
}
