//! How wide is the narrowest bar of a symbol? Evidence wants two pixels.

use crate::prepare::ink::Ink;

/// Scan lines across a symbol that are looked along.
const LINES: usize = 7;

/// Pixels a module, from the lengths of ink and paper along lines from the symbol's left side to its right;
/// 0 where nothing changes. Corners run clockwise from the symbol's own top left.
pub fn pixels(ink: &Ink, corners: [(f32, f32); 4]) -> f32 {
    let [top_left, top_right, bottom_right, bottom_left] = corners;
    let mut lengths: Vec<u32> = Vec::new();
    for line in 0..LINES {
        let down = (line as f32 + 1.0) / (LINES as f32 + 1.0);
        lengths.extend(runs(
            ink,
            between(top_left, bottom_left, down),
            between(top_right, bottom_right, down),
        ));
    }
    if lengths.is_empty() {
        return 0.0;
    }
    // About half of all bars and spaces are one module wide; a fifth up is safely among them. Ink that bleeds
    // widens bars and narrows spaces: their mean is right.
    lengths.sort_unstable();
    let narrow = &lengths[lengths.len() / 10..=lengths.len() / 3];
    narrow.iter().sum::<u32>() as f32 / narrow.len() as f32
}

fn between(a: (f32, f32), b: (f32, f32), part: f32) -> (f32, f32) {
    (a.0 + (b.0 - a.0) * part, a.1 + (b.1 - a.1) * part)
}

/// Lengths of same-coloured stretches along a line, without the first and the last.
fn runs(ink: &Ink, from: (f32, f32), to: (f32, f32)) -> Vec<u32> {
    let length = (to.0 - from.0).hypot(to.1 - from.1) as u32;
    let at = |step: u32| {
        let (x, y) = between(from, to, step as f32 / length.max(1) as f32);
        (x >= 0.0 && y >= 0.0 && (x as u32) < ink.width && (y as u32) < ink.height)
            .then(|| ink.at(x as u32, y as u32))
    };
    let colours: Vec<Option<bool>> = (0..length).map(at).collect();
    let runs: Vec<u32> = colours.chunk_by(|a, b| a == b).map(|run| run.len() as u32).collect();
    runs.get(1..runs.len().saturating_sub(1)).unwrap_or_default().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prepare::plane::Plane;

    #[test]
    fn the_narrow_bars_give_the_module() {
        let mut page = Plane::white(400, 60);
        let widths = [3, 3, 6, 3, 9, 3, 3, 6, 3, 3, 12, 3, 6, 6, 3, 3, 3, 9];
        let mut x = 20;
        for (i, width) in widths.iter().enumerate() {
            if i % 2 == 0 {
                (0..60).for_each(|y| page.row_mut(y)[x..x + width].fill(0));
            }
            x += width;
        }
        let corners = [(18.0, 5.0), (x as f32 + 2.0, 5.0), (x as f32 + 2.0, 55.0), (18.0, 55.0)];
        let found = pixels(&Ink::of(&page), corners);
        assert!((found - 3.0).abs() < 0.3, "{found}");
    }
}
