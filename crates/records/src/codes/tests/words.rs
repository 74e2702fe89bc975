//! Words that stand for codes.

use super::*;

fn texts() -> Descriptions {
    let file = [
        ("E10", "Type 1 diabetes mellitus"),
        ("E11", "Type 2 diabetes mellitus"),
        ("E110", "Type 2 diabetes mellitus with hyperosmolarity"),
        ("E118", "Type 2 diabetes mellitus with unspecified complications"),
        ("E119", "Type 2 diabetes mellitus without complications"),
        ("O24", "Diabetes mellitus in pregnancy, childbirth, and the puerperium"),
        ("O2411", "Pre-existing type 2 diabetes mellitus, in pregnancy"),
        ("S72", "Fracture of femur"),
        ("I10", "Essential (primary) hypertension"),
    ];
    let file: String = file.iter().map(|(code, text)| order(code, text)).collect();
    let many: String = (0..60).map(|n| order(&format!("M{n:02}"), "Pain in joint")).collect();
    let release = Release::of("icd10cm-order-2026.txt").unwrap();
    let older = Release::of("icd10cm-order-2020.txt").unwrap();
    let old = order("Q11", "Hypertension of old");
    Descriptions::of([(&older, old.as_str()), (&release, (file + &many).as_str())]).unwrap()
}

fn named(text: &str) -> Vec<(Range<usize>, Vec<String>)> {
    let words: Vec<Vec<String>> =
        text.split(' ').map(|word| word.split('-').map(str::to_owned).collect()).collect();
    let found = texts().named(&words);
    found.into_iter().map(|(at, codes)| (at, codes.into_iter().map(|code| code.code).collect())).collect()
}

fn codes(list: &[&str]) -> Vec<String> {
    list.iter().map(ToString::to_string).collect()
}

#[test]
fn words_stand_for_the_highest_codes_that_have_all_of_them() {
    assert_eq!(named("type 2 diabetes"), [(0..3, codes(&["E11", "O24.11"]))]);
    assert_eq!(named("diabetes"), [(0..1, codes(&["E10", "E11", "O24"]))]);
    assert_eq!(
        texts().named(&[vec!["hypertension".into()]])[0].1[0].text,
        "Essential (primary) hypertension"
    );
}

#[test]
fn the_longest_run_counts_and_other_words_stay_by_themselves() {
    assert_eq!(named("metformin for type 2 diabetes today"), [(2..5, codes(&["E11", "O24.11"]))]);
    assert_eq!(named("hypertension type 1 diabetes"), [(0..1, codes(&["I10"])), (1..4, codes(&["E10"]))]);
}

#[test]
fn what_a_text_denies_it_is_not_about() {
    assert_eq!(named("diabetes complications"), [(0..2, codes(&["E11.8"]))]);
}

#[test]
fn words_that_fit_everything_stand_for_nothing() {
    assert!(named("pain").is_empty());
    assert!(named("type 2").is_empty() && named("with").is_empty() && named("2").is_empty());
    assert!(named("abet").is_empty(), "parts of words are no words");
}

#[test]
fn one_fracture_and_several_are_the_same() {
    assert_eq!(named("femur fractures"), [(0..2, codes(&["S72"]))]);
}

#[test]
fn only_the_newest_release_is_looked_at() {
    assert_eq!(named("hypertension"), [(0..1, codes(&["I10"]))]);
}
