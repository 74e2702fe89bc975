//! Which text lines stand on a page, and which of them a machine on the way has added?

use std::sync::LazyLock;

use regex::Regex;

use crate::reading::{PageReading, Word};

/// One line of text as it stands on the picture.
pub(super) struct Line {
    pub(super) text: String,
    /// Centre of the line, 0 at the top of the page, 1 at its foot.
    pub(super) top: f32,
    /// Median height of its words, pixels.
    pub(super) letter_height: u32,
}

/// The lines of the picture. Text that only the file carries tells nothing here.
pub(super) fn lines(reading: &PageReading) -> Vec<Line> {
    reading.lines().filter_map(|words| line(words, reading.height)).collect()
}

fn line(words: &[Word], height: u32) -> Option<Line> {
    let words: Vec<&Word> = words.iter().filter(|word| word.on_picture).collect();
    let place = words.iter().map(|word| word.place).reduce(crate::geometry::Rect::union)?;
    let mut heights: Vec<u32> = words.iter().map(|word| word.place.h).collect();
    heights.sort_unstable();
    #[expect(clippy::cast_precision_loss, reason = "a share of a page's height")]
    let top = place.centre().1 as f32 / height.max(1) as f32;
    let text = words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
    Some(Line { text, top, letter_height: heights[heights.len() / 2] })
}

impl Line {
    /// Whether a fax machine or copier printed this line at the edge: its page numbers count what was sent, not
    /// what the form has.
    pub(super) fn is_banner(&self) -> bool {
        /// Share of the page's height at top and foot where banners stand.
        const EDGE: f32 = 0.07;
        !(EDGE..=1.0 - EDGE).contains(&self.top) && is_stamped_on_the_way(&self.text)
    }
}

/// Whether a line has the look of what fax machines and copiers print at the edge of what they pass on.
pub fn is_stamped_on_the_way(text: &str) -> bool {
    static FAXED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?ix) \b fax \b | \b from \s* : | \b to \s* : | \b tel \b | \b rcvd \b | \b received \b
              | \b p (?:age|g)? \.? \s* : | \b p \. \s* \d+ \s* / \s* \d+ | \b 0 \d{1,2} \s* / \s* \d{2,3} \b
              | \b \d{1,2} : \d{2} \s* [ap] \.? m \b | \d{3} [-.\s] \d{3} [-.\s] \d{4}",
        )
        .expect("a fixed expression")
    });
    FAXED.is_match(text)
}
