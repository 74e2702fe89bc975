//! Laboratory reports, ruled and unruled, and medication lists.

use super::{footer, header};
use crate::dice::Dice;
use crate::reading::fonts::Face;
use crate::reading::sheet::Sheet;
use crate::reading::texts::{DIRECTIONS, DRUGS, LABS, date};

pub(super) fn lab(ruled: bool, dice: &mut Dice) -> Sheet {
    let mut sheet = Sheet::new();
    let face = super::face(dice);
    let size = dice.within(8.5, 10.5);
    let top = header(&mut sheet, "LABORATORY REPORT", face, dice);
    let collected =
        format!("Collected: {} {:02}:{:02}", date((2019, 2026), dice), dice.below(24), dice.below(60));
    sheet.row(top, size, &[(50.0, face, &collected), (330.0, face, "Specimen: Serum / whole blood")]);
    let columns = [50.0, 206.0, 270.0, 322.0, 440.0];
    let step = if ruled { size * dice.within(1.75, 2.1) } else { size * dice.within(1.35, 1.7) };
    let first = top + 14.0;
    let rows = (dice.between(14, 30) as usize).min(((735.0 - first) / step) as usize - 1);
    let baseline = |row: usize| first + step * row as f32 + step * 0.5 + size * 0.33;
    for row in (0..rows).step_by(2) {
        sheet.shade(50.0, first + step * row as f32, 512.0, step);
    }
    let heads = ["Test", "Result", "Flag", "Units", "Reference range"];
    let pieces: Vec<_> = heads.iter().zip(columns).map(|(head, x)| (x + 4.0, face.bold(), *head)).collect();
    sheet.row(baseline(0), size, &pieces);
    let start = dice.below(LABS.len());
    for row in 1..=rows {
        let (name, unit, range, usual, decimals) = LABS[(start + row) % LABS.len()];
        let factor = dice.within(0.6, 1.5);
        let value = format!("{:.decimals$}", usual * factor);
        let flag = if factor > 1.25 {
            "H"
        } else if factor < 0.75 {
            "L"
        } else {
            ""
        };
        let cells = [name, &value, flag, unit, range];
        let strong = if flag.is_empty() { face } else { face.bold() };
        let pieces: Vec<_> = cells
            .iter()
            .zip(columns)
            .enumerate()
            .filter(|(_, (cell, _))| !cell.is_empty())
            .map(|(at, (cell, x))| (x + 4.0, if at == 1 { strong } else { face }, *cell))
            .collect();
        sheet.row(baseline(row), size, &pieces);
    }
    let bottom = first + step * (rows + 1) as f32;
    if ruled {
        rules(&mut sheet, (50.0, first, 562.0, bottom), step, &columns, dice.within(0.4, 1.0));
    } else {
        sheet.line((50.0, first + step), (562.0, first + step), 0.6);
    }
    if bottom < 720.0 {
        sheet.text(
            50.0,
            bottom + 16.0,
            size,
            face,
            "* Results verified. H = high, L = low. Call 555-0100 with questions.",
        );
    }
    footer(&mut sheet, face, dice);
    sheet
}

/// A grid: left, top, right, bottom.
pub(super) fn rules(
    sheet: &mut Sheet,
    (left, top, right, bottom): (f32, f32, f32, f32),
    step: f32,
    columns: &[f32],
    width: f32,
) {
    let mut y = top;
    while y < bottom + 0.1 {
        sheet.line((left, y), (right, y), width);
        y += step;
    }
    for x in columns.iter().copied().chain([right]) {
        sheet.line((x, top), (x, bottom), width);
    }
}

pub(super) fn medications(dice: &mut Dice) -> Sheet {
    let mut sheet = Sheet::new();
    let face = super::face(dice);
    let size = dice.within(9.0, 10.5);
    let size = if face == Face::Typewriter { size.min(8.5) } else { size };
    let mut y = header(&mut sheet, "MEDICATION RECONCILIATION", face, dice);
    let ruled = dice.below(2) == 0;
    let columns = [50.0, 196.0, 276.0, 496.0];
    let heads = ["Medication", "Dose", "Directions", "Started"];
    let pieces: Vec<_> = heads.iter().zip(columns).map(|(head, x)| (x + 3.0, face.bold(), *head)).collect();
    let step = size * dice.within(1.7, 2.3);
    let top = y - step * 0.65;
    sheet.shade(50.0, top, 512.0, step);
    sheet.row(y, size, &pieces);
    let start = dice.below(DRUGS.len());
    let rows = dice.between(9, 24) as usize;
    for row in 1..=rows {
        y += step;
        let (drug, strengths) = DRUGS[(start + row * 5) % DRUGS.len()];
        let dose = *dice.pick(strengths);
        let directions = *dice.pick(&DIRECTIONS);
        let started = date((2017, 2026), dice);
        let cells = [drug, dose, directions, &started];
        let pieces: Vec<_> = cells.iter().zip(columns).map(|(cell, x)| (x + 3.0, face, *cell)).collect();
        sheet.row(y, size, &pieces);
    }
    if ruled {
        rules(&mut sheet, (50.0, top, 562.0, top + step * (rows + 1) as f32), step, &columns, 0.6);
    }
    sheet.text(
        50.0,
        y + step + 8.0,
        size,
        face,
        "Allergies: penicillin (hives), sulfa. No known food allergies.",
    );
    footer(&mut sheet, face, dice);
    sheet
}
