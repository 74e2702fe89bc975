//! Which strip of a page shows what was found on it?

use records::geometry::Rect;

/// A strip is as wide as its page and this part of that high: six lines or so.
const PART: u32 = 10;
/// Around a word that is boxed, in pixels of 300 dpi.
const MARGIN: u32 = 6;

/// Part of a page's upright frame, and the boxes within it.
pub(super) struct Strip {
    pub(super) place: Rect,
    pub(super) boxes: Vec<Rect>,
}

impl Strip {
    /// Where most boxes are seen at once; of equals the topmost. Without boxes it is the head of the page.
    pub(super) fn of((width, height): (u32, u32), boxes: &[Rect]) -> Option<Self> {
        if width == 0 || height == 0 {
            return None;
        }
        let high = (width / PART).clamp(1, height);
        // All that a strip sees that begins with this box.
        let seen = |from: u32| boxes.iter().filter(move |b| b.y >= from && b.y + b.h <= from + high);
        let tops = boxes.iter().map(|first| first.y);
        let from = tops.max_by_key(|top| (seen(*top).count(), std::cmp::Reverse(*top)));
        let top = match from {
            Some(from) => {
                let end = seen(from).map(|b| b.y + b.h).max().unwrap_or(from);
                // What is seen stands in the middle.
                ((from + end) / 2).saturating_sub(high / 2).min(height - high)
            }
            None => 0,
        };
        let place = Rect { x: 0, y: top, w: width, h: high };
        let inside = boxes.iter().filter(|b| b.y < top + high && b.y + b.h > top);
        Some(Self { place, boxes: inside.map(|b| b.grown(MARGIN)).collect() })
    }

    /// As it stands in an address.
    pub(super) fn address(&self) -> String {
        let Rect { x, y, w, h } = self.place;
        format!("{x}-{y}-{w}-{h}")
    }

    pub(super) fn view_box(&self) -> String {
        let Rect { x, y, w, h } = self.place;
        format!("{x} {y} {w} {h}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LETTER: (u32, u32) = (2550, 3300);

    fn word(x: u32, y: u32) -> Rect {
        Rect { x, y, w: 200, h: 40 }
    }

    #[test]
    fn the_strip_stands_where_most_words_are_seen_at_once_and_they_in_its_middle() {
        let strip =
            Strip::of(LETTER, &[word(0, 300), word(0, 2000), word(900, 2060), word(0, 3000)]).unwrap();
        assert_eq!((strip.place.x, strip.place.w, strip.place.h), (0, 2550, 255));
        assert_eq!(strip.boxes.len(), 2);
        let (above, below) = (2000 - strip.place.y, strip.place.bottom() - 2100);
        assert!(above.abs_diff(below) <= 1, "{above} {below}");
        let first = Strip::of(LETTER, &[word(0, 2000), word(0, 300)]).unwrap();
        assert!(first.place.y < 300, "of equals the topmost");
    }

    #[test]
    fn the_strip_stays_on_the_page() {
        for at in [0, 10, 3250, 3260] {
            let strip = Strip::of(LETTER, &[word(0, at)]).unwrap();
            assert!(strip.place.bottom() <= 3300 && strip.boxes.len() == 1, "{at}");
        }
        let banner = Strip::of((4000, 120), &[word(0, 20)]).unwrap();
        assert_eq!((banner.place.y, banner.place.h), (0, 120));
    }

    #[test]
    fn a_word_higher_than_the_strip_is_in_it_all_the_same() {
        let strip = Strip::of(LETTER, &[Rect { x: 0, y: 1000, w: 2000, h: 400 }]).unwrap();
        assert_eq!(strip.boxes.len(), 1);
        assert!(strip.place.y >= 1000 - 255 && strip.place.bottom() <= 1400 + 255);
    }

    #[test]
    fn without_a_word_it_is_the_head_of_the_page_and_without_a_page_there_is_none() {
        assert_eq!(Strip::of(LETTER, &[]).unwrap().place.y, 0);
        assert!(Strip::of((0, 0), &[]).is_none());
    }
}
