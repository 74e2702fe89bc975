//! How does a file of patients become the patient index, and what does it know?

use archive::{FlagChanges, PatientImport, PatientRow, Refusal};
use records::identifier::{AuthorityId, Identifier, IdentifierKind};
use records::judge::{Encounter, IssuedSheet};
use records::patient::{IdentifierStatus, Sex};
use records::sighting::{Seen, Sighting};

use crate::house::{day, delta, house, merged, name, number, row, seen, seen_number, serial};

fn full(rows: Vec<PatientRow>) -> PatientImport {
    PatientImport { full: true, ..delta(rows) }
}

/// So many different people.
fn people(count: u32) -> Vec<PatientRow> {
    (0..count)
        .map(|n| row(&format!("{:06}", 500 + n), &format!("Fam{n}"), &format!("Giv{n}"), "1970-06-01"))
        .collect()
}

#[test]
fn importing_twice_changes_nothing_but_counts_as_contact() {
    let house = house();
    let first = house.import(people(3));
    assert_eq!((first.added, first.unchanged), (3, 0));
    let second = house.import(people(3));
    assert_eq!((second.added, second.changed, second.unchanged), (0, 0, 3));
    assert!(second.version > first.version);
    assert!(house.archive.known(&[], &[]).unwrap().last_contact.is_some());
}

#[test]
fn a_dry_run_reports_and_writes_nothing() {
    let house = house();
    let before = house.version();
    let report = house.archive.import_patients(&PatientImport { dry_run: true, ..delta(people(3)) }).unwrap();
    assert_eq!((report.added, report.version), (3, before));
    assert!(house.archive.patient_by_number(&number("000500")).unwrap().is_none());
}

#[test]
fn numbers_are_compared_without_hyphens_and_with_their_zeros() {
    let house = house();
    house.import(vec![row("00-12-34", "Doe", "Jane", "1962-03-15")]);
    assert!(house.archive.patient_by_number(&number("001234")).unwrap().is_some());
    assert!(house.archive.patient_by_number(&number("1234")).unwrap().is_none());
    let elsewhere = Identifier::mrn(&AuthorityId("OTHER".into()), "001234");
    assert!(house.archive.patient_by_number(&elsewhere).unwrap().is_none());
}

#[test]
fn a_number_with_two_birth_dates_in_one_file_is_nobodys() {
    let house = house();
    let mut rows = people(1);
    rows.push(row("77", "Roe", "Ann", "1950-01-02"));
    rows.push(row("7-7", "Roe", "Ann", "1951-01-02"));
    rows.push(row(" ", "Roe", "Ann", "1951-01-02"));
    let before = house.version();
    let report = house.import(rows.clone());
    let why: Vec<_> = report.refused.iter().map(|refused| refused.why).collect();
    assert_eq!(why, [Refusal::TwoBirthDates, Refusal::TwoBirthDates, Refusal::NoNumber]);
    assert_eq!((report.aborted, house.version()), (true, before), "one faulty row, and nothing is taken");
    assert!(house.archive.patient_by_number(&number("000500")).unwrap().is_none());
    let decided = PatientImport { skip_faulty: true, ..delta(rows) };
    let report = house.archive.import_patients(&decided).unwrap();
    assert_eq!((report.added, report.refused.len(), report.aborted), (1, 3, false));
    assert!(house.archive.patient_by_number(&number("77")).unwrap().is_none());
}

#[test]
fn a_new_name_keeps_the_old_one_as_an_earlier_one() {
    let house = house();
    let jane = house.jane();
    house.import(vec![row("00123456", "Smith", "Jane", "1962-03-15")]);
    let now = house.archive.patient(jane).unwrap().unwrap();
    assert_eq!(now.names.iter().map(|name| name.family.as_str()).collect::<Vec<_>>(), ["Smith", "Doe"]);
    assert!(!now.flags.frozen);
    house.import(vec![row("00123456", "Doe", "Jane", "1962-03-15")]);
    let back = house.archive.patient(jane).unwrap().unwrap();
    assert_eq!(back.names.iter().map(|name| name.family.as_str()).collect::<Vec<_>>(), ["Doe", "Smith"]);
}

#[test]
fn a_corrected_birth_date_is_taken_and_another_one_freezes_the_chart() {
    let house = house();
    let jane = house.jane();
    let report = house.import(vec![row("00123456", "Doe", "Jane", "1962-03-16")]);
    assert_eq!((report.birth_dates_changed, report.overlays.len()), (1, 0));
    let report = house.import(vec![row("00123456", "Doe", "Jane", "1980-11-16")]);
    assert_eq!(report.overlays.iter().map(|overlay| overlay.patient).collect::<Vec<_>>(), [jane]);
    let frozen = house.archive.patient(jane).unwrap().unwrap();
    assert!(frozen.flags.frozen);
    assert_eq!(frozen.earlier_birth_dates, [day("1962-03-15"), day("1962-03-16")]);
    assert_eq!(house.archive.status().unwrap().alarms.len(), 1);
    house.archive.thaw(jane, "clerk:lopez", "told apart").unwrap();
    assert!(!house.archive.patient(jane).unwrap().unwrap().flags.frozen);
}

#[test]
fn another_person_under_the_same_number_freezes_the_chart() {
    let house = house();
    let jane = house.jane();
    let report = house.import(vec![row("00123456", "Roe", "Mary", "1962-03-15")]);
    assert_eq!(report.overlays.len(), 1);
    assert!(house.archive.patient(jane).unwrap().unwrap().flags.frozen);
}

#[test]
fn what_a_row_leaves_empty_stays_and_an_older_row_changes_nothing() {
    let house = house();
    let jane = house.jane();
    let at = |text: &str| Some(text.parse().unwrap());
    let empty =
        PatientRow { name: None, birth_date: None, sex: None, ..row("00123456", "", "", "1900-01-01") };
    assert_eq!(house.import(vec![empty]).unchanged, 1);
    let newer = PatientRow {
        updated_at: at("2024-02-01T00:00:00Z"),
        ..row("00123456", "Smith", "Jane", "1962-03-15")
    };
    assert_eq!(house.import(vec![newer]).changed, 1);
    let older =
        PatientRow { updated_at: at("2024-01-01T00:00:00Z"), ..row("00123456", "Doe", "Jane", "1962-03-15") };
    assert_eq!(house.import(vec![older]).unchanged, 1);
    let now = house.archive.patient(jane).unwrap().unwrap();
    assert_eq!((now.names[0].family.as_str(), now.sex), ("Smith", Some(Sex::Female)));
}

#[test]
fn who_is_merged_leads_to_the_survivor_with_everything_they_had() {
    let house = house();
    let jane = house.jane();
    house.import(vec![row("999", "Smith", "Jane", "1962-03-15"), merged("00123456", "999")]);
    let survivor = house.archive.patient(jane).unwrap().unwrap();
    assert_eq!(survivor.id, house.patient("999"));
    let numbers: Vec<_> =
        survivor.identifiers.iter().map(|own| (own.identifier.value.as_str(), own.status)).collect();
    assert_eq!(numbers, [("999", IdentifierStatus::Active), ("00123456", IdentifierStatus::Retired)]);
    assert_eq!(survivor.names.len(), 2);
    assert_eq!(survivor.mrn(None).unwrap().value, "999");
    let mut all = house.archive.identities(survivor.id).unwrap();
    all.sort();
    let mut both = vec![jane, survivor.id];
    both.sort();
    assert_eq!(all, both);
    assert_eq!(house.import(vec![merged("00123456", "999")]).merged, 0, "the same news twice");
}

#[test]
fn flags_of_everyone_merged_apply_to_the_survivor() {
    let house = house();
    let jane = house.jane();
    let twin = FlagChanges { twin: Some(true), ..Default::default() };
    house.archive.flag_patient(jane, twin, false, "clerk:lopez", "has a twin").unwrap();
    house.import(vec![row("999", "Doe", "Jane", "1962-03-15"), merged("00123456", "999")]);
    assert!(house.archive.patient(jane).unwrap().unwrap().flags.twin);
}

#[test]
fn a_merge_may_come_before_the_people_it_is_about() {
    let house = house();
    let report = house.import(vec![merged("111", "222")]);
    assert_eq!(report.merged, 1);
    let stub = house.patient("111");
    house.import(vec![row("222", "Doe", "Jane", "1962-03-15")]);
    let survivor = house.archive.patient(stub).unwrap().unwrap();
    assert_eq!(survivor.names[0].family, "Doe");
    assert_eq!(house.patient("222"), survivor.id);
}

#[test]
fn merges_in_a_circle_into_oneself_or_of_two_people_are_refused() {
    let house = house();
    let man = PatientRow { sex: Some(Sex::Male), ..row("3", "Poe", "Max", "1933-12-24") };
    house.import(vec![row("1", "Doe", "Jane", "1962-03-15"), row("2", "Doe", "Jane", "1962-03-15"), man]);
    let himself = house.import(vec![merged("3", "3")]);
    assert_eq!((himself.aborted, himself.refused[0].why), (true, Refusal::MergedIntoItself));
    let report = house.import(vec![merged("1", "2"), merged("2", "1"), merged("3", "2"), merged("1", "2")]);
    let why: Vec<_> = report.refused.iter().map(|refused| refused.why).collect();
    assert_eq!(why, [Refusal::MergeCircle, Refusal::MergeContradicts]);
    assert_eq!(report.merged, 1);
    let kinds: Vec<_> = house.archive.matters().unwrap().iter().map(|matter| matter.kind.code()).collect();
    assert_eq!(kinds, ["merged", "merge_refused", "merge_refused"], "each is looked at by a person");
    assert_eq!(house.patient("1"), house.patient("2"));
    assert_ne!(house.patient("3"), house.patient("2"));
}

#[test]
fn a_full_import_that_loses_too_many_is_aborted_unless_it_is_the_first_or_somebody_has_looked() {
    let house = house();
    assert!(!house.archive.import_patients(&full(people(100))).unwrap().aborted, "the first");
    let one_less = house.archive.import_patients(&full(people(98))).unwrap();
    assert_eq!((one_less.aborted, one_less.vanished), (false, 2), "2 % may vanish");
    let version = house.version();
    let lossy = house.archive.import_patients(&full(people(97))).unwrap();
    assert_eq!((lossy.aborted, lossy.vanished, lossy.version), (true, 3, version));
    let nobody = house.archive.import_patients(&full(Vec::new())).unwrap();
    assert_eq!((nobody.aborted, nobody.vanished), (true, 100), "a full list of nobody");
    let looked = PatientImport { despite_losses: true, ..full(people(97)) };
    assert!(!house.archive.import_patients(&looked).unwrap().aborted);
    assert!(house.archive.patient_by_number(&number("000599")).unwrap().is_some(), "vanished is not deleted");
}

#[test]
fn people_are_known_by_number_by_full_name_and_by_birth_date_with_a_part_of_the_name() {
    let house = house();
    house.import(vec![
        row("1", "Doe", "Jane", "1962-03-15"),
        row("2", "Doe", "Jane", "1999-09-09"),
        row("3", "Doe", "Mary", "1962-03-15"),
        row("4", "Roe", "Jane", "1962-03-15"),
        row("5", "Poe", "Ann", "1962-03-15"),
    ]);
    let known = |sightings: &[Sighting]| -> Vec<String> {
        let known = house.archive.known(sightings, &[]).unwrap();
        let mut numbers: Vec<_> = known.patients.iter().map(|p| p.mrn(None).unwrap().value.clone()).collect();
        numbers.sort();
        numbers
    };
    assert_eq!(known(&[seen(Seen::Name(name("DOE", "jane")))]), ["1", "2"]);
    let both = [seen(Seen::Name(name("Doe", "Jane"))), seen(Seen::BirthDate(day("1962-03-15")))];
    assert_eq!(known(&both), ["1", "2", "3", "4"]);
    assert_eq!(known(&[seen_number("1", None)]), ["1", "3", "4"], "and the near namesakes of who was found");
    assert_eq!(known(&[seen_number("1", Some("OTHER"))]), [""; 0]);
    assert!(known(&[seen(Seen::BirthDate(day("1962-03-15")))]).is_empty());
}

#[test]
fn a_visit_leads_to_its_patient() {
    let house = house();
    let jane = house.jane();
    let visit = Identifier {
        value: "V-1".into(),
        authority: AuthorityId("GENHOSP".into()),
        kind: IdentifierKind::Visit,
    };
    let days = Some((day("2019-04-01"), day("2019-04-03")));
    house.archive.put_encounter(&Encounter { number: visit.clone(), patient: jane, days }).unwrap();
    assert_eq!(house.archive.patient_by_number(&visit).unwrap().unwrap().id, jane);
    let known = house.archive.known(&[seen_number("v1", Some("GENHOSP"))], &[]).unwrap();
    assert_eq!(known.patients.iter().map(|patient| patient.id).collect::<Vec<_>>(), [jane]);
    assert_eq!((known.encounters.len(), known.encounters[0].days), (1, days));
    assert_eq!(known.authorities, [AuthorityId("GENHOSP".into())]);
}

#[test]
fn a_sheet_is_known_as_it_was_issued() {
    let house = house();
    let sheet = IssuedSheet {
        serial: serial(),
        number: Some(number("00123456")),
        confirmed: true,
        by: "clerk:lopez".into(),
        at: "2024-05-06T07:08:09Z".parse().unwrap(),
    };
    house.archive.issue_sheet(&sheet).unwrap();
    let known = house.archive.known(&[], &[serial()]).unwrap().issued.remove(0);
    assert_eq!((known.number, known.confirmed, known.at), (sheet.number, true, sheet.at));
    let mut other = serial();
    other.kind = 'G';
    assert!(house.archive.issued_sheet(&other).unwrap().is_none());
}

#[test]
fn the_key_that_signs_sheets_is_made_once_and_only_the_owner_may_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let house = house();
    let key = house.archive.sheet_keys().unwrap().remove(0);
    assert_eq!(key.secret.len(), 64);
    assert_eq!(house.archive.sheet_keys().unwrap()[0].secret, key.secret);
    let file = std::fs::metadata(house.dir().join("keys/sheets.toml")).unwrap();
    assert_eq!(file.permissions().mode() & 0o777, 0o600);
}

#[test]
#[ignore = "a measurement: 200,000 patients"]
#[expect(clippy::print_stderr, reason = "a measurement is for whoever runs the test with --nocapture")]
fn asking_a_large_index_takes_no_longer_than_asking_a_small_one() {
    let house = house();
    let begun = std::time::Instant::now();
    let rows: Vec<_> = (0..200_000_u32)
        .map(|n| {
            let born = format!("{}-{:02}-{:02}", 1920 + n % 100, n % 12 + 1, n % 28 + 1);
            row(&format!("{n:08}"), &format!("Fam{}", n % 5_000), &format!("Giv{}", n % 1_000), &born)
        })
        .collect();
    let report = house.import(rows);
    eprintln!("import of {} patients: {:.1} s", report.added, begun.elapsed().as_secs_f64());
    eprintln!("longest lock {:.1} ms", house.archive.longest_lock().as_secs_f64() * 1e3);
    let sightings = |n: u32| {
        [
            seen_number(&format!("{n:08}"), None),
            seen(Seen::Name(name(&format!("Fam{n}"), &format!("Giv{n}")))),
            seen(Seen::BirthDate(day("1962-03-15"))),
        ]
    };
    let each = |ask: &dyn Fn(&[Sighting]) -> usize| {
        let begun = std::time::Instant::now();
        (0..100).for_each(|n| assert!(ask(&sightings(n)) > 0));
        begun.elapsed() / 100
    };
    let known = each(&|seen| house.archive.known(seen, &[]).unwrap().patients.len());
    // Everybody sounds alike here: the worst there is.
    let neighbours = each(&|seen| house.archive.neighbours(seen, &[]).unwrap().patients.len());
    eprintln!("known: {known:.2?}, neighbours: {neighbours:.2?}");
    assert!(known < std::time::Duration::from_millis(50), "{known:?}");
}
