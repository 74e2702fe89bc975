//! Which codes of diagnoses, procedures and supplies stand on a page?
//!
//! A mention is a claim about ink only: "the text of code X stands on this page", never that somebody has what X
//! stands for. What has the shape of a code is believed where the published table has it and either its point or a
//! word near by (`Dx`, `ICD`, …) says that a code is meant: rooms, vitamins and vertebrae have the same shape. A letter
//! that an engine took for a digit, or the other way round, is repaired only towards the table, by position, and the
//! mention says so.
//!
//! Numbers of CPT are recognised by shape beside a word that announces them. Their texts are the AMA's and are neither
//! shipped nor kept; codes of dentists (D…) are the ADA's and are not looked for.

use std::fmt;
use std::ops::Range;

use jiff::civil::{Date, date};

use crate::reading::PageReading;

mod describe;
mod gate;
mod pattern;
mod piece;
mod release;
mod shape;
mod table;

pub use describe::{Described, Descriptions};
pub use pattern::CodePattern;
pub use release::{CodesError, Release};
pub use table::CodeTables;

use gate::Gate;
use piece::Piece;

/// Raised whenever a change in this module finds other codes on the same page.
pub(crate) const VERSION: u32 = 1;

/// Who publishes a code, and what for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CodeSystem {
    /// Diagnoses in the US since 1 October 2015.
    Icd10Cm,
    /// Procedures of hospitals in the US since 1 October 2015.
    Icd10Pcs,
    /// Diagnoses in the US until 30 September 2015; by shape.
    Icd9Cm,
    /// Supplies, drugs, ambulances.
    Hcpcs,
    /// Procedures; the bare number only.
    Cpt,
    /// Drugs as packed; by shape.
    Ndc,
    /// Observations; by shape and check digit.
    Loinc,
}

impl CodeSystem {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Icd10Cm => "ICD-10-CM",
            Self::Icd10Pcs => "ICD-10-PCS",
            Self::Icd9Cm => "ICD-9-CM",
            Self::Hcpcs => "HCPCS",
            Self::Cpt => "CPT",
            Self::Ndc => "NDC",
            Self::Loinc => "LOINC",
        }
    }

    /// Whether a code counts only where a table has it.
    pub const fn needs_table(self) -> bool {
        matches!(self, Self::Icd10Cm | Self::Icd10Pcs | Self::Hcpcs)
    }

    /// The code as it is printed, from its letters and digits.
    fn written(self, code: &str) -> String {
        match self {
            Self::Icd10Cm | Self::Icd9Cm => {
                let head = if self == Self::Icd9Cm && code.starts_with('E') { 4 } else { 3 };
                match code.split_at_checked(head) {
                    Some((head, rest)) if !rest.is_empty() => format!("{head}.{rest}"),
                    _ => code.to_owned(),
                }
            }
            _ => code.to_owned(),
        }
    }
}

/// The text of a code on a page.
#[derive(Clone, PartialEq, Eq)]
pub struct CodeMention {
    pub system: CodeSystem,
    /// As it is published, with its point: `E11.9`.
    pub code: String,
    /// As it was read.
    pub text: String,
    /// The text had to be repaired to be this code.
    pub corrected: bool,
    /// Whether it may be billed, or only heads others; `None`: no table says.
    pub billable: Option<bool>,
    /// Places in the reading's words.
    pub words: Range<usize>,
}

impl CodeMention {
    /// The form in which codes are looked up: lower case, without its point.
    pub fn key(&self) -> String {
        pattern::key(&self.code)
    }
}

/// What a page says of somebody's illness ends up in no log.
impl fmt::Debug for CodeMention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CodeMention({} at word {})", self.system.name(), self.words.start)
    }
}

/// A code somebody vouches for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    pub billable: Option<bool>,
}

/// First day on which ICD-10-CM and ICD-10-PCS were used.
const ICD10: Date = date(2015, 10, 1);

/// The codes of a page, in reading order. `service` says when what the page is about was done, first and last day: a
/// code counts if it was valid on one of these days. Where that is unknown a code of any loaded release counts, and
/// none of ICD-9-CM.
pub fn mentions(
    reading: &PageReading,
    service: Option<(Date, Date)>,
    tables: &CodeTables,
) -> Vec<CodeMention> {
    recognised(reading, |system, code| match system {
        CodeSystem::Icd10Cm | CodeSystem::Icd10Pcs if service.is_some_and(|(_, last)| last < ICD10) => None,
        CodeSystem::Icd9Cm => service.is_some_and(|(first, _)| first < ICD10).then(Known::default),
        system if system.needs_table() => tables.known(system, code, service),
        _ => Some(Known::default()),
    })
}

/// As [`mentions`], with another's word for what is a code: for marking on a page what is known to stand there.
pub fn recognised(
    reading: &PageReading,
    known: impl Fn(CodeSystem, &str) -> Option<Known>,
) -> Vec<CodeMention> {
    let mut gate = Gate::over(reading);
    let mut found = Vec::new();
    for piece in piece::pieces(reading) {
        for shape in shape::ALL {
            found.extend(mention(&piece, shape, &mut gate, &known));
        }
    }
    found
}

fn mention(
    piece: &Piece<'_>,
    shape: &shape::Shape,
    gate: &mut Gate<'_>,
    known: &impl Fn(CodeSystem, &str) -> Option<Known>,
) -> Option<CodeMention> {
    let vouched = |code: String| known(shape.system, &code).map(|known| (code, known));
    let (code, known, corrected) = match shape.direct(&piece.text).and_then(vouched) {
        Some((code, known)) => (code, known, false),
        None => {
            let repairs = shape.repairs(&piece.text).into_iter();
            let mut vouched = repairs.filter_map(|(code, changes)| Some((vouched(code)?, changes)));
            let ((code, known), least) = vouched.next()?;
            // Two codes look alike from here: whichever is taken may be the wrong one.
            if vouched.next().is_some_and(|(_, changes)| changes == least) {
                return None;
            }
            (code, known, true)
        }
    };
    let open = shape::proof(shape.system, &piece.text, corrected);
    gate.lets(open, piece.words.start).then(|| CodeMention {
        system: shape.system,
        code: shape.system.written(&code),
        text: piece.text.to_string(),
        corrected,
        billable: known.billable,
        words: piece.words.clone(),
    })
}

#[cfg(test)]
mod tests;
