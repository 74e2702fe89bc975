//! Does the clerk have the last word on what is searched for beside what was typed?

use super::*;
use crate::{Vocabulary, Wished};

fn wishing(shelf: &Shelf, query: &str, without: &[&str], also: &[&str]) -> Answer {
    let all = |words: &[&str]| words.iter().map(ToString::to_string).collect();
    let wished = Wished { without: all(without), also: all(also) };
    let query = Query::parse(query, TODAY).speaking(&Vocabulary::default()).wishing(wished);
    let reader = shelf.index.as_ref().unwrap().reader();
    reader.search(&query, &Resolved::default(), &everything(), Screen::of(100)).unwrap()
}

fn sorted(answer: &Answer) -> Vec<u32> {
    let mut found = numbers(answer);
    found.sort_unstable();
    found
}

#[test]
fn a_meaning_is_dropped_and_the_others_stay() {
    let shelf = Shelf::of(&[
        filed(1, "history of heart attack"),
        filed(2, "acute myocardial infarction"),
        filed(3, "MI ruled out"),
    ]);
    let answer = wishing(&shelf, "MI", &["heart attack"], &[]);
    assert_eq!(
        (sorted(&answer), answer.also_searched.as_slice()),
        (vec![2, 3], &["myocardial infarction".into()][..])
    );
    let marked = highlight(&answer, &reading("a heart attack"));
    assert!(marked.boxes.is_empty(), "what is not searched for is not marked");
    let answer = wishing(&shelf, "MI", &["heart attack", "myocardial infarction"], &[]);
    assert_eq!((sorted(&answer), answer.also_searched.len()), (vec![3], 0));
    let dropped = Wished { without: ["heart attack".to_owned()].into(), ..Wished::default() };
    let query = Query::parse("MI", TODAY).speaking(&Vocabulary::default()).wishing(dropped);
    assert_eq!(query.explain(), "the word mi (or myocardial infarction)");
}

#[test]
fn one_of_several_meanings_is_asked_for() {
    let shelf = Shelf::of(&[
        filed(1, "MS since 1999"),
        filed(2, "multiple sclerosis"),
        filed(3, "morphine sulfate 15 mg"),
    ]);
    assert_eq!(sorted(&wishing(&shelf, "MS", &[], &[])), [1]);
    let answer = wishing(&shelf, "MS", &[], &["multiple sclerosis"]);
    assert_eq!((sorted(&answer), answer.also_searched), (vec![1, 2], vec!["multiple sclerosis".to_owned()]));
    assert_eq!(
        answer.meanings[0].means,
        ["multiple sclerosis", "morphine sulfate"],
        "the other is still offered"
    );
    let both = wishing(&shelf, "MS", &["multiple sclerosis"], &["multiple sclerosis"]);
    assert_eq!(sorted(&both), [1], "what was dropped is dropped");
    assert_eq!(sorted(&wishing(&shelf, "means:MS", &["morphine sulfate"], &[])), [1, 2]);
}

#[test]
fn other_forms_of_a_word_and_misreadings_are_dropped() {
    let shelf = Shelf::of(&[filed(1, "fracture"), filed(2, "fractures"), filed(3, "fracturc")]);
    let answer = wishing(&shelf, "fracture", &[], &[]);
    assert_eq!((sorted(&answer), answer.variants.as_slice()), (vec![1, 2, 3], &["fracturc".to_owned()][..]));
    assert_eq!(sorted(&wishing(&shelf, "fracture", &["fractures"], &[])), [1, 3]);
    assert_eq!(sorted(&wishing(&shelf, "fracture", &["fractures", "fracturc"], &[])), [1]);
    assert_eq!(
        sorted(&wishing(&shelf, "fracture", &["fracture"], &[])),
        [1, 2, 3],
        "what was typed is searched for"
    );
}
