//! What is on the pages of a PDF?
//!
//! A page that is one scanned picture is taken out as it is, at its own resolution; others are rendered. Both ways
//! begin with one run over what the page paints ([`scene`]), which also gives the words the file carries.

use std::cell::OnceCell;
use std::fs::File;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro_interpret::InterpreterCache;
use hayro_interpret::kurbo::Affine;
use hayro_syntax::object::{Object, Stream};
use hayro_syntax::page::{Page, Rotation};
use hayro_syntax::{Pdf, PdfData};
use records::geometry::Turn;
use records::reading::{Fault, FaultCode, Survey};

use super::{DecodedPage, Limits, Original};
use crate::raster::Raster;

mod bilevel;
mod classify;
mod codec;
mod image;
mod render;
mod scene;
mod sizes;
mod survey;
#[cfg(test)]
mod tests;
mod text;

/// Pages after which the file is parsed again: the parser keeps every page's operators for as long as it lives.
const PAGES_A_PARSE: u32 = 64;

/// Opens a PDF. The file is held in memory; its pages are decoded one at a time.
///
/// # Errors
/// [`FaultCode::Encrypted`] where a password is missing, [`FaultCode::Empty`] for no pages, [`FaultCode::Damaged`]
/// where no page can be made out, [`FaultCode::TooLarge`] where memory does not hold the file.
pub fn open(file: File, limits: &Limits) -> Result<Box<dyn Original>, Fault> {
    let data = PdfData::from(bytes(file)?);
    let pdf = survey::load(data)?;
    Ok(Box::new(Opened { pdf, survey: OnceCell::new(), limits: *limits, since_parse: 0 }))
}

fn bytes(mut file: File) -> Result<Vec<u8>, Fault> {
    let unread = |_| Fault::new(FaultCode::Damaged, "it could not be read to its end");
    let size = file.metadata().map_err(unread)?.len();
    let mut bytes = Vec::new();
    if usize::try_from(size).map_or(true, |size| bytes.try_reserve_exact(size + 1).is_err()) {
        let detail = format!("the file has {} million bytes, more than memory holds", size / 1_000_000);
        return Err(Fault::new(FaultCode::TooLarge, detail));
    }
    file.read_to_end(&mut bytes).map_err(unread)?;
    Ok(bytes)
}

struct Opened {
    pdf: Pdf,
    /// Made when asked for: counting again takes longer than decoding a page.
    survey: OnceCell<Survey>,
    limits: Limits,
    since_parse: u32,
}

impl Original for Opened {
    fn survey(&self) -> &Survey {
        self.survey.get_or_init(|| survey::survey(&self.pdf))
    }

    fn page(&mut self, index: u32) -> Result<DecodedPage, Fault> {
        if self.since_parse == PAGES_A_PARSE {
            self.pdf = survey::load(self.pdf.data().clone())?;
            self.since_parse = 0;
        }
        self.since_parse += 1;
        let number = index + 1;
        let unreadable = |detail: String| Fault::new(FaultCode::PageUnreadable, detail);
        let Some(page) = self.pdf.pages().get(index as usize) else {
            return Err(unreadable(format!("there is no page {number}")));
        };
        match catch_unwind(AssertUnwindSafe(|| decoded(page, &self.limits))) {
            Ok(decoded) => decoded.map_err(|fault| of_page(fault, number)),
            Err(cause) if cause.is::<scene::Endless>() => {
                Err(unreadable(format!("the drawing of page {number} has no end")))
            }
            Err(_) => Err(unreadable(format!("page {number} cannot be decoded"))),
        }
    }
}

/// Names the page a fault is about: "page 3: 35000 × 35000 pixels; …".
fn of_page(fault: Fault, number: u32) -> Fault {
    Fault { detail: format!("page {number}: {}", fault.detail), ..fault }
}

/// A page's picture, and how points of the page (as shown, origin top left) become its pixels.
struct Shown {
    raster: Raster,
    damage: Option<String>,
    to_pixels: Affine,
}

fn decoded(page: &Page<'_>, limits: &Limits) -> Result<DecodedPage, Fault> {
    sizes::admit_content(page)?;
    let cache = InterpreterCache::new();
    let scene = scene::Scene::of(page, &cache, limits)?;
    // Points per unit of the page (ISO 32000-1, 14.11.4); pages above 200 inches use it.
    let unit = page
        .raw()
        .get::<f32>("UserUnit")
        .filter(|unit| (0.01..=1000.0).contains(unit))
        .map_or(1.0, f64::from);
    let taken = match classify::single(&scene) {
        Some(single) => image::take(page, &cache, &single, unit, limits)?,
        None => None,
    };
    let Shown { raster, damage, to_pixels } = match taken {
        Some(taken) => taken,
        None => render::render(page, unit, limits)?,
    };
    let embedded = text::words(&scene, to_pixels, raster.width, raster.height);
    let damage = damage.or_else(|| unpainted(page));
    Ok(DecodedPage { raster, turned: turn(page), damage, embedded })
}

fn turn(page: &Page<'_>) -> Turn {
    match page.rotation() {
        Rotation::None => Turn::None,
        Rotation::Horizontal => Turn::Right,
        Rotation::Flipped => Turn::Half,
        Rotation::FlippedHorizontal => Turn::Left,
    }
}

/// What the page names as its content but the file does not hold; such a page would pass for a blank one.
fn unpainted(page: &Page<'_>) -> Option<String> {
    let readable = |object: Option<Object<'_>>| {
        object.and_then(Object::into_stream).is_some_and(|s| s.decoded_data().is_ok())
    };
    let whole = match page.raw().get::<Object<'_>>("Contents") {
        Some(Object::Array(parts)) => {
            parts.raw_iter().count()
                == parts.iter::<Stream<'_>>().filter(|s| s.decoded_data().is_ok()).count()
        }
        Some(object) => readable(Some(object)),
        None => !page.raw().contains_key("Contents"),
    };
    (!whole).then(|| "part of the page's content is missing".into())
}
