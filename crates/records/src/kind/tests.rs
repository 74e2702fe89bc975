//! Kinds, from readings as an engine gives them.

use super::*;
use crate::geometry::Rect;
use crate::reading::Barcode;
use crate::rules::{BarcodeSettings, Identity};
use crate::separation::{Declaration, SpanEnd};
use crate::sheet::{SheetKind, SheetPayload, new_serial};
use crate::sighting::row::tests::page;

mod ordinary;

fn rules() -> Rules {
    let catalogue = include_str!("../../../../config/kinds.toml");
    let forms = "[[kind]]\ncode = 'FORM'\nname = 'a form'\ndate = 'visit'\nforms = ['FRM-1042']\n";
    let kinds = format!("{catalogue}\n{forms}");
    Rules::from_config(Identity::default(), Vec::new(), Some(&kinds), None).unwrap()
}

fn typed(reading: PageReading) -> Typed {
    let draft = Draft { pages: vec![PageNumber(1)], declaration: None, held: Vec::new(), bound: Vec::new() };
    kind_of(&draft, &[(PageNumber(1), reading)], &rules())
}

fn code(reading: PageReading) -> String {
    typed(reading).code.0
}

#[test]
fn a_title_near_the_top_decides() {
    assert_eq!(code(page(&[(200, 100, "GENERAL HOSPITAL"), (800, 300, "DISCHARGE SUMMARY")])), "DCSUM");
    assert_eq!(code(page(&[(800, 300, "Laboratory Report - Final")])), "LAB");
    assert_eq!(code(page(&[(800, 300, "H&P")])), "HP");
}

#[test]
fn a_title_beside_a_label_decides() {
    let lines = [(200, 300, "CONSENT TO TREATMENT"), (1400, 300, "DOB: 02/11/1993 Sex: M")];
    assert_eq!(code(page(&lines)), "CONSENT");
    let mut one_line = page(&lines);
    one_line.words.iter_mut().for_each(|word| word.line = 0);
    assert_eq!(code(one_line), "CONSENT");
}

#[test]
fn a_title_read_with_a_wrong_letter_still_decides() {
    assert_eq!(code(page(&[(800, 300, "DISCHARGE SUNMARY")])), "DCSUM");
}

#[test]
fn a_phrase_in_running_text_or_far_down_decides_nothing() {
    let text = "please find the discharge summary of this patient which we were asked to send";
    assert_eq!(code(page(&[(200, 300, text)])), "UNSORTED");
    assert_eq!(code(page(&[(200, 2000, "DISCHARGE SUMMARY")])), "UNSORTED");
}

#[test]
fn the_longer_title_wins() {
    assert_eq!(code(page(&[(800, 300, "SURGICAL PATHOLOGY REPORT")])), "SPATH");
}

#[test]
fn a_form_code_decides_over_the_title() {
    let mut reading = page(&[(800, 300, "DISCHARGE SUMMARY")]);
    reading.barcodes.push(Barcode {
        symbology: Symbology::Code39,
        text: "FRM-1042".into(),
        place: Rect { x: 100, y: 3000, w: 400, h: 100 },
        turn: 0,
        agreeing: 1,
        disputed: false,
        module: 3.0,
        gs1: false,
    });
    assert_eq!(code(reading), "FORM");
}

#[test]
fn words_suggest_and_decide_nothing() {
    let lines = [(200, 1500, "Psychotherapy session with mental status exam as noted")];
    let typed = typed(page(&lines));
    assert_eq!(typed.code, KindCode::unsorted());
    assert_eq!(typed.suggested, Some(KindCode("PSYCH".into())));
}

#[test]
fn one_word_of_a_sensitive_kind_suggests_nothing() {
    assert_eq!(typed(page(&[(200, 1500, "denies suicidal ideation")])).suggested, None);
}

/// "Emergency department records from her visit were reviewed" stands in an ordinary note.
#[test]
fn one_phrase_that_is_a_title_and_a_cue_is_one_cue() {
    assert_eq!(typed(page(&[(200, 1500, "the records from her visit were reviewed")])).suggested, None);
}

/// domain.md 5.1: form, then cover sheet, then title.
#[test]
fn a_cover_sheets_kind_decides_over_the_title_and_a_form_over_both() {
    let payload = SheetPayload {
        site: "S".into(),
        key_id: "1".into(),
        kind: SheetKind::Cover,
        authority: None,
        mrn: None,
        visit: None,
        document_kind: Some(KindCode("CONSULT".into())),
        service: None,
        sheets: None,
        folder: None,
        printed: jiff::Timestamp::UNIX_EPOCH,
        serial: new_serial([1; 16]),
    };
    let declaration = Declaration { payload, page: PageNumber(1), end: SpanEnd::Sure };
    let draft = Draft {
        pages: vec![PageNumber(2)],
        declaration: Some(declaration),
        held: Vec::new(),
        bound: Vec::new(),
    };
    let typed = |reading| kind_of(&draft, &[(PageNumber(2), reading)], &rules()).code.0;
    assert_eq!(typed(page(&[(800, 300, "DISCHARGE SUMMARY")])), "CONSULT");
    assert_eq!(typed(with_form("FRM-1042")), "FORM");
}

/// domain.md 2.5: a site's barcode may say the form and its revision.
#[test]
fn a_form_is_known_whatever_its_revision() {
    let shape =
        BarcodeSettings { shape: "(?<form>[A-Z]+-[0-9]{4})/R[0-9]+".into(), ..BarcodeSettings::default() };
    let rules = rules().with_barcodes(vec![shape]).unwrap();
    let reading = with_form("FRM-1042/R12");
    let draft = Draft { pages: vec![PageNumber(1)], declaration: None, held: Vec::new(), bound: Vec::new() };
    assert_eq!(kind_of(&draft, &[(PageNumber(1), reading)], &rules).code.0, "FORM");
}

/// domain.md 2.5: an unknown form is never a hold of identity, and never "Other".
#[test]
fn a_form_nobody_knows_is_unsorted() {
    assert_eq!(code(with_form("FRM-9999")), "UNSORTED");
}

fn with_form(text: &str) -> PageReading {
    let mut reading = page(&[(200, 2000, "seen today")]);
    reading.barcodes.push(Barcode {
        symbology: Symbology::Code39,
        text: text.into(),
        place: Rect { x: 100, y: 3000, w: 400, h: 100 },
        turn: 0,
        agreeing: 1,
        disputed: false,
        module: 3.0,
        gs1: false,
    });
    reading
}

/// domain.md 5.5: by kind, form or station, never by a word alone.
#[test]
fn labels_come_from_kind_form_and_station_and_never_from_words() {
    let form = "[[form]]\ncode = 'SUD-7'\nkind = 'PROG'\nlabel = 'PART2'\n";
    let kinds = format!("{}\n{form}", include_str!("../../../../config/kinds.toml"));
    let rules = Rules::from_config(Identity::default(), Vec::new(), Some(&kinds), None).unwrap();
    let of = |kind: &str, reading: PageReading, labels: &[&str]| {
        let labels = labels.iter().map(|label| Label((*label).into())).collect();
        let profile = Profile { labels, ..Profile::default() };
        let all = super::labels(&KindCode(kind.into()), &[(PageNumber(1), reading)], &profile, &rules);
        all.into_iter().map(|label| label.0).collect::<Vec<_>>()
    };
    let words = || page(&[(200, 900, "methadone maintenance, psychotherapy, HIV, BRCA, sexual assault")]);
    assert_eq!(of("PROG", words(), &[]), [""; 0]);
    assert_eq!(of("SUD", words(), &[]), ["PART2"]);
    assert_eq!(of("PROG", with_form("SUD-7"), &[]), ["PART2"]);
    assert_eq!(of("PSYCH", with_form("SUD-7"), &["VIP"]), ["MH", "PART2", "VIP"]);
    assert_eq!(of("UNSORTED", words(), &["MH"]), ["MH"]);
}
