//! What is left of print after carbon paper, and after two photocopiers?

use image::{GrayImage, Luma, Rgb, RgbImage};

use super::geometry::skewed;
use super::optics::{Clouds, bilevel, blurred, grain, mapped};
use super::surface::specks;
use crate::dice::Dice;
use crate::reading::page::{Picture, Seen};

/// The blue or violet sheet of a set: soft, of uneven strength, on coloured paper, with smudges.
pub(super) fn carbon(seen: &mut Seen, dice: &mut Dice) {
    let soft = blurred(&seen.grey(), seen.points(dice.within(0.26, 0.42)));
    let clouds = Clouds::over(soft.dimensions(), 9, dice);
    let smudges = Clouds::over(soft.dimensions(), 30, dice);
    let paper = *dice.pick(&[[250.0, 240.0, 178.0], [249.0, 214.0, 218.0], [238.0, 240.0, 236.0]]);
    let ink = *dice.pick(&[[52.0, 62.0, 128.0], [84.0, 62.0, 120.0], [60.0, 60.0, 72.0]]);
    let strength = dice.within(0.48, 0.80);
    let mut copy = RgbImage::new(soft.width(), soft.height());
    for (x, y, pixel) in copy.enumerate_pixels_mut() {
        let pressed =
            (1.0 - f32::from(soft.get_pixel(x, y).0[0]) / 255.0) * (strength + 0.15 * clouds.at(x, y));
        let smudge = (smudges.at(x, y) - 0.45).max(0.0) * 0.10;
        let inked = (pressed + smudge).clamp(0.0, 1.0);
        *pixel = Rgb(std::array::from_fn(|at| (paper[at] + (ink[at] - paper[at]) * inked) as u8));
    }
    seen.picture = Picture::Colour(copy);
    grain(seen, dice.within(4.0, 9.0), dice);
}

/// A copy of a copy, or of that: ink spread, specks, dark borders, holes of a file, a little askew.
pub(super) fn photocopied(seen: &mut Seen, dice: &mut Dice) {
    skewed(seen, dice.within(-1.0, 1.0));
    for _ in 0..dice.between(2, 3) {
        let soft = blurred(&seen.grey(), seen.points(dice.within(0.20, 0.30)));
        seen.picture = Picture::Grey(soft);
        grain(seen, dice.within(8.0, 18.0), dice);
        // A steep curve around a threshold that makes ink fat, or thin.
        let middle = dice.within(110.0, 195.0);
        let curve: Vec<u8> =
            (0..256).map(|value| (255.0 / (1.0 + (-(value as f32 - middle) / 16.0).exp())) as u8).collect();
        seen.picture = Picture::Grey(mapped(&seen.grey(), &curve));
        specks(seen, dice.within(30.0, 180.0), dice);
    }
    let mut copy = seen.grey();
    borders(&mut copy, seen.dpi.0 as f32, dice);
    if dice.below(3) > 0 {
        holes(&mut copy, seen.dpi.0 as f32, dice);
    }
    seen.picture =
        if dice.below(3) == 0 { Picture::Grey(copy) } else { Picture::Bilevel(bilevel(&copy, 140.0)) };
}

/// Where the lid was open: one or two edges are black, to a ragged line.
fn borders(picture: &mut GrayImage, dpi: f32, dice: &mut Dice) {
    let (w, h) = picture.dimensions();
    let depth = dpi * dice.within(0.05, 0.35);
    let sides = [dice.below(2) == 0, dice.below(2) == 0];
    let mut ragged = 0.0;
    for along in 0..w.max(h) {
        ragged = (ragged + dice.within(-1.5, 1.5_f32)).clamp(-6.0, 6.0);
        let depth = (depth + ragged).max(0.0) as u32;
        if sides[0] && along < h {
            (0..depth.min(w)).for_each(|x| picture.put_pixel(x, along, Luma([8])));
        }
        if sides[1] && along < w {
            (0..(depth / 2).min(h)).for_each(|y| picture.put_pixel(along, y, Luma([8])));
        }
    }
}

/// Punched for a binder on the left, copied black.
fn holes(picture: &mut GrayImage, dpi: f32, dice: &mut Dice) {
    let (x, radius) = (dpi * dice.within(0.28, 0.38), dpi * 0.13);
    let height = picture.height() as f32;
    for y in [0.136, 0.5, 0.864].map(|at| at * height) {
        for (px, py, pixel) in picture.enumerate_pixels_mut() {
            let (dx, dy) = (px as f32 - x, py as f32 - y);
            if dx * dx + dy * dy < radius * radius {
                pixel.0[0] = 12;
            }
        }
    }
}
