//! Which pieces of ink are boxes to tick?
//!
//! The engine has no letter for them and reads "LC]", "XX]" or "C1", in front of every "Yes" and "No" of a form. They
//! are taken out of the picture that it is shown: empty ones, and those that are crossed out from corner to corner.
//! Anything else in a frame may be a letter or a digit in its field; it stays as it is.

use records::geometry::Rect;

use crate::prepare::components::Component;
use crate::prepare::ink::Ink;

/// Boxes to tick among `pieces`, in heights of small letters one to three high.
pub fn find(ink: &Ink, pieces: &[Component], x_height: u32) -> Vec<Rect> {
    let boxes =
        pieces.iter().filter(|piece| could_be(piece, x_height) && Frame::of(ink, piece.place).is_box());
    boxes.map(|piece| piece.place).collect()
}

fn could_be(piece: &Component, x_height: u32) -> bool {
    let (w, h) = (piece.place.w, piece.place.h);
    let square = 4 * w >= 3 * h && 3 * w <= 4 * h;
    // A black square is a bullet or a module of a symbol.
    square && h >= x_height.max(LEAST) && h <= 3 * x_height && piece.fill() < 0.8
}

/// Smaller ones cannot be told from letters, pixels.
const LEAST: u32 = 10;
/// Share of a side or a diagonal that must be ink; copiers break lines.
const DRAWN: f32 = 0.85;

/// The box of a piece, and how far from its border a line of the frame may lie: lines are thin and not quite level.
struct Frame<'i> {
    ink: &'i Ink,
    place: Rect,
    margin: u32,
}

impl<'i> Frame<'i> {
    fn of(ink: &'i Ink, place: Rect) -> Self {
        Self { ink, place, margin: (place.h / 6).max(2) }
    }

    fn is_box(&self) -> bool {
        self.is_framed() && (self.is_empty() || self.is_crossed())
    }

    /// Ink along all four sides and in all four corners, which letters round off.
    fn is_framed(&self) -> bool {
        let Rect { w, h, .. } = self.place;
        let (m, corner) = (self.margin, self.margin.div_ceil(2));
        let across = |y: u32| (0..w).filter(|&x| self.any(x, y, 1, m)).count() as f32 >= DRAWN * w as f32;
        let down = |x: u32| (0..h).filter(|&y| self.any(x, y, m, 1)).count() as f32 >= DRAWN * h as f32;
        let corners = [(0, 0), (w - corner, 0), (0, h - corner), (w - corner, h - corner)];
        across(0)
            && across(h - m)
            && down(0)
            && down(w - m)
            && corners.iter().all(|&(x, y)| self.any(x, y, corner, corner))
    }

    fn is_empty(&self) -> bool {
        let Rect { w, h, .. } = self.place;
        let rim = self.margin + 1;
        !self.any(rim, rim, w.saturating_sub(2 * rim), h.saturating_sub(2 * rim))
    }

    /// Ink along both diagonals, and white between them at all four sides.
    fn is_crossed(&self) -> bool {
        let Rect { w, h, .. } = self.place;
        let (m, half) = (self.margin, self.margin / 2);
        let at = |nth: u32, side: u32| (nth * side / h).saturating_sub(half).min(side - m);
        let diagonal = |x: &dyn Fn(u32) -> u32| {
            (0..h).filter(|&y| self.any(x(y), at(y, h), m, m)).count() as f32 >= DRAWN * h as f32
        };
        let rim = m + 1;
        let white = |x: u32, y: u32| !self.any(x, y, 1, 1);
        let sides = [(w / 2, rim), (w / 2, h - 1 - rim), (rim, h / 2), (w - 1 - rim, h / 2)];
        diagonal(&|y| at(y, w)) && diagonal(&|y| at(h - 1 - y, w)) && sides.iter().all(|&(x, y)| white(x, y))
    }

    /// Whether any ink lies in a part of the box.
    fn any(&self, x: u32, y: u32, w: u32, h: u32) -> bool {
        let (x, y) = (self.place.x + x, self.place.y + y);
        (y..y + h).any(|y| (x..x + w).any(|x| self.ink.at(x, y)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prepare::components::Components;
    use crate::prepare::plane::Plane;

    /// Boxes among what is drawn on a page of 200 × 100, print of 20.
    fn found(ink_at: impl Fn(u32, u32) -> bool) -> Vec<Rect> {
        let mut page = Plane::white(200, 100);
        for y in 0..100 {
            (0..200).filter(|&x| ink_at(x, y)).for_each(|x| page.row_mut(y)[x as usize] = 0);
        }
        let ink = Ink::of(&page);
        find(&ink, &Components::of(&ink).list, 20)
    }

    /// A frame of 3 pixels around 36 × 36, from (50, 30).
    fn framed(x: u32, y: u32) -> bool {
        let (inside, core) = (50..86, 53..83);
        inside.contains(&x) && (30..66).contains(&y) && !(core.contains(&x) && (33..63).contains(&y))
    }

    const BOX: Rect = Rect { x: 50, y: 30, w: 36, h: 36 };

    #[test]
    fn an_empty_box_and_one_that_is_crossed_are_boxes() {
        assert_eq!(found(framed), [BOX]);
        let inside = |x: u32, y: u32| (50..86).contains(&x) && (30..66).contains(&y);
        let cross = move |x: u32, y: u32| {
            framed(x, y) || inside(x, y) && ((x - 50).abs_diff(y - 30) <= 2 || (x - 50).abs_diff(65 - y) <= 2)
        };
        assert_eq!(found(cross), [BOX]);
    }

    #[test]
    fn a_digit_in_its_field_is_left_alone_though_it_touches_the_frame() {
        assert!(found(|x, y| framed(x, y) || (66..70).contains(&x) && (36..66).contains(&y)).is_empty());
    }

    #[test]
    fn a_round_letter_and_an_open_frame_are_no_boxes() {
        let ring = |x: u32, y: u32| (x.abs_diff(68).pow(2) + y.abs_diff(48).pow(2)).isqrt().abs_diff(16) <= 2;
        assert!(found(ring).is_empty());
        assert!(found(|x, y| framed(x, y) && x < 83).is_empty());
    }
}
