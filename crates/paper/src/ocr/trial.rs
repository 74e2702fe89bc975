//! Which way up does a part of the page read best?

use records::geometry::{Rect, Turn};
use records::reading::Word;

use super::engine::{Engine, Layout};
use crate::prepare::plane::Plane;

/// How much better a turned part must read than the page as it is.
const BETTER: f32 = 1.25;
/// And it must read at all: three words of three letters.
const LEAST: f32 = 70.0;

/// Reads parts of the page, each turned, and says which turn reads best. `Turn::None` wins unless another is
/// clearly better.
pub fn best_turn(engine: &mut Engine, page: &Plane, dpi: u32, parts: &[(Rect, Turn)]) -> Turn {
    let mut best = (Turn::None, LEAST);
    for &(part, turn) in parts {
        engine.show(&page.cut(part).turned(turn), dpi);
        let sense = sense(&engine.read(Layout::Block));
        let needed = if best.0 == Turn::None && turn != Turn::None { best.1 * BETTER } else { best.1 };
        if sense > needed {
            best = (turn, sense);
        }
    }
    best.0
}

/// How much of it are words: letters in words of three and more, weighed by how sure the engine is of them.
/// Print on its head gives a wealth of short and doubtful ones.
fn sense(words: &[Word]) -> f32 {
    let letters = |word: &Word| word.text.chars().filter(|c| c.is_alphanumeric()).count();
    let sensible = words.iter().filter(|word| letters(word) >= 3 && word.confidence > 50.0);
    sensible.map(|word| letters(word) as f32 * word.confidence / 10.0).sum()
}
