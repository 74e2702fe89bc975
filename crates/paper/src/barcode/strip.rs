//! What do bars say, read across? The bars are made to stand, whatever their lean, and the picture is averaged along
//! them: dust and gaps go, and what is left has the few edges that matter.

use records::geometry::Rect;

use super::decoder::{Bars, Decode, decode_lines};
use super::places::{Looks, Place};
use crate::prepare::plane::Plane;

/// Points sampled along the bars for one line, one a pixel.
const THICK: usize = 6;
/// Points sampled across, a pixel: bars of two pixels have edges between pixels.
const FINE: f32 = 2.0;
/// White that a code needs beside it, pixels, as far as the page has it.
const QUIET: f32 = 40.0;
/// Points that are sampled at most: bounds the time on a page full of lines.
const MOST: f32 = 160_000.0;
/// Edges of the shortest code worth reading, less some that blur has swallowed.
const EDGES: usize = 24;
/// Steps in which blur is undone; more of them raise grain.
const ROUNDS: usize = 4;
/// Lines that are sharpened, at most about.
const SHARP: usize = 10;
/// Correlation of two lines across the same bars, dust and all.
const ALIKE: f32 = 0.5;
/// Differences, of 255, below which there are no bars.
const FAINT: f32 = 6.0;

/// Lines across a place, straightened.
pub struct Strip {
    /// Brightness, line by line.
    lines: Vec<Vec<f32>>,
    middle: (f32, f32),
    /// Of the direction across the bars.
    cos: f32,
    sin: f32,
    /// Pixels from the middle to the first point of a line, and to the middle of the first line.
    along: f32,
    down: f32,
    /// Pixels from line to line.
    step: f32,
}

impl Strip {
    /// `thick` times the usual number of points are averaged for a line.
    pub fn of(page: &Plane, place: &Place, thick: usize) -> Option<Self> {
        let Rect { x, y, w, h } = place.place;
        let (sin, cos) = across(page, place)?.sin_cos();
        let (w, h) = (w as f32, h as f32);
        let along = (w * cos.abs() + h * sin.abs()) / 2.0 + QUIET;
        let down = (w * sin.abs() + h * cos.abs()) / 2.0;
        let points = (along * 2.0 * FINE) as usize;
        let thick = THICK * thick;
        let all = points as f32 * down * 2.0;
        // Too many points: further apart.
        let sparse = (all / MOST).max(1.0);
        let step = thick as f32 * sparse;
        let count = ((down * 2.0 / step) as usize).max(1);
        let middle = (x as f32 + w / 2.0, y as f32 + h / 2.0);
        let down = count as f32 * step / 2.0 - step / 2.0;
        let strip = Self { lines: Vec::new(), middle, cos, sin, along, down, step };
        let lines = (0..count).map(|line| {
            let mut sums = vec![0.0_f32; points];
            for point in 0..thick {
                let off = (point as f32 + 0.5) * sparse - step / 2.0;
                strip.sample(page, line as f32 * step - down + off, &mut sums);
            }
            sums.iter_mut().for_each(|sum| *sum /= thick as f32);
            sums
        });
        let lines = lines.collect();
        Some(Self { lines, ..strip })
    }

    /// Adds the brightness of the page along one line.
    fn sample(&self, page: &Plane, v: f32, sums: &mut [f32]) {
        let stride = page.width as usize;
        let (mut x, mut y) = self.at(-self.along, v);
        let (step_x, step_y) = (self.cos / FINE, self.sin / FINE);
        let (right, bottom) = (page.width as f32 - 2.0, page.height as f32 - 2.0);
        for sum in sums {
            let value = if x >= 0.0 && y >= 0.0 && x < right && y < bottom {
                let (left, top) = (x as usize, y as usize);
                let (fx, fy) = (x - left as f32, y - top as f32);
                let at = top * stride + left;
                let p = |at: usize| f32::from(page.pixels[at]);
                let above = p(at) + (p(at + 1) - p(at)) * fx;
                let below = p(at + stride) + (p(at + stride + 1) - p(at + stride)) * fx;
                above + (below - above) * fy
            } else {
                255.0
            };
            *sum += value;
            x += step_x;
            y += step_y;
        }
    }

    /// Degrees by which what stands in it leans to the right.
    pub fn lean(&self) -> f32 {
        let degrees = self.sin.atan2(self.cos).to_degrees();
        degrees - (degrees / 90.0).round() * 90.0
    }

    /// Page pixel of a point of the strip.
    fn at(&self, u: f32, v: f32) -> (f32, f32) {
        (self.middle.0 + u * self.cos - v * self.sin, self.middle.1 + u * self.sin + v * self.cos)
    }

    /// Whether lines one below the other change as often as the shortest code does, and in the same places:
    /// print changes from line to line.
    pub fn is_barred(&self) -> bool {
        let busy = |line: &[f32]| {
            let (dark, light) = range(line);
            light - dark >= FAINT && ends(line, (light - dark) * 0.1).len() > EDGES
        };
        let alike = self.lines.windows(3).map(|near| alike(&near[0], &near[2]) > ALIKE && busy(&near[0]));
        let mut row = 0;
        alike.into_iter().any(|next| {
            row = if next { row + 1 } else { 0 };
            row >= 2
        })
    }

    /// With the blur of so many pixels undone, as far as it goes (van Cittert 1931).
    #[must_use]
    pub fn sharpened(&self, sigma: f32) -> Self {
        let sharp = |line: &Vec<f32>| {
            let mut sharp = line.clone();
            for _ in 0..ROUNDS {
                let blurred = blurred(&sharp, sigma * FINE);
                for ((sharp, seen), blurred) in sharp.iter_mut().zip(line).zip(&blurred) {
                    *sharp = (*sharp + seen - blurred).clamp(-60.0, 315.0);
                }
            }
            sharp
        };
        // Some lines will do: what they say is the same all along the bars.
        let sparse = self.lines.len().div_ceil(SHARP);
        let lines = self.lines.iter().skip(sparse / 2).step_by(sparse).map(sharp).collect();
        let down = self.down - (sparse / 2) as f32 * self.step;
        Self { lines, down, step: self.step * sparse as f32, ..*self }
    }

    /// What the lines say, where an edge is a change by this share of a line's contrast.
    pub fn decodes(&self, share: f32, bars: Bars) -> Vec<Decode> {
        let width = self.lines.first().map_or(0, Vec::len);
        let mut picture = Plane::white(width as u32, self.lines.len() as u32);
        for (y, line) in (0..).zip(&self.lines) {
            let (dark, light) = range(line);
            if light - dark >= FAINT {
                edges(line, (light - dark) * share, picture.row_mut(y));
            }
        }
        decode_lines(&picture, bars).into_iter().map(|seen| self.on_page(seen)).collect()
    }

    fn on_page(&self, seen: Decode) -> Decode {
        let corners = seen.corners.map(|(x, y)| self.at(x / FINE - self.along, y * self.step - self.down));
        let lean = self.sin.atan2(self.cos).to_degrees().round() as i32;
        // Lines have no height of their own: what is read is only which way it runs.
        let back = if (90..270).contains(&seen.turn) { 180 } else { 0 };
        let turn = (back + lean).rem_euclid(360) as u16;
        Decode { corners, turn, ..seen }.boxed()
    }
}

/// Direction across the bars, radians clockwise from the right: that in which brightness changes most.
fn across(page: &Plane, place: &Place) -> Option<f32> {
    let Rect { x, y, .. } = place.place;
    let (right, bottom) =
        (place.place.right().min(page.width - 1), place.place.bottom().min(page.height - 1));
    let (mut xx, mut yy, mut xy) = (0_i64, 0_i64, 0_i64);
    for y in y.max(1)..bottom {
        let (above, row, below) = (page.row(y - 1), page.row(y), page.row(y + 1));
        for x in x.max(1) as usize..right as usize {
            // Weights of Scharr 2000: simple differences tell sharp edges some degrees off.
            let p = |row: &[u8], x: usize| i32::from(row[x]);
            let (ne, nw) = (p(above, x + 1), p(above, x - 1));
            let (se, sw) = (p(below, x + 1), p(below, x - 1));
            let gx = 3 * (ne - nw + se - sw) + 10 * (p(row, x + 1) - p(row, x - 1));
            let gy = 3 * (sw - nw + se - ne) + 10 * (p(below, x) - p(above, x));
            xx += i64::from(gx * gx);
            yy += i64::from(gy * gy);
            xy += i64::from(gx * gy);
        }
    }
    if xx + yy == 0 {
        return None;
    }
    let angle = (2.0 * xy as f32).atan2((xx - yy) as f32) / 2.0;
    // The direction is told up to half a turn: to the right, or down.
    Some(if place.looks == Looks::Lying && angle < 0.0 { angle + std::f32::consts::PI } else { angle })
}

/// Three means of neighbours one after the other are nearly a bell.
fn blurred(line: &[f32], sigma: f32) -> Vec<f32> {
    let reach = ((4.0 * sigma * sigma + 1.0).sqrt() / 2.0).round().max(1.0) as usize;
    let mut line = line.to_vec();
    for _ in 0..3 {
        let last = line.len() - 1;
        let at = |i: usize| line[i.saturating_sub(reach).min(last)];
        let mut sum: f32 = (0..=2 * reach).map(at).sum();
        let mut next = Vec::with_capacity(line.len());
        for i in 0..line.len() {
            next.push(sum / (2 * reach + 1) as f32);
            sum += line[(i + reach + 1).min(last)] - line[i.saturating_sub(reach)];
        }
        line = next;
    }
    line
}

/// Correlation of two lines, -1 to 1.
fn alike(a: &[f32], b: &[f32]) -> f32 {
    let mean = |line: &[f32]| line.iter().sum::<f32>() / line.len() as f32;
    let (mean_a, mean_b) = (mean(a), mean(b));
    let (mut aa, mut bb, mut ab) = (0.0, 0.0, 0.0);
    for (a, b) in a.iter().zip(b) {
        let (a, b) = (a - mean_a, b - mean_b);
        (aa, bb, ab) = (aa + a * a, bb + b * b, ab + a * b);
    }
    ab / (aa * bb).sqrt().max(1.0)
}

/// The dark and the light end of a line, less a few points that are neither.
fn range(line: &[f32]) -> (f32, f32) {
    let mut sorted = line.to_vec();
    sorted.sort_unstable_by(f32::total_cmp);
    (sorted[sorted.len() / 20], sorted[sorted.len() - 1 - sorted.len() / 20])
}

/// Paints a line's bars black: between each hill and valley of brightness, at least `least` apart, lies an edge,
/// halfway down. A bar too narrow to be black, and a gap too narrow to be white, are found all the same.
fn edges(line: &[f32], least: f32, row: &mut [u8]) {
    let ends = ends(line, least);
    let cuts: Vec<usize> = ends
        .windows(2)
        .map(|pair| {
            let (from, to) = (pair[0], pair[1]);
            let middle = (from.1 + to.1) / 2.0;
            let falls = to.1 < from.1;
            let crossed = |at: &usize| (line[*at] < middle) == falls;
            (from.0..=to.0).find(crossed).unwrap_or(to.0)
        })
        .collect();
    for bar in cuts.chunks(2) {
        let end = bar.get(1).copied().unwrap_or(row.len());
        row[bar[0]..end].fill(0);
    }
}

/// Hills and valleys of brightness in turn, at least `least` apart; the first is a hill.
fn ends(line: &[f32], least: f32) -> Vec<(usize, f32)> {
    let mut ends: Vec<(usize, f32)> = Vec::new();
    let mut best = (0, line[0]);
    let mut hill = true;
    for (at, &value) in line.iter().enumerate() {
        let further = if hill { value >= best.1 } else { value <= best.1 };
        if further {
            best = (at, value);
        } else if (value - best.1).abs() >= least {
            ends.push(best);
            hill = !hill;
            best = (at, value);
        }
    }
    ends.push(best);
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_narrow_bar_that_is_only_grey_has_two_edges() {
        let line = [250.0, 250.0, 20.0, 20.0, 200.0, 250.0, 150.0, 250.0, 250.0];
        let mut row = [255; 9];
        edges(&line, 50.0, &mut row);
        assert_eq!(row, [255, 255, 0, 0, 255, 255, 0, 255, 255]);
    }

    #[test]
    fn grain_has_no_edges() {
        let line = [250.0, 246.0, 251.0, 244.0, 250.0];
        let mut row = [255; 5];
        edges(&line, 20.0, &mut row);
        assert_eq!(row, [255; 5]);
    }
}
