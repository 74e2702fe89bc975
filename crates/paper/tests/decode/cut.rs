//! Does a file that was cut off ever pass for a whole one?
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::{Path, PathBuf};

use crate::corpus::corpus;
use crate::opened;
use crate::scan::{Form, Scan, group_4, ink};

/// Whether nothing at all is said against it: so many pages, all of them there and undamaged.
fn passes_for_whole(bytes: &[u8]) -> Option<u32> {
    let mut original = opened(bytes).ok()?;
    let pages = original.survey().pages;
    if original.survey().damage.is_some() {
        return None;
    }
    (0..pages).all(|page| original.page(page).is_ok_and(|page| page.damage.is_none())).then_some(pages)
}

/// The sixteenths after which the file was cut and nobody noticed.
fn unnoticed(bytes: &[u8]) -> Vec<usize> {
    (1..16).filter(|sixteenths| passes_for_whole(&bytes[..bytes.len() * sixteenths / 16]).is_some()).collect()
}

fn fax() -> Scan {
    Scan::new((221, 600), 1, 0, group_4(&ink(221, 600), 221)).with(259, 4)
}

fn grey() -> Scan {
    Scan::new((100, 80), 8, 1, (0..8_000_u32).map(|at| (at % 251) as u8).collect())
}

/// All blocks of it are even: what matters is that it comes in two scans.
fn progressive_jpeg() -> Vec<u8> {
    let segment = |marker: u8, content: &[u8]| {
        [&[0xFF, marker][..], &(content.len() as u16 + 2).to_be_bytes(), content].concat()
    };
    let table = |class: u8| segment(0xC4, &[&[class, 1][..], &[0; 15], &[0]].concat());
    // 100 × 100 blocks of one bit each.
    let blocks = [0_u8; 100 * 100 / 8];
    [
        vec![0xFF, 0xD8],
        segment(0xDB, &[&[0][..], &[16; 64]].concat()),
        segment(0xC2, &[8, 3, 32, 3, 32, 1, 1, 0x11, 0]),
        table(0x00),
        table(0x10),
        segment(0xDA, &[1, 1, 0, 0, 0, 0]),
        blocks.to_vec(),
        segment(0xDA, &[1, 1, 0, 1, 63, 0]),
        blocks.to_vec(),
        vec![0xFF, 0xD9],
    ]
    .concat()
}

fn jpeg() -> Vec<u8> {
    let pixels: Vec<u8> = (0..160 * 120 * 3_u32).map(|at| (at * 7 % 253) as u8).collect();
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 80);
    encoder.encode(&pixels, 160, 120, image::ExtendedColorType::Rgb8).unwrap();
    bytes
}

fn png() -> Vec<u8> {
    let pixels: Vec<u8> = (0..160 * 120_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 160, 120);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    bytes
}

#[test]
fn a_picture_cut_at_any_sixteenth_never_passes_for_whole() {
    let forms = [
        ("one page", Form::default(), vec![fax()]),
        ("pages", Form::default(), vec![fax(), grey(), fax()]),
        ("big-endian", Form { big_endian: true, big: false }, vec![grey(), fax()]),
        ("BigTIFF", Form { big_endian: false, big: true }, vec![fax(), grey()]),
    ];
    let tiffs = forms.map(|(name, form, scans)| (name, form.write(&scans)));
    let others = [("JPEG", jpeg()), ("progressive JPEG", progressive_jpeg()), ("PNG", png())];
    for (name, bytes) in tiffs.into_iter().chain(others) {
        assert!(passes_for_whole(&bytes).is_some(), "{name} is whole");
        assert_eq!(unnoticed(&bytes), [0; 0], "{name}");
    }
}

/// A PDF drawn by another program: one with a table of its objects, one with a stream of them.
#[test]
fn a_pdf_cut_at_any_sixteenth_never_passes_for_whole() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../sample-scans/registration-desk/discharge-summary.pdf");
    let drawn = std::fs::read(sample).unwrap();
    let mut modern = Vec::new();
    lopdf::Document::load_mem(&drawn).unwrap().save_modern(&mut modern).unwrap();
    assert!(modern.windows(5).any(|word| word == b"/XRef"));
    for (name, bytes) in [("table", drawn), ("stream", modern)] {
        assert_eq!(passes_for_whole(&bytes), Some(2), "{name} is whole");
        assert_eq!(unnoticed(&bytes), [0; 0], "{name}");
    }
}

/// Cut at the very end of what it was before something was added to it: that was a whole file.
const STILL_WHOLE: [(&str, usize); 1] = [("qpdf/qpdf/qtest/qpdf/bad6.pdf", 10)];

#[test]
fn no_collected_file_passes_for_whole_once_cut() {
    let Some(corpus) = corpus() else { return };
    let mut found = Vec::new();
    for folder in ["ocrmypdf", "twelvemonkeys", "fscrawler", "mayan", "papermerge", "qpdf"] {
        files(&corpus.join(folder), &mut found);
    }
    let (mut whole, mut bad) = (0, Vec::new());
    for path in &found {
        let bytes = std::fs::read(path).unwrap();
        // Large ones say no more and take long.
        if bytes.len() > 100_000 || passes_for_whole(&bytes).is_none() {
            continue;
        }
        whole += 1;
        let name = path.strip_prefix(&corpus).unwrap().to_string_lossy().into_owned();
        let mut at = unnoticed(&bytes);
        at.retain(|at| !STILL_WHOLE.contains(&(name.as_str(), *at)));
        if !at.is_empty() {
            bad.push((name, at));
        }
    }
    assert!(whole > 80, "{whole}");
    assert!(bad.is_empty(), "{bad:#?}");
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for entry in entries {
        if entry.is_dir() { files(&entry, found) } else { found.push(entry) }
    }
}
