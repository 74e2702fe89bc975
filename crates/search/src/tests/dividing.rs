//! How does an answer divide, and in which order does it come?

use super::*;

fn serviced(number: u32, kind: &str, day: Option<Date>) -> PageEntry {
    let mut entry = filed(number, "chest pain");
    if let Home::Document { kind: of, service, .. } = &mut entry.home {
        *of = KindCode(kind.into());
        *service = day.map(|day| (day, day));
    }
    entry
}

fn years() -> Shelf {
    Shelf::of(&[
        serviced(1, "LAB", Some(date(2019, 4, 2))),
        serviced(2, "PROG", None),
        serviced(3, "LAB", Some(date(2021, 1, 1))),
        serviced(4, "LAB", Some(date(2019, 12, 31))),
        PageEntry { station: "Fax".into(), ..held(5, "chest pain") },
    ])
}

fn screen(shelf: &Shelf, query: &str, scope: &Scope, screen: Screen) -> Answer {
    let reader = shelf.index.as_ref().unwrap().reader();
    reader.search(&Query::parse(query, TODAY), &Resolved::default(), scope, screen).unwrap()
}

#[test]
fn an_answer_is_divided_by_type_station_state_and_year_of_service() {
    let asked = Screen { facets: true, ..Screen::of(1) };
    let answer = screen(&years(), "chest", &everything(), asked);
    let facets = answer.facets.unwrap();
    assert_eq!(answer.total, 5, "all of it is divided, not what is shown");
    assert_eq!(facets.kinds, [("lab".into(), 3), ("prog".into(), 1)]);
    assert_eq!(facets.stations, [("er-front".into(), 4), ("fax".into(), 1)]);
    assert_eq!(facets.states, [("filed".into(), 4), ("held".into(), 1)]);
    assert_eq!(facets.years, [(2021, 1), (2019, 2)]);
    let narrowed = screen(&years(), "chest type:lab from:2019 to:2019", &everything(), asked).facets.unwrap();
    assert_eq!(narrowed.years, [(2019, 2)], "each takes the query on");
    assert_eq!(screen(&years(), "chest", &everything(), Screen::of(1)).facets, None);
}

#[test]
fn what_the_asker_may_not_see_is_in_no_facet() {
    let blind = Scope {
        labels: BTreeSet::new(),
        worklist: false,
        excluded: [document(3)].into(),
        excluded_pages: BTreeSet::new(),
    };
    let shelf = Shelf::of(&[
        serviced(1, "LAB", Some(date(2019, 4, 2))),
        serviced(3, "IMG", Some(date(2021, 1, 1))),
        labelled(4, "part2", "chest pain"),
        held(5, "chest pain"),
    ]);
    let facets = screen(&shelf, "", &blind, Screen { facets: true, ..Screen::of(9) }).facets.unwrap();
    let one = |word: &str| vec![(word.to_owned(), 1)];
    let wanted = Facets {
        patients: vec![(patient(1), 1)],
        kinds: one("lab"),
        stations: one("er-front"),
        states: one("filed"),
        legibilities: one("little"),
        years: vec![(2019, 1)],
    };
    assert_eq!(facets, wanted);
}

#[test]
fn answers_come_by_date_and_what_has_none_comes_last() {
    let shelf = years();
    let by = |order| numbers(&screen(&shelf, "chest", &everything(), Screen { order, ..Screen::of(9) }));
    assert_eq!(by(Order::Newest), [3, 4, 1, 2, 5]);
    assert_eq!(by(Order::Oldest), [1, 4, 3, 2, 5]);
    assert_eq!(by(Order::Received), [5, 4, 3, 2, 1]);
    let second = Screen { order: Order::Newest, offset: 1, ..Screen::of(2) };
    let pages: Vec<u32> =
        screen(&shelf, "chest", &everything(), second).hits.iter().map(|h| h.page.page.0).collect();
    assert_eq!(pages, [4, 1]);
}

fn of_patient(number: u32, whose: u128) -> PageEntry {
    let mut entry = filed(number, "chest pain");
    if let Home::Document { patient: own, .. } = &mut entry.home {
        *own = patient(whose);
    }
    entry
}

#[test]
fn an_answer_is_divided_by_patient_as_filed_most_pages_first() {
    let pages: Vec<PageEntry> =
        [7, 5, 5, 9, 5, 7].into_iter().zip(1..).map(|(whose, number)| of_patient(number, whose)).collect();
    let mut shelf = Shelf::of(&pages);
    shelf.index().upsert(&of_patient(7, 9)).unwrap();
    shelf.index().upsert(&of_patient(8, 9)).unwrap();
    shelf.index().upsert(&held(9, "chest pain")).unwrap();
    shelf.index().commit(20).unwrap();
    let asked = Screen { facets: true, ..Screen::of(1) };
    let facets = screen(&shelf, "chest", &everything(), asked).facets.unwrap();
    assert_eq!(facets.patients, [(patient(5), 3), (patient(9), 3), (patient(7), 2)], "over all segments");
}

#[test]
fn of_many_patients_those_with_most_pages_are_told_and_counted_exactly() {
    // Each segment has more patients than are looked at; the one with most pages has few in each.
    let mut shelf = Shelf::of(&[]);
    let mut number = 0;
    for segment in 0..3 {
        let few = (0..200).map(|whose| 1_000 * (segment + 1) + whose);
        for whose in few.chain([1, 1]) {
            number += 1;
            shelf.index().upsert(&of_patient(number, whose)).unwrap();
        }
        shelf.index().commit(u64::from(number)).unwrap();
    }
    let asked = Screen { facets: true, ..Screen::of(1) };
    let facets = screen(&shelf, "", &everything(), asked).facets.unwrap();
    assert_eq!((facets.patients[0], facets.patients[1].1), ((patient(1), 6), 1));
    assert_eq!(facets.patients.len(), 40);
}

#[test]
fn one_chart_is_asked_for_by_whom_it_is_of() {
    let shelf = Shelf::of(&[of_patient(1, 7), of_patient(2, 5), of_patient(3, 6)]);
    let reader = shelf.index.as_ref().unwrap().reader();
    let query = Query::parse("chest", TODAY).and(Query::chart(patient(5)));
    // As a merge has it: 6 is 5 by now.
    let resolved = Resolved(vec![vec![patient(5), patient(6)]]);
    let answer = reader.search(&query, &resolved, &everything(), Screen::of(9)).unwrap();
    assert_eq!(numbers(&answer), [2, 3]);
    assert_eq!(answer.charts.unwrap().pages, 2, "it is a chart, and says how much of it can be searched");
}

#[test]
fn only_some_pages_are_asked_for() {
    let shelf = Shelf::of(&[filed(1, "chest pain"), filed(2, "chest pain"), filed(3, "knee")]);
    let reader = shelf.index.as_ref().unwrap().reader();
    let query = Query::parse("chest", TODAY).and(Query::among(vec![page(2), page(3)]));
    let answer = reader.search(&query, &Resolved::default(), &everything(), Screen::of(9)).unwrap();
    assert_eq!(numbers(&answer), [2]);
}
