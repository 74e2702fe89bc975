//! How many dots an inch are these, really? Files lie: most pages that say 96 are not.

use records::geometry::Rect;

use crate::raster::Raster;

/// Longest side of paper that is believed, inches. Whoever is above it has the resolution wrong.
const LONGEST: f32 = 24.0;
/// And the shortest long side: a wristband, a label.
const SHORTEST: f32 = 1.5;
/// A page whose file says nothing is taken for letter paper.
const LETTER: f32 = 11.0;
/// Above this a page is shrunk before reading: print is large enough at 300, and time is saved.
const ENOUGH: f32 = 330.0;
const WORKING: f32 = 300.0;
/// Grey pages below this are enlarged to that: letters of five grey pixels are none once they are ink or paper.
/// Finer pages gain nothing, nor do pages that are ink and paper already.
const COARSE: f32 = 120.0;
const ENLARGED: f32 = 216.0;
/// Sides of a pixel that differ by more than this are not square: a fax.
const SQUARE: f32 = 1.1;

/// What resolution a square-pixel page has, and what its file said before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Resolution {
    /// Of the frame, dots per inch.
    pub dpi: u32,
    /// As the file states it.
    pub native: Option<[u32; 2]>,
    /// The file's pixels were not square.
    pub fax: bool,
}

impl Resolution {
    /// `stated` is what the file says, `frame` the page with square pixels.
    pub fn of(stated: Option<[f32; 2]>, frame: &Raster) -> Self {
        let stated = stated.filter(|dpi| dpi.iter().all(|d| d.is_finite() && *d >= 1.0));
        let long_side = frame.width.max(frame.height) as f32;
        let believed =
            stated.map(|[x, y]| x.max(y)).filter(|&dpi| (SHORTEST..=LONGEST).contains(&(long_side / dpi)));
        let dpi = believed.unwrap_or(long_side / LETTER).round().max(1.0) as u32;
        let fax = stated.is_some_and(|[x, y]| x.max(y) > x.min(y) * SQUARE);
        Self { dpi, native: stated.map(|dpi| dpi.map(|d| d.round() as u32)), fax }
    }

    /// How many times the frame is shrunk for reading; 1 where it is not, below 1 where it is enlarged.
    pub fn shrink(&self, bilevel: bool) -> f32 {
        let dpi = self.dpi as f32;
        if dpi > ENOUGH {
            dpi / WORKING
        } else if dpi < COARSE && !bilevel {
            (dpi / ENLARGED).max(1.0 / 3.0)
        } else {
            1.0
        }
    }
}

/// A box of a shrunk or enlarged page in pixels of the frame, cut at its borders.
pub fn enlarged(place: Rect, by: f32, frame: &Raster) -> Rect {
    if by == 1.0 {
        return place;
    }
    let at = |pixels: u32, size: u32| ((pixels as f32 * by).round() as u32).min(size);
    let (x, y) = (at(place.x, frame.width - 1), at(place.y, frame.height - 1));
    let (right, bottom) = (at(place.right(), frame.width), at(place.bottom(), frame.height));
    Rect { x, y, w: right.saturating_sub(x).max(1), h: bottom.saturating_sub(y).max(1) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::Pixels;

    fn page(width: u32, height: u32) -> Raster {
        Raster { width, height, pixels: Pixels::Ink(Vec::new()), dpi: None }
    }

    #[test]
    fn letter_paper_that_says_96_is_not_believed() {
        let told = Resolution::of(Some([96.0, 96.0]), &page(2550, 3300));
        assert_eq!((told.dpi, told.native, told.fax), (300, Some([96, 96]), false));
    }

    #[test]
    fn a_fax_is_as_fine_as_its_finer_side() {
        let fax = Resolution::of(Some([204.0, 98.0]), &page(1728, 2200));
        assert_eq!((fax.dpi, fax.native, fax.fax), (204, Some([204, 98]), true));
        assert_eq!(fax.shrink(false), 1.0);
    }

    #[test]
    fn nonsense_is_no_resolution() {
        assert_eq!(Resolution::of(Some([0.0, f32::NAN]), &page(1700, 2200)).native, None);
    }

    #[test]
    fn fine_pages_are_shrunk_and_places_come_back() {
        let fine = Resolution::of(Some([600.0, 600.0]), &page(5100, 6600));
        assert_eq!(fine.shrink(true), 2.0);
        let coarse = Resolution::of(None, &page(540, 792));
        assert_eq!((coarse.shrink(false), coarse.shrink(true)), (1.0 / 3.0, 1.0));
        let place = enlarged(Rect { x: 10, y: 20, w: 30, h: 2000 }, 2.0, &page(70, 3000));
        assert_eq!(place, Rect { x: 20, y: 40, w: 50, h: 2960 });
    }
}
