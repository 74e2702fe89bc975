//! Which squares of a page have something about them? A coarse map, for what covers areas: tints and screens.

/// Side of a square, pixels.
pub const SIDE: u32 = 8;

/// Yes or no for each whole square of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Squares {
    columns: u32,
    rows: u32,
    yes: Vec<bool>,
}

impl Squares {
    /// Asks of every whole square of a page, by its column and row.
    pub fn of((width, height): (u32, u32), mut ask: impl FnMut(u32, u32) -> bool) -> Self {
        let mut squares = Self { columns: width / SIDE, rows: height / SIDE, yes: Vec::new() };
        squares.yes = squares.places().map(|(column, row)| ask(column, row)).collect();
        squares
    }

    pub fn count(&self) -> usize {
        self.yes.iter().filter(|&&yes| yes).count()
    }

    /// Outside the page the answer is no.
    pub fn at(&self, column: u32, row: u32) -> bool {
        column < self.columns && row < self.rows && self.yes[(row * self.columns + column) as usize]
    }

    /// Column and row of each square with a yes.
    pub fn all(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.places().zip(&self.yes).filter(|(_, yes)| **yes).map(|(at, _)| at)
    }

    /// With those so many squares off, corners too.
    pub fn grown(&self, by: u32) -> Self {
        self.spread(by, true)
    }

    /// Only those that have nothing but their like so many squares around.
    pub fn shrunk(&self, by: u32) -> Self {
        self.spread(by, false)
    }

    /// Without what is narrower than a block of `2 * by + 1` squares: lines of print and their letters.
    pub fn solid(&self, by: u32) -> Self {
        if self.count() < (2 * by + 1).pow(2) as usize {
            return Self { yes: vec![false; self.yes.len()], ..*self };
        }
        self.shrunk(by).grown(by)
    }

    /// Without those that hang together with the edge of the page, at their sides.
    pub fn off_edge(mut self) -> Self {
        let (columns, rows) = (self.columns, self.rows);
        let at_edge =
            |&(column, row): &(u32, u32)| column == 0 || row == 0 || column + 1 == columns || row + 1 == rows;
        let mut reached: Vec<(u32, u32)> = self.places().filter(at_edge).collect();
        while let Some((column, row)) = reached.pop() {
            if self.at(column, row) {
                self.yes[(row * columns + column) as usize] = false;
                let before = [(column.wrapping_sub(1), row), (column, row.wrapping_sub(1))];
                reached.extend(before.into_iter().chain([(column + 1, row), (column, row + 1)]));
            }
        }
        self
    }

    /// Gives `answer` on to the squares around.
    fn spread(&self, by: u32, answer: bool) -> Self {
        let mut along = self.clone();
        for (column, row) in self.places().filter(|&(column, row)| self.at(column, row) == answer) {
            for column in column.saturating_sub(by)..(column + by + 1).min(self.columns) {
                along.yes[(row * self.columns + column) as usize] = answer;
            }
        }
        let mut both = along.clone();
        for (column, row) in self.places().filter(|&(column, row)| along.at(column, row) == answer) {
            for row in row.saturating_sub(by)..(row + by + 1).min(self.rows) {
                both.yes[(row * self.columns + column) as usize] = answer;
            }
        }
        both
    }

    fn places(&self) -> impl Iterator<Item = (u32, u32)> + use<> {
        let columns = self.columns;
        (0..self.rows).flat_map(move |row| (0..columns).map(move |column| (column, row)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_solid_keeps_its_shape_and_lines_go() {
        let drawn = Squares::of((160, 160), |column, row| column < 5 && row < 4 || row == 10);
        let solid = Squares::of((160, 160), |column, row| column < 5 && row < 4);
        assert_eq!(drawn.solid(1), solid);
        assert_eq!(solid.all().last(), Some((4, 3)));
    }

    #[test]
    fn what_reaches_the_edge_goes_and_islands_stay() {
        let drawn = Squares::of((160, 160), |column, row| {
            row == 19 || column == 9 && row > 15 || column == 12 && row == 17
        });
        assert_eq!(drawn.off_edge().all().collect::<Vec<_>>(), [(12, 17)]);
    }
}
