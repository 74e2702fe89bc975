//! Is what stands on the paper found, and the best first?

use jiff::civil::date;
use records::entry::{Home, PageEntry};
use records::ids::{BatchId, PageRef};

use super::*;

#[test]
fn all_words_must_stand_on_the_page_in_any_order() {
    let shelf = Shelf::of(&[
        filed(1, "chest pain since monday"),
        filed(2, "pain in the left chest wall"),
        filed(3, "abdominal pain"),
    ]);
    assert_eq!(shelf.found("pain chest").len(), 2);
    assert_eq!(shelf.found("\"chest pain\""), [1]);
    assert_eq!(shelf.found("pain -chest"), [3]);
    assert_eq!(shelf.found("abdominal OR monday").len(), 2);
    assert_eq!(shelf.found("").len(), 3, "nothing asked: everything");
    assert!(shelf.found("pleurisy").is_empty());
}

#[test]
fn shorthand_is_found_as_it_is_typed() {
    let text = "A&O x3 c/o CP, T2DM, B12 low, H&P done, metformin 500mg, A1c 7.5 K+ 3.1 DOB 03/15/1962 vitamin D X-ray";
    let shelf = Shelf::of(&[filed(1, text), filed(2, "oriented, vitamin C, 75 units, 2005 03 1962")]);
    for query in [
        "A&O x3",
        "c/o",
        "T2DM",
        "B12",
        "H&P",
        "\"500 mg\"",
        "500mg",
        "7.5",
        "K+",
        "03/15/1962",
        "3-15-1962",
        "1962-03-15",
        "\"vitamin d\"",
        "xray",
        "\"x ray\"",
        "x-ray",
    ] {
        assert_eq!(shelf.found(query), [1], "{query}");
    }
}

#[test]
fn a_word_broken_at_the_end_of_its_line_is_found_whole() {
    let shelf = Shelf::of(&[filed(1, "acute myocardial infarc-\ntion of the wall"), filed(2, "fraction")]);
    assert_eq!(shelf.found("infarction"), [1]);
    assert_eq!(shelf.found("\"myocardial infarction\""), [1]);
}

#[test]
fn a_misread_word_is_found_below_the_word_itself() {
    let shelf = Shelf::of(&[
        filed(1, "started warlarin in may"),
        filed(2, "started warfarin in may"),
        filed(3, "started aspirin in may"),
    ]);
    let answer = shelf.ask("warfarin");
    assert_eq!(numbers(&answer), [2, 1]);
    assert_eq!(answer.variants, ["warlarin"]);
    assert!(answer.also_searched.is_empty());
}

#[test]
fn a_word_as_common_as_the_other_is_no_misreading() {
    let pages: Vec<PageEntry> =
        (1..=20).map(|n| filed(n, if n % 2 == 0 { "ileum normal" } else { "ilium normal" })).collect();
    let shelf = Shelf::of(&pages);
    let answer = shelf.ask("ileum");
    assert_eq!(answer.total, 10);
    assert!(answer.variants.is_empty());
}

#[test]
fn two_errors_are_forgiven_in_a_long_word_that_is_not_found_else() {
    let shelf = Shelf::of(&[filed(1, "predhlsone daily"), filed(2, "word wurd")]);
    assert_eq!(shelf.found("prednisone"), [1]);
    assert!(shelf.found("wxrx").is_empty(), "short words are forgiven one");
}

#[test]
fn numbers_and_short_words_are_never_guessed() {
    let shelf = Shelf::of(&[filed(1, "dose 500 on 03/15/1962 MRN 10482713 B12 eye")]);
    for query in ["501", "10482714", "03/16/1962", "B13", "eve"] {
        assert!(shelf.found(query).is_empty(), "{query}");
    }
}

#[test]
fn a_phrase_is_found_over_a_misread_word() {
    let shelf = Shelf::of(&[
        filed(1, "congestive hearl failure was seen"),
        filed(2, "congestive heart failure was seen"),
        filed(3, "failure of congestive care, heart good"),
    ]);
    assert_eq!(shelf.found("\"congestive heart failure\""), [2, 1]);
}

#[test]
fn a_row_of_a_table_is_found_though_it_was_read_by_columns() {
    let mut table = filed(1, "Sodium\nPotassium\n139\n4.1");
    for (word, (x, y)) in table.reading.words.iter_mut().zip([(0, 0), (0, 40), (900, 2), (900, 42)]) {
        (word.place.x, word.place.y) = (x, y);
    }
    let shelf = Shelf::of(&[table, filed(2, "139 Sodium")]);
    assert_eq!(shelf.found("\"Sodium 139\""), [1]);
    assert!(shelf.found("\"Sodium 4.1\"").is_empty());
    assert!(shelf.found("\"139 Potassium\"").is_empty(), "rows do not run into each other");
}

#[test]
fn what_the_engine_was_in_doubt_about_is_found_below_the_word_itself_and_not_told() {
    let mut doubtful = filed(1, "Sodium 189 mmol/L");
    doubtful.reading.words[1].alternatives = vec!["139".into()];
    let shelf = Shelf::of(&[doubtful, filed(2, "Sodium 139 mmol/L"), filed(3, "Sodium 145 mmol/L")]);
    let answer = shelf.ask("139");
    assert_eq!(numbers(&answer), [2, 1]);
    assert!(answer.variants.is_empty(), "{:?}", answer.variants);
    assert_eq!(shelf.found("\"sodium 139\""), [2, 1]);
    assert_eq!(shelf.ask("sodium -139").total, 2, "what must not be there is taken as it was read");
}

#[test]
fn what_is_not_legible_is_not_found() {
    let mut scrawl = filed(1, "seen today lkjwe");
    scrawl.reading.words[2].legible = false;
    let shelf = Shelf::of(&[scrawl]);
    assert!(shelf.found("lkjwe").is_empty());
    assert_eq!(shelf.found("today"), [1]);
}

#[test]
fn fields_narrow_what_is_found() {
    let mut second = filed(2, "glucose high");
    if let Home::Document { kind, service, page_in_document, .. } = &mut second.home {
        kind.0 = "NOTE".into();
        *service = Some((date(2018, 12, 30), date(2019, 1, 3)));
        *page_in_document = 4;
    }
    second.station = "Ward 3".into();
    let shelf = Shelf::of(&[filed(1, "glucose high"), second, held(3, "glucose high")]);
    for (query, wanted) in [
        ("glucose type:lab", vec![1]),
        ("glucose type:note", vec![2]),
        ("station:er-front state:filed", vec![1]),
        ("station:\"ward 3\"", vec![2]),
        ("state:held", vec![3]),
        ("state:filed", vec![1, 2]),
        ("page:4", vec![2]),
        ("from:2019-01 to:2019-01", vec![2]),
        ("from:2019-04-02", vec![1]),
        ("to:2018", vec![2]),
        ("received:2026-02-02", vec![1]),
        ("received:2026", vec![1, 2, 3]),
        ("-type:lab state:filed", vec![2]),
        ("type:lab OR state:held", vec![1, 3]),
    ] {
        assert_eq!(shelf.found(query), wanted, "{query}");
    }
    assert_eq!(shelf.found(&format!("batch:{} type:lab", BatchId([9; 16]))), [1]);
}

#[test]
fn a_chart_is_found_by_its_number_with_or_without_hyphens_and_through_the_patient_index() {
    let shelf = Shelf::of(&[filed(12, "rash"), filed(13, "rash 000012")]);
    assert_eq!(shelf.found("mrn:00-00-12"), [12]);
    assert_eq!(shelf.found("000012"), [12, 13], "filed under it, then printed on it");
    assert_eq!(shelf.found("00-00-12"), [12, 13]);
    assert!(shelf.found("patient:doe").is_empty(), "nobody was found in the patient index");
    let query = Query::parse("rash patient:\"doe, jane\"", TODAY);
    let both = Resolved(vec![vec![patient(13), patient(99)]]);
    let reader = shelf.index.as_ref().unwrap().reader();
    assert_eq!(numbers(&reader.search(&query, &both, &everything(), Screen::of(10)).unwrap()), [13]);
}

#[test]
fn equals_stand_in_the_order_of_their_pages_and_screens_join_without_seam() {
    let mut shelf = Shelf::of(&[]);
    for number in [5, 3, 1, 4, 2, 8, 7, 6] {
        shelf.index().upsert(&filed(number, "same words here")).unwrap();
        shelf.index().commit(u64::from(number)).unwrap();
    }
    let mut other = filed(1, "same words here");
    other.page = PageRef { batch: BatchId([8; 16]), ..other.page };
    shelf.index().upsert(&other).unwrap();
    shelf.index().commit(20).unwrap();
    let reader = shelf.index.as_ref().unwrap().reader();
    let query = Query::parse("same words", TODAY);
    let mut joined = Vec::new();
    for offset in [0, 2, 4, 6, 8, 10] {
        let answer = reader
            .search(&query, &Resolved::default(), &everything(), Screen { offset, ..Screen::of(2) })
            .unwrap();
        assert_eq!(answer.total, 9);
        joined.extend(answer.hits.into_iter().map(|hit| hit.page));
    }
    let mut sorted: Vec<PageRef> = (1..=8).map(page).collect();
    sorted.insert(0, other.page);
    assert_eq!(joined, sorted);
}

#[test]
fn no_query_stalls_or_breaks_the_desk() {
    let pages: Vec<PageEntry> =
        (1..=50).map(|n| filed(n, &format!("word{n} wordy werdy text tixt"))).collect();
    let shelf = Shelf::of(&pages);
    let started = std::time::Instant::now();
    for query in [
        "wordy ".repeat(10_000),
        format!("\"{}\"", "wordy text ".repeat(1_000)),
        "\"\"\" -\"".into(),
        "(.*)+$ [a-z]* \\".into(),
        "\u{202e}שלום \u{0}\u{1}".into(),
        "-wordy".into(),
        "-wordy OR -text".into(),
        "NOT NOT OR".into(),
        "a".repeat(10_000),
    ] {
        let _ = shelf.ask(&query);
    }
    assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
    let reader = shelf.index.as_ref().unwrap().reader();
    let all = reader
        .search(&Query::parse("", TODAY), &Resolved::default(), &everything(), Screen::of(usize::MAX))
        .unwrap();
    assert_eq!(all.hits.len(), 50);
    let beyond = reader
        .search(
            &Query::parse("", TODAY),
            &Resolved::default(),
            &everything(),
            Screen { offset: usize::MAX, ..Screen::of(5) },
        )
        .unwrap();
    assert_eq!((beyond.total, beyond.hits.len()), (50, 0));
}
