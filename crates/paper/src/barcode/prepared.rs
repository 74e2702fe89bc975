//! What do different pictures of one part of a page say? Preparations raise the rate of reading far more than a
//! second engine does, and values that agree are evidence.

use records::geometry::Rect;

use super::decoder::{Decode, Effort, Threshold, decode};
use crate::prepare::plane::Plane;

/// Sides of a part beyond which it is not enlarged, pixels.
const LARGE: u32 = 1_600;

/// Decodes of the part in up to five pictures of it (enlarged, reduced, smoothed along and across, one
/// threshold), in pixels of the page. At most one decode of each place from each picture.
pub fn decodes(page: &Plane, place: Rect, effort: Effort) -> Vec<Decode> {
    // Codes need white around them, and a decoder's box may hold only some scan lines of a linear code.
    let margin = (place.w.max(place.h) / 8).max(24);
    let part = place.grown(margin);
    let cut = page.cut(part);
    let large = cut.width.max(cut.height) > LARGE;
    let seen = |picture: &Plane, scale: f32, threshold: Threshold| {
        decode(picture, effort, threshold).into_iter().map(move |seen| moved(seen, part, scale))
    };
    let mut found: Vec<Decode> = Vec::new();
    if !large {
        found.extend(seen(&cut.scaled(1.5), 1.5, Threshold::Local));
    }
    found.extend(seen(&cut.scaled(0.75), 0.75, Threshold::Local));
    if found.len() >= 2 {
        return found;
    }
    found.extend(seen(&smoothed(&cut, 0, 4), 1.0, Threshold::Local));
    found.extend(seen(&smoothed(&cut, 4, 0), 1.0, Threshold::Local));
    found.extend(seen(&smoothed(&cut, 1, 1), 1.0, Threshold::One));
    if !large && found.is_empty() {
        found.extend(seen(&smoothed(&cut, 1, 1).scaled(2.0), 2.0, Threshold::Local));
    }
    found
}

/// From pixels of a part's picture to pixels of the page.
fn moved(seen: Decode, part: Rect, scale: f32) -> Decode {
    let back = |pixels: u32| (pixels as f32 / scale).round() as u32;
    let Rect { x, y, w, h } = seen.place;
    let place = Rect { x: part.x + back(x), y: part.y + back(y), w: back(w).max(1), h: back(h).max(1) };
    let corners = seen.corners.map(|(x, y)| (part.x as f32 + x / scale, part.y as f32 + y / scale));
    Decode { place, corners, ..seen }
}

/// Each pixel becomes the mean of its neighbours this far along and down: bars that specks and gaps have
/// broken become whole along their length.
fn smoothed(picture: &Plane, along: u32, down: u32) -> Plane {
    let mut smooth = Plane { pixels: Vec::with_capacity(picture.pixels.len()), ..*picture };
    let mut columns = vec![0_u32; picture.width as usize];
    for y in 0..picture.height {
        let rows = y.saturating_sub(down)..(y + down + 1).min(picture.height);
        let count = rows.len() as u32;
        columns.fill(0);
        for row in rows {
            columns.iter_mut().zip(picture.row(row)).for_each(|(sum, &p)| *sum += u32::from(p));
        }
        for x in 0..picture.width {
            let window = x.saturating_sub(along) as usize..(x + along + 1).min(picture.width) as usize;
            let pixels = window.len() as u32 * count;
            smooth.pixels.push((columns[window].iter().sum::<u32>() / pixels) as u8);
        }
    }
    smooth
}
