//! Which one sheet stands under a rescan slip? (`domain.md` 2.14, D-4)

use super::*;

/// Pages and end of what stands under each slip.
fn under_slips(result: &Separation) -> Vec<(Vec<u32>, SpanEnd)> {
    let slips = result.drafts.iter().filter_map(|draft| {
        let declaration = draft.declaration.as_ref()?;
        let is_slip = declaration.payload.kind == SheetKind::Rescan;
        is_slip.then(|| (draft.pages.iter().map(|page| page.0).collect(), declaration.end))
    });
    slips.collect()
}

#[test]
fn a_slip_declares_the_one_sheet_behind_it_and_after_it_nothing_is_open() {
    for mode in
        [SeparationMode::Control, SeparationMode::File, SeparationMode::Sheet, SeparationMode::Identity]
    {
        let result = apart("Raab", &profile(mode));
        assert_eq!(under_slips(&result), [(vec![2], SpanEnd::Counted)], "{mode:?}");
        assert!(result.drafts[1..].iter().all(|draft| draft.declaration.is_none()), "{mode:?}");
        assert_eq!(result.control_sheets.len(), 1);
    }
}

#[test]
fn a_slip_closes_what_another_patients_cover_sheet_had_opened() {
    let result = apart("Qb.Ra.F", &control());
    assert_eq!(pages(&result), [vec![2, 3], vec![5], vec![6]]);
    assert_eq!(ends(&result), [Some(SpanEnd::Open), Some(SpanEnd::Counted), None]);
    assert_eq!(held(&result)[1], [], "the slip's sheet");
    assert_eq!(held(&result)[2], [Reason::SeparatorMissing], "an end sheet whose cover is closed");
    let alone = apart("QbRaF", &control());
    assert_eq!(held(&alone), [&[]; 2], "an end sheet right behind says nothing about the slip's sheet");
}

#[test]
fn a_slip_with_nothing_behind_it_declares_nothing() {
    for letters in ["aR", "R|a", "R_"] {
        assert!(under_slips(&apart(letters, &control())).is_empty(), "{letters}");
    }
}

#[test]
fn one_page_of_three_is_no_gap_under_a_slip() {
    let mut outlines = stack("Ra");
    outlines[1].page_of = Some((2, 3));
    assert_eq!(held(&separate(&outlines, &control(), Job::default())), [&[]]);
}

#[test]
fn at_a_two_sided_station_the_one_sheet_has_both_its_sides() {
    let result = apart("RRa.bb", &duplex(SeparationMode::Sheet));
    assert_eq!(under_slips(&result), [(vec![3, 4], SpanEnd::Counted)]);
    assert_eq!(result.proven, [(PageNumber(3), PageNumber(4)), (PageNumber(5), PageNumber(6))]);
    let white_front = apart("RR_abb", &duplex(SeparationMode::Sheet));
    assert_eq!(under_slips(&white_front), [(vec![4], SpanEnd::Counted)]);
}

/// FS-6: a slip printed on one face proves no sheet; then a side that is not blank needs a witness of its own.
#[test]
fn a_slip_on_one_face_leaves_two_sides_to_tell_by_themselves() {
    let result = apart("R_aab_", &duplex(SeparationMode::Sheet));
    assert_eq!(under_slips(&result), [(vec![3, 4], SpanEnd::Sure)]);
    assert!(result.proven.is_empty());
    let one_side = apart("R_a_", &duplex(SeparationMode::Sheet));
    assert_eq!(under_slips(&one_side), [(vec![3], SpanEnd::Counted)]);
}

#[test]
fn where_nobody_knows_what_one_sheet_is_nobody_knows_where_it_ends() {
    let unpaired = Profile { sides: 2, ..control() };
    assert_eq!(under_slips(&apart("R_a", &unpaired)), [(vec![3], SpanEnd::Counted)]);
    assert_eq!(under_slips(&apart("Raa", &unpaired)), [(vec![2, 3], SpanEnd::Sure)]);
    assert_eq!(under_slips(&apart("Raaa", &unpaired)), [(vec![2], SpanEnd::Open)]);
    assert_eq!(
        under_slips(&apart("R_a", &control())),
        [(vec![3], SpanEnd::Open)],
        "a white sheet came between"
    );
    let on_its_back = apart("Ra", &duplex(SeparationMode::Sheet));
    assert_eq!(under_slips(&on_its_back), [(vec![2], SpanEnd::Open)]);
    assert!(held(&on_its_back)[0].contains(&Reason::DoubleFeed));
}

#[test]
fn the_same_slip_twice_in_a_batch_holds_both_sheets_and_two_slips_hold_none() {
    let twice = apart("RaRa", &control());
    assert_eq!(held(&twice), [&[Reason::CoversheetReused]; 2]);
    assert_eq!(held(&apart("RaSb", &control())), [&[]; 2]);
}

#[test]
fn a_sheet_nobody_could_read_under_a_slip_is_held() {
    assert_eq!(held(&apart("R?a", &control())), [&[Reason::PageUnreadable][..], &[]]);
}
