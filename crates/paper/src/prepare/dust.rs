//! Is there dust on the page? Photocopies of photocopies and faxes are sown with specks the size of full stops.

use records::geometry::Rect;

use super::components::{Component, Components};
use super::ink::Ink;
use super::plane::Plane;

/// Sides of a speck against small letters, at most: full stops and dots of i's have a quarter to a third.
const SPECK: f32 = 0.5;
/// Sides of what is never a full stop.
const TINY: f32 = 0.1;
/// Fewer specks away from letters than this are left alone, and fewer than this part of the letters.
const FEW: usize = 60;
const PART: f32 = 0.1;
/// Room around a letter, against small letters, in which a speck can belong to it: full stops and decimal points
/// of typewriters stand far off.
const BESIDE: f32 = 1.2;
/// And in which anything can.
const CLOSE: f32 = 0.6;
const ABOVE: f32 = 0.6;
const BELOW: f32 = 0.35;
/// How far from the line a full stop may stand, against small letters.
const OFF_LINE: f32 = 0.3;
/// Small letters of fewer pixels fall into pieces that look like dust.
const WHOLE: u32 = 16;

/// Removes specks that belong to no letter from the picture, where the page is dusty. Says whether it was. `symbol`
/// says which places may belong to a barcode, whose modules are specks, too.
///
/// Of round specks beside letters only those stay that stand where full stops, commas, colons and dots of i's do.
pub fn remove(
    plane: &mut Plane,
    ink: &Ink,
    pieces: &[Component],
    x_height: u32,
    symbol: impl Fn((u32, u32)) -> bool,
) -> bool {
    let size = x_height as f32;
    let (most, tiny) = ((size * SPECK) as u32, (size * TINY).powi(2) as u32);
    let is_speck = |piece: &Component| {
        let Rect { w, h, .. } = piece.place;
        w.max(h) <= most && !is_dash(piece, x_height) && !symbol(piece.place.centre())
    };
    let letters: Vec<Rect> =
        pieces.iter().filter(|piece| is_letter(piece, x_height)).map(|piece| piece.place).collect();
    let (beside, above, below) = (size * BESIDE, size * ABOVE, size * BELOW);
    let near = Near::of(&letters, (plane.width, plane.height), x_height, |Rect { x, y, w, h }| {
        let (x, y) = ((x as f32 - beside).max(0.0) as u32, (y as f32 - above).max(0.0) as u32);
        Rect { x, y, w: w + 2 * beside as u32, h: h + (above + below) as u32 }
    });
    let specks: Vec<Component> = pieces.iter().copied().filter(is_speck).collect();
    let stray = specks.iter().filter(|speck| near.to(speck.place.centre()).next().is_none()).count();
    if stray < FEW || (stray as f32) < PART * letters.len() as f32 {
        return false;
    }
    let on_line = |speck: Rect| near.to(speck.centre()).any(|letter| is_stop(speck, letter, size));
    let stops: Vec<Rect> = specks.iter().map(|speck| speck.place).filter(|&speck| on_line(speck)).collect();
    let below_it = Near::of(&stops, (plane.width, plane.height), x_height, |stop| Rect {
        y: stop.y.saturating_sub(x_height),
        h: x_height,
        ..stop
    });
    let belongs = |speck: &Component| {
        let middle = speck.place.centre();
        near.to(middle).any(|letter| {
            let kept_there = x_height < WHOLE || !is_blob(speck);
            (kept_there && is_close(speck.place, letter, size))
                || is_stop(speck.place, letter, size)
                || is_dot_of(speck.place, letter)
        }) || below_it.to(middle).any(|stop| stop.y > speck.place.bottom())
    };
    Components::of(ink).erase(plane, ink, |piece| is_speck(piece) && (piece.area <= tiny || !belongs(piece)));
    true
}

/// A letter, or a stem of one.
fn is_letter(piece: &Component, x_height: u32) -> bool {
    let (w, h) = (piece.place.w, piece.place.h);
    (x_height * 3 / 4..x_height * 8).contains(&h) && w <= 3 * h && piece.fill() > 0.12
}

/// A dash stands away from letters, and dust is rounder.
fn is_dash(piece: &Component, x_height: u32) -> bool {
    2 * piece.place.w >= 3 * piece.place.h && 4 * piece.place.w >= x_height && piece.place.w >= 4
}

/// Round, or nearly so; strokes, hooks and apostrophes are not.
fn is_blob(speck: &Component) -> bool {
    let (w, h) = (speck.place.w, speck.place.h);
    speck.fill() > 0.6 && 3 * w >= 2 * h && 2 * w <= 3 * h
}

fn is_close(speck: Rect, letter: Rect, x_height: f32) -> bool {
    let (x, _) = speck.centre();
    let gap = letter.x.saturating_sub(x).max(x.saturating_sub(letter.right()));
    gap as f32 <= x_height * CLOSE
}

/// A full stop or comma beside a letter, on its line.
fn is_stop(speck: Rect, letter: Rect, x_height: f32) -> bool {
    let room = (x_height * OFF_LINE) as u32;
    let beside = speck.x >= letter.right() || speck.right() <= letter.x;
    // Under a y the line is a small letter's height below its top.
    let tailed = letter.h as f32 > 1.2 * x_height;
    let line = if tailed { letter.y + x_height as u32 } else { letter.bottom() };
    let on = |line: u32| speck.bottom().abs_diff(line) <= room || speck.y.abs_diff(line) <= room;
    beside && (on(letter.bottom()) || on(line))
}

/// The dot over a letter's stem.
fn is_dot_of(speck: Rect, letter: Rect) -> bool {
    let (x, _) = speck.centre();
    speck.bottom() <= letter.y && (letter.x..letter.right()).contains(&x)
}

/// Places and the surroundings of each, by squares of the page, so that a speck asks only a few.
struct Near<'a> {
    cell: u32,
    columns: usize,
    cells: Vec<Vec<(Rect, &'a Rect)>>,
}

impl<'a> Near<'a> {
    fn of(places: &'a [Rect], page: (u32, u32), x_height: u32, room: impl Fn(Rect) -> Rect) -> Self {
        let cell = 3 * x_height.max(1);
        let (columns, rows) = ((page.0 / cell + 1) as usize, (page.1 / cell + 1) as usize);
        let mut cells = vec![Vec::new(); columns * rows];
        for place in places {
            let around = room(*place);
            let last = |at: u32, count: usize| ((at / cell) as usize).min(count - 1);
            for row in last(around.y, rows)..=last(around.bottom(), rows) {
                for column in last(around.x, columns)..=last(around.right(), columns) {
                    cells[row * columns + column].push((around, place));
                }
            }
        }
        Self { cell, columns, cells }
    }

    /// Places in whose surroundings a point lies.
    fn to(&self, (x, y): (u32, u32)) -> impl Iterator<Item = Rect> + '_ {
        let cell = &self.cells[(y / self.cell) as usize * self.columns + (x / self.cell) as usize];
        cell.iter().filter(move |(around, _)| around.holds(x, y)).map(|(_, place)| **place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten lines of letters, each line with a full stop, and dust over the rest of the page.
    fn page(dust: usize) -> Plane {
        let mut page = Plane::white(1200, 1600);
        let mut block = |x: u32, y: u32, w: u32, h: u32| {
            for y in y..y + h {
                page.row_mut(y)[x as usize..(x + w) as usize].fill(0);
            }
        };
        for line in 0..10 {
            (0..20).for_each(|at| block(100 + at * 26, 100 + line * 50, 5, 20));
            block(100 + 20 * 26 - 10, 116 + line * 50, 4, 4);
        }
        for at in 0..dust as u32 {
            block(20 + at % 30 * 38, 700 + at / 30 * 40, 5, 5);
        }
        page
    }

    fn pieces_left(dust: usize) -> (bool, usize) {
        let mut page = page(dust);
        let ink = Ink::of(&page);
        let pieces = Components::of(&ink).list;
        let removed = remove(&mut page, &ink, &pieces, 20, |_| false);
        (removed, Components::of(&Ink::of(&page)).list.len())
    }

    #[test]
    fn dust_goes_and_full_stops_stay() {
        assert_eq!(pieces_left(300), (true, 210));
    }

    #[test]
    fn a_few_specks_are_left_alone() {
        assert_eq!(pieces_left(40), (false, 250));
    }
}
