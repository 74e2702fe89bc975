//! What do people put on paper in colour: stamps and marker pens?

use image::{Rgb, RgbImage};

use super::optics::{Clouds, grain, soften};
use crate::dice::Dice;
use crate::reading::page::{Picture, Seen};
use crate::samples::draw::Paper;

/// One or two rubber stamps over the text, red or blue, with gaps where the pad was dry.
pub(super) fn stamped(seen: &mut Seen, dice: &mut Dice) -> anyhow::Result<()> {
    const SAYS: [&str; 7] = ["RECEIVED", "COPY", "FILED", "SCANNED", "REVIEWED", "VOID", "CONFIDENTIAL"];
    let mut paper = Paper::new();
    let scale = 72.0 / seen.dpi.0 as f32;
    for _ in 0..dice.between(1, 2) {
        let says: &str = dice.pick::<&str>(&SAYS);
        // Over a line, not beside it.
        let below = seen.lines.len() / 4;
        let line = &seen.lines[below + dice.below(seen.lines.len() - below)];
        let (left, y) = line.first().map_or((0.0, 0.0), |word| word.corners[3]);
        let right = line.last().map_or(0.0, |word| word.corners[1].0);
        let x = dice.within(left, (left + right) / 2.0);
        paper.stamp(x * scale, (y * scale).min(700.0), says);
    }
    let stamp = paper.scan(seen.dpi.0 as f32)?;
    soften(seen, dice);
    let page = seen.grey();
    let dry = Clouds::over(page.dimensions(), 60, dice);
    let blue = dice.below(2) == 0;
    let strength = dice.within(0.75, 1.0);
    let mut stamped = RgbImage::new(page.width(), page.height());
    for (x, y, pixel) in stamped.enumerate_pixels_mut() {
        let Rgb([r, g, b]) = *stamp.get_pixel(x, y);
        let ink = if blue { [b, g, r] } else { [r, g, b] };
        let cover = strength * (0.85 + 0.4 * dry.at(x, y)).clamp(0.0, 1.0);
        let print = f32::from(page.get_pixel(x, y).0[0]);
        *pixel = Rgb(ink.map(|ink| (print * (1.0 - cover * (1.0 - f32::from(ink) / 255.0))) as u8));
    }
    seen.picture = Picture::Colour(stamped);
    grain(seen, 2.0, dice);
    Ok(())
}

/// A marker pen drawn over some lines: yellow, pink, green, orange or blue.
pub(super) fn highlighted(seen: &mut Seen, dice: &mut Dice) {
    const PENS: [[f32; 3]; 5] =
        [[1.0, 0.98, 0.35], [1.0, 0.55, 0.75], [0.55, 0.95, 0.45], [1.0, 0.68, 0.25], [0.45, 0.75, 0.98]];
    soften(seen, dice);
    let page = seen.grey();
    let mut marked =
        RgbImage::from_fn(page.width(), page.height(), |x, y| Rgb([page.get_pixel(x, y).0[0]; 3]));
    let pen = *dice.pick(&PENS);
    for _ in 0..dice.between(3, 9) {
        if seen.lines.is_empty() {
            break;
        }
        let line = dice.pick(&seen.lines);
        let (Some(first), Some(last)) = (line.first(), line.last()) else { continue };
        let share = dice.within(0.3, 1.0);
        let (left, top) = first.corners[0];
        let (right, bottom) = last.corners[2];
        let right = left + (right - left) * share;
        let slope = dice.within(-0.006, 0.006);
        for x in (left - 8.0).max(0.0) as u32..((right + 8.0) as u32).min(page.width()) {
            let slip = slope * (x as f32 - left);
            let (from, until) =
                ((top - 2.0 + slip).max(0.0) as u32, ((bottom + 3.0 + slip) as u32).min(page.height()));
            for y in from..until {
                let Rgb(channels) = marked.get_pixel_mut(x, y);
                for (channel, pen) in channels.iter_mut().zip(pen) {
                    *channel = (f32::from(*channel) * pen) as u8;
                }
            }
        }
    }
    seen.picture = Picture::Colour(marked);
    grain(seen, 2.0, dice);
}
