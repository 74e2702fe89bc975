//! What does a PNG say of itself, and what are its pixels?

use std::io::Cursor;

use png::{BitDepth, ColorType, Decoder, DecodingError, Limits, Transformations};
use records::reading::Fault;

use super::{Decoded, exif, nothing};
use crate::raster::{Orientation, Pixels, believable_dpi, blot_spare_bits, on_white};

/// What the chunks say (PNG, third edition, section 5), and whether the last one is there.
pub(super) struct Head {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) dpi: Option<[f32; 2]>,
    pub(super) orientation: Orientation,
    pub(super) complete: bool,
}

const SIGNATURE: usize = 8;

impl Head {
    /// Walks the chunks; `None` where the first one is not a whole header.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        let (kind, header, mut at) = chunk(bytes, SIGNATURE)?;
        if kind != b"IHDR" || header.len() < 13 {
            return None;
        }
        let mut head = Self {
            width: number(header, 0),
            height: number(header, 4),
            dpi: None,
            orientation: Orientation::default(),
            complete: false,
        };
        while let Some((kind, content, after)) = chunk(bytes, at) {
            at = after;
            match kind {
                b"pHYs" if content.len() >= 9 && content[8] == 1 => {
                    let inches = |at| Some(number(content, at) as f32 * 0.0254);
                    head.dpi = believable_dpi(inches(0), inches(4));
                }
                b"eXIf" => {
                    if let Some(exif) = exif(content) {
                        head.orientation = Orientation::of_tag(exif.orientation);
                    }
                }
                b"IEND" => {
                    head.complete = true;
                    break;
                }
                _ => {}
            }
        }
        Some(head)
    }
}

/// Kind and content of the chunk at a place, and where the next one begins.
fn chunk(bytes: &[u8], at: usize) -> Option<(&[u8; 4], &[u8], usize)> {
    let length = number(bytes.get(at..at + 4)?, 0) as usize;
    let kind = bytes.get(at + 4..)?.first_chunk()?;
    let content = bytes.get(at + 8..)?.get(..length)?;
    let after = at + 8 + length + 4;
    (after <= bytes.len()).then_some((kind, content, after))
}

fn number(bytes: &[u8], at: usize) -> u32 {
    bytes[at..at + 4].iter().fold(0, |sum, &byte| (sum << 8) | u32::from(byte))
}

/// Decodes, and where a checksum is wrong once more without looking at them.
///
/// # Errors
/// [`records::reading::FaultCode::Damaged`] where nothing can be decoded.
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded, Fault> {
    match attempt(bytes, false) {
        Ok((decoded, true)) => Ok(decoded),
        _ => {
            let (decoded, _) = attempt(bytes, true).map_err(|_| nothing())?;
            Ok(Decoded { damaged: true, ..decoded })
        }
    }
}

/// The picture as far as it goes, and whether that is all of it.
fn attempt(bytes: &[u8], trusting: bool) -> Result<(Decoded, bool), DecodingError> {
    // The page's own size was checked before; this bounds profiles and the like.
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: 256 << 20 });
    decoder.ignore_checksums(trusting);
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let header = decoder.read_header_info()?;
    let ink = (header.color_type, header.bit_depth) == (ColorType::Grayscale, BitDepth::One);
    let to_bytes = Transformations::EXPAND | Transformations::STRIP_16;
    decoder.set_transformations(if ink { Transformations::IDENTITY } else { to_bytes });
    let mut reader = decoder.read_info()?;
    let (width, height) = (reader.info().width, reader.info().height);
    let size = reader.output_buffer_size().ok_or(DecodingError::LimitsExceeded)?;
    // What is not decoded is paper. Not so where single bits come interlaced: they are added to what is there, and
    // on white everything would stay white.
    let untouched = if ink && reader.info().interlaced { 0 } else { 0xFF };
    let mut buffer = vec![untouched; size];
    let whole = match reader.next_frame(&mut buffer) {
        Ok(_) => true,
        Err(error) if buffer.iter().all(|&byte| byte == untouched) => return Err(error),
        Err(_) => false,
    };
    let pixels = match reader.output_color_type().0 {
        _ if ink => {
            buffer.iter_mut().for_each(|byte| *byte = !*byte);
            blot_spare_bits(&mut buffer, width as usize);
            Pixels::Ink(buffer)
        }
        ColorType::Grayscale => Pixels::Grey(buffer),
        ColorType::GrayscaleAlpha => Pixels::Grey(on_white::<2>(buffer, false)),
        ColorType::Rgba => Pixels::Rgb(on_white::<4>(buffer, false)),
        ColorType::Rgb | ColorType::Indexed => Pixels::Rgb(buffer),
    };
    Ok((Decoded { width, height, pixels, damaged: false }, whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(color: ColorType, depth: BitDepth, size: (u32, u32), data: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, size.0, size.1);
        encoder.set_color(color);
        encoder.set_depth(depth);
        encoder.set_pixel_dims(Some(png::PixelDimensions {
            xppu: 11_811,
            yppu: 11_811,
            unit: png::Unit::Meter,
        }));
        encoder.write_header().expect("a header").write_image_data(data).expect("pixels");
        bytes
    }

    #[test]
    fn bilevel_stays_bilevel_and_black_is_ink() {
        let bytes = encoded(ColorType::Grayscale, BitDepth::One, (10, 1), &[0b1111_0000, 0b0100_0000]);
        assert_eq!(decode(&bytes).expect("a picture").pixels, Pixels::Ink(vec![0b0000_1111, 0b1000_0000]));
        let head = Head::of(&bytes).expect("a header");
        assert!((head.dpi.expect("a resolution")[0] - 300.0).abs() < 0.01);
        assert!(head.complete);
    }

    /// 8 × 8 pixels of one bit in Adam7's order: the left half ink.
    #[test]
    fn interlaced_bits_keep_their_ink() {
        let chunk = |name: &[u8; 4], data: &[u8]| {
            let named = [name, data].concat();
            let mut sum = flate2::Crc::new();
            sum.update(&named);
            [&(data.len() as u32).to_be_bytes(), named.as_slice(), &sum.sum().to_be_bytes()].concat()
        };
        // Each row begins with its filter, none. The passes in order: 1 × 1, 1 × 1, 2 × 1, 2 × 2, 4 × 2, 4 × 4, 8 × 4.
        let rows = [
            &[0, 0][..],
            &[0, 0x80],
            &[0, 0x40],
            &[0, 0x40, 0, 0x40],
            &[0, 0x30, 0, 0x30],
            &[0, 0x30, 0, 0x30, 0, 0x30, 0, 0x30],
            &[0, 0x0F, 0, 0x0F, 0, 0x0F, 0, 0x0F],
        ];
        let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut packed, &rows.concat()).expect("into memory");
        let bytes = [
            b"\x89PNG\r\n\x1a\n".to_vec(),
            chunk(b"IHDR", &[0, 0, 0, 8, 0, 0, 0, 8, 1, 0, 0, 0, 1]),
            chunk(b"IDAT", &packed.finish().expect("into memory")),
            chunk(b"IEND", &[]),
        ]
        .concat();
        let decoded = decode(&bytes).expect("a good file");
        assert!(!decoded.damaged);
        assert_eq!(decoded.pixels, Pixels::Ink(vec![0xF0; 8]));
    }

    #[test]
    fn sixteen_bits_become_eight_and_alpha_shows_paper() {
        let bytes =
            encoded(ColorType::GrayscaleAlpha, BitDepth::Sixteen, (2, 1), &[0, 0, 255, 255, 0, 0, 0, 0]);
        assert_eq!(decode(&bytes).expect("a picture").pixels, Pixels::Grey(vec![0, 255]));
    }

    #[test]
    fn a_picture_cut_off_is_shown_as_far_as_it_goes() {
        let noise: Vec<u8> = (0_u32..10_000).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let bytes = encoded(ColorType::Grayscale, BitDepth::Eight, (100, 100), &noise);
        let bytes = &bytes[..bytes.len() / 2];
        assert!(!Head::of(bytes).expect("a header").complete);
        let decoded = decode(bytes).expect("half a picture");
        let Pixels::Grey(grey) = decoded.pixels else { panic!("not grey") };
        assert!(decoded.damaged && grey[..1500] == noise[..1500] && grey[9900..] == [255; 100]);
        assert!(Head::of(&bytes[..20]).is_none());
    }
}
