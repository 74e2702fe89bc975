//! What does a JPEG say of itself, and what are its pixels?

use records::reading::{Fault, FaultCode};
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;

use super::{Decoded, exif, exif_dpi, nothing};
use crate::decode::tiff::directory::Directory;
use crate::raster::{Orientation, Pixels, believable_dpi};

/// What the segments before the picture say (ITU-T T.81, annex B; JFIF 1.02), and whether its end is there.
pub(super) struct Head {
    pub(super) width: u32,
    pub(super) height: u32,
    /// Second byte of the marker of its frame: C0 to CF.
    frame: u8,
    precision: u8,
    components: u8,
    /// As JFIF states it; unit 1 inch, 2 centimetre.
    density: Option<(u8, f32, f32)>,
    exif: Option<Directory>,
    /// Adobe's segment is there: inks are stored as what they leave of the light.
    adobe: bool,
    /// The mark of its end was found.
    pub(super) complete: bool,
}

impl Head {
    /// Walks the segments; `None` where no frame is described before the bytes end.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        let mut head = Self {
            width: 0,
            height: 0,
            frame: 0,
            precision: 0,
            components: 0,
            density: None,
            exif: None,
            adobe: false,
            complete: false,
        };
        let mut at = 2;
        while let Some((marker, after)) = next_marker(bytes, at) {
            at = after;
            match marker {
                0xD9 => {
                    head.complete = true;
                    break;
                }
                // Start of a picture in the picture, and what has no length.
                0x01 | 0xD0..=0xD8 => continue,
                _ => {}
            }
            let Some(length) =
                bytes.get(at..at + 2).map(|raw| usize::from(u16::from_be_bytes([raw[0], raw[1]])))
            else {
                break;
            };
            let Some(segment) = bytes.get(at + 2..at + length.max(2)) else { break };
            head.hear(marker, segment);
            at += length.max(2);
        }
        (head.frame != 0).then_some(head)
    }

    fn hear(&mut self, marker: u8, segment: &[u8]) {
        let pair = |at: usize| u16::from_be_bytes([segment[at], segment[at + 1]]);
        match marker {
            // Frames; C4, C8 and CC are tables and reserved. Only the first counts.
            0xC0..=0xCF if !matches!(marker, 0xC4 | 0xC8 | 0xCC) && segment.len() >= 6 && self.frame == 0 => {
                self.frame = marker;
                self.precision = segment[0];
                (self.height, self.width) = (u32::from(pair(1)), u32::from(pair(3)));
                self.components = segment[5];
            }
            0xE0 if segment.starts_with(b"JFIF\0") && segment.len() >= 12 && self.density.is_none() => {
                self.density = Some((segment[7], f32::from(pair(8)), f32::from(pair(10))));
            }
            0xE1 if segment.starts_with(b"Exif\0") && self.exif.is_none() => {
                self.exif = segment.get(6..).and_then(exif);
            }
            0xEE if segment.starts_with(b"Adobe") => self.adobe = true,
            _ => {}
        }
    }

    /// Every block of 8 × 8 pixels takes at least one bit: with fewer bytes than that the picture is not all there,
    /// whatever mark stands at its end.
    pub(super) fn may_hold_its_picture(&self, bytes: usize) -> bool {
        let blocks = u64::from(self.width.div_ceil(8)) * u64::from(self.height.div_ceil(8));
        bytes as u64 * 8 >= blocks
    }

    pub(super) fn dpi(&self) -> Option<[f32; 2]> {
        let jfif = self.density.and_then(|(unit, across, down)| match unit {
            1 => believable_dpi(Some(across), Some(down)),
            2 => believable_dpi(Some(across * 2.54), Some(down * 2.54)),
            _ => None,
        });
        jfif.or_else(|| self.exif.as_ref().and_then(exif_dpi))
    }

    pub(super) fn orientation(&self) -> Orientation {
        self.exif.as_ref().map_or_else(Orientation::default, |exif| Orientation::of_tag(exif.orientation))
    }

    /// # Errors
    /// [`FaultCode::Unsupported`] for the kinds of JPEG that no scanner writes.
    pub(super) fn supported(&self) -> Result<(), Fault> {
        let words = match (self.frame, self.precision, self.components) {
            (0xC3, ..) => "a lossless JPEG",
            (0xC9..=0xCB | 0xCD..=0xCF, ..) => "an arithmetic-coded JPEG",
            (0xC5..=0xC7, ..) => "a hierarchical JPEG",
            (_, 8, 1 | 3 | 4) => return Ok(()),
            (_, 8, _) => "a JPEG of two or more than four colours",
            _ => "a JPEG of more than 8 bits a colour",
        };
        Err(Fault::new(FaultCode::Unsupported, words))
    }
}

/// The second byte of the next marker at or behind a place, and where what it marks begins. Bytes of a picture and
/// between segments are passed over; zeros behind FF belong to them.
fn next_marker(bytes: &[u8], mut at: usize) -> Option<(u8, usize)> {
    loop {
        at += bytes.get(at..)?.iter().position(|&byte| byte == 0xFF)?;
        match *bytes.get(at + 1)? {
            0xFF => at += 1,
            0x00 | 0xD0..=0xD7 => at += 2,
            marker => return Some((marker, at + 2)),
        }
    }
}

/// Decodes strictly, and where that fails as far as it goes.
///
/// # Errors
/// [`FaultCode::Damaged`] where nothing can be decoded.
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded, Fault> {
    let adobe = Head::of(bytes).is_some_and(|head| head.adobe);
    let (decoded, damaged) = match attempt(bytes, adobe, true) {
        Ok(decoded) => (decoded, false),
        Err(DecodeErrors::Unsupported(_)) => {
            return Err(Fault::new(FaultCode::Unsupported, "a kind of JPEG that no scanner writes"));
        }
        Err(_) => (attempt(bytes, adobe, false).map_err(|_| nothing())?, true),
    };
    Ok(Decoded { damaged, ..decoded })
}

fn attempt(bytes: &[u8], adobe: bool, strict: bool) -> Result<Decoded, DecodeErrors> {
    // Sizes were checked before; a marker cannot say more than 65,535.
    let options = DecoderOptions::default()
        .set_strict_mode(strict)
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX));
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers()?;
    let stored = decoder.input_colorspace().ok_or(DecodeErrors::FormatStatic("no colours"))?;
    let wanted = match stored {
        ColorSpace::Luma => ColorSpace::Luma,
        ColorSpace::CMYK if !adobe => ColorSpace::CMYK,
        _ => ColorSpace::RGB,
    };
    decoder.set_options(options.jpeg_set_out_colorspace(wanted));
    let bytes = decoder.decode()?;
    let (width, height) = decoder.dimensions().ok_or(DecodeErrors::ZeroError)?;
    let channels = match wanted {
        ColorSpace::Luma => 1,
        ColorSpace::CMYK => 4,
        _ => 3,
    };
    if bytes.len() != width * height * channels {
        return Err(DecodeErrors::ExhaustedData);
    }
    let pixels = match wanted {
        ColorSpace::Luma => Pixels::Grey(bytes),
        ColorSpace::CMYK => Pixels::Rgb(bytes.chunks_exact(4).flat_map(printed).collect()),
        _ => Pixels::Rgb(bytes),
    };
    Ok(Decoded { width: width as u32, height: height as u32, pixels, damaged: false })
}

/// What four inks leave of the light.
fn printed(inks: &[u8]) -> [u8; 3] {
    let left = |ink: u8| 255 - u16::from(ink);
    [0, 1, 2].map(|at| (left(inks[at]) * left(inks[3]) / 255) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Segments of a marker and its content, between start and `end`.
    fn jpeg(segments: &[(u8, &[u8])], end: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0xFF, 0xD8];
        for (marker, content) in segments {
            bytes.extend([0xFF, *marker]);
            bytes.extend((content.len() as u16 + 2).to_be_bytes());
            bytes.extend_from_slice(content);
        }
        bytes.extend_from_slice(end);
        bytes
    }

    const FRAME: &[u8] = &[8, 0x0C, 0xE4, 0x09, 0xF6, 3, 1, 0x22, 0, 2, 0x11, 0, 3, 0x11, 0];
    const JFIF: &[u8] = b"JFIF\0\x01\x01\x01\x00\xC8\x00\xC8\0\0";

    #[test]
    fn size_density_and_end_are_found_behind_fill_bytes() {
        let picture = [0xFF, 0xFF, 0xDA, 0, 2, 7, 0xFF, 0, 9, 0xFF, 0xD0, 1, 0xFF, 0xD9];
        let head = Head::of(&jpeg(&[(0xE0, JFIF), (0xC0, FRAME)], &picture)).expect("a frame");
        assert_eq!((head.width, head.height, head.complete), (2550, 3300, true));
        assert_eq!(head.dpi(), Some([200.0, 200.0]));
        assert_eq!(head.supported(), Ok(()));
        let head = Head::of(&jpeg(&[(0xC0, FRAME)], &picture[..12])).expect("a frame");
        assert!(!head.complete);
    }

    #[test]
    fn an_end_mark_behind_almost_nothing_does_not_make_a_picture_whole() {
        let head = Head::of(&jpeg(&[(0xC0, FRAME)], b"\xFF\xD9")).expect("a frame");
        assert!(head.complete && !head.may_hold_its_picture(2_000));
        assert!(head.may_hold_its_picture(20_000));
    }

    #[test]
    fn orientation_and_resolution_are_found_in_exif() {
        let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x04".to_vec();
        exif.extend(b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\x01\x1A\0\x05\0\0\0\x01\0\0\0\x3E");
        exif.extend(b"\x01\x1B\0\x05\0\0\0\x01\0\0\0\x3E\x01\x28\0\x03\0\0\0\x01\0\x02\0\0\0\0\0\0");
        exif.extend(b"\0\0\x02\x58\0\0\0\x02");
        let head = Head::of(&jpeg(&[(0xE1, &exif), (0xC2, FRAME)], b"\xFF\xD9")).expect("a frame");
        assert_eq!(head.orientation(), Orientation::of_tag(6));
        assert_eq!(head.dpi(), Some([300.0, 300.0]));
    }

    #[test]
    fn nothing_before_the_frame_is_nothing() {
        assert!(Head::of(&jpeg(&[(0xE0, JFIF)], &[])).is_none());
        assert!(Head::of(&jpeg(&[(0xC0, FRAME)], &[])[..12]).is_none());
        assert!(Head::of(b"\xFF\xD8\xFF").is_none());
    }

    #[test]
    fn kinds_that_no_scanner_writes_are_called_by_name() {
        for (marker, words) in [(0xC3, "lossless"), (0xC9, "arithmetic")] {
            let head = Head::of(&jpeg(&[(marker, FRAME)], &[])).expect("a frame");
            let fault = head.supported().expect_err("not supported");
            assert!(fault.detail.contains(words) && fault.code == FaultCode::Unsupported);
        }
    }
}
