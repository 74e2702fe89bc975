//! What a station's profile makes of the same paper.

use super::*;

#[test]
fn four_hundred_loose_labelled_sheets_are_four_hundred_documents() {
    let result = apart(&"abcd".repeat(100), &profile(SeparationMode::Sheet));
    assert_eq!(result.drafts.len(), 400);
    assert!(result.drafts.iter().all(|draft| draft.held.is_empty() && draft.pages.len() == 1));
}

#[test]
fn a_stack_without_control_sheets_is_one_draft_for_each_original() {
    let result = apart("aa a.", &control());
    assert_eq!(pages(&result), [vec![1, 2], vec![3, 4]]);
    assert_eq!(held(&result), [&[]; 2]);
}

#[test]
fn the_end_of_an_original_ends_what_a_cover_sheet_meant() {
    let result = apart("P. .E", &control());
    assert_eq!(ends(&result), [Some(SpanEnd::Open), None]);
    assert_eq!(held(&result)[1], [Reason::SeparatorMissing]);
}

#[test]
fn in_a_folder_job_of_one_page_files_the_end_of_a_file_ends_nothing() {
    let job = Job { grouping: Grouping::Folder, ..Job::default() };
    let result = separate(&stack("P . . E"), &control(), job);
    assert_eq!((pages(&result), ends(&result)), (vec![vec![2, 3]], vec![Some(SpanEnd::Sure)]));
}

/// domain.md 2.7: where the profile is `control` and no control sheet is found, the split by identity is proposed.
#[test]
fn without_any_control_sheet_each_persons_pages_are_held_by_themselves() {
    let result = apart("a..b_cc.a", &control());
    assert_eq!(pages(&result), [vec![1, 2, 3], vec![4], vec![6, 7, 8], vec![9]]);
    assert_eq!(held(&result), [&[Reason::SeparatorMissing]; 4], "proposed, and never filed by itself");
    let loose = apart(&"abcd".repeat(100), &control());
    assert_eq!(loose.drafts.len(), 400);
    assert!(loose.drafts.iter().all(|draft| draft.held == [Reason::SeparatorMissing]));
}

#[test]
fn two_people_in_one_draft_mean_a_missing_separator() {
    assert_eq!(held(&apart("P.abE", &control())), [&[Reason::SeparatorMissing]]);
    assert_eq!(held(&apart("ab", &profile(SeparationMode::File))), [&[Reason::SeparatorMissing]]);
    assert_eq!(pages(&apart("|ab", &control())), [vec![2, 3]], "a separator says that these belong together");
    assert_eq!(held(&apart("|ab", &control())), [&[Reason::SeparatorMissing]]);
}

/// domain.md, issue 11 line 5: a first-page form in the middle.
#[test]
fn a_form_that_begins_in_the_middle_means_a_missing_separator() {
    let with_forms = |letters: &str, station: &Profile| {
        let mut outlines = stack(letters);
        for (at, form) in [(1, "F1"), (2, "F1"), (3, "F2")] {
            outlines[at].form = Some(form.into());
        }
        separate(&outlines, station, Job::default())
    };
    assert_eq!(held(&with_forms("a...", &profile(SeparationMode::Identity))), [&[Reason::SeparatorMissing]]);
    assert_eq!(held(&with_forms("P...", &control())), [&[Reason::SeparatorMissing]]);
    assert_eq!(held(&with_forms("A..E", &control())), [&[]; 1], "counted: a stack of several forms");
    let file = profile(SeparationMode::File);
    assert_eq!(held(&with_forms("aa.a", &file)), [&[]; 1], "one file is one document");
    assert_eq!(
        held(&with_forms("a...", &file)),
        [&[Reason::SeparatorMissing]],
        "nobody knows whose the form is"
    );
    assert_eq!(
        pages(&with_forms("a...", &control())),
        [vec![1], vec![2, 3], vec![4]],
        "divided, where it may be"
    );
}

#[test]
fn one_misread_character_is_not_a_second_person() {
    let mut outlines = stack("aa");
    outlines[0].identity_key = Some("00123456|19620315|DOEJANE".into());
    outlines[1].identity_key = Some("0012345G|19620315|DOEJANE".into());
    assert_eq!(held(&separate(&outlines, &control(), Job::default())), [&[]]);
}

#[test]
fn another_form_of_the_catalogue_starts_another_document() {
    let mut outlines = stack("a..a");
    for (at, form) in [(0, "F1"), (1, "F1"), (2, "F2")] {
        outlines[at].form = Some(form.into());
    }
    let result = separate(&outlines, &control(), Job::default());
    assert_eq!(pages(&result), [vec![1, 2], vec![3, 4]]);
}

#[test]
fn in_identity_mode_a_sheet_with_its_own_identity_starts_a_document() {
    let result = apart("a.bb", &profile(SeparationMode::Identity));
    assert_eq!(pages(&result), [vec![1, 2], vec![3], vec![4]]);
    assert_eq!(result.drafts[0].bound, [], "a silent sheet after it is bound by nothing");
}

#[test]
fn silent_pages_before_the_first_identity_stand_alone() {
    assert_eq!(pages(&apart("..a", &profile(SeparationMode::Identity))), [vec![1, 2], vec![3]]);
}

#[test]
fn one_file_is_one_document_and_binds_its_first_sheets() {
    let mut station = profile(SeparationMode::File);
    let bound = |station: &Profile, letters: &str| numbers(&apart(letters, station).drafts[0].bound);
    assert_eq!(bound(&station, "a..."), [1, 2]);
    station.file_sheets = 3;
    assert_eq!(bound(&station, "a..."), [1, 2, 3]);
    station.fax = true;
    assert_eq!(bound(&station, "a..."), [0; 0], "a fax line binds nothing by its length");
    assert_eq!(bound(&station, "a..a."), [2, 3], "silent pages between the same person are bound");
    assert_eq!(bound(&station, "a..b"), [0; 0]);
}

#[test]
fn a_cover_sheet_over_the_only_document_of_a_file_has_a_sure_end() {
    assert_eq!(ends(&apart("P..", &profile(SeparationMode::File))), [Some(SpanEnd::Sure)]);
    assert_eq!(ends(&apart("P.Q.", &profile(SeparationMode::File))), [Some(SpanEnd::Open); 2]);
}

#[test]
fn an_unreadable_page_holds_its_draft_and_its_neighbours_in_the_span() {
    let result = apart("abb?dd", &profile(SeparationMode::Identity));
    assert_eq!(pages(&result), [vec![1], vec![2], vec![3, 4], vec![5], vec![6]]);
    let unreadable: &[Reason] = &[Reason::PageUnreadable];
    assert_eq!(held(&result), [&[], unreadable, unreadable, unreadable, &[]]);
    let across = apart("P.EQ?F", &control());
    assert_eq!(held(&across)[0], [], "not beyond a control sheet");
}

#[test]
fn front_and_back_of_a_proven_sheet_are_never_parted() {
    for mode in [SeparationMode::Sheet, SeparationMode::Identity] {
        let result = apart("a.b_c.", &duplex(mode));
        assert_eq!(pages(&result), [vec![1, 2], vec![3], vec![5, 6]]);
        assert_eq!(
            result.drafts.iter().map(|draft| numbers(&draft.bound)).collect::<Vec<_>>(),
            [vec![2], vec![], vec![6]]
        );
    }
}

#[test]
fn what_the_back_of_a_proven_sheet_says_holds_for_its_front() {
    assert_eq!(numbers(&apart("a..a", &duplex(SeparationMode::Control)).drafts[0].bound), [2, 3, 4]);
    assert_eq!(numbers(&apart("a...", &duplex(SeparationMode::Control)).drafts[0].bound), [2, 4]);
}

#[test]
fn a_sheet_is_not_proven_at_a_station_that_may_feed_two_at_once() {
    let unknown = Profile { multifeed: Multifeed::Unknown, ..duplex(SeparationMode::Sheet) };
    assert_eq!(apart("a.b.", &unknown).drafts[0].bound, []);
    let counted = Job { declared_sheets: Some(2), ..Job::default() };
    let result = separate(&stack("a.b."), &unknown, counted);
    assert_eq!(numbers(&result.drafts[0].bound), [2], "unless somebody counted the sheets");
    let covered = apart("AAa.b.", &Profile { separation: SeparationMode::Control, ..unknown });
    assert_eq!(
        (ends(&covered), numbers(&covered.drafts[0].bound)),
        (vec![Some(SpanEnd::Counted)], vec![4, 6])
    );
}

#[test]
fn where_blank_backs_are_dropped_a_count_closes_nothing_but_an_impossible_one_holds() {
    let dropped = Profile { blank_backs: BlankBacks::Dropped, ..duplex(SeparationMode::Control) };
    assert_eq!(ends(&apart("A...", &dropped)), [Some(SpanEnd::Open)]);
    assert_eq!(held(&apart("A...", &dropped)), [&[]]);
    assert_eq!(held(&apart("A.....", &dropped)), [&[Reason::PagecountMismatch]]);
    assert_eq!(held(&apart("A.", &dropped)), [&[Reason::PagecountMismatch]]);
}

#[test]
fn one_face_ours_and_the_other_not_is_a_double_feed() {
    let result = apart("PPa.EPb.EE", &duplex(SeparationMode::Control));
    assert!(held(&result).iter().all(|held| held.contains(&Reason::DoubleFeed)), "{result:?}");
    let fed = apart("PPa.EEQ.b_FF", &duplex(SeparationMode::Control));
    let doubled: Vec<bool> = held(&fed).iter().map(|held| held.contains(&Reason::DoubleFeed)).collect();
    assert_eq!(doubled, [false, true], "what lies behind the next control sheet is untouched");
}

#[test]
fn a_sheet_printed_on_one_side_accuses_nobody_and_proves_nothing() {
    let result = apart("P_a_E_", &duplex(SeparationMode::Control));
    assert_eq!(held(&result), [&[]]);
    assert_eq!(apart("P_a.E_", &duplex(SeparationMode::Control)).drafts[0].bound, []);
}

/// domain.md FS-6: without a proven sheet, a contrary side holds the images before and after it too.
#[test]
fn images_that_may_be_two_sides_of_one_sheet_are_beside_each_other() {
    let dropped = Profile { sides: 2, blank_backs: BlankBacks::Dropped, ..profile(SeparationMode::Sheet) };
    assert_eq!(apart("abc_d", &dropped).beside, [(0, 1), (1, 2)], "a blank page is no side of them");
    assert_eq!(apart("a|b", &dropped).beside, [], "a control sheet lies between");
    assert_eq!(apart("a b", &dropped).beside, [], "two originals");
    assert_eq!(apart("ab", &profile(SeparationMode::Sheet)).beside, [], "each image is a sheet");
    assert_eq!(apart("aabb", &duplex(SeparationMode::Sheet)).beside, [], "proven");
}
