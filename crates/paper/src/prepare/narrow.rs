//! How wide need letters be? The engine's time grows with the length of its lines, not with their height.

use records::geometry::Rect;

use super::plane::Plane;

/// Of so many columns one is saved.
const OF: usize = 7;

/// The picture with every seven columns averaged into six, height unchanged.
///
/// The engine scales every line to 36 pixels of height and then works its way along: a seventh less width is a
/// seventh less time. At four fifths of the width it begins to lose decimal points and to take 1 for a bar.
pub fn narrowed(plane: &Plane) -> Plane {
    let width = narrow_width(plane.width);
    let mut pixels = Vec::with_capacity(width as usize * plane.height as usize);
    for row in (0..plane.height).map(|y| plane.row(y)) {
        let groups = row.chunks_exact(OF);
        let rest = groups.remainder();
        for group in groups {
            let group: &[u8; OF] = group.try_into().expect("chunks are as long as asked");
            let mixed: [u8; OF - 1] = std::array::from_fn(|at| {
                let (left, right) = (u32::from(group[at]), u32::from(group[at + 1]));
                let after = at as u32 + 1;
                ((left * (OF as u32 - after) + right * after + OF as u32 / 2) / OF as u32) as u8
            });
            pixels.extend_from_slice(&mixed);
        }
        pixels.extend_from_slice(rest);
    }
    Plane { width, height: plane.height, pixels }
}

/// How many columns so many become.
pub const fn narrow_width(width: u32) -> u32 {
    let (groups, rest) = (width / OF as u32, width % OF as u32);
    groups * (OF as u32 - 1) + rest
}

/// A box of the picture, on the narrowed one.
pub fn narrow_place(place: Rect) -> Rect {
    let (x, right) = (narrow_width(place.x), narrow_width(place.right()));
    Rect { x, w: (right - x).max(1), ..place }
}

/// A box of the narrowed picture, on the picture, which is `width` pixels wide.
pub fn wide_place(place: Rect, width: u32) -> Rect {
    let wide = |x: u32| {
        let (groups, rest) = (x / (OF as u32 - 1), x % (OF as u32 - 1));
        groups * OF as u32 + rest
    };
    let x = wide(place.x).min(width.saturating_sub(1));
    let right = (wide(place.right().saturating_sub(1)) + 2).min(width);
    Rect { x, w: right.saturating_sub(x).max(1), ..place }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_keeps_its_height_and_loses_a_seventh_of_its_length() {
        let mut page = Plane::white(103, 3);
        page.row_mut(1)[10..60].fill(0);
        let narrow = narrowed(&page);
        assert_eq!((narrow.width, narrow.height), (89, 3));
        assert!((42..=43).contains(&narrow.row(1).iter().filter(|&&p| p < 128).count()));
        assert!(narrow.row(0).iter().all(|&p| p == 255));
    }

    #[test]
    fn a_place_found_on_the_narrow_picture_holds_what_it_held() {
        for x in 0..60 {
            for right in x + 1..=100 {
                let place = Rect { x, y: 5, w: right - x, h: 9 };
                let back = wide_place(narrow_place(place), 100);
                assert!(
                    back.x.abs_diff(x) <= 1 && back.right().abs_diff(right) <= 2,
                    "{place:?} came back as {back:?}"
                );
            }
        }
    }
}
