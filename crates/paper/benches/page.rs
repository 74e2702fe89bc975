//! Where does the time of a page go? CPU time of each part on files of one's own choice, one thread, and its share
//! of the whole.
//!
//! `cargo bench -p paper --bench page -- FILE…`. What stands outside the engine is done once more by itself and timed;
//! what is left of the whole is the engine's: layout, recognition, second looks.
#![expect(clippy::print_stdout, reason = "a bench shows what it measured")]

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use paper::barcode;
use paper::decode::{DecodedPage, Limits, open};
use paper::page::{Pictures, Reader, Settings};
use paper::prepare::deskew;
use paper::prepare::plane::Plane;
use paper::prepare::resolution::Resolution;
use paper::prepare::sheet::Sheet;
use paper::prepare::skew;
use paper::raster::Pixels;
use rustix::time::{ClockId, clock_gettime};

/// CPU time of one or more pages.
#[derive(Clone, Copy, Default)]
struct Spent {
    decode: Duration,
    prepare: Duration,
    barcodes: Duration,
    pictures: Duration,
    /// Reading and pictures as the program does them; without the decoding.
    read: Duration,
}

fn main() {
    let files: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if files.is_empty() {
        println!("no files; cargo bench -p paper --bench page -- FILE…");
        return;
    }
    let mut reader = Reader::new(&Settings::default()).expect("a model of English");
    let (mut all, mut pages) = (Spent::default(), 0);
    println!("{HEAD:<40}");
    for file in &files {
        for spent in of_file(&mut reader, Path::new(file)) {
            show(Path::new(file).file_name().map_or("".into(), |name| name.to_string_lossy()), spent);
            all = all.and(spent);
            pages += 1;
        }
    }
    show(format!("all {pages} pages").into(), all);
}

const HEAD: &str = "page                             CPU ms   decode  prepare barcodes pictures   outside   engine   (% of the page)";

fn of_file(reader: &mut Reader, path: &Path) -> Vec<Spent> {
    let file = File::open(path).expect("a file that can be read");
    let mut original = match open(file, &Limits::default()) {
        Ok(original) => original,
        Err(fault) => {
            println!("{}: {fault}", path.display());
            return Vec::new();
        }
    };
    let pages = original.survey().pages;
    let of_page = |page| {
        let (decode, decoded) = timed(|| original.page(page));
        Some(Spent { decode, ..of_page(reader, decoded.ok()?) })
    };
    (0..pages).filter_map(of_page).collect()
}

fn of_page(reader: &mut Reader, page: DecodedPage) -> Spent {
    let raster = page.raster.clone();
    let (read, (reading, _)) = timed(|| reader.read(page));
    let turn = reading.turn; // no file here turns its pages itself
    let (prepare, (sheet, frame)) = timed(|| {
        let square = raster.squared();
        let resolution = Resolution::of(square.dpi, &square);
        let bilevel = matches!(square.pixels, Pixels::Ink(_));
        let sheet = Sheet::of(Plane::of(&square, resolution.shrink(bilevel)), bilevel).turned(turn);
        let lean = skew::estimate(&sheet.letters(), sheet.letter_height());
        let straight = (lean.abs() >= deskew::LEAST).then(|| sheet.straightened(lean));
        std::hint::black_box(straight);
        (sheet, square.turned(turn))
    });
    let (barcodes, _) = timed(|| barcode::find(&sheet));
    let (pictures, _) = timed(|| Pictures::of(&frame));
    Spent { prepare, barcodes, pictures, read, ..Spent::default() }
}

impl Spent {
    fn and(self, other: Self) -> Self {
        Self {
            decode: self.decode + other.decode,
            prepare: self.prepare + other.prepare,
            barcodes: self.barcodes + other.barcodes,
            pictures: self.pictures + other.pictures,
            read: self.read + other.read,
        }
    }
}

fn show(name: std::borrow::Cow<'_, str>, spent: Spent) {
    let Spent { decode, prepare, barcodes, pictures, read } = spent;
    let whole = decode + read;
    let outside = decode + prepare + barcodes + pictures;
    let share = |part: Duration| 100.0 * part.as_secs_f64() / whole.as_secs_f64();
    let parts = [decode, prepare, barcodes, pictures].map(|part| format!("{:>8.1}", share(part)));
    println!(
        "{name:<30} {:>8.1} {} {:>9.1} {:>8.1}",
        whole.as_secs_f64() * 1e3,
        parts.join(" "),
        share(outside),
        100.0 - share(outside)
    );
}

/// CPU time of this thread that something takes, and what came of it.
fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let now = || {
        let time = clock_gettime(ClockId::ThreadCPUTime);
        Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
    };
    let began = now();
    let made = work();
    (now() - began, made)
}
