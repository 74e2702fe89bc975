use jiff::civil::date;

use records::reading::Legibility;

use super::*;
use crate::query::PatientTerm;

const TODAY: Date = date(2026, 3, 1);

fn parse(text: &str) -> Query {
    Query::parse(text, TODAY)
}

fn word(text: &str) -> Clause {
    Clause::Word(token(text).unwrap())
}

fn phrase(words: &[&str]) -> Clause {
    Clause::Phrase(words.iter().map(ToString::to_string).collect())
}

#[test]
fn words_phrases_not_and_or_are_understood() {
    let query = parse("chest \"stress test\" -smoker aspirin OR warfarin NOT \"heart attack\"");
    let wanted = [
        word("chest"),
        phrase(&["stress", "test"]),
        Clause::Not(Box::new(word("smoker"))),
        Clause::Any(vec![word("aspirin"), word("warfarin")]),
        Clause::Not(Box::new(phrase(&["heart", "attack"]))),
    ];
    assert!(query.all == wanted, "{}", query.explain());
}

#[test]
fn three_alternatives_are_one_choice() {
    let query = parse("a OR b OR c d");
    assert!(query.all == [Clause::Any(vec![word("a"), word("b"), word("c")]), word("d")]);
}

#[test]
fn fields_are_understood_with_any_usual_date() {
    let query = parse("mrn:12-34-56 patient:\"doe, jane\" dob:3/15/62 from:2019-01 to:6/2019 received:2026");
    let terms = query.patient_terms();
    assert!(*terms[0] == PatientTerm::Number("123456".into()), "terminal-digit hyphens do not matter");
    assert!(*terms[1] == PatientTerm::Name { family: "doe".into(), given: Some("jane".into()) });
    assert!(*terms[2] == PatientTerm::BirthDate(date(1962, 3, 15)));
    assert!(query.all[3] == Clause::Service(Some(date(2019, 1, 1)), None));
    assert!(query.all[4] == Clause::Service(None, Some(date(2019, 6, 30))));
    assert!(query.all[5] == Clause::Received(date(2026, 1, 1), date(2026, 12, 31)));
}

#[test]
fn a_field_is_understood_as_it_is_typed_in_a_hurry() {
    let same = |a: &str, b: &str| assert!(parse(a) == parse(b), "{a}: {}", parse(a).explain());
    same("mrn: 123456", "mrn:123456");
    same("MRN:123456", "mrn:12-34-56");
    same("patient:doe, jane", "patient:\"doe, jane\"");
    same("patient:\"jane doe\"", "patient:\"doe, jane\"");
    same("\u{201c}chest pain\u{201d}", "\"chest pain\"");
    same("dob:\"March 15, 1962\"", "dob:03151962");
    same("state:waiting", "state:held");
}

#[test]
fn visit_box_evidence_and_legibility_are_fields() {
    assert!(parse("acct:a-10234").all == [Clause::Account("A10234".into())]);
    assert!(parse("account:A10234") == parse("acct:A10234"));
    assert!(parse("box:ER2019.12").all == [Clause::PaperBox("er2019.12".into())]);
    assert!(parse("evidence:\"birth date\"").all == [Clause::Evidence("birth_date".into())]);
    assert!(parse("legibility:little").all == [Clause::Legibility(Legibility::Little)]);
    assert!(parse("legibility:awful").all == [phrase(&["awful"])]);
    assert_eq!(
        parse("acct:A10234 box:12 evidence:barcode legibility:none").explain(),
        "visit or account number A10234 and from box 12 and filed on evidence of kind barcode and without \
         readable text"
    );
}

#[test]
fn a_date_may_be_typed_in_words() {
    let wanted = parse("dob:3/15/1962");
    for typed in ["dob:March 15, 1962", "dob: 15 Mar 1962", "dob:\"March 15 1962\"", "dob:15-MAR-1962"] {
        assert!(parse(typed) == wanted, "{typed}: {}", parse(typed).explain());
    }
    for typed in ["March 15, 1962", "15 mar 1962", "(March 15, 1962)"] {
        assert_eq!(
            parse(&format!("{typed} rash")).explain(),
            "the date 1962-03-15 and the word rash",
            "{typed}"
        );
    }
    let days = |from, to| Clause::Received(from, to);
    assert!(parse("received:today").all == [days(TODAY, TODAY)]);
    assert!(parse("received: Yesterday").all == [days(date(2026, 2, 28), date(2026, 2, 28))]);
    assert!(parse("received:2019..2021-06").all == [days(date(2019, 1, 1), date(2021, 6, 30))]);
    assert!(
        parse("from:2019..3/1/2020").all == [Clause::Service(Some(date(2019, 1, 1)), Some(date(2020, 3, 1)))]
    );
    assert!(parse("may 12 be").all == [word("may"), word("12"), word("be")], "no date");
}

#[test]
fn last_name_first_is_a_chart_or_both_words() {
    let name = PatientTerm::Name { family: "doe".into(), given: Some("jane".into()) };
    let either = |first: usize, name: PatientTerm, a: &str, b: &str| {
        Clause::Any(vec![Clause::Patient(first, name), Clause::All(vec![word(a), word(b)])])
    };
    let query = parse("doe, jane rash mrn:123456");
    assert!(query.all[0] == either(0, name, "doe", "jane"), "{}", query.explain());
    assert!(query.all[2] == Clause::Patient(1, PatientTerm::Number("123456".into())));
    assert_eq!(
        query.explain(),
        "a patient named doe, jane or the word doe and the word jane and the word rash and record number 123456"
    );
    let no_names = [
        "nausea, vomiting, fever",
        "pain doe, jane",
        "doe, OR jane",
        "-doe, jane",
        "12, 14",
        "doe,",
        "\"doe, jane\"",
    ];
    for list in no_names {
        assert!(parse(list).patient_terms().is_empty(), "{list}: {}", parse(list).explain());
    }
}

#[test]
fn a_type_is_found_by_its_name() {
    let kinds = records::kind::Kinds::parse(include_str!("../../../../../config/kinds.toml")).unwrap();
    let known = |typed: &str| parse(typed).knowing(&kinds).all;
    let is = |codes: &[&str]| vec![Clause::Kind(codes.iter().map(ToString::to_string).collect())];
    assert!(known("type:lab") == is(&["lab"]));
    assert!(known("type:\"operative note\"") == is(&["op"]));
    assert!(known("type:\"discharge summ\"") == is(&["dcsum", "eddc"]));
    assert!(known("type:nonsense") == is(&["nonsense"]), "as it was typed");
}

#[test]
fn what_a_field_cannot_mean_is_searched_for_as_words() {
    assert!(parse("from:sometime").all == [phrase(&["sometime"])]);
    assert!(parse("state:lost").all == [phrase(&["lost"])]);
    assert!(parse("ratio:high").all == [word("ratio:high")], "no field of ours");
    assert!(parse("10:30").all == [word("10:30")]);
    assert!(Query::field("from", "sometime", TODAY).is_none(), "a flag is told instead");
}

#[test]
fn conditions_of_flags_keep_their_patients_apart() {
    let flag = Query::field("mrn", "654321", TODAY).unwrap();
    let both = parse("patient:doe rash").and(flag);
    assert!(both.all[2] == Clause::Patient(1, PatientTerm::Number("654321".into())));
    assert_eq!(both.patient_terms().len(), 2);
}

#[test]
fn it_is_said_back_in_words() {
    assert_eq!(
        parse("rash -\"chest pain\" type:lab from:2019-01 patient:doe 3/15/1962").explain(),
        "the word rash and not the words \"chest pain\" together and type LAB and service on or after 2019-01-01 \
         and a patient named doe and the date 1962-03-15"
    );
    assert_eq!(parse("").explain(), "everything");
}

#[test]
fn what_was_asked_is_not_in_debug() {
    let query = parse("patient:doe mrn:123456 doe");
    let shown = format!("{query:?} {:?} {:?}", query.all, query.patient_terms());
    assert!(!shown.contains("doe") && !shown.contains("123456"), "{shown}");
}

/// Every text over an alphabet of everything the parser looks at, and then some longer ones at random.
#[test]
fn any_text_is_a_query() {
    let atoms = [
        "\"", "-", ":", "OR", "NOT", " ", "a", "mrn", "from", "patient", ",", "é", "\u{0}", "\u{202e}", "🙂",
    ];
    let mut seed: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    for a in atoms {
        for b in atoms {
            for c in atoms {
                let _ = parse(&format!("{a}{b}{c}")).explain();
            }
        }
    }
    for _ in 0..20_000 {
        let text: String = (0..next(24)).map(|_| atoms[next(atoms.len())]).collect();
        let query = parse(&text);
        assert!(query.all.len() <= MOST_PIECES);
        let _ = query.explain();
    }
}

#[test]
fn a_pasted_page_is_cut_and_says_so() {
    let query = parse(&"word ".repeat(10_000));
    assert_eq!(query.all.len(), MOST_PIECES);
    assert!(query.explain().ends_with("left out)"));
    let _ = parse(&"\"".repeat(10_000)).explain();
    let _ = parse(&"(.*)+".repeat(2_000)).explain();
}
