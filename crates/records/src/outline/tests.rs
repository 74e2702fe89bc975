//! The outline of a page, from readings as an engine gives them.

use crate::geometry::{Rect, Turn};
use crate::reading::{Barcode, Fault, FaultCode, Quality, ReaderVersion, TextSource, Word};
use crate::rules::Identity;
use crate::sheet::{SheetKind, new_serial, sign};

use super::*;

/// A page whose lines stand at the given shares of its height.
fn page(lines: &[(f32, &str)]) -> PageReading {
    let mut reading = PageReading::unreadable(Fault::new(FaultCode::Empty, ""), ReaderVersion("test".into()));
    (reading.width, reading.height, reading.dpi) = (2550, 3300, [300, 300]);
    (reading.error, reading.source, reading.turn) = (None, TextSource::Ocr, Turn::None);
    reading.quality = Quality::default();
    for (number, (top, text)) in (0..).zip(lines) {
        for (at, word) in (0..).zip(text.split_whitespace()) {
            let place = Rect { x: 200 + at * 180, y: (top * 3300.0) as u32, w: 160, h: 36 };
            let text = word.to_owned();
            reading.words.push(Word::new(text, place, 92.0, number));
        }
    }
    reading
}

fn with_code(mut reading: PageReading, symbology: Symbology, text: &str) -> PageReading {
    let text = text.to_owned();
    let place = Rect { x: 1900, y: 100, w: 400, h: 400 };
    reading.barcodes.push(Barcode {
        symbology,
        text,
        place,
        turn: 0,
        agreeing: 2,
        disputed: false,
        module: 6.0,
        gs1: false,
    });
    reading
}

fn look(reading: &PageReading) -> PageOutline {
    let kinds = "[[kind]]\ncode = 'FORM'\nname = 'a form'\ndate = 'visit'\nforms = ['FRM-1042']\n";
    let rules = Rules::from_config(Identity::default(), Vec::new(), Some(kinds), None).unwrap();
    outline(PageNumber(1), 0, reading, &[key()], &rules, jiff::civil::date(2026, 3, 1))
}

fn key() -> SheetKey {
    SheetKey { site: "GENHOSP".into(), id: "k1".into(), secret: "00ff".into() }
}

fn cover() -> SheetPayload {
    SheetPayload {
        site: "GENHOSP".into(),
        key_id: "k1".into(),
        kind: SheetKind::Cover,
        authority: None,
        mrn: Some("00123456".into()),
        visit: None,
        document_kind: None,
        service: None,
        sheets: Some(2),
        folder: None,
        printed: "2026-01-02T03:04:05Z".parse().unwrap(),
        serial: new_serial([9; 16]),
    }
}

#[test]
fn a_signed_code_beside_its_printed_number_is_our_sheet() {
    let text = sign(&cover(), &key());
    let seen =
        look(&with_code(page(&[(0.1, "COVER SHEET"), (0.3, "MRN 00123456")]), Symbology::Qr, &text)).sheet;
    assert_eq!(seen, Some(SheetSeen::Ours(Box::new(cover()))));
    let confused = look(&with_code(page(&[(0.3, "MRN O0I23456")]), Symbology::Qr, &text)).sheet;
    assert!(matches!(confused, Some(SheetSeen::Ours(_))), "an engine takes O for 0");
}

#[test]
fn a_code_stuck_on_a_sheet_with_another_number_is_not_believed() {
    let text = sign(&cover(), &key());
    let seen =
        look(&with_code(page(&[(0.1, "COVER SHEET"), (0.3, "MRN 00999999")]), Symbology::Qr, &text)).sheet;
    assert_eq!(seen, Some(SheetSeen::Unreadable));
}

#[test]
fn a_number_that_is_not_legible_does_not_confirm_a_sheet() {
    let text = sign(&cover(), &key());
    let mut reading = with_code(page(&[(0.3, "MRN 00123456")]), Symbology::Qr, &text);
    reading.words.iter_mut().for_each(|word| word.legible = false);
    assert_eq!(look(&reading).sheet, Some(SheetSeen::Unreadable));
}

#[test]
fn two_sheets_over_each_other_are_no_sheet_at_all() {
    let other = SheetPayload { serial: new_serial([8; 16]), ..cover() };
    let reading = with_code(page(&[(0.3, "MRN 00123456")]), Symbology::Qr, &sign(&cover(), &key()));
    let reading = with_code(reading, Symbology::Qr, &sign(&other, &key()));
    assert_eq!(look(&reading).sheet, Some(SheetSeen::Unreadable));
}

#[test]
fn an_altered_code_is_foreign() {
    let text = sign(&cover(), &key()).replace("00123456", "00123457");
    let seen = look(&with_code(page(&[(0.3, "MRN 00123457")]), Symbology::Qr, &text)).sheet;
    assert_eq!(seen, Some(SheetSeen::Foreign));
}

#[test]
fn the_words_of_a_sheet_without_a_code_are_an_unreadable_sheet() {
    for lines in [
        [(0.05, "CHARTROOM CONTROL SHEET"), (0.5, "")],
        [(0.05, "CHARTR00M C0NTROL SHEFT"), (0.1, "THIS WAY UP")],
        [(0.15, "COVER SHEET"), (0.9, "chartroom control shee")],
        [(0.15, "END SHEET"), (0.05, "THIS WAY UP")],
    ] {
        assert_eq!(look(&page(&lines)).sheet, Some(SheetSeen::Unreadable), "{lines:?}");
    }
}

#[test]
fn a_fax_cover_sheet_of_somebody_else_is_no_sheet_of_ours() {
    let lines = [(0.1, "FAX COVER SHEET"), (0.2, "To: Medical Records"), (0.3, "Pages: 3")];
    assert_eq!(look(&page(&lines)).sheet, None);
}

#[test]
fn a_torn_sheet_is_known_by_its_title_and_the_place_of_its_unread_code() {
    let mut torn = page(&[(0.15, "COVER SHEET")]);
    assert_eq!(look(&torn).sheet, None, "anybody may write these words");
    torn.unread_symbols.push(Rect { x: 2000, y: 150, w: 400, h: 400 });
    assert_eq!(look(&torn).sheet, Some(SheetSeen::Unreadable));
    torn.unread_symbols[0] = Rect { x: 150, y: 150, w: 400, h: 400 };
    assert_eq!(look(&torn).sheet, None, "our sheets have nothing at the top left");
}

#[test]
fn a_page_that_merely_writes_about_our_sheets_is_a_page() {
    let lines: Vec<(f32, &str)> = (0..30)
        .map(|at| {
            (0.1 + at as f32 / 40.0, "put the chartroom control sheet on top of the stack, this way up")
        })
        .collect();
    assert_eq!(look(&page(&lines)).sheet, None);
}

#[test]
fn page_x_of_y_is_read_as_engines_spell_it() {
    for (text, wanted) in [
        ("Page 1 of 3", Some((1, 3))),
        ("PAGE 2 OF 10", Some((2, 10))),
        ("Page l of 2", Some((1, 2))),
        ("Page | 0f 2", Some((1, 2))),
        ("Pg. 1/2", Some((1, 2))),
        ("- 2 of 3 -", Some((2, 3))),
        ("Page 4 of 3", None),
        ("bottle 1 of 2 given", None),
        ("Page 001/003", None),
        ("Page 1", None),
    ] {
        assert_eq!(look(&page(&[(0.5, text)])).page_of, wanted, "{text}");
    }
}

#[test]
fn the_banner_of_a_fax_machine_never_counts_pages() {
    for text in [
        "From: ST MARY CLINIC To: 555-010-0199 Page 1 of 3",
        "01/02/2026 10:15 AM Page 2 of 5",
        "P.01/03",
        "FAX 555 010 0100 Page: 1 of 3",
    ] {
        assert_eq!(look(&page(&[(0.01, text), (0.4, "Lungs clear")])).page_of, None, "{text}");
    }
    let both = page(&[(0.01, "FROM: CLINIC page 2 of 5"), (0.95, "Page 1 of 2")]);
    assert_eq!(look(&both).page_of, Some((1, 2)), "the form's own number stays");
}

#[test]
fn two_different_page_numbers_on_one_page_are_none() {
    assert_eq!(look(&page(&[(0.2, "Page 1 of 2"), (0.9, "Page 2 of 2")])).page_of, None);
}

#[test]
fn the_title_is_what_stays_the_same_from_page_to_page() {
    let first = look(&page(&[(0.05, "General Hospital"), (0.08, "PROGRESS NOTE"), (0.1, "MRN: 00123456")]));
    let second = look(&page(&[(0.05, "General Hospital"), (0.08, "Progress Note"), (0.1, "Page 2 of 2")]));
    assert_eq!(
        (first.title.as_str(), second.title.as_str()),
        ("GENERAL HOSPITAL PROGRESS NOTE", "GENERAL HOSPITAL PROGRESS NOTE")
    );
}

#[test]
fn a_page_names_a_patient_in_fields_and_bars_but_not_in_running_text() {
    assert!(look(&page(&[(0.2, "Patient: DOE, JANE")])).names_patient);
    assert!(look(&page(&[(0.2, "DOB 03/15/1962")])).names_patient);
    assert!(look(&with_code(page(&[]), Symbology::Code128, "00123456")).names_patient);
    assert!(!look(&page(&[(0.2, "The patient is a 45 year old man")])).names_patient);
    assert!(!look(&with_code(page(&[]), Symbology::Code39, "FRM-1042")).names_patient, "a form's code");
}

#[test]
fn the_key_needs_a_number_and_one_thing_more() {
    let full = page(&[(0.1, "MRN: 00123456 DOB: 03/15/1962"), (0.12, "Patient: DOE, JANE")]);
    assert_eq!(look(&full).identity_key.as_deref(), Some("00123456|19620315|DOEJANE"));
    let named_month = page(&[(0.1, "MRN 00-12-34-56 Date of Birth 15 Mar 1962")]);
    assert_eq!(look(&named_month).identity_key.as_deref(), Some("00123456|19620315|-"));
    assert_eq!(look(&page(&[(0.1, "MRN: 00123456")])).identity_key, None);
    assert_eq!(look(&page(&[(0.1, "DOB: 03/15/1962")])).identity_key, None);
}

#[test]
fn a_patch_on_a_page_whose_direction_is_unknown_is_a_plain_separator() {
    let told = page(&[(0.5, "PATCH SHEET THREE")]);
    assert_eq!(look(&with_code(told, Symbology::Patch, "3")).patch, Some('3'));
    assert_eq!(look(&with_code(page(&[]), Symbology::Patch, "3")).patch, Some('2'));
    assert_eq!(look(&with_code(page(&[]), Symbology::Patch, "4")).patch, Some('4'), "the same both ways");
    assert_eq!(look(&page(&[])).patch, None);
}

/// domain.md 2.7: upside down, a 3 reads as T and a 1 as 6. Where print tells which way is up, the code is as it
/// stands; where nothing does, it is a plain separator.
#[test]
fn an_upside_down_patch_is_known_by_its_print_or_a_plain_separator() {
    for (code, other) in [("3", "T"), ("1", "6")] {
        for read in [code, other] {
            let told = page(&[(0.5, "PATCH SHEET THIS WAY UP")]);
            let wanted = read.chars().next();
            assert_eq!(look(&with_code(told, Symbology::Patch, read)).patch, wanted, "{read}");
            assert_eq!(look(&with_code(page(&[]), Symbology::Patch, read)).patch, Some('2'), "{read}");
        }
        let both = with_code(page(&[(0.5, "PATCH SHEET BOTH EDGES")]), Symbology::Patch, code);
        assert_eq!(
            look(&with_code(both, Symbology::Patch, other)).patch,
            Some('2'),
            "on two edges, one turned"
        );
    }
}

#[test]
fn a_form_is_known_by_a_code_of_the_catalogue() {
    assert_eq!(look(&with_code(page(&[]), Symbology::Code39, "FRM-1042")).form.as_deref(), Some("FRM-1042"));
    assert_eq!(look(&with_code(page(&[]), Symbology::Code39, "FRM-9999")).form, None);
}

#[test]
fn debug_shows_no_patient() {
    let full = look(&page(&[(0.05, "DOE JANE"), (0.1, "MRN: 00123456 DOB: 03/15/1962")]));
    let shown = format!("{full:?}");
    assert!(!shown.contains("DOE") && !shown.contains("00123456"), "{shown}");
}

/// domain.md 2.12 AF-3, seen from the paper: what another facility, a provider or a relative has is not the patient's.
#[test]
fn a_key_is_never_made_of_somebody_elses_number() {
    let outside = page(&[(0.1, "Mercy West Hospital MRN: 5551212 DOB: 03/15/1962")]);
    assert_eq!(look(&outside).identity_key, None);
    let block = page(&[(0.1, "SMITH, JOHN Q M 03/15/1962"), (0.12, "00123456")]);
    assert_eq!(
        look(&block).identity_key.as_deref(),
        Some("00123456|19620315|JOHNSMITH"),
        "a label block is one"
    );
}
