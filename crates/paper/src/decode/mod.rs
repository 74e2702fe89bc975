//! What is in an original, and what does its page n look like?

use std::fs::File;

use records::geometry::{Rect, Turn};
use records::reading::{Fault, Survey};

use crate::raster::Raster;

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
