//! Does a page over which the writer falls cost no other page?

use super::*;
use crate::SearchError;

fn felling(number: u32) -> PageEntry {
    filed(number, &format!("words {FELLING}"))
}

/// As the line follows: again from the last commit while the index looks for the page it fell over.
fn follow(index: &mut Index, entries: &[PageEntry]) -> usize {
    let mut rounds = 0;
    loop {
        rounds += 1;
        let done = entries.iter().try_for_each(|entry| index.upsert(entry)).and_then(|()| index.commit(9));
        match done {
            Ok(()) => return rounds,
            Err(_) => assert!(index.seeks_faulty_page() && rounds < 5),
        }
    }
}

#[test]
fn a_page_over_which_the_writer_falls_is_left_out_and_told_and_the_others_are_found() {
    let mut shelf = Shelf::of(&[filed(1, "words"), filed(3, "words of before")]);
    let came = [filed(2, "words"), felling(3), filed(4, "words"), felling(5), filed(6, "words")];
    assert_eq!(follow(shelf.index(), &came), 2);
    assert_eq!(shelf.found("words"), [1, 2, 4, 6], "what was known of it is out of date");
    assert!(!shelf.index().seeks_faulty_page());
    let told = IndexReader::open(&shelf.place()).unwrap().left_out();
    assert_eq!(told, [page(3), page(5)].into());
}

#[test]
fn a_page_that_was_left_out_is_taken_in_when_it_can_be() {
    let mut shelf = Shelf::of(&[filed(1, "words")]);
    follow(shelf.index(), &[felling(2), felling(3)]);
    shelf.close();
    let mut index = as_of(Index::open(&shelf.place(), EPOCH).unwrap());
    assert_eq!(index.reader().left_out(), [page(2), page(3)].into());
    index.upsert(&filed(2, "words")).unwrap();
    index.remove(page(3)).unwrap();
    index.commit(10).unwrap();
    assert_eq!((index.reader().left_out().len(), index.reader().count()), (0, 2));
}

#[test]
fn an_index_that_is_built_anew_leaves_it_out_as_well() {
    let shelf = Shelf::of(&[]);
    let place = shelf.folder.path().join("other");
    let entries = || {
        let number = |number| if number % 7 == 0 { felling(number) } else { filed(number, "words") };
        (1..=20).map(move |at| Ok::<_, SearchError>(number(at)))
    };
    let built = Index::rebuild(&place, EPOCH, 4, entries).unwrap();
    assert_eq!((built.position(), built.reader().count()), (4, 18));
    assert_eq!(built.reader().left_out(), [page(7), page(14)].into());
}

#[test]
fn a_fault_that_is_no_pages_ends_the_building_of_an_index() {
    let shelf = Shelf::of(&[]);
    let asked = std::cell::Cell::new(0);
    let entries = || {
        asked.set(asked.get() + 1);
        [Ok(filed(1, "words")), Err(SearchError::Damaged("a pack".into()))]
    };
    assert!(Index::build_beside(&shelf.place(), EPOCH, 4, entries).is_err());
    assert_eq!(asked.get(), 1);
}
