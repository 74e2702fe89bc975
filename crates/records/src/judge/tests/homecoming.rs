//! What D-4 asks of a sheet that was scanned again, part by part (`domain.md` 2.14).

use super::*;
use crate::rescan::Wording;

fn slip(end: SpanEnd) -> Declaration {
    let payload = SheetPayload {
        site: "GENHOSP".into(),
        key_id: "1".into(),
        kind: SheetKind::Rescan,
        authority: None,
        mrn: None,
        visit: None,
        document_kind: None,
        service: None,
        sheets: Some(1),
        folder: None,
        printed: now(),
        serial: "r".into(),
    };
    Declaration { payload, page: PageNumber(9), end }
}

/// One sheet under a slip.
fn sheet(sightings: Vec<Sighting>) -> Desk {
    desk(sightings).with(|desk| desk.case.draft.declaration = Some(slip(SpanEnd::Counted)))
}

/// Words of their own for each number.
fn words(numbers: std::ops::Range<usize>) -> Wording {
    let blank = crate::reading::Fault::new(crate::reading::FaultCode::Empty, "");
    let mut reading = PageReading::unreadable(blank, ReaderVersion("test/1".into()));
    let word =
        |nth: usize| nth.to_string().bytes().map(|digit| char::from(digit - b'0' + b'a')).collect::<String>();
    let word = |nth| crate::reading::Word::new(format!("w{}", word(nth)), Rect::default(), 90.0, 0);
    reading.words = numbers.map(word).collect();
    Wording::of(&reading)
}

fn come(desk: &Desk, person: Option<&str>, old: Wording, new: Wording) -> Result<By, Stays> {
    let person = person.map(|mrn| {
        let found = desk.known.patients.iter().find(|own| own.mrn(None).is_some_and(|own| own.value == mrn));
        found.unwrap()
    });
    let expected = Expected { person, words: old };
    comes_home(&desk.case, &desk.known, &desk.rules, now(), &expected, &new).map(|home| home.by)
}

/// To Okafor's document, with no word of the old sheet on it.
fn to_okafor(desk: &Desk) -> Result<By, Stays> {
    come(desk, Some(OKAFOR), words(0..100), words(100..200))
}

#[test]
fn a_number_that_agrees_is_enough() {
    assert_eq!(to_okafor(&sheet(vec![number(OKAFOR)])), Ok(By::Number));
    assert_eq!(to_okafor(&sheet(vec![barcode(OKAFOR)])), Ok(By::Number));
}

#[test]
fn name_and_birth_date_that_agree_are_enough_and_one_of_them_is_not() {
    let (name, born) = (name("OKAFOR, DENISE R"), born(1962, 3, 15));
    assert_eq!(to_okafor(&sheet(vec![name.clone(), born.clone()])), Ok(By::NameAndBirthDate));
    for one in [name, born] {
        assert_eq!(to_okafor(&sheet(vec![one])), Err(Stays::Unlike));
    }
}

#[test]
fn sixty_of_a_hundred_words_of_the_old_sheet_are_enough_and_fifty_nine_are_not() {
    let silent = sheet(Vec::new());
    let old = || words(0..100);
    assert_eq!(come(&silent, Some(OKAFOR), old(), words(40..300)), Ok(By::Words));
    assert_eq!(come(&silent, Some(OKAFOR), old(), words(41..300)), Err(Stays::Unlike));
}

#[test]
fn fewer_than_twenty_words_tell_nothing_without_identity() {
    let silent = sheet(Vec::new());
    assert_eq!(come(&silent, Some(OKAFOR), words(0..20), words(0..20)), Ok(By::Words));
    assert_eq!(come(&silent, Some(OKAFOR), words(0..19), words(0..19)), Err(Stays::Unlike));
    let named = sheet(vec![number(OKAFOR)]);
    assert_eq!(come(&named, Some(OKAFOR), words(0..0), words(0..5)), Ok(By::Number));
}

#[test]
fn anything_contrary_holds_whatever_else_agrees() {
    for against in [number(PETROV), name("PETROV, ANTON"), born(1939, 12, 24), sex(Sex::Male), unread()] {
        let found = come(&sheet(plus(okafor(), against)), Some(OKAFOR), words(0..100), words(0..100));
        assert!(matches!(found, Err(Stays::Contrary(_))), "{found:?}");
    }
    let doubted = Sighting { confidence: 3.0, witness: false, ..number(PETROV) };
    let found = to_okafor(&sheet(plus(okafor(), doubted)));
    assert!(matches!(found, Err(Stays::Contrary(_))), "at any confidence: {found:?}");
}

#[test]
fn it_is_held_against_whose_the_document_is_now_not_whom_the_sheet_names() {
    let found = come(&sheet(okafor()), Some(PETROV), words(0..100), words(0..100));
    assert!(matches!(found, Err(Stays::Contrary(_))), "{found:?}");
    assert_eq!(come(&sheet(petrov()), Some(PETROV), words(0..100), words(0..0)), Ok(By::Number));
}

#[test]
fn a_witness_on_a_page_that_is_poor_again_does_not_agree() {
    let poor = sheet(okafor()).with(|desk| desk.case.pages[0].quality.flags = vec![QualityFlag::LowContrast]);
    assert_eq!(to_okafor(&poor), Err(Stays::Unlike));
    assert_eq!(come(&poor, Some(OKAFOR), words(0..100), words(0..100)), Ok(By::Words));
}

#[test]
fn what_is_in_doubt_about_the_job_leaves_both_pictures() {
    let held = sheet(okafor()).with(|desk| desk.case.draft.held = vec![Reason::DoubleFeed]);
    assert_eq!(to_okafor(&held), Err(Stays::Held(vec![Reason::DoubleFeed])));
}

#[test]
fn where_nobody_knows_what_the_one_sheet_is_both_pictures_stay() {
    let unsure = sheet(okafor()).with(|desk| desk.case.draft.declaration = Some(slip(SpanEnd::Open)));
    assert!(matches!(to_okafor(&unsure), Err(Stays::Held(_))));
}

/// FS-6: a side that is not blank needs a witness of its own where no sheet is proven.
#[test]
fn two_images_that_are_no_proven_sheet_each_need_a_witness_of_their_own() {
    let unproven = |desk: &mut Desk| desk.case.draft.declaration = Some(slip(SpanEnd::Sure));
    let both = sheet(okafor()).page(vec![number(OKAFOR)]).with(unproven);
    assert_eq!(to_okafor(&both), Ok(By::Number));
    let silent_back = sheet(okafor()).page(Vec::new()).with(unproven);
    assert_eq!(come(&silent_back, Some(OKAFOR), words(0..100), words(0..100)), Err(Stays::TwoImages));
}

/// Of something held nobody knows whose it is: then the words tell, and nothing on the sheet may contradict itself.
#[test]
fn without_a_patient_only_the_words_tell() {
    assert_eq!(come(&sheet(okafor()), None, words(0..100), words(100..200)), Err(Stays::Unlike));
    assert_eq!(come(&sheet(okafor()), None, words(0..100), words(0..100)), Ok(By::Words));
    let two = sheet(plus(okafor(), number(PETROV)));
    assert!(matches!(come(&two, None, words(0..100), words(0..100)), Err(Stays::Contrary(_))));
}

#[test]
fn on_an_index_that_is_out_of_date_nothing_comes_home() {
    let stale = sheet(okafor()).with(|desk| desk.known.last_contact = None);
    assert_eq!(to_okafor(&stale), Err(Stays::StaleIndex));
}

#[test]
fn a_slip_is_no_witness_and_no_evidence() {
    let Verdict::Hold(hold) = sheet(vec![name("OKAFOR, DENISE R")]).verdict() else { panic!("filed") };
    assert!(hold.evidence.iter().all(|seen| seen.kind == crate::evidence::EvidenceKind::Name));
}

#[test]
fn whom_held_pages_name_is_known_also_where_they_may_not_be_filed() {
    let named = |desk: &Desk| named_on(&desk.case, &desk.known, &desk.rules, now());
    assert_eq!(named(&desk(vec![number(OKAFOR)])), Some(PatientId(Uuid::from_u128(10_482_713))));
    assert_eq!(named(&desk(Vec::new())), None);
}
