//! Is the index always a function of the catalogue, whatever happens to it?

use std::fs;

use super::*;
use crate::{SearchError, Unfit};

fn entries(range: std::ops::Range<u32>) -> impl Iterator<Item = Result<PageEntry, SearchError>> {
    range.map(|number| Ok(filed(number, "rebuilt text")))
}

fn unfit(opened: Opened) -> Unfit {
    match opened {
        Opened::Rebuild(why) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_page_put_in_twice_is_found_once_with_its_last_words() {
    let mut shelf = Shelf::of(&[filed(1, "first words")]);
    shelf.index().upsert(&filed(1, "second words")).unwrap();
    shelf.index().upsert(&filed(1, "third words")).unwrap();
    shelf.index().commit(7).unwrap();
    assert_eq!(shelf.found("words"), [1]);
    assert_eq!(shelf.found("third"), [1]);
    assert!(shelf.found("first").is_empty());
    assert_eq!(shelf.index().reader().count(), 1);
}

#[test]
fn a_page_is_in_the_index_once_whatever_came_between() {
    let other = |number, text: &str| {
        let page = PageRef { batch: BatchId([8; 16]), page: PageNumber(number) };
        PageEntry { page, ..filed(number, text) }
    };
    let mut shelf = Shelf::of(&[filed(1, "words"), other(1, "words"), filed(1, "second words")]);
    assert_eq!(shelf.index().reader().count(), 2);
    for entry in [other(1, "third words"), filed(2, "words"), other(2, "words"), filed(2, "third words")] {
        shelf.index().upsert(&entry).unwrap();
    }
    shelf.index().remove(page(1)).unwrap();
    shelf.index().upsert(&filed(1, "third words")).unwrap();
    shelf.index().commit(9).unwrap();
    assert_eq!((shelf.index().reader().count(), shelf.found("third").len()), (4, 3));
    assert!(shelf.found("second").is_empty());
}

#[test]
fn a_removed_page_is_gone() {
    let mut shelf = Shelf::of(&[filed(1, "words"), filed(2, "words")]);
    shelf.index().remove(page(1)).unwrap();
    shelf.index().remove(page(77)).unwrap();
    shelf.index().commit(3).unwrap();
    assert_eq!(shelf.found("words"), [2]);
    let reader = shelf.index().reader();
    assert_eq!((reader.holds(page(1)).unwrap(), reader.holds(page(2)).unwrap()), (false, true));
    assert_eq!(reader.pages().unwrap(), [page(2)].into());
    assert_eq!(reader.count(), 1);
}

#[test]
fn after_a_kill_the_position_says_what_to_replay() {
    let mut shelf = Shelf::of(&[filed(1, "words")]);
    shelf.index().upsert(&filed(2, "words")).unwrap();
    shelf.close();
    let mut index = as_of(Index::open(&shelf.place(), EPOCH).unwrap());
    assert_eq!(index.position(), 1);
    assert!(!index.reader().holds(page(2)).unwrap());
    index.upsert(&filed(2, "words")).unwrap();
    index.commit(2).unwrap();
    assert_eq!((index.position(), index.reader().count()), (2, 2));
}

#[test]
fn killed_before_its_first_commit_it_begins_anew() {
    let mut shelf = Shelf { folder: tempfile::tempdir().unwrap(), index: None };
    let mut index = fresh(Index::open(&shelf.place(), EPOCH).unwrap());
    index.upsert(&filed(1, "words")).unwrap();
    drop(index);
    shelf.index = Some(fresh(Index::open(&shelf.place(), EPOCH).unwrap()));
    assert_eq!((shelf.index().position(), shelf.index().reader().count()), (0, 0));
}

#[test]
fn the_payload_keeps_its_form_for_ever() {
    let shelf = Shelf::of(&[filed(1, "words")]);
    let meta: serde_json::Value =
        serde_json::from_slice(&fs::read(shelf.place().join("meta.json")).unwrap()).unwrap();
    let payload: serde_json::Value = serde_json::from_str(meta["payload"].as_str().unwrap()).unwrap();
    let keys: Vec<&String> = payload.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["codes", "epoch", "fingerprint", "position"]);
    assert_eq!(payload["position"], 1);
    assert_eq!(payload["epoch"], serde_json::to_value(EPOCH).unwrap());
}

#[test]
fn another_life_of_the_catalogue_asks_for_a_rebuild_and_leaves_the_old_answering() {
    let mut shelf = Shelf::of(&[filed(1, "words")]);
    shelf.close();
    assert_eq!(unfit(Index::open(&shelf.place(), Epoch([2; 16])).unwrap()), Unfit::OtherEpoch);
    let reader = IndexReader::open(&shelf.place()).unwrap();
    assert_eq!(ask(&reader, "words", &everything()).total, 1);
    assert!(reader.follows(EPOCH) && !reader.follows(Epoch([2; 16])));
}

#[test]
fn another_version_asks_for_a_rebuild() {
    let mut shelf = Shelf::of(&[filed(1, "words")]);
    shelf.close();
    let meta = shelf.place().join("meta.json");
    let text = fs::read_to_string(&meta).unwrap();
    let at = text.find("fingerprint").unwrap() + "fingerprint\\\":\\\"".len();
    let (before, after) = (&text[..at], &text[at + 4..]);
    fs::write(&meta, format!("{before}ffff{after}")).unwrap();
    assert_eq!(unfit(Index::open(&shelf.place(), EPOCH).unwrap()), Unfit::OtherVersion);
    assert!(matches!(IndexReader::open(&shelf.place()), Err(SearchError::Outdated)));
}

#[test]
fn a_damaged_index_asks_for_a_rebuild_and_gets_one() {
    for damage in ["meta.json gone", "meta.json empty", "a segment cut short", "no index at all"] {
        let mut shelf = Shelf::of(&[filed(1, "words")]);
        shelf.close();
        let files = || fs::read_dir(shelf.place()).unwrap().map(|entry| entry.unwrap().path());
        match damage {
            "meta.json gone" => fs::remove_file(shelf.place().join("meta.json")).unwrap(),
            "meta.json empty" => fs::write(shelf.place().join("meta.json"), "").unwrap(),
            "a segment cut short" => {
                let term = files().find(|path| path.extension().is_some_and(|ext| ext == "term")).unwrap();
                fs::File::options().write(true).open(term).unwrap().set_len(3).unwrap();
            }
            _ => {
                files().filter(|path| path.is_file()).for_each(|path| fs::remove_file(path).unwrap());
                fs::write(shelf.place().join("letter.txt"), "not an index").unwrap();
            }
        }
        let why = unfit(Index::open(&shelf.place(), EPOCH).unwrap());
        assert!(matches!(why, Unfit::Damaged(_)), "{damage}: {why}");
        let rebuilt = Index::rebuild(&shelf.place(), EPOCH, 40, || entries(1..4)).unwrap();
        assert_eq!((rebuilt.position(), rebuilt.reader().count()), (40, 3), "{damage}");
    }
}

#[test]
fn a_rebuild_that_fails_leaves_the_old_index_as_it_was() {
    let mut shelf = Shelf::of(&[filed(1, "words")]);
    shelf.close();
    let broken = || entries(1..3).chain([Err(SearchError::Damaged("a pack".into()))]);
    assert!(Index::rebuild(&shelf.place(), EPOCH, 9, broken).is_err());
    let index = as_of(Index::open(&shelf.place(), EPOCH).unwrap());
    assert_eq!((index.position(), index.reader().count()), (1, 1));
    drop(index);
    Index::rebuild(&shelf.place(), EPOCH, 9, || entries(1..3)).unwrap();
    let left: Vec<_> = fs::read_dir(shelf.folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left, ["index"], "nothing lies about");
}

#[test]
fn a_swap_that_was_killed_half_way_is_undone() {
    let mut shelf = Shelf::of(&[filed(1, "words")]);
    shelf.close();
    fs::rename(shelf.place(), shelf.folder.path().join("index.old")).unwrap();
    assert_eq!(as_of(Index::open(&shelf.place(), EPOCH).unwrap()).reader().count(), 1);
}

#[test]
fn a_reader_goes_on_through_a_rebuild_and_sees_the_new_pages_when_reloaded() {
    let mut shelf = Shelf::of(&[filed(1, "words")]);
    shelf.close();
    let reader = IndexReader::open(&shelf.place()).unwrap();
    let rebuilt = Index::rebuild(&shelf.place(), EPOCH, 12, || entries(5..9)).unwrap();
    assert_eq!(ask(&reader, "words", &everything()).total, 1, "the old one, still");
    reader.reload().unwrap();
    assert_eq!(numbers(&ask(&reader, "rebuilt", &everything())), [5, 6, 7, 8]);
    assert!(reader.position() <= rebuilt.position());
}

#[test]
fn the_living_index_is_written_while_its_successor_is_built_beside_it() {
    let mut shelf = Shelf::of(&[filed(1, "words")]);
    let beside = Index::build_beside(&shelf.place(), EPOCH, 1, || entries(5..9)).unwrap();
    shelf.index().upsert(&filed(2, "words")).unwrap();
    shelf.index().commit(2).unwrap();
    assert_eq!(shelf.found("words"), [1, 2]);
    shelf.close();
    let index = beside.take_place().unwrap();
    assert_eq!(index.position(), 1, "what changed meanwhile is to be followed");
    assert_eq!(numbers(&ask(index.reader(), "rebuilt", &everything())), [5, 6, 7, 8]);
}

#[test]
fn a_successor_does_not_take_the_place_of_an_index_that_is_open_for_writing() {
    let shelf = Shelf::of(&[filed(1, "words")]);
    let beside = Index::build_beside(&shelf.place(), EPOCH, 1, || entries(5..9)).unwrap();
    assert!(matches!(beside.take_place(), Err(SearchError::Busy)));
    assert_eq!(shelf.found("words"), [1]);
}

#[test]
fn there_is_one_writer_and_readers_do_not_mind() {
    let mut shelf = Shelf::of(&[filed(1, "words")]);
    assert!(matches!(Index::open(&shelf.place(), EPOCH), Err(SearchError::Busy)));
    assert!(matches!(Index::rebuild(&shelf.place(), EPOCH, 1, || entries(1..2)), Err(SearchError::Busy)));
    let reader = IndexReader::open(&shelf.place()).unwrap();
    shelf.index().upsert(&filed(2, "words")).unwrap();
    shelf.index().commit(2).unwrap();
    assert_eq!((reader.position(), ask(&reader, "words", &everything()).total), (1, 1));
    reader.reload().unwrap();
    assert_eq!((reader.position(), ask(&reader, "words", &everything()).total), (2, 2));
}

#[test]
fn where_there_is_no_index_a_reader_says_so() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(IndexReader::open(&folder.path().join("index")), Err(SearchError::Missing)));
    assert!(!folder.path().join("index").exists(), "looking makes nothing");
}
