//! Where few pages have all of it, which have most?

use super::*;

fn near(answer: &Answer) -> Vec<(u32, Vec<&str>)> {
    let without = |near: &'_ crate::Near| near.without.len();
    assert!(answer.nearly.iter().all(|near| without(near) == 1), "one condition is missing, not more");
    let of = answer.nearly.iter();
    of.map(|near| (near.hit.page.page.0, near.without.iter().map(String::as_str).collect())).collect()
}

#[test]
fn pages_with_all_words_but_one_stand_beside_and_say_what_is_missing() {
    let shelf = Shelf::of(&[
        filed(1, "warfarin started for thrombosis"),
        filed(2, "warfarin stopped, a rash"),
        filed(3, "thrombosis of the calf, a rash"),
        filed(4, "nothing of the kind"),
    ]);
    let answer = shelf.ask("warfarin thrombosis rash");
    assert_eq!((answer.total, answer.hits.len()), (0, 0), "none has all three");
    let mut found = near(&answer);
    found.sort();
    assert_eq!(found, [(1, vec!["rash"]), (2, vec!["thrombosis"]), (3, vec!["warfarin"])]);
    let answer = shelf.ask("warfarin rash");
    assert_eq!(numbers(&answer), [2], "what has all of it is no other page's neighbour");
    assert!(near(&answer).iter().all(|(page, _)| *page != 2));
    assert!(shelf.ask("warfarin").nearly.is_empty(), "nothing can be left out of one word");
}

#[test]
fn fields_and_what_must_not_be_there_hold_all_the_same() {
    let mut note = filed(2, "warfarin for a clot");
    if let Home::Document { kind, .. } = &mut note.home {
        kind.0 = "NOTE".into();
    }
    let shelf = Shelf::of(&[filed(1, "warfarin for a clot"), note, filed(3, "warfarin for a clot, a bleed")]);
    let pages = |query: &str| near(&shelf.ask(query)).into_iter().map(|(page, _)| page).collect::<Vec<u32>>();
    assert_eq!(pages("warfarin xylophone type:lab"), [1, 3]);
    assert_eq!(pages("warfarin xylophone type:lab -bleed"), [1]);
    assert!(pages("type:lab mrn:999999").is_empty(), "a field is never left out");
}

#[test]
fn a_phrase_is_missing_as_a_whole_or_not_at_all() {
    let shelf = Shelf::of(&[filed(1, "chest pain on exertion"), filed(2, "pain in the chest, pleurisy")]);
    let answer = shelf.ask("\"chest pain\" pleurisy");
    assert_eq!(answer.total, 0);
    let mut found = near(&answer);
    found.sort();
    assert_eq!(found, [(1, vec!["pleurisy"]), (2, vec!["\"chest pain\""])]);
}

#[test]
fn what_one_may_not_see_is_no_neighbour_and_enough_answers_have_none() {
    let secret = labelled(1, "PSYCH", "warfarin and lithium");
    let shelf = Shelf::of(&[secret, filed(2, "warfarin alone")]);
    let answer = shelf.ask("warfarin zzyzx");
    assert_eq!(near(&answer), [(2, vec!["zzyzx"])]);
    let many: Vec<PageEntry> =
        (1..=12).map(|n| filed(n, if n == 12 { "heart alone" } else { "heart failure" })).collect();
    let shelf = Shelf::of(&many);
    let answer = shelf.ask("heart failure");
    assert_eq!((answer.total, answer.nearly.len()), (11, 0));
}

#[test]
fn only_the_first_screen_by_relevance_has_neighbours() {
    let shelf = Shelf::of(&[filed(1, "warfarin"), filed(2, "rash"), filed(3, "warfarin rash")]);
    let reader = shelf.index.as_ref().unwrap().reader();
    let query = Query::parse("warfarin rash", TODAY);
    let asked = |screen| reader.search(&query, &Resolved::default(), &everything(), screen).unwrap();
    assert_eq!(asked(Screen::of(10)).nearly.len(), 2);
    assert!(asked(Screen { offset: 1, ..Screen::of(10) }).nearly.is_empty());
    assert!(asked(Screen { order: Order::Newest, ..Screen::of(10) }).nearly.is_empty());
    assert!(asked(Screen::of(1)).nearly.is_empty(), "the screen is full");
}
