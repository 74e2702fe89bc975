//! What does one of our printed sheets say, and did we print it?
//!
//! The payload of a control sheet's QR code (`domain.md` 2.5):
//! `CS1|<site>.<key id>|<kind>|<authority>|<MRN>|<visit or ->|<kind of document or ->|<DOS or ->|<sheets or ->|`
//! `<project.box.ordinal or ->|<printed utc>|<serial base32>|<mac16>`.
//!
//! `mac16` is the first 16 hex digits of HMAC-SHA-256 over every byte before it, the last `|` included. Printed
//! sheets live for years in drawers: the format never changes, a new one takes another first field.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::document::{KindCode, SerialUse};
use crate::identifier::AuthorityId;

pub(crate) mod code;

pub use code::{SheetError, new_serial, read, sign};

/// Everything a control sheet says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetPayload {
    pub site: String,
    pub key_id: String,
    pub kind: SheetKind,
    pub authority: Option<AuthorityId>,
    pub mrn: Option<String>,
    pub visit: Option<String>,
    pub document_kind: Option<KindCode>,
    pub service: Option<Date>,
    /// How many sheets of paper follow, where somebody counted.
    pub sheets: Option<u32>,
    /// `project.box.ordinal`.
    pub folder: Option<String>,
    pub printed: Timestamp,
    /// 100 random bits in base 32, never a counter.
    pub serial: String,
}

impl SheetPayload {
    pub fn serial_use(&self) -> SerialUse {
        SerialUse { site: self.site.clone(), serial: self.serial.clone(), kind: self.kind.letter() }
    }

    /// The box of paper that what follows lies in: `project.box`.
    pub fn paper_box(&self) -> Option<String> {
        let mut parts = self.folder.as_deref()?.split('.').filter(|part| !part.is_empty());
        Some(format!("{}.{}", parts.next()?, parts.next()?))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SheetKind {
    Cover,
    DocumentType,
    Batch,
    EndOfBatch,
    Folder,
    /// Ends what its serial opened, a folder or a cover sheet.
    End,
    Tab,
    Box,
    Rescan,
    ReturnFax,
}

/// Printed at the top and the foot of every control sheet: how a sheet is known when its codes cannot be read.
pub const MARK: &str = "CHARTROOM CONTROL SHEET";

/// Printed on every control sheet beside an arrow.
pub const UPRIGHT: &str = "THIS WAY UP";

impl SheetKind {
    pub const ALL: [Self; 10] = [
        Self::Cover,
        Self::DocumentType,
        Self::Batch,
        Self::EndOfBatch,
        Self::Folder,
        Self::End,
        Self::Tab,
        Self::Box,
        Self::Rescan,
        Self::ReturnFax,
    ];

    /// The large words on the sheet.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Cover => "COVER SHEET",
            Self::DocumentType => "SEPARATOR SHEET",
            Self::Batch => "BATCH SHEET",
            Self::EndOfBatch => "END OF BATCH",
            Self::Folder => "FOLDER SHEET",
            Self::End => "END SHEET",
            Self::Tab => "TAB SHEET",
            Self::Box => "BOX SHEET",
            Self::Rescan => "RESCAN SHEET",
            Self::ReturnFax => "RETURN FAX SHEET",
        }
    }

    fn of_letter(letter: &str) -> Option<Self> {
        let mut all = letter.chars();
        let first = all.next().filter(|_| all.next().is_none())?;
        Self::ALL.into_iter().find(|kind| kind.letter() == first)
    }

    pub const fn letter(self) -> char {
        match self {
            Self::Cover => 'P',
            Self::DocumentType => 'D',
            Self::Batch => 'B',
            Self::EndOfBatch => 'E',
            Self::Folder => 'F',
            Self::End => 'G',
            Self::Tab => 'T',
            Self::Box => 'X',
            Self::Rescan => 'R',
            Self::ReturnFax => 'Q',
        }
    }
}

/// A signing key of a site. Keys have ids so that they can be changed.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SheetKey {
    pub site: String,
    pub id: String,
    /// HMAC-SHA-256 secret, hex.
    pub secret: String,
}

/// Never shows the secret.
impl std::fmt::Debug for SheetKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SheetKey({}.{}, …)", self.site, self.id)
    }
}
