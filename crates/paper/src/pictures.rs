//! Which pictures of a page does a person see? The view (the upright frame itself) and a thumbnail.

use crate::jpeg::{Channels, written};
use crate::raster::{Pixels, Raster};

/// Good enough to read a stamp over text.
const VIEW_QUALITY: u8 = 80;
const THUMBNAIL_QUALITY: u8 = 70;
/// Pixels across a thumbnail.
const THUMBNAIL_WIDTH: u32 = 160;
/// Samples across and down that make one pixel of a thumbnail.
const SAMPLES: u32 = 6;

/// One picture in a browser's format.
#[derive(Clone)]
pub struct Picture {
    /// "image/png" or "image/jpeg".
    pub media: &'static str,
    pub bytes: Vec<u8>,
}

/// Never shows pixels: `Debug` ends up in logs.
impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({}, {} bytes)", self.media, self.bytes.len())
    }
}

/// The pictures of one page.
#[derive(Clone, Debug)]
pub struct Pictures {
    /// The upright frame, pixel for pixel: PNG of one bit where the page is ink on white, else JPEG.
    pub view: Picture,
    /// About 160 pixels wide.
    pub thumbnail: Picture,
}

impl Pictures {
    /// Of a page in the upright frame.
    pub fn of(upright: &Raster) -> Self {
        Self { view: view(upright), thumbnail: thumbnail(upright) }
    }
}

/// As [`Pictures::view`].
pub(crate) fn view(page: &Raster) -> Picture {
    match &page.pixels {
        // A file may keep ink on white in more bits than it needs.
        Pixels::Grey(pixels) if pixels.iter().all(|&p| p == 0 || p == 255) => {
            Picture { media: "image/png", bytes: png(page.width, page.height, &ink_of(pixels, page.width)) }
        }
        Pixels::Ink(bits) => Picture { media: "image/png", bytes: png(page.width, page.height, bits) },
        Pixels::Grey(pixels) => jpeg(page.width, page.height, pixels, Channels::Grey, VIEW_QUALITY),
        Pixels::Rgb(pixels) => jpeg(page.width, page.height, pixels, Channels::Rgb, VIEW_QUALITY),
    }
}

fn ink_of(pixels: &[u8], width: u32) -> Vec<u8> {
    let byte = |eight: &[u8]| {
        eight.iter().enumerate().fold(0, |byte, (bit, &p)| byte | (u8::from(p == 0) << (7 - bit)))
    };
    pixels.chunks_exact(width as usize).flat_map(|row| row.chunks(8).map(byte)).collect()
}

/// One bit a pixel; in PNG 0 is black, with us 1 is ink.
fn png(width: u32, height: u32, ink: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(ink.len() / 4);
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    encoder.set_compression(png::Compression::Fast);
    encoder.set_filter(png::Filter::Up);
    let light: Vec<u8> = ink.iter().map(|byte| !byte).collect();
    encoder
        .write_header()
        .and_then(|mut writer| writer.write_image_data(&light))
        .expect("a raster has the bytes its size says, and memory takes them all");
    bytes
}

fn jpeg(width: u32, height: u32, pixels: &[u8], channels: Channels, quality: u8) -> Picture {
    Picture { media: "image/jpeg", bytes: written(width, height, pixels, channels, quality) }
}

fn thumbnail(page: &Raster) -> Picture {
    let width = THUMBNAIL_WIDTH.min(page.width).max(1);
    let height =
        (u64::from(page.height) * u64::from(width) / u64::from(page.width.max(1))).clamp(1, 2_000) as u32;
    let coloured = matches!(page.pixels, Pixels::Rgb(_));
    let channels = if coloured { 3 } else { 1 };
    let mut small = Vec::with_capacity((width * height) as usize * channels);
    for y in 0..height {
        for x in 0..width {
            let mut sum = [0_u32; 3];
            for (dy, dx) in (0..SAMPLES).flat_map(|dy| (0..SAMPLES).map(move |dx| (dy, dx))) {
                let colour =
                    sample(page, (x * SAMPLES + dx, width * SAMPLES), (y * SAMPLES + dy, height * SAMPLES));
                sum.iter_mut().zip(colour).for_each(|(sum, c)| *sum += u32::from(c));
            }
            small.extend(sum[..channels].iter().map(|sum| (sum / (SAMPLES * SAMPLES)) as u8));
        }
    }
    let channels = if coloured { Channels::Rgb } else { Channels::Grey };
    jpeg(width, height, &small, channels, THUMBNAIL_QUALITY)
}

/// The pixel at a fraction of the width and of the height; grey pixels give their value first.
fn sample(page: &Raster, across: (u32, u32), down: (u32, u32)) -> [u8; 3] {
    let at = |(part, whole): (u32, u32), size: u32| {
        (u64::from(part) * u64::from(size) / u64::from(whole)) as usize
    };
    let (x, y, width) = (at(across, page.width), at(down, page.height), page.width as usize);
    match &page.pixels {
        Pixels::Grey(pixels) => [pixels[y * width + x]; 3],
        Pixels::Rgb(pixels) => {
            let at = (y * width + x) * 3;
            [pixels[at], pixels[at + 1], pixels[at + 2]]
        }
        Pixels::Ink(bits) => {
            let byte = bits[y * width.div_ceil(8) + x / 8];
            [if byte & (0x80 >> (x % 8)) == 0 { 255 } else { 0 }; 3]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_view_of_an_ink_page_is_its_own_pixels() {
        let page =
            Raster { width: 10, height: 2, pixels: Pixels::Ink(vec![0xF0, 0x40, 0x00, 0x80]), dpi: None };
        let pictures = Pictures::of(&page);
        let view = image::load_from_memory(&pictures.view.bytes).expect("a picture").to_luma8();
        assert_eq!(pictures.view.media, "image/png");
        let grey = Pictures::of(&page.to_grey());
        assert_eq!(grey.view.bytes, pictures.view.bytes, "ink kept in bytes is seen as ink");
        assert_eq!(
            view.as_raw(),
            &[0, 0, 0, 0, 255, 255, 255, 255, 255, 0, 255, 255, 255, 255, 255, 255, 255, 255, 0, 255]
        );
    }

    #[test]
    fn a_thumbnail_keeps_the_page_s_shape_and_colour() {
        let red = [200, 10, 10].repeat(1700 * 2200);
        let page = Raster { width: 1700, height: 2200, pixels: Pixels::Rgb(red), dpi: None };
        let small =
            image::load_from_memory(&Pictures::of(&page).thumbnail.bytes).expect("a picture").to_rgb8();
        assert_eq!((small.width(), small.height()), (160, 207));
        let middle = small.get_pixel(80, 100).0;
        assert!(middle[0] > 180 && middle[1] < 40, "{middle:?}");
    }
}
