//! Is a page found that says the same in other words?

use super::*;
use crate::Vocabulary;

fn speaking(shelf: &Shelf, query: &str, scope: &Scope) -> Answer {
    let query = Query::parse(query, TODAY).speaking(&Vocabulary::default());
    let reader = shelf.index.as_ref().unwrap().reader();
    reader.search(&query, &Resolved::default(), scope, Screen::of(100)).unwrap()
}

fn heart() -> Shelf {
    Shelf::of(&[
        filed(1, "history of heart attack in 2009"),
        filed(2, "acute myocardial infarction"),
        filed(3, "MI ruled out"),
        filed(4, "the attack came from the heart of the city"),
        filed(5, "nothing of the kind"),
    ])
}

#[test]
fn a_short_form_finds_its_meaning_and_the_other_way_round_what_was_typed_first() {
    let shelf = heart();
    let found = |query: &str| numbers(&speaking(&shelf, query, &everything()));
    let sorted = |query: &str| {
        let mut all = found(query);
        all.sort_unstable();
        all
    };
    assert_eq!((found("MI")[0], sorted("MI")), (3, vec![1, 2, 3]));
    assert_eq!((found("myocardial infarction")[0], sorted("myocardial infarction")), (2, vec![1, 2, 3]));
    assert_eq!(
        sorted("heart attack"),
        [1, 2, 3, 4],
        "words need not stand together, what means the same must"
    );
    assert_eq!(found("MI ruled"), [3], "the rest of the query holds as well");
}

#[test]
fn what_was_searched_for_as_well_is_said_and_marked() {
    let shelf = heart();
    let answer = speaking(&shelf, "MI", &everything());
    assert_eq!(answer.also_searched, ["myocardial infarction", "heart attack"]);
    let meaning = Meaning { said: "mi".into(), means: vec!["myocardial infarction".into()] };
    assert_eq!(answer.meanings, [meaning]);
    let marked = highlight(&answer, &reading("acute myocardial infarction"));
    assert_eq!(marked.snippet, "acute <b>myocardial</b> <b>infarction</b>");
    let query = Query::parse("MI", TODAY).speaking(&Vocabulary::default());
    assert_eq!(query.explain(), "the word mi (or myocardial infarction, heart attack)");
}

#[test]
fn quotes_and_minus_mean_what_is_typed() {
    let shelf = heart();
    let found = |query: &str| numbers(&speaking(&shelf, query, &everything()));
    assert_eq!(found("\"MI\""), [3]);
    assert_eq!(found("\"heart attack\""), [1]);
    assert_eq!(found("acute -MI"), [2]);
    assert_eq!(found("kind OR MI").len(), 4);
}

#[test]
fn a_short_form_of_several_meanings_stands_for_itself_until_they_are_asked_for() {
    let shelf = Shelf::of(&[
        filed(1, "MS since 1999"),
        filed(2, "multiple sclerosis"),
        filed(3, "morphine sulfate 15 mg"),
    ]);
    let answer = speaking(&shelf, "MS", &everything());
    assert_eq!((numbers(&answer), answer.also_searched.len()), (vec![1], 0));
    assert_eq!(
        answer.meanings[0].means,
        ["multiple sclerosis", "morphine sulfate"],
        "as far as it stands here"
    );
    assert_eq!(numbers(&speaking(&shelf, "multiple sclerosis", &everything())), [2]);
    let asked = speaking(&shelf, "means:MS", &everything());
    assert_eq!((asked.total, asked.hits[0].page.page.0), (3, 1));
    assert_eq!(asked.also_searched, ["multiple sclerosis", "morphine sulfate"]);
    assert_eq!(numbers(&speaking(&shelf, "means:sclerosis", &everything())), [2], "it only means itself");
}

#[test]
fn shorthand_with_marks_has_meanings() {
    let shelf = Shelf::of(&[
        filed(1, "complains of chest pain, alert and oriented"),
        filed(2, "c/o chest pain, A&O x3"),
        filed(3, "T2DM on 500 mg metformin"),
    ]);
    let found = |query: &str| speaking(&shelf, query, &everything()).total;
    assert_eq!(
        (found("c/o"), found("A&O"), found("type 2 diabetes"), found("alert and oriented")),
        (2, 2, 1, 2)
    );
}

#[test]
fn a_meaning_that_stands_only_where_the_asker_may_not_look_is_not_offered() {
    let shelf = Shelf::of(&[
        filed(1, "MI ruled out, MS"),
        labelled(2, "part2", "myocardial infarction, multiple sclerosis"),
    ]);
    let blind = Scope {
        labels: BTreeSet::new(),
        worklist: true,
        excluded: BTreeSet::new(),
        excluded_pages: BTreeSet::new(),
    };
    for query in ["MI", "MS", "means:MS"] {
        let answer = speaking(&shelf, query, &blind);
        assert_eq!((answer.also_searched.len(), answer.meanings.len(), answer.total), (0, 0, 1), "{query}");
    }
    let sees = Scope { labels: [Label("part2".into())].into(), ..blind };
    assert_eq!(speaking(&shelf, "MI", &sees).also_searched, ["myocardial infarction"]);
}
