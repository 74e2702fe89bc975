//! Which pages are taken out as they are, with which pixels; and which files are refused or held.

use std::time::Instant;

use records::geometry::Turn;
use records::reading::FaultCode;

use super::{fault_of, file, first_page, opened, page, stream};
use crate::raster::Pixels;

/// 16 × 2 pixels, the first five of the first row and the last of the second are 0, which is black.
const BITS: [u8; 4] = [0x07, 0xFF, 0xFF, 0xFE];
const INK: [u8; 4] = [0xF8, 0x00, 0x00, 0x01];
/// A page on which 16 × 2 pixels are 100 dpi across and 50 down.
const STRIP: &str = "/MediaBox[0 0 11.52 2.88]";
const WHOLE: &str = "q 11.52 0 0 2.88 0 0 cm /Im Do Q";
const IMAGE: &str = "/Type/XObject/Subtype/Image/Width 16/Height 2";
const OBJECT: &str = "/XObject<</Im 5 0 R>>";

fn bilevel(more: &str) -> Vec<u8> {
    stream(&format!("{IMAGE}/BitsPerComponent 1{more}"), &BITS)
}

#[test]
fn a_page_of_one_picture_keeps_its_pixels_and_its_resolution() {
    let decoded = first_page(&page(STRIP, OBJECT, WHOLE, &[bilevel("/ColorSpace/DeviceGray")]));
    assert_eq!((decoded.raster.width, decoded.raster.height), (16, 2));
    assert_eq!(decoded.raster.pixels, Pixels::Ink(INK.into()));
    let [across, down] = decoded.raster.dpi.unwrap();
    assert!((across - 100.0).abs() < 0.01 && (down - 50.0).abs() < 0.01, "{across} × {down}");
    assert_eq!(decoded.damage, None);
}

#[test]
fn ink_is_ink_however_the_file_counts() {
    let inverted: Vec<u8> = INK.iter().map(|byte| !byte).collect();
    for (space, ink) in [
        ("/ColorSpace/DeviceGray", INK.to_vec()),
        ("/ColorSpace/DeviceGray/Decode[1 0]", inverted.clone()),
        ("/ColorSpace[/Indexed/DeviceRGB 1<000000FFFFFF>]", INK.to_vec()),
        ("/ColorSpace[/Indexed/DeviceRGB 1<FFFFFF000000>]", inverted.clone()),
        ("/ColorSpace[/Indexed/DeviceGray 1<FF00>]", inverted.clone()),
        ("/ColorSpace[/CalGray<</WhitePoint[1 1 1]>>]", INK.to_vec()),
        ("/ImageMask true", INK.to_vec()),
        ("/ImageMask true/Decode[1 0]", inverted.clone()),
        (
            "/ColorSpace[/Separation/Black/DeviceGray<</FunctionType 2/Domain[0 1]/C0[1]/C1[0]/N 1>>]",
            inverted.clone(),
        ),
    ] {
        let decoded = first_page(&page(STRIP, OBJECT, WHOLE, &[bilevel(space)]));
        assert_eq!(decoded.raster.pixels, Pixels::Ink(ink), "{space}");
    }
}

#[test]
fn a_stencil_in_white_is_not_ink() {
    let content = format!("1 g {WHOLE}");
    let decoded = first_page(&page(STRIP, OBJECT, &content, &[bilevel("/ImageMask true")]));
    let Pixels::Grey(grey) = decoded.raster.pixels else { panic!("rendered in grey") };
    assert!(grey.iter().all(|&value| value > 250));
}

#[test]
fn a_picture_is_set_as_the_page_shows_it() {
    let of = |page_dict: &str, content: &str| {
        first_page(&page(page_dict, OBJECT, content, &[bilevel("/ColorSpace/DeviceGray")]))
    };
    let turned = of(&format!("{STRIP}/Rotate 90"), WHOLE);
    assert_eq!((turned.raster.width, turned.raster.height, turned.turned), (2, 16, Turn::Right));
    // The upper left corner is now the upper right one: a black column of five, and the last pixel lower left.
    let column = [0x40, 0x40, 0x40, 0x40, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80];
    assert_eq!(turned.raster.pixels, Pixels::Ink(column.into()));
    let mirrored = of(STRIP, "q -11.52 0 0 2.88 11.52 0 cm /Im Do Q");
    assert_eq!((mirrored.turned, mirrored.raster.pixels), (Turn::None, Pixels::Ink(vec![0, 0x1F, 0x80, 0])));
    let upside_down = of(STRIP, "q -11.52 0 0 -2.88 11.52 2.88 cm /Im Do Q");
    assert_eq!(upside_down.raster.pixels, Pixels::Ink(vec![0x80, 0, 0, 0x1F]));
}

#[test]
fn a_picture_larger_than_the_page_is_cut_where_the_page_ends() {
    let cropped = format!("{STRIP}/CropBox[1.44 0 8.64 1.44]");
    let decoded = first_page(&page(&cropped, OBJECT, WHOLE, &[bilevel("/ColorSpace/DeviceGray")]));
    // Columns 2 to 11 of the second row.
    assert_eq!((decoded.raster.width, decoded.raster.height), (10, 1));
    assert_eq!(decoded.raster.pixels, Pixels::Ink(vec![0, 0]));
    let upper = format!("{STRIP}/CropBox[1.44 1.44 8.64 2.88]");
    let decoded = first_page(&page(&upper, OBJECT, WHOLE, &[bilevel("/ColorSpace/DeviceGray")]));
    assert_eq!(decoded.raster.pixels, Pixels::Ink(vec![0xE0, 0]));
}

#[test]
fn a_layer_of_recognised_text_does_not_stop_a_picture_from_being_taken() {
    let content = format!("{WHOLE} BT 3 Tr /F1 1 Tf 1 1 Td (unseen) Tj ET");
    let decoded = first_page(&page(STRIP, OBJECT, &content, &[bilevel("/ColorSpace/DeviceGray")]));
    assert_eq!(decoded.raster.pixels, Pixels::Ink(INK.into()));
    assert_eq!(
        decoded.embedded.iter().map(|word| (&*word.text, word.visible)).collect::<Vec<_>>(),
        [("unseen", false)]
    );
    let place = decoded.embedded[0].place;
    assert!(place.right() <= 16 && place.bottom() <= 2, "{place:?}");
    // Painted in ink, but under the picture.
    let under = format!("BT /F1 1 Tf 1 1 Td (under) Tj ET {WHOLE}");
    let decoded = first_page(&page(STRIP, OBJECT, &under, &[bilevel("/ColorSpace/DeviceGray")]));
    assert_eq!(decoded.raster.pixels, Pixels::Ink(INK.into()));
    assert!(!decoded.embedded[0].visible);
}

#[test]
fn a_picture_with_something_painted_on_it_is_rendered() {
    for over in
        ["BT /F1 1 Tf 1 1 Td (stamp) Tj ET", "0 0 5 1 re f", "0 0 m 5 1 l S", "q 2 0 0 2 0 0 cm /Im Do Q"]
    {
        let content = format!("{WHOLE} {over}");
        let decoded = first_page(&page(STRIP, OBJECT, &content, &[bilevel("/ColorSpace/DeviceGray")]));
        assert_eq!((decoded.raster.width, decoded.raster.height), (48, 12), "{over}");
    }
    let note = stream("/Type/XObject/Subtype/Form/BBox[0 0 5 2]", b"0 0 5 2 re f");
    let noted = format!("{STRIP}/Annots[<</Type/Annot/Subtype/Stamp/Rect[1 0 6 2]/AP<</N 6 0 R>>>>]");
    let decoded = first_page(&page(&noted, OBJECT, WHOLE, &[bilevel("/ColorSpace/DeviceGray"), note]));
    assert_eq!((decoded.raster.width, decoded.raster.height), (48, 12));
}

#[test]
fn a_picture_inside_a_form_is_taken_too() {
    let form = stream(
        "/Type/XObject/Subtype/Form/BBox[0 0 12 3]/Resources<</XObject<</Im 5 0 R>>>>",
        WHOLE.as_bytes(),
    );
    let resources = "/XObject<</Fm 6 0 R>>";
    let decoded = first_page(&page(
        STRIP,
        resources,
        "1 g 0 0 12 3 re f /Fm Do",
        &[bilevel("/ColorSpace/DeviceGray"), form],
    ));
    assert_eq!(decoded.raster.pixels, Pixels::Ink(INK.into()));
}

#[test]
fn rows_that_are_missing_are_white_and_said() {
    let short = stream(&format!("{IMAGE}/BitsPerComponent 1/ColorSpace/DeviceGray"), &BITS[..2]);
    let decoded = first_page(&page(STRIP, OBJECT, WHOLE, &[short]));
    assert_eq!(decoded.raster.pixels, Pixels::Ink(vec![0xF8, 0, 0, 0]));
    assert_eq!(decoded.damage.as_deref(), Some("only 1 of 2 rows of the picture are there"));
    let grey = stream(&format!("{IMAGE}/BitsPerComponent 8/ColorSpace/DeviceGray"), &[7; 16]);
    let decoded = first_page(&page(STRIP, OBJECT, WHOLE, &[grey]));
    assert_eq!(decoded.raster.pixels, Pixels::Grey([[7; 16], [255; 16]].concat()));
    assert!(decoded.damage.is_some());
}

#[test]
fn colour_stays_and_grey_in_colours_becomes_grey() {
    let of = |pixel: [u8; 3]| {
        let image = stream(&format!("{IMAGE}/BitsPerComponent 8/ColorSpace/DeviceRGB"), &pixel.repeat(32));
        first_page(&page(STRIP, OBJECT, WHOLE, &[image])).raster.pixels
    };
    assert_eq!(of([200, 30, 30]), Pixels::Rgb([200, 30, 30].repeat(32)));
    assert_eq!(of([90, 90, 92]), Pixels::Grey(vec![90; 32]));
}

#[test]
fn a_picture_beyond_the_limits_is_refused_by_its_page() {
    for image in [
        stream(
            "/Type/XObject/Subtype/Image/Width 40000/Height 40000/BitsPerComponent 1/ColorSpace/DeviceGray",
            b"x",
        ),
        stream(
            &format!(
                "{IMAGE}/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 40000>>"
            ),
            b"x",
        ),
    ] {
        let mut original = opened(&page(STRIP, OBJECT, WHOLE, &[image])).unwrap();
        let fault = fault_of(original.page(0));
        assert_eq!(fault.code, FaultCode::TooLarge);
        assert!(fault.detail.starts_with("page 1: 40000 × "), "{}", fault.detail);
    }
}

#[test]
fn a_page_of_absurd_size_is_rendered_small() {
    let decoded = first_page(&page("/MediaBox[0 0 1000000 5]", "", "0 0 5 5 re f", &[]));
    assert_eq!((decoded.raster.width, decoded.raster.height), (10_000, 1));
}

#[test]
fn a_drawing_without_end_ends() {
    let forms: Vec<Vec<u8>> = (0..40)
        .map(|at| {
            let next = at + 6;
            let dict =
                format!("/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</N {next} 0 R>>>>");
            stream(&dict, b"/N Do /N Do")
        })
        .collect();
    let start = Instant::now();
    let mut original = opened(&page(STRIP, "/XObject<</N 5 0 R>>", "/N Do", &forms)).unwrap();
    assert_eq!(fault_of(original.page(0)).code, FaultCode::PageUnreadable);
    assert!(start.elapsed().as_secs() < 60);
}

#[test]
fn files_without_pages_and_files_that_are_none_are_refused() {
    let empty =
        file(&[b"<</Type/Catalog/Pages 2 0 R>>".to_vec(), b"<</Type/Pages/Kids[]/Count 0>>".to_vec()]);
    assert_eq!(fault_of(opened(&empty)).code, FaultCode::Empty);
    assert_eq!(fault_of(opened(b"%PDF-1.4 and then nothing")).code, FaultCode::Damaged);
}

#[test]
fn a_file_that_lost_its_end_or_a_page_is_held() {
    let whole = page(STRIP, "", "", &[]);
    assert_eq!(opened(&whole).unwrap().survey().damage, None);
    let cut = whole.len() - 150;
    assert!(opened(&whole[..cut]).unwrap().survey().damage.is_some());
    let lost =
        String::from_utf8(whole).unwrap().replace("/Kids[3 0 R]/Count 1", "/Kids[3 0 R 9 0 R]/Count 2");
    let survey = opened(lost.as_bytes()).unwrap().survey().clone();
    assert_eq!(survey.pages, 1);
    assert_eq!(survey.damage.unwrap().code, FaultCode::Damaged);
}

#[test]
fn a_page_whose_content_is_gone_is_not_a_blank_page() {
    let lost =
        String::from_utf8(page(STRIP, "", "", &[])).unwrap().replace("/Contents 4 0 R", "/Contents 9 0 R");
    assert!(first_page(lost.as_bytes()).damage.is_some());
}
