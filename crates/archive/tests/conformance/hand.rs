//! What does the index keep of what a person or a list changed, and what must a person look at?

use archive::{
    Corrected, EncounterImport, EncounterRow, FlagChanges, MatterKind, PatientImport, PatientRow, Refusal,
};
use records::document::{Disposition, NewDocument};
use records::identifier::{AuthorityId, Identifier, IdentifierKind};
use records::patient::IdentifierStatus;

use crate::house::{House, day, delta, house, name, new_document, number, row, seen_number};

const CLERK: &str = "clerk:lopez";

fn correction(mrn: &str) -> PatientRow {
    PatientRow { name: None, birth_date: None, sex: None, ..row(mrn, "", "", "1900-01-01") }
}

fn filed_under(house: &House, bytes: &[u8], under: &Identifier, mrn: &str) -> records::ids::DocumentId {
    let lease = house.read_batch(bytes, 1);
    let document =
        NewDocument { filed_under: under.clone(), ..new_document(lease.batch(), [1], house.patient(mrn)) };
    house.file(&lease, vec![Disposition::File(document)]).documents[0]
}

#[test]
fn a_patient_added_by_hand_is_in_the_index_which_is_fresh_and_has_a_new_version() {
    let house = house();
    let version = house.version();
    house.archive.add_patient(&row("7", "Doe", "Jane", "1962-03-15"), CLERK, "no feed here").unwrap();
    assert!(house.version() > version);
    let known = house.archive.known(&[seen_number("7", None)], &[]).unwrap();
    assert!(known.patients.len() == 1 && known.last_contact.is_some());
    let again = house.archive.add_patient(&row("7", "Roe", "Ann", "1950-01-01"), CLERK, "").unwrap_err();
    assert!(again.to_string().contains("already"), "{again}");
    assert_eq!(house.archive.patient_history(house.patient("7")).unwrap()[0].by, CLERK);
}

#[test]
fn what_is_entered_by_hand_is_no_contact_with_a_feed() {
    let house = house();
    house.jane();
    let fed = house.archive.known(&[], &[]).unwrap().last_contact;
    std::thread::sleep(std::time::Duration::from_millis(5));
    house.archive.add_patient(&row("7", "Roe", "Ann", "1962-03-15"), CLERK, "came today").unwrap();
    assert_eq!(house.archive.known(&[], &[]).unwrap().last_contact, fed);
}

/// domain.md 2.8, freshness gate
#[test]
fn an_index_of_several_sources_is_as_fresh_as_the_one_silent_longest_unless_that_is_never_stale() {
    let house = house();
    house.jane();
    let contact = |archive: &archive::Archive| archive.known(&[], &[]).unwrap().last_contact.unwrap();
    let first = contact(&house.archive);
    std::thread::sleep(std::time::Duration::from_millis(5));
    house.archive.patients_contact("clinic").unwrap();
    assert_eq!(contact(&house.archive), first, "the other one has said nothing since");
    let never = archive::Settings { sources: [("csv".into(), 0)].into(), ..archive::Settings::default() };
    assert!(contact(&archive::Archive::open(house.dir(), &never).unwrap()) > first);
    house.archive.patients_contact("csv").unwrap();
    assert!(contact(&house.archive) > first);
}

#[test]
fn a_correction_keeps_what_stood_there_and_another_person_freezes_the_chart() {
    let house = house();
    let jane = house.jane();
    let married = PatientRow { name: Some(name("Smith", "Jane")), ..correction("00123456") };
    let correct = |row: &PatientRow| house.archive.correct_patient(row, CLERK, "as on her card").unwrap();
    assert_eq!(correct(&married), Corrected::Changed);
    assert_eq!(correct(&married), Corrected::Unchanged);
    let other = PatientRow { birth_date: Some(day("1980-11-09")), ..correction("00123456") };
    assert_eq!(correct(&other), Corrected::Frozen);
    let now = house.archive.patient(jane).unwrap().unwrap();
    assert_eq!((now.names.len(), now.earlier_birth_dates), (2, vec![day("1962-03-15")]));
    let history = house.archive.patient_history(jane).unwrap();
    assert_eq!(history[0].detail["before"]["name"]["family"], "Doe");
    assert_eq!(history[1].detail["before"]["birth_date"], "1962-03-15");
}

/// domain.md 2.9, 7
#[test]
fn a_frozen_chart_waits_for_a_person_with_what_was_filed_since_and_thawing_settles_it() {
    let house = house();
    let jane = house.jane();
    let before = filed_under(&house, b"before", &number("00123456"), "00123456");
    std::thread::sleep(std::time::Duration::from_millis(5));
    let changed_at = jiff::Timestamp::now();
    std::thread::sleep(std::time::Duration::from_millis(5));
    let since = filed_under(&house, b"since", &number("00123456"), "00123456");
    let other = PatientRow { updated_at: Some(changed_at), ..row("00123456", "Roe", "Mary", "1980-11-09") };
    house.import(vec![other]);
    let matter = house.archive.matters().unwrap().remove(0);
    assert_eq!((matter.kind, matter.documents), (MatterKind::Frozen, vec![since]), "not {before}");
    let refused = house.archive.settle(matter.number, CLERK, "looked").unwrap_err().to_string();
    assert!(refused.contains("thaw"), "{refused}");
    let version = house.version();
    house.archive.thaw(jane, CLERK, "told apart").unwrap();
    assert!(house.version() > version, "so that what was held for it is judged again");
    assert!(house.archive.matters().unwrap().is_empty());
    assert!(!house.archive.patient(jane).unwrap().unwrap().flags.frozen);
}

#[test]
fn flags_come_from_lists_and_from_persons_and_an_empty_field_leaves_them() {
    let house = house();
    let jane = house.jane();
    let twin = FlagChanges { twin: Some(true), ..FlagChanges::default() };
    let listed = PatientRow { flags: twin, ..row("00123456", "Doe", "Jane", "1962-03-15") };
    assert_eq!(house.import(vec![listed]).changed, 1);
    assert_eq!(house.import(vec![row("00123456", "Doe", "Jane", "1962-03-15")]).unchanged, 1);
    let alert = FlagChanges { name_alert: Some(true), twin: Some(false), ..FlagChanges::default() };
    house.archive.flag_patient(jane, alert, false, CLERK, "namesake").unwrap();
    let flags = house.archive.patient(jane).unwrap().unwrap().flags;
    assert!(flags.name_alert && !flags.twin);
}

/// domain.md 2.9, 6
#[test]
fn a_retired_number_still_leads_to_its_person() {
    let house = house();
    let jane = house.jane();
    house.archive.retire_number(&number("00123456"), CLERK, "new numbers").unwrap();
    let now = house.archive.patient(jane).unwrap().unwrap();
    assert_eq!(now.identifiers[0].status, IdentifierStatus::Retired);
    assert_eq!(house.patient("00123456"), jane);
}

/// domain.md 2.8, A43
#[test]
fn a_moved_number_takes_along_what_was_filed_under_exactly_it() {
    let house = house();
    house.import(vec![row("1", "Doe", "Jane", "1962-03-15"), row("2", "Roe", "Ann", "1971-08-09")]);
    let only = house.archive.move_number(&number("1"), &number("2"), CLERK, "").unwrap_err().to_string();
    assert!(only.contains("only number"), "{only}");
    house.import(vec![row("3", "Doe", "Jane", "1962-03-15")]);
    house.archive.merge_patients(&number("3"), &number("1"), false, CLERK, "one person").unwrap();
    let [own, moved] =
        [("1", b"one"), ("3", b"two")].map(|(mrn, bytes)| filed_under(&house, bytes, &number(mrn), mrn));
    let version = house.version();
    let documents =
        house.archive.move_number(&number("3"), &number("2"), CLERK, "was given to the wrong one");
    assert_eq!(documents.unwrap(), [moved]);
    assert!(house.version() > version);
    let patient = |id| house.archive.document(id).unwrap().unwrap().patient.id;
    assert_eq!((patient(&own), patient(&moved)), (house.patient("1"), house.patient("2")));
    assert_eq!(house.patient("3"), house.patient("2"));
    let ann = house.archive.patient(house.patient("2")).unwrap().unwrap();
    assert_eq!(ann.mrn(None).unwrap().value, "2", "paper with the moved number may still be Jane's");
}

#[test]
fn what_a_full_list_lacks_waits_once_for_a_person_and_is_settled_when_it_comes_again() {
    let house = house();
    let all: Vec<_> =
        (0..60).map(|n| row(&format!("{n:04}"), &format!("Fam{n}"), "Ann", "1970-06-01")).collect();
    let full = |rows: &[PatientRow]| {
        std::thread::sleep(std::time::Duration::from_millis(5));
        let import = PatientImport { full: true, ..delta(rows.to_vec()) };
        house.archive.import_patients(&import).unwrap()
    };
    full(&all);
    assert_eq!(full(&all[1..]).vanished, 1);
    let matters = house.archive.matters().unwrap();
    assert_eq!(matters.iter().map(|matter| matter.kind).collect::<Vec<_>>(), [MatterKind::Vanished]);
    assert_eq!(full(&all[1..]).vanished, 1);
    assert_eq!(house.archive.matters().unwrap().len(), 1, "told once");
    house.archive.settle(matters[0].number, CLERK, "moved away").unwrap();
    full(&all[1..]);
    assert!(house.archive.matters().unwrap().is_empty(), "a person has looked");
    full(&all);
    full(&all[1..]);
    assert_eq!(house.archive.matters().unwrap().len(), 1, "gone anew");
    full(&all);
    assert!(house.archive.matters().unwrap().is_empty(), "seen again");
}

#[test]
fn a_dry_run_tells_row_by_row_what_would_come_of_it() {
    use archive::{Field, What};
    let house = house();
    house.import((0..60).map(|n| row(&format!("{n:04}"), &format!("Fam{n}"), "Ann", "1970-06-01")).collect());
    let mut rows: Vec<_> =
        (2..60).map(|n| row(&format!("{n:04}"), &format!("Fam{n}"), "Ann", "1970-06-01")).collect();
    rows.push(row("0001", "Other", "Ann", "1970-06-01"));
    rows.push(row("9000", "New", "Ann", "1970-06-01"));
    rows.push(PatientRow { merged_into_mrn: Some("0001".into()), ..correction("0002") });
    let dry = PatientImport { full: true, dry_run: true, ..delta(rows) };
    let news = house.archive.import_patients(&dry).unwrap().news;
    let told: Vec<_> = news.iter().map(|news| (news.number.value.as_str(), news.what.clone())).collect();
    let changed = What::Changed(vec![Field::Name]);
    assert_eq!(
        told,
        [("0001", changed), ("9000", What::Added), ("0002", What::Merged), ("0000", What::Vanished)]
    );
}

fn visit(line: u64, value: &str, mrn: &str) -> EncounterRow {
    let number = Identifier {
        value: value.into(),
        authority: AuthorityId("GENHOSP".into()),
        kind: IdentifierKind::Visit,
    };
    EncounterRow { line, number, mrn: mrn.into(), days: Some((day("2019-04-01"), day("2019-04-03"))) }
}

fn visits(rows: Vec<EncounterRow>) -> EncounterImport {
    EncounterImport {
        source: "csv-visits".into(),
        rows,
        dry_run: false,
        skip_faulty: false,
        left_out: 0,
        by: "os:test".into(),
    }
}

#[test]
fn visits_come_wholly_or_not_at_all() {
    let house = house();
    house.import(vec![row("1", "Doe", "Jane", "1962-03-15"), row("2", "Roe", "Ann", "1971-08-09")]);
    let rows = vec![visit(2, "V1", "1"), visit(3, "V2", "9"), visit(4, "V3", "1"), visit(5, "V3", "2")];
    let refused = house.archive.import_encounters(&visits(rows.clone())).unwrap();
    let why: Vec<_> = refused.refused.iter().map(|refused| (refused.line, refused.why)).collect();
    assert_eq!(why, [(3, Refusal::UnknownPatient), (4, Refusal::TwoPatients), (5, Refusal::TwoPatients)]);
    assert!(refused.aborted && house.archive.patient_by_number(&rows[0].number).unwrap().is_none());
    let decided = EncounterImport { skip_faulty: true, ..visits(rows.clone()) };
    assert_eq!(house.archive.import_encounters(&decided).unwrap().added, 1);
    assert_eq!(house.archive.patient_by_number(&rows[0].number).unwrap().unwrap().id, house.patient("1"));
    assert_eq!(house.archive.import_encounters(&visits(rows[..1].to_vec())).unwrap().unchanged, 1);
}

#[test]
fn a_visit_is_known_however_many_its_patient_had() {
    let house = house();
    house.jane();
    let mut rows: Vec<_> = (0..260).map(|n| visit(n, &format!("N{n}"), "00123456")).collect();
    rows[7] =
        EncounterRow { days: Some((day("1999-01-01"), day("1999-01-01"))), ..visit(7, "OLD", "00123456") };
    house.archive.import_encounters(&visits(rows)).unwrap();
    let known = house.archive.known(&[seen_number("OLD", Some("GENHOSP"))], &[]).unwrap();
    assert!(known.encounters.iter().any(|visit| visit.number.value == "OLD"));
    assert_eq!(known.patients.len(), 1);
}

/// domain.md 2.8, A42 and A45
#[test]
fn a_visit_that_is_anothers_takes_along_what_was_filed_under_exactly_it() {
    let house = house();
    house.import(vec![row("1", "Doe", "Jane", "1962-03-15"), row("2", "Roe", "Ann", "1971-08-09")]);
    let of = visit(2, "V1", "1");
    house.archive.import_encounters(&visits(vec![of.clone()])).unwrap();
    let by_visit = filed_under(&house, b"visit", &of.number, "1");
    let by_number = filed_under(&house, b"number", &number("1"), "1");
    house.archive.import_encounters(&visits(vec![visit(2, "V1", "2")])).unwrap();
    let patient = |id| house.archive.document(id).unwrap().unwrap().patient.id;
    assert_eq!((patient(&by_visit), patient(&by_number)), (house.patient("2"), house.patient("1")));
    let row = house.archive.document(&by_visit).unwrap().unwrap();
    assert_eq!(row.filed_under.value, "V1", "what it was filed under never changes");
}
