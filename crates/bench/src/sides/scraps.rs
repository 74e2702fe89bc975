//! Pages on which hardly anything stands, and every one of them is a record.

use image::{GrayImage, imageops};

use super::backs::{DPI, dust, grain, scanned, shadow, sheet, shine};
use super::chance::Chance;
use super::pen::{Pen, curve, scribble};
use super::{Scan, Side, papers, words};
use crate::samples::damage::{bilevel, grey};
use crate::samples::draw::{Font, HEIGHT, Paper, WIDTH};

/// One page with a little writing.
pub(super) fn scrap(seed: u64, number: usize) -> anyhow::Result<Side> {
    let chance = &mut Chance::of(seed ^ 0x5C4A, number);
    let mut paper = Paper::new();
    let place = (chance.between(40.0, 480.0), chance.between(40.0, 720.0));
    let lone = chance.pick(&words::LONE);
    let mut pens: Vec<Mark> = Vec::new();
    let dark = Pen::new(chance.between(0.012, 0.025), chance.between(0.5, 0.95), DPI);
    let faint = Pen::new(chance.between(0.012, 0.022), chance.between(0.12, 0.3), DPI);
    let kind = match number % 15 {
        0 => {
            paper.text(place.0, place.1, chance.between(8.0, 14.0), Font::Plain, lone);
            "a lone word"
        }
        1 => {
            pens.push(Mark::Letters { high: chance.between(0.12, 0.35), count: 2, pen: dark });
            "initials"
        }
        2 => {
            paper.stamp(place.0.min(400.0), place.1.max(80.0), "DNR");
            "a stamp"
        }
        3 => {
            pens.push(Mark::Signature(dark));
            "a signature"
        }
        4 => {
            let digit = chance.below(10).to_string();
            paper.text(place.0, place.1, chance.between(8.0, 14.0), Font::Plain, &digit);
            "a digit"
        }
        5 => {
            let (x, y) = (chance.pick(&[12.0, WIDTH - 70.0]), chance.pick(&[16.0, HEIGHT - 12.0]));
            paper.text(x, y, chance.between(8.0, 10.0), Font::Plain, &words::date(chance));
            "a date in a corner"
        }
        6 => {
            paper.frame(place.0, place.1, 9.0, 9.0, 0.7);
            pens.push(Mark::Tick(place, dark));
            "a ticked box"
        }
        7 => {
            pens.push(Mark::Letters {
                high: chance.between(0.12, 0.3),
                count: 2 + chance.below(10),
                pen: faint,
            });
            "faint pencil"
        }
        8 => {
            let text = format!("Form {} Rev. {}", 1000 + chance.below(9000), words::date(chance));
            paper.text(
                chance.pick(&[30.0, 240.0, 430.0]),
                HEIGHT - chance.between(12.0, 30.0),
                6.0,
                Font::Plain,
                &text,
            );
            "small print at the foot"
        }
        9 => {
            let text = format!("{}", 10_000_000 + chance.below(80_000_000));
            paper.code128(
                place.0.min(380.0),
                place.1,
                chance.between(0.75, 1.4),
                chance.between(14.0, 40.0),
                &text,
            )?;
            "a lone barcode"
        }
        10 => {
            pens.push(Mark::AtTheEdge { right: chance.one_in(2), pen: dark });
            "writing at the edge"
        }
        11 => {
            let (x, y) = (chance.pick(&[306.0, 590.0, 20.0]), chance.pick(&[18.0, HEIGHT - 14.0]));
            paper.text(x, y, chance.between(8.0, 11.0), Font::Plain, &(1 + chance.below(40)).to_string());
            "a page number"
        }
        12 => {
            pens.push(Mark::Letters { high: chance.between(0.09, 0.2), count: 1, pen: dark });
            "one written letter"
        }
        13 => {
            pens.push(Mark::Tick(place, dark));
            "a tick"
        }
        _ => {
            pens.push(Mark::Signature(faint));
            "a faint signature"
        }
    };
    let mut page = sheet(chance);
    let stamped = kind == "a stamp";
    let print = grey(&paper.scan(DPI)?);
    let ink = chance.between(0.7, 1.0);
    for (pixel, &print) in page.iter_mut().zip(print.iter()) {
        *pixel = (f32::from(*pixel) * (1.0 - ink * (1.0 - f32::from(print) / 255.0))) as u8;
    }
    pens.into_iter().for_each(|mark| mark.leave(&mut page, chance));
    if chance.one_in(5) {
        let front = imageops::flip_horizontal(&papers::front(seed, 0)?);
        shine(&mut page, &super::pen::blurred(&front, 5), chance.between(0.03, 0.1));
    }
    if chance.one_in(5) {
        dust(&mut page, chance);
    }
    if chance.one_in(5) {
        // Not so deep that it hides what is written.
        shadow(&mut page, chance, 0.08);
    }
    grain(&mut page, chance);
    let faint = kind.contains("faint");
    let scan = match chance.below(5) {
        0 if !faint && !stamped => Scan::Bilevel(bilevel(&page), (200, 200)),
        1 => scanned(page, "yellowed", chance),
        2 => scanned(page, "coloured paper", chance),
        _ => Scan::Jpeg(page, 200, 60 + chance.below(31) as u8),
    };
    Ok(Side { kind, scan })
}

/// What a hand leaves.
enum Mark {
    Letters {
        high: f32,
        count: usize,
        pen: Pen,
    },
    Signature(Pen),
    /// From a place in points.
    Tick((f32, f32), Pen),
    AtTheEdge {
        right: bool,
        pen: Pen,
    },
}

impl Mark {
    fn leave(self, page: &mut GrayImage, chance: &mut Chance) {
        let place = (chance.between(0.4, 6.0) * DPI, chance.between(0.4, 10.0) * DPI);
        match self {
            Self::Letters { high, count, pen } => scribble(page, place, high * DPI, count, pen, chance),
            Self::Signature(pen) => {
                let points: Vec<(f32, f32)> = (0..14)
                    .map(|at| {
                        let (x, y) = (at as f32 * 0.13 * DPI, chance.between(-0.16, 0.16) * DPI);
                        (place.0 + x, (place.1 + y).max(4.0))
                    })
                    .collect();
                curve(page, &points, pen);
            }
            Self::Tick((x, y), pen) => {
                let at = |dx: f32, dy: f32| ((x + dx) * DPI / 72.0, (y + dy) * DPI / 72.0);
                curve(page, &[at(1.0, 4.0), at(4.0, 9.0), at(11.0, -3.0)], pen);
            }
            Self::AtTheEdge { right, pen } => {
                let x = if right { page.width() as f32 - 0.5 * DPI } else { 0.05 * DPI };
                scribble(page, (x, place.1), 0.15 * DPI, 4, pen, chance);
            }
        }
    }
}
