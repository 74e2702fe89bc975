//! Which words stand side by side, whatever order they were read in?
//!
//! Engines read a table by its columns as often as by its rows. Its rows are put together by where the words stand, in
//! the frame in which lines of text are level.

use std::ops::Range;

use crate::geometry::Rect;

use super::{PageReading, Word};

/// How many rows back a line may belong to: lines of one height lie close together once they are sorted.
const BACK: usize = 6;

/// The rows of a page from top to bottom: of each the text lines it is made of, from left to right, as places in
/// `reading.words`. A text line stays whole; lines at one height, in print of about one size and beside each other, are
/// one row.
pub fn rows(reading: &PageReading) -> Vec<Vec<Range<usize>>> {
    let slope = reading.skew.to_radians().tan();
    let mut from = 0;
    let numbered = reading.lines().map(|words| {
        from += words.len();
        (from - words.len()..from, words)
    });
    let mut lines: Vec<Row> = numbered.filter_map(|(at, words)| Row::of(at, words, slope)).collect();
    lines.sort_by(|a, b| a.level.total_cmp(&b.level));
    let mut rows: Vec<Row> = Vec::with_capacity(lines.len());
    for line in lines {
        let near = rows.len().saturating_sub(BACK);
        match rows[near..].iter_mut().rev().find(|row| row.goes_on_with(&line)) {
            Some(row) => row.lines.extend(line.lines),
            None => rows.push(line),
        }
    }
    rows.into_iter().map(Row::left_to_right).collect()
}

struct Row {
    /// What was read as one line each, and its box.
    lines: Vec<(Rect, Range<usize>)>,
    /// Median height of the words, pixels.
    height: u32,
    /// Height of the middle at the left border, skew taken out, pixels.
    level: f32,
}

impl Row {
    fn of(at: Range<usize>, words: &[Word], slope: f32) -> Option<Self> {
        let place = words.iter().map(|word| word.place).reduce(Rect::union)?;
        let mut heights: Vec<u32> = words.iter().map(|word| word.place.h).collect();
        heights.sort_unstable();
        let (x, y) = place.centre();
        #[expect(clippy::cast_precision_loss, reason = "pixels of a page are far below 2^24")]
        let level = y as f32 - slope * x as f32;
        Some(Self { lines: vec![(place, at)], height: heights[heights.len() / 2].max(1), level })
    }

    #[expect(clippy::cast_precision_loss, reason = "pixels of a page are far below 2^24")]
    fn goes_on_with(&self, line: &Self) -> bool {
        let (small, large) = (self.height.min(line.height), self.height.max(line.height));
        let apart = |a: Rect, b: Rect| a.right() <= b.x || b.right() <= a.x;
        large <= 2 * small
            && (self.level - line.level).abs() <= 0.5 * small as f32
            && self.lines.iter().all(|(own, _)| line.lines.iter().all(|(other, _)| apart(*own, *other)))
    }

    fn left_to_right(mut self) -> Vec<Range<usize>> {
        self.lines.sort_by_key(|(place, _)| place.x);
        self.lines.into_iter().map(|(_, at)| at).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sighting::row::tests::page;

    fn texts(reading: &PageReading) -> Vec<String> {
        let text = |row: Vec<Range<usize>>| {
            let words = row.into_iter().flat_map(|line| &reading.words[line]);
            words.map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
        };
        rows(reading).into_iter().map(text).collect()
    }

    #[test]
    fn a_table_read_by_columns_is_given_by_rows() {
        let table = page(&[
            (200, 100, "Sodium"),
            (200, 160, "Potassium"),
            (700, 104, "139"),
            (700, 162, "4.1"),
            (900, 102, "mmol/L"),
            (900, 161, "mmol/L"),
        ]);
        assert_eq!(texts(&table), ["Sodium 139 mmol/L", "Potassium 4.1 mmol/L"]);
    }

    #[test]
    fn skew_does_not_part_a_row() {
        let mut reading = page(&[(200, 100, "Glucose"), (2000, 163, "95"), (200, 163, "Chloride")]);
        reading.skew = 2.0;
        assert_eq!(texts(&reading), ["Glucose 95", "Chloride"]);
    }

    #[test]
    fn lines_one_below_the_other_or_of_another_size_stay_rows_of_their_own() {
        let mut reading = page(&[(200, 100, "first"), (200, 150, "second"), (900, 100, "HEAD")]);
        reading.words[2].place.h = 120;
        reading.words[2].place.y = 58;
        assert_eq!(texts(&reading), ["first", "HEAD", "second"]);
    }
}
