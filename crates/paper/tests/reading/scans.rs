//! Are scans of the corpus read right, whichever way up, and do boxes lie on their words?

use paper::decode::DecodedPage;
use paper::prepare::components::Components;
use paper::prepare::ink::Ink;
use paper::prepare::plane::Plane;
use paper::raster::{Pixels, Raster};
use records::geometry::Turn;
use records::reading::{PageReading, QualityFlag, TextSource};

use crate::corpus::{file, page, read};

const PHOTOTEST: &str = "This is a lot of 12 point text to test the\nocr code and see if it works on all types\n\
    of file format.\nThe quick brown dog jumped over the\nlazy fox. The quick brown dog jumped\n\
    over the lazy fox. The quick brown dog\njumped over the lazy fox. The quick\n\
    brown dog jumped over the lazy fox.";

/// Recall on the page of Linn: its text divides words otherwise than its lines do, and the engine by itself,
/// given the very best picture, reaches 0.941.
const TYPESET: f32 = 0.93;

/// Every word's box holds ink, and hardly any ink of letters lies outside all of them.
fn boxes_lie_on_the_ink(upright: &Raster, reading: &PageReading) {
    let plane = Plane::of(upright, 1.0);
    assert_eq!((plane.width, plane.height), (reading.width, reading.height));
    let pieces = Components::of(&Ink::of(&plane)).list;
    for word in &reading.words {
        let inked = pieces.iter().any(|piece| word.place.overlap(piece.place) > 0);
        assert!(inked, "{:?} lies on no ink", word.place);
    }
    let letters = pieces.iter().filter(|piece| piece.area > 30);
    let (all, covered) = letters.fold((0, 0), |(all, covered), letter| {
        let (x, y) = letter.place.centre();
        let inside = reading.words.iter().any(|word| word.place.holds(x, y));
        (all + 1, covered + u32::from(inside))
    });
    assert!(covered * 100 >= all * 95, "{covered} of {all} letters lie in a word");
}

#[test]
fn a_page_is_read_whichever_way_up_it_was_scanned() {
    let ways = [
        ("phototest.tif", Turn::None),
        ("phototest-rotated-180.png", Turn::Half),
        ("phototest-rotated-L.png", Turn::Right),
        ("phototest-rotated-R.png", Turn::Left),
    ];
    for (name, turn) in ways {
        let Some(page) = page(&format!("tesseract-test/testing/{name}")) else { return };
        let upright = page.raster.clone().turned(turn);
        let (reading, _) = read(page);
        assert_eq!(reading.text(), PHOTOTEST, "{name}");
        assert_eq!((reading.turn, reading.source), (turn, TextSource::Ocr), "{name}");
        assert!(reading.confidence > 90.0 && !reading.blank, "{name}: {}", reading.confidence);
        boxes_lie_on_the_ink(&upright, &reading);
    }
}

#[test]
fn a_view_made_again_is_the_view_that_was_made_while_reading() {
    for (name, by_file) in
        [("phototest-rotated-L.png", Turn::None), ("phototest-rotated-180.png", Turn::Right)]
    {
        let page = || {
            let page = page(&format!("tesseract-test/testing/{name}"))?;
            Some(DecodedPage { turned: by_file, ..page })
        };
        let (Some(first), Some(second)) = (page(), page()) else { return };
        let (reading, pictures) = read(first);
        assert_ne!(reading.turn, by_file);
        let again = paper::page::view(second, reading.turn);
        assert!(again.bytes == pictures.view.bytes && again.media == pictures.view.media, "{name}");
    }
}

/// Share of the truth's words that were read, each as often as it stands there.
fn recall(truth: &str, read: &str) -> f32 {
    let mut left: Vec<&str> = read.split_whitespace().collect();
    let words: Vec<&str> = truth.split_whitespace().collect();
    let found = words
        .iter()
        .filter(|word| left.iter().position(|other| other == *word).map(|at| left.swap_remove(at)).is_some());
    found.count() as f32 / words.len() as f32
}

fn linn() -> Option<(paper::decode::DecodedPage, String)> {
    let truth = std::fs::read_to_string(file("ocrmypdf/tests/resources/linn.txt")?).expect("its text");
    Some((page("ocrmypdf/tests/resources/linn.png")?, truth))
}

#[test]
fn a_letter_is_read_word_for_word() {
    let Some((page, truth)) = linn() else { return };
    let upright = page.raster.clone();
    let (reading, pictures) = read(page);
    let recall = recall(&truth, &reading.text());
    assert!(recall > TYPESET, "{recall}");
    assert_eq!(reading.quality.flags, [], "a good page");
    boxes_lie_on_the_ink(&upright, &reading);
    assert_eq!(pictures.view.media, "image/png");
    let view = image::load_from_memory(&pictures.view.bytes).expect("a picture");
    assert_eq!((view.width(), view.height()), (reading.width, reading.height));
}

#[test]
fn a_leaning_page_is_read_and_its_boxes_lean_with_it() {
    let Some(page) = page("ocrmypdf/tests/resources/skew.pdf") else { return };
    let Some((_, truth)) = linn() else { return };
    let upright = page.raster.clone();
    let (reading, _) = read(page);
    assert!((reading.skew - 1.9).abs() < 0.1, "{}", reading.skew);
    assert_eq!((reading.barcodes.len(), reading.unread_symbols.len()), (0, 0), "leaning print is no symbol");
    let recall = recall(&truth, &reading.text());
    assert!(recall > TYPESET, "{recall}");
    boxes_lie_on_the_ink(&upright, &reading);
}

#[test]
fn a_page_of_600_dpi_is_read_like_one_of_300_and_its_boxes_are_its_own() {
    let Some((mut page, truth)) = linn() else { return };
    let Pixels::Grey(small) = page.raster.to_grey().pixels else { unreachable!("to_grey gives grey") };
    let (width, height) = (page.raster.width * 2, page.raster.height * 2);
    let pixel = |i: u64| {
        let (x, y) = (i % u64::from(width) / 2, i / u64::from(width) / 2);
        small[(y * u64::from(page.raster.width) + x) as usize]
    };
    let large: Vec<u8> = (0..u64::from(width) * u64::from(height)).map(pixel).collect();
    page.raster = Raster { width, height, pixels: Pixels::Grey(large), dpi: Some([600.0; 2]) };
    let upright = page.raster.clone();
    let (reading, _) = read(page);
    assert_eq!((reading.width, reading.dpi, reading.native_dpi), (width, [600; 2], Some([600; 2])));
    let recall = recall(&truth, &reading.text());
    assert!(recall > TYPESET, "{recall}");
    boxes_lie_on_the_ink(&upright, &reading);
}

#[test]
fn a_fax_page_becomes_square_and_is_read() {
    let Some((mut page, truth)) = linn() else { return };
    // 204 by 98 dots an inch: every third row of three halves.
    let fine = Plane::of(&page.raster, 300.0 / 204.0);
    let rows: Vec<u8> = (0..fine.height).step_by(2).flat_map(|y| fine.row(y).to_vec()).collect();
    let height = fine.height.div_ceil(2);
    page.raster = Raster { width: fine.width, height, pixels: Pixels::Grey(rows), dpi: Some([204.0, 102.0]) };
    let (reading, _) = read(page);
    assert!(reading.quality.flags.contains(&QualityFlag::Fax));
    assert_eq!((reading.dpi, reading.native_dpi), ([204; 2], Some([204, 102])));
    assert_eq!(reading.height, height * 2);
    let recall = recall(&truth, &reading.text());
    assert!(recall > 0.8, "{recall}");
}

#[test]
fn what_is_read_does_not_depend_on_the_page_before() {
    let Some(first) = page("tesseract-test/testing/eurotext.tif") else { return };
    let Some(other) = page("tesseract-test/testing/phototest.tif") else { return };
    let Some(again) = page("tesseract-test/testing/eurotext.tif") else { return };
    let (before, _) = read(first);
    read(other);
    assert_eq!(read(again).0, before);
}

#[test]
fn text_under_noise_comes_back() {
    let Some((mut page, truth)) = linn() else { return };
    let Pixels::Grey(mut pixels) = page.raster.to_grey().pixels else { unreachable!("to_grey gives grey") };
    let mut state = 1_u32;
    for pixel in &mut pixels {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        if state >> 8 < (1 << 24) / 33 {
            *pixel = 0;
        }
    }
    page.raster.pixels = Pixels::Grey(pixels);
    let (reading, _) = read(page);
    assert!(reading.quality.flags.contains(&QualityFlag::Noisy));
    let recall = recall(&truth, &reading.text());
    assert!(recall > 0.9, "{recall}");
}
