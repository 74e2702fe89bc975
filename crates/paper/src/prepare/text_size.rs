//! How large is the print? Told from the heights of pieces of ink that could be letters.

use super::components::Component;

/// Letters are at least this high, pixels, or nothing can read them.
const LEAST: u32 = 6;
/// And at most this: a headline at 300 dpi.
const MOST: u32 = 160;
/// With fewer letters than this nothing is said about their size.
const FEW: usize = 8;

/// Whether a piece could be a letter, or a few that touch.
pub fn text_like(piece: &Component) -> bool {
    let (w, h) = (piece.place.w, piece.place.h);
    (LEAST..=MOST).contains(&h) && w <= 3 * h && (0.12..=0.95).contains(&piece.fill())
}

/// A round or square blot: the dot of an i, a full stop, a bullet. On a page of few words they are a peak.
fn is_dot(piece: &Component) -> bool {
    let (w, h) = (piece.place.w, piece.place.h);
    4 * w >= 3 * h && 3 * w <= 4 * h && piece.fill() > 0.68
}

/// A blot of any proportion: dust.
fn is_blot(piece: &Component) -> bool {
    let (w, h) = (piece.place.w, piece.place.h);
    5 * w >= 3 * h && 3 * w <= 5 * h && piece.fill() > 0.64
}

/// Height of a small letter in pixels: the lowest height that many pieces have (at least 45 % as many as the
/// commonest), and not most of them blots. `None` with fewer than eight letters.
pub fn x_height(pieces: &[Component]) -> Option<u32> {
    let (mut counts, mut blots) = ([0_u32; MOST as usize + 2], [0_u32; MOST as usize + 2]);
    for letter in pieces.iter().filter(|piece| text_like(piece) && !is_dot(piece)) {
        counts[letter.place.h as usize] += 1;
        blots[letter.place.h as usize] += u32::from(is_blot(letter));
    }
    if counts.iter().sum::<u32>() < FEW as u32 {
        return None;
    }
    // Three heights together: print of one size differs by a pixel.
    let three = |counts: &[u32], h: usize| counts[h - 1] + counts[h] + counts[h + 1];
    let near = |h: usize| {
        let all = three(&counts, h);
        if 2 * three(&blots, h) > all { 0 } else { all }
    };
    let heights = LEAST as usize..=MOST as usize;
    let most = heights.clone().map(near).max().filter(|most| *most > 0)?;
    let strong =
        |h: &usize| near(*h) * 100 >= most * 45 && near(*h) >= near(h - 1) && near(*h) >= near(h + 1);
    let peak = heights.into_iter().find(strong)?;
    (peak - 1..=peak + 1).max_by_key(|&h| counts[h]).map(|h| h as u32)
}

/// The resolution to tell the engine: it takes the sizes of gaps, rules and noise from it, and files lie.
pub fn dpi_to_tell(x_height: Option<u32>) -> u32 {
    x_height.map_or(300, |x_height| (15 * x_height).max(70))
}

#[cfg(test)]
mod tests {
    use super::*;
    use records::geometry::Rect;

    fn letters(h: u32, count: usize) -> Vec<Component> {
        vec![Component { place: Rect { x: 0, y: 0, w: h * 2 / 3, h }, area: h * h / 3 }; count]
    }

    #[test]
    fn capitals_and_headlines_do_not_hide_the_small_letters() {
        let page = [letters(20, 400), letters(21, 150), letters(30, 300), letters(90, 20)].concat();
        assert_eq!(x_height(&page), Some(20));
        assert_eq!(dpi_to_tell(Some(20)), 300);
    }

    #[test]
    fn dots_are_no_letters() {
        let dot = Component { place: Rect { x: 0, y: 0, w: 7, h: 7 }, area: 38 };
        assert_eq!(x_height(&[letters(20, 30), vec![dot; 25]].concat()), Some(20));
    }

    #[test]
    fn a_few_blots_say_nothing_about_the_print() {
        assert_eq!(x_height(&letters(40, 7)), None);
    }
}
