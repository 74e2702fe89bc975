//! What do scanners, faxes, phones and hands do to a picture?

use image::{GrayImage, Luma, Rgb, RgbImage};

/// A small generator of our own: the same numbers on every machine, for ever.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// 0 to `below` − 1.
    pub(crate) fn below(&mut self, below: u64) -> u64 {
        self.next() % below
    }
}

pub(crate) fn grey(picture: &RgbImage) -> GrayImage {
    image::imageops::grayscale(picture)
}

/// The value at a place between pixels; white outside.
fn sample(picture: &GrayImage, x: f32, y: f32) -> f32 {
    let (w, h) = picture.dimensions();
    let at = |x: i64, y: i64| -> f32 {
        if x < 0 || y < 0 || x >= i64::from(w) || y >= i64::from(h) {
            255.0
        } else {
            f32::from(picture.get_pixel(x as u32, y as u32).0[0])
        }
    };
    let (left, top) = (x.floor(), y.floor());
    let (fx, fy) = (x - left, y - top);
    let (left, top) = (left as i64, top as i64);
    let above = at(left, top) * (1.0 - fx) + at(left + 1, top) * fx;
    let below = at(left, top + 1) * (1.0 - fx) + at(left + 1, top + 1) * fx;
    above * (1.0 - fy) + below * fy
}

/// Every pixel from another place of the picture.
fn warped(picture: &GrayImage, from: impl Fn(f32, f32) -> (f32, f32)) -> GrayImage {
    GrayImage::from_fn(picture.width(), picture.height(), |x, y| {
        let (x, y) = from(x as f32, y as f32);
        Luma([sample(picture, x, y).round() as u8])
    })
}

/// Fed in at an angle, degrees; text lines fall to the right.
pub(crate) fn skewed(picture: &GrayImage, degrees: f32) -> GrayImage {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (cx, cy) = (picture.width() as f32 / 2.0, picture.height() as f32 / 2.0);
    warped(picture, |x, y| {
        let (x, y) = (x - cx, y - cy);
        (cos * x + sin * y + cx, cos * y - sin * x + cy)
    })
}

/// Photographed with a phone: perspective, uneven light, grain.
pub(crate) fn photographed(picture: &GrayImage, seed: u64) -> GrayImage {
    let (w, h) = (picture.width() as f32, picture.height() as f32);
    let bent = warped(picture, |x, y| {
        let tilt = 1.0 + 0.05 * (y / h);
        ((x - w / 2.0) * tilt + w / 2.0 + 0.01 * (y - h / 2.0), y * 1.01)
    });
    let mut dice = Dice::new(seed);
    let mut lit = bent;
    for (x, y, pixel) in lit.enumerate_pixels_mut() {
        let light = 0.94 - 0.22 * (x as f32 / w) - 0.10 * (y as f32 / h);
        let grain = dice.below(13) as f32 - 6.0;
        pixel.0[0] = (f32::from(pixel.0[0]) * light + grain).clamp(0.0, 255.0) as u8;
    }
    lit
}

/// Specks of dust, `per_million` of the pixels, as black or white.
pub(crate) fn dusty(picture: &GrayImage, per_million: u64, seed: u64) -> GrayImage {
    let mut dice = Dice::new(seed);
    let mut dusty = picture.clone();
    let pixels = u64::from(picture.width()) * u64::from(picture.height());
    for _ in 0..pixels * per_million / 1_000_000 {
        let x = dice.below(u64::from(picture.width())) as u32;
        let y = dice.below(u64::from(picture.height())) as u32;
        dusty.put_pixel(x, y, Luma([if dice.below(5) == 0 { 255 } else { 0 }]));
    }
    dusty
}

/// A corner torn off: white from a ragged edge on. `share` of the width, measured along the top.
pub(crate) fn torn(picture: &GrayImage, share: f32, seed: u64) -> GrayImage {
    let mut dice = Dice::new(seed);
    let mut torn = picture.clone();
    let (w, h) = (picture.width() as f32, picture.height() as f32);
    let mut ragged = 0.0_f32;
    for y in 0..picture.height() {
        ragged = (ragged + dice.below(7) as f32 - 3.0).clamp(-20.0, 20.0);
        let edge = w * (1.0 - share) + w * share * (y as f32 / (h * 0.9)) + ragged;
        for x in (edge.max(0.0) as u32)..picture.width() {
            torn.put_pixel(x, y, Luma([255]));
        }
    }
    torn
}

/// Dark pixels are ink.
pub(crate) fn bilevel(picture: &GrayImage) -> GrayImage {
    let mut bilevel = picture.clone();
    for pixel in bilevel.pixels_mut() {
        pixel.0[0] = if pixel.0[0] < 150 { 0 } else { 255 };
    }
    bilevel
}

/// Coloured paper and a little unevenness, as a flatbed in a clinic sees it.
pub(crate) fn on_coloured_paper(picture: &RgbImage, seed: u64) -> RgbImage {
    let mut dice = Dice::new(seed);
    let mut coloured = picture.clone();
    for pixel in coloured.pixels_mut() {
        let grain = dice.below(9) as i32 - 4;
        let tint = [250, 245, 225];
        let mixed = |channel: usize| -> u8 {
            (i32::from(pixel.0[channel]) * tint[channel] / 255 + grain).clamp(0, 255) as u8
        };
        *pixel = Rgb([mixed(0), mixed(1), mixed(2)]);
    }
    coloured
}
