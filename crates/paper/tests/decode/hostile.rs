//! What comes of files that are not what they seem, in a clerk's words?

use std::time::{Duration, Instant};

use records::reading::FaultCode;

use crate::opened;
use crate::scan::{Scan, group_4, ink, tiff};

fn refused(bytes: &[u8]) -> (FaultCode, String) {
    opened(bytes).err().map(|fault| (fault.code, fault.detail)).expect("a fault")
}

#[test]
fn a_page_of_forty_thousand_pixels_is_refused_before_anything_is_allocated() {
    let scan = Scan::new((40_000, 40_000), 8, 1, vec![0; 10]);
    let mut png = b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR".to_vec();
    png.extend([40_000_u32.to_be_bytes(), 40_000_u32.to_be_bytes()].concat());
    png.extend([8, 0, 0, 0, 0, 0, 0, 0, 0]);
    let jpeg = b"\xFF\xD8\xFF\xC0\0\x0B\x08\x9C\x40\x9C\x40\x01\x01\x11\0".to_vec();
    for bytes in [tiff(&[scan]), png, jpeg] {
        let started = Instant::now();
        let (code, detail) = refused(&bytes);
        assert_eq!(code, FaultCode::TooLarge);
        assert!(detail.starts_with("40000 × 40000 pixels"), "{detail}");
        assert!(started.elapsed() < Duration::from_secs(1));
    }
}

#[test]
fn one_page_too_large_costs_that_page() {
    let good = Scan::new((2, 1), 8, 1, vec![1, 2]);
    let mut original = opened(&tiff(&[Scan::new((40_000, 40_000), 8, 1, vec![0; 10]), good])).unwrap();
    assert_eq!(original.survey().pages, 2);
    assert_eq!(original.page(0).err().map(|fault| fault.code), Some(FaultCode::TooLarge));
    assert!(original.page(1).is_ok());
}

#[test]
fn pixels_so_long_that_the_page_would_be_too_large_once_square_are_not_believed() {
    let scan = Scan::new((20_000, 8_000), 1, 0, vec![0; 2_500 * 8_000]);
    let page = |down| opened(&tiff(&[scan.clone().dpi(400, down)])).and_then(|mut original| original.page(0));
    assert_eq!(page(150).err().map(|fault| fault.code), Some(FaultCode::TooLarge));
    assert_eq!(page(20).unwrap().raster.dpi, None);
}

#[test]
fn tiles_and_strips_larger_than_their_page_are_refused() {
    let scan = Scan { tiled: true, ..Scan::new((16, 16), 8, 1, vec![0; 16]) };
    let mut original =
        opened(&tiff(&[scan.with_all(322, 4, vec![29_984]).with_all(323, 4, vec![6_400])])).unwrap();
    assert_eq!(original.page(0).err().map(|fault| fault.code), Some(FaultCode::TooLarge));
}

#[test]
fn more_samples_a_pixel_than_a_page_can_hold_are_refused() {
    let scan = Scan::new((20_000, 9_000), 8, 1, vec![0; 100]).with(277, 60_000);
    let mut original = opened(&tiff(&[scan])).unwrap();
    assert_eq!(original.page(0).err().map(|fault| fault.code), Some(FaultCode::TooLarge));
}

#[test]
fn a_file_is_read_from_its_start_wherever_its_handle_stands() {
    let pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
        3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n";
    for bytes in [&pdf[..], &tiff(&[Scan::new((2, 1), 8, 1, vec![1, 2])])] {
        // What was written leaves the handle at its end.
        assert_eq!(opened(bytes).unwrap().survey().pages, 1);
    }
}

#[test]
fn a_text_file_is_called_one_whatever_its_name() {
    let letter = "Dear colleague, thank you for your letter of the third.\r\n".repeat(7_000);
    assert_eq!(refused(letter.as_bytes()), (FaultCode::Unsupported, "a text file, not a scan".into()));
    assert_eq!(refused(b"").0, FaultCode::Empty);
    assert_eq!(refused(b"\0\x01\x02\x03 neither").0, FaultCode::Unsupported);
}

#[test]
fn a_tiff_without_a_page_is_empty_and_one_without_its_directory_damaged() {
    assert_eq!(refused(b"II*\0\0\0\0\0").0, FaultCode::Empty);
    assert_eq!(refused(b"II*\0\x40\0\0\0").0, FaultCode::Damaged);
    assert_eq!(refused(b"II*\0").0, FaultCode::Damaged);
}

#[test]
fn a_chain_that_leads_back_is_damaged_and_its_pages_are_read() {
    let mut bytes = tiff(&[Scan::new((2, 1), 8, 1, vec![1, 2])]);
    let directory: [u8; 4] = bytes[4..8].try_into().unwrap();
    let end = bytes.len();
    bytes[end - 4..].copy_from_slice(&directory);
    let mut original = opened(&bytes).unwrap();
    assert_eq!(original.survey().pages, 1);
    assert!(original.survey().damage.is_some() && original.page(0).is_ok());
}

/// Every prefix and a thousand damaged copies of small files of each kind: a page, a fault, never a crash.
#[test]
fn no_damage_crashes_a_decoder() {
    let grey = Scan::new((30, 20), 8, 1, vec![90; 600]).with(274, 6);
    let fax = Scan::new((221, 60), 1, 0, group_4(&ink(221, 60), 221)).with(259, 4).dpi(204, 98);
    let tiles = Scan { tiled: true, ..Scan::new((16, 16), 8, 1, vec![7; 256]) }.with(322, 16).with(323, 16);
    let mut jpeg = Vec::new();
    let mut encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 60);
    encoder.encode(&[50; 32 * 24 * 3], 32, 24, image::ExtendedColorType::Rgb8).unwrap();
    let mut png = Vec::new();
    let mut encoder = png::Encoder::new(&mut png, 40, 30);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header().unwrap().write_image_data(&[120; 1200]).unwrap();
    let mut seed = 1_u32;
    for bytes in [tiff(&[fax, grey, tiles]), jpeg, png] {
        for length in 0..bytes.len() {
            all_pages(&bytes[..length]);
        }
        for _ in 0..1000 {
            let mut damaged = bytes.clone();
            for _ in 0..4 {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let at = (seed >> 8) as usize % damaged.len();
                damaged[at] = (seed >> 3) as u8;
            }
            all_pages(&damaged);
        }
    }
}

fn all_pages(bytes: &[u8]) {
    let limits = paper::decode::Limits { pixels: 4_000_000, side: 30_000 };
    let Ok(mut original) = paper::decode::open(crate::file(bytes), &limits) else { return };
    for index in 0..original.survey().pages.min(10) {
        if let Ok(page) = original.page(index) {
            assert!(u64::from(page.raster.width) * u64::from(page.raster.height) <= limits.pixels);
        }
    }
}
