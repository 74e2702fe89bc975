//! What on paper looks like a symbol and is none?

use paper::prepare::plane::Plane;
use records::geometry::Rect;

use crate::canvas::{fill, stroke};
use crate::dice::Dice;

/// What a page without symbols is full of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Clutter {
    Print,
    Table,
    Ecg,
    Halftone,
    Strokes,
    Bars,
    Matrices,
    Combs,
}

impl Clutter {
    pub(crate) const ALL: [Self; 8] = [
        Self::Print,
        Self::Table,
        Self::Ecg,
        Self::Halftone,
        Self::Strokes,
        Self::Bars,
        Self::Matrices,
        Self::Combs,
    ];

    pub(crate) fn drawn(self, page: &mut Plane, dice: &mut Dice) {
        match self {
            Self::Print | Self::Table => {}
            Self::Ecg => ecg(page, dice),
            Self::Halftone => halftone(page, dice),
            Self::Strokes => strokes(page, dice),
            Self::Bars => (0..8).for_each(|_| bars(page, dice)),
            Self::Matrices => (0..6).for_each(|_| matrix(page, dice)),
            Self::Combs => (0..8).for_each(|_| comb(page, dice)),
        }
    }
}

/// A grid of millimetres, each fifth line thicker, with four traces.
fn ecg(page: &mut Plane, dice: &mut Dice) {
    let (top, step) = (700 + dice.below(200), dice.between(11.0, 12.5));
    let area = Rect { x: 150, y: top, w: page.width - 300, h: 1_800 };
    fill(page, area, 255);
    for line in 0..(area.w as f32 / step) as u32 {
        let thick = if line % 5 == 0 { 3 } else { 1 };
        fill(page, Rect { x: area.x + (line as f32 * step) as u32, w: thick, ..area }, 110);
    }
    for line in 0..(area.h as f32 / step) as u32 {
        let thick = if line % 5 == 0 { 3 } else { 1 };
        fill(page, Rect { y: area.y + (line as f32 * step) as u32, h: thick, ..area }, 110);
    }
    for lead in 0..4 {
        let middle = (top + 250 + lead * 420) as f32;
        let beat = dice.between(180.0, 320.0);
        let mut last = (area.x as f32, middle);
        for x in (area.x + 4..area.right()).step_by(4) {
            let phase = (x as f32 % beat) / beat;
            let spike = if (0.30..0.34).contains(&phase) {
                -180.0 * (1.0 - (phase - 0.32).abs() * 50.0)
            } else {
                0.0
            };
            let next = (x as f32, middle + spike + dice.between(-4.0, 4.0) - 25.0 * (phase * 6.3).sin());
            stroke(page, last, next, 3);
            last = next;
        }
    }
}

/// A photograph in dots: by an ordered screen or at random.
fn halftone(page: &mut Plane, dice: &mut Dice) {
    for _ in 0..2 {
        let (w, h) = (600 + dice.below(900), 500 + dice.below(900));
        let place = Rect { x: dice.below(page.width - w), y: dice.below(page.height - h), w, h };
        let (cell, fx, fy) = (4 + dice.below(5), dice.between(0.002, 0.01), dice.between(0.002, 0.01));
        let random = dice.often(0.4);
        for y in place.y..place.bottom() {
            for x in place.x..place.right() {
                let tone = 0.5 + 0.45 * (x as f32 * fx).sin() * (y as f32 * fy).cos();
                let (dx, dy) = ((x % cell) as f32 + 0.5, (y % cell) as f32 + 0.5);
                let half = cell as f32 / 2.0;
                let far = ((dx - half).powi(2) + (dy - half).powi(2)) / (half * half);
                let limit = if random { dice.between(0.0, 1.0) } else { (far / 1.6).min(1.0) };
                page.row_mut(y)[x as usize] = if limit > tone { 255 } else { 15 };
            }
        }
    }
}

/// Written by hand, more or less.
fn strokes(page: &mut Plane, dice: &mut Dice) {
    for line in 0..14 {
        let (mut x, y) = (200.0, 400.0 + line as f32 * 190.0);
        let end = dice.between(900.0, 2_300.0);
        let mut last = (x, y);
        while x < end {
            x += dice.between(-6.0, 26.0);
            let next = (x, y + dice.between(-45.0, 45.0));
            stroke(page, last, next, 3 + line % 3);
            last = next;
        }
    }
}

/// Bars of chance widths, upright or lying, as no symbology has them.
fn bars(page: &mut Plane, dice: &mut Dice) {
    let (long, across) = (300 + dice.below(500), 60 + dice.below(140));
    let upright = dice.often(0.5);
    let (w, h) = if upright { (long, across) } else { (across, long) };
    let place = Rect { x: dice.below(page.width - w), y: dice.below(page.height - h), w, h };
    fill(page, place.grown(40), 255);
    let (module, mut at) = (2 + dice.below(4), 0);
    while at < long {
        let thick = module * (1 + dice.below(4));
        let bar = if upright {
            Rect { x: place.x + at, w: thick, ..place }
        } else {
            Rect { y: place.y + at, h: thick, ..place }
        };
        fill(page, bar, 0);
        at += thick + module * (1 + dice.below(4));
    }
}

/// Modules of chance.
fn matrix(page: &mut Plane, dice: &mut Dice) {
    let (module, side) = (3 + dice.below(6), 16 + dice.below(40));
    let size = module * side;
    let place =
        Rect { x: dice.below(page.width - size), y: dice.below(page.height - size), w: size, h: size };
    fill(page, place.grown(40), 255);
    for (row, column) in (0..side).flat_map(|row| (0..side).map(move |column| (row, column))) {
        if dice.often(0.5) {
            let cell = Rect { x: place.x + column * module, y: place.y + row * module, w: module, h: module };
            fill(page, cell, 0);
        }
    }
}

/// Rulers, boxes for letters, tally marks.
fn comb(page: &mut Plane, dice: &mut Dice) {
    let (w, h) = (700 + dice.below(900), 40 + dice.below(60));
    let place = Rect { x: dice.below(page.width - w), y: dice.below(page.height - h), w, h };
    fill(page, place.grown(30), 255);
    let (step, thick, uneven) = (8 + dice.below(40), 2 + dice.below(3), dice.often(0.5));
    let mut x = place.x;
    while x < place.right() {
        let high = if uneven && dice.often(0.7) { h * 2 / 3 } else { h };
        fill(page, Rect { x, y: place.y, w: thick, h: high }, 0);
        x += step + if uneven { dice.below(4) } else { 0 };
    }
    fill(page, Rect { h: 3, ..place }, 0);
}
