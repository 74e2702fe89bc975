//! Which pixels are ink?

use super::plane::Plane;

/// Nothing brighter than this is ink, of 255 for white paper. Print of the other side that shows through is
/// brighter; the faintest pencil and carbon copy are darker.
pub const FAINTEST: u8 = 210;

/// Ink or paper for every pixel: bit `x % 64` of word `x / 64` of a row; 1 is ink.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ink {
    pub width: u32,
    pub height: u32,
    words: Vec<u64>,
}

impl Ink {
    /// Everything darker than the best threshold of the page (Otsu 1979), which must lie where ink can be:
    /// on an empty page that method would pick the grain of the paper.
    pub fn of(plane: &Plane) -> Self {
        Self::darker_than(plane, otsu(&histogram(plane)).clamp(100, FAINTEST))
    }

    pub fn darker_than(plane: &Plane, threshold: u8) -> Self {
        let stride = plane.width.div_ceil(64) as usize;
        let mut words = Vec::with_capacity(stride * plane.height as usize);
        for y in 0..plane.height {
            words.extend(plane.row(y).chunks(64).map(|pixels| {
                pixels.iter().enumerate().fold(0, |word, (bit, &p)| word | u64::from(p < threshold) << bit)
            }));
        }
        Self { width: plane.width, height: plane.height, words }
    }

    pub fn row(&self, y: u32) -> &[u64] {
        let stride = self.width.div_ceil(64) as usize;
        &self.words[y as usize * stride..][..stride]
    }

    pub fn at(&self, x: u32, y: u32) -> bool {
        self.row(y)[(x / 64) as usize] >> (x % 64) & 1 == 1
    }

    /// Stretches of ink in a row: first pixel and the one behind the last.
    pub fn runs(&self, y: u32) -> impl Iterator<Item = (u32, u32)> + '_ {
        let row = self.row(y);
        let mut x = 0;
        std::iter::from_fn(move || {
            let from = next(row, x, self.width, true)?;
            let to = next(row, from, self.width, false).unwrap_or(self.width);
            x = to;
            Some((from, to))
        })
    }

    /// Share of ink in the part of the page inside its margins (a share of each side), 0 to 1.
    pub fn share(&self, margin: f32) -> f32 {
        let (across, down) = ((self.width as f32 * margin) as u32, (self.height as f32 * margin) as u32);
        let (left, right) = (across, self.width - across);
        let inked: u64 = (down..self.height - down)
            .flat_map(|y| self.runs(y))
            .map(|(from, to)| u64::from(to.min(right).saturating_sub(from.max(left))))
            .sum();
        let all = u64::from(right - left) * u64::from(self.height - 2 * down);
        inked as f32 / all.max(1) as f32
    }
}

/// The first pixel at or after `x` that is ink (or paper).
fn next(row: &[u64], x: u32, width: u32, ink: bool) -> Option<u32> {
    if x >= width {
        return None;
    }
    let (mut at, flip) = ((x / 64) as usize, if ink { 0 } else { u64::MAX });
    let mut word = (row[at] ^ flip) & (u64::MAX << (x % 64));
    while word == 0 {
        at += 1;
        word = row.get(at)? ^ flip;
    }
    let found = at as u32 * 64 + word.trailing_zeros();
    (found < width).then_some(found)
}

/// How many pixels have each value.
pub fn histogram(plane: &Plane) -> [u64; 256] {
    // Four counters: neighbours are often equal, and one counter would wait for itself.
    let mut counts = [[0_u32; 256]; 4];
    for four in plane.pixels.chunks(4) {
        for (count, &p) in counts.iter_mut().zip(four) {
            count[usize::from(p)] += 1;
        }
    }
    std::array::from_fn(|p| counts.iter().map(|count| u64::from(count[p])).sum())
}

/// The value that parts the two classes best.
pub(super) fn otsu(histogram: &[u64; 256]) -> u8 {
    let pixels: u64 = histogram.iter().sum();
    let total: u64 = histogram.iter().zip(0_u64..).map(|(count, p)| count * p).sum();
    let (mut below, mut dark, mut best) = (0_u64, 0_u64, (0.0_f64, 128_u8));
    for (value, &count) in (0_u8..255).zip(histogram) {
        below += count;
        dark += count * u64::from(value);
        if below == 0 || below == pixels {
            continue;
        }
        let (mean_below, mean_above) =
            (dark as f64 / below as f64, (total - dark) as f64 / (pixels - below) as f64);
        let between = below as f64 * (pixels - below) as f64 * (mean_above - mean_below).powi(2);
        if between > best.0 {
            best = (between, value + 1);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_cross_words_and_end_at_the_border() {
        let mut page = Plane::white(130, 1);
        page.row_mut(0)[60..70].fill(0);
        page.row_mut(0)[128..].fill(0);
        let ink = Ink::of(&page);
        assert_eq!(ink.runs(0).collect::<Vec<_>>(), [(60, 70), (128, 130)]);
        assert!(ink.at(69, 0) && !ink.at(70, 0));
    }

    #[test]
    fn the_grain_of_empty_paper_is_not_ink() {
        let pixels = (0..10_000_u32).map(|i| 235 + (i * 7 % 20) as u8).collect();
        let ink = Ink::of(&Plane { width: 100, height: 100, pixels });
        assert_eq!(ink.share(0.0), 0.0);
    }
}
