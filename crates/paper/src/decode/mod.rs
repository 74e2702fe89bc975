//! What is in an original, and what does its page n look like?

pub mod pdf;
pub mod picture;
pub mod tiff;

mod sniff;

use std::fs::File;
use std::io::Seek;

use records::geometry::{Rect, Turn};
use records::reading::{Fault, FaultCode, Survey};

use crate::raster::Raster;
use sniff::Kind;

/// Opens an original by what its first bytes say; its name is never asked.
///
/// # Errors
/// [`FaultCode::Empty`] for no bytes or no pages, [`FaultCode::Unsupported`] for what is not a scan,
/// [`FaultCode::Damaged`] where the bytes do not keep what the first ones promise, [`FaultCode::TooLarge`] where no
/// page is within the limits, [`FaultCode::Encrypted`] where a password is missing.
pub fn open(mut file: File, limits: &Limits) -> Result<Box<dyn Original>, Fault> {
    let kind = sniff::kind(&file)?;
    // A handle that was passed on shares its place with whoever read from it before.
    file.rewind().map_err(|error| sniff::unreadable(&error))?;
    match kind {
        Kind::Pdf => pdf::open(file, limits),
        Kind::Tiff => tiff::open(file, limits),
        Kind::Jpeg => picture::open_jpeg(file, limits),
        Kind::Png => picture::open_png(file, limits),
        Kind::Empty => Err(Fault::new(FaultCode::Empty, "there are no bytes in it")),
        Kind::Other(what) => Err(Fault::new(FaultCode::Unsupported, what)),
    }
}

/// Checked before anything is allocated.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Largest page, in pixels (width × height).
    pub pixels: u64,
    /// Longest side, in pixels.
    pub side: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { pixels: 200_000_000, side: 30_000 }
    }
}

impl Limits {
    /// Whether a picture of this size may be decoded.
    ///
    /// # Errors
    /// [`FaultCode::Empty`] for no pixels, [`FaultCode::TooLarge`] above the limits.
    pub fn admit(&self, width: u32, height: u32) -> Result<(), Fault> {
        if width == 0 || height == 0 {
            return Err(Fault::new(FaultCode::Empty, "a picture of no width or height"));
        }
        if width > self.side || height > self.side || u64::from(width) * u64::from(height) > self.pixels {
            let (side, millions) = (self.side, self.pixels / 1_000_000);
            let detail =
                format!("{width} × {height} pixels; at most {side} a side and {millions} million in all");
            return Err(Fault::new(FaultCode::TooLarge, detail));
        }
        Ok(())
    }

    /// As [`Self::admit`], also for what the page becomes once its pixels are square.
    pub(crate) fn admit_squared(&self, width: u32, height: u32, dpi: Option<[f32; 2]>) -> Result<(), Fault> {
        self.admit(width, height)?;
        let Some([across, down]) = dpi else { return Ok(()) };
        let stretched = |size: u32, by: f32| (size as f32 * by.max(1.0)) as u32;
        self.admit(stretched(width, down / across), stretched(height, across / down))
    }
}

/// An opened original. Pages are decoded one at a time, on demand.
pub trait Original {
    fn survey(&self) -> &Survey;
    /// Page `index`, from 0.
    fn page(&mut self, index: u32) -> Result<DecodedPage, Fault>;
}

/// One page as the file says it should be shown: the file's own orientation is applied.
pub struct DecodedPage {
    pub raster: Raster,
    /// The file's own orientation, as it was applied.
    pub turned: Turn,
    /// The page's data were damaged: what could be decoded is there.
    pub damage: Option<String>,
    /// Text the file carries, in pixels of the raster.
    pub embedded: Vec<EmbeddedWord>,
}

pub struct EmbeddedWord {
    pub text: String,
    pub place: Rect,
    /// Painted so that a person sees it (not render mode 3, not outside the crop).
    pub visible: bool,
}
