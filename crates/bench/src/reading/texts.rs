//! What do clinical pages say? Notes of a public set of made-up visits (aci-bench), and lists of our own.

use anyhow::Context as _;

use crate::dice::Dice;
use crate::program::corpus;
use crate::samples::{FAMILIES, GIVEN};

pub(crate) struct Texts {
    /// The paragraphs of each note; headings are paragraphs in capitals.
    notes: Vec<Vec<String>>,
}

impl Texts {
    pub(crate) fn gather() -> anyhow::Result<Self> {
        let folder = corpus().join("aci-bench/data/challenge_data");
        let mut notes = Vec::new();
        for list in ["train.csv", "valid.csv"] {
            let path = folder.join(list);
            let mut rows = csv::Reader::from_path(&path).with_context(|| format!("cannot read {list}"))?;
            for row in rows.records() {
                notes.push(paragraphs(row?.get(3).context("a row without a note")?));
            }
        }
        notes.retain(|note| note.len() > 5);
        anyhow::ensure!(notes.len() > 50, "the notes are too few");
        Ok(Self { notes })
    }

    /// The paragraphs of every note.
    pub(crate) fn notes(&self) -> &[Vec<String>] {
        &self.notes
    }

    /// A note from its beginning or from one of its headings on, then others, without an end in practice.
    pub(super) fn paragraphs(&self, dice: &mut Dice) -> Vec<String> {
        let mut all = Vec::new();
        for _ in 0..4 {
            let note = dice.pick(&self.notes);
            let from = dice.below(note.len() / 2);
            all.extend(note.iter().skip(from).cloned());
        }
        all
    }

    /// A paragraph of prose of at least so many letters.
    pub(super) fn prose(&self, letters: usize, dice: &mut Dice) -> String {
        for _ in 0..100 {
            let note = dice.pick(&self.notes);
            let paragraph = dice.pick(note);
            if paragraph.len() >= letters {
                return paragraph.clone();
            }
        }
        self.notes.iter().flatten().max_by_key(|text| text.len()).cloned().unwrap_or_default()
    }

    /// A short sentence of at most so many letters.
    pub(super) fn remark(&self, letters: usize, dice: &mut Dice) -> String {
        for _ in 0..400 {
            let note = dice.pick(&self.notes);
            let sentence = dice.pick(note).split_inclusive(". ").next().unwrap_or_default().trim().to_owned();
            if (12..=letters).contains(&sentence.len()) && !is_heading(&sentence) {
                return sentence;
            }
        }
        "As discussed with the patient.".into()
    }
}

pub(crate) fn is_heading(paragraph: &str) -> bool {
    paragraph.len() < 50 && !paragraph.contains(|c: char| c.is_lowercase())
}

/// In ASCII, since the widths of the fonts are known for that.
fn paragraphs(note: &str) -> Vec<String> {
    let plain = |letter: char| match letter {
        '•' | '–' | '—' | '−' => '-',
        '‘' | '’' => '\'',
        '“' | '”' => '"',
        other if other.is_ascii() => other,
        _ => ' ',
    };
    let paragraphs = note.lines().map(|line| line.trim().chars().map(plain).collect::<String>());
    paragraphs.filter(|line| line.chars().filter(char::is_ascii_alphanumeric).count() > 2).collect()
}

/// Test, unit, reference range, usual value, decimals.
pub(super) const LABS: [(&str, &str, &str, f32, usize); 40] = [
    ("Sodium", "mmol/L", "135 - 145", 139.0, 0),
    ("Potassium", "mmol/L", "3.5 - 5.1", 4.2, 1),
    ("Chloride", "mmol/L", "98 - 107", 102.0, 0),
    ("Carbon dioxide", "mmol/L", "22 - 29", 25.0, 0),
    ("Urea nitrogen", "mg/dL", "7 - 20", 15.0, 0),
    ("Creatinine", "mg/dL", "0.60 - 1.30", 0.94, 2),
    ("eGFR", "mL/min/1.73 m2", "> 60", 78.0, 0),
    ("Glucose, fasting", "mg/dL", "70 - 99", 104.0, 0),
    ("Calcium", "mg/dL", "8.6 - 10.3", 9.4, 1),
    ("Magnesium", "mg/dL", "1.7 - 2.2", 1.9, 1),
    ("Phosphorus", "mg/dL", "2.5 - 4.5", 3.4, 1),
    ("Albumin", "g/dL", "3.5 - 5.0", 4.1, 1),
    ("Total protein", "g/dL", "6.0 - 8.3", 7.1, 1),
    ("Bilirubin, total", "mg/dL", "0.2 - 1.2", 0.7, 1),
    ("Alkaline phosphatase", "U/L", "44 - 147", 82.0, 0),
    ("AST (SGOT)", "U/L", "8 - 48", 24.0, 0),
    ("ALT (SGPT)", "U/L", "7 - 55", 31.0, 0),
    ("Lactate dehydrogenase", "U/L", "140 - 280", 190.0, 0),
    ("White blood cells", "10^3/uL", "4.5 - 11.0", 7.8, 1),
    ("Red blood cells", "10^6/uL", "4.20 - 5.90", 4.71, 2),
    ("Hemoglobin", "g/dL", "12.0 - 17.5", 13.9, 1),
    ("Hematocrit", "%", "36.0 - 51.0", 41.8, 1),
    ("MCV", "fL", "80 - 100", 89.0, 0),
    ("RDW", "%", "11.5 - 14.5", 13.2, 1),
    ("Platelet count", "10^3/uL", "150 - 400", 236.0, 0),
    ("Neutrophils", "%", "40 - 70", 61.0, 0),
    ("Lymphocytes", "%", "20 - 40", 27.0, 0),
    ("Eosinophils", "%", "0 - 5", 2.0, 0),
    ("INR", "", "0.9 - 1.1", 1.0, 1),
    ("Prothrombin time", "sec", "11.0 - 13.5", 12.1, 1),
    ("Troponin I", "ng/mL", "< 0.04", 0.02, 2),
    ("BNP", "pg/mL", "< 100", 64.0, 0),
    ("D-dimer", "ng/mL FEU", "< 500", 310.0, 0),
    ("C-reactive protein", "mg/L", "< 8.0", 3.6, 1),
    ("TSH", "mIU/L", "0.40 - 4.50", 2.13, 2),
    ("Hemoglobin A1c", "%", "4.0 - 5.6", 6.4, 1),
    ("Cholesterol, total", "mg/dL", "< 200", 187.0, 0),
    ("HDL cholesterol", "mg/dL", "> 40", 51.0, 0),
    ("Triglycerides", "mg/dL", "< 150", 128.0, 0),
    ("Ferritin", "ng/mL", "15 - 200", 88.0, 0),
];

/// Drug, strengths, unit.
pub(super) const DRUGS: [(&str, &[&str]); 32] = [
    ("Lisinopril", &["5 mg", "10 mg", "20 mg", "40 mg"]),
    ("Metformin", &["500 mg", "850 mg", "1,000 mg"]),
    ("Atorvastatin", &["10 mg", "20 mg", "40 mg", "80 mg"]),
    ("Amlodipine", &["2.5 mg", "5 mg", "10 mg"]),
    ("Metoprolol succinate ER", &["25 mg", "50 mg", "100 mg"]),
    ("Hydrochlorothiazide", &["12.5 mg", "25 mg"]),
    ("Furosemide", &["20 mg", "40 mg", "80 mg"]),
    ("Warfarin", &["1 mg", "2.5 mg", "5 mg"]),
    ("Apixaban", &["2.5 mg", "5 mg"]),
    ("Aspirin EC", &["81 mg", "325 mg"]),
    ("Clopidogrel", &["75 mg"]),
    ("Omeprazole", &["20 mg", "40 mg"]),
    ("Pantoprazole", &["40 mg"]),
    ("Levothyroxine", &["25 mcg", "50 mcg", "88 mcg", "112 mcg"]),
    ("Prednisone", &["5 mg", "10 mg", "20 mg"]),
    ("Gabapentin", &["100 mg", "300 mg", "600 mg"]),
    ("Sertraline", &["25 mg", "50 mg", "100 mg"]),
    ("Escitalopram", &["10 mg", "20 mg"]),
    ("Trazodone", &["50 mg", "100 mg"]),
    ("Tramadol", &["50 mg"]),
    ("Acetaminophen", &["325 mg", "500 mg", "650 mg"]),
    ("Ibuprofen", &["400 mg", "600 mg", "800 mg"]),
    ("Amoxicillin-clavulanate", &["500-125 mg", "875-125 mg"]),
    ("Azithromycin", &["250 mg", "500 mg"]),
    ("Doxycycline hyclate", &["100 mg"]),
    ("Albuterol HFA", &["90 mcg/act"]),
    ("Fluticasone-salmeterol", &["250-50 mcg", "500-50 mcg"]),
    ("Insulin glargine", &["100 units/mL"]),
    ("Insulin lispro", &["100 units/mL"]),
    ("Tamsulosin", &["0.4 mg"]),
    ("Spironolactone", &["25 mg", "50 mg"]),
    ("Potassium chloride ER", &["10 mEq", "20 mEq"]),
];

pub(super) const DIRECTIONS: [&str; 12] = [
    "Take 1 tablet by mouth daily",
    "Take 1 tablet by mouth twice daily",
    "1 tab PO q.d. in the morning",
    "Take 2 tablets at bedtime",
    "1 cap PO TID with meals",
    "Take 1 tablet every 6 hours as needed",
    "Inhale 2 puffs every 4-6 hours PRN",
    "Inject 14 units subcutaneously at night",
    "1 tab PO BID x 10 days",
    "Take 1/2 tablet by mouth every other day",
    "1 tablet daily, hold if SBP < 100",
    "Apply as directed, max. 4 doses in 24 h",
];

/// "Irene Q. Fairbairn"
pub(crate) fn person(dice: &mut Dice) -> String {
    let middle = char::from(b'A' + dice.below(26) as u8);
    format!("{} {middle}. {}", dice.pick(&GIVEN), dice.pick(&FAMILIES))
}

/// "03/15/1962"
pub(crate) fn date(years: (i64, i64), dice: &mut Dice) -> String {
    format!("{:02}/{:02}/{}", dice.between(1, 12), dice.between(1, 28), dice.between(years.0, years.1))
}

pub(crate) fn number(digits: u32, dice: &mut Dice) -> String {
    let low = 10_i64.pow(digits - 1);
    dice.between(low, low * 10 - 1).to_string()
}

pub(super) fn phone(dice: &mut Dice) -> String {
    format!("({}) 555-{:04}", dice.between(201, 989), dice.below(10_000))
}
