//! What do printers, scanners and fax lines do to a page?

use paper::prepare::plane::Plane;
use paper::raster::{Pixels, Raster};
use records::geometry::Rect;

use crate::canvas::fill;
use crate::dice::Dice;

/// One kind of damage a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Damage {
    /// What every scanner does: a little blur and grain.
    Clean,
    /// Fed in at up to 15°.
    Skewed,
    /// Modules of 2 to 2.6 pixels.
    Small,
    Blurred,
    Specks,
    /// 204 × 196 or 204 × 98 dots an inch, ink and paper only.
    Fax,
    /// Little darker than the paper.
    Faded,
    /// Lines of dropped or stuck dots along or across the page.
    Streaks,
    /// A photocopy of a photocopy.
    Copied,
}

impl Damage {
    pub(crate) const ALL: [Self; 9] = [
        Self::Clean,
        Self::Skewed,
        Self::Small,
        Self::Blurred,
        Self::Specks,
        Self::Fax,
        Self::Faded,
        Self::Streaks,
        Self::Copied,
    ];

    /// The page as the file has it.
    pub(crate) fn done(self, page: Plane, dice: &mut Dice) -> Raster {
        let mut page = page;
        match self {
            Self::Clean | Self::Skewed | Self::Small => page = blurred(page, 0.5),
            Self::Blurred => page = blurred(page, dice.between(1.4, 3.0)),
            Self::Specks => {
                page = blurred(page, 0.5);
                specks(&mut page, dice);
            }
            Self::Faded => {
                let (paper, ink) = (dice.between(230.0, 250.0), dice.between(185.0, 220.0));
                page = blurred(page, 0.7);
                page.pixels.iter_mut().for_each(|p| {
                    *p = (ink + (paper - ink) * f32::from(*p) / 255.0) as u8;
                });
            }
            Self::Streaks => {
                streaks(&mut page, dice);
                page = blurred(page, 0.5);
            }
            Self::Copied => {
                for _ in 0..2 {
                    page = blurred(page, dice.between(0.8, 1.6));
                    grain(&mut page, 24, dice);
                    threshold(&mut page, 95 + dice.below(85) as u8);
                }
                return raster(page, [300.0, 300.0]);
            }
            Self::Fax => return fax(page, dice),
        }
        grain(&mut page, 5, dice);
        raster(page, [300.0, 300.0])
    }
}

fn raster(page: Plane, dpi: [f32; 2]) -> Raster {
    Raster { width: page.width, height: page.height, pixels: Pixels::Grey(page.pixels), dpi: Some(dpi) }
}

/// Means of three neighbours, again and again: nearly a bell of this width, pixels.
fn blurred(page: Plane, sigma: f32) -> Plane {
    // Outer weights of w widen by 2 w squared pixels a round; beyond a third it would be no bell.
    let rounds = (sigma * sigma * 1.5).ceil().max(2.0);
    let weight = (sigma * sigma / (2.0 * rounds) * 65_536.0) as u32;
    let mix = |a: u8, b: u8, c: u8| {
        (((u32::from(a) + u32::from(c)) * weight + u32::from(b) * (65_536 - 2 * weight) + 32_768) >> 16) as u8
    };
    let mut page = page;
    let width = page.width as usize;
    let mut across = page.pixels.clone();
    for _ in 0..rounds as u32 {
        for (from, to) in page.pixels.chunks(width).zip(across.chunks_mut(width)) {
            for (to, near) in to[1..width - 1].iter_mut().zip(from.windows(3)) {
                *to = mix(near[0], near[1], near[2]);
            }
        }
        let last = across.len() - width;
        for at in width..last {
            page.pixels[at] = mix(across[at - width], across[at], across[at + width]);
        }
    }
    page
}

/// Each pixel lighter or darker by up to so much.
fn grain(page: &mut Plane, most: i32, dice: &mut Dice) {
    let mut chance = dice.next();
    for eight in page.pixels.chunks_mut(8) {
        chance = dice.next() ^ chance.rotate_left(7);
        for (pixel, byte) in eight.iter_mut().zip(chance.to_le_bytes()) {
            let off = i32::from(byte) * (2 * most + 1) / 256 - most;
            *pixel = (i32::from(*pixel) + off).clamp(0, 255) as u8;
        }
    }
}

fn threshold(page: &mut Plane, at: u8) {
    page.pixels.iter_mut().for_each(|p| *p = if *p < at { 0 } else { 255 });
}

/// Black and white dots of one to three pixels on up to five in a hundred places.
fn specks(page: &mut Plane, dice: &mut Dice) {
    let share = dice.between(0.005, 0.05);
    let count = (page.pixels.len() as f32 * share / 4.0) as u32;
    for _ in 0..count {
        let (x, y) = (dice.below(page.width), dice.below(page.height));
        let (w, h) = (1 + dice.below(3), 1 + dice.below(3));
        fill(page, Rect { x, y, w, h }, if dice.often(0.5) { 0 } else { 255 });
    }
}

/// Lines of one to three pixels from border to border, every half inch or so: dropped dots of a print head are
/// white, dust on the glass is black.
fn streaks(page: &mut Plane, dice: &mut Dice) {
    for along in [true, false] {
        if dice.often(0.3) && along {
            continue;
        }
        let side = if along { page.height } else { page.width };
        let mut at = dice.below(60);
        while at < side {
            let (thick, ink) = (1 + dice.below(3), if dice.often(0.7) { 255 } else { 0 });
            let place = if along {
                Rect { x: 0, y: at, w: page.width, h: thick }
            } else {
                Rect { x: at, y: 0, w: thick, h: page.height }
            };
            fill(page, place, ink);
            at += 40 + dice.below(220);
        }
    }
}

fn fax(page: Plane, dice: &mut Dice) -> Raster {
    let down = if dice.often(0.5) { 98.0 } else { 196.0 };
    let mut page = blurred(page, 0.6);
    grain(&mut page, 20, dice);
    let (width, height) =
        ((page.width as f32 * 204.0 / 300.0) as u32, (page.height as f32 * down / 300.0) as u32);
    let mut sent = Plane::white(width, height);
    for y in 0..height {
        let rows = (y * page.height / height)..((y + 1) * page.height / height);
        for x in 0..width {
            let columns = (x * page.width / width) as usize..((x + 1) * page.width / width) as usize;
            let count = rows.len() * columns.len();
            let sum: u32 =
                rows.clone().flat_map(|y| &page.row(y)[columns.clone()]).map(|&p| u32::from(p)).sum();
            sent.row_mut(y)[x as usize] = if sum / (count as u32) < 140 { 0 } else { 255 };
        }
    }
    raster(sent, [204.0, down])
}
