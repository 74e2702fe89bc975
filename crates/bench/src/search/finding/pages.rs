//! Which pages are searched, and what stands on them? Notes as a hospital prints them, tables and letters between.

use jiff::civil::Date;

use crate::dice::Dice;
use crate::reading::fonts::Face;
use crate::reading::layouts::prose::body;
use crate::reading::layouts::{Kind, face, footer};
use crate::reading::sheet::{Sheet, TrueLine};
use crate::reading::texts::{Texts, date, number, person};

/// What is printed on a page to say what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) kind: &'static str,
    /// First and last day of service.
    pub(super) service: (Date, Date),
}

/// A page before anything happened to it. It is drawn as often as it is wanted, the same each time.
pub(super) struct Source {
    pub(super) kind: Kind,
    /// In points.
    pub(super) lines: Vec<TrueLine>,
    /// `None`: it does not say, as on the second page of a note.
    pub(super) said: Option<Said>,
    plan: Plan,
}

#[derive(Clone, Copy)]
enum Plan {
    /// A note from one of its paragraphs on.
    Note {
        note: usize,
        from: usize,
        seed: u64,
    },
    Other(Kind, u64),
}

/// What lies between notes.
const OTHERS: [Kind; 6] =
    [Kind::LabRuled, Kind::Letter, Kind::Medications, Kind::Form, Kind::LabPlain, Kind::Columns];
/// Of so many pages one is no note.
const ONE_OTHER_IN: usize = 4;

/// So many pages: notes in an order of chance, each printed whole, and other paper between.
pub(super) fn sources(pages: usize, texts: &Texts, dice: &mut Dice) -> Vec<Source> {
    let mut deck = shuffled(texts.notes().len(), dice);
    let (mut sources, mut next) = (Vec::new(), None);
    while sources.len() < pages {
        let seed = dice.split().next();
        let plan = if sources.len() % ONE_OTHER_IN == ONE_OTHER_IN - 1 {
            Plan::Other(OTHERS[sources.len() / ONE_OTHER_IN % OTHERS.len()], seed)
        } else {
            let (note, from) = next.take().unwrap_or_else(|| {
                if deck.is_empty() {
                    deck = shuffled(texts.notes().len(), dice);
                }
                (deck.pop().unwrap_or_default(), 0)
            });
            Plan::Note { note, from, seed }
        };
        let Drawn { sheet, said, printed } = plan.draw(texts);
        if let Plan::Note { note, from, .. } = plan {
            let rest = from + printed;
            next = (rest < texts.notes()[note].len() && printed > 0).then_some((note, rest));
        }
        sources.push(Source { kind: plan.kind(), lines: sheet.lines, said, plan });
    }
    sources
}

impl Source {
    pub(super) fn sheet(&self, texts: &Texts) -> Sheet {
        self.plan.draw(texts).sheet
    }

    pub(super) fn seed(&self) -> u64 {
        match self.plan {
            Plan::Note { seed, .. } | Plan::Other(_, seed) => seed,
        }
    }
}

struct Drawn {
    sheet: Sheet,
    said: Option<Said>,
    /// Paragraphs of the note.
    printed: usize,
}

impl Plan {
    const fn kind(self) -> Kind {
        match self {
            Self::Note { .. } => Kind::Note,
            Self::Other(kind, _) => kind,
        }
    }

    fn draw(self, texts: &Texts) -> Drawn {
        match self {
            Self::Note { note, from, seed } => a_note(&texts.notes()[note], from, &mut Dice::new(seed)),
            Self::Other(kind, seed) => {
                let sheet = kind.draw(texts, &mut Dice::new(seed));
                let lab = matches!(kind, Kind::LabRuled | Kind::LabPlain);
                let said = collected(&sheet).filter(|_| lab);
                Drawn { said: said.map(|day| Said { kind: "LAB", service: (day, day) }), sheet, printed: 0 }
            }
        }
    }
}

/// Titles as hospitals print them, and what they mean. Not all are titles of our catalogue, letter by letter.
const TITLES: [(&str, &str); 16] = [
    ("PROGRESS NOTE", "PROG"),
    ("Office Visit", "PROG"),
    ("CLINIC NOTE", "PROG"),
    ("Outpatient Progress Note", "PROG"),
    ("HISTORY AND PHYSICAL", "HP"),
    ("Admission History & Physical", "HP"),
    ("DISCHARGE SUMMARY", "DCSUM"),
    ("Hospital Discharge Summary", "DCSUM"),
    ("CONSULTATION REPORT", "CONSULT"),
    ("Cardiology Consultation", "CONSULT"),
    ("OPERATIVE REPORT", "OP"),
    ("EMERGENCY DEPARTMENT NOTE", "EDNOTE"),
    ("RADIOLOGY REPORT", "IMG"),
    ("PHYSICAL THERAPY EVALUATION", "PT"),
    ("Telephone Encounter", "PHONE"),
    ("NURSING NOTE", "NURSE"),
];

fn a_note(paragraphs: &[String], from: usize, dice: &mut Dice) -> Drawn {
    let mut sheet = Sheet::new();
    let face = face(dice);
    let (title, kind) = *dice.pick(&TITLES);
    let left = dice.within(44.0, 60.0);
    let service = days(kind, dice);
    let said = (from == 0).then_some(Said { kind, service });
    sheet.text(left, 46.0, 11.0, face.bold(), "GENERAL HOSPITAL - 100 Harbor Street, Springfield");
    if said.is_some() {
        sheet.text(left, 70.0, dice.within(12.0, 18.0), face.bold(), title);
    }
    identity(&mut sheet, left, face, dice);
    if said.is_some() {
        dated(&mut sheet, left, face, kind, service, dice);
    }
    sheet.line((left, 124.0), (566.0, 124.0), 1.0);
    let size = dice.within(9.5, 11.5);
    let printed = body(&mut sheet, &paragraphs[from..], (50.0, 144.0, 512.0, 728.0), size, face);
    if dice.below(2) == 0 {
        let printed =
            service.1.checked_add(jiff::Span::new().days(dice.between(1, 400))).unwrap_or(service.1);
        let said = format!("Printed: {} by {}", printed.strftime("%m/%d/%Y"), person(dice));
        sheet.text(left, 748.0, 8.0, face, &said);
    }
    footer(&mut sheet, face, dice);
    Drawn { sheet, said, printed }
}

fn identity(sheet: &mut Sheet, left: f32, face: Face, dice: &mut Dice) {
    let name = format!("Patient: {}", person(dice));
    let born = format!("DOB: {}", date((1931, 2008), dice));
    let mrn = format!("MRN: {}", number(8, dice));
    sheet.row(96.0, 10.0, &[(left, face, &name), (250.0, face, &born), (400.0, face, &mrn)]);
}

/// A stay has two days, all else one.
fn days(kind: &str, dice: &mut Dice) -> (Date, Date) {
    let first =
        Date::new(dice.between(2012, 2025) as i16, dice.between(1, 12) as i8, dice.between(1, 28) as i8);
    let first = first.unwrap_or(jiff::civil::date(2020, 1, 1));
    let stay = if kind == "DCSUM" { dice.between(1, 9) } else { 0 };
    (first, first.checked_add(jiff::Span::new().days(stay)).unwrap_or(first))
}

fn dated(sheet: &mut Sheet, left: f32, face: Face, kind: &str, (first, last): (Date, Date), dice: &mut Dice) {
    let form = *dice.pick(&["%m/%d/%Y", "%m/%d/%Y", "%B %-d, %Y", "%d-%b-%Y", "%-m/%-d/%y"]);
    let written = |day: Date| day.strftime(form).to_string();
    let said = match kind {
        "DCSUM" => format!("Admitted: {}   Discharged: {}", written(first), written(last)),
        "OP" => format!("Date of surgery: {}", written(first)),
        "IMG" => format!("Exam date: {}", written(first)),
        _ => {
            let label = dice.pick(&["Date of service:", "Visit date:", "DOS:", "Date:"]);
            format!("{label} {}", written(first))
        }
    };
    sheet.text(left, 112.0, 10.0, face, &said);
}

/// "Collected: 03/15/2024 08:10"
fn collected(sheet: &Sheet) -> Option<Date> {
    let line = sheet.lines.iter().find(|line| line.first().is_some_and(|word| word.text == "Collected:"))?;
    Date::strptime("%m/%d/%Y", &line.get(1)?.text).ok()
}

fn shuffled(count: usize, dice: &mut Dice) -> Vec<usize> {
    let mut deck: Vec<usize> = (0..count).collect();
    for at in (1..count).rev() {
        deck.swap(at, dice.below(at + 1));
    }
    deck
}
