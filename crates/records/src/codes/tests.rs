//! Pages with codes, and with what only looks like them.

use super::*;
use crate::sighting::row::tests::page;

mod releases;
mod words;

/// A line of an order file.
pub(super) fn order(code: &str, text: &str) -> String {
    let billable = u8::from(code.len() > 3);
    format!("00001 {code:<7} {billable} {:<60} {text}\n", &text[..text.len().min(60)])
}

pub(super) fn anweb(code: &str, text: &str, days: (&str, &str)) -> String {
    format!("{code}001003{text:<80}{:177}{:<16}{:<8}N\n", "", days.0, days.1)
}

/// What is published for fiscal year 2026, as far as these pages need it. B12, T12 and C50 stand for stems that are
/// also rooms and vertebrae.
fn tables() -> CodeTables {
    let codes = [
        "E11", "E119", "I10", "I50", "I509", "S72001A", "B12", "T12", "C50", "F32A", "S08", "M5450", "O0990",
        "Z815", "Z81S", "E101", "E10I",
    ];
    let cm: String = codes.iter().map(|code| order(code, "a diagnosis")).collect();
    let pcs = order("0DTJ4ZZ", "a procedure");
    let supplies =
        anweb("A0428", "Ambulance service", ("19960101", "")) + &anweb("J1100", "Injection", ("", ""));
    let files = [
        ("icd10cm-order-2026.txt", cm),
        ("icd10pcs_order_2026.txt", pcs),
        ("HCPC2026_JAN_ANWEB.txt", supplies),
    ];
    let files = files.iter().map(|(name, text)| (Release::of(name).unwrap(), text.as_str())).collect();
    CodeTables::of(files).unwrap()
}

/// One line of text, in words that stand apart from each other.
fn line(text: &str) -> PageReading {
    let mut x = 0;
    let words: Vec<(u32, u32, &str)> = text
        .split(' ')
        .map(|word| {
            x += 400;
            (x, 100, word)
        })
        .collect();
    let mut reading = page(&words);
    reading.words.iter_mut().for_each(|word| word.line = 0);
    reading
}

const IN_2026: Option<(Date, Date)> = Some((date(2026, 3, 1), date(2026, 3, 1)));
const IN_2012: Option<(Date, Date)> = Some((date(2012, 3, 1), date(2012, 3, 1)));

fn said(mention: &CodeMention) -> String {
    let mark = if mention.corrected { "~" } else { "" };
    format!("{mark}{} {}", mention.system.name(), mention.code)
}

/// The codes of a line: `~` before what was corrected.
fn codes_on(text: &str, service: Option<(Date, Date)>) -> Vec<String> {
    mentions(&line(text), service, &tables()).iter().map(said).collect()
}

fn codes(text: &str) -> Vec<String> {
    codes_on(text, IN_2026)
}

const NONE: [&str; 0] = [];

#[test]
fn a_code_with_its_point_that_the_table_has_is_a_code() {
    assert_eq!(codes("treated for E11.9 since 2009"), ["ICD-10-CM E11.9"]);
    assert_eq!(
        codes("(E11.9), I50.9; S72.001A."),
        ["ICD-10-CM E11.9", "ICD-10-CM I50.9", "ICD-10-CM S72.001A"]
    );
    assert_eq!(codes("E11.7 and Q99.9 are in no table"), NONE);
}

#[test]
fn a_code_without_its_point_needs_a_word_that_announces_it() {
    assert_eq!(codes("seen in E11 today"), NONE);
    for text in
        ["Dx: E119", "Diagnosis E119", "ICD-10-CM: E119", "Impression: E119", "E119 (ICD-10)", "ICD10:E119"]
    {
        assert_eq!(codes(text), ["ICD-10-CM E11.9"], "{text}");
    }
}

#[test]
fn a_word_that_announces_codes_reaches_eight_words_far() {
    assert_eq!(codes("Dx a b c d e f g E119"), ["ICD-10-CM E11.9"]);
    assert_eq!(codes("Dx a b c d e f g h E119"), NONE);
}

#[test]
fn a_room_a_vitamin_and_a_vertebra_are_no_codes() {
    for text in
        ["moved to room B12", "vitamin B12 1000 mcg", "fracture of T12", "C50 bus", "disc L5 S1", "at C4"]
    {
        assert_eq!(codes(text), NONE, "{text}");
    }
    assert_eq!(codes("Dx: B12, T12"), ["ICD-10-CM B12", "ICD-10-CM T12"], "beside a cue they are");
}

#[test]
fn a_tumour_s_stage_is_no_code() {
    assert_eq!(codes("Diagnosis: carcinoma pT2N0M0 stage T2N0M0"), NONE);
}

#[test]
fn the_head_of_a_column_announces_the_codes_below_it() {
    let mut table = page(&[
        (100, 100, "Problem"),
        (900, 100, "ICD"),
        (100, 160, "Diabetes"),
        (900, 160, "E119"),
        (100, 220, "Pressure"),
        (900, 220, "I10"),
        (100, 280, "Room"),
        (1500, 280, "B12"),
    ]);
    table.words.iter_mut().for_each(|word| word.place.w = 100);
    let far = page(&[(0, 0, "x"); 12]);
    table.words.splice(2..2, far.words);
    let found: Vec<String> = mentions(&table, IN_2026, &tables()).iter().map(said).collect();
    assert_eq!(found, ["ICD-10-CM E11.9", "ICD-10-CM I10"]);
}

#[test]
fn what_was_misread_is_repaired_towards_the_table_only_and_says_so() {
    assert_eq!(codes("E1l.9"), ["~ICD-10-CM E11.9"]);
    assert_eq!(codes("El1.g"), ["~ICD-10-CM E11.9"]);
    assert_eq!(codes("l50.9"), ["~ICD-10-CM I50.9"]);
    assert_eq!(codes("E11,9"), ["~ICD-10-CM E11.9"]);
    assert_eq!(codes("572.0O1A"), ["~ICD-10-CM S72.001A"]);
    assert_eq!(codes("009.9O"), NONE, "nothing says that this number is a code");
    assert_eq!(codes("Dx 009.9O"), ["~ICD-10-CM O09.90"]);
    assert_eq!(codes("Q1l.9"), NONE, "no table has Q11.9");
    assert_eq!(codes("Z8l.5"), ["~ICD-10-CM Z81.5"], "the fewest changes count");
    assert_eq!(codes("E1O.l"), NONE, "E10.1 and E10.I are as good as each other");
    let found = &mentions(&line("E1l.9,"), IN_2026, &tables())[0];
    assert_eq!((found.text.as_str(), found.words.clone()), ("E1l.9", 0..1), "what stands there is kept");
}

#[test]
fn what_stands_in_the_table_is_never_repaired() {
    // S08 and 508, F32.A and F32.4: the printed one counts.
    assert_eq!(codes("F32.A"), ["ICD-10-CM F32.A"]);
    assert!(codes("Dx S08").contains(&"ICD-10-CM S08".to_owned()));
}

#[test]
fn words_and_numbers_are_not_made_into_codes() {
    assert_eq!(codes("Dx: SOB"), NONE, "short of breath is no amputation");
    assert_eq!(codes("Diagnosis: obesity and a weight of 150.9 lb"), NONE);
    assert_eq!(codes("ICD-10 150.9"), ["~ICD-10-CM I50.9"], "right behind its cue");
}

#[test]
fn a_code_torn_at_its_point_is_one() {
    let found = mentions(&line("Dx E11 .9 stable"), IN_2026, &tables());
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].code.as_str(), found[0].words.clone()), ("E11.9", 1..3));
}

#[test]
fn a_number_of_cpt_counts_only_beside_its_cue_and_is_never_more_than_a_number() {
    assert_eq!(codes("account 99213"), NONE);
    assert_eq!(codes("CPT 99213"), ["CPT 99213"]);
    assert_eq!(codes("procedure code: 0001U"), ["CPT 0001U"]);
    assert_eq!(codes("procedure done 99213"), NONE);
    assert_eq!(codes("CPT a b c d e f g h 99213"), NONE);
    assert_eq!(mentions(&line("CPT 99213"), None, &CodeTables::default())[0].billable, None);
}

#[test]
fn a_number_of_cpt_counts_in_its_box_of_a_claim_form() {
    let mut form =
        page(&[(900, 100, "CPT/HCPCS"), (900, 160, "99213"), (900, 220, "A0428"), (900, 280, "93000")]);
    form.words.iter_mut().for_each(|word| word.place.w = 100);
    let found: Vec<String> = mentions(&form, IN_2026, &tables()).iter().map(said).collect();
    assert_eq!(found, ["CPT 99213", "HCPCS A0428", "CPT 93000"]);
}

#[test]
fn a_supply_s_code_counts_where_the_table_has_it_and_a_dentist_s_never() {
    assert_eq!(codes("transport A0428 by ground"), ["HCPCS A0428"]);
    assert_eq!(codes("A0429 is not in it"), NONE);
    assert_eq!(codes("HCPCS D0120"), NONE);
    assert_eq!(codes("HCPCS J11OO"), ["~HCPCS J1100"]);
    assert_eq!(codes("box J11OO"), NONE, "repaired only beside its cue");
}

#[test]
fn a_procedure_of_a_hospital_needs_table_and_cue() {
    assert_eq!(codes("ICD-10-PCS 0DTJ4ZZ"), ["ICD-10-PCS 0DTJ4ZZ"]);
    assert_eq!(codes("principal procedure: ODTJ4ZZ"), ["~ICD-10-PCS 0DTJ4ZZ"]);
    assert_eq!(codes("serial 0DTJ4ZZ"), NONE);
}

#[test]
fn old_diagnoses_count_before_october_2015_beside_their_cue() {
    assert_eq!(
        codes_on("ICD-9: 250.00, V58.67, E885.9", IN_2012),
        ["ICD-9-CM 250.00", "ICD-9-CM V58.67", "ICD-9-CM E885.9"]
    );
    assert_eq!(codes_on("Dx 401", IN_2012), ["ICD-9-CM 401"]);
    assert_eq!(codes_on("glucose 250.00", IN_2012), NONE);
    assert_eq!(
        codes_on("Diagnosis: he weighs about 250 pounds", IN_2012),
        NONE,
        "a bare number stands right behind"
    );
    assert_eq!(codes_on("ICD-9: 250.00", IN_2026), NONE);
    assert_eq!(codes_on("ICD-9: 250.00", None), NONE);
    assert_eq!(codes_on("ICD: E11.9", IN_2012), NONE, "and the new ones do not");
    let until = |last| codes_on("ICD-9: 250.00", Some((last, last)));
    assert_eq!((until(date(2015, 9, 30)).len(), until(date(2015, 10, 1)).len()), (1, 0));
}

#[test]
fn drugs_and_observations_count_beside_their_cue() {
    assert_eq!(codes("NDC 0069-0150-01"), ["NDC 0069-0150-01"]);
    assert_eq!(codes("call 0069-0150-01"), NONE);
    assert_eq!(codes("NDC 69-0150-01"), NONE, "eight digits");
    assert_eq!(codes("LOINC 2345-7"), ["LOINC 2345-7"]);
    assert_eq!(codes("LOINC 2345-8"), NONE, "the check digit is wrong");
    assert_eq!(codes("2345-7"), NONE);
}

#[test]
fn without_tables_only_what_needs_none_is_recognised() {
    let found = mentions(&line("Dx E11.9 HCPCS A0428 CPT 99213"), IN_2026, &CodeTables::default());
    assert_eq!(found.iter().map(said).collect::<Vec<_>>(), ["CPT 99213"]);
}

#[test]
fn what_is_not_legible_has_no_code() {
    let mut reading = line("Dx: E11.9");
    reading.words[1].legible = false;
    assert!(mentions(&reading, IN_2026, &tables()).is_empty());
}

#[test]
fn a_header_is_told_from_what_may_be_billed() {
    let billable = |text: &str| mentions(&line(text), IN_2026, &tables())[0].billable;
    assert_eq!((billable("Dx E11"), billable("E11.9")), (Some(false), Some(true)));
}

#[test]
fn no_word_of_a_page_is_in_a_log() {
    let found = mentions(&line("Dx E11.9"), IN_2026, &tables());
    assert_eq!(format!("{found:?}"), "[CodeMention(ICD-10-CM at word 1)]");
}

#[test]
fn a_pattern_is_typed_with_or_without_a_point_and_a_star_means_all_that_begin_so() {
    let pattern = |text: &str| CodePattern::parse(text);
    for same in ["E11.9", "e119", " E119 ", "e11.9"] {
        assert_eq!(pattern(same), pattern("E11.9"));
    }
    let matches = |text: &str, code: &str| pattern(text).unwrap().matches(code);
    assert!(matches("E11*", "E11.9") && matches("e11.*", "E1165") && matches("E11.-*", "E11"));
    assert!(!matches("E11", "E11.9") && !matches("E11.9*", "E11.8"));
    for none in ["", "*", "diabetes", "E1", "E11.9 x", "é11.9", &"1".repeat(99)] {
        assert!(pattern(none).is_none(), "{none}");
    }
    let shown = |text: &str| pattern(text).unwrap().to_string();
    assert_eq!(
        [shown("e119"), shown("e11*"), shown("j1100"), shown("2345-7")],
        ["E11.9", "E11*", "J1100", "2345-7"]
    );
}
