//! What does a page look like: whole, small, or the strip around a word?
//!
//! Every picture redeems a sight of the same session, recorded when its page was shown. Originals are decoded by the
//! reader processes only; here their pictures are cut and scaled.

use std::io::Cursor;

use archive::{PictureSize, StoredPicture};
use axum::Router;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use image::imageops::{FilterType, resize, thumbnail};
use image::{DynamicImage, GenericImageView as _, ImageFormat};
use records::geometry::{Rect, Turn};
use records::ids::{BatchId, PageNumber, PageRef};

use crate::desk::Desk;
use crate::fault::Fault;
use crate::people::Person;

pub(crate) fn routes() -> Router<Desk> {
    Router::new()
        .route("/picture/{sight}/{batch}/{page}/view", get(view))
        .route("/picture/{sight}/{batch}/{page}/thumbnail", get(small))
        .route("/picture/{sight}/{batch}/{page}/fit/{width}", get(fit))
        .route("/picture/{sight}/{batch}/{page}/strip/{place}", get(strip))
}

/// Widest strip and fitted picture, pixels.
const WIDEST_STRIP: u32 = 900;
const WIDEST_FIT: u32 = 2400;

type Address = (u64, String, u32);

async fn view(State(desk): State<Desk>, person: Person, Path(at): Path<Address>) -> Result<Response, Fault> {
    desk.work(move |desk| Ok(answer(seen(desk, &person, &at, PictureSize::View)?))).await
}

async fn small(State(desk): State<Desk>, person: Person, Path(at): Path<Address>) -> Result<Response, Fault> {
    desk.work(move |desk| match kept(desk, &person, &at, PictureSize::Thumbnail)? {
        Some(picture) => Ok(answer(picture)),
        None => Ok(answer(fitted(&seen(desk, &person, &at, PictureSize::View)?, 220)?)),
    })
    .await
}

async fn fit(
    State(desk): State<Desk>,
    person: Person,
    Path((sight, batch, page, width)): Path<(u64, String, u32, u32)>,
) -> Result<Response, Fault> {
    let at = (sight, batch, page);
    desk.work(move |desk| Ok(answer(fitted(&seen(desk, &person, &at, PictureSize::View)?, width)?))).await
}

async fn strip(
    State(desk): State<Desk>,
    person: Person,
    Path((sight, batch, page, place)): Path<(u64, String, u32, String)>,
) -> Result<Response, Fault> {
    let place = rectangle(&place).ok_or(Fault::NotThere)?;
    let at = (sight, batch, page);
    desk.work(move |desk| Ok(answer(cut(&seen(desk, &person, &at, PictureSize::View)?, place)?))).await
}

/// "x-y-w-h", pixels of the upright frame.
fn rectangle(text: &str) -> Option<Rect> {
    let sides: Vec<u32> = text.split('-').map(str::parse).collect::<Result<_, _>>().ok()?;
    let [x, y, w, h] = sides.try_into().ok()?;
    Some(Rect { x, y, w, h })
}

fn kept(
    desk: &Desk,
    person: &Person,
    at: &Address,
    size: PictureSize,
) -> Result<Option<StoredPicture>, Fault> {
    let (seq, batch, page) = at;
    let sight = person.sight(desk, *seq)?;
    Ok(desk.archive.view(&sight, page_of(batch, *page)?, size)?)
}

/// The picture as it was kept while reading, else made again from the original and kept.
fn seen(desk: &Desk, person: &Person, at: &Address, size: PictureSize) -> Result<StoredPicture, Fault> {
    if let Some(picture) = kept(desk, person, at, size)? {
        return Ok(picture);
    }
    let (seq, batch, page) = at;
    let (sight, page) = (person.sight(desk, *seq)?, page_of(batch, *page)?);
    let (original, _, number) = desk.archive.original(&sight, page)?;
    let turn = desk.archive.reading(&sight, page)?.map_or(Turn::None, |reading| reading.turn);
    let made = desk.readers.picture(&original, number, turn).map_err(|fault| {
        let why = fault.to_string();
        Fault::refused(format!("This page has no picture: {why}"))
    })?;
    let picture = StoredPicture { media: made.media, bytes: made.bytes };
    if let Err(error) = desk.archive.keep_view(page, size, &picture) {
        tracing::warn!(%error, "a picture could not be kept");
    }
    Ok(picture)
}

fn page_of(batch: &str, page: u32) -> Result<PageRef, Fault> {
    let batch: BatchId = batch.parse().map_err(|_| Fault::NotThere)?;
    Ok(PageRef { batch, page: PageNumber(page) })
}

fn answer(picture: StoredPicture) -> Response {
    ([(header::CONTENT_TYPE, picture.media)], picture.bytes).into_response()
}

fn decoded(picture: &StoredPicture) -> Result<DynamicImage, Fault> {
    image::load_from_memory(&picture.bytes).map_err(|error| {
        tracing::error!(%error, "a kept picture cannot be read");
        Fault::Ours
    })
}

/// No wider than asked; a picture that is no wider stays as it is.
fn fitted(picture: &StoredPicture, width: u32) -> Result<StoredPicture, Fault> {
    let width = width.clamp(16, WIDEST_FIT);
    let pixels = decoded(picture)?;
    if pixels.width() <= width {
        return Ok(picture.clone());
    }
    let height = scaled(pixels.height(), width, pixels.width());
    encoded(&match pixels {
        DynamicImage::ImageLuma8(grey) => DynamicImage::ImageLuma8(thumbnail(&grey, width, height)),
        colours => DynamicImage::ImageRgb8(thumbnail(&colours.to_rgb8(), width, height)),
    })
}

/// A part of it; what reaches beyond the page is left out.
fn cut(picture: &StoredPicture, place: Rect) -> Result<StoredPicture, Fault> {
    let pixels = decoded(picture)?;
    let (x, y) = (place.x.min(pixels.width()), place.y.min(pixels.height()));
    let (w, h) = (place.w.min(pixels.width() - x), place.h.min(pixels.height() - y));
    if w == 0 || h == 0 {
        return Err(Fault::NotThere);
    }
    let part = pixels.view(x, y, w, h).to_image();
    let part = DynamicImage::ImageRgba8(part);
    let grey = matches!(pixels, DynamicImage::ImageLuma8(_));
    let part = if grey {
        DynamicImage::ImageLuma8(part.to_luma8())
    } else {
        DynamicImage::ImageRgb8(part.to_rgb8())
    };
    if w <= WIDEST_STRIP {
        return encoded(&part);
    }
    let height = scaled(h, WIDEST_STRIP, w);
    encoded(&match part {
        DynamicImage::ImageLuma8(grey) => {
            DynamicImage::ImageLuma8(resize(&grey, WIDEST_STRIP, height, FilterType::Triangle))
        }
        colours => {
            DynamicImage::ImageRgb8(resize(&colours.to_rgb8(), WIDEST_STRIP, height, FilterType::Triangle))
        }
    })
}

fn scaled(height: u32, to: u32, from: u32) -> u32 {
    (u64::from(height) * u64::from(to) / u64::from(from)).max(1) as u32
}

/// JPEG where there are colours or greys of a photograph's size; print stays PNG.
fn encoded(pixels: &DynamicImage) -> Result<StoredPicture, Fault> {
    let (format, media) = match pixels {
        DynamicImage::ImageLuma8(_) => (ImageFormat::Png, "image/png"),
        _ => (ImageFormat::Jpeg, "image/jpeg"),
    };
    let mut bytes = Cursor::new(Vec::new());
    pixels.write_to(&mut bytes, format).map_err(|error| {
        tracing::error!(%error, "a picture could not be written");
        Fault::Ours
    })?;
    Ok(StoredPicture { media: media.into(), bytes: bytes.into_inner() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> StoredPicture {
        encoded(&DynamicImage::ImageLuma8(image::GrayImage::from_fn(2000, 1000, |x, y| {
            image::Luma([if x < 100 && y < 100 { 0 } else { 255 }])
        })))
        .unwrap()
    }

    fn size(picture: &StoredPicture) -> (u32, u32) {
        decoded(picture).unwrap().dimensions()
    }

    #[test]
    fn a_strip_is_the_part_that_was_asked_for_and_no_wider_than_a_screen() {
        let small = cut(&page(), Rect { x: 50, y: 50, w: 100, h: 60 }).unwrap();
        assert_eq!(size(&small), (100, 60));
        let pixels = decoded(&small).unwrap().to_luma8();
        assert_eq!((pixels.get_pixel(0, 0).0, pixels.get_pixel(99, 59).0), ([0], [255]));
        assert_eq!(size(&cut(&page(), Rect { x: 0, y: 0, w: 2000, h: 100 }).unwrap()), (900, 45));
    }

    #[test]
    fn what_reaches_beyond_the_page_is_left_out_and_what_is_beyond_is_not_there() {
        let edge = cut(&page(), Rect { x: 1950, y: 990, w: u32::MAX, h: u32::MAX }).unwrap();
        assert_eq!(size(&edge), (50, 10));
        assert_eq!(cut(&page(), Rect { x: 2000, y: 0, w: 10, h: 10 }).unwrap_err(), Fault::NotThere);
    }

    #[test]
    fn nothing_is_made_larger_than_it_is() {
        assert_eq!(size(&fitted(&page(), 500).unwrap()), (500, 250));
        assert_eq!(fitted(&page(), 2400).unwrap(), page());
    }

    #[test]
    fn a_place_is_four_numbers() {
        assert_eq!(rectangle("1-2-3-4"), Some(Rect { x: 1, y: 2, w: 3, h: 4 }));
        for bad in ["", "1-2-3", "1-2-3-4-5", "a-b-c-d", "1--3-4"] {
            assert_eq!(rectangle(bad), None, "{bad}");
        }
    }
}
