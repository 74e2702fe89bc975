//! Which lines head the page, and which stand at its foot?
//!
//! Letterheads, running titles, page numbers and what a fax machine adds: lines near the top or the bottom that white
//! space sets apart from the rest, and lines there that say what they are.

use std::sync::LazyLock;

use regex::Regex;

use crate::geometry::Rect;
use crate::outline::is_stamped_on_the_way;

use super::Word;

/// Share of the page's height that is top and foot.
const ZONE: f32 = 0.12;
/// Closer to the edge than this, a line that says it is a page number or a banner is one.
const EDGE: f32 = 0.08;
/// White space that sets lines apart, in heights of a line.
const APART: f32 = 1.6;
/// More rows than this are no head but text that begins high up.
const MOST_ROWS: usize = 4;

struct Line {
    number: u32,
    place: Rect,
    text: String,
}

/// Numbers of the lines that head the page, and of those at its foot. `height` is the page's, in pixels of the words.
#[expect(clippy::cast_precision_loss, reason = "pixels of a page are far below 2^24")]
pub fn margins(words: &[Word], height: u32) -> (Vec<u32>, Vec<u32>) {
    let mut lines: Vec<Line> = words.chunk_by(|a, b| a.line == b.line).filter_map(Line::of).collect();
    lines.sort_by_key(|line| line.place.y);
    let mut heights: Vec<u32> = lines.iter().map(|line| line.place.h).collect();
    heights.sort_unstable();
    let Some(usual) = heights.get(heights.len() / 2).copied() else { return (Vec::new(), Vec::new()) };
    let page = Page { height: height as f32, apart: usual as f32 * APART };
    let head = page.outer(&lines, |place| (place.y as f32, place.bottom() as f32));
    lines.sort_by_key(|line| std::cmp::Reverse(line.place.bottom()));
    let foot =
        page.outer(&lines, |place| (page.height - place.bottom() as f32, page.height - place.y as f32));
    (head, foot)
}

impl Line {
    fn of(words: &[Word]) -> Option<Self> {
        let place = words.iter().map(|word| word.place).reduce(Rect::union)?;
        let text = words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
        Some(Self { number: words[0].line, place, text })
    }

    fn says_what_it_is(&self) -> bool {
        static PAGE_NUMBER: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?ix) \b (?: page | pg\.? | p\. ) \s* [:\#]? \s* \d{1,4} \b | ^ \W* \d{1,4} (?: \s* (?: of | / ) \s* \d{1,4} )? \W* $")
                .expect("a fixed expression")
        });
        PAGE_NUMBER.is_match(&self.text) || is_stamped_on_the_way(&self.text)
    }
}

struct Page {
    height: f32,
    /// White space that sets lines apart, pixels.
    apart: f32,
}

impl Page {
    /// Numbers of the outermost lines, which are given from the edge inwards; `span` says how far from the edge a
    /// place begins and ends.
    fn outer(&self, lines: &[Line], span: impl Fn(Rect) -> (f32, f32)) -> Vec<u32> {
        let (mut rows, mut end, mut set_apart) = (0, 0.0_f32, 0);
        for (at, line) in lines.iter().enumerate() {
            let (from, to) = span(line.place);
            if at > 0 && from - end > self.apart {
                set_apart = at;
            }
            rows += usize::from(from >= end);
            end = end.max(to);
            // What the head is set apart from may begin below its zone.
            if to > self.height * ZONE || rows > MOST_ROWS {
                break;
            }
        }
        let telling = |line: &Line| span(line.place).1 <= self.height * EDGE && line.says_what_it_is();
        let outer = lines.iter().enumerate().filter(|(at, line)| *at < set_apart || telling(line));
        let mut numbers: Vec<u32> = outer.map(|(_, line)| line.number).collect();
        numbers.sort_unstable();
        numbers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(lines: &[(u32, &str)]) -> (Vec<u32>, Vec<u32>) {
        let words = (0..).zip(lines).flat_map(|(number, (y, text))| {
            let parts = (0..).zip(text.split(' '));
            parts.map(move |(at, part)| {
                Word::new(part, Rect { x: 200 + at * 150, y: *y, w: 140, h: 36 }, 95.0, number)
            })
        });
        margins(&words.collect::<Vec<_>>(), 3300)
    }

    fn body() -> Vec<(u32, &'static str)> {
        (0..40).map(|nth| (500 + nth * 55, "the patient was seen today and is well")).collect()
    }

    #[test]
    fn a_letterhead_and_a_page_number_are_set_apart_from_the_text() {
        let lines = [
            vec![(120, "GENERAL HOSPITAL"), (170, "100 Harbor Street")],
            body(),
            vec![(3150, "Page 2 of 7")],
        ]
        .concat();
        assert_eq!(page(&lines), (vec![0, 1], vec![42]));
    }

    #[test]
    fn text_that_fills_the_page_has_neither() {
        let lines: Vec<(u32, &str)> =
            (0..55).map(|nth| (120 + nth * 55, "the patient was seen today and is well")).collect();
        assert_eq!(page(&lines), (vec![], vec![]));
    }

    #[test]
    fn the_banner_of_a_fax_is_told_by_its_words_though_the_text_begins_right_below() {
        let banner = (20, "11/27/2026 10:14 AM FROM: 617-555-0100 P. 2/5");
        let lines: Vec<(u32, &str)> = [banner]
            .into_iter()
            .chain((0..50).map(|nth| (75 + nth * 55, "the patient was seen today and is well")))
            .collect();
        assert_eq!(page(&lines).0, [0]);
    }

    #[test]
    fn a_page_of_a_few_lines_in_the_middle_has_no_head() {
        assert_eq!(page(&[(1500, "do not resuscitate"), (1600, "signed")]), (vec![], vec![]));
        assert_eq!(page(&[]), (vec![], vec![]));
    }
}
