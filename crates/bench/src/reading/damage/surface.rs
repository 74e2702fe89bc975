//! What is on paper and glass besides print: dust, streaks, fading, shading, the other side?

use image::imageops::flip_horizontal;
use image::{GrayImage, Luma};

use super::optics::{Clouds, bilevel, blurred, grain, levels, soften};
use crate::dice::Dice;
use crate::reading::layouts::Kind;
use crate::reading::page::{Picture, Seen};
use crate::reading::texts::Texts;

/// Dust: blots of 1 to 5 pixels, so many a million of pixels; one in six is white.
pub(super) fn specks(seen: &mut Seen, per_million: f32, dice: &mut Dice) {
    let mut picture = seen.grey();
    let (w, h) = picture.dimensions();
    let count = (w as f32 * h as f32 * per_million / 1e6) as u32;
    for _ in 0..count {
        let (x, y) = (dice.below(w as usize) as u32, dice.below(h as usize) as u32);
        let colour = Luma([if dice.below(6) == 0 { 255 } else { 0 }]);
        let (wide, high) = *dice.pick(&[(1, 1), (1, 1), (2, 1), (1, 2), (2, 2), (2, 2), (3, 2), (4, 3)]);
        for (dx, dy) in (0..wide).flat_map(|dx| (0..high).map(move |dy| (dx, dy))) {
            if x + dx < w && y + dy < h && !(wide > 2 && dice.below(4) == 0) {
                picture.put_pixel(x + dx, y + dy, colour);
            }
        }
    }
    seen.picture = Picture::Grey(picture);
}

/// A strip of thermal paper after some summers: pale, paler in places, with missing rows of dots.
pub(super) fn thermal(seen: &mut Seen, dice: &mut Dice) {
    let mut picture = blurred(&seen.grey(), 0.8);
    let clouds = Clouds::over(picture.dimensions(), 5, dice);
    let (ink, paper) = (dice.within(125.0, 178.0), dice.within(214.0, 236.0));
    let fade = dice.within(14.0, 32.0);
    let mut dead: Vec<u32> =
        (0..dice.between(0, 3)).map(|_| dice.below(picture.width() as usize) as u32).collect();
    dead.sort_unstable();
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        let cloud = clouds.at(x, y);
        let (ink, paper) = (ink + fade * cloud, paper + 8.0 * cloud);
        let ink = if dead.contains(&x) { paper } else { ink };
        pixel.0[0] = (ink + (paper - ink) * f32::from(pixel.0[0]) / 255.0).clamp(0.0, 255.0) as u8;
    }
    seen.picture = Picture::Grey(picture);
    grain(seen, dice.within(3.0, 7.0), dice);
}

/// Areas printed grey, as a bilevel scanner dithers them: ordered, or by spreading the error.
pub(super) fn shaded(seen: &mut Seen, dice: &mut Dice) {
    const BAYER: [[u8; 4]; 4] = [[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]];
    soften(seen, dice);
    let picture = seen.grey();
    let shade = dice.within(0.68, 0.90);
    let mut shaded = picture.clone();
    for (left, top, w, h) in &seen.shaded {
        for y in *top as u32..((top + h) as u32).min(picture.height()) {
            for x in *left as u32..((left + w) as u32).min(picture.width()) {
                let pixel = shaded.get_pixel_mut(x, y);
                pixel.0[0] = (f32::from(pixel.0[0]) * shade) as u8;
            }
        }
    }
    seen.picture = match dice.below(3) {
        0 => Picture::Grey(shaded),
        1 => Picture::Bilevel(GrayImage::from_fn(shaded.width(), shaded.height(), |x, y| {
            let bound = 16.0 + 14.0 * f32::from(BAYER[y as usize % 4][x as usize % 4]);
            Luma([if f32::from(shaded.get_pixel(x, y).0[0]) < bound { 0 } else { 255 }])
        })),
        _ => Picture::Bilevel(spread(&shaded)),
    };
}

/// Floyd and Steinberg's dither; paper of 240 and more stays white.
fn spread(picture: &GrayImage) -> GrayImage {
    let (w, h) = (picture.width() as usize, picture.height() as usize);
    let mut out = picture.clone();
    let mut below = vec![0.0_f32; w + 2];
    for y in 0..h {
        let mut here = std::mem::replace(&mut below, vec![0.0; w + 2]);
        for x in 0..w {
            let value = f32::from(picture.as_raw()[y * w + x]);
            let value = if value >= 238.0 { 255.0 } else { value } + here[x + 1];
            let dot = if value < 128.0 { 0.0 } else { 255.0 };
            let error = (value - dot).clamp(-128.0, 128.0);
            here[x + 2] += error * 7.0 / 16.0;
            below[x] += error * 3.0 / 16.0;
            below[x + 1] += error * 5.0 / 16.0;
            below[x + 2] += error / 16.0;
            out.put_pixel(x as u32, y as u32, Luma([dot as u8]));
        }
    }
    out
}

/// Dirt on the glass of a document feeder: thin lines down the page, dark or light, and a band of lesser light.
pub(super) fn streaked(seen: &mut Seen, dice: &mut Dice) {
    soften(seen, dice);
    let mut picture = seen.grey();
    let (w, h) = picture.dimensions();
    for _ in 0..dice.between(2, 7) {
        let (x, wide) = (dice.below(w as usize - 4) as u32, dice.between(1, 3) as u32);
        let (from, until) = match dice.below(3) {
            0 => (dice.below(h as usize / 2) as u32, h),
            _ => (0, h),
        };
        let value = *dice.pick(&[20_u8, 60, 110, 150, 250]);
        for y in from..until {
            for x in x..x + wide {
                let pixel = picture.get_pixel_mut(x, y);
                pixel.0[0] = if value > 200 { value } else { pixel.0[0].min(value) };
            }
        }
    }
    let (left, wide, dim) = (dice.below(w as usize) as u32, w / 12, dice.within(0.80, 0.93));
    for y in 0..h {
        for x in left..(left + wide).min(w) {
            let pixel = picture.get_pixel_mut(x, y);
            pixel.0[0] = (f32::from(pixel.0[0]) * dim) as u8;
        }
    }
    seen.picture = Picture::Grey(picture);
    grain(seen, 2.0, dice);
    if dice.below(2) == 0 {
        seen.picture = Picture::Bilevel(bilevel(&seen.grey(), 145.0));
    }
}

/// Thin paper, printed on both sides.
pub(super) fn shown_through(seen: &mut Seen, texts: &Texts, dice: &mut Dice) -> anyhow::Result<()> {
    let back = Kind::Note.draw(texts, &mut dice.split());
    let back = Seen::scan(back, seen.dpi.0)?;
    let back = flip_horizontal(&blurred(&back.grey(), seen.points(0.5)));
    let mut front = levels(&blurred(&seen.grey(), 0.6), 25.0, 242.0);
    let strength = dice.within(0.18, 0.42);
    for (front, back) in front.pixels_mut().zip(back.pixels()) {
        let through = 1.0 - strength * (1.0 - f32::from(back.0[0]) / 255.0);
        front.0[0] = (f32::from(front.0[0]) * through) as u8;
    }
    seen.picture = Picture::Grey(front);
    grain(seen, 3.0, dice);
    Ok(())
}
