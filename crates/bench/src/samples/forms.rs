//! What do the papers of the sample scans say?

use super::draw::{Font, Paper};
use super::people::Person;

/// Header of every form of the hospital: who, in print.
fn header(title: &str, person: &Person) -> Paper {
    let mut paper = Paper::new();
    paper.text(50.0, 56.0, 11.0, Font::Bold, "GENERAL HOSPITAL - 100 Harbor Street");
    paper.text(50.0, 84.0, 17.0, Font::Bold, title);
    paper.text(50.0, 112.0, 11.5, Font::Plain, &format!("Patient: {}", person.filed()));
    paper.text(330.0, 112.0, 11.5, Font::Plain, &format!("MRN: {}", person.mrn));
    paper.text(50.0, 130.0, 11.5, Font::Plain, &format!("DOB: {}", person.born_us()));
    paper.text(330.0, 130.0, 11.5, Font::Plain, &format!("Sex: {}", person.sex));
    paper.line((50.0, 142.0), (562.0, 142.0), 1.0);
    paper
}

/// A page of prose under the header; `date` is the date of service.
pub(crate) fn note(title: &str, person: &Person, date: &str, paragraphs: &[&str]) -> Paper {
    let mut paper = header(title, person);
    paper.text(50.0, 164.0, 11.5, Font::Plain, &format!("Date of service: {date}"));
    let mut y = 192.0;
    for paragraph in paragraphs {
        y = paper.paragraph(50.0, y, 11.5, 88, paragraph) + 8.0;
    }
    paper.line((50.0, 716.0), (280.0, 716.0), 0.8);
    paper.text(50.0, 730.0, 9.5, Font::Plain, "Signed: Alan Reed MD");
    paper
}

/// Adds "Page x of y" at the foot.
pub(crate) fn numbered(mut paper: Paper, page: u32, of: u32) -> Paper {
    paper.text(500.0, 756.0, 9.5, Font::Plain, &format!("Page {page} of {of}"));
    paper
}

/// The label that registration prints: name, sex, birth date, number, and the number as Code 128.
pub(crate) fn label(paper: &mut Paper, x: f32, y: f32, person: &Person) -> anyhow::Result<()> {
    paper.frame(x, y, 232.0, 104.0, 0.8);
    paper.text(x + 10.0, y + 20.0, 12.0, Font::Bold, &person.filed());
    paper.text(
        x + 10.0,
        y + 37.0,
        11.0,
        Font::Plain,
        &format!("DOB: {}   Sex: {}", person.born_us(), person.sex),
    );
    paper.text(x + 10.0, y + 53.0, 11.0, Font::Plain, &format!("MRN: {}", person.mrn));
    paper.code128(x + 24.0, y + 60.0, 1.2, 26.0, &person.mrn)?;
    paper.text(x + 60.0, y + 98.0, 9.0, Font::Typewriter, &person.mrn);
    Ok(())
}

/// A form without a printed patient: only its label says whose it is.
pub(crate) fn labelled(title: &str, person: &Person, lines: &[&str]) -> anyhow::Result<Paper> {
    let mut paper = Paper::new();
    paper.text(50.0, 56.0, 11.0, Font::Bold, "GENERAL HOSPITAL");
    paper.text(50.0, 84.0, 16.0, Font::Bold, title);
    label(&mut paper, 330.0, 44.0, person)?;
    let mut y = 190.0;
    for line in lines {
        y = paper.paragraph(50.0, y, 11.5, 88, line) + 6.0;
    }
    Ok(paper)
}

/// A laboratory report: a ruled table.
pub(crate) fn lab_table(person: &Person, rows: &[[&str; 4]]) -> Paper {
    let mut paper = header("LABORATORY REPORT", person);
    paper.text(50.0, 164.0, 11.5, Font::Plain, "Collected: 03/04/2026 07:40     Specimen: Serum");
    let columns = [50.0, 230.0, 330.0, 430.0];
    let top = 184.0;
    for (at, head) in ["Test", "Result", "Units", "Reference range"].iter().enumerate() {
        paper.text(columns[at] + 6.0, top + 15.0, 11.0, Font::Bold, head);
    }
    for (number, row) in rows.iter().enumerate() {
        let y = top + 22.0 * (number as f32 + 1.0);
        for (at, cell) in row.iter().enumerate() {
            paper.text(columns[at] + 6.0, y + 15.0, 11.0, Font::Plain, cell);
        }
    }
    let bottom = top + 22.0 * (rows.len() as f32 + 1.0);
    for line in 0..=rows.len() + 1 {
        let y = top + 22.0 * line as f32;
        paper.line((50.0, y), (562.0, y), 0.7);
    }
    for x in [50.0, 230.0, 330.0, 430.0, 562.0] {
        paper.line((x, top), (x, bottom), 0.7);
    }
    paper
}

/// A form of boxes: the patient's fields stand in their own frames.
pub(crate) fn boxes(title: &str, person: &Person, questions: &[(&str, &str)]) -> Paper {
    let mut paper = Paper::new();
    paper.text(50.0, 60.0, 17.0, Font::Bold, title);
    let name = person.filed();
    let born = person.born_us();
    let fields = [
        (50.0, 80.0, 300.0, "Patient Name", name.as_str()),
        (350.0, 80.0, 212.0, "Date of Birth", born.as_str()),
        (50.0, 122.0, 300.0, "Medical Record Number", person.mrn.as_str()),
        (350.0, 122.0, 212.0, "Date of Service", "03/09/2026"),
    ];
    for (x, y, w, caption, value) in fields {
        paper.frame(x, y, w, 42.0, 0.8);
        paper.text(x + 5.0, y + 11.0, 8.0, Font::Plain, caption);
        paper.text(x + 8.0, y + 32.0, 13.0, Font::Plain, value);
    }
    for (at, (question, answer)) in questions.iter().enumerate() {
        let y = 190.0 + 30.0 * at as f32;
        paper.text(50.0, y, 11.0, Font::Plain, question);
        for (box_at, choice) in ["Yes", "No"].iter().enumerate() {
            let x = 430.0 + 70.0 * box_at as f32;
            paper.frame(x, y - 10.0, 11.0, 11.0, 0.8);
            paper.text(x + 16.0, y, 11.0, Font::Plain, choice);
            if choice == answer {
                paper.line((x, y - 10.0), (x + 11.0, y + 1.0), 1.4);
                paper.line((x + 11.0, y - 10.0), (x, y + 1.0), 1.4);
            }
        }
        paper.line((50.0, y + 9.0), (562.0, y + 9.0), 0.4);
    }
    paper
}

pub(crate) const CHEST_PAIN: &[&str] = &[
    "The patient came with chest pain that began this morning while climbing stairs. It is pressing, without \
     radiation, and went away within ten minutes of rest. There was no shortness of breath and no sweating.",
    "Electrocardiogram in sinus rhythm without ST changes. Troponin was negative twice, three hours apart. \
     Aspirin 81 mg daily was continued and metoprolol 25 mg twice daily was started.",
    "Plan: stress test within two weeks. To return at once if the pain comes back at rest.",
];

pub(crate) const PNEUMONIA: &[&str] = &[
    "Admitted with fever and productive cough for four days. The chest film showed an infiltrate in the right \
     lower lobe. Treated with ceftriaxone and azithromycin; afebrile since the second day.",
    "Oxygen saturation on room air was 95 percent at discharge. Blood cultures stayed without growth.",
    "Discharge medications: amoxicillin 875 mg twice daily for five more days, lisinopril 10 mg daily. \
     Follow-up with the primary care office in one week.",
];

pub(crate) const DIABETES: &[&str] = &[
    "Follow-up of type 2 diabetes mellitus. Home glucose readings run between 110 and 160. Hemoglobin A1c came \
     down from 8.4 to 7.1 percent. Metformin 1000 mg twice daily is tolerated well.",
    "Feet without ulcers, monofilament sensation intact. Eye examination is due in the spring.",
    "Plan: continue metformin, repeat A1c in three months, nutrition counselling.",
];

pub(crate) const KNEE: &[&str] = &[
    "Right knee pain for three months, worse on stairs. Mild effusion, range of motion 0 to 120 degrees, ligaments \
     stable. Radiographs show moderate osteoarthritis of the medial compartment.",
    "Plan: physical therapy twice weekly, acetaminophen as needed, injection of corticosteroid if no better in \
     six weeks.",
];
