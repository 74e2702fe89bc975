//! Declarations (D-1 to D-3): what a cover sheet may stand for, and what it may not.

use super::*;

pub(super) fn payload() -> SheetPayload {
    SheetPayload {
        site: "GENHOSP".into(),
        key_id: "k1".into(),
        kind: SheetKind::Cover,
        authority: Some(hospital()),
        mrn: Some(OKAFOR.into()),
        visit: None,
        document_kind: None,
        service: None,
        sheets: None,
        folder: None,
        printed: "2026-02-28T08:00:00Z".parse().unwrap(),
        serial: "abc".into(),
    }
}

/// Puts a confirmed cover sheet of the first patient over the document.
pub(super) fn covered(mut desk: Desk, sure: bool) -> Desk {
    let end = if sure { SpanEnd::Sure } else { SpanEnd::Open };
    desk.case.draft.declaration = Some(Declaration { payload: payload(), page: PageNumber(90), end });
    desk.known.issued = vec![IssuedSheet {
        serial: payload().serial_use(),
        number: Some(Identifier::mrn(&hospital(), OKAFOR)),
        confirmed: true,
        by: "clerk:lopez".into(),
        at: "2026-02-28T08:00:00Z".parse().unwrap(),
    }];
    desk
}

fn under_cover(sightings: Vec<Sighting>) -> Desk {
    covered(desk(sightings), true)
}

#[test]
fn under_a_valid_cover_sheet_one_witness_is_enough() {
    for witness in [number(OKAFOR), barcode(OKAFOR), name("OKAFOR, DENISE R")] {
        assert!(under_cover(vec![witness]).is_filed());
    }
    assert!(under_cover(vec![name("OKAFOR, DENISE"), born(1962, 3, 15)]).is_filed());
    let Verdict::File(approval) = under_cover(vec![name("OKAFOR, DENISE R")]).verdict() else {
        panic!("held")
    };
    assert_eq!(approval.filed_under, Identifier::mrn(&hospital(), OKAFOR));
    assert!(approval.evidence.iter().any(|own| own.kind == crate::evidence::EvidenceKind::Declared));
}

#[test]
fn a_cover_sheet_covers_silent_pages() {
    assert!(under_cover(okafor()).page(Vec::new()).page(Vec::new()).is_filed());
}

#[test]
fn a_cover_sheet_without_a_witness_files_nothing() {
    assert_eq!(under_cover(Vec::new()).codes(), ["NO_WITNESS"]);
    assert_eq!(under_cover(vec![sex(Sex::Female)]).codes(), ["NO_WITNESS"]);
    assert_eq!(under_cover(vec![name("Bill Okafor")]).codes(), ["NAME_MISMATCH"]);
}

#[test]
fn a_name_that_somebody_else_has_is_no_witness_by_itself() {
    let namesake = patient("11702459", "OKAFOR, DENISE", date(1981, 12, 9), Sex::Female);
    let desk = under_cover(vec![name("OKAFOR, DENISE")]).with(|desk| desk.known.patients.push(namesake));
    assert_eq!(desk.codes(), ["NO_WITNESS"]);
}

#[test]
fn a_contradiction_under_a_cover_sheet_holds_all_of_it() {
    assert_eq!(under_cover(plus(okafor(), name("SMITH, ANN"))).codes(), ["NAME_MISMATCH"]);
    assert_eq!(under_cover(petrov()).codes()[0], "MULTI_PATIENT");
    assert_eq!(under_cover(okafor()).page(petrov()).codes()[0], "MULTI_PATIENT");
}

#[test]
fn a_sheet_that_was_not_confirmed_declares_nothing() {
    let unconfirmed = |desk: &mut Desk| desk.known.issued[0].confirmed = false;
    assert_eq!(under_cover(vec![number(OKAFOR)]).with(unconfirmed).codes(), ["ONE_ID_ONLY"]);
    assert_eq!(under_cover(okafor()).page(Vec::new()).with(unconfirmed).codes(), ["SILENT_RUN"]);
    assert!(under_cover(okafor()).with(unconfirmed).is_filed(), "it does not stand in the way either");
    assert_eq!(
        under_cover(vec![number(OKAFOR)]).with(|desk| desk.known.issued.clear()).codes(),
        ["ONE_ID_ONLY"]
    );
}

#[test]
fn an_unconfirmed_sheet_of_somebody_else_makes_a_person_look() {
    let unconfirmed = |desk: &mut Desk| desk.known.issued[0].confirmed = false;
    assert_eq!(under_cover(petrov()).with(unconfirmed).codes(), ["MULTI_PATIENT"]);
}

#[test]
fn an_unconfirmed_sheet_proposes() {
    let desk = under_cover(Vec::new()).with(|desk| desk.known.issued[0].confirmed = false);
    let Verdict::Hold(hold) = desk.verdict() else { panic!("filed") };
    assert_eq!(hold.reasons, [Reason::NoId]);
    assert_eq!(hold.candidates[0].why, "cover sheet agrees");
}

#[test]
fn a_sheet_that_appeared_before_holds() {
    let again = |desk: &mut Desk| {
        let serial: SerialUse = payload().serial_use();
        let batch = BatchId([7; 16]);
        desk.known.appearances = vec![SheetAppearance { serial, batch, page: PageNumber(1), at: now() }];
    };
    assert!(under_cover(okafor()).with(again).codes().contains(&"COVERSHEET_REUSED"));
}

#[test]
fn a_sheet_that_differs_from_its_record_is_not_ours() {
    let other = |desk: &mut Desk| desk.known.issued[0].number = Some(Identifier::mrn(&hospital(), PETROV));
    assert!(under_cover(okafor()).with(other).codes().contains(&"SHEET_FOREIGN"));
}

#[test]
fn where_the_end_is_not_sure_only_what_passes_by_itself_is_filed() {
    assert!(covered(desk(okafor()), false).is_filed());
    assert_eq!(covered(desk(vec![number(OKAFOR)]), false).codes(), ["PAGECOUNT_MISMATCH"]);
    assert_eq!(covered(desk(okafor()).page(Vec::new()), false).codes(), ["PAGECOUNT_MISMATCH"]);
}

#[test]
fn a_declared_number_that_no_index_has_declares_nothing() {
    let gone = |desk: &mut Desk| {
        desk.known.patients.remove(0);
    };
    assert_eq!(under_cover(Vec::new()).with(gone).codes(), ["ID_NOT_IN_MPI"]);
}

#[test]
fn an_insurance_card_is_filed_only_under_a_cover_sheet() {
    let card = |desk: &mut Desk| desk.case.kind = KindCode("INSCARD".into());
    assert!(under_cover(okafor()).with(card).is_filed());
    assert_eq!(covered(desk(okafor()), false).with(card).codes(), ["TYPE_SENSITIVE"]);
}

/// The table's row "no witness, valid declaration".
#[test]
fn a_kind_that_names_nobody_is_filed_on_its_cover_sheet_only_where_the_site_says_so_and_the_count_is_right() {
    let silent = || under_cover(Vec::new()).with(|desk| desk.case.kind = KindCode("EKG".into()));
    assert_eq!(silent().codes(), ["NO_WITNESS"]);
    let site = |desk: &mut Desk| {
        let kinds = "[[kind]]\ncode = 'EKG'\nname = 'Tracing'\ndate = 'scan'\nwitnessless = true";
        desk.rules.kinds = crate::kind::Kinds::parse(kinds).unwrap();
    };
    let counted = |desk: &mut Desk| desk.case.draft.declaration.as_mut().unwrap().end = SpanEnd::Counted;
    assert_eq!(silent().with(site).codes(), ["NO_WITNESS"], "nobody counted");
    assert_eq!(silent().with(counted).codes(), ["NO_WITNESS"], "the site does not say so");
    let filed = silent().with(site).with(counted);
    let Verdict::File(approval) = filed.verdict() else { panic!("held") };
    assert_eq!(approval.ground, Ground::DeclaredCount);
    let other = filed.with(|desk| desk.case.sightings = vec![name("PETROV, ANTON")]);
    assert_eq!(other.codes(), ["NAME_MISMATCH"]);
}
