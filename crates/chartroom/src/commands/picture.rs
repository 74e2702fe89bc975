//! What does a page look like with the words marked that were searched for?

use std::io::Cursor;

use anyhow::Context as _;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use records::geometry::Rect;

/// Marker ink: dark stays dark, paper turns yellow.
const INK: [u16; 3] = [255, 226, 90];
const FRAME: Rgb<u8> = Rgb([214, 106, 0]);

/// The picture with its boxes marked, as PNG.
pub(super) fn marked(picture: &[u8], boxes: &[Rect]) -> anyhow::Result<Vec<u8>> {
    let mut pixels = image::load_from_memory(picture).context("the kept picture cannot be read")?.to_rgb8();
    let margin = pixels.width() / 300;
    for place in boxes {
        mark(&mut pixels, place.grown(margin));
    }
    let mut png = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(pixels).write_to(&mut png, ImageFormat::Png)?;
    Ok(png.into_inner())
}

fn mark(pixels: &mut RgbImage, place: Rect) {
    let (right, bottom) = (place.right().min(pixels.width()), place.bottom().min(pixels.height()));
    let thickness = (pixels.width() / 800).max(1);
    for y in place.y..bottom {
        for x in place.x..right {
            let edge = (x - place.x).min(right - 1 - x).min(y - place.y).min(bottom - 1 - y) < thickness;
            let pixel = pixels.get_pixel_mut(x, y);
            if edge {
                *pixel = FRAME;
            } else {
                for (channel, ink) in pixel.0.iter_mut().zip(INK) {
                    *channel = (u16::from(*channel) * ink / 255) as u8;
                }
            }
        }
    }
}
