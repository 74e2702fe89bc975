//! How is Tesseract asked for words? The one door to the engine; `leptess` is the way in.
//!
//! Everything here is safe: pixels go in through `set_image` of the wrapper as they are (no file format, no
//! copy of ours), words come out as Tesseract's own table, which has what `leptess` hides: boxes, confidence
//! and line of each word. Boxes are in pixels of the picture shown.

use std::ffi::CString;
use std::path::Path;

use leptess::tesseract::TessApi;
use records::geometry::Rect;
use records::reading::Word;

use crate::error::PaperError;
use crate::prepare::plane::Plane;

/// How the engine looks for lines (`--psm`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Finds blocks, columns and tables itself.
    Page,
    /// One block of lines.
    Block,
    /// One line.
    Line,
}

impl Layout {
    const fn number(self) -> &'static str {
        match self {
            Self::Page => "3",
            Self::Block => "6",
            Self::Line => "7",
        }
    }
}

/// One warm engine. Costs 70 ms to make; answers do not depend on what was asked before.
pub struct Engine {
    api: TessApi,
}

impl Engine {
    /// Loads the models of `languages` ("eng", "eng+deu") from `tessdata`, or from where Tesseract looks.
    ///
    /// # Errors
    /// Says which model is missing and what to install.
    pub fn load(languages: &str, tessdata: Option<&Path>) -> Result<Self, PaperError> {
        let plain = |c: char| c.is_ascii_alphanumeric() || "_+-/".contains(c);
        if languages.is_empty() || !languages.chars().all(plain) {
            return Err(PaperError::NotALanguage { languages: languages.into() });
        }
        if let Some(folder) = tessdata {
            let missing = languages.split('+').find(|name| !folder.join(format!("{name}.traineddata")).is_file());
            if let Some(language) = missing {
                return Err(PaperError::NoModel { language: language.into(), folder: folder.into() });
            }
        }
        let no_engine = || PaperError::NoEngine { languages: languages.into() };
        let folder = match tessdata {
            Some(folder) => Some(folder.to_str().ok_or_else(no_engine)?),
            None => None,
        };
        let mut api = TessApi::new(folder, languages).map_err(|_| no_engine())?;
        // Its remarks ("Detected 12 diacritics", "Estimating resolution") say nothing a log should keep.
        set(&mut api, "debug_file", "/dev/null");
        Ok(Self { api })
    }

    /// Shows the engine a picture. `dpi` is what it takes sizes of gaps, rules and noise from.
    pub fn show(&mut self, picture: &Plane, dpi: u32) {
        let side = |pixels: u32| i32::try_from(pixels).expect("decoders keep sides below 30,000");
        let (width, height) = (side(picture.width), side(picture.height));
        self.api
            .raw
            .set_image(&picture.pixels, width, height, 1, width)
            .expect("one byte a pixel, nothing between rows");
        self.api.set_source_resolution(side(dpi));
    }

    /// Reads the whole picture shown last.
    pub fn read(&mut self, layout: Layout) -> Vec<Word> {
        set(&mut self.api, "tessedit_pageseg_mode", layout.number());
        if self.api.recognize() != 0 {
            return Vec::new();
        }
        self.api.get_tsv_text(0).map_or_else(|_| Vec::new(), |table| words(&table))
    }

    /// Reads only a part of the picture shown last; boxes stay those of the whole picture.
    pub fn read_part(&mut self, part: Rect, layout: Layout) -> Vec<Word> {
        let number = |pixels: u32| i32::try_from(pixels).expect("a part lies inside its picture");
        self.api.set_rectangle(number(part.x), number(part.y), number(part.w), number(part.h));
        self.read(layout)
    }
}

/// The library's own number, for the reader version: "5.3.0".
pub fn library_version() -> String {
    tesseract_plumbing::version().to_string_lossy().into_owned()
}

fn set(api: &mut TessApi, name: &str, value: &str) {
    let name = CString::new(name).expect("names of ours hold no zero byte");
    let value = CString::new(value).expect("values of ours hold no zero byte");
    api.raw.set_variable(&name, &value).expect("a variable that Tesseract has had since version 3");
}

/// Rows of level 5 of Tesseract's table: level, page, block, paragraph, line, word, left, top, width, height,
/// confidence, text.
fn words(table: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let (mut line, mut last) = (0, None);
    for row in table.lines() {
        let cells: Vec<&str> = row.splitn(12, '\t').collect();
        let [level, _, block, paragraph, number, _, x, y, w, h, confidence, text] = cells[..] else { continue };
        if level != "5" || text.trim().is_empty() {
            continue;
        }
        let here = (block.to_owned(), paragraph.to_owned(), number.to_owned());
        if last.as_ref().is_some_and(|last| *last != here) {
            line += 1;
        }
        last = Some(here);
        let pixels = |cell: &str| cell.parse::<i64>().ok().and_then(|n| u32::try_from(n.max(0)).ok()).unwrap_or(0);
        let confidence = confidence.parse::<f32>().ok().filter(|c| c.is_finite()).unwrap_or(0.0);
        words.push(Word {
            text: text.trim().to_owned(),
            place: Rect { x: pixels(x), y: pixels(y), w: pixels(w), h: pixels(h) },
            confidence: confidence.clamp(0.0, 100.0),
            line,
            on_picture: true,
        });
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_one_line_share_its_number_and_layout_rows_are_passed_over() {
        let table = "1\t1\t0\t0\t0\t0\t0\t0\t9\t9\t-1\t\n\
                     5\t1\t1\t1\t1\t1\t10\t20\t30\t12\t96.5\tGlucose\n\
                     5\t1\t1\t1\t1\t2\t50\t20\t30\t12\t91\t104\n\
                     5\t1\t1\t1\t2\t1\t10\t40\t30\t12\tnan\tmg/dL\n\
                     5\t1\t1\t1\t2\t2\t10\t40\t30\t12\t95\t \n";
        let words = words(table);
        let seen: Vec<_> = words.iter().map(|w| (w.text.as_str(), w.line, w.confidence)).collect();
        assert_eq!(seen, [("Glucose", 0, 96.5), ("104", 0, 91.0), ("mg/dL", 1, 0.0)]);
    }

    #[test]
    fn a_missing_model_is_named_with_what_to_install() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let error = Engine::load("xyz", Some(folder.path())).err().expect("there is no such model");
        assert!(error.to_string().contains("tesseract-ocr-xyz"), "{error}");
    }
}
