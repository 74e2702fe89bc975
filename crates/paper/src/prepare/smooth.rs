//! Are the edges of letters stairs, and their strokes broken? Scanning to ink and white leaves them so, and an engine
//! that learned from grey letters takes stairs for serifs and pieces for dots.

use super::plane::Plane;

/// A blur of 0.8 pixels, in 1/256: about what a scanner's own optics do to a grey page.
const STAIR: [u16; 5] = [6, 58, 128, 58, 6];

/// The page with its stairs rounded. Fax pages read with half the errors.
pub fn rounded(plane: &Plane) -> Plane {
    blurred(plane, STAIR)
}

/// The page with its strokes a pixel thicker, so that those meet again that broke.
pub fn thickened(plane: &Plane) -> Plane {
    let mut thick = plane.clone();
    for y in 0..plane.height {
        let (above, here) = (plane.row(y.saturating_sub(1)), plane.row(y));
        let darker: Vec<u8> = above.iter().zip(here).map(|(&a, &b)| a.min(b)).collect();
        let row = thick.row_mut(y);
        row.copy_from_slice(&darker);
        row[1..].iter_mut().zip(&darker).for_each(|(p, &left)| *p = (*p).min(left));
    }
    thick
}

/// Each pixel mixed with those around by these weights (of 256), along and down.
pub(super) fn blurred<const TAPS: usize>(plane: &Plane, weights: [u16; TAPS]) -> Plane {
    let (width, height, reach) = (plane.width as usize, plane.height as usize, TAPS / 2);
    let mut soft = Plane { pixels: Vec::with_capacity(width * height), ..*plane };
    let (mut sums, mut line) = (vec![0_u16; width], vec![0_u8; width + 2 * reach]);
    for y in 0..height {
        let row = |at: usize| plane.row((y + at).saturating_sub(reach).min(height - 1) as u32);
        mixed(&mut sums, weights, row);
        line[reach..][..width].iter_mut().zip(&sums).for_each(|(p, sum)| *p = (sum >> 8) as u8);
        let (first, last) = (line[reach], line[reach + width - 1]);
        line[..reach].fill(first);
        line[reach + width..].fill(last);
        mixed(&mut sums, weights, |at| &line[at..]);
        soft.pixels.extend(sums.iter().map(|sum| (sum >> 8) as u8));
    }
    soft
}

/// Sums of rows by weights that come to 256; half a step more, so that cutting off rounds.
fn mixed<'a, const TAPS: usize>(sums: &mut [u16], weights: [u16; TAPS], row: impl Fn(usize) -> &'a [u8]) {
    sums.fill(127);
    for (at, weight) in weights.into_iter().enumerate() {
        sums.iter_mut().zip(row(at)).for_each(|(sum, &p)| *sum += weight * u16::from(p));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stair_becomes_a_slope_and_flat_ink_and_paper_stay() {
        let mut page = Plane::white(20, 20);
        (0..20).for_each(|y| page.row_mut(y)[..if y < 10 { 8 } else { 9 }].fill(0));
        let soft = rounded(&page);
        assert_eq!((soft.row(3)[0], soft.row(3)[19]), (0, 255));
        assert!(soft.row(9)[8] < soft.row(3)[8] && soft.row(10)[8] > soft.row(16)[8]);
    }

    #[test]
    fn strokes_a_pixel_apart_meet() {
        let mut page = Plane::white(20, 20);
        (5..15).for_each(|y| page.row_mut(y)[if y < 10 { 5..8 } else { 9..12 }].fill(0));
        let thick = thickened(&page);
        assert_eq!(thick.row(10)[4..14], [255, 0, 0, 0, 0, 0, 0, 0, 0, 255]);
        assert_eq!(thick.row(15)[8..14], [255, 0, 0, 0, 0, 255]);
        assert_eq!((thick.row(4), thick.row(16)), (page.row(4), page.row(16)));
    }
}
