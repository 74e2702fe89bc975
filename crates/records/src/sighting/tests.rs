//! What is seen, from readings as an engine gives them.

use jiff::civil::date;

use super::row::tests::page;
use super::*;
use crate::rules::{AuthoritySettings, Identity};

mod forms;
mod symbols;

use symbols::with_code;

const TODAY: Date = date(2026, 3, 1);

fn rules(shape: Option<&str>) -> Rules {
    let authority = |shape: &str| AuthoritySettings {
        name: "GENHOSP".into(),
        shape: Some(shape.into()),
        ..AuthoritySettings::default()
    };
    let authorities = shape.map(authority).into_iter().collect();
    Rules::from_config(Identity::default(), authorities, None, None).unwrap()
}

fn look(reading: PageReading) -> Vec<Sighting> {
    let draft = Draft { pages: vec![PageNumber(1)], declaration: None, held: Vec::new(), bound: Vec::new() };
    sightings(&draft, &[(PageNumber(1), reading)], &rules(None), TODAY)
}

/// "number 00123456 mr", "name SMITH|JOHN", "born 1962-03-15", "sex Male", "age 72", "unread".
fn words(seen: &[Sighting]) -> Vec<String> {
    let mut words: Vec<String> = seen
        .iter()
        .map(|own| match &own.what {
            Seen::Number { value, .. } if own.stands == Stands::Outside => format!("elsewhere {value}"),
            Seen::Number { value, kind, symbol, .. } => match (kind, symbol) {
                (Some(kind), _) => format!("number {value} {}", kind.code()),
                (None, Some(_)) => format!("symbol {value}"),
                (None, None) => format!("number {value}"),
            },
            Seen::Name(name) => format!("name {}", name.filed()),
            Seen::BirthDate(date) => format!("born {date}"),
            Seen::Sex(sex) => format!("sex {sex:?}"),
            Seen::SexOrInitial(sex) => format!("sex or initial {sex:?}"),
            Seen::Age(years) => format!("age {years}"),
            Seen::Unread => "unread".into(),
        })
        .collect();
    words.sort();
    words
}

fn seen(lines: &[(u32, u32, &str)]) -> Vec<String> {
    words(&look(page(lines)))
}

fn line(text: &str) -> Vec<String> {
    seen(&[(150, 200, text)])
}

#[test]
fn a_header_of_labelled_fields_is_read() {
    let expected = ["born 1962-03-15", "name OKAFOR, DENISE R", "number 10482713 MR", "sex Female"];
    let rows = [
        (208, 440, "Patient: OKAFOR, DENISE R"),
        (1375, 440, "MRN: 10482713"),
        (208, 520, "DOB: 03/15/1962"),
        (1375, 520, "Sex: F"),
    ];
    assert_eq!(seen(&rows), expected);
    assert_eq!(line("Patient Name: OKAFOR, DENISE R DOB: 3/15/62 M RN: 10482713 Gender: Female"), expected);
    assert_eq!(line("Pt: Okafor, Denise R D.O.B. 15-MAR-1962 MR# 10482713 Sex: F"), expected);
    assert!(look(page(&rows)).iter().all(|own| own.witness));
}

#[test]
fn values_below_their_captions_are_read() {
    let boxes = [
        (230, 350, "Patient Name"),
        (1480, 350, "Date of Birth"),
        (240, 420, "OKAFOR, DENISE R"),
        (1490, 420, "03/15/1962"),
        (230, 520, "Medical Record Number"),
        (1480, 520, "Date of Service"),
        (240, 590, "10482713"),
        (1490, 590, "03/09/2026"),
    ];
    assert_eq!(seen(&boxes), ["born 1962-03-15", "name OKAFOR, DENISE R", "number 10482713 MR"]);
}

#[test]
fn family_and_given_name_may_have_fields_of_their_own() {
    let expected = ["born 1962-03-15", "name OKAFOR, DENISE"];
    assert_eq!(line("Last Name: OKAFOR First Name: DENISE DOB: 03/15/1962"), expected);
}

#[test]
fn a_label_block_needs_no_captions() {
    let block = [(1400, 200, "SMITH, JOHN Q M 03/15/1962"), (1400, 260, "00123456 ADM 01/02/2026")];
    assert_eq!(seen(&block), ["born 1962-03-15", "name SMITH, JOHN Q", "number 00123456", "sex Male"]);
    let label = [
        (1400, 200, "OKAFOR, DENISE R"),
        (1400, 260, "DOB: 03/15/1962 Sex: F"),
        (1400, 320, "MRN: 10482713"),
    ];
    assert_eq!(
        seen(&label),
        ["born 1962-03-15", "name OKAFOR, DENISE R", "number 10482713 MR", "sex Female"]
    );
}

#[test]
fn a_city_a_heading_and_a_physician_are_no_patients() {
    for text in [
        "BOSTON, MASSACHUSETTS 02115-1234 617-555-1234",
        "SPRINGFIELD, IL 62701",
        "EMERGENCY DEPARTMENT, GENERAL HOSPITAL 10482713",
        "JONES, MARK MD 12345678",
        "Attending: JONES, MARK",
        "Dr. Mark Jones 12345678",
        "Signed: Alan Reed MD",
        "PCP: JONES, MARK NPI 1234567893",
        "Ordering Physician: JONES, MARK 1234567",
        "Electronically signed by JONES, MARK 01/05/2026 1234567",
        "Physician signature: ______ Name: Mark Jones",
        "Relationship to patient: Self",
        "Pharmacy Name: Harbor Drugs",
    ] {
        assert_eq!(line(text), [""; 0], "{text}");
    }
}

#[test]
fn tests_below_a_header_are_no_second_patient() {
    let lines = [
        (208, 440, "Patient: OKAFOR, DENISE R MRN: 10482713 DOB: 03/15/1962"),
        (208, 520, "GLUCOSE, SERUM 95 mg/dL"),
        (208, 580, "CALCIUM, IONIZED 1.2 mmol/L"),
        (208, 640, "Hemoglobin, Glycated 5.9"),
    ];
    assert_eq!(seen(&lines), ["born 1962-03-15", "name OKAFOR, DENISE R", "number 10482713 MR"]);
}

#[test]
fn a_patient_may_be_a_physician() {
    assert_eq!(line("Patient: JONES, MARK MD"), ["name JONES, MARK MD"]);
    assert!(line("Name: Mark Jones MD").is_empty());
}

#[test]
fn words_behind_a_name_do_not_hide_it() {
    assert_eq!(line("Patient: OKAFOR, DENISE R ae Page 1"), ["name OKAFOR, DENISE R"]);
}

#[test]
fn an_initial_is_no_sex() {
    assert!(!seen(&[(150, 200, "OKAFOR, DENISE ANN M 10482713")]).contains(&"sex Male".to_owned()));
    assert!(seen(&[(150, 200, "OKAFOR, DENISE A F 10482713")]).contains(&"sex Female".to_owned()));
}

#[test]
fn fields_of_relatives_are_not_the_patients() {
    assert!(line("Guarantor Name: OKAFOR, PAUL DOB: 01/02/1960").is_empty());
    assert!(line("Mother MRN: 00999999").is_empty());
    assert!(line("Emergency Contact: OKAFOR, PAUL Phone: 617-555-1234").is_empty());
    let section = [
        (150, 200, "GUARANTOR INFORMATION"),
        (150, 260, "Name: OKAFOR, PAUL"),
        (150, 320, "DOB: 01/02/1960"),
    ];
    assert!(seen(&section).is_empty());
}

#[test]
fn an_outside_number_labelled_as_such_is_not_ours() {
    assert!(line("Outside MRN: 5551212").is_empty());
    assert!(line("Referring facility MRN: 5551212").is_empty());
}

#[test]
fn other_dates_and_numbers_are_not_the_patients() {
    for text in [
        "Collected: 01/05/2026",
        "DOS 01/05/2026",
        "Phone: 617-555-1234",
        "Accession: 20260105",
        "Printed 01/05/2026 10:30",
    ] {
        assert!(line(text).is_empty(), "{text}");
    }
}

#[test]
fn account_and_visit_numbers_say_that_they_are() {
    assert_eq!(line("Acct: 889001 CSN 7700123"), ["number 7700123 VN", "number 889001 AN"]);
    assert_eq!(line("Account #: 889001"), ["number 889001 AN"]);
    assert!(line("Visit: 01/05/2026").is_empty());
}

#[test]
fn what_cannot_be_read_in_a_patients_field_is_unread() {
    assert_eq!(line("Patient: 5m!t#h@"), ["unread"]);
    assert_eq!(line("DOB: 03/1?/19"), ["unread"]);
    assert_eq!(line("MRN: 00?2#4"), ["unread"]);
}

#[test]
fn an_empty_field_is_silent() {
    for text in [
        "Name: ______ Date: ______",
        "Patient Name (Last, First, MI): ____",
        "DOB: __/__/____",
        "MRN: N/A",
        "Sex: [ ] M [ ] F",
    ] {
        assert!(line(text).is_empty(), "{text}");
    }
}

#[test]
fn running_text_is_never_a_field() {
    assert!(line("The patient denies pain. Patient: reports feeling well today").is_empty());
    assert!(line("Her medical record was reviewed and the account is settled").is_empty());
}

#[test]
fn age_and_sex_in_running_text_are_seen_but_no_witnesses() {
    let all = look(page(&[(150, 900, "The patient is a 72-year-old white male with cough.")]));
    assert_eq!(words(&all), ["age 72", "sex Male"]);
    assert!(all.iter().all(|own| own.stands == Stands::Body && !own.witness));
    assert!(line("Her father was a 72-year-old man when he died").is_empty());
}

#[test]
fn what_is_not_on_the_picture_not_legible_or_not_confident_is_no_witness() {
    for change in [
        |word: &mut crate::reading::Word| word.on_picture = false,
        |word: &mut crate::reading::Word| word.legible = false,
        |word: &mut crate::reading::Word| word.confidence = 30.0,
    ] {
        let mut reading = page(&[(150, 200, "Patient: OKAFOR, DENISE MRN: 10482713 DOB: 03/15/1962")]);
        reading.words.iter_mut().for_each(change);
        let all = look(reading);
        assert_eq!(all.len(), 3);
        assert!(all.iter().all(|own| !own.witness));
    }
}

#[test]
fn a_date_that_had_to_be_mended_is_no_witness() {
    let all = look(page(&[(150, 200, "DOB: O3/l5/1962")]));
    assert_eq!(words(&all), ["born 1962-03-15"]);
    assert!(!all[0].witness);
}

#[test]
fn a_sheet_of_ours_witnesses_nothing() {
    let lines =
        [(150, 100, "CHARTROOM CONTROL SHEET"), (150, 400, "OKAFOR, DENISE R"), (150, 460, "MRN 10482713")];
    assert!(seen(&lines).is_empty());
    assert!(
        with_code(&[(150, 400, "MRN 10482713")], |code| code.text = "CS1|GENHOSP.k1|P".into()).is_empty()
    );
}

#[test]
fn a_list_of_many_patients_names_them_all() {
    let list = [
        (150, 200, "SURGERY SCHEDULE"),
        (150, 300, "OKAFOR, DENISE 10482713 03/15/1962"),
        (150, 360, "PETROV, ANTON 10926584 12/24/1939"),
    ];
    let all = seen(&list);
    assert!(
        all.contains(&"name OKAFOR, DENISE".to_owned()) && all.contains(&"name PETROV, ANTON".to_owned()),
        "{all:?}"
    );
}

#[test]
fn a_shape_names_the_authority() {
    let draft = Draft { pages: vec![PageNumber(1)], declaration: None, held: Vec::new(), bound: Vec::new() };
    let reading = page(&[(150, 200, "MRN: 10482713")]);
    let all = sightings(&draft, &[(PageNumber(1), reading)], &rules(Some("[0-9]{8}")), TODAY);
    let Seen::Number { authority, .. } = &all[0].what else { panic!("no number") };
    assert_eq!(authority.as_ref().map(|id| id.0.as_str()), Some("GENHOSP"));
}

#[test]
fn a_page_of_seven_hundred_words_is_looked_at_within_two_milliseconds() {
    let prose = "the patient was seen for follow up of diabetes and hypertension with no new complaint today she takes";
    let mut lines: Vec<(u32, u32, &str)> = (0..40).map(|at| (150, 400 + at * 60, prose)).collect();
    lines.push((150, 200, "Patient: OKAFOR, DENISE R MRN: 10482713 DOB: 03/15/1962"));
    let reading = page(&lines);
    let (draft, rules) = (
        Draft { pages: vec![PageNumber(1)], declaration: None, held: Vec::new(), bound: Vec::new() },
        rules(None),
    );
    let pages = [(PageNumber(1), reading)];
    let started = std::time::Instant::now();
    for _ in 0..20 {
        assert_eq!(sightings(&draft, &pages, &rules, TODAY).len(), 3);
    }
    // 40 times what it takes on a quiet machine: for orders of magnitude, not for noise.
    assert!(started.elapsed().as_millis() < 20 * 40, "{:?}", started.elapsed() / 20);
}
