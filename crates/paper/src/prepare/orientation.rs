//! Which way is up? A guess from the letters' boxes that costs almost nothing; the engine has the last word.

use records::geometry::{Rect, Turn};

use super::skew::{Side, align};

/// With fewer letters than this nothing is guessed.
const FEW: usize = 40;
/// How much better letters must stand along the sides of a page for its lines to run up and down.
const SIDEWAYS: f32 = 1.25;
/// How much better they must share upper than lower edges for it to stand on its head. Most letters stand on
/// the line; above it they differ (a, b, d).
const HEAD_DOWN: f32 = 1.08;
/// How well letters in lines stand along one side; scattered marks reach 1.1, a photograph 1.42.
const LINED: f32 = 1.45;

/// How letters stand on a page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stand {
    /// The turn that would probably set the page upright.
    pub turn: Turn,
    /// They stand in lines at all: a photograph has marks the size of letters, too.
    pub lined: bool,
}

/// How letters stand on a page, from their boxes.
pub fn guess(letters: &[Rect], x_height: u32) -> Stand {
    if letters.len() < FEW {
        return Stand { turn: Turn::None, lined: letters.len() * 4 >= FEW };
    }
    let strength = |side| align(letters, x_height, side).strength;
    let [top, bottom, left, right] = [Side::Top, Side::Bottom, Side::Left, Side::Right].map(strength);
    let turn = if left.max(right) > SIDEWAYS * top.max(bottom) {
        // On a page turned clockwise letters stand on their left.
        if left > right { Turn::Left } else { Turn::Right }
    } else if top > HEAD_DOWN * bottom {
        Turn::Half
    } else {
        Turn::None
    };
    Stand { turn, lined: top.max(bottom).max(left).max(right) >= LINED }
}

/// The part of a page where most letters stand, for a trial reading: about four lines, and how many letters it
/// has. `sideways` says that the lines run up and down.
pub fn densest_part(letters: &[Rect], page: (u32, u32), x_height: u32, sideways: bool) -> (Rect, usize) {
    /// Longest part, in small letters: about 80 characters.
    const LENGTH: u32 = 80;
    /// Across the lines, in small letters.
    const LINES: u32 = 11;
    let along =
        |letter: &Rect| if sideways { (letter.centre().1, letter.centre().0) } else { letter.centre() };
    let (length, depth) = if sideways { (page.1, page.0) } else { page };
    let window = (LENGTH * x_height).min(length);
    let lines = (LINES * x_height).min(depth);
    let count = |from: u32, to: u32, start: u32, end: u32| {
        letters
            .iter()
            .map(along)
            .filter(|&(x, y)| (from..to).contains(&x) && (start..end).contains(&y))
            .count()
    };
    let step = (lines / 4).max(1) as usize;
    let start = (0..=depth - lines).step_by(step).max_by_key(|&start| count(0, length, start, start + lines));
    let start = start.unwrap_or(0);
    let step = (window / 4).max(1) as usize;
    let from = (0..=length - window)
        .step_by(step)
        .max_by_key(|&from| count(from, from + window, start, start + lines));
    let from = from.unwrap_or(0);
    let place = if sideways {
        Rect { x: start, y: from, w: lines, h: window }
    } else {
        Rect { x: from, y: start, w: window, h: lines }
    };
    (place, count(from, from + window, start, start + lines))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines of letters of which a third reach higher and a tenth lower.
    fn upright() -> Vec<Rect> {
        let places = (0..30_u32).flat_map(|line| (0..50_u32).map(move |at| (line, at)));
        places
            .map(|(line, at)| {
                let (up, down) =
                    (if at % 3 == line % 3 { 9 } else { 0 }, if (at + line) % 10 == 0 { 8 } else { 0 });
                let y = 300 + line * 55 - 20 - up;
                Rect {
                    x: 150 + at * 31 + (at * line) % 7 + (line * 13) % 17,
                    y,
                    w: 12 + (at * 7) % 9,
                    h: 20 + up + down,
                }
            })
            .collect()
    }

    /// The letters on a page of 2,000 pixels either way, turned clockwise.
    fn turned(turn: Turn) -> Vec<Rect> {
        let place = |r: Rect| match turn {
            Turn::None => r,
            Turn::Right => Rect { x: 2000 - r.bottom(), y: r.x, w: r.h, h: r.w },
            Turn::Half => Rect { x: 2000 - r.right(), y: 2000 - r.bottom(), w: r.w, h: r.h },
            Turn::Left => Rect { x: r.y, y: 2000 - r.right(), w: r.h, h: r.w },
        };
        upright().into_iter().map(place).collect()
    }

    #[test]
    fn each_way_up_is_guessed() {
        for turn in [Turn::None, Turn::Right, Turn::Half, Turn::Left] {
            assert_eq!(
                guess(&turned(turn), 20),
                Stand { turn: turn.back(), lined: true },
                "turned by {turn:?}"
            );
        }
    }

    #[test]
    fn the_part_for_a_trial_lies_where_letters_are() {
        let (part, letters) = densest_part(&turned(Turn::None), (2000, 2000), 20, false);
        assert!(
            part.y >= 200 && part.bottom() <= 2000 && part.right() <= 2000 && letters > 100,
            "{part:?}, {letters}"
        );
    }
}
