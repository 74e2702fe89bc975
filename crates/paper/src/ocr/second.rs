//! What does the ink say that the first look passed over?

use records::geometry::Rect;
use records::reading::Word;

use super::coverage::COVERS;
use super::engine::{Engine, Layout};
use super::twice;

/// Words of a second look need this confidence: what was passed over is often no text.
const SURE: f32 = 80.0;
/// Parts looked at, largest first: bounds the time on a page of handwriting.
const PARTS: usize = 40;
/// More open letters than this are a drawing or handwriting, not words passed over.
const LETTERS: usize = 1_200;

/// Reads parts of the picture that the engine was shown last, where letters are open, and puts the words that
/// are sure into their lines.
pub fn look(engine: &mut Engine, open: &[Rect], x_height: u32, page: (u32, u32), words: &mut Vec<Word>) {
    if open.len() > LETTERS {
        return;
    }
    // All parts first: the words of one that was doubtful may lie in two of them.
    let mut new: Vec<Word> = Vec::new();
    for (part, nth) in parts(open, x_height, page).into_iter().zip(0..) {
        let layout = if part.h > 4 * x_height { Layout::Block } else { Layout::Line };
        let found = engine.read_part(part, layout);
        let fresh = found.into_iter().filter(|word| is_new(word, words) && is_new(word, &new));
        let fresh: Vec<Word> =
            fresh.map(|word| Word { line: nth * MOST_LINES + word.line, ..word }).collect();
        new.extend(fresh);
    }
    twice::settle(words, &mut new);
    for line in new.chunk_by(|a, b| a.line == b.line) {
        insert(words, line);
    }
}

/// More lines than any part has: keeps those of two parts apart.
const MOST_LINES: u32 = 10_000;

fn is_new(word: &Word, words: &[Word]) -> bool {
    let (x, y) = word.place.centre();
    let taken = |other: &Word| other.confidence >= COVERS && other.place.holds(x, y);
    // A scrap of a rule or a bullet reads as one small letter; digits and capitals stand alone in tables.
    let scrap = word.text.chars().filter(|c| c.is_alphanumeric()).all(char::is_lowercase)
        && word.text.chars().count() == 1;
    let says = word.text.chars().any(char::is_alphanumeric) && !scrap;
    word.confidence >= SURE && says && !words.iter().any(taken)
}

/// Open letters that stand side by side, joined, with a little room around.
fn parts(open: &[Rect], x_height: u32, page: (u32, u32)) -> Vec<Rect> {
    let mut parts: Vec<(Rect, usize)> = Vec::new();
    let mut letters = open.to_vec();
    letters.sort_by_key(|letter| (letter.y / x_height.max(1), letter.x));
    for letter in letters {
        let beside = |part: &Rect| {
            let near =
                Rect { x: letter.x.saturating_sub(2 * x_height), w: letter.w + 4 * x_height, ..letter };
            part.overlap(near) > 0
        };
        match parts.iter_mut().find(|(part, _)| beside(part)) {
            Some((part, count)) => {
                *part = part.union(letter);
                *count += 1;
            }
            None => parts.push((letter, 1)),
        }
    }
    parts.retain(|(part, count)| *count >= 2 || part.h >= x_height);
    parts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    parts.truncate(PARTS);
    let inside = |part: Rect| {
        let grown = part.grown(x_height / 2);
        Rect { w: grown.right().min(page.0) - grown.x, h: grown.bottom().min(page.1) - grown.y, ..grown }
    };
    parts.into_iter().map(|(part, _)| inside(part)).collect()
}

/// Puts words of one line where they belong: into the line they stand in, or between lines.
fn insert(words: &mut Vec<Word>, new: &[Word]) {
    let Some(place) = new.iter().map(|word| word.place).reduce(Rect::union) else { return };
    let lines: Vec<(u32, Rect)> = words
        .chunk_by(|a, b| a.line == b.line)
        .filter_map(|line| Some((line[0].line, line.iter().map(|word| word.place).reduce(Rect::union)?)))
        .collect();
    let shared = |line: Rect| line.bottom().min(place.bottom()).saturating_sub(line.y.max(place.y));
    let gap = |line: Rect| line.x.max(place.x).saturating_sub(line.right().min(place.right()));
    let own = lines
        .iter()
        .filter(|(_, line)| shared(*line) * 2 > line.h.min(place.h))
        .min_by_key(|(_, line)| gap(*line));
    if let Some(&(number, _)) = own {
        for word in new {
            let after = words.iter().rposition(|w| w.line == number && w.place.x <= word.place.x);
            let first = words.iter().position(|w| w.line == number).unwrap_or(words.len());
            words.insert(after.map_or(first, |at| at + 1), Word { line: number, ..word.clone() });
        }
        return;
    }
    let middle = place.centre().1;
    let next =
        lines.iter().find(|(_, line)| line.y > middle && line.x < place.right() && place.x < line.right());
    let (at, number) = match next {
        Some(&(number, _)) => (words.iter().position(|w| w.line == number).unwrap_or(words.len()), number),
        None => (words.len(), words.last().map_or(0, |word| word.line + 1)),
    };
    words[at..].iter_mut().for_each(|word| word.line += 1);
    words.splice(at..at, new.iter().map(|word| Word { line: number, ..word.clone() }));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str, x: u32, y: u32, line: u32) -> Word {
        Word::new(text, Rect { x, y, w: 80, h: 30 }, 95.0, line)
    }

    fn text(words: &[Word]) -> String {
        words
            .chunk_by(|a, b| a.line == b.line)
            .map(|line| line.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" "))
            .collect::<Vec<_>>()
            .join(" / ")
    }

    #[test]
    fn a_value_passed_over_joins_its_row() {
        let mut words =
            vec![word("Sodium", 100, 100, 0), word("mmol/L", 700, 102, 0), word("Potassium", 100, 160, 1)];
        insert(&mut words, &[word("139", 400, 99, 0)]);
        assert_eq!(text(&words), "Sodium 139 mmol/L / Potassium");
    }

    #[test]
    fn a_line_passed_over_comes_between_its_neighbours() {
        let mut words = vec![word("first", 100, 100, 0), word("third", 100, 300, 1)];
        insert(&mut words, &[word("second", 110, 200, 0)]);
        assert_eq!(text(&words), "first / second / third");
        insert(&mut words, &[word("last", 110, 400, 0)]);
        assert_eq!(text(&words), "first / second / third / last");
        assert_eq!(words.iter().map(|w| w.line).collect::<Vec<_>>(), [0, 1, 2, 3]);
    }

    #[test]
    fn open_letters_side_by_side_are_one_part() {
        let letters: Vec<_> = (0..5).map(|i| Rect { x: 100 + i * 25, y: 200, w: 15, h: 20 }).collect();
        let far = Rect { x: 1500, y: 900, w: 15, h: 22 };
        let found = parts(&[letters, vec![far]].concat(), 20, (2000, 2000));
        assert_eq!(found[0], Rect { x: 90, y: 190, w: 135, h: 40 });
        assert_eq!(found.len(), 2);
    }
}
