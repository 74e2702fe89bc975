//! What does `chartroom __reader --script` do? It "reads" originals that are scripts, so that tests of the line need
//! no engine: thousands of pages a second, and the same every time.
//!
//! A script is UTF-8 text. Its first line is `%CHARTROOM-SCRIPT 1`; a line with a form feed ends a page; every other
//! line is a text line of the page, unless it begins with `@`: `@blank`, `@poor`, `@barcode code128 TEXT`, `@slow MILLISECONDS`,
//! `@crash`, or `@reading JSON`, which is the whole reading; a script that begins with `@fault CODE` cannot be read. Every reading says `scripted` as its reader version, for ever.

use std::fs::File;
use std::io::Read as _;
use std::process::ExitCode;
use std::time::Duration;

use readers::child::{self, PageRead, Serve};
use readers::protocol::Start;
use readers::{LanguageSet, Picture};
use records::geometry::{Rect, Turn};
use records::reading::{
    Barcode, Fault, FaultCode, Format, PageReading, Quality, QualityFlag, ReaderVersion, Survey, Symbology,
    TextSource, Word,
};

/// The variable that makes the program start scripted readers. For tests only: whoever sets it is warned in the log.
pub(crate) const VARIABLE: &str = "CHARTROOM_SCRIPTED_READER";

const FIRST_LINE: &str = "%CHARTROOM-SCRIPT 1";

/// Lives as a scripted reader process until the parent is gone.
pub(crate) fn serve() -> ExitCode {
    child::serve::<Scripted>()
}

struct Scripted;

impl Serve for Scripted {
    /// The lines of each page.
    type Original = Vec<Vec<String>>;

    fn start(_: &Start) -> Result<Self, String> {
        Ok(Self)
    }

    fn version(&self, _: LanguageSet) -> ReaderVersion {
        ReaderVersion("scripted/1".into())
    }

    fn open(&mut self, mut file: File) -> Result<Self::Original, Fault> {
        let mut text = String::new();
        let read = file.read_to_string(&mut text);
        read.map_err(|_| Fault::new(FaultCode::Unsupported, "the script is not text"))?;
        let pages = text.strip_prefix(FIRST_LINE).and_then(|rest| rest.strip_prefix('\n'));
        let pages = pages.ok_or_else(|| Fault::new(FaultCode::Unsupported, "not a script"))?;
        if let Some(fault) = fault(pages) {
            return Err(fault);
        }
        Ok(pages.split("\u{c}\n").map(|page| page.lines().map(str::to_owned).collect()).collect())
    }

    fn survey(&mut self, pages: &mut Self::Original) -> Survey {
        Survey { format: Format::Tiff, pages: pages.len() as u32, damage: None }
    }

    fn read(&mut self, pages: &mut Self::Original, page: u32, languages: LanguageSet) -> PageRead {
        let version = self.version(languages);
        let reading = match pages.get(page as usize) {
            Some(lines) => reading(lines, version),
            None => PageReading::unreadable(no_such(page), version),
        };
        PageRead { reading, view: None, thumbnail: None }
    }

    fn picture(&mut self, _: &mut Self::Original, page: u32, _: Turn) -> Result<Picture, Fault> {
        Err(no_such(page))
    }
}

/// Why the script says that it cannot be read.
fn fault(script: &str) -> Option<Fault> {
    let code: FaultCode =
        serde_json::from_value(script.lines().next()?.strip_prefix("@fault ")?.into()).ok()?;
    Some(Fault::new(code, "the script says so"))
}

fn no_such(page: u32) -> Fault {
    Fault::new(FaultCode::PageUnreadable, format!("the script has no picture of page {}", page + 1))
}

/// The page of a script that gives the whole reading.
fn given(script: &[String], reader: &ReaderVersion) -> Option<PageReading> {
    let json = script.first()?.strip_prefix("@reading ")?;
    Some(PageReading { reader: reader.clone(), ..serde_json::from_str(json).ok()? })
}

/// A letter page at 300 dpi on which every line of the script stands as if printed.
fn reading(script: &[String], reader: ReaderVersion) -> PageReading {
    if let Some(given) = given(script, &reader) {
        return given;
    }
    let mut page = PageReading {
        width: 2550,
        height: 3300,
        dpi: [300, 300],
        native_dpi: Some([300, 300]),
        turn: Turn::None,
        skew: 0.0,
        blank: false,
        confidence: 95.0,
        words: Vec::new(),
        barcodes: Vec::new(),
        unread_symbols: Vec::new(),
        poor_areas: Vec::new(),
        header_lines: Vec::new(),
        footer_lines: Vec::new(),
        quality: Quality::default(),
        source: TextSource::Ocr,
        reader,
        error: None,
    };
    let mut line = 0;
    for text in script {
        let mut parts = text.splitn(3, ' ');
        match (parts.next(), parts.next(), parts.next()) {
            (Some("@blank"), ..) => page.blank = true,
            (Some("@poor"), ..) => page.quality.flags.push(QualityFlag::LowContrast),
            (Some("@barcode"), Some(kind), Some(value)) => page.barcodes.extend(barcode(kind, value)),
            (Some("@slow"), Some(ms), _) => {
                std::thread::sleep(Duration::from_millis(ms.parse().unwrap_or(0)))
            }
            (Some("@crash"), ..) => std::process::abort(),
            _ => {
                page.words.extend(words(text, line));
                line += 1;
            }
        }
    }
    page
}

/// Letters of a typewriter, 10 to the inch, 5 lines to the inch.
fn words(text: &str, line: u32) -> impl Iterator<Item = Word> + '_ {
    const LETTER: u32 = 30;
    let mut column = 0;
    text.split(' ').filter_map(move |word| {
        let begins = column;
        let letters = word.chars().count() as u32;
        column += letters + 1;
        let place = Rect { x: 150 + begins * LETTER, y: 300 + line * 60, w: letters * LETTER, h: 36 };
        let word = Word::new(word, place, 95.0, line);
        (letters > 0).then_some(word)
    })
}

fn barcode(kind: &str, text: &str) -> Option<Barcode> {
    let symbology: Symbology = serde_json::from_value(kind.into()).ok()?;
    Some(Barcode {
        symbology,
        text: text.into(),
        place: Rect { x: 1700, y: 120, w: 520, h: 110 },
        turn: 0,
        agreeing: 3,
        disputed: false,
        module: 4.0,
        gs1: false,
    })
}
