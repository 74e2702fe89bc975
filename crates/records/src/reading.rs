//! What did a machine see on a page?
//!
//! A [`PageReading`] is dear derived data: it is stored for ever in the batch's reading pack, one JSON value a
//! page. Fields are only ever added, with a default; none changes its meaning.

use serde::{Deserialize, Serialize};

use crate::geometry::{Rect, Turn};

mod legibility;
mod margins;
mod rows;

pub use legibility::Legibility;
pub use margins::margins;
pub use rows::rows;

/// Everything a machine saw on one page, in the upright frame (see [`crate::geometry`]).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PageReading {
    /// Size of the upright frame, pixels.
    pub width: u32,
    pub height: u32,
    /// Resolution of the upright frame, dots per inch; the two are equal. Where the file states none it is
    /// estimated from the page's size and `native_dpi` is absent.
    pub dpi: [u32; 2],
    /// What the file says, before squaring and turning.
    #[serde(default)]
    pub native_dpi: Option<[u32; 2]>,
    /// What was done to set the page upright, degrees clockwise.
    pub turn: Turn,
    /// Degrees by which text lines fall to the right in the upright frame; negative: they rise.
    pub skew: f32,
    pub blank: bool,
    /// Mean word confidence, 0 to 100; 0 where there are no words.
    pub confidence: f32,
    /// In reading order; `line` says which text line.
    pub words: Vec<Word>,
    #[serde(default)]
    pub barcodes: Vec<Barcode>,
    /// Places that look like a symbol but gave no value that can be believed.
    #[serde(default)]
    pub unread_symbols: Vec<Rect>,
    /// Where ink is that no engine reads as text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub poor_areas: Vec<PoorArea>,
    /// Numbers of the text lines that head the page, and of those at its foot: letterheads, page numbers, banners.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub header_lines: Vec<u32>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub footer_lines: Vec<u32>,
    #[serde(default)]
    pub quality: Quality,
    pub source: TextSource,
    pub reader: ReaderVersion,
    #[serde(default)]
    pub error: Option<Fault>,
}

impl PageReading {
    /// A page of which nothing but its fault is known.
    pub fn unreadable(fault: Fault, reader: ReaderVersion) -> Self {
        Self {
            width: 0,
            height: 0,
            dpi: [0, 0],
            native_dpi: None,
            turn: Turn::None,
            skew: 0.0,
            blank: false,
            confidence: 0.0,
            words: Vec::new(),
            barcodes: Vec::new(),
            unread_symbols: Vec::new(),
            poor_areas: Vec::new(),
            header_lines: Vec::new(),
            footer_lines: Vec::new(),
            quality: Quality::default(),
            source: TextSource::None,
            reader,
            error: Some(fault),
        }
    }

    /// The legible words in reading order, one line per text line.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut line = None;
        for word in self.words.iter().filter(|word| word.legible) {
            match line {
                None => {}
                Some(same) if same == word.line => text.push(' '),
                Some(_) => text.push('\n'),
            }
            line = Some(word.line);
            text.push_str(&word.text);
        }
        text
    }

    /// The words line by line, in reading order.
    pub fn lines(&self) -> impl Iterator<Item = &[Word]> {
        self.words.chunk_by(|a, b| a.line == b.line)
    }
}

/// One word and its place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Word {
    pub text: String,
    #[serde(flatten)]
    pub place: Rect,
    /// 0 to 100.
    pub confidence: f32,
    /// Number of the text line, in reading order, from 0.
    pub line: u32,
    /// Whether the *picture* says so. False only for text a file carries that OCR of the picture at its place
    /// does not confirm: such a word is searched for, and can contradict, but is never a witness of identity.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub on_picture: bool,
    /// Whether it can be taken for text. False inside handwriting and where print is too poor to read: such a word
    /// is no part of the text and is not searched for; it can contradict, but is never a witness of identity.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub legible: bool,
    /// What else the engine took the word for, likeliest first: searched for at the same place, never shown as text
    /// and never a witness.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<String>,
}

impl Word {
    /// A word the picture shows, legible as far as is known.
    pub fn new(text: impl Into<String>, place: Rect, confidence: f32, line: u32) -> Self {
        Self {
            text: text.into(),
            place,
            confidence,
            line,
            on_picture: true,
            legible: true,
            alternatives: Vec::new(),
        }
    }
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_true(value: &bool) -> bool {
    *value
}

/// One symbol that was decoded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Barcode {
    pub symbology: Symbology,
    pub text: String,
    #[serde(flatten)]
    pub place: Rect,
    /// Degrees clockwise by which the symbol is turned in the upright frame, 0 to 359.
    #[serde(default)]
    pub turn: u16,
    /// How many decodes of different pictures of it (scales, preparations) agreed; evidence needs two.
    pub agreeing: u8,
    /// Another decode at this place gave another value: the symbol contradicts itself.
    #[serde(default)]
    pub disputed: bool,
    /// Pixels of the upright frame per module (narrow bar); 0 where unknown.
    #[serde(default)]
    pub module: f32,
    /// The symbol says its content is a GS1 element string (`]C1`, `]d2`, `]Q3`).
    #[serde(default)]
    pub gs1: bool,
}

/// Kinds of symbols that are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Symbology {
    Code128,
    Code39,
    Codabar,
    Itf,
    Qr,
    DataMatrix,
    Pdf417,
    Aztec,
    /// Patch code; the text is one of `1 2 3 4 6 T`.
    Patch,
}

/// A part of the page with ink on it that cannot be presented as text.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PoorArea {
    #[serde(flatten)]
    pub place: Rect,
    pub kind: PoorKind,
    /// How sure it is that this is no readable print, 0 to 100.
    pub confidence: f32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PoorKind {
    /// Written by hand: signatures, notes, filled-in fields.
    Handwriting,
    /// Print too faint, broken or smeared.
    Poor,
}

impl Symbology {
    pub const ALL: [Self; 9] = [
        Self::Code128,
        Self::Code39,
        Self::Codabar,
        Self::Itf,
        Self::Qr,
        Self::DataMatrix,
        Self::Pdf417,
        Self::Aztec,
        Self::Patch,
    ];

    /// Whether control sheets carry it: such symbols are read whatever a house leaves out.
    pub const fn is_on_control_sheets(self) -> bool {
        matches!(self, Self::Qr | Self::Patch)
    }
}

/// What is wrong with the picture (an empty list is a good page), and what was measured.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    pub flags: Vec<QualityFlag>,
    /// Absent on pages read before it was measured, and on those that could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measures: Option<Measures>,
}

/// Measures of a page's picture, for trends and for comparing pages of one station.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Measures {
    /// Difference of paper and ink, 0 to 255.
    pub contrast: f32,
    /// Steepness of the edges of print: 1 is as sharp as the resolution allows, 0 is no edge at all.
    pub sharpness: f32,
    /// Share of the page that is ink, 0 to 1.
    pub ink: f32,
    /// Height of small letters, pixels of the upright frame; 0 where there are too few.
    pub x_height: f32,
    /// Where a line of dirt runs the height of the page, pixels from the left of the upright frame.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dropout: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QualityFlag {
    LowContrast,
    LowResolution,
    Blurred,
    /// Text touches the border.
    CutOff,
    /// A line of dirt runs the height of the page.
    DropoutLine,
    /// The file's data for this page were damaged; what could be decoded is shown.
    Damaged,
    /// Pixels were not square: a fax.
    Fax,
    /// Speckled with noise that was removed before reading.
    Noisy,
    /// Ink that no engine could read as text: handwriting, drawings.
    UnreadInk,
    /// Fed in at more than 15 degrees.
    Skewed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TextSource {
    Ocr,
    /// Text the file already carried.
    Embedded,
    None,
}

/// Engine, model, preparation and frame: `tesseract-5.3.0/eng/p3/f1`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ReaderVersion(pub String);

/// Why a file or a page could not be read. The words are for a clerk and never name a file or a patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{}: {detail}", code.words())]
pub struct Fault {
    pub code: FaultCode,
    /// What and which, in lower case: "page 3 ends in the middle".
    pub detail: String,
}

impl Fault {
    pub fn new(code: FaultCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultCode {
    Encrypted,
    /// Truncated, or not what its first bytes say.
    Damaged,
    /// No bytes, or no pages.
    Empty,
    Unsupported,
    TooLarge,
    /// This page crashed, hung or bloated the reader, twice.
    PageUnreadable,
}

impl FaultCode {
    pub const fn words(self) -> &'static str {
        match self {
            Self::Encrypted => "the file is locked with a password",
            Self::Damaged => "the file is damaged",
            Self::Empty => "the file has no pages",
            Self::Unsupported => "not a kind of file Chartroom reads",
            Self::TooLarge => "a page is larger than the limit",
            Self::PageUnreadable => "the page could not be read",
        }
    }
}

/// What an original turns out to hold, found without decoding its pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Survey {
    pub format: Format,
    /// At least 1; a file without pages is a [`Fault`].
    pub pages: u32,
    /// The file can be read but is not whole (an unreadable tail, counts that differ): everything of its batch
    /// is held.
    #[serde(default)]
    pub damage: Option<Fault>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    Pdf,
    Tiff,
    Jpeg,
    Png,
}
