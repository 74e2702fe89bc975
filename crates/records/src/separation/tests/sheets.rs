//! Control sheets, patch codes, and sheets that only look like ours.

use super::*;

#[test]
fn a_cover_sheet_and_its_end_sheet_make_one_sure_document() {
    let result = apart("P...EQ..F", &control());
    assert_eq!(pages(&result), [vec![2, 3, 4], vec![7, 8]]);
    assert_eq!(ends(&result), [Some(SpanEnd::Sure); 2]);
    assert_eq!(held(&result), [&[]; 2]);
    assert_eq!(
        numbers(&result.control_sheets.iter().map(|sheet| sheet.page).collect::<Vec<_>>()),
        [1, 5, 6, 9]
    );
}

#[test]
fn a_declared_count_and_the_next_control_sheet_make_the_end_sure() {
    assert_eq!(ends(&apart("A..B..", &control())), [Some(SpanEnd::Counted); 2]);
}

#[test]
fn blank_pages_count_as_paper_and_are_in_no_draft() {
    let result = apart("A._B.a", &control());
    assert_eq!((pages(&result), numbers(&result.blanks)), (vec![vec![2], vec![5, 6]], vec![3]));
    assert_eq!(held(&result), [&[]; 2]);
}

#[test]
fn a_count_that_does_not_fit_holds_everything_under_the_sheet() {
    for letters in ["A.", "A...", "A...E"] {
        let result = apart(letters, &control());
        assert_eq!(held(&result), [&[Reason::PagecountMismatch]], "{letters}");
        assert_eq!(ends(&result), [Some(SpanEnd::Open)], "{letters}");
    }
}

#[test]
fn nothing_declared_and_no_end_sheet_leaves_the_end_open() {
    assert_eq!(ends(&apart("P..Q..", &control())), [Some(SpanEnd::Open); 2]);
}

#[test]
fn a_counted_cover_sheet_without_its_pages_goes_to_a_person_itself() {
    let result = apart("AB..", &control());
    assert_eq!(pages(&result), [vec![1], vec![3, 4]]);
    assert_eq!(held(&result), [&[Reason::PagecountMismatch][..], &[]]);
    assert_eq!(result.control_sheets.len(), 1, "a page has one place");
}

#[test]
fn sheets_missing_under_a_counted_cover_may_be_the_silent_ones_behind_the_next() {
    assert_eq!(held(&apart("A.Q..F", &control()))[1], [Reason::PagecountMismatch]);
    assert_eq!(held(&apart("A.QbbF", &control()))[1], [], "each page names its patient");
    assert_eq!(held(&apart("A.B..", &control()))[1], [], "counted, too");
}

#[test]
fn an_end_sheet_of_somebody_else_means_that_a_cover_sheet_was_lost() {
    for letters in ["P..F", "..E", "|.E"] {
        assert_eq!(held(&apart(letters, &control())), [&[Reason::SeparatorMissing]], "{letters}");
    }
}

#[test]
fn after_an_end_sheet_nobody_is_declared() {
    assert_eq!(ends(&apart("P.E.", &control())), [Some(SpanEnd::Sure), None]);
}

#[test]
fn a_separator_or_patch_ends_the_span_and_forgets_the_patient() {
    for separator in ['|', '1', '2', '3', '4', '6', 'T'] {
        let result = apart(&format!("P.{separator}."), &control());
        assert_eq!(pages(&result), [vec![2], vec![4]]);
        assert_eq!(ends(&result), [Some(SpanEnd::Open), None]);
    }
}

#[test]
fn a_patch_on_a_page_of_text_divides_but_leaves_the_page_in_the_chart() {
    let mut outlines = stack("a.2.");
    outlines[2].words = 200;
    let result = separate(&outlines, &control(), Job::default());
    assert_eq!(pages(&result), [vec![1, 2], vec![3, 4]]);
    let result = separate(&outlines, &profile(SeparationMode::File), Job::default());
    assert_eq!(pages(&result), [vec![1, 2, 3, 4]], "a one-file station has no patch sheets");
}

/// domain.md 2.7: T applies to the document that follows.
#[test]
fn a_transfer_patch_begins_the_document_it_stands_on() {
    for letters in ["a.T.", "aT.."] {
        let mut outlines = stack(letters);
        let at = letters.find('T').unwrap();
        outlines[at].words = 200;
        let result = separate(&outlines, &control(), Job::default());
        let number = u32::try_from(at).unwrap() + 1;
        assert_eq!(numbers(&result.drafts[1].pages)[0], number, "{letters}");
    }
}

#[test]
fn a_torn_or_foreign_sheet_holds_what_follows_up_to_the_next_control_sheet() {
    for (letter, reason) in [('~', Reason::SheetUnreadable), ('!', Reason::SheetForeign)] {
        let result = apart(&format!("P.E{letter}..Q.F"), &control());
        assert_eq!(pages(&result), [vec![2], vec![5, 6], vec![8]]);
        assert_eq!(held(&result), [&[][..], &[reason], &[]]);
        assert_eq!(ends(&result)[1], None, "what came before is not meant any more");
    }
}

/// A torn cover sheet whose end sheet is whole: the sheet is what a clerk must read first.
#[test]
fn what_a_clerk_reads_first_is_the_fault_of_the_sheet() {
    assert_eq!(held(&apart("~..E", &control())), [&[Reason::SheetUnreadable]]);
    assert_eq!(held(&apart("!..E", &control())), [&[Reason::SheetForeign]]);
    let reused = apart("A..A...", &control());
    assert_eq!(held(&reused)[1], [Reason::CoversheetReused, Reason::PagecountMismatch]);
}

#[test]
fn a_torn_sheet_with_nothing_behind_it_goes_to_a_person_itself() {
    let result = apart("P.E~", &control());
    assert_eq!((pages(&result), result.control_sheets.len()), (vec![vec![2], vec![4]], 2));
    assert_eq!(held(&result)[1], [Reason::SheetUnreadable]);
}

#[test]
fn a_page_of_text_with_one_of_our_codes_stays_with_the_pages() {
    let mut outlines = stack(".!.");
    outlines[1].words = 300;
    let result = separate(&outlines, &control(), Job::default());
    assert_eq!(pages(&result), [vec![1], vec![2, 3]]);
    assert_eq!(held(&result)[1], [Reason::SheetForeign]);
}

#[test]
fn the_same_cover_sheet_twice_in_a_batch_holds_both() {
    for letters in ["P.EQ.FP.E", "P.E P.E"] {
        let result = apart(letters, &control());
        let reused: Vec<bool> =
            held(&result).iter().map(|held| held.contains(&Reason::CoversheetReused)).collect();
        assert_eq!((reused.first(), reused.last()), (Some(&true), Some(&true)), "{letters}");
        assert!(
            !held(&apart("P.EQ.F", &control())).iter().any(|held| held.contains(&Reason::CoversheetReused))
        );
    }
}

#[test]
fn both_faces_of_one_sheet_are_one_appearance() {
    let result = apart("PPa_EE", &duplex(SeparationMode::Control));
    assert_eq!(
        (pages(&result), held(&result), ends(&result)),
        (vec![vec![3]], vec![&[][..]], vec![Some(SpanEnd::Sure)])
    );
    let one_sided = apart("PPaE", &control());
    assert_eq!(held(&one_sided), [&[Reason::CoversheetReused]], "two sheets at a one-sided station");
}

#[test]
fn a_batch_sheet_that_counts_wrong_holds_its_whole_batch_and_no_other() {
    let batch = |sheets| {
        let mut outlines = stack("|P.EQ.F|P");
        let sheet = SheetPayload { sheets, ..payload(SheetKind::Batch, "b") };
        outlines[0].sheet = Some(SheetSeen::Ours(Box::new(sheet)));
        outlines[7].sheet = Some(SheetSeen::Ours(Box::new(payload(SheetKind::EndOfBatch, "b"))));
        outlines[8] = page(9, '.');
        separate(&outlines, &control(), Job::default())
    };
    assert_eq!(held(&batch(Some(2))), [&[]; 3]);
    assert_eq!(held(&batch(Some(3))), [&[Reason::PagecountMismatch][..], &[Reason::PagecountMismatch], &[]]);
}

#[test]
fn what_follows_a_tab_sheet_outside_a_folder_is_held() {
    let mut outlines = stack("|..");
    outlines[0].sheet = Some(SheetSeen::Ours(Box::new(payload(SheetKind::Tab, "t"))));
    assert_eq!(held(&separate(&outlines, &control(), Job::default())), [&[Reason::FolderSheetMissing]]);
}

#[test]
fn a_job_that_counts_wrong_is_held_as_a_whole() {
    let declared = |sheets| Job { declared_sheets: Some(sheets), ..Job::default() };
    let outlines = stack("P.EQ.F");
    assert_eq!(held(&separate(&outlines, &control(), declared(2))), [&[]; 2]);
    assert_eq!(held(&separate(&outlines, &control(), declared(3))), [&[Reason::PagecountMismatch]; 2]);
}
