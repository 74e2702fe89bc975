//! What a printer gets.

use jiff::civil::date;
use records::document::KindCode;
use records::identifier::AuthorityId;
use records::sheet::new_serial;

use super::*;

fn key() -> SheetKey {
    SheetKey { site: "GENHOSP".into(), id: "k1".into(), secret: "00ff".into() }
}

fn sheet(kind: SheetKind) -> SheetPage {
    let mrn = (kind != SheetKind::DocumentType).then(|| "00123456".to_owned());
    SheetPage {
        payload: SheetPayload {
            site: "GENHOSP".into(),
            key_id: "k1".into(),
            kind,
            authority: Some(AuthorityId("GENHOSP".into())),
            mrn,
            visit: Some("V0012345".into()),
            document_kind: Some(KindCode("PROG".into())),
            service: Some(date(2026, 3, 2)),
            sheets: Some(12),
            folder: None,
            printed: "2026-03-02T10:15:00Z".parse().unwrap(),
            serial: new_serial([0x5a; 16]),
        },
        name: Some("DOE, JANE Q".into()),
        birth_date: Some(date(1962, 3, 15)),
    }
}

fn text(pdf: &[u8], page: u32) -> String {
    lopdf::Document::load_mem(pdf).unwrap().extract_text(&[page]).unwrap()
}

#[test]
fn a_cover_sheet_says_in_plain_print_whose_pages_follow() {
    let text = text(&pdf(&[sheet(SheetKind::Cover)], &key()), 1);
    for said in ["DOE, JANE Q", "03/15/1962", "MRN 00123456", "COVER SHEET", MARK, UPRIGHT, "12", "GENHOSP"] {
        assert!(text.contains(said), "{said} is missing in: {text}");
    }
    assert_eq!(text.matches(MARK).count(), 2, "at the head and at the foot");
}

fn a_slip() -> Slip {
    Slip {
        payload: SheetPayload { mrn: None, visit: None, sheets: Some(1), ..sheet(SheetKind::Rescan).payload },
        item: "d5x311ce6e92qhxeg50hv3cqjqk".into(),
        page: "page 2 of 3".into(),
        position: "sheet 5 of 14".into(),
        station: "er-front-desk".into(),
        file: "scan0042.tif".into(),
        scanned: "2026-03-02T10:15:00Z".parse().unwrap(),
        begins: "PROGRESS NOTE Patient Name: DOE, JANE Q MRN: 00123456 DOB: 03/15/1962".into(),
        asked_by: "Kim".into(),
    }
}

#[test]
fn a_slip_says_where_the_page_is_how_it_begins_and_whom_to_bring_it_to() {
    let text = text(&slip_pdf(&a_slip(), &key(), false), 1);
    for said in [
        "RESCAN SHEET",
        MARK,
        UPRIGHT,
        "ONE sheet",
        "sheet 5 of 14",
        "scan0042.tif",
        "er-front-desk",
        "2026-03-02 10:15",
        "\"PROGRESS NOTE",
        "03/15/1962\"",
        "Kim",
        "page 2 of 3",
        "d5x311ce6e92qhxeg50hv3cqjqk",
    ] {
        assert!(text.contains(said), "{said} is missing in: {text}");
    }
    assert!(text.split_whitespace().count() < 100, "a sheet is told from a page by being nearly empty");
    let unread = Slip { begins: String::new(), ..a_slip() };
    assert!(self::text(&slip_pdf(&unread, &key(), false), 1).contains("nothing on it could be read"));
    assert_eq!(lopdf::Document::load_mem(&slip_pdf(&a_slip(), &key(), true)).unwrap().get_pages().len(), 2);
    assert!(!format!("{:?}", a_slip()).contains("DOE"));
}

/// For looking at: `CHARTROOM_SLIP=slip.pdf cargo test -p print -- --ignored`.
#[test]
#[ignore = "writes a picture for people"]
fn a_slip_to_look_at() {
    let path = std::env::var_os("CHARTROOM_SLIP").unwrap_or_else(|| "slip.pdf".into());
    std::fs::write(path, slip_pdf(&a_slip(), &key(), false)).unwrap();
}

#[test]
fn every_kind_of_sheet_has_its_title_and_few_words() {
    for kind in SheetKind::ALL {
        let text = text(&pdf(&[sheet(kind)], &key()), 1);
        assert!(text.contains(kind.title()), "{text}");
        assert!(text.split_whitespace().count() < 100, "a sheet is told from a page by being nearly empty");
    }
}

#[test]
fn sheets_come_in_order_one_a_page_or_on_both_faces() {
    let sheets = [sheet(SheetKind::Cover), sheet(SheetKind::End)];
    let one = pdf(&sheets, &key());
    assert!(text(&one, 1).contains("COVER SHEET") && text(&one, 2).contains("END SHEET"));
    assert_eq!(lopdf::Document::load_mem(&one).unwrap().get_pages().len(), 2);
    let both = pdf_both_faces(&sheets, &key());
    assert!(text(&both, 2).contains("COVER SHEET") && text(&both, 3).contains("END SHEET"));
    assert_eq!(lopdf::Document::load_mem(&both).unwrap().get_pages().len(), 4);
}

#[test]
fn the_same_sheet_prints_the_same_bytes() {
    assert_eq!(pdf(&[sheet(SheetKind::Cover)], &key()), pdf(&[sheet(SheetKind::Cover)], &key()));
}

#[test]
fn modules_are_large_enough_for_200_dpi_and_a_coarse_fax() {
    let mut long = sheet(SheetKind::Cover).payload;
    (long.site, long.visit) = ("A-RATHER-LONG-SITE-NAME".into(), Some("VISIT-2026-000012345678".into()));
    for payload in [sheet(SheetKind::Cover).payload, long] {
        let code = code::Code::of(&sign(&payload, &key()));
        let mm = code.side() / code.modules_in_a_row() * 25.4 / 72.0;
        assert!(mm >= 0.7, "{mm} mm: below 5.5 pixels at 200 dpi and 2.7 fax lines");
        assert!(code.side() <= 150.0);
    }
}

#[test]
fn a_name_in_letters_the_fonts_lack_is_still_a_name() {
    let mut odd = sheet(SheetKind::Cover);
    odd.name = Some("DVOŘÁK, ŽOFIE".into());
    assert!(text(&pdf(&[odd], &key()), 1).contains("DVORÁK, ZOFIE"));
}

#[test]
fn debug_shows_no_patient() {
    assert_eq!(format!("{:?}", sheet(SheetKind::Cover)), "SheetPage(COVER SHEET)");
}
