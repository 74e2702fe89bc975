//! Which lines that stand side by side are one row?
//!
//! The engine takes wide white for the gutter between columns: it parts a patient's name from the number beside it and
//! the halves of a footer, and reads some tables column by column. What stands side by side is a row, unless it is
//! text in columns; a block of short lines beside another (two addresses) is a row only where it looks like a table.

use records::geometry::Rect;
use records::reading::Word;

use super::order::{Line, WORDS, fills_its_width};

/// White between lines that belong together, in heights of small letters: a blank line.
const CLOSE: u32 = 3;
/// From so many rows on, numbers make a table.
const TABLE: usize = 6;

/// Joins lines that are parts of one row, and puts the row where one of them stood. Places are those of the
/// straightened page.
pub fn join(words: &mut Vec<Word>, x_height: u32) {
    let lines: Vec<Line> = words.chunk_by(|a, b| a.line == b.line).filter_map(Line::of).collect();
    let rows = rows(&lines, x_height);
    if rows.is_empty() {
        return;
    }
    let mut order: Vec<Row> =
        lines.iter().enumerate().map(|(at, line)| Row { lines: vec![at], place: line.place }).collect();
    rows.into_iter().for_each(|row| put(&mut order, row));
    let mut lines: Vec<Option<Line>> = lines.into_iter().map(Some).collect();
    *words = (0..)
        .zip(order)
        .flat_map(|(number, row)| {
            let parts: Vec<Line> = row.lines.iter().filter_map(|&at| lines[at].take()).collect();
            parts.into_iter().flat_map(move |line| line.numbered(number))
        })
        .collect();
}

/// Numbers of the lines of one row, from left to right, and their box.
struct Row {
    lines: Vec<usize>,
    place: Rect,
}

/// The rows of more than one line, from top to bottom.
fn rows(lines: &[Line], x_height: u32) -> Vec<Row> {
    // What cannot be presented as text parts and joins nothing.
    let legible = |line: &Line| line.words.iter().any(|word| word.legible);
    let seen: Vec<usize> = (0..lines.len()).filter(|&at| legible(&lines[at])).collect();
    let next: Vec<Option<usize>> = (0..lines.len())
        .map(|at| {
            let next = seen.contains(&at).then(|| neighbour(lines, &seen, at)).flatten()?;
            is_row(lines, &seen, (at, next), x_height).then_some(next)
        })
        .collect();
    let mut rows: Vec<Row> = (0..lines.len())
        .filter(|at| !next.contains(&Some(*at)))
        .map(|first| std::iter::successors(Some(first), |at| next[*at]).collect::<Vec<_>>())
        .filter(|row| row.len() > 1)
        .filter_map(|row| {
            let place = row.iter().map(|&at| lines[at].place).reduce(Rect::union)?;
            Some(Row { lines: row, place })
        })
        .collect();
    rows.sort_by_key(|row| row.place.y);
    rows
}

/// The next line to the right at the height of a line, if that is its next to the left.
fn neighbour(lines: &[Line], seen: &[usize], at: usize) -> Option<usize> {
    let place = |at: usize| lines[at].place;
    let right = seen.iter().copied().filter(|&other| other != at && is_beside(place(at), place(other)));
    let next =
        right.filter(|&other| place(other).x >= place(at).right()).min_by_key(|&other| place(other).x)?;
    let left = seen.iter().copied().filter(|&other| other != next && is_beside(place(next), place(other)));
    let back = left
        .filter(|&other| place(other).right() <= place(next).x)
        .max_by_key(|&other| place(other).right())?;
    (back == at).then_some(next)
}

/// Whether they share more than half of their height.
fn is_beside(a: Rect, b: Rect) -> bool {
    a.bottom().min(b.bottom()).saturating_sub(a.y.max(b.y)) * 2 > a.h.max(b.h)
}

/// Whether two neighbours are parts of one row, by what stands above and below them.
fn is_row(lines: &[Line], seen: &[usize], pair: (usize, usize), x_height: u32) -> bool {
    let around = Around::of(lines, seen, pair, x_height);
    let (left, right) = (Side::of(&around.left), Side::of(&around.right));
    if left.is_prose || right.is_prose {
        return false;
    }
    let level: Vec<(&Half, &Half)> = around
        .left
        .iter()
        .flat_map(|left| around.right.iter().map(move |right| (left, right)))
        .filter(|(left, right)| is_beside(left.place, right.place))
        .collect();
    let half_of_them = |says: fn(&Half) -> bool| {
        level.iter().filter(|(left, right)| says(left) || says(right)).count() * 2 >= level.len()
    };
    let labels = half_of_them(|half| half.is_label());
    let rows = around.rows();
    match rows {
        0 | 1 => true,
        2 => labels || left.words < WORDS || right.words < WORDS,
        _ => {
            let in_step = level.len() * 5 >= rows * 4;
            let cells = left.words <= WORDS && right.words <= WORDS;
            in_step && cells && (labels || (rows >= TABLE && half_of_them(|half| half.has_number())))
        }
    }
}

/// What stands left and right of the white between two lines, as far up and down as nothing covers it and no white
/// runs across.
struct Around<'l> {
    left: Vec<Half<'l>>,
    right: Vec<Half<'l>>,
}

impl<'l> Around<'l> {
    /// Of the places in the white the one that most lines leave free: lines of a column end where they will.
    fn of(lines: &'l [Line], seen: &[usize], (left, right): (usize, usize), x_height: u32) -> Self {
        const PLACES: u32 = 8;
        let (from, to) = (lines[left].place.right(), lines[right].place.x);
        let places = (0..PLACES).map(|nth| from + (to - from) * (2 * nth + 1) / (2 * PLACES));
        let around = places.map(|x| Self::at(x, lines, seen, (left, right), x_height));
        around.max_by_key(Self::rows).expect("there are eight places")
    }

    fn at(x: u32, lines: &'l [Line], seen: &[usize], (left, right): (usize, usize), x_height: u32) -> Self {
        let pair = lines[left].place.union(lines[right].place);
        let middle = pair.centre().1;
        let rest = seen.iter().filter(|&&at| at != left && at != right).map(|&at| &lines[at]);
        let (mut above, mut below): (Vec<&Line>, Vec<&Line>) =
            rest.partition(|line| line.place.centre().1 < middle);
        above.sort_by_key(|line| std::cmp::Reverse(line.place.bottom()));
        below.sort_by_key(|line| line.place.y);
        let mut own = vec![&lines[left], &lines[right]];
        let mut reach = pair;
        for line in above {
            if line.place.bottom() + CLOSE * x_height < reach.y || line.covers(x) {
                break;
            }
            reach = reach.union(line.place);
            own.push(line);
        }
        for line in below {
            if reach.bottom() + CLOSE * x_height < line.place.y || line.covers(x) {
                break;
            }
            reach = reach.union(line.place);
            own.push(line);
        }
        let half = |line: &&'l Line, is_left: bool| {
            Half::of(line.words.iter().filter(|word| (word.place.right() <= x) == is_left).collect())
        };
        Self {
            left: own.iter().filter_map(|line| half(line, true)).collect(),
            right: own.iter().filter_map(|line| half(line, false)).collect(),
        }
    }

    fn rows(&self) -> usize {
        self.left.len().min(self.right.len())
    }
}

/// The words of a line on one side of the white.
struct Half<'l> {
    words: Vec<&'l Word>,
    place: Rect,
}

impl<'l> Half<'l> {
    fn of(words: Vec<&'l Word>) -> Option<Self> {
        let place = words.iter().map(|word| word.place).reduce(Rect::union)?;
        Some(Self { words, place })
    }

    fn is_label(&self) -> bool {
        self.words.iter().any(|word| word.text.ends_with(':'))
    }

    fn has_number(&self) -> bool {
        self.words.iter().any(|word| word.text.contains(|c: char| c.is_ascii_digit()))
    }
}

/// What one side of the white looks like.
struct Side {
    /// In the median line.
    words: usize,
    is_prose: bool,
}

impl Side {
    fn of(halves: &[Half]) -> Self {
        /// Two lines are no column.
        const COLUMN: usize = 3;
        let mut counts: Vec<usize> = halves.iter().map(|half| half.words.len()).collect();
        counts.sort_unstable();
        let words = counts.get(counts.len() / 2).copied().unwrap_or(0);
        let places = halves.iter().map(|half| half.words.iter().map(|word| word.place).collect());
        let is_prose = halves.len() >= COLUMN && words >= WORDS && fills_its_width(places.collect());
        Self { words, is_prose }
    }
}

/// Where one of its lines stood: where fewest of those above and below it come on the wrong side, else first.
fn put(order: &mut Vec<Row>, row: Row) {
    let is_own = |at: usize, order: &[Row]| order[at].lines.iter().any(|line| row.lines.contains(line));
    let own: Vec<usize> = (0..order.len()).filter(|&at| is_own(at, order)).collect();
    let over = |place: Rect| place.x < row.place.right() && row.place.x < place.right();
    let wrong = |at: usize| {
        let others =
            order.iter().enumerate().filter(|(other, line)| !own.contains(other) && over(line.place));
        others.filter(|(other, line)| (line.place.centre().1 < row.place.centre().1) != (*other < at)).count()
    };
    let Some(at) = own.iter().copied().min_by_key(|&at| wrong(at)) else { return };
    order[at] = row;
    let mut nth = 0;
    order.retain(|_| {
        nth += 1;
        nth - 1 == at || !own.contains(&(nth - 1))
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines at their places, in the order they were read; a letter is 10 wide, print 20 high.
    fn joined(lines: &[(u32, u32, &str)]) -> Vec<String> {
        let mut words = Vec::new();
        for (number, (x, y, text)) in (0..).zip(lines) {
            let mut x = *x;
            for part in text.split(' ') {
                let w = 10 * part.chars().count() as u32;
                words.push(Word::new(part, Rect { x, y: *y, w, h: 20 }, 95.0, number));
                x += w + 10;
            }
        }
        join(&mut words, 14);
        assert!(words.is_sorted_by_key(|word| word.line));
        let line = |line: &[Word]| line.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
        words.chunk_by(|a, b| a.line == b.line).map(line).collect()
    }

    #[test]
    fn a_name_and_the_number_beside_it_are_one_row() {
        let read = [
            (100, 100, "Patient: Rita O. Jablonski"),
            (100, 130, "DOB: 04/17/1942 Sex: F"),
            (900, 100, "MRN: 29081613"),
            (900, 130, "Date of service:"),
            (1100, 130, "01/23/2022"),
            (
                100,
                240,
                "Reads as text over the whole of the width of the page, from side to side, and ends here.",
            ),
        ];
        let rows = joined(&read);
        assert_eq!(rows[0], "Patient: Rita O. Jablonski MRN: 29081613");
        assert_eq!(rows[1], "DOB: 04/17/1942 Sex: F Date of service: 01/23/2022");
        assert_eq!(rows.len(), 3);
    }

    const PROSE: &str = "words that fill the line well";

    fn columns() -> Vec<(u32, u32, &'static str)> {
        let column = |x| (0..8).map(move |nth| (x, 200 + nth * 34, PROSE));
        column(100)
            .chain([(100, 600, "Form 12-3")])
            .chain(column(700))
            .chain([(900, 600, "Page 2 of 6")])
            .collect()
    }

    #[test]
    fn columns_of_text_stay_and_their_footer_is_one_row_below_both() {
        let rows = joined(&columns());
        assert_eq!(rows.len(), 17);
        assert!(rows[..16].iter().all(|row| row == PROSE), "{rows:?}");
        assert_eq!(rows[16], "Form 12-3 Page 2 of 6");
    }

    #[test]
    fn a_headline_in_a_column_stays_in_it() {
        let mut lines = columns();
        (lines[3].2, lines[12].2) = ("PLAN", "FINDINGS");
        let rows = joined(&lines);
        assert_eq!((rows[3].as_str(), rows[11].as_str()), ("PLAN", "FINDINGS"));
    }

    #[test]
    fn a_table_that_was_read_by_columns_is_read_by_rows() {
        const TESTS: [(&str, &str); 7] = [
            ("INR 0.7", "L 0.9 - 1.1"),
            ("Sodium 95", "mmol/L 135 - 145"),
            ("D-dimer 324", "ng/mL < 500"),
            ("TSH 2.56", "mIU/L 0.40 - 4.50"),
            ("Calcium 8.3", "mg/dL 8.6 - 10.3"),
            ("Albumin 5.7", "g/dL 3.5 - 5.0"),
            ("Ferritin 73", "ng/mL 15 - 200"),
        ];
        let left = (0..).zip(TESTS).map(|(nth, (test, _))| (100, 200 + nth * 34, test));
        let right = (0..).zip(TESTS).map(|(nth, (_, range))| (600, 201 + nth * 34, range));
        let rows = joined(&left.chain(right).collect::<Vec<_>>());
        assert_eq!((rows.len(), rows[1].as_str()), (7, "Sodium 95 mmol/L 135 - 145"));
    }

    #[test]
    fn two_addresses_side_by_side_are_two() {
        let lines = [
            (100, 200, "Bill to"),
            (100, 234, "Harbor Clinic"),
            (100, 268, "12 Harbor Street"),
            (100, 302, "Springfield"),
            (700, 200, "Ship to"),
            (700, 234, "Elm Clinic"),
            (700, 268, "7 Elm Street"),
            (700, 302, "Shelbyville"),
        ];
        assert_eq!(joined(&lines), lines.map(|(_, _, text)| text));
    }

    #[test]
    fn a_note_in_the_margin_of_a_text_is_not_put_into_it() {
        let text = (0..8).map(|nth| (400, 200 + nth * 34, "a line of text that fills the line well"));
        let lines: Vec<_> = text.chain([(100, 268, "seen")]).collect();
        assert_eq!(joined(&lines).len(), 9);
    }
}
