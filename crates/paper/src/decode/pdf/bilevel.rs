//! Which pixels of a black-and-white image are ink? Decoded strictly first: the lenient decoders answer a damaged
//! image with white paper.

use hayro_ccitt::{DecodeSettings, DecoderContext, EncodingMode};
use hayro_jbig2::Globals;
use hayro_syntax::Filter;
use hayro_syntax::object::{Array, Dict, Name, Object, Stream, String as PdfString};
use records::reading::Fault;

use super::codec::Coded;
use crate::decode::Limits;

/// Rows of bits, 1 is ink, padded to bytes.
pub(super) struct Bits {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) ink: Vec<u8>,
    pub(super) damage: Option<String>,
}

/// `None` where the image is not black and white in one of the ways known here, or where nothing can be decoded.
///
/// # Errors
/// [`records::reading::FaultCode::TooLarge`] where the data ask for more than the dictionary said.
pub(super) fn decode(stream: &Stream<'_>, limits: &Limits) -> Result<Option<Bits>, Fault> {
    let dict = stream.dict();
    let Some((width, height)) = dict.get::<u32>("Width").zip(dict.get::<u32>("Height")) else {
        return Ok(None);
    };
    let Some(dark) = dark_sample(dict) else { return Ok(None) };
    match Coded::of(stream) {
        Some(coded) if coded.filter == Filter::CcittFaxDecode => {
            limits.admit(coded.columns(), height)?;
            let black_is_one = coded.params.get::<bool>("BlackIs1").unwrap_or(false);
            Ok(fax(&coded, height).map(|bits| bits.inked(black_is_one == dark)))
        }
        Some(coded) if coded.filter == Filter::Jbig2Decode => {
            Ok(jbig2(&coded, limits)?.map(|bits| bits.inked(!dark)))
        }
        Some(_) => Ok(None),
        None if is_one_bit(dict) => Ok(plain(stream, width, height, dark).map(|bits| bits.inked(dark))),
        None => Ok(None),
    }
}

impl Bits {
    /// Ink where the bits are 1, or where they are 0; nothing in the padding.
    fn inked(mut self, ones_are_ink: bool) -> Self {
        if !ones_are_ink {
            self.ink.iter_mut().for_each(|byte| *byte = !*byte);
        }
        let stride = self.width.div_ceil(8) as usize;
        let padding = 0xFF << (stride * 8 - self.width as usize);
        for last in self.ink.iter_mut().skip(stride - 1).step_by(stride) {
            *last &= padding as u8;
        }
        self
    }

    fn white(width: u32, height: u32) -> Self {
        let ink = vec![0; width.div_ceil(8) as usize * height as usize];
        Self { width, height, ink, damage: None }
    }
}

fn is_one_bit(dict: &Dict<'_>) -> bool {
    is_stencil(dict) || dict.get::<u8>("BitsPerComponent") == Some(1)
}

fn is_stencil(dict: &Dict<'_>) -> bool {
    dict.get::<bool>("ImageMask").unwrap_or(false)
}

/// Whether samples of 1 (rather than of 0) are the dark ones; `None` for colours. Stencils are taken to be
/// painted in a dark colour.
fn dark_sample(dict: &Dict<'_>) -> Option<bool> {
    let decode =
        dict.get::<Array<'_>>("Decode").map(|all| all.iter::<f32>().collect::<Vec<_>>()).unwrap_or_default();
    // An index is looked up as it is: inverting its range would be an invention of the producer.
    let inverted = decode.len() >= 2 && decode[0] > decode[1];
    if is_stencil(dict) {
        return Some(inverted);
    }
    let one_is_dark = match dict.get::<Object<'_>>("ColorSpace") {
        None => false,
        Some(Object::Name(name)) => gray_name(&name)?,
        Some(Object::Array(space)) => {
            let family = space.iter::<Object<'_>>().next()?.into_name()?;
            match family.as_ref() {
                b"Indexed" | b"I" => palette(&space)?,
                b"ICCBased" => {
                    let profile = space.iter::<Object<'_>>().nth(1)?.into_stream()?;
                    (profile.dict().get::<u8>("N") == Some(1)).then_some(false)?
                }
                _ => gray_name(&family)?,
            }
        }
        Some(_) => return None,
    };
    Some(one_is_dark != inverted)
}

fn gray_name(name: &Name<'_>) -> Option<bool> {
    matches!(name.as_ref(), b"DeviceGray" | b"CalGray" | b"G").then_some(false)
}

/// Whether the second of two colours is the dark one; `None` unless one is about black and one about white.
fn palette(space: &Array<'_>) -> Option<bool> {
    let mut parts = space.iter::<Object<'_>>().skip(1);
    let (base, _, lookup) = (parts.next()?, parts.next()?, parts.next()?);
    let components = match &base {
        Object::Name(name) => match name.as_ref() {
            b"DeviceGray" | b"G" | b"CalGray" => 1,
            b"DeviceRGB" | b"RGB" => 3,
            _ => return None,
        },
        Object::Array(space) => {
            let family = space.iter::<Object<'_>>().next()?.into_name()?;
            match family.as_ref() {
                b"CalGray" => 1,
                b"CalRGB" => 3,
                b"ICCBased" => {
                    match space.iter::<Object<'_>>().nth(1)?.into_stream()?.dict().get::<u8>("N")? {
                        n @ (1 | 3) => usize::from(n),
                        _ => return None,
                    }
                }
                _ => return None,
            }
        }
        _ => return None,
    };
    let table = match lookup {
        Object::String(string) => PdfString::as_bytes(&string).to_vec(),
        Object::Stream(stream) => stream.decoded_data().ok()?.into_owned(),
        _ => return None,
    };
    let (first, second) = (table.get(..components)?, table.get(components..2 * components)?);
    let dark = |colour: &[u8]| colour.iter().all(|&c| c < 0x40);
    let light = |colour: &[u8]| colour.iter().all(|&c| c > 0xC0);
    match (dark(first) && light(second), light(first) && dark(second)) {
        (true, _) => Some(false),
        (_, true) => Some(true),
        _ => None,
    }
}

/// CCITT group 3 and 4 (ITU-T T.4, T.6): 1 is black.
fn fax(coded: &Coded<'_>, height: u32) -> Option<Bits> {
    let params = &coded.params;
    let flag = |key: &str, or: bool| params.get::<bool>(key).unwrap_or(or);
    let settings = |strict| DecodeSettings {
        columns: coded.columns(),
        rows: height,
        end_of_block: flag("EndOfBlock", true),
        end_of_line: flag("EndOfLine", false),
        rows_are_byte_aligned: flag("EncodedByteAlign", false),
        encoding: match params.get::<i32>("K").unwrap_or(0) {
            ..0 => EncodingMode::Group4,
            0 => EncodingMode::Group3_1D,
            1.. => EncodingMode::Group3_2D,
        },
        strict,
    };
    let run = |strict| {
        let mut sink = FaxRows { bits: Bits::white(coded.columns(), height), rows: 0 };
        let end = hayro_ccitt::decode(&coded.data, &mut sink, &mut DecoderContext::new(settings(strict)));
        (sink, end.is_ok())
    };
    let (sink, whole) = run(true);
    if whole && sink.rows == height {
        return Some(sink.bits);
    }
    let (FaxRows { mut bits, rows }, _) = run(false);
    let missing = format!("only {} of {height} rows of the picture could be decoded", rows.min(height));
    bits.damage = Some(if rows < height { missing } else { "rows of the picture are garbled".into() });
    (rows > 0).then_some(bits)
}

struct FaxRows {
    bits: Bits,
    rows: u32,
}

impl hayro_ccitt::Decoder for FaxRows {
    fn push_row(&mut self, changes: &[u32]) {
        let columns = self.bits.width;
        let stride = columns.div_ceil(8) as usize;
        let start = self.rows as usize * stride;
        self.rows += 1;
        let Some(row) = self.bits.ink.get_mut(start..start + stride) else { return };
        for span in changes.chunks(2) {
            fill(row, span[0] as usize, span.get(1).copied().unwrap_or(columns) as usize);
        }
    }
}

/// Sets the bits from `start` up to `end`.
fn fill(row: &mut [u8], start: usize, end: usize) {
    if start >= end {
        return;
    }
    let (first, last) = (start / 8, (end - 1) / 8);
    let (head, tail) = (0xFF_u8 >> (start % 8), 0xFF_u8 << (7 - (end - 1) % 8));
    if first == last {
        row[first] |= head & tail;
    } else {
        row[first] |= head;
        row[first + 1..last].fill(0xFF);
        row[last] |= tail;
    }
}

/// JBIG2 (ITU-T T.88): 1 is black. Its own size counts, not the dictionary's.
fn jbig2(coded: &Coded<'_>, limits: &Limits) -> Result<Option<Bits>, Fault> {
    for strict in [true, false] {
        let settings = hayro_jbig2::DecodeSettings { strict };
        let shared = coded.params.get::<Stream<'_>>("JBIG2Globals").map(|globals| globals.decoded_data());
        let globals = match shared {
            None => None,
            Some(Ok(data)) => Globals::new(&data, &settings).ok(),
            Some(Err(_)) => None,
        };
        let Ok(page) = hayro_jbig2::Page::new_embedded(&coded.data, globals.as_ref(), &settings) else {
            continue;
        };
        limits.admit(page.width(), page.height())?;
        let bits = Bits::white(page.width(), page.height());
        let mut sink = Jbig2Rows { at: 0, bits };
        if page.decode(&mut sink).is_ok() {
            let mut bits = sink.bits;
            bits.damage =
                (!strict).then(|| "the picture's data break the rules of JBIG2; parts may be missing".into());
            return Ok(Some(bits));
        }
    }
    Ok(None)
}

struct Jbig2Rows {
    /// Bits since the first row began.
    at: usize,
    bits: Bits,
}

impl hayro_jbig2::Decoder for Jbig2Rows {
    fn push_pixel(&mut self, black: bool) {
        if black && let Some(byte) = self.bits.ink.get_mut(self.at / 8) {
            *byte |= 0x80 >> (self.at % 8);
        }
        self.at += 1;
    }

    fn push_pixel_chunk(&mut self, black: bool, chunks: u32) {
        let (start, count) = (self.at / 8, chunks as usize);
        if black && let Some(bytes) = self.bits.ink.get_mut(start..start + count) {
            bytes.fill(0xFF);
        }
        self.at += 8 * count;
    }

    fn next_line(&mut self) {
        self.at = self.at.next_multiple_of(8);
    }
}

/// Bits as they are once Deflate, LZW or run lengths are undone: 1 is a sample of 1. What is missing is light.
fn plain(stream: &Stream<'_>, width: u32, height: u32, dark: bool) -> Option<Bits> {
    let data = stream.decoded_data().ok()?;
    let stride = width.div_ceil(8) as usize;
    let needed = stride * height as usize;
    let rows = (data.len() / stride).min(height as usize);
    if rows == 0 {
        return None;
    }
    let mut ink = data[..data.len().min(needed)].to_vec();
    let damage =
        (ink.len() < needed).then(|| format!("only {rows} of {height} rows of the picture are there"));
    ink.resize(needed, if dark { 0 } else { 0xFF });
    Some(Bits { width, height, ink, damage })
}
