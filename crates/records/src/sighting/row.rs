//! Which rows of words stand on a page, whatever columns the engine saw?
//!
//! Engines part a form into blocks; a label and its value then lie in different lines at one height. Rows are put
//! together by where words stand, with the page's skew taken out.

use crate::geometry::Rect;
use crate::reading::{PageReading, Word};

/// A word, or the part of one that stands before or behind a colon.
#[derive(Clone, Debug)]
pub(crate) struct Token<'a> {
    /// Without colons, rules of forms and brackets around it.
    pub(crate) text: &'a str,
    pub(crate) place: Rect,
    pub(crate) confidence: f32,
    pub(crate) on_picture: bool,
    pub(crate) legible: bool,
    /// A colon (or what engines make of one) follows.
    pub(crate) colon: bool,
    /// A number sign follows: "MR#".
    pub(crate) hash: bool,
    /// A comma that stands alone follows: "SMITH , JOHN".
    pub(crate) comma: bool,
}

impl Token<'_> {
    pub(crate) fn letters(&self) -> usize {
        self.text.chars().filter(|c| c.is_alphabetic()).count()
    }

    pub(crate) fn digits(&self) -> usize {
        self.text.chars().filter(char::is_ascii_digit).count()
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Row<'a> {
    /// From left to right; never empty.
    pub(crate) tokens: Vec<Token<'a>>,
    pub(crate) place: Rect,
    /// Median height of its words, pixels.
    pub(crate) height: u32,
    /// Centre at the left border, skew taken out, pixels.
    level: f32,
}

impl Row<'_> {
    /// White space before a token, in heights of the row; large before the first.
    pub(crate) fn gap_before(&self, at: usize) -> f32 {
        if at == 0 {
            return f32::MAX;
        }
        let gap = self.tokens[at].place.x.saturating_sub(self.tokens[at - 1].place.right());
        ratio(gap, self.height)
    }

    /// What stands by itself in the row: a title left of a label, a caption in its own column.
    pub(crate) fn cells(&self) -> Vec<String> {
        /// White space that parts two cells, in heights of the row.
        const APART: f32 = 3.0;
        let mut cells: Vec<String> = Vec::new();
        for (at, token) in self.tokens.iter().enumerate() {
            match cells.last_mut() {
                Some(cell) if self.gap_before(at) < APART => {
                    cell.push(' ');
                    cell.push_str(token.text);
                }
                _ => cells.push(token.text.to_owned()),
            }
        }
        cells
    }

    pub(crate) fn text(&self) -> String {
        self.tokens.iter().map(|token| token.text).collect::<Vec<_>>().join(" ")
    }
}

/// The words as they are written.
pub(crate) fn spelled(tokens: &[Token<'_>]) -> String {
    let mut text = String::new();
    for token in tokens {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(token.text);
        if token.comma {
            text.push(',');
        }
    }
    text
}

#[expect(clippy::cast_precision_loss, reason = "pixels of a page are far below 2^24")]
pub(crate) fn ratio(pixels: u32, of: u32) -> f32 {
    pixels as f32 / of.max(1) as f32
}

/// The rows of a page, from top to bottom.
pub(crate) fn rows(reading: &PageReading) -> Vec<Row<'_>> {
    let slope = reading.skew.to_radians().tan();
    let mut lines: Vec<Row<'_>> = reading.lines().filter_map(|words| row(words, slope)).collect();
    lines.sort_by(|a, b| a.level.total_cmp(&b.level));
    let mut rows: Vec<Row<'_>> = Vec::with_capacity(lines.len());
    for line in lines {
        /// How many rows back a line may belong to.
        const BACK: usize = 4;
        let from = rows.len().saturating_sub(BACK);
        match rows[from..].iter_mut().rev().find(|row| is_same_row(row, &line)) {
            Some(row) => row.join(line),
            None => rows.push(line),
        }
    }
    for row in &mut rows {
        row.tokens.sort_by_key(|token| token.place.x);
    }
    rows
}

fn row(words: &[Word], slope: f32) -> Option<Row<'_>> {
    let mut tokens = Vec::with_capacity(words.len() + 2);
    words.iter().for_each(|word| push_tokens(&mut tokens, word));
    let place = tokens.iter().map(|token| token.place).reduce(Rect::union)?;
    let mut heights: Vec<u32> = words.iter().map(|word| word.place.h).collect();
    heights.sort_unstable();
    let (x, y) = place.centre();
    #[expect(clippy::cast_precision_loss, reason = "pixels of a page are far below 2^24")]
    let level = y as f32 - slope * x as f32;
    Some(Row { tokens, place, height: heights[heights.len() / 2].max(1), level })
}

/// Side by side, at one height, in print of about one size.
#[expect(clippy::cast_precision_loss, reason = "pixels of a page are far below 2^24")]
fn is_same_row(row: &Row<'_>, line: &Row<'_>) -> bool {
    let (small, large) = (row.height.min(line.height), row.height.max(line.height));
    let beside =
        row.tokens.iter().all(|a| line.place.x >= a.place.right() || a.place.x >= line.place.right());
    beside && large <= 2 * small && (row.level - line.level).abs() <= 0.5 * small as f32
}

impl<'a> Row<'a> {
    fn join(&mut self, line: Self) {
        self.place = self.place.union(line.place);
        self.tokens.extend(line.tokens);
    }
}

/// Parts "MRN:00123456" and "MR#123"; a colon that stands alone belongs to the word before it.
fn push_tokens<'a>(tokens: &mut Vec<Token<'a>>, word: &'a Word) {
    let text = word.text.trim_matches(is_frame);
    if !text.chars().any(char::is_alphanumeric) {
        if let Some(before) = tokens.last_mut() {
            before.colon |= text.contains([':', '=']);
            before.hash |= text.contains('#');
            before.comma |= text == ",";
        }
        return;
    }
    let cut = text.find([':', '#', '=']).filter(|&at| text[..at].chars().any(char::is_alphabetic));
    let (left, right) = cut.map_or((text, ""), |at| text.split_at(at));
    let rest = right.trim_start_matches([':', '#', '=', '.']);
    let marks = &right[..right.len() - rest.len()];
    let token = |text: &'a str, place: Rect, marks: &str| Token {
        text,
        place,
        confidence: word.confidence,
        on_picture: word.on_picture,
        legible: word.legible,
        colon: marks.contains([':', '=']),
        hash: marks.contains('#'),
        comma: false,
    };
    let place = word.place;
    let share = ratio(u32::try_from(left.len()).unwrap_or(0), u32::try_from(text.len()).unwrap_or(1));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of a width in pixels"
    )]
    #[expect(clippy::cast_precision_loss, reason = "pixels of a page are far below 2^24")]
    let width = if rest.is_empty() { place.w } else { (place.w as f32 * share) as u32 };
    tokens.push(token(left, Rect { w: width, ..place }, marks));
    if rest.chars().any(char::is_alphanumeric) {
        tokens.push(token(rest, Rect { x: place.x + width, w: place.w - width, ..place }, ""));
    }
}

/// What the lines of forms look like to an engine.
const fn is_frame(c: char) -> bool {
    matches!(
        c,
        '|' | '_' | '[' | ']' | '{' | '}' | '~' | '—' | '–' | '•' | '<' | '>' | '\\' | '*' | '"' | '“' | '”'
    )
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::geometry::Turn;
    use crate::reading::{Quality, ReaderVersion, TextSource};

    /// A page of 2550 × 3300 pixels with lines of print at (x, y), words as wide as they are long.
    pub(crate) fn page(lines: &[(u32, u32, &str)]) -> PageReading {
        let mut words = Vec::new();
        for (number, (x, y, text)) in (0..).zip(lines) {
            let mut x = *x;
            for part in text.split(' ') {
                let w = 20 * u32::try_from(part.chars().count()).unwrap();
                if !part.is_empty() {
                    let place = Rect { x, y: *y, w, h: 36 };
                    words.push(Word::new(part, place, 92.0, number));
                }
                x += w + 16;
            }
        }
        PageReading {
            width: 2550,
            height: 3300,
            dpi: [300, 300],
            native_dpi: Some([300, 300]),
            turn: Turn::None,
            skew: 0.0,
            blank: words.is_empty(),
            confidence: 92.0,
            words,
            barcodes: Vec::new(),
            unread_symbols: Vec::new(),
            poor_areas: Vec::new(),
            header_lines: Vec::new(),
            footer_lines: Vec::new(),
            quality: Quality::default(),
            source: TextSource::Ocr,
            reader: ReaderVersion("test-1/eng/p1/f1".into()),
            error: None,
        }
    }

    fn texts(reading: &PageReading) -> Vec<String> {
        rows(reading).iter().map(Row::text).collect()
    }

    #[test]
    fn columns_that_an_engine_parted_are_one_row_again() {
        let reading = page(&[
            (200, 100, "Patient:"),
            (200, 160, "DOB:"),
            (700, 104, "SMITH, JOHN"),
            (700, 162, "03/15/1962"),
        ]);
        assert_eq!(texts(&reading), ["Patient SMITH, JOHN", "DOB 03/15/1962"]);
    }

    #[test]
    fn skew_does_not_part_a_row() {
        let mut reading = page(&[(200, 100, "MRN:"), (2000, 163, "00123456"), (200, 163, "other")]);
        reading.skew = 2.0;
        assert_eq!(texts(&reading), ["MRN 00123456", "other"]);
    }

    #[test]
    fn a_label_glued_to_its_value_is_parted() {
        let reading = page(&[(200, 100, "MRN:00123456 MR#77 D.O.B. : 10:30 |Name ___")]);
        let rows = rows(&reading);
        let shown: Vec<_> = rows[0].tokens.iter().map(|t| (t.text, t.colon, t.hash)).collect();
        assert_eq!(
            shown,
            [
                ("MRN", true, false),
                ("00123456", false, false),
                ("MR", false, true),
                ("77", false, false),
                ("D.O.B.", true, false),
                ("10:30", false, false),
                ("Name", false, false)
            ]
        );
    }
}
