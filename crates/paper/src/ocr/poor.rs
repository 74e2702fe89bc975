//! Where is ink that cannot be presented as text, and which words stand in it?
//!
//! Handwriting and ruined print make the engine guess. A guess that nothing speaks for (no confidence, no look of a
//! word or a number, ink around it that was not read either) is marked. Whatever could be a word is left to the search:
//! on damaged pages the engine doubts what it reads rightly.

use records::geometry::Rect;
use records::reading::{PoorArea, PoorKind, Word};

use super::shelf::Shelf;
use crate::prepare::components::Component;

/// Words of this confidence cover their ink.
const COVERS: f32 = 50.0;
/// Words below this confidence may be guesses; among poor ink, below the second.
const GUESS: f32 = 25.0;
const GUESS_IN_POOR: f32 = 50.0;

/// Poor areas of a straightened page, largest first. Marks the words in them that are guesses as not legible.
pub fn mark(words: &mut [Word], pieces: &[Component], x_height: u32) -> Vec<PoorArea> {
    let covered = Shelf::of(words.iter().filter(|word| word.confidence >= COVERS).map(|word| word.place));
    let strokes: Vec<Rect> = pieces
        .iter()
        .filter(|piece| is_stroke(piece, x_height) && !covered.holds(piece.place.centre()))
        .map(|piece| piece.place)
        .collect();
    let groups = if strokes.len() <= MOST_STROKES { joined(&strokes, x_height) } else { Vec::new() };
    let areas: Vec<PoorArea> =
        groups.into_iter().filter_map(|group| area(&group, words, x_height)).take(MOST_AREAS).collect();
    for word in words.iter_mut().filter(|word| is_shapeless(&word.text)) {
        let (x, y) = word.place.centre();
        let among = areas.iter().any(|area| area.place.holds(x, y));
        word.legible = word.confidence >= if among { GUESS_IN_POOR } else { GUESS };
    }
    for at in 0..words.len() {
        let legible = words[at].legible || is_drawn_dash(words, at, pieces, x_height);
        words[at].legible = legible;
    }
    areas
}

/// More are a photograph or noise, not writing.
const MOST_STROKES: usize = 2_500;
/// A page of handwriting has as many areas as it has lines; more are noise.
const MOST_AREAS: usize = 64;

/// Ink the size of writing: neither specks, nor rules and frames, nor blots and pictures.
fn is_stroke(piece: &Component, x_height: u32) -> bool {
    let (w, h) = (piece.place.w, piece.place.h);
    let thin = h > 6 * w || w > 12 * h;
    !thin
        && 2 * h >= x_height
        && h <= 8 * x_height
        && w <= 30 * x_height
        && (0.05..0.75).contains(&piece.fill())
}

/// Strokes that stand together, as many as make a word of writing; largest group first.
fn joined(strokes: &[Rect], x_height: u32) -> Vec<Vec<Rect>> {
    let mut groups: Vec<(Rect, Vec<Rect>)> = Vec::new();
    let mut strokes = strokes.to_vec();
    strokes.sort_by_key(|stroke| (stroke.centre().1 / (2 * x_height).max(1), stroke.x));
    for stroke in strokes {
        let near = Rect {
            x: stroke.x.saturating_sub(2 * x_height),
            y: stroke.y.saturating_sub(x_height / 2),
            w: stroke.w + 4 * x_height,
            h: stroke.h + x_height,
        };
        let mut own = (stroke, vec![stroke]);
        // What bridges two groups makes them one.
        let mut at = 0;
        while at < groups.len() {
            if groups[at].0.overlap(near) > 0 {
                let (place, members) = groups.swap_remove(at);
                own.0 = own.0.union(place);
                own.1.extend(members);
            } else {
                at += 1;
            }
        }
        groups.push(own);
    }
    groups.sort_by_key(|(place, _)| std::cmp::Reverse(place.area()));
    groups.into_iter().map(|(_, members)| members).collect()
}

/// A group of strokes as a poor area, if it is large enough and no text was read in most of it.
fn area(strokes: &[Rect], words: &[Word], x_height: u32) -> Option<PoorArea> {
    /// Width of the shortest word of writing, in small letters.
    const WIDE: u32 = 4;
    /// Share of the area that words may cover.
    const READ: f32 = 0.4;
    let place = strokes.iter().copied().reduce(Rect::union)?;
    let size = |place: Rect| (place.area()) as f32;
    let read: u64 =
        words.iter().filter(|word| word.confidence >= COVERS).map(|word| word.place.overlap(place)).sum();
    let share = read as f32 / size(place).max(1.0);
    let kind = kind(strokes, x_height);
    let enough = strokes.len() >= 4 || (kind == PoorKind::Handwriting && place.w >= WIDE * x_height);
    (enough && place.w >= WIDE * x_height && share <= READ).then_some(PoorArea {
        place,
        kind,
        confidence: 100.0 * (1.0 - share),
    })
}

/// Writing runs together and differs in height; print does not, however poor.
fn kind(strokes: &[Rect], x_height: u32) -> PoorKind {
    let run_on = strokes.iter().filter(|stroke| stroke.w > 2 * stroke.h.max(x_height)).count();
    let tall = strokes.iter().filter(|stroke| stroke.h > 2 * x_height).count();
    let much = |count: usize| count * 4 >= strokes.len().max(1);
    if much(run_on) || much(tall) { PoorKind::Handwriting } else { PoorKind::Poor }
}

/// Whether a dash stands beside a word, and the ink there is a short level stroke: the engine is never sure of one that
/// is wider than it learnt.
fn is_drawn_dash(words: &[Word], at: usize, pieces: &[Component], x_height: u32) -> bool {
    let dash = &words[at];
    let stroke = |piece: &Component| {
        let (place, own) = (piece.place, dash.place);
        place.w >= 2 * place.h && place.w <= 3 * x_height && 3 * place.h <= x_height && own.overlap(place) > 0
    };
    let beside = |other: Option<&Word>| {
        other.is_some_and(|other| {
            let (own, other_place) = (dash.place, other.place);
            let white = own.x.max(other_place.x).saturating_sub(own.right().min(other_place.right()));
            other.line == dash.line && other.legible && is_text(&other.text) && white <= x_height
        })
    };
    dash.text.chars().all(|c| "-–—".contains(c))
        && (beside(words.get(at + 1)) || at.checked_sub(1).is_some_and(|before| beside(words.get(before))))
        && pieces.iter().any(stroke)
}

/// Neither a word nor a number by its looks.
fn is_shapeless(text: &str) -> bool {
    let core = text.trim_matches(|c: char| !c.is_alphanumeric());
    !is_number(core) && !is_text(core) && text != "%"
}

/// One word, or several with a hyphen or a slash between ("x-ray", "g/dL"), or a long one among signs ("City;state").
fn is_text(core: &str) -> bool {
    let long = |part: &str| part.chars().count() > SHORT && is_word(part);
    matches!(core, "a" | "A" | "I")
        || core.split(['/', '-']).any(is_word)
        || core.split(|c: char| !c.is_alphanumeric()).any(long)
}

/// Letters of the longest unit or abbreviation.
const SHORT: usize = 4;

/// Letters in one of the cases in which words are written, with a vowel, or so few that they are a unit or an
/// abbreviation: "mL", "Hx", "PRN".
fn is_word(part: &str) -> bool {
    let letters: Vec<char> = part.chars().filter(|c| !".'’".contains(*c)).collect();
    let cased =
        letters.iter().skip(1).all(|c| !c.is_uppercase()) || letters.iter().all(|c| !c.is_lowercase());
    let vowel = |c: &char| !c.is_ascii() || "aeiouyAEIOUY".contains(*c);
    letters.iter().all(|c| c.is_alphabetic())
        && match letters.len() {
            0 | 1 => false,
            2..=SHORT => true,
            _ => cased && letters.iter().any(vowel),
        }
}

/// Digits and letters, with no other signs than stand in numbers, dates and codes: "03/09/2017", "12.5mg", "T2DM".
fn is_number(core: &str) -> bool {
    core.contains(|c: char| c.is_ascii_digit())
        && core.chars().all(|c| c.is_alphanumeric() || ".,:/-%°".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str, x: u32, y: u32, confidence: f32) -> Word {
        Word::new(text, Rect { x, y, w: 90, h: 30 }, confidence, 0)
    }

    fn stroke(x: u32, y: u32, w: u32, h: u32) -> Component {
        Component { place: Rect { x, y, w, h }, area: w * h / 5 }
    }

    #[test]
    fn ink_without_words_is_an_area_and_guesses_in_it_are_not_legible() {
        let mut words = [word("Signature:", 100, 500, 95.0), word("J%x~", 310, 500, 41.0)];
        let signature = [stroke(300, 480, 130, 60), stroke(440, 490, 120, 70)];
        let print: Vec<Component> = (0..5).map(|at| stroke(105 + at * 17, 505, 14, 20)).collect();
        let areas = mark(&mut words, &[signature.to_vec(), print].concat(), 20);
        let place = Rect { x: 300, y: 480, w: 260, h: 80 };
        assert_eq!(areas, [PoorArea { place, kind: PoorKind::Handwriting, confidence: 100.0 }]);
        assert_eq!(words.map(|word| word.legible), [true, false]);
    }

    #[test]
    fn whatever_could_be_a_word_or_a_number_stays_however_doubtful() {
        let texts = [
            "allergies.",
            "0.2",
            "03/09/2017",
            "Hx",
            "PRN",
            "\"Form",
            "500mg",
            "x-ray",
            "City;state",
            "T2DM",
            "M10482713",
            "Ménière’s",
            "12,000",
        ];
        let mut words = texts.map(|text| word(text, 310, 500, 3.0));
        let scrawl: Vec<Component> = (0..6).map(|at| stroke(300 + at * 20, 490, 14, 40)).collect();
        assert_eq!(mark(&mut words, &scrawl, 20).len(), 1);
        assert!(words.iter().all(|word| word.legible), "{words:?}");
    }

    #[test]
    fn a_guess_on_white_paper_needs_less_confidence_to_stay() {
        let mut words = [word("j%x", 310, 500, 30.0), word("j%x", 310, 500, 20.0)];
        assert!(mark(&mut words, &[], 20).is_empty());
        assert_eq!(words.map(|word| word.legible), [true, false]);
    }

    #[test]
    fn a_dash_that_is_drawn_beside_a_word_stays_and_one_in_the_white_does_not() {
        let dash = |x| Word { place: Rect { x, y: 514, w: 22, h: 4 }, ..word("—", x, 514, 0.0) };
        let mut words = [dash(100), word("existing", 126, 500, 96.0), dash(600)];
        mark(&mut words, &[stroke(100, 514, 22, 3), stroke(600, 514, 22, 3)], 20);
        assert_eq!(words.map(|word| word.legible), [true, true, false]);
    }

    #[test]
    fn rules_frames_specks_and_blots_are_no_writing() {
        for (w, h, area) in [(900, 3, 2700), (3, 900, 2700), (900, 600, 9000), (5, 5, 20), (150, 60, 8900)] {
            let piece = Component { place: Rect { x: 100, y: 100, w, h }, area };
            assert!(!is_stroke(&piece, 20), "{w} × {h}");
        }
    }

    #[test]
    fn print_that_was_not_read_is_poor_print() {
        let faint: Vec<Component> =
            (0..12).map(|at| stroke(300 + at * 20, 500, 12, 20 + at % 2 * 8)).collect();
        let areas = mark(&mut [], &faint, 20);
        assert_eq!(areas.iter().map(|area| area.kind).collect::<Vec<_>>(), [PoorKind::Poor]);
    }
}
