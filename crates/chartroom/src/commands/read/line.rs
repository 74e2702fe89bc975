//! How is one page written as a line of JSON? Names and meaning are a promise to scripts.

use records::geometry::Rect;
use records::reading::{Barcode, PageReading, PoorArea, Quality, ReaderVersion, Symbology, TextSource, Word};
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Line<'a> {
    /// As it was given.
    file: &'a str,
    /// From 1; 0 for a file that cannot be opened.
    page: u32,
    width: u32,
    height: u32,
    dpi: [u32; 2],
    native_dpi: Option<[u32; 2]>,
    /// Degrees clockwise.
    turn: u16,
    skew: f64,
    blank: bool,
    confidence: f64,
    text: String,
    words: Vec<WordOut<'a>>,
    barcodes: Vec<BarcodeOut<'a>>,
    unread_symbols: &'a [Rect],
    poor_areas: &'a [PoorArea],
    header_lines: &'a [u32],
    footer_lines: &'a [u32],
    quality: &'a Quality,
    source: TextSource,
    reader: &'a str,
    error: Option<String>,
}

#[derive(Serialize)]
struct WordOut<'a> {
    text: &'a str,
    #[serde(flatten)]
    place: Rect,
    confidence: f64,
    line: u32,
    /// Said only where the picture does not say so.
    #[serde(skip_serializing_if = "Option::is_none")]
    on_picture: Option<bool>,
    /// Said only where it is no text.
    #[serde(skip_serializing_if = "Option::is_none")]
    legible: Option<bool>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    alternatives: &'a [String],
}

#[derive(Serialize)]
struct BarcodeOut<'a> {
    symbology: Symbology,
    text: &'a str,
    #[serde(flatten)]
    place: Rect,
    turn: u16,
    agreeing: u8,
    disputed: bool,
}

impl<'a> Line<'a> {
    pub(super) fn of(file: &'a str, page: u32, reading: &'a PageReading) -> Self {
        Self {
            file,
            page,
            width: reading.width,
            height: reading.height,
            dpi: reading.dpi,
            native_dpi: reading.native_dpi,
            turn: reading.turn.degrees(),
            skew: rounded(reading.skew, 100.0),
            blank: reading.blank,
            confidence: rounded(reading.confidence, 10.0),
            text: reading.text(),
            words: reading.words.iter().map(WordOut::of).collect(),
            barcodes: reading.barcodes.iter().map(BarcodeOut::of).collect(),
            unread_symbols: &reading.unread_symbols,
            poor_areas: &reading.poor_areas,
            header_lines: &reading.header_lines,
            footer_lines: &reading.footer_lines,
            quality: &reading.quality,
            source: reading.source,
            reader: &reading.reader.0,
            error: reading.error.as_ref().map(ToString::to_string),
        }
    }

    /// A page, or with 0 a file, of which nothing is known but why.
    pub(super) fn failed(file: &'a str, page: u32, why: String, reader: &'a ReaderVersion) -> Self {
        const NOTHING: &Quality = &Quality { flags: Vec::new(), measures: None };
        Self {
            file,
            page,
            width: 0,
            height: 0,
            dpi: [0, 0],
            native_dpi: None,
            turn: 0,
            skew: 0.0,
            blank: false,
            confidence: 0.0,
            text: String::new(),
            words: Vec::new(),
            barcodes: Vec::new(),
            unread_symbols: &[],
            poor_areas: &[],
            header_lines: &[],
            footer_lines: &[],
            quality: NOTHING,
            source: TextSource::None,
            reader: &reader.0,
            error: Some(why),
        }
    }
}

impl<'a> WordOut<'a> {
    fn of(word: &'a Word) -> Self {
        let Word { text, place, confidence, line, on_picture, legible, alternatives } = word;
        Self {
            text,
            place: *place,
            confidence: rounded(*confidence, 10.0),
            line: *line,
            on_picture: (!on_picture).then_some(false),
            legible: (!legible).then_some(false),
            alternatives,
        }
    }
}

impl<'a> BarcodeOut<'a> {
    fn of(barcode: &'a Barcode) -> Self {
        let Barcode { symbology, text, place, turn, agreeing, disputed, .. } = barcode;
        Self {
            symbology: *symbology,
            text,
            place: *place,
            turn: *turn,
            agreeing: *agreeing,
            disputed: *disputed,
        }
    }
}

/// To so many parts of one; "-0" is 0.
fn rounded(value: f32, parts: f64) -> f64 {
    (f64::from(value) * parts).round() / parts + 0.0
}

#[cfg(test)]
mod tests {
    use records::geometry::Turn;
    use records::reading::{Fault, FaultCode, QualityFlag};
    use serde_json::{Value, json};

    use super::*;

    fn read() -> PageReading {
        let word = |text: &str, line, on_picture| Word {
            on_picture,
            ..Word::new(text, Rect { x: 212, y: 640, w: 160, h: 31 }, 95.123, line)
        };
        PageReading {
            width: 2550,
            height: 3300,
            dpi: [300, 300],
            native_dpi: Some([204, 98]),
            turn: Turn::Half,
            skew: -0.7,
            confidence: 91.44,
            words: vec![word("Glucose", 0, true), word("104", 0, true), word("hidden", 1, false)],
            barcodes: vec![Barcode {
                symbology: Symbology::Code128,
                text: "00123456".into(),
                place: Rect { x: 1700, y: 120, w: 520, h: 110 },
                turn: 90,
                agreeing: 2,
                disputed: false,
                module: 4.0,
                gs1: false,
            }],
            quality: Quality { flags: vec![QualityFlag::LowContrast], measures: None },
            source: TextSource::Ocr,
            error: None,
            ..PageReading::unreadable(
                Fault::new(FaultCode::Empty, "-"),
                ReaderVersion("tesseract-5.3/eng/p1".into()),
            )
        }
    }

    #[test]
    fn a_page_is_written_as_promised() {
        let line = serde_json::to_value(Line::of("a.tif", 1, &read())).unwrap();
        let place = |text: &str, x: u32| json!({ "text": text, "x": x, "y": 640, "w": 160, "h": 31, "confidence": 95.1, "line": 0 });
        assert_eq!(
            line,
            json!({
                "file": "a.tif", "page": 1, "width": 2550, "height": 3300, "dpi": [300, 300], "native_dpi": [204, 98],
                "turn": 180, "skew": -0.7, "blank": false, "confidence": 91.4, "text": "Glucose 104\nhidden",
                "words": [
                    place("Glucose", 212), place("104", 212),
                    { "text": "hidden", "x": 212, "y": 640, "w": 160, "h": 31, "confidence": 95.1, "line": 1, "on_picture": false },
                ],
                "barcodes": [{
                    "symbology": "code128", "text": "00123456", "x": 1700, "y": 120, "w": 520, "h": 110,
                    "turn": 90, "agreeing": 2, "disputed": false,
                }],
                "unread_symbols": [], "poor_areas": [], "header_lines": [], "footer_lines": [],
                "quality": { "flags": ["low_contrast"] }, "source": "ocr",
                "reader": "tesseract-5.3/eng/p1", "error": null,
            })
        );
    }

    #[test]
    fn a_file_that_cannot_be_opened_is_a_line_of_page_0() {
        let version = ReaderVersion("r".into());
        let line = serde_json::to_value(Line::failed("c.tif", 0, "no such file".into(), &version)).unwrap();
        let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&line), keys(&serde_json::to_value(Line::of("a.tif", 1, &read())).unwrap()));
        assert_eq!((&line["page"], &line["error"]), (&json!(0), &json!("no such file")));
    }

    #[test]
    fn an_unreadable_page_is_still_a_line() {
        let fault = Fault::new(FaultCode::Encrypted, "a password is asked for");
        let reading = PageReading::unreadable(fault, ReaderVersion("r".into()));
        let line = serde_json::to_value(Line::of("b.pdf", 3, &reading)).unwrap();
        assert_eq!(line["error"], "the file is locked with a password: a password is asked for");
        assert_eq!(
            (&line["source"], &line["native_dpi"], &line["words"]),
            (&json!("none"), &Value::Null, &json!([]))
        );
    }
}
