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
