//! As what file does the scanner's software write a page: TIFF, JPEG, PNG, or a PDF around one picture?

use anyhow::Context as _;
use image::{ExtendedColorType, GrayImage, ImageEncoder as _};
use pdf_writer::types::Predictor;
use pdf_writer::{Content, Filter, Finish as _, Name, Pdf, Rect, Ref};

use super::damage::Damage;
use super::page::{Page, Picture};
use crate::dice::Dice;
use crate::samples::encode::{colour_jpeg, g4, g4_tiff, grey_jpeg, png};

/// A page as it leaves the scanner.
pub(crate) struct File {
    pub(crate) extension: &'static str,
    pub(crate) bytes: Vec<u8>,
    /// The same pixels as a PDF holds them.
    pub(crate) stream: Stream,
}

/// The picture of a page of a PDF.
pub(crate) struct Stream {
    data: Vec<u8>,
    filter: Filter,
    colours: i32,
    bits: i32,
    size: (u32, u32),
    dpi: (u32, u32),
}

/// Formats as scanners make them; which of those that fit is thrown.
pub(crate) fn file(page: &Page, dice: &mut Dice) -> anyhow::Result<File> {
    let (dpi, size) = (page.dpi, page.picture.size());
    let stream = |data, filter, colours, bits| Stream { data, filter, colours, bits, size, dpi };
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

/// A page each.
pub(crate) fn pdf(streams: &[&Stream]) -> Vec<u8> {
    let mut pdf = Pdf::new();
    let tree = Ref::new(2);
    let page_ref = |at: usize| Ref::new(10 + 3 * at as i32);
    pdf.catalog(Ref::new(1)).pages(tree);
    pdf.pages(tree).kids((0..streams.len()).map(page_ref)).count(streams.len() as i32);
    for (at, stream) in streams.iter().enumerate() {
        let page = page_ref(at);
        let (content, picture) = (Ref::new(page.get() + 1), Ref::new(page.get() + 2));
        let (w, h) = stream.size;
        let (width, height) = (w as f32 * 72.0 / stream.dpi.0 as f32, h as f32 * 72.0 / stream.dpi.1 as f32);
        let mut writer = pdf.page(page);
        writer.parent(tree).media_box(Rect::new(0.0, 0.0, width, height)).contents(content);
        writer.resources().x_objects().pair(Name(b"P"), picture);
        writer.finish();
        let mut draw = Content::new();
        draw.transform([width, 0.0, 0.0, height, 0.0, 0.0]).x_object(Name(b"P"));
        pdf.stream(content, &draw.finish());
        let mut image = pdf.image_xobject(picture, &stream.data);
        image.width(w as i32).height(h as i32).bits_per_component(stream.bits);
        match stream.colours {
            1 => image.color_space().device_gray(),
            _ => image.color_space().device_rgb(),
        }
        match stream.filter {
            Filter::CcittFaxDecode => {
                image.decode_parms().k(-1).columns(w as i32).rows(h as i32);
            }
            Filter::FlateDecode => {
                image
                    .decode_parms()
                    .predictor(Predictor::PngOptimum)
                    .colors(1)
                    .bits_per_component(8)
                    .columns(w as i32);
            }
            _ => {}
        }
        image.filter(stream.filter);
        image.finish();
    }
    pdf.finish()
}
