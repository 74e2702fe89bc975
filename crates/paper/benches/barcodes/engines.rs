//! Who is asked what is on a page, and what did it cost?

use std::collections::HashSet;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use paper::barcode;
use paper::prepare::plane::Plane;
use paper::prepare::sheet::Sheet;
use records::reading::Symbology;
use rustix::time::{ClockId, clock_gettime};
use rxing::{BarcodeFormat as Rx, DecodeHints};
use zxingcpp::{BarcodeFormat, ImageFormat, ImageView};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Ours,
    /// zxing-cpp with our eight formats and all it has to try: harder, rotated, inverted, downscaled.
    ZxingHardest,
    /// As it comes: the same, all formats.
    Zxing,
    RxingHardest,
    /// The command, as it comes.
    Zbar,
}

/// One value that an engine gave.
pub(crate) struct Value {
    /// Only ours finds patch codes.
    pub(crate) patch: bool,
    pub(crate) text: String,
    /// Ours says how sure it is.
    pub(crate) evidence: bool,
}

#[derive(Default)]
pub(crate) struct Answer {
    pub(crate) values: Vec<Value>,
    pub(crate) cpu: Duration,
    /// Ours only: what the look at the page costs that symbols and text share.
    pub(crate) preparation: Duration,
}

impl Engine {
    pub(crate) const ALL: [Self; 5] =
        [Self::Ours, Self::ZxingHardest, Self::Zxing, Self::RxingHardest, Self::Zbar];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Ours => "chartroom",
            Self::ZxingHardest => "zxing-cpp hardest",
            Self::Zxing => "zxing-cpp",
            Self::RxingHardest => "rxing hardest",
            Self::Zbar => "zbar",
        }
    }

    /// `bilevel` says that the page has only ink and white.
    pub(crate) fn ask(self, page: &Plane, bilevel: bool) -> Answer {
        match self {
            Self::Ours => ours(page, bilevel),
            Self::ZxingHardest => zxing(page, EIGHT),
            Self::Zxing => zxing(page, &[]),
            Self::RxingHardest => rxing(page),
            Self::Zbar => zbar(page),
        }
    }
}

const EIGHT: &[BarcodeFormat] = &[
    BarcodeFormat::Code128,
    BarcodeFormat::Code39,
    BarcodeFormat::Codabar,
    BarcodeFormat::ITF,
    BarcodeFormat::QRCode,
    BarcodeFormat::DataMatrix,
    BarcodeFormat::PDF417,
    BarcodeFormat::Aztec,
];

fn ours(page: &Plane, bilevel: bool) -> Answer {
    let plane = page.clone();
    let (sheet, preparation) = timed(|| Sheet::of(plane, bilevel));
    let (symbols, cpu) = timed(|| barcode::find(&sheet));
    let values = symbols.found.into_iter().map(|code| Value {
        patch: code.symbology == Symbology::Patch,
        // What `records` asks of a value before it believes it (`domain.md` 2.6).
        evidence: code.agreeing >= 2 && !code.disputed && !(code.module > 0.0 && code.module < 2.0),
        text: code.text,
    });
    Answer { values: values.collect(), cpu, preparation }
}

fn zxing(page: &Plane, formats: &[BarcodeFormat]) -> Answer {
    let (found, cpu) = timed(|| {
        let view = ImageView::from_slice(&page.pixels, page.width, page.height, ImageFormat::Lum);
        let reader = zxingcpp::read().try_harder(true).try_rotate(true).try_invert(true).try_downscale(true);
        let reader = if formats.is_empty() { reader } else { reader.formats(formats) };
        view.ok().and_then(|view| reader.from(view).ok()).unwrap_or_default()
    });
    let values = found.iter().filter(|code| code.is_valid()).map(|code| value(code.text()));
    Answer { values: values.collect(), cpu, ..Answer::default() }
}

fn rxing(page: &Plane) -> Answer {
    let formats = [
        Rx::CODE_128,
        Rx::CODE_39,
        Rx::CODABAR,
        Rx::ITF,
        Rx::QR_CODE,
        Rx::DATA_MATRIX,
        Rx::PDF_417,
        Rx::AZTEC,
    ];
    let mut hints = DecodeHints {
        PossibleFormats: Some(HashSet::from(formats)),
        TryHarder: Some(true),
        AlsoInverted: Some(true),
        ReturnCodabarStartEnd: Some(true),
        ..DecodeHints::default()
    };
    let pixels = page.pixels.clone();
    let (found, cpu) = timed(|| {
        // It panics on some pages.
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            rxing::helpers::detect_multiple_in_luma_with_hints(pixels, page.width, page.height, &mut hints)
        }))
    });
    let found = found.ok().and_then(Result::ok).unwrap_or_default();
    Answer {
        values: found.iter().map(|code| value(code.getText().into())).collect(),
        cpu,
        ..Answer::default()
    }
}

/// Its time includes starting it and reading the picture, some milliseconds.
fn zbar(page: &Plane) -> Answer {
    let path = picture();
    let mut bytes = format!("P5 {} {} 255\n", page.width, page.height).into_bytes();
    bytes.extend(&page.pixels);
    if fs::write(&path, bytes).is_err() {
        return Answer::default();
    }
    let before = children();
    let out = Command::new("zbarimg").args(["--quiet", "--raw"]).arg(&path).stderr(Stdio::null()).output();
    let cpu = children().saturating_sub(before);
    let _ = fs::remove_file(&path);
    let text = out.map(|out| String::from_utf8_lossy(&out.stdout).into_owned()).unwrap_or_default();
    Answer { values: text.lines().map(|line| value(line.into())).collect(), cpu, ..Answer::default() }
}

fn picture() -> PathBuf {
    std::env::temp_dir().join(format!("barcodes-{}.pgm", std::process::id()))
}

const fn value(text: String) -> Value {
    Value { patch: false, text, evidence: true }
}

/// With the CPU time this thread took for it.
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let now = || {
        let time = clock_gettime(ClockId::ThreadCPUTime);
        Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
    };
    let before = now();
    let done = work();
    (done, now().saturating_sub(before))
}

/// CPU time of all commands that have ended, in steps of 10 ms.
fn children() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(") ").next().unwrap_or_default();
    let ticks = after_name.split(' ').skip(13).take(2).filter_map(|field| field.parse::<u64>().ok());
    Duration::from_millis(ticks.sum::<u64>() * 10)
}
