//! What does a reader do to its parent when all goes wrong? A scan here is a text file, one line a page, and
//! each line says what becomes of the reader.
//!
//! `scripted-reader reader [NAME]` is a reader; `refusing` one whose engine is missing; `parent FILE` starts
//! readers of its own and waits.

use std::fs::File;
use std::io::Read as _;
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use readers::child::{PageRead, Serve, serve};
use readers::protocol::Start;
use readers::{Job, LanguageSet, Picture, Priority, Program, Readers, Settings};
use records::geometry::{Rect, Turn};
use records::reading::{
    Fault, FaultCode, Format, PageReading, Quality, ReaderVersion, Survey, TextSource, Word,
};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("reader") => serve::<Scripted>(),
        Some("refusing") => serve::<Refusing>(),
        Some("parent") => be_a_parent(&arguments[1]),
        _ => ExitCode::from(2),
    }
}

struct Scripted {
    languages: Vec<String>,
    /// Pages this process has been asked for.
    asked: u32,
    /// Never given back.
    hoard: Vec<Vec<u8>>,
}

impl Serve for Scripted {
    type Original = Vec<String>;

    fn start(start: &Start) -> Result<Self, String> {
        Ok(Self { languages: start.languages.clone(), asked: 0, hoard: Vec::new() })
    }

    fn version(&self, languages: LanguageSet) -> ReaderVersion {
        ReaderVersion(format!("scripted/{}", self.languages[languages.at()]))
    }

    fn open(&mut self, mut file: File) -> Result<Vec<String>, Fault> {
        let mut text = String::new();
        file.read_to_string(&mut text)
            .map_err(|_| Fault::new(FaultCode::Damaged, "the script is not text"))?;
        match text.as_str() {
            "" => Err(Fault::new(FaultCode::Empty, "no lines")),
            "crash on opening" => std::process::abort(),
            _ => Ok(text.lines().map(str::to_owned).collect()),
        }
    }

    fn survey(&mut self, pages: &mut Vec<String>) -> Survey {
        Survey { format: Format::Png, pages: pages.len() as u32, damage: None }
    }

    fn read(&mut self, pages: &mut Vec<String>, page: u32, languages: LanguageSet) -> PageRead {
        self.asked += 1;
        let line = pages[page as usize].clone();
        let says = self.act(&line);
        let picture = Picture { media: "image/png".into(), bytes: line.into_bytes() };
        let reading = PageReading { reader: self.version(languages), ..reading(&says) };
        PageRead { reading, view: Some(picture), thumbnail: None }
    }

    fn picture(&mut self, pages: &mut Vec<String>, page: u32, turn: Turn) -> Result<Picture, Fault> {
        let line = pages.get(page as usize).ok_or_else(|| Fault::new(FaultCode::Damaged, "no such page"))?;
        let bytes = format!("{line} turned by {}", turn.degrees()).into_bytes();
        Ok(Picture { media: "image/jpeg".into(), bytes })
    }
}

impl Scripted {
    /// Does what the line says, and tells what to put on the page.
    fn act(&mut self, line: &str) -> String {
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["crash"] => std::process::abort(),
            ["tire"] if self.asked > 1 => std::process::abort(), // reads only when fresh
            ["panic"] => panic!("with a patient's name"),
            ["sleep"] => loop {
                std::thread::sleep(Duration::from_secs(1));
            },
            ["spin"] => loop {
                std::hint::spin_loop();
            },
            ["bloat"] => loop {
                self.hoard.push(vec![1; 16 << 20]);
            },
            ["take", megabytes] => {
                let taken = vec![1_u8; megabytes.parse::<usize>().expect("a number") << 20];
                return format!("took {}", taken.len() >> 20);
            }
            ["slow", ms] => std::thread::sleep(Duration::from_millis(ms.parse().expect("a number"))),
            ["grumble", bytes] => {
                let all = vec![b'x'; bytes.parse().expect("a number")];
                std::io::Write::write_all(&mut std::io::stderr(), &all).expect("somebody listens");
            }
            ["open", path] => {
                return format!("{:?}", File::open(path).map(|_| "opened").map_err(|e| e.kind()));
            }
            ["connect", to] => {
                return format!("{:?}", TcpStream::connect(to).map(|_| "connected").map_err(|e| e.kind()));
            }
            _ => {}
        }
        line.to_owned()
    }
}

fn reading(text: &str) -> PageReading {
    let place = Rect { x: 1, y: 2, w: 3, h: 4 };
    PageReading {
        width: 100,
        height: 100,
        dpi: [300, 300],
        native_dpi: None,
        turn: Turn::None,
        skew: 0.0,
        blank: false,
        confidence: 90.0,
        words: vec![Word::new(text, place, 90.0, 0)],
        barcodes: Vec::new(),
        unread_symbols: Vec::new(),
        poor_areas: Vec::new(),
        header_lines: Vec::new(),
        footer_lines: Vec::new(),
        quality: Quality::default(),
        source: TextSource::Ocr,
        reader: ReaderVersion("scripted".into()),
        error: None,
    }
}

/// An engine whose models are not installed.
struct Refusing;

impl Serve for Refusing {
    type Original = ();

    fn start(_: &Start) -> Result<Self, String> {
        Err("no model; install one".into())
    }

    fn version(&self, _: LanguageSet) -> ReaderVersion {
        ReaderVersion("never".into())
    }

    fn open(&mut self, _: File) -> Result<(), Fault> {
        Err(Fault::new(FaultCode::Unsupported, "never"))
    }

    fn survey(&mut self, (): &mut ()) -> Survey {
        Survey { format: Format::Png, pages: 1, damage: None }
    }

    fn read(&mut self, (): &mut (), _: u32, _: LanguageSet) -> PageRead {
        PageRead { reading: reading("never"), view: None, thumbnail: None }
    }

    fn picture(&mut self, (): &mut (), _: u32, _: Turn) -> Result<Picture, Fault> {
        Err(Fault::new(FaultCode::Unsupported, "never"))
    }
}

/// Reads a scan with two readers named after this process, and waits.
fn be_a_parent(scan: &str) -> ExitCode {
    let exe: PathBuf = std::env::current_exe().expect("a program has a path");
    let name = format!("of-{}", std::process::id());
    let program = Program { exe, args: vec!["reader".into(), name.into()] };
    let readers =
        Readers::start(Settings { jobs: 2, ..Settings::default() }, program).expect("readers start");
    let original = Arc::new(File::open(scan).expect("a scan"));
    let answers = readers.read(Job {
        original,
        pages: (0..16).collect(),
        priority: Priority::Normal,
        share: 0,
        languages: LanguageSet::default(),
    });
    while answers.recv().is_ok() {}
    ExitCode::SUCCESS
}
