//! What do lens, lamp and sensor do?

use image::{GrayImage, Rgb};

use crate::dice::Dice;
use crate::reading::page::{Picture, Seen};

/// `sigma` in pixels.
pub(super) fn blurred(picture: &GrayImage, sigma: f32) -> GrayImage {
    image::imageops::blur(picture, sigma)
}

/// Black becomes `ink`, white becomes `paper`.
pub(super) fn levels(picture: &GrayImage, ink: f32, paper: f32) -> GrayImage {
    let table: Vec<u8> = (0..256).map(|value| (ink + (paper - ink) * value as f32 / 255.0) as u8).collect();
    mapped(picture, &table)
}

pub(super) fn mapped(picture: &GrayImage, table: &[u8]) -> GrayImage {
    let mut mapped = picture.clone();
    for pixel in mapped.pixels_mut() {
        pixel.0[0] = table[usize::from(pixel.0[0])];
    }
    mapped
}

/// Darker than the threshold is ink.
pub(super) fn bilevel(picture: &GrayImage, threshold: f32) -> GrayImage {
    let table: Vec<u8> = (0..256).map(|value| if (value as f32) < threshold { 0 } else { 255 }).collect();
    mapped(picture, &table)
}

/// A good lens on paper that is not quite white.
pub(super) fn soften(seen: &mut Seen, dice: &mut Dice) {
    let soft = blurred(&seen.grey(), dice.within(0.4, 0.8));
    seen.picture = Picture::Grey(levels(&soft, dice.within(10.0, 40.0), dice.within(238.0, 254.0)));
}

/// Noise of the sensor, `sigma` in grey values.
pub(super) fn grain(seen: &mut Seen, sigma: f32, dice: &mut Dice) {
    match &mut seen.picture {
        Picture::Bilevel(picture) | Picture::Grey(picture) => {
            for pixel in picture.pixels_mut() {
                pixel.0[0] = (f32::from(pixel.0[0]) + sigma * dice.bell()).clamp(0.0, 255.0) as u8;
            }
        }
        Picture::Colour(picture) => {
            for Rgb(channels) in picture.pixels_mut() {
                for channel in channels {
                    *channel = (f32::from(*channel) + sigma * dice.bell()).clamp(0.0, 255.0) as u8;
                }
            }
        }
    }
}

/// Soft clouds, −1 to 1: what is uneven on paper is uneven over centimetres. `cells` across the page.
pub(super) struct Clouds {
    values: Vec<f32>,
    cells: usize,
    step: (f32, f32),
}

impl Clouds {
    pub(super) fn over(size: (u32, u32), cells: usize, dice: &mut Dice) -> Self {
        let values = (0..(cells + 2) * (cells + 2)).map(|_| dice.within(-1.0, 1.0)).collect();
        Self { values, cells, step: (cells as f32 / size.0 as f32, cells as f32 / size.1 as f32) }
    }

    pub(super) fn at(&self, x: u32, y: u32) -> f32 {
        let (fx, fy) = (x as f32 * self.step.0, y as f32 * self.step.1);
        let (left, top) = (fx as usize, fy as usize);
        let (fx, fy) = (fx - left as f32, fy - top as f32);
        let ease = |t: f32| t * t * (3.0 - 2.0 * t);
        let (fx, fy) = (ease(fx), ease(fy));
        let value = |x: usize, y: usize| self.values[y * (self.cells + 2) + x];
        let above = value(left, top) * (1.0 - fx) + value(left + 1, top) * fx;
        let below = value(left, top + 1) * (1.0 - fx) + value(left + 1, top + 1) * fx;
        above * (1.0 - fy) + below * fy
    }
}
