//! What becomes of other people's PDF files.

use std::path::{Path, PathBuf};

use records::geometry::Turn;
use records::reading::FaultCode;

use super::super::Original;
use super::{corpus, fault_of, first_page, opened};
use crate::decode::DecodedPage;
use crate::raster::Pixels;

fn resource(name: &str) -> Option<Vec<u8>> {
    Some(std::fs::read(corpus()?.join("ocrmypdf/tests/resources").join(name)).unwrap())
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if entry.file_type().unwrap().is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("pdf")) {
            found.push(path);
        }
    }
}

/// Share of the pixels that are ink.
fn inked(page: &DecodedPage) -> f64 {
    let Pixels::Ink(ink) = &page.raster.pixels else { panic!("not black and white") };
    let pixels = f64::from(page.raster.width) * f64::from(page.raster.height);
    f64::from(ink.iter().map(|byte| byte.count_ones()).sum::<u32>()) / pixels
}

#[test]
fn every_file_gives_pages_or_says_why_not() {
    let Some(root) = corpus() else { return };
    let mut paths = Vec::new();
    files(&root, &mut paths);
    assert!(paths.len() > 100);
    for path in paths {
        let Ok(mut original) = opened(&std::fs::read(&path).unwrap()) else { continue };
        let pages = original.survey().pages;
        for index in [0, pages - 1] {
            match original.page(index) {
                Ok(page) => {
                    let (width, height) = (page.raster.width as usize, page.raster.height as usize);
                    let bytes = match &page.raster.pixels {
                        Pixels::Ink(ink) => ink.len() == width.div_ceil(8) * height,
                        Pixels::Grey(grey) => grey.len() == width * height,
                        Pixels::Rgb(rgb) => rgb.len() == 3 * width * height,
                    };
                    assert!(bytes && width > 0 && height > 0, "{path:?}");
                    let inside = |word: &crate::decode::EmbeddedWord| {
                        word.place.right() as usize <= width && word.place.bottom() as usize <= height
                    };
                    assert!(page.embedded.iter().all(inside), "{path:?}");
                }
                // Anything else would have been a panic inside.
                Err(fault) => assert_eq!(fault.code, FaultCode::TooLarge, "{path:?} {fault}"),
            }
        }
    }
}

#[test]
fn scanned_pages_keep_their_own_pixels() {
    for (name, width, height) in [
        ("ccitt.pdf", 2550, 3300),
        ("jbig2.pdf", 2550, 3300),
        ("linn.pdf", 2550, 3300),
        ("epson.pdf", 2480, 3507),
    ] {
        let Some(bytes) = resource(name) else { return };
        let page = first_page(&bytes);
        assert_eq!((page.raster.width, page.raster.height), (width, height), "{name}");
        assert_eq!(page.damage, None, "{name}");
        assert!(page.raster.dpi.unwrap().iter().all(|dpi| (dpi - 300.0).abs() < 0.5), "{name}");
        let ink = inked(&page);
        assert!((0.01..0.15).contains(&ink), "{name}: {ink}");
    }
}

#[test]
fn a_jpeg_2000_keeps_its_own_pixels() {
    let Some(bytes) = resource("lichtenstein.pdf") else { return };
    let page = first_page(&bytes);
    assert_eq!((page.raster.width, page.raster.height, page.damage), (512, 512, None));
    assert!(matches!(page.raster.pixels, Pixels::Grey(_)));
}

#[test]
fn a_skewed_picture_is_rendered() {
    let Some(bytes) = resource("skew.pdf") else { return };
    let page = first_page(&bytes);
    assert_eq!((page.raster.width, page.raster.height), (2550, 3300));
    assert!(matches!(page.raster.pixels, Pixels::Grey(_)));
    let Some(bytes) = resource("rotated_skew.pdf") else { return };
    assert_eq!(first_page(&bytes).turned, Turn::Right);
}

#[test]
fn an_old_text_layer_is_not_visible() {
    let Some(bytes) = resource("graph_ocred.pdf") else { return };
    let page = first_page(&bytes);
    assert!(page.embedded.len() > 10 && page.embedded.iter().all(|word| !word.visible));
    assert_eq!((page.raster.width, page.raster.height), (958, 400));
}

#[test]
fn a_page_of_35000_pixels_a_side_is_refused() {
    let Some(bytes) = resource("hugemono.pdf") else { return };
    let fault = fault_of(opened(&bytes).unwrap().page(0));
    assert_eq!(fault.code, FaultCode::TooLarge);
    assert!(fault.detail.starts_with("page 1: 35000 × 35000 pixels"), "{}", fault.detail);
}

#[test]
fn a_password_is_missed_only_where_one_is_needed() {
    let Some(root) = corpus() else { return };
    let tests = root.join("qpdf/qpdf/qtest/qpdf");
    let read = |name: &str| opened(&std::fs::read(tests.join(name)).unwrap());
    for name in ["enc-R2,V1,U=view,O=master.pdf", "enc-XI-R6,V5,U=view,attachments,cleartext-metadata.pdf"] {
        assert_eq!(fault_of(read(name)).code, FaultCode::Encrypted, "{name}");
    }
    let mut open: Box<dyn Original> = read("encrypted-positive-P.pdf").unwrap();
    assert_eq!(open.page(0).unwrap().embedded.len(), 1);
}

#[test]
fn a_jbig2_picture_without_its_dictionary_is_not_a_blank_page() {
    let Some(bytes) = resource("jbig2.pdf") else { return };
    let name = b"/JBIG2Globals";
    let at = bytes.windows(name.len()).position(|window| window == name).expect("globals");
    let mut robbed = bytes.clone();
    robbed[at + 1] = b'X';
    assert!(first_page(&robbed).damage.is_some());
}

#[test]
fn a_garbled_fax_is_shown_as_far_as_it_goes_and_said_to_be_damaged() {
    let Some(mut bytes) = resource("ccitt.pdf") else { return };
    let middle = bytes.len() / 2;
    bytes[middle..middle + 20].iter_mut().for_each(|byte| *byte = !*byte);
    let page = first_page(&bytes);
    assert_eq!((page.raster.width, page.raster.height), (2550, 3300));
    let damage = page.damage.clone().expect("damage");
    assert!(damage.starts_with("only ") && damage.contains(" of 3300 rows"), "{damage}");
    assert!(inked(&page) > 0.001);
}
