//! Where could a symbol be? Told from how much brightness changes along and down, square by square: bars change one
//! way only, modules both ways alike and with much ink; print does neither. No threshold between ink and paper is
//! needed, so bars too blurred or faded for one are found, too.
//!
//! Generous, since looking costs little: what is missed here is looked for by nobody else.

use records::geometry::Rect;

use crate::prepare::plane::Plane;

/// Side of the squares, pixels.
const CELL: usize = 16;
/// Pixels between which brightness is compared: more than half of a fine bar, less than a coarse one and its gap.
const REACH: usize = 3;
/// Changes, in hundredths of the page's contrast, that a square of bars has at least.
const BUSY: u32 = 8;
/// Of bars, changes the other way in a hundred of these: a lean of 15° gives 27, dust some more.
const LEAN: u32 = 45;
/// The same where a square is darker than print is, in hundredths: bars in a stack of rows, or under dust.
const STACKED: u32 = 72;
const DARKER: u32 = 33;
/// Squares across bars, and in all.
const ACROSS: usize = 4;
const LEAST: usize = 6;
/// Changes each way of a square among modules, the same where it stands for itself, and darkness, in hundredths.
const MIXED: u32 = 8;
const STRONG: u32 = 24;
const DARK: std::ops::RangeInclusive<u32> = 33..=72;
/// Changes the busier way in tenths of the other: print changes half as often again along as down.
const EVEN: u32 = 14;
/// Places nearer to each other are parts of one, pixels: of fields, and of bars.
const APART: u32 = 40;

/// A part of the page to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub looks: Looks,
    pub place: Rect,
    /// Mostly darker than print: bars may stand in a stack of rows.
    pub dark: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looks {
    /// Like bars that stand, leaning or not.
    Upright,
    /// Like bars that lie.
    Lying,
    /// Like a field of modules.
    Modules,
}

/// All such parts.
pub fn places(page: &Plane) -> Vec<Place> {
    let Some(cells) = Cells::of(page) else { return Vec::new() };
    let mut found = Vec::new();
    for looks in [Looks::Upright, Looks::Lying, Looks::Modules] {
        let mut open: Vec<bool> = (0..cells.own.len()).map(|at| cells.is(at, looks)).collect();
        let (mut boxes, mut dark) = (Vec::new(), Vec::new());
        for start in 0..open.len() {
            if open[start] {
                let patch = cells.patch(start, &mut open);
                if patch.is_symbol(looks) {
                    boxes.push(patch.place().grown(APART));
                    if patch.is_dark() {
                        dark.push(patch.place());
                    }
                }
            }
        }
        found.extend(joined(boxes).into_iter().map(|place| {
            let dark = dark.iter().any(|own| own.overlap(place) > 0);
            Place { looks, place, dark }
        }));
    }
    found
}

/// Boxes, those that overlap as one.
pub fn joined(boxes: Vec<Rect>) -> Vec<Rect> {
    let mut apart: Vec<Rect> = Vec::new();
    for mut own in boxes {
        while let Some(at) = apart.iter().position(|other| other.overlap(own) > 0) {
            own = own.union(apart.swap_remove(at));
        }
        apart.push(own);
    }
    apart
}

/// Means over a square's pixels, in hundredths of the page's contrast: how much darker than paper, and how much
/// brightness changes along and down.
#[derive(Clone, Copy, Default)]
struct Cell {
    dark: u32,
    along: u32,
    down: u32,
}

impl Cell {
    fn plus(self, other: Self) -> Self {
        Self { dark: self.dark + other.dark, along: self.along + other.along, down: self.down + other.down }
    }

    fn is_even(self) -> bool {
        let (fewer, more) = (self.along.min(self.down), self.along.max(self.down));
        more * 10 <= fewer * EVEN
    }
}

struct Cells {
    columns: usize,
    rows: usize,
    own: Vec<Cell>,
    /// Sums of each square and its eight neighbours.
    near: Vec<Cell>,
}

/// Squares that hang together.
struct Patch {
    count: usize,
    strong: usize,
    /// Among dark ones.
    dark: usize,
    columns: (usize, usize),
    rows: (usize, usize),
}

impl Patch {
    fn is_symbol(&self, looks: Looks) -> bool {
        let (w, h) = (self.columns.1 - self.columns.0 + 1, self.rows.1 - self.rows.0 + 1);
        // Leaning by 15° a code of usual shape fills a quarter of its box; lines of a table fill less.
        if self.count * 7 < w * h {
            return false;
        }
        match looks {
            Looks::Upright => self.count >= LEAST && w >= ACROSS && h >= 2,
            Looks::Lying => self.count >= LEAST && h >= ACROSS && w >= 2,
            Looks::Modules => (self.count >= LEAST && w >= 3 && h >= 3) || self.strong >= 3,
        }
    }

    /// Dark all over, and higher than a headline: bars in a stack of rows, or bars that lean.
    fn is_dark(&self) -> bool {
        let (w, h) = (self.columns.1 - self.columns.0 + 1, self.rows.1 - self.rows.0 + 1);
        self.dark * 10 >= self.count * 7 && w.min(h) >= 4
    }

    fn place(&self) -> Rect {
        let at = |cell: usize| (cell * CELL) as u32;
        let (x, y) = (at(self.columns.0), at(self.rows.0));
        Rect { x, y, w: at(self.columns.1 + 1) - x, h: at(self.rows.1 + 1) - y }
    }
}

impl Cells {
    /// Nothing on a page without contrast.
    fn of(page: &Plane) -> Option<Self> {
        let (paper, contrast) = contrast(page)?;
        let (width, height) = (page.width as usize, page.height as usize);
        let (columns, rows) = (width.saturating_sub(REACH) / CELL, height.saturating_sub(REACH) / CELL);
        let mut own = vec![Cell::default(); columns * rows];
        for (row, cells) in own.chunks_mut(columns.max(1)).enumerate() {
            for y in row * CELL..(row + 1) * CELL {
                let (here, below) = (page.row(y as u32), page.row((y + REACH) as u32));
                for (at, cell) in cells.iter_mut().enumerate() {
                    let x = at * CELL;
                    let pixels = &here[x..x + CELL];
                    cell.dark += pixels.iter().map(|&p| u32::from(p)).sum::<u32>();
                    cell.along += apart(pixels, &here[x + REACH..x + REACH + CELL]);
                    cell.down += apart(pixels, &below[x..x + CELL]);
                }
            }
            let all = (CELL * CELL) as u32;
            let share = |sum: u32| sum * 100 / (all * contrast);
            for cell in cells {
                let dark = (paper * all).saturating_sub(cell.dark);
                *cell = Cell { dark: share(dark), along: share(cell.along), down: share(cell.down) };
            }
        }
        let near = neighbourhoods(&own, columns, rows);
        Some(Self { columns, rows, own, near })
    }

    fn is(&self, at: usize, looks: Looks) -> bool {
        let (own, near) = (self.own[at], self.near[at]);
        let lean = if near.dark >= 9 * DARKER { STACKED } else { LEAN };
        match looks {
            Looks::Upright => own.along >= BUSY && near.down * 100 <= near.along * lean,
            Looks::Lying => own.down >= BUSY && near.along * 100 <= near.down * lean,
            Looks::Modules => {
                let field = near.along.min(near.down) >= 9 * MIXED && DARK.contains(&(near.dark / 9));
                (field && near.is_even()) || self.is_strong(at)
            }
        }
    }

    /// Modules by itself: small symbols have no neighbours.
    fn is_strong(&self, at: usize) -> bool {
        let own = self.own[at];
        own.along.min(own.down) >= STRONG && own.is_even() && DARK.contains(&own.dark)
    }

    fn patch(&self, start: usize, open: &mut [bool]) -> Patch {
        let (row, column) = (start / self.columns, start % self.columns);
        let mut patch = Patch { count: 0, strong: 0, dark: 0, columns: (column, column), rows: (row, row) };
        let mut next = vec![start];
        open[start] = false;
        while let Some(at) = next.pop() {
            let (row, column) = (at / self.columns, at % self.columns);
            patch.count += 1;
            patch.strong += usize::from(self.is_strong(at));
            patch.dark += usize::from(self.near[at].dark >= 9 * DARKER);
            patch.columns = (patch.columns.0.min(column), patch.columns.1.max(column));
            patch.rows = (patch.rows.0.min(row), patch.rows.1.max(row));
            for row in row.saturating_sub(1)..(row + 2).min(self.rows) {
                for column in column.saturating_sub(1)..(column + 2).min(self.columns) {
                    let near = row * self.columns + column;
                    if open[near] {
                        open[near] = false;
                        next.push(near);
                    }
                }
            }
        }
        patch
    }
}

/// How far two rows of pixels are apart, summed up.
fn apart(these: &[u8], those: &[u8]) -> u32 {
    these.iter().zip(those).map(|(&a, &b)| u32::from(a.abs_diff(b))).sum()
}

/// Brightness of paper, and how much darker ink is: on an empty page a small symbol may be all of it.
fn contrast(page: &Plane) -> Option<(u32, u32)> {
    let mut counts = [0_usize; 256];
    let mut all = 0;
    for &pixel in page.pixels.iter().step_by(7) {
        counts[usize::from(pixel)] += 1;
        all += 1;
    }
    let at = |share: usize| {
        let mut below = 0;
        let reached = |count: &usize| {
            below += count;
            below * 100_000 > all * share
        };
        counts.iter().position(reached).unwrap_or(255) as u32
    };
    let (paper, ink) = (at(80_000), at(5));
    (paper >= ink + 8).then(|| (paper, paper - ink))
}

/// Each square with the eight around it; beyond the border is white.
fn neighbourhoods(cells: &[Cell], columns: usize, rows: usize) -> Vec<Cell> {
    let mut across = vec![Cell::default(); cells.len()];
    for (from, to) in cells.chunks(columns.max(1)).zip(across.chunks_mut(columns.max(1))) {
        for (column, to) in to.iter_mut().enumerate() {
            let near = &from[column.saturating_sub(1)..(column + 2).min(columns)];
            *to = near.iter().fold(Cell::default(), |sum, cell| sum.plus(*cell));
        }
    }
    let near = |at: usize| {
        let (row, column) = (at / columns, at % columns);
        (row.saturating_sub(1)..(row + 2).min(rows))
            .fold(Cell::default(), |sum, row| sum.plus(across[row * columns + column]))
    };
    (0..cells.len()).map(near).collect()
}
