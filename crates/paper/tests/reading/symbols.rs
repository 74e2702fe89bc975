//! Are symbols found, believed only where pictures agree, and missed nowhere silently?

use std::path::Path;

use paper::barcode::{Symbols, find};
use paper::prepare::deskew::straightened;
use paper::prepare::plane::Plane;
use paper::prepare::sheet::Sheet;
use records::geometry::{Rect, Turn};
use records::reading::{Barcode, Symbology};
use zxingcpp::{BarcodeFormat, create, write};

use crate::corpus::{file, page};

/// A white page of 1,700 by 2,200 pixels with a symbol at (300, 400), so many pixels a module.
fn page_with(format: BarcodeFormat, text: &str, scale: i32) -> Plane {
    let symbol = create(format).from_str(text).expect("a symbol of it");
    let picture = symbol.to_image_with(&write().scale(scale).add_quiet_zones(true)).expect("a picture");
    let (width, height) = (picture.width() as u32, picture.height() as u32);
    let mut page = Plane::white(1_700, 2_200);
    for (y, row) in (400..400 + height).zip(picture.data().chunks(width as usize)) {
        page.row_mut(y)[300..300 + width as usize].copy_from_slice(row);
    }
    page
}

fn found(page: Plane) -> Symbols {
    find(&Sheet::of(page, false))
}

fn only(symbols: &Symbols) -> &Barcode {
    assert_eq!(symbols.found.len(), 1, "{symbols:?}");
    &symbols.found[0]
}

#[test]
fn a_code_is_read_with_its_place_and_its_module() {
    for (format, symbology, scale) in [
        (BarcodeFormat::Code128, Symbology::Code128, 3),
        (BarcodeFormat::QRCode, Symbology::Qr, 4),
        (BarcodeFormat::DataMatrix, Symbology::DataMatrix, 4),
    ] {
        let symbols = found(page_with(format, "00123456", scale));
        let code = only(&symbols);
        assert_eq!((code.symbology, code.text.as_str(), code.turn), (symbology, "00123456", 0));
        assert!(code.agreeing >= 2 && !code.disputed, "{symbology:?}: {} agree", code.agreeing);
        assert!((code.module - scale as f32).abs() < 0.8, "{symbology:?}: module {}", code.module);
        let place = Rect { x: 300, y: 400, w: 500, h: 400 };
        assert!(code.place.overlap(place) > 0 && code.place.right() < 900, "{:?}", code.place);
        assert_eq!(symbols.unread, []);
    }
}

#[test]
fn a_code_on_its_side_says_so() {
    let page = page_with(BarcodeFormat::Code128, "00123456", 3).turned(Turn::Right);
    assert_eq!(only(&found(page)).turn, 90);
    let page = page_with(BarcodeFormat::QRCode, "00123456", 4).turned(Turn::Half);
    assert_eq!(only(&found(page)).turn, 180);
}

#[test]
fn a_leaning_code_is_read_along_its_lean() {
    // Twelve degrees: no straight line of the page crosses all bars.
    let page = straightened(&page_with(BarcodeFormat::Code128, "A-00123456-Z", 3), -12.0);
    let symbols = found(page);
    let code = only(&symbols);
    assert_eq!((code.text.as_str(), code.turn), ("A-00123456-Z", 12));
    assert!(code.agreeing >= 2 && !code.disputed);
}

#[test]
fn a_faded_code_is_read_with_its_module() {
    let mut page = page_with(BarcodeFormat::Code39, "M00123456", 3);
    page.pixels.iter_mut().for_each(|p| *p = 225 + *p / 12);
    let symbols = found(page);
    let code = only(&symbols);
    assert_eq!(code.text, "M00123456");
    assert!(code.agreeing >= 2 && (code.module - 3.0).abs() < 0.8, "{code:?}");
}

#[test]
fn codabar_and_interleaved_codes_are_read_where_pictures_agree() {
    for (format, symbology, text) in [
        (BarcodeFormat::Codabar, Symbology::Codabar, "A0012345678B"),
        (BarcodeFormat::ITF, Symbology::Itf, "001234567890"),
    ] {
        let symbols = found(page_with(format, text, 3));
        let code = only(&symbols);
        assert_eq!((code.symbology, code.text.as_str()), (symbology, text));
        assert!(code.agreeing >= 2 && !code.disputed);
    }
}

#[test]
fn a_kind_that_the_house_leaves_out_gives_no_value_but_control_sheets_are_always_read() {
    let codabar = found(page_with(BarcodeFormat::Codabar, "A0012345678B", 3));
    assert!(codabar.clone().only(&[Symbology::Code128]).found.is_empty());
    assert_eq!(codabar.clone().only(&[Symbology::Codabar]), codabar);
    let sheet = found(page_with(BarcodeFormat::QRCode, "CS1|a sheet", 4));
    assert_eq!(sheet.clone().only(&[Symbology::Code128]), sheet);
}

#[test]
fn a_gs1_symbol_is_known_as_one() {
    let plain = page_with(BarcodeFormat::DataMatrix, "8018950123456789012341", 4);
    assert!(!only(&found(plain)).gs1);
    let Some(gs1) = file("zxing-cpp/test/samples/datamatrix-1/gs1-figure-4.15.1-2-32x32.png") else { return };
    // As small as it is it fills its picture: white around it, as on paper.
    let small = image_of(&gs1).scaled(4.0);
    let mut page = Plane::white(small.width + 400, small.height + 400);
    for y in 0..small.height {
        page.row_mut(y + 200)[200..200 + small.width as usize].copy_from_slice(small.row(y));
    }
    let symbols = found(page);
    let code = only(&symbols);
    assert!(code.gs1 && code.text.starts_with("01"), "{}", code.text);
}

#[test]
fn two_labels_one_above_the_other_are_two_symbols_that_do_not_dispute() {
    let mut page = page_with(BarcodeFormat::Code128, "00123456", 3);
    let other = page_with(BarcodeFormat::Code128, "00654321", 3);
    (400..560).for_each(|y| page.row_mut(y + 160).copy_from_slice(other.row(y)));
    let symbols = found(page);
    let mut texts: Vec<_> = symbols.found.iter().map(|code| (code.text.as_str(), code.disputed)).collect();
    texts.sort_unstable();
    assert_eq!(texts, [("00123456", false), ("00654321", false)]);
}

#[test]
fn a_torn_qr_code_is_not_nothing() {
    let mut page = page_with(BarcodeFormat::QRCode, "CS1|GENHOSP.k1|P|GENHOSP|00123456|-|LAB|20190402", 6);
    // The lower half is gone: one finder pattern with it, and more than any correction brings back.
    (510..700).for_each(|y| page.row_mut(y).fill(255));
    let symbols = found(page);
    assert_eq!(symbols.found, []);
    assert_eq!(symbols.unread.len(), 1, "{:?}", symbols.unread);
    assert!(symbols.unread[0].overlap(Rect { x: 300, y: 400, w: 240, h: 110 }) > 0);
}

#[test]
fn a_qr_code_without_any_finder_pattern_is_not_nothing() {
    let payload = "CS1|GENHOSP.k1|P|GENHOSP|00123456|-|LAB|20190402|2|-|20190402T101500Z";
    let mut page = page_with(BarcodeFormat::QRCode, payload, 8);
    // Scratches from corner to corner.
    for y in 380..800_u32 {
        let scratched = (280..800_u32).filter(|x| (x + y) % 17 < 5);
        scratched.for_each(|x| page.row_mut(y)[x as usize] = 255);
    }
    let symbols = found(page);
    assert_eq!(symbols.found, []);
    assert_eq!(symbols.unread.len(), 1, "{:?}", symbols.unread);
}

#[test]
fn a_barcode_whose_bars_were_cut_is_not_nothing() {
    let mut page = page_with(BarcodeFormat::Code128, "A-00123456-Z", 3);
    // A white streak through the start, as a worn print head leaves it.
    (0..2_200).for_each(|y| page.row_mut(y)[330..348].fill(255));
    let symbols = found(page);
    assert_eq!(symbols.found, []);
    assert_eq!(symbols.unread.len(), 1);
}

#[test]
fn tables_grids_and_rulers_are_no_symbols() {
    let mut page = Plane::white(1_700, 2_200);
    for y in 0..2_200_u32 {
        for (x, pixel) in page.row_mut(y).iter_mut().enumerate() {
            let x = x as u32;
            let grid = y < 700 && (x % 20 < 2 || y % 20 < 2);
            let table = (800..1_400).contains(&y) && (x % 170 < 3 || y % 50 < 3);
            let ruler = (1_500..1_560).contains(&y) && x % 12 < 3;
            let boxes = (1_700..1_740).contains(&y) && (x % 40 < 2 || y % 40 < 2);
            if grid || table || ruler || boxes {
                *pixel = 0;
            }
        }
    }
    let symbols = found(page);
    assert!(symbols.is_empty(), "{symbols:?}");
}

#[test]
fn print_gives_no_symbols() {
    for name in ["ocrmypdf/tests/resources/linn.png", "tesseract-test/testing/8071_093.3B.tif"] {
        let Some(page) = page(name) else { return };
        assert!(found(Plane::of(&page.raster, 1.0)).is_empty(), "{name}");
    }
}

fn image_of(path: &Path) -> Plane {
    let picture = image::open(path).expect("a picture").to_luma8();
    Plane { width: picture.width(), height: picture.height(), pixels: picture.into_raw() }
}

#[test]
fn symbols_of_the_corpus_are_read_and_never_otherwise_than_they_are() {
    // Small pictures, some of one pixel a module; none may give another value.
    let folders = [
        ("code128-1", 3, 3),
        ("code39-1", 3, 3),
        ("datamatrix-4", 10, 10),
        ("qrcode-6", 6, 6),
        ("pdf417-3", 5, 6),
    ];
    for (folder, least, all) in folders {
        let Some(folder) = file(&format!("zxing-cpp/test/samples/{folder}")) else { return };
        let (mut read, mut seen) = (0, 0);
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let truth = path.with_extension("txt");
            if path.extension().is_none_or(|end| end != "png") || !truth.is_file() {
                continue;
            }
            let truth = std::fs::read_to_string(truth).expect("its text");
            let symbols = found(image_of(&path));
            let codes: Vec<_> =
                symbols.found.iter().filter(|code| code.symbology != Symbology::Patch).collect();
            seen += 1;
            read += usize::from(!codes.is_empty());
            for code in codes {
                assert_eq!(code.text.trim(), truth.trim(), "{}", path.display());
                assert!(!code.disputed, "{}", path.display());
            }
        }
        assert_eq!(seen, all, "{}", folder.display());
        assert!(read >= least, "{read} of {seen} in {}", folder.display());
    }
}
