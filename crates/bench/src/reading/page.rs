//! How does a page come to be? Drawn from dice, seen by a scanner, damaged, perhaps turned; its truth goes with it.

use anyhow::Context as _;
use image::{GrayImage, RgbImage};

use super::damage::Damage;
use super::damage::geometry::turned;
use super::layouts::Kind;
use super::sheet::{Sheet, TrueLine};
use super::texts::Texts;
use crate::dice::Dice;
use crate::samples::damage::grey;
use crate::samples::draw;

/// What a scanner hands over.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Picture {
    /// Ink is 0, paper 255, and nothing between.
    Bilevel(GrayImage),
    Grey(GrayImage),
    Colour(RgbImage),
}

impl Picture {
    pub(crate) fn size(&self) -> (u32, u32) {
        match self {
            Self::Bilevel(picture) | Self::Grey(picture) => picture.dimensions(),
            Self::Colour(picture) => picture.dimensions(),
        }
    }
}

/// A page as a picture, and what it says.
pub(crate) struct Page {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) damage: Damage,
    /// Quarter turns clockwise by which it lies wrongly.
    pub(crate) turns: u8,
    pub(crate) picture: Picture,
    /// Across and down; a fax is not square.
    pub(crate) dpi: (u32, u32),
    /// In reading order, corners in pixels of the picture.
    pub(crate) lines: Vec<TrueLine>,
}

/// One page in a thousand ways: what it is, how it was damaged, and the rest from the seed.
pub(crate) fn draw(kind: Kind, damage: Damage, turns: u8, seed: u64, texts: &Texts) -> anyhow::Result<Page> {
    let dice = &mut Dice::new(seed);
    let sheet = kind.draw(texts, &mut dice.split());
    let name = format!("{}-{}-{seed:016x}", damage.name(), kind.name());
    scanned(name, sheet, (kind, &[damage]), turns, texts, dice)
}

/// A sheet after all that happened to it, one after the other; the last says as what file it is written.
pub(crate) fn scanned(
    name: String,
    sheet: Sheet,
    (kind, damages): (Kind, &[Damage]),
    turns: u8,
    texts: &Texts,
    dice: &mut Dice,
) -> anyhow::Result<Page> {
    let damage = *damages.last().context("a page that nothing happened to is clean")?;
    let dpi = damage.dpi(dice);
    let mut seen = Seen::scan(sheet, dpi)?;
    // Into a fax it goes turned: its 204 dots are always across.
    let faxed = matches!(damage, Damage::Fax98 | Damage::Fax196);
    if faxed {
        turned(&mut seen, turns);
    }
    for damage in damages {
        damage.befall(&mut seen, texts, dice)?;
    }
    if !faxed {
        turned(&mut seen, turns);
    }
    let Seen { picture, dpi, lines, .. } = seen;
    Ok(Page { name, kind, damage, turns, picture, dpi, lines })
}

/// A picture of a sheet on its way from the glass to the file.
pub(super) struct Seen {
    pub(super) picture: Picture,
    pub(super) dpi: (u32, u32),
    pub(super) lines: Vec<TrueLine>,
    /// Left, top, width, height in pixels.
    pub(super) shaded: Vec<(f32, f32, f32, f32)>,
}

impl Seen {
    /// By a scanner with perfect optics.
    pub(super) fn scan(mut sheet: Sheet, dpi: u32) -> anyhow::Result<Self> {
        let (mut lines, shaded) = (std::mem::take(&mut sheet.lines), std::mem::take(&mut sheet.shaded));
        let scale = dpi as f32 / 72.0;
        for corner in lines.iter_mut().flatten().flat_map(|word| &mut word.corners) {
            *corner = (corner.0 * scale, corner.1 * scale);
        }
        let shaded = shaded.iter().map(|(x, y, w, h)| (x * scale, y * scale, w * scale, h * scale)).collect();
        let picture = draw::picture(sheet.pdf(), dpi as f32).context("a sheet cannot be drawn")?;
        Ok(Self { picture: Picture::Grey(grey(&picture)), dpi: (dpi, dpi), lines, shaded })
    }

    /// The picture without its colours.
    pub(super) fn grey(&self) -> GrayImage {
        match &self.picture {
            Picture::Bilevel(picture) | Picture::Grey(picture) => picture.clone(),
            Picture::Colour(picture) => grey(picture),
        }
    }

    /// Words go where the picture went.
    pub(super) fn moved(&mut self, to: impl Fn(f32, f32) -> (f32, f32)) {
        for corner in self.lines.iter_mut().flatten().flat_map(|word| &mut word.corners) {
            *corner = to(corner.0, corner.1);
        }
    }

    /// A length in pixels.
    pub(super) fn points(&self, points: f32) -> f32 {
        points * self.dpi.0 as f32 / 72.0
    }
}
