//! How is zxing-cpp asked for symbols? The one door to it.

use records::geometry::Rect;
use records::reading::Symbology;
use zxingcpp::{BarcodeFormat, Binarizer, ImageFormat, ImageView, TextMode};

use crate::prepare::plane::Plane;

/// What is looked for, and how hard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// A field of modules, without bars: only kinds that have rows of modules.
    Field,
    /// A part that may hold a symbol: only kinds that are not found where there are none. Codabar and ITF are: they
    /// are seen in tables and rules.
    Page,
    /// A part of a page that looks like a symbol: all kinds, also those that are only named, not read.
    Part,
}

/// Which linear kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bars {
    /// Those that may be a record's number.
    Ours,
    /// Those that are only named.
    Foreign,
}

/// What ink is darker than.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Threshold {
    /// The mean around it.
    Local,
    /// One value for the whole picture.
    One,
}

/// One symbol in one picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Decode {
    /// `None`: a kind that is never a record's number (a price code).
    pub symbology: Option<Symbology>,
    pub text: String,
    /// Smallest upright box around it.
    pub place: Rect,
    /// Corners from its own top left, clockwise, pixels.
    pub corners: [(f32, f32); 4],
    /// Degrees clockwise by which it is turned, 0 to 359.
    pub turn: u16,
    pub gs1: bool,
}

const FIELD: &[BarcodeFormat] =
    &[BarcodeFormat::QRCode, BarcodeFormat::DataMatrix, BarcodeFormat::PDF417, BarcodeFormat::Aztec];
const PAGE: &[BarcodeFormat] = &[
    BarcodeFormat::Code128,
    BarcodeFormat::Code39,
    BarcodeFormat::QRCode,
    BarcodeFormat::DataMatrix,
    BarcodeFormat::PDF417,
    BarcodeFormat::Aztec,
];
const PART: &[BarcodeFormat] = &[
    BarcodeFormat::Code128,
    BarcodeFormat::Code39,
    BarcodeFormat::QRCode,
    BarcodeFormat::DataMatrix,
    BarcodeFormat::PDF417,
    BarcodeFormat::Aztec,
    BarcodeFormat::Codabar,
    BarcodeFormat::ITF,
    BarcodeFormat::EANUPC,
    BarcodeFormat::Code93,
    BarcodeFormat::DataBar,
];
/// Codabar and ITF have no check of their own: shorter ones are found in anything with bars.
const LEAST_WITHOUT_CHECK: usize = 8;

const OURS: &[BarcodeFormat] =
    &[BarcodeFormat::Code128, BarcodeFormat::Code39, BarcodeFormat::Codabar, BarcodeFormat::ITF];
const FOREIGN: &[BarcodeFormat] = &[BarcodeFormat::EANUPC, BarcodeFormat::Code93, BarcodeFormat::DataBar];

impl Decode {
    /// Whether the other was found at the same place: the middle of one lies in the other.
    pub fn is_at(&self, other: &Self) -> bool {
        self.holds(other.middle(), 4.0) || other.holds(self.middle(), 4.0)
    }

    /// Whether the other says the same, near enough to be the same symbol seen at another of its lines.
    pub fn agrees(&self, other: &Self) -> bool {
        self.text == other.text
            && self.symbology == other.symbology
            && (self.holds(other.middle(), 60.0) || other.holds(self.middle(), 60.0))
    }

    /// Of a part of a page that begins there, on the page.
    #[must_use]
    pub fn shifted(self, x: u32, y: u32) -> Self {
        let corners = self.corners.map(|corner| (corner.0 + x as f32, corner.1 + y as f32));
        Self { corners, ..self }.boxed()
    }

    /// With the smallest box around its corners.
    #[must_use]
    pub fn boxed(self) -> Self {
        let least = |of: fn(&(f32, f32)) -> f32| {
            self.corners.iter().map(of).fold(f32::INFINITY, f32::min).max(0.0) as u32
        };
        let most = |of: fn(&(f32, f32)) -> f32| self.corners.iter().map(of).fold(0.0, f32::max) as u32;
        let (x, y) = (least(|c| c.0), least(|c| c.1));
        let (right, bottom) = (most(|c| c.0).max(x) + 1, most(|c| c.1).max(y) + 1);
        Self { place: Rect { x, y, w: right - x, h: bottom - y }, ..self }
    }

    fn middle(&self) -> (f32, f32) {
        let sum = self.corners.iter().fold((0.0, 0.0), |sum, corner| (sum.0 + corner.0, sum.1 + corner.1));
        (sum.0 / 4.0, sum.1 / 4.0)
    }

    /// Whether a point lies within its corners, or at most so many pixels outside.
    fn holds(&self, (x, y): (f32, f32), slack: f32) -> bool {
        let mut sides = [0.0_f32; 2];
        for at in 0..4 {
            let ((ax, ay), (bx, by)) = (self.corners[at], self.corners[(at + 1) % 4]);
            let side = (bx - ax).hypot(by - ay);
            if side >= 0.5 {
                let off = ((bx - ax) * (y - ay) - (by - ay) * (x - ax)) / side;
                sides = [sides[0].min(off), sides[1].max(off)];
            }
        }
        // On one hand of all four sides; which one tells whether the symbol is mirrored.
        sides[0] >= -slack || sides[1] <= slack
    }
}

/// What lines across bars say, each row of the picture a line of ink (0) and paper.
pub fn decode_lines(lines: &Plane, bars: Bars) -> Vec<Decode> {
    let Ok(view) = ImageView::from_slice(&lines.pixels, lines.width, lines.height, ImageFormat::Lum) else {
        return Vec::new();
    };
    let reader = zxingcpp::read()
        .formats(if bars == Bars::Ours { OURS } else { FOREIGN })
        .try_harder(true)
        .try_rotate(false)
        .try_invert(false)
        .try_downscale(false)
        .binarizer(Binarizer::FixedThreshold)
        .text_mode(TextMode::Plain)
        .min_line_count(2);
    let found = reader.from(view).unwrap_or_default();
    found.iter().filter(|symbol| symbol.is_valid()).filter_map(read).collect()
}

/// All symbols of a picture.
pub fn decode(plane: &Plane, effort: Effort, threshold: Threshold) -> Vec<Decode> {
    let Ok(view) = ImageView::from_slice(&plane.pixels, plane.width, plane.height, ImageFormat::Lum) else {
        return Vec::new(); // larger than the library counts
    };
    let reader = zxingcpp::read()
        .formats(match effort {
            Effort::Field => FIELD,
            Effort::Page => PAGE,
            Effort::Part => PART,
        })
        .try_harder(true)
        .try_rotate(true)
        .try_invert(effort == Effort::Part)
        // Fields are looked at in smaller pictures anyhow.
        .try_downscale(effort != Effort::Field)
        .binarizer(match threshold {
            Threshold::Local => Binarizer::LocalAverage,
            Threshold::One => Binarizer::GlobalHistogram,
        })
        // As it is encoded: GS1 parts end with the group separator, not in brackets.
        .text_mode(TextMode::Plain)
        // One scan line alone reads wrong values; two that agree do not.
        .min_line_count(2);
    let found = reader.from(view).unwrap_or_default();
    found.iter().filter(|symbol| symbol.is_valid()).filter_map(read).collect()
}

fn read(symbol: &zxingcpp::Barcode) -> Option<Decode> {
    let text = symbol.text();
    let symbology = match symbol.symbology() {
        BarcodeFormat::Code128 => Some(Symbology::Code128),
        BarcodeFormat::Code39 => Some(Symbology::Code39),
        BarcodeFormat::Codabar => Some(Symbology::Codabar),
        BarcodeFormat::ITF => Some(Symbology::Itf),
        BarcodeFormat::QRCode => Some(Symbology::Qr),
        BarcodeFormat::DataMatrix => Some(Symbology::DataMatrix),
        BarcodeFormat::PDF417 => Some(Symbology::Pdf417),
        BarcodeFormat::Aztec => Some(Symbology::Aztec),
        _ => None,
    };
    let unchecked = matches!(symbology, Some(Symbology::Codabar | Symbology::Itf));
    if text.is_empty() || (unchecked && text.chars().count() < LEAST_WITHOUT_CHECK) {
        return None;
    }
    let at = symbol.position();
    let corners =
        [at.top_left, at.top_right, at.bottom_right, at.bottom_left].map(|p| (p.x as f32, p.y as f32));
    let gs1 = ["]C1", "]d2", "]Q3"].contains(&symbol.symbology_identifier().as_str());
    let turn = symbol.orientation().rem_euclid(360) as u16;
    Some(Decode { symbology, text, place: Rect::default(), corners, turn, gs1 }.boxed())
}
