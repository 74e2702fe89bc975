//! Which words of a page come, where, and which of them a person sees.

use records::geometry::{Rect, Turn};

use super::{first_page, page};
use crate::decode::DecodedPage;

const LETTER: &str = "/MediaBox[0 0 612 792]";

fn texts(page: &DecodedPage) -> Vec<&str> {
    page.embedded.iter().map(|word| word.text.as_str()).collect()
}

fn visible(page: &DecodedPage) -> Vec<&str> {
    page.embedded.iter().filter(|word| word.visible).map(|word| word.text.as_str()).collect()
}

fn near(place: Rect, x: u32, y: u32, w: u32, h: u32) -> bool {
    let close = |a: u32, b: u32| a.abs_diff(b) <= 4;
    close(place.x, x) && close(place.y, y) && close(place.w, w) && close(place.h, h)
}

#[test]
fn words_of_a_born_digital_page_come_with_their_places() {
    let decoded = first_page(&page(LETTER, "", "BT /F1 12 Tf 72 700 Td (Hello World) Tj ET", &[]));
    assert_eq!((decoded.raster.width, decoded.raster.height), (2550, 3300));
    assert_eq!(decoded.raster.dpi, Some([300.0, 300.0]));
    assert_eq!(visible(&decoded), ["Hello", "World"]);
    // Baseline 92 pt under the top, 12 pt high; "Hello" is 27.3 pt wide in Helvetica, the space 3.3.
    assert!(near(decoded.embedded[0].place, 300, 346, 114, 48), "{:?}", decoded.embedded[0].place);
    assert!(near(decoded.embedded[1].place, 428, 346, 131, 48), "{:?}", decoded.embedded[1].place);
    // And there is ink where the first word is said to be, and none to its left.
    let ink = |x: std::ops::Range<u32>| {
        let crate::raster::Pixels::Grey(grey) = &decoded.raster.pixels else {
            panic!("colour in black text")
        };
        x.flat_map(|x| (346..394).map(move |y| (y * 2550 + x) as usize)).filter(|&at| grey[at] < 128).count()
    };
    assert!(ink(300..414) > 500);
    assert_eq!(ink(0..298), 0);
}

#[test]
fn letters_placed_one_by_one_join_to_words() {
    let content = "BT /F1 10 Tf 72 700 Td [(M) 20 (R) -20 (N) -400 (12) 15 (34)] TJ ET";
    assert_eq!(texts(&first_page(&page(LETTER, "", content, &[]))), ["MRN", "1234"]);
}

#[test]
fn a_turned_page_has_its_words_where_they_are_seen() {
    let turned = format!("{LETTER}/Rotate 90");
    let decoded = first_page(&page(&turned, "", "BT /F1 12 Tf 72 700 Td (Hello) Tj ET", &[]));
    assert_eq!((decoded.raster.width, decoded.raster.height), (3300, 2550));
    assert_eq!(decoded.turned, Turn::Right);
    // Up is now to the right: the page's left edge is at the top.
    let place = decoded.embedded[0].place;
    assert!(near(place, 2906, 300, 48, 114), "{place:?}");
}

#[test]
fn text_in_two_directions_is_not_mixed() {
    let content = "BT /F1 12 Tf 72 700 Td (one) Tj ET BT /F1 12 Tf 0 1 -1 0 30 300 Tm (side note) Tj ET \
                   BT /F1 12 Tf 100 700 Td (two) Tj 0 -20 Td (three) Tj ET";
    let decoded = first_page(&page(LETTER, "", content, &[]));
    assert_eq!(texts(&decoded), ["one", "two", "three", "side", "note"]);
    let side = decoded.embedded[3].place;
    assert!(side.h > side.w, "{side:?}");
}

#[test]
fn lines_painted_in_disorder_are_read_from_top_to_bottom() {
    let line = |(at, word): (i32, &str)| format!("BT /F1 12 Tf 72 {} Td ({word}) Tj ET ", 100 + 20 * at);
    let content: String = (0..).zip(["e", "d", "c", "b", "a"]).map(line).collect();
    assert_eq!(texts(&first_page(&page(LETTER, "", &content, &[]))), ["a", "b", "c", "d", "e"]);
}

#[test]
fn columns_keep_the_order_in_which_they_are_painted() {
    let line = |x: i32, y: i32, word: &str| format!("BT /F1 12 Tf {x} {y} Td ({word}) Tj ET ");
    let content = [
        line(72, 700, "a"),
        line(72, 680, "b"),
        line(72, 660, "c"),
        line(350, 700, "d"),
        line(350, 680, "e"),
        line(350, 660, "f"),
    ];
    assert_eq!(texts(&first_page(&page(LETTER, "", &content.concat(), &[]))), ["a", "b", "c", "d", "e", "f"]);
}

#[test]
fn what_nobody_can_see_is_not_visible() {
    let content = "BT /F1 12 Tf 72 700 Td (seen) Tj ET \
        BT /F1 12 Tf 3 Tr 72 650 Td (mode3) Tj 0 Tr ET \
        BT /F1 12 Tf 700 600 Td (outside) Tj ET \
        q /Clear gs BT /F1 12 Tf 72 550 Td (clear) Tj ET Q \
        q 0 0 50 50 re W n BT /F1 12 Tf 72 500 Td (clipped) Tj ET Q \
        BT /F1 12 Tf 72 450 Td (covered) Tj ET 1 g 60 440 200 30 re f";
    let decoded = first_page(&page(LETTER, "/ExtGState<</Clear<</ca 0>>>>", content, &[]));
    assert_eq!(visible(&decoded), ["seen"]);
    assert_eq!(decoded.embedded.len(), 6);
}

#[test]
fn print_repeated_for_boldness_counts_once() {
    let content =
        "BT /F1 12 Tf 72 700 Td (bold) Tj 0.3 0 Td (bold) Tj ET BT 2 Tr /F1 12 Tf 72 600 Td (outlined) Tj ET";
    assert_eq!(texts(&first_page(&page(LETTER, "", content, &[]))), ["bold", "outlined"]);
}

#[test]
fn words_whose_letters_have_no_name_are_left_out() {
    let fonts = "/Font<</F2<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding<</Type/Encoding\
                 /Differences[65/nameless/uniE000]>>>>>>";
    // A later /Font entry would be another resource dictionary: F2 stands in a form of its own.
    let form = super::stream(
        &format!("/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Resources<<{fonts}>>"),
        b"BT /F2 12 Tf 72 650 Td (xAx) Tj 0 -20 Td (xBx) Tj 0 -20 Td (xyz) Tj ET",
    );
    let content = "BT /F1 12 Tf 72 700 Td (known) Tj ET /Fm Do";
    assert_eq!(
        texts(&first_page(&page(LETTER, "/XObject<</Fm 5 0 R>>", content, &[form]))),
        ["known", "xyz"]
    );
}
