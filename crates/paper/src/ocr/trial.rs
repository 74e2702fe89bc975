//! Which way up does a part of the page read best?

use records::geometry::{Rect, Turn};
use records::reading::Word;

use super::engine::{Engine, Layout};
use crate::prepare::plane::Plane;

/// How much better a turned part must read than the page as it is. Right reads at least twice as well as wrong.
const BETTER: f32 = 1.5;
/// And it must read at all: three words of three letters, ...
const LEAST: f32 = 70.0;
/// ... and so much sense a letter. Handwriting reaches 1.2 by chance, figures between rules 2.0, print 3 and more.
const FAIR: f32 = 1.6;
/// Sense a letter from which a part reads as print should (about 9; letters that touch count as one). A line of
/// capitals on its head reached 4.5.
const GOOD: f32 = 6.5;

/// A part of the page as it reads once it has been turned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    pub place: Rect,
    pub turn: Turn,
    /// Letters seen in it.
    pub letters: usize,
}

/// What reading parts of a page has told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trial {
    pub turn: Turn,
    /// So many parts were read.
    pub read: usize,
    /// One of them made fair sense.
    pub telling: bool,
}

/// Reads parts of the page, likeliest turn first, and says which reads best. `Turn::None` wins unless another
/// is clearly better; one that reads as print should is not compared with others.
pub fn best_turn(engine: &mut Engine, page: &Plane, dpi: u32, parts: &[Part]) -> Trial {
    let mut best = (Turn::None, LEAST);
    let mut telling = false;
    for (part, read) in parts.iter().zip(1..) {
        engine.show(&page.cut(part.place).turned(part.turn), dpi);
        let sense = sense(&engine.read(Layout::Block));
        if sense > GOOD * part.letters as f32 {
            return Trial { turn: part.turn, read, telling: true };
        }
        let fair = sense > LEAST && sense > FAIR * part.letters as f32;
        telling |= fair;
        let upright = part.turn == Turn::None;
        let favoured = if upright { sense * BETTER } else { sense };
        if favoured > best.1 && (upright || fair) {
            best = (part.turn, favoured);
        }
    }
    Trial { turn: best.0, read: parts.len(), telling }
}

/// How much of it are words: letters in words of three and more, weighed by how sure the engine is of them, up to 10.
/// Print on its head gives a wealth of short and doubtful ones, handwriting of longer ones.
fn sense(words: &[Word]) -> f32 {
    let letters = |word: &Word| word.text.chars().filter(|c| c.is_alphanumeric()).count();
    let long = words.iter().filter(|word| letters(word) >= 3);
    long.map(|word| letters(word) as f32 * (word.confidence - 50.0).max(0.0) / 5.0).sum()
}
