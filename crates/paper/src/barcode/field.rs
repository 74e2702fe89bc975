//! Where is a field of modules whose finder patterns are torn off or stained? A square of dense black and white
//! that changes as often along as down, alone on white: neither print, nor a table, nor a photograph.

use records::geometry::Rect;

use crate::prepare::ink::Ink;

/// Side of the squares that are judged, pixels: half a word of the ink's rows.
const CELL: u32 = 32;
/// What a square must have to belong to a field: it may hold few modules, and lie half over the field's border.
const LOOSE: Bounds = Bounds { ink: (0.10, 0.85), changes: (16, 300), uneven: 3.5 };
/// What all squares of a field have on average: as much ink as paper or, under stains, less; changes of modules of 3 to 14 pixels, as
/// many along as down.
const STRICT: Bounds = Bounds { ink: (0.15, 0.70), changes: (30, 260), uneven: 1.5 };
/// Squares across and down that a field has, inner ones only.
const SIDE: std::ops::RangeInclusive<usize> = 4..=24;

/// Rows (or columns) with less ink than a fifth of the mean: print has them between its lines, a field has hardly
/// any. Share of all.
const GAPS: f32 = 0.05;

/// Fields of modules, as boxes that hold them whole.
pub fn fields(ink: &Ink) -> Vec<Rect> {
    let grid = Grid::of(ink);
    let mut seen = vec![false; grid.cells.len()];
    let mut found = Vec::new();
    for start in 0..grid.cells.len() {
        if grid.is_field(start) && !seen[start] {
            let patch = grid.patch(start, &mut seen);
            if grid.is_symbol(&patch) && !has_gaps(ink, &patch) {
                found.push(patch.place());
            }
        }
    }
    found
}

/// Of one square, or the mean of several: pixels of ink, and changes between ink and paper along and down.
#[derive(Clone, Copy, Default)]
struct Cell {
    ink: u32,
    along: u32,
    down: u32,
}

struct Bounds {
    /// Shares.
    ink: (f32, f32),
    changes: (u32, u32),
    /// How many times as many changes one way as the other.
    uneven: f32,
}

impl Bounds {
    fn hold(&self, cell: Cell) -> bool {
        let ink = cell.ink as f32 / (CELL * CELL) as f32;
        let (fewer, more) = (cell.along.min(cell.down), cell.along.max(cell.down));
        (self.ink.0..=self.ink.1).contains(&ink)
            && fewer >= self.changes.0
            && more <= self.changes.1
            && more as f32 <= fewer as f32 * self.uneven
    }
}

struct Grid {
    columns: usize,
    rows: usize,
    cells: Vec<Cell>,
}

/// Squares that hang together: how many, all they hold, and from where to where.
struct Patch {
    count: u32,
    sum: Cell,
    columns: (usize, usize),
    rows: (usize, usize),
}

impl Patch {
    fn place(&self) -> Rect {
        let (x, y) = (self.columns.0 as u32 * CELL, self.rows.0 as u32 * CELL);
        let (right, bottom) = ((self.columns.1 as u32 + 1) * CELL, (self.rows.1 as u32 + 1) * CELL);
        // Squares at its border are half field, half paper, and were not counted.
        Rect { x, y, w: right - x, h: bottom - y }.grown(CELL / 2)
    }
}

impl Grid {
    fn of(ink: &Ink) -> Self {
        let (columns, rows) = ((ink.width / CELL) as usize, (ink.height / CELL) as usize);
        let mut cells = vec![Cell::default(); columns * rows];
        for y in 0..rows as u32 * CELL {
            let here = ink.row(y);
            let below = (y + 1 < ink.height).then(|| ink.row(y + 1));
            let row = &mut cells[(y / CELL) as usize * columns..][..columns];
            for (column, cell) in row.iter_mut().enumerate() {
                let half = |row: &[u64]| (row[column / 2] >> (column % 2 * 32)) as u32;
                let bits = half(here);
                cell.ink += bits.count_ones();
                cell.along += ((bits ^ bits >> 1) & (u32::MAX >> 1)).count_ones();
                cell.down += below.map_or(0, |below| (bits ^ half(below)).count_ones());
            }
        }
        Self { columns, rows, cells }
    }

    fn is_field(&self, at: usize) -> bool {
        LOOSE.hold(self.cells[at])
    }

    fn patch(&self, start: usize, seen: &mut [bool]) -> Patch {
        let (row, column) = (start / self.columns, start % self.columns);
        let mut patch = Patch { count: 0, sum: Cell::default(), columns: (column, column), rows: (row, row) };
        let mut open = vec![start];
        seen[start] = true;
        while let Some(at) = open.pop() {
            let (row, column) = (at / self.columns, at % self.columns);
            patch.count += 1;
            let (sum, cell) = (&mut patch.sum, self.cells[at]);
            (sum.ink, sum.along, sum.down) =
                (sum.ink + cell.ink, sum.along + cell.along, sum.down + cell.down);
            patch.columns = (patch.columns.0.min(column), patch.columns.1.max(column));
            patch.rows = (patch.rows.0.min(row), patch.rows.1.max(row));
            let beside = [
                (column > 0).then(|| at - 1),
                (column + 1 < self.columns).then_some(at + 1),
                (row > 0).then(|| at - self.columns),
                (row + 1 < self.rows).then_some(at + self.columns),
            ];
            for near in beside.into_iter().flatten() {
                if !seen[near] && self.is_field(near) {
                    seen[near] = true;
                    open.push(near);
                }
            }
        }
        patch
    }

    /// Nearly square, nearly full, and white around but for the square that its border may share.
    fn is_symbol(&self, patch: &Patch) -> bool {
        let (w, h) = (patch.columns.1 - patch.columns.0 + 1, patch.rows.1 - patch.rows.0 + 1);
        let square = w * 3 <= h * 4 + 3 && h * 3 <= w * 4 + 3;
        let Cell { ink, along, down } = patch.sum;
        let mean = Cell { ink: ink / patch.count, along: along / patch.count, down: down / patch.count };
        let full = patch.count as usize * 100 >= w * h * 80;
        SIDE.contains(&w) && SIDE.contains(&h) && square && full && STRICT.hold(mean) && self.is_alone(patch)
    }

    fn is_alone(&self, patch: &Patch) -> bool {
        let (left, top) = (patch.columns.0 as isize - 2, patch.rows.0 as isize - 2);
        let (right, bottom) = (patch.columns.1 as isize + 2, patch.rows.1 as isize + 2);
        let ring = (top..=bottom).flat_map(|row| (left..=right).map(move |column| (row, column)));
        let ring =
            ring.filter(|&(row, column)| row == top || row == bottom || column == left || column == right);
        let inside = ring.filter(|&(row, column)| {
            (0..self.rows as isize).contains(&row) && (0..self.columns as isize).contains(&column)
        });
        let (cells, ink) = inside.fold((0, 0), |(cells, ink), (row, column)| {
            (cells + 1, ink + self.cells[row as usize * self.columns + column as usize].ink)
        });
        ink * 20 <= cells * CELL * CELL
    }
}

fn has_gaps(ink: &Ink, patch: &Patch) -> bool {
    let (left, right) = (patch.columns.0 as u32 * CELL, (patch.columns.1 as u32 + 1) * CELL);
    let (top, bottom) = (patch.rows.0 as u32 * CELL, (patch.rows.1 as u32 + 1) * CELL);
    let mut rows = vec![0_u32; (bottom - top) as usize];
    let mut columns = vec![0_u32; (right - left) as usize];
    for (y, row) in (top..).zip(&mut rows) {
        for (x, column) in (left..).zip(&mut columns) {
            let dark = u32::from(ink.at(x, y));
            (*row, *column) = (*row + dark, *column + dark);
        }
    }
    // The outermost squares may reach beyond the field.
    let edge = CELL as usize;
    let gaps = |counts: &[u32]| {
        let inner = &counts[edge..counts.len() - edge];
        let mean = inner.iter().sum::<u32>() / inner.len() as u32;
        let empty = inner.iter().filter(|&&count| count * 5 < mean).count();
        empty as f32 > GAPS * inner.len() as f32
    };
    gaps(&rows) || gaps(&columns)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prepare::plane::Plane;

    /// A page on which `draw` says where ink is.
    fn page(draw: impl Fn(u32, u32) -> bool) -> Ink {
        let mut page = Plane::white(1_200, 1_000);
        for y in 0..1_000 {
            for (x, p) in (0..).zip(page.row_mut(y)) {
                *p = if draw(x, y) { 0 } else { 255 };
            }
        }
        Ink::of(&page)
    }

    fn random(x: u32, y: u32) -> u32 {
        let mixed = (x.wrapping_mul(0x9E37_79B1) ^ y.wrapping_mul(0x85EB_CA77)).wrapping_mul(0xC2B2_AE3D);
        mixed >> 20
    }

    #[test]
    fn modules_without_finder_patterns_are_a_field() {
        let inside = |x: u32, y: u32| (300..540).contains(&x) && (200..440).contains(&y);
        let found = fields(&page(|x, y| inside(x, y) && random(x / 8, y / 8).is_multiple_of(2)));
        assert_eq!(found.len(), 1);
        let code = Rect { x: 300, y: 200, w: 240, h: 240 };
        assert!(found[0].overlap(code) * 10 > 240 * 240 * 9, "{:?}", found[0]);
    }

    #[test]
    fn rows_of_print_are_no_field() {
        // Strokes of 4 pixels in lines of 24 with 20 between them.
        assert_eq!(
            fields(&page(|x, y| x > 100 && y % 44 < 24 && random(x / 4, y / 12).is_multiple_of(2))),
            []
        );
    }

    #[test]
    fn a_square_of_small_print_is_no_field() {
        let inside = |x: u32, y: u32| (300..540).contains(&x) && (200..440).contains(&y);
        assert_eq!(fields(&page(|x, y| inside(x, y) && y % 30 < 22 && random(x / 4, y / 11) % 5 < 2)), []);
    }

    #[test]
    fn a_screened_picture_and_noise_are_no_field() {
        let inside = |x: u32, y: u32| (300..540).contains(&x) && (200..440).contains(&y);
        assert_eq!(fields(&page(|x, y| inside(x, y) && (x + y) % 2 == 0)), []);
        assert_eq!(fields(&page(|x, y| inside(x, y) && random(x, y).is_multiple_of(2))), []);
        assert_eq!(
            fields(&page(|x, y| random(x / 8, y / 8).is_multiple_of(2))),
            [],
            "a pattern all over the page"
        );
    }
}
