//! Notes, letters, leaflets in two columns, consent forms in fine print: text that runs on.

use super::{footer, header};
use crate::dice::Dice;
use crate::reading::fonts::Face;
use crate::reading::sheet::Sheet;
use crate::reading::texts::{Texts, date, is_heading, number, person, phone};

/// Paragraphs under headings, as notes are printed, to `bottom` or until so many lines stand there.
pub(crate) fn body(
    sheet: &mut Sheet,
    paragraphs: &[String],
    (x, y, width, bottom): (f32, f32, f32, f32),
    size: f32,
    face: Face,
) -> usize {
    let mut y = y;
    for (nth, paragraph) in paragraphs.iter().enumerate() {
        let face = if is_heading(paragraph) { face.bold() } else { face };
        let lines = super::super::sheet::wrapped(paragraph, face, size, width);
        if y + lines.len() as f32 * size * 1.28 > bottom {
            return nth;
        }
        y = sheet.paragraph(x, y, width, size, face, paragraph) + size * 0.5;
    }
    paragraphs.len()
}

pub(super) fn note(texts: &Texts, dice: &mut Dice) -> Sheet {
    let mut sheet = Sheet::new();
    let face = super::face(dice);
    let title: &str = dice.pick::<&str>(&["PROGRESS NOTE", "DISCHARGE SUMMARY", "CONSULTATION"]);
    let top = header(&mut sheet, title, face, dice);
    let size = dice.within(9.0, 12.0);
    let bottom = *dice.pick(&[500.0, 640.0, 735.0]);
    body(&mut sheet, &texts.paragraphs(dice), (50.0, top, 512.0, bottom), size, face);
    footer(&mut sheet, face, dice);
    sheet
}

pub(super) fn letter(texts: &Texts, dice: &mut Dice) -> Sheet {
    let mut sheet = Sheet::new();
    let face = super::face(dice);
    let size = dice.within(10.0, 12.0);
    let doctor = person(dice);
    let head = format!("{doctor}, MD");
    let x = 306.0 - face.bold().width(&head, 16.0) / 2.0;
    sheet.text(x, 60.0, 16.0, face.bold(), &head);
    let address =
        format!("{} Cedar Avenue, Suite {}  Tel. {}", number(3, dice), number(2, dice), phone(dice));
    sheet.text(306.0 - face.width(&address, 9.0) / 2.0, 76.0, 9.0, face, &address);
    sheet.line((60.0, 86.0), (552.0, 86.0), 1.2);
    let left = 72.0;
    sheet.text(left, 116.0, size, face, &date((2018, 2026), dice));
    let patient = person(dice);
    let reference =
        format!("Re: {patient}, born {}, our number {}", date((1931, 2008), dice), number(7, dice));
    sheet.text(left, 146.0, size, face.bold(), &reference);
    sheet.text(
        left,
        172.0,
        size,
        face,
        &format!("Dear Dr. {},", person(dice).rsplit(' ').next().unwrap_or_default()),
    );
    let mut y = 172.0 + 2.0 * size;
    for _ in 0..dice.between(2, 5) {
        let paragraph = texts.prose(180, dice);
        let lines = super::super::sheet::wrapped(&paragraph, face, size, 468.0).len();
        if y + lines as f32 * size * 1.28 < 660.0 {
            y = sheet.paragraph(left, y, 468.0, size, face, &paragraph) + size * 0.7;
        }
    }
    sheet.text(left, y + 8.0, size, face, "Sincerely,");
    pen(&mut sheet, left, y + 34.0, dice);
    sheet.text(left, y + 62.0, size, face, &head);
    sheet
}

/// A signature: no text, and no truth.
pub(super) fn pen(sheet: &mut Sheet, x: f32, y: f32, dice: &mut Dice) {
    let points: Vec<(f32, f32)> = (0..15)
        .map(|nth| (x + 9.0 * nth as f32 + dice.within(-7.0, 7.0), y + dice.within(-13.0, 9.0)))
        .collect();
    sheet.scribble(&points, dice.within(0.8, 1.5));
}

pub(super) fn columns(texts: &Texts, dice: &mut Dice) -> Sheet {
    let mut sheet = Sheet::new();
    let face = *dice.pick(&[Face::Sans, Face::Serif]);
    let size = dice.within(8.5, 10.5);
    let title =
        dice.pick(&["AFTER YOUR VISIT", "Patient Education: What You Should Know", "CARDIOLOGY NEWSLETTER"]);
    sheet.text(50.0, 64.0, 18.0, face.bold(), title);
    sheet.line((50.0, 74.0), (562.0, 74.0), 0.8);
    let gutter = dice.within(16.0, 30.0);
    let width = (512.0 - gutter) / 2.0;
    let paragraphs = texts.paragraphs(dice);
    let bottom = *dice.pick(&[560.0, 700.0, 740.0]);
    let used = body(&mut sheet, &paragraphs, (50.0, 96.0, width, bottom), size, face);
    body(&mut sheet, &paragraphs[used..], (50.0 + width + gutter, 96.0, width, bottom), size, face);
    footer(&mut sheet, face, dice);
    sheet
}

pub(super) fn fine_print(texts: &Texts, dice: &mut Dice) -> Sheet {
    let mut sheet = Sheet::new();
    let face = *dice.pick(&[Face::Sans, Face::Serif, Face::Serif]);
    sheet.text(50.0, 58.0, 14.0, face.bold(), "CONSENT TO TREATMENT AND RELEASE OF INFORMATION");
    let paragraphs: Vec<String> = (1..14).map(|nth| format!("{nth}. {}", texts.prose(120, dice))).collect();
    let bottom = *dice.pick(&[480.0, 600.0, 660.0]);
    body(&mut sheet, &paragraphs, (50.0, 82.0, 512.0, bottom), dice.within(8.0, 9.0), face);
    sheet.line((50.0, 710.0), (290.0, 710.0), 0.7);
    sheet.line((360.0, 710.0), (562.0, 710.0), 0.7);
    pen(&mut sheet, 70.0, 700.0, dice);
    sheet.row(
        721.0,
        8.0,
        &[(50.0, face, "Signature of patient or representative"), (360.0, face, "Date / time")],
    );
    footer(&mut sheet, face, dice);
    sheet
}
