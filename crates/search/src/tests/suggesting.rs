//! How does a line that is being typed go on?

use super::*;
use crate::{Suggestion, Typed, Vocabulary};

fn suggested(shelf: &Shelf, line: &str, scope: &Scope) -> Vec<Suggestion> {
    let typed = Typed::parse(line, TODAY, &Vocabulary::default());
    let reader = shelf.index.as_ref().unwrap().reader();
    reader.suggest(&typed, &Resolved::default(), scope, 8).unwrap()
}

fn texts(shelf: &Shelf, line: &str) -> Vec<String> {
    suggested(shelf, line, &everything()).into_iter().map(|one| one.text).collect()
}

fn lines(shelf: &Shelf, line: &str) -> Vec<String> {
    suggested(shelf, line, &everything()).into_iter().map(|one| one.line).collect()
}

fn lungs() -> Shelf {
    let mut pages: Vec<PageEntry> = (1..=6).map(|n| filed(n, "pneumonia of the left lung")).collect();
    pages.push(filed(7, "pneumothorax pneumonla 2026 pn123"));
    pages.push(filed(8, "pneumothorax after a fall"));
    Shelf::of(&pages)
}

#[test]
fn a_word_is_completed_commonest_first() {
    assert_eq!(texts(&lungs(), "pneu"), ["pneumonia", "pneumothorax"]);
    assert_eq!(lines(&lungs(), "Left PNEU"), ["Left pneumonia"]);
    assert!(texts(&lungs(), "p").is_empty() && texts(&lungs(), "pneumonia ").is_empty());
}

#[test]
fn what_was_typed_before_stands_on_the_same_page() {
    assert_eq!(texts(&lungs(), "fall pneu"), ["pneumothorax"]);
    assert_eq!(texts(&lungs(), "-lung pneu"), ["pneumothorax"]);
    assert_eq!(
        texts(&lungs(), "nothing OR pneu"),
        ["pneumonia", "pneumothorax"],
        "the other side of an OR need not"
    );
    assert!(texts(&lungs(), "nothing pneu").is_empty());
    assert!(texts(&lungs(), "\"left pneu").is_empty(), "within quotes nothing is guessed");
}

#[test]
fn neither_numbers_nor_misreadings_nor_what_the_engine_was_in_doubt_about_are_suggested() {
    let mut doubtful = filed(9, "pleura");
    doubtful.reading.words[0].alternatives = vec!["pneural".into()];
    let mut pages: Vec<PageEntry> = (1..=6).map(|n| filed(n, "pneumonia 2026 20260301 10482713")).collect();
    pages.extend([filed(7, "pneumonla pneumonias"), doubtful]);
    let shelf = Shelf::of(&pages);
    assert_eq!(texts(&shelf, "pneu"), ["pneumonia", "pneumonias"]);
    for line in ["20", "1048", "mrn:1048", "dob:", "patient:do", "patient:doe, pneu"] {
        assert!(texts(&shelf, line).is_empty(), "{line}");
    }
}

#[test]
fn a_form_of_the_clinic_is_suggested_with_its_meaning() {
    let shelf = Shelf::of(&[filed(1, "MI ruled out, heart attack feared"), filed(2, "the heart")]);
    let found = suggested(&shelf, "MI", &everything());
    assert_eq!(
        (found[0].text.as_str(), found[0].means.as_slice()),
        ("MI", &["myocardial infarction".to_owned()][..])
    );
    assert_eq!(lines(&shelf, "feared heart att"), ["feared heart attack"]);
    assert_eq!(texts(&shelf, "heart att")[0], "heart attack");
    assert!(texts(&shelf, "myoc").is_empty(), "it stands on no page");
}

#[test]
fn values_of_fields_are_those_of_the_index() {
    let shelf = Shelf::of(&[filed(1, "rash"), PageEntry { station: "East Wing".into(), ..held(2, "rash") }]);
    assert_eq!(texts(&shelf, "rash type:"), ["type:lab"]);
    assert_eq!(lines(&shelf, "rash station:Ea"), ["rash station:\"east wing\""]);
    assert_eq!(texts(&shelf, "state:"), ["state:filed", "state:held"]);
    assert_eq!(texts(&shelf, "station:er-front state:"), ["state:filed"]);
}

#[test]
fn nothing_is_suggested_of_what_the_asker_may_not_see() {
    let shelf = Shelf::of(&[
        filed(1, "pneumonia"),
        labelled(2, "part2", "pneumocystis"),
        held(3, "pneumothorax"),
        filed(4, "pneumonitis"),
    ]);
    let scope = Scope {
        labels: BTreeSet::new(),
        worklist: false,
        excluded: [document(4)].into(),
        excluded_pages: BTreeSet::new(),
    };
    let seen: Vec<String> = suggested(&shelf, "pneu", &scope).into_iter().map(|one| one.text).collect();
    assert_eq!(seen, ["pneumonia"]);
    assert_eq!(suggested(&shelf, "state:", &scope).len(), 1);
}

#[test]
fn any_text_can_be_typed() {
    let shelf = lungs();
    for line in [
        "",
        " ",
        "\"",
        "-",
        ":",
        "type:",
        "OR",
        "\u{202e}pn\u{0}eu",
        "a:b:c",
        "((((",
        "“pneu",
        "-pneu",
        "type:\"l",
    ] {
        let _ = texts(&shelf, line);
    }
    let _ = texts(&shelf, &"pneu ".repeat(5_000));
    let _ = texts(&shelf, &"x".repeat(100_000));
    assert_eq!(lines(&shelf, "left -pneu"), ["left -pneumonia"]);
}

#[test]
#[ignore = "a measurement: an index of 100,000 pages"]
#[expect(clippy::print_stderr, reason = "a measurement is printed")]
fn what_suggestions_likeness_and_copies_cost() {
    use std::time::Instant;

    use super::rights::inferring::Chance;
    use crate::{Charted, Model};

    const PAGES: u32 = 100_000;
    let words: Vec<&str> = include_str!("../lexicon/words.txt").lines().collect();
    let chance = &mut Chance(1);
    // Few words are common, most are rare; one of forty is misread.
    let mut said = || {
        let share = chance.below(1 << 20) as f64 / f64::from(1 << 20);
        let word = words[(share.powi(4) * words.len() as f64) as usize];
        if chance.below(40) == 0 {
            format!("{word}{}", chance.of(&["i", "l", "rn", "c"]))
        } else {
            word.to_owned()
        }
    };
    let mut shelf = Shelf::of(&[]);
    let mut kept = Vec::new();
    for number in 1..=PAGES {
        let text: String = (0..120).map(|_| said() + " ").collect();
        let mut entry = PageEntry { page: page(number), ..filed(number % 100, &text) };
        if let Home::Document { patient: whose, .. } = &mut entry.home {
            *whose = patient(u128::from(number / 50));
        }
        if number.is_multiple_of(25) {
            entry.labels = vec![Label("part2".into())];
        } else if number.is_multiple_of(501) {
            kept.push(entry.clone());
        }
        shelf.index().upsert(&entry).unwrap();
    }
    shelf.index().commit(1).unwrap();
    let reader = shelf.index.as_ref().unwrap().reader();
    let scope = Scope { worklist: false, ..everything() };
    let report = |what: &str, mut took: Vec<f64>| {
        took.sort_by(f64::total_cmp);
        let at = |share: usize| took[(took.len() - 1) * share / 100];
        eprintln!("{what}: p50 {:.1} ms, p99 {:.1} ms of {}", at(50), at(99), took.len());
    };
    let lines: Vec<String> = kept
        .iter()
        .flat_map(|entry| {
            let typed = |words: usize, letters: usize| -> String {
                let said: Vec<String> =
                    entry.reading.words[..words].iter().map(|word| word.text.clone()).collect();
                said[..words - 1].join(" ") + " " + &said[words - 1].chars().take(letters).collect::<String>()
            };
            [typed(1, 2), typed(1, 4), typed(2, 3), typed(3, 3)]
        })
        .collect();
    let vocabulary = Vocabulary::default();
    let timed = |act: &mut dyn FnMut()| {
        let began = Instant::now();
        act();
        began.elapsed().as_secs_f64() * 1e3
    };
    let suggest = |line: &String| {
        let typed = Typed::parse(line, TODAY, &vocabulary);
        reader.suggest(&typed, &Resolved::default(), &scope, 8).unwrap();
    };
    report("a suggestion", lines.iter().map(|line| timed(&mut || suggest(line))).collect());
    let like = |entry: &PageEntry| {
        let model = Model { page: entry.page, reading: &entry.reading, names: &[] };
        reader.similar(model, &scope, 20).unwrap();
    };
    report("pages like a page", kept.iter().map(|entry| timed(&mut || like(entry))).collect());
    let screens: Vec<Vec<Charted>> = kept
        .chunks(20)
        .map(|screen| {
            screen
                .iter()
                .map(|entry| Charted {
                    page: entry.page,
                    chart: vec![patient(u128::from(entry.page.page.0 / 50))],
                })
                .collect()
        })
        .collect();
    let copies = |screen: &Vec<Charted>| drop(reader.copies(screen, &scope).unwrap());
    report("copies of 20 hits", screens.iter().map(|screen| timed(&mut || copies(screen))).collect());
}
