//! As what file does the scanner's software write a page: TIFF, JPEG, PNG, or a PDF around one picture?

use anyhow::Context as _;
use image::{ExtendedColorType, GrayImage, ImageEncoder as _};
use pdf_writer::Filter;

use super::damage::Damage;
use super::page::{Page, Picture};
use crate::dice::Dice;
use crate::samples::encode::{Stream, colour_jpeg, g4, g4_tiff, grey_jpeg, pdf, png};

/// A page as it leaves the scanner.
pub(crate) struct File {
    pub(crate) extension: &'static str,
    pub(crate) bytes: Vec<u8>,
    /// The same pixels as a PDF holds them.
    pub(crate) stream: Stream,
}

/// Formats as scanners make them; which of those that fit is thrown.
pub(crate) fn file(page: &Page, dice: &mut Dice) -> anyhow::Result<File> {
    let (dpi, size) = (page.dpi, page.picture.size());
    let in_pdf = (dpi.0 as f32, dpi.1 as f32);
    let stream = |data, filter, colours, bits| Stream { data, filter, colours, bits, size, dpi: in_pdf };
    let (extension, bytes, stream) = match &page.picture {
        Picture::Bilevel(picture) => {
            let stream = stream(g4(picture)?, Filter::CcittFaxDecode, 1, 1);
            ("tif", g4_tiff(std::slice::from_ref(picture), dpi)?, stream)
        }
        Picture::Grey(picture) if page.damage != Damage::Jpeg && dice.below(3) == 0 => {
            ("png", png(picture, dpi.0)?, stream(deflated(picture)?, Filter::FlateDecode, 1, 8))
        }
        Picture::Grey(picture) => {
            let bytes = grey_jpeg(picture, dpi.0 as u16, quality(page, dice))?;
            ("jpg", bytes.clone(), stream(bytes, Filter::DctDecode, 1, 8))
        }
        Picture::Colour(picture) => {
            let bytes = colour_jpeg(picture, dpi.0 as u16, quality(page, dice))?;
            ("jpg", bytes.clone(), stream(bytes, Filter::DctDecode, 3, 8))
        }
    };
    // One in four comes as a PDF.
    if dice.below(4) == 0 {
        let bytes = pdf(&[&stream]);
        return Ok(File { extension: "pdf", bytes, stream });
    }
    Ok(File { extension, bytes, stream })
}

fn quality(page: &Page, dice: &mut Dice) -> u8 {
    let (low, high) = if page.damage == Damage::Jpeg { (8, 19) } else { (70, 90) };
    dice.between(low, high) as u8
}

/// The compressed rows of a PNG are those of a PDF with PNG's predictors.
fn deflated(picture: &GrayImage) -> anyhow::Result<Vec<u8>> {
    let mut png = Vec::new();
    image::codecs::png::PngEncoder::new(&mut png).write_image(
        picture,
        picture.width(),
        picture.height(),
        ExtendedColorType::L8,
    )?;
    let (mut at, mut data) = (8, Vec::new());
    while at + 8 <= png.len() {
        let length: [u8; 4] = png[at..at + 4].try_into()?;
        let length = u32::from_be_bytes(length) as usize;
        if &png[at + 4..at + 8] == b"IDAT" {
            data.extend(png.get(at + 8..at + 8 + length).context("a PNG that is cut off")?);
        }
        at += 12 + length;
    }
    Ok(data)
}
