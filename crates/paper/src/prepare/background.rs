//! Where is the paper, and how bright is it? Shadows, yellowed paper and grey copies become white.

use super::ink::FAINTEST;
use super::plane::Plane;

/// Side of the squares in which the paper's brightness is taken, pixels: a few letters, never a whole picture.
const CELL: u32 = 32;
/// From here up a background counts as white and nothing is divided.
const WHITE: u8 = 245;
/// A square darker than this part of the page's paper is print (a black band, a photograph), not paper.
const PRINT: f32 = 0.6;
/// Pixels from here up are paper, not ink, after the division.
const PAPER: u8 = 170;
/// Threshold between ink and paper above which ink is faint.
const FAINT: u8 = 150;
/// Paper of which three quarters are brighter than this is left alone: the grey around blurred letters is no dirt,
/// and clipping clean scans upsets the engine's column finder.
const CLEAN: u8 = 245;

/// The page with its paper made white, as far as it needs it; `None` where the paper is white as it is.
pub fn whitened(plane: &Plane) -> Option<Plane> {
    let paper = Paper::of(plane);
    if paper.darkest() >= WHITE {
        return clipped(plane);
    }
    let even = paper.divided(plane);
    Some(clipped(&even).unwrap_or(even))
}

/// The page with its paper made even over wide stretches and nothing else: faint ink stays as faint as it is, and what
/// lies along a border stays a shadow.
pub fn evened(plane: &Plane) -> Plane {
    /// Squares on either side that a square is compared with: inches, where whitening looks at a few letters.
    const WIDE: usize = 8;
    let mut paper = Paper::seen(plane);
    paper.take_medians(WIDE);
    paper.divided(plane)
}

/// The page with its print as dark as print usually is, where all of it is so faint that a bound between ink and the
/// grain of paper would cut through its letters: thermal paper after some summers.
pub fn darkened(plane: &Plane) -> Option<Plane> {
    /// A tenth of a dense page is ink. What parts more of it parts the grain of paper.
    const DENSE: u64 = 5;
    const MIDDLE: u32 = 128;
    let histogram = super::ink::histogram(plane);
    let middle = super::ink::otsu(&histogram);
    let (ink, paper) = histogram.split_at(usize::from(middle));
    let is_print = ink.iter().sum::<u64>() * DENSE < paper.iter().sum::<u64>();
    if middle <= FAINTEST || middle == 255 || !is_print {
        return None;
    }
    let depth = 255 - u32::from(middle);
    let curve: Vec<u8> =
        (0..256_u32).map(|p| 255_u32.saturating_sub((255 - p) * (255 - MIDDLE) / depth) as u8).collect();
    Some(Plane { pixels: plane.pixels.iter().map(|&p| curve[usize::from(p)]).collect(), ..*plane })
}

/// Stretched so that all paper is white, where it is not nearly so.
fn clipped(plane: &Plane) -> Option<Plane> {
    let histogram = super::ink::histogram(plane);
    // Faint ink lies where other pages have their paper: clipping would make the page blank.
    if super::ink::otsu(&histogram) > FAINT {
        return None;
    }
    let paper = &histogram[usize::from(PAPER)..];
    let quarter = paper.iter().sum::<u64>() / 4;
    let mut darker = 0;
    let darkest_quarter = (PAPER..=255).zip(paper).find(|(_, count)| {
        darker += **count;
        darker > quarter
    })?;
    if darkest_quarter.0 > CLEAN {
        return None;
    }
    let curve: Vec<u8> = (0..256_u32).map(|p| (p * 255 / u32::from(PAPER)).min(255) as u8).collect();
    Some(Plane { pixels: plane.pixels.iter().map(|&p| curve[usize::from(p)]).collect(), ..*plane })
}

/// The paper's brightness, square by square.
struct Paper {
    columns: usize,
    rows: usize,
    cells: Vec<u8>,
}

impl Paper {
    fn of(plane: &Plane) -> Self {
        let mut paper = Self::seen(plane);
        paper.fill_print();
        paper.smooth();
        paper
    }

    fn seen(plane: &Plane) -> Self {
        let (columns, rows) = (plane.width.div_ceil(CELL), plane.height.div_ceil(CELL));
        let mut cells = Vec::with_capacity((columns * rows) as usize);
        let mut sample = Vec::with_capacity((CELL * CELL / 4) as usize);
        for (row, column) in (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column))) {
            sample.clear();
            let (left, right) = (column * CELL, ((column + 1) * CELL).min(plane.width));
            for y in (row * CELL..((row + 1) * CELL).min(plane.height)).step_by(2) {
                sample.extend(plane.row(y)[left as usize..right as usize].iter().step_by(2));
            }
            // Four fifths up: above all ink, below single bright specks.
            let at = sample.len() * 4 / 5;
            cells.push(*sample.select_nth_unstable(at).1);
        }
        Self { columns: columns as usize, rows: rows as usize, cells }
    }

    /// Each square becomes the median of those so near.
    fn take_medians(&mut self, near: usize) {
        let before = self.cells.clone();
        let mut window = Vec::with_capacity((2 * near + 1).pow(2));
        for at in 0..before.len() {
            let (row, column) = (at / self.columns, at % self.columns);
            window.clear();
            for y in row.saturating_sub(near)..(row + near + 1).min(self.rows) {
                let line = &before[y * self.columns..][..self.columns];
                window.extend_from_slice(
                    &line[column.saturating_sub(near)..(column + near + 1).min(self.columns)],
                );
            }
            let middle = window.len() / 2;
            self.cells[at] = *window.select_nth_unstable(middle).1;
        }
    }

    fn darkest(&self) -> u8 {
        self.cells.iter().copied().min().unwrap_or(255)
    }

    /// Squares of print take the brightness of the paper around them.
    fn fill_print(&mut self) {
        let mut sorted = self.cells.clone();
        let at = sorted.len() * 4 / 5;
        let level = f32::from(*sorted.select_nth_unstable(at).1);
        let mut known: Vec<bool> = self.cells.iter().map(|&cell| f32::from(cell) >= level * PRINT).collect();
        while known.contains(&false) {
            let before = known.clone();
            for at in (0..self.cells.len()).filter(|&at| !before[at]) {
                let (sum, count) = self
                    .around(at)
                    .filter(|&near| before[near])
                    .fold((0_u32, 0_u32), |(sum, count), near| {
                        (sum + u32::from(self.cells[near]), count + 1)
                    });
                if let Some(mean) = sum.checked_div(count) {
                    self.cells[at] = mean as u8;
                    known[at] = true;
                }
            }
            if known == before {
                break; // no paper at all
            }
        }
    }

    /// Each square becomes the mean of itself and its neighbours, so that letters leave no trace.
    fn smooth(&mut self) {
        let before = self.cells.clone();
        for at in 0..before.len() {
            let (sum, count) = self.around(at).fold((u32::from(before[at]), 1), |(sum, count), near| {
                (sum + u32::from(before[near]), count + 1)
            });
            self.cells[at] = (sum / count) as u8;
        }
    }

    fn around(&self, at: usize) -> impl Iterator<Item = usize> + use<> {
        let (columns, rows, row, column) = (self.columns, self.rows, at / self.columns, at % self.columns);
        (row.saturating_sub(1)..(row + 2).min(rows))
            .flat_map(move |y| {
                (column.saturating_sub(1)..(column + 2).min(columns)).map(move |x| y * columns + x)
            })
            .filter(move |&near| near != at)
    }

    /// Every pixel divided by the paper's brightness there, which runs smoothly from square to square.
    fn divided(&self, plane: &Plane) -> Plane {
        let quotients: Vec<u8> = (0..256_u32)
            .flat_map(|paper| (0..256_u32).map(move |p| (p * 255 / paper.max(1)).min(255) as u8))
            .collect();
        let mut even = Plane { pixels: Vec::with_capacity(plane.pixels.len()), ..*plane };
        let mut along = vec![0_i32; self.columns];
        for y in 0..plane.height {
            let (above, below, down) = between(y, self.rows);
            for (x, cell) in along.iter_mut().enumerate() {
                let cells = [self.cells[above * self.columns + x], self.cells[below * self.columns + x]];
                *cell = i32::from(cells[0]) * (256 - down) + i32::from(cells[1]) * down;
            }
            let row = plane.row(y);
            even.pixels.extend((0..plane.width).zip(row).map(|(x, &p)| {
                let (left, right, part) = between(x, self.columns);
                let paper = (along[left] * (256 - part) + along[right] * part) >> 16;
                quotients[paper as usize * 256 + usize::from(p)]
            }));
        }
        even
    }
}

/// The two squares a pixel lies between, by their centres, and how near it is to the second (of 256).
fn between(at: u32, squares: usize) -> (usize, usize, i32) {
    let from_first_centre = at.saturating_sub(CELL / 2);
    let first = ((from_first_centre / CELL) as usize).min(squares - 1);
    let part = if at < CELL / 2 { 0 } else { (from_first_centre % CELL) * 256 / CELL };
    (first, (first + 1).min(squares - 1), part as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Paper that darkens from left to right, with dark marks and a black band.
    fn shaded() -> Plane {
        let mut page = Plane::white(640, 640);
        for y in 0..640 {
            for (x, p) in page.row_mut(y).iter_mut().enumerate() {
                let paper = 240 - x / 6;
                let mark = x % 40 < 3 && y % 40 < 20;
                *p = if (300..420).contains(&y) || mark { paper / 5 } else { paper } as u8;
            }
        }
        page
    }

    #[test]
    fn shaded_paper_becomes_white_and_print_stays_dark() {
        let page = whitened(&shaded()).expect("shaded paper is worked on");
        let at = |x: usize, y: u32| page.row(y)[x];
        assert!(
            [20, 300, 620].iter().all(|&x| at(x, 150) > 235),
            "{:?}",
            [at(20, 150), at(300, 150), at(620, 150)]
        );
        assert!([1, 281, 601].iter().all(|&x| at(x, 125) < 90), "marks stay dark");
        assert!([20, 300, 620].iter().all(|&x| at(x, 360) < 100), "a black band is print, not paper");
    }

    #[test]
    fn a_clean_page_is_left_alone() {
        let mut page = Plane::white(200, 200);
        page.row_mut(50)[20..60].fill(0);
        assert!(whitened(&page).is_none());
    }

    #[test]
    fn faint_print_on_dirty_paper_is_not_washed_away() {
        let mut page = Plane::white(640, 640);
        for (i, p) in page.pixels.iter_mut().enumerate() {
            *p = 205 + (i * 7919 % 25) as u8;
        }
        (100..130).for_each(|y| page.row_mut(y)[100..160].fill(150));
        let page = whitened(&page).expect("grey paper is worked on");
        assert!(page.row(110)[120] < 190, "{}", page.row(110)[120]);
    }

    /// White paper with grain, and on it letters this much darker.
    fn faint(by: u8) -> Plane {
        let mut page = Plane::white(640, 640);
        page.pixels.iter_mut().enumerate().for_each(|(i, p)| *p -= (i * 7919 % 12) as u8);
        for y in (0..640).filter(|y| y % 40 < 20) {
            page.row_mut(y).iter_mut().filter(|p| **p > 200).step_by(10).for_each(|p| *p -= by);
        }
        page
    }

    #[test]
    fn print_that_is_hardly_there_becomes_dark() {
        let page = darkened(&faint(35)).expect("faint print");
        assert!(page.pixels.iter().filter(|&&p| p < 128).count() > 10_000);
        assert!(page.row(30).iter().all(|&p| p > 180), "paper stays paper");
        assert!(darkened(&faint(150)).is_none(), "dark enough");
        assert!(darkened(&faint(0)).is_none(), "grain is no print");
    }

    #[test]
    fn a_black_page_ends() {
        let page = Plane { width: 100, height: 100, pixels: vec![0; 10_000] };
        assert!(whitened(&page).is_some_and(|page| page.pixels.iter().all(|&p| p == 0)));
    }
}
