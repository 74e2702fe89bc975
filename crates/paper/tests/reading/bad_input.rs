//! Does every picture end in an outcome, within the time of a page?
//!
//! An engine given some of these pages as they are works for minutes.

use std::fs;

use paper::decode::{DecodedPage, Limits, open};
use paper::page::{Reader, Settings};
use paper::raster::{Pixels, Raster};
use records::geometry::Turn;
use records::reading::{FaultCode, PageReading};

use crate::corpus::page as scan;

/// CPU seconds a page may take here: what is done takes two at most, room for busy machines; minutes fail.
const MOST_S: f64 = 30.0;
const SIZE: (u32, u32) = (1_700, 2_200);

/// CPU seconds of this thread, own and system; the kernel counts in ticks of 10 ms.
fn cpu_s() -> f64 {
    let stat = fs::read_to_string("/proc/thread-self/stat").expect("Linux says what a thread has used");
    let behind_name = stat.rsplit(')').next().unwrap_or_default();
    behind_name.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// Ink where `draw` says, as one bit a pixel or as grey.
fn drawn((width, height): (u32, u32), bilevel: bool, draw: impl Fn(u32, u32) -> bool) -> Raster {
    let pixels = if bilevel {
        let byte = |y: u32, at: u32| {
            (0..8).filter(|bit| at + bit < width && draw(at + bit, y)).fold(0, |byte, bit| byte | 0x80 >> bit)
        };
        Pixels::Ink(
            (0..height)
                .flat_map(|y| (0..width).step_by(8).map(move |at| (y, at)))
                .map(|(y, at)| byte(y, at))
                .collect(),
        )
    } else {
        let grey = |at: u32| if draw(at % width, at / width) { 20 } else { 240 };
        Pixels::Grey((0..width * height).map(grey).collect())
    };
    Raster { width, height, pixels, dpi: Some([200.0; 2]) }
}

/// Reads within the time, or fails with the name of the picture.
fn read(reader: &mut Reader, name: &str, raster: Raster) -> PageReading {
    let began = cpu_s();
    let page = DecodedPage { raster, turned: Turn::None, damage: None, embedded: Vec::new() };
    let (reading, _) = reader.read(page);
    let spent = cpu_s() - began;
    assert!(spent < MOST_S, "{name}: {spent} s");
    assert_eq!(reading.error, None, "{name}");
    reading
}

fn reader() -> Reader {
    Reader::new(&Settings::default()).expect("an English model")
}

/// A number from a place: the same on every machine.
fn random(x: u32, y: u32) -> u32 {
    let mixed = (x.wrapping_mul(0x9E37_79B1) ^ y.wrapping_mul(0x85EB_CA77)).wrapping_mul(0xC2B2_AE3D);
    let mixed = (mixed ^ mixed >> 15).wrapping_mul(0x2C1B_3C6D);
    (mixed ^ mixed >> 13) % 100
}

#[test]
fn noise_of_any_density_ends_and_is_never_called_blank() {
    let mut reader = reader();
    for bilevel in [true, false] {
        for percent in [1, 5, 10, 20, 30, 50] {
            let name = format!("{percent} %, one bit: {bilevel}");
            let reading = read(&mut reader, &name, drawn(SIZE, bilevel, |x, y| random(x, y) < percent));
            assert!(!reading.blank, "{name}: dots may have been print");
        }
    }
}

#[test]
fn patterns_end() {
    const BAYER: [[u32; 4]; 4] = [[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]];
    let mut reader = reader();
    for side in [1, 2, 3, 4, 6, 8] {
        read(
            &mut reader,
            &format!("checkerboard of {side}"),
            drawn(SIZE, true, |x, y| (x / side + y / side) % 2 == 0),
        );
        read(
            &mut reader,
            &format!("halftone of {side}"),
            drawn(SIZE, true, |x, y| {
                let (dx, dy) = (x % (2 * side), y % (2 * side));
                dx.abs_diff(side).pow(2) + dy.abs_diff(side).pow(2) <= (side * side * (x + y) / 4000).max(1)
            }),
        );
    }
    read(
        &mut reader,
        "dither",
        drawn(SIZE, true, |x, y| BAYER[y as usize % 4][x as usize % 4] * 240 < (x + y) / 2 % 4000),
    );
    read(
        &mut reader,
        "noise in strokes",
        drawn(SIZE, true, |x, y| y % 30 < 20 && x % 16 < 12 && random(x / 3, y / 3) < 50),
    );
}

#[test]
fn even_pages_and_single_lines_end() {
    let mut reader = reader();
    for bilevel in [true, false] {
        assert!(read(&mut reader, "white", drawn(SIZE, bilevel, |_, _| false)).blank);
        assert!(
            !read(&mut reader, "black", drawn(SIZE, bilevel, |_, _| true)).blank,
            "no paper is to be seen"
        );
        read(&mut reader, "a line across", drawn(SIZE, bilevel, |_, y| y == 1_000));
        read(&mut reader, "a line down", drawn(SIZE, bilevel, |x, _| x / 2 == 400));
        read(
            &mut reader,
            "broken strips",
            drawn(SIZE, bilevel, |x, y| y / 40 % 3 == 0 && random(x / 300, y / 40) < 50),
        );
        read(&mut reader, "ruled", drawn(SIZE, bilevel, |x, y| x % 40 == 0 || y % 40 == 0));
    }
}

#[test]
fn the_smallest_and_the_thinnest_pages_end() {
    let mut reader = reader();
    for size in [(1, 1), (2, 1), (1, 30_000), (30_000, 1), (7, 7), (30_000, 3)] {
        for bilevel in [true, false] {
            for ink in [false, true] {
                let reading = read(&mut reader, &format!("{size:?}"), drawn(size, bilevel, |_, _| ink));
                assert!(reading.width > 0 && reading.height > 0);
            }
        }
    }
}

#[test]
fn a_page_as_large_as_the_limits_allow_ends() {
    let mut reader = reader();
    let name = "30,000 × 6,600";
    let raster =
        Raster { dpi: None, ..drawn((30_000, 6_600), true, |x, y| x % 4_000 < 12 && y % 3_000 < 900) };
    assert!(!read(&mut reader, name, raster).blank);
}

#[test]
fn a_page_of_thirty_thousand_pixels_either_way_is_refused() {
    let mut header = b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR".to_vec();
    header.extend([30_000_u32.to_be_bytes(), 30_000_u32.to_be_bytes()].concat());
    header.extend([1, 0, 0, 0, 0, 0, 0, 0, 0]);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("page");
    fs::write(&path, header).expect("a file");
    let opened = open(fs::File::open(&path).expect("a file"), &Limits::default());
    let fault = opened.and_then(|mut original| original.page(0).map(|_| ())).err().map(|fault| fault.code);
    assert_eq!(fault, Some(FaultCode::TooLarge));
}

#[test]
fn text_under_noise_is_read_where_the_cure_brings_it_back() {
    let mut reader = reader();
    for percent in [5, 10] {
        let Some(page) = scan("ocrmypdf/tests/resources/linn.png") else { return };
        let clean = read(&mut reader, "clean", page.raster.clone());
        let Pixels::Grey(mut pixels) = page.raster.to_grey().pixels else {
            unreachable!("to_grey gives grey")
        };
        let width = page.raster.width;
        for (at, pixel) in (0..).zip(&mut pixels) {
            if random(at % width, at / width) < percent {
                *pixel = 0;
            }
        }
        let noisy = read(&mut reader, "noisy", Raster { pixels: Pixels::Grey(pixels), ..page.raster });
        let words = |reading: &PageReading| -> Vec<String> {
            reading.words.iter().map(|word| word.text.clone()).collect()
        };
        let mut left = words(&noisy);
        let wanted = words(&clean);
        let found = wanted
            .iter()
            .filter(|word| left.iter().position(|own| own == *word).map(|at| left.swap_remove(at)).is_some());
        let share = found.count() as f32 / wanted.len() as f32;
        assert!(share > if percent == 5 { 0.8 } else { 0.5 }, "{percent} %: {share}");
    }
}
