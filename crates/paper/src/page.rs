//! What does a machine see on one page? The order of the steps stands here and in `look`, and nowhere else.

use std::path::PathBuf;

use records::geometry::{Rect, Turn};
use records::reading::{PageReading, PoorArea, ReaderVersion, Symbology, TextSource, Word, margins};
use serde::{Deserialize, Serialize};

use crate::barcode::{self, Symbols};
use crate::blank::{is_blank, is_dark, may_be_blank};
use crate::decode::{DecodedPage, EmbeddedWord};
use crate::error::PaperError;
use crate::ocr::coverage::mean_confidence;
use crate::ocr::embedded::{self, Carried};
use crate::ocr::engine::{Engine, library_version};
pub use crate::pictures::{Picture, Pictures};
use crate::prepare::frame::turned_place;
use crate::prepare::plane::Plane;
use crate::prepare::resolution::{Resolution, enlarged};
use crate::prepare::sheet::Sheet;
use crate::prepare::stamps;
use crate::quality::{self, Seen};
use crate::raster::{Pixels, Raster};
use crate::upright::{self, Settled};

mod look;
use look::Look;

/// What a reader is to read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// As Tesseract names them: "eng", "eng+deu".
    pub languages: String,
    /// Folder of the `*.traineddata` files; absent: where Tesseract looks by itself.
    pub tessdata: Option<PathBuf>,
    /// Kinds of symbols that count. Those of control sheets always do.
    pub symbologies: Vec<Symbology>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { languages: "eng".into(), tessdata: None, symbologies: Symbology::ALL.to_vec() }
    }
}

/// One warm engine that reads page after page. What it says of a page does not depend on pages before.
pub struct Reader {
    engine: Engine,
    symbologies: Vec<Symbology>,
    version: ReaderVersion,
}

/// What is told of a page before it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glance {
    /// What would set it upright, the file's own turn with it.
    pub turn: Turn,
    pub blank: bool,
    /// Parts of it that the engine was asked to read for this.
    pub trials: usize,
}

/// A page's picture made ready, and what had to be known for it.
struct Scan {
    square: Raster,
    resolution: Resolution,
    /// How many times the sheet is smaller than the page.
    shrink: f32,
    dark: bool,
    sheet: Sheet,
    /// Dots an inch of the sheet.
    sheet_dpi: u32,
}

impl Scan {
    fn of(raster: Raster) -> Self {
        let stated = raster.dpi;
        let hard = matches!(raster.pixels, Pixels::Ink(_));
        let square = raster.squared();
        let resolution = Resolution::of(stated, &square);
        let bilevel = matches!(square.pixels, Pixels::Ink(_));
        let shrink = resolution.shrink(bilevel);
        let plane = Plane::of(&square, shrink);
        let dark = is_dark(&plane);
        let sheet_dpi = (resolution.dpi as f32 / shrink) as u32;
        let mut sheet = Sheet::of(plane, bilevel);
        // Shrinking rounds stairs, and so does the blur of a screen.
        sheet.hard = hard && shrink == 1.0 && !sheet.screened;
        Self { resolution, shrink, dark, sheet, sheet_dpi, square }
    }
}

impl Reader {
    /// Loads the models (70 ms a language).
    ///
    /// # Errors
    /// Says which model is missing and what to install.
    pub fn new(settings: &Settings) -> Result<Self, PaperError> {
        if std::env::var_os("OMP_THREAD_LIMIT").is_none_or(|limit| limit != "1") {
            // On two cores a page took seven times as long.
            tracing::warn!("OMP_THREAD_LIMIT is not 1: tesseract's own threads will hinder each other");
        }
        let engine = Engine::load(&settings.languages, settings.tessdata.as_deref())?;
        let version = ReaderVersion(format!("tesseract-{}/{}/p3/f1", library_version(), settings.languages));
        Ok(Self { engine, symbologies: settings.symbologies.clone(), version })
    }

    /// Engine, models, preparation and frame: `tesseract-5.3.0/eng/p3/f1`.
    pub fn version(&self) -> ReaderVersion {
        self.version.clone()
    }

    /// Reads one page and makes its pictures. Never fails: what cannot be read is said in the reading.
    pub fn read(&mut self, page: DecodedPage) -> (PageReading, Pictures) {
        let DecodedPage { raster, turned: by_file, damage, embedded } = page;
        let size = (raster.width, raster.height);
        let Scan { square, resolution, shrink, dark, sheet, sheet_dpi } = Scan::of(raster);
        let blank = says_nothing(&sheet, &square, shrink, sheet_dpi);
        let (sheet, turn, look, symbols) = if blank {
            (sheet, Turn::None, Look::nothing(), Symbols::default())
        } else {
            let mut sheet = sheet.darkened();
            sheet.under = stamps::under(&square, shrink, sheet.letter_height());
            let stands = upright::settle(&mut self.engine, &sheet);
            self.look_upright(sheet, stands)
        };

        let carried = upright_words(&embedded, size, &square, turn);
        let frame = square.turned(turn);
        let to_frame = |place: Rect| enlarged(place, shrink, &frame);
        let symbols = symbols.only(&self.symbologies).without_print(&look.words).mapped(to_frame, shrink);
        let seen = Seen {
            sheet: &sheet,
            resolution,
            shrink,
            damaged: damage.is_some(),
            blank,
            skew: look.skew,
            words: &look.words,
            open: look.coverage.open.len(),
            open_share: look.coverage.open_share,
        };
        let quality = quality::of(&seen);
        let poor_areas =
            look.poor.into_iter().map(|area| PoorArea { place: to_frame(area.place), ..area }).collect();
        let read: Vec<Word> =
            look.words.into_iter().map(|word| Word { place: to_frame(word.place), ..word }).collect();
        let (words, source) = match embedded::merged(&carried, &read) {
            Some(words) => (words, TextSource::Embedded),
            None if read.is_empty() => (read, TextSource::None),
            None => (read, TextSource::Ocr),
        };
        let (header_lines, footer_lines) = margins(&words, frame.height);
        let pictures = Pictures::of(&frame);
        let reading = PageReading {
            width: frame.width,
            height: frame.height,
            dpi: [resolution.dpi; 2],
            native_dpi: resolution.native,
            turn: by_file.then(turn),
            skew: look.skew,
            blank: blank && !dark && words.is_empty(),
            confidence: mean_confidence(&words),
            words,
            barcodes: symbols.found,
            unread_symbols: symbols.unread,
            poor_areas,
            header_lines,
            footer_lines,
            quality,
            source,
            reader: self.version(),
            error: None,
        };
        (reading, pictures)
    }

    /// What is told of a page before it is read: all that [`Self::read`] does to set it upright and to see whether
    /// it is blank, but for the second thoughts about a page that reads badly.
    pub fn glance(&mut self, page: DecodedPage) -> Glance {
        let Scan { square, shrink, dark, sheet, sheet_dpi, .. } = Scan::of(page.raster);
        if says_nothing(&sheet, &square, shrink, sheet_dpi) {
            return Glance { turn: page.turned, blank: !dark, trials: 0 };
        }
        let settled = upright::settle(&mut self.engine, &sheet.darkened());
        Glance { turn: page.turned.then(settled.turn), blank: false, trials: settled.trials }
    }

    /// Reads a sheet and, where it reads badly, asks whether it is the wrong way up; the better look stays.
    fn look_upright(&mut self, sheet: Sheet, settled: Settled) -> (Sheet, Turn, Look, Symbols) {
        let Settled { turn, trials } = settled;
        let mut sheet = sheet.turned(turn);
        let symbols = barcode::find(&sheet);
        let symbol = |point| symbols.hold(point) || symbols.may_hold(point);
        sheet = sheet.cleaned(symbol);
        sheet.leave_out(symbol);
        let look = self.look(&sheet, &symbols);
        // Who was asked before would say the same again.
        let other = if trials > 0 || look.reads_well(&sheet) {
            Turn::None
        } else {
            upright::ask(&mut self.engine, &sheet).turn
        };
        if other == Turn::None {
            return (sheet, turn, look, symbols);
        }
        let turned = sheet.turned(other);
        let symbols_turned = barcode::find(&turned);
        let again = self.look(&turned, &symbols_turned);
        if mean_confidence(&again.words) > mean_confidence(&look.words) {
            (turned, turn.then(other), again, symbols_turned)
        } else {
            (turned.turned(other.back()), turn, look, symbols)
        }
    }
}

/// The view of a page whose reading is known: `turn` is what that says. Costs no reading.
pub fn view(page: DecodedPage, turn: Turn) -> Picture {
    let further = page.turned.back().then(turn);
    crate::pictures::view(&page.raster.squared().turned(further))
}

/// Whether nothing that anybody made is on a page: no writing and no symbol. Under noise and dots nobody can say.
fn says_nothing(sheet: &Sheet, square: &Raster, shrink: f32, dpi: u32) -> bool {
    let bilevel = matches!(square.pixels, Pixels::Ink(_));
    !sheet.noisy
        && !sheet.screened
        && may_be_blank(&sheet.ink)
        && is_blank(Plane::of(square, shrink), bilevel, dpi)
        && barcode::find(sheet).is_empty()
}

/// The visible words a file carries, in pixels of the upright frame.
fn upright_words(embedded: &[EmbeddedWord], size: (u32, u32), square: &Raster, turn: Turn) -> Vec<Carried> {
    let scaled =
        |at: u32, old: u32, new: u32| (u64::from(at) * u64::from(new) / u64::from(old.max(1))) as u32;
    let visible = embedded.iter().filter(|word| word.visible);
    visible
        .map(|word| {
            let (x, y) =
                (scaled(word.place.x, size.0, square.width), scaled(word.place.y, size.1, square.height));
            let right = scaled(word.place.right(), size.0, square.width).max(x + 1);
            let bottom = scaled(word.place.bottom(), size.1, square.height).max(y + 1);
            let place =
                turned_place(Rect { x, y, w: right - x, h: bottom - y }, (square.width, square.height), turn);
            Carried { text: word.text.clone(), place }
        })
        .collect()
}
