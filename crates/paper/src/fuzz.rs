//! What is fed with broken files: each decoder by itself, and whichever the first bytes ask for.
//!
//! For the tests and for `cargo xtask soak fuzz`. Nothing here judges: a decoder may refuse anything, but it must come
//! back, within its memory, with pages of the size they say they have.

use std::fs::File;

use records::reading::Fault;

use crate::decode::{self, Limits, Original};
use crate::raster::Pixels;

/// Small, so that many inputs are seen.
const LIMITS: Limits = Limits { pixels: 1_000_000, side: 10_000 };
const PAGES: u32 = 3;

pub fn any(file: File) {
    look(decode::open(file, &LIMITS));
}

pub fn tiff(file: File) {
    look(decode::tiff::open(file, &LIMITS));
}

pub fn jpeg(file: File) {
    look(decode::picture::open_jpeg(file, &LIMITS));
}

pub fn png(file: File) {
    look(decode::picture::open_png(file, &LIMITS));
}

pub fn pdf(file: File) {
    look(decode::pdf::open(file, &LIMITS));
}

fn look(original: Result<Box<dyn Original>, Fault>) {
    let Ok(mut original) = original else { return };
    let pages = original.survey().pages;
    assert!(pages > 0, "a file without a page is refused");
    for index in (0..pages.min(PAGES)).chain([pages - 1, pages]) {
        let page = original.page(index);
        assert!(page.is_err() || index < pages, "there is no such page");
        let Ok(page) = page else { continue };
        let (width, height) = (page.raster.width as usize, page.raster.height as usize);
        let bytes = match &page.raster.pixels {
            Pixels::Ink(ink) => (ink.len(), width.div_ceil(8) * height),
            Pixels::Grey(grey) => (grey.len(), width * height),
            Pixels::Rgb(rgb) => (rgb.len(), width * height * 3),
        };
        assert_eq!(bytes.0, bytes.1, "{width} × {height} pixels");
    }
}
