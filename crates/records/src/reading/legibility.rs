//! How much of a page can be searched at all?
//!
//! A page with handwriting or a photograph on it answers no search. Whoever finds nothing in a chart must know how
//! many such pages it has, or absence of a hit is taken for absence of the record.

use super::{PageReading, Word};

/// How much readable text a page has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Legibility {
    /// No text at all, though the page is not blank.
    None,
    /// Some words; most of the page is handwriting, a picture, or too poor to read.
    Little,
    /// Text; or a blank page, on which nothing can be missed.
    Good,
}

impl Legibility {
    pub const ALL: [Self; 3] = [Self::None, Self::Little, Self::Good];

    /// As it is searched for and counted.
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Little => "little",
            Self::Good => "good",
        }
    }

    /// The other way round.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|all| all.word() == word)
    }
}

/// Fewer words than this are little text: a letterhead over a photograph.
const FEW: usize = 10;

impl PageReading {
    /// How much of it can be searched.
    pub fn legibility(&self) -> Legibility {
        if self.blank && self.error.is_none() {
            return Legibility::Good;
        }
        let is_word = |word: &&Word| word.text.chars().any(char::is_alphanumeric);
        let (legible, other): (Vec<&Word>, Vec<&Word>) =
            self.words.iter().filter(is_word).partition(|word| word.legible);
        if legible.is_empty() {
            return Legibility::None;
        }
        let text: u64 = legible.iter().map(|word| word.place.area()).sum();
        let poor: u64 = self.poor_areas.iter().map(|area| area.place.area()).sum();
        // Words stand apart, areas do not: text covers about twice what its boxes do.
        let mostly_poor = poor > 2 * text;
        if legible.len() < FEW || other.len() > legible.len() || mostly_poor {
            Legibility::Little
        } else {
            Legibility::Good
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Rect;
    use crate::reading::{Fault, FaultCode, PoorArea, PoorKind, ReaderVersion};

    fn page(words: usize) -> PageReading {
        let word = |at: usize| {
            let place = Rect { x: 100 * at as u32, y: 0, w: 80, h: 30 };
            Word::new("word", place, 90.0, 0)
        };
        let mut page =
            PageReading::unreadable(Fault::new(FaultCode::Empty, "none"), ReaderVersion("made-up".into()));
        (page.error, page.words) = (None, (0..words).map(word).collect());
        page
    }

    #[test]
    fn a_page_that_could_not_be_read_has_no_text_and_a_blank_one_hides_nothing() {
        assert_eq!(page(0).legibility(), Legibility::None);
        assert_eq!(PageReading { blank: true, ..page(0) }.legibility(), Legibility::Good);
        assert_eq!(page(40).legibility(), Legibility::Good);
    }

    #[test]
    fn a_few_words_beside_a_picture_are_little_text() {
        assert_eq!(page(FEW - 1).legibility(), Legibility::Little);
    }

    #[test]
    fn handwriting_on_most_of_the_page_is_little_text() {
        let mut note = page(40);
        let place = Rect { x: 0, y: 400, w: 2000, h: 1500 };
        note.poor_areas.push(PoorArea { place, kind: PoorKind::Handwriting, confidence: 90.0 });
        assert_eq!(note.legibility(), Legibility::Little);
        note.poor_areas[0].place = Rect { x: 0, y: 400, w: 400, h: 100 };
        assert_eq!(note.legibility(), Legibility::Good, "a signature hides little");
        note.words.iter_mut().take(30).for_each(|word| word.legible = false);
        assert_eq!(note.legibility(), Legibility::Little);
    }

    #[test]
    fn each_is_found_by_its_word() {
        for own in Legibility::ALL {
            assert_eq!(Legibility::of_word(own.word()), Some(own));
        }
        assert_eq!(Legibility::of_word("poor"), None);
    }
}
