//! Are there lines that no pen drew? Dust on the glass under a feeder leaves one from the first row to the last.

use super::ink::Ink;
use super::plane::Plane;

/// Share of a column's rows that are ink in a streak. Frames and rules of forms leave a margin.
const WHOLE: f32 = 0.96;
/// Rows looked at first, of all.
const SAMPLED: u32 = 48;
/// Widest streak, pixels.
const WIDEST: u32 = 12;
/// More streaks than this are a pattern.
const MOST: usize = 24;
/// Grey rim around ink, pixels.
const RIM: u32 = 2;

/// Bridges streaks from their left to their right side, row by row, so that strokes they cross go on; says
/// whether there were any.
pub fn bridge(plane: &mut Plane, ink: &Ink) -> bool {
    let streaks = found(ink);
    for &(from, to) in &streaks {
        let (left, right) = (from.saturating_sub(RIM), (to + RIM).min(plane.width));
        for y in 0..plane.height {
            let row = plane.row_mut(y);
            let before = left.checked_sub(1).map_or(255, |x| row[x as usize]);
            let after = row.get(right as usize).copied().unwrap_or(255);
            let across = right - left + 1;
            for x in left..right {
                let part = x - left + 1;
                let mixed = u32::from(before) * (across - part) + u32::from(after) * part;
                row[x as usize] = (mixed / across) as u8;
            }
        }
    }
    !streaks.is_empty()
}

/// Columns of each streak: first, and the one behind the last.
fn found(ink: &Ink) -> Vec<(u32, u32)> {
    let step = (ink.height / SAMPLED).max(1) as usize;
    let share = |x: u32, step: usize| {
        let rows = (0..ink.height).step_by(step);
        let all = rows.len();
        rows.filter(|&y| ink.at(x, y)).count() as f32 / all.max(1) as f32
    };
    let is_inked = |x: &u32| share(*x, step) >= WHOLE && share(*x, 1) >= WHOLE;
    let mut streaks: Vec<(u32, u32)> = Vec::new();
    for x in (0..ink.width).filter(is_inked) {
        match streaks.last_mut() {
            // Its sides waver by a pixel.
            Some((_, to)) if x <= *to + 1 => *to = x + 1,
            _ => streaks.push((x, x + 1)),
        }
    }
    streaks.retain(|(from, to)| to - from <= WIDEST);
    if streaks.len() > MOST { Vec::new() } else { streaks }
}

/// Where a line as thin as `thin` pixels runs from the top of the page to its bottom with hardly a gap: dirt on the
/// scanner's glass. Told from a few hundred rows.
pub fn dropout(ink: &Ink, thin: u32) -> Option<u32> {
    const ROWS: u32 = 256;
    /// Rows in a hundred that the line is on.
    const LEAST: u32 = 95;
    let step = (ink.height / ROWS).max(1);
    let rows = || (0..ink.height).step_by(step as usize);
    let mut counts = vec![0_u32; ink.width as usize];
    for y in rows() {
        for (from, to) in ink.runs(y) {
            counts[from as usize..to as usize].iter_mut().for_each(|count| *count += 1);
        }
    }
    let all = rows().count() as u32;
    // A frame around a form keeps a margin; dirt does not.
    let at_ends = |x: u32| {
        let near = |from: u32, to: u32| (from..to).any(|y| ink.at(x, y));
        let end = (ink.height / 100).max(1);
        near(0, end) && near(ink.height - end, ink.height)
    };
    let is_line = |x: &u32| counts[*x as usize] * 100 >= all * LEAST && at_ends(*x);
    let lines: Vec<u32> = (0..ink.width).filter(is_line).collect();
    let strokes = lines.chunk_by(|a, b| a + 1 == *b);
    // Along the very border it is the edge of the paper.
    let inside = |stroke: &&[u32]| stroke[0] > 2 * thin && stroke[stroke.len() - 1] + 2 * thin < ink.width;
    strokes.filter(inside).find(|stroke| stroke.len() as u32 <= thin).map(|stroke| stroke[stroke.len() / 2])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_streak_goes_and_the_stroke_it_crossed_goes_on() {
        let mut page = Plane::white(600, 900);
        (400..410).for_each(|y| page.row_mut(y)[100..300].fill(0));
        (0..900).for_each(|y| page.row_mut(y)[200..203].fill(10));
        let ink = Ink::of(&page);
        assert!(bridge(&mut page, &ink));
        assert!(page.row(405)[195..210].iter().all(|&p| p < 50), "the stroke is whole");
        assert!(page.row(100)[195..210].iter().all(|&p| p > 200), "the streak is gone");
    }

    #[test]
    fn the_frame_of_a_form_is_drawn() {
        let mut page = Plane::white(600, 900);
        (40..860).for_each(|y| page.row_mut(y)[50..53].fill(0));
        let ink = Ink::of(&page);
        assert!(!bridge(&mut page, &ink));
    }

    fn striped(x: u32, rows: std::ops::Range<u32>, width: u32) -> Ink {
        let mut page = Plane::white(900, 1000);
        rows.for_each(|y| page.row_mut(y)[x as usize..(x + width) as usize].fill(0));
        Ink::of(&page)
    }

    #[test]
    fn a_thin_line_from_top_to_bottom_is_dirt() {
        assert_eq!(dropout(&striped(300, 0..1000, 3), 10), Some(301));
        assert_eq!(dropout(&striped(300, 30..970, 3), 10), None, "the frame of a form");
        assert_eq!(dropout(&striped(300, 0..1000, 30), 10), None, "a dark band");
        assert_eq!(dropout(&striped(2, 0..1000, 3), 10), None, "the edge of the paper");
        assert_eq!(dropout(&striped(300, 0..600, 3), 10), None, "a rule between columns");
    }
}
