//! Pages by the codes that stand on them, and by what those codes stand for.

use records::codes::{CodeTables, Descriptions, Release, mentions};

use super::*;
use crate::index::Source;
use crate::{Unfit, Vocabulary, Wished};

fn order() -> String {
    [
        ("E10", "Type 1 diabetes mellitus"),
        ("E109", "Type 1 diabetes mellitus without complications"),
        ("E11", "Type 2 diabetes mellitus"),
        ("E1165", "Type 2 diabetes mellitus with hyperglycemia"),
        ("E119", "Type 2 diabetes mellitus without complications"),
        ("I10", "Essential (primary) hypertension"),
    ]
    .iter()
    .map(|(code, text)| format!("00001 {code:<7} 1 {:<60} {text}\n", ""))
    .collect()
}

fn release() -> Release {
    Release::of("icd10cm-order-2019.txt").unwrap()
}

fn texts() -> Descriptions {
    Descriptions::of([(&release(), order().as_str())]).unwrap()
}

/// As the line makes it: with the codes that its page has.
fn coded(entry: PageEntry) -> PageEntry {
    let tables = CodeTables::of(vec![(release(), &order())]).unwrap();
    let codes = mentions(&entry.reading, entry.service(), &tables);
    PageEntry { codes, ..entry }
}

fn pages() -> Vec<PageEntry> {
    vec![
        filed(1, "Type 2 diabetes since 2009"),
        filed(2, "Dx: E11.9 stable on metformin"),
        filed(3, "Dx: E1l.65 seen today"),
        filed(4, "Dx: E119 E10.9"),
        filed(5, "room E11 was cleaned"),
        filed(6, "blood pressure I10 Dx"),
    ]
}

fn shelf() -> Shelf {
    Shelf::of(&pages().into_iter().map(coded).collect::<Vec<_>>())
}

fn ask_in_words(shelf: &Shelf, query: &str, scope: &Scope) -> Answer {
    let query = Query::parse(query, TODAY).speaking(&Vocabulary::default()).coded(&texts());
    let reader = shelf.index.as_ref().unwrap().reader();
    reader.search(&query, &Resolved::default(), scope, Screen::of(100)).unwrap()
}

fn found_in_words(shelf: &Shelf, query: &str) -> Vec<u32> {
    numbers(&ask_in_words(shelf, query, &everything()))
}

fn sorted(mut numbers: Vec<u32>) -> Vec<u32> {
    numbers.sort_unstable();
    numbers
}

#[test]
fn a_code_is_found_however_it_is_typed_or_printed() {
    let shelf = shelf();
    for query in ["code:E11.9", "code:e119", "code: E11.9", "CODE:\"e11.9\""] {
        assert_eq!(sorted(shelf.found(query)), [2, 4], "{query}");
    }
    assert_eq!(shelf.found("code:E11.65"), [3], "it was misread, and repaired");
    assert!(shelf.found("code:E11").is_empty(), "a room is no code, and a code is not its header");
}

#[test]
fn a_star_finds_all_codes_that_begin_alike() {
    let shelf = shelf();
    assert_eq!(sorted(shelf.found("code:E11*")), [2, 3, 4]);
    assert_eq!(sorted(shelf.found("code:E1*")), [2, 3, 4]);
    assert_eq!(sorted(shelf.found("-code:E11*")), [1, 5, 6]);
    assert_eq!(sorted(shelf.found("E11*")), [2, 3, 4, 5], "typed as a word it is one, too");
    assert_eq!(shelf.found("code:E11* code:E10*"), [4]);
    assert!(shelf.found("code:Q*").is_empty());
}

#[test]
fn a_code_typed_as_a_word_finds_its_other_ways_of_writing_below_its_own() {
    let shelf = shelf();
    assert_eq!(shelf.found("E11.9"), [2, 4]);
    assert_eq!(shelf.found("E11.65"), [3]);
    assert!(shelf.found("E11.8").is_empty(), "no code is guessed at");
    assert!(shelf.ask("E11.9").variants.is_empty());
}

#[test]
fn what_is_no_code_becomes_words() {
    let shelf = shelf();
    assert_eq!(shelf.found("code:stable"), [2]);
    assert_eq!(Query::parse("code:stable", TODAY).explain(), "the words \"stable\" together");
}

#[test]
fn words_find_the_pages_that_print_only_the_code_and_it_is_told() {
    let shelf = shelf();
    let answer = ask_in_words(&shelf, "type 2 diabetes", &everything());
    assert_eq!(numbers(&answer)[0], 1, "the words themselves come first");
    assert_eq!(sorted(numbers(&answer)), [1, 2, 3, 4]);
    assert!(answer.also_searched.contains(&"ICD-10-CM E11 Type 2 diabetes mellitus".to_owned()));
    assert_eq!(sorted(found_in_words(&shelf, "type 2 diabetes metformin")), [2]);
    assert_eq!(found_in_words(&shelf, "hypertension"), [6]);
    assert_eq!(found_in_words(&shelf, "HTN"), [6], "by what it means");
}

#[test]
fn what_is_quoted_or_denied_stands_for_no_code() {
    let shelf = shelf();
    assert_eq!(found_in_words(&shelf, "\"type 2 diabetes\""), [1]);
    assert_eq!(sorted(found_in_words(&shelf, "-hypertension")), [1, 2, 3, 4, 5, 6]);
    assert_eq!(sorted(found_in_words(&shelf, "-E11.65")), [1, 2, 3, 4, 5, 6], "it is not printed there");
}

#[test]
fn nothing_is_told_of_a_code_that_only_others_may_see() {
    let secret = coded(labelled(1, "PSYCH", "Dx: E11.9"));
    let shelf = Shelf::of(&[secret, coded(filed(2, "nothing"))]);
    let answer = ask_in_words(&shelf, "type 2 diabetes", &everything());
    assert_eq!((answer.total, answer.also_searched.len()), (0, 0));
    let psych = Scope { labels: [Label("PSYCH".into())].into(), ..everything() };
    assert_eq!(ask_in_words(&shelf, "type 2 diabetes", &psych).total, 1);
}

#[test]
fn with_codes_no_page_disappears_from_an_answer() {
    let without = Shelf::of(&pages());
    let with = shelf();
    for query in [
        "type 2 diabetes",
        "diabetes OR metformin",
        "E11.9",
        "E11*",
        "Dx -E11.65",
        "room E11",
        "-diabetes",
        "-hypertension Dx",
        "HTN",
        "\"Dx E11.9\"",
        "type 2 diabetes since 2009",
        "blood pressure",
        "I10",
    ] {
        let before = without.found(query);
        let after = found_in_words(&with, query);
        assert!(before.iter().all(|page| after.contains(page)), "{query}: {before:?}, then {after:?}");
    }
}

#[test]
fn the_code_is_marked_on_the_page_where_it_is_why_the_page_was_found() {
    let shelf = shelf();
    let snippet = |query: &str, text: &str| {
        highlight(&ask_in_words(&shelf, query, &everything()), &reading(text)).snippet
    };
    assert_eq!(snippet("type 2 diabetes", "Dx: E11.9 stable"), "Dx: <b>E11.9</b> stable");
    assert_eq!(snippet("code:E11*", "Dx: E1l.65 seen"), "Dx: <b>E1l.65</b> seen");
    assert_eq!(snippet("E11.65", "Dx: E1l.65 seen"), "Dx: <b>E1l.65</b> seen");
    assert_eq!(snippet("code:E11*", "in room E11 now"), "in room E11 now");
}

#[test]
fn how_a_code_was_understood_is_said() {
    let said = |query: &str| Query::parse(query, TODAY).coded(&texts()).explain();
    assert_eq!(said("code:e11*"), "a code that begins like E11*");
    assert_eq!(said("code:e119"), "the code E11.9");
    assert_eq!(
        said("type 1 diabetes"),
        "the word type and the word 1 and the word diabetes (or a code of E10)"
    );
    assert_eq!(said("E11*"), "the word e11 or a code that begins like E11*");
}

#[test]
fn with_other_tables_the_index_is_built_anew_and_with_the_same_it_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("index");
    let source = |codes: &str| Source { epoch: EPOCH, codes: codes.into() };
    let mut index = fresh(Index::open(&place, source("2025")).unwrap());
    index.commit(1).unwrap();
    drop(index);
    drop(as_of(Index::open(&place, source("2025")).unwrap()));
    let Opened::Rebuild(why) = Index::open(&place, source("2026")).unwrap() else { panic!("it is outdated") };
    assert_eq!(why, Unfit::OtherCodes);
    assert!(IndexReader::open(&place).is_ok(), "until then it answers");
    Index::rebuild(&place, source("2026"), 1, || [] as [Result<PageEntry, crate::SearchError>; 0]).unwrap();
    drop(as_of(Index::open(&place, source("2026")).unwrap()));
}

#[test]
fn whatever_is_typed_as_a_code_is_answered() {
    let shelf = shelf();
    for query in [
        "code:",
        "code:*",
        "code:\"",
        "code:E11**",
        "*",
        "code:~~~*",
        &format!("code:{}*", "E".repeat(5_000)),
    ] {
        let _ = ask_in_words(&shelf, query, &everything());
    }
}

#[test]
fn a_code_that_words_stand_for_is_dropped() {
    let shelf = shelf();
    let ask = |without: Option<&String>| {
        let wished = Wished { without: without.into_iter().cloned().collect(), ..Wished::default() };
        let query = Query::parse("type 1 diabetes", TODAY).coded(&texts()).wishing(wished);
        let reader = shelf.index.as_ref().unwrap().reader();
        (reader.search(&query, &Resolved::default(), &everything(), Screen::of(9)).unwrap(), query.explain())
    };
    let (answer, said) = ask(None);
    assert!(numbers(&answer).contains(&4) && said.contains("(or a code of E10)"), "{said}");
    let [told] = answer.also_searched.as_slice() else { panic!("{:?}", answer.also_searched) };
    let (dropped, said) = ask(Some(told));
    assert!(!numbers(&dropped).contains(&4) && !said.contains("E10"), "{said}");
    assert!(dropped.also_searched.is_empty());
}
