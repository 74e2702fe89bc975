//! The picture of a page that is one picture: its own pixels, set as the page shows them.

use hayro_interpret::hayro_syntax::object::{ObjectIdentifier, Stream};
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::kurbo::{Affine, BezPath, Rect};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageData, ImageDrawProps,
    InterpreterCache, InterpreterSettings, Paint, SoftMask, font::GlyphRun, interpret_page,
};
use records::reading::Fault;

use super::classify::Single;
use super::codec::Coded;
use super::{Shown, bilevel};
use crate::decode::Limits;
use crate::raster::{Pixels, Raster, believable_dpi};

/// Difference of channels from which a pixel has a colour; less is the noise of JPEG.
const COLOURED: u8 = 12;

/// Takes the picture out. `None` where it cannot be decoded this way: the page is then rendered.
///
/// # Errors
/// [`records::reading::FaultCode::TooLarge`].
pub(super) fn take<'a>(
    page: &Page<'a>,
    cache: &InterpreterCache<'a>,
    single: &Single,
    unit: f64,
    limits: &Limits,
) -> Result<Option<Shown>, Fault> {
    let Some(stream) = page.xref().get::<Stream<'_>>(single.id) else { return Ok(None) };
    if single.stencil && !stencil_is_dark(page, cache, single.id) {
        return Ok(None);
    }
    let (raster, damage) = match bilevel::decode(&stream, limits)? {
        Some(bits) => (raster(bits.width, bits.height, Pixels::Ink(bits.ink)), bits.damage),
        None if single.stencil => return Ok(None),
        None => match shades(page, cache, single.id) {
            Some(raster) => completed(raster, &stream),
            None => return Ok(None),
        },
    };
    let raster = raster.oriented(single.orientation);
    let (across, down) =
        (f64::from(raster.width) / single.place.width(), f64::from(raster.height) / single.place.height());
    let dpi = believable_dpi(Some((across * 72.0 / unit) as f32), Some((down * 72.0 / unit) as f32));
    let (left, top) = (single.shown.x0 - single.place.x0, single.shown.y0 - single.place.y0);
    let window = Rect::new(
        left * across,
        top * down,
        (left + single.shown.width()) * across,
        (top + single.shown.height()) * down,
    );
    let (raster, cut) = cropped(Raster { dpi, ..raster }, window);
    // From points of the page to pixels of what is left.
    let to_pixels = Affine::translate(-cut.to_vec2())
        * Affine::scale_non_uniform(across, down)
        * Affine::translate(-single.place.origin().to_vec2());
    Ok(Some(Shown { raster, damage, to_pixels }))
}

fn raster(width: u32, height: u32, pixels: Pixels) -> Raster {
    Raster { width, height, pixels, dpi: None }
}

/// Grey or colour, through the file's own colour spaces.
fn shades<'a>(page: &Page<'a>, cache: &InterpreterCache<'a>, id: ObjectIdentifier) -> Option<Raster> {
    let mut shades = None;
    visit(page, cache, id, |image, _| {
        if let Image::Raster(image) = image {
            image.with_rgba(|data, _| shades = Some(data), None);
        }
    });
    Some(match shades? {
        ImageData::Rgb(rgb) => raster(rgb.width, rgb.height, two_valued(without_noise(rgb.data), rgb.width)),
        ImageData::Luma(luma) => {
            raster(luma.width, luma.height, two_valued(Pixels::Grey(luma.data), luma.width))
        }
    })
}

/// Colour only where there is some.
pub(super) fn without_noise(rgb: Vec<u8>) -> Pixels {
    let coloured = |p: &[u8; 3]| p[0].max(p[1]).max(p[2]) - p[0].min(p[1]).min(p[2]) > COLOURED;
    if rgb.as_chunks::<3>().0.iter().any(coloured) {
        Pixels::Rgb(rgb)
    } else {
        // In grey noise the green channel is the quietest.
        Pixels::Grey(rgb.as_chunks::<3>().0.iter().map(|p| p[1]).collect())
    }
}

/// Black and white without shades is ink.
fn two_valued(pixels: Pixels, width: u32) -> Pixels {
    let grey = match pixels {
        Pixels::Grey(grey) if grey.iter().all(|&value| value == 0 || value == 255) => grey,
        shaded => return shaded,
    };
    let byte = |eight: &[u8]| eight.iter().enumerate().fold(0, |bits, (at, v)| bits | ((!v & 1) << (7 - at)));
    Pixels::Ink(grey.chunks(width as usize).flat_map(|row| row.chunks(8).map(byte)).collect())
}

/// Rows the data lack are white, so that the others stay where they belong; and what shows that data are missing.
fn completed(raster: Raster, stream: &Stream<'_>) -> (Raster, Option<String>) {
    let Raster { width, height, mut pixels, dpi } = raster;
    match Coded::of(stream) {
        Some(coded) => {
            let damage = (!coded.is_ended()).then(|| "the picture's data end early".into());
            (Raster { width, height, pixels, dpi }, damage)
        }
        None => {
            let whole = stream.dict().get::<u32>("Height").unwrap_or(height).max(height);
            let (columns, rows) = (width as usize, whole as usize);
            match &mut pixels {
                Pixels::Ink(ink) => ink.resize(columns.div_ceil(8) * rows, 0),
                Pixels::Grey(grey) => grey.resize(columns * rows, 255),
                Pixels::Rgb(rgb) => rgb.resize(3 * columns * rows, 255),
            }
            let damage =
                (whole > height).then(|| format!("only {height} of {whole} rows of the picture are there"));
            (Raster { width, height: whole, pixels, dpi }, damage)
        }
    }
}

/// The part of a raster inside the window, to whole pixels, and where it begins.
fn cropped(raster: Raster, window: Rect) -> (Raster, hayro_interpret::kurbo::Point) {
    let edge = |value: f64, most: u32| (value.round().max(0.0) as u32).min(most);
    let (x0, y0) = (edge(window.x0, raster.width), edge(window.y0, raster.height));
    let (x1, y1) = (edge(window.x1, raster.width), edge(window.y1, raster.height));
    let whole = (x0, y0, x1, y1) == (0, 0, raster.width, raster.height);
    if whole || x1 <= x0 || y1 <= y0 {
        return (raster, Default::default());
    }
    let (left, right, wide) = (x0 as usize, x1 as usize, raster.width as usize);
    let rows = y0 as usize..y1 as usize;
    let cut = |bytes: &[u8], each: usize| -> Vec<u8> {
        rows.clone()
            .flat_map(|y| &bytes[(y * wide + left) * each..(y * wide + right) * each])
            .copied()
            .collect()
    };
    let pixels = match &raster.pixels {
        Pixels::Grey(grey) => Pixels::Grey(cut(grey, 1)),
        Pixels::Rgb(rgb) => Pixels::Rgb(cut(rgb, 3)),
        Pixels::Ink(ink) => {
            let stride = wide.div_ceil(8);
            let row = |y: usize| {
                let row = &ink[y * stride..(y + 1) * stride];
                let bit = move |x: usize| row[x / 8] >> (7 - x % 8) & 1;
                (left..right).step_by(8).map(move |x| {
                    (x..right.min(x + 8)).enumerate().fold(0, |bits, (at, x)| bits | bit(x) << (7 - at))
                })
            };
            Pixels::Ink(rows.flat_map(row).collect())
        }
    };
    let cut = Raster { width: x1 - x0, height: y1 - y0, pixels, dpi: raster.dpi };
    (cut, (f64::from(x0), f64::from(y0)).into())
}

/// Whether a stencil is painted in a dark colour: what it leaves is ink then.
fn stencil_is_dark<'a>(page: &Page<'a>, cache: &InterpreterCache<'a>, id: ObjectIdentifier) -> bool {
    let mut dark = false;
    visit(page, cache, id, |image, _| {
        if let Image::Stencil(stencil) = image {
            let ask = |_, paint: &Paint<'_>| {
                if let Paint::Color(color) = paint {
                    let [r, g, b, _] = color.to_rgba().components();
                    dark = r.max(g).max(b) < 0.4;
                }
            };
            stencil.with_stencil(ask, Some((1, 1)));
        }
    });
    dark
}

/// Runs the page's operators and shows the image with this id to `look`.
fn visit<'a>(
    page: &Page<'a>,
    cache: &InterpreterCache<'a>,
    id: ObjectIdentifier,
    look: impl FnMut(&Image<'a, '_>, &ImageDrawProps<'a>),
) {
    let bounds =
        Rect::new(0.0, 0.0, f64::from(page.render_dimensions().0), f64::from(page.render_dimensions().1));
    let transform = Affine::new(page.initial_transform(true).as_coeffs());
    let mut context = Context::new(transform, bounds, cache, page.xref(), InterpreterSettings::default());
    interpret_page(page, &mut context, &mut Visitor { id, look, done: false });
}

struct Visitor<F> {
    id: ObjectIdentifier,
    look: F,
    done: bool,
}

impl<'a, F: FnMut(&Image<'a, '_>, &ImageDrawProps<'a>)> Device<'a> for Visitor<F> {
    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let id = match &image {
            Image::Stencil(stencil) => stencil.stream().dict().obj_id(),
            Image::Raster(raster) => raster.stream().dict().obj_id(),
        };
        if id == Some(self.id) && !self.done {
            (self.look)(&image, &props);
            self.done = true;
        }
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn draw_glyph_run(&mut self, _: &GlyphRun<'_, 'a>, _: DrawProps<'a>, _: &DrawMode) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
