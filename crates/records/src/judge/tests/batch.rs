//! What the rest of the batch, the station, and who handed the file in have to say.

use super::cover::{covered, payload};
use super::*;
use crate::batch::Upload;

/// Under a cover sheet of the first patient, with another draft of the batch.
fn beside(other: Vec<Sighting>, own: Vec<Sighting>) -> Desk {
    let elsewhere = desk(other).with(|desk| desk.case.draft.pages = vec![PageNumber(7)]);
    let companions: Vec<Companion> = Companion::read(&elsewhere.case).into_iter().collect();
    covered(desk(own), true).with(|desk| desk.known.companions = companions.into())
}

fn only_name() -> Vec<Sighting> {
    vec![name("OKAFOR, DENISE R")]
}

fn only_birth_date() -> Vec<Sighting> {
    vec![born(1962, 3, 15)]
}

/// domain.md 2.12: `F` alone
#[test]
fn a_name_alone_is_no_witness_where_somebody_else_of_the_batch_has_it() {
    let namesake = || vec![name("OKAFOR, DENISE"), born(1990, 1, 2)];
    assert_eq!(beside(namesake(), only_name()).codes(), ["NO_WITNESS"]);
    assert_eq!(beside(vec![number(PETROV), name("Denise Okafor")], only_name()).codes(), ["NO_WITNESS"]);
    assert_eq!(beside(vec![name("Denise Okafor")], only_name()).codes(), ["NO_WITNESS"], "who knows whose");
    assert!(beside(petrov(), only_name()).is_filed());
    assert!(beside(namesake(), okafor()).is_filed(), "a number needs no name to be unique");
}

/// domain.md 2.12: `B` alone
#[test]
fn a_birth_date_alone_is_a_witness_under_a_declaration_unless_somebody_else_of_the_batch_has_it() {
    assert!(beside(petrov(), only_birth_date()).is_filed());
    let same_day = vec![name("SMITH, ANN"), born(1962, 3, 15)];
    assert_eq!(beside(same_day, only_birth_date()).codes(), ["NO_WITNESS"]);
    assert_eq!(desk(only_birth_date()).codes(), ["NO_ID"], "never without a declaration");
}

#[test]
fn the_patients_own_other_documents_are_no_somebody_else() {
    for own in [okafor(), vec![name("OKAFOR, DENISE R"), born(1962, 3, 15)], vec![number(OKAFOR)]] {
        assert!(beside(own.clone(), only_name()).is_filed());
        assert!(beside(own, only_birth_date()).is_filed());
    }
}

#[test]
fn who_is_declared_in_the_batch_counts_as_well() {
    let twin = patient("55555555", "SMITH, ANN", date(1962, 3, 15), Sex::Female);
    let declared: Vec<Companion> = vec![Companion::declared(&twin)];
    let desk = covered(desk(only_birth_date()), true).with(|desk| desk.known.companions = declared.into());
    assert_eq!(desk.codes(), ["NO_WITNESS"]);
}

#[test]
fn a_draft_is_not_its_own_companion() {
    let desk = covered(desk(only_name()), true);
    let own: Vec<Companion> = Companion::read(&desk.case).into_iter().collect();
    assert!(desk.with(|desk| desk.known.companions = own.into()).is_filed());
}

/// domain.md 2.12, third row: not a fax
#[test]
fn a_fax_line_confirms_by_name_and_birth_date_only() {
    let luhn = AuthoritySettings {
        name: "GENHOSP".into(),
        check_digit: Some("luhn".into()),
        ..AuthoritySettings::default()
    };
    let identity = Identity { mode: Mode::Auto, confirm: Confirm::Either, ..Identity::default() };
    let either = desk(vec![barcode("999999998"), name("OKAFOR, DENISE")]).with(|desk| {
        desk.rules = Rules::from_config(identity, vec![luhn], None, None).unwrap();
        desk.known.patients[0].identifiers[0].identifier.value = "999999998".into();
    });
    assert!(either.is_filed());
    assert_eq!(either.with(|desk| desk.case.fax = true).codes(), ["ONE_DEMOGRAPHIC"]);
}

/// domain.md 2.12: a station and class of document leaves shadow mode
#[test]
fn a_station_that_has_left_shadow_mode_files_by_itself() {
    let shadow = desk(okafor()).with(|desk| desk.rules.identity.mode = Mode::Shadow);
    assert!(!shadow.is_filed());
    assert!(shadow.clone().with(|desk| desk.case.released = true).is_filed());
    let held = shadow.with(|desk| desk.case.draft.held = vec![Reason::PageGap]);
    assert!(!held.with(|desk| desk.case.released = true).is_filed());
}

#[test]
fn on_trial_it_is_kept_whom_it_would_have_been_filed_to() {
    let proposed = |desk: &Desk| match desk.verdict() {
        Verdict::Hold(hold) => hold.proposed,
        Verdict::File(_) => panic!("filed"),
    };
    let shadow = desk(okafor()).with(|desk| desk.rules.identity.mode = Mode::Shadow);
    assert_eq!(proposed(&shadow), Some(shadow.known.patients[0].id));
    assert_eq!(proposed(&desk(vec![number(OKAFOR)])), None, "it would not have been filed");
}

fn upload() -> Upload {
    let at = "2026-03-01T09:30:00Z".parse().unwrap();
    Upload { number: Identifier::mrn(&hospital(), OKAFOR), by: "clerk:lopez".into(), at }
}

fn handed_in(desk: Desk) -> Desk {
    desk.with(|desk| desk.case.upload = Some(upload()))
}

/// domain.md D-1: an upload is a declaration
#[test]
fn a_file_that_was_handed_in_for_a_patient_needs_one_witness_on_its_pages() {
    assert!(handed_in(desk(only_name()).page(Vec::new())).is_filed());
    assert_eq!(handed_in(desk(Vec::new())).codes(), ["NO_WITNESS"]);
    assert!(handed_in(desk(plus(petrov(), unread()))).codes().contains(&"MULTI_PATIENT"));
    let Verdict::File(approval) = handed_in(desk(only_name())).verdict() else { panic!("held") };
    assert_eq!(approval.filed_under, upload().number);
    assert!(approval.evidence.iter().any(|own| own.kind == crate::evidence::EvidenceKind::Declared));
}

#[test]
fn handed_in_for_somebody_whom_the_index_has_lost_it_is_held() {
    let nobody = Upload { number: Identifier::mrn(&hospital(), "99999999"), ..upload() };
    let desk = desk(only_name()).with(|desk| desk.case.upload = Some(nobody));
    assert_eq!(desk.codes(), ["ID_NOT_IN_MPI"]);
}

#[test]
fn a_reused_cover_sheet_in_a_file_that_was_handed_in_still_holds() {
    let desk = handed_in(covered(desk(okafor()), true)).with(|desk| {
        desk.known.appearances = vec![SheetAppearance {
            serial: payload().serial_use(),
            batch: BatchId([9; 16]),
            page: PageNumber(1),
            at: now(),
        }];
    });
    assert_eq!(desk.codes(), ["COVERSHEET_REUSED"]);
}

/// domain.md D-1: `DECLARATIONS_DIFFER`
#[test]
fn a_cover_sheet_names_another_than_who_handed_it_in_said() {
    let known = desk(Vec::new()).known;
    let printed = |mrn: &str| SheetPayload { mrn: Some(mrn.into()), ..payload() };
    assert!(!names_another(&printed(OKAFOR), &upload(), &known));
    assert!(names_another(&printed(PETROV), &upload(), &known));
    assert!(names_another(&printed("99999999"), &upload(), &known), "nobody's number is not the patient's");
    assert!(!names_another(&SheetPayload { mrn: None, ..payload() }, &upload(), &known));
    let mut merged = known;
    let retired = PatientIdentifier {
        identifier: Identifier::mrn(&hospital(), "77777777"),
        status: IdentifierStatus::Retired,
    };
    merged.patients[0].identifiers.push(retired);
    assert!(!names_another(&printed("77777777"), &upload(), &merged), "merged into the same person");
}
