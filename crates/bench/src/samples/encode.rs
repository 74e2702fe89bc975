//! How does a scanner's software write what it saw?

use std::io::Cursor;

use anyhow::{Context as _, anyhow};
use fax::encoder::Encoder;
use fax::{Color, VecWriter};
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, GrayImage, ImageEncoder as _, RgbImage};
use jbig2enc_rust::encode_single_image_lossless;
use pdf_writer::types::Predictor;
use pdf_writer::{Content, Filter, Finish as _, Name, Pdf, Rect, Ref};

use super::damage::bilevel;

/// CCITT Group 4 of a picture; dark is ink.
pub(crate) fn g4(picture: &GrayImage) -> anyhow::Result<Vec<u8>> {
    let mut encoder = Encoder::new(VecWriter::new());
    let ink = |value: u8| if value < 128 { Color::Black } else { Color::White };
    for row in picture.rows() {
        encoder.encode_line(row.map(|pixel| ink(pixel.0[0])), picture.width()).context("a line of G4")?;
    }
    Ok(encoder.finish().context("the end of G4")?.finish())
}

/// A bilevel TIFF of many pages, Group 4, one strip a page. `dpi` across and down.
pub(crate) fn g4_tiff(pages: &[GrayImage], dpi: (u32, u32)) -> anyhow::Result<Vec<u8>> {
    const ENTRIES: usize = 12;
    let mut out = b"II*\0\0\0\0\0".to_vec();
    let mut link = 4; // where the offset of the next directory is written
    for (number, page) in pages.iter().enumerate() {
        let strip = g4(&bilevel(page))?;
        let strip_at = out.len();
        out.extend(&strip);
        out.resize(out.len().next_multiple_of(2), 0);
        let rationals_at = out.len();
        for value in [dpi.0, 1, dpi.1, 1] {
            out.extend(value.to_le_bytes());
        }
        let directory_at = out.len() as u32;
        out[link..link + 4].copy_from_slice(&directory_at.to_le_bytes());
        let entries: [(u16, u16, u32); ENTRIES] = [
            (254, 4, 2), // a page of several
            (256, 4, page.width()),
            (257, 4, page.height()),
            (259, 3, 4), // Group 4
            (262, 3, 0), // white is zero
            (273, 4, strip_at as u32),
            (277, 3, 1),
            (278, 4, page.height()),
            (279, 4, strip.len() as u32),
            (282, 5, rationals_at as u32),
            (283, 5, rationals_at as u32 + 8),
            (297, 3, number as u32 | (pages.len() as u32) << 16),
        ];
        out.extend((ENTRIES as u16).to_le_bytes());
        for (tag, kind, value) in entries {
            let count: u32 = if tag == 297 { 2 } else { 1 };
            out.extend(tag.to_le_bytes());
            out.extend(kind.to_le_bytes());
            out.extend(count.to_le_bytes());
            out.extend(value.to_le_bytes());
        }
        link = out.len();
        out.extend([0; 4]);
    }
    Ok(out)
}

pub(crate) fn png(picture: &GrayImage, dpi: u32) -> anyhow::Result<Vec<u8>> {
    let mut out = Vec::new();
    image::codecs::png::PngEncoder::new(&mut out).write_image(
        picture,
        picture.width(),
        picture.height(),
        ExtendedColorType::L8,
    )?;
    // pHYs goes before the first IDAT; the encoder writes none.
    let at = out.windows(4).position(|w| w == b"IDAT").context("a PNG without data")? - 4;
    let per_metre = (f64::from(dpi) / 0.0254).round() as u32;
    let body = [b"pHYs".as_slice(), &per_metre.to_be_bytes(), &per_metre.to_be_bytes(), &[1]].concat();
    let chunk = [&9_u32.to_be_bytes()[..], &body, &crc32(&body).to_be_bytes()].concat();
    out.splice(at..at, chunk);
    Ok(out)
}

/// CRC-32 as PNG chunks carry it (ISO 3309).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 },
        )
    })
}

pub(crate) fn grey_jpeg(picture: &GrayImage, dpi: u16, quality: u8) -> anyhow::Result<Vec<u8>> {
    jpeg(picture, (picture.width(), picture.height()), ExtendedColorType::L8, dpi, quality)
}

pub(crate) fn colour_jpeg(picture: &RgbImage, dpi: u16, quality: u8) -> anyhow::Result<Vec<u8>> {
    jpeg(picture, (picture.width(), picture.height()), ExtendedColorType::Rgb8, dpi, quality)
}

fn jpeg(
    bytes: &[u8],
    size: (u32, u32),
    kind: ExtendedColorType,
    dpi: u16,
    quality: u8,
) -> anyhow::Result<Vec<u8>> {
    let mut out = Cursor::new(Vec::new());
    let mut encoder = JpegEncoder::new_with_quality(&mut out, quality);
    encoder.set_pixel_density(image::codecs::jpeg::PixelDensity::dpi(dpi));
    encoder.encode(bytes, size.0, size.1, kind)?;
    Ok(out.into_inner())
}

/// How the picture of a page of a scanned PDF is stored.
pub(crate) enum Stored {
    G4(GrayImage),
    Jbig2(GrayImage),
    Jpeg(GrayImage),
}

/// The picture of a page of a PDF.
pub(crate) struct Stream {
    pub(crate) data: Vec<u8>,
    pub(crate) filter: Filter,
    pub(crate) colours: i32,
    pub(crate) bits: i32,
    pub(crate) size: (u32, u32),
    /// Across and down.
    pub(crate) dpi: (f32, f32),
}

impl Stored {
    fn stream(&self, dpi: f32) -> anyhow::Result<Stream> {
        let (Self::G4(pixels) | Self::Jbig2(pixels) | Self::Jpeg(pixels)) = self;
        let (data, filter, bits) = match self {
            Self::G4(pixels) => (g4(&bilevel(pixels))?, Filter::CcittFaxDecode, 1),
            Self::Jpeg(pixels) => (grey_jpeg(pixels, dpi as u16, 60)?, Filter::DctDecode, 8),
            Self::Jbig2(pixels) => (jbig2(pixels)?, Filter::Jbig2Decode, 1),
        };
        Ok(Stream { data, filter, colours: 1, bits, size: pixels.dimensions(), dpi: (dpi, dpi) })
    }
}

/// A PDF as scanners write it: every page is one picture and nothing else.
pub(crate) fn scanned_pdf(pages: &[Stored], dpi: f32) -> anyhow::Result<Vec<u8>> {
    let streams = pages.iter().map(|page| page.stream(dpi)).collect::<anyhow::Result<Vec<_>>>()?;
    Ok(pdf(&streams.iter().collect::<Vec<_>>()))
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
        let (width, height) = (w as f32 * 72.0 / stream.dpi.0, h as f32 * 72.0 / stream.dpi.1);
        let mut writer = pdf.page(page);
        writer.parent(tree).media_box(Rect::new(0.0, 0.0, width, height)).contents(content);
        writer.resources().x_objects().pair(Name(b"P"), picture);
        writer.finish();
        let mut draw = Content::new();
        draw.transform([width, 0.0, 0.0, height, 0.0, 0.0]).x_object(Name(b"P"));
        pdf.stream(content, &draw.finish());
        let mut image = pdf.image_xobject(picture, &stream.data);
        image.width(w as i32).height(h as i32);
        match stream.colours {
            1 => image.color_space().device_gray(),
            _ => image.color_space().device_rgb(),
        }
        image.bits_per_component(stream.bits);
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

/// Generic regions only: lossy symbol substitution can change digits and has no place in a chart.
fn jbig2(picture: &GrayImage) -> anyhow::Result<Vec<u8>> {
    let ink: Vec<u8> = picture.pixels().map(|pixel| u8::from(pixel.0[0] < 128)).collect();
    let encoded = encode_single_image_lossless(&ink, picture.width(), picture.height(), true)
        .map_err(|error| anyhow!("JBIG2: {error:?}"))?;
    Ok(encoded.page_data)
}
