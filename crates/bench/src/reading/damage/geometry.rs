//! How does paper lie under the lens: askew, in perspective, the wrong way round?

use image::{GrayImage, Luma, Rgb, RgbImage};

use super::optics::{Clouds, blurred, grain};
use crate::dice::Dice;
use crate::reading::page::{Picture, Seen};

/// The value between pixels; `outside` beyond the edges.
fn sample(picture: &GrayImage, x: f32, y: f32, outside: f32) -> f32 {
    let (w, h) = picture.dimensions();
    let (left, top) = (x.floor(), y.floor());
    let (fx, fy) = (x - left, y - top);
    let (left, top) = (left as i32, top as i32);
    let at = |x: i32, y: i32| {
        if x < 0 || y < 0 || x >= w as i32 || y >= h as i32 {
            outside
        } else {
            f32::from(picture.as_raw()[y as usize * w as usize + x as usize])
        }
    };
    let above = at(left, top) * (1.0 - fx) + at(left + 1, top) * fx;
    let below = at(left, top + 1) * (1.0 - fx) + at(left + 1, top + 1) * fx;
    above * (1.0 - fy) + below * fy
}

fn warped(picture: &GrayImage, outside: f32, from: impl Fn(f32, f32) -> (f32, f32)) -> GrayImage {
    GrayImage::from_fn(picture.width(), picture.height(), |x, y| {
        let (x, y) = from(x as f32, y as f32);
        Luma([sample(picture, x, y, outside) as u8])
    })
}

/// Fed in at an angle, degrees; text lines fall to the right.
pub(super) fn skewed(seen: &mut Seen, degrees: f32) {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let picture = seen.grey();
    let (cx, cy) = (picture.width() as f32 / 2.0, picture.height() as f32 / 2.0);
    seen.picture = Picture::Grey(warped(&picture, 255.0, |x, y| {
        let (x, y) = (x - cx, y - cy);
        (cos * x + sin * y + cx, cos * y - sin * x + cy)
    }));
    seen.moved(|x, y| {
        let (x, y) = (x - cx, y - cy);
        (cos * x - sin * y + cx, cos * y + sin * x + cy)
    });
}

/// By a telephone held over it: perspective, uneven light, a desk around it, soft corners, grain.
pub(super) fn photographed(seen: &mut Seen, dice: &mut Dice) {
    let picture = seen.grey();
    let (w, h) = (picture.width() as f32, picture.height() as f32);
    let (lean, tilt) = (dice.within(-0.05, 0.05), dice.within(-0.07, 0.07));
    let (sin, cos) = dice.within(-1.5, 1.5_f32).to_radians().sin_cos();
    let size = dice.within(0.90, 0.97);
    // From the paper, −0.5 to 0.5, to the picture.
    let to = move |x: f32, y: f32| {
        let (u, v) = (x / w - 0.5, y / h - 0.5);
        let far = 1.0 + tilt * v + lean * u;
        let (u, v) = (size * u / far, size * v / far);
        ((cos * u - sin * v * h / w + 0.5) * w, (sin * u * w / h + cos * v + 0.5) * h)
    };
    // The same backwards.
    let from = move |x: f32, y: f32| {
        let (p, q) = ((x / w - 0.5) * w, (y / h - 0.5) * h);
        let (u, v) = ((cos * p + sin * q) / w / size, (cos * q - sin * p) / h / size);
        let far = 1.0 / (1.0 - tilt * v - lean * u);
        ((u * far + 0.5) * w, (v * far + 0.5) * h)
    };
    let desk = dice.within(50.0, 120.0);
    let flat = warped(&blurred(&picture, 0.6), -1.0, from);
    let clouds = Clouds::over(picture.dimensions(), 3, dice);
    let (across, down) = (dice.within(-0.22, 0.22), dice.within(-0.18, 0.18));
    let warm = [dice.within(0.96, 1.0), dice.within(0.93, 0.98), dice.within(0.82, 0.95)];
    let mut lit = RgbImage::new(picture.width(), picture.height());
    for (x, y, pixel) in lit.enumerate_pixels_mut() {
        let (px, py) = from(x as f32, y as f32);
        let paper = (0.0..w).contains(&px) && (0.0..h).contains(&py);
        let light =
            0.80 + across * (x as f32 / w - 0.5) + down * (y as f32 / h - 0.5) + 0.06 * clouds.at(x, y);
        let seen = if paper { 25.0 + f32::from(flat.get_pixel(x, y).0[0]) * 0.9 } else { desk };
        *pixel = Rgb(warm.map(|warm| (seen * light * warm).clamp(0.0, 255.0) as u8));
    }
    seen.picture = Picture::Colour(lit);
    seen.moved(to);
    grain(seen, dice.within(3.0, 7.0), dice);
}

/// Lies on the glass so many quarter turns clockwise from upright.
pub(in crate::reading) fn turned(seen: &mut Seen, turns: u8) {
    use image::imageops::{rotate90, rotate180, rotate270};
    if turns == 0 {
        return;
    }
    let (w, h) = seen.picture.size();
    let (w, h) = (w as f32, h as f32);
    seen.picture = match (&seen.picture, turns) {
        (Picture::Bilevel(picture), 1) => Picture::Bilevel(rotate90(picture)),
        (Picture::Bilevel(picture), 2) => Picture::Bilevel(rotate180(picture)),
        (Picture::Bilevel(picture), _) => Picture::Bilevel(rotate270(picture)),
        (Picture::Grey(picture), 1) => Picture::Grey(rotate90(picture)),
        (Picture::Grey(picture), 2) => Picture::Grey(rotate180(picture)),
        (Picture::Grey(picture), _) => Picture::Grey(rotate270(picture)),
        (Picture::Colour(picture), 1) => Picture::Colour(rotate90(picture)),
        (Picture::Colour(picture), 2) => Picture::Colour(rotate180(picture)),
        (Picture::Colour(picture), _) => Picture::Colour(rotate270(picture)),
    };
    seen.moved(|x, y| match turns {
        1 => (h - y, x),
        2 => (w - x, h - y),
        _ => (y, w - x),
    });
    if turns % 2 == 1 {
        seen.dpi = (seen.dpi.1, seen.dpi.0);
    }
}
