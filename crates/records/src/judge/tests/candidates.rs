//! Who is shown to a person, and in which order (`domain.md` 2.10).

use super::*;

/// An index of 100,000, in which one family name is common and another rare.
fn counted(desk: &mut Desk) {
    let frequencies = &mut desk.known.frequencies;
    frequencies.people = 100_000;
    frequencies.family = [("GARCIA".into(), 9_000), ("ZAWISTOWSKI".into(), 1)].into();
    frequencies.given = [("MARIA".into(), 6_000), ("DENISE".into(), 90)].into();
    frequencies.born = [(date(1962, 3, 15), 4)].into();
}

fn shown(desk: &Desk) -> Vec<(PatientId, String)> {
    let Verdict::Hold(hold) = desk.verdict() else { panic!("filed") };
    hold.candidates.into_iter().map(|own| (own.patient, own.why)).collect()
}

fn id(mrn: u128) -> PatientId {
    PatientId(Uuid::from_u128(mrn))
}

#[test]
fn a_rare_name_says_more_than_a_common_one() {
    let people = |desk: &mut Desk| {
        counted(desk);
        desk.known.patients = vec![
            patient("11", "GARCIA, MARIA", date(1962, 3, 15), Sex::Female),
            patient("12", "ZAWISTOWSKI, MARIA", date(1940, 1, 9), Sex::Female),
            patient("13", "GARCIA, MARIA", date(1971, 7, 7), Sex::Female),
        ];
    };
    let common = desk(vec![name("GARCIA, MARIA")]).with(people);
    assert_eq!(shown(&common), [], "nobody of hundreds of Maria Garcias is likely");
    let rare = desk(vec![name("ZAWISTOWSKI, MARIA")]).with(people);
    assert_eq!(shown(&rare), [(id(12), "name agrees".into())]);
    let dated = desk(vec![name("GARCIA, MARIA"), born(1962, 3, 15)]).with(people);
    assert_eq!(shown(&dated)[0], (id(11), "name and birth date agree".into()));
}

#[test]
fn what_is_nearly_right_is_shown_behind_what_is_right() {
    let people = |desk: &mut Desk| {
        counted(desk);
        desk.known.patients = vec![
            patient("11", "OKAFOR, DENISE", date(1962, 3, 16), Sex::Female),
            patient("12", "OKAFOR, DENISE", date(1962, 3, 15), Sex::Female),
            patient("13", "OKAFUR, DENISE", date(1962, 3, 15), Sex::Female),
        ];
    };
    let desk = desk(vec![name("OKAFOR, DENISE"), born(1962, 3, 15)]).with(people);
    let order: Vec<PatientId> = shown(&desk).into_iter().map(|(id, _)| id).collect();
    assert_eq!(order, [id(12), id(13), id(11)]);
    assert_eq!(shown(&desk)[1].1, "birth date agrees; name is similar");
    assert_eq!(shown(&desk)[2].1, "name agrees; birth date is similar");
}

#[test]
fn a_number_one_digit_off_is_shown_with_a_name_that_fits() {
    let misread = desk(vec![number("10482718"), name("OKAFOR, DENISE")]).with(counted);
    assert_eq!(shown(&misread)[0].1, "name agrees; number is similar");
}

#[test]
fn whom_a_number_names_is_shown_whatever_differs() {
    let other = vec![number(OKAFOR), name("SMITH, ANN"), born(1990, 1, 1), sex(Sex::Male)];
    assert_eq!(
        shown(&desk(other).with(counted)),
        [(id(10_482_713), "number agrees; name, birth date and sex differ".into())]
    );
}

#[test]
fn the_table_row_that_let_it_be_filed_is_kept() {
    let ground = |sightings: Vec<Sighting>| match desk(sightings).verdict() {
        Verdict::File(approval) => approval.ground,
        Verdict::Hold(hold) => panic!("held: {:?}", hold.reasons),
    };
    assert_eq!(ground(okafor()), Ground::NumberNameBirthDate);
    assert_eq!(
        ground(vec![barcode(OKAFOR), name("OKAFOR, DENISE"), born(1962, 3, 15)]),
        Ground::BarcodeNameBirthDate
    );
}
