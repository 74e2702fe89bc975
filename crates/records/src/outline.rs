//! What must separation know about a page? Outlines only, so that a batch of 5,000 pages fits in memory.

use std::collections::BTreeSet;

use crate::ids::PageNumber;
use crate::reading::PageReading;
use crate::sheet::{SheetKey, SheetPayload};

/// The outline of page `page`, which stands in original `original` (from 0) of its batch.
///
/// `forms` are the codes of the form catalogue: a barcode that is one of them names the form.
pub fn outline(
    page: PageNumber,
    original: u32,
    reading: &PageReading,
    keys: &[SheetKey],
    forms: &BTreeSet<String>,
) -> PageOutline {
    let _ = (keys, forms);
    PageOutline {
        page,
        original,
        blank: reading.blank,
        readable: reading.error.is_none(),
        sheet: None,
        patch: None,
        words: 0,
        page_of: None,
        title: String::new(),
        form: None,
        names_patient: false,
        identity_key: None,
    }
}

/// What separation knows about one page.
#[derive(Clone, Debug, PartialEq)]
pub struct PageOutline {
    pub page: PageNumber,
    /// Which original of the batch the page is from, from 0.
    pub original: u32,
    pub blank: bool,
    /// Whether the page could be read at all.
    pub readable: bool,
    /// What one of our sheets said on this page.
    pub sheet: Option<SheetSeen>,
    /// A patch code: one of `1 2 3 4 6 T`, as it stands in the upright frame.
    pub patch: Option<char>,
    /// How many words were read: a patch code on a page full of text is no patch sheet.
    pub words: u32,
    /// `page x of y` printed by the form itself.
    pub page_of: Option<(u32, u32)>,
    /// The first lines of large or top text, normalised: tells a first page from a following one.
    pub title: String,
    /// A code of the form catalogue, from a barcode.
    pub form: Option<String>,
    /// Whether a label, barcode number or labelled field names a patient here (not who).
    pub names_patient: bool,
    /// Number and birth date or name as keys, for the proposal of a split by identity; compared, never shown.
    pub identity_key: Option<String>,
}

/// A page that is, or looks like, a sheet of ours.
#[derive(Clone, Debug, PartialEq)]
pub enum SheetSeen {
    /// Decoded, and the signature holds.
    Ours(Box<SheetPayload>),
    /// Has the look of a sheet of ours but gives no payload.
    Unreadable,
    /// A payload whose signature does not hold, or of a key we do not have.
    Foreign,
}
