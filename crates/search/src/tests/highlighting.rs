//! Is the right word marked on the page?

use super::*;
use crate::highlight;

fn marked(query: &str, text: &str) -> (String, Vec<(u32, u32)>) {
    let shelf = Shelf::of(&[filed(1, text)]);
    let answer = shelf.ask(query);
    assert_eq!(answer.total, 1, "{query}");
    let shown = highlight(&answer, &reading(text));
    (shown.snippet, shown.boxes.iter().map(|place| (place.x, place.y)).collect())
}

#[test]
fn words_are_marked_where_they_stand() {
    let (snippet, boxes) = marked("metformin glucose", "Glucose high\nmetformin 500 mg, <daily> & more");
    assert_eq!(snippet, "<b>Glucose</b> high <b>metformin</b> 500 mg, &lt;daily&gt; &amp; more");
    assert_eq!(boxes, [(0, 0), (0, 40)]);
}

#[test]
fn what_is_not_legible_is_not_shown() {
    let mut scrawl = filed(1, "seen lkjwe today");
    scrawl.reading.words[1].legible = false;
    let reading = scrawl.reading.clone();
    let answer = Shelf::of(&[scrawl]).ask("today");
    assert_eq!(highlight(&answer, &reading).snippet, "seen <b>today</b>");
}

#[test]
fn a_phrase_is_marked_only_where_it_stands_together() {
    let (snippet, boxes) = marked("\"chest pain\"", "pain in the chest. No chest pain today");
    assert_eq!(snippet, "pain in the chest. No <b>chest</b> <b>pain</b> today");
    assert_eq!(boxes.len(), 2);
}

#[test]
fn misreadings_dates_and_broken_words_are_marked() {
    assert_eq!(marked("warfarin", "on warlarin now").0, "on <b>warlarin</b> now");
    assert_eq!(marked("1962-03-15", "DOB 3/15/1962 F").0, "DOB <b>3/15/1962</b> F");
    assert_eq!(
        marked("\"acute infarction\"", "acute infarc-\ntion").0,
        "<b>acute</b> <b>infarc-</b> <b>tion</b>"
    );
    assert_eq!(marked("\"500 mg\"", "take 500mg daily").0, "take <b>500mg</b> daily");
}

#[test]
fn what_must_not_be_there_is_not_marked() {
    assert_eq!(marked("rash -\"no fever\"", "rash and fever").0, "<b>rash</b> and fever");
}

#[test]
fn the_snippet_shows_the_place_with_most_of_what_was_asked() {
    let far = format!("glucose alone here\n{}glucose metformin end of page", "filler text ".repeat(40));
    let (snippet, boxes) = marked("metformin glucose", &far);
    let end = "filler text <b>glucose</b> <b>metformin</b> end of page";
    assert!(snippet.starts_with("… text filler") && snippet.ends_with(end), "{snippet}");
    assert_eq!(boxes.len(), 3, "boxes are of the whole page");
}

#[test]
fn a_page_found_by_its_fields_shows_its_beginning() {
    let (snippet, boxes) = marked("type:lab", &"word ".repeat(40));
    assert!(snippet.starts_with("word word") && snippet.ends_with(" …"));
    assert!(boxes.is_empty());
    assert_eq!(marked("type:lab", "").0, "");
}

#[test]
fn what_stands_on_the_page_is_not_in_debug() {
    let shelf = Shelf::of(&[filed(1, "hiv negative, hlv")]);
    let answer = shelf.ask("negative");
    let shown = highlight(&answer, &reading("hiv negative"));
    assert!(!format!("{answer:?} {shown:?} {:?}", shown.pieces).contains("negative"));
}

/// domain.md 2.2: masked wherever it is shown. What names it may stand before the window.
#[test]
fn a_social_security_number_is_hidden_in_snippets() {
    let (snippet, boxes) = marked("metformin", "SSN 123-45-6789 metformin daily");
    assert_eq!(snippet, "SSN ***-**-**** <b>metformin</b> daily");
    assert_eq!(boxes.len(), 1, "boxes are of whole words, as ever");
    let torn = format!("{}Social Security Number:\n123 45 6789 metformin", "filler text ".repeat(20));
    assert!(marked("metformin", &torn).0.ends_with("*** ** **** <b>metformin</b>"));
}
