//! Backs of sheets on which nothing stands: paper as it ages, what shines through, and what feeding leaves.

use image::{GrayImage, Rgb, RgbImage, imageops};

use super::chance::Chance;
use super::pen::{Pen, blurred, curve};
use super::{Scan, Side, papers};
use crate::samples::damage::bilevel;

/// Dots an inch of all sides here.
pub(super) const DPI: f32 = 200.0;
const SIZE: (u32, u32) = (1700, 2200);

/// Fronts whose print shines through, mirrored and softened by the paper.
pub(super) fn fronts(seed: u64) -> anyhow::Result<Vec<GrayImage>> {
    let front = |number: usize| {
        let picture = papers::front(seed, number)?;
        let mirrored = imageops::flip_horizontal(&imageops::resize(
            &picture,
            SIZE.0,
            SIZE.1,
            imageops::FilterType::Triangle,
        ));
        Ok(blurred(&mirrored, if number.is_multiple_of(4) { 3 } else { 5 }))
    };
    (0..16).map(front).collect()
}

/// One blank back.
pub(super) fn back(seed: u64, number: usize, fronts: &[GrayImage]) -> Side {
    let chance = &mut Chance::of(seed ^ 0xB1A, number);
    const KINDS: [&str; 12] = [
        "white",
        "yellowed",
        "shaded",
        "shining through",
        "punched",
        "stapled",
        "feeder's shadow",
        "dust",
        "folded",
        "coloured paper",
        "one bit",
        "shining through strongly",
    ];
    let kind = KINDS[number % KINDS.len()];
    let mut page = sheet(chance);
    let often = |chance: &mut Chance, own: &str| kind == own || chance.one_in(6);
    if kind == "shaded" {
        shade(&mut page, chance);
    }
    if kind == "shining through strongly" {
        shine(&mut page, &fronts[chance.below(fronts.len())], chance.between(0.10, 0.16));
    } else if often(chance, "shining through") {
        shine(&mut page, &fronts[chance.below(fronts.len())], chance.between(0.03, 0.10));
    }
    if often(chance, "punched") {
        punch(&mut page, chance);
    }
    if often(chance, "stapled") {
        staple(&mut page, chance);
    }
    if often(chance, "feeder's shadow") {
        shadow(&mut page, chance, 0.3);
    }
    if often(chance, "dust") {
        dust(&mut page, chance);
    }
    if often(chance, "folded") {
        fold(&mut page, chance);
    }
    grain(&mut page, chance);
    Side { kind, scan: scanned(page, kind, chance) }
}

/// White to grey paper.
pub(super) fn sheet(chance: &mut Chance) -> GrayImage {
    let white = chance.pick(&[255, 252, 246, 240, 232, 222]);
    GrayImage::from_pixel(SIZE.0, SIZE.1, image::Luma([white]))
}

/// As the scanner's software keeps it.
pub(super) fn scanned(page: GrayImage, kind: &str, chance: &mut Chance) -> Scan {
    let quality = 60 + chance.below(31) as u8;
    match kind {
        "one bit" => return Scan::Bilevel(bilevel(&page), (200, 200)),
        "yellowed" => return Scan::Colour(tinted(&page, [250, 238, 200]), 200, quality),
        "coloured paper" => {
            let tints = [
                [250, 200, 205],
                [190, 215, 245],
                [200, 240, 200],
                [250, 245, 140],
                [235, 170, 90],
                [150, 200, 150],
            ];
            return Scan::Colour(tinted(&page, chance.pick(&tints)), 200, quality);
        }
        _ => {}
    }
    match chance.below(4) {
        0 => Scan::Bilevel(bilevel(&page), (200, 200)),
        1 => Scan::Colour(tinted(&page, [255, 252, 246]), 200, quality),
        _ => Scan::Jpeg(page, 200, quality),
    }
}

fn tinted(page: &GrayImage, tint: [u32; 3]) -> RgbImage {
    RgbImage::from_fn(page.width(), page.height(), |x, y| {
        let light = u32::from(page.get_pixel(x, y).0[0]);
        Rgb(tint.map(|channel| (light * channel / 255) as u8))
    })
}

pub(super) fn grain(page: &mut GrayImage, chance: &mut Chance) {
    let coarse = chance.between(0.5, 2.5);
    page.iter_mut()
        .for_each(|pixel| *pixel = (f32::from(*pixel) + chance.normal() * coarse).clamp(0.0, 255.0) as u8);
}

/// Light that falls off to one side and into a corner.
fn shade(page: &mut GrayImage, chance: &mut Chance) {
    let (across, down, fold) =
        (chance.between(-0.15, 0.15), chance.between(-0.15, 0.15), chance.between(0.0, 0.1));
    for (x, y, pixel) in page.enumerate_pixels_mut() {
        let (x, y) = (x as f32 / SIZE.0 as f32, y as f32 / SIZE.1 as f32);
        let light = 1.0
            - (across * (x - 0.5)).abs()
            - (down * y).abs()
            - fold * (1.0 - ((x - 0.5) * 9.0).abs()).max(0.0);
        pixel.0[0] = (f32::from(pixel.0[0]) * light) as u8;
    }
}

/// The print of the front, as dark as this share of the paper's light where it is black.
pub(super) fn shine(page: &mut GrayImage, front: &GrayImage, share: f32) {
    for (pixel, &front) in page.iter_mut().zip(front.iter()) {
        *pixel = (f32::from(*pixel) * (1.0 - share * (1.0 - f32::from(front) / 255.0))) as u8;
    }
}

fn punch(page: &mut GrayImage, chance: &mut Chance) {
    let (radius, edge) = (chance.between(0.11, 0.16) * DPI, chance.between(0.35, 0.55) * DPI);
    let places: &[f32] = chance.pick(&[&[0.2_f32, 0.5, 0.8][..], &[0.36, 0.64][..]]);
    let dark = chance.between(10.0, 140.0);
    let left = if chance.one_in(3) { SIZE.0 as f32 - edge } else { edge };
    for place in places {
        let pen = Pen { half: radius, ink: 1.0 - dark / 255.0 };
        let middle = (left + chance.between(-4.0, 4.0), SIZE.1 as f32 * place);
        curve(page, &[middle, (middle.0 + 1.0, middle.1)], pen);
    }
}

/// A staple, or its two holes, in a corner.
fn staple(page: &mut GrayImage, chance: &mut Chance) {
    let x = chance.between(0.15, 0.5) * DPI;
    let x = if chance.one_in(3) { SIZE.0 as f32 - x - 0.45 * DPI } else { x };
    let y = chance.between(0.15, 0.5) * DPI;
    let lean = chance.pick(&[0.0_f32, 0.0, 0.7, -0.7, 0.1]);
    let end = (x + 0.45 * DPI * lean.cos(), (y + 0.45 * DPI * lean.sin()).max(2.0));
    if chance.one_in(2) {
        curve(page, &[(x, y), end], Pen::new(0.022, chance.between(0.3, 0.9), DPI));
    } else {
        for (x, y) in [(x, y), end] {
            curve(page, &[(x, y), (x + 1.0, y)], Pen::new(0.03, 0.9, DPI));
        }
    }
}

/// Dark strips along borders, at most so deep (inches), a corner that was folded over.
pub(super) fn shadow(page: &mut GrayImage, chance: &mut Chance, deepest: f32) {
    let deep = (chance.between(0.01, deepest) * DPI) as u32;
    let dark = chance.between(0.3, 1.0);
    let (side, lean) = (chance.below(4), chance.between(-0.03, 0.03) * deepest);
    let corner = deepest > 0.1 && chance.one_in(5);
    for (x, y, pixel) in page.enumerate_pixels_mut() {
        let (from, along) = match side {
            0 => (x, y),
            1 => (SIZE.0 - 1 - x, y),
            2 => (y, x),
            _ => (SIZE.1 - 1 - y, x),
        };
        let band = (deep as f32 + along as f32 * lean).max(0.0);
        if (from as f32) < band || (corner && x + y < deep * 3) {
            pixel.0[0] = (f32::from(pixel.0[0]) * (1.0 - dark)) as u8;
        }
    }
}

pub(super) fn dust(page: &mut GrayImage, chance: &mut Chance) {
    for _ in 0..20 + chance.below(300) {
        let at = (chance.between(0.0, SIZE.0 as f32), chance.between(0.0, SIZE.1 as f32));
        let pen = Pen::new(chance.between(0.004, 0.016), chance.between(0.3, 1.0), DPI);
        curve(page, &[at, (at.0 + chance.between(0.0, 2.0), at.1)], pen);
    }
}

/// A crease across or down the whole sheet, darker than paper or lighter.
fn fold(page: &mut GrayImage, chance: &mut Chance) {
    let (w, h) = (SIZE.0 as f32, SIZE.1 as f32);
    let at = chance.pick(&[0.333_f32, 0.5, 0.667]);
    let lean = chance.between(-0.01, 0.01);
    let ends = if chance.one_in(4) {
        [(w * at, 0.0), (w * (at + lean), h)]
    } else {
        [(0.0, h * at), (w, h * (at + lean))]
    };
    curve(page, &ends, Pen::new(chance.between(0.004, 0.03), chance.between(0.05, 0.5), DPI));
}
