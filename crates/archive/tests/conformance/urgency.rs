//! What on the worklist cannot wait?

use archive::Coming;
use records::batch::Priority;
use records::identifier::{Identifier, IdentifierKind};
use records::judge::Encounter;

use crate::house::{day, house, number};

#[test]
fn who_is_in_the_house_and_who_comes_tomorrow_is_known_from_the_visits() {
    let house = house();
    let jane = house.jane();
    let visit = |value: &str, first: &str, last: &str| {
        let number = Identifier { kind: IdentifierKind::Visit, ..number(value) };
        house
            .archive
            .put_encounter(&Encounter { number, patient: jane, days: Some((day(first), day(last))) })
            .unwrap();
    };
    visit("V1", "2026-03-01", "2026-03-05");
    visit("V2", "2026-03-09", "2026-03-09");
    let on = |today: &str| house.archive.coming(&[jane].into(), day(today)).unwrap();
    let (in_house, nobody) = ([jane].into(), Coming::default());
    assert_eq!(on("2026-03-05"), Coming { in_house, ..Coming::default() });
    assert_eq!(on("2026-03-06"), nobody);
    assert_eq!(on("2026-03-08"), Coming { tomorrow: [jane].into(), ..Coming::default() });
    assert_eq!(house.archive.visits(jane).unwrap().len(), 2);
}

#[test]
fn a_job_that_came_in_a_hurry_is_known_as_such() {
    let house = house();
    let ordinary = house.read_batch(b"ordinary", 1).batch();
    let arrival = house.arrival(b"urgent");
    house.archive.receive(&arrival).unwrap();
    let job = records::batch::NewBatch { priority: Priority::Stat, ..house.job(&[arrival]) };
    let archive::Closed::New(urgent) = house.archive.close_batch(&job).unwrap() else { panic!("it is new") };
    assert_eq!(house.archive.stat(&[ordinary, urgent].into()).unwrap(), [urgent].into());
}
