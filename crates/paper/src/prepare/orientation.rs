//! Which way is up? A guess from the letters' boxes that costs almost nothing; the engine has the last word.

use records::geometry::{Rect, Turn};

use super::skew::{Side, align};

/// With fewer letters than this nothing is said for sure.
const FEW: usize = 40;
/// How much better letters must stand along the lines than across them for that to be sure. Of pages the right way
/// up 0.97 comes from tables of numbers; prose has 5.
const LEVEL: f32 = 1.5;
/// And how much better they must share lower than upper edges: most letters stand on the line, above it they differ
/// (a, b, d). Prose has 1.2 to 1.7, and 0.9 on its head; capitals and figures have 0.9 to 1.1 either way, a few lines
/// of them up to 1.3.
const FEET: f32 = 1.15;
const FEET_OF_FEW_LINES: f32 = 1.35;
/// Fewer letters than this are a few lines.
const FEW_LINES: usize = 600;
/// How well letters in lines stand along one side; scattered marks reach 1.1, a photograph 1.42.
const LINED: f32 = 1.45;

/// How letters stand on a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Stand {
    /// The turns that may set the page upright, likeliest first; two where its lines clearly run one way.
    pub turns: Vec<Turn>,
    /// The page is the right way up, for sure.
    pub upright: bool,
    /// They stand in lines at all: a photograph has marks the size of letters, too.
    pub lined: bool,
}

/// How letters stand on a page, from their boxes.
pub fn guess(letters: &[Rect], x_height: u32) -> Stand {
    let strength = |side| align(letters, x_height, side).strength;
    let [top, bottom, left, right] = [Side::Top, Side::Bottom, Side::Left, Side::Right].map(strength);
    let level = if top > FEET.sqrt() * bottom { [Turn::Half, Turn::None] } else { [Turn::None, Turn::Half] };
    // On a page turned clockwise letters stand on their left.
    let sideways = if left > right { [Turn::Left, Turn::Right] } else { [Turn::Right, Turn::Left] };
    let (lying, standing) = (top.max(bottom), left.max(right));
    let feet = if letters.len() < FEW_LINES { FEET_OF_FEW_LINES } else { FEET };
    let mut turns = if standing > lying { [sideways, level] } else { [level, sideways] }.concat();
    let one_way = letters.len() >= FEW && lying.max(standing) > LEVEL * lying.min(standing);
    if one_way {
        turns.truncate(2);
    }
    Stand {
        turns,
        upright: one_way && lying > standing && bottom > feet * top,
        lined: if letters.len() < FEW { letters.len() * 4 >= FEW } else { lying.max(standing) >= LINED },
    }
}

/// The part of a page where most letters stand in lines, for a trial reading. `lines` is its depth in small letters: 8
/// are about three lines. `sideways` says that the lines run up and down. Handwriting has as many letters as print, and
/// stands in lines, too, but hardly two of its letters are as high and stand at one height.
pub fn lined_part(letters: &[Rect], page: (u32, u32), x_height: u32, sideways: bool, lines: u32) -> Rect {
    /// Longest part, in small letters: about 60 characters.
    const LENGTH: u32 = 60;
    // A letter's middle along the lines, and where it begins and ends across them.
    let lying = |letter: &Rect| {
        let (x, y) = letter.centre();
        let (along, near, far) =
            if sideways { (y, letter.x, letter.right()) } else { (x, letter.y, letter.bottom()) };
        Lying { near, far, along }
    };
    let mut letters: Vec<Lying> = letters.iter().map(lying).collect();
    letters.sort_unstable();
    let (length, depth) = if sideways { (page.1, page.0) } else { page };
    let window = (LENGTH * x_height).min(length);
    let lines = (lines * x_height).min(depth);
    let told = |from: u32, start: u32, size: u32| {
        let first = letters.partition_point(|letter| letter.near < start);
        let inside: Vec<Lying> = letters[first..]
            .iter()
            .take_while(|letter| letter.near <= start + lines)
            .filter(|letter| letter.far <= start + lines && (from..from + size).contains(&letter.along))
            .copied()
            .collect();
        (twins(&inside), inside.len())
    };
    let step = (lines / 4).max(1) as usize;
    let start = (0..=depth - lines).step_by(step).max_by_key(|&start| told(0, start, length)).unwrap_or(0);
    let step = (window / 4).max(1) as usize;
    let from = (0..=length - window).step_by(step).max_by_key(|&from| told(from, start, window)).unwrap_or(0);
    if sideways {
        Rect { x: start, y: from, w: lines, h: window }
    } else {
        Rect { x: from, y: start, w: window, h: lines }
    }
}

/// A letter where its line lies level: where it begins and ends across the line, and its middle along it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Lying {
    near: u32,
    far: u32,
    along: u32,
}

/// Pairs of letters that begin and end at one height, to a pixel. Letters come sorted.
fn twins(letters: &[Lying]) -> usize {
    let alike = letters.chunk_by(|one, next| (one.near, one.far) == (next.near, next.far));
    alike.map(|letters| letters.len() * (letters.len() - 1) / 2).sum()
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
    fn each_way_up_is_guessed_and_upright_prose_is_sure() {
        for turn in [Turn::None, Turn::Right, Turn::Half, Turn::Left] {
            let stand = guess(&turned(turn), 20);
            assert_eq!(
                (stand.turns[0], stand.upright, stand.lined),
                (turn.back(), turn == Turn::None, true),
                "turned by {turn:?}"
            );
        }
    }

    #[test]
    fn figures_that_all_have_one_height_are_never_sure() {
        let figures: Vec<Rect> =
            (0..400).map(|at| Rect { x: 100 + at % 40 * 30, y: 100 + at / 40 * 60, w: 18, h: 28 }).collect();
        assert!(!guess(&figures, 28).upright);
    }

    #[test]
    fn the_part_for_a_trial_lies_where_letters_are() {
        let page = turned(Turn::None);
        let part = lined_part(&page, (2000, 2000), 20, false, 8);
        let letters = page.iter().filter(|letter| part.overlap(**letter) > 0).count();
        assert!(
            part.y >= 200 && part.bottom() <= 2000 && part.right() <= 2000 && letters > 100,
            "{part:?}, {letters}"
        );
    }
    #[test]
    fn a_few_lines_of_print_tell_more_than_much_handwriting() {
        // Handwriting has letters of any height that stand about the line.
        let written = (0..300_u32).map(|at| Rect {
            x: 100 + at % 30 * 50,
            y: 100 + at / 30 * 70 + (at * 7) % 9,
            w: 25,
            h: 20 + (at * 11) % 13,
        });
        let printed = (0..40).map(|at| Rect { x: 100 + at % 20 * 30, y: 1500 + at / 20 * 50, w: 15, h: 20 });
        let page: Vec<Rect> = written.chain(printed).collect();
        let part = lined_part(&page, (2000, 2000), 20, false, 8);
        assert!(part.y <= 1500 && part.bottom() >= 1570, "{part:?}");
    }
}
