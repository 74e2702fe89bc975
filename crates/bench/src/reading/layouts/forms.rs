//! Forms: labels in frames with answers, and boxes that are ticked.

use super::footer;
use super::prose::pen;
use crate::dice::Dice;
use crate::reading::fonts::Face;
use crate::reading::sheet::Sheet;
use crate::reading::texts::{Texts, date, number, person, phone};

const QUESTIONS: [&str; 16] = [
    "Do you have chest pain or pressure?",
    "Shortness of breath at rest?",
    "Fever or chills in the last 48 hours?",
    "Are you allergic to any medication?",
    "Have you had surgery before?",
    "Do you take blood thinners?",
    "Do you smoke or vape?",
    "Any falls in the past 12 months?",
    "Pacemaker or other implant?",
    "Could you be pregnant?",
    "History of seizures?",
    "Diabetes in the family?",
    "Hepatitis, HIV or tuberculosis?",
    "Do you feel safe at home?",
    "Trouble sleeping more than 2 weeks?",
    "Do you have an advance directive?",
];

pub(super) fn form(texts: &Texts, dice: &mut Dice) -> Sheet {
    let mut sheet = Sheet::new();
    let face = *dice.pick(&[Face::Sans, Face::Sans, Face::Serif]);
    let answer_face = *dice.pick(&[face, Face::Typewriter]);
    let title = *dice.pick(&["REGISTRATION FORM", "HEALTH HISTORY QUESTIONNAIRE", "PRE-PROCEDURE CHECKLIST"]);
    sheet.text(50.0, 60.0, 16.0, face.bold(), title);
    let who = person(dice);
    let fields = [
        [
            ("Last name", who.rsplit(' ').next().unwrap_or_default().to_owned()),
            ("First name", who.split(' ').next().unwrap_or_default().to_owned()),
            ("Date of birth", date((1931, 2008), dice)),
        ],
        [
            ("Address", format!("{} Maple Street", number(4, dice))),
            ("City, state", "Springfield, IL".into()),
            ("ZIP code", number(5, dice)),
        ],
        [
            ("Home phone", phone(dice)),
            ("Insurance", "Blue Shield PPO".into()),
            ("Member ID", format!("XWP{}", number(9, dice))),
        ],
        [
            ("Physician", format!("Dr. {}", person(dice).rsplit(' ').next().unwrap_or_default())),
            ("Account no.", number(10, dice)),
            ("Admit date", date((2019, 2026), dice)),
        ],
    ];
    let (columns, height, top) = ([50.0, 228.0, 400.0, 562.0], dice.within(31.0, 38.0), 76.0);
    for (nth, row) in fields.iter().enumerate() {
        let y = top + height * nth as f32;
        for (at, _) in row.iter().enumerate() {
            sheet.frame(columns[at], y, columns[at + 1] - columns[at], height, 0.7);
        }
        let labels: Vec<_> = row.iter().zip(columns).map(|((label, _), x)| (x + 4.0, face, *label)).collect();
        sheet.row(y + 10.0, 7.5, &labels);
        let answers: Vec<_> =
            row.iter().zip(columns).map(|((_, answer), x)| (x + 8.0, answer_face, answer.as_str())).collect();
        sheet.row(y + height - 7.0, 11.0, &answers);
        sheet.shade(50.0, y, 512.0, if nth % 2 == 0 { height } else { 0.0 });
    }
    let mut y = top + height * 4.0 + 26.0;
    let size = dice.within(9.0, 11.0);
    let start = dice.below(QUESTIONS.len());
    for nth in 0..dice.between(7, 13) as usize {
        question(&mut sheet, y, size, face, &format!("{}. {}", nth + 1, QUESTIONS[(start + nth) % 16]), dice);
        y += size * 2.0;
    }
    sheet.text(50.0, y + 6.0, size, face.bold(), "Remarks");
    sheet.frame(50.0, y + 12.0, 512.0, 66.0, 0.7);
    sheet.paragraph(58.0, y + 28.0, 496.0, size, answer_face, &texts.remark(150, dice));
    y += 110.0;
    sheet.line((50.0, y), (280.0, y), 0.7);
    sheet.line((360.0, y), (562.0, y), 0.7);
    pen(&mut sheet, 80.0, y - 8.0, dice);
    sheet.row(y + 11.0, 8.0, &[(50.0, face, "Signature"), (360.0, face, "Date")]);
    footer(&mut sheet, face, dice);
    sheet
}

/// A question with boxes for yes and no, of which one is crossed.
fn question(sheet: &mut Sheet, y: f32, size: f32, face: Face, text: &str, dice: &mut Dice) {
    let (yes, no, side) = (420.0, 490.0, size * 0.9);
    sheet.row(y, size, &[(50.0, face, text), (yes + side + 5.0, face, "Yes"), (no + side + 5.0, face, "No")]);
    for x in [yes, no] {
        sheet.frame(x, y - side + 1.0, side, side, 0.8);
    }
    let x = *dice.pick(&[yes, no]);
    sheet.line((x, y - side + 1.0), (x + side, y + 1.0), 1.2);
    sheet.line((x + side, y - side + 1.0), (x, y + 1.0), 1.2);
}
