//! What does a hand, a stamp or a machine without letters leave on a picture?

use image::GrayImage;

use super::chance::Chance;

/// A pen: half its width in pixels, and the part of the light its ink takes (0 none, 1 all).
#[derive(Clone, Copy)]
pub(super) struct Pen {
    pub(super) half: f32,
    pub(super) ink: f32,
}

impl Pen {
    /// So wide in inches.
    pub(super) fn new(inches: f32, ink: f32, dpi: f32) -> Self {
        Self { half: inches * dpi / 2.0, ink }
    }
}

/// A curve through these points (Catmull–Rom) with round ends, soft by a pixel as a scanner's lens draws it.
pub(super) fn curve(page: &mut GrayImage, points: &[(f32, f32)], pen: Pen) {
    let at = |i: isize| points[i.clamp(0, points.len() as isize - 1) as usize];
    let mut path = vec![points[0]];
    for i in 0..points.len() as isize - 1 {
        let [a, b, c, d] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
        let bend = |t: f32, a: f32, b: f32, c: f32, d: f32| {
            0.5 * (2.0 * b
                + (c - a) * t
                + (2.0 * a - 5.0 * b + 4.0 * c - d) * t * t
                + (3.0 * b - a - 3.0 * c + d) * t * t * t)
        };
        path.extend(
            (1..=8)
                .map(|step| step as f32 / 8.0)
                .map(|t| (bend(t, a.0, b.0, c.0, d.0), bend(t, a.1, b.1, c.1, d.1))),
        );
    }
    let reach = pen.half + 1.0;
    let least = |of: fn(&(f32, f32)) -> f32| path.iter().map(of).fold(f32::INFINITY, f32::min) - reach;
    let most = |of: fn(&(f32, f32)) -> f32| path.iter().map(of).fold(0.0, f32::max) + reach + 1.0;
    let inside = |at: f32, size: u32| (at.max(0.0) as u32).min(size);
    let (left, right) = (inside(least(|p| p.0), page.width()), inside(most(|p| p.0), page.width()));
    let (top, bottom) = (inside(least(|p| p.1), page.height()), inside(most(|p| p.1), page.height()));
    // Where short strokes of one curve meet nothing darkens twice.
    let width = (right - left) as usize;
    let mut cover = vec![0.0_f32; width * (bottom - top) as usize];
    for (from, to) in path.iter().zip(&path[1..]) {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = (dx * dx + dy * dy).max(1e-6);
        for y in
            inside(from.1.min(to.1) - reach, bottom).max(top)..inside(from.1.max(to.1) + reach + 1.0, bottom)
        {
            for x in inside(from.0.min(to.0) - reach, right).max(left)
                ..inside(from.0.max(to.0) + reach + 1.0, right)
            {
                let (px, py) = (x as f32 - from.0, y as f32 - from.1);
                let along = ((px * dx + py * dy) / length).clamp(0.0, 1.0);
                let away = ((px - along * dx).powi(2) + (py - along * dy).powi(2)).sqrt();
                let own = &mut cover[(y - top) as usize * width + (x - left) as usize];
                *own = own.max((pen.half + 0.5 - away).clamp(0.0, 1.0));
            }
        }
    }
    for y in top..bottom {
        for x in left..right {
            let cover = cover[(y - top) as usize * width + (x - left) as usize];
            let pixel = &mut page.get_pixel_mut(x, y).0[0];
            *pixel = (f32::from(*pixel) * (1.0 - pen.ink * cover)) as u8;
        }
    }
}

/// A few written letters from (x, y), `height` pixels high: each a curve of a few turns.
pub(super) fn scribble(
    page: &mut GrayImage,
    (x, y): (f32, f32),
    height: f32,
    letters: usize,
    pen: Pen,
    chance: &mut Chance,
) {
    let mut left = x;
    for _ in 0..letters {
        let width = height * chance.between(0.5, 0.9);
        let mut points: Vec<(f32, f32)> = (0..3 + chance.below(4))
            .map(|_| (left + chance.between(0.0, width), y + chance.between(0.0, height)))
            .collect();
        // A letter goes from about the top to about the line; points by chance alone may all lie together, a blot.
        (points[0].1, points[1].1) =
            (y + height * chance.between(0.0, 0.3), y + height * chance.between(0.7, 1.0));
        curve(page, &points, pen);
        left += width * chance.between(0.8, 1.3);
    }
}

/// Blurred by a box of so many pixels, three times: nearly a bell curve.
pub(super) fn blurred(page: &GrayImage, box_of: usize) -> GrayImage {
    let (width, height) = (page.width() as usize, page.height() as usize);
    let mut pixels: Vec<u8> = page.as_raw().clone();
    for _ in 0..3 {
        for across in [true, false] {
            let (lines, length, step, next) =
                if across { (height, width, 1, width) } else { (width, height, width, 1) };
            let before = pixels.clone();
            for line in 0..lines {
                let at = |i: isize| {
                    u32::from(before[line * next + i.clamp(0, length as isize - 1) as usize * step])
                };
                let half = (box_of / 2) as isize;
                let mut sum: u32 = (-half..=half).map(at).sum();
                for i in 0..length as isize {
                    pixels[line * next + i as usize * step] = (sum / (2 * half as u32 + 1)) as u8;
                    sum = sum + at(i + half + 1) - at(i - half);
                }
            }
        }
    }
    GrayImage::from_raw(page.width(), page.height(), pixels).expect("as many pixels as before")
}
