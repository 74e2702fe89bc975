//! What is a page's picture while it is being read?

use records::geometry::Turn;

mod square;
mod turn;

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

impl Raster {
    /// The same page, one byte a pixel; ink is 0, paper 255.
    pub fn to_grey(&self) -> Self {
        let pixels = match &self.pixels {
            Pixels::Ink(bits) => grey_of_ink(bits, self.width as usize, self.height as usize),
            Pixels::Grey(grey) => grey.clone(),
            Pixels::Rgb(rgb) => rgb.chunks_exact(3).map(luma).collect(),
        };
        Self { pixels: Pixels::Grey(pixels), ..*self }
    }

    /// Turned and mirrored as a file's orientation tag asks; its resolution turns with it.
    pub fn oriented(self, orientation: Orientation) -> Self {
        turn::oriented(self, orientation)
    }

    /// Turned clockwise; its resolution turns with it.
    pub fn turned(self, turn: Turn) -> Self {
        self.oriented(Orientation::of_turn(turn))
    }

    /// With square pixels: where the resolutions differ by more than a hundredth, the coarser side is stretched
    /// to the finer one, between neighbours in a straight line. Ink that is stretched becomes grey.
    pub fn squared(self) -> Self {
        square::squared(self)
    }

    /// Colour that is all grey becomes grey, a third of the bytes.
    pub(crate) fn without_idle_colour(self) -> Self {
        match self.pixels {
            Pixels::Rgb(rgb) if rgb.chunks_exact(3).all(|p| p[0] == p[1] && p[1] == p[2]) => {
                Self { pixels: Pixels::Grey(rgb.chunks_exact(3).map(|p| p[0]).collect()), ..self }
            }
            pixels => Self { pixels, ..self },
        }
    }
}

/// Brightness of one pixel of three bytes, weights of ITU-R BT.601.
fn luma(pixel: &[u8]) -> u8 {
    let [r, g, b] = [pixel[0], pixel[1], pixel[2]].map(u32::from);
    ((r * 77 + g * 150 + b * 29 + 128) >> 8) as u8
}

fn grey_of_ink(bits: &[u8], width: usize, height: usize) -> Vec<u8> {
    let mut grey = vec![255; width * height];
    let rows = bits.chunks_exact(width.div_ceil(8).max(1));
    for (row, bits) in grey.chunks_exact_mut(width.max(1)).zip(rows) {
        for (eight, &byte) in row.chunks_mut(8).zip(bits).filter(|(_, byte)| **byte != 0) {
            for (at, pixel) in eight.iter_mut().enumerate() {
                *pixel = if byte & (0x80 >> at) == 0 { 255 } else { 0 };
            }
        }
    }
    grey
}

/// How the stored rows and columns lie on the page (TIFF 6.0 and EXIF, tag 274): first rows and columns change
/// places, then left and right, then top and bottom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Orientation {
    pub transposed: bool,
    pub mirrored: bool,
    pub upended: bool,
}

impl Orientation {
    /// Of the tag's value; what is not 1 to 8 counts as 1, upright.
    pub const fn of_tag(tag: u16) -> Self {
        let (transposed, mirrored, upended) = match tag {
            2 => (false, true, false),
            3 => (false, true, true),
            4 => (false, false, true),
            5 => (true, false, false),
            6 => (true, true, false),
            7 => (true, true, true),
            8 => (true, false, true),
            _ => (false, false, false),
        };
        Self { transposed, mirrored, upended }
    }

    const fn of_turn(turn: Turn) -> Self {
        Self::of_tag(match turn {
            Turn::None => 1,
            Turn::Right => 6,
            Turn::Half => 3,
            Turn::Left => 8,
        })
    }

    /// The turn in it, once a mirrored picture is mirrored back.
    pub const fn turn(self) -> Turn {
        match (self.transposed, self.mirrored, self.upended) {
            (false, _, false) => Turn::None,
            (false, _, true) => Turn::Half,
            (true, true, _) => Turn::Right,
            (true, false, _) => Turn::Left,
        }
    }
}

/// What a file says of its resolution, dots per inch, where it can be true: 20 to 4,000, and no pixel more than
/// four times as long as wide (the longest of fax is 2.1). Half of it stands for both.
pub fn believable_dpi(across: Option<f32>, down: Option<f32>) -> Option<[f32; 2]> {
    let (across, down) = (across.or(down)?, down.or(across)?);
    let each = |dpi: f32| (20.0..=4000.0).contains(&dpi);
    (each(across) && each(down) && across.max(down) <= 4.0 * across.min(down)).then_some([across, down])
}

/// Takes alpha, the last of `N` channels, away by laying the page on white paper. A page that is transparent
/// everywhere is shown as if it were not: its alpha cannot be meant.
pub(crate) fn on_white<const N: usize>(mut bytes: Vec<u8>, multiplied: bool) -> Vec<u8> {
    let nowhere = bytes.iter().skip(N - 1).step_by(N).all(|&alpha| alpha == 0);
    let pixels = bytes.len() / N;
    for pixel in 0..pixels {
        let alpha = if nowhere { 255 } else { u32::from(bytes[pixel * N + N - 1]) };
        for channel in 0..N - 1 {
            let colour = u32::from(bytes[pixel * N + channel]);
            let colour = if multiplied { colour } else { (colour * alpha + 127) / 255 };
            bytes[pixel * (N - 1) + channel] = (colour + 255 - alpha).min(255) as u8;
        }
    }
    bytes.truncate(pixels * (N - 1));
    bytes
}

/// Clears the bits behind the last pixel of each row.
pub(crate) fn blot_spare_bits(bits: &mut [u8], width: usize) {
    let spare = width.div_ceil(8) * 8 - width;
    if spare > 0 {
        let kept = 0xFF_u8 << spare;
        bits.chunks_exact_mut(width.div_ceil(8)).for_each(|row| row[width / 8] &= kept);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ink_is_black_on_white_in_grey() {
        let page = Raster { width: 10, height: 2, pixels: Pixels::Ink(vec![0x81, 0x40, 0, 0]), dpi: None };
        let mut grey = vec![255; 20];
        for at in [0, 7, 9] {
            grey[at] = 0;
        }
        assert_eq!(page.to_grey().pixels, Pixels::Grey(grey));
    }

    #[test]
    fn colours_are_as_bright_in_grey_as_they_look() {
        let colours = vec![255, 255, 255, 0, 0, 0, 0, 255, 0, 0, 0, 255];
        let page = Raster { width: 4, height: 1, pixels: Pixels::Rgb(colours), dpi: None };
        let Pixels::Grey(grey) = page.to_grey().pixels else { panic!("not grey") };
        assert_eq!((grey[0], grey[1]), (255, 0));
        assert!(grey[2] > grey[3]);
    }

    #[test]
    fn a_resolution_that_cannot_be_is_not_believed() {
        assert_eq!(believable_dpi(Some(204.0), Some(98.0)), Some([204.0, 98.0]));
        assert_eq!(believable_dpi(Some(300.0), None), Some([300.0, 300.0]));
        for (across, down) in
            [(1.0, 1.0), (0.0, 300.0), (72_000.0, 72_000.0), (1200.0, 100.0), (f32::NAN, 300.0)]
        {
            assert_eq!(believable_dpi(Some(across), Some(down)), None, "{across} × {down}");
        }
    }

    #[test]
    fn transparent_pixels_show_the_paper() {
        let half_red_on_nothing = vec![255, 0, 0, 128, 9, 9, 9, 0];
        assert_eq!(on_white::<4>(half_red_on_nothing, false), [255, 127, 127, 255, 255, 255]);
        assert_eq!(on_white::<2>(vec![7, 0, 200, 0], false), [7, 200]);
    }
}
