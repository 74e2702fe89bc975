//! In which code are an image's bytes, and what do they say of themselves?

use std::borrow::Cow;

use hayro_syntax::Filter;
use hayro_syntax::object::{Array, Dict, Stream};

use super::sizes::inflated;

/// Bytes packed data of an image may have once a wrapping Deflate is off.
const MOST_CODED: u64 = 512 << 20;

/// The data of an image in an image code, with nothing wrapped around.
pub(super) struct Coded<'a> {
    pub(super) filter: Filter,
    pub(super) params: Dict<'a>,
    pub(super) data: Cow<'a, [u8]>,
}

impl<'a> Coded<'a> {
    /// `None` where the image is in no image code, or wrapped in more than Deflate.
    pub(super) fn of(stream: &Stream<'a>) -> Option<Self> {
        let filters = stream.filters();
        let last = filters.len().checked_sub(1)?;
        let filter = filters[last];
        if !matches!(
            filter,
            Filter::CcittFaxDecode | Filter::Jbig2Decode | Filter::DctDecode | Filter::JpxDecode
        ) {
            return None;
        }
        let mut data = stream.raw_data();
        for (at, wrapping) in filters[..last].iter().enumerate() {
            match wrapping {
                Filter::Crypt if at == 0 => {}
                Filter::FlateDecode if !params(stream, at).contains_key("Predictor") => {
                    data = Cow::Owned(inflated(&data, MOST_CODED)?);
                }
                _ => return None,
            }
        }
        Some(Self { filter, params: params(stream, last), data })
    }

    /// Width and height the data themselves will be decoded to, in pixels; `None` where the decoder goes by the
    /// image's dictionary, which says `height`.
    pub(super) fn size(&self, height: u32) -> Option<(u32, u32)> {
        match self.filter {
            Filter::CcittFaxDecode => Some((self.columns(), height)),
            Filter::Jbig2Decode => {
                let settings = hayro_jbig2::DecodeSettings { strict: false };
                let page = hayro_jbig2::Page::new_embedded(&self.data, None, &settings).ok()?;
                Some((page.width(), page.height()))
            }
            Filter::JpxDecode => {
                let image =
                    hayro_jpeg2000::Image::new(&self.data, &hayro_jpeg2000::DecodeSettings::default())
                        .ok()?;
                Some((image.width(), image.height()))
            }
            _ => None,
        }
    }

    /// `/Columns` of fax data.
    pub(super) fn columns(&self) -> u32 {
        self.params.get::<u32>("Columns").unwrap_or(1728)
    }

    /// Whether a JPEG or JPEG 2000 has its end mark (both FF D9, which nothing inside can look like).
    pub(super) fn is_ended(&self) -> bool {
        let tail = &self.data[self.data.len().saturating_sub(4096)..];
        tail.windows(2).any(|w| w == [0xFF, 0xD9])
    }
}

/// Parameters of the filter at this place.
fn params<'a>(stream: &Stream<'a>, at: usize) -> Dict<'a> {
    let dict = stream.dict();
    let one = || dict.get::<Dict<'_>>("DecodeParms").or_else(|| dict.get::<Dict<'_>>("DP"));
    let many = || dict.get::<Array<'_>>("DecodeParms").or_else(|| dict.get::<Array<'_>>("DP"));
    // A null in the array stands for no parameters and keeps its place.
    let listed = many().and_then(|all| all.iter::<hayro_syntax::object::Object<'_>>().nth(at));
    listed.and_then(|object| object.into_dict()).or_else(one).unwrap_or_default()
}
