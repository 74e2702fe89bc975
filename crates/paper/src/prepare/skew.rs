//! How far do the text lines lean? Told from where letters stand, not from pixels.

use records::geometry::Rect;

/// Degrees looked through on either side.
const MOST: f32 = 6.0;
/// Steps of the first and of the second look, degrees.
const COARSE: f32 = 0.1;
const FINE: f32 = 0.02;
/// With fewer letters than this nothing is said.
const FEW: usize = 20;

/// Which side of the letters' boxes is looked along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Top,
    Bottom,
    Left,
    Right,
}

/// How well letters stand in lines along one side: the angle at which they do best, and how well, from 1
/// (scattered) up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Alignment {
    /// Degrees by which the lines fall to the right (for left and right sides: lean to the left going down).
    pub degrees: f32,
    pub strength: f32,
}

/// Skew of a page from its letters' lower sides, degrees, positive where lines fall to the right; 0 where it
/// cannot be told.
pub fn estimate(letters: &[Rect], x_height: u32) -> f32 {
    let found = align(letters, x_height, Side::Bottom);
    // A page of scattered marks has its best angle too, hardly better than the others.
    if letters.len() < FEW || found.strength < 1.3 { 0.0 } else { found.degrees }
}

/// Looks along one side for the angle at which most letters share lines.
pub fn align(letters: &[Rect], x_height: u32, side: Side) -> Alignment {
    let points: Vec<(f32, f32)> = letters.iter().map(|&letter| foot(letter, side)).collect();
    let bin = (x_height as f32 / 6.0).max(1.0);
    let steps = (MOST / COARSE) as i32;
    let coarse: Vec<(f32, f32)> = (-steps..=steps)
        .map(|step| step as f32 * COARSE)
        .map(|angle| (angle, sharpness(&points, angle, bin)))
        .collect();
    let mean = coarse.iter().map(|(_, sharp)| sharp).sum::<f32>() / coarse.len() as f32;
    let best =
        |found: Vec<(f32, f32)>| found.into_iter().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or((0.0, 0.0));
    let near = best(coarse).0;
    let fine: Vec<(f32, f32)> = (-6..=6)
        .map(|step| near + step as f32 * FINE)
        .map(|angle| (angle, sharpness(&points, angle, bin)))
        .collect();
    // Several angles do equally well where lines are short: their middle.
    let top = fine.iter().map(|(_, sharp)| *sharp).fold(0.0, f32::max);
    let good: Vec<f32> =
        fine.iter().filter(|(_, sharp)| *sharp >= top * 0.995).map(|(angle, _)| *angle).collect();
    let degrees = good.iter().sum::<f32>() / good.len().max(1) as f32;
    Alignment { degrees, strength: if mean > 0.0 { top / mean } else { 0.0 } }
}

/// Where a letter touches its line: along the line, and across it.
fn foot(letter: Rect, side: Side) -> (f32, f32) {
    let (x, y) = letter.centre();
    match side {
        Side::Top => (x as f32, letter.y as f32),
        Side::Bottom => (x as f32, letter.bottom() as f32),
        Side::Left => (y as f32, letter.x as f32),
        Side::Right => (y as f32, letter.right() as f32),
    }
}

/// How much more often than by chance two letters share a line at this angle.
fn sharpness(points: &[(f32, f32)], degrees: f32, bin: f32) -> f32 {
    let slope = degrees.to_radians().tan();
    let across = |&(along, across): &(f32, f32)| (across - along * slope) / bin;
    let least = points.iter().map(across).fold(f32::INFINITY, f32::min);
    let most = points.iter().map(across).fold(f32::NEG_INFINITY, f32::max);
    if !(most - least).is_finite() {
        return 0.0;
    }
    let mut counts = vec![0.0_f32; (most - least) as usize + 2];
    for point in points {
        // Shared between two bins, so that a line does not win by falling on a boundary.
        let exact = across(point) - least;
        let (at, part) = (exact as usize, exact.fract());
        counts[at] += 1.0 - part;
        counts[at + 1] += part;
    }
    counts.iter().map(|count| count * count).sum::<f32>() / points.len().max(1) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Forty lines of letters, some with tails, falling by so many degrees.
    fn page(degrees: f32) -> Vec<Rect> {
        let slope = degrees.to_radians().tan();
        let places = (0..40_u32).flat_map(|line| (0..60_u32).map(move |at| (line, at)));
        places
            .map(|(line, at)| {
                let (x, tail) = (200 + at * 35, if at % 9 == 4 { 8 } else { 0 });
                let base = 300.0 + line as f32 * 60.0 + x as f32 * slope;
                let height = if at % 4 == 1 { 30 } else { 20 };
                Rect { x, y: base.round() as u32 - height, w: 15, h: height + tail }
            })
            .collect()
    }

    #[test]
    fn leaning_lines_are_measured_to_a_tenth_of_a_degree() {
        for degrees in [-5.0, -1.3, -0.2, 0.0, 0.3, 2.0, 4.7] {
            let found = estimate(&page(degrees), 20);
            assert!((found - degrees).abs() < 0.1, "{degrees} measured as {found}");
        }
    }

    #[test]
    fn scattered_marks_have_no_skew() {
        let mut state = 7_u32;
        let mut random = |below: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) % below
        };
        let marks: Vec<_> =
            (0..400).map(|_| Rect { x: random(2300), y: random(3100), w: 15, h: 20 }).collect();
        assert_eq!(estimate(&marks, 20), 0.0);
    }
}
