//! How is Tesseract asked for words? The one door to the engine; `leptess` is the way in.
//!
//! Pixels go in as they are, through the wrapper: no file format between. What `leptess` hides (words with their
//! boxes, confidence and line; forgetting the page before) is asked of the library itself, here and nowhere
//! else. (Its table of words, which `leptess` does give, takes 140 ms a page to write.)

use std::ffi::{CStr, CString};
use std::path::Path;

use leptess::capi;
use leptess::tesseract::TessApi;
use records::geometry::Rect;
use records::reading::Word;

use super::alternatives;
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

/// What the engine finds out about a page and nobody asks it for: typewriter spacing (the network sees the spaces
/// itself) and paragraphs by their wording. 3 % of a page's time; the words are the same without.
const NOT_ASKED: [(&str, &str); 2] = [("textord_all_prop", "1"), ("paragraph_text_based", "0")];

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
            let missing =
                languages.split('+').find(|name| !folder.join(format!("{name}.traineddata")).is_file());
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
        let settings = NOT_ASKED.iter().chain(&alternatives::SETTINGS);
        settings.for_each(|(name, value)| set(&mut api, name, value));
        let loaded = words::loaded_languages(&mut api);
        match languages.split('+').find(|language| !loaded.iter().any(|name| name == language)) {
            Some(language) => Err(PaperError::NotLoaded { language: language.into() }),
            None => Ok(Self { api }),
        }
    }

    /// Shows the engine a picture of dark print; it forgets what it learned from those before. `dpi` is what it
    /// takes sizes of gaps, rules and noise from.
    pub fn show(&mut self, picture: &Plane, dpi: u32) {
        let side = |pixels: u32| i32::try_from(pixels).expect("decoders keep sides below 30,000");
        let (width, height) = (side(picture.width), side(picture.height));
        words::forget(&mut self.api);
        self.api
            .raw
            .set_image(&picture.pixels, width, height, 1, width)
            .expect("one byte a pixel, nothing between rows");
        self.api.set_source_resolution(side(dpi));
        set(&mut self.api, "tessedit_do_invert", "0");
    }

    /// The picture shown last has white print on black, too: what reads poorly is read once more the other way
    /// round. On damaged pages that costs a quarter of the time, and hardly any page has such print.
    pub fn expect_white_print(&mut self) {
        set(&mut self.api, "tessedit_do_invert", "1");
    }

    /// Reads the whole picture shown last.
    pub fn read(&mut self, layout: Layout) -> Vec<Word> {
        set(&mut self.api, "tessedit_pageseg_mode", layout.number());
        if self.api.recognize() == 0 { words::of(&mut self.api) } else { Vec::new() }
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

/// What the library gives and `leptess` does not pass on.
#[expect(
    unsafe_code,
    reason = "leptess hides the iterator over words and the engine's memory of earlier pages"
)]
mod words {
    use super::{CStr, Rect, TessApi, Word, alternatives, capi};

    const WORD: capi::TessPageIteratorLevel = capi::TessPageIteratorLevel_RIL_WORD;
    const LINE: capi::TessPageIteratorLevel = capi::TessPageIteratorLevel_RIL_TEXTLINE;

    /// The library's handle. The wrapper is a struct of this one pointer and keeps it to itself; should that
    /// change, this no longer compiles.
    fn handle(api: &mut TessApi) -> *mut capi::TessBaseAPI {
        const { assert!(size_of_val_of(|api: &TessApi| &api.raw) == size_of::<*mut capi::TessBaseAPI>()) };
        // SAFETY: of the same size and alignment as the pointer that is its only field.
        unsafe { *std::ptr::from_mut(&mut api.raw).cast::<*mut capi::TessBaseAPI>() }
    }

    const fn size_of_val_of<T>(_: fn(&TessApi) -> &T) -> usize {
        size_of::<T>()
    }

    /// Of several models the library loads those it finds.
    pub(super) fn loaded_languages(api: &mut TessApi) -> Vec<String> {
        // SAFETY: the library gives a list of C strings that ends with a null pointer; each is copied, and the
        // whole is freed by who made it.
        unsafe {
            let list = capi::TessBaseAPIGetLoadedLanguagesAsVector(handle(api));
            let all = (0..).map(|at| *list.add(at)).take_while(|name| !name.is_null());
            let names = all.map(|name| CStr::from_ptr(name).to_string_lossy().into_owned()).collect();
            capi::TessDeleteTextArray(list);
            names
        }
    }

    /// Forgets what earlier pages taught the engine: a reading never depends on them.
    pub(super) fn forget(api: &mut TessApi) {
        // SAFETY: the handle lives as long as `api`.
        unsafe { capi::TessBaseAPIClearAdaptiveClassifier(handle(api)) }
    }

    /// The words of the last recognition, in reading order.
    pub(super) fn of(api: &mut TessApi) -> Vec<Word> {
        let mut words = Vec::new();
        let mut lines = 0;
        // SAFETY: the iterator is used while `api` is borrowed and not asked anything else, and freed once.
        unsafe {
            let results = capi::TessBaseAPIGetIterator(handle(api));
            if results.is_null() {
                return words;
            }
            let place = capi::TessResultIteratorGetPageIteratorConst(results);
            loop {
                lines += u32::from(capi::TessPageIteratorIsAtBeginningOf(place, LINE) != 0);
                words.extend(word(results, place, lines.max(1) - 1));
                if capi::TessResultIteratorNext(results, WORD) == 0 {
                    break;
                }
            }
            capi::TessResultIteratorDelete(results);
        }
        renumber(&mut words);
        words
    }

    /// The word the iterator stands on; `None` where it has no text.
    ///
    /// # Safety
    /// Both iterators are alive and the second is the first's.
    unsafe fn word(
        results: *const capi::TessResultIterator,
        place: *const capi::TessPageIterator,
        line: u32,
    ) -> Option<Word> {
        let (mut left, mut top, mut right, mut bottom) = (0, 0, 0, 0);
        // SAFETY: the iterators are alive; the text is copied, then freed by who made it.
        let (text, confidence) = unsafe {
            if capi::TessPageIteratorBoundingBox(
                place,
                WORD,
                &raw mut left,
                &raw mut top,
                &raw mut right,
                &raw mut bottom,
            ) == 0
            {
                return None;
            }
            let text = capi::TessResultIteratorGetUTF8Text(results, WORD);
            if text.is_null() {
                return None;
            }
            let copy = CStr::from_ptr(text).to_string_lossy().trim().to_owned();
            capi::TessDeleteText(text);
            (copy, capi::TessResultIteratorConfidence(results, WORD))
        };
        let pixels = |at: i32| u32::try_from(at).unwrap_or(0);
        let (x, y) = (pixels(left), pixels(top));
        let place = Rect {
            x,
            y,
            w: pixels(right).saturating_sub(x).max(1),
            h: pixels(bottom).saturating_sub(y).max(1),
        };
        let confidence = if confidence.is_finite() { confidence.clamp(0.0, 100.0) } else { 0.0 };
        if text.is_empty() {
            return None;
        }
        // SAFETY: the iterator is alive and stands on this word.
        let alternatives = unsafe { alternatives::of(results, confidence) };
        Some(Word { alternatives, ..Word::new(text, place, confidence, line) })
    }

    /// Lines without a word leave no gap in the numbers.
    fn renumber(words: &mut [Word]) {
        for (line, same) in (0..).zip(words.chunk_by_mut(|a, b| a.line == b.line)) {
            same.iter_mut().for_each(|word| word.line = line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_model_is_named_with_what_to_install() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let error = Engine::load("xyz", Some(folder.path())).err().expect("there is no such model");
        assert!(error.to_string().contains("tesseract-ocr-xyz"), "{error}");
    }

    #[test]
    fn an_engine_without_one_of_its_languages_is_none() {
        let error = Engine::load("eng+chi_xyz", None).err().expect("there is no such model");
        assert!(error.to_string().contains("\"chi_xyz\"; install tesseract-ocr-chi-xyz"), "{error}");
    }
}
