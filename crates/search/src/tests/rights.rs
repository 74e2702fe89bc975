//! Does anything leak of what the asker may not see?

use std::collections::BTreeSet;

use records::document::Label;

use super::*;

pub(super) mod inferring;

fn scope(labels: &[&str], worklist: bool) -> Scope {
    Scope {
        labels: labels.iter().map(|label| Label((*label).into())).collect(),
        worklist,
        excluded: BTreeSet::new(),
        excluded_pages: BTreeSet::new(),
    }
}

#[test]
fn a_label_the_asker_lacks_leaves_no_hit_and_no_count() {
    let shelf = Shelf::of(&[
        filed(1, "methadone clinic"),
        labelled(2, "part2", "methadone clinic"),
        labelled(3, "psych", "methadone clinic"),
    ]);
    for (labels, wanted) in
        [(vec![], vec![1]), (vec!["part2"], vec![1, 2]), (vec!["part2", "psych"], vec![1, 2, 3])]
    {
        for query in ["methadone", "clinic -aspirin", "\"methadone clinic\"", "type:lab", ""] {
            assert_eq!(numbers(&shelf.ask_within(query, &scope(&labels, true))), wanted, "{query}");
        }
    }
}

#[test]
fn a_page_with_two_labels_needs_both() {
    let mut both = labelled(1, "part2", "text");
    both.labels.push(Label("psych".into()));
    let shelf = Shelf::of(&[both]);
    assert_eq!(shelf.ask_within("text", &scope(&["part2"], true)).total, 0);
    assert_eq!(shelf.ask_within("text", &scope(&["part2", "psych"], true)).total, 1);
}

#[test]
fn the_worklist_is_seen_only_by_who_may() {
    let shelf = Shelf::of(&[filed(1, "rash"), held(2, "rash")]);
    assert_eq!(numbers(&shelf.ask_within("rash", &scope(&[], false))), [1]);
    assert_eq!(shelf.ask_within("state:held", &scope(&[], false)).total, 0);
    let seen = shelf.ask_within("rash state:held", &scope(&[], true));
    assert_eq!(seen.hits[0].exception, Some(ExceptionId([2; 16])));
    assert_eq!(seen.hits[0].document, None);
}

#[test]
fn what_was_voided_since_the_last_commit_is_gone_at_once() {
    let shelf = Shelf::of(&[filed(1, "rash"), filed(2, "rash")]);
    let since = Scope { excluded: [document(1)].into(), ..scope(&[], true) };
    assert_eq!(numbers(&shelf.ask_within("rash", &since)), [2]);
}

#[test]
fn what_has_left_the_worklist_since_the_last_commit_is_gone_at_once() {
    let shelf = Shelf::of(&[held(1, "rash"), held(2, "rash"), filed(3, "rash")]);
    let since = Scope { excluded_pages: [page(1)].into(), ..scope(&[], true) };
    assert_eq!(numbers(&shelf.ask_within("rash", &since)), [2, 3]);
}

#[test]
fn a_misreading_only_on_hidden_pages_is_not_offered() {
    let shelf = Shelf::of(&[filed(1, "methadone"), labelled(2, "part2", "melhadone")]);
    assert!(shelf.ask_within("methadone", &scope(&[], true)).variants.is_empty());
    assert_eq!(shelf.ask_within("methadone", &scope(&["part2"], true)).variants, ["melhadone"]);
}

#[test]
fn a_score_tells_nothing_of_pages_that_the_asker_may_not_see() {
    let seen =
        [filed(1, "chest pain, chest tight"), filed(2, "pain in the left chest wall"), filed(3, "knee")];
    let scores = |hidden: u32| {
        let hidden = (10..10 + hidden).map(|number| labelled(number, "psych", "chest"));
        let shelf = Shelf::of(&seen.iter().cloned().chain(hidden).collect::<Vec<_>>());
        let answer = shelf.ask("chest");
        answer.hits.iter().map(|hit| (hit.page.page.0, hit.score)).collect::<Vec<_>>()
    };
    assert_eq!(scores(1), scores(30));
    assert_eq!(scores(1).iter().map(|(_, score)| *score).collect::<Vec<_>>(), [1.0, 0.5]);
    assert!(scores(0).iter().all(|(_, score)| ![1.0, 0.5].contains(score)), "all of it is theirs");
}
