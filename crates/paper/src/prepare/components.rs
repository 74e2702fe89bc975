//! Which pieces of ink hang together? One pass over the runs of ink; everything cheap is told from these.

use records::geometry::Rect;

use super::ink::Ink;
use super::plane::Plane;

/// One piece of connected ink (pixels touching at a side or a corner).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Component {
    pub place: Rect,
    /// Pixels of ink.
    pub area: u32,
}

impl Component {
    /// Ink in its box, 0 to 1.
    pub fn fill(&self) -> f32 {
        self.area as f32 / (self.place.w * self.place.h) as f32
    }
}

/// All pieces of a page, and of which runs they are made.
pub struct Components {
    pub list: Vec<Component>,
    runs: Vec<Run>,
}

#[derive(Clone, Copy)]
struct Run {
    y: u16,
    from: u16,
    to: u16,
    piece: u32,
}

impl Components {
    pub fn of(ink: &Ink) -> Self {
        let mut runs: Vec<Run> = Vec::new();
        let mut parents: Vec<u32> = Vec::new();
        let (mut above_from, mut above_to) = (0, 0);
        for y in 0..ink.height {
            let mut above = above_from;
            let first = runs.len();
            for (from, to) in ink.runs(y) {
                // Runs of the row above end before this one starts: they touch nothing to come either.
                while above < above_to && u32::from(runs[above].to) < from {
                    above += 1;
                }
                let mut piece = None;
                for touching in runs[above..above_to].iter().take_while(|run| u32::from(run.from) <= to) {
                    piece = Some(match piece {
                        None => root(&mut parents, touching.piece),
                        Some(piece) => join(&mut parents, piece, touching.piece),
                    });
                }
                let piece = piece.unwrap_or_else(|| {
                    parents.push(parents.len() as u32);
                    parents.len() as u32 - 1
                });
                runs.push(Run { y: y as u16, from: from as u16, to: to as u16, piece });
            }
            (above_from, above_to) = (first, runs.len());
        }
        Self::numbered(runs, &mut parents)
    }

    /// Gives joined pieces one number and sums them up.
    fn numbered(mut runs: Vec<Run>, parents: &mut [u32]) -> Self {
        let mut numbers = vec![u32::MAX; parents.len()];
        let mut list: Vec<Component> = Vec::new();
        for run in &mut runs {
            let root = root(parents, run.piece) as usize;
            let part = Rect { x: run.from.into(), y: run.y.into(), w: u32::from(run.to - run.from), h: 1 };
            if numbers[root] == u32::MAX {
                numbers[root] = list.len() as u32;
                list.push(Component { place: part, area: part.w });
            } else {
                let piece = &mut list[numbers[root] as usize];
                piece.place = piece.place.union(part);
                piece.area += part.w;
            }
            run.piece = numbers[root];
        }
        Self { list, runs }
    }

    /// Paints the picked pieces, by their place in the list, with the rim that scanning leaves around ink. The ink must
    /// be that of which they are the pieces.
    pub fn paint(&self, plane: &mut Plane, ink: &Ink, picked: &[bool], value: u8) {
        for run in self.runs.iter().filter(|run| picked[run.piece as usize]) {
            let (from, to) = (u32::from(run.from), u32::from(run.to));
            plane.row_mut(run.y.into())[from as usize..to as usize].fill(value);
            for y in u32::from(run.y).saturating_sub(1)..(u32::from(run.y) + 2).min(plane.height) {
                for x in from.saturating_sub(1)..(to + 1).min(plane.width) {
                    if !ink.at(x, y) {
                        plane.row_mut(y)[x as usize] = value;
                    }
                }
            }
        }
    }

    /// For each piece, how many of its stretches along rows end at other ink.
    pub fn touched(&self, other: &Ink) -> Vec<u32> {
        let mut touched = vec![0; self.list.len()];
        for run in &self.runs {
            let (before, after) =
                (u32::from(run.from).saturating_sub(1), u32::from(run.to).min(other.width - 1));
            let ends = [before, after].into_iter().filter(|&x| other.at(x, run.y.into()));
            touched[run.piece as usize] += ends.count() as u32;
        }
        touched
    }

    /// Paints the pieces that `gone` picks white on the picture they were found on, with their rim, and forgets them.
    pub fn erase(&mut self, plane: &mut Plane, ink: &Ink, gone: impl Fn(&Component) -> bool) {
        let gone: Vec<bool> = self.list.iter().map(gone).collect();
        self.paint(plane, ink, &gone, 255);
        let mut numbers = Vec::with_capacity(gone.len());
        let mut kept = 0;
        for &gone in &gone {
            numbers.push(kept);
            kept += u32::from(!gone);
        }
        let mut at = 0;
        self.list.retain(|_| {
            at += 1;
            !gone[at - 1]
        });
        self.runs.retain(|run| !gone[run.piece as usize]);
        self.runs.iter_mut().for_each(|run| run.piece = numbers[run.piece as usize]);
    }
}

fn root(parents: &mut [u32], mut piece: u32) -> u32 {
    while parents[piece as usize] != piece {
        parents[piece as usize] = parents[parents[piece as usize] as usize];
        piece = parents[piece as usize];
    }
    piece
}

fn join(parents: &mut [u32], a: u32, b: u32) -> u32 {
    let (a, b) = (root(parents, a), root(parents, b));
    parents[a.max(b) as usize] = a.min(b);
    a.min(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(rows: &[&str]) -> Plane {
        let pixels =
            rows.iter().flat_map(|row| row.bytes().map(|c| if c == b'#' { 0 } else { 255 })).collect();
        Plane { width: rows[0].len() as u32, height: rows.len() as u32, pixels }
    }

    #[test]
    fn arms_that_meet_further_down_are_one_piece() {
        let page = drawn(&["#...#..#", "#...#...", ".###....", "......##"]);
        let found = Components::of(&Ink::of(&page));
        let seen: Vec<_> = found.list.iter().map(|c| (c.place, c.area)).collect();
        assert_eq!(
            seen,
            [
                (Rect { x: 0, y: 0, w: 5, h: 3 }, 7),
                (Rect { x: 7, y: 0, w: 1, h: 1 }, 1),
                (Rect { x: 6, y: 3, w: 2, h: 1 }, 2),
            ]
        );
    }

    #[test]
    fn erasing_takes_the_piece_and_leaves_its_neighbours() {
        let mut page = drawn(&["#...##", "....##", "..#..."]);
        let ink = Ink::of(&page);
        let mut found = Components::of(&ink);
        found.erase(&mut page, &ink, |piece| piece.area == 1);
        assert_eq!(page, drawn(&["....##", "....##", "......"]));
        assert_eq!(found.list.len(), 1);
    }
}
