//! Why was this filed there? Evidence copies text, box and reader version, and outlives the reading.

use serde::{Deserialize, Serialize};

use crate::geometry::Rect;
use crate::ids::{BatchId, PageNumber};
use crate::reading::ReaderVersion;

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    pub kind: EvidenceKind,
    pub page: PageNumber,
    /// The batch of the page, where that is not the document's (or exception's) own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<BatchId>,
    /// As read from the paper.
    pub text: String,
    #[serde(flatten)]
    pub place: Rect,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<String>,
    pub reader: ReaderVersion,
    /// Speaks against, not for.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub contrary: bool,
}

impl Evidence {
    /// Whether two pieces are of one thing on the paper, read alike; whom it speaks for may have changed.
    pub fn is_same_reading(&self, other: &Self) -> bool {
        (self.kind, self.page) == (other.kind, other.page) && self.text == other.text
    }
}

/// Never shows what was read: `Debug` ends up in logs.
impl std::fmt::Debug for Evidence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Evidence({:?}, page {}, …)", self.kind, self.page)
    }
}

/// The row of the witness table (`domain.md` 2.12) that let a document be filed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// A number in a symbol, name and birth date.
    BarcodeNameBirthDate,
    /// A number in print, name and birth date.
    NumberNameBirthDate,
    /// A number read twice with a check digit, and a name nobody else has (`confirm = "either"`).
    NumberAndName,
    /// A valid declaration, and a witness that agrees.
    Declared,
    /// A valid declaration, of a kind that names nobody, with the number of sheets that was declared.
    DeclaredCount,
    /// A named clerk's act.
    Clerk,
}

impl Ground {
    /// What a clerk reads.
    pub const fn words(self) -> &'static str {
        match self {
            Self::BarcodeNameBirthDate => "number in a barcode, name and birth date agree",
            Self::NumberNameBirthDate => "number in print, name and birth date agree",
            Self::NumberAndName => "number read twice with its check digit, and a name nobody else has",
            Self::Declared => "declared, and what was read agrees",
            Self::DeclaredCount => "declared, of a kind that names nobody, and all sheets are there",
            Self::Clerk => "a clerk decided",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceKind {
    /// A number in a symbol.
    Barcode,
    /// A number in print.
    Number,
    Name,
    BirthDate,
    Sex,
    /// A control sheet of ours, or what was said when the file was handed in: a declaration, not a witness.
    Declared,
    /// A named clerk's act.
    Clerk,
}
