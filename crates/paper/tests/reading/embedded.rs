//! Is text that a file carries used, and is it known what the picture says of it?

use paper::decode::EmbeddedWord;
use records::geometry::Rect;
use records::reading::TextSource;

use crate::corpus::{page, read};

/// The words that were read on the page, as if its file carried them.
fn carried(visible: bool) -> Option<(paper::decode::DecodedPage, usize)> {
    let mut scan = page("tesseract-test/testing/phototest.tif")?;
    let (reading, _) = read(page("tesseract-test/testing/phototest.tif")?);
    let words = reading.words.iter();
    scan.embedded =
        words.map(|word| EmbeddedWord { text: word.text.clone(), place: word.place, visible }).collect();
    let count = scan.embedded.len();
    Some((scan, count))
}

#[test]
fn text_of_the_file_that_the_picture_denies_is_no_witness() {
    let Some((mut page, count)) = carried(true) else { return };
    page.embedded[5].text = "MRN123".into();
    let place = Rect { x: 10, y: 2, w: 60, h: 10 };
    page.embedded.push(EmbeddedWord { text: "unseen".into(), place, visible: true });
    let (reading, _) = read(page);
    assert_eq!((reading.source, reading.words.len()), (TextSource::Embedded, count + 1));
    let unseen: Vec<_> =
        reading.words.iter().filter(|word| !word.on_picture).map(|word| word.text.as_str()).collect();
    assert_eq!(unseen, ["MRN123", "unseen"]);
}

#[test]
fn an_invisible_layer_is_someone_else_s_reading_and_not_used() {
    let Some((mut page, _)) = carried(false) else { return };
    page.embedded[5].text = "MRN123".into();
    let (reading, _) = read(page);
    assert_eq!(reading.source, TextSource::Ocr);
    assert!(!reading.text().contains("MRN123"));
}

#[test]
fn fonts_that_name_no_letters_give_no_text_and_the_picture_is_read() {
    for (file, said) in [("truetype_font_nomapping.pdf", "Phone"), ("type3_font_nomapping.pdf", "")] {
        let Some(page) = page(&format!("ocrmypdf/tests/resources/{file}")) else { return };
        let (reading, _) = read(page);
        assert_ne!(reading.source, TextSource::Embedded, "{file}");
        assert!(reading.text().contains(said), "{file}: {}", reading.text());
    }
}

#[test]
fn text_that_a_page_shows_is_taken_from_its_file() {
    let Some(page) = page("ocrmypdf/tests/resources/tagged.pdf") else { return };
    let (reading, _) = read(page);
    assert_eq!(reading.source, TextSource::Embedded);
    assert!(reading.words.iter().filter(|word| word.on_picture).count() * 10 >= reading.words.len() * 9);
}

#[test]
fn text_whose_letters_mean_others_is_replaced_by_what_the_picture_says() {
    let Some((mut page, _)) = carried(true) else { return };
    for word in &mut page.embedded {
        word.text = word.text.chars().map(|c| char::from_u32(u32::from(c) + 1).unwrap_or(c)).collect();
    }
    let (reading, _) = read(page);
    assert_eq!(reading.source, TextSource::Ocr);
    assert!(reading.text().contains("quick brown dog"), "{}", reading.text());
}
