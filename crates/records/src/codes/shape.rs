//! What has the shape of a code, and of which code may it be a misreading?

use super::CodeSystem;
use super::gate::{Cue, Proof};
use crate::check_digit::CheckDigit;

/// How codes of a system are written.
pub(super) struct Shape {
    pub(super) system: CodeSystem,
}

/// In the order in which a piece is tried.
pub(super) const ALL: &[Shape] = &[
    Shape { system: CodeSystem::Icd10Cm },
    Shape { system: CodeSystem::Icd10Pcs },
    Shape { system: CodeSystem::Icd9Cm },
    Shape { system: CodeSystem::Hcpcs },
    Shape { system: CodeSystem::Cpt },
    Shape { system: CodeSystem::Ndc },
    Shape { system: CodeSystem::Loinc },
];

/// Letters to change at most: what is misread at every second place is anything.
const MOST_CHANGES: usize = 3;

impl Shape {
    /// The code a text is, as printed, without its point; `None`: it has another shape.
    pub(super) fn direct(&self, text: &str) -> Option<String> {
        match self.system {
            CodeSystem::Icd9Cm => icd9(text),
            CodeSystem::Cpt => cpt(text),
            CodeSystem::Ndc => ndc(text),
            CodeSystem::Loinc => loinc(text),
            system => {
                let body = body(system, text, '.')?;
                let fits =
                    |(at, c): (usize, char)| Place::of(system, at).takes(c).then(|| c.to_ascii_uppercase());
                let code: String = body.chars().enumerate().map(fits).collect::<Option<_>>()?;
                code.bytes().any(|b| b.is_ascii_digit()).then_some(code)
            }
        }
    }

    /// The codes a text may be a misreading of: letters and digits that look alike, each only where the system has the
    /// other of the two, and a comma for the point; with how many were changed, the fewest first. Without what
    /// [`Self::direct`] gives.
    pub(super) fn repairs(&self, text: &str) -> Vec<(String, usize)> {
        if !self.system.needs_table() {
            return Vec::new();
        }
        let system = self.system;
        let pointed = body(system, text, '.').map(|body| (body, false));
        let Some((body, comma)) = pointed.or_else(|| Some((body(system, text, ',')?, true))) else {
            return Vec::new();
        };
        let least = if body.len() < text.len() || system == CodeSystem::Icd10Pcs { 1 } else { 2 };
        // "SOB" is no S08: of a code that was misread some digits are left.
        let digits = body.bytes().filter(u8::is_ascii_digit).count();
        if digits < least {
            return Vec::new();
        }
        let mut ways: Vec<(String, usize)> = vec![(String::new(), 0)];
        for (at, c) in body.chars().enumerate() {
            let place = Place::of(system, at);
            let own = place.takes(c).then(|| (c.to_ascii_uppercase(), 0));
            let others = looks_like(c).iter().filter(|other| place.takes(**other)).map(|other| (*other, 1));
            let here: Vec<(char, usize)> = own.into_iter().chain(others).collect();
            let longer = ways.iter().flat_map(|(said, changes)| {
                here.iter().map(move |(c, more)| (format!("{said}{c}"), changes + more))
            });
            ways = longer.filter(|(_, changes)| *changes <= MOST_CHANGES).collect();
        }
        ways.retain(|(_, changes)| *changes > 0 || comma);
        ways.sort_by_key(|(_, changes)| *changes);
        ways
    }
}

/// What must be near a text of this shape, once it is known to be a code.
pub(super) fn proof(system: CodeSystem, text: &str, corrected: bool) -> Proof {
    let pointed = text.contains(['.', ',']);
    // Weights, sums of money and pressures look like this, too.
    let number = text.starts_with(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| !c.is_ascii_alphabetic() || !looks_like(c).is_empty());
    match system {
        CodeSystem::Icd10Cm if number => Proof::Beside(Cue::Diagnosis),
        CodeSystem::Icd10Cm if pointed => Proof::Itself,
        CodeSystem::Icd10Cm => Proof::Near(Cue::Diagnosis),
        CodeSystem::Icd9Cm if pointed => Proof::Near(Cue::Diagnosis),
        CodeSystem::Icd9Cm => Proof::Beside(Cue::Diagnosis),
        CodeSystem::Icd10Pcs => Proof::Near(Cue::Inpatient),
        CodeSystem::Hcpcs if number => Proof::Beside(Cue::Procedure),
        CodeSystem::Hcpcs if corrected => Proof::Near(Cue::Procedure),
        CodeSystem::Hcpcs => Proof::Itself,
        CodeSystem::Cpt => Proof::Near(Cue::Procedure),
        CodeSystem::Ndc => Proof::Near(Cue::Ndc),
        CodeSystem::Loinc => Proof::Near(Cue::Loinc),
    }
}

/// Letters and digits of a code of this length, its point taken out of the place where it stands.
fn body(system: CodeSystem, text: &str, point: char) -> Option<String> {
    match system {
        CodeSystem::Icd10Cm => match text.split_once(point) {
            Some((head, tail)) => {
                let fits = head.len() == 3 && (1..=4).contains(&tail.len());
                fits.then(|| format!("{head}{tail}"))
            }
            None => (3..=7).contains(&text.len()).then(|| text.to_owned()),
        },
        CodeSystem::Icd10Pcs => (text.len() == 7).then(|| text.to_owned()),
        _ => (text.len() == 5).then(|| text.to_owned()),
    }
    .filter(|body| body.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// What stands at a place of a code.
enum Place {
    Letter,
    /// Not D: those are dentists'.
    SupplyLetter,
    Digit,
    /// A digit, A or B.
    Third,
    Any,
    /// First of a procedure.
    Section,
    /// No I and no O.
    Procedure,
}

impl Place {
    const fn of(system: CodeSystem, at: usize) -> Self {
        match (system, at) {
            (CodeSystem::Icd10Cm, 0) => Self::Letter,
            (CodeSystem::Icd10Cm, 2) => Self::Third,
            (CodeSystem::Icd10Cm, 3..) => Self::Any,
            (CodeSystem::Icd10Pcs, 0) => Self::Section,
            (CodeSystem::Icd10Pcs, _) => Self::Procedure,
            (CodeSystem::Hcpcs, 0) => Self::SupplyLetter,
            _ => Self::Digit,
        }
    }

    const fn takes(&self, c: char) -> bool {
        let upper = c.to_ascii_uppercase();
        match self {
            // A small l at the head of a code is an I.
            Self::Letter => upper.is_ascii_uppercase() && c != 'l',
            Self::SupplyLetter => matches!(upper, 'A'..='C' | 'E'..='V') && c != 'l',
            Self::Digit => c.is_ascii_digit(),
            Self::Third => c.is_ascii_digit() || matches!(upper, 'A' | 'B'),
            Self::Any => c.is_ascii_alphanumeric(),
            Self::Section => matches!(upper, '0'..='9' | 'B' | 'C' | 'D' | 'F' | 'G' | 'H' | 'X'),
            Self::Procedure => c.is_ascii_alphanumeric() && !matches!(upper, 'I' | 'O'),
        }
    }
}

/// What an engine takes for one another.
const fn looks_like(c: char) -> &'static [char] {
    match c {
        '0' => &['O'],
        'O' | 'o' => &['0'],
        '1' => &['I'],
        'I' | 'i' => &['1'],
        'l' => &['1', 'I'],
        '5' => &['S'],
        'S' | 's' => &['5'],
        '8' => &['B'],
        'B' => &['8'],
        '2' => &['Z'],
        'Z' | 'z' => &['2'],
        // A code has no small letters; these two are a nine.
        'g' | 'q' => &['9'],
        _ => &[],
    }
}

fn digits(text: &str, lengths: std::ops::RangeInclusive<usize>) -> bool {
    lengths.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

/// `250`, `250.00`, `V58.67`, `E885.9`.
fn icd9(text: &str) -> Option<String> {
    let (head, tail) = text.split_once('.').map_or((text, None), |(head, tail)| (head, Some(tail)));
    let (number, most) = match head.as_bytes().first()? {
        b'V' => (digits(&head[1..], 2..=2), 2),
        b'E' => (digits(&head[1..], 3..=3), 1),
        _ => (digits(head, 3..=3), 2),
    };
    (number && tail.is_none_or(|tail| digits(tail, 1..=most))).then(|| text.replace('.', ""))
}

/// Four digits and one more, or a letter of CPT's other categories.
fn cpt(text: &str) -> Option<String> {
    let (head, last) = text.split_at_checked(4)?;
    let fits = digits(head, 4..=4) && (digits(last, 1..=1) || matches!(last, "F" | "T" | "U" | "M" | "A"));
    fits.then(|| text.to_owned())
}

fn ndc(text: &str) -> Option<String> {
    let mut parts = text.split('-');
    let (labeler, product, package) = (parts.next()?, parts.next()?, parts.next()?);
    let fits = parts.next().is_none()
        && digits(labeler, 4..=5)
        && digits(product, 3..=4)
        && digits(package, 1..=2)
        && (10..=11).contains(&(labeler.len() + product.len() + package.len()));
    fits.then(|| text.to_owned())
}

fn loinc(text: &str) -> Option<String> {
    let (number, check) = text.split_once('-')?;
    let fits =
        digits(number, 1..=5) && digits(check, 1..=1) && CheckDigit::M10.valid(&format!("{number}{check}"));
    fits.then(|| text.to_owned())
}
