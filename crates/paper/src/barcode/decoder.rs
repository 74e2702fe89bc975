//! How is zxing-cpp asked for symbols? The one door to it.

use records::geometry::Rect;
use records::reading::Symbology;
use zxingcpp::{BarcodeFormat, Binarizer, ImageFormat, ImageView, TextMode};

use crate::prepare::plane::Plane;

/// What is looked for, and how hard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// A whole page: only kinds that are not found where there are none. Codabar and ITF are: they are seen in
    /// tables and rules.
    Page,
    /// A part in which one of these kinds was found: the same kinds, so that nothing else contradicts it.
    Again,
    /// A part of a page that looks like a symbol: all kinds, also those that are only named, not read.
    Part,
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

impl Decode {
    /// Whether the other was found at the same place.
    pub fn is_at(&self, other: &Self) -> bool {
        let near = |a: Rect, (x, y): (u32, u32)| a.grown(4).holds(x, y);
        near(self.place, other.place.centre()) || near(other.place, self.place.centre())
    }
}

/// All symbols of a picture.
pub fn decode(plane: &Plane, effort: Effort, threshold: Threshold) -> Vec<Decode> {
    let Ok(view) = ImageView::from_slice(&plane.pixels, plane.width, plane.height, ImageFormat::Lum) else {
        return Vec::new(); // larger than the library counts
    };
    let reader = zxingcpp::read()
        .formats(if effort == Effort::Part { PART } else { PAGE })
        .try_harder(true)
        .try_rotate(true)
        .try_invert(effort == Effort::Part)
        .try_downscale(effort != Effort::Page)
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
    let least =
        |of: fn(&(f32, f32)) -> f32| corners.iter().map(of).fold(f32::INFINITY, f32::min).max(0.0) as u32;
    let most = |of: fn(&(f32, f32)) -> f32| corners.iter().map(of).fold(0.0, f32::max) as u32;
    let (x, y) = (least(|c| c.0), least(|c| c.1));
    let (right, bottom) = (most(|c| c.0).max(x) + 1, most(|c| c.1).max(y) + 1);
    let gs1 = ["]C1", "]d2", "]Q3"].contains(&symbol.symbology_identifier().as_str());
    Some(Decode {
        symbology,
        text,
        place: Rect { x, y, w: right - x, h: bottom - y },
        corners,
        turn: symbol.orientation().rem_euclid(360) as u16,
        gs1,
    })
}
