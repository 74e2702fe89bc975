//! Which marks on a page did nobody make? Shadows of the feeder, punched holes, folds, a staple.

use records::geometry::Rect;

use crate::prepare::components::Component;
use crate::prepare::ink::Ink;

/// A border's shadow reaches this far in, inches, whatever its form.
const RIM: f32 = 0.05;
/// Ink further in than this, inches, is no part of a shadow that runs around the page.
const FRAME: f32 = 0.45;
/// Thickest line of a fold or a staple, inches.
const LINE: f32 = 0.045;
/// How far a straight line may stray, inches.
const STRAY: f32 = 0.015;
/// A fold runs across so much of the page.
const ACROSS: f32 = 0.5;

/// The pieces of ink of a page.
pub(super) struct Marks<'p> {
    ink: &'p Ink,
    pieces: &'p [Component],
    dpi: f32,
}

impl<'p> Marks<'p> {
    pub(super) const fn of(ink: &'p Ink, pieces: &'p [Component], dpi: u32) -> Self {
        Self { ink, pieces, dpi: dpi as f32 }
    }

    /// Those that are not known to be nothing.
    pub(super) fn left(&self) -> Vec<Component> {
        let others = self.pieces.iter().filter(|piece| {
            !self.is_shadow(piece) && !self.is_frame(piece) && !self.is_hole(piece) && !self.is_staple(piece)
        });
        let mut left: Vec<Component> = others.copied().collect();
        self.without_folds(&mut left, |place| place);
        // The same page on its side.
        self.without_folds(&mut left, |Rect { x, y, w, h }| Rect { x: y, y: x, w: h, h: w });
        left
    }

    fn inches(&self, pixels: u32) -> f32 {
        pixels as f32 / self.dpi
    }

    /// How far the piece is from the left, top, right and bottom border, pixels.
    fn gaps(&self, place: Rect) -> [u32; 4] {
        let (width, height) = (self.ink.width, self.ink.height);
        [place.x, place.y, width.saturating_sub(place.right()), height.saturating_sub(place.bottom())]
    }

    /// Along a border, or filling a corner.
    fn is_shadow(&self, piece: &Component) -> bool {
        let gaps = self.gaps(piece.place).map(|gap| self.inches(gap) < 0.01);
        let (w, h) = (self.inches(piece.place.w), self.inches(piece.place.h));
        let lies_along = |along: f32, deep: f32| {
            deep <= RIM
                || (along >= 1.0
                    && along >= 4.0 * deep
                    && piece.fill() >= if deep <= 0.8 { 0.25 } else { 0.4 })
        };
        let [left, top, right, bottom] = gaps;
        let corner = (left || right) && (top || bottom) && w.max(h) < 2.5 && piece.fill() > 0.4;
        corner || ((left || right) && lies_along(h, w)) || ((top || bottom) && lies_along(w, h))
    }

    /// Around the page: touches two borders and more, and nothing of it lies further in.
    fn is_frame(&self, piece: &Component) -> bool {
        let touched = self.gaps(piece.place).iter().filter(|&&gap| self.inches(gap) < 0.01).count();
        if touched < 2 {
            return false;
        }
        let rim = (FRAME * self.dpi) as u32;
        let (right, bottom) = (self.ink.width.saturating_sub(rim), self.ink.height.saturating_sub(rim));
        let inner: u64 = (rim..bottom)
            .flat_map(|y| self.ink.runs(y))
            .map(|(from, to)| u64::from(to.min(right).saturating_sub(from.max(rim))))
            .sum();
        let whole = |place: Rect| {
            place.x >= rim && place.y >= rim && place.right() <= right && place.bottom() <= bottom
        };
        let others: u64 =
            self.pieces.iter().filter(|other| whole(other.place)).map(|other| u64::from(other.area)).sum();
        inner <= others
    }

    /// A filled disc near an edge.
    fn is_hole(&self, piece: &Component) -> bool {
        let (w, h) = (self.inches(piece.place.w), self.inches(piece.place.h));
        let edge =
            self.gaps(piece.place).map(|gap| self.inches(gap)).into_iter().fold(f32::INFINITY, f32::min);
        w.max(h) < 1.25 * w.min(h)
            && (0.15..0.4).contains(&w)
            && (0.7..0.88).contains(&piece.fill())
            && edge < 0.7
    }

    /// A straight bar near a corner, as long as staples are and longer than a written 1.
    fn is_staple(&self, piece: &Component) -> bool {
        let [left, top, right, bottom] = self.gaps(piece.place).map(|gap| self.inches(gap));
        let long = self.inches(piece.place.w).hypot(self.inches(piece.place.h));
        left.min(right) < 0.8 && top.min(bottom) < 0.8 && (0.36..0.6).contains(&long) && self.is_line(piece)
    }

    /// One straight thin line: a single run of ink in every row (or column), their middles in one line.
    fn is_line(&self, piece: &Component) -> bool {
        let place = piece.place;
        let long = (place.w as f32).hypot(place.h as f32);
        if piece.area as f32 / long > LINE * self.dpi {
            return false;
        }
        let lies = place.w >= place.h;
        let (from, to) = if lies { (place.x, place.right()) } else { (place.y, place.bottom()) };
        let (low, high) = if lies { (place.y, place.bottom()) } else { (place.x, place.right()) };
        let ink = |along: u32, across: u32| {
            if lies { self.ink.at(along, across) } else { self.ink.at(across, along) }
        };
        let mut middles = Vec::with_capacity((to - from) as usize);
        for along in from..to {
            let inked: Vec<u32> = (low..high).filter(|&across| ink(along, across)).collect();
            let (Some(&first), Some(&last)) = (inked.first(), inked.last()) else { return false };
            middles.push((first + last) as f32 / 2.0);
        }
        let stray = (STRAY * self.dpi).max(2.0);
        let (start, step) = fitted(&middles);
        let off = |(at, middle): &(usize, &f32)| (start + step * *at as f32 - **middle).abs() > stray;
        // A fleck of grey at its side may hang on it.
        middles.iter().enumerate().filter(off).count() * 10 <= middles.len()
    }

    /// Takes away pieces that lie one behind the other in a thin line across the page. `lying` turns a vertical
    /// line into one that lies.
    fn without_folds(&self, pieces: &mut Vec<Component>, lying: impl Fn(Rect) -> Rect) {
        let page = lying(Rect { x: 0, y: 0, w: self.ink.width, h: self.ink.height });
        let thin = |piece: &Component| {
            let place = lying(piece.place);
            piece.area as f32 <= LINE * self.dpi * place.w as f32
                && place.w as f32 >= 0.03 * self.dpi
                && place.h as f32 <= LINE * self.dpi + 0.04 * place.w as f32
        };
        let parts: Vec<Rect> =
            pieces.iter().filter(|piece| thin(piece)).map(|piece| lying(piece.place)).collect();
        let (Some(left), Some(right)) =
            (parts.iter().min_by_key(|part| part.x), parts.iter().max_by_key(|part| part.right()))
        else {
            return;
        };
        let middle = |part: &Rect| (part.x as f32 + part.w as f32 / 2.0, part.y as f32 + part.h as f32 / 2.0);
        let ((x0, y0), (x1, y1)) = (middle(left), middle(right));
        let slope = if x1 > x0 { (y1 - y0) / (x1 - x0) } else { 0.0 };
        let stray = (2.0 * STRAY * self.dpi).max(2.0);
        let in_line = |part: &Rect| {
            let (x, y) = middle(part);
            (y0 + slope * (x - x0) - y).abs() <= stray + part.h as f32 / 2.0
        };
        let spans = (right.right() - left.x) as f32 >= ACROSS * page.w as f32;
        let inked: u32 = parts.iter().filter(|part| in_line(part)).map(|part| part.w).sum();
        if slope.abs() < 0.05 && spans && inked as f32 >= 0.2 * ACROSS * page.w as f32 {
            pieces.retain(|piece| !(thin(piece) && in_line(&lying(piece.place))));
        }
    }
}

/// The straight line through values at 0, 1, 2, …: where it starts, and its step (least squares).
fn fitted(values: &[f32]) -> (f32, f32) {
    let n = values.len() as f32;
    let (mean_at, mean) = ((n - 1.0) / 2.0, values.iter().sum::<f32>() / n);
    let at = |i: usize| i as f32 - mean_at;
    let across: f32 = values.iter().enumerate().map(|(i, value)| at(i) * (value - mean)).sum();
    let along: f32 = (0..values.len()).map(|i| at(i).powi(2)).sum();
    let step = if along > 0.0 { across / along } else { 0.0 };
    (mean - step * mean_at, step)
}
