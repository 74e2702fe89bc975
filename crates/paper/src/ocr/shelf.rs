//! In which box does a point lie? Asked of thousands of letters and boxes of words.

use records::geometry::Rect;

/// Boxes by the height at which they lie, so that a point asks only a few.
pub(super) struct Shelf(Vec<Vec<Rect>>);

impl Shelf {
    /// Height of one board, pixels.
    const HEIGHT: u32 = 64;

    pub(super) fn of(places: impl Iterator<Item = Rect>) -> Self {
        let mut boards: Vec<Vec<Rect>> = Vec::new();
        for place in places {
            let (first, last) = ((place.y / Self::HEIGHT) as usize, (place.bottom() / Self::HEIGHT) as usize);
            if boards.len() <= last {
                boards.resize(last + 1, Vec::new());
            }
            boards[first..=last].iter_mut().for_each(|board| board.push(place));
        }
        Self(boards)
    }

    pub(super) fn holds(&self, (x, y): (u32, u32)) -> bool {
        let board = self.0.get((y / Self::HEIGHT) as usize);
        board.is_some_and(|board| board.iter().any(|place| place.holds(x, y)))
    }
}
