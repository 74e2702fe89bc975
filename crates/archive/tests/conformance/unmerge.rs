//! What becomes of documents when a merge was a mistake? (`domain.md` 2.9, 5)

use archive::{DocumentRow, MatterKind};
use records::document::{Disposition, NewDocument};
use records::evidence::{Evidence, EvidenceKind};
use records::exception::Reason;
use records::geometry::Rect;
use records::ids::{DocumentId, PageNumber};
use records::reading::ReaderVersion;

use crate::house::{House, house, merged, new_document, number, row};

const CLERK: &str = "clerk:lopez";

/// Jane Doe (1) and Jane Roe (2), two people; the first was merged into the second by mistake.
fn merged_by_mistake() -> House {
    let house = house();
    house.import(vec![row("1", "Doe", "Jane", "1962-03-15"), row("2", "Roe", "Jane", "1971-08-09")]);
    house.import(vec![merged("1", "2")]);
    house
}

fn read(kind: EvidenceKind, text: &str) -> Evidence {
    Evidence {
        kind,
        page: PageNumber(1),
        batch: None,
        text: text.into(),
        place: Rect::default(),
        authority: (kind == EvidenceKind::Number).then(|| "GENHOSP".into()),
        reader: ReaderVersion("test/1".into()),
        contrary: false,
    }
}

/// A page filed under a number to whoever that resolves to, on this evidence.
fn filed(house: &House, bytes: &[u8], under: &str, evidence: &[(EvidenceKind, &str)]) -> DocumentId {
    let lease = house.read_batch(bytes, 1);
    let document = NewDocument {
        filed_under: number(under),
        evidence: evidence.iter().map(|(kind, text)| read(*kind, text)).collect(),
        ..new_document(lease.batch(), [1], house.patient(under))
    };
    house.file(&lease, vec![Disposition::File(document)]).documents[0]
}

fn of(house: &House, id: &DocumentId) -> DocumentRow {
    house.archive.document(id).unwrap().unwrap()
}

#[test]
fn documents_fall_back_by_the_number_they_were_filed_under() {
    use EvidenceKind::{BirthDate, Name, Number};
    let house = merged_by_mistake();
    let ones =
        filed(&house, b"a", "1", &[(Number, "MRN: 1"), (Name, "DOE, JANE"), (BirthDate, "03/15/1962")]);
    let twos = filed(&house, b"b", "2", &[(Number, "2"), (Name, "ROE, JANE"), (BirthDate, "08/09/1971")]);
    assert_eq!(of(&house, &ones).patient.id, house.patient("2"), "one chart while the merge is in force");
    let undone = house.archive.unmerge_patient(&number("1"), CLERK, "two people").unwrap();
    assert_eq!(undone.held, []);
    assert_eq!(of(&house, &ones).patient.id, house.patient("1"));
    assert_eq!(of(&house, &twos).patient.id, house.patient("2"));
    assert_ne!(house.patient("1"), house.patient("2"));
    assert!(house.archive.verify(false).unwrap().ok);
}

#[test]
fn what_names_both_only_the_other_or_neither_is_held_again_in_the_same_act() {
    use EvidenceKind::{BirthDate, Clerk, Name, Number, Sex};
    let house = merged_by_mistake();
    let cases: [&[(EvidenceKind, &str)]; 6] = [
        &[(Number, "1"), (Name, "ROE, JANE"), (BirthDate, "08/09/1971")],
        &[(Number, "1"), (Number, "2")],
        &[(Number, "2")],
        &[(Name, "ROE, JANE")],
        &[(Sex, "F")],
        &[(Clerk, "clerk:lopez"), (BirthDate, "08/09/1971")],
    ];
    let doubtful: Vec<_> =
        cases.iter().enumerate().map(|(at, case)| filed(&house, &[at as u8; 9], "1", case)).collect();
    let neither = filed(&house, b"neither", "2", &[(Name, "POE, MAX")]);
    let version = house.version();
    let undone = house.archive.unmerge_patient(&number("1"), CLERK, "two people").unwrap();
    assert!(house.version() > version);
    assert_eq!(undone.held.len(), 7);
    let waiting = house.archive.worklist().unwrap();
    assert!(waiting.iter().all(|held| held.reasons == [Reason::Unmerged] && held.was_contrary));
    assert_eq!(waiting[0].candidates.len(), 2, "both are proposed");
    for id in doubtful.iter().chain([&neither]) {
        assert_eq!(of(&house, id).state, records::document::DocumentState::Void);
    }
    assert!(house.archive.verify(false).unwrap().ok, "every page is in one place");
    assert!(house.archive.waiting_for_missing().unwrap().is_empty(), "only a person may file them");
}

#[test]
fn what_was_filed_before_the_merge_stays_where_it_is() {
    let house = house();
    house.import(vec![row("1", "Doe", "Jane", "1962-03-15"), row("2", "Roe", "Jane", "1971-08-09")]);
    let before = filed(&house, b"a", "1", &[]);
    std::thread::sleep(std::time::Duration::from_millis(5));
    house.import(vec![merged("1", "2")]);
    let undone = house.archive.unmerge_patient(&number("1"), CLERK, "two people").unwrap();
    assert_eq!((undone.held.len(), of(&house, &before).patient.id), (0, house.patient("1")));
}

#[test]
fn a_merge_is_looked_at_and_undoing_it_settles_that_and_gives_each_its_own_back() {
    let house = merged_by_mistake();
    let matter = house.archive.matters().unwrap().remove(0);
    assert_eq!((matter.kind, matter.patient.name.as_str()), (MatterKind::Merged, "DOE, JANE"));
    house.archive.unmerge_patient(&number("1"), CLERK, "two people").unwrap();
    assert!(house.archive.matters().unwrap().is_empty());
    let own = house.archive.patient(house.patient("1")).unwrap().unwrap();
    assert_eq!((own.names.len(), own.identifiers.len()), (1, 1));
    let history = house.archive.patient_history(own.id).unwrap();
    assert_eq!(history.iter().map(|change| change.what.as_str()).collect::<Vec<_>>(), ["merged", "unmerged"]);
    let twice = house.archive.unmerge_patient(&number("1"), CLERK, "again").unwrap_err().to_string();
    assert!(twice.contains("was not merged"), "{twice}");
}

/// domain.md 2.9, 2: a chain is followed, a loop is refused, and so is a second survivor.
#[test]
fn merges_by_hand_follow_chains_and_refuse_what_the_feed_would_be_refused() {
    let house = house();
    let man = archive::PatientRow {
        sex: Some(records::patient::Sex::Male),
        ..row("4", "Poe", "Max", "1933-12-24")
    };
    let mut rows: Vec<_> = ["1", "2", "3"].iter().map(|mrn| row(mrn, "Doe", "Jane", "1962-03-15")).collect();
    rows.push(man);
    house.import(rows);
    let merge = |from: &str, into: &str, despite| {
        house.archive.merge_patients(&number(from), &number(into), despite, CLERK, "one person")
    };
    let survivor = house.patient("3");
    assert_eq!(merge("2", "3", false).unwrap(), survivor);
    assert_eq!(merge("1", "2", false).unwrap(), survivor, "the chain is followed");
    assert!(merge("3", "1", false).unwrap_err().to_string().contains("would go"));
    assert!(merge("1", "4", false).unwrap_err().to_string().contains("undo that merge first"));
    assert!(merge("4", "3", false).unwrap_err().to_string().contains("two people"));
    assert_eq!(merge("4", "3", true).unwrap(), survivor, "a person has looked");
    assert!(merge("1", "1", false).is_err());
}
