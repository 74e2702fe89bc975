//! Which lines did a scanner or a printer draw across the page, or leave out, and what was there before?
//!
//! Dust on the glass gives a black line from border to border, a dead dot of a print head a white one. A line in a
//! symbol is only believed to be one if the rest of the page has it, too: bars have narrow gaps of their own.

use records::geometry::Rect;

use crate::prepare::plane::Plane;

/// Pixels to both sides of a line's middle: lines are up to three pixels thick.
const BESIDE: usize = 3;
/// Darker is ink, lighter is paper.
const INK: u8 = 110;
const PAPER: u8 = 150;
/// Places outside of the symbol that must show it, and how many in a hundred.
const SHOWN: u32 = 8;
/// Only every so many places are looked at.
const STEP: usize = 3;
const SURE: u32 = 85;

/// The part of the page without such lines; nothing where there are none.
pub fn repaired(page: &Plane, part: Rect) -> Option<Plane> {
    let lying = lines(page, part);
    let upright = columns(page, part);
    if lying.iter().chain(&upright).all(|line| *line == Line::None) {
        return None;
    }
    let mut fixed = page.cut(part);
    for (y, line) in (part.y..).zip(lying).filter(|(_, line)| *line != Line::None) {
        let (above, below) = (page.row(y - BESIDE as u32), page.row(y + BESIDE as u32));
        let row = fixed.row_mut(y - part.y);
        for (x, pixel) in (part.x as usize..).zip(row) {
            *pixel = line.without(above[x], *pixel, below[x]);
        }
    }
    for y in 0..fixed.height {
        let seen = page.row(part.y + y);
        let row = fixed.row_mut(y);
        for (x, line) in upright.iter().enumerate().filter(|(_, line)| **line != Line::None) {
            let at = part.x as usize + x;
            row[x] = line.without(seen[at - BESIDE], row[x], seen[at + BESIDE]);
        }
    }
    Some(fixed)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    None,
    Black,
    White,
}

impl Line {
    /// A pixel of the line as it was, told from those beside it.
    const fn without(self, before: u8, pixel: u8, after: u8) -> u8 {
        match self {
            Self::White if before < INK && after < INK => {
                if before > after {
                    before
                } else {
                    after
                }
            }
            Self::Black if before > PAPER && after > PAPER => {
                if before < after {
                    before
                } else {
                    after
                }
            }
            _ => pixel,
        }
    }

    fn of(votes: Votes) -> Self {
        let sure = |shown: u32, of: u32| of >= SHOWN && shown * 100 >= of * SURE;
        match votes {
            votes if sure(votes.white, votes.ink) => Self::White,
            votes if sure(votes.black, votes.paper) && votes.paper >= 20 * SHOWN => Self::Black,
            _ => Self::None,
        }
    }
}

/// At how many places there is ink on both sides, and the line is white there; and paper, and the line is black.
#[derive(Clone, Copy, Default)]
struct Votes {
    ink: u32,
    white: u32,
    paper: u32,
    black: u32,
}

impl Votes {
    const fn add(&mut self, before: u8, pixel: u8, after: u8) {
        let (ink, paper) = (before < INK && after < INK, before > PAPER && after > PAPER);
        self.ink += ink as u32;
        self.white += (ink && pixel > PAPER) as u32;
        self.paper += paper as u32;
        self.black += (paper && pixel < INK) as u32;
    }
}

/// Of each row of the part, told from the page to its left and right.
fn lines(page: &Plane, part: Rect) -> Vec<Line> {
    let (left, right) = (part.x as usize, part.right().min(page.width) as usize);
    let bottom = page.height.saturating_sub(BESIDE as u32);
    let rows = (part.y..part.bottom().min(page.height)).map(|y| {
        let mut votes = Votes::default();
        if (BESIDE as u32..bottom).contains(&y) {
            let (above, row, below) = (page.row(y - BESIDE as u32), page.row(y), page.row(y + BESIDE as u32));
            for x in (0..left).step_by(STEP).chain((right..row.len()).step_by(STEP)) {
                votes.add(above[x], row[x], below[x]);
            }
        }
        Line::of(votes)
    });
    rows.collect()
}

/// Of each column, told from the page above and below.
fn columns(page: &Plane, part: Rect) -> Vec<Line> {
    let right = part.right().min(page.width);
    let mut votes = vec![Votes::default(); (right - part.x) as usize];
    let edge = page.width.saturating_sub(BESIDE as u32);
    let outside = (0..part.y).chain(part.bottom().min(page.height)..page.height);
    for y in outside.step_by(STEP) {
        let row = page.row(y);
        for (x, votes) in (part.x as usize..).zip(&mut votes) {
            if x >= BESIDE && x < edge as usize {
                votes.add(row[x - BESIDE], row[x], row[x + BESIDE]);
            }
        }
    }
    votes.into_iter().map(Line::of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(page: &mut Plane, place: Rect, ink: u8) {
        for y in place.y..place.bottom() {
            page.row_mut(y)[place.x as usize..place.right() as usize].fill(ink);
        }
    }

    /// Bars at the left, some print at the right.
    fn page() -> Plane {
        let mut page = Plane::white(1_000, 300);
        for x in (100..300).step_by(12) {
            fill(&mut page, Rect { x, y: 100, w: 6, h: 100 }, 0);
        }
        for x in (500..900).step_by(40) {
            fill(&mut page, Rect { x, y: 100, w: 8, h: 100 }, 0);
        }
        page
    }

    const PART: Rect = Rect { x: 90, y: 90, w: 220, h: 120 };

    #[test]
    fn a_line_of_dropped_dots_is_filled_where_ink_is_on_both_sides() {
        let mut streaked = page();
        fill(&mut streaked, Rect { x: 0, y: 150, w: 1_000, h: 2 }, 255);
        assert_eq!(repaired(&streaked, PART), Some(page().cut(PART)));
    }

    #[test]
    fn a_line_of_dust_goes_where_paper_is_on_both_sides() {
        let mut streaked = page();
        fill(&mut streaked, Rect { x: 0, y: 150, w: 1_000, h: 2 }, 0);
        assert_eq!(repaired(&streaked, PART), Some(page().cut(PART)));
    }

    #[test]
    fn a_gap_that_only_the_symbol_has_is_its_own() {
        assert_eq!(repaired(&page(), PART), None);
        let mut gap = page();
        fill(&mut gap, Rect { x: 90, y: 150, w: 220, h: 2 }, 255);
        assert_eq!(repaired(&gap, PART), None);
    }
}
