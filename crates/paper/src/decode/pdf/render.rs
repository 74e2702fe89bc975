//! How does a page look that is more than one picture?

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::kurbo::Affine;
use hayro_interpret::{InterpreterSettings, InterpreterWarning};
use records::reading::Fault;

use super::Shown;
use super::image::without_noise;
use crate::decode::Limits;
use crate::raster::{Raster, believable_dpi};

/// Resolution at which a page is rendered, dots per inch.
const DPI: f64 = 300.0;
/// Longest side of a rendered page, in pixels: larger pages are rendered more coarsely.
const SIDE: u32 = 10_000;
/// Most pixels of a rendered page; the renderer holds some ten bytes for each.
const PIXELS: u64 = 60_000_000;

/// Renders at 300 dpi, or as finely as the limits allow. `unit` is the page's `/UserUnit`.
///
/// # Errors
/// [`records::reading::FaultCode::TooLarge`] where the limits do not even allow one pixel a side.
pub(super) fn render(page: &Page<'_>, unit: f64, limits: &Limits) -> Result<Shown, Fault> {
    let (width, height) = page.render_dimensions();
    let (width, height) = (f64::from(width).max(1.0), f64::from(height).max(1.0));
    let side = f64::from(limits.side.min(SIDE));
    let area = limits.pixels.min(PIXELS) as f64;
    let scale = (DPI * unit / 72.0).min(side / width.max(height)).min((area / (width * height)).sqrt());
    let pixels = |length: f64| ((length * scale).round() as u32).max(1);
    let (across, down) = (pixels(width), pixels(height));
    limits.admit(across, down)?;

    let failed = Arc::new(AtomicBool::new(false));
    let noted = Arc::clone(&failed);
    let interpreter = InterpreterSettings {
        warning_sink: Arc::new(move |warning| {
            if matches!(warning, InterpreterWarning::ImageDecodeFailure) {
                noted.store(true, Ordering::Relaxed);
            }
        }),
        ..InterpreterSettings::default()
    };
    // The renderer cuts fractions off; a hundredth more gives the pixels that were asked for.
    let exact = |pixels: u32, length: f64| ((f64::from(pixels) + 0.01) / length) as f32;
    let (x_scale, y_scale) = (exact(across, width), exact(down, height));
    let pixmap = hayro::render(
        page,
        &RenderCache::new(),
        &interpreter,
        &RenderSettings::default(),
        &PixmapSettings { x_scale, y_scale, bg_color: WHITE },
    );
    let (across, down) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
    let rgb = pixmap.data_as_u8_slice().as_chunks::<4>().0.iter().flat_map(|p| [p[0], p[1], p[2]]).collect();
    drop(pixmap);
    let (x_scale, y_scale) = (f64::from(across) / width, f64::from(down) / height);
    let dpi = believable_dpi(Some((x_scale * 72.0 / unit) as f32), Some((y_scale * 72.0 / unit) as f32));
    let raster = Raster { width: across, height: down, pixels: without_noise(rgb), dpi };
    let damage = failed.load(Ordering::Relaxed).then(|| "a picture on the page could not be decoded".into());
    Ok(Shown { raster, damage, to_pixels: Affine::scale_non_uniform(x_scale, y_scale) })
}
