//! Is the page covered with noise? An engine given such a page as it is works for minutes.

use super::components::Components;
use super::ink::Ink;
use super::plane::Plane;

/// Ink of at most this many pixels is a speck.
const SPECK: u32 = 12;
/// More specks than this are noise. The busiest real page seen has 12,020.
const NOISE: usize = 30_000;
/// Pieces that may be left; heavy noise clumps, and its clumps go too.
const LEFT: usize = 25_000;

/// Removes the specks of a noisy page from picture and pieces; a page that is not noisy is left alone.
/// Says whether it was.
pub fn remove(plane: &mut Plane, ink: &Ink, pieces: &mut Components) -> bool {
    let specks = pieces.list.iter().filter(|piece| piece.area <= SPECK).count();
    if specks <= NOISE {
        return false;
    }
    pieces.erase(plane, ink, |piece| piece.area <= SPECK);
    let mut clump = SPECK * 2;
    while pieces.list.len() > LEFT && clump <= SPECK * 64 {
        pieces.erase(plane, ink, |piece| piece.area <= clump);
        clump *= 2;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page with single black pixels on every `nth` place, and one letter-sized block.
    fn speckled(nth: usize) -> Plane {
        let mut page = Plane::white(1000, 1000);
        page.pixels.iter_mut().step_by(nth).for_each(|p| *p = 0);
        (500..530).for_each(|y| page.row_mut(y)[500..520].fill(0));
        page
    }

    #[test]
    fn noise_goes_and_a_letter_stays() {
        let mut page = speckled(17);
        let ink = Ink::of(&page);
        let mut pieces = Components::of(&ink);
        assert!(remove(&mut page, &ink, &mut pieces));
        assert_eq!(pieces.list.len(), 1);
        assert!(page.pixels.iter().filter(|&&p| p == 0).count() < 800);
    }

    #[test]
    fn dots_of_an_ordinary_page_are_kept() {
        let mut page = speckled(997);
        let before = page.clone();
        let ink = Ink::of(&page);
        let mut pieces = Components::of(&ink);
        assert!(!remove(&mut page, &ink, &mut pieces));
        assert_eq!(page, before);
    }
}
