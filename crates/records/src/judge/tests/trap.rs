//! What must never file: AF-3, AF-4, and the properties that keep it so.

use super::*;

#[test]
fn another_name_or_birth_date_is_contrary_at_any_confidence() {
    let doubtful = |sighting: Sighting| Sighting { witness: false, confidence: 5.0, ..sighting };
    assert_eq!(codes(plus(okafor(), doubtful(name("SMITH, ANN")))), ["NAME_MISMATCH"]);
    assert_eq!(codes(plus(okafor(), doubtful(born(1962, 3, 16)))), ["DOB_MISMATCH"]);
    assert_eq!(codes(plus(okafor(), sex(Sex::Male))), ["SEX_MISMATCH"]);
    assert_eq!(codes(plus(okafor(), doubtful(number(PETROV))))[0], "MULTI_PATIENT");
}

#[test]
fn a_name_merely_similar_is_no_agreement() {
    assert_eq!(codes(vec![number(OKAFOR), name("OKAFOR, DENIS"), born(1962, 3, 15)]), ["NAME_MISMATCH"]);
    assert_eq!(codes(vec![number(OKAFOR), name("OKAFOR JR, DENISE"), born(1962, 3, 15)]), ["FILED"]);
}

#[test]
fn another_suffix_is_another_person() {
    let junior = |desk: &mut Desk| desk.known.patients[0].names[0].suffix = "SR".into();
    let all = vec![number(OKAFOR), name("OKAFOR JR, DENISE"), born(1962, 3, 15)];
    assert_eq!(desk(all).with(junior).codes(), ["NAME_MISMATCH"]);
}

#[test]
fn a_birth_date_with_day_and_month_exchanged_confirms_nothing() {
    let born_in_april = |desk: &mut Desk| desk.known.patients[0].birth_date = Some(date(1962, 4, 3));
    assert_eq!(
        desk(vec![number(OKAFOR), name("OKAFOR, DENISE"), born(1962, 3, 4)]).with(born_in_april).codes(),
        ["DOB_MISMATCH"]
    );
}

#[test]
fn one_confusion_of_the_engine_confirms_whom_the_number_named() {
    assert!(desk(vec![number(OKAFOR), name("0KAFOR, DENISE"), born(1962, 3, 15)]).is_filed());
    assert_eq!(codes(vec![name("0KAFOR, DENISE"), born(1962, 3, 15)]), ["NO_ID"], "it never finds anybody");
}

#[test]
fn a_confusion_is_not_forgiven_where_somebody_has_the_name_as_read() {
    let burns = |desk: &mut Desk| {
        desk.known.patients[0].names = vec![parse("BURNS, ANN").unwrap()];
        desk.known.patients[1].names = vec![parse("BUMS, ANN").unwrap()];
    };
    assert_eq!(
        desk(vec![number(OKAFOR), name("BUMS, ANN"), born(1962, 3, 15)]).with(burns).codes(),
        ["NAME_MISMATCH"]
    );
}

#[test]
fn a_number_misread_in_known_ways_is_neither_for_nor_against() {
    assert!(desk(plus(okafor(), number("I0482713"))).is_filed());
    assert_eq!(codes(vec![number("I0482713"), name("OKAFOR, DENISE"), born(1962, 3, 15)]), ["NO_NUMBER"]);
}

#[test]
fn what_was_found_but_not_read_is_contrary() {
    assert_eq!(codes(plus(okafor(), unread())), ["ID_UNREAD"]);
}

#[test]
fn a_symbol_that_contradicts_itself_or_its_print_holds() {
    let disputed = with_symbol(OKAFOR, |symbol| symbol.disputed = true);
    assert_eq!(codes(plus(okafor(), disputed)), ["DECODER_DISAGREE"]);
    let differs = with_symbol(OKAFOR, |symbol| symbol.printed = Printed::Differs);
    assert_eq!(codes(plus(okafor(), differs)), ["HRI_MISMATCH"]);
}

#[test]
fn a_number_with_a_wrong_check_digit_is_refused() {
    let luhn = |desk: &mut Desk| {
        let luhn = AuthoritySettings {
            name: "GENHOSP".into(),
            check_digit: Some("luhn".into()),
            ..AuthoritySettings::default()
        };
        let identity = Identity { mode: Mode::Auto, ..Identity::default() };
        desk.rules = Rules::from_config(identity, vec![luhn], None, None).unwrap();
    };
    assert!(codes_with(okafor(), luhn).contains(&"CHECK_DIGIT_FAIL"));
}

fn codes_with(sightings: Vec<Sighting>, change: impl FnOnce(&mut Desk)) -> Vec<&'static str> {
    desk(sightings).with(change).codes()
}

#[test]
fn earlier_names_and_replaced_numbers_of_the_patient_agree() {
    let married = |desk: &mut Desk| desk.known.patients[0].names.push(parse("ADEYEMI, DENISE").unwrap());
    assert!(desk(vec![number(OKAFOR), name("ADEYEMI, DENISE"), born(1962, 3, 15)]).with(married).is_filed());
    let merged = |desk: &mut Desk| {
        let identifier = Identifier::mrn(&hospital(), "09845327");
        desk.known.patients[0]
            .identifiers
            .push(PatientIdentifier { identifier, status: IdentifierStatus::Retired });
    };
    assert!(desk(plus(okafor(), number("09845327"))).with(merged).is_filed());
}

#[test]
fn an_earlier_birth_date_confirms_nobody_and_contradicts_nobody() {
    let corrected = |desk: &mut Desk| desk.known.patients[0].earlier_birth_dates.push(date(1926, 3, 15));
    assert!(desk(plus(okafor(), born(1926, 3, 15))).with(corrected).is_filed());
    assert_eq!(
        desk(vec![number(OKAFOR), name("OKAFOR, DENISE"), born(1926, 3, 15)]).with(corrected).codes(),
        ["ONE_DEMOGRAPHIC"]
    );
}

#[test]
fn a_year_of_two_digits_may_be_of_the_last_century() {
    let old = |desk: &mut Desk| desk.known.patients[0].birth_date = Some(date(1925, 3, 15));
    let mut short = born(2025, 3, 15);
    short.text = "03/15/25".into();
    let all = vec![number(OKAFOR), name("OKAFOR, DENISE"), short];
    assert!(desk(all).with(old).is_filed());
    let long = vec![number(OKAFOR), name("OKAFOR, DENISE"), born(2025, 3, 15)];
    assert_eq!(desk(long).with(old).codes(), ["DOB_MISMATCH"]);
}

#[test]
fn running_text_that_does_not_fit_shows_a_wrong_label() {
    let body = |what: Seen| Sighting { witness: false, ..seen(what, "72-year-old male", Stands::Body) };
    let on = |desk: &mut Desk| desk.case.service = Some((date(2026, 1, 5), date(2026, 1, 5)));
    assert_eq!(codes_with(plus(okafor(), body(Seen::Age(82))), on), ["DOB_MISMATCH"]);
    assert_eq!(codes_with(plus(okafor(), body(Seen::Sex(Sex::Male))), on), ["SEX_MISMATCH"]);
    assert_eq!(codes_with(plus(okafor(), body(Seen::Age(63))), on), ["FILED"]);
}

#[test]
fn a_namesake_of_the_same_birth_date_is_a_matter_for_a_person() {
    let double = |name: &str| {
        let twin = patient("11813999", name, date(1962, 3, 15), Sex::Female);
        move |desk: &mut Desk| desk.known.patients.push(twin)
    };
    assert_eq!(desk(okafor()).with(double("OKAFOR, DENISE")).codes(), ["NOT_UNIQUE"]);
    assert_eq!(desk(okafor()).with(double("OKAFOR, DENISSE")).codes(), ["NOT_UNIQUE"]);
    assert!(desk(okafor()).with(double("OKAFOR, PATIENCE")).is_filed());
}

#[test]
fn charts_with_an_alert_are_a_matter_for_a_person() {
    let flags: [fn(&mut crate::patient::PatientFlags); 5] = [
        |flags| flags.name_alert = true,
        |flags| flags.twin = true,
        |flags| flags.confidential = true,
        |flags| flags.test_patient = true,
        |flags| flags.unknown_person = true,
    ];
    for flag in flags {
        assert_eq!(
            desk(okafor()).with(|desk| flag(&mut desk.known.patients[0].flags)).codes(),
            ["NAME_ALERT"]
        );
    }
    assert_eq!(
        desk(okafor()).with(|desk| desk.known.patients[0].flags.frozen = true).codes(),
        ["PATIENT_FROZEN"]
    );
}

#[test]
fn a_newborns_name_agrees_only_exactly_and_beside_a_barcode() {
    let newborn = |desk: &mut Desk| desk.known.patients[0].names = vec![parse("OKAFOR, GIRL A").unwrap()];
    let with = |number: Sighting, text: &str| vec![number, name(text), born(1962, 3, 15)];
    assert!(desk(with(barcode(OKAFOR), "OKAFOR, GIRL A")).with(newborn).is_filed());
    assert_eq!(desk(with(number(OKAFOR), "OKAFOR, GIRL A")).with(newborn).codes(), ["ONE_DEMOGRAPHIC"]);
    assert_eq!(desk(with(barcode(OKAFOR), "OKAFOR, GIRL B")).with(newborn).codes(), ["NAME_MISMATCH"]);
    assert_eq!(desk(plus(okafor(), name("OKAFOR, BABY GIRL"))).codes(), ["NAME_MISMATCH"]);
}

#[test]
fn a_person_nobody_knows_is_never_filed_to() {
    let unknown = |desk: &mut Desk| desk.known.patients[0].names = vec![parse("DOE, TRAUMA ALPHA").unwrap()];
    let all = vec![barcode(OKAFOR), name("DOE, TRAUMA ALPHA"), born(1962, 3, 15)];
    assert!(desk(all).with(unknown).codes().contains(&"NAME_ALERT"));
}

// Properties, on documents drawn by a small generator: the same in every run.

struct Draw(u64);

impl Draw {
    fn below(&mut self, many: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % many
    }
}

fn contrary() -> Vec<Sighting> {
    vec![
        number(PETROV),
        barcode(PETROV),
        number("10482718"),
        name("PETROV, ANTON"),
        name("OKAFOR, DENIS"),
        name("BABY BOY OKAFOR"),
        born(1962, 3, 16),
        sex(Sex::Male),
        unread(),
        with_symbol(OKAFOR, |symbol| symbol.disputed = true),
    ]
}

fn supporting() -> Vec<Sighting> {
    let mut doubtful = name("OKAFOR, DENISE");
    (doubtful.witness, doubtful.confidence) = (false, 30.0);
    vec![
        number(OKAFOR),
        barcode(OKAFOR),
        name("OKAFOR, DENISE R"),
        name("Denise Okafor"),
        born(1962, 3, 15),
        sex(Sex::Female),
        doubtful,
    ]
}

/// A document of one to three pages that mostly agree.
fn drawn(draw: &mut Draw) -> Desk {
    let page = |draw: &mut Draw| {
        let mut all: Vec<Sighting> = supporting().into_iter().filter(|_| draw.below(3) > 0).collect();
        if draw.below(8) == 0 {
            all.push(contrary()[draw.below(10)].clone());
        }
        all
    };
    let mut document = desk(page(draw));
    for _ in 0..draw.below(3) {
        document = document.page(page(draw));
    }
    if draw.below(3) == 0 {
        document.case.draft.bound = vec![PageNumber(1)];
    }
    if draw.below(4) == 0 {
        document = cover::covered(document, draw.below(2) == 0);
    }
    document
}

#[test]
fn adding_a_contradiction_never_files_and_is_never_outvoted() {
    let mut draw = Draw(1);
    let mut filed = 0;
    for _ in 0..4000 {
        let document = drawn(&mut draw);
        filed += usize::from(document.is_filed());
        let against = contrary()[draw.below(10)].clone();
        assert!(!document.clone().page(vec![against]).is_filed());
        assert!(!document.page(petrov()).is_filed());
    }
    assert!(filed > 500, "the generator must draw documents that file: {filed}");
}

#[test]
fn removing_what_supports_never_files() {
    let mut draw = Draw(2);
    for _ in 0..2000 {
        let document = drawn(&mut draw);
        if document.is_filed() {
            continue;
        }
        let agreeing = supporting();
        for at in 0..document.case.sightings.len() {
            let mut less = document.clone();
            let gone = less.case.sightings.remove(at);
            if agreeing.iter().any(|own| own.what == gone.what) {
                assert!(!less.is_filed());
            }
        }
    }
}

#[test]
fn nothing_is_filed_without_two_statements() {
    let mut draw = Draw(3);
    for _ in 0..4000 {
        let document = drawn(&mut draw);
        let Verdict::File(approval) = document.verdict() else { continue };
        let has = |kinds: &[crate::evidence::EvidenceKind]| {
            approval.evidence.iter().any(|own| kinds.contains(&own.kind))
        };
        use crate::evidence::EvidenceKind::{Barcode, BirthDate, Declared, Name, Number};
        let statements = [has(&[Barcode, Number]), has(&[Name]), has(&[BirthDate]), has(&[Declared])];
        assert!(statements.iter().filter(|own| **own).count() >= 2);
        assert!(approval.evidence.iter().all(|own| !own.contrary));
    }
}
