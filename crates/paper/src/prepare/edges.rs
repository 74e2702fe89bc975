//! Is there black beyond the paper? The lid of a copier, the bed of a scanner: the engine takes it for print.

use super::ink::Ink;
use super::plane::Plane;

/// Black beyond the paper reaches at most so far in, a share of the side.
const DEEP: f32 = 0.08;
/// And is at least so thick, pixels, along at least this share of the edge.
const THICK: u32 = 6;
const LONG: f32 = 0.1;
/// Grey rim around ink, pixels.
const RIM: u32 = 3;

/// Paints the black that touches an edge of the picture white, and says whether there was any.
pub fn whiten(plane: &mut Plane, ink: &Ink) -> bool {
    let (width, height) = (plane.width, plane.height);
    let across = (width as f32 * DEEP) as u32;
    let left = edge((0..height).map(|y| reach(across, |x| ink.at(x, y))));
    let right = edge((0..height).map(|y| reach(across, |x| ink.at(width - 1 - x, y))));
    for (y, reached) in (0..).zip(&left).filter(|(_, reached)| **reached > 0) {
        plane.row_mut(y)[..(reached + RIM).min(width) as usize].fill(255);
    }
    for (y, reached) in (0..).zip(&right).filter(|(_, reached)| **reached > 0) {
        plane.row_mut(y)[width.saturating_sub(reached + RIM) as usize..].fill(255);
    }
    // In the corners what was black from the side no longer is.
    let down = (height as f32 * DEEP) as u32;
    let is_ink = |x: u32, y: u32| ink.at(x, y) && plane.row(y)[x as usize] < 255;
    let top = edge((0..width).map(|x| reach(down, |y| is_ink(x, y))));
    let bottom = edge((0..width).map(|x| reach(down, |y| is_ink(x, height - 1 - y))));
    for (x, &reached) in top.iter().enumerate().filter(|(_, reached)| **reached > 0) {
        (0..(reached + RIM).min(height)).for_each(|y| plane.row_mut(y)[x] = 255);
    }
    for (x, &reached) in bottom.iter().enumerate().filter(|(_, reached)| **reached > 0) {
        (height.saturating_sub(reached + RIM)..height).for_each(|y| plane.row_mut(y)[x] = 255);
    }
    [left, right, top, bottom].iter().any(|side| !side.is_empty())
}

/// How far ink goes in from an edge without a gap; 0 where it goes on beyond what can lie outside the paper.
fn reach(most: u32, is_ink: impl Fn(u32) -> bool) -> u32 {
    (0..=most).find(|&at| !is_ink(at)).unwrap_or(0)
}

/// How far the black reaches in along one edge; nothing where it is no more than a rule or a letter.
fn edge(reached: impl Iterator<Item = u32>) -> Vec<u32> {
    let reached: Vec<u32> = reached.collect();
    let thick = reached.iter().filter(|&&reached| reached >= THICK).count();
    if thick as f32 >= LONG * reached.len() as f32 { reached } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bed_of_the_scanner_goes_and_print_stays() {
        let mut page = Plane::white(1000, 1400);
        for y in 0..1400 {
            page.row_mut(y)[..40 + y as usize / 50].fill(10);
        }
        (1380..1400).for_each(|y| page.row_mut(y).fill(10));
        (300..330).for_each(|y| page.row_mut(y)[200..216].fill(0));
        let ink = Ink::of(&page);
        assert!(whiten(&mut page, &ink));
        assert_eq!(page.pixels.iter().filter(|&&p| p < 128).count(), 30 * 16);
    }

    #[test]
    fn a_band_across_the_page_and_rules_to_its_edge_are_print() {
        let mut page = Plane::white(1000, 1400);
        (100..180).for_each(|y| page.row_mut(y).fill(20));
        (300..303).for_each(|y| page.row_mut(y).fill(0));
        let before = page.clone();
        let ink = Ink::of(&page);
        assert!(!whiten(&mut page, &ink));
        assert_eq!(page, before);
    }
}
