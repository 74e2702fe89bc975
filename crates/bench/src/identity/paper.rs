//! What stands on a page, and where? A small typesetter for readings.

use records::geometry::{Rect, Turn};
use records::reading::{
    Barcode, Fault, FaultCode, PageReading, Quality, QualityFlag, ReaderVersion, Symbology, TextSource, Word,
};

/// A letter page at 300 dpi, typed 12 to the inch.
const WIDTH: u32 = 2550;
const HEIGHT: u32 = 3300;
pub(super) const LETTER: u32 = 25;
const LINE: u32 = 55;
const LETTER_HEIGHT: u32 = 34;

#[derive(Clone, Debug, Default)]
pub(super) struct Page {
    pub(super) lines: Vec<Line>,
    pub(super) barcodes: Vec<Barcode>,
    pub(super) unread: Vec<Rect>,
    pub(super) blank: bool,
    /// What is wrong with the picture.
    pub(super) flags: Vec<QualityFlag>,
    /// No machine could read it.
    pub(super) unreadable: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) text: String,
    /// Of its first letter, pixels.
    pub(super) x: u32,
    pub(super) y: u32,
    /// 0 to 100.
    pub(super) confidence: f32,
    /// Identity stands here: what noise does to it matters.
    pub(super) identity: bool,
}

impl Page {
    /// A back that nobody wrote on.
    pub(super) fn white() -> Self {
        Self { blank: true, ..Self::default() }
    }

    pub(super) fn titled(title: &str) -> Self {
        let mut page = Self::default();
        page.at(900, 160, title);
        page
    }

    pub(super) fn at(&mut self, x: u32, y: u32, text: &str) -> &mut Line {
        self.lines.push(Line { text: text.into(), x, y, confidence: 94.0, identity: false });
        self.lines.last_mut().expect("just pushed")
    }

    pub(super) fn identity_at(&mut self, x: u32, y: u32, text: &str) {
        self.at(x, y, text).identity = true;
    }

    /// A paragraph below everything else.
    pub(super) fn body(&mut self, lines: &[String]) {
        let mut y = self.lines.iter().map(|line| line.y).max().unwrap_or(200) + 2 * LINE;
        for line in lines {
            self.at(200, y, line);
            y += LINE;
        }
    }

    /// A symbol whose content every decoder agrees on.
    pub(super) fn symbol(&mut self, symbology: Symbology, place: Rect, text: &str) {
        self.barcodes.push(Barcode {
            symbology,
            text: text.into(),
            place,
            turn: 0,
            agreeing: 3,
            disputed: false,
            module: 4.0,
            gs1: false,
        });
    }

    /// A number in bars, and below it as text.
    pub(super) fn bars(&mut self, x: u32, y: u32, number: &str, printed: &str) {
        self.symbol(Symbology::Code128, Rect { x, y, w: 520, h: 110 }, number);
        self.identity_at(x + 120, y + 125, printed);
    }

    /// What a scanner and an engine would have made of it.
    pub(super) fn reading(&self) -> PageReading {
        let version = ReaderVersion("scripted/1".into());
        if self.unreadable {
            let fault = Fault::new(FaultCode::PageUnreadable, "the reader crashed twice over it");
            return PageReading::unreadable(fault, version);
        }
        let mut lines: Vec<&Line> = self.lines.iter().collect();
        lines.sort_by_key(|line| (line.y, line.x));
        let mut words = Vec::new();
        for (number, line) in (0..).zip(lines) {
            let mut column = 0;
            for word in line.text.split(' ') {
                let letters = word.chars().count() as u32;
                let place =
                    Rect { x: line.x + column * LETTER, y: line.y, w: letters * LETTER, h: LETTER_HEIGHT };
                column += letters + 1;
                if letters > 0 {
                    let confidence = line.confidence;
                    words.push(Word::new(word, place, confidence, number));
                }
            }
        }
        let confidence = words.iter().map(|word| word.confidence).sum::<f32>() / words.len().max(1) as f32;
        PageReading {
            width: WIDTH,
            height: HEIGHT,
            dpi: [300, 300],
            native_dpi: Some([300, 300]),
            turn: Turn::None,
            skew: 0.0,
            blank: self.blank,
            confidence,
            words,
            barcodes: self.barcodes.clone(),
            unread_symbols: self.unread.clone(),
            poor_areas: Vec::new(),
            header_lines: Vec::new(),
            footer_lines: Vec::new(),
            quality: Quality { flags: self.flags.clone(), measures: None },
            source: TextSource::Ocr,
            reader: version,
            error: None,
        }
    }
}
