//! In which order is the page read, where the engine's lines run across two columns?
//!
//! The engine's order is better than any of our own on nearly every page, so it is kept unless it is plainly wrong:
//! lines that run across a gutter between columns of text, or across a long vertical rule. Tables and lists of labels
//! and values look the same with fewer words on either side; they are left alone.

use records::geometry::Rect;
use records::reading::Word;

use crate::prepare::components::Component;

/// Columns beyond these are a table.
const MOST_CUTS: usize = 3;

/// Where lines are to be parted: everything left of `x` is read before everything right of it.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Cut {
    x: u32,
    /// From where to where down the page.
    top: u32,
    bottom: u32,
}

/// Words that were read as one line, and their box.
pub(super) struct Line {
    pub(super) words: Vec<Word>,
    pub(super) place: Rect,
}

/// Parts lines that run across a gutter or one of `walls`, and puts columns one after the other. Places are those of
/// the straightened page.
pub fn repair(words: &mut Vec<Word>, walls: &[Rect], x_height: u32) {
    let mut lines: Vec<Line> = words.chunk_by(|a, b| a.line == b.line).filter_map(Line::of).collect();
    let mut cuts = 0;
    while cuts < MOST_CUTS
        && let Some(cut) = at_wall(&lines, walls).or_else(|| in_gutter(&lines, x_height))
    {
        lines = parted(lines, cut);
        cuts += 1;
    }
    if cuts > 0 {
        *words = lines.into_iter().zip(0..).flat_map(|(line, number)| line.numbered(number)).collect();
    }
}

/// Long thin rules that stand alone, if there are one to three: more are a table's.
pub fn walls(pieces: &[Component], height: u32, x_height: u32) -> Vec<Rect> {
    let long = |piece: &&Component| piece.place.h >= height / 4 && piece.place.w <= x_height.max(4) / 2;
    let walls: Vec<Rect> = pieces.iter().filter(long).map(|piece| piece.place).collect();
    if walls.len() <= 3 { walls } else { Vec::new() }
}

impl Line {
    pub(super) fn of(words: &[Word]) -> Option<Self> {
        let place = words.iter().map(|word| word.place).reduce(Rect::union)?;
        Some(Self { words: words.to_vec(), place })
    }

    /// Words left and right of `x`, if none lies on it and both sides have some.
    fn sides(&self, x: u32) -> Option<(usize, usize)> {
        let left = self.words.iter().filter(|word| word.place.right() <= x).count();
        let right = self.words.iter().filter(|word| word.place.x >= x).count();
        (left > 0 && right > 0 && left + right == self.words.len()).then_some((left, right))
    }

    /// White between two words, pixels: a typewriter's is as wide as print's gutters.
    fn usual_gap(&self) -> u32 {
        let gap = |pair: &[Word]| pair[1].place.x.saturating_sub(pair[0].place.right());
        let mut gaps: Vec<u32> = self.words.windows(2).map(gap).collect();
        gaps.sort_unstable();
        gaps.get(gaps.len() / 2).copied().unwrap_or(0)
    }

    pub(super) fn covers(&self, x: u32) -> bool {
        self.words.iter().any(|word| word.place.x < x && x < word.place.right())
    }

    fn lies_in(&self, cut: Cut) -> bool {
        (cut.top..cut.bottom).contains(&self.place.centre().1)
    }

    pub(super) fn numbered(self, line: u32) -> impl Iterator<Item = Word> {
        self.words.into_iter().map(move |word| Word { line, ..word })
    }
}

/// A wall that lines run across, with text on both sides.
fn at_wall(lines: &[Line], walls: &[Rect]) -> Option<Cut> {
    /// Lines of text on either side.
    const LINES: usize = 5;
    walls.iter().map(|wall| Cut { x: wall.centre().0, top: wall.y, bottom: wall.bottom() }).find(|cut| {
        let beside: Vec<&Line> = lines.iter().filter(|line| line.lies_in(*cut)).collect();
        let texts = |of: fn(&Word, u32) -> bool| {
            let many = |line: &&&Line| line.words.iter().filter(|word| of(word, cut.x)).count() >= WORDS;
            beside.iter().filter(many).count()
        };
        beside.iter().any(|line| line.sides(cut.x).is_some())
            && !beside.iter().any(|line| line.covers(cut.x))
            && texts(|word, x| word.place.right() <= x) >= LINES
            && texts(|word, x| word.place.x >= x) >= LINES
    })
}

/// Words on either side that make a column of text.
pub(super) const WORDS: usize = 4;

/// The gutter that most lines run across, if they are many enough.
fn in_gutter(lines: &[Line], x_height: u32) -> Option<Cut> {
    // White between words of one line is about half as wide.
    let wide = x_height + x_height / 2;
    let gaps = lines.iter().flat_map(|line| line.words.windows(2)).filter_map(|pair| {
        let (end, start) = (pair[0].place.right(), pair[1].place.x);
        (start >= end + wide).then(|| end + (start - end) / 2)
    });
    let mut places: Vec<u32> = gaps.collect();
    places.sort_unstable();
    places.dedup_by_key(|x| *x / x_height.max(1));
    let found = places.into_iter().flat_map(|x| gutters(lines, x, wide));
    found.max_by_key(|(_, across)| *across).map(|(cut, _)| cut)
}

/// The gutters at `x`, one above the other between lines that cover it, with the number of lines that run across.
fn gutters(lines: &[Line], x: u32, wide: u32) -> Vec<(Cut, usize)> {
    let mut covers: Vec<u32> =
        lines.iter().filter(|line| line.covers(x)).map(|line| line.place.centre().1).collect();
    covers.push(u32::MAX);
    covers.sort_unstable();
    let mut from = 0;
    let parts = covers.into_iter().map(|to| (std::mem::replace(&mut from, to), to));
    parts.filter_map(|(from, to)| gutter(lines, x, wide, (from, to))).collect()
}

fn gutter(lines: &[Line], x: u32, wide: u32, (from, to): (u32, u32)) -> Option<(Cut, usize)> {
    /// Lines that run across.
    const LINES: usize = 4;
    /// And their share of all at their height, as one in so many.
    const SHARE: usize = 5;
    let within = |line: &&Line| line.place.centre().1 > from && line.place.centre().1 < to;
    let across: Vec<(&Line, (usize, usize))> = lines
        .iter()
        .filter(within)
        .filter(|line| gap_at(line, x).is_some_and(|gap| gap >= wide.max(2 * line.usual_gap())))
        .filter_map(|line| Some((line, line.sides(x)?)))
        .collect();
    let place = across.iter().map(|(line, _)| line.place).reduce(Rect::union)?;
    let cut = Cut { x, top: place.y, bottom: place.bottom() };
    let all = lines.iter().filter(|line| line.lies_in(cut)).count();
    let median = |side: fn(&(usize, usize)) -> usize| {
        let mut counts: Vec<usize> = across.iter().map(|(_, sides)| side(sides)).collect();
        counts.sort_unstable();
        counts[counts.len() / 2]
    };
    let lines: Vec<&Line> = across.iter().map(|(line, _)| *line).collect();
    let columns = across.len() >= LINES
        && across.len() * SHARE >= all
        && median(|sides| sides.0) >= WORDS
        && median(|sides| sides.1) >= WORDS
        && is_filled(&lines, |word| word.place.right() <= x)
        && is_filled(&lines, |word| word.place.x >= x);
    columns.then_some((cut, across.len()))
}

fn is_filled(lines: &[&Line], side: impl Fn(&Word) -> bool) -> bool {
    let own = |line: &&Line| line.words.iter().filter(|word| side(word)).map(|word| word.place).collect();
    fills_its_width(lines.iter().map(own).collect())
}

/// Whether the words of one column, a list a line, fill its width, as prose does: labels, values and boxes to tick do
/// not.
pub(super) fn fills_its_width(lines: Vec<Vec<Rect>>) -> bool {
    /// Share of the width that is words, not white, in the median line. Prose has four fifths; drawn forms and lists of
    /// medications had 0.42 to 0.53 on one side at least.
    const FILLED: f32 = 0.67;
    let Some(column) = lines.iter().flatten().copied().reduce(Rect::union) else { return false };
    let mut widths: Vec<u32> = lines.iter().map(|line| line.iter().map(|place| place.w).sum()).collect();
    widths.sort_unstable();
    widths[widths.len() / 2] as f32 >= FILLED * column.w as f32
}

/// Width of the white space of a line at `x`.
fn gap_at(line: &Line, x: u32) -> Option<u32> {
    let left = line.words.iter().map(|word| word.place.right()).filter(|right| *right <= x).max()?;
    let right = line.words.iter().map(|word| word.place.x).filter(|left| *left >= x).min()?;
    Some(right - left)
}

/// Everything beside the cut: first what stands left of it, then what stands right, each in the order it had. Halves of
/// lines that ran across come where their height says.
fn parted(lines: Vec<Line>, cut: Cut) -> Vec<Line> {
    let first = lines.iter().position(|line| line.lies_in(cut)).unwrap_or(0);
    let (mut before, mut left, mut right, mut after) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut across = Vec::new();
    for (at, line) in lines.into_iter().enumerate() {
        let side = match (line.lies_in(cut), line.sides(cut.x)) {
            (true, Some(_)) => &mut across,
            (true, None) if line.place.centre().0 < cut.x => &mut left,
            (true, None) => &mut right,
            (false, _) if at < first || line.place.centre().1 < cut.top => &mut before,
            (false, _) => &mut after,
        };
        side.push(line);
    }
    for line in across {
        let (a, b): (Vec<Word>, Vec<Word>) =
            line.words.into_iter().partition(|word| word.place.right() <= cut.x);
        Line::of(&a).into_iter().for_each(|half| insert(&mut left, half));
        Line::of(&b).into_iter().for_each(|half| insert(&mut right, half));
    }
    before.into_iter().chain(left).chain(right).chain(after).collect()
}

/// Before the first line below it, else behind the last above it.
fn insert(column: &mut Vec<Line>, half: Line) {
    let over = |line: &Line| line.place.x < half.place.right() && half.place.x < line.place.right();
    let below = |line: &Line| line.place.centre().1 > half.place.centre().1;
    let next = column.iter().position(|line| over(line) && below(line));
    let last = column.iter().rposition(over).map(|at| at + 1);
    column.insert(next.or(last).unwrap_or(column.len()), half);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words of 100 pixels with 15 between them, print of 20; `//` leaves a gutter up to x = 1000.
    fn page(lines: &[(u32, u32, &str)]) -> Vec<Word> {
        let mut words = Vec::new();
        for (number, (x, y, text)) in (0..).zip(lines) {
            let mut x = *x;
            for part in text.split(' ') {
                if part == "//" {
                    x = 1000;
                    continue;
                }
                words.push(Word::new(part, Rect { x, y: *y, w: 100, h: 30 }, 95.0, number));
                x += 115;
            }
        }
        words
    }

    fn text(words: &[Word]) -> Vec<String> {
        let line = |line: &[Word]| line.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
        words.chunk_by(|a, b| a.line == b.line).map(line).collect()
    }

    fn repaired(lines: &[(u32, u32, &str)], walls: &[Rect]) -> Vec<String> {
        let mut words = page(lines);
        repair(&mut words, walls, 20);
        assert!(words.is_sorted_by_key(|word| word.line));
        text(&words)
    }

    #[test]
    fn lines_across_a_gutter_are_parted_and_columns_follow_each_other() {
        let lines: Vec<(u32, u32, String)> =
            (0..5).map(|nth| (100, 200 + nth * 50, format!("a{nth} b c d // e{nth} f g h"))).collect();
        let mut all: Vec<(u32, u32, &str)> =
            vec![(100, 100, "one headline over both of the columns of text here")];
        all.extend(lines.iter().map(|(x, y, text)| (*x, *y, text.as_str())));
        all.push((100, 600, "a line below both of the columns of the text here"));
        let found = repaired(&all, &[]);
        assert_eq!(found[0], "one headline over both of the columns of text here");
        assert_eq!(found[1..6], ["a0 b c d", "a1 b c d", "a2 b c d", "a3 b c d", "a4 b c d"]);
        assert_eq!(found[6..11], ["e0 f g h", "e1 f g h", "e2 f g h", "e3 f g h", "e4 f g h"]);
        assert_eq!(found[11], "a line below both of the columns of the text here");
    }

    #[test]
    fn labels_and_values_and_tables_stay_in_their_rows() {
        let rows: Vec<String> = (0..12).map(|nth| format!("Sodium serum {nth} // 139 mmol/L")).collect();
        let lines: Vec<(u32, u32, &str)> =
            (0..).zip(&rows).map(|(nth, row)| (100, 200 + nth * 50, row.as_str())).collect();
        let found = repaired(&lines, &[]);
        assert_eq!(found[3], "Sodium serum 3 139 mmol/L");
    }

    #[test]
    fn a_form_of_two_or_three_fields_a_row_stays_in_its_rows() {
        let form: Vec<(u32, u32, &str)> = vec![
            (100, 200, "Last name // First name Date of birth"),
            (100, 250, "Hollister // Leonard 11/06/1998"),
            (100, 300, "1. Falls in the past 12 months? // & Yes 0 No"),
            (100, 350, "2. Pacemaker or other implant? // & Yes 0 No"),
            (100, 400, "3. Could you be pregnant? // 0 Yes & No"),
            (100, 450, "4. History of seizures? // Insurance Blue Shield PPO 42440 none"),
            (100, 500, "5. Diabetes in the family? // 0 Yes & No"),
        ];
        let found = repaired(&form, &[]);
        assert_eq!((found.len(), found[2].as_str()), (7, "1. Falls in the past 12 months? & Yes 0 No"));
    }

    #[test]
    fn the_spaces_of_a_typewriter_are_as_wide_as_a_gutter_and_are_none() {
        let typed: Vec<Word> = (0..6_u32)
            .flat_map(|line| {
                (0..10_u32).map(move |at| (line, Rect { x: 100 + at * 140, y: line * 50, w: 100, h: 30 }))
            })
            .map(|(line, place)| Word::new("word", place, 95.0, line))
            .collect();
        let mut words = typed.clone();
        repair(&mut words, &[], 20);
        assert_eq!(words, typed);
    }

    #[test]
    fn three_lines_across_are_chance() {
        let lines: Vec<(u32, u32, &str)> =
            (0..3).map(|nth| (100, 200 + nth * 50, "a b c d // e f g h")).collect();
        assert_eq!(repaired(&lines, &[])[0], "a b c d e f g h");
    }

    #[test]
    fn a_few_lines_across_among_many_that_are_not_stay() {
        let mut lines: Vec<(u32, u32, &str)> =
            (0..20).map(|nth| (100, 200 + nth * 50, "a b c d e")).collect();
        lines.extend((0..20).map(|nth| (1000, 200 + nth * 50, "f g h i j")));
        for nth in [1, 5, 9, 13] {
            lines[nth] = (100, lines[nth].1, "a b c d // f g h i");
        }
        assert_eq!(repaired(&lines, &[])[1], "a b c d f g h i");
    }

    #[test]
    fn a_wall_parts_the_one_line_that_runs_across_it() {
        let mut lines: Vec<(u32, u32, &str)> = (0..6).map(|nth| (100, 200 + nth * 50, "a b c d e")).collect();
        lines.extend((0..6).map(|nth| (1000, 200 + nth * 50, "f g h i j")));
        lines[2].2 = "a b c d // f g h i";
        lines.remove(8);
        let wall = Rect { x: 900, y: 150, w: 3, h: 500 };
        let found = repaired(&lines, &[wall]);
        assert_eq!((found[2].as_str(), found[8].as_str()), ("a b c d", "f g h i"));
        assert_eq!(found.len(), 12);
        assert_eq!(repaired(&lines, &[])[2], "a b c d f g h i", "without it one line is chance");
    }

    #[test]
    fn many_long_rules_are_a_table() {
        let rule = |x| Component { place: Rect { x, y: 100, w: 3, h: 2000 }, area: 6000 };
        assert_eq!(walls(&[rule(100), rule(800)], 3300, 20).len(), 2);
        assert!(walls(&[rule(100), rule(800), rule(1200), rule(1800)], 3300, 20).is_empty());
    }
}
