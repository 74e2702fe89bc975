//! What is on a JPEG or PNG picture, the one page of its file?

use std::fs::File;
use std::os::unix::fs::FileExt;

use records::reading::{Fault, FaultCode, Format, Survey};

use super::sniff::unreadable;
use super::tiff::directory::{Chain, Directory};
use super::{DecodedPage, Limits, Original};
use crate::raster::{Orientation, Pixels, Raster, believable_dpi};

mod jpeg;
mod png;

/// Opens a JPEG.
///
/// # Errors
/// [`FaultCode::Damaged`] where it ends before its picture begins, [`FaultCode::TooLarge`] above the limits,
/// [`FaultCode::Unsupported`] for lossless, arithmetic-coded and 12-bit ones.
pub fn open_jpeg(file: File, limits: &Limits) -> Result<Box<dyn Original>, Fault> {
    let bytes = whole(&file, limits)?;
    let head = jpeg::Head::of(&bytes).ok_or_else(cut_off)?;
    limits.admit_squared(head.width, head.height, head.dpi())?;
    head.supported()?;
    let about = About { dpi: head.dpi(), orientation: head.orientation(), decode: jpeg::decode };
    let complete = head.complete && head.may_hold_its_picture(bytes.len());
    Ok(Picture::boxed(bytes, Format::Jpeg, complete, about))
}

/// Opens a PNG.
///
/// # Errors
/// [`FaultCode::Damaged`] where it ends before its picture begins, [`FaultCode::TooLarge`] above the limits.
pub fn open_png(file: File, limits: &Limits) -> Result<Box<dyn Original>, Fault> {
    let bytes = whole(&file, limits)?;
    let head = png::Head::of(&bytes).ok_or_else(cut_off)?;
    limits.admit_squared(head.width, head.height, head.dpi)?;
    let about = About { dpi: head.dpi, orientation: head.orientation, decode: png::decode };
    Ok(Picture::boxed(bytes, Format::Png, head.complete, about))
}

/// The whole file, still compressed: no larger than the largest page would be if nothing were. Read from its start,
/// wherever the file stands: a handle that was passed on shares its place with others.
fn whole(file: &File, limits: &Limits) -> Result<Vec<u8>, Fault> {
    let size = file.metadata().map_err(|error| unreadable(&error))?.len();
    if size > limits.pixels.saturating_mul(4) {
        return Err(Fault::new(FaultCode::TooLarge, format!("{} million bytes", size / 1_000_000)));
    }
    let mut bytes = vec![0; size as usize];
    file.read_exact_at(&mut bytes, 0).map_err(|error| unreadable(&error))?;
    Ok(bytes)
}

fn cut_off() -> Fault {
    Fault::new(FaultCode::Damaged, "it ends before its picture begins")
}

fn nothing() -> Fault {
    Fault::new(FaultCode::Damaged, "its picture cannot be decoded")
}

/// What was decoded, and whether all of it was.
struct Decoded {
    width: u32,
    height: u32,
    pixels: Pixels,
    damaged: bool,
}

struct About {
    dpi: Option<[f32; 2]>,
    orientation: Orientation,
    decode: fn(&[u8]) -> Result<Decoded, Fault>,
}

struct Picture {
    bytes: Vec<u8>,
    survey: Survey,
    about: About,
}

impl Picture {
    fn boxed(bytes: Vec<u8>, format: Format, complete: bool, about: About) -> Box<dyn Original> {
        let damage =
            (!complete).then(|| Fault::new(FaultCode::Damaged, "it ends in the middle of its picture"));
        Box::new(Self { bytes, survey: Survey { format, pages: 1, damage }, about })
    }
}

impl Original for Picture {
    fn survey(&self) -> &Survey {
        &self.survey
    }

    fn page(&mut self, index: u32) -> Result<DecodedPage, Fault> {
        if index != 0 {
            return Err(Fault::new(FaultCode::Damaged, format!("there is no page {}", u64::from(index) + 1)));
        }
        let Decoded { width, height, pixels, damaged } = (self.about.decode)(&self.bytes)?;
        let damage = match &self.survey.damage {
            Some(fault) => Some(fault.detail.clone()),
            None => damaged.then(|| "parts of its picture are damaged".to_owned()),
        };
        let raster = Raster { width, height, pixels, dpi: self.about.dpi };
        let raster = raster.without_idle_colour().oriented(self.about.orientation);
        Ok(DecodedPage { raster, turned: self.about.orientation.turn(), damage, embedded: Vec::new() })
    }
}

/// The first directory of EXIF data (EXIF 2.32, section 4.5: a TIFF of its own).
fn exif(bytes: &[u8]) -> Option<Directory> {
    Chain::of(bytes)?.directories.into_iter().next()
}

/// Dots per inch in EXIF data; unit 1 says nothing.
fn exif_dpi(exif: &Directory) -> Option<[f32; 2]> {
    let inches = match exif.unit {
        2 => 1.0,
        3 => 2.54,
        _ => return None,
    };
    let [across, down] = exif.resolution.map(|dots| dots.map(|dots| dots * inches));
    believable_dpi(across, down)
}
