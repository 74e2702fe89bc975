//! What becomes of pages without a word of print?

use paper::decode::DecodedPage;
use paper::raster::{Pixels, Raster};
use records::geometry::Turn;
use records::reading::{QualityFlag, TextSource};

use crate::corpus::read;

const WIDTH: u32 = 1_700;
const HEIGHT: u32 = 2_200;

/// A page of letter size at 200 dpi, ink where `draw` says.
fn page(draw: impl Fn(u32, u32) -> bool) -> DecodedPage {
    let pixel = |i: u32| if draw(i % WIDTH, i / WIDTH) { 0 } else { 255 };
    let pixels = Pixels::Grey((0..WIDTH * HEIGHT).map(pixel).collect());
    let raster = Raster { width: WIDTH, height: HEIGHT, pixels, dpi: Some([200.0; 2]) };
    DecodedPage { raster, turned: Turn::None, damage: None, embedded: Vec::new() }
}

#[test]
fn an_empty_page_is_blank() {
    let (reading, _) = read(page(|_, _| false));
    assert!(reading.blank && reading.words.is_empty());
    assert_eq!((reading.confidence, reading.source), (0.0, TextSource::None));
    assert_eq!((reading.width, reading.height, reading.turn), (WIDTH, HEIGHT, Turn::None));
}

#[test]
fn a_page_with_a_pen_stroke_is_not_blank() {
    let (reading, _) = read(page(|x, y| (800..850).contains(&x) && y.abs_diff(900 + (x - 800) / 2) < 2));
    assert!(!reading.blank);
}

/// A page of grey paper with one stroke so dark, its edges falling off over so many pixels.
fn stroke_on_grey(ink: u32, soft: u32) -> DecodedPage {
    let mut page = page(|_, _| false);
    let Pixels::Grey(pixels) = &mut page.raster.pixels else { unreachable!("drawn in grey") };
    pixels.fill(220);
    for x in 800..860_u32 {
        let middle = 900 + x / 4;
        for y in middle - 2 - soft..=middle + 2 + soft {
            let outside = y.abs_diff(middle).saturating_sub(2);
            pixels[(y * WIDTH + x) as usize] = (ink + (220 - ink) * outside / (soft + 1)) as u8;
        }
    }
    page
}

#[test]
fn faint_writing_on_grey_paper_keeps_its_page_and_what_shines_through_does_not() {
    assert!(!read(stroke_on_grey(165, 0)).0.blank, "a pencil");
    assert!(!read(stroke_on_grey(200, 0)).0.blank, "a hard pencil: faint, but sharp");
    assert!(read(stroke_on_grey(200, 5)).0.blank, "the other side: the paper lies between");
}

#[test]
fn pure_noise_ends_and_is_said_to_be_noise() {
    let random = |x: u32, y: u32| {
        let mixed = (x.wrapping_mul(0x9E37_79B1) ^ y.wrapping_mul(0x85EB_CA77)).wrapping_mul(0xC2B2_AE3D);
        (mixed ^ mixed >> 15) % 100 < 5
    };
    let started = std::time::Instant::now();
    let (reading, _) = read(page(random));
    assert!(reading.quality.flags.contains(&QualityFlag::Noisy));
    assert!(!reading.blank, "dots removed may have been print");
    // An engine given this page as it is works for a minute; the rest is room for a busy machine.
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

#[test]
fn the_turn_of_the_file_is_told_with_ours() {
    let turned = DecodedPage { turned: Turn::Right, ..page(|_, _| false) };
    assert_eq!(read(turned).0.turn, Turn::Right);
}

#[test]
fn damage_is_told_even_of_a_blank_page() {
    let damaged = DecodedPage { damage: Some("262 of 2200 rows".into()), ..page(|_, _| false) };
    assert_eq!(read(damaged).0.quality.flags, [QualityFlag::Damaged]);
}
