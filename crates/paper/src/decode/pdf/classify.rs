//! Is this page one scanned picture that can be taken out as it is?

use hayro_interpret::hayro_syntax::object::ObjectIdentifier;
use hayro_interpret::kurbo::{Affine, Rect};

use super::scene::Scene;
use crate::raster::Orientation;

/// Share of the page the picture must cover.
const COVERED: f64 = 0.95;
/// Points by which something may stick out from under the picture.
const HAIR: f64 = 0.5;

/// The one picture of a page, and how it lies there. Lengths in points of the page as shown.
pub(super) struct Single {
    pub(super) id: ObjectIdentifier,
    pub(super) orientation: Orientation,
    pub(super) place: Rect,
    /// The part inside the page and its clip.
    pub(super) shown: Rect,
    pub(super) stencil: bool,
}

/// The one picture a page consists of: nothing beside it, nothing on it but text nobody sees, lying straight.
pub(super) fn single(scene: &Scene) -> Option<Single> {
    let drawn = scene.image.as_ref()?;
    let covers = drawn.shown.area() >= COVERED * scene.page.area();
    let beside = scene.under.is_some_and(|under| !drawn.shown.inflate(HAIR, HAIR).contains_rect(under));
    // A stencil lets what is under it shine through.
    let beneath = drawn.stencil && scene.under.is_some();
    if scene.images != 1 || !drawn.plain || !covers || beside || beneath || scene.over {
        return None;
    }
    let orientation = orientation(drawn.transform, drawn.place)?;
    Some(Single {
        id: drawn.id?,
        orientation,
        place: drawn.place,
        shown: drawn.shown,
        stencil: drawn.stencil,
    })
}

/// Of a picture whose rows lie straight: to within one pixel from one end to the other.
fn orientation(transform: Affine, place: Rect) -> Option<Orientation> {
    let [a, b, c, d, ..] = transform.as_coeffs();
    let straight = |along: f64, off: f64, length: f64| off.abs() * length <= along.abs() * along.abs();
    if straight(a, b, place.width()) && straight(d, c, place.height()) {
        Some(Orientation { transposed: false, mirrored: a < 0.0, upended: d < 0.0 })
    } else if straight(c, d, place.width()) && straight(b, a, place.height()) {
        Some(Orientation { transposed: true, mirrored: c < 0.0, upended: b < 0.0 })
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(coefficients: [f64; 6]) -> Option<Orientation> {
        let transform = Affine::new(coefficients);
        orientation(transform, transform.transform_rect_bbox(Rect::new(0.0, 0.0, 2550.0, 3300.0)))
    }

    #[test]
    fn a_straight_picture_is_taken_and_a_skewed_one_is_not() {
        let points = 72.0 / 300.0;
        assert_eq!(of([points, 0.0, 0.0, points, 0.0, 0.0]), Some(Orientation::of_tag(1)));
        assert_eq!(of([0.0, points, -points, 0.0, 0.0, 0.0]), Some(Orientation::of_tag(6)));
        assert_eq!(of([points, 0.01, -0.01, points, 0.0, 0.0]), None);
        assert_eq!(of([points, 1e-6, 0.0, points, 0.0, 0.0]), Some(Orientation::of_tag(1)));
    }
}
