//! What a person does about what is held or filed, checked the same way at the prompt and at the screen.
//!
//! The number is typed from the paper. Who chooses by name types the birth date too: a confirming click is not enough
//! (`domain.md` 2.12, manual filing).

mod about;
mod assigning;
mod numbers;
mod whose;

use archive::{Archive, ArchiveError};
use records::judge::Objections;
use records::patient::Patient;
use records::rules::Rules;

pub use about::{About, Said};
pub use assigning::{Before, assignment, choose_picture, held_against, insert};
pub use whose::{Chosen, TypedName, Whose, differing};

/// What is known, and by which rules: what every act is checked against.
#[derive(Clone, Copy)]
pub struct House<'a> {
    pub archive: &'a Archive,
    pub rules: &'a Rules,
}

/// Why an act was not done, in words for whoever tried. The words of [`ActError::Several`] and
/// [`ActError::NamesOther`] leave out what tells patients apart: that is for screens, never for logs.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    #[error("no patient index yet; import one with `chartroom patients import FILE.csv`")]
    NoIndex,
    #[error("several authorities assign numbers; say which: {}", .0.join(", "))]
    WhichAuthority(Vec<String>),
    #[error("this number is not in the patient index of {authority}; check it, or import the patient first")]
    UnknownNumber { authority: String },
    #[error("number and birth date are not of the same patient; look at the paper again")]
    NotSamePatient,
    #[error("write the name as \"Family, Given\"")]
    NotAName,
    #[error("too many patients have this name to choose by it; use the number on the paper")]
    TooMany,
    #[error("nobody in the patient index has this name and birth date; look at the paper again")]
    Nobody,
    #[error("{} patients have this name and birth date; use the number on the paper", .0.len())]
    Several(Vec<Patient>),
    #[error("this patient has no record number; correct the patient index first")]
    NoNumber,
    #[error("there is no kind of document {0:?}; kinds.toml lists them")]
    UnknownKind(String),
    #[error("write a date as 2026-03-04, or first/last")]
    NotADate(#[source] jiff::Error),
    #[error("the last day is before the first")]
    Backwards,
    #[error("what was read names somebody else; if it is this patient's all the same, say why")]
    NamesOther(Box<Objections>),
    #[error("there is no such {0}")]
    Unknown(&'static str),
    #[error("the document's patient is not in the index")]
    Orphan,
    #[error(transparent)]
    Archive(#[from] ArchiveError),
}
