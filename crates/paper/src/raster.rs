//! What is a page's picture while it is being read?

/// Pixels of one page, rows top to bottom, nothing between rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Raster {
    pub width: u32,
    pub height: u32,
    pub pixels: Pixels,
    /// Dots per inch across and down, as the file states them; absent where it does not (or states nonsense).
    pub dpi: Option<[f32; 2]>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pixels {
    /// One bit a pixel, most significant first, rows padded to whole bytes; 1 is ink.
    Ink(Vec<u8>),
    /// One byte a pixel, 0 is black.
    Grey(Vec<u8>),
    /// Three bytes a pixel.
    Rgb(Vec<u8>),
}
