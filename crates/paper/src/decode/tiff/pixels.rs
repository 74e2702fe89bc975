//! How do a TIFF page's pixels become a raster's?
//!
//! What scanners write (ink, grey and colour in strips or tiles) is taken strip by strip, one bit as one bit; the
//! rest (palettes, CMYK, L*a*b*, old-style JPEG, YCbCr without JPEG) libtiff converts as a whole.

use records::reading::{Fault, FaultCode};

use super::libtiff::{Handle, Layout};
use crate::decode::Limits;
use crate::raster::{Pixels, blot_spare_bits, on_white};

/// Pixels in rows and columns as stored.
pub(super) struct Decoded {
    pub(super) pixels: Pixels,
    /// libtiff gave up on some strips or tiles; they are white, or end in the middle.
    pub(super) gaps: bool,
}

/// No strip or tile may be larger than this many times its page, nor, in bytes, than this many times the pixels of
/// the largest page.
const ROOM: u64 = 4;

/// Decodes the page a handle is on. Its width and height have been checked against the limits before.
///
/// # Errors
/// [`FaultCode::TooLarge`] where a strip or tile is, [`FaultCode::Unsupported`] for ways to store pixels that are not read, [`FaultCode::Damaged`] where nothing
/// could be decoded. The words do not say which page.
pub(super) fn decode(handle: &Handle<'_>, layout: Layout, limits: &Limits) -> Result<Decoded, Fault> {
    let layout = if layout.is_jpeg_in_ycbcr() { handle.in_rgb() } else { layout };
    let page_bytes = u64::from(layout.width) * u64::from(layout.height) * layout.pixel_bits().div_ceil(8);
    let most = limits.pixels.min(page_bytes.max(1 << 20)).saturating_mul(ROOM);
    if layout.part_bytes.max(layout.row_bytes) > most {
        return Err(Fault::new(FaultCode::TooLarge, "its strips or tiles are larger than a page may be"));
    }
    match Scan::of(&layout) {
        Some(scan) if scan.fits(&layout) => scan.decode(handle, &layout),
        _ => converted(handle, &layout),
    }
}

impl Layout {
    fn is_jpeg_in_ycbcr(&self) -> bool {
        (self.photometric, self.compression, self.planar) == (6, 7, false)
    }

    fn pixel_bits(&self) -> u64 {
        u64::from(self.samples) * u64::from(self.bits)
    }

    fn white_is_zero(&self) -> bool {
        // 4 is a mask: 1 where there is something.
        matches!(self.photometric, 0 | 4)
    }
}

/// Pixels that are taken as they are stored.
struct Scan {
    /// Of the raster before alpha is taken away: 1, 3, or 2 and 4 with alpha. One for ink.
    channels: u16,
    ink: bool,
    white_is_zero: bool,
    /// 1 colours are multiplied by it, 2 they are not.
    alpha: Option<u16>,
}

impl Scan {
    fn of(layout: &Layout) -> Option<Self> {
        let whole_numbers = matches!(layout.sample_format, 1 | 4);
        let jpeg_as_rgb = layout.is_jpeg_in_ycbcr();
        let colours = match layout.photometric {
            0 | 1 | 4 => 1,
            2 => 3,
            6 if jpeg_as_rgb && layout.samples == 3 => 3,
            _ => return None,
        };
        if !whole_numbers || layout.samples < colours || !matches!(layout.bits, 1..=16 | 24 | 32) {
            return None;
        }
        // An extra sample of unknown meaning is not alpha: believed, it could make a page invisible.
        let alpha = layout.extra.filter(|kind| layout.samples > colours && matches!(kind, 1 | 2));
        let channels = colours + u16::from(alpha.is_some());
        let ink = layout.bits == 1 && layout.samples == 1;
        Some(Self { channels, ink, white_is_zero: colours == 1 && layout.white_is_zero(), alpha })
    }

    /// Whether libtiff will hand out rows of the size that follows from the layout.
    fn fits(&self, layout: &Layout) -> bool {
        let width = layout.tile.map_or(layout.width, |(width, _)| width);
        // Tiles are a multiple of 16 pixels wide (TIFF 6.0, section 15): ink is put down in whole bytes.
        let in_bytes = !self.ink || layout.tile.is_none_or(|(width, _)| width.is_multiple_of(8));
        layout.row_bytes == row_bytes(width, layout) && in_bytes
    }

    fn decode(&self, handle: &Handle<'_>, layout: &Layout) -> Result<Decoded, Fault> {
        let mut canvas = Canvas::white(self, layout);
        let planes = if layout.planar { self.channels } else { 1 };
        let mut done = Progress::default();
        for plane in 0..planes {
            match layout.tile {
                Some(tile) => canvas.take_tiles(handle, layout, tile, plane, &mut done),
                None => canvas.take_strips(handle, layout, plane, &mut done),
            }
        }
        if done.parts == done.failed && !done.something {
            return Err(Fault::new(FaultCode::Damaged, "its picture cannot be decoded"));
        }
        Ok(Decoded { pixels: self.finished(canvas, layout), gaps: done.failed > 0 })
    }

    fn finished(&self, canvas: Canvas, layout: &Layout) -> Pixels {
        let mut bytes = canvas.bytes;
        if self.ink {
            if !self.white_is_zero {
                bytes.iter_mut().for_each(|byte| *byte = !*byte);
            }
            blot_spare_bits(&mut bytes, layout.width as usize);
            return Pixels::Ink(bytes);
        }
        if self.white_is_zero {
            bytes.chunks_exact_mut(usize::from(self.channels)).for_each(|pixel| pixel[0] = !pixel[0]);
        }
        match (self.alpha, self.channels) {
            (Some(kind), 2) => Pixels::Grey(on_white::<2>(bytes, kind == 1)),
            (Some(kind), 4) => Pixels::Rgb(on_white::<4>(bytes, kind == 1)),
            (_, 1) => Pixels::Grey(bytes),
            _ => Pixels::Rgb(bytes),
        }
    }
}

/// Decoded bytes of a row.
fn row_bytes(width: u32, layout: &Layout) -> u64 {
    let samples = if layout.planar { 1 } else { layout.samples };
    (u64::from(width) * u64::from(samples) * u64::from(layout.bits)).div_ceil(8)
}

/// Strips or tiles so far.
#[derive(Default)]
struct Progress {
    parts: u32,
    failed: u32,
    /// A part that failed did so after it had begun.
    something: bool,
}

impl Progress {
    fn count(&mut self, whole: bool, begun: impl FnOnce() -> bool) {
        self.parts += 1;
        if !whole {
            self.failed += 1;
            self.something = self.something || begun();
        }
    }
}

/// The page while its parts are put on it.
struct Canvas {
    bytes: Vec<u8>,
    stride: usize,
    channels: usize,
    ink: bool,
    white: u8,
}

impl Canvas {
    fn white(scan: &Scan, layout: &Layout) -> Self {
        let (width, height) = (layout.width as usize, layout.height as usize);
        let channels = usize::from(scan.channels);
        let stride = if scan.ink { width.div_ceil(8) } else { width * channels };
        let white = if scan.white_is_zero { 0 } else { 255 };
        Self { bytes: vec![white; stride * height], stride, channels, ink: scan.ink, white }
    }

    fn take_strips(&mut self, handle: &Handle<'_>, layout: &Layout, plane: u16, done: &mut Progress) {
        let rows = layout.rows.clamp(1, layout.height);
        let strips = layout.height.div_ceil(rows);
        let row = row_bytes(layout.width, layout) as usize;
        // Where rows are stored as they are shown, libtiff writes them in their place.
        let as_shown = row == self.stride && !layout.planar && (self.ink || layout.bits == 8);
        let mut buffer = Vec::new();
        for strip in 0..strips {
            let top = strip * rows;
            let height = rows.min(layout.height - top) as usize;
            let index = u32::from(plane) * strips + strip;
            let place = &mut self.bytes[top as usize * self.stride..][..height * self.stride];
            let white = self.white;
            if as_shown {
                let whole = handle.strip(index, place);
                done.count(whole, || place.iter().any(|&byte| byte != white));
                continue;
            }
            buffer.clear();
            buffer.resize(height * row, white);
            let whole = handle.strip(index, &mut buffer);
            done.count(whole, || buffer.iter().any(|&byte| byte != white));
            for (from, to) in buffer.chunks_exact(row).zip(place.chunks_exact_mut(self.stride)) {
                put_row(from, layout, plane, to, self.channels);
            }
        }
    }

    fn take_tiles(
        &mut self,
        handle: &Handle<'_>,
        layout: &Layout,
        (tile_width, tile_height): (u32, u32),
        plane: u16,
        done: &mut Progress,
    ) {
        let (across, down) = (layout.width.div_ceil(tile_width), layout.height.div_ceil(tile_height));
        let row = row_bytes(tile_width, layout) as usize;
        let mut buffer = Vec::new();
        for tile in 0..across * down {
            buffer.clear();
            buffer.resize(row * tile_height as usize, self.white);
            let whole = handle.tile(u32::from(plane) * across * down + tile, &mut buffer);
            let white = self.white;
            done.count(whole, || buffer.iter().any(|&byte| byte != white));
            let (left, top) = (tile % across * tile_width, tile / across * tile_height);
            let width = tile_width.min(layout.width - left) as usize;
            let height = tile_height.min(layout.height - top) as usize;
            let places = self.bytes[top as usize * self.stride..].chunks_exact_mut(self.stride);
            for (from, to) in buffer.chunks_exact(row).zip(places).take(height) {
                if self.ink {
                    to[left as usize / 8..][..width.div_ceil(8)].copy_from_slice(&from[..width.div_ceil(8)]);
                } else {
                    let to = &mut to[left as usize * self.channels..][..width * self.channels];
                    put_row(from, layout, plane, to, self.channels);
                }
            }
        }
    }
}

/// Puts stored samples into channels of one byte, as many pixels as `to` has.
fn put_row(from: &[u8], layout: &Layout, plane: u16, to: &mut [u8], channels: usize) {
    let bits = usize::from(layout.bits);
    if layout.planar {
        for (x, pixel) in to.chunks_exact_mut(channels).enumerate() {
            pixel[usize::from(plane)] = sample(from, x * bits, bits);
        }
        return;
    }
    let samples = usize::from(layout.samples);
    if bits == 8 {
        for (pixel, from) in to.chunks_exact_mut(channels).zip(from.chunks_exact(samples)) {
            pixel.copy_from_slice(&from[..channels]);
        }
        return;
    }
    for (x, pixel) in to.chunks_exact_mut(channels).enumerate() {
        for (channel, byte) in pixel.iter_mut().enumerate() {
            *byte = sample(from, (x * samples + channel) * bits, bits);
        }
    }
}

/// The sample that begins at a bit, its highest eight bits; fewer are stretched to a whole byte. libtiff hands out
/// 16, 24 and 32 bits in the machine's order of bytes, others most significant bit first.
fn sample(from: &[u8], at: usize, bits: usize) -> u8 {
    let byte = at / 8;
    let byte_of = |at: usize| from.get(at).copied().unwrap_or(0);
    match bits {
        8 => byte_of(byte),
        16 | 24 | 32 if cfg!(target_endian = "little") => byte_of(byte + bits / 8 - 1),
        16 | 24 | 32 => byte_of(byte),
        _ => {
            let window = u32::from_be_bytes([byte_of(byte), byte_of(byte + 1), byte_of(byte + 2), 0]);
            let value = window << (at % 8) >> (32 - bits);
            if bits > 8 { (value >> (bits - 8)) as u8 } else { (value * 255 / ((1 << bits) - 1)) as u8 }
        }
    }
}

/// Has libtiff convert the page as a whole: seven bytes a pixel while it lasts.
fn converted(handle: &Handle<'_>, layout: &Layout) -> Result<Decoded, Fault> {
    if !handle.can_convert() {
        let detail = format!(
            "pixels of {} samples of {} bits, kind {}, compressed by method {}",
            layout.samples, layout.bits, layout.photometric, layout.compression,
        );
        return Err(Fault::new(FaultCode::Unsupported, detail));
    }
    let mut raster = vec![0_u32; layout.width as usize * layout.height as usize];
    let whole = handle.converted(layout, &mut raster);
    if !whole && raster.iter().all(|&pixel| pixel == 0) {
        return Err(Fault::new(FaultCode::Damaged, "its picture cannot be decoded"));
    }
    // Where nothing was decoded alpha is 0, and paper shows.
    let mut rgb = Vec::with_capacity(raster.len() * 3);
    for pixel in raster {
        let [r, g, b, alpha] = pixel.to_le_bytes();
        rgb.extend([r, g, b].map(|colour| colour.saturating_add(255 - alpha)));
    }
    Ok(Decoded { pixels: Pixels::Rgb(rgb), gaps: !whole })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_of_any_size_become_bytes() {
        let row = [0b0001_1011, 0xF0, 0x0F];
        assert_eq!([0, 2, 4, 6].map(|at| sample(&row, at, 2)), [0, 85, 170, 255]);
        assert_eq!([8, 12, 16, 20].map(|at| sample(&row, at, 4)), [255, 0, 0, 255]);
        assert_eq!(sample(&row, 8, 12), 0xF0);
        assert_eq!(sample(&0xABCD_u16.to_ne_bytes(), 0, 16), 0xAB);
    }
}
