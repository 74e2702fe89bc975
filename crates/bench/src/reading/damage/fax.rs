//! What does a fax line do? One bit, 204 dots across and 98 or 196 down (ITU-T T.4), and errors of the line.

use image::imageops::{FilterType, resize};

use super::optics::{bilevel, grain};
use crate::dice::Dice;
use crate::reading::page::{Picture, Seen};

pub(super) fn sent(seen: &mut Seen, down: u32, dice: &mut Dice) {
    let sharp = seen.grey();
    let height = sharp.height() * down / 204;
    // A fax scanner sees a spot as wide as its line is high.
    let squeezed = resize(&sharp, sharp.width(), height, FilterType::Triangle);
    let squeezed = super::blurred(&squeezed, dice.within(0.35, 0.6));
    let by = height as f32 / sharp.height() as f32;
    seen.moved(|x, y| (x, y * by));
    seen.dpi = (204, down);
    seen.picture = Picture::Grey(squeezed);
    grain(seen, dice.within(8.0, 22.0), dice);
    let mut sent = bilevel(&seen.grey(), dice.within(135.0, 175.0));
    let width = sent.width();
    // Lines that came damaged: a part of them is white or repeats the line above.
    for _ in 0..dice.between(0, 10) {
        let y = dice.between(1, i64::from(height) - 1) as u32;
        let (from, until) = (dice.below(width as usize) as u32, width);
        for x in from..until {
            let above = *sent.get_pixel(x, y - 1);
            sent.put_pixel(x, y, above);
        }
    }
    // Specks of the rollers.
    for _ in 0..dice.between(20, 250) {
        let x = dice.below(width as usize) as u32;
        let y = dice.below(height as usize) as u32;
        sent.put_pixel(x, y, image::Luma([0]));
    }
    seen.picture = Picture::Bilevel(sent);
}
