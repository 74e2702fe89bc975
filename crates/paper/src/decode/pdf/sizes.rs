//! Would this page ask for more memory than a page may have? Asked before anything is unpacked.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::Read;

use flate2::read::ZlibDecoder;
use hayro_syntax::Filter;
use hayro_syntax::object::{Array, Dict, Name, ObjectIdentifier, Stream};
use hayro_syntax::page::Page;
use records::reading::{Fault, FaultCode};

use super::codec::Coded;
use crate::decode::Limits;

/// Bytes of drawing operators a page, or a form on it, may unpack to.
const MOST_CONTENT: u64 = 256 << 20;
/// Bytes an image may unpack to beyond its own size.
const SLACK: u64 = 16 << 20;
/// Deflate never packs more than this many bytes into one (zlib's own figure is 1032).
const MOST_PACKED: u64 = 1040;
const MOST_FORMS: usize = 1000;

/// Whether the operators of the page and of the forms it can paint unpack to a bearable size.
///
/// # Errors
/// [`FaultCode::TooLarge`].
pub(super) fn admit_content(page: &Page<'_>) -> Result<(), Fault> {
    let contents: Vec<Stream<'_>> = match page.raw().get::<Stream<'_>>("Contents") {
        Some(stream) => vec![stream],
        None => page.raw().get::<Array<'_>>("Contents").map(|all| all.iter().collect()).unwrap_or_default(),
    };
    let mut forms = vec![page.resources().x_objects.clone()];
    let mut known = HashSet::new();
    for stream in &contents {
        admit_stream(stream, MOST_CONTENT, "drawing")?;
    }
    while let Some(objects) = forms.pop() {
        for form in objects.keys().filter_map(|name| objects.get::<Stream<'_>>(name)).filter(is_form) {
            if known.len() < MOST_FORMS
                && form.dict().obj_id().is_none_or(|id: ObjectIdentifier| known.insert(id))
            {
                admit_stream(&form, MOST_CONTENT, "drawing")?;
                let resources = form.dict().get::<Dict<'_>>("Resources");
                forms.extend(resources.and_then(|resources| resources.get::<Dict<'_>>("XObject")));
            }
        }
    }
    Ok(())
}

fn is_form(stream: &Stream<'_>) -> bool {
    stream.dict().get::<Name<'_>>("Subtype").is_some_and(|name| name.as_ref() == b"Form")
}

/// Whether an image, and its mask, may be decoded: what its dictionary says, what its data say, and what the data
/// unpack to.
///
/// # Errors
/// [`FaultCode::TooLarge`], without naming the page.
pub(super) fn admit_image(stream: &Stream<'_>, limits: &Limits) -> Result<(), Fault> {
    let own = |stream: &Stream<'_>| -> Result<(), Fault> {
        let dict = stream.dict();
        let side =
            |long: &str, short: &str| dict.get::<u32>(long).or_else(|| dict.get::<u32>(short)).unwrap_or(0);
        let (width, height) = (side("Width", "W"), side("Height", "H"));
        if width == 0 || height == 0 {
            // Never decoded, nor drawn.
            return Ok(());
        }
        limits.admit(width, height)?;
        admit_stream(stream, u64::from(width) * u64::from(height) * 8 + SLACK, "picture")?;
        match Coded::of(stream).and_then(|coded| coded.size(height)) {
            Some((width, height)) if width > 0 && height > 0 => limits.admit(width, height),
            _ => Ok(()),
        }
    };
    own(stream)?;
    let mut masks = ["SMask", "Mask"].into_iter().filter_map(|key| stream.dict().get::<Stream<'_>>(key));
    masks.try_for_each(|mask| own(&mask))
}

fn admit_stream(stream: &Stream<'_>, most: u64, what: &str) -> Result<(), Fault> {
    let flates = stream.filters().iter().filter(|filter| **filter == Filter::FlateDecode).count() as u32;
    if flates == 0 {
        return Ok(());
    }
    let mut data = stream.raw_data();
    if (data.len() as u64).saturating_mul(MOST_PACKED.saturating_pow(flates)) <= most {
        return Ok(());
    }
    for filter in stream.filters() {
        match filter {
            Filter::Crypt => {}
            Filter::FlateDecode => match inflated(&data, most) {
                Some(unpacked) => data = Cow::Owned(unpacked),
                None => {
                    let detail =
                        format!("a {what} on it unpacks to more than {} million bytes", most / 1_000_000);
                    return Err(Fault::new(FaultCode::TooLarge, detail));
                }
            },
            _ => break,
        }
    }
    Ok(())
}

/// What a zlib stream unpacks to, as far as it can be read; `None` for more than `most` bytes.
pub(super) fn inflated(data: &[u8], most: u64) -> Option<Vec<u8>> {
    let mut unpacked = Vec::new();
    // An error is no surprise in a damaged stream: what came before it counts.
    let _ = ZlibDecoder::new(data).take(most + 1).read_to_end(&mut unpacked);
    (unpacked.len() as u64 <= most).then_some(unpacked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_bomb_is_not_unpacked() {
        let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        packed.write_all(&vec![0; 5_000_000]).unwrap();
        let packed = packed.finish().unwrap();
        assert!(inflated(&packed, 1_000_000).is_none());
        assert_eq!(inflated(&packed, 6_000_000).unwrap().len(), 5_000_000);
    }
}
