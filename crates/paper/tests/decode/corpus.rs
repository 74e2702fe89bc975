//! Do the pictures that others collected decode?

use std::fs::File;
use std::path::{Path, PathBuf};

use paper::decode::{DecodedPage, Limits, open};
use paper::raster::Pixels;
use records::reading::FaultCode;

/// The corpus, or `None` where there is none and none must be.
pub(crate) fn corpus() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let folder = std::env::var_os("CHARTROOM_CORPUS").map_or(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    let required = std::env::var_os("CHARTROOM_CORPUS_REQUIRED").is_some_and(|value| value == "1");
    assert!(!required, "the corpus must be there: set CHARTROOM_CORPUS");
    report("skipped: no corpus beside the repository; set CHARTROOM_CORPUS");
    None
}

#[expect(clippy::print_stdout, reason = "a skipped test says so")]
fn report(words: &str) {
    println!("{words}");
}

fn pictures(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            pictures(&path, found);
        } else if path.extension().is_some_and(|end| {
            ["tif", "tiff", "jpg", "jpeg", "png"].contains(&end.to_string_lossy().to_lowercase().as_str())
        }) {
            found.push(path);
        }
    }
}

fn pages(path: &Path) -> Vec<Result<DecodedPage, FaultCode>> {
    match open(File::open(path).expect("a file"), &Limits::default()) {
        Ok(mut original) => {
            let pages = original.survey().pages;
            (0..pages).map(|index| original.page(index).map_err(|fault| fault.code)).collect()
        }
        Err(fault) => vec![Err(fault.code)],
    }
}

/// What libtiff and the JPEG decoder cannot read: floating point, planar YCbCr, lossless JPEG, files that lie about
/// their compression or components. Everything else decodes.
const UNREADABLE: [&str; 18] = [
    "floatingpoint-16bit.tif",
    "floatingpoint-64bit.tif",
    "shapes_lzw_predictor3.tif",
    "flower-rgb-planar-32.tif",
    "flower-separated-planar-16.tif",
    "planar-yuv420-jpeg-lzw.tif",
    "planar-yuv420-jpeg-uncompressed.tif",
    "planar-yuv422-bt601-uncompressed.tif",
    "planar-yuv422-jpeg-lzw.tif",
    "planar-yuv422-jpeg-uncompressed.tif",
    "jpeg-lossless-8bit-gray.tif",
    "incorrect-compression-rle-as-g3.tif",
    "duplicate-component-ids.jpg",
    "testimg_rgb.jpg",
    "testimg_gray.jpg",
    "f-18.jpg",
    "gradient_ls.jpg",
    "8_ls.jpg",
];

#[test]
fn every_picture_decodes_or_says_why_not() {
    let Some(corpus) = corpus() else { return };
    let mut found = Vec::new();
    pictures(&corpus, &mut found);
    assert!(found.len() > 100, "the corpus has more pictures than {}", found.len());
    let name = |path: &Path| path.file_name().expect("a name").to_string_lossy().into_owned();
    let mut refused: Vec<String> =
        found.iter().filter(|path| pages(path).iter().any(Result::is_err)).map(|path| name(path)).collect();
    let mut known: Vec<String> = UNREADABLE.map(String::from).to_vec();
    refused.sort();
    known.sort();
    assert_eq!(refused, known);
}

fn only_page(path: &Path) -> DecodedPage {
    let mut pages = pages(path);
    assert_eq!(pages.len(), 1);
    pages.remove(0).expect("a page")
}

#[test]
fn the_same_page_in_three_kinds_of_fax_is_the_same() {
    let Some(corpus) = corpus() else { return };
    let folder = corpus.join("twelvemonkeys/imageio/imageio-tiff/src/test/resources/tiff/ccitt");
    let [one, two, four] =
        ["group3_1d.tif", "group3_2d.tif", "group4.tif"].map(|name| only_page(&folder.join(name)).raster);
    assert!(matches!(&one.pixels, Pixels::Ink(ink) if ink.iter().any(|&byte| byte != 0)));
    assert_eq!(one, two);
    assert_eq!(one, four);
}

#[test]
fn inks_of_a_jpeg_look_like_its_colours() {
    let Some(corpus) = corpus() else { return };
    let folder = corpus.join("ocrmypdf/tests/resources");
    let [colour, inks] =
        ["baiona_color.jpg", "baiona_cmyk.jpg"].map(|name| only_page(&folder.join(name)).raster);
    let (Pixels::Rgb(colour), Pixels::Rgb(inks)) = (colour.pixels, inks.pixels) else { panic!("not colour") };
    let apart: u64 = colour.iter().zip(&inks).map(|(&a, &b)| u64::from(a.abs_diff(b))).sum();
    assert!(apart / (colour.len() as u64) < 20, "mean difference {}", apart / colour.len() as u64);
}

#[test]
fn a_page_and_its_quarter_turn_are_the_same_page() {
    let Some(corpus) = corpus() else { return };
    let folder = corpus.join("tesseract-test/testing");
    let upright = only_page(&folder.join("phototest.tif")).raster;
    let lying = only_page(&folder.join("phototestrot.tif")).raster;
    assert_eq!((upright.width, upright.height), (lying.height, lying.width));
    let dark = |raster: &paper::raster::Raster| match &raster.to_grey().pixels {
        Pixels::Grey(grey) => grey.iter().filter(|&&pixel| pixel < 128).count(),
        _ => 0,
    };
    let (upright, lying) = (dark(&upright) as f64, dark(&lying) as f64);
    assert!((0.9..1.1).contains(&(upright / lying)), "ink is ink in both: {upright} and {lying}");
}
