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
fn two_errors_are_looked_for_unless_all_that_a_filter_leaves_is_found_already() {
    let mut shelf = Shelf::of(&[
        filed(1, "hyperkalemia"),
        filed(2, "hypcrkalemla and cough"),
        PageEntry { station: "Fax".into(), ..filed(3, "hyperkalemia and cough") },
    ]);
    assert_eq!(shelf.found("hyperkalemia station:er-front"), [1, 2]);
    let all_of_it = shelf.ask("hyperkalemia station:fax");
    assert_eq!((numbers(&all_of_it), all_of_it.variants.len()), (vec![3], 0));
    shelf.index().upsert(&PageEntry { station: "Fax".into(), ..filed(4, "hypcrkalemla") }).unwrap();
    shelf.index().commit(9).unwrap();
    assert_eq!(shelf.found("hyperkalemia station:fax"), [3, 4]);
    let nearly = shelf.ask("hyperkalemia cough station:fax").nearly;
    assert_eq!(nearly.iter().map(|near| near.hit.page.page.0).collect::<Vec<_>>(), [4], "it has most of it");
}

#[test]
fn a_neighbour_that_is_a_word_is_another_word_however_rare() {
    let shelf = Shelf::of(&[
        filed(1, "the ileum was normal"),
        filed(2, "the ilium was fractured"),
        filed(3, "the ileurn was normal"),
    ]);
    let answer = shelf.ask("ileum");
    assert_eq!(numbers(&answer), [1], "two letters are too many in a short word");
    let shelf = Shelf::of(&[filed(1, "hypokalemia"), filed(2, "hyperkalemia"), filed(3, "hypokalemla")]);
    assert_eq!(shelf.found("hypokalemia"), [1, 3]);
}

#[test]
fn a_word_of_the_house_is_no_misreading() {
    let pages: Vec<PageEntry> = (1..=60)
        .map(|n| filed(n, if n % 2 == 0 { "given zoltarex daily" } else { "given zoltarix daily" }))
        .collect();
    assert_eq!(Shelf::of(&pages).ask("zoltarex").total, 30, "both are names of drugs");
}

#[test]
fn words_that_lost_their_space_or_gained_one_are_found() {
    let shelf = Shelf::of(&[filed(1, "sudden chestpain today"), filed(2, "given medi cation at noon")]);
    assert_eq!(shelf.found("chest pain"), [1]);
    assert_eq!(shelf.found("\"sudden chest pain today\""), [1]);
    assert_eq!(shelf.found("medication"), [2]);
    assert_eq!(Shelf::of(&[filed(1, "chest pain")]).found("chestpain"), [1]);
}

#[test]
fn a_phrase_is_found_over_an_i_that_was_read_as_a_stroke() {
    let shelf = Shelf::of(&[filed(1, "Finally, | advised rest"), filed(2, "Finally, I advised rest")]);
    assert_eq!(shelf.found("\"finally I advised\""), [2, 1]);
}

#[test]
fn one_is_found_where_many_were_asked_for_below_the_word_itself() {
    let shelf = Shelf::of(&[filed(1, "old fractures of ribs"), filed(2, "a fracture of the hip")]);
    let answer = shelf.ask("fracture");
    assert_eq!(numbers(&answer), [2, 1]);
    assert_eq!(answer.also_searched, ["fractures"]);
    assert!(answer.variants.is_empty());
    assert_eq!(shelf.found("\"fracture\""), [2], "in quotes it stands for itself");
    assert_eq!(shelf.found("-fracture"), [1]);
}

#[test]
fn a_short_form_is_found_where_its_digit_was_taken_for_a_letter() {
    let shelf =
        Shelf::of(&[filed(1, "HbAlc 7.9 and a Bl2 level"), filed(2, "l39 and 13g"), filed(3, "HbA2c")]);
    assert_eq!(shelf.found("HbA1c"), [1]);
    assert_eq!(shelf.found("B12"), [1]);
    assert!(shelf.found("139").is_empty(), "a number is exact");
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
fn a_page_is_found_whatever_the_engine_was_in_doubt_about() {
    let mut doubtful = filed(1, "BP 120/80 today 120/80");
    doubtful.reading.words[1].alternatives = vec!["128/88".into(), "88".into(), "88/128".into()];
    doubtful.reading.words[3].alternatives = vec!["88".into(), "126/88".into(), "88/88".into()];
    let shelf = Shelf::of(&[doubtful]);
    for query in ["today", "120/80", "88", "128/88"] {
        assert_eq!(shelf.found(query), [1], "{query}");
    }
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
    second.paper_box = Some("OPD.7".into());
    second.evidence = vec!["folder".into()];
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
        ("acct:a-00001", vec![1]),
        ("box:er2019.12", vec![1, 3]),
        ("box:7", vec![2]),
        ("evidence:folder", vec![2]),
        ("evidence:barcode", vec![1, 3]),
        ("legibility:little", vec![1, 2, 3]),
    ] {
        assert_eq!(shelf.found(query), wanted, "{query}");
    }
    assert_eq!(shelf.found(&format!("batch:{} type:lab", BatchId([9; 16]))), [1]);
}

#[test]
fn a_visit_is_found_by_what_was_filed_with_it_then_by_what_prints_its_number() {
    let shelf =
        Shelf::of(&[filed(1, "rash"), filed(2, "account A-00001 rash"), filed(3, "account A00002 rash")]);
    assert_eq!(shelf.found("acct:A00001"), [1, 2]);
    assert_eq!(shelf.found("rash -acct:A00001"), [3]);
    assert!(shelf.found("acct:A0001").is_empty(), "numbers are exact");
}

#[test]
fn a_date_is_found_however_page_and_clerk_write_it() {
    let shelf = Shelf::of(&[
        filed(1, "Seen on March 15, 1962 by"),
        filed(2, "Seen on 03/15/1962 by"),
        filed(3, "15 Mar 1962"),
        filed(4, "March 16, 1962"),
    ]);
    for query in ["3/15/1962", "March 15, 1962", "1962-03-15", "15 mar 1962"] {
        let mut found = shelf.found(query);
        found.sort_unstable();
        assert_eq!(found, [1, 2, 3], "{query}");
    }
    let answer = shelf.ask("3/15/1962");
    let marked = highlight(&answer, &reading("Seen on March 15, 1962 by"));
    assert_eq!(marked.snippet, "Seen on <b>March</b> <b>15,</b> <b>1962</b> by");
}

#[test]
fn a_name_typed_last_name_first_finds_the_chart_and_then_whoever_prints_it() {
    let shelf = Shelf::of(&[filed(1, "rash"), filed(2, "referred by Jane Doe"), filed(3, "doe eyes")]);
    let query = Query::parse("doe, jane", TODAY);
    let reader = shelf.index.as_ref().unwrap().reader();
    let hers = Resolved(vec![vec![patient(1)]]);
    assert_eq!(numbers(&reader.search(&query, &hers, &everything(), Screen::of(10)).unwrap()), [1, 2]);
    assert_eq!(shelf.found("doe, jane"), [2], "nobody of that name");
}

#[test]
fn a_chart_tells_how_much_of_it_cannot_be_searched() {
    let prose = "a long note with many words that all can be read without any doubt at all";
    let mut note = filed(1, prose);
    note.reading.words.iter_mut().for_each(|word| word.legible = false);
    let mut scrawl = PageEntry { page: page(2), ..filed(1, "Signed") };
    let mut third = PageEntry { page: page(3), ..filed(1, prose) };
    let secret = PageEntry { page: page(4), labels: vec![Label("part2".into())], ..note.clone() };
    for (entry, number) in [(&mut scrawl, 12), (&mut third, 13)] {
        if let Home::Document { id, .. } = &mut entry.home {
            *id = document(number);
        }
    }
    let shelf = Shelf::of(&[note, scrawl, third, secret, filed(9, "of somebody else")]);
    let text = |query: &str| shelf.ask(query).charts;
    let hers = Some(crate::ChartText { pages: 3, hard_to_read: 2 });
    assert_eq!(text("mrn:000001"), hers);
    assert_eq!(text("mrn:000001 zebra"), hers, "though nothing is found");
    assert_eq!(text("zebra"), None);
    let seeing = Scope { labels: [Label("part2".into())].into(), ..everything() };
    let seen = shelf.ask_within("mrn:000001", &seeing).charts;
    assert_eq!(seen, Some(crate::ChartText { pages: 4, hard_to_read: 3 }));
    let without = Scope { excluded: [document(1), document(12)].into(), ..everything() };
    assert_eq!(
        shelf.ask_within("mrn:000001", &without).charts,
        Some(crate::ChartText { pages: 1, hard_to_read: 0 }),
        "what was withdrawn since is in no count"
    );
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
