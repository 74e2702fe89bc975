//! How is a leaning page straightened, and where is a place of the straight page on the page as it is?

use records::geometry::Rect;

use super::plane::Plane;

/// From here on straightening helps, degrees; below, it only blurs.
pub const LEAST: f32 = 0.15;

/// The page turned back by `degrees` (positive: its lines fall to the right) about its centre, size unchanged.
/// What comes in from outside is white.
pub fn straightened(plane: &Plane, degrees: f32) -> Plane {
    let mut straight = Plane { pixels: Vec::with_capacity(plane.pixels.len()), ..*plane };
    let (sin, cos) = degrees.to_radians().sin_cos();
    let fixed = |value: f32| (value * 65_536.0).round() as i64;
    let (step_x, step_y) = (fixed(cos), fixed(sin));
    let (width, height) = (i64::from(plane.width), i64::from(plane.height));
    let stride = plane.width as usize;
    for y in 0..plane.height {
        let start = Lean { degrees, width: plane.width, height: plane.height }.back(0.5, y as f32 + 0.5);
        let (mut from_x, mut from_y) = (fixed(start.0 - 0.5), fixed(start.1 - 0.5));
        for _ in 0..plane.width {
            let (x, y) = (from_x >> 16, from_y >> 16);
            let value = if x >= 0 && y >= 0 && x + 1 < width && y + 1 < height {
                let at = y as usize * stride + x as usize;
                let (along, down) = ((from_x >> 8 & 255) as u32, (from_y >> 8 & 255) as u32);
                let p = |at: usize| u32::from(plane.pixels[at]);
                let top = p(at) * (256 - along) + p(at + 1) * along;
                let bottom = p(at + stride) * (256 - along) + p(at + stride + 1) * along;
                ((top * (256 - down) + bottom * down + 32_768) >> 16) as u8
            } else {
                255
            };
            straight.pixels.push(value);
            from_x += step_x;
            from_y += step_y;
        }
    }
    straight
}

/// How a straightened page leaned before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lean {
    pub degrees: f32,
    pub width: u32,
    pub height: u32,
}

impl Lean {
    /// A point of the straight page, on the page as it is.
    fn back(self, x: f32, y: f32) -> (f32, f32) {
        let (sin, cos) = self.degrees.to_radians().sin_cos();
        let (mid_x, mid_y) = (self.width as f32 / 2.0, self.height as f32 / 2.0);
        let (dx, dy) = (x - mid_x, y - mid_y);
        (mid_x + dx * cos - dy * sin, mid_y + dx * sin + dy * cos)
    }

    /// The smallest box on the page as it is that holds a box of the straight page, cut at the borders.
    pub fn place(self, place: Rect) -> Rect {
        if self.degrees == 0.0 {
            return place;
        }
        let (left, top) = (place.x as f32, place.y as f32);
        let (right, bottom) = (place.right() as f32, place.bottom() as f32);
        let corners =
            [(left, top), (right, top), (left, bottom), (right, bottom)].map(|(x, y)| self.back(x, y));
        let least =
            |of: fn(&(f32, f32)) -> f32| corners.iter().map(of).fold(f32::INFINITY, f32::min).max(0.0);
        let most = |of: fn(&(f32, f32)) -> f32| corners.iter().map(of).fold(0.0, f32::max);
        let x = (least(|c| c.0).round() as u32).min(self.width.saturating_sub(1));
        let y = (least(|c| c.1).round() as u32).min(self.height.saturating_sub(1));
        let right = (most(|c| c.0).round() as u32).clamp(x + 1, self.width.max(x + 1));
        let bottom = (most(|c| c.1).round() as u32).clamp(y + 1, self.height.max(y + 1));
        Rect { x, y, w: right - x, h: bottom - y }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prepare::components::Components;
    use crate::prepare::ink::Ink;

    #[test]
    fn a_mark_found_on_the_straight_page_is_placed_where_it_is_on_the_page() {
        let mut page = Plane::white(800, 1000);
        (700..730).for_each(|y| page.row_mut(y)[100..150].fill(0));
        let straight = straightened(&page, 4.0);
        let moved = Components::of(&Ink::of(&straight)).list[0].place;
        assert!(moved.y.abs_diff(700) > 10, "the mark moves when the page is straightened: {moved:?}");
        let back = Lean { degrees: 4.0, width: 800, height: 1000 }.place(moved);
        let mark = Rect { x: 100, y: 700, w: 50, h: 30 };
        assert_eq!(back.overlap(mark), 1500, "{back:?} holds all of the mark");
        assert!(back.w < 60 && back.h < 42, "{back:?} is hardly larger");
    }

    #[test]
    fn lines_that_fall_become_level() {
        let mut page = Plane::white(600, 300);
        let slope = 3.0_f32.to_radians().tan();
        for x in 50..550_usize {
            let y = 100 + (x as f32 * slope).round() as u32;
            (y..y + 3).for_each(|y| page.row_mut(y)[x] = 0);
        }
        let line = Components::of(&Ink::of(&straightened(&page, 3.0))).list[0].place;
        assert!(line.h <= 6, "{line:?}");
    }
}
