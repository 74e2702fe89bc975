//! How is a symbol, a line or a stroke put on a page?

use paper::prepare::plane::Plane;
use records::geometry::Rect;

use crate::codes::Code;

/// Where a symbol is put, and how large.
#[derive(Clone, Copy)]
pub(crate) struct Spot {
    /// Middle, pixels.
    pub(crate) x: f32,
    pub(crate) y: f32,
    /// Clockwise.
    pub(crate) degrees: f32,
    /// Pixels a module.
    pub(crate) module: f32,
    /// Length of the bars of a linear symbol, pixels.
    pub(crate) bar: f32,
}

impl Spot {
    /// Width and height of the symbol, and the white around it, pixels.
    pub(crate) fn size(&self, code: &Code) -> (f32, f32, f32) {
        let height = if code.is_linear() { self.bar } else { code.rows as f32 * self.module };
        let quiet = if code.is_linear() { 10.0 } else { 4.0 } * self.module;
        (code.columns as f32 * self.module, height, quiet)
    }

    /// The upright box around the symbol with its white.
    pub(crate) fn place(&self, code: &Code) -> Rect {
        let (w, h, quiet) = self.size(code);
        let (sin, cos) = self.degrees.to_radians().sin_cos();
        let (w, h) = (w / 2.0 + quiet, h / 2.0 + quiet.min(24.0));
        let (across, down) = (w * cos.abs() + h * sin.abs(), w * sin.abs() + h * cos.abs());
        let (x, y) = ((self.x - across).max(0.0) as u32, (self.y - down).max(0.0) as u32);
        Rect { x, y, w: (across * 2.0) as u32 + 2, h: (down * 2.0) as u32 + 2 }
    }
}

/// Prints the symbol with white around it: each pixel is the mean of sixteen points.
pub(crate) fn print(page: &mut Plane, code: &Code, spot: Spot) {
    let (w, h, quiet) = spot.size(code);
    let (sin, cos) = spot.degrees.to_radians().sin_cos();
    let place = spot.place(code);
    for y in place.y..place.bottom().min(page.height) {
        for x in place.x..place.right().min(page.width) {
            let (mut light, mut inside) = (0_u32, 0_u32);
            for sub in 0..16 {
                let (dx, dy) =
                    (x as f32 + (sub % 4) as f32 / 4.0 - spot.x, y as f32 + (sub / 4) as f32 / 4.0 - spot.y);
                let (along, down) = (cos * dx + sin * dy + w / 2.0, cos * dy - sin * dx + h / 2.0);
                if along < -quiet
                    || along > w + quiet
                    || down < -quiet.min(24.0)
                    || down > h + quiet.min(24.0)
                {
                    continue;
                }
                inside += 1;
                let bar = (0.0..w).contains(&along) && (0.0..h).contains(&down) && {
                    let column = ((along / spot.module) as usize).min(code.columns - 1);
                    let row =
                        if code.is_linear() { 0 } else { ((down / spot.module) as usize).min(code.rows - 1) };
                    code.is_dark(column, row)
                };
                light += if bar { 0 } else { 255 };
            }
            if inside > 0 {
                let pixel = &mut page.row_mut(y)[x as usize];
                *pixel = ((light + (16 - inside) * u32::from(*pixel)) / 16) as u8;
            }
        }
    }
}

/// A filled box, cut at the borders.
pub(crate) fn fill(page: &mut Plane, place: Rect, ink: u8) {
    let (from, to) = (place.x.min(page.width) as usize, place.right().min(page.width) as usize);
    for y in place.y..place.bottom().min(page.height) {
        page.row_mut(y)[from..to].fill(ink);
    }
}

/// A pen's way from point to point.
pub(crate) fn stroke(page: &mut Plane, from: (f32, f32), to: (f32, f32), thick: u32) {
    let steps = (to.0 - from.0).abs().max((to.1 - from.1).abs()).ceil().max(1.0);
    for step in 0..=steps as u32 {
        let part = step as f32 / steps;
        let (x, y) = (from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part);
        if x >= 0.0 && y >= 0.0 {
            fill(page, Rect { x: x as u32, y: y as u32, w: thick, h: thick }, 20);
        }
    }
}
