//! Which kinds of page does a hospital scan? Each is drawn from dice alone.

mod forms;
pub(crate) mod prose;
mod tables;

use super::fonts::Face;
use super::sheet::Sheet;
use super::texts::{Texts, date, number, person};
use crate::dice::Dice;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Note,
    LabRuled,
    Letter,
    Medications,
    Form,
    LabPlain,
    Columns,
    FinePrint,
}

impl Kind {
    pub(crate) const ALL: [(Self, &'static str); 8] = [
        (Self::Note, "note"),
        (Self::LabRuled, "lab-ruled"),
        (Self::Letter, "letter"),
        (Self::Medications, "medications"),
        (Self::Form, "form"),
        (Self::LabPlain, "lab-plain"),
        (Self::Columns, "columns"),
        (Self::FinePrint, "fine-print"),
    ];

    pub(crate) fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    pub(crate) fn draw(self, texts: &Texts, dice: &mut Dice) -> Sheet {
        match self {
            Self::Note => prose::note(texts, dice),
            Self::Letter => prose::letter(texts, dice),
            Self::Columns => prose::columns(texts, dice),
            Self::FinePrint => prose::fine_print(texts, dice),
            Self::LabRuled => tables::lab(true, dice),
            Self::LabPlain => tables::lab(false, dice),
            Self::Medications => tables::medications(dice),
            Self::Form => forms::form(texts, dice),
        }
    }
}

/// A typeface for the page: offices have few.
pub(crate) fn face(dice: &mut Dice) -> Face {
    *dice.pick(&[Face::Sans, Face::Serif, Face::Sans, Face::Serif, Face::Typewriter])
}

/// Whose page it is, printed across its top; answers where the text may begin.
fn header(sheet: &mut Sheet, title: &str, face: Face, dice: &mut Dice) -> f32 {
    let left = dice.within(44.0, 60.0);
    let bold = face.bold();
    let size = 10.0;
    sheet.text(left, 50.0, 11.0, bold, "GENERAL HOSPITAL - 100 Harbor Street, Springfield");
    sheet.text(left, 76.0, dice.within(13.0, 18.0), bold, title);
    let (name, born) = (person(dice), date((1931, 2008), dice));
    sheet.row(
        98.0,
        size,
        &[(left, face, &format!("Patient: {name}")), (330.0, face, &format!("MRN: {}", number(8, dice)))],
    );
    let seen = date((2019, 2026), dice);
    sheet.row(
        113.0,
        size,
        &[
            (left, face, &format!("DOB: {born}")),
            (200.0, face, "Sex: F"),
            (330.0, face, &format!("Date of service: {seen}")),
        ],
    );
    sheet.line((left, 121.0), (566.0, 121.0), 1.0);
    144.0
}

pub(crate) fn footer(sheet: &mut Sheet, face: Face, dice: &mut Dice) {
    let of = dice.between(2, 9);
    let page = format!("Page {} of {of}", dice.between(1, of));
    let form = format!(
        "Form {}-{} Rev. {}/{}",
        number(4, dice),
        number(2, dice),
        dice.between(1, 12),
        dice.between(10, 26)
    );
    sheet.row(764.0, 8.0, &[(50.0, face, &form), (510.0, face, &page)]);
}
