//! What does a machine see on one page? The order of the steps stands here and nowhere else.

use std::path::PathBuf;

use records::geometry::Turn;
use records::reading::{PageReading, Quality, ReaderVersion, TextSource, Word};
use serde::{Deserialize, Serialize};

use crate::decode::DecodedPage;
use crate::error::PaperError;
use crate::ocr::engine::{Engine, Layout, library_version};
pub use crate::pictures::{Picture, Pictures};
use crate::prepare::plane::Plane;

/// What a reader is to read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// As Tesseract names them: "eng", "eng+deu".
    pub languages: String,
    /// Folder of the `*.traineddata` files; absent: where Tesseract looks by itself.
    pub tessdata: Option<PathBuf>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { languages: "eng".into(), tessdata: None }
    }
}

/// One warm engine that reads page after page.
pub struct Reader {
    engine: Engine,
    version: ReaderVersion,
}

impl Reader {
    /// Loads the models (70 ms a language).
    ///
    /// # Errors
    /// Says which model is missing and what to install.
    pub fn new(settings: &Settings) -> Result<Self, PaperError> {
        let engine = Engine::load(&settings.languages, settings.tessdata.as_deref())?;
        let version = ReaderVersion(format!("tesseract-{}/{}/p1/f1", library_version(), settings.languages));
        Ok(Self { engine, version })
    }

    /// Engine, models, preparation and frame: `tesseract-5.3.0/eng/p1/f1`.
    pub fn version(&self) -> ReaderVersion {
        self.version.clone()
    }

    /// Reads one page and makes its pictures. Never fails: what cannot be read is said in the reading.
    pub fn read(&mut self, page: DecodedPage) -> (PageReading, Pictures) {
        let plane = Plane::of(&page.raster, 1.0);
        self.engine.show(&plane, 300);
        let words: Vec<Word> = self.engine.read(Layout::Page);
        let reading = PageReading {
            width: plane.width,
            height: plane.height,
            dpi: [300, 300],
            native_dpi: None,
            turn: Turn::None,
            skew: 0.0,
            blank: false,
            confidence: 0.0,
            words,
            barcodes: Vec::new(),
            unread_symbols: Vec::new(),
            quality: Quality::default(),
            source: TextSource::Ocr,
            reader: self.version(),
            error: None,
        };
        (reading, Pictures::of(&page.raster))
    }
}
