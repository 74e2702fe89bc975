//! Which way up is a page? Told from its letters' boxes; the engine is asked where that leaves doubt.

use std::borrow::Cow;

use records::geometry::{Rect, Turn};

use crate::ocr::engine::Engine;
use crate::ocr::trial::{self, Part};
use crate::prepare::orientation;
use crate::prepare::plane::Plane;
use crate::prepare::sheet::Sheet;

/// With fewer letters than this no page is turned.
pub(crate) const LETTERS_TO_TURN: usize = 12;

/// The turn that sets a sheet upright, and how many of its parts the engine read to say so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Settled {
    pub(crate) turn: Turn,
    pub(crate) trials: usize,
}

/// Sets a sheet upright before it is read. Most pages cost no trial.
pub(crate) fn settle(engine: &mut Engine, sheet: &Sheet) -> Settled {
    let stand = orientation::guess(&sheet.letters(), sheet.letter_height());
    if stand.upright { Settled { turn: Turn::None, trials: 0 } } else { tried(engine, sheet, &stand.turns) }
}

/// Asks of a sheet that seemed the right way up and reads badly.
pub(crate) fn ask(engine: &mut Engine, sheet: &Sheet) -> Settled {
    let stand = orientation::guess(&sheet.letters(), sheet.letter_height());
    tried(engine, sheet, &stand.turns)
}

/// Whether a part of the sheet reads better turned.
fn tried(engine: &mut Engine, sheet: &Sheet, turns: &[Turn]) -> Settled {
    let print = without_rules(sheet);
    let mut letters = sheet.letters();
    let mut trials = 0;
    // A word or two may tell nothing: then more lines are read, and then others; print may stand beside handwriting.
    for lines in [8, 28, 8, 8] {
        if letters.len() < LETTERS_TO_TURN {
            break;
        }
        let parts = parts(sheet, &letters, turns, lines);
        let trial = trial::best_turn(engine, &print, sheet.dpi_to_tell(), &parts);
        trials += trial.read;
        if trial.telling {
            let told = Settled { turn: trial.turn, trials };
            return if turns.len() > 2 { outweighed(engine, sheet, &print, &parts, told) } else { told };
        }
        if lines > 8 || trials > turns.len() {
            letters.retain(|letter| !parts.iter().any(|part| part.place.overlap(*letter) > 0));
        }
    }
    Settled { turn: Turn::None, trials }
}

/// Where a part told the turn, but most letters stand in lines that run the other way, these tell: a remark may stand
/// on its side.
fn outweighed(engine: &mut Engine, sheet: &Sheet, print: &Plane, parts: &[Part], told: Settled) -> Settled {
    let Some(part) = parts.iter().find(|part| part.turn == told.turn) else { return told };
    let mut others = sheet.letters();
    others.retain(|letter| part.place.overlap(*letter) == 0);
    let stand = orientation::guess(&others, sheet.letter_height());
    let run_across = stand.turns.len() == 2 && stand.turns[0].swaps() != told.turn.swaps();
    if others.len() <= part.letters || !run_across {
        return told;
    }
    let parts = self::parts(sheet, &others, &stand.turns, 8);
    if parts.iter().all(|other| other.letters <= part.letters) {
        return told;
    }
    let trial = trial::best_turn(engine, print, sheet.dpi_to_tell(), &parts);
    let trials = told.trials + trial.read;
    Settled { turn: if trial.telling { trial.turn } else { told.turn }, trials }
}

/// The sheet without rules and frames: a part cut out of a ruled table does not read for the rules' stumps in it.
fn without_rules(sheet: &Sheet) -> Cow<'_, Plane> {
    let small = sheet.letter_height();
    let is_rule = |place: Rect| {
        let (thin, long) = (place.w.min(place.h), place.w.max(place.h));
        long > 3 * small && (2 * thin < small || thin > 4 * small)
    };
    if !sheet.pieces.iter().any(|piece| is_rule(piece.place)) {
        return Cow::Borrowed(&sheet.plane);
    }
    let mut print = Plane::white(sheet.plane.width, sheet.plane.height);
    for place in sheet.pieces.iter().map(|piece| piece.place).filter(|&place| !is_rule(place)) {
        let columns = place.x as usize..place.right() as usize;
        for y in place.y..place.bottom() {
            print.row_mut(y)[columns.clone()].copy_from_slice(&sheet.plane.row(y)[columns.clone()]);
        }
    }
    Cow::Owned(print)
}

/// The part of so many lines (in small letters) where these letters tell most, once for each turn.
fn parts(sheet: &Sheet, letters: &[Rect], turns: &[Turn], lines: u32) -> Vec<Part> {
    let all = sheet.letters();
    let part = |sideways| {
        let place = orientation::lined_part(letters, sheet.size(), sheet.letter_height(), sideways, lines);
        let inside = |letter: &&Rect| place.overlap(**letter) == letter.area();
        (place, all.iter().filter(inside).count())
    };
    let (level, sideways) = (part(false), part(true));
    let part = |&turn: &Turn| {
        let (place, letters) = if turn.swaps() { sideways } else { level };
        Part { place, turn, letters }
    };
    turns.iter().map(part).collect()
}
