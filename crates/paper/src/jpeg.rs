//! How is a JPEG written in little time? By the library that Leptonica already brings (libjpeg-turbo): a colour
//! page takes a fifth of what an encoder in Rust takes, and a view may cost no twentieth of its page's reading.
#![expect(unsafe_code, reason = "Leptonica's pictures are made and written through its C interface")]

use std::ptr;

use leptess::capi;

/// How many bytes a pixel has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Channels {
    Grey,
    Rgb,
}

/// A JPEG of rows top to bottom with nothing between. Quality 1 to 100. Empty where memory ends.
pub(crate) fn written(width: u32, height: u32, pixels: &[u8], channels: Channels, quality: u8) -> Vec<u8> {
    let (bytes_a_pixel, depth) = if channels == Channels::Rgb { (3, 32) } else { (1, 8) };
    let row_bytes = width as usize * bytes_a_pixel;
    assert_eq!(pixels.len(), row_bytes * height as usize, "a raster has the bytes its size says");
    let side = |pixels: u32| i32::try_from(pixels).expect("decoders keep sides below 30,000");
    // SAFETY: Leptonica's picture has `words` 32-bit words a row, all of which are written before it is read;
    // the JPEG is copied out of the library's buffer, and both are freed by the library once.
    unsafe {
        let mut picture = capi::pixCreateNoInit(side(width), side(height), depth);
        if picture.is_null() {
            return Vec::new();
        }
        let words = usize::try_from(capi::pixGetWpl(picture)).expect("a picture has words");
        let data = std::slice::from_raw_parts_mut(capi::pixGetData(picture), words * height as usize);
        for (row, pixels) in data.chunks_exact_mut(words).zip(pixels.chunks_exact(row_bytes)) {
            fill(row, pixels, channels);
        }
        let (mut bytes, mut size) = (ptr::null_mut(), 0);
        let failed =
            capi::pixWriteMemJpeg(&raw mut bytes, &raw mut size, picture, i32::from(quality), 0) != 0;
        capi::pixDestroy(&raw mut picture);
        if failed || bytes.is_null() {
            return Vec::new();
        }
        let jpeg = std::slice::from_raw_parts(bytes, size).to_vec();
        capi::lept_free(bytes.cast());
        jpeg
    }
}

/// Leptonica keeps pixels in 32-bit words, the first in the highest bits; red, green, blue and nothing in one.
fn fill(row: &mut [u32], pixels: &[u8], channels: Channels) {
    match channels {
        Channels::Rgb => {
            for (word, p) in row.iter_mut().zip(pixels.chunks_exact(3)) {
                *word = u32::from_be_bytes([p[0], p[1], p[2], 0]);
            }
        }
        Channels::Grey => {
            for (word, four) in row.iter_mut().zip(pixels.chunks(4)) {
                let mut bytes = [0; 4];
                bytes[..four.len()].copy_from_slice(four);
                *word = u32::from_be_bytes(bytes);
            }
        }
    }
}
