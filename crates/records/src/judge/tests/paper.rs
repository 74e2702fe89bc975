//! From words on a page to the verdict: papers as hospitals scan them.

use super::*;
use crate::reading::Barcode;
use crate::sighting::row::tests::page as print;

/// The verdict on a document of these pages.
fn verdict(pages: Vec<PageReading>) -> Verdict {
    let desk = desk(Vec::new());
    let numbers = (1..).map(PageNumber);
    let pages: Vec<(PageNumber, PageReading)> = numbers.zip(pages).collect();
    let draft = Draft {
        pages: pages.iter().map(|(page, _)| *page).collect(),
        declaration: None,
        held: Vec::new(),
        bound: Vec::new(),
    };
    let case = Case::of(&draft, &pages, &desk.rules, date(2026, 3, 1));
    judge(&case, &desk.known, &desk.rules, now())
}

fn codes(pages: Vec<PageReading>) -> Vec<&'static str> {
    match verdict(pages) {
        Verdict::File(_) => vec!["FILED"],
        Verdict::Hold(hold) => hold.reasons.iter().map(|reason| reason.code()).collect(),
    }
}

fn note(name: &str, mrn: &str, born: &str, body: &str) -> PageReading {
    print(&[
        (208, 230, "GENERAL HOSPITAL - 100 Harbor Street"),
        (208, 340, "PROGRESS NOTE"),
        (208, 450, &format!("Patient: {name}")),
        (1375, 450, &format!("MRN: {mrn}")),
        (208, 530, &format!("DOB: {born}")),
        (1375, 530, "Sex: F"),
        (208, 660, "Date of service: 01/05/2026"),
        (208, 780, body),
        (208, 3000, "Signed: Alan Reed MD"),
    ])
}

fn okafors(body: &str) -> PageReading {
    note("OKAFOR, DENISE R", OKAFOR, "03/15/1962", body)
}

#[test]
fn a_note_with_a_full_header_is_filed() {
    let Verdict::File(approval) = verdict(vec![okafors("The patient is a 63-year-old female with cough.")])
    else {
        panic!("held")
    };
    assert_eq!(approval.filed_under.value, OKAFOR);
    assert!(approval.evidence.iter().all(|own| own.place.w > 0 && own.page == PageNumber(1)));
    assert_eq!(approval.evidence[0].reader.0, "test-1/eng/p1/f1");
}

#[test]
fn a_labelled_form_with_a_barcode_is_filed() {
    let mut form = print(&[
        (208, 230, "GENERAL HOSPITAL"),
        (1416, 250, "OKAFOR, DENISE R"),
        (1416, 320, "DOB: 03/15/1962 Sex: F"),
        (1416, 390, "MRN: 10482713"),
        (1620, 580, "10482713"),
    ]);
    form.barcodes.push(Barcode {
        symbology: Symbology::Code128,
        text: OKAFOR.into(),
        place: Rect { x: 1470, y: 440, w: 500, h: 110 },
        turn: 0,
        agreeing: 3,
        disputed: false,
        module: 3.0,
        gs1: false,
    });
    assert_eq!(codes(vec![form.clone()]), ["FILED"]);
    form.barcodes[0].text = PETROV.into();
    assert!(codes(vec![form]).contains(&"HRI_MISMATCH"));
}

#[test]
fn conflicting_labels_are_held() {
    let pages = vec![okafors("Stable."), note("PETROV, ANTON", PETROV, "12/24/1939", "Stable.")];
    assert_eq!(codes(pages)[0], "MULTI_PATIENT");
}

#[test]
fn one_wrong_digit_anywhere_is_held() {
    assert_eq!(codes(vec![note("OKAFOR, DENISE R", "10482718", "03/15/1962", "")]), ["ID_NOT_IN_MPI"]);
    assert_eq!(codes(vec![note("OKAFOR, DENISE R", OKAFOR, "03/16/1962", "")]), ["DOB_MISMATCH"]);
    assert_eq!(codes(vec![note("OKAFOR, DENICE R", OKAFOR, "03/15/1962", "")]), ["NAME_MISMATCH"]);
}

#[test]
fn a_body_about_somebody_else_shows() {
    assert_eq!(
        codes(vec![okafors("Mr. X is a 28-year-old male with knee pain.")]),
        ["DOB_MISMATCH", "SEX_MISMATCH"]
    );
}

#[test]
fn a_date_of_service_before_birth_is_held() {
    let mut page = okafors("");
    for word in page.words.iter_mut().filter(|word| word.text == "01/05/2026") {
        word.text = "01/05/1952".into();
    }
    assert_eq!(codes(vec![page]), ["DOS_IMPLAUSIBLE"]);
}

#[test]
fn text_that_is_not_on_the_picture_can_only_contradict() {
    let mut hidden = okafors("");
    hidden.words.iter_mut().for_each(|word| word.on_picture = false);
    assert!(!codes(vec![hidden]).contains(&"FILED"));
    let mut page = okafors("");
    let mut other = print(&[(208, 2500, "MRN: 10926584")]).words;
    other.iter_mut().for_each(|word| (word.on_picture, word.line) = (false, 99));
    page.words.extend(other);
    assert_eq!(codes(vec![page])[0], "MULTI_PATIENT");
}

#[test]
fn text_that_is_not_legible_can_only_contradict() {
    let mut scrawl = okafors("");
    scrawl.words.iter_mut().for_each(|word| word.legible = false);
    assert!(!codes(vec![scrawl]).contains(&"FILED"));
    let mut page = okafors("");
    let mut other = print(&[(208, 2500, "MRN: 10926584")]).words;
    other.iter_mut().for_each(|word| (word.legible, word.line) = (false, 99));
    page.words.extend(other);
    assert_eq!(codes(vec![page])[0], "MULTI_PATIENT");
}

#[test]
fn a_list_of_many_patients_is_held() {
    let list = print(&[
        (208, 230, "SURGERY SCHEDULE"),
        (208, 400, "OKAFOR, DENISE 10482713 03/15/1962"),
        (208, 460, "PETROV, ANTON 10926584 12/24/1939"),
    ]);
    assert_eq!(codes(vec![list])[0], "MULTI_PATIENT");
}

#[test]
fn a_hundred_pages_are_judged_within_a_tenth_of_a_second() {
    let body =
        "the patient was seen for follow up of diabetes and hypertension with no new complaint today and she";
    let lines: Vec<(u32, u32, &str)> = (0..40).map(|at| (150, 800 + at * 55, body)).collect();
    let mut page = okafors("");
    page.words.extend(
        print(&lines).words.into_iter().map(|word| crate::reading::Word { line: word.line + 50, ..word }),
    );
    let started = std::time::Instant::now();
    assert_eq!(codes(vec![page; 100]), ["FILED"]);
    // Ten times what it takes on a quiet machine: for orders of magnitude, not for noise.
    assert!(started.elapsed().as_millis() < 3000, "{:?}", started.elapsed());
}
