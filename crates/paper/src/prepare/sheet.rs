//! What do the cheap looks tell about a page before any engine sees it?

use records::geometry::{Rect, Turn};

use super::components::{Component, Components};
use super::ink::Ink;
use super::plane::Plane;
use super::text_size::{dpi_to_tell, text_like, x_height};
use super::{background, descreen, deskew, dust, edges, shades, smooth, specks, streaks};

/// Small letters are taken to be this high where it cannot be told, pixels.
const USUAL: u32 = 20;
/// Ink in the box of a black band with white print in it; words whose letters touch have less.
const BAND: f32 = 0.55;

/// Scraps for each letter from which strokes are broken. Dots and stops of sound print are one to six letters.
const BROKEN: f32 = 0.45;

/// A page prepared for reading, with what is known of its ink.
pub struct Sheet {
    /// Paper white, noise gone.
    pub plane: Plane,
    pub ink: Ink,
    pub pieces: Vec<Component>,
    /// Height of small letters, pixels; `None` where there are too few.
    pub x_height: Option<u32>,
    /// Speckled with noise, which was removed.
    pub noisy: bool,
    /// Grey was printed or scanned as dots, which were blurred.
    pub screened: bool,
    /// Difference between paper and ink, 0 to 255; 255 on pages of ink and white only.
    pub contrast: u8,
    /// Where from the left a line of dirt ran down the page before it was cleaned, pixels.
    pub dropout: Option<u32>,
    /// Scanned as ink and white, so that edges are stairs. Whoever knows the scan says so.
    pub hard: bool,
    /// What lies under stamps and marker pens, of a page in colour (see [`super::stamps`]).
    pub under: Option<Plane>,
}

impl Sheet {
    /// `bilevel` says that the page has only ink and white: there is no paper to whiten.
    pub fn of(plane: Plane, bilevel: bool) -> Self {
        let mut plane = plane;
        let mut contrast = 255;
        if !bilevel {
            contrast = contrast_of(&plane);
            if let Some(white) = background::whitened(&plane) {
                plane = white;
            }
        }
        let mut ink = Ink::of(&plane);
        let screened = descreen::blur_screens(&mut plane, &ink);
        if shades::lift(&mut plane) || screened {
            ink = Ink::of(&plane);
        }
        let mut pieces = Components::of(&ink);
        let noisy = specks::remove(&mut plane, &ink, &mut pieces);
        if noisy {
            return Self { noisy, screened, contrast, ..Self::seen(plane) };
        }
        let x_height = x_height(&pieces.list);
        Self {
            plane,
            ink,
            pieces: pieces.list,
            x_height,
            noisy,
            screened,
            contrast,
            dropout: None,
            hard: false,
            under: None,
        }
    }

    /// Ink and pieces of a picture that needs nothing done to it.
    fn seen(plane: Plane) -> Self {
        let ink = Ink::of(&plane);
        let pieces = Components::of(&ink).list;
        let x_height = x_height(&pieces);
        Self {
            plane,
            ink,
            pieces,
            x_height,
            noisy: false,
            screened: false,
            contrast: 255,
            dropout: None,
            hard: false,
            under: None,
        }
    }

    /// With faint print made as dark as print is elsewhere.
    pub fn darkened(self) -> Self {
        match background::darkened(&self.plane) {
            Some(plane) => Self { plane, ..self }.seen_again(),
            None => self,
        }
    }

    /// Without what lies beyond the paper, streaks and dust, but for what may belong to a symbol.
    pub fn cleaned(mut self, symbol: impl Fn((u32, u32)) -> bool) -> Self {
        self.dropout = streaks::dropout(&self.ink, (self.letter_height() / 2).max(4));
        let edged = edges::whiten(&mut self.plane, &self.ink);
        let streaked = streaks::bridge(&mut self.plane, &self.ink);
        if edged || streaked {
            self = self.seen_again();
        }
        let Self { plane, ink, pieces, x_height, .. } = &mut self;
        let dusty = x_height.is_some_and(|size| dust::remove(plane, ink, pieces, size, symbol));
        if dusty { self.seen_again() } else { self }
    }

    fn seen_again(self) -> Self {
        let Self { plane, noisy, screened, contrast, dropout, hard, under, .. } = self;
        Self { noisy, screened, contrast, dropout, hard, under, ..Self::seen(plane) }
    }

    /// Turned clockwise.
    pub fn turned(self, turn: Turn) -> Self {
        if turn == Turn::None {
            return self;
        }
        let dropout = match turn {
            Turn::Half => self.dropout.map(|x| self.plane.width - 1 - x),
            _ => None, // it lies across the page now
        };
        let under = self.under.map(|under| under.turned(turn));
        Self { plane: self.plane.turned(turn), under, dropout, ..self }.seen_again()
    }

    /// The picture in which print reads best: without stamps over it, stairs rounded, broken strokes joined; `None`
    /// where that is the plane.
    pub fn clearest(&self) -> Option<Plane> {
        if let Some(under) = &self.under {
            let mut plane = self.plane.clone();
            plane.pixels.iter_mut().zip(&under.pixels).for_each(|(p, &under)| *p = (*p).max(under));
            return Some(plane);
        }
        match (self.hard, self.is_broken()) {
            (true, true) => Some(smooth::rounded(&smooth::thickened(&self.plane))),
            (true, false) => Some(smooth::rounded(&self.plane)),
            (false, _) => None,
        }
    }

    /// With its lines made level that fall to the right by so many degrees.
    pub fn straightened(&self, degrees: f32) -> Self {
        let plane = deskew::straightened(&self.plane, degrees);
        let Self { noisy, screened, contrast, x_height, dropout, hard, .. } = *self;
        let under = self.under.as_ref().map(|under| deskew::straightened(under, degrees));
        Self { noisy, screened, contrast, x_height, dropout, hard, under, ..Self::seen(plane) }
    }

    /// With so many places painted white, and the pieces forgotten that fill them.
    pub fn without(&self, places: &[Rect]) -> Self {
        let mut plane = self.plane.clone();
        let gone = |rect: &Rect| rect.grown(1); // the grey rim that scanning leaves around ink
        for place in places.iter().map(gone) {
            for y in place.y..place.bottom().min(plane.height) {
                let right = place.right().min(plane.width) as usize;
                plane.row_mut(y)[place.x as usize..right].fill(255);
            }
        }
        let pieces = self.pieces.iter().filter(|piece| !places.contains(&piece.place)).copied().collect();
        let Self { noisy, screened, contrast, x_height, dropout, hard, .. } = *self;
        let under = self.under.clone();
        Self {
            ink: self.ink.clone(),
            plane,
            pieces,
            x_height,
            noisy,
            screened,
            contrast,
            dropout,
            hard,
            under,
        }
    }

    /// Without the pieces whose middle lies in a symbol: modules are no letters, and have another size.
    pub fn leave_out(&mut self, symbol: impl Fn((u32, u32)) -> bool) {
        self.pieces.retain(|piece| !symbol(piece.place.centre()));
        self.x_height = x_height(&self.pieces);
    }

    /// Whether letters fall to pieces: copies of copies, and faxes.
    fn is_broken(&self) -> bool {
        let least = self.letter_height() * 3 / 4;
        let is_scrap = |piece: &&Component| piece.area >= 4 && piece.place.w < least && piece.place.h < least;
        let scraps = self.pieces.iter().filter(is_scrap).count();
        self.x_height.is_some() && scraps as f32 > BROKEN * self.letters().len() as f32
    }

    /// Boxes of the pieces that could be letters, without the dots of i's.
    pub fn letters(&self) -> Vec<Rect> {
        let least = self.x_height.unwrap_or(0) / 2;
        let letters = self.pieces.iter().filter(|piece| text_like(piece) && piece.place.h >= least);
        letters.map(|piece| piece.place).collect()
    }

    pub fn size(&self) -> (u32, u32) {
        (self.plane.width, self.plane.height)
    }

    /// Height of small letters, or what it usually is.
    pub fn letter_height(&self) -> u32 {
        self.x_height.unwrap_or(USUAL)
    }

    /// Whether any ink lies in a place.
    pub fn holds_ink(&self, place: Rect) -> bool {
        self.pieces.iter().any(|piece| piece.place.overlap(place) > 0)
    }

    /// Whether there are black bands that may hold white print.
    pub fn has_bands(&self) -> bool {
        let small = self.letter_height();
        let is_band = |piece: &Component| {
            let (w, h) = (piece.place.w, piece.place.h);
            h > small * 3 / 2 && w > 3 * small && piece.fill() > BAND
        };
        self.pieces.iter().any(is_band)
    }

    /// The resolution to tell the engine.
    pub fn dpi_to_tell(&self) -> u32 {
        dpi_to_tell(self.x_height)
    }
}

/// Between the paper and the darkest five-thousandth of the page: a line of print.
fn contrast_of(plane: &Plane) -> u8 {
    let histogram = super::ink::histogram(plane);
    let all: u64 = histogram.iter().sum();
    let value_at = |share: f64| {
        let mut below = 0;
        (0_u8..=255)
            .zip(&histogram)
            .find(|(_, count)| {
                below += **count;
                below as f64 >= all as f64 * share
            })
            .map_or(255, |(value, _)| value)
    };
    value_at(0.8).saturating_sub(value_at(0.0002))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dirt_on_the_glass_is_told_though_it_was_taken_away() {
        let mut page = Plane::white(900, 1000);
        (0..1000).for_each(|y| page.row_mut(y)[300..303].fill(0));
        let cleaned = Sheet::of(page, true).cleaned(|_| false);
        assert_eq!((cleaned.dropout, cleaned.ink.share(0.0)), (Some(301), 0.0));
        assert_eq!(cleaned.turned(Turn::Half).dropout, Some(598));
    }
}
