//! Kinds, from readings as an engine gives them.

use super::*;
use crate::geometry::Rect;
use crate::reading::Barcode;
use crate::rules::Identity;
use crate::sighting::row::tests::page;

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
