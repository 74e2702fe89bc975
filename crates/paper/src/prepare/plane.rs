//! What picture do all steps work on? Grey, one byte a pixel, at most about 300 dots an inch.

use records::geometry::{Rect, Turn};

use super::frame::turned_bytes;
use crate::raster::{Pixels, Raster};

/// A grey picture; 0 is black. Rows top to bottom, nothing between rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plane {
    pub width: u32,
    pub height: u32,
    pub pixels: Vec<u8>,
}

impl Plane {
    /// A white picture.
    pub fn white(width: u32, height: u32) -> Self {
        Self { width, height, pixels: vec![255; width as usize * height as usize] }
    }

    /// The raster in grey, shrunk `by` times by averaging whole areas; 1 is as it is, below 1 enlarges.
    pub fn of(raster: &Raster, by: f32) -> Self {
        if by <= 1.0 {
            let plane = Self { width: raster.width, height: raster.height, pixels: grey(raster) };
            return if by < 1.0 { plane.scaled(1.0 / by) } else { plane };
        }
        Self::averaged((raster.width, raster.height), by, |y, row| grey_row(raster, y, row))
    }

    /// The same of what is told of each pixel's three colours, which the raster must have.
    pub fn of_colours(raster: &Raster, by: f32, tell: impl Fn(&[u8]) -> u8) -> Self {
        let Pixels::Rgb(pixels) = &raster.pixels else { unreachable!("asked of pages in colour") };
        let size = (raster.width, raster.height);
        let told = |y: u32, row: &mut [u8]| {
            let colours = pixels[y as usize * size.0 as usize * 3..].chunks_exact(3);
            row.iter_mut().zip(colours).for_each(|(to, colours)| *to = tell(colours));
        };
        let plane = Self::averaged(size, by.max(1.0), told);
        if by < 1.0 { plane.scaled(1.0 / by) } else { plane }
    }

    /// Shrunk by averaging, of rows that are asked for one after the other.
    fn averaged(size: (u32, u32), by: f32, mut fill: impl FnMut(u32, &mut [u8])) -> Self {
        let (width, height) = (shrunk(size.0, by), shrunk(size.1, by));
        let mut plane = Self { width, height, pixels: Vec::with_capacity(width as usize * height as usize) };
        let columns = spans(size.0, width);
        let mut sums = vec![0_u32; width as usize];
        let mut line = vec![0_u8; size.0 as usize];
        for (top, bottom) in spans(size.1, height) {
            sums.fill(0);
            for y in top..bottom {
                fill(y, &mut line);
                for (sum, &(left, right)) in sums.iter_mut().zip(&columns) {
                    *sum += line[left as usize..right as usize].iter().map(|&p| u32::from(p)).sum::<u32>();
                }
            }
            let rows = bottom - top;
            let average = |(sum, &(left, right)): (&u32, &(u32, u32))| (sum / ((right - left) * rows)) as u8;
            plane.pixels.extend(sums.iter().zip(&columns).map(average));
        }
        plane
    }

    pub fn row(&self, y: u32) -> &[u8] {
        let width = self.width as usize;
        &self.pixels[y as usize * width..][..width]
    }

    pub fn row_mut(&mut self, y: u32) -> &mut [u8] {
        let width = self.width as usize;
        &mut self.pixels[y as usize * width..][..width]
    }

    /// Turned clockwise.
    pub fn turned(self, turn: Turn) -> Self {
        if turn == Turn::None {
            return self;
        }
        let pixels = turned_bytes(&self.pixels, self.width, self.height, turn);
        let (width, height) =
            if turn.swaps() { (self.height, self.width) } else { (self.width, self.height) };
        Self { width, height, pixels }
    }

    /// The part of the picture inside the box, which is cut at the borders. Empty boxes give one white pixel.
    pub fn cut(&self, place: Rect) -> Self {
        let (right, bottom) = (place.right().min(self.width), place.bottom().min(self.height));
        if place.x >= right || place.y >= bottom {
            return Self::white(1, 1);
        }
        let (width, height) = (right - place.x, bottom - place.y);
        let mut pixels = Vec::with_capacity(width as usize * height as usize);
        for y in place.y..bottom {
            pixels.extend_from_slice(&self.row(y)[place.x as usize..right as usize]);
        }
        Self { width, height, pixels }
    }

    /// Resampled by a factor, between neighbours in a straight line.
    pub fn scaled(&self, by: f32) -> Self {
        let (width, height) = (shrunk(self.width, 1.0 / by), shrunk(self.height, 1.0 / by));
        let mut pixels = Vec::with_capacity(width as usize * height as usize);
        let place = |at: u32, size: u32| {
            let exact = ((at as f32 + 0.5) / by - 0.5).clamp(0.0, (size - 1) as f32);
            let first = exact as u32;
            (first, (first + 1).min(size - 1), exact - first as f32)
        };
        let columns: Vec<_> = (0..width).map(|x| place(x, self.width)).collect();
        for y in 0..height {
            let (top, bottom, down) = place(y, self.height);
            let (top, bottom) = (self.row(top), self.row(bottom));
            pixels.extend(columns.iter().map(|&(left, right, along)| {
                let mix = |row: &[u8]| {
                    f32::from(row[left as usize]) * (1.0 - along) + f32::from(row[right as usize]) * along
                };
                (mix(top) * (1.0 - down) + mix(bottom) * down).round() as u8
            }));
        }
        Self { width, height, pixels }
    }
}

fn shrunk(size: u32, by: f32) -> u32 {
    ((size as f32 / by).round() as u32).max(1)
}

/// Which pixels of the large side fall into each pixel of the small one: every one into exactly one.
fn spans(large: u32, small: u32) -> Vec<(u32, u32)> {
    let at = |i: u32| (u64::from(i) * u64::from(large) / u64::from(small)) as u32;
    (0..small).map(|i| (at(i), at(i + 1))).collect()
}

fn grey(raster: &Raster) -> Vec<u8> {
    match raster.to_grey().pixels {
        Pixels::Grey(grey) => grey,
        Pixels::Ink(_) | Pixels::Rgb(_) => unreachable!("to_grey gives grey"),
    }
}

/// One row in grey. Colour by the weights of ITU-R BT.601.
fn grey_row(raster: &Raster, y: u32, row: &mut [u8]) {
    let (y, width) = (y as usize, raster.width as usize);
    match &raster.pixels {
        Pixels::Grey(pixels) => row.copy_from_slice(&pixels[y * width..][..width]),
        Pixels::Rgb(pixels) => {
            let colours = pixels[y * width * 3..][..width * 3].chunks_exact(3);
            for (to, c) in row.iter_mut().zip(colours) {
                *to = ((u32::from(c[0]) * 77 + u32::from(c[1]) * 150 + u32::from(c[2]) * 29) >> 8) as u8;
            }
        }
        Pixels::Ink(bytes) => {
            let stride = width.div_ceil(8);
            for (eight, &byte) in row.chunks_mut(8).zip(&bytes[y * stride..][..stride]) {
                for (bit, to) in eight.iter_mut().enumerate() {
                    *to = if byte & (0x80 >> bit) == 0 { 255 } else { 0 };
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plane(width: u32, height: u32, pixels: &[u8]) -> Plane {
        Plane { width, height, pixels: pixels.to_vec() }
    }

    #[test]
    fn a_turn_to_the_right_puts_the_left_column_on_top() {
        let page = plane(3, 2, &[1, 2, 3, 4, 5, 6]);
        assert_eq!(page.clone().turned(Turn::Right), plane(2, 3, &[4, 1, 5, 2, 6, 3]));
        assert_eq!(page.clone().turned(Turn::Right).turned(Turn::Left), page);
        assert_eq!(page.turned(Turn::Half), plane(3, 2, &[6, 5, 4, 3, 2, 1]));
    }

    #[test]
    fn shrinking_averages_every_pixel_once() {
        let raster =
            Raster { width: 4, height: 2, pixels: Pixels::Ink(vec![0b1100_0000, 0b1000_0000]), dpi: None };
        assert_eq!(Plane::of(&raster, 1.0), plane(4, 2, &[0, 0, 255, 255, 0, 255, 255, 255]));
        assert_eq!(Plane::of(&raster, 2.0), plane(2, 1, &[63, 255]));
    }
}
