//! What do different pictures of one part of a page say? Preparations raise the rate of reading far more than a
//! second engine does, and values that agree are evidence.

use records::geometry::Rect;

use super::decoder::{Decode, Effort, Threshold, decode};
use crate::prepare::deskew::straightened;
use crate::prepare::plane::Plane;

/// Pixels of a part beyond which it is not enlarged: what is two inches wide has modules enough pixels wide.
const LARGE: usize = 400_000;

/// The same where little is tried: about half an inch either way, with the white around.
const SMALL: usize = 60_000;

/// And beyond which it is only looked at half as large: no symbol, but a photograph.
const HUGE: usize = 1_500_000;

/// What leans less is read as it is, degrees.
const LEANS: f32 = 2.0;

/// How much is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pains {
    /// As it is; what is found there is looked for once more.
    Few,
    /// In other sizes only, smaller and larger: what is found there is looked for once more.
    Sizes,
    /// Many pictures, until something is found in two of them.
    All,
}

/// Decodes of the part in different pictures of it, in pixels of the page. At most one decode of each place from each
/// picture. What leans to the right by so many degrees is straightened first.
pub fn decodes(page: &Plane, place: Rect, lean: f32, effort: Effort, pains: Pains) -> Vec<Decode> {
    // Codes need white around them, and a decoder's box may hold only some scan lines of a linear code.
    let part = place.grown((place.w.max(place.h) / 8).clamp(24, 80));
    let part = Rect {
        w: part.w.min(page.width.saturating_sub(part.x)),
        h: part.h.min(page.height.saturating_sub(part.y)),
        ..part
    };
    let lean = if lean.abs() < LEANS { 0.0 } else { lean };
    let cut = stretched(page.cut(part));
    let cut = if lean == 0.0 { cut } else { straightened(&cut, lean) };
    let small = cut.pixels.len() <= if pains == Pains::Sizes { SMALL } else { LARGE };
    let mut found: Vec<Decode> = Vec::new();
    let pictures: &[u8] = if pains == Pains::Sizes { &[2, 4, 1] } else { &[0, 1, 2, 3, 4, 5, 6] };
    for &picture in pictures {
        if is_settled(&found) || (picture > 0 && pains == Pains::Few && found.is_empty()) {
            break;
        }
        let (picture, scale, threshold) = match picture {
            0 if cut.pixels.len() <= HUGE => (None, 1.0, Threshold::Local),
            0 => (Some(cut.scaled(0.5)), 0.5, Threshold::Local),
            1 if small => (Some(cut.scaled(1.5)), 1.5, Threshold::Local),
            2 => (Some(cut.scaled(0.75)), 0.75, Threshold::Local),
            3 => (Some(smoothed(&cut, 1, 1)), 1.0, Threshold::One),
            4 => (Some(cut.scaled(0.5)), 0.5, Threshold::Local),
            5 => (Some(smoothed(&cut, 0, 4)), 1.0, Threshold::Local),
            6 => (Some(smoothed(&cut, 4, 0)), 1.0, Threshold::Local),
            _ => continue,
        };
        let seen = decode(picture.as_ref().unwrap_or(&cut), effort, threshold);
        found.extend(seen.into_iter().map(|seen| moved(seen, part, scale, lean)));
    }
    found
}

/// Whether there is something, all of it in two pictures.
pub fn is_settled(found: &[Decode]) -> bool {
    let twice = |one: &Decode| found.iter().filter(|other| one.agrees(other)).count() >= 2;
    !found.is_empty() && found.iter().all(twice)
}

/// With black ink on white paper, however faded.
fn stretched(picture: Plane) -> Plane {
    let mut counts = [0_usize; 256];
    picture.pixels.iter().for_each(|&p| counts[usize::from(p)] += 1);
    let at = |share: usize| {
        let mut below = 0;
        let reached = |count: &usize| {
            below += count;
            below * 100 >= picture.pixels.len() * share
        };
        counts.iter().position(reached).unwrap_or(255) as i32
    };
    let (dark, light) = (at(3), at(90));
    if light - dark >= 180 || light - dark < 8 {
        return picture;
    }
    let value = |p: usize| ((p as i32 - dark) * 255 / (light - dark)).clamp(0, 255) as u8;
    let values: [u8; 256] = std::array::from_fn(value);
    let mut picture = picture;
    picture.pixels.iter_mut().for_each(|p| *p = values[usize::from(*p)]);
    picture
}

/// From pixels of a part's picture to pixels of the page.
fn moved(seen: Decode, part: Rect, scale: f32, lean: f32) -> Decode {
    let (sin, cos) = lean.to_radians().sin_cos();
    let (middle_x, middle_y) = (part.w as f32 / 2.0, part.h as f32 / 2.0);
    let corners = seen.corners.map(|(x, y)| {
        let (x, y) = (x / scale - middle_x, y / scale - middle_y);
        (part.x as f32 + middle_x + x * cos - y * sin, part.y as f32 + middle_y + x * sin + y * cos)
    });
    let turn = (i32::from(seen.turn) + lean.round() as i32).rem_euclid(360) as u16;
    Decode { corners, turn, ..seen }.boxed()
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
